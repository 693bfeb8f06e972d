//! The list of units, and the same as a file.

use access::Viewer;
use axum::{extract::Query, response::Response};
use documents::Head;
use journal::Permission;
use kernel::{Problem, UnitId, limits};
use language::{Lang, Say};
use organisation::{UnitFilter, UnitKind, UnitRow, units_counted, units_listed};
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, FormState, Trail, Unread, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Table},
};

use super::common::unit_choices;
use crate::{
    export::{self, Sheet},
    texts,
    view::{Field, ListPage},
    words,
};

/// Rows of an export read at a time.
const EXPORT_PAGE: usize = 500;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UnitsQuery {
    kind: String,
    township: String,
    q: String,
    closed: String,
    after: String,
    format: String,
}

impl UnitsQuery {
    fn filter(&self) -> UnitFilter {
        UnitFilter {
            kind: UnitKind::named(&self.kind),
            township: UnitId::parse(&self.township),
            query: self.q.chars().take(limits::NAME_CHARS).collect(),
            closed: self.closed == "1",
            after: Trail::parse(&self.after).here().to_owned(),
        }
    }

    /// Without what means nothing, and what that was.
    fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = UnitKind::named(&self.kind).is_some();
        unread.clear(texts::units_kind(lang), &mut self.kind, known);
        let known = UnitId::parse(&self.township).is_some();
        unread.clear(texts::units_township(lang), &mut self.township, known);
        let known = self.closed == "1";
        unread.clear(texts::units_state(lang), &mut self.closed, known);
        (self, unread)
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let filter: [(&str, &str); 4] =
            [("kind", &self.kind), ("township", &self.township), ("q", &self.q), ("closed", &self.closed)];
        web::address_with(path, &filter, field, value)
    }
}

