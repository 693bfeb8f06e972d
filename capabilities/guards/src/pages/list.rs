//! How many guards each campus must have, declares, has and lacks; and who is enough under one standard and not under
//! another.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::{UnitId, limits};
use language::{Lang, Say};
use organisation::UnitKind;
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Table},
};

use super::{GuardsPages, VIEW, school_href};
use crate::{
    staffing::{Kit, Rate, Staffed, Verdict, rate},
    survey::survey,
    texts, words,
};

const LIST: &str = "/guards";
/// Campuses on one page: a county has some hundreds; whoever sees more narrows it down or takes the file.
const SHOWN: usize = 600;

kernel::named! {
    /// Which campuses are shown.
    pub(super) enum View {
        /// All.
        All = "all",
        /// 有缺口
        Short = "short",
        /// 已配齐
        Enough = "enough",
        /// It cannot be said.
        Unknown = "unknown",
        /// The standards disagree.
        Flips = "flips",
        /// Declared and evidenced differ.
        Differs = "differs",
        /// Nobody declared.
        Undeclared = "undeclared",
    }
}

impl View {
    fn holds(self, staffed: &Staffed) -> bool {
        match self {
            Self::All => true,
            Self::Short => matches!(staffed.verdict(), Verdict::Short(_)),
            Self::Enough => staffed.verdict() == Verdict::Enough,
            Self::Unknown => matches!(staffed.verdict(), Verdict::Unknown | Verdict::Partly),
            Self::Flips => staffed.flips().next().is_some(),
            Self::Differs => staffed.differs(),
            Self::Undeclared => staffed.place.declared.is_none(),
        }
    }
}

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub view: String,
    pub township: String,
    pub kind: String,
    pub boarding: String,
    pub kit: String,
    pub q: String,
    pub format: String,
}

impl ListQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = [
            View::named(&self.view).is_some(),
            UnitId::parse(&self.township).is_some(),
            UnitKind::named(&self.kind).is_some_and(UnitKind::is_institution),
            matches!(self.boarding.as_str(), "yes" | "no"),
            Kit::named(&self.kit).is_some(),
            self.q.chars().any(char::is_alphanumeric),
        ];
        let fields = [
            (texts::column_lacking(lang), &mut self.view),
            (texts::column_township(lang), &mut self.township),
            (texts::column_kind(lang), &mut self.kind),
            (texts::column_boarding(lang), &mut self.boarding),
            (texts::kit_title(lang), &mut self.kit),
            (texts::list_query(lang), &mut self.q),
        ];
        for ((label, value), known) in fields.into_iter().zip(known) {
            unread.clear(label, value, known);
        }
        (self, unread)
    }

    fn view(&self) -> View {
        View::named(&self.view).unwrap_or(View::All)
    }

    fn narrowed(&self) -> bool {
        [&self.township, &self.kind, &self.boarding, &self.kit, &self.q].iter().any(|field| !field.is_empty())
    }

    /// Everything but the view.
    fn holds(&self, staffed: &Staffed) -> bool {
        let place = &staffed.place;
        let township = UnitId::parse(&self.township);
        let words = self.q.trim().to_lowercase();
        township.is_none_or(|id| place.township.as_ref().is_some_and(|(known, _)| *known == id))
            && UnitKind::named(&self.kind).is_none_or(|kind| place.kind == kind)
            && match self.boarding.as_str() {
                "yes" => place.boards(),
                "no" => !place.boards(),
                _ => true,
            }
            && Kit::named(&self.kit).is_none_or(|kit| staffed.kit == kit)
            && (words.is_empty() || place.called().to_lowercase().contains(&words))
    }

    /// What is asked for, of everything that may be seen.
    pub(super) fn chosen(&self, all: Vec<Staffed>) -> Vec<Staffed> {
        let view = self.view();
        all.into_iter().filter(|staffed| self.holds(staffed) && view.holds(staffed)).collect()
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let fields = [
            ("view", self.view.as_str()),
            ("township", &self.township),
            ("kind", &self.kind),
            ("boarding", &self.boarding),
            ("kit", &self.kit),
            ("q", &self.q.chars().take(limits::NAME_CHARS).collect::<String>()),
        ];
        web::address_with(path, &fields, field, value)
    }
}

