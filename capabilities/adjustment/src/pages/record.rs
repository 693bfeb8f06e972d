//! The record of an adjustment: what it changes, what that would mean for open records, its acts and its history.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::pages::Names;
use journal::Recorded;
use kernel::{Problem, StreamId, Timestamp};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use storage::{StorageError, Tx};
use web::{
    Failed, FormState, Shell, Visit,
    view::{Cell, Column, Fact, Level, Link, Mark, Moment, Table},
};

use super::{
    RulesPages, as_of_href,
    fields::{self, Topic},
    href,
    new::Fields,
    rule_href,
    timeline::{activated_stamp, moments},
};
use crate::{
    change::Change,
    in_force::{activated, laid},
    overlay,
    query::{AdjustmentRecord, record},
    state::{AdjustmentState, Stage, StageCode},
    texts,
    trial::{TRIED, Trial, tried},
    words,
};

/// The acts behind `/rules/adjustments/{id}/{act}`, in the order in which a page offers them.
pub const ACTS: [&str; 5] = ["activate", "send-back", "draft", "drop", "end"];

/// Everything about an adjustment that its page shows.
pub(super) struct Seen {
    pub record: AdjustmentRecord,
    names: Names,
    acts: Vec<&'static str>,
    /// The rules without it and what came after it, once it was activated.
    before: Option<RuleBook>,
    /// What it would mean for open records, while it waits.
    pub trial: Option<Trial>,
}

/// Reads it, if the viewer may; a trial for those who work on it, while it waits.
pub(super) async fn see(visit: &Visit, pages: &RulesPages, id: StreamId) -> Result<Seen, Problem> {
    visit.need_any(super::VIEW)?;
    let (viewer, vault, now) = (visit.viewer.clone(), visit.desk.vault.clone(), visit.now());
    let (rules, rooms) = (pages.ruling.book(), pages.rooms.clone());
    let base = pages.ruling.base.clone();
    visit
        .read_long(move |tx| {
            let record = record(tx, id)?.ok_or(Problem::NotFound)?;
            let may = viewer.permissions_over(tx, record.state.county)?;
            let (drafts, signs) = (may.has("rules.manage"), may.has("rules.activate"));
            if !drafts && !signs && record.state.activated().is_none() {
                return Err(Problem::NotFound);
            }
            let actors: Vec<_> = record.events.iter().map(Recorded::actor).collect();
            let names = Names { actors: access::actor_names(tx, &vault, &actors)?, ..Names::default() };
            let own = record.state.drafters.contains(&viewer.person);
            let waits = record.state.stage.code() == StageCode::Waiting && (drafts || signs);
            let trial = match trial_book(&rules, &record.state).filter(|_| waits) {
                Some(book) => {
                    let from = Timestamp::at_start_of(record.state.from);
                    let all = record.state.changes.iter().any(|change| change.rule().is_none());
                    let named = |rule: &str| {
                        all || record.state.changes.iter().any(|change| change.rule() == Some(rule))
                    };
                    Some(tried(tx, &rooms, (&rules, &book, from), named, now)?)
                }
                None => None,
            };
            let acts = acts(&record.state, drafts, signs && !own, signs);
            let before = match record.state.activated() {
                Some(_) => Some(before(tx, &base, &record.state)?),
                None => None,
            };
            Ok(Seen { record, names, acts, before, trial })
        })
        .await
}

/// The rules as they were when it was activated.
fn before(tx: &mut Tx, base: &RuleBook, state: &AdjustmentState) -> Result<RuleBook, StorageError> {
    let mut earlier = activated(tx)?;
    let own = earlier.iter().position(|other| other.number == state.number && other.county == state.county);
    earlier.truncate(own.unwrap_or(0));
    Ok(laid(base, &earlier).book)
}

/// The rules with it on top, where it changes deadlines.
fn trial_book(rules: &RuleBook, state: &AdjustmentState) -> Option<RuleBook> {
    let moves = |change: &Change| !matches!(change, Change::Prefill { .. });
    if !state.changes.iter().any(moves) {
        return None;
    }
    overlay::laid_on(rules, state, None).ok()
}

fn acts(state: &AdjustmentState, drafts: bool, signs: bool, ends: bool) -> Vec<&'static str> {
    let offered = |act: &&'static str| match (*act, &state.stage) {
        ("activate" | "send-back", Stage::Waiting) => signs,
        ("draft" | "drop", Stage::Waiting | Stage::SentBack) => drafts,
        ("end", Stage::Active { .. }) => ends,
        _ => false,
    };
    ACTS.iter().copied().filter(offered).collect()
}

/// Which form the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordQuery {
    pub act: String,
}

#[derive(Template)]
#[template(path = "adjustment/record.html")]
struct RecordPage {
    shell: Shell,
    stage: Mark,
    facts: Vec<Fact>,
    changes: Table,
    trial: Option<Table>,
    trial_said: String,
    examples: Vec<(String, Link)>,
    act: &'static str,
    act_title: String,
    others: Vec<Link>,
    action: String,
    form: FormState,
    fields: Option<Fields>,
    version: u64,
    moments: Vec<Moment>,
    earliest: String,
    overtaken: bool,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<RulesPages>,
    Path(id): Path<StreamId>,
    Query(query): Query<RecordQuery>,
) -> Result<Response, Failed> {
    let seen = see(&visit, &pages, id).await?;
    let page = compose(&visit, &pages, &seen, &query.act, None);
    Ok(web::page(&page))
}

