//! Each school with its worst open level: what the map draws, the table beneath it says, and the list of schools narrows.

use std::collections::HashMap;

use hazard::{Level as Grade, query::OpenThen};
use kernel::{Timestamp, UnitId};
use organisation::UnitKind;
use web::view::Level;

use super::{Figure, Sight, groups::mark, links};
use crate::{facts::School, texts};

/// The worst of what is open at a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Worst {
    /// Nothing is open.
    Nothing,
    /// Nothing that was graded.
    Ungraded,
    /// 一般
    General,
    /// 较大
    Larger,
    /// 重大
    Major,
}

impl Worst {
    fn of(grade: Option<Grade>) -> Self {
        match grade {
            None => Self::Ungraded,
            Some(Grade::General) => Self::General,
            Some(Grade::Larger) => Self::Larger,
            Some(Grade::Major) => Self::Major,
        }
    }

    /// As lists mark a level.
    pub(crate) const fn mark(self) -> Level {
        match self {
            Self::Nothing => Level::Done,
            Self::Ungraded => mark(None),
            Self::General => mark(Some(Grade::General)),
            Self::Larger => mark(Some(Grade::Larger)),
            Self::Major => mark(Some(Grade::Major)),
        }
    }

    pub(crate) fn word(self, lang: language::Lang) -> String {
        match self {
            Self::Nothing => texts::worst_nothing(lang).to_owned(),
            Self::Ungraded => hazard::words::level(lang, None),
            Self::General => hazard::words::level(lang, Some(Grade::General)),
            Self::Larger => hazard::words::level(lang, Some(Grade::Larger)),
            Self::Major => hazard::words::level(lang, Some(Grade::Major)),
        }
    }
}

/// A school with what is open there and below it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SchoolLine {
    pub id: UnitId,
    pub name: String,
    pub kind: UnitKind,
    /// Townships it lies in, of those that are shown.
    pub towns: Vec<UnitId>,
    pub place: Option<(f64, f64)>,
    /// Its numbers hold those of schools below it.
    pub with_below: bool,
    /// Of its own, without those below it: by these it is counted among schools.
    own: Tally,
    pub worst: Worst,
    pub open: Figure,
    pub overdue: Figure,
    pub major: Figure,
    pub last: Option<Timestamp>,
    pub silent: bool,
}

kernel::named! {
    /// Which schools are asked for.
    pub(crate) enum SchoolView {
        /// All.
        All = "all",
        /// With open hazards.
        Open = "open",
        /// With overdue ones.
        Overdue = "overdue",
        /// With major ones.
        Major = "major",
        /// Nothing was registered for long.
        Silent = "silent",
        /// Nobody entered where they lie.
        Unplaced = "unplaced",
    }
}

impl SchoolView {
    pub(crate) fn holds(self, line: &SchoolLine) -> bool {
        match self {
            Self::All => true,
            Self::Open => line.own.open > 0,
            Self::Overdue => line.own.overdue > 0,
            Self::Major => line.own.major > 0,
            Self::Silent => line.silent,
            Self::Unplaced => line.place.is_none(),
        }
    }
}

/// What is open at one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    open: i64,
    overdue: i64,
    major: i64,
    worst: Option<Worst>,
}

impl Tally {
    fn and(self, other: Self) -> Self {
        Self {
            open: self.open + other.open,
            overdue: self.overdue + other.overdue,
            major: self.major + other.major,
            worst: self.worst.max(other.worst),
        }
    }

    fn of(one: &OpenThen) -> Self {
        let counts = |holds: bool| if holds { one.amount } else { 0 };
        Self {
            open: one.amount,
            overdue: counts(one.overdue),
            major: counts(one.level == Some(Grade::Major)),
            worst: Some(Worst::of(one.level)),
        }
    }
}

/// The worst first, then those with most overdue and open, then by code.
pub(crate) fn lines(sight: Sight<'_>) -> Vec<SchoolLine> {
    let facts = sight.facts;
    let mut by_unit: HashMap<UnitId, Tally> = HashMap::new();
    for one in &facts.open {
        let tally = by_unit.entry(one.unit).or_default();
        *tally = tally.and(Tally::of(one));
    }
    let towns: Vec<_> = facts.towns.iter().map(|town| (town.id, facts.reached(town.id))).collect();
    let line = |school: &School| {
        let units = facts.reached(school.id);
        let own = units.iter().filter_map(|unit| by_unit.get(unit).copied());
        let tally = own.fold(Tally::default(), Tally::and);
        let major = || links::hazards(&[("level", "major"), ("unit", &super::simple(school.id))]);
        SchoolLine {
            id: school.id,
            name: school.name.clone(),
            kind: school.kind,
            towns: towns.iter().filter(|(_, below)| below.contains(&school.id)).map(|(id, _)| *id).collect(),
            place: school.place,
            with_below: units.len() > 1,
            own: by_unit.get(&school.id).copied().unwrap_or_default(),
            worst: tally.worst.unwrap_or(Worst::Nothing),
            open: sight.figure(tally.open, || links::of_unit(school.id, "")),
            overdue: sight.figure(tally.overdue, || links::of_unit(school.id, "overdue")),
            major: sight.figure(tally.major, major),
            last: school.last,
            silent: facts.is_silent(school),
        }
    };
    let mut lines: Vec<SchoolLine> = facts.schools.iter().map(line).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.worst, line.overdue.value, line.open.value)));
    lines
}

/// The school with most overdue, of those whose numbers are their own; the first of several by the order of the lines.
pub(crate) fn most_overdue(lines: &[SchoolLine]) -> Option<&SchoolLine> {
    let own = lines.iter().rev().filter(|line| !line.with_below && line.overdue.value > 0);
    own.max_by_key(|line| line.overdue.value)
}
