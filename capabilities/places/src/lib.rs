//! Places 点位: where in a school one looks, each with a code that stands on its sheet for ever. Whoever scans it reports
//! something there (随手拍), and a patrol ticks it off.

pub mod code;
mod command;
mod decide;
mod event;
mod evolve;
mod facts;
pub mod pages;
mod panel;
pub mod query;
mod schema;
mod state;
mod subject;
#[cfg(test)]
mod tests;
pub mod words;

pub use command::{PlaceCommand, PlaceDraft};
pub use event::{PlaceEvent, PlaceText};
pub use facts::PlaceFacts;
pub use panel::PlacesAtUnit;
pub use schema::MIGRATIONS;
pub use state::{FormerCode, PlaceState};
pub use subject::Place;

/// The code of the kind that stands for all of a school.
pub const WHOLE: &str = "whole";

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
