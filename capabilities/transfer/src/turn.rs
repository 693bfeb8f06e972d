//! Whose turn it is: computed from the state alone, so that every list says the same. It is always the county's: a
//! department has no list here, so what it owes is the office's to ask for.

use kernel::{PersonId, Timestamp};

use crate::state::{Stage, TransferState};

kernel::named! {
    /// What has to be done next.
    pub enum Act {
        /// 送签
        Submit = "submit",
        /// 签发
        Sign = "sign",
        /// 送出
        Send = "send",
        /// 催签收
        AwaitReceipt = "await-receipt",
        /// 催回函
        AwaitReply = "await-reply",
        /// 催办结
        AwaitResult = "await-result",
    }
}

impl Act {
    /// The permission that does it.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Sign => "transfer.sign",
            Self::Submit | Self::Send | Self::AwaitReceipt | Self::AwaitReply | Self::AwaitResult => {
                "transfer.draft"
            }
        }
    }

    /// The form on the record that does it.
    pub const fn form(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Sign => "sign",
            Self::Send => "send",
            Self::AwaitReceipt | Self::AwaitReply => "urge",
            Self::AwaitResult => "ask-again",
        }
    }
}

/// Something somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What.
    pub act: Act,
    /// By when.
    pub due: Option<Timestamp>,
    /// By everybody of the office but these: nobody signs what he wrote.
    pub barred: Vec<PersonId>,
}

/// What has to be done now.
pub fn turn(state: &TransferState) -> Option<Turn> {
    let turn = |act, due| Some(Turn { act, due, barred: Vec::new() });
    match &state.stage {
        Stage::Drafted {} => turn(Act::Submit, None),
        Stage::Signing {} => {
            let barred = state.letter.drafters().filter_map(|doer| doer.person).collect();
            Some(Turn { act: Act::Sign, due: None, barred })
        }
        Stage::Signed { .. } => turn(Act::Send, None),
        Stage::Sent { dispatch } => turn(Act::AwaitReceipt, Some(dispatch.receipt.at)),
        Stage::Received { dispatch } => turn(Act::AwaitReply, Some(dispatch.reply.at)),
        Stage::TakenOn { promise, .. } => turn(Act::AwaitResult, Some(promise.at)),
        Stage::Done { .. } | Stage::Returned { .. } | Stage::Withdrawn { .. } => None,
    }
}
