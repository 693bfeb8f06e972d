//! How many guards a school must have: dated sets of bands and increments, evaluated side by side under every reading of
//! what their texts leave open, with the sum in words. Nothing here knows a number of law: they are in `rules/guards`.

mod load;
mod words;

use std::sync::Arc;

use kernel::Date;
use serde::{Deserialize, Serialize};

pub(crate) use self::load::{RawKit, RawStaffing, take_in};
use crate::{
    answer::Explanation,
    book::RuleBook,
    clause::{Clause, Text},
    error::RuleError,
    rule::RuleValue,
};

kernel::named! {
    /// What is less than a full step of an increment.
    pub enum Rounding {
        /// Counts for nothing.
        Floor = "floor",
        /// Counts as a full one.
        Ceil = "ceil",
    }

    /// Whom an increment counts when its set leaves that open.
    pub enum Growth {
        /// 学生
        Pupils = "pupils",
        /// 学生和教职工
        People = "people",
    }

    /// Where the increment of boarders begins.
    pub enum BoardingFrom {
        /// With the first boarder.
        Zero = "zero",
        /// Above the first step.
        AboveFirst = "above-first",
    }

    /// How what size asks for and what boarding asks for join.
    pub enum Joining {
        /// The larger one.
        Max = "max",
        /// Both.
        Sum = "sum",
    }

    /// Whom the bands of a set count.
    pub enum Counted {
        /// 学生和教职工
        People = "people",
        /// 走读学生
        DayPupils = "day-pupils",
    }
}

/// How what the texts leave open is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// What is less than a full step.
    pub rounding: Rounding,
    /// Whom the increment counts.
    pub growth: Growth,
    /// Where the increment of boarders begins.
    pub boarding: BoardingFrom,
    /// How both join.
    pub joining: Joining,
}

/// Heads of a campus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// Pupils, boarders among them.
    pub pupils: u32,
    /// Staff.
    pub staff: u32,
    /// Boarders.
    pub boarders: u32,
}

impl Heads {
    const fn people(self) -> u32 {
        self.pupils.saturating_add(self.staff)
    }

    fn counted(self, whom: Counted) -> u32 {
        match whom {
            Counted::People => self.people(),
            Counted::DayPupils => self.pupils.saturating_sub(self.boarders),
        }
    }
}

/// From so many heads, so many guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// From so many.
    pub above: u32,
    /// So many guards.
    pub guards: u32,
    /// Where that is written.
    pub clause: Clause,
}

/// Above so many heads, more guards for each further step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Increment {
    pub(crate) after: u32,
    pub(crate) per: u32,
    pub(crate) guards: u32,
    /// Whom it counts is left open.
    pub(crate) open: bool,
    pub(crate) clause: Clause,
}

/// What boarding asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boarding {
    pub(crate) guards: u32,
    pub(crate) per: u32,
    pub(crate) more: u32,
    pub(crate) clause: Clause,
}

/// A dated set: what one instrument asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffingSet {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Text,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    pub(crate) counts: Counted,
    pub(crate) bands: Vec<Band>,
    pub(crate) increment: Increment,
    /// `None`: not at hand, and not computed.
    pub(crate) boarding: Option<Boarding>,
}

/// What boarding adds to a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardingPart {
    /// Nobody boards.
    None,
    /// So many guards.
    Asked(u32),
    /// 未录入
    NotLoaded,
}

/// How many guards one campus must have by one set and one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// By size.
    pub size: u32,
    /// By boarding.
    pub boarding: BoardingPart,
    /// In all, as far as the parts are at hand.
    pub guards: u32,
    /// The sum in words.
    pub explanation: Explanation,
}

impl Requirement {
    /// Everything that the set asks for is at hand; otherwise it is at least so many.
    pub fn is_whole(&self) -> bool {
        self.boarding != BoardingPart::NotLoaded
    }
}

/// The guards for what is above a mark.
fn steps(above: u32, per: u32, guards: u32, rounding: Rounding) -> u32 {
    let whole = match rounding {
        Rounding::Floor => above.checked_div(per).unwrap_or(0),
        Rounding::Ceil if per == 0 => 0,
        Rounding::Ceil => above.div_ceil(per),
    };
    whole.saturating_mul(guards)
}

/// What size asks for, and how it came about.
struct BySize<'a> {
    counted: u32,
    band: Option<&'a Band>,
    /// Whom the increment counts, how many of them are above its mark, and what they add.
    growth: Option<(Growing, u32, u32)>,
    guards: u32,
}

/// Whom an increment counts in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Growing {
    Pupils(u32),
    People(u32),
    DayPupils(u32),
}

impl Growing {
    const fn heads(self) -> u32 {
        match self {
            Self::Pupils(heads) | Self::People(heads) | Self::DayPupils(heads) => heads,
        }
    }
}

