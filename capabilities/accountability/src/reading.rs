//! What the journal says of a hazard and its listing: how far it was read, which deadlines ran, who kept them and who
//! did not.

use hazard::course::Run;
pub use journal::Reading;
pub(crate) use journal::reading;
use journal::{Recorded, events_of_stream};
use kernel::{ActorId, StreamId, Timestamp, UnitId};
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx};

/// The office an account acted from. On a paper stands the unit, not the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// The account.
    pub actor: ActorId,
    /// What its unit was called then.
    pub unit: String,
}

/// The history of a hazard and of its listing, each oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub hazard: Vec<Recorded>,
    pub listing: Vec<Recorded>,
}

/// A deadline that ran, and whose clock it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// It belongs to the listing, not to the hazard itself.
    pub listing: bool,
    pub run: Run,
}

impl History {
    /// Reads it.
    pub(crate) fn read(tx: &mut Tx, hazard: StreamId) -> Result<Self, StorageError> {
        Ok(Self {
            hazard: events_of_stream(tx, hazard, None)?,
            listing: events_of_stream(tx, supervision::stream_of(hazard), None)?,
        })
    }

    /// As far as it was written down up to a position.
    #[must_use]
    pub(crate) fn up_to(mut self, position: u64) -> Self {
        self.hazard.retain(|event| event.position <= position);
        self.listing.retain(|event| event.position <= position);
        self
    }

    /// Every deadline that ran, in the order in which they began.
    pub(crate) fn runs(&self) -> Vec<Kept> {
        let of = |listing: bool| move |run: Run| Kept { listing, run };
        let own = hazard::course::course(&self.hazard).into_iter().map(of(false));
        let listed = supervision::course(&self.listing).into_iter().map(of(true));
        let mut runs: Vec<Kept> = own.chain(listed).collect();
        runs.sort_by_key(|kept| kept.run.running.started);
        runs
    }

    /// The deadlines of a unit that were missed.
    pub(crate) fn missed(&self, unit: UnitId, as_of: Timestamp) -> usize {
        let missed = |kept: &&Kept| kept.run.running.unit == unit && kept.run.missed(as_of);
        self.runs().iter().filter(missed).count()
    }

    /// The offices that acted, by account.
    pub(crate) fn hands(&self, tx: &mut Tx) -> Result<Vec<Hand>, StorageError> {
        let mut actors: Vec<ActorId> = self
            .hazard
            .iter()
            .chain(&self.listing)
            .map(Recorded::actor)
            .filter(|one| !one.is_nil())
            .collect();
        actors.sort_unstable();
        actors.dedup();
        let mut hands = Vec::with_capacity(actors.len());
        for actor in actors {
            let Some((account, _)) = access::account_state(tx, actor)? else { continue };
            let Some(unit) = organisation::unit_brief(tx, account.home)? else { continue };
            hands.push(Hand { actor, unit: unit.name });
        }
        Ok(hands)
    }
}

/// The post somebody signs with: the first of his posts at a unit, by its stored name.
pub(crate) fn post_of(tx: &mut Tx, person: kernel::PersonId) -> Result<String, StorageError> {
    Ok(organisation::first_post(tx, person)?.map(|post| post.name().to_owned()).unwrap_or_default())
}
