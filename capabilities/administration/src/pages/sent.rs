//! 外发记录: what went out through the channels of the viewer's units, and what came of it.

use std::collections::{HashMap, hash_map::Entry};

use axum::{extract::Query, response::Response};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use notify::{Outcome, SentFilter, SentRow, sent_listed};
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, FormState, Trail, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Table},
};

use crate::{
    export::{self, Sheet},
    texts,
    view::{Field, ListPage},
};

/// Rows of an export read at a time.
const EXPORT_PAGE: usize = 500;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SentQuery {
    channel: String,
    outcome: String,
    unit: String,
    from: String,
    to: String,
    before: String,
    format: String,
}

impl SentQuery {
    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let filter: [(&str, &str); 5] = [
            ("channel", &self.channel),
            ("outcome", &self.outcome),
            ("unit", &self.unit),
            ("from", &self.from),
            ("to", &self.to),
        ];
        web::address_with(path, &filter, field, value)
    }

    /// Codes become ids; one that nobody has finds nothing.
    fn filter(&self, tx: &mut Tx) -> Result<SentFilter, Problem> {
        let unit = match self.unit.trim() {
            "" => None,
            typed => Some(match UnitId::parse(typed) {
                Some(id) => id,
                None => organisation::unit_by_code(tx, typed)?.map_or(UnitId::NIL, |unit| unit.id),
            }),
        };
        let day = |text: &str| text.parse::<kernel::Date>().ok();
        Ok(SentFilter {
            channel: StreamId::parse(&self.channel),
            outcome: Outcome::named(&self.outcome),
            unit,
            from: day(&self.from).map(Timestamp::at_start_of),
            to: day(&self.to).map(Timestamp::at_end_of),
            before: cursor(Trail::parse(&self.before).here()),
        })
    }

    const fn is_narrowed(&self) -> bool {
        !(self.channel.is_empty()
            && self.outcome.is_empty()
            && self.unit.is_empty()
            && self.from.is_empty()
            && self.to.is_empty())
    }
}

/// `<milliseconds>.<id>` of the last row before the page.
fn cursor(text: &str) -> Option<(Timestamp, uuid::Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), StreamId::parse(id)?.0))
}

/// Rows with the names of their units, and of the unit and the channel in the filter.
struct Seen {
    rows: Vec<SentRow>,
    units: HashMap<UnitId, String>,
    unit: Option<String>,
    channel: Option<String>,
}

fn read(
    tx: &mut Tx,
    viewer: &access::Viewer,
    filter: &SentFilter,
    limit: usize,
) -> Result<(Vec<SentRow>, HashMap<UnitId, String>), Problem> {
    let scope = viewer.scope("sent.read").condition("unit_id", 1);
    let rows = sent_listed(tx, &scope, filter, limit)?;
    let mut units = HashMap::new();
    for row in &rows {
        if let Entry::Vacant(unknown) = units.entry(row.unit) {
            unknown.insert(super::common::unit_name(tx, row.unit)?);
        }
    }
    Ok((rows, units))
}

pub(super) async fn show(visit: Visit, Query(query): Query<SentQuery>) -> Result<Response, Failed> {
    visit.need_any(&["sent.read"])?;
    let (viewer, asked) = (visit.viewer.clone(), query.clone());
    let seen = visit
        .read(move |tx| {
            let filter = asked.filter(tx)?;
            let (rows, units) = read(tx, &viewer, &filter, limits::PAGE_ROWS + 1)?;
            let unit = match filter.unit {
                Some(id) if viewer.may_over(tx, "sent.read", id)? => Some(super::common::unit_name(tx, id)?),
                _ => None,
            };
            let channel = filter.channel.and_then(|id| rows.iter().find(|row| row.channel == id));
            let channel = channel.map(|row| row.label.clone());
            Ok(Seen { rows, units, unit, channel })
        })
        .await?;
    Ok(web::page(&compose(&visit, &query, seen)))
}

fn compose(visit: &Visit, query: &SentQuery, mut seen: Seen) -> ListPage {
    let lang = visit.lang();
    let more = seen.rows.len() > limits::PAGE_ROWS;
    seen.rows.truncate(limits::PAGE_ROWS);
    let last = seen.rows.last().filter(|_| more);
    let next = last.map(|row| format!("{}.{}", row.at.0, row.id.simple()));
    let pager =
        Trail::parse(&query.before).pager(lang, (seen.rows.len(), limits::PAGE_ROWS), next, |trail| {
            query.with("/sent", "before", trail)
        });
    ListPage {
        action: None,
        notices: Vec::new(),
        path: "/sent",
        filter: Filter {
            clear: "/sent".to_owned(),
            views: Vec::new(),
            count: texts::sent_order(lang).to_owned(),
            exports: export::links(lang, |format| query.with("/sent/export", "format", format)),
            chips: chips(lang, query, &seen),
        },
        fields: fields(visit),
        form: FormState::new(lang, "")
            .with("unit", &query.unit)
            .with("outcome", &query.outcome)
            .with("from", &query.from)
            .with("to", &query.to),
        table: table(visit, &seen),
        pager,
        empty: seen.rows.is_empty().then(|| nothing(visit, query)),
        shell: visit.shell(texts::sent_title(lang)).at("sent"),
    }
}

/// The channels of one's own unit, for whoever may add some.
fn own_channels(visit: &Visit) -> Option<Link> {
    let to = || super::channels::href(visit.viewer.home.id, None);
    visit.viewer.may("channel.manage").then(|| Link::new(texts::channels_title(visit.lang()), to()))
}

