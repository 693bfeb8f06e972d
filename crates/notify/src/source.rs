//! What the rooms tell: each implements [`Source`] for its kind of stream.

use journal::Recorded;
use kernel::{Problem, Timestamp, UnitId};
use storage::Tx;

use crate::Topic;

/// A sentence and where it leads. **Nothing personal and no free text**: number, category, level, unit, deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// One sentence, in Chinese: it goes to groups of officials.
    pub sentence: String,
    /// A path of this platform: `/hazards/...`.
    pub path: String,
}

/// Something to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiding {
    /// Whose business it is.
    pub unit: UnitId,
    /// Also for the units above it, up to the county.
    pub upwards: bool,
    /// What it is about.
    pub topic: Topic,
    /// What is said.
    pub line: Line,
}

/// A room that has something to tell.
pub trait Source: Send + Sync {
    /// The kind of stream whose events it reads.
    fn kind(&self) -> &'static str;

    /// What an event tells, seen from what stands now: nothing when it has been overtaken.
    ///
    /// # Errors
    /// Whatever the database answers. An event that cannot be read tells nothing.
    fn tidings(&self, tx: &mut Tx, event: &Recorded) -> Result<Vec<Tiding>, Problem>;

    /// The counts of a unit and everything below it, for the daily message.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn daily(&self, tx: &mut Tx, unit: UnitId, now: Timestamp) -> Result<Option<Line>, Problem>;
}
