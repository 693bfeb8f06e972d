//! Reactions 联动: what one kind of stream makes of an event of another. Pure functions from the event to commands, which
//! the platform itself asks in the same unit of work, so that both are written or neither is.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
};

use kernel::{Actor, CommandId, EventId, Problem, StreamId};

use crate::{
    subject::{Stamp, Subject},
    work::{Asked, Pending, Run},
};

/// An event with the states around it.
pub struct Happening<'a, S: Subject> {
    /// Where and when.
    pub stamp: &'a Stamp,
    /// What.
    pub event: &'a S::Event,
    /// The state before; `None` before the first event.
    pub old: Option<&'a S::State>,
    /// The state after.
    pub new: &'a S::State,
}

/// A command that follows from an event.
pub struct Consequence(Box<dyn Pending>);

impl Consequence {
    /// Asks `command` of the stream `id`.
    pub fn ask<S: Subject>(id: impl Into<StreamId>, command: S::Command) -> Self {
        Self(Box::new(Asked::<S> { id: id.into(), seen: None, command }))
    }
}

/// What follows from an event of the kind `S`. It runs when the event is written for the first time, never in a rebuild:
/// what it led to stands in the journal itself.
pub type Reaction<S> = fn(&Happening<'_, S>) -> Vec<Consequence>;

/// The reactions of a platform, by the kind of stream they listen to.
#[derive(Default)]
pub(crate) struct Reactions(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Reactions {
    pub(crate) fn add<S: Subject>(&mut self, reaction: Reaction<S>) {
        let listening =
            self.0.entry(TypeId::of::<S>()).or_insert_with(|| Box::new(Vec::<Reaction<S>>::new()));
        if let Some(listening) = listening.downcast_mut::<Vec<Reaction<S>>>() {
            listening.push(reaction);
        }
    }

    fn of<S: Subject>(&self) -> &[Reaction<S>] {
        let found = self.0.get(&TypeId::of::<S>()).and_then(|any| any.downcast_ref::<Vec<Reaction<S>>>());
        found.map_or(&[], Vec::as_slice)
    }

    /// What follows from an event, in the order of registration.
    pub(crate) fn follow<S: Subject>(&self, happening: &Happening<'_, S>) -> Vec<Following> {
        let commands = self.of::<S>().iter().flat_map(|reaction| reaction(happening));
        commands.map(|Consequence(command)| Following { command, cause: happening.stamp.event_id }).collect()
    }
}

/// A command on its way, with the event that led to it.
pub(crate) struct Following {
    pub command: Box<dyn Pending>,
    pub cause: EventId,
}

/// On whose behalf a command runs.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    pub(crate) actor: Actor,
    pub(crate) cause: EventId,
    pub(crate) command_id: CommandId,
}

impl Following {
    /// Runs it in the name of the platform, as part of the unit of work `command_id`.
    pub(crate) fn run(
        &self,
        run: &mut Run<'_>,
        tx: &mut storage::Tx,
        command_id: CommandId,
    ) -> Result<(), Problem> {
        self.command.run(run, tx, Asker { actor: Actor::SYSTEM, cause: self.cause, command_id })
    }
}
