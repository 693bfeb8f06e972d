//! What may be asked of an adjustment.

use hazard::Note;
use kernel::{Date, UnitId};
use serde::Serialize;

use crate::{change::Change, event::Concerned};

/// An adjustment as somebody drafted it; nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Draft {
    /// The county whose rules it changes.
    pub county: UnitId,
    /// The first day on which it holds; none was named.
    pub from: Option<Date>,
    /// What it changes.
    pub changes: Vec<Change>,
    /// Why.
    pub reason: Note,
}

/// What may be asked of an adjustment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum AdjustmentCommand {
    /// 拟稿, or 重拟 while it waits
    Draft(Draft),
    /// 退回
    SendBack(Note),
    /// 撤回
    Drop(Note),
    /// 签发启用, by somebody other than who drafted it
    Activate {
        /// What the trial said.
        concerned: Vec<Concerned>,
        /// A remark.
        note: Note,
    },
    /// 终止
    End {
        /// The first day on which it holds no more; none was named.
        on: Option<Date>,
        /// Why.
        note: Note,
    },
}
