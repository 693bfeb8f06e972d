//! 隐患台账: the county's own ledger, historic rows and open ones.

mod plan;
mod read;
mod screen;
mod words;

pub(crate) use plan::{field_of, plan};
pub(crate) use screen::withheld;
pub use words::word_key;
pub(crate) use words::{Asked, asked, read_answers};
