//! One listing: where it stands, the next act as a short form, the papers, the timeline.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::pages::Names;
use kernel::{PersonId, Problem, StreamId, Timestamp, UnitId};
use language::{Lang, Say};
use organisation::{PersonBrief, people_of_unit, person_names, unit_names};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Choice, Clock, Fact, Level, Link, Mark, Moment},
};

use super::{
    SupervisionPages, href,
    timeline::{decoded, moments, people, people_in, unit},
};
use crate::{
    clocks::spans,
    event::Control,
    facts::supervisors,
    offer::Looking,
    query::{SupervisionRecord, visible_record},
    state::{Stage, StageCode, SupervisionState},
    texts,
    turn::{Turn, turns},
    words,
};

/// Departments of a county that a form offers.
const DEPARTMENTS: usize = 60;

/// Everything about a listing that its pages show, read in one visit.
pub(super) struct Seen {
    pub record: SupervisionRecord,
    /// The hazard as it stands.
    pub hazard: Option<hazard::HazardState>,
    pub unit_name: String,
    pub office_name: String,
    pub names: Names,
    /// Who of the county may have been at a check.
    pub checkers: Vec<PersonBrief>,
    /// Who may be 督办单位.
    pub supervisors: Vec<(UnitId, String)>,
    /// What the viewer may do over the school.
    pub may: access::PermissionSet,
}

/// Reads it, if the viewer may.
pub(super) async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let viewer = visit.viewer.clone();
    let vault = visit.desk.vault.clone();
    visit
        .read(move |tx| {
            let record = visible_record(tx, &viewer, id)?;
            let (unit, office) = (record.state.unit, record.state.office());
            let events = decoded(&record.events);
            let mut people = people_in(&events);
            people.extend(record.state.stage.check().into_iter().flat_map(|check| check.unsigned()));
            let actors: Vec<_> = record.events.iter().map(journal::Recorded::actor).collect();
            let supervisor = record.state.stage.notice().map(|notice| notice.supervisor);
            let units: Vec<UnitId> = [unit, office].into_iter().chain(supervisor).collect();
            let names = Names {
                actors: access::actor_names(tx, &vault, &actors)?,
                people: person_names(tx, &vault, &people)?,
                units: unit_names(tx, &units)?,
                ..Names::default()
            };
            let supervisors = supervisors(tx, office, DEPARTMENTS)?;
            let mut checkers = Vec::new();
            // Whoever watches over it goes and looks; others are typed by name.
            for unit in std::iter::once(office).chain(supervisor.filter(|unit| *unit != office)) {
                checkers.extend(people_of_unit(tx, &vault, unit)?);
            }
            Ok(Seen {
                hazard: hazard::query::state(tx, record.state.hazard)?,
                unit_name: self::unit(&names, unit),
                office_name: self::unit(&names, office),
                may: viewer.permissions_over(tx, unit)?,
                names,
                checkers,
                supervisors,
                record,
            })
        })
        .await
}

/// Which form the address asks for instead of the one whose turn it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordQuery {
    pub act: String,
}

#[derive(Template)]
#[template(path = "supervision/record.html")]
pub(super) struct RecordPage {
    shell: Shell,
    stage: Mark,
    clocks: Vec<(String, Clock)>,
    title: String,
    hazard: Link,
    waiting: Vec<String>,
    act: String,
    act_title: String,
    action: String,
    form: FormState,
    version: u64,
    /// The buttons that the decision would accept.
    choices: Vec<&'static str>,
    supervisors: Vec<Choice>,
    checkers: Vec<Choice>,
    controls: Vec<Choice>,
    deadline_hint: String,
    deadline_latest: String,
    /// What is to be reviewed or signed.
    draft: Vec<Fact>,
    others: Vec<Link>,
    papers: Vec<Link>,
    facts: Vec<Fact>,
    moments: Vec<Moment>,
    /// The record changed while the form was filled in.
    overtaken: bool,
    /// The words typed into a form that is not offered any more.
    typed: String,
}

impl RecordPage {
    /// A button of the form would be answered with yes.
    fn can(&self, choice: &str) -> bool {
        self.choices.contains(&choice)
    }
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<SupervisionPages>,
    Path(id): Path<StreamId>,
    Query(query): Query<RecordQuery>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    let form = visit.form();
    Ok(web::page(&compose(&visit, &pages.rules(), &seen, &query.act, form)))
}

/// The same page after a refused act, with everything that was typed.
pub(super) fn again(visit: &Visit, rules: &RuleBook, seen: &Seen, act: &str, form: FormState) -> Response {
    web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &compose(visit, rules, seen, act, form))
}

