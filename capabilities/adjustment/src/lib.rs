//! Local adjustments of the rules 本地规则调整: values, variants, working days and pre-filled texts that a county sets
//! itself; drafted, tried on the records that are open, activated by somebody else, ended; and what the rules say, or
//! said when something was decided.

mod beside;
mod change;
mod command;
mod decide;
mod event;
mod facts;
mod in_force;
mod overlay;
pub mod pages;
pub mod query;
mod schema;
mod state;
mod subject;
#[cfg(test)]
mod tests;
mod trial;
pub mod words;

pub use beside::AdjustmentsBeside;
pub use change::{Change, FiveTexts, NewValue, StepDays};
pub use command::{AdjustmentCommand, Draft};
pub use event::{AdjustmentEvent, Concerned, Number};
pub use facts::AdjustmentFacts;
pub use in_force::{InForce, Ruling, in_force, keep};
pub use schema::MIGRATIONS;
pub use state::{AdjustmentState, Stage, StageCode};
pub use subject::Adjustment;
pub use trial::{Effect, OpenRecords, OpenSpan, Trial, tried};

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
