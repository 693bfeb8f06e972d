//! A channel as it stands.

use journal::{Context, Need, Saving, Stamp, Subject};
use kernel::{Refusal, Timestamp, UnitId};
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};

use super::{
    decide::{self, ChannelCommand, ChannelFacts},
    event::ChannelEvent,
    names::{ChannelKind, ChannelStatus, Topic},
};

/// The kind of stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Channel;

/// A channel as it stands: no secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelState {
    /// Whose.
    pub unit: UnitId,
    /// What stands at the other end.
    pub kind: ChannelKind,
    /// What people call it; empty once erased.
    pub label: String,
    /// Official mailboxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mailboxes: Vec<String>,
    /// What it is told.
    pub topics: Vec<Topic>,
    /// The hour of the daily message.
    pub daily_hour: i8,
    /// The other end's host.
    pub host: String,
    /// The last characters of a robot's address.
    pub tail: String,
    /// Messages are signed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
    /// Whether it works.
    pub status: ChannelStatus,
    /// Since when it works: what happened before is not told.
    pub since: Timestamp,
}

impl ChannelState {
    /// True when it is told about the topic.
    pub fn takes(&self, topic: Topic) -> bool {
        self.status == ChannelStatus::On && self.topics.contains(&topic)
    }
}

impl Subject for Channel {
    const KIND: &'static str = "channel";
    const TABLE: &'static str = "channel";
    const SHAPE: i64 = 1;
    type State = ChannelState;
    type Event = ChannelEvent;
    type Command = ChannelCommand;
    type Facts = ChannelFacts;

    fn need(&self, _: Option<&ChannelState>, _: &ChannelCommand) -> Need {
        decide::need()
    }

    fn unit(&self, state: Option<&ChannelState>, command: &ChannelCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, ChannelCommand::Add { unit, .. }) => *unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        _: Option<&ChannelState>,
        command: &ChannelCommand,
        _: &Context<'_>,
    ) -> Result<ChannelFacts, StorageError> {
        decide::facts(tx, command)
    }

    fn decide(
        &self,
        state: Option<&ChannelState>,
        command: &ChannelCommand,
        facts: &ChannelFacts,
        _: &Context<'_>,
    ) -> Result<Vec<ChannelEvent>, Refusal> {
        decide::decide(state, command, *facts)
    }

    fn evolve(state: Option<ChannelState>, event: &ChannelEvent, stamp: &Stamp) -> Option<ChannelState> {
        match (state, event) {
            (None, ChannelEvent::Added(parts)) => {
                let (core, text) = (&parts.core, parts.text.clone().unwrap_or_default());
                Some(ChannelState {
                    unit: core.unit,
                    kind: core.kind,
                    label: text.label,
                    mailboxes: text.mailboxes,
                    topics: core.topics.clone(),
                    daily_hour: core.daily_hour,
                    host: core.host.clone(),
                    tail: core.tail.clone(),
                    signed: core.signed,
                    status: ChannelStatus::On,
                    since: stamp.at,
                })
            }
            (None, _) => None,
            (Some(state), event) => Some(changed(state, event, stamp)),
        }
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        tx.write(
            "INSERT INTO channel (id, version, shape, state, unit_id, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, unit_id = excluded.unit_id, status = excluded.status",
            params![
                saving.id,
                saving.version,
                Self::SHAPE,
                saving.state,
                saving.new.unit,
                saving.new.status.name()
            ],
        )
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM channel", params![])
    }

    fn unit_of(state: &ChannelState) -> UnitId {
        state.unit
    }
}

fn changed(mut state: ChannelState, event: &ChannelEvent, stamp: &Stamp) -> ChannelState {
    match event {
        ChannelEvent::Added(_) | ChannelEvent::Tested(_) => {}
        ChannelEvent::Changed(parts) => {
            let (core, text) = (&parts.core, parts.text.clone().unwrap_or_default());
            state.topics.clone_from(&core.topics);
            state.daily_hour = core.daily_hour;
            state.host.clone_from(&core.host);
            state.tail.clone_from(&core.tail);
            state.signed = core.signed;
            state.label = text.label;
            state.mailboxes = text.mailboxes;
        }
        ChannelEvent::Stopped(_) => state.status = ChannelStatus::Off,
        ChannelEvent::Resumed(_) => {
            state.status = ChannelStatus::On;
            state.since = stamp.at;
        }
        ChannelEvent::Removed(_) => state.status = ChannelStatus::Removed,
    }
    state
}
