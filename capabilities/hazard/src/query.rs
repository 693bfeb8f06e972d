//! Reading hazards: lists with filters, counts, one record, and what is due for whom.

mod alike;
mod due;
mod filter;
mod list;
mod one;
mod reuse;
mod running;
mod sql;
mod standing;

pub(crate) use alike::{AlikeHazard, OpenHazard, alike, open_at};
pub use due::{DueItem, due_for};
pub use filter::{Closing, Cursor, HazardFilter, Holder, Reach, Sort, StageFilter};
pub use list::{Count, HazardPage, HazardRow, by_stage, count, counted, every, page, part};
pub use one::{
    HazardRecord, has_photo, merged_into, open_of_unit, record, repeated_by, repeats, state, unit_tallies,
    written_out,
};
pub(crate) use reuse::{elsewhere, photos_of_unit};
pub use running::{OpenSpans, Said, open_spans, running};
pub use standing::{ClosedThen, Moment, OpenThen, RegisteredThen, closed, first_recorded, open, registered};
