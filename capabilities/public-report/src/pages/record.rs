//! One report: what was told, where it stands, the next act as a short form, the timeline.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::pages::Names;
use journal::Recorded;
use kernel::{Problem, StreamId, Timestamp, limits};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Choice, Clock, Fact, Level, Link, Mark, Moment, Photo as Shown},
};

use super::{ReportPages, categories, href, list, timeline};
use crate::{
    beside::titled,
    clocks::answering,
    event::Answer,
    query::{PublicReportRecord, visible},
    state::{PublicReportState, Stage, StageCode, Telephone},
    texts, words,
};

/// The acts behind `/reports/{id}/{act}`, the usual one first.
pub const ACTS: [&str; 4] = ["take-up", "answer", "send-back", "telephone"];

/// Everything about a report that its page shows, read in one visit.
pub(super) struct Seen {
    pub record: PublicReportRecord,
    unit_name: String,
    names: Names,
    /// Open hazards of the school, for whoever says that it is one already.
    open: Vec<(StreamId, hazard::Number, String)>,
    /// How far the hazard is that it became.
    hazard: Option<hazard::StageCode>,
}

/// Reads it, if the viewer may.
pub(super) async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let record = visible(tx, &viewer, id)?;
            let actors: Vec<_> = record.events.iter().map(Recorded::actor).collect();
            let names = Names { actors: access::actor_names(tx, &vault, &actors)?, ..Names::default() };
            let unit = record.state.unit;
            let unit_name = organisation::unit_names(tx, &[unit])?.remove(&unit).unwrap_or_default();
            let answers = record.may.has(access::names::REPORT_ANSWER);
            let waits = matches!(record.state.stage, Stage::Waiting { .. });
            let open = if answers && waits {
                hazard::query::open_of_unit(tx, unit, limits::REPORTS)?
            } else {
                Vec::new()
            };
            let hazard = match record.state.stage.hazard() {
                Some((hazard, _)) => hazard::query::state(tx, hazard)?.map(|state| state.stage.code()),
                None => None,
            };
            Ok(Seen { record, unit_name, names, open, hazard })
        })
        .await
}

/// The acts that the viewer could do now.
fn offered(seen: &Seen) -> Vec<&'static str> {
    let (state, may) = (&seen.record.state, seen.record.may);
    let waits = matches!(state.stage, Stage::Waiting { .. });
    let refused = matches!(state.stage, Stage::Answered { .. });
    let can = |act: &&str| match *act {
        "take-up" => {
            waits && may.has(access::names::REPORT_ANSWER) && may.has(access::names::HAZARD_REGISTER)
        }
        "answer" => waits && may.has(access::names::REPORT_ANSWER),
        "send-back" => refused && state.sent_back_at.is_none() && may.has(access::names::REPORT_OVERSEE),
        "telephone" => state.telephone == Telephone::Kept && may.has(access::names::REPORT_TELEPHONE),
        _ => false,
    };
    ACTS.into_iter().filter(can).collect()
}

/// Which form the address asks for instead of the one whose turn it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordQuery {
    pub act: String,
}

#[derive(Template)]
#[template(path = "public_report/record.html")]
pub(super) struct RecordPage {
    shell: Shell,
    stage: Mark,
    clock: Option<Clock>,
    title: String,
    waiting: String,
    act: &'static str,
    act_title: String,
    action: String,
    form: FormState,
    version: u64,
    categories: Vec<Choice>,
    answers: Vec<Choice>,
    hazards: Vec<Choice>,
    others: Vec<Link>,
    facts: Vec<Fact>,
    photos: Vec<Shown>,
    moments: Vec<Moment>,
    /// The telephone, on the answer to whoever asked for it and nowhere else.
    telephone: String,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<ReportPages>,
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

/// The page with the telephone.
pub(super) fn telling(visit: &Visit, rules: &RuleBook, seen: &Seen, telephone: String) -> Response {
    let page = compose(visit, rules, seen, "", visit.form());
    web::page(&RecordPage { telephone, ..page })
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, asked: &str, form: FormState) -> RecordPage {
    let (lang, now) = (visit.lang(), visit.now());
    let (state, id) = (&seen.record.state, seen.record.id);
    let offers = offered(seen);
    let usual = offers.first().copied().filter(|act| *act != "telephone");
    let act = offers.iter().copied().find(|act| *act == asked).or(usual).unwrap_or_default();
    let link = |name: &str| Link::new(words::act(lang, name), format!("{}?act={name}#act", href(id)));
    let answer =
        |one: &Answer| Choice::new(one.name(), words::answer(lang, *one)).hint(answer_hint(lang, *one));
    let known = |(id, number, title): &(StreamId, hazard::Number, String)| {
        Choice::new(id.0.simple().to_string(), format!("{number} {title}"))
    };
    RecordPage {
        stage: stage_mark(lang, state),
        clock: answering(state).map(|span| {
            Clock::running(lang, span.started, span.due.at, now).rule(words::rule(lang, &span.due.rule))
        }),
        title: titled(lang, state.words.as_deref().unwrap_or_default()),
        waiting: waiting(lang, seen),
        act_title: words::act(lang, act),
        action: format!("{}/{act}", href(id)),
        form: prefilled(form, lang, state, act),
        version: seen.record.version,
        categories: categories(lang, rules),
        answers: Answer::ALL.iter().map(answer).collect(),
        hazards: seen.open.iter().map(known).collect(),
        others: offers.iter().copied().filter(|name| *name != act).map(link).collect(),
        facts: facts(lang, rules, seen),
        photos: timeline::shown(lang, id, &state.photos),
        moments: timeline::moments(lang, id, &seen.record.events, &seen.names),
        telephone: String::new(),
        act,
        shell: visit
            .shell(texts::record_title(lang, state.number))
            .for_unit(&seen.unit_name, now)
            .leading_to(seen.record.state.unit, seen.record.may)
            .at("reports")
            .back_to("/reports"),
    }
}

fn answer_hint(lang: Lang, answer: Answer) -> &'static str {
    match answer {
        Answer::Known => texts::answer_known_hint(lang),
        Answer::NotSafety => texts::answer_not_safety_hint(lang),
        Answer::NotFound => texts::answer_not_found_hint(lang),
        Answer::Void => texts::answer_void_hint(lang),
    }
}

