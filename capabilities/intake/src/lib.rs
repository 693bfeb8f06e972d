//! Intake 导入: the school register from whatever spreadsheet the county keeps. First it is looked at: which row is
//! the heading, which column is what, what is new, what changes, what cannot be taken and where. Nothing is written
//! before somebody confirms; then each row becomes one unit of work of the person who imports.

mod batch;
mod choose;
mod field;
mod header;
mod import;
mod kinds;
mod known;
pub mod pages;
mod people;
mod plan;
mod planner;
mod row;
mod schema;
mod template;
pub mod words;

pub use batch::{Batch, BatchBody, Options, Stage, Stopped};
pub use field::Field;
pub use header::{Header, Mapping, find_header, fingerprint};
pub use import::{Importer, MOST_ROWS, UPLOAD_BYTES};
pub use plan::{Action, Change, Plan, RowPlan};
pub use row::CellProblem;
pub use schema::MIGRATIONS;
pub use template::template;

/// The texts of importing as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

#[cfg(test)]
mod tests;
