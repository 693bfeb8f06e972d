//! Guards of schools 学校保卫力量: how many each campus must have under each dated standard, how many it declares and how
//! many the roster proves, their papers and the kit of the gate with their expiry, and the report of what is lacking,
//! addressed to the government whose duty it is.

mod beside;
mod choice;
mod counting;
mod diagram;
mod expiry;
mod gate;
pub mod pages;
pub mod query;
mod report;
mod schema;
mod staffing;
mod survey;
#[cfg(test)]
mod tests;
pub mod words;

pub use beside::GuardsBeside;
pub use choice::{Choice, ChoiceCommand, ChoiceDraft, ChoiceEvent, ChoiceState, Standard, choice_of};
pub use counting::{Doubt, Guard};
pub use diagram::diagram_page;
pub use expiry::{Expiry, Paper};
pub use gate::{
    Condition, DeclarationDraft, Gate, GateCommand, GateEvent, GateState, KitDraft, PieceFound, gate_of,
};
pub use report::{
    Line, Number, Report, ReportCommand, ReportDraft, ReportEvent, ReportFacts, ReportState, StageCode,
};
pub use schema::MIGRATIONS;
pub use staffing::{Kit, Place, Rate, Staffed, Variant, Verdict, rate, survey_of, variants};
pub use survey::standing;

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