#[derive(Template)]
#[template(path = "guards/list.html")]
struct ListPage {
    shell: Shell,
    lead: String,
    rate: String,
    filter: Filter,
    form: FormState,
    townships: Vec<Choice>,
    kinds: Vec<Choice>,
    boarding: Vec<Choice>,
    found: Vec<Choice>,
    view: String,
    table: Table,
    more: String,
    empty: Option<Empty>,
    links: Vec<Link>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    let (lang, rules, today) = (visit.lang(), pages.rules(), visit.now().local_date());
    let (query, unread) = query.settled(lang);
    let scope = visit.viewer.scope("guards.view");
    let book = rules.clone();
    let all = visit.read_long(move |tx| survey(tx, &book, &scope, today)).await?;
    let (townships, kinds) = (townships(&all), kinds(lang, &all));
    let rate = rate_told(lang, rate(&all));
    let lead = lead(lang, &rules, &all, today);
    let narrowed: Vec<Staffed> = all.into_iter().filter(|staffed| query.holds(staffed)).collect();
    let views = tabs(lang, &query, &narrowed);
    let found: Vec<&Staffed> = narrowed.iter().filter(|staffed| query.view().holds(staffed)).collect();
    let shown = found.get(..SHOWN).unwrap_or(&found);
    let boarding =
        vec![Choice::new("yes", texts::boarding_yes(lang)), Choice::new("no", texts::boarding_no(lang))];
    Ok(web::page(&ListPage {
        lead,
        rate,
        filter: Filter {
            chips: chips(lang, &query, &townships),
            unread: unread.told(lang),
            clear: web::address_with(LIST, &[("view", query.view.as_str())], "view", &query.view),
            views,
            count: count(lang, &found),
            exports: exports(&visit, &query),
        },
        form: visit
            .form()
            .with("township", simple(&query.township))
            .with("kind", &query.kind)
            .with("boarding", &query.boarding)
            .with("kit", &query.kit)
            .with("q", &query.q),
        townships,
        kinds,
        boarding,
        found: Kit::ALL.iter().map(|kit| Choice::new(kit.name(), words::kit(lang, *kit))).collect(),
        view: query.view.clone(),
        table: table(lang, shown),
        more: if found.len() > shown.len() { texts::list_more(lang, SHOWN) } else { String::new() },
        empty: found.is_empty().then(|| nothing(lang, &query)),
        links: links(&visit),
        shell: visit.shell(texts::guards_title(lang)).at("guards"),
    }))
}

/// What is in force, where everything shown has one and the same.
fn lead(lang: Lang, rules: &RuleBook, all: &[Staffed], today: kernel::Date) -> String {
    let mut own = all.iter().filter_map(|staffed| staffed.judged.first().map(|judged| &judged.variant));
    let first = own.next();
    match first.filter(|first| own.all(|other| other == *first)) {
        Some(variant) => texts::list_lead(lang, words::variant(lang, rules, variant, today)),
        None if all.is_empty() => texts::list_lead_none(lang).to_owned(),
        None => texts::list_lead_several(lang).to_owned(),
    }
}

fn rate_told(lang: Lang, rate: Rate) -> String {
    if rate.of == 0 && rate.unknown == 0 {
        return String::new();
    }
    let share = u64::from(rate.met) * 1000 / u64::from(rate.of).max(1);
    let share = i64::try_from(share).unwrap_or(0);
    let told = texts::list_rate(lang, rate.met, rate.of, Say(lang).per_mille(share));
    match rate.unknown {
        0 => told,
        unknown => format!("{told}{}", texts::list_rate_unknown(lang, unknown)),
    }
}

fn simple(text: &str) -> String {
    UnitId::parse(text).map(|id| id.0.simple().to_string()).unwrap_or_default()
}

fn townships(all: &[Staffed]) -> Vec<Choice> {
    let mut found: Vec<(&UnitId, &String)> = all
        .iter()
        .filter_map(|staffed| staffed.place.township.as_ref().map(|(id, name)| (id, name)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(id, name)| Choice::new(id.0.simple().to_string(), name)).collect()
}

fn kinds(lang: Lang, all: &[Staffed]) -> Vec<Choice> {
    let mut found: Vec<UnitKind> = all.iter().map(|staffed| staffed.place.kind).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|kind| Choice::new(kind.name(), web::names::unit_kind(lang, kind))).collect()
}

fn chips(lang: Lang, query: &ListQuery, townships: &[Choice]) -> Vec<Link> {
    let township = simple(&query.township);
    let township =
        townships.iter().find(|choice| choice.value == township).map(|choice| choice.label.clone());
    let boarding = match query.boarding.as_str() {
        "yes" => Some(texts::boarding_yes(lang).to_owned()),
        "no" => Some(texts::boarding_no(lang).to_owned()),
        _ => None,
    };
    let unknown = || texts::list_chip_unknown(lang).to_owned();
    let all = [
        ("township", (!query.township.is_empty()).then(|| township.unwrap_or_else(unknown))),
        ("kind", UnitKind::named(&query.kind).map(|kind| web::names::unit_kind(lang, kind))),
        ("boarding", boarding),
        ("kit", Kit::named(&query.kit).map(|kit| texts::list_chip_kit(lang, words::kit(lang, kit)))),
        ("q", (!query.q.is_empty()).then(|| texts::list_chip_query(lang, &query.q))),
    ];
    let chip = |(field, label): (&str, Option<String>)| Some(Link::new(label?, query.with(LIST, field, "")));
    all.into_iter().filter_map(chip).collect()
}

