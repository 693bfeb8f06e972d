//! 六项主要目标（M03）: of each what today's records prove, and of what they do not prove what would tell.

use guards::{Kit, Staffed, Verdict};
use hazard::query::OpenThen;
use kernel::UnitId;
use language::Say;

use super::{Figure, SchoolLine, Sight, Tile, links, most_overdue, rates};
use crate::texts;

/// 制度责任
const MANAGEMENT: &str = "H21";
/// 校园周边
const PERIMETER: &str = "H12";

pub(super) fn tiles(sight: Sight<'_>, schools: &[SchoolLine]) -> Vec<Tile> {
    let lang = sight.lang;
    let bare = |name: &str, lacking: &str| Tile {
        name: name.to_owned(),
        lacking: lacking.to_owned(),
        ..Tile::default()
    };
    vec![
        Tile {
            measure: texts::tile_rules_measure(lang).to_owned(),
            ..of_category(sight, MANAGEMENT, bare(texts::tile_rules(lang), texts::tile_rules_lacking(lang)))
        },
        guarded(sight, bare(texts::tile_guards(lang), "")),
        equipped(sight, bare(texts::tile_kit(lang), texts::tile_kit_lacking(lang))),
        bare(texts::tile_literacy(lang), texts::tile_literacy_lacking(lang)),
        Tile {
            measure: texts::tile_perimeter_measure(lang).to_owned(),
            ..of_category(
                sight,
                PERIMETER,
                bare(texts::tile_perimeter(lang), texts::tile_perimeter_lacking(lang)),
            )
        },
        secured(sight, schools, bare(texts::tile_secured(lang), texts::tile_secured_lacking(lang))),
    ]
}

/// Open hazards of a category: the fewer the better. The worst is the unit with most of them.
fn of_category(sight: Sight<'_>, code: &str, tile: Tile) -> Tile {
    let lang = sight.lang;
    let of = |one: &OpenThen| one.category == code;
    let (open, before) = (sight.count(of), sight.count_before(of));
    let amount = |unit: UnitId| sight.count(|one| of(one) && one.unit == unit);
    let schools = sight.facts.schools.iter();
    let worst = schools.map(|school| (amount(school.id), school)).filter(|(amount, _)| *amount > 0);
    let worst = worst.max_by_key(|(amount, _)| *amount);
    let href = |unit: UnitId| links::hazards(&[("category", code), ("unit", &super::simple(unit))]);
    Tile {
        figures: vec![(
            texts::column_open(lang).to_owned(),
            sight.figure(open, || links::hazards(&[("category", code)])),
        )],
        change: sight.change(open, before),
        worst: worst.map(|(_, school)| texts::tile_worst_open(lang, &*school.name)).unwrap_or_default(),
        worst_href: worst
            .filter(|_| !sight.facts.day.is_past())
            .map(|(_, school)| href(school.id))
            .unwrap_or_default(),
        formula: texts::tile_category_formula(lang, hazard::words::category(lang, sight.rules, code)),
        ..tile
    }
}

