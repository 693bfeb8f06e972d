//! The clocks of a letter: the receipt and the reply run at once, then what was promised.

use journal::ClockSpec;
use rules::Running;

use crate::state::{Stage, TransferState};

/// The spans that run.
pub(crate) fn spans(state: &TransferState) -> Vec<Running<'_>> {
    match &state.stage {
        Stage::Sent { dispatch } => vec![
            Running { name: "receipt", started: dispatch.at, due: &dispatch.receipt },
            Running { name: "reply", started: dispatch.reply_since, due: &dispatch.reply },
        ],
        Stage::Received { dispatch } => {
            vec![Running { name: "reply", started: dispatch.reply_since, due: &dispatch.reply }]
        }
        Stage::TakenOn { reply, promise, .. } => {
            vec![Running { name: "promise", started: reply.at, due: promise }]
        }
        Stage::Drafted {}
        | Stage::Signing {}
        | Stage::Signed { .. }
        | Stage::Done { .. }
        | Stage::Returned { .. }
        | Stage::Withdrawn { .. } => Vec::new(),
    }
}

/// The running clocks.
pub(crate) fn clocks(state: &TransferState) -> Vec<ClockSpec> {
    spans(state)
        .into_iter()
        .map(|span| ClockSpec {
            name: span.name,
            started: span.started,
            due: span.due.at,
            next: span.next(&state.marks),
        })
        .collect()
}
