//! Who reads: one stream for each unit, so that every naming stays on record.

use journal::{Context, Need, Parts, Saving, Stamp, Subject, event_types};
use kernel::{ActorId, Reach, Refusal, StreamId, Timestamp, UnitId};
use organisation::UnitKind;
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};
use uuid::Uuid;

use crate::query;

/// Keeps a unit's stream of readers apart from the unit's own stream.
const APART: u128 = 0x0000_0000_0000_0000_0000_7265_6164_6572;

/// The stream that says who reads at a unit.
pub fn reader_stream(unit: UnitId) -> StreamId {
    StreamId(Uuid::from_u128(unit.0.as_u128() ^ APART))
}

/// The kind of stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader;

/// Who reads at a unit, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderState {
    /// The unit.
    pub unit: UnitId,
    /// The reader; `None` once nobody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<ActorId>,
    /// Since when it is so.
    pub since: Timestamp,
}

/// What may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ReaderCommand {
    /// 指定、更换
    Name {
        /// At which unit.
        unit: UnitId,
        /// Whom.
        account: ActorId,
    },
    /// 撤销指定
    End {
        /// At which unit.
        unit: UnitId,
    },
}

impl ReaderCommand {
    const fn unit(self) -> UnitId {
        match self {
            Self::Name { unit, .. } | Self::End { unit } => unit,
        }
    }
}

/// Core of `reader.named`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderNamed {
    /// At which unit.
    pub unit: UnitId,
    /// Whom.
    pub account: ActorId,
}

/// Core of `reader.ended`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderEnded {
    /// At which unit.
    pub unit: UnitId,
}

event_types! {
    /// What happens to the office of reader. **Decoded for ever.**
    pub enum ReaderEvent {
        /// Somebody was named.
        Named("reader.named", 1, Reach::HERE): Parts<ReaderNamed>,
        /// Nobody reads any more.
        Ended("reader.ended", 1, Reach::HERE): Parts<ReaderEnded>,
    }
}

/// What the decision must know.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReaderFacts {
    pub(crate) unit_takes: bool,
    pub(crate) may_be_named: bool,
}

pub(crate) fn facts(tx: &mut Tx, command: ReaderCommand) -> Result<ReaderFacts, StorageError> {
    let unit = command.unit();
    let kind =
        tx.first("SELECT kind FROM unit WHERE id = ?1 AND closed_on IS NULL", params![unit], |row| {
            row.text(0)
        })?;
    let takes = |kind: UnitKind| kind.is_institution() || kind == UnitKind::County;
    Ok(ReaderFacts {
        unit_takes: kind.as_deref().and_then(UnitKind::named).is_some_and(takes),
        may_be_named: match command {
            ReaderCommand::Name { account, .. } => query::may_be_named(tx, unit, account)?,
            ReaderCommand::End { .. } => false,
        },
    })
}

pub(crate) fn decide(
    state: Option<&ReaderState>,
    command: ReaderCommand,
    facts: ReaderFacts,
    context: &Context<'_>,
) -> Result<Vec<ReaderEvent>, Refusal> {
    let unit = command.unit();
    let own = context.standing.is_system()
        || context.standing.grants.iter().any(|grant| {
            access::Role::named(&grant.role)
                .is_some_and(|role| query::names_reader_at(access::HeldRole { role, unit: grant.unit }, unit))
        });
    if !own {
        return Err(Refusal::new("reader-not-yours"));
    }
    let now = state.and_then(|state| state.account);
    match command {
        ReaderCommand::Name { .. } if !facts.unit_takes => Err(Refusal::new("reader-unit")),
        ReaderCommand::Name { .. } if !facts.may_be_named => {
            Err(Refusal::new("reader-not-here").on("account"))
        }
        // Or whoever names could end a reader and read, what was written to somebody else, himself.
        ReaderCommand::Name { account, .. } if account == context.standing.actor.id => {
            Err(Refusal::new("reader-not-oneself").on("account"))
        }
        // He reads already.
        ReaderCommand::Name { account, .. } if now == Some(account) => Ok(Vec::new()),
        ReaderCommand::Name { account, .. } => {
            Ok(vec![ReaderEvent::Named(Parts::core(ReaderNamed { unit, account }))])
        }
        ReaderCommand::End { .. } if now.is_none() => Ok(Vec::new()),
        ReaderCommand::End { .. } => Ok(vec![ReaderEvent::Ended(Parts::core(ReaderEnded { unit }))]),
    }
}

impl Subject for Reader {
    const KIND: &'static str = "reader";
    const TABLE: &'static str = "held_reader";
    const SHAPE: i64 = 1;
    type State = ReaderState;
    type Event = ReaderEvent;
    type Command = ReaderCommand;
    type Facts = ReaderFacts;

    fn need(&self, _: Option<&ReaderState>, _: &ReaderCommand) -> Need {
        Need::Permission(access::names::RESTRICTED_NAME_READER)
    }

    fn unit(&self, _: Option<&ReaderState>, command: &ReaderCommand) -> UnitId {
        command.unit()
    }

    fn facts(
        &self,
        tx: &mut Tx,
        _: Option<&ReaderState>,
        command: &ReaderCommand,
        _: &Context<'_>,
    ) -> Result<ReaderFacts, StorageError> {
        facts(tx, *command)
    }

    fn decide(
        &self,
        state: Option<&ReaderState>,
        command: &ReaderCommand,
        facts: &ReaderFacts,
        context: &Context<'_>,
    ) -> Result<Vec<ReaderEvent>, Refusal> {
        decide(state, *command, *facts, context)
    }

    fn evolve(_: Option<ReaderState>, event: &ReaderEvent, stamp: &Stamp) -> Option<ReaderState> {
        let (unit, account) = match event {
            ReaderEvent::Named(parts) => (parts.core.unit, Some(parts.core.account)),
            ReaderEvent::Ended(parts) => (parts.core.unit, None),
        };
        Some(ReaderState { unit, account, since: stamp.at })
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        tx.write(
            "INSERT INTO held_reader (id, version, shape, state, unit_id, account_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, account_id = excluded.account_id",
            params![saving.id, saving.version, Self::SHAPE, saving.state, saving.new.unit, saving.new.account],
        )
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM held_reader", params![])
    }

    fn unit_of(state: &ReaderState) -> UnitId {
        state.unit
    }
}
