//! What the journal should hold, worked out a second time with plain maps.

use std::collections::{BTreeMap, HashMap};

use journal::{Outcome, UnitOfWork};
use kernel::{Actor, ActorId, CommandId, StreamId, Timestamp, UnitId};

use super::{history::Row, machine::Found};
use crate::jar::*;

/// An answer; of a problem only its code.
pub(crate) type Answer = Result<Outcome, String>;

/// What somebody asks.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub actor: Actor,
    pub command: CommandId,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub jar: StreamId,
    pub seen: Option<u64>,
    pub command: JarCommand,
}

impl Asked {
    pub(crate) fn work(&self) -> UnitOfWork {
        self.parts.iter().cloned().fold(UnitOfWork::new(self.actor, self.command), |work, part| {
            match part.seen {
                Some(seen) => work.ask_seen::<Jar>(part.jar, seen, part.command),
                None => work.ask::<Jar>(part.jar, part.command),
            }
        })
    }

    /// Events it becomes when it is done.
    pub(crate) fn events(&self) -> usize {
        self.parts.iter().map(|part| types_of(&part.command).len()).sum()
    }

    /// What makes two askings the same: what was seen does not.
    fn content(&self) -> Vec<(StreamId, JarCommand)> {
        self.parts.iter().map(|part| (part.jar, part.command.clone())).collect()
    }
}

/// The events of a command that is not refused, by type.
fn types_of(command: &JarCommand) -> Vec<&'static str> {
    match command {
        JarCommand::Put(..) | JarCommand::Label(_) => vec!["jar.filled"],
        JarCommand::Take(_) => vec!["jar.taken"],
        JarCommand::Churn(amounts) => amounts.iter().flat_map(|_| ["jar.taken", "jar.filled"]).collect(),
        JarCommand::Own(_) => vec!["jar.owned"],
        JarCommand::Move(_) => vec!["jar.moved"],
        _ => Vec::new(),
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ModelJar {
    pub version: u64,
    pub amount: i64,
    pub unit: UnitId,
    pub label: Option<String>,
}

/// Contents of what was done, and where.
type Done = HashMap<(CommandId, ActorId), (Vec<(StreamId, JarCommand)>, u64)>;

#[derive(Clone, Default)]
pub(crate) struct Model {
    pub jars: BTreeMap<StreamId, ModelJar>,
    pub done: Done,
    pub rows: Vec<Row>,
}

impl Model {
    pub(crate) fn head(&self) -> u64 {
        self.rows.len() as u64
    }

    /// What a reader should find.
    pub(crate) fn found(&self) -> Found {
        let mut done: Vec<_> = self.done.iter().map(|((c, a), (_, position))| (*c, *a, *position)).collect();
        done.sort_unstable_by_key(|(.., position)| *position);
        Found { rows: self.rows.clone(), done, jars: self.jars.clone() }
    }

    /// Asks; `faulty` when the database will refuse what is written last.
    pub(crate) fn ask(&mut self, asked: &Asked, at: Timestamp, faulty: bool) -> Answer {
        if let Some((content, position)) = self.done.get(&(asked.command, asked.actor.id)) {
            return if *content == asked.content() {
                Ok(Outcome { position: *position, events: 0, touched: Vec::new(), repeated: true })
            } else {
                Err("command-id-reused".to_owned())
            };
        }
        let mut next = self.clone();
        let mut touched = Vec::new();
        for part in &asked.parts {
            let version = next.part(asked, part, at)?;
            touched.push((part.jar, version));
        }
        if faulty {
            return Err("fault".to_owned());
        }
        let events = next.rows.len() - self.rows.len();
        if events > 0 {
            next.done.insert((asked.command, asked.actor.id), (asked.content(), next.head()));
        }
        *self = next;
        Ok(Outcome { position: self.head(), events, touched, repeated: false })
    }

    /// True when the work is refused by one of its commands after an earlier one has written.
    pub(crate) fn breaks(&self, asked: &Asked, at: Timestamp) -> bool {
        if self.done.contains_key(&(asked.command, asked.actor.id)) {
            return false;
        }
        let mut next = self.clone();
        let refused = asked.parts.iter().any(|part| next.part(asked, part, at).is_err());
        refused && next.head() > self.head()
    }

    /// One command of a unit of work, on what the commands before it have written.
    fn part(&mut self, asked: &Asked, part: &Part, at: Timestamp) -> Result<u64, String> {
        let old = self.jars.get(&part.jar).cloned();
        let version = old.as_ref().map_or(0, |jar| jar.version);
        if part.seen.is_some_and(|seen| seen != version) {
            return Err("stale".to_owned());
        }
        if asked.actor.id == STRANGER || part.command == JarCommand::SystemOnly {
            return Err("forbidden".to_owned());
        }
        let types = types_of(&part.command);
        if types.is_empty() {
            return Ok(version);
        }
        let home = match &part.command {
            JarCommand::Put(unit, ..) => *unit,
            _ => old.as_ref().map_or(UnitId::NIL, |jar| jar.unit),
        };
        let mut jar = old.unwrap_or(ModelJar { version, amount: 0, unit: home, label: None });
        match &part.command {
            JarCommand::Put(unit, n, _) if self.total(*unit) + n > 1_000_000 => {
                return Err("unit-full".to_owned());
            }
            JarCommand::Put(_, n, _) => jar.amount += n,
            JarCommand::Take(n) if *n > jar.amount => return Err("jar-too-little".to_owned()),
            JarCommand::Take(n) => jar.amount -= n,
            JarCommand::Move(unit) => jar.unit = *unit,
            JarCommand::Label(label) if self.labelled(label).is_some_and(|other| other != part.jar) => {
                return Err("already-exists".to_owned());
            }
            JarCommand::Label(label) => jar.label = Some(label.clone()),
            _ => {}
        }
        for event_type in types {
            jar.version += 1;
            self.rows.push(Row {
                position: self.head() + 1,
                stream: part.jar,
                version: jar.version,
                event_type: event_type.to_owned(),
                command: asked.command,
                actor: asked.actor.id,
                at,
            });
        }
        let version = jar.version;
        self.jars.insert(part.jar, jar);
        Ok(version)
    }

    fn total(&self, unit: UnitId) -> i64 {
        self.jars.values().filter(|jar| jar.unit == unit).map(|jar| jar.amount).sum()
    }

    /// The database looks at each label as it is written.
    fn labelled(&self, label: &str) -> Option<StreamId> {
        self.jars.iter().find(|(_, jar)| jar.label.as_deref() == Some(label)).map(|(id, _)| *id)
    }
}