fn tabs(lang: Lang, query: &ListQuery, narrowed: &[Staffed]) -> Vec<Link> {
    let amount = |view: View| {
        u32::try_from(narrowed.iter().filter(|staffed| view.holds(staffed)).count()).unwrap_or(u32::MAX)
    };
    let label = |view: View| {
        match view {
            View::All => texts::view_all(lang),
            View::Short => texts::view_short(lang),
            View::Enough => texts::view_enough(lang),
            View::Unknown => texts::view_unknown(lang),
            View::Flips => texts::view_flips(lang),
            View::Differs => texts::view_differs(lang),
            View::Undeclared => texts::view_undeclared(lang),
        }
        .to_owned()
    };
    View::ALL
        .iter()
        .map(|view| {
            Link::new(label(*view), query.with(LIST, "view", view.name()))
                .current(*view == query.view())
                .count(amount(*view))
        })
        .collect()
}

/// How many campuses, and how many guards are lacking there.
fn count(lang: Lang, found: &[&Staffed]) -> String {
    let lacking: u32 = found.iter().map(|staffed| staffed.verdict().shortfall()).sum();
    texts::list_count(lang, found.len(), lacking)
}

fn nothing(lang: Lang, query: &ListQuery) -> Empty {
    let narrowed = query.narrowed() || query.view() != View::All;
    Empty {
        sentence: if narrowed { texts::list_empty(lang) } else { texts::list_empty_all(lang) }.to_owned(),
        act: narrowed.then(|| Link::new(texts::list_show_all(lang), LIST)),
        icon: "shield",
    }
}

fn exports(visit: &Visit, query: &ListQuery) -> Vec<Link> {
    if !super::export::takes_out(visit) {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| query.with("/guards/export", "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

fn links(visit: &Visit) -> Vec<Link> {
    let lang = visit.lang();
    let may = |permissions: &[&'static str]| permissions.iter().any(|one| visit.viewer.may(one));
    // Reports are the county's; the tiers above see them once they were signed.
    let all = [
        (may(&["guards.roster"]), texts::roster_title(lang), "/guards/roster"),
        (may(&["guards.check"]), texts::kit_title(lang), "/guards/kit"),
        (may(&["guards.draft", "guards.sign", "unit.export"]), texts::reports_title(lang), "/guards/reports"),
        (true, texts::standard_title(lang), "/guards/standard"),
    ];
    all.into_iter().filter(|(shown, ..)| *shown).map(|(_, label, href)| Link::new(label, href)).collect()
}

/// Pupils, staff and boarders in a line; what nobody entered is said.
pub(super) fn heads(lang: Lang, staffed: &Staffed) -> String {
    let place = &staffed.place;
    let said =
        |heads: Option<u32>| heads.map_or_else(|| "—".to_owned(), |heads| Say(lang).number(i64::from(heads)));
    texts::list_heads(lang, said(place.pupils), said(place.staff), said(place.boarders))
}

/// 4；不少于 2（寄宿部分未录入）
pub(super) fn required(lang: Lang, required: Option<&rules::Requirement>) -> String {
    match required {
        None => "—".to_owned(),
        Some(required) if required.is_whole() => required.guards.to_string(),
        Some(required) => texts::required_partly(lang, required.guards),
    }
}

pub(super) fn verdict_cell(lang: Lang, verdict: Verdict) -> Cell {
    let level = if verdict == Verdict::Enough { Level::Done } else { Level::Plain };
    Cell::mark(level, words::verdict(lang, verdict))
}

fn table(lang: Lang, rows: &[&Staffed]) -> Table {
    Table {
        caption: texts::guards_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_school(lang)),
            Column::new(texts::column_heads(lang)),
            Column::new(texts::column_required(lang)).number(),
            Column::new(texts::column_declared(lang)).number(),
            Column::new(texts::column_evidenced(lang)).number(),
            Column::new(texts::column_lacking(lang)),
            Column::new(texts::kit_title(lang)),
        ],
        rows: rows.iter().map(|staffed| cells(lang, staffed)).collect(),
    }
}

fn cells(lang: Lang, staffed: &Staffed) -> Vec<Cell> {
    let place = &staffed.place;
    let township = place.township.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    let declared = place.declared.map_or_else(|| "—".to_owned(), |declared| declared.full_time.to_string());
    let differs = if staffed.differs() { texts::list_differs(lang) } else { "" };
    let flips = staffed.flips().count();
    let flips = if flips == 0 { String::new() } else { texts::list_flips(lang, flips) };
    let part =
        if staffed.part_time == 0 { String::new() } else { texts::list_part_time(lang, staffed.part_time) };
    vec![
        Cell::link(place.called(), school_href(place.unit)).more(township),
        Cell::text(heads(lang, staffed)),
        Cell::text(required(lang, staffed.required())),
        Cell::text(declared).more(differs),
        Cell::text(staffed.evidenced.to_string()).more(part),
        verdict_cell(lang, staffed.verdict()).more(flips),
        Cell::text(words::kit(lang, staffed.kit)),
    ]
}
