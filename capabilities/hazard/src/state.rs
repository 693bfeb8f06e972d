//! A hazard as it stands.

use std::collections::BTreeMap;

use kernel::{ActorId, Coded, PersonId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

use crate::{
    carried::Carried,
    event::{NamedHazard, Photo, Readdressed},
    level::{Acceptor, Escalation, Level, Number, StageCode, WithdrawnWhy},
};

/// Who fixed it, and may therefore not accept it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixer {
    /// The account.
    pub actor: ActorId,
    /// The person.
    pub person: Option<PersonId>,
    /// Within the deadline.
    pub on_time: bool,
}

/// 五落实: the plan as it was taken on. The words may have been erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The person who answers for it; absent when fixed on the spot by somebody without a record.
    pub responsible: Option<PersonId>,
    /// Who does what.
    pub responsibility: Option<String>,
    /// From where.
    pub funds: Option<String>,
    /// Yuan cents.
    pub funds_cents: i64,
    /// What is done.
    pub measures: Option<String>,
    /// What if it goes wrong meanwhile.
    pub contingency: Option<String>,
    /// When the work began.
    pub since: Timestamp,
    /// When it must be done.
    pub due: DueBy,
    /// From when the span up to [`Self::due`] is counted: when the work began, or when it was last returned.
    pub counted_from: Timestamp,
    /// Who answered for it before, or did work that was returned: they may not accept it either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<PersonId>,
    /// Milliseconds for which work that was returned had waited for acceptance: nobody's time to fix it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub waited_ms: i64,
    /// A deadline of this plan was missed once; a later one that is kept does not undo that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_zero(ms: &i64) -> bool {
    *ms == 0
}

impl Plan {
    /// From when the longest span is counted: from the beginning, without what was waited for acceptance since.
    pub fn worked_since(&self, waiting_ms: i64) -> Timestamp {
        self.since.plus_ms(self.waited_ms + waiting_ms)
    }
}

/// Where a hazard stands, with what belongs to that stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// 待定级
    Registered {
        /// Since.
        since: Timestamp,
        /// To be graded by.
        due: DueBy,
    },
    /// 待交办
    Graded {
        /// Since.
        since: Timestamp,
        /// To be assigned by.
        due: DueBy,
    },
    /// 待签收
    Assigned {
        /// Since.
        since: Timestamp,
        /// To be taken on by.
        due: DueBy,
        /// Who shall fix it; absent after it came back and nobody was named yet.
        responsible: Option<PersonId>,
    },
    /// 整改中
    Rectifying {
        /// The plan.
        plan: Plan,
    },
    /// 延期待批
    ExtensionAsked {
        /// The plan.
        plan: Plan,
        /// Asked at.
        since: Timestamp,
        /// Asked for.
        until: Timestamp,
        /// The account that asked.
        asker: ActorId,
        /// The person who asked.
        asker_person: Option<PersonId>,
        /// Who answers.
        answerer: Coded<Acceptor>,
    },
    /// 待复查
    AwaitingAcceptance {
        /// Since.
        since: Timestamp,
        /// To be accepted by.
        due: DueBy,
        /// The plan.
        plan: Plan,
        /// Who fixed it.
        fixer: Fixer,
        /// Who accepts.
        acceptor: Coded<Acceptor>,
    },
    /// 待销号
    Accepted {
        /// Since.
        since: Timestamp,
        /// The plan.
        plan: Plan,
        /// Who fixed it.
        fixer: Fixer,
        /// Who accepted.
        acceptor: Coded<Acceptor>,
        /// To be closed by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<DueBy>,
    },
    /// 已销号
    Closed {
        /// Since.
        since: Timestamp,
        /// The plan.
        plan: Plan,
        /// Within the deadline.
        on_time: bool,
        /// Whole days from registration.
        days: i64,
        /// To be revisited by.
        revisit: DueBy,
        /// Who fixed it, and may therefore not look back at it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fixer: Option<Fixer>,
        /// Who accepted, and looks back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acceptor: Option<Coded<Acceptor>>,
    },
    /// 已办结
    Done {
        /// Since.
        since: Timestamp,
        /// When it was closed.
        closed_at: Timestamp,
        /// Within the deadline.
        on_time: bool,
        /// Whole days from registration to closing.
        days: i64,
    },
    /// 已撤销
    Withdrawn {
        /// Since.
        since: Timestamp,
        /// Why.
        why: Coded<WithdrawnWhy>,
        /// The hazard that goes on instead, where it was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        same_as: Option<NamedHazard>,
    },
    /// 台账已销号
    CarriedOver {
        /// Since.
        since: Timestamp,
        /// When the ledger says it was closed.
        closed_at: Option<Timestamp>,
    },
}

impl Stage {
    /// The stage by name.
    pub const fn code(&self) -> StageCode {
        match self {
            Self::Registered { .. } => StageCode::Registered,
            Self::Graded { .. } => StageCode::Graded,
            Self::Assigned { .. } => StageCode::Assigned,
            Self::Rectifying { .. } => StageCode::Rectifying,
            Self::ExtensionAsked { .. } => StageCode::ExtensionAsked,
            Self::AwaitingAcceptance { .. } => StageCode::AwaitingAcceptance,
            Self::Accepted { .. } => StageCode::Accepted,
            Self::Closed { .. } => StageCode::Closed,
            Self::Done { .. } => StageCode::Done,
            Self::Withdrawn { .. } => StageCode::Withdrawn,
            Self::CarriedOver { .. } => StageCode::CarriedOver,
        }
    }