pub(super) async fn show(visit: Visit, Query(query): Query<UnitsQuery>) -> Result<Response, Failed> {
    visit.need_any(&["unit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    let filter = query.filter();
    let viewer = visit.viewer.clone();
    let asked = filter.clone();
    let (mut rows, total, townships) = visit
        .read(move |tx| {
            let scope = viewer.scope("unit.view").condition("u.id", 1);
            let rows = units_listed(tx, &scope, &asked, limits::PAGE_ROWS + 1)?;
            let total = units_counted(tx, &scope, &asked)?;
            let only = UnitFilter { kind: Some(UnitKind::Township), ..UnitFilter::default() };
            Ok((rows, total, units_listed(tx, &scope, &only, limits::PAGE_ROWS * 2)?))
        })
        .await?;
    let lang = visit.lang();
    let more = rows.len() > limits::PAGE_ROWS;
    rows.truncate(limits::PAGE_ROWS);
    let next = rows.last().filter(|_| more).map(|last| last.brief.code.clone());
    let pager = Trail::parse(&query.after)
        .pager(lang, (rows.len(), limits::PAGE_ROWS), next, |trail| query.with("/units", "after", trail))
        .among(lang, &texts::units_count(lang, Say(lang).number(total)));
    let townships: Vec<_> = townships.into_iter().map(|row| row.brief).collect();
    let chips = chips(lang, &query, &townships);
    let empty = rows.is_empty().then(|| empty(&visit, chips.is_empty()));
    let mut township_choices = vec![Choice::new("", texts::units_any_township(lang))];
    township_choices.extend(unit_choices(&visit, &townships));
    let shown = ListPage {
        action: visit.viewer.may("unit.manage").then(|| Link::new(texts::units_new(lang), "/units/new")),
        notices: Vec::new(),
        path: "/units",
        filter: Filter {
            unread: unread.told(lang),
            chips,
            clear: "/units".to_owned(),
            views: vec![
                Link::new(texts::units_open(lang), query.with("/units", "closed", ""))
                    .current(!filter.closed),
                Link::new(texts::units_closed(lang), query.with("/units", "closed", "1"))
                    .current(filter.closed),
            ],
            count: texts::units_count(lang, Say(lang).number(total)),
            exports: exports(&visit, &query),
        },
        fields: vec![
            Field::text("q", texts::units_query(lang)),
            Field::select("kind", texts::units_kind(lang), kind_choices(lang)),
            Field::select("township", texts::units_township(lang), township_choices),
        ],
        form: FormState::new(lang, "")
            .with("q", &query.q)
            .with("kind", &query.kind)
            .with("township", &query.township),
        table: table(lang, &rows),
        pager,
        empty,
        shell: visit.shell(texts::units_title(lang)).at("units"),
    };
    Ok(web::page(&shown))
}

fn exports(visit: &Visit, query: &UnitsQuery) -> Vec<Link> {
    if !EXPORT.iter().any(|permission| visit.viewer.may(permission)) {
        return Vec::new();
    }
    export::links(visit.lang(), |format| query.with("/units/export", "format", format))
}

fn empty(visit: &Visit, plain: bool) -> Empty {
    let lang = visit.lang();
    if !plain {
        return Empty {
            sentence: texts::units_none_found(lang).to_owned(),
            act: Some(Link::new(texts::filter_all(lang), "/units")),
            icon: "search",
        };
    }
    let act = visit.viewer.may("unit.manage").then(|| Link::new(texts::units_new(lang), "/units/new"));
    Empty { sentence: texts::units_none(lang).to_owned(), act, icon: "units" }
}

fn chips(lang: Lang, query: &UnitsQuery, townships: &[organisation::UnitBrief]) -> Vec<Link> {
    let mut chips = Vec::new();
    if let Some(id) = UnitId::parse(&query.township) {
        let name = townships.iter().find(|t| t.id == id).map_or_else(|| "…".to_owned(), |t| t.name.clone());
        chips.push(Link::new(name, query.with("/units", "township", "")));
    }
    if let Some(kind) = UnitKind::named(&query.kind) {
        chips.push(Link::new(web::names::unit_kind(lang, kind), query.with("/units", "kind", "")));
    }
    if !query.q.is_empty() {
        chips.push(Link::new(texts::filter_words(lang, &query.q), query.with("/units", "q", "")));
    }
    chips
}

pub(super) fn kind_choices(lang: Lang) -> Vec<Choice> {
    let any = std::iter::once(Choice::new("", texts::units_any_kind(lang)));
    any.chain(UnitKind::ALL.iter().map(|kind| Choice::new(kind.name(), web::names::unit_kind(lang, *kind))))
        .collect()
}

fn table(lang: Lang, rows: &[UnitRow]) -> Table {
    let cells = |row: &UnitRow| {
        let name = Cell::link(&row.brief.name, href(row.brief.id)).more(above(&row.brief.path));
        let state = match row.closed_on {
            Some(day) => Cell::mark(Level::Plain, texts::unit_closed_on(lang, Say(lang).day(day))),
            None => Cell::text(texts::unit_open(lang)),
        };
        vec![
            name,
            Cell::text(web::names::unit_kind(lang, row.brief.kind)),
            Cell::text(&row.brief.code).more(words::code_kind(lang, row.brief.kind, &row.brief.code)),
            Cell::text(some_number(lang, row.pupils)),
            Cell::text(some_number(lang, row.staff)),
            state,
        ]
    };
    Table {
        caption: texts::units_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::units_name(lang)),
            Column::new(texts::units_kind(lang)),
            Column::new(texts::units_code(lang)),
            Column::new(texts::units_pupils(lang)).number(),
            Column::new(texts::units_staff(lang)).number(),
            Column::new(texts::units_state(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}

/// A count that nobody entered is an empty cell; 0 is 0.
fn some_number(lang: Lang, number: Option<i64>) -> String {
    number.map(|number| Say(lang).number(number)).unwrap_or_default()
}

/// The path without the unit itself.
fn above(path: &str) -> String {
    path.rsplit_once('/').map_or_else(String::new, |(above, _)| above.replace('/', " › "))
}

/// Whoever may take the list out: with all lists, or it alone.
pub(crate) const EXPORT: &[Permission] = &["export", "unit.export"];

/// Where a unit's page is.
pub(super) fn href(id: UnitId) -> String {
    web::panel::unit_href(id)
}

pub(super) async fn export(visit: Visit, Query(query): Query<UnitsQuery>) -> Result<Response, Failed> {
    visit.need_any(EXPORT)?;
    visit.need_any(&["unit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    unread.refused()?;
    let lang = visit.lang();
    let sheet = Sheet { stem: "units", title: texts::units_title(lang), heads: heads(lang) };
    let mut filter = UnitFilter { after: String::new(), ..query.filter() };
    let viewer = visit.viewer.clone();
    let produce = move |tx: &mut Tx, sink: export::Sink<'_>| {
        loop {
            let (rows, next) = part(tx, &viewer, lang, &filter, EXPORT_PAGE)?;
            for row in rows {
                if !sink(&row) {
                    return Ok(());
                }
            }
            match next {
                Some(after) => filter.after = after,
                None => return Ok(()),
            }
        }
    };
    Ok(export::answer(&visit, &query.format, sheet, produce).await?)
}

/// The headings of the list as a table, with widths in characters.
pub fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::units_code(lang), 14),
        (texts::units_name(lang), 28),
        (texts::units_kind(lang), 14),
        (texts::units_above(lang), 40),
        (texts::units_pupils(lang), 10),
        (texts::units_boarders(lang), 10),
        (texts::units_staff(lang), 10),
        (texts::units_closed(lang), 12),
    ]
    .into_iter()
    .map(|(label, width)| Head::new(label, width))
    .collect()
}

/// Some rows of the list as a table, and the code after which the next begin. Both rights over the same units: what
/// is seen, and where it may be taken out.
///
/// # Errors
/// Whatever the database answers.
pub fn part(
    tx: &mut Tx,
    viewer: &Viewer,
    lang: Lang,
    filter: &UnitFilter,
    most: usize,
) -> Result<(Vec<Vec<String>>, Option<String>), Problem> {
    let seen = viewer.scope("unit.view").condition("u.id", 1);
    let rows = units_listed(tx, &seen, filter, most)?;
    let next = rows.last().filter(|_| rows.len() == most).map(|row| row.brief.code.clone());
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut taken = false;
        for permission in EXPORT {
            taken = taken || viewer.may_over(tx, permission, row.brief.id)?;
        }
        if taken {
            lines.push(cells(lang, row));
        }
    }
    Ok((lines, next))
}

fn cells(lang: Lang, row: &UnitRow) -> Vec<String> {
    let count = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        row.brief.code.clone(),
        row.brief.name.clone(),
        web::names::unit_kind(lang, row.brief.kind),
        above(&row.brief.path),
        count(row.pupils),
        count(row.boarders),
        count(row.staff),
        row.closed_on.map(|day| day.to_string()).unwrap_or_default(),
    ]
}
