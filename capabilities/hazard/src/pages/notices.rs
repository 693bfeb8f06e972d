//! Papers of a superior about one hazard: 整改通知书, 提醒函, 约谈通知 and 督办单 in three colours. They are filled in as far as
//! the record knows, and signed, numbered and dated by hand: nobody signs them on the platform, and they say so.

use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::{Problem, StreamId, Timestamp};
use language::{Lang, Say};
use papers::{Body, Form, Paper, Printing, Tone};
use rules::RuleBook;
use web::{
    Failed, Visit,
    view::{Fact, Link},
};

use super::{
    HazardPages, href,
    record::{Seen, see},
};
use crate::{level::Escalation, state::HazardState, texts, turn::turn, words};

/// Who writes them: whoever decides about hazards of others.
pub(super) const ISSUERS: &[&str] = &["hazard.central", "hazard.county"];

/// The papers, by their names in addresses.
const NAMES: [&str; 4] = ["notice", "reminder", "talk", "slip"];

pub(super) async fn show(
    visit: Visit,
    printing: Printing,
    State(pages): State<HazardPages>,
    Path((id, name)): Path<(StreamId, String)>,
) -> Result<Response, Failed> {
    let seen = see(&visit, &pages, id).await?;
    if !ISSUERS.iter().any(|permission| seen.may.has(permission)) {
        return Err(Problem::NotFound.into());
    }
    let paper = compose(&visit, &pages.rules(), &seen, &name).ok_or(Problem::NotFound)?;
    let shell =
        visit.shell(&paper.title).for_unit(&seen.unit_name, visit.now()).at("hazards").back_to(href(id));
    papers::answer(&printing, shell, paper, Vec::new()).await
}

/// What a superior may print now.
pub(super) fn links(lang: Lang, seen: &Seen, now: Timestamp) -> Vec<Link> {
    if !ISSUERS.iter().any(|permission| seen.may.has(permission)) {
        return Vec::new();
    }
    let state = &seen.record.state;
    offered(state, now)
        .map(|name| Link::new(title(lang, state, name), format!("{}/papers/{name}", href(seen.record.id))))
        .collect()
}

/// The papers that a record gives reason for.
pub(crate) fn offered(state: &HazardState, now: Timestamp) -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().filter(move |name| fits(state, name, now))
}

/// There is a reason for it.
fn fits(state: &HazardState, name: &str, now: Timestamp) -> bool {
    let open = state.stage.code().is_open();
    let overdue = open && state.due().is_some_and(|due| due.at < now);
    match name {
        "notice" => state.stage.code().before_proof(),
        "reminder" => overdue,
        "talk" => open && state.escalation.is_some_and(|step| step >= Escalation::Talk),
        "slip" => open && state.escalation.is_some(),
        _ => false,
    }
}

/// 督办单 is white with the reminder, yellow with the talk, red when the county takes it up.
const fn tone(step: Escalation) -> Tone {
    match step {
        Escalation::Remind => Tone::White,
        Escalation::Talk => Tone::Yellow,
        Escalation::Raise => Tone::Red,
    }
}