    /// The plan, from taking on to closing.
    pub const fn plan(&self) -> Option<&Plan> {
        match self {
            Self::Rectifying { plan }
            | Self::ExtensionAsked { plan, .. }
            | Self::AwaitingAcceptance { plan, .. }
            | Self::Accepted { plan, .. }
            | Self::Closed { plan, .. } => Some(plan),
            Self::Registered { .. }
            | Self::Graded { .. }
            | Self::Assigned { .. }
            | Self::Done { .. }
            | Self::Withdrawn { .. }
            | Self::CarriedOver { .. } => None,
        }
    }
}

/// 提请解决: where a request to the county stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// Asked, not answered.
    Asked,
    /// The county promised to help.
    Supported,
    /// 协助落实: the county did what it promised.
    Delivered,
}

impl Help {
    /// The county agreed to help, and has a say in the hazard until it is closed.
    pub const fn is_agreed(self) -> bool {
        matches!(self, Self::Supported | Self::Delivered)
    }
}

/// How often somebody above told whoever has the turn to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urged {
    /// The last time.
    pub at: Timestamp,
    /// How often, since the step began.
    pub times: u32,
}

/// The clock of a request beside that of the work: until when it is answered, then until when the promise is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpClock {
    /// Since.
    pub since: Timestamp,
    /// By when.
    pub due: DueBy,
}

/// A hazard as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HazardState {
    /// Ledger number.
    pub number: Number,
    /// The unit where it is.
    pub unit: UnitId,
    /// The township the unit lay in when it was registered.
    pub township: Option<UnitId>,
    /// The central school that ran the unit then.
    pub central: Option<UnitId>,
    /// The unit has changed its central school since, or was closed: what is to be done lies with others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readdressed: Option<Readdressed>,
    /// The county.
    pub county: Option<UnitId>,
    /// `H01` ...
    pub category: String,
    /// `None` until it is graded.
    pub level: Option<Level>,
    /// How it was found.
    pub source: String,
    /// What is wrong; `None` once erased.
    pub description: Option<String>,
    /// Where; `None` once erased.
    pub place: Option<String>,
    /// Photos of it.
    pub photos: Vec<Photo>,
    /// When it was found.
    pub found_at: Timestamp,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// The account that registered it.
    pub registered_by: ActorId,
    /// Where it stands.
    #[serde(flatten)]
    pub stage: Stage,
    /// Highest mark each running clock has reached, in percent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, u8>,
    /// How far it has climbed since it became overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// The highest step of the climb that somebody has carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Escalation>,
    /// When it climbs next, once it is overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climb_at: Option<Timestamp>,
    /// 提请解决
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Help>,
    /// What the county owes of it, by when; nothing once the school has fixed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_clock: Option<HelpClock>,
    /// A plan was given up when it was found to be major: what it had missed is not undone by the next one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// Who answered for such a plan or worked on it: they may not accept what follows either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<PersonId>,
    /// How often it was returned.
    pub returns: u32,
    /// How often it was given more time.
    pub extensions: u32,
    /// How often it came back after closing.
    pub recurrences: u32,
    /// 重复隐患: what was found on that day or later, at the same place and of the same category, is repeated by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats_since: Option<Timestamp>,
    /// 催办 of the step that is due now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urged: Option<Urged>,
    /// Progress notes.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub notes: u32,
    /// It comes from a ledger, by whose word it stood where it began here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
}

impl HazardState {
    /// The county agreed to help: it has a say until the hazard is closed.
    pub fn help_is_agreed(&self) -> bool {
        self.stage.code().is_open() && self.help.is_some_and(Help::is_agreed)
    }

    /// Graded as major.
    pub fn is_major(&self) -> bool {
        self.level == Some(Level::Major)
    }

    /// The central school that accepts and holds talks; [`Self::central`] only tells the past.
    pub fn central_now(&self) -> Option<UnitId> {
        self.readdressed.as_ref().map_or(self.central, |to| to.central)
    }

    /// Who has to fix it, as long as somebody else can be put in his place: also while an answer to a request for help
    /// or for more time is waited for.
    pub fn responsible(&self) -> Option<PersonId> {
        match &self.stage {
            Stage::Assigned { responsible, .. } => *responsible,
            Stage::Rectifying { plan } | Stage::ExtensionAsked { plan, .. } => plan.responsible,
            Stage::Registered { .. }
            | Stage::Graded { .. }
            | Stage::AwaitingAcceptance { .. }
            | Stage::Accepted { .. }
            | Stage::Closed { .. }
            | Stage::Done { .. }
            | Stage::Withdrawn { .. }
            | Stage::CarriedOver { .. } => None,
        }
    }

    /// Nobody is at the unit any more.
    pub fn unit_closed(&self) -> bool {
        self.readdressed.as_ref().is_some_and(|to| to.closed)
    }

    /// The deadline that counts at this stage.
    pub const fn due(&self) -> Option<&DueBy> {
        match &self.stage {
            Stage::Registered { due, .. }
            | Stage::Graded { due, .. }
            | Stage::Assigned { due, .. }
            | Stage::AwaitingAcceptance { due, .. } => Some(due),
            Stage::Rectifying { plan } | Stage::ExtensionAsked { plan, .. } => Some(&plan.due),
            Stage::Accepted { due, .. } => due.as_ref(),
            Stage::Closed { revisit, .. } => Some(revisit),
            Stage::Done { .. } | Stage::Withdrawn { .. } | Stage::CarriedOver { .. } => None,
        }
    }

    /// Past the deadline that counts, and still open.
    pub fn overdue_at(&self, now: Timestamp) -> bool {
        self.stage.code().is_open() && self.due().is_some_and(|due| due.at < now)
    }
}

/// Most hazards have no progress note, and their state need not say so.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks this way")]
const fn is_none_yet(count: &u32) -> bool {
    *count == 0
}
