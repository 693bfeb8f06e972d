//! What may be asked of a letter.

use hazard::{Note, Photo};
use kernel::{StreamId, Timestamp, UnitId};
use serde::Serialize;

use crate::event::{Answer, Channel, Kind, Urging, Way};

/// 抄告函 or 移送函 as somebody drafted it; nothing is checked yet. What it says of the hazard is read from the hazard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterDraft {
    /// The school, whose business it is.
    pub unit: UnitId,
    /// The hazard.
    pub hazard: StreamId,
    /// What it asks for.
    pub kind: Kind,
    /// Whom it is for.
    pub department: Option<StreamId>,
    /// 请贵单位办理的事项
    pub request: String,
    /// To be answered by: the last millisecond.
    pub reply_by: Option<Timestamp>,
    /// Which of the hazard's photos go along.
    pub photos: Vec<Photo>,
    /// The letter that another department sent back.
    pub former: Option<StreamId>,
}

/// Who of a department signed for something, or answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Which office of the department.
    pub office: String,
    /// The name.
    pub name: String,
    /// The post.
    pub post: String,
}

/// 签收, by the link or written down by the office; nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceiptDraft {
    /// How it came in.
    pub way: Way,
    /// The link it came by.
    pub link: Option<u32>,
    /// The day; by the link it is today.
    pub on: Option<Timestamp>,
    /// Who signed.
    pub signatory: Signatory,
    /// The signed receipt.
    pub photos: Vec<Photo>,
}

/// 回函, by the link or written down by the office; nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplyDraft {
    /// How it came in.
    pub way: Way,
    /// The link it came by.
    pub link: Option<u32>,
    /// The day; by the link it is today.
    pub on: Option<Timestamp>,
    /// What they answer.
    pub answer: Answer,
    /// With 受理: to be done by.
    pub promise: Option<Timestamp>,
    /// What they do, did, or why it is not theirs.
    pub words: String,
    /// With 退回: whose matter it is.
    pub whose: String,
    /// Who answered.
    pub signatory: Signatory,
    /// Photos, or the scan.
    pub photos: Vec<Photo>,
}

/// What may be asked of a letter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum TransferCommand {
    /// 拟稿
    Draft(Box<LetterDraft>),
    /// 送签
    Submit,
    /// 签发
    Sign {
        /// Yes or no.
        passed: bool,
        /// 文号
        document_number: String,
        /// Why not, or an opinion.
        note: Note,
    },
    /// 送出
    Send {
        /// How.
        channel: Channel,
        /// The day.
        on: Option<Timestamp>,
        /// Anything about it, with a photo of what was sent.
        note: Note,
    },
    /// 生成链接: a new one; the one before it opens nothing any more.
    MakeLink,
    /// 停用链接
    RevokeLink,
    /// The link was opened.
    Opened {
        /// Which one.
        link: u32,
    },
    /// 签收
    Receive(Box<ReceiptDraft>),
    /// 回函
    Reply(Box<ReplyDraft>),
    /// 请求续报
    AskAgain {
        /// To be answered by: the last millisecond.
        until: Option<Timestamp>,
        /// What else is asked.
        note: Note,
    },
    /// 撤回
    Withdraw(Note),
    /// 催办, as it was done.
    Urge {
        /// How.
        how: Urging,
        /// What was said.
        note: Note,
    },
    /// A clock reached its next mark.
    Tick {
        /// Which clock.
        clock: String,
    },
}
