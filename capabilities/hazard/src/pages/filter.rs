//! The filter of the list: as it stands in an address, as chips, as one sentence, and as it is kept.

use access::{Scope, Viewer};
use kernel::{Problem, UnitId, limits};
use language::Lang;
use organisation::{UnitBrief, UnitFilter, UnitKind, unit_brief, units_listed};
use rules::RuleBook;
use serde::{Deserialize, Serialize};
use storage::Tx;
use web::{Trail, Unread, view::Link};

use crate::{
    level::Level,
    query::{Closing, Cursor, HazardFilter, Holder, Sort, StageFilter},
    texts, words,
};

/// Where the list is.
pub(crate) const LIST: &str = "/hazards";

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    pub stage: String,
    pub level: String,
    pub category: String,
    pub source: String,
    pub unit: String,
    pub town: String,
    pub repeat: String,
    pub turn: String,
    pub kind: String,
    pub due_to: String,
    pub timely: String,
    pub closed_from: String,
    pub closed_to: String,
    pub from: String,
    pub to: String,
    pub q: String,
    pub sort: String,
    #[serde(skip_serializing)]
    pub after: String,
    #[serde(skip_serializing)]
    pub format: String,
}

impl ListQuery {
    /// As it was kept; what cannot be read counts as not said.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept.
    pub fn kept(&self) -> String {
        serde_json::to_string(&self.canonical()).unwrap_or_default()
    }

    /// The same filter always looks the same: nothing that is the default, that cannot be read, or is about one page.
    pub fn canonical(&self) -> Self {
        let filter = self.filter();
        let day = |day: Option<kernel::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let code = |text: Option<String>| text.unwrap_or_default().chars().take(limits::NAME_CHARS).collect();
        Self {
            stage: match filter.stage {
                StageFilter::Open => String::new(),
                stage => stage.name().to_owned(),
            },
            level: filter.level.map(|level| level.name().to_owned()).unwrap_or_default(),
            category: code(filter.category),
            source: code(filter.source),
            unit: filter.unit.map(|unit| unit.0.simple().to_string()).unwrap_or_default(),
            town: filter.town.map(|unit| unit.0.simple().to_string()).unwrap_or_default(),
            repeat: if filter.repeated { "1".to_owned() } else { String::new() },
            turn: filter.holder.map(|holder| holder.name().to_owned()).unwrap_or_default(),
            kind: filter.kind.map(|kind| kind.name().to_owned()).unwrap_or_default(),
            due_to: day(filter.due_to),
            timely: filter.closing.map(|closing| closing.name().to_owned()).unwrap_or_default(),
            closed_from: day(filter.closed_from),
            closed_to: day(filter.closed_to),
            from: day(filter.from),
            to: day(filter.to),
            q: Some(filter.query.trim())
                .filter(|q| q.chars().any(char::is_alphanumeric))
                .unwrap_or_default()
                .to_owned(),
            sort: match filter.sort {
                Sort::Newest => String::new(),
                Sort::Due => Sort::Due.name().to_owned(),
            },
            after: String::new(),
            format: String::new(),
        }
    }

    /// Without what means nothing, and what that was.
    pub fn settled(mut self, lang: Lang, rules: &RuleBook) -> (Self, Unread) {
        let mut unread = Unread::default();
        let unit = |text: &str| UnitId::parse(text).is_some();
        let known = [
            StageFilter::named(&self.stage).is_some(),
            Level::named(&self.level).is_some(),
            rules.category(&self.category).is_some(),
            rules.sources().iter().any(|source| *source.code == *self.source),
            unit(&self.town),
            unit(&self.unit),
            self.repeat == "1",
            Holder::named(&self.turn).is_some(),
            UnitKind::named(&self.kind).is_some_and(UnitKind::is_institution),
            Closing::named(&self.timely).is_some(),
            self.q.chars().any(char::is_alphanumeric),
            [Sort::Newest, Sort::Due].iter().any(|sort| sort.name() == self.sort),
        ];
        let fields = [
            (texts::list_stage(lang), &mut self.stage),
            (texts::list_level(lang), &mut self.level),
            (texts::list_category(lang), &mut self.category),
            (texts::list_source(lang), &mut self.source),
            (texts::list_town(lang), &mut self.town),
            (texts::list_school(lang), &mut self.unit),
            (texts::list_repeat(lang), &mut self.repeat),
            (texts::list_turn(lang), &mut self.turn),
            (texts::list_kind(lang), &mut self.kind),
            (texts::list_timely(lang), &mut self.timely),
            (texts::list_query(lang), &mut self.q),
            (texts::list_sort(lang), &mut self.sort),
        ];
        for ((label, value), known) in fields.into_iter().zip(known) {
            unread.clear(label, value, known);
        }
        unread.clear_days((texts::list_from(lang), &mut self.from), (texts::list_to(lang), &mut self.to));
        let closed = (texts::list_closed_from(lang), &mut self.closed_from);
        unread.clear_days(closed, (texts::list_closed_to(lang), &mut self.closed_to));
        let due: Option<kernel::Date> = self.due_to.parse().ok();
        unread.clear(texts::list_due_to(lang), &mut self.due_to, due.is_some());
        (self, unread)
    }

