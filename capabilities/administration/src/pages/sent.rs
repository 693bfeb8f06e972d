//! 外发记录: what went out through the channels of the viewer's units, and what came of it.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use access::Viewer;
use axum::{extract::Query, response::Response};
use documents::Head;
use exports::{Asking, Format};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use notify::{Outcome, SentFilter, SentRow, sent_listed};
use serde::{Deserialize, Serialize};
use storage::{Param, Tx};
use web::{
    Failed, FormState, Trail, Unread, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Table},
};

use super::audit::ways_out;
use crate::{
    export,
    exporters::SentExport,
    texts,
    view::{Field, ListPage},
};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SentQuery {
    channel: String,
    outcome: String,
    unit: String,
    from: String,
    to: String,
    #[serde(skip_serializing)]
    before: String,
    #[serde(skip_serializing)]
    format: String,
}

impl SentQuery {
    /// As it was kept; what cannot be read counts as not said.
    pub(crate) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept: nothing that cannot be read, or is about one page.
    pub(crate) fn kept(&self) -> String {
        let day = |text: &str| text.parse::<kernel::Date>().map(|day| day.to_string()).unwrap_or_default();
        let channel = StreamId::parse(&self.channel).map(|id| id.0.simple().to_string());
        let settled = Self {
            channel: channel.unwrap_or_default(),
            outcome: Outcome::named(&self.outcome).map(|one| one.name().to_owned()).unwrap_or_default(),
            unit: self.unit.trim().chars().take(limits::NAME_CHARS).collect(),
            from: day(&self.from),
            to: day(&self.to),
            ..Self::default()
        };
        serde_json::to_string(&settled).unwrap_or_default()
    }

    /// Without what means nothing, and what that was.
    fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = StreamId::parse(&self.channel).is_some();
        unread.clear(texts::sent_channel(lang), &mut self.channel, known);
        let known = Outcome::named(&self.outcome).is_some();
        unread.clear(texts::sent_outcome(lang), &mut self.outcome, known);
        unread.clear_days((texts::sent_from(lang), &mut self.from), (texts::sent_to(lang), &mut self.to));
        (self, unread)
    }

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
    pub(crate) fn filter(&self, tx: &mut Tx) -> Result<SentFilter, Problem> {
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
pub(crate) fn cursor(text: &str) -> Option<(Timestamp, uuid::Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), StreamId::parse(id)?.0))
}

/// Where the list goes on after a row: see [`cursor`].
fn place(row: &SentRow) -> String {
    format!("{}.{}", row.at.0, row.id.simple())
}

/// Rows with the names of their units, and of the unit and the channel in the filter.
struct Seen {
    rows: Vec<SentRow>,
    units: HashMap<UnitId, String>,
    unit: Option<String>,
    channel: Option<String>,
}

/// The channels whose messages somebody may see.
pub(crate) fn scope(viewer: &Viewer) -> (String, Vec<Param<'static>>) {
    viewer.scope("sent.read").condition("unit_id", 1)
}

fn read(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &SentFilter,
    limit: usize,
) -> Result<(Vec<SentRow>, HashMap<UnitId, String>), Problem> {
    let rows = sent_listed(tx, &scope(viewer), filter, limit)?;
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
    let (query, unread) = query.settled(visit.lang());
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
    Ok(web::page(&compose(&visit, (&query, &unread), seen)))
}

fn compose(visit: &Visit, (query, unread): (&SentQuery, &Unread), mut seen: Seen) -> ListPage {
    let lang = visit.lang();
    let more = seen.rows.len() > limits::PAGE_ROWS;
    seen.rows.truncate(limits::PAGE_ROWS);
    let last = seen.rows.last().filter(|_| more);
    let next = last.map(place);
    let pager =
        Trail::parse(&query.before).pager(lang, (seen.rows.len(), limits::PAGE_ROWS), next, |trail| {
            query.with("/sent", "before", trail)
        });
    ListPage {
        action: None,
        notices: Vec::new(),
        path: "/sent",
        filter: Filter {
            unread: unread.told(lang),
            clear: "/sent".to_owned(),
            views: Vec::new(),
            count: texts::sent_order(lang).to_owned(),
            exports: ways_out(lang, |format| query.with("/sent/export", "format", format)),
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
fn text(viewer: &Viewer, lang: Lang, row: &SentRow) -> String {
    if viewer.may("hazard.view") { row.body.clone() } else { texts::sent_text_hidden(lang).to_owned() }
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
            Cell::text(text(&visit.viewer, lang, row)),
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

/// The filter in words, for whoever asked for the list as a file.
pub(crate) fn told(tx: &mut Tx, viewer: &Viewer, lang: Lang, query: &SentQuery) -> Result<String, Problem> {
    let filter = query.filter(tx)?;
    let (rows, _) = read(tx, viewer, &filter, 1)?;
    let channel = filter.channel.and_then(|_| rows.first().map(|row| row.label.clone()));
    let unit = match filter.unit {
        Some(id) if viewer.may_over(tx, "sent.read", id)? => Some(super::common::unit_name(tx, id)?),
        _ => None,
    };
    let seen = Seen { rows: Vec::new(), units: HashMap::new(), unit, channel };
    let chips = chips(lang, query, &seen).into_iter().map(|chip| chip.label);
    Ok(std::iter::once(viewer.home.name.clone()).chain(chips).collect::<Vec<_>>().join(" · "))
}

/// The heads of the same list as a file.
pub(crate) fn heads(lang: Lang) -> Vec<Head> {
    export::headings(&[
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
    ])
}

pub(super) async fn export(visit: Visit, Query(query): Query<SentQuery>) -> Result<Response, Failed> {
    visit.need_any(&["sent.read"])?;
    let (query, unread) = query.settled(visit.lang());
    unread.refused()?;
    let asking = Asking {
        menu: "sent",
        list: Arc::new(SentExport),
        format: Format::asked(&query.format)?,
        filter: query.kept(),
        back: query.with("/sent", "format", ""),
    };
    Ok(asking.answer(&visit).await?)
}

/// Up to `most` rows of the file after the filter's cursor, and where the next begin.
pub(crate) fn part(
    tx: &mut Tx,
    viewer: &Viewer,
    lang: Lang,
    filter: &SentFilter,
    most: usize,
) -> Result<(Vec<[String; 10]>, Option<String>), Problem> {
    let (mut rows, units) = read(tx, viewer, filter, most.saturating_add(1))?;
    let more = rows.len() > most;
    rows.truncate(most);
    let line = |row: &SentRow| {
        [
            Say(lang).date_time(row.at),
            units.get(&row.unit).cloned().unwrap_or_default(),
            row.label.clone(),
            row.host.clone(),
            topics(lang, row),
            row.items.to_string(),
            text(viewer, lang, row),
            notify::words::outcome(lang, row.outcome),
            notify::words::code(lang, &row.code),
            row.tries.to_string(),
        ]
    };
    let next = rows.last().filter(|_| more).map(place);
    Ok((rows.iter().map(line).collect(), next))
}
