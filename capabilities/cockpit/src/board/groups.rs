//! Tables of numbers: by whose turn, state, level, category, township, kind of school, month.

use std::collections::BTreeSet;

use hazard::{
    Level as Grade, StageCode,
    query::{Holder, OpenThen},
};
use kernel::UnitId;
use web::view::Level;

use super::{Figure, Group, Line, Sight, links, simple};
use crate::{day::Span, texts};

pub(super) fn groups(sight: Sight<'_>) -> Vec<Group> {
    let all = [
        holders(sight),
        states(sight),
        levels(sight),
        categories(sight),
        towns(sight),
        kinds(sight),
        months(sight),
    ];
    all.into_iter().filter(|group| !group.lines.is_empty()).collect()
}

/// Open ones, and of those the overdue ones, with the address that narrows a list to them.
fn open_and_overdue(
    sight: Sight<'_>,
    field: (&str, &str),
    holds: impl Fn(&OpenThen) -> bool,
) -> (Vec<Figure>, String) {
    let (open, overdue) = (sight.count(&holds), sight.count(|one| one.overdue && holds(one)));
    let figures = vec![
        sight.figure(open, || links::hazards(&[field])),
        sight.figure(overdue, || links::hazards(&[("stage", "overdue"), field])),
    ];
    (figures, sight.change(open, sight.count_before(&holds)))
}

fn line(name: String, (figures, change): (Vec<Figure>, String)) -> Line {
    Line { name, level: Level::Plain, figures, change: Some(change) }
}

fn table(sight: Sight<'_>, title: &str, first: &str, lines: Vec<Line>) -> Group {
    let lang = sight.lang;
    Group {
        title: title.to_owned(),
        note: String::new(),
        first: first.to_owned(),
        columns: vec![texts::column_open(lang).to_owned(), texts::column_overdue(lang).to_owned()],
        changes: true,
        lines,
    }
}

fn holders(sight: Sight<'_>) -> Group {
    let lang = sight.lang;
    let name = |holder| match holder {
        Holder::School => texts::turn_school(lang),
        Holder::Central => texts::turn_central(lang),
        Holder::County => texts::turn_county(lang),
    };
    let each = |holder: &Holder| {
        let field = ("turn", holder.name());
        line(name(*holder).to_owned(), open_and_overdue(sight, field, |one| one.holder == Some(*holder)))
    };
    let lines = Holder::ALL.iter().map(each).collect();
    let group = table(sight, texts::group_turn(lang), texts::column_turn(lang), lines);
    Group { note: texts::group_turn_note(lang).to_owned(), ..group }
}

fn states(sight: Sight<'_>) -> Group {
    let lang = sight.lang;
    let each = |stage: &StageCode| {
        let of = |one: &OpenThen| one.stage == *stage;
        let open = sight.count(of);
        Line {
            name: hazard::words::stage(lang, *stage),
            level: Level::Plain,
            figures: vec![sight.figure(open, || links::hazards(&[("stage", stage.name())]))],
            change: Some(sight.change(open, sight.count_before(of))),
        }
    };
    let lines = StageCode::ALL.iter().filter(|stage| stage.is_open()).map(each).collect();
    let group = table(sight, texts::group_state(lang), texts::column_state(lang), lines);
    Group { columns: vec![texts::column_open(lang).to_owned()], ..group }
}

fn levels(sight: Sight<'_>) -> Group {
    let lang = sight.lang;
    let grades = [Some(Grade::Major), Some(Grade::Larger), Some(Grade::General), None];
    let each = |grade: Option<Grade>| {
        let of = move |one: &OpenThen| one.level == grade;
        // What is not graded yet stands at its first stage, and only that does.
        let (figures, change) = match grade {
            Some(grade) => open_and_overdue(sight, ("level", grade.name()), of),
            None => {
                let open = sight.count(of);
                let href = || links::hazards(&[("stage", StageCode::Registered.name())]);
                // No list is of those alone.
                let overdue =
                    Figure { value: sight.count(|one| one.overdue && of(one)), href: String::new() };
                (vec![sight.figure(open, href), overdue], sight.change(open, sight.count_before(of)))
            }
        };
        Line { level: mark(grade), ..line(hazard::words::level(lang, grade), (figures, change)) }
    };
    let lines = grades.into_iter().map(each).collect();
    table(sight, texts::group_level(lang), texts::column_level(lang), lines)
}