    /// Its address under a path, from its first page.
    pub fn address(&self, path: &str) -> String {
        self.with(path, "after", "")
    }

    pub fn filter(&self) -> HazardFilter {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let stage = StageFilter::named(&self.stage).unwrap_or_default();
        // Deadlines order what is open, and what is found by words comes newest first: nothing else is claimed.
        let ordered = matches!(stage, StageFilter::Open | StageFilter::Overdue) && self.q.trim().is_empty();
        HazardFilter {
            unit: UnitId::parse(&self.unit),
            town: UnitId::parse(&self.town),
            stage,
            level: Level::named(&self.level),
            category: some(&self.category),
            source: some(&self.source),
            repeated: self.repeat == "1",
            holder: Holder::named(&self.turn),
            kind: UnitKind::named(&self.kind).filter(|kind| kind.is_institution()),
            closing: Closing::named(&self.timely),
            closed_from: self.closed_from.parse().ok(),
            closed_to: self.closed_to.parse().ok(),
            due_to: self.due_to.parse().ok(),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
            query: self.q.chars().take(limits::NAME_CHARS).collect(),
            sort: if ordered && self.sort == "due" { Sort::Due } else { Sort::Newest },
            after: Cursor::parse(Trail::parse(&self.after).here()),
        }
    }

    fn fields(&self) -> [(&'static str, &str); 17] {
        [
            ("stage", &self.stage),
            ("level", &self.level),
            ("category", &self.category),
            ("source", &self.source),
            ("unit", &self.unit),
            ("town", &self.town),
            ("repeat", &self.repeat),
            ("turn", &self.turn),
            ("kind", &self.kind),
            ("due_to", &self.due_to),
            ("timely", &self.timely),
            ("closed_from", &self.closed_from),
            ("closed_to", &self.closed_to),
            ("from", &self.from),
            ("to", &self.to),
            ("q", &self.q),
            ("sort", &self.sort),
        ]
    }

    /// The address with one field changed; without a cursor.
    pub fn with(&self, path: &str, field: &str, value: &str) -> String {
        web::address_with(path, &self.fields(), field, value)
    }
}

/// The conditions that are set, each with the address that takes it away.
pub(super) fn chips(lang: Lang, rules: &RuleBook, query: &ListQuery, places: &Places) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, label: String| chips.push(Link::new(label, query.with(LIST, field, "")));
    if let Some(town) = &places.town {
        chip("town", town.clone());
    }
    if let Some(unit) = &places.unit {
        chip("unit", unit.clone());
    }
    match StageFilter::named(&query.stage) {
        Some(stage) if stage != StageFilter::Open => chip("stage", stage_words(lang, stage)),
        Some(_) | None => {}
    }
    if let Some(level) = Level::named(&query.level) {
        chip("level", words::level(lang, Some(level)));
    }
    if !query.category.is_empty() {
        chip("category", words::category(lang, rules, &query.category));
    }
    if !query.source.is_empty() {
        chip("source", words::source(lang, rules, &query.source));
    }
    if query.repeat == "1" {
        chip("repeat", texts::list_repeated(lang).to_owned());
    }
    let filter = query.filter();
    if let Some(holder) = filter.holder {
        chip("turn", holder_words(lang, holder));
    }
    if let Some(kind) = filter.kind {
        chip("kind", web::names::unit_kind(lang, kind));
    }
    if let Some(closing) = filter.closing {
        chip("timely", closing_words(lang, closing));
    }
    day_chips(lang, &filter, &mut chip);
    // Signs alone are looked for nowhere.
    if query.q.chars().any(char::is_alphanumeric) {
        chip("q", texts::list_chip_query(lang, &query.q));
    }
    chips
}

/// A day that is none narrows nothing, so nothing is said of it.
fn day_chips(lang: Lang, filter: &HazardFilter, chip: &mut impl FnMut(&str, String)) {
    if let Some(day) = filter.due_to {
        chip("due_to", texts::list_chip_due_to(lang, day.to_string()));
    }
    if let Some(day) = filter.closed_from {
        chip("closed_from", texts::list_chip_closed_from(lang, day.to_string()));
    }
    if let Some(day) = filter.closed_to {
        chip("closed_to", texts::list_chip_closed_to(lang, day.to_string()));
    }
    if let Some(day) = filter.from {
        chip("from", texts::list_chip_from(lang, day.to_string()));
    }
    if let Some(day) = filter.to {
        chip("to", texts::list_chip_to(lang, day.to_string()));
    }
}

