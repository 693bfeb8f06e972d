//! 情况澄清书 on A4: facts, timeline, deadlines with their clauses, the county's word, and where the journal stood. It is
//! made from the journal up to the signature's reading alone, so that it says the same whenever it is printed.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hazard::{HazardState, pages::Names};
use journal::{Payload, Recorded, events_of_stream};
use kernel::{Problem, StreamId};
use language::{Lang, Say};
use papers::{Body, Form, Paper, Printing};
use rules::RuleBook;
use web::{
    Failed, Visit,
    view::{Fact, Moment},
};

use super::{
    AccountabilityPages,
    clarification::{Seen, see},
    clarification_href,
    course::{Course, rules_that_ran},
};
use crate::{
    case::{CaseEvent, FoundText},
    clarification::Signature,
    texts, words,
};

pub(super) async fn show(
    visit: Visit,
    printing: Printing,
    State(pages): State<AccountabilityPages>,
    Path(id): Path<StreamId>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    let Some(signature) = seen.record.state.signature().cloned() else {
        return Err(Problem::NotFound.into());
    };
    let (lang, rules) = (visit.lang(), pages.rules());
    let finding = finding(&visit, &seen, &signature).await?;
    let hazard = hazard::course::state_after(&seen.history.hazard);
    let shell = visit
        .shell(texts::paper_title(lang))
        .for_unit(&seen.office_name, visit.now())
        .at("accountability")
        .back_to(clarification_href(id));
    let paper = compose(lang, &rules, &seen, (&signature, hazard.as_ref(), finding.as_ref()));
    papers::answer(&printing, shell, paper, Vec::new()).await
}

/// What the conclusion found of the unit, when it was a conclusion that issued this.
async fn finding(visit: &Visit, seen: &Seen, signature: &Signature) -> Result<Option<FoundText>, Problem> {
    let Some((case, _)) = seen.record.state.case else { return Ok(None) };
    let (unit, position) = (seen.record.state.unit, signature.reading.position);
    let events = visit.read(move |tx| Ok(events_of_stream(tx, case, None)?)).await?;
    let of_unit = |recorded: &Recorded| {
        let header = &recorded.header;
        match CaseEvent::decode(&header.event_type, header.type_version, &recorded.parts) {
            Ok(CaseEvent::Found(parts)) if parts.core.side == unit => parts.text,
            _ => None,
        }
    };
    Ok(events.iter().filter(|event| event.position <= position).filter_map(of_unit).next_back())
}

fn compose(
    lang: Lang,
    rules: &RuleBook,
    seen: &Seen,
    (signature, hazard, finding): (&Signature, Option<&HazardState>, Option<&FoundText>),
) -> Paper {
    let state = &seen.record.state;
    let intro = match &state.case {
        Some((_, number)) => texts::paper_intro_case(lang, &state.name, words::number(lang, *number)),
        None => texts::paper_intro_asked(lang, &state.name, &state.recipient),
    };
    let facts = hazard.map(|hazard| facts(lang, rules, &state.name, hazard)).unwrap_or_default();
    let story = story(lang, rules, seen, signature);
    let heads = (texts::paper_story(lang), texts::paper_when(lang), texts::paper_happened(lang));
    let mut body = Body::new(lang)
        .text(intro)
        .heading(texts::paper_facts(lang))
        .facts(&facts)
        .heading(texts::paper_story(lang))
        .story(heads, &story);
    let course = Course { lang, rules, runs: &seen.runs, as_of: signature.at, before: None };
    if let Some(table) = course.table(state.unit, &state.name) {
        body = body.heading(texts::paper_deadlines(lang)).table(&table);
    }
    let signer = signature.by.map(|person| seen.names.person(lang, person)).unwrap_or_default();
    let body = body
        .heading(texts::form_basis(lang))
        .lines(&basis(lang, rules, seen, finding))
        .heading(texts::form_conclusion(lang))
        .lines(&statement(lang, seen, signature, finding))
        .text(texts::paper_signer(lang, words::post(lang, &signature.post), signer));
    let paper = Paper::new(lang, Form::Document, &seen.office_name, texts::paper_title(lang))
        .numbered(&signature.document_number, &words::clarification_number(lang, signature.number))
        .saying(body)
        .dated(signature.at.local_date())
        .noting(&texts::paper_check(lang, signature.reading.position, &signature.reading.digest));
    if state.recipient.is_empty() { paper } else { paper.addressed_to(&state.recipient) }
}

