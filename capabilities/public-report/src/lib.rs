//! Public reports 随手拍: whoever scans the code of a place tells its school what is wrong there, without an account. The
//! school takes it up as a hazard or answers why not, within a clock; the county sees every answer; the reporter follows
//! by a ticket.

mod beside;
mod clocks;
mod command;
mod decide;
mod diagram;
mod event;
mod evolve;
mod facts;
pub mod pages;
mod panel;
pub mod query;
mod save;
mod schema;
mod state;
mod subject;
mod telephone;
#[cfg(test)]
mod tests;
pub mod ticket;
mod turn;
pub mod words;

pub use beside::ReportsBeside;
pub use command::{PublicReportCommand, Reception};
pub use diagram::diagram_page;
pub use event::{Answer, Number, PublicReportEvent};
pub use facts::PublicReportFacts;
pub use panel::ReportsAtUnit;
pub use save::PHOTOS;
pub use schema::MIGRATIONS;
pub use state::{PublicReportState, Stage, StageCode, Telephone};
pub use subject::PublicReport;
pub use telephone::{kept as kept_telephone, telephone};
pub use turn::{Act, Turn, turn};

/// The source of hazards that began as a report, as the rules name it.
pub const SOURCE: &str = "public";

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
