//! Dated rules as data: packs, selection by date, decisions with their clause.
//!
//! A [`RuleBook`] is read once (embedded packs, then local overlays), is cheap to clone and answers questions
//! without clock, database or files. Every answer is a [`Decision`] that names its rule, clause and stamp.

mod answer;
mod book;
mod calendar;
mod cases;
mod catalogue;
mod clause;
mod due;
mod error;
mod filler;
mod guide;
mod ledger;
mod likeness;
mod load;
mod overlay;
mod restricted;
mod rule;
mod span;
mod staffing;
mod words;

pub use answer::{Decision, Explanation, Variant};
pub use book::{OVERLAYS, PackInfo, RuleBook, SpecialDay};
pub use cases::{CaseFailure, CaseReport};
pub use catalogue::{
    Category, Coded, Department, FiveFixed, Instead, Measure, MeasurePart, Place, PlaceLevel, PointKind,
    SchoolKind, Season, State, Topic,
};
pub use clause::{Clause, Tag, Text};
pub use due::{DueBy, Running};
pub use error::RuleError;
pub use guide::{Guide, GuideAnswer, GuideItem, ItemKind};
pub use ledger::LedgerList;
pub use likeness::{Meaning, SpokenOf};
pub use overlay::OverlayPower;
pub use restricted::RestrictedTopic;
pub use rule::{ClimbStep, Rule, RuleValue, Scope, Subject, Tighten};
pub use span::{Span, Unit};
pub use staffing::{
    Band, Boarding, BoardingFrom, BoardingPart, Counted, Growth, Heads, Increment, Joining, KitPiece,
    Reading, Requirement, Rounding, StaffingSet,
};
