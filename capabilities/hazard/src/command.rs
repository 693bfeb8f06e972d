//! What may be asked of a hazard.

use kernel::{PersonId, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use serde::Serialize;

use crate::{
    carried::CarryOver,
    event::{GuideItemAnswered, Note, OtherHazard, Photo, Position},
    level::{Level, Number},
};

/// A new hazard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Registration {
    /// The unit where it is.
    pub unit: UnitId,
    /// `H01` ...
    pub category: String,
    /// How it was found.
    pub source: String,
    /// What is wrong.
    pub description: String,
    /// Where, in words.
    pub place: String,
    /// Photos of it.
    pub photos: Vec<Photo>,
    /// Where the phone was.
    pub position: Option<Position>,
    /// When it was found, if not now.
    pub found_at: Option<Timestamp>,
    /// The ledger number, when a register that is being imported already gave one.
    pub number: Option<Number>,
    /// Items of the guide that are met, as whoever found it ticked them; the grading begins with them.
    pub answers: Vec<GuideItemAnswered>,
    /// It was fixed at once.
    pub on_the_spot: Option<OnTheSpot>,
}

/// 立行立改: what was done at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OnTheSpot {
    /// What was done; the category's words when empty.
    pub note: String,
    /// Photos afterwards, at least one.
    pub photos: Vec<Photo>,
    /// Answers to the guide's items of its category, as for a grading.
    pub answers: Vec<GuideItemAnswered>,
    /// Which of the photos were used before.
    #[serde(skip)]
    pub reused: Vec<UsedBefore>,
}

/// A photo that was used before. It was looked up and not asked for, and the same form finds more when it comes again:
/// so it is no part of what tells one asking from another.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedBefore {
    /// The photo that came with the act.
    pub photo: Photo,
    /// The other hazard that had it; nothing when it shows this one as it was found.
    pub other: Option<OtherHazard>,
}

/// The answers of somebody who ticks none of the guide's items.
pub fn none_met(rules: &RuleBook, category: &str) -> Vec<GuideItemAnswered> {
    let items = rules.guide(category).into_iter().flat_map(|guide| &guide.items);
    items.map(|item| GuideItemAnswered { item: item.id.to_string(), met: false }).collect()
}

/// An answer to the grading question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GradeAs {
    /// The level chosen.
    pub level: Level,
    /// The guide's items, answered.
    pub answers: Vec<GuideItemAnswered>,
    /// Why.
    pub reason: String,
}

/// The five fixed 五落实 as somebody filled them in; nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlanDraft {
    /// 责任: the person who answers for it.
    pub responsible: Option<PersonId>,
    /// 责任: who does what.
    pub responsibility: String,
    /// 资金: from where.
    pub funds: String,
    /// 资金: yuan cents.
    pub funds_cents: Option<i64>,
    /// 措施
    pub measures: String,
    /// 时限: the last millisecond.
    pub due: Option<Timestamp>,
    /// 预案
    pub contingency: String,
}

/// An answer to a request for more time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Extension {
    /// Granted as asked.
    Grant,
    /// Not granted.
    Refuse,
}

/// An answer to 提请解决.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Answer {
    /// The county helps.
    Support,
    /// The school can do it itself.
    Return,
}

/// What may be asked of a hazard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum HazardCommand {
    /// 登记
    Register(Box<Registration>),
    /// 定级
    Grade(GradeAs),
    /// 交办
    Assign {
        /// Who shall fix it.
        responsible: PersonId,
        /// Words to them.
        note: Note,
    },
    /// 签收(五落实)
    TakeOn(PlanDraft),
    /// 更换责任人: while the plan is being carried out.
    ChangeResponsible {
        /// Who answers for it from now on.
        responsible: PersonId,
        /// Who does what from now on.
        responsibility: String,
        /// Why.
        reason: String,
    },
    /// 整改进展
    Progress(Note),
    /// 整改完成
    Rectify {
        /// What was done, with photos.
        note: Note,
        /// Yuan cents spent.
        spent_cents: Option<i64>,
        /// Which of the photos were used before.
        #[serde(skip)]
        reused: Vec<UsedBefore>,
    },
    /// 申请延期
    AskExtension {
        /// The last millisecond asked for.
        until: Timestamp,
        /// Why.
        note: Note,
    },
    /// 延期审批
    AnswerExtension {
        /// Yes or no.
        answer: Extension,
        /// Why.
        note: Note,
    },
    /// 复查验收通过
    Accept {
        /// Looked at on the spot.
        on_site: bool,
        /// Words and photos.
        note: Note,
    },
    /// 复查退回
    Return {
        /// Why.
        note: Note,
        /// A new deadline when the old one has passed.
        due: Option<Timestamp>,
    },
    /// 销号
    Close(Note),
    /// 回头看
    Revisit {
        /// Still sound.
        sound: bool,
        /// Words and photos.
        note: Note,
    },
    /// 撤销
    Withdraw {
        /// It is the same as another; otherwise it was a mistake.
        duplicate: bool,
        /// The hazard of the same unit that goes on instead, where it is named.
        same_as: Option<StreamId>,
        /// Why.
        note: Note,
    },
    /// 提请解决
    AskHelp(Note),
    /// 提请答复
    AnswerHelp {
        /// What the county does.
        answer: Answer,
        /// By when it does what it promises; the rules' own deadline where nothing is said.
        until: Option<Timestamp>,
        /// Words.
        note: Note,
    },
    /// 协助落实: what the county did of what it promised.
    DeliverHelp(Note),
    /// 催办: whoever's turn it is, is told to go on.
    Urge(Note),
    /// 约谈、督办记录: a step of the climb was carried out.
    AnswerClimb(Note),
    /// 更正
    Correct {
        /// The category it should have.
        category: String,
        /// What is wrong.
        description: String,
        /// Where.
        place: String,
    },
    /// 台账导入
    CarryOver(Box<CarryOver>),
    /// 隶属关系变动后转交: whatever waits for the central school waits for the one the unit hangs under now.
    Readdress,
    /// A clock reached its next mark.
    Tick {
        /// Which clock.
        clock: String,
    },
}