/// The same page after a refused act, with everything that was typed.
pub(super) fn again(
    visit: &Visit,
    pages: &RulesPages,
    seen: &Seen,
    (act, form, stale): (&str, FormState, bool),
) -> Response {
    let page = compose(visit, pages, seen, act, Some(form));
    if stale {
        return web::page_with(StatusCode::CONFLICT, &RecordPage { overtaken: true, ..page });
    }
    web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn compose(
    visit: &Visit,
    pages: &RulesPages,
    seen: &Seen,
    asked: &str,
    typed: Option<FormState>,
) -> RecordPage {
    let (lang, rules, today) = (visit.lang(), pages.ruling.book(), visit.now().local_date());
    let (state, id) = (&seen.record.state, seen.record.id);
    let act = seen.acts.iter().find(|act| **act == asked).or(seen.acts.first()).copied().unwrap_or_default();
    let topic = Topic::of(&rules, today, &state.changes).filter(|_| act == "draft");
    let form = typed.unwrap_or_else(|| match &topic {
        Some(_) => fields::drafted(visit.form(), &state.changes)
            .with("from", state.from)
            .with("note", state.reason.clone().unwrap_or_default()),
        None => visit.form(),
    });
    let other = |act: &&'static str| Link::new(words::act(lang, act), format!("{}?act={act}#act", href(id)));
    RecordPage {
        stage: stage_mark(lang, state.stage.code()),
        facts: facts(lang, seen),
        changes: changes(lang, seen.before.as_ref().unwrap_or(&rules), state),
        trial: seen.trial.as_ref().map(|trial| effects(lang, &rules, trial)),
        trial_said: trial_said(lang, seen, state),
        examples: seen.trial.as_ref().map(|trial| examples(lang, &rules, trial)).unwrap_or_default(),
        act,
        act_title: if act.is_empty() { String::new() } else { words::act(lang, act) },
        others: seen.acts.iter().filter(|other| **other != act).map(other).collect(),
        action: format!("{}/{act}", href(id)),
        form,
        fields: topic.map(|topic| Fields::of(visit, &topic)),
        version: seen.record.version,
        moments: moments(lang, &rules, &seen.record.events, &seen.names),
        earliest: today.tomorrow().map(|day| day.to_string()).unwrap_or_default(),
        overtaken: false,
        shell: visit
            .shell(texts::adjustment_number(lang, state.number))
            .at("rules")
            .back_to("/rules/adjustments"),
    }
}

fn stage_mark(lang: Lang, stage: StageCode) -> Mark {
    let level = match stage {
        StageCode::Waiting => Level::Yellow,
        StageCode::Active => Level::Done,
        StageCode::SentBack | StageCode::Dropped | StageCode::Ended => Level::Plain,
    };
    Mark::new(level, words::stage(lang, stage))
}

fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let mut facts = vec![
        Fact::new(texts::column_from(lang), Say(lang).date(state.from)),
        Fact::new(texts::field_reason(lang), state.reason.clone().unwrap_or_default()),
    ];
    if let Stage::Ended { on, .. } = state.stage {
        facts.insert(1, Fact::new(texts::field_on(lang), Say(lang).date(on)));
    }
    if let Some(stamp) = activated_stamp(&seen.record.events) {
        let link = Link::new(texts::record_as_of(lang), as_of_href(&stamp));
        facts.push(Fact::new(texts::record_stamp(lang), stamp).link(link));
    }
    facts
}

/// What it changes, from what to what.
fn changes(lang: Lang, rules: &RuleBook, state: &AdjustmentState) -> Table {
    let cells = |change: &Change| {
        let (before, after) = words::before_and_after(lang, rules, change, state.from);
        let about = words::about(lang, rules, change);
        let about = match change.rule() {
            Some(rule) => Cell::link(about, rule_href(rule)),
            None => Cell::text(about),
        };
        vec![about, Cell::text(before), Cell::text(after)]
    };
    Table {
        caption: texts::record_changes(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_about(lang)),
            Column::new(texts::column_before(lang)),
            Column::new(texts::column_after(lang)),
        ],
        rows: state.changes.iter().map(cells).collect(),
    }
}

/// What it would mean for open records, rule by rule.
fn effects(lang: Lang, rules: &RuleBook, trial: &Trial) -> Table {
    let cells = |(rule, effect): (&String, &crate::Effect)| {
        vec![
            Cell::link(words::rule(lang, rules, rule), rule_href(rule)),
            Cell::text(effect.open.to_string()),
            Cell::text(effect.earlier.to_string()),
            Cell::text(effect.later.to_string()),
            Cell::text(effect.overdue.to_string()),
        ]
    };
    Table {
        caption: texts::trial_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_rule(lang)),
            Column::new(texts::column_open(lang)),
            Column::new(texts::column_earlier(lang)),
            Column::new(texts::column_later(lang)),
            Column::new(texts::column_overdue(lang)),
        ],
        rows: trial.effects.iter().map(cells).collect(),
    }
}

/// The first whose deadline would be another one.
fn examples(lang: Lang, rules: &RuleBook, trial: &Trial) -> Vec<(String, Link)> {
    let mut found = Vec::new();
    for (rule, effect) in &trial.effects {
        for (span, would_be) in &effect.examples {
            let said = texts::trial_example(
                lang,
                words::rule(lang, rules, rule),
                Say(lang).date_of(span.due.at),
                Say(lang).date_of(*would_be),
            );
            found.push((said, Link::new(&span.label, &span.href)));
        }
    }
    found
}

fn trial_said(lang: Lang, seen: &Seen, state: &AdjustmentState) -> String {
    match &seen.trial {
        None => String::new(),
        Some(trial) if trial.effects.is_empty() => texts::trial_none(lang, Say(lang).date(state.from)),
        Some(trial) if trial.more => texts::trial_more(lang, TRIED, Say(lang).date(state.from)),
        Some(_) => texts::trial_lead(lang, Say(lang).date(state.from)),
    }
}
