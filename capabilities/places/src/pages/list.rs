//! The list 点位.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::{UnitId, limits};
use language::Lang;
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    panel::pages_of,
    view::{Cell, Choice, Column, Empty, Filter, Link, Table},
};

use super::{PlacePages, href, kind_choices, named_kind, new_link, sheets_href, side_of, unit_choices};
use crate::{
    code,
    query::{PlaceFilter, PlaceRow, counted, rows, units},
    texts, words,
};

const LIST: &str = "/places";
/// The column that names the school.
pub(crate) const SCHOOL: usize = 4;

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub unit: String,
    pub kind: String,
    pub state: String,
    pub q: String,
    pub format: String,
}

impl ListQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang, rules: &RuleBook) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = [
            UnitId::parse(&self.unit).is_some(),
            rules.point_kinds().iter().any(|kind| *kind.code == *self.kind),
            self.state == "closed",
            self.q.chars().any(char::is_alphanumeric),
        ];
        let fields = [
            (texts::column_unit(lang), &mut self.unit),
            (texts::place_kind(lang), &mut self.kind),
            (texts::place_state(lang), &mut self.state),
            (texts::list_query(lang), &mut self.q),
        ];
        for ((label, value), known) in fields.into_iter().zip(known) {
            unread.clear(label, value, known);
        }
        (self, unread)
    }

    pub(super) fn filter(&self) -> PlaceFilter {
        PlaceFilter {
            unit: UnitId::parse(&self.unit),
            kind: (!self.kind.is_empty()).then(|| self.kind.clone()),
            closed: self.state == "closed",
            ..PlaceFilter::default()
        }
        .typed(&self.q.chars().take(limits::NAME_CHARS).collect::<String>())
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let fields =
            [("state", self.state.as_str()), ("unit", &self.unit), ("kind", &self.kind), ("q", &self.q)];
        web::address_with(path, &fields, field, value)
    }
}

#[derive(Template)]
#[template(path = "places/list.html")]
struct ListPage {
    shell: Shell,
    lead: &'static str,
    filter: Filter,
    form: FormState,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    state: String,
    table: Table,
    more: String,
    empty: Option<Empty>,
    add: Option<Link>,
    print: Option<Link>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<PlacePages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let (query, unread) = query.settled(lang, &rules);
    let (viewer, filter) = (visit.viewer.clone(), query.filter());
    let asked = filter.clone();
    let (found, (open, closed), units, schools) = visit
        .read(move |tx| {
            let found = rows(tx, &viewer, &asked, limits::PLACES + 1)?;
            let of: Vec<UnitId> = found.iter().map(|row| row.unit).collect();
            let schools = pages_of(tx, &viewer, &of)?;
            let units = units(tx, &viewer, access::names::PLACE_VIEW)?;
            Ok((found, counted(tx, &viewer, &asked)?, units, schools))
        })
        .await?;
    let shown = found.get(..limits::PLACES).unwrap_or(&found);
    let only = if units.len() == 1 { units.first().map(|(id, _)| *id) } else { filter.unit };
    let manages = visit.viewer.may("place.manage");
    let units = unit_choices(&units);
    let chips = chips(lang, &rules, &query, &units);
    let narrowed = !chips.is_empty();
    let add = manages.then(|| new_link(lang, only));
    Ok(web::page(&ListPage {
        lead: texts::list_lead(lang),
        filter: Filter {
            chips,
            unread: unread.told(lang),
            clear: web::address_with(LIST, &[("state", query.state.as_str())], "state", &query.state),
            views: vec![
                Link::new(texts::list_open(lang), query.with(LIST, "state", ""))
                    .current(!filter.closed)
                    .count(open),
                Link::new(texts::list_closed(lang), query.with(LIST, "state", "closed"))
                    .current(filter.closed)
                    .count(closed),
            ],
            count: texts::list_count(lang, if filter.closed { closed } else { open }),
            exports: exports(&visit, &query),
        },
        form: visit.form().with("unit", &query.unit).with("kind", &query.kind).with("q", &query.q),
        kinds: kind_choices(lang, &rules),
        units,
        state: query.state.clone(),
        table: table(lang, &rules, shown).leading(SCHOOL, shown.iter().map(|row| row.unit), &schools),
        more: if found.len() > shown.len() { texts::list_more(lang, limits::PLACES) } else { String::new() },
        empty: found.is_empty().then(|| nothing(lang, narrowed, filter.closed, add.clone())),
        print: only
            .filter(|_| open > 0)
            .map(|unit| Link::new(texts::sheets_print(lang), sheets_href(unit, None))),
        add,
        shell: visit.shell(texts::places_title(lang)).at("places"),
    }))
}

/// What stands where no row does.
fn nothing(lang: Lang, narrowed: bool, closed: bool, add: Option<Link>) -> Empty {
    let all = || Some(Link::new(texts::list_show_all(lang), LIST));
    let (sentence, act) = match (narrowed, closed) {
        (true, _) => (texts::list_empty_narrowed(lang), all()),
        (false, true) => (texts::list_empty_closed(lang), None),
        (false, false) => (texts::list_empty(lang), add),
    };
    Empty { sentence: sentence.to_owned(), act, icon: "qr" }
}

/// The conditions that are set, each with the address that takes it away.
fn chips(lang: Lang, rules: &RuleBook, query: &ListQuery, units: &[Choice]) -> Vec<Link> {
    let simple = UnitId::parse(&query.unit).map(|id| id.0.simple().to_string()).unwrap_or_default();
    let unit = units.iter().find(|choice| choice.value == simple).map(|choice| choice.label.clone());
    let unknown = || texts::list_chip_unknown(lang).to_owned();
    let all = [
        ("unit", (!query.unit.is_empty()).then(|| unit.unwrap_or_else(unknown))),
        ("kind", (!query.kind.is_empty()).then(|| named_kind(lang, rules, &query.kind))),
        ("q", (!query.q.is_empty()).then(|| texts::list_chip_query(lang, &query.q))),
    ];
    let chip = |(field, label): (&str, Option<String>)| Some(Link::new(label?, query.with(LIST, field, "")));
    all.into_iter().filter_map(chip).collect()
}

fn exports(visit: &Visit, query: &ListQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| query.with("/places/export", "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

pub(crate) fn table(lang: Lang, rules: &RuleBook, rows: &[PlaceRow]) -> Table {
    let cells = |row: &PlaceRow| {
        vec![
            Cell::link(words::named(&row.name, &row.spot), href(row.id)),
            Cell::text(named_kind(lang, rules, &row.kind)),
            Cell::text(side_of(lang, row)),
            Cell::text(code::shown(&row.code)),
            Cell::text(&row.unit_name),
        ]
    };
    Table {
        caption: texts::places_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::place_name(lang)),
            Column::new(texts::place_kind(lang)),
            Column::new(texts::place_side(lang)),
            Column::new(texts::place_code(lang)),
            Column::new(texts::column_unit(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