/// 轮到学校、轮到中心学校、轮到县局
pub(super) fn holder_words(lang: Lang, holder: Holder) -> String {
    texts::lookup(lang, &format!("list-turn-{}", holder.name()), &[]).unwrap_or_default()
}

/// 按期销号、逾期销号 ...
pub(super) fn closing_words(lang: Lang, closing: Closing) -> String {
    texts::lookup(lang, &format!("list-timely-{}", closing.name()), &[]).unwrap_or_default()
}

/// The filter as one sentence: 师宗县教育体育局 · 已逾期 · 重大.
pub(crate) fn sentence(
    tx: &mut Tx,
    viewer: &Viewer,
    lang: Lang,
    rules: &RuleBook,
    query: &ListQuery,
) -> Result<String, Problem> {
    let places = Places::of(tx, viewer, query)?;
    let named = [places.town, places.unit].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let place = if named.is_empty() { viewer.home.name.clone() } else { named };
    let filter = query.filter();
    let open = (filter.stage == StageFilter::Open).then(|| stage_words(lang, StageFilter::Open));
    let sorted = (filter.sort == Sort::Due).then(|| texts::list_sort_due(lang).to_owned());
    let chips = chips(lang, rules, query, &Places::default()).into_iter().map(|chip| chip.label);
    Ok(std::iter::once(place).chain(open).chain(chips).chain(sorted).collect::<Vec<_>>().join(" · "))
}

/// The names of the units in a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub town: Option<String>,
    pub unit: Option<String>,
}

impl Places {
    pub(super) fn of(tx: &mut Tx, viewer: &Viewer, query: &ListQuery) -> Result<Self, Problem> {
        Ok(Self { town: place(tx, viewer, &query.town)?, unit: place(tx, viewer, &query.unit)? })
    }
}

/// The name of a unit in a filter: an address or a saved view must not tell a name its viewer may not see.
fn place(tx: &mut Tx, viewer: &Viewer, unit: &str) -> Result<Option<String>, Problem> {
    let Some(id) = UnitId::parse(unit) else { return Ok(None) };
    let over = viewer.permissions_over(tx, id)?;
    let seen = over.has("hazard.view") || over.has("hazard.view_own") || over.has("unit.view");
    let brief = if seen { unit_brief(tx, id)? } else { None };
    Ok(Some(brief.map_or_else(|| "…".to_owned(), |unit| unit.name)))
}

/// The townships and schools that a viewer of several may choose from, by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choosable {
    pub towns: Vec<UnitBrief>,
    pub schools: Vec<UnitBrief>,
}

/// Schools offered at once: of more, a township is chosen first, or a name is typed. Every page of the list carries
/// them.
const SCHOOLS: usize = 80;
/// Townships in the choice.
const TOWNS: usize = 200;

impl Choosable {
    /// Schools only of the township that is chosen.
    pub(super) fn of(tx: &mut Tx, viewer: &Viewer, query: &ListQuery) -> Result<Self, Problem> {
        let scope = match viewer.scope("hazard.view") {
            Scope::Units(roots) if roots.iter().all(|root| root.line.is_none()) => return Ok(Self::default()),
            scope => scope.condition("u.id", 1),
        };
        let towns = UnitFilter { kind: Some(UnitKind::Township), ..UnitFilter::default() };
        let towns = units_listed(tx, &scope, &towns, TOWNS)?;
        let township = UnitId::parse(&query.town);
        let all = UnitFilter { township, ..UnitFilter::default() };
        // Every page of a county's list asks: whoever reaches all schools needs no look at where each of them lies.
        let everywhere =
            viewer.reaches_institutions("hazard.view").then(|| Scope::Everything.condition("u.id", 1));
        let mut schools = units_listed(tx, &everywhere.unwrap_or(scope), &all, SCHOOLS + 1)?;
        if schools.len() > SCHOOLS && township.is_none() {
            schools.clear();
        }
        let schools = schools.into_iter().map(|row| row.brief).filter(|brief| brief.kind.is_institution());
        Ok(Self { towns: towns.into_iter().map(|row| row.brief).collect(), schools: schools.collect() })
    }
}

/// 未销号、已逾期、整改中 ...
pub(super) fn stage_words(lang: Lang, stage: StageFilter) -> String {
    texts::lookup(lang, &format!("hazard-stage-{}", stage.name()), &[]).unwrap_or_default()
}