fn stage_mark(lang: Lang, state: &PublicReportState) -> Mark {
    let level = match state.stage.code() {
        StageCode::TakenUp => Level::Blue,
        StageCode::Waiting | StageCode::Answered => Level::Plain,
    };
    Mark::new(level, words::stage(lang, state.stage.code()))
}

/// Whose turn it is, for whoever cannot act.
fn waiting(lang: Lang, seen: &Seen) -> String {
    let answers = seen.record.may.has(access::names::REPORT_ANSWER);
    match &seen.record.state.stage {
        Stage::Waiting { .. } if !answers => texts::record_waits(lang, &seen.unit_name),
        Stage::Waiting { .. } | Stage::TakenUp { .. } | Stage::Answered { .. } => String::new(),
    }
}

/// What a form starts with.
fn prefilled(form: FormState, lang: Lang, state: &PublicReportState, act: &str) -> FormState {
    if act != "take-up" || !form.errors().is_empty() {
        return form;
    }
    let place = places::words::named(
        state.place_name.as_deref().unwrap_or_default(),
        state.spot.as_deref().unwrap_or_default(),
    );
    let place: String = place.chars().take(limits::NAME_CHARS).collect();
    form.with("category", state.category.as_deref().unwrap_or_default())
        .with("description", state.words.as_deref().unwrap_or_default())
        .with("place", place)
        .with("words", texts::form_take_up_words_usual(lang))
}

fn facts(lang: Lang, rules: &RuleBook, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let gone = || texts::erased(lang).to_owned();
    let mut facts = vec![
        Fact::new(texts::column_place(lang), state.place_name.clone().unwrap_or_else(gone))
            .link(Link::new(texts::record_to_place(lang), places::pages::href(state.place))),
        Fact::new(texts::column_received(lang), Say(lang).date_time(state.received_at)),
        Fact::new(texts::form_category(lang), list::category(lang, rules, state.category.as_deref())),
    ];
    let spot = state.spot.clone().unwrap_or_else(gone);
    if !spot.is_empty() {
        facts.push(Fact::new(texts::public_spot(lang), spot));
    }
    facts.push(Fact::new(texts::fact_telephone(lang), telephone(lang, state)));
    if let Some((hazard, number)) = state.stage.hazard() {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        let stage = seen.hazard.map(|stage| hazard::words::stage(lang, stage)).unwrap_or_default();
        let link = Link::new(texts::record_to_hazard(lang), format!("/hazards/{}", hazard.0.simple()));
        facts.push(Fact::new(texts::fact_hazard(lang), format!("{number} · {stage}")).link(link));
    }
    if let Stage::Answered { answer, .. } = &state.stage {
        facts.push(Fact::new(texts::fact_answer(lang), words::answer_coded(lang, answer)));
    }
    if let Some(told) = state.stage.told() {
        facts.push(Fact::new(texts::fact_told(lang), told));
    }
    if let Some(at) = state.sent_back_at {
        facts.push(Fact::new(texts::sent_back(lang), Say(lang).date_time(at)));
    }
    facts
}

/// That there is one, and until when; never which.
fn telephone(lang: Lang, state: &PublicReportState) -> String {
    let until = |forget: Timestamp| texts::telephone_until(lang, Say(lang).date_of(forget));
    match (state.telephone, state.forget) {
        (Telephone::None, _) => texts::telephone_none(lang).to_owned(),
        (Telephone::Erased, _) => texts::telephone_erased(lang).to_owned(),
        (Telephone::Kept, Some(forget)) => until(forget),
        (Telephone::Kept, None) => texts::telephone_kept(lang).to_owned(),
    }
}
