//! Listed supervision 挂牌督办: a major hazard is put on the county's list by a signed notice, controlled within a day,
//! reported on every week, and taken off the list only after an on-site check by two or more, signed by somebody else.

mod beside;
mod clocks;
mod command;
mod course;
mod decide;
mod event;
mod evolve;
mod facts;
mod offer;
pub mod pages;
mod panel;
pub mod query;
mod react;
mod save;
mod schema;
mod state;
mod subject;
#[cfg(test)]
mod tests;
mod turn;
pub mod words;

pub use beside::ListingBeside;
pub use command::{CheckDraft, NoticeDraft, Opening, SupervisionCommand, Told};
pub use course::course;
pub use event::{Checker, Control, Number, Step, SupervisionEvent};
pub use facts::SupervisionFacts;
pub use panel::ListingsAtUnit;
pub use react::{NotYetDelisted, on_hazard, stream_of};
pub use save::PHOTOS;
pub use schema::MIGRATIONS;
pub use state::{Check, Listing, Notice, Stage, StageCode, SupervisionState};
pub use subject::Supervision;
pub use turn::{Act, Turn, turns};

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
