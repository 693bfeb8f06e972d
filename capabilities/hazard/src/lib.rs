//! Hazards 隐患: found, graded, assigned, fixed, accepted by somebody else, closed and revisited.

mod alike;
mod carried;
mod clocks;
mod command;
pub mod course;
mod decide;
mod diagram;
mod event;
mod evolve;
mod export;
mod facts;
mod follow;
mod hindrance;
mod ledger;
mod level;
mod offer;
pub mod pages;
pub mod query;
mod rehearse;
mod remains;
mod repetition;
mod save;
mod schema;
mod state;
mod subject;
pub mod tidings;
mod turn;
mod views;
mod wording;
pub mod words;

pub use carried::{Carried, CarriedOver, CarriedPeople, CarriedText, CarryOver};
pub use command::{
    Answer, Extension, GradeAs, HazardCommand, OnTheSpot, PlanDraft, Registration, UsedBefore, none_met,
};
pub use diagram::{diagram, diagram_page};
pub use event::{GuideItemAnswered, HazardEvent, Note, OtherHazard, Photo, Position};
pub use export::HazardExport;
pub use facts::HazardFacts;
pub use follow::Follow;
pub use hindrance::Hindrance;
pub use level::{Acceptor, Escalation, GuideSaid, HelpSaid, Level, Number, StageCode, WithdrawnWhy};
pub use rehearse::{Rehearsal, stages_of};
pub use remains::OpenHazards;
pub use schema::{MIGRATIONS, PHOTOS};
pub use state::{Fixer, HazardState, Plan, Stage};
pub use subject::Hazard;
pub use turn::{Act, Turn, turn};
pub use wording::Wording;

/// The texts of hazards as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

#[cfg(test)]
mod tests;
