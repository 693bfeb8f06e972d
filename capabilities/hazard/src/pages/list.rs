//! The list of hazards, with its filter as a sentence.

use std::collections::HashSet;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::{Timestamp, UnitId, limits};
use language::{Lang, Say};
use organisation::{UnitBrief, UnitKind};
use rules::RuleBook;
use web::{
    Failed, FormState, Shell, Trail, Visit,
    panel::pages_of,
    view::{Cell, Choice, Clock, Column, Empty, Filter, Level as Mark, Link, Pager, Table},
};

use super::{
    HazardPages,
    filter::{Choosable, LIST, ListQuery, Places, chips, closing_words, holder_words, stage_words},
    href, reach,
};
use crate::{
    level::{Level, Number, StageCode},
    query::{Closing, Count, HazardFilter, HazardRow, Holder, Sort, StageFilter, count, page},
    texts,
    views::{self, SavedView},
    words,
};

/// The column that names the school.
const SCHOOL: usize = 2;

#[derive(Template)]
#[template(path = "hazard/list.html")]
struct ListPage {
    shell: Shell,
    form: FormState,
    filter: Filter,
    towns: Vec<Choice>,
    schools: Vec<Choice>,
    stages: Vec<Choice>,
    levels: Vec<Choice>,
    categories: Vec<Choice>,
    sources: Vec<Choice>,
    repeats: Vec<Choice>,
    turns: Vec<Choice>,
    kinds: Vec<Choice>,
    closings: Vec<Choice>,
    sorts: Vec<Choice>,
    table: Table,
    pager: Pager,
    empty: Option<Empty>,
    may_register: bool,
    /// Saving this filter, one's saved views, one's exports.
    keep: Vec<Link>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["hazard.view", "hazard.view_own"])?;
    let (query, unread) = query.settled(visit.lang(), &pages.rules());
    let filter = query.filter();
    let now = visit.now();
    let viewer = visit.viewer.clone();
    let (asked, looked) = (filter.clone(), query.clone());
    let (found, total, places, choosable, own, schools) = visit
        .read(move |tx| {
            let reach = reach(tx, &viewer)?;
            let found = page(tx, &reach, &asked, now)?;
            let total = count(tx, &reach, &asked, now)?;
            let places = Places::of(tx, &viewer, &looked)?;
            let choosable = Choosable::of(tx, &viewer, &looked)?;
            let units: Vec<UnitId> = found.rows.iter().map(|row| row.unit).collect();
            let schools = pages_of(tx, &viewer, &units)?;
            Ok((found, total, places, choosable, views::all(tx, viewer.account)?, schools))
        })
        .await?;
    let lang = visit.lang();
    let rules = pages.rules();
    let chips = chips(lang, &rules, &query, &places);
    let shown = (found.rows.len(), limits::PAGE_ROWS);
    let next = found.next.map(|cursor| cursor.to_string());
    let pager = Trail::parse(&query.after)
        .pager(lang, shown, next, |trail| query.with(LIST, "after", trail))
        .among(lang, &count_words(lang, total));
    let empty = found.rows.is_empty().then(|| nothing(&visit, chips.is_empty()));
    let shell = visit.shell(texts::list_title(lang)).at("hazards");
    Ok(web::page(&ListPage {
        form: form(&visit, &query),
        filter: Filter {
            chips,
            unread: unread.told(lang),
            clear: LIST.to_owned(),
            views: view_links(lang, &query, &own),
            count: told(&visit.viewer.home.name, lang, &filter, &places, count_words(lang, total)),
            exports: exports(&visit, lang, &query),
        },
        towns: unit_choices(&choosable.towns, &query.town, places.town.as_deref()),
        schools: unit_choices(&choosable.schools, &query.unit, places.unit.as_deref()),
        stages: stage_choices(lang),
        levels: level_choices(lang),
        categories: category_choices(lang, &rules),
        sources: source_choices(lang, &rules),
        repeats: repeat_choices(lang),
        turns: turn_choices(lang),
        kinds: kind_choices(lang),
        closings: closing_choices(lang),
        sorts: sort_choices(lang),
        table: table(lang, &rules, &query, (&found.rows, &schools), now),
        pager,
        empty,
        may_register: visit.viewer.may("hazard.register"),
        keep: keep(&visit, lang, &query, &own),
        shell,
    }))
}

fn repeat_choices(lang: Lang) -> Vec<Choice> {
    vec![Choice::new("", texts::list_repeated_any(lang)), Choice::new("1", texts::list_repeated(lang))]
}

