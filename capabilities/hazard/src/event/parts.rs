//! What the events of a hazard carry. **Decoded for ever**, as [`super`] says.

use kernel::{Coded, PersonId, StreamId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};
use storage::{Row, StorageError};

use super::Reused;
use crate::level::{Acceptor, Escalation, GuideSaid, HelpSaid, Level, Number, WithdrawnWhy};

/// A photo by the hash under which it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Photo(pub String);

/// Where a phone said it was, WGS-84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// Metres, as the phone claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
}

/// Core of `hazard.registered`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// Ledger number.
    pub number: Number,
    /// The unit where it is.
    pub unit: UnitId,
    /// The township the unit lay in then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub township: Option<UnitId>,
    /// The central school that ran the unit then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<UnitId>,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// `H01` ...
    pub category: String,
    /// How it was found: 自查, 随手拍 ...
    pub source: String,
    /// When it was found.
    pub found_at: Timestamp,
    /// The person who registered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// To be graded by; absent when it was fixed on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueBy>,
    /// Items of the guide that whoever found it saw met; the grading begins with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<GuideItemAnswered>,
    /// 重复隐患: the hazard that it repeats, as it looked when this was written; what was found before may be corrected
    /// or withdrawn afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<NamedHazard>,
    /// What was found on that day or later can be repeated by it, as the rule has it; absent where no place is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats_since: Option<Timestamp>,
}

/// A hazard that another one names: the one it repeats, or the one that it is the same as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedHazard {
    /// The hazard.
    pub hazard: StreamId,
    /// Its number in the unit's ledger.
    pub number: Number,
}

impl NamedHazard {
    /// From the first columns: id, year, serial.
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self { hazard: row.id(0)?, number: Number::read(row, 1)? })
    }
}

/// Personal part of `hazard.registered`: the phone that told where it was is in somebody's pocket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegisteredPersonal {
    /// Where the phone was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// Text of `hazard.registered`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegisteredText {
    /// What is wrong.
    pub description: String,
    /// Where, in words.
    pub place: String,
    /// Photos of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// Words and pictures of an act.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// What the actor wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What the actor photographed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// Core of `hazard.fixed_on_spot`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FixedOnSpot {
    /// Only a general hazard may be fixed on the spot.
    pub level: Level,
    /// The person who fixed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Who accepts; whom this program does not know, nobody stands in for.
    pub acceptor: Coded<Acceptor>,
    /// To be accepted by.
    pub due: DueBy,
    /// What the guide said; it never said major.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<Coded<GuideSaid>>,
    /// The items answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<GuideItemAnswered>,
    /// Photos afterwards that were used before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reused: Vec<Reused>,
}

/// Text of `hazard.fixed_on_spot`: the five fixed, filled in from the category, and the picture afterwards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FixedOnSpotText {
    /// What was done.
    pub note: String,
    /// Photos afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// 责任
    pub responsibility: String,
    /// 资金
    pub funds: String,
    /// 措施
    pub measures: String,
    /// 预案
    pub contingency: String,
}

/// One answered item of the major-hazard guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideItemAnswered {
    /// The item's id.
    pub item: String,
    /// Met or not.
    pub met: bool,
}

/// Core of `hazard.graded`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// The level.
    pub level: Level,
    /// What the guide said.
    pub guide: Coded<GuideSaid>,
    /// The items answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<GuideItemAnswered>,
    /// The guide forced the level.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forced: bool,
    /// To be assigned by.
    pub due: DueBy,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.assigned`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who shall fix it.
    pub responsible: PersonId,
    /// To be taken on by.
    pub due: DueBy,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.taken_on`: the part of the five fixed that are numbers and ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakenOn {
    /// 责任: the person who answers for it.
    pub responsible: PersonId,
    /// 资金: yuan cents, 0 when none are needed.
    pub funds_cents: i64,
    /// 时限
    pub due: DueBy,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `hazard.taken_on`: the part of the five fixed that are words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TakenOnText {
    /// 责任: who does what.
    pub responsibility: String,
    /// 资金: from where.
    pub funds: String,
    /// 措施
    pub measures: String,
    /// 预案
    pub contingency: String,
}

/// Core of `hazard.responsible_changed`: somebody else answers for a plan that is being carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponsibleChanged {
    /// 责任: the person who answers for it from now on.
    pub responsible: PersonId,
    /// Who did before; absent when nobody was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<PersonId>,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `hazard.responsible_changed`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResponsibleChangedText {
    /// Why.
    pub note: String,
    /// 责任: who does what from now on.
    pub responsibility: String,
}

