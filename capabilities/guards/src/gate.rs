//! 校门保卫: of each school, how many guards its head declares for each campus, and how the kit of the gate was found.

mod decide;
pub(crate) mod event;
mod state;

use std::sync::{Arc, PoisonError, RwLock};

use journal::{ClockSpec, Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Date, Refusal, StreamId, UnitId};
use rules::RuleBook;
use serde::Serialize;
use storage::{StorageError, Tx, params};
use uuid::Uuid;

pub use self::{
    decide::{GateFacts, MOST_PIECES},
    event::{Condition, GateEvent, PieceFound},
    state::GateState,
};

/// Told apart from the stream of the school itself.
const GATE: u128 = 0x6761_7465_0000_0000_0000_0000_6775_7264;

/// The stream of a school's gate.
pub fn gate_of(unit: UnitId) -> StreamId {
    StreamId(Uuid::from_u128(unit.0.as_u128() ^ GATE))
}

/// What a head declares, as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeclarationDraft {
    /// Number of the campus; 0 for a school that is one place.
    pub campus: u16,
    /// 专职
    pub full_time: u32,
    /// 兼职
    pub part_time: u32,
    /// As of which day.
    pub on: Option<Date>,
    /// A remark; may be empty.
    pub remark: String,
}

/// What somebody found at the gate, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KitDraft {
    /// Number of the campus; 0 for a school that is one place.
    pub campus: u16,
    /// Each piece once.
    pub pieces: Vec<PieceFound>,
    /// A remark; may be empty.
    pub remark: String,
}

/// What may be asked of a gate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum GateCommand {
    /// 申报
    Declare {
        /// The school.
        unit: UnitId,
        /// What is declared.
        draft: DeclarationDraft,
    },
    /// 检查装备
    CheckKit {
        /// The school.
        unit: UnitId,
        /// What was found.
        draft: KitDraft,
    },
}

impl GateCommand {
    const fn unit(&self) -> UnitId {
        match self {
            Self::Declare { unit, .. } | Self::CheckKit { unit, .. } => *unit,
        }
    }
}

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Gate {
    rules: Arc<RwLock<RuleBook>>,
}

impl Gate {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

pub(crate) const fn need(command: &GateCommand) -> Need {
    match command {
        GateCommand::Declare { .. } => Need::Permission(access::names::GUARDS_DECLARE),
        GateCommand::CheckKit { .. } => Need::Permission(access::names::GUARDS_CHECK),
    }
}

impl Subject for Gate {
    const KIND: &'static str = "gate";
    const TABLE: &'static str = "gate";
    const SHAPE: i64 = 1;
    type State = GateState;
    type Event = GateEvent;
    type Command = GateCommand;
    type Facts = GateFacts;

    fn need(&self, _: Option<&GateState>, command: &GateCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&GateState>, command: &GateCommand) -> UnitId {
        state.map_or_else(|| command.unit(), |state| state.unit)
    }

    fn facts(
        &self,
        tx: &mut Tx,
        _: Option<&GateState>,
        command: &GateCommand,
        _: &Context<'_>,
    ) -> Result<GateFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        let unit = organisation::unit_state(tx, command.unit())?;
        let open =
            unit.map(|(unit, _)| unit).filter(|unit| unit.closed.is_none() && unit.kind.is_institution());
        Ok(GateFacts {
            rules,
            campuses: open.map(|unit| unit.campuses.iter().map(|campus| campus.number).collect()),
        })
    }

    fn decide(
        &self,
        state: Option<&GateState>,
        command: &GateCommand,
        facts: &GateFacts,
        context: &Context<'_>,
    ) -> Result<Vec<GateEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &GateFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(state: Option<GateState>, event: &GateEvent, stamp: &Stamp) -> Option<GateState> {
        Some(state::evolve(state, event, stamp))
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        for table in ["gate", "gate_declaration", "gate_kit", "gate_kit_look"] {
            tx.write(&format!("DELETE FROM {table}"), params![])?;
        }
        Ok(())
    }

    /// What runs out follows from days that people enter; nobody decides about it, so no clock rings.
    fn clocks(_: &GateState) -> Vec<ClockSpec> {
        Vec::new()
    }

    fn unit_of(state: &GateState) -> UnitId {
        state.unit
    }

    fn evidence(event: &GateEvent, _: &GateState) -> Vec<Evidence> {
        // M13: guards and the kit of the gate.
        let kind = match event {
            GateEvent::Declared(_) => "guards.declared",
            GateEvent::KitChecked(_) => "guards.kit_checked",
        };
        vec![Evidence { kind, measure: "M13", amount: 1 }]
    }
}

fn save(tx: &mut Tx, saving: &Saving<'_, Gate>) -> Result<(), StorageError> {
    let new = saving.new;
    tx.write(
        "INSERT INTO gate (id, version, shape, state, unit_id) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            unit_id = excluded.unit_id",
        params![saving.id, saving.version, Gate::SHAPE, saving.state, new.unit],
    )?;
    for (_, event) in saving.events {
        match event {
            GateEvent::Declared(parts) => {
                let Some(declared) = new.declarations.get(&parts.core.campus) else { continue };
                tx.write(
                    "INSERT INTO gate_declaration (unit_id, campus, full_time, part_time, as_of, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (unit_id, campus) DO UPDATE SET full_time = excluded.full_time,
                        part_time = excluded.part_time, as_of = excluded.as_of, at = excluded.at",
                    params![
                        new.unit,
                        i64::from(parts.core.campus),
                        declared.full_time,
                        declared.part_time,
                        &declared.on.to_string(),
                        declared.at,
                    ],
                )?;
            }
            GateEvent::KitChecked(parts) => save_kit(tx, new, parts.core.campus)?,
        }
    }
    Ok(())
}

fn save_kit(tx: &mut Tx, new: &GateState, campus: u16) -> Result<(), StorageError> {
    let Some(kit) = new.kits.get(&campus) else { return Ok(()) };
    let at = i64::from(campus);
    tx.write("DELETE FROM gate_kit WHERE unit_id = ?1 AND campus = ?2", params![new.unit, at])?;
    tx.write(
        "INSERT INTO gate_kit_look (unit_id, campus, looked_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (unit_id, campus) DO UPDATE SET looked_at = excluded.looked_at",
        params![new.unit, at, kit.at],
    )?;
    for piece in &kit.pieces {
        let expires = piece.expires.map(|day| day.to_string());
        tx.write(
            "INSERT INTO gate_kit (unit_id, campus, piece, amount, condition, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![new.unit, at, &piece.piece, piece.amount, piece.condition.name(), expires.as_ref()],
        )?;
    }
    Ok(())
}