/// The same page after somebody else was quicker: the form comes back while its act is still offered.
pub(super) fn overtaken(
    visit: &Visit,
    rules: &RuleBook,
    seen: &Seen,
    act: &str,
    typed: FormState,
) -> Response {
    let words = typed.value("note").to_owned();
    let page = compose(visit, rules, seen, act, typed);
    // Where nobody can do that any more, the words stand above what can be done now.
    let page = if page.act == act {
        page
    } else {
        RecordPage { typed: words, ..compose(visit, rules, seen, "", visit.form()) }
    };
    web::page_with(StatusCode::CONFLICT, &RecordPage { overtaken: true, ..page })
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, asked: &str, form: FormState) -> RecordPage {
    let (lang, now) = (visit.lang(), visit.now());
    let (state, id) = (&seen.record.state, seen.record.id);
    let standing = visit.standing(seen.may);
    let offers = Looking { state, standing: &standing, rules, now }.offers();
    let turns = turns(state);
    let own = turns.iter().filter(|turn| may_act(turn, visit.viewer.person)).map(|turn| turn.act.name());
    let chosen = std::iter::once(asked)
        .chain(own)
        .find_map(|name| offers.iter().find(|(act, _)| *act == name).cloned());
    let (act, choices) = chosen.unwrap_or_default();
    let events = decoded(&seen.record.events);
    let (deadline_hint, deadline_latest) = latest(lang, rules, now);
    RecordPage {
        stage: stage_mark(lang, state.stage.code()),
        clocks: clocks(lang, rules, state, now),
        title: seen.hazard.as_ref().and_then(|hazard| hazard.description.clone()).unwrap_or_default(),
        hazard: Link::new(
            texts::record_hazard(lang, state.hazard_number),
            format!("/hazards/{}", state.hazard.0.simple()),
        ),
        waiting: turns.iter().map(|turn| waiting(lang, seen, turn)).collect(),
        act_title: words::act_named(lang, act),
        action: format!("{}/{act}", href(id)),
        version: seen.record.version,
        supervisors: seen
            .supervisors
            .iter()
            .map(|(unit, name)| Choice::new(unit.0.simple().to_string(), name))
            .collect(),
        checkers: checkers(lang, seen),
        controls: Control::ALL
            .iter()
            .map(|measure| Choice::new(measure.name(), words::control(lang, &(*measure).into())))
            .collect(),
        deadline_hint,
        deadline_latest,
        draft: if matches!(act, "submit" | "review" | "sign") {
            notice_facts(lang, seen)
        } else {
            Vec::new()
        },
        others: others(lang, id, &offers, act),
        papers: papers(lang, id, state),
        facts: facts(lang, seen),
        moments: moments(lang, id, &events, &seen.names),
        overtaken: false,
        typed: String::new(),
        form: prefilled(form, seen, act, now),
        act: act.to_owned(),
        choices,
        shell: visit
            .shell(texts::record_title(lang, &seen.unit_name))
            .for_unit(&seen.unit_name, now)
            .leading_to(seen.record.state.unit, seen.may)
            .at("supervisions")
            .back_to("/supervisions"),
    }
}

fn may_act(turn: &Turn, person: PersonId) -> bool {
    (turn.only.is_empty() || turn.only.contains(&person)) && !turn.barred.contains(&person)
}

/// Everything that waits, and for whom.
fn waiting(lang: Lang, seen: &Seen, turn: &Turn) -> String {
    let act = words::act(lang, turn.act);
    if !turn.only.is_empty() {
        return texts::record_waits_person(lang, people(lang, &seen.names, &turn.only), act);
    }
    let unit = if turn.act.is_the_schools() { &seen.unit_name } else { &seen.office_name };
    texts::record_waits(lang, unit, act)
}

fn stage_mark(lang: Lang, stage: StageCode) -> Mark {
    let level = match stage {
        StageCode::Delisted => Level::Done,
        stage if stage.is_listed() => Level::Red,
        _ => Level::Plain,
    };
    Mark::new(level, words::stage(lang, stage))
}

/// The clocks that run, each with its name and its rule.
fn clocks(lang: Lang, rules: &RuleBook, state: &SupervisionState, now: Timestamp) -> Vec<(String, Clock)> {
    let clock = |span: rules::Running<'_>| {
        let clock = Clock::running(lang, span.started, span.due.at, now).marked(&span.due.marks);
        let named = || hazard::words::rule(lang, &span.due.rule);
        let why = hazard::words::why(lang, rules, span.due, span.started).unwrap_or_else(named);
        (words::clock(lang, span.name), clock.rule(why))
    };
    spans(state).into_iter().map(clock).collect()
}

/// How late the deadline of a notice may be.
fn latest(lang: Lang, rules: &RuleBook, now: Timestamp) -> (String, String) {
    match rules.deadline("hazard.rectify.major.max", now) {
        Ok(decision) => {
            let latest = decision.value.local_date();
            (texts::form_deadline_hint(lang, Say(lang).date(latest)), latest.to_string())
        }
        Err(_) => Default::default(),
    }
}

