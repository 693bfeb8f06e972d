//! One clarification: what was asked, what the journal says of the unit, the next act, the way to the paper.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::pages::Names;
use journal::Payload;
use kernel::{Problem, StreamId, Timestamp};
use language::{Lang, Say};
use organisation::{person_names, unit_names};
use rules::RuleBook;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Clock, Fact, Level, Link, Mark, Moment, Table},
};

use super::{
    AccountabilityPages, clarification_href,
    course::{Course, missed},
    record::RecordQuery,
};
use crate::{
    clarification::{
        Answer, ClarificationCommand, ClarificationEvent, ClarificationFacts, ClarificationStage,
        ClarificationState, decide, need,
    },
    query::{Record, visible_clarification},
    reading::{History, Kept},
    texts, words,
};

/// Everything about a clarification that its pages show, read in one visit.
pub(super) struct Seen {
    pub record: Record<ClarificationState>,
    /// The county's office or a leader looks.
    pub county: bool,
    pub office_name: String,
    pub names: Names,
    /// What the journal says: up to its reading once it is signed, up to now before.
    pub history: History,
    pub runs: Vec<Kept>,
    pub as_of: Timestamp,
    /// What the viewer may do over the unit.
    pub may: access::PermissionSet,
}

/// Reads it, if the viewer may.
pub(super) async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let (viewer, vault, now) = (visit.viewer.clone(), visit.desk.vault.clone(), visit.now());
    visit
        .read(move |tx| {
            let record = visible_clarification(tx, &viewer, id)?;
            let office = record.state.office();
            let actors: Vec<_> = record.events.iter().map(journal::Recorded::actor).collect();
            let signature = record.state.signature();
            let signer: Vec<_> = signature.and_then(|signature| signature.by).into_iter().collect();
            let names = Names {
                actors: access::actor_names(tx, &vault, &actors)?,
                people: person_names(tx, &vault, &signer)?,
                units: unit_names(tx, &[office])?,
                ..Names::default()
            };
            let history = History::read(tx, record.state.hazard)?;
            let (history, as_of) = match signature {
                Some(signature) => (history.up_to(signature.reading.position), signature.at),
                None => (history, now),
            };
            Ok(Seen {
                county: viewer.may_over(tx, "accountability.county", record.state.unit)?,
                office_name: names.units.get(&office).cloned().unwrap_or_default(),
                may: viewer.permissions_over(tx, record.state.unit)?,
                runs: history.runs(),
                history,
                as_of,
                names,
                record,
            })
        })
        .await
}

