//! What another room has beside the record of a hazard and on the due list: its listing, say. Hazards do not know that
//! room; the application hands it over.

use access::Viewer;
use kernel::{Problem, Refusal, StreamId, Timestamp};
use language::Lang;
use storage::Tx;
use web::view::{Fact, Link, Table};

use crate::state::HazardState;

/// A room with something beside the record of a hazard, and with things to do.
pub trait Companion: Send + Sync {
    /// What there is beside this hazard, for whoever may see it.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn beside(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        hazard: (StreamId, &HazardState),
    ) -> Result<Option<Beside>, Problem>;

    /// What the viewer has to do in that room; nothing when he has nothing to do there.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn errands(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        now: Timestamp,
    ) -> Result<Option<Errands>, Problem>;
}

/// What somebody has to do in another room, for the due list 待办事项.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errands {
    /// How many there are, and how many are late.
    pub summary: String,
    /// Earliest deadline first.
    pub table: Table,
    /// The same as lines of the text to copy.
    pub lines: Vec<String>,
}

/// What another room says of a hazard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// What the room calls it.
    pub title: String,
    /// How it stands there.
    pub facts: Vec<Fact>,
    /// To the record of that room, for whoever may open it.
    pub link: Option<Link>,
    /// Why the hazard can be neither accepted nor closed now.
    pub hindrance: Option<Refusal>,
    /// Why the hazard cannot be withdrawn now.
    pub kept: Option<Refusal>,
    /// What the viewer could begin there, among the other acts on the hazard.
    pub acts: Vec<Link>,
}
