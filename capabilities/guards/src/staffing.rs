//! What each campus must have, has and lacks: computed from heads, roster and declaration alone.

use std::collections::BTreeSet;

use kernel::{Date, Timestamp, UnitId};
use organisation::UnitKind;
use rules::{BoardingFrom, Growth, Heads, Joining, Reading, Requirement, Rounding, RuleBook, StaffingSet};
use serde::{Deserialize, Serialize};

use crate::{counting::Guard, gate::Condition, query::KitRow};

/// What the head declared of a campus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// 专职
    pub full_time: u32,
    /// 兼职
    pub part_time: u32,
    /// As of.
    pub on: Date,
    /// Written down.
    pub at: Timestamp,
}

/// A campus, or a school that is one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The school.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The county it belongs to.
    pub county: Option<UnitId>,
    /// The township it lies in.
    pub township: Option<(UnitId, String)>,
    /// Number of the campus; 0 for a school that is one place.
    pub campus: u16,
    /// Name of the campus.
    pub campus_name: String,
    /// Pupils, staff and boarders; what is absent nobody entered.
    pub pupils: Option<u32>,
    /// See above.
    pub staff: Option<u32>,
    /// See above.
    pub boarders: Option<u32>,
    /// Its guards.
    pub guards: Vec<Guard>,
    /// Guards of the school whom nobody put at one of its campuses.
    pub unplaced: u32,
    /// What was declared.
    pub declared: Option<Declared>,
}

impl Place {
    /// 第一小学（东校区）
    pub fn called(&self) -> String {
        if self.campus_name.is_empty() {
            self.unit_name.clone()
        } else {
            format!("{}（{}）", self.unit_name, self.campus_name)
        }
    }

    /// Its heads, when pupils and staff were entered. Boarders that nobody entered count as none, and that is said.
    pub fn heads(&self) -> Option<Heads> {
        Some(Heads { pupils: self.pupils?, staff: self.staff?, boarders: self.boarders.unwrap_or(0) })
    }

    /// Somebody boards there.
    pub fn boards(&self) -> bool {
        self.boarders.unwrap_or(0) > 0
    }
}

/// One standard in one reading.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Variant {
    /// Id of the standard.
    pub set: String,
    /// How what it leaves open is read.
    pub reading: Reading,
}

/// What a standard says of a campus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 已配齐
    Enough,
    /// 缺 n 名
    Short(u32),
    /// As far as the standard is at hand there are enough; a part of it is not.
    Partly,
    /// Heads are missing.
    Unknown,
}

impl Verdict {
    fn of(required: Option<&Requirement>, evidenced: u32) -> Self {
        match required {
            None => Self::Unknown,
            Some(required) if evidenced < required.guards => {
                Self::Short(required.guards.saturating_sub(evidenced))
            }
            Some(required) if required.is_whole() => Self::Enough,
            Some(_) => Self::Partly,
        }
    }

    /// Guards that are lacking.
    pub const fn shortfall(self) -> u32 {
        match self {
            Self::Short(lacking) => lacking,
            Self::Enough | Self::Partly | Self::Unknown => 0,
        }
    }

    /// Under one standard there are enough, under the other there are not. What cannot be said flips nothing.
    pub const fn flips_to(self, other: Self) -> bool {
        matches!((self, other), (Self::Enough, Self::Short(_)) | (Self::Short(_), Self::Enough))
    }
}

/// A campus under one standard and reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Which.
    pub variant: Variant,
    /// What it asks for; none where heads are missing.
    pub required: Option<Requirement>,
    /// What follows.
    pub verdict: Verdict,
}

kernel::named! {
    /// How the kit of a gate was found last.
    pub enum Kit {
        /// Every needed piece is there, good, and not past its day.
        Whole = "whole",
        /// Something is missing, broken or past its day.
        Lacking = "lacking",
        /// Nobody has looked.
        Unseen = "unseen",
    }
}

impl Kit {
    /// What follows from the last look.
    pub fn of(rules: &RuleBook, found: Option<&KitRow>, today: Date) -> Self {
        let Some(found) = found else { return Self::Unseen };
        let holds = |(_, condition, _, expires): &(String, Option<Condition>, u32, Option<Date>)| {
            *condition == Some(Condition::Good) && expires.is_none_or(|last| last >= today)
        };
        let mut needed = rules.kit().iter().filter(|piece| piece.needed);
        let whole =
            needed.all(|piece| found.pieces.iter().find(|(id, ..)| *id == *piece.id).is_some_and(holds));
        if whole { Self::Whole } else { Self::Lacking }
    }
}

/// A campus with everything that is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffed {
    /// The campus.
    pub place: Place,
    /// Guards that count.
    pub evidenced: u32,
    /// Part-time ones, listed and not counted.
    pub part_time: u32,
    /// Others on the roster who do not count.
    pub not_counted: u32,
    /// Under each variant, the one in force first.
    pub judged: Vec<Judged>,
    /// How the kit of its gate was found.
    pub kit: Kit,
}

impl Staffed {
    /// Under what is in force.
    pub fn verdict(&self) -> Verdict {
        self.judged.first().map_or(Verdict::Unknown, |judged| judged.verdict)
    }

