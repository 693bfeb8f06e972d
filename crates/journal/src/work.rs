//! A unit of work: one or several commands that happen together or not at all.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use kernel::{Actor, CommandId, EventId, Problem, Staleness, StreamId, Timestamp, UnitId};
use sha2::{Digest, Sha256};
use storage::{StorageError, Tx};

use crate::{
    Vault,
    chain::{Appender, ChainHead, Identity},
    done::listed,
    envelope::{Digest32, HashAlgorithm, Header},
    payload::{Encoded, Payload},
    reaction::{Asker, Following, Happening, Reactions},
    subject::{Authority, Context, Evidence, Saving, Stamp, Subject},
};

/// A write that is no fact: sessions, secrets, cursors.
pub(crate) type Housekeeping = Box<dyn Fn(&mut Tx) -> Result<(), StorageError> + Send>;

/// What somebody asks, with the id that makes asking twice act once.
pub struct UnitOfWork {
    pub(crate) actor: Actor,
    pub(crate) command_id: CommandId,
    pub(crate) cause: EventId,
    pub(crate) at: Option<Timestamp>,
    pub(crate) housekeeping: Option<Housekeeping>,
    pub(crate) commands: Vec<Box<dyn Pending>>,
    /// Where the writer says which command is at hand, for whoever wants to know which one was refused.
    pub(crate) at_hand: Option<Arc<AtomicUsize>>,
    body: Sha256,
}

/// Why a unit of work was not done, and which of its commands was at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAt {
    /// Its number in the order of asking, from 0; `None` when no command was at hand.
    pub command: Option<usize>,
    /// Why.
    pub problem: Problem,
}

/// No command is at hand.
pub(crate) const NONE_AT_HAND: usize = usize::MAX;

impl UnitOfWork {
    /// Nothing asked yet.
    pub fn new(actor: Actor, command_id: CommandId) -> Self {
        Self {
            actor,
            command_id,
            cause: EventId::NIL,
            at: None,
            housekeeping: None,
            commands: Vec::new(),
            at_hand: None,
            body: Sha256::new(),
        }
    }

    /// Names the event that led to it.
    #[must_use]
    pub fn because_of(mut self, cause: EventId) -> Self {
        self.cause = cause;
        self
    }

    /// Writes to operational or secret tables in the same transaction. It may run again when another unit of work
    /// of the batch fails, so it must be repeatable.
    #[must_use]
    pub fn housekeeping(
        mut self,
        write: impl Fn(&mut Tx) -> Result<(), StorageError> + Send + 'static,
    ) -> Self {
        self.housekeeping = Some(Box::new(write));
        self
    }

    /// Says when it happens instead of asking the clock. Only a platform with demonstration data listens to this;
    /// everywhere else such a unit of work is refused.
    #[must_use]
    pub fn told_at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Asks `command` of the stream `id`, whatever its version is by then.
    #[must_use]
    pub fn ask<S: Subject>(self, id: impl Into<StreamId>, command: S::Command) -> Self {
        self.push::<S>(id.into(), None, command)
    }

    /// Asks `command` of the stream `id` as it was seen; refused as stale when somebody changed it meanwhile.
    #[must_use]
    pub fn ask_seen<S: Subject>(self, id: impl Into<StreamId>, version: u64, command: S::Command) -> Self {
        self.push::<S>(id.into(), Some(version), command)
    }

    fn push<S: Subject>(mut self, id: StreamId, seen: Option<u64>, command: S::Command) -> Self {
        // A command that cannot be written as JSON has no digest of its own; the id still protects it.
        let json = serde_json::to_vec(&command).unwrap_or_default();
        for field in [S::KIND.as_bytes(), id.0.as_bytes(), &json] {
            self.body.update((field.len() as u64).to_be_bytes());
            self.body.update(field);
        }
        self.commands.push(Box::new(Asked::<S> { id, seen, command }));
        self
    }

    pub(crate) fn takes_up(&self, command: usize) {
        if let Some(at_hand) = &self.at_hand {
            at_hand.store(command, Ordering::Release);
        }
    }

    /// On whose behalf its commands run.
    pub(crate) fn asker(&self) -> Asker {
        Asker { actor: self.actor, cause: self.cause, command_id: self.command_id }
    }

    pub(crate) fn digest(&self) -> Digest32 {
        self.body.clone().finalize().into()
    }
}