/// Core of `hazard.rectified`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rectified {
    /// The person who fixed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Yuan cents spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent_cents: Option<i64>,
    /// Who accepts; whom this program does not know, nobody stands in for.
    pub acceptor: Coded<Acceptor>,
    /// To be accepted by.
    pub due: DueBy,
    /// It was done within the deadline.
    pub on_time: bool,
    /// Photos that were used before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reused: Vec<Reused>,
}

/// Core of `hazard.extension_asked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtensionAsked {
    /// The day asked for.
    pub until: Timestamp,
    /// The person who asked, and may therefore not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Who answers: somebody else at the school, or those above it where there is nobody else.
    pub answerer: Coded<Acceptor>,
}

/// Core of `hazard.extension_granted`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtensionGranted {
    /// The new deadline.
    pub due: DueBy,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of an event that says no more than who acted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Acted {
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.accepted`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The person who accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Looked at on the spot, not from pictures.
    pub on_site: bool,
    /// To be closed by; events from before this deadline existed have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueBy>,
}

/// Core of `hazard.returned`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// To be fixed by: the old deadline as long as it lies ahead, unless more time was given.
    pub due: DueBy,
    /// The county set a day beyond what the rule allows since the work began: it will count as late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.closed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// Rectified within the deadline.
    pub on_time: bool,
    /// Whole days from registration to closing.
    pub days: i64,
    /// To be revisited by.
    pub revisit: DueBy,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.revisited`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revisited {
    /// It is still sound; otherwise it came back.
    pub sound: bool,
    /// When it came back: to be taken on again by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueBy>,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.withdrawn`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The reason.
    pub why: Coded<WithdrawnWhy>,
    /// The hazard that goes on instead, where it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<NamedHazard>,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.climb_answered`: a step of the climb was carried out by whom it concerns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClimbAnswered {
    /// The step: `talk` 约谈, `raise` 提级督办.
    pub step: Escalation,
    /// The person who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.help_asked`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HelpAsked {
    /// To be answered by; absent in requests from before that had a deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueBy>,
    /// The person who did it; absent when it was an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.help_answered`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HelpAnswered {
    /// What it is; one this program does not know leaves the request open.
    pub answer: Coded<HelpSaid>,
    /// When the county agreed: by when it does what it promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueBy>,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `hazard.deadline_warned`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadlineWarned {
    /// Which clock.
    pub clock: String,
    /// Percent of the span that have passed; 100 is overdue.
    pub mark: u8,
    /// Once overdue: the whole days after which the next step of escalation falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climb_after_days: Option<u32>,
}

/// Core of `hazard.escalated`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Escalated {
    /// The step reached.
    pub step: Escalation,
    /// Whole days overdue.
    pub overdue_days: u32,
    /// The whole days overdue at which the next step falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climb_after_days: Option<u32>,
}

/// Core of `hazard.readdressed`: the unit hangs under another central school now, or under none, or is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readdressed {
    /// The central school that does from now on what a central school does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<UnitId>,
    /// The one that did before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<UnitId>,
    /// The unit is closed: nobody there looks back any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

/// Core of `hazard.corrected`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    /// The category it should have had.
    pub category: String,
    /// The hazard that it repeats, seen with this category and place, as it looked then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<NamedHazard>,
    /// As of [`Registered`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats_since: Option<Timestamp>,
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}
