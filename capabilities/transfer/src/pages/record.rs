//! One letter: where it stands, the next act as a short form, what it says, the timeline.

mod facts;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::{Photo, pages::Names};
use journal::Standing;
use kernel::{Problem, StreamId, Timestamp};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Choice, Clock, Fact, Group, Level, Link, Mark, Moment, Photo as Shown},
};

use self::facts::{facts, urging};
use super::{
    TransferPages,
    fields::{self, Offered},
    href,
    new::latest,
    new_href,
    timeline::{decoded, moments},
};
use crate::{
    clocks::spans,
    decide::PROMISE_MOST,
    event::{Answer, Channel, Urging, Way},
    offer::Looking,
    query::{DepartmentRow, TransferRecord, open_departments, visible_record},
    state::{Stage, StageCode, TransferState},
    texts,
    ticket::{self, Opening},
    turn::turn,
    words,
};

/// Everything about a letter that its pages show, read in one visit.
pub(super) struct Seen {
    pub record: TransferRecord,
    pub unit_name: String,
    pub office_name: String,
    pub names: Names,
    /// Photos of the hazard that a draft may take along.
    pub photos: Vec<Photo>,
    /// Departments a draft may go to.
    pub register: Vec<DepartmentRow>,
    /// Telephone and office of the department, for whoever works on letters.
    pub contact: Option<(String, String)>,
    pub openings: Vec<Opening>,
    /// What the viewer may do over the school.
    pub may: access::PermissionSet,
}

/// Reads it, if the viewer may.
pub(super) async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let viewer = visit.viewer.clone();
    let vault = visit.desk.vault.clone();
    visit
        .read(move |tx| {
            let record = visible_record(tx, (&viewer, &vault), id)?;
            let (unit, office) = (record.state.unit, record.state.office());
            let may = viewer.permissions_over(tx, unit)?;
            let works = may.has("transfer.draft") || may.has("transfer.sign");
            let actors: Vec<_> = record.events.iter().map(journal::Recorded::actor).collect();
            let names = Names {
                actors: access::actor_names(tx, &vault, &actors)?,
                units: organisation::unit_names(tx, &[unit, office])?,
                ..Names::default()
            };
            let drafted = matches!(record.state.stage, Stage::Drafted {});
            let hazard = if drafted { hazard::query::state(tx, record.state.hazard)? } else { None };
            let entry = crate::query::department(tx, record.state.letter.department)?;
            let contact = entry.filter(|_| works).and_then(|(entry, _)| entry.text);
            let named = |unit| names.units.get(&unit).cloned().unwrap_or_default();
            Ok(Seen {
                unit_name: named(unit),
                office_name: named(office),
                photos: hazard.map(|hazard| hazard.photos).unwrap_or_default(),
                register: if drafted { open_departments(tx, office)? } else { Vec::new() },
                contact: contact.map(|text| (text.office, text.telephone)),
                openings: if works { ticket::openings(tx, id)? } else { Vec::new() },
                names,
                may,
                record,
            })
        })
        .await
}

impl Seen {
    fn works(&self) -> bool {
        self.may.has("transfer.draft") || self.may.has("transfer.sign")
    }

    fn looked_at<'a>(&'a self, standing: &'a Standing, rules: &'a RuleBook, now: Timestamp) -> Looking<'a> {
        Looking { state: &self.record.state, standing, rules, now }
    }
}

/// Which form the address asks for instead of the one whose turn it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordQuery {
    pub act: String,
}

