//! What a stream is about, and the four questions the journal asks of it.

use std::sync::Arc;

use kernel::{Actor, ActorId, EventId, PersonId, Refusal, StreamId, Timestamp, UnitId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use storage::{StorageError, Tx};

use crate::{Vault, payload::Payload};

/// The name of a permission, such as `hazard.accept`. The table role x permission x scope lives in `access`.
pub type Permission = &'static str;

/// What a command needs before anybody looks at its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// This permission over the record's unit.
    Permission(Permission),
    /// Any one of these over the record's unit; `decide` looks closer.
    AnyOf(&'static [Permission]),
    /// Only the platform itself: clocks and reactions.
    System,
    /// An account acting on itself, whatever its roles: `decide` checks that it is the same.
    Oneself,
}

/// A role somebody holds, and over what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Code of the role.
    pub role: String,
    /// The unit it was given for.
    pub unit: UnitId,
}

/// Who the actor is towards one unit: what `decide` may know about him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The actor.
    pub actor: Actor,
    /// The person behind the account.
    pub person: Option<PersonId>,
    /// The unit he belongs to.
    pub home: Option<UnitId>,
    /// Grants that cover the unit in question, and no others.
    pub grants: Vec<Grant>,
    /// Permissions those grants give.
    pub permissions: Arc<[Permission]>,
    /// The unit's place in the tree as text, for the envelope; empty when the unit is not (yet) known.
    pub unit_path: String,
}

impl Standing {
    /// True when the grants give `permission`, or the platform itself acts.
    pub fn may(&self, permission: Permission) -> bool {
        self.is_system() || self.permissions.contains(&permission)
    }

    /// True for the platform itself.
    pub fn is_system(&self) -> bool {
        self.actor == Actor::SYSTEM
    }

    /// True when the grants give what a command needs.
    pub fn satisfies(&self, need: Need) -> bool {
        match need {
            Need::Permission(permission) => self.may(permission),
            Need::AnyOf(permissions) => permissions.iter().any(|p| self.may(p)),
            Need::System => self.is_system(),
            Need::Oneself => true,
        }
    }
}

/// Who did something that he may not also judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doer {
    /// The account.
    pub actor: ActorId,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

impl Doer {
    /// Whoever did what a stamp says, with the person the event names.
    pub const fn of(stamp: &Stamp, person: Option<PersonId>) -> Self {
        Self { actor: stamp.actor, person }
    }

    /// The same account, or another one of the same person.
    pub fn is(&self, standing: &Standing) -> bool {
        let same_account = standing.actor.id == self.actor && !standing.is_system();
        same_account || (standing.person.is_some() && standing.person == self.person)
    }
}

/// Says who an actor is towards a unit. Implemented by `access`.
pub trait Authority: Send + Sync {
    /// Looks it up inside the writer's transaction, so that a right withdrawn a moment ago is gone.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn standing(&self, tx: &mut Tx, actor: Actor, unit: UnitId) -> Result<Standing, StorageError>;
}

/// What `decide` may know besides state and facts.
pub struct Context<'a> {
    /// The stream the command is for.
    pub stream: StreamId,
    /// The present instant, a value.
    pub now: Timestamp,
    /// Who asks.
    pub standing: &'a Standing,
}

/// Where and when an event was recorded: all that `evolve` may know besides the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The event.
    pub event_id: EventId,
    /// The stream.
    pub stream: StreamId,
    /// The stream's version with this event.
    pub version: u64,
    /// The account that acted.
    pub actor: ActorId,
    /// When it was decided.
    pub at: Timestamp,
    /// The unit it concerns.
    pub unit: UnitId,
}

/// A deadline that a state implies. The clock table is the union of these over all states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockSpec {
    /// Unique within the stream: `rectify`.
    pub name: &'static str,
    /// Start of the span.
    pub started: Timestamp,
    /// End of the span.
    pub due: Timestamp,
    /// When the platform must next do something about it; `None` when all marks have been reached.
    pub next: Option<Timestamp>,
}

/// A neutral row 佐证 for measures, reports and scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// `hazard.registered`, `hazard.closed_on_time` ...
    pub kind: &'static str,
    /// `M09` ...
    pub measure: &'static str,
    /// How many, how long: what the kind says.
    pub amount: i64,
}

/// What [`Subject::save`] is given.
pub struct Saving<'a, S: Subject> {
    /// The stream.
    pub id: StreamId,
    /// Its version after `events`.
    pub version: u64,
    /// State before the first of `events`.
    pub old: Option<&'a S::State>,
    /// State after the last of them.
    pub new: &'a S::State,
    /// `new` as JSON, for the record row.
    pub state: &'a str,
    /// What happened: one event, now as in a rebuild.
    pub events: &'a [(Stamp, S::Event)],
    /// Position of the last of them in the journal.
    pub position: u64,
    /// For sealing what may only be stored sealed.
    pub vault: &'a Vault,
    /// Random bytes for sealing.
    pub ids: &'a kernel::IdSource,
}

/// What a stream is about: a hazard, a unit, a person, an account.
pub trait Subject: Send + Sync + Sized + 'static {
    /// Name of the kind; never changes.
    const KIND: &'static str;
    /// The table of its records; it has the columns `id`, `version`, `shape`, `state`.
    const TABLE: &'static str;
    /// Number of the shape of [`Self::State`] as JSON; a record with another number is rebuilt from its events.
    const SHAPE: i64;
    /// Its state: an enum, or a struct around one, whose data lives in the variants.
    type State: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What can happen to it.
    type Event: Payload;
    /// What can be asked of it.
    type Command: Clone + Serialize + Send + 'static;
    /// What else a decision must know, read before it.
    type Facts;

    /// What the command needs before anybody looks at its content.
    fn need(&self, state: Option<&Self::State>, command: &Self::Command) -> Need;

    /// The unit whose business it is.
    fn unit(&self, state: Option<&Self::State>, command: &Self::Command) -> UnitId;

    /// Further units whose business it is too, where the same is needed: the one that somebody is moved to.
    fn also_at(&self, _: &Self::Command) -> Vec<UnitId> {
        Vec::new()
    }

    /// Reads what the decision must know. May not write.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&Self::State>,
        command: &Self::Command,
        context: &Context<'_>,
    ) -> Result<Self::Facts, StorageError>;

    /// Decides. Pure: no clock, no database, no randomness.
    ///
    /// # Errors
    /// The rule that says no.
    fn decide(
        &self,
        state: Option<&Self::State>,
        command: &Self::Command,
        facts: &Self::Facts,
        context: &Context<'_>,
    ) -> Result<Vec<Self::Event>, Refusal>;

    /// The rules that a decision rested on, for the envelope: `base@hash`.
    fn rules(&self, _facts: &Self::Facts) -> String {
        String::new()
    }

    /// The state after the event. Total: an event that does not fit changes nothing, an absent part is faced.
    fn evolve(state: Option<Self::State>, event: &Self::Event, stamp: &Stamp) -> Option<Self::State>;

    /// Writes the record row and whatever else follows from the change, from old and new alone, so that a rebuild
    /// arrives at the same rows.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError>;

    /// Empties every table that [`Self::save`] fills, before a rebuild.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError>;

    /// The deadlines that a state implies.
    fn clocks(_state: &Self::State) -> Vec<ClockSpec> {
        Vec::new()
    }

    /// The unit a state belongs to, for its clocks.
    fn unit_of(state: &Self::State) -> UnitId;

    /// Neutral rows an event yields.
    fn evidence(_event: &Self::Event, _state: &Self::State) -> Vec<Evidence> {
        Vec::new()
    }
}
