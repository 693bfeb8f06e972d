//! Whose turn it is: computed from the state alone, so that every list says the same.

use kernel::Timestamp;

use crate::state::{PublicReportState, Stage};

kernel::named! {
    /// What has to be done next.
    pub enum Act {
        /// 答复
        Answer = "answer",
    }
}

/// Something the school has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What.
    pub act: Act,
    /// By when.
    pub due: Timestamp,
}

/// What has to be done now: an answer, and after that nothing.
pub const fn turn(state: &PublicReportState) -> Option<Turn> {
    match &state.stage {
        Stage::Waiting { due, .. } => Some(Turn { act: Act::Answer, due: due.at }),
        Stage::TakenUp { .. } | Stage::Answered { .. } => None,
    }
}
