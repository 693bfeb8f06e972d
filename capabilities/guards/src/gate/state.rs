//! A gate as it stands.

use std::collections::BTreeMap;

use journal::{Doer, Stamp};
use kernel::{Date, Timestamp, UnitId};
use serde::{Deserialize, Serialize};

use super::event::{GateEvent, PieceFound};

/// What was declared of a campus last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// 专职
    pub full_time: u32,
    /// 兼职
    pub part_time: u32,
    /// As of which day.
    pub on: Date,
    /// By whom.
    pub by: Doer,
    /// When it was written down.
    pub at: Timestamp,
    /// The remark; absent once erased.
    pub remark: Option<String>,
}

/// How the kit was found last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kit {
    /// Each piece.
    pub pieces: Vec<PieceFound>,
    /// By whom.
    pub by: Doer,
    /// When.
    pub at: Timestamp,
    /// The remark; absent once erased.
    pub remark: Option<String>,
}

/// A gate as it stands, by campus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateState {
    /// The school.
    pub unit: UnitId,
    /// The newest declaration of each campus.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub declarations: BTreeMap<u16, Declaration>,
    /// The newest look at the kit of each campus.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kits: BTreeMap<u16, Kit>,
}

pub(super) fn evolve(state: Option<GateState>, event: &GateEvent, stamp: &Stamp) -> GateState {
    let unit = match event {
        GateEvent::Declared(parts) => parts.core.unit,
        GateEvent::KitChecked(parts) => parts.core.unit,
    };
    let empty = || GateState { unit, declarations: BTreeMap::new(), kits: BTreeMap::new() };
    let mut state = state.unwrap_or_else(empty);
    match event {
        GateEvent::Declared(parts) => {
            let core = &parts.core;
            let declaration = Declaration {
                full_time: core.full_time,
                part_time: core.part_time,
                on: core.on,
                by: Doer::of(stamp, core.by),
                at: stamp.at,
                remark: parts.text.as_ref().map(|text| text.remark.clone()),
            };
            state.declarations.insert(core.campus, declaration);
        }
        GateEvent::KitChecked(parts) => {
            let kit = Kit {
                pieces: parts.core.pieces.clone(),
                by: Doer::of(stamp, parts.core.by),
                at: stamp.at,
                remark: parts.text.as_ref().map(|text| text.remark.clone()),
            };
            state.kits.insert(parts.core.campus, kit);
        }
    }
    state
}