/// Red for major ones alone, as in lists.
pub(super) const fn mark(grade: Option<Grade>) -> Level {
    match grade {
        Some(Grade::Major) => Level::Red,
        Some(Grade::Larger) => Level::Orange,
        Some(Grade::General) | None => Level::Plain,
    }
}

fn categories(sight: Sight<'_>) -> Group {
    let lang = sight.lang;
    let codes: BTreeSet<&str> = sight.facts.open.iter().map(|one| one.category.as_str()).collect();
    let each = |code: &str| {
        let name = hazard::words::category(lang, sight.rules, code);
        line(name, open_and_overdue(sight, ("category", code), |one| one.category == code))
    };
    let mut lines: Vec<Line> = codes.into_iter().map(each).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.figures.first().map_or(0, |figure| figure.value)));
    table(sight, texts::group_category(lang), texts::column_category(lang), lines)
}

fn towns(sight: Sight<'_>) -> Group {
    let lang = sight.lang;
    let each = |(id, name): (UnitId, &str)| {
        let units = sight.facts.reached(id);
        let unit = simple(id);
        let of = |one: &OpenThen| units.contains(&one.unit);
        let (mut figures, change) = open_and_overdue(sight, ("town", &unit), of);
        let major = sight.count(|one| one.level == Some(Grade::Major) && of(one));
        figures.push(sight.figure(major, || links::hazards(&[("level", "major"), ("town", &unit)])));
        line(name.to_owned(), (figures, change))
    };
    let lines = sight.facts.towns.iter().map(|town| each((town.id, &town.name))).collect();
    let group = table(sight, texts::group_town(lang), texts::column_town(lang), lines);
    let major = texts::column_major(lang).to_owned();
    Group {
        note: texts::group_town_note(lang).to_owned(),
        columns: group.columns.iter().cloned().chain([major]).collect(),
        ..group
    }
}

fn kinds(sight: Sight<'_>) -> Group {
    let (lang, facts) = (sight.lang, sight.facts);
    let seen: BTreeSet<_> = facts
        .schools
        .iter()
        .map(|school| school.kind)
        .chain(facts.open.iter().filter_map(|one| facts.kinds.get(&one.unit).copied()))
        .collect();
    let each = |kind: organisation::UnitKind| {
        let of = |one: &OpenThen| facts.kinds.get(&one.unit) == Some(&kind);
        line(web::names::unit_kind(lang, kind), open_and_overdue(sight, ("kind", kind.name()), of))
    };
    let lines = seen.into_iter().map(each).collect();
    table(sight, texts::group_kind(lang), texts::column_kind(lang), lines)
}

/// Newest first. What was registered stays in its list for ever; what was closed may come back.
fn months(sight: Sight<'_>) -> Group {
    let (lang, facts) = (sight.lang, sight.facts);
    let each = |month: &Span| {
        let here = |piece: usize| facts.spans.within(*month, piece);
        let registered = facts.registered.iter().filter(|one| here(one.span)).map(|one| one.amount).sum();
        let closed = facts.closed.iter().filter(|one| here(one.span)).map(|one| one.amount).sum();
        Line {
            name: texts::month(lang, month.from.year().to_string(), month.from.month()),
            level: Level::Plain,
            figures: vec![
                Figure { value: registered, href: links::registered(*month, &[("stage", "all")]) },
                sight.figure(closed, || links::closed(*month, &[])),
            ],
            change: None,
        }
    };
    let lines =
        if facts.is_bare() { Vec::new() } else { facts.spans.months.iter().rev().map(each).collect() };
    Group {
        columns: vec![texts::column_registered(lang).to_owned(), texts::column_closed(lang).to_owned()],
        changes: false,
        note: texts::group_month_note(lang).to_owned(),
        ..table(sight, texts::group_month(lang), texts::column_month(lang), lines)
    }
}