/// What stands where no row does.
fn nothing(visit: &Visit, all: bool) -> Empty {
    let lang = visit.lang();
    let sentence = match (all, visit.viewer.may("hazard.view")) {
        (true, true) => texts::list_empty_all(lang),
        (true, false) => texts::list_empty_own(lang),
        (false, _) => texts::list_empty(lang),
    };
    let register = || {
        let may = visit.viewer.may("hazard.register");
        may.then(|| Link::new(texts::list_register(lang), "/hazards/new"))
    };
    let act = if all { register() } else { Some(Link::new(texts::list_show_all(lang), LIST)) };
    Empty { sentence: sentence.to_owned(), act, icon: "hazard" }
}

fn form(visit: &Visit, query: &ListQuery) -> FormState {
    let stage = StageFilter::named(&query.stage).unwrap_or_default().name();
    visit
        .form()
        .with("stage", stage)
        .with("town", &query.canonical().town)
        .with("unit", &query.canonical().unit)
        .with("level", &query.level)
        .with("category", &query.category)
        .with("source", &query.source)
        .with("repeat", &query.canonical().repeat)
        .with("turn", &query.turn)
        .with("kind", &query.kind)
        .with("due_to", &query.due_to)
        .with("timely", &query.timely)
        .with("closed_from", &query.closed_from)
        .with("closed_to", &query.closed_to)
        .with("from", &query.from)
        .with("to", &query.to)
        .with("q", &query.q)
        .with("sort", query.filter().sort.name())
}

/// What the chips do not say: whose hazards these are, which of them are shown unasked, and how many there are.
fn told(home: &str, lang: Lang, filter: &HazardFilter, places: &Places, count: String) -> String {
    let named = places.town.is_some() || places.unit.is_some();
    let open = (filter.stage == StageFilter::Open).then(|| stage_words(lang, StageFilter::Open));
    let home = (!named).then(|| home.to_owned());
    home.into_iter().chain(open).chain([count]).collect::<Vec<_>>().join(" · ")
}

pub(super) fn count_words(lang: Lang, count: Count) -> String {
    match count {
        Count::Exactly(n) => texts::list_count(lang, Say(lang).number(n)),
        Count::Many => texts::list_count_many(lang).to_owned(),
    }
}

fn exports(visit: &Visit, lang: Lang, query: &ListQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    vec![
        Link::new(texts::list_export_xlsx(lang), query.with("/hazards/export", "format", "xlsx")),
        Link::new(texts::list_export_csv(lang), query.with("/hazards/export", "format", "csv")),
    ]
}

/// The four that everybody has, then one's own.
fn view_links(lang: Lang, query: &ListQuery, own: &[SavedView]) -> Vec<Link> {
    let here = query.canonical();
    let mine: Vec<Link> = own
        .iter()
        .map(|view| Link::new(&*view.name, view.query.address(LIST)).current(view.query == here))
        .collect();
    let elsewhere = !mine.iter().any(|link| link.current);
    // One of them is where one is only while nothing else narrows the list.
    let only = |stage: &str, level: &str| {
        here == ListQuery {
            stage: stage.to_owned(),
            level: level.to_owned(),
            sort: here.sort.clone(),
            ..ListQuery::default()
        }
    };
    let fixed = [
        (texts::list_view_open(lang), "/hazards", only("", "")),
        (texts::list_view_overdue(lang), "/hazards?stage=overdue&sort=due", only("overdue", "")),
        (texts::list_view_major(lang), "/hazards?level=major", only("", "major")),
        (texts::list_view_ended(lang), "/hazards?stage=ended", only("ended", "")),
    ];
    fixed
        .into_iter()
        .map(|(label, to, here)| Link::new(label, to).current(here && elsewhere))
        .chain(mine)
        .collect()
}

fn keep(visit: &Visit, lang: Lang, query: &ListQuery, own: &[SavedView]) -> Vec<Link> {
    let saving = query.canonical().address("/hazards/views");
    let mut links = vec![Link::new(texts::view_save_this(lang), saving)];
    if !own.is_empty() {
        links.push(Link::new(texts::view_title(lang), "/hazards/views"));
    }
    if visit.viewer.may("export") {
        links.push(Link::new(exports::texts::export_title(lang), "/exports"));
    }
    links
}

/// Nothing to choose where there is only one; what is set is always among them.
fn unit_choices(units: &[UnitBrief], set: &str, name: Option<&str>) -> Vec<Choice> {
    if units.len() < 2 && set.is_empty() {
        return Vec::new();
    }
    let code = |unit: UnitId| unit.0.simple().to_string();
    let mut choices = Vec::new();
    let set = UnitId::parse(set).filter(|set| !units.iter().any(|unit| unit.id == *set));
    choices.extend(set.zip(name).map(|(unit, name)| Choice::new(code(unit), name)));
    choices.extend(units.iter().map(|unit| Choice::new(code(unit.id), &unit.name)));
    choices
}

fn stage_choices(lang: Lang) -> Vec<Choice> {
    let groups =
        [StageFilter::Open, StageFilter::Overdue, StageFilter::Closed, StageFilter::Kept, StageFilter::All];
    groups
        .into_iter()
        .chain(StageCode::ALL.iter().map(|stage| StageFilter::One(*stage)))
        .map(|stage| Choice::new(stage.name(), stage_words(lang, stage)))
        .collect()
}