#[derive(Template)]
#[template(path = "accountability/clarification.html")]
pub(super) struct ClarificationPage {
    shell: Shell,
    stage: Mark,
    clock: Option<Clock>,
    hazard: Link,
    waiting: String,
    act: &'static str,
    act_title: String,
    action: String,
    form: FormState,
    version: u64,
    /// It can be signed, or sent back.
    signs: bool,
    warnings: Vec<Mark>,
    others: Vec<Link>,
    paper: Option<Link>,
    facts: Vec<Fact>,
    table: Option<Table>,
    moments: Vec<Moment>,
    overtaken: bool,
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
pub(super) fn again(
    visit: &Visit,
    rules: &RuleBook,
    seen: &Seen,
    act: &str,
    (form, stale): (FormState, bool),
) -> Response {
    let page = compose(visit, rules, seen, act, form);
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    web::page_with(status, &ClarificationPage { overtaken: stale, ..page })
}

/// The acts that the decision would accept from whoever looks: `draft`, `answer`, and whether that may be a signature.
fn offers(visit: &Visit, rules: &RuleBook, seen: &Seen) -> (Vec<&'static str>, bool) {
    use ClarificationCommand as C;
    let standing = visit.standing(seen.may);
    let facts = ClarificationFacts::new(rules.clone());
    let context = journal::Context { stream: StreamId::NIL, now: visit.now(), standing: &standing };
    let passes = |command: C| {
        standing.satisfies(need(&command))
            && decide(Some(&seen.record.state), &command, &facts, &context).is_ok_and(|done| !done.is_empty())
    };
    let said = || "各时限均按期完成，学校已尽职".to_owned();
    let note = || hazard::Note { note: "请补充依据".to_owned(), photos: Vec::new() };
    let answer = |answer: Answer| C::Answer {
        answer,
        document_number: String::new(),
        although: String::new(),
        note: note(),
    };
    let signs = passes(answer(Answer::Sign));
    let mut offers = Vec::new();
    if passes(C::Draft { statement: said(), basis: String::new() }) {
        offers.push("draft");
    }
    if signs || passes(answer(Answer::Refuse)) {
        offers.push("answer");
    }
    (offers, signs)
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, asked: &str, form: FormState) -> ClarificationPage {
    let (lang, now) = (visit.lang(), visit.now());
    let (state, id) = (&seen.record.state, seen.record.id);
    let (offers, signs) = offers(visit, rules, seen);
    // Whoever may sign a draft is shown that; otherwise it is written first.
    let first = if signs { "answer" } else { "draft" };
    let act = [asked, first, "draft", "answer"]
        .into_iter()
        .find_map(|name| offers.iter().copied().find(|offer| *offer == name))
        .filter(|act| signs || *act != "answer" || asked == "answer")
        .unwrap_or_default();
    let others = offers.iter().filter(|offer| **offer != act);
    let course = Course { lang, rules, runs: &seen.runs, as_of: seen.as_of, before: None };
    let late = missed(lang, &seen.runs, state.unit, seen.as_of);
    let shown = seen.county && state.code().is_running() && !late.is_empty();
    let warn = || {
        let told = late.join(texts::course_between(lang));
        Mark::new(Level::Red, texts::although_missed(lang, &state.name, told))
    };
    ClarificationPage {
        stage: stage_mark(lang, state.code()),
        clock: state.answer.as_ref().filter(|_| state.code().is_running()).map(|due| {
            let named = || words::rule(lang, rules, &due.rule);
            let why = hazard::words::why(lang, rules, due, state.begun_at).unwrap_or_else(named);
            Clock::running(lang, state.begun_at, due.at, now).rule(why)
        }),
        hazard: Link::new(
            texts::record_hazard(lang, state.hazard_number),
            format!("/hazards/{}", state.hazard.0.simple()),
        ),
        waiting: state.turn().map_or_else(String::new, |turn| {
            texts::record_waits(lang, &seen.office_name, words::act(lang, turn.act))
        }),
        act,
        act_title: words::act_named(lang, act),
        action: format!("{}/{act}", clarification_href(id)),
        version: seen.record.version,
        signs,
        warnings: if shown { vec![warn()] } else { Vec::new() },
        others: others
            .map(|name| {
                Link::new(words::act_named(lang, name), format!("{}?act={name}#act", clarification_href(id)))
            })
            .collect(),
        paper: state
            .signature()
            .map(|_| Link::new(texts::paper_open(lang), format!("{}/paper", clarification_href(id)))),
        facts: facts(lang, seen),
        table: course.table(state.unit, &state.name),
        moments: moments(lang, seen),
        overtaken: false,
        form: prefilled(form, state, act),
        shell: visit
            .shell(texts::clarification_title(lang, &state.name))
            .for_unit(&state.name, now)
            .at("accountability")
            .back_to("/clarifications"),
    }
}

fn stage_mark(lang: Lang, stage: ClarificationStage) -> Mark {
    let level = if stage == ClarificationStage::Signed { Level::Done } else { Level::Plain };
    Mark::new(level, words::clarification_stage(lang, stage))
}

/// Written anew, it begins with what stands there.
fn prefilled(form: FormState, state: &ClarificationState, act: &str) -> FormState {
    if act != "draft" || !form.value("statement").is_empty() || !form.errors().is_empty() {
        return form;
    }
    form.with("statement", state.statement.as_deref().unwrap_or_default()).with("basis", &state.basis)
}

fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let say = Say(lang);
    let mut facts = vec![
        Fact::new(texts::column_unit(lang), &state.name),
        Fact::new(texts::column_begun(lang), say.date_time(state.begun_at)),
    ];
    if let Some((case, number)) = &state.case {
        let open = Link::new(texts::beside_open(lang), super::href(*case));
        facts.push(
            Fact::new(texts::column_origin(lang), texts::origin_case(lang, words::number(lang, *number)))
                .link(open),
        );
    }
    if let Some(purpose) = &state.purpose {
        facts.push(Fact::new(texts::form_purpose(lang), words::purpose(lang, purpose)));
        facts.push(Fact::new(texts::form_recipient(lang), &state.recipient));
        facts.push(Fact::new(texts::form_claim(lang), &state.claim));
    }
    // A draft is the county's until it is signed.
    let shown = seen.county || state.signature().is_some();
    if let Some(statement) = state.statement.as_ref().filter(|_| shown) {
        facts.push(Fact::new(texts::form_conclusion(lang), statement));
        if !state.basis.is_empty() {
            facts.push(Fact::new(texts::form_basis(lang), &state.basis));
        }
    }
    if let Some(signature) = state.signature() {
        let number = words::clarification_number(lang, signature.number);
        facts.push(Fact::new(texts::column_number(lang), number));
        facts.push(Fact::new(texts::column_signed(lang), say.date_time(signature.at)));
        if !signature.document_number.is_empty() {
            facts.push(Fact::new(texts::form_document_number(lang), &signature.document_number));
        }
        if !signature.although.is_empty() {
            facts.push(Fact::new(texts::form_although(lang), &signature.although));
        }
    }
    facts
}