fn nothing(visit: &Visit, query: &SentQuery) -> Empty {
    let lang = visit.lang();
    let narrowed = query.is_narrowed();
    Empty {
        sentence: if narrowed { texts::sent_none(lang) } else { texts::sent_none_yet(lang) }.to_owned(),
        act: narrowed.then(|| Link::new(texts::filter_all(lang), "/sent")).or_else(|| own_channels(visit)),
        icon: "bell",
    }
}

fn fields(visit: &Visit) -> Vec<Field> {
    let (lang, today) = (visit.lang(), visit.now().local_date());
    let any = std::iter::once(Choice::new("", texts::sent_any_outcome(lang)));
    let known = Outcome::ALL.iter().map(|one| Choice::new(one.name(), notify::words::outcome(lang, *one)));
    vec![
        Field::text("unit", texts::sent_unit_code(lang)),
        Field::select("outcome", texts::sent_outcome(lang), any.chain(known).collect()),
        Field::date("from", texts::sent_from(lang), today),
        Field::date("to", texts::sent_to(lang), today),
    ]
}

fn chips(lang: Lang, query: &SentQuery, seen: &Seen) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, label: String| chips.push(Link::new(label, query.with("/sent", field, "")));
    if !query.channel.is_empty() {
        chip("channel", texts::sent_chip_channel(lang, seen.channel.as_deref().unwrap_or("…")));
    }
    if !query.unit.is_empty() {
        chip("unit", texts::sent_chip_unit(lang, seen.unit.as_deref().unwrap_or("…")));
    }
    if let Some(outcome) = Outcome::named(&query.outcome) {
        chip("outcome", notify::words::outcome(lang, outcome));
    }
    if !query.from.is_empty() {
        chip("from", texts::sent_chip_from(lang, &query.from));
    }
    if !query.to.is_empty() {
        chip("to", texts::sent_chip_to(lang, &query.to));
    }
    chips
}

const fn level(outcome: Outcome) -> Level {
    match outcome {
        Outcome::Sent => Level::Done,
        Outcome::Failed | Outcome::Interrupted => Level::Yellow,
        Outcome::GivenUp => Level::Red,
        Outcome::Demonstration | Outcome::TooOld | Outcome::Restored | Outcome::Stopped => Level::Plain,
    }
}

fn topics(lang: Lang, row: &SentRow) -> String {
    Say(lang).list(row.topics.iter().map(|topic| notify::words::topic(lang, *topic)))
}

/// What was said names hazards: not for those who may not see any.
fn text(visit: &Visit, row: &SentRow) -> String {
    if visit.viewer.may("hazard.view") {
        row.body.clone()
    } else {
        texts::sent_text_hidden(visit.lang()).to_owned()
    }
}

fn table(visit: &Visit, seen: &Seen) -> Table {
    let lang = visit.lang();
    let cells = |row: &SentRow| {
        let reason = notify::words::code(lang, &row.code);
        let tries = if row.tries > 0 { texts::sent_try(lang, row.tries) } else { String::new() };
        let told: Vec<&str> =
            [reason.as_str(), tries.as_str()].into_iter().filter(|t| !t.is_empty()).collect();
        let unit = seen.units.get(&row.unit).map_or("", String::as_str);
        vec![
            Cell::text(Say(lang).date_time(row.at)),
            Cell::link(&row.label, format!("/sent?channel={}", row.channel.0.simple())).more(unit),
            Cell::text(topics(lang, row)).more(texts::sent_count(lang, row.items)),
            Cell::text(text(visit, row)),
            Cell::mark(level(row.outcome), notify::words::outcome(lang, row.outcome)).more(told.join(" · ")),
        ]
    };
    Table {
        caption: texts::sent_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::sent_when(lang)),
            Column::new(texts::sent_channel(lang)),
            Column::new(texts::sent_topics(lang)),
            Column::new(texts::sent_text(lang)),
            Column::new(texts::sent_outcome(lang)),
        ],
        rows: seen.rows.iter().map(cells).collect(),
    }
}

fn sheet(lang: Lang) -> Sheet {
    let heads = [
        (texts::sent_when(lang), 18),
        (texts::sent_unit(lang), 24),
        (texts::sent_channel(lang), 18),
        (texts::sent_host(lang), 22),
        (texts::sent_topics(lang), 24),
        (texts::sent_items(lang), 8),
        (texts::sent_text(lang), 60),
        (texts::sent_outcome(lang), 22),
        (texts::sent_reason(lang), 30),
        (texts::sent_tries(lang), 8),
    ];
    Sheet::new("sent", texts::sent_title(lang), &heads)
}

pub(super) async fn export(visit: Visit, Query(query): Query<SentQuery>) -> Result<Response, Failed> {
    visit.need_any(&["sent.read"])?;
    let (asking, format) = (visit.clone(), query.format.clone());
    let produce = move |tx: &mut Tx, sink: export::Sink<'_>| rows(tx, &asking, &query, sink);
    Ok(export::answer(&visit, &format, sheet(visit.lang()), produce).await?)
}

fn rows(tx: &mut Tx, visit: &Visit, query: &SentQuery, sink: export::Sink<'_>) -> Result<(), Problem> {
    let lang = visit.lang();
    let mut filter = query.filter(tx)?;
    filter.before = None;
    loop {
        let (rows, units) = read(tx, &visit.viewer, &filter, EXPORT_PAGE)?;
        let Some(last) = rows.last() else { return Ok(()) };
        filter.before = Some((last.at, last.id));
        for row in &rows {
            let line = [
                Say(lang).date_time(row.at),
                units.get(&row.unit).cloned().unwrap_or_default(),
                row.label.clone(),
                row.host.clone(),
                topics(lang, row),
                row.items.to_string(),
                text(visit, row),
                notify::words::outcome(lang, row.outcome),
                notify::words::code(lang, &row.code),
                row.tries.to_string(),
            ];
            if !sink(&line) {
                return Ok(());
            }
        }
    }
}
