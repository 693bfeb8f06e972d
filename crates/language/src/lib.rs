//! Two languages, zh-CN first and English complete: which one a viewer reads, and how dates, spans of time,
//! numbers and sizes are said in it.

extern crate self as language;

mod lang;
mod say;
mod space;

pub use lang::Lang;
pub use say::Say;
pub use space::{plain, spaced};

/// The texts of this room as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
