//! Cockpit 综合看板: how the schools that somebody may see stand, as numbers. Every number opens the list it counts; a day
//! that has passed is shown as it ended. Nothing is written here.

mod board;
mod day;
mod facts;
mod map;
pub mod pages;

pub use facts::{Facts, facts};

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// The sentence of a refusal of this room. Handed to the pages' list of sentences.
pub fn sentence(lang: language::Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    texts::lookup(lang, key, args)
}
