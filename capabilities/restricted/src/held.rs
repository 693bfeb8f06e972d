//! What is held: sealed when it is written, opened by its reader, closed with what he did about it. The state holds no
//! word of it; text, outcome and note are personal parts of events and nowhere else.

use std::fmt;

use journal::{Context, Need, Parts, Saving, Stamp, Subject, UnitOfWork, Vault, event_types};
use kernel::{Actor, CommandId, Reach, Refusal, StreamId, Timestamp, UnitId, limits};
use serde::{Deserialize, Serialize, Serializer};
use storage::{StorageError, Tx, params};
use uuid::Uuid;

use crate::query;

/// Characters of one held text: what, where and what was done about it, as a form of hazards takes them.
const HELD_CHARS: usize = 3 * limits::TEXT_CHARS;

/// Words on their way to be sealed. They are written into no digest of a command and into no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub String);

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// What the reader did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已移交公安机关
    Police,
    /// 已交学校防欺凌专门组织
    Committee,
    /// 已联系家长
    Parents,
    /// 不属于此类情况
    NoCase,
}

impl Outcome {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Police, Self::Committee, Self::Parents, Self::NoCase];

    /// The name in forms and texts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Police => "police",
            Self::Committee => "committee",
            Self::Parents => "parents",
            Self::NoCase => "no-case",
        }
    }

    /// From the name in a form.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// What may be asked. An outcome is sealed with its note, so it is in no digest either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum HeldCommand {
    /// Hold it.
    Write {
        /// Where it was written.
        unit: UnitId,
        /// What was written.
        text: Sealed,
    },
    /// 打开
    Open,
    /// 办结
    Close {
        /// What was done.
        #[serde(skip)]
        outcome: Outcome,
        /// In the reader's words.
        note: Sealed,
    },
}

/// Core of `held.written`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Where it was written.
    pub unit: UnitId,
    /// The unit whose reader it is for.
    pub kept_by: UnitId,
    /// The county, whose reader takes over when there is nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// Year of its number.
    pub year: i16,
    /// Its number in that year, at the unit that keeps it.
    pub serial: u32,
}

/// Personal part of `held.written`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldWords {
    /// What was written.
    pub text: String,
}

/// Core of an event that says nothing in clear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// Personal part of `held.closed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What was done.
    pub outcome: Outcome,
    /// In the reader's words.
    pub note: String,
}

event_types! {
    /// What happens to a held text. **Decoded for ever.** Nothing of it leaves this platform.
    pub enum HeldEvent {
        /// It was written and sealed.
        Written("held.written", 1, Reach::HERE): Parts<Written, (), HeldWords>,
        /// Its reader opened it for the first time; every opening is in the access log.
        Opened("held.opened", 1, Reach::HERE): Parts<Nothing>,
        /// Its reader said what he did.
        Closed("held.closed", 1, Reach::HERE): Parts<Nothing, (), Answered>,
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 待阅
    Waiting,
    /// 已阅
    Opened,
    /// 已办结
    Closed,
}

/// A held text as it stands, without a word of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldState {
    /// Where it was written.
    pub unit: UnitId,
    /// The unit whose reader it is for.
    pub kept_by: UnitId,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// Year of its number.
    pub year: i16,
    /// Its number in that year.
    pub serial: u32,
    /// When.
    pub written_at: Timestamp,
    /// How far it is.
    pub stage: Stage,
}

/// What the decision must know.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeldFacts {
    /// The unit whose reader a new text is for; `None` when there is no reader at all.
    pub(crate) kept_by: Option<UnitId>,
    pub(crate) county: Option<UnitId>,
    pub(crate) serial: u32,
    /// Whoever asks is the reader of this one.
    pub(crate) is_reader: bool,
}

/// The work of holding a text. Its ids follow from form and words by keyed hash: the same form sent twice is held once,
/// and a form that was changed in between is held again.
pub fn hold(vault: &Vault, by: Actor, form: CommandId, unit: UnitId, text: &str) -> UnitOfWork {
    let [stream, command] = ["held/stream", "held/command"].map(|domain| {
        let hash = vault.lookup(domain, &format!("{form}/{unit}/{text}"));
        let bytes = hash.first_chunk::<16>().copied().unwrap_or_default();
        Uuid::from_bytes(bytes)
    });
    let asked = HeldCommand::Write { unit, text: Sealed(text.to_owned()) };
    UnitOfWork::new(by, CommandId(command)).ask::<Held>(StreamId(stream), asked)
}

