//! A case 责任追究: one stream each.

mod clocks;
mod command;
mod decide;
mod event;
mod evolve;
mod facts;
mod offer;
mod react;
mod save;
mod state;
mod subject;
mod turn;

pub use command::{CaseCommand, CaseDraft, FindingDraft};
pub use event::{Authority, CaseEvent, Consequence, Handling, Side, SideRole, Verdict};
pub use facts::CaseFacts;
pub use react::on_concluded;
pub use state::{CaseState, Stage, StageCode};
pub use subject::Case;
pub use turn::{Act, turns};

pub(crate) use clocks::spans;
pub(crate) use event::{Found, FoundText, HandledText};
pub(crate) use facts::{OfHazard, open_case};
pub(crate) use offer::{Looking, Offer, acts};
pub(crate) use save::{photos, save_due};
pub(crate) use state::SideState;
#[cfg(test)]
pub(crate) use subject::need;
pub(crate) use turn::Turn;