impl StaffingSet {
    pub(crate) fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on < to)
    }

    /// What one campus must have.
    pub fn require(&self, heads: Heads, reading: Reading) -> Requirement {
        let size = self.by_size(heads, reading);
        let boarding = match (&self.boarding, heads.boarders) {
            (_, 0) => BoardingPart::None,
            (None, _) => BoardingPart::NotLoaded,
            (Some(rule), boarders) => BoardingPart::Asked(rule.asked(boarders, reading)),
        };
        let guards = match (boarding, reading.joining) {
            (BoardingPart::Asked(asked), Joining::Max) => size.guards.max(asked),
            (BoardingPart::Asked(asked), Joining::Sum) => size.guards.saturating_add(asked),
            (BoardingPart::None | BoardingPart::NotLoaded, _) => size.guards,
        };
        let explanation = words::explain(self, heads, reading, &size, boarding, guards);
        Requirement { size: size.guards, boarding, guards, explanation }
    }

    fn by_size(&self, heads: Heads, reading: Reading) -> BySize<'_> {
        let counted = heads.counted(self.counts);
        let band = self.bands.iter().rfind(|band| band.above <= counted);
        let base = band.map_or(0, |band| band.guards);
        let rule = &self.increment;
        if counted <= rule.after {
            return BySize { counted, band, growth: None, guards: base };
        }
        let growing = match (rule.open, self.counts, reading.growth) {
            (true, _, Growth::Pupils) => Growing::Pupils(heads.pupils),
            (true, _, Growth::People) | (false, Counted::People, _) => Growing::People(heads.people()),
            (false, Counted::DayPupils, _) => Growing::DayPupils(counted),
        };
        let above = growing.heads().saturating_sub(rule.after);
        let more = steps(above, rule.per, rule.guards, reading.rounding);
        BySize { counted, band, growth: Some((growing, above, more)), guards: base.saturating_add(more) }
    }

    /// The clauses that a requirement for so many heads leans on, in order.
    pub fn clauses(&self, heads: Heads) -> Vec<&Clause> {
        let counted = heads.counted(self.counts);
        let band = self.bands.iter().rfind(|band| band.above <= counted).map(|band| &band.clause);
        let growth = (counted > self.increment.after).then_some(&self.increment.clause);
        let boarding = self.boarding.as_ref().filter(|_| heads.boarders > 0).map(|rule| &rule.clause);
        band.into_iter().chain(growth).chain(boarding).collect()
    }

    /// All its clauses, in order.
    pub fn all_clauses(&self) -> Vec<&Clause> {
        let bands = self.bands.iter().map(|band| &band.clause);
        bands.chain([&self.increment.clause]).chain(self.boarding.as_ref().map(|rule| &rule.clause)).collect()
    }

    /// Its text does not say whom the increment counts.
    pub const fn leaves_growth_open(&self) -> bool {
        self.increment.open
    }

    /// Its part for boarding schools is at hand.
    pub const fn has_boarding(&self) -> bool {
        self.boarding.is_some()
    }
}

impl Boarding {
    fn asked(&self, boarders: u32, reading: Reading) -> u32 {
        let above = match reading.boarding {
            BoardingFrom::Zero => boarders,
            BoardingFrom::AboveFirst => boarders.saturating_sub(self.per),
        };
        self.guards.saturating_add(steps(above, self.per, self.more, reading.rounding))
    }
}

/// A piece of the kit that a gate has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KitPiece {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Text,
    /// One of the pieces that every gate must have.
    pub needed: bool,
    /// It is of no use after a day that stands on it.
    pub expires: bool,
}

impl RuleBook {
    /// The sets in force on a day, in the order of the file.
    pub fn staffing_sets(&self, on: Date) -> impl Iterator<Item = &StaffingSet> {
        self.all_staffing().iter().filter(move |set| set.in_force(on))
    }

    /// The newest of this name, whatever day it holds from: for words about what was chosen once.
    pub fn staffing_called(&self, id: &str) -> Option<&StaffingSet> {
        self.all_staffing().iter().filter(|set| *set.id == *id).max_by_key(|set| set.from)
    }

    /// One of them.
    ///
    /// # Errors
    /// No such set is in force on that day.
    pub fn staffing_set(&self, id: &str, on: Date) -> Result<&StaffingSet, RuleError> {
        let known = self.all_staffing().iter().any(|set| &*set.id == id);
        match self.staffing_sets(on).find(|set| &*set.id == id) {
            Some(set) => Ok(set),
            None if known => Err(RuleError::NotInForce { id: id.to_owned(), on }),
            None => Err(RuleError::Unknown(id.to_owned())),
        }
    }

    /// The set that counts unless the county chose another one.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn staffing_default(&self, on: Date) -> Result<Arc<str>, RuleError> {
        self.chosen("guards.set", on)
    }

    /// How the texts are read unless the county chose otherwise.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn staffing_reading(&self, on: Date) -> Result<Reading, RuleError> {
        Ok(Reading {
            rounding: self.member("guards.rounding", on, Rounding::named)?,
            growth: self.member("guards.growth", on, Growth::named)?,
            boarding: self.member("guards.boarding", on, BoardingFrom::named)?,
            joining: self.member("guards.joining", on, Joining::named)?,
        })
    }

    fn chosen(&self, id: &str, on: Date) -> Result<Arc<str>, RuleError> {
        match self.value(id, on)?.value {
            RuleValue::Choice(choice) => Ok(choice),
            RuleValue::Duration(_) | RuleValue::Marks(_) | RuleValue::Ladder(_) | RuleValue::PerPlan => {
                Err(RuleError::WrongKind { id: id.to_owned(), wanted: "choice" })
            }
        }
    }

    fn member<T>(&self, id: &str, on: Date, named: fn(&str) -> Option<T>) -> Result<T, RuleError> {
        let choice = self.chosen(id, on)?;
        named(&choice).ok_or_else(|| RuleError::WrongKind { id: id.to_owned(), wanted: "known choice" })
    }
}
