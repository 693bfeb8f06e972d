//! What may be asked of a report.

use hazard::{Note, Photo};
use kernel::{StreamId, UnitId};
use serde::Serialize;

use crate::event::Answer;

/// A report as it was typed; nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reception {
    /// The school.
    pub unit: UnitId,
    /// The place whose code was scanned.
    pub place: StreamId,
    /// What kind of hazard it looks like; empty where the reporter does not know.
    pub category: String,
    /// Where exactly.
    pub spot: String,
    /// What is wrong.
    pub words: String,
    /// Photos of it.
    pub photos: Vec<Photo>,
    /// A telephone is kept beside the journal.
    pub telephone: bool,
}

/// What may be asked of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum PublicReportCommand {
    /// 收到: the platform brings it, from somebody without an account.
    Receive(Box<Reception>),
    /// 转为隐患: asked after the registration, in the same unit of work.
    TakeUp {
        /// The hazard that it became.
        hazard: StreamId,
        /// What the reporter reads.
        words: String,
    },
    /// 答复不予转办
    Answer {
        /// Why it becomes no hazard.
        answer: Answer,
        /// The hazard that it is already.
        hazard: Option<StreamId>,
        /// What the reporter reads.
        words: String,
    },
    /// 退回重办, once.
    SendBack(Note),
    /// A clock reached its next mark.
    Tick {
        /// Which clock.
        clock: String,
    },
}
