//! One case: where it stands, the next act as a short form, what each side did and when, the timeline.

mod shown;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::pages::Names;
use kernel::{Problem, StreamId};
use organisation::unit_names;
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Choice, Clock, Fact, Link, Mark, Moment, Table},
};

use self::shown::{clocks, conclusion_facts, facts, others, side_views, stage_mark, waiting};
use super::{
    AccountabilityPages, choices,
    course::{Course, missed, rules_that_ran},
    href,
    sides::Eyes,
    timeline::{decoded, moments},
};
use crate::{
    case::{CaseState, Looking, Offer, Verdict, turns},
    query::{Record, visible_case},
    reading::{History, Kept},
    texts, words,
};

/// Everything about a case that its page shows, read in one visit.
pub(super) struct Seen {
    pub record: Record<CaseState>,
    pub eyes: Eyes,
    pub office_name: String,
    pub names: Names,
    /// Every deadline that ran, as of now.
    pub runs: Vec<Kept>,
    /// The same as it stood when the case was opened.
    pub before: Vec<Kept>,
    /// What the viewer may do over the school.
    pub may: access::PermissionSet,
}

/// Reads it, if the viewer may.
pub(super) async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let viewer = visit.viewer.clone();
    let vault = visit.desk.vault.clone();
    visit
        .read(move |tx| {
            let record = visible_case(tx, &viewer, id)?;
            let eyes = Eyes::of(tx, &viewer, &record.state)?;
            let actors: Vec<_> = record.events.iter().map(journal::Recorded::actor).collect();
            let office = record.state.office();
            let names = Names {
                actors: access::actor_names(tx, &vault, &actors)?,
                units: unit_names(tx, &[office])?,
                ..Names::default()
            };
            let history = History::read(tx, record.state.hazard)?;
            let opened = record.events.first().map_or(0, |event| event.position);
            Ok(Seen {
                office_name: names.units.get(&office).cloned().unwrap_or_default(),
                may: viewer.permissions_over(tx, record.state.unit)?,
                runs: history.runs(),
                before: history.up_to(opened).runs(),
                names,
                eyes,
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

/// One side on the page.
pub(super) struct SideView {
    pub name: String,
    pub facts: Vec<Fact>,
    pub table: Option<Table>,
}

#[derive(Template)]
#[template(path = "accountability/record.html")]
pub(super) struct RecordPage {
    shell: Shell,
    stage: Mark,
    clocks: Vec<(String, Clock)>,
    what: String,
    hazard: Link,
    waiting: Vec<String>,
    act: String,
    act_title: String,
    action: String,
    form: FormState,
    version: u64,
    /// The buttons that the decision would accept.
    choices: Vec<&'static str>,
    sides: Vec<Choice>,
    verdicts: Vec<Choice>,
    handlings: Vec<Choice>,
    rules: Vec<Choice>,
    /// What is to be reviewed or signed.
    draft: Vec<Fact>,
    /// What speaks against finding that a side did its duty, said before anybody signs.
    warnings: Vec<Mark>,
    others: Vec<Link>,
    facts: Vec<Fact>,
    views: Vec<SideView>,
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
    State(pages): State<AccountabilityPages>,
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
    let page = if page.act == act {
        page
    } else {
        RecordPage { typed: words, ..compose(visit, rules, seen, "", visit.form()) }
    };
    web::page_with(StatusCode::CONFLICT, &RecordPage { overtaken: true, ..page })
}

/// The form asked for if it is offered, else the one whose turn it is.
fn chosen(visit: &Visit, seen: &Seen, offers: &[Offer], asked: &str) -> Offer {
    let me = visit.viewer.person;
    let turns = turns(&seen.record.state);
    let own = turns.iter().filter(|turn| !turn.barred.contains(&me)).map(|turn| turn.act.name());
    // Once every finding is written, what is left is to hand them on.
    let complete = seen.record.state.sides.iter().all(|one| one.finding.is_some());
    let first = complete.then_some("submit");
    let mut names = std::iter::once(asked).chain(first).chain(own);
    names.find_map(|name| offers.iter().find(|offer| offer.act == name).cloned()).unwrap_or_default()
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, asked: &str, form: FormState) -> RecordPage {
    let (lang, now) = (visit.lang(), visit.now());
    let (state, id) = (&seen.record.state, seen.record.id);
    let standing = visit.standing(seen.may);
    let offers = Looking { state, standing: &standing, own: &seen.eyes.answers, rules, now }.offers();
    let offer = chosen(visit, seen, &offers, asked);
    let act = offer.act;
    let events = decoded(&seen.record.events);
    let course =
        Course { lang, rules, runs: &seen.runs, as_of: now, before: Some((&seen.before, state.opened_at)) };
    let judged = matches!(act, "submit" | "review" | "conclude");
    let gone = || texts::erased(lang).to_owned();
    RecordPage {
        stage: stage_mark(lang, state.stage.code()),
        clocks: clocks(lang, rules, state, now),
        what: state.what.clone().unwrap_or_else(gone),
        hazard: Link::new(
            texts::record_hazard(lang, state.hazard_number),
            format!("/hazards/{}", state.hazard.0.simple()),
        ),
        waiting: waiting(lang, seen),
        act_title: words::act_named(lang, act),
        action: format!("{}/{act}", href(id)),
        version: seen.record.version,
        sides: choices::sides(lang, state, &offer.sides),
        verdicts: choices::verdicts(lang),
        handlings: choices::handlings(lang),
        rules: choices::rules(lang, rules, &rules_that_ran(&seen.runs)),
        draft: if judged { conclusion_facts(lang, seen, &events) } else { Vec::new() },
        warnings: if judged { although(lang, seen, now) } else { Vec::new() },
        others: others(lang, id, &offers, act),
        facts: facts(lang, seen),
        views: side_views(lang, rules, seen, &events, &course),
        moments: moments(lang, (id, state), &events, &seen.names, &seen.eyes),
        overtaken: false,
        typed: String::new(),
        form: prefilled(form, &offer),
        act: act.to_owned(),
        choices: offer.choices,
        shell: visit
            .shell(texts::record_title(lang, words::number(lang, state.number)))
            .for_unit(shown::school_name(state), now)
            .leading_to(state.unit, seen.may)
            .at("accountability")
            .back_to("/accountability"),
    }
}

/// A side with one choice needs none.
fn prefilled(form: FormState, offer: &Offer) -> FormState {
    match offer.sides.as_slice() {
        [only] if form.value("side").is_empty() => form.with("side", only.0.simple()),
        _ => form,
    }
}

/// Deadlines missed by sides that were found to have done their duty.
fn although(lang: language::Lang, seen: &Seen, now: kernel::Timestamp) -> Vec<Mark> {
    let cleared = seen.record.state.sides.iter().filter(|one| one.verdict() == Some(Verdict::Done));
    cleared
        .filter_map(|one| {
            let late = missed(lang, &seen.runs, one.side.unit, now);
            (!late.is_empty()).then(|| {
                let told =
                    texts::although_missed(lang, &one.side.name, late.join(texts::course_between(lang)));
                Mark::new(web::view::Level::Red, told)
            })
        })
        .collect()
}
