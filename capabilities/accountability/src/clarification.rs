//! 情况澄清: one stream each. A school asks for one, or a conclusion issues one.

mod command;
mod decide;
mod event;
mod evolve;
mod facts;
mod save;
mod state;
mod subject;

pub use command::{Answer, ClarificationCommand, ClarificationDraft, Issue};
pub use event::{ClarificationEvent, Purpose};
pub use facts::ClarificationFacts;
pub use state::{ClarificationStage, ClarificationState};
pub use subject::Clarification;

pub(crate) use decide::decide;
pub(crate) use state::Signature;
pub(crate) use subject::need;

use kernel::{StreamId, UnitId};
use uuid::Uuid;

/// The stream of the clarification that a conclusion issues for a side: the same however often it is asked.
pub fn stream_of(case: StreamId, side: UnitId) -> StreamId {
    StreamId(Uuid::from_u128(case.0.as_u128() ^ side.0.as_u128().rotate_left(64)))
}
