//! What happens to a report. **These types are decoded for ever**: never rename, never change a meaning; a changed
//! meaning is a new version with an upcaster.

use hazard::Note;
use journal::event_types;
use kernel::{PersonId, Reach, Tier, UnitId};
use serde::{Deserialize, Serialize};

use crate::staffing::{Variant, Verdict};

/// It is addressed to the county's government, and its numbers may be shown further up.
const UPWARD: Reach = Reach { core: Some(Tier::Province), text: Some(Tier::County), personal: None };

/// The number of a report: a serial of the county within a year, given when it is signed. It is internal; the 文号 is the
/// bureau's office's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Number {
    /// The year of signing.
    pub year: i16,
    /// From 1.
    pub serial: u32,
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:03}", self.year, self.serial)
    }
}

/// One campus as it stood when the report was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The school.
    pub unit: UnitId,
    /// Number of the campus; 0 for a school that is one place.
    pub campus: u16,
    /// Pupils; absent where nobody entered them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pupils: Option<u32>,
    /// Staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<u32>,
    /// Boarders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boarders: Option<u32>,
    /// Guards asked for by each variant, in the order of the report, the one in force first; absent where it cannot be
    /// said.
    pub required: Vec<Option<u32>>,
    /// Of these, the variants of which a part is not at hand: at least so many are asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partly: Vec<usize>,
    /// Full-time guards that were declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<u32>,
    /// Guards that count by the roster.
    pub evidenced: u32,
    /// Part-time ones, listed and not counted.
    #[serde(default)]
    pub part_time: u32,
    /// Guards that are lacking under what is in force.
    pub lacking: u32,
}

impl Line {
    /// What a variant says of it, by its place in the report.
    pub fn verdict(&self, nth: usize) -> Verdict {
        match self.required.get(nth).copied().flatten() {
            None => Verdict::Unknown,
            Some(required) if self.evidenced < required => {
                Verdict::Short(required.saturating_sub(self.evidenced))
            }
            Some(_) if self.partly.contains(&nth) => Verdict::Partly,
            Some(_) => Verdict::Enough,
        }
    }

    /// Variants under which the answer is another one than under what is in force.
    pub fn flips(&self) -> impl Iterator<Item = (usize, Verdict)> {
        let own = self.verdict(0);
        (1..self.required.len())
            .map(|nth| (nth, self.verdict(nth)))
            .filter(move |(_, verdict)| own.flips_to(*verdict))
    }
}

/// The names of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// The school, with its campus.
    pub school: String,
    /// The township.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub township: String,
    /// How the sum came about, in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sum: String,
}

/// Core of `guard_report.drafted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The county.
    pub county: UnitId,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `guard_report.drafted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftedText {
    /// The government it is addressed to.
    pub addressee: String,
    /// What is asked of it.
    pub request: String,
}

/// Core of what somebody did without saying more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `guard_report.signed`: the numbers as they stood, frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Its number.
    pub number: Number,
    /// 文号; empty when the office gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// What was evaluated, the one in force first.
    pub variants: Vec<Variant>,
    /// Each campus.
    pub lines: Vec<Line>,
    /// How far the journal was read.
    pub reading: journal::Reading,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `guard_report.signed`: the names of its lines, in the same order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedText {
    /// One for each line.
    pub names: Vec<Names>,
    /// The clauses it leans on, in Chinese.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
}

event_types! {
    /// What happens to a report.
    pub enum ReportEvent {
        /// 拟稿、修改
        Drafted("guard_report.drafted", 1, UPWARD): Parts<Drafted, DraftedText>,
        /// 送签
        Submitted("guard_report.submitted", 1, UPWARD): Parts<Acted>,
        /// 退回修改
        SentBack("guard_report.sent_back", 1, UPWARD): Parts<Acted, Note>,
        /// 签发
        Signed("guard_report.signed", 1, UPWARD): Parts<Signed, SignedText>,
        /// 作废
        Withdrawn("guard_report.withdrawn", 1, UPWARD): Parts<Acted, Note>,
    }
}