    /// What is asked for by what is in force.
    pub fn required(&self) -> Option<&Requirement> {
        self.judged.first().and_then(|judged| judged.required.as_ref())
    }

    /// The variants under which the answer is another one.
    pub fn flips(&self) -> impl Iterator<Item = &Judged> {
        let own = self.verdict();
        self.judged.iter().skip(1).filter(move |judged| own.flips_to(judged.verdict))
    }

    /// Declared and evidenced differ.
    pub fn differs(&self) -> bool {
        self.place.declared.is_some_and(|declared| declared.full_time != self.evidenced)
    }
}

/// Judges a campus by each of the variants.
pub fn judge(place: Place, rules: &RuleBook, variants: &[Variant], today: Date) -> Staffed {
    let count = |is: &dyn Fn(&Guard) -> bool| {
        u32::try_from(place.guards.iter().filter(|guard| is(guard)).count()).unwrap_or(u32::MAX)
    };
    let evidenced = count(&|guard| guard.counts(today));
    let part_time = count(&|guard| guard.is_part_time(today));
    let all = count(&|_| true);
    let heads = place.heads();
    let judged = |variant: &Variant| {
        let set = rules.staffing_set(&variant.set, today).ok();
        let required = heads.zip(set).map(|(heads, set)| set.require(heads, variant.reading));
        let verdict = Verdict::of(required.as_ref(), evidenced);
        Judged { variant: variant.clone(), required, verdict }
    };
    let judged = variants.iter().map(judged).collect();
    let not_counted = all.saturating_sub(evidenced).saturating_sub(part_time);
    Staffed { evidenced, part_time, not_counted, judged, kit: Kit::Unseen, place }
}

/// Judges campuses.
pub fn survey_of(places: Vec<Place>, rules: &RuleBook, chosen: &Variant, today: Date) -> Vec<Staffed> {
    let variants = variants(rules, chosen, today);
    places.into_iter().map(|place| judge(place, rules, &variants, today)).collect()
}

/// What is in force, then every standard as it is read by default, then with each single reading turned round.
pub fn variants(rules: &RuleBook, chosen: &Variant, today: Date) -> Vec<Variant> {
    let mut all = vec![chosen.clone()];
    let Ok(usual) = rules.staffing_reading(today) else { return all };
    let mut seen: BTreeSet<(String, Reading)> = BTreeSet::from([told(rules, chosen, today)]);
    for set in rules.staffing_sets(today) {
        let base = if *set.id == *chosen.set { chosen.reading } else { usual };
        for reading in std::iter::once(usual).chain(turned(set, base)) {
            let variant = Variant { set: set.id.to_string(), reading };
            if seen.insert(told(rules, &variant, today)) {
                all.push(variant);
            }
        }
    }
    all
}

/// What tells variants apart: a reading that the standard does not ask for makes no other one.
fn told(rules: &RuleBook, variant: &Variant, today: Date) -> (String, Reading) {
    let mut reading = variant.reading;
    let Ok(set) = rules.staffing_set(&variant.set, today) else { return (variant.set.clone(), reading) };
    if !set.has_boarding() {
        (reading.boarding, reading.joining) = (BoardingFrom::Zero, Joining::Max);
    }
    if !set.leaves_growth_open() {
        reading.growth = Growth::Pupils;
    }
    (variant.set.clone(), reading)
}

/// A reading with one thing turned round, for each thing that the standard leaves open.
fn turned(set: &StaffingSet, base: Reading) -> Vec<Reading> {
    let rounding = match base.rounding {
        Rounding::Floor => Rounding::Ceil,
        Rounding::Ceil => Rounding::Floor,
    };
    let mut all = vec![Reading { rounding, ..base }];
    if set.leaves_growth_open() {
        let growth = match base.growth {
            Growth::Pupils => Growth::People,
            Growth::People => Growth::Pupils,
        };
        all.push(Reading { growth, ..base });
    }
    if set.has_boarding() {
        let boarding = match base.boarding {
            BoardingFrom::Zero => BoardingFrom::AboveFirst,
            BoardingFrom::AboveFirst => BoardingFrom::Zero,
        };
        let joining = match base.joining {
            Joining::Max => Joining::Sum,
            Joining::Sum => Joining::Max,
        };
        all.extend([Reading { boarding, ..base }, Reading { joining, ..base }]);
    }
    all
}

/// Schools that have what they must have, among those of which it can be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Schools with enough at each campus.
    pub met: u32,
    /// Schools in all, those with missing heads among them.
    pub of: u32,
    /// Schools of which it cannot be said.
    pub unknown: u32,
}

/// 专职保安员配备率: numerator and denominator, by schools. A school whose standard cannot be computed does not meet it.
pub fn rate(standings: &[Staffed]) -> Rate {
    let mut rate = Rate::default();
    for of_unit in standings.chunk_by(|a, b| a.place.unit == b.place.unit) {
        rate.of = rate.of.saturating_add(1);
        let is = |verdict: Verdict| of_unit.iter().any(|standing| standing.verdict() == verdict);
        if of_unit.iter().all(|standing| standing.verdict() == Verdict::Enough) {
            rate.met = rate.met.saturating_add(1);
        } else if is(Verdict::Unknown) || is(Verdict::Partly) {
            rate.unknown = rate.unknown.saturating_add(1);
        }
    }
    rate
}
