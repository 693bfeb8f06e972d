//! Letters to other departments 抄告函、移送函: about one hazard, drafted and signed by two people, sent by a link that
//! opens this one letter and nothing else, or on paper; received and answered by the department, or written down for it
//! by the office 代录.

mod beside;
mod clocks;
mod command;
mod decide;
mod department;
mod diagram;
mod event;
mod evolve;
mod facts;
mod offer;
pub mod pages;
mod panel;
pub mod query;
mod save;
mod schema;
mod state;
mod subject;
#[cfg(test)]
mod tests;
pub mod ticket;
mod turn;
pub mod words;

pub use beside::LettersBeside;
pub use command::{LetterDraft, ReceiptDraft, ReplyDraft, Signatory, TransferCommand};
pub use department::{
    Department, DepartmentCommand, DepartmentDraft, DepartmentEvent, DepartmentState, kinds,
};
pub use diagram::diagram_page;
pub use event::{Answer, Author, Channel, Kind, Number, TransferEvent, Urging, Way};
pub use facts::TransferFacts;
pub use panel::LettersAtUnit;
pub use save::PHOTOS;
pub use schema::MIGRATIONS;
pub use state::{Dispatch, Letter, Link, Reply, Stage, StageCode, TransferState};
pub use subject::Transfer;
pub use turn::{Act, Turn, turn};

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