/// The history, newest first. What the county wrote before it signed is not the unit's.
fn moments(lang: Lang, seen: &Seen) -> Vec<Moment> {
    let decoded = seen.record.events.iter().rev().filter_map(|recorded| {
        let header = &recorded.header;
        let event = ClarificationEvent::decode(&header.event_type, header.type_version, &recorded.parts);
        event.ok().map(|event| (recorded, event))
    });
    decoded
        .filter_map(|(recorded, event)| {
            let who = seen.names.actor(lang, recorded.actor());
            let (sentence, note, level) = told(lang, &event, &who, seen.county)?;
            let at = Say(lang).date_time(recorded.header.decided_at);
            Some(Moment { at, sentence, note, level, photos: Vec::new() })
        })
        .collect()
}

fn told(lang: Lang, event: &ClarificationEvent, who: &str, county: bool) -> Option<(String, String, Level)> {
    use ClarificationEvent as E;
    let words_of = |text: &Option<hazard::Note>| text.clone().unwrap_or_default().note;
    Some(match event {
        E::Asked(parts) => {
            let claim = parts.text.clone().unwrap_or_default().claim;
            (texts::line_asked(lang, who), claim, Level::Plain)
        }
        E::Drafted(parts) if county => {
            let statement = parts.text.clone().unwrap_or_default().statement;
            (texts::line_drafted(lang, who), statement, Level::Plain)
        }
        E::SentBack(parts) if county => (texts::line_sent_back(lang, who), words_of(&parts.text), Level::Red),
        E::Drafted(_) | E::SentBack(_) => return None,
        E::Signed(parts) => {
            let number = words::clarification_number(lang, parts.core.number);
            let although = parts.text.clone().unwrap_or_default().although;
            (texts::line_signed(lang, who, number), although, Level::Done)
        }
        E::Refused(parts) => (texts::line_refused(lang, who), words_of(&parts.text), Level::Red),
        E::Issued(parts) => {
            let number = words::clarification_number(lang, parts.core.signed.number);
            let case = words::number(lang, parts.core.case_number);
            (texts::line_issued(lang, case, number), String::new(), Level::Done)
        }
        E::DeadlineWarned(parts) => {
            let clock = words::clock(lang, &parts.core.clock);
            match parts.core.mark {
                100.. => (texts::line_overdue(lang, clock), String::new(), Level::Red),
                mark => (texts::line_warned(lang, clock, u32::from(mark)), String::new(), Level::Yellow),
            }
        }
    })
}