#[derive(Template)]
#[template(path = "transfer/record.html")]
pub(super) struct RecordPage {
    shell: Shell,
    stage: Mark,
    clocks: Vec<(String, Clock)>,
    title: String,
    hazard: Link,
    waiting: String,
    act: String,
    act_title: String,
    action: String,
    form: FormState,
    version: u64,
    /// The buttons that the decision would accept.
    choices: Vec<&'static str>,
    kinds: Vec<Choice>,
    departments: Vec<Group>,
    offered: Vec<Offered>,
    channels: Vec<Choice>,
    ways: Vec<Choice>,
    answers: Vec<Choice>,
    urgings: Vec<Choice>,
    reply_hint: String,
    reply_latest: String,
    promise_hint: String,
    promise_latest: String,
    button: &'static str,
    others: Vec<Link>,
    papers: Vec<Link>,
    letter: Vec<Fact>,
    photos: Vec<Shown>,
    facts: Vec<Fact>,
    /// A text for whoever asks the department.
    urging: String,
    moments: Vec<Moment>,
    openings: Vec<String>,
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
    State(pages): State<TransferPages>,
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
    let words = ["note", "words", "request"].map(|field| typed.value(field).to_owned());
    let words = words.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let page = compose(visit, rules, seen, act, typed);
    // Where nobody can do that any more, the words stand above what can be done now.
    let page = if page.act == act {
        page
    } else {
        RecordPage { typed: words, ..compose(visit, rules, seen, "", visit.form()) }
    };
    web::page_with(StatusCode::CONFLICT, &RecordPage { overtaken: true, ..page })
}

fn shell(visit: &Visit, seen: &Seen, title: String) -> Shell {
    visit
        .shell(title)
        .for_unit(&seen.unit_name, visit.now())
        .leading_to(seen.record.state.unit, seen.may)
        .at("transfers")
        .back_to("/transfers")
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, asked: &str, form: FormState) -> RecordPage {
    let (lang, now) = (visit.lang(), visit.now());
    let (state, id) = (&seen.record.state, seen.record.id);
    let standing = visit.standing(seen.may);
    let offers = seen.looked_at(&standing, rules, now).offers();
    let own = turn(state).filter(|turn| !turn.barred.contains(&visit.viewer.person));
    let chosen = std::iter::once(asked)
        .chain(own.as_ref().map(|turn| turn.act.form()))
        .find_map(|name| offers.iter().find(|(act, _)| *act == name).cloned());
    let (act, choices) = chosen.unwrap_or_default();
    let events = decoded(&seen.record.events);
    let (reply_hint, reply_latest) = latest(lang, rules, now, "transfer.reply.max");
    let (promise_hint, promise_latest) = latest(lang, rules, now, PROMISE_MOST);
    let title = texts::record_title(
        lang,
        words::kind(lang, &state.letter.kind),
        state.letter.department_name.clone().unwrap_or_default(),
    );
    RecordPage {
        stage: stage_mark(lang, state.stage.code()),
        clocks: clocks(lang, rules, state, now),
        title: state.letter.found.clone().unwrap_or_default(),
        hazard: Link::new(
            texts::record_hazard(lang, state.hazard_number),
            format!("/hazards/{}", state.hazard.0.simple()),
        ),
        waiting: waiting(lang, seen),
        act_title: words::act_named(lang, act),
        action: format!("{}/{act}", href(id)),
        version: seen.record.version,
        kinds: fields::kinds(lang),
        departments: fields::departments(lang, rules, &state.letter.category, &seen.register),
        offered: fields::photos(state.hazard, &seen.photos),
        channels: fields::channels(lang),
        ways: fields::ways(lang),
        answers: fields::answers(lang),
        urgings: fields::urgings(lang),
        reply_hint,
        reply_latest,
        promise_hint,
        promise_latest,
        button: texts::form_draft_again(lang),
        others: others(lang, id, seen, &offers, act),
        papers: papers(lang, seen),
        letter: fields::letter_facts(lang, rules, state),
        photos: fields::shown(lang, &href(id), &state.letter.photos),
        facts: facts(lang, seen, now),
        urging: if seen.may.has("transfer.draft") { urging(lang, seen) } else { String::new() },
        moments: moments(lang, id, &events, &seen.names),
        openings: openings(lang, &seen.openings),
        overtaken: false,
        typed: String::new(),
        form: prefilled(form, seen, act, now),
        act: act.to_owned(),
        choices,
        shell: shell(visit, seen, title),
    }
}

/// Whose turn it is, for whoever cannot act.
fn waiting(lang: Lang, seen: &Seen) -> String {
    let state = &seen.record.state;
    let Some(turn) = turn(state) else { return String::new() };
    if state.stage.code().is_out() {
        let department = state.letter.department_name.clone().unwrap_or_default();
        return texts::record_waits_department(lang, department, words::stage(lang, state.stage.code()));
    }
    texts::record_waits(lang, &seen.office_name, words::act(lang, turn.act))
}