pub(crate) fn decide(
    state: Option<&HeldState>,
    command: &HeldCommand,
    facts: HeldFacts,
    context: &Context<'_>,
) -> Result<Vec<HeldEvent>, Refusal> {
    let Some(held) = state else {
        return match command {
            HeldCommand::Write { unit, text } => write(*unit, &text.0, facts, context.now),
            HeldCommand::Open | HeldCommand::Close { .. } => Err(Refusal::new("held-unknown")),
        };
    };
    match (command, held.stage) {
        // Its id follows from its words, so these are the same.
        (HeldCommand::Write { .. }, _) => Ok(Vec::new()),
        (HeldCommand::Open | HeldCommand::Close { .. }, _) if !facts.is_reader => {
            Err(Refusal::new("held-not-reader"))
        }
        (HeldCommand::Open, Stage::Waiting) => Ok(vec![HeldEvent::Opened(Parts::core(Nothing {}))]),
        (HeldCommand::Open, Stage::Opened | Stage::Closed) => Ok(Vec::new()),
        (HeldCommand::Close { .. }, Stage::Waiting) => Err(Refusal::new("held-not-opened")),
        (HeldCommand::Close { .. }, Stage::Closed) => Err(Refusal::new("held-closed")),
        (HeldCommand::Close { outcome, note }, Stage::Opened) => {
            let note = said("note", &note.0, limits::TEXT_CHARS)?;
            let answered = Answered { outcome: *outcome, note };
            Ok(vec![HeldEvent::Closed(Parts::with_personal(Nothing {}, None, answered))])
        }
    }
}

fn write(unit: UnitId, text: &str, facts: HeldFacts, now: Timestamp) -> Result<Vec<HeldEvent>, Refusal> {
    let kept_by = facts.kept_by.ok_or_else(|| Refusal::new("held-no-reader"))?;
    let text = said("description", text, HELD_CHARS)?;
    let year = now.local_date().year();
    let core = Written { unit, kept_by, county: facts.county, year, serial: facts.serial };
    Ok(vec![HeldEvent::Written(Parts::with_personal(core, None, HeldWords { text }))])
}

fn said(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = kernel::text::visible(text);
    let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::new("held-text-missing").on(field));
    }
    if text.chars().count() > most {
        return Err(Refusal::new("held-text-too-long").with("most", most).on(field));
    }
    Ok(text.to_owned())
}

/// The kind of stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held;

impl Subject for Held {
    const KIND: &'static str = "held";
    const TABLE: &'static str = "held_report";
    const SHAPE: i64 = 1;
    type State = HeldState;
    type Event = HeldEvent;
    type Command = HeldCommand;
    type Facts = HeldFacts;

    fn need(&self, _: Option<&HeldState>, command: &HeldCommand) -> Need {
        match command {
            HeldCommand::Write { .. } => Need::Permission(access::names::HAZARD_REGISTER),
            // Being named gives it, no role does: `decide` looks.
            HeldCommand::Open | HeldCommand::Close { .. } => Need::Oneself,
        }
    }

    fn unit(&self, state: Option<&HeldState>, command: &HeldCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, HeldCommand::Write { unit, .. }) => *unit,
            (None, HeldCommand::Open | HeldCommand::Close { .. }) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&HeldState>,
        command: &HeldCommand,
        context: &Context<'_>,
    ) -> Result<HeldFacts, StorageError> {
        match (state, command) {
            (None, HeldCommand::Write { unit, .. }) => {
                let Some(reader) = query::reader_for(tx, *unit)? else { return Ok(HeldFacts::default()) };
                let year = context.now.local_date().year();
                Ok(HeldFacts {
                    kept_by: Some(reader.unit),
                    county: query::county_of(tx, *unit)?,
                    serial: query::next_serial(tx, reader.unit, year)?,
                    is_reader: false,
                })
            }
            (Some(state), HeldCommand::Open | HeldCommand::Close { .. }) => {
                let reader = query::reader_of(tx, state)?;
                let is_reader = reader.is_some_and(|reader| reader.account == context.standing.actor.id);
                Ok(HeldFacts { is_reader, ..HeldFacts::default() })
            }
            (Some(_), HeldCommand::Write { .. }) | (None, HeldCommand::Open | HeldCommand::Close { .. }) => {
                Ok(HeldFacts::default())
            }
        }
    }

    fn decide(
        &self,
        state: Option<&HeldState>,
        command: &HeldCommand,
        facts: &HeldFacts,
        context: &Context<'_>,
    ) -> Result<Vec<HeldEvent>, Refusal> {
        decide(state, command, *facts, context)
    }

    fn evolve(state: Option<HeldState>, event: &HeldEvent, stamp: &Stamp) -> Option<HeldState> {
        match (state, event) {
            (None, HeldEvent::Written(parts)) => {
                let Written { unit, kept_by, county, year, serial } = parts.core;
                let (written_at, stage) = (stamp.at, Stage::Waiting);
                Some(HeldState { unit, kept_by, county, year, serial, written_at, stage })
            }
            (None, HeldEvent::Opened(_) | HeldEvent::Closed(_)) => None,
            (Some(held), HeldEvent::Written(_)) => Some(held),
            (Some(held), HeldEvent::Opened(_)) => Some(HeldState { stage: Stage::Opened, ..held }),
            (Some(held), HeldEvent::Closed(_)) => Some(HeldState { stage: Stage::Closed, ..held }),
        }
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        let new = saving.new;
        tx.write(
            "INSERT INTO held_report (id, version, shape, state, unit_id, kept_by, county_id, year, serial, written_at, open)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, open = excluded.open",
            params![
                saving.id,
                saving.version,
                Self::SHAPE,
                saving.state,
                new.unit,
                new.kept_by,
                new.county,
                new.year,
                new.serial,
                new.written_at,
                new.stage != Stage::Closed
            ],
        )
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM held_report", params![])
    }

    fn unit_of(state: &HeldState) -> UnitId {
        state.unit
    }
}
