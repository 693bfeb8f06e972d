//! What another room has beside the record of a hazard: its listing, say. Hazards do not know that room; the application
//! hands it over.

use access::Viewer;
use kernel::{Problem, Refusal, StreamId};
use language::Lang;
use storage::Tx;
use web::view::{Fact, Link};

use crate::state::HazardState;

/// A room with something beside the record of a hazard.
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
}