/// People of the office and its departments, with their posts.
fn checkers(lang: Lang, seen: &Seen) -> Vec<Choice> {
    let named = |person: &PersonBrief| {
        let post = person.posts.first().map(|post| web::names::post(lang, *post)).unwrap_or_default();
        let label = if post.is_empty() { person.name.clone() } else { format!("{} · {post}", person.name) };
        Choice::new(person.id.0.simple().to_string(), label)
    };
    seen.checkers.iter().map(named).collect()
}

/// The forms besides the one that is shown.
fn others(lang: Lang, id: StreamId, offers: &[(&'static str, Vec<&'static str>)], act: &str) -> Vec<Link> {
    let other = offers.iter().map(|(name, _)| *name).filter(|name| *name != act);
    other
        .map(|name| Link::new(words::act_named(lang, name), format!("{}?act={name}#act", href(id))))
        .collect()
}

/// What can be printed by now.
fn papers(lang: Lang, id: StreamId, state: &SupervisionState) -> Vec<Link> {
    let paper = |label: &str, paper: &str| Link::new(label, format!("{}/papers/{paper}", href(id)));
    let mut papers = Vec::new();
    if state.stage.notice().is_some() {
        papers.push(paper(texts::paper_notice(lang), "notice"));
    }
    if state.stage.listing().is_some() {
        papers.push(paper(texts::paper_check(lang), "check"));
    }
    if matches!(state.stage, Stage::Delisted { .. }) {
        papers.push(paper(texts::paper_delisting(lang), "delisting"));
    }
    papers
}

/// What the notice says.
pub(super) fn notice_facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let Some(notice) = seen.record.state.stage.notice() else { return Vec::new() };
    let gone = || texts::erased(lang).to_owned();
    let mut facts = vec![
        Fact::new(texts::form_supervisor(lang), unit(&seen.names, notice.supervisor)),
        Fact::new(texts::column_deadline(lang), Say(lang).date_of(notice.deadline)),
        Fact::new(texts::form_requirements(lang), notice.requirements.clone().unwrap_or_else(gone)),
    ];
    if !notice.copies.is_empty() {
        facts.push(Fact::new(texts::form_copies(lang), &notice.copies));
    }
    facts
}

fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let mut facts = vec![
        Fact::new(texts::column_unit(lang), &seen.unit_name),
        Fact::new(texts::column_opened(lang), Say(lang).date_time(state.opened_at)),
    ];
    if state.round > 1 {
        facts.push(Fact::new(texts::record_round(lang), state.round.to_string()));
    }
    if let Some(listing) = state.stage.listing() {
        facts.push(Fact::new(texts::column_number(lang), words::number(lang, listing.number)));
        if !listing.document_number.is_empty() {
            facts.push(Fact::new(texts::form_document_number(lang), &listing.document_number));
        }
        facts.push(Fact::new(texts::column_signed(lang), Say(lang).date_time(listing.signed_at)));
        let received = listing.received_at.map(|at| Say(lang).date_time(at));
        let not_yet = || texts::not_yet(lang).to_owned();
        facts.push(Fact::new(texts::record_received(lang), received.unwrap_or_else(not_yet)));
    }
    let controlled = state.controlled.as_ref().map_or_else(
        || texts::not_yet(lang).to_owned(),
        |done| format!("{} · {}", words::control(lang, &done.measure), Say(lang).date_time(done.at)),
    );
    facts.push(Fact::new(texts::record_control(lang), controlled));
    facts.extend(plan_fact(lang, seen));
    if !matches!(state.stage, Stage::Owed {}) {
        facts.extend(notice_facts(lang, seen));
    }
    facts
}

/// 整改方案: the hazard's own five fixed, one tap away.
fn plan_fact(lang: Lang, seen: &Seen) -> Option<Fact> {
    let hazard = seen.hazard.as_ref()?;
    let href = format!("/hazards/{}", seen.record.state.hazard.0.simple());
    let said = match hazard.stage.plan() {
        Some(plan) => texts::record_plan_due(lang, Say(lang).date_of(plan.due.at)),
        None => texts::not_yet(lang).to_owned(),
    };
    Some(Fact::new(texts::record_plan(lang), said).link(Link::new(texts::record_plan_see(lang), href)))
}

/// What a form starts with.
fn prefilled(form: FormState, seen: &Seen, act: &str, now: Timestamp) -> FormState {
    match act {
        "draft" if form.value("supervisor").is_empty() && form.errors().is_empty() => {
            let office = seen.record.state.office();
            match seen.record.state.stage.notice() {
                Some(notice) => form
                    .with("supervisor", notice.supervisor.0.simple())
                    .with("deadline", notice.deadline.local_date())
                    .with("requirements", notice.requirements.as_deref().unwrap_or_default())
                    .with("copies", &notice.copies),
                None => form.with("supervisor", office.0.simple()),
            }
        }
        "check" if form.value("on").is_empty() => form.with("on", now.local_date()),
        "control" if form.value("measure").is_empty() => form.with("measure", Control::StopUse.name()),
        _ => form,
    }
}