pub(super) fn stage_mark(lang: Lang, stage: StageCode) -> Mark {
    let level = match stage {
        StageCode::Done => Level::Done,
        StageCode::TakenOn => Level::Blue,
        _ => Level::Plain,
    };
    Mark::new(level, words::stage(lang, stage))
}

/// The clocks that run, each with its name and its rule.
fn clocks(lang: Lang, rules: &RuleBook, state: &TransferState, now: Timestamp) -> Vec<(String, Clock)> {
    let clock = |span: rules::Running<'_>| {
        let clock = Clock::running(lang, span.started, span.due.at, now).marked(&span.due.marks);
        let named = || match (span.name, span.due.rule.as_str()) {
            ("promise", "") => texts::rule_promise(lang).to_owned(),
            (_, rule) => words::rule(lang, rule),
        };
        let why = hazard::words::why(lang, rules, span.due, span.started).unwrap_or_else(named);
        (words::clock(lang, span.name), clock.rule(why))
    };
    spans(state).into_iter().map(clock).collect()
}

/// The forms besides the one that is shown, and the way to another department.
fn others(
    lang: Lang,
    id: StreamId,
    seen: &Seen,
    offers: &[(&'static str, Vec<&'static str>)],
    act: &str,
) -> Vec<Link> {
    let other = offers.iter().map(|(name, _)| *name).filter(|name| *name != act);
    let mut links: Vec<Link> = other
        .map(|name| Link::new(words::act_named(lang, name), format!("{}?act={name}#act", href(id))))
        .collect();
    if matches!(seen.record.state.stage, Stage::Returned { .. }) && seen.may.has("transfer.draft") {
        let on = new_href(seen.record.state.hazard, Some(id));
        links.insert(0, Link::new(texts::record_send_on(lang), on));
    }
    links
}

fn papers(lang: Lang, seen: &Seen) -> Vec<Link> {
    let label = if seen.record.state.stage.signature().is_some() {
        texts::record_paper(lang)
    } else {
        texts::record_paper_draft(lang)
    };
    vec![Link::new(label, format!("{}/letter", href(seen.record.id)))]
}

fn openings(lang: Lang, openings: &[Opening]) -> Vec<String> {
    let line = |one: &Opening| {
        texts::opening_line(lang, one.link, Say(lang).date_time(one.at), one.address.as_str())
    };
    openings.iter().map(line).collect()
}

/// What a form starts with.
fn prefilled(form: FormState, seen: &Seen, act: &str, now: Timestamp) -> FormState {
    let letter = &seen.record.state.letter;
    match act {
        "draft" if form.value("department").is_empty() && form.errors().is_empty() => {
            let form = form
                .with("kind", letter.kind.name())
                .with("department", letter.department.0.simple())
                .with("request", letter.request.as_deref().unwrap_or_default())
                .with("reply_by", letter.reply_by.local_date());
            letter.photos.iter().fold(form, |form, photo| form.with("chosen", &photo.0))
        }
        "send" if form.value("channel").is_empty() => {
            form.with("channel", Channel::Link.name()).with("on", now.local_date())
        }
        "receive" if form.value("way").is_empty() => {
            form.with("way", Way::Paper.name()).with("on", now.local_date())
        }
        "reply" if form.value("way").is_empty() => form
            .with("way", Way::Paper.name())
            .with("answer", Answer::Done.name())
            .with("on", now.local_date())
            .with("office", received_by(&seen.record.state)),
        "urge" if form.value("how").is_empty() => form.with("how", Urging::Telephone.name()),
        _ => form,
    }
}

/// The office that confirmed the receipt, which will answer too.
pub(super) fn received_by(state: &TransferState) -> String {
    let receipt = state.stage.dispatch().and_then(|dispatch| dispatch.received.as_ref());
    receipt.and_then(|receipt| receipt.office.clone()).unwrap_or_default()
}