fn level_choices(lang: Lang) -> Vec<Choice> {
    std::iter::once(Choice::new("", texts::list_any_level(lang)))
        .chain(
            [Level::General, Level::Larger, Level::Major]
                .map(|l| Choice::new(l.name(), words::level(lang, Some(l)))),
        )
        .collect()
}

fn category_choices(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    std::iter::once(Choice::new("", texts::list_any_category(lang)))
        .chain(
            rules
                .categories()
                .iter()
                .filter(|c| c.is_on())
                .map(|c| Choice::new(&*c.code, words::pick(lang, &c.name))),
        )
        .collect()
}

fn source_choices(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    std::iter::once(Choice::new("", texts::list_any_source(lang)))
        .chain(rules.sources().iter().map(|s| Choice::new(&*s.code, words::pick(lang, &s.name))))
        .collect()
}

fn turn_choices(lang: Lang) -> Vec<Choice> {
    let each = Holder::ALL.iter().map(|one| Choice::new(one.name(), holder_words(lang, *one)));
    std::iter::once(Choice::new("", texts::list_any(lang))).chain(each).collect()
}

fn kind_choices(lang: Lang) -> Vec<Choice> {
    let kinds = UnitKind::ALL.iter().filter(|kind| kind.is_institution());
    let each = kinds.map(|kind| Choice::new(kind.name(), web::names::unit_kind(lang, *kind)));
    std::iter::once(Choice::new("", texts::list_any(lang))).chain(each).collect()
}

fn closing_choices(lang: Lang) -> Vec<Choice> {
    let each = Closing::ALL.iter().map(|one| Choice::new(one.name(), closing_words(lang, *one)));
    std::iter::once(Choice::new("", texts::list_any(lang))).chain(each).collect()
}

fn sort_choices(lang: Lang) -> Vec<Choice> {
    vec![Choice::new("newest", texts::list_sort_newest(lang)), Choice::new("due", texts::list_sort_due(lang))]
}

/// `open` are the schools whose pages the viewer may open.
fn table(
    lang: Lang,
    rules: &RuleBook,
    query: &ListQuery,
    (rows, open): (&[HazardRow], &HashSet<UnitId>),
    now: Timestamp,
) -> Table {
    let sorted = query.filter().sort == Sort::Due;
    Table {
        caption: texts::list_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::list_column_level(lang)),
            Column::new(texts::list_column_what(lang)),
            Column::new(texts::list_column_where(lang)),
            Column::new(texts::list_stage(lang)),
            Column::new(texts::list_column_clock(lang)).sort(
                query.with(LIST, "sort", if sorted { "newest" } else { "due" }),
                sorted.then_some(true),
            ),
        ],
        rows: rows.iter().map(|row| cells(lang, rules, row, now)).collect(),
    }
    .leading(SCHOOL, rows.iter().map(|row| row.unit), open)
}

/// The mark of a level: red only for major ones; the colours of risk are not the levels of hazards.
pub(super) const fn level_mark(level: Option<Level>) -> Mark {
    match level {
        Some(Level::Major) => Mark::Red,
        Some(Level::Larger) => Mark::Orange,
        Some(Level::General) | None => Mark::Plain,
    }
}

fn cells(lang: Lang, rules: &RuleBook, row: &HazardRow, now: Timestamp) -> Vec<Cell> {
    let category = words::category(lang, rules, &row.category);
    let about = if row.repeated { texts::list_repeats(lang, category) } else { category };
    vec![
        Cell::mark(level_mark(row.level), words::level(lang, row.level)),
        Cell::link(&row.title, href(row.id)).more(about),
        where_cell(&row.unit_name, row.number, &row.place),
        Cell::text(words::stage(lang, row.stage))
            .more(row.escalation.map(|step| words::climb(lang, step)).unwrap_or_default()),
        clock_cell(lang, row, now),
    ]
}

/// Every school counts from one, so a number alone names nothing: it stands under its school, beside the place.
pub(super) fn where_cell(school: &str, number: Number, place: &str) -> Cell {
    let number = number.to_string();
    let below = if place.is_empty() { number } else { format!("{number} · {place}") };
    Cell::text(school).more(below)
}

pub(super) fn clock_cell(lang: Lang, row: &HazardRow, now: Timestamp) -> Cell {
    match (row.due_at, row.closed_at) {
        (Some(due), _) if row.stage.is_open() => {
            Cell::clock(Clock::running(lang, row.registered_at.min(due), due, now))
        }
        (_, Some(closed)) => Cell::text(texts::clock_closed(lang, closed.local_date())),
        _ => Cell::text(texts::clock_registered(lang, row.registered_at.local_date())),
    }
}