/// What it is called; a slip with its colour.
pub(crate) fn title(lang: Lang, state: &HazardState, name: &str) -> &'static str {
    match (name, state.escalation.map(tone)) {
        ("reminder", _) => texts::papers_reminder(lang),
        ("talk", _) => texts::papers_talk(lang),
        ("slip", Some(Tone::Red)) => texts::papers_slip_red(lang),
        ("slip", Some(Tone::Yellow)) => texts::papers_slip_yellow(lang),
        ("slip", _) => texts::papers_slip_white(lang),
        _ => texts::papers_notice(lang),
    }
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, name: &str) -> Option<Paper> {
    let (lang, state) = (visit.lang(), &seen.record.state);
    if !fits(state, name, visit.now()) {
        return None;
    }
    let form = if name == "notice" { Form::Document } else { Form::Letter };
    let matter = facts(lang, rules, seen);
    let late = late(lang, state);
    let body = match name {
        "notice" => notice(lang, state, &matter),
        "reminder" => Body::new(lang)
            .text(texts::papers_late(lang, late.0, late.1))
            .facts(&matter)
            .text(texts::papers_reminder_asks(lang)),
        "talk" => talk(lang, late, &matter),
        _ => slip(lang, state, late, &matter),
    };
    let paper = Paper::new(lang, form, &visit.viewer.home.name, title(lang, state, name))
        .numbered("", &state.number.to_string())
        .addressed_to(&seen.unit_name)
        .saying(body)
        .dated_by_hand()
        .noting(texts::papers_by_hand(lang));
    Some(match (name, state.escalation) {
        ("slip", Some(step)) => paper.toned(tone(step)),
        ("notice", _) => paper.slip(texts::papers_receipt(lang), receipt(lang, seen)),
        _ => paper,
    })
}

/// What is overdue, and since when.
fn late(lang: Lang, state: &HazardState) -> (String, String) {
    let act = turn(state).map(|turn| words::act(lang, turn.act)).unwrap_or_default();
    (act, state.due().map(|due| Say(lang).date_of(due.at)).unwrap_or_default())
}

fn facts(lang: Lang, rules: &RuleBook, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let what = state.description.clone().unwrap_or_else(|| texts::record_erased(lang).to_owned());
    let mut facts = vec![
        Fact::new(texts::print_no(lang), state.number.to_string()),
        Fact::new(texts::papers_what(lang), what),
        Fact::new(texts::record_category(lang), words::category(lang, rules, &state.category)),
        Fact::new(texts::record_level(lang), words::level(lang, state.level)),
        Fact::new(texts::record_found(lang), Say(lang).date_of(state.found_at)),
    ];
    if let Some(place) = state.place.as_ref().filter(|place| !place.is_empty()) {
        facts.insert(2, Fact::new(texts::record_place(lang), place));
    }
    facts
}

fn notice(lang: Lang, state: &HazardState, matter: &[Fact]) -> Body {
    let until = state.stage.plan().map_or_else(
        || texts::papers_notice_plans(lang).to_owned(),
        |plan| texts::papers_notice_until(lang, Say(lang).date_of(plan.due.at)),
    );
    Body::new(lang)
        .text(texts::papers_notice_why(lang))
        .heading(texts::papers_matter(lang))
        .facts(matter)
        .heading(texts::papers_demands(lang))
        .text(until)
        .text(texts::papers_notice_asks(lang))
}

fn talk(lang: Lang, (act, day): (String, String), matter: &[Fact]) -> Body {
    Body::new(lang)
        .text(texts::papers_talk_why(lang, act, day))
        .heading(texts::papers_matter(lang))
        .facts(matter)
        .heading(texts::papers_talk_when(lang))
        .signatures([texts::papers_talk_time(lang), texts::papers_talk_place(lang)])
        .text(texts::papers_talk_who(lang))
        .text(texts::papers_talk_asks(lang))
}

fn slip(lang: Lang, state: &HazardState, (act, day): (String, String), matter: &[Fact]) -> Body {
    let step = state.escalation.map(|step| words::climb(lang, step)).unwrap_or_default();
    Body::new(lang)
        .text(texts::papers_late(lang, act, day))
        .facts(matter)
        .item(texts::papers_slip_step(lang), &step)
        .text(texts::papers_slip_asks(lang))
        .signatures([texts::papers_slip_signed(lang), texts::papers_slip_taken(lang)])
}

fn receipt(lang: Lang, seen: &Seen) -> Body {
    Body::new(lang)
        .item(texts::papers_receipt_what(lang), texts::papers_notice(lang))
        .item(texts::papers_receipt_to(lang), &seen.unit_name)
        .signatures([
            texts::papers_receipt_by(lang),
            texts::papers_receipt_from(lang),
            texts::papers_receipt_on(lang),
        ])
}
