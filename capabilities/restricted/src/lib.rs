//! Restricted 封存: a text that looks like bullying, abuse or self-harm is no hazard. It is sealed and held for the one
//! reader 指定阅读人 whom the unit has named, and stands in no list, no search, no count and no export.

mod held;
pub mod pages;
mod query;
mod reader;
mod schema;
pub mod words;

pub use held::{Held, HeldCommand, HeldEvent, HeldState, HeldWords, Outcome, Sealed, Stage, hold};
pub use query::{Reading, reader_for, waiting};
pub use reader::{Reader, ReaderCommand, ReaderEvent, ReaderState, reader_stream};
pub use schema::MIGRATIONS;

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

#[cfg(test)]
mod tests;
