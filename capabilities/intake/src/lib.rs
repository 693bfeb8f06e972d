//! Intake 导入: the school register, guards, and the ledger of hazards from whatever spreadsheet the county keeps. First it is looked at: which row is
//! the heading, which column is what, what is new, what changes, what cannot be taken and where. Nothing is written
//! before somebody confirms; then all of it is written in one unit of work of the person who imports, or nothing is.

mod batch;
mod cells;
mod choose;
mod content;
mod day;
mod field;
mod guards;
mod header;
mod import;
mod kinds;
mod known;
mod ledger;
mod numbers;
pub mod pages;
mod people;
mod photos;
mod plan;
mod planner;
mod posts;
mod refused;
mod report;
mod row;
mod schema;
mod staff;
mod template;
pub mod words;
mod write;

pub use batch::{Batch, BatchBody, NoPhoto, Options, Stage, Stopped, Withheld};
pub use content::Content;
pub use field::Field;
pub use header::{Header, Mapping, find_header, fingerprint};
pub use import::{Importer, Looked, Tools};
pub use ledger::word_key;
pub use photos::PhotoFile;
pub use plan::{Action, Change, Detail, Plan, RowPlan};
pub use report::{Report, outcome, report};
pub use row::CellProblem;
pub use schema::{MIGRATIONS, PHOTOS};
pub use template::{Choices, template};

/// The texts of importing as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

#[cfg(test)]
mod tests;