/// 专职保安员配备率, by schools as the list of guards says it, and the campuses that lack somebody.
fn guarded(sight: Sight<'_>, tile: Tile) -> Tile {
    let lang = sight.lang;
    let Some(present) = &sight.facts.present else { return past(sight, tile) };
    if present.staffing.is_empty() {
        return Tile { lacking: texts::tile_guards_lacking(lang).to_owned(), ..tile };
    }
    let rate = guards::rate(&present.staffing);
    let short = |one: &&Staffed| matches!(one.verdict(), Verdict::Short(_));
    let amount = |holds: &dyn Fn(&&Staffed) -> bool| count(&present.staffing, holds);
    let worst = present.staffing.iter().filter(short).max_by_key(|one| one.verdict().shortfall());
    let told = |one: &Staffed| texts::tile_guards_worst(lang, one.place.called(), one.verdict().shortfall());
    let share = i64::from(rate.met) * 1_000 / i64::from(rate.of).max(1);
    Tile {
        measure: texts::tile_guards_measure(lang).to_owned(),
        value: texts::tile_guards_value(lang, Say(lang).per_mille(share), rate.met, rate.of),
        value_href: "/guards".to_owned(),
        figures: vec![
            (
                texts::tile_guards_short(lang).to_owned(),
                Figure { value: amount(&short), href: "/guards?view=short".to_owned() },
            ),
            (
                texts::tile_guards_unknown(lang).to_owned(),
                Figure {
                    value: amount(&|one| matches!(one.verdict(), Verdict::Unknown | Verdict::Partly)),
                    href: "/guards?view=unknown".to_owned(),
                },
            ),
        ],
        change: texts::tile_no_past(lang).to_owned(),
        worst: worst.map(told).unwrap_or_default(),
        worst_href: worst.map(|one| school(one.place.unit)).unwrap_or_default(),
        formula: texts::tile_guards_formula(lang).to_owned(),
        ..tile
    }
}

fn school(unit: UnitId) -> String {
    format!("/guards/schools/{}", super::simple(unit))
}

fn count(all: &[Staffed], holds: &dyn Fn(&&Staffed) -> bool) -> i64 {
    i64::try_from(all.iter().filter(holds).count()).unwrap_or(i64::MAX)
}

/// 八件套齐全: of the gates that somebody sees, how many were found whole.
fn equipped(sight: Sight<'_>, tile: Tile) -> Tile {
    let lang = sight.lang;
    let Some(present) = &sight.facts.present else { return past(sight, tile) };
    let of = i64::try_from(present.staffing.len()).unwrap_or(i64::MAX);
    let amount = |kit: Kit| count(&present.staffing, &|one| one.kit == kit);
    let figure = |kit: Kit| Figure { value: amount(kit), href: format!("/guards?kit={}", kit.name()) };
    let worst = present.staffing.iter().find(|one| one.kit == Kit::Lacking);
    let value = match of {
        0 => String::new(),
        of => texts::tile_kit_value(lang, Say(lang).per_mille(amount(Kit::Whole) * 1_000 / of)),
    };
    Tile {
        measure: texts::tile_kit_measure(lang).to_owned(),
        value,
        figures: vec![
            (texts::tile_kit_whole(lang).to_owned(), figure(Kit::Whole)),
            (texts::tile_kit_broken(lang).to_owned(), figure(Kit::Lacking)),
            (texts::tile_kit_unseen(lang).to_owned(), figure(Kit::Unseen)),
            (texts::tile_kit_of(lang).to_owned(), Figure { value: of, href: "/guards".to_owned() }),
        ],
        change: texts::tile_no_past(lang).to_owned(),
        worst: worst.map(|one| texts::tile_kit_worst(lang, one.place.called())).unwrap_or_default(),
        worst_href: worst.map(|one| school(one.place.unit)).unwrap_or_default(),
        formula: texts::tile_kit_formula(lang).to_owned(),
        ..tile
    }
}

/// 按期销号率, and the school with most overdue.
fn secured(sight: Sight<'_>, schools: &[SchoolLine], tile: Tile) -> Tile {
    let lang = sight.lang;
    let rate = rates::timely(sight);
    let worst = most_overdue(schools);
    Tile {
        measure: rate.name,
        value: rate.value,
        figures: rate.part.into_iter().chain([rate.of]).collect(),
        change: rate.change,
        worst: worst.map(|line| texts::tile_secured_worst(lang, &*line.name)).unwrap_or_default(),
        worst_href: worst.map(|line| line.overdue.href.clone()).unwrap_or_default(),
        formula: rate.formula,
        ..tile
    }
}

/// What is known as it stands, and only so.
fn past(sight: Sight<'_>, tile: Tile) -> Tile {
    Tile { lacking: texts::tile_past(sight.lang).to_owned(), ..tile }
}
