//! Official papers 公文 as GB/T 9704-2012 wants them: what a paper is ([`Paper`]), the page that is printed
//! ([`answer`]), and its PDF, set by a program of its own ([`Press`]).
//!
//! A room says what a paper says; where each element stands on the sheet is decided here, once.

mod block;
pub mod docx;
mod page;
mod paper;
mod press;
#[cfg(test)]
mod samples;

pub use block::{Block, Body, Ruled, RuledColumn};
pub use page::{Printing, answer};
pub use paper::{Annex, Form, Paper, Tone};
pub use press::{Press, PressSettings};

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