/// What the hazard was when this was signed.
fn facts(lang: Lang, rules: &RuleBook, unit: &str, hazard: &HazardState) -> Vec<Fact> {
    let say = Say(lang);
    let gone = || texts::erased(lang).to_owned();
    vec![
        Fact::new(texts::column_unit(lang), unit),
        Fact::new(texts::column_hazard(lang), hazard.number.to_string()),
        Fact::new(texts::paper_category(lang), hazard::words::category(lang, rules, &hazard.category)),
        Fact::new(texts::paper_level(lang), hazard::words::level(lang, hazard.level)),
        Fact::new(texts::paper_what(lang), hazard.description.clone().unwrap_or_else(gone)),
        Fact::new(texts::paper_place(lang), hazard.place.clone().unwrap_or_else(gone)),
        Fact::new(texts::paper_found(lang), say.date_of(hazard.found_at)),
        Fact::new(texts::column_stage(lang), hazard::words::stage(lang, hazard.stage.code())),
    ]
}

/// What happened, by offices: no person is named but the one who signs, and nobody's own words are repeated.
fn story(lang: Lang, rules: &RuleBook, seen: &Seen, signature: &Signature) -> Vec<Moment> {
    let mut names = Names::default();
    for hand in &signature.hands {
        names.actors.insert(hand.actor, hand.unit.clone());
    }
    let nobody = texts::paper_somebody(lang);
    for person in hazard::pages::people_named(&seen.history.hazard) {
        names.people.insert(person, nobody.to_owned());
    }
    let moments = hazard::pages::story(lang, rules, seen.record.state.hazard, &seen.history.hazard, &names);
    moments.into_iter().map(|moment| Moment { note: String::new(), photos: Vec::new(), ..moment }).collect()
}

/// The clauses: those of the deadlines that ran for the unit, those of the finding, and what was written besides.
fn basis(lang: Lang, rules: &RuleBook, seen: &Seen, finding: Option<&FoundText>) -> Vec<String> {
    let state = &seen.record.state;
    let own: Vec<_> = seen.runs.iter().filter(|kept| kept.run.running.unit == state.unit).cloned().collect();
    let mut ids: Vec<&str> = rules_that_ran(&own);
    ids.extend(state.rules.iter().map(String::as_str));
    ids.sort_unstable();
    ids.dedup();
    let written = [Some(state.basis.as_str()), finding.map(|text| text.basis.as_str())];
    let written = written.into_iter().flatten().filter(|text| !text.is_empty()).map(str::to_owned);
    ids.into_iter().map(|id| words::rule(lang, rules, id)).chain(written).collect()
}

/// The county's word, with what speaks against it and why that changes nothing.
fn statement(lang: Lang, seen: &Seen, signature: &Signature, finding: Option<&FoundText>) -> Vec<String> {
    let state = &seen.record.state;
    let mut lines = Vec::new();
    match &state.case {
        Some((_, number)) => {
            lines.extend(finding.map(|text| text.facts.clone()));
            lines.push(texts::paper_cleared(lang, words::number(lang, *number), &state.name));
        }
        None => {
            lines.push(state.statement.clone().unwrap_or_else(|| texts::erased(lang).to_owned()));
        }
    }
    if signature.missed > 0 {
        lines.push(texts::paper_although(lang, signature.missed, &signature.although));
    }
    lines
}