/// A command waiting for the writer, whatever it is about.
pub trait Pending: Send {
    #[doc(hidden)]
    fn key(&self) -> StreamKey;
    #[doc(hidden)]
    fn prefetch(&self, run: &mut Run<'_>, tx: &mut Tx, ids: &[StreamId]) -> Result<(), StorageError>;
    #[doc(hidden)]
    fn run(&self, run: &mut Run<'_>, tx: &mut Tx, asker: Asker) -> Result<(), Problem>;
}

/// Kind and id of a stream.
#[doc(hidden)]
pub type StreamKey = (&'static str, StreamId);

/// The subjects a platform knows, by type.
#[derive(Default)]
pub(crate) struct Registry {
    pub by_type: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl Registry {
    fn get<S: Subject>(&self) -> Result<Arc<S>, Problem> {
        self.by_type
            .get(&TypeId::of::<S>())
            .and_then(|any| Arc::clone(any).downcast::<S>().ok())
            .ok_or_else(|| Problem::Fault(format!("the platform was started without {}", S::KIND)))
    }
}

/// A stream's state with its version; `None` before its first event.
#[derive(Clone)]
pub(crate) struct Cached {
    state: Option<Arc<dyn Any + Send + Sync>>,
    version: u64,
}

/// What is still to be written of one command.
type Write = Box<dyn FnOnce(&mut Tx, &mut ChainHead, &Appender<'_>) -> Result<(), StorageError>>;

/// The writer's workbench while it decides.
#[doc(hidden)]
pub struct Run<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) reactions: &'a Reactions,
    pub(crate) authority: &'a dyn Authority,
    pub(crate) vault: &'a Arc<Vault>,
    pub(crate) ids: &'a Arc<kernel::IdSource>,
    pub(crate) identity: Identity,
    pub(crate) now: Timestamp,
    /// States known before this unit of work.
    pub(crate) cache: &'a mut HashMap<StreamKey, Cached>,
    /// States as this unit of work would leave them.
    pub(crate) overlay: HashMap<StreamKey, Cached>,
    pub(crate) writes: Vec<Write>,
    /// What follows from the events of the command at hand.
    pub(crate) following: Vec<Following>,
    pub(crate) events: usize,
    pub(crate) touched: Vec<(StreamId, u64)>,
}

pub(crate) struct Asked<S: Subject> {
    pub id: StreamId,
    pub seen: Option<u64>,
    pub command: S::Command,
}

impl<S: Subject> Pending for Asked<S> {
    fn key(&self) -> StreamKey {
        (S::KIND, self.id)
    }

    fn prefetch(&self, run: &mut Run<'_>, tx: &mut Tx, ids: &[StreamId]) -> Result<(), StorageError> {
        load::<S>(run, tx, ids)
    }

    fn run(&self, run: &mut Run<'_>, tx: &mut Tx, asker: Asker) -> Result<(), Problem> {
        let subject = run.registry.get::<S>()?;
        let cached = current::<S>(run, tx, self.id)?;
        let state: Option<Arc<S::State>> = match cached.state {
            Some(any) => {
                Some(any.downcast().map_err(|_| Problem::Fault("state of another kind".to_owned()))?)
            }
            None => None,
        };
        if let Some(seen) = self.seen
            && seen != cached.version
        {
            return Err(Problem::Stale(Staleness { seen, current: cached.version }));
        }
        let old = state.as_deref();
        let unit = subject.unit(old, &self.command);
        let standing = run.authority.standing(tx, asker.actor, unit)?;
        let need = subject.need(old, &self.command);
        if !standing.satisfies(need) {
            return Err(Problem::Forbidden);
        }
        for further in subject.also_at(&self.command) {
            if !run.authority.standing(tx, asker.actor, further)?.satisfies(need) {
                return Err(Problem::Forbidden);
            }
        }
        let context = Context { stream: self.id, now: run.now, standing: &standing };
        let facts = subject.facts(tx, old, &self.command, &context)?;
        let events = subject.decide(old, &self.command, &facts, &context)?;
        if events.is_empty() {
            run.touched.push((self.id, cached.version));
            return Ok(());
        }
        let place = Place { unit, path: standing.unit_path, rules: subject.rules(&facts) };
        evolve_and_queue(
            run,
            subject,
            asker,
            Change { id: self.id, old: state, version: cached.version, events, place },
        )
    }
}

struct Place {
    unit: UnitId,
    path: String,
    rules: String,
}

struct Change<S: Subject> {
    id: StreamId,
    old: Option<Arc<S::State>>,
    version: u64,
    events: Vec<S::Event>,
    place: Place,
}

/// One event with the states around it. `save` is called for each, exactly as a rebuild will call it.
struct Happened<S: Subject> {
    header: Header,
    parts: Encoded,
    event: (Stamp, S::Event),
    evidence: Vec<Evidence>,
    old: Option<Arc<S::State>>,
    new: Arc<S::State>,
    json: String,
}

fn evolve_and_queue<S: Subject>(
    run: &mut Run<'_>,
    subject: Arc<S>,
    asker: Asker,
    change: Change<S>,
) -> Result<(), Problem> {
    let Change { id, old: mut state, mut version, events, place } = change;
    let fault = |e: serde_json::Error| Problem::Fault(format!("{}: {e}", S::KIND));
    let mut happened: Vec<Happened<S>> = Vec::with_capacity(events.len());
    for event in events {
        version += 1;
        let header = header_of(run, asker, &event, S::KIND, id, version, &place);
        let stamp = Stamp {
            event_id: header.event_id,
            stream: id,
            version,
            actor: asker.actor.id,
            at: run.now,
            unit: place.unit,
        };
        let new = S::evolve(state.as_deref().cloned(), &event, &stamp)
            .map(Arc::new)
            .ok_or_else(|| Problem::Fault(format!("{}: an event left no state", S::KIND)))?;
        let json = serde_json::to_string(&*new).map_err(fault)?;
        if json.len() > kernel::limits::RECORD_STATE_BYTES {
            return Err(Problem::Limit("RECORD_STATE_BYTES"));
        }
        let (parts, evidence) = (event.encode().map_err(fault)?, S::evidence(&event, &new));
        let old = state.replace(new.clone());
        let happening = Happening { stamp: &stamp, event: &event, old: old.as_deref(), new: &*new };
        run.following.extend(run.reactions.follow::<S>(&happening));
        happened.push(Happened { header, parts, event: (stamp, event), evidence, old, new, json });
    }
    run.overlay.insert((S::KIND, id), Cached { state: state.map(|state| state as _), version });
    run.events += happened.len();
    run.touched.push((id, version));
    let (vault, ids) = (Arc::clone(run.vault), Arc::clone(run.ids));
    run.writes.push(Box::new(move |tx, head, appender| {
        happened.iter_mut().try_for_each(|one| record(&*subject, tx, head, appender, one, (&vault, &ids)))
    }));
    Ok(())
}

/// Appends an event and writes what follows from it.
fn record<S: Subject>(
    subject: &S,
    tx: &mut Tx,
    head: &mut ChainHead,
    appender: &Appender<'_>,
    one: &mut Happened<S>,
    (vault, ids): (&Vault, &kernel::IdSource),
) -> Result<(), StorageError> {
    appender.append(tx, head, &mut one.header, &one.parts)?;
    crate::read::write_evidence(tx, head.position, &one.header, &one.evidence)?;
    let (id, old) = (one.header.stream_id, one.old.as_deref());
    let saving = Saving {
        id,
        version: one.header.stream_version,
        old,
        new: &*one.new,
        state: &one.json,
        events: std::slice::from_ref(&one.event),
        position: head.position,
        vault,
        ids,
    };
    subject.save(tx, &saving)?;
    crate::read::write_clocks::<S>(tx, id, old, &one.new)
}

fn header_of<E: Payload>(
    run: &Run<'_>,
    asker: Asker,
    event: &E,
    kind: &str,
    id: StreamId,
    version: u64,
    place: &Place,
) -> Header {
    let (event_type, type_version) = event.event_type();
    Header {
        event_id: run.ids.uuid(run.now).into(),
        node: run.identity.node,
        epoch: run.identity.epoch,
        sequence: 0,
        stream_kind: kind.to_owned(),
        stream_id: id,
        stream_version: version,
        event_type: event_type.to_owned(),
        type_version,
        unit_id: place.unit,
        unit_path: place.path.clone(),
        actor: asker.actor.id,
        actor_kind: asker.actor.kind,
        cause: asker.cause,
        command_id: asker.command_id,
        rules: place.rules.clone(),
        decided_at: run.now,
        digests: [None; 3],
        algorithm: HashAlgorithm::Sha256,
    }
}

fn current<S: Subject>(run: &mut Run<'_>, tx: &mut Tx, id: StreamId) -> Result<Cached, Problem> {
    let key = (S::KIND, id);
    if let Some(found) = run.overlay.get(&key).or_else(|| run.cache.get(&key)) {
        return Ok(found.clone());
    }
    load::<S>(run, tx, &[id])?;
    Ok(run.cache.get(&key).cloned().unwrap_or(Cached { state: None, version: 0 }))
}

/// Reads the records of `ids` into the cache, in one query per hundred or so.
fn load<S: Subject>(run: &mut Run<'_>, tx: &mut Tx, ids: &[StreamId]) -> Result<(), StorageError> {
    for chunk in ids.chunks(128) {
        let (marks, values) = listed(chunk);
        let sql = format!("SELECT id, version, state FROM {} WHERE id IN ({marks})", S::TABLE);
        let rows = tx.query(&sql, &values, |row| Ok((row.id::<StreamId>(0)?, row.int(1)?, row.text(2)?)))?;
        for (id, version, json) in rows {
            let state: S::State = serde_json::from_str(&json).map_err(|e| {
                StorageError::Other(format!("{} {id}: its record cannot be read: {e}", S::KIND))
            })?;
            let cached =
                Cached { state: Some(Arc::new(state)), version: u64::try_from(version).unwrap_or(0) };
            run.cache.insert((S::KIND, id), cached);
        }
        for id in chunk {
            run.cache.entry((S::KIND, *id)).or_insert(Cached { state: None, version: 0 });
        }
    }
    Ok(())
}
