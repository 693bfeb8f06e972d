//! What may be asked of a listing.

use hazard::Note;
use kernel::{PersonId, StreamId, Timestamp, UnitId};
use serde::Serialize;

use crate::event::Control;

/// A hazard that has to be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The school.
    pub unit: UnitId,
    /// The township it lies in.
    pub township: Option<UnitId>,
    /// The central school that runs it.
    pub central: Option<UnitId>,
    /// The county.
    pub county: Option<UnitId>,
}

/// 挂牌督办通知书 as somebody drafted it; nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NoticeDraft {
    /// 督办单位
    pub supervisor: Option<UnitId>,
    /// 整改期限: the last millisecond.
    pub deadline: Option<Timestamp>,
    /// 督办要求
    pub requirements: String,
    /// 抄送
    pub copies: String,
}

/// 现场核查 as somebody wrote it down; nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CheckDraft {
    /// It is fixed.
    pub passed: bool,
    /// The day they were there: its first millisecond.
    pub on: Option<Timestamp>,
    /// Who of the people known here was there.
    pub checkers: Vec<PersonId>,
    /// Names of others who were, as they were typed.
    pub others: String,
    /// The sheet signed on paper is among the photos.
    pub sheet: bool,
    /// What they found, with photos.
    pub note: Note,
}

/// What the hazard went through, as far as its listing must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Told {
    /// Its plan was signed, or its progress reported.
    Progressed,
    /// 整改完成
    Rectified,
    /// 复查退回
    Returned,
    /// 撤销
    Withdrawn,
    /// 改定为一般或较大
    Lowered,
}

/// What may be asked of a listing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum SupervisionCommand {
    /// 待挂牌
    Open(Opening),
    /// 临时管控
    Control {
        /// What was done.
        measure: Control,
        /// Words and photos.
        note: Note,
    },
    /// 拟稿
    Draft(NoticeDraft),
    /// 送审
    Submit,
    /// 审核
    Review {
        /// Yes or no.
        passed: bool,
        /// Why not.
        note: Note,
    },
    /// 签发
    Sign {
        /// Yes or no.
        passed: bool,
        /// 文号
        document_number: String,
        /// Why not, or an opinion.
        note: Note,
    },
    /// 不予挂牌
    Waive(Note),
    /// 送达签收
    Receive(Note),
    /// 申请摘牌
    AskDelisting(Note),
    /// 现场核查
    Check(Box<CheckDraft>),
    /// 核查签字
    SignCheck,
    /// 签发摘牌
    Delist {
        /// Yes or no.
        passed: bool,
        /// 文号
        document_number: String,
        /// Why not, or an opinion.
        note: Note,
    },
    /// What the hazard went through.
    Hear(Told),
    /// A clock reached its next mark.
    Tick {
        /// Which clock.
        clock: String,
    },
}
