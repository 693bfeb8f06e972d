//! People, campuses and guards as the tests need them.

use std::sync::{Arc, LazyLock};

use access::Role;
use journal::{Context, Standing};
use kernel::{Actor, ActorId, Coded, Date, PersonId, StreamId, Timestamp, UnitId};
use organisation::UnitKind;
use rules::RuleBook;
use uuid::Uuid;

use crate::{Condition, Guard, Place, Variant, choice::usual, gate::PieceFound};

pub static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());

/// 2026-03-02 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_772_413_200_000);
pub const TODAY: Date = Date::constant(2026, 3, 2);

pub fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + number))
}

/// Somebody with what `roles.toml` gives the role.
pub fn who(number: u128, role: Role) -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(0x2000 + number))),
        person: Some(person(number)),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from(role.permissions().iter().collect::<Vec<_>>()),
        unit_path: String::new(),
    }
}

pub fn office() -> Standing {
    who(1, Role::CountySafetyOffice)
}
pub fn leader() -> Standing {
    who(2, Role::CountyLeader)
}
pub fn head() -> Standing {
    who(3, Role::Head)
}

pub fn school() -> UnitId {
    UnitId(Uuid::from_u128(0x10))
}
pub fn county() -> UnitId {
    UnitId(Uuid::from_u128(0x13))
}

pub fn at(standing: &Standing) -> Context<'_> {
    Context { stream: StreamId(Uuid::from_u128(9)), now: START, standing }
}

pub fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

/// One who counts.
pub fn guard(number: u128) -> Guard {
    Guard {
        person: person(0x100 + number),
        campus: None,
        known: true,
        full_time: true,
        employer: "school".to_owned(),
        shift: None,
        certified: true,
        since: Some(day(2025, 9, 1)),
        until: None,
        certified_until: Some(day(2027, 1, 31)),
        background_on: Some(day(2025, 8, 20)),
        health_on: Some(day(2025, 8, 25)),
        health_until: None,
        trained_on: Some(day(2025, 10, 10)),
    }
}

/// A school at one place with so many heads and so many guards who count.
pub fn place(pupils: u32, staff: u32, boarders: u32, guards: u128) -> Place {
    Place {
        unit: school(),
        unit_name: "第一小学".to_owned(),
        kind: UnitKind::Primary,
        county: Some(county()),
        township: Some((UnitId(Uuid::from_u128(0x14)), "甲镇".to_owned())),
        campus: 0,
        campus_name: String::new(),
        pupils: Some(pupils),
        staff: Some(staff),
        boarders: Some(boarders),
        guards: (0..guards).map(guard).collect(),
        unplaced: 0,
        declared: None,
    }
}

pub fn chosen() -> Variant {
    usual(&RULES, TODAY).unwrap()
}

/// Every piece that a gate must have, in order, and its day where one stands on it.
pub fn kit() -> Vec<PieceFound> {
    let found = |piece: &rules::KitPiece| PieceFound {
        piece: piece.id.to_string(),
        condition: Coded::Known(Condition::Good),
        amount: 1,
        expires: piece.expires.then_some(day(2027, 6, 30)),
    };
    RULES.kit().iter().filter(|piece| piece.needed).map(found).collect()
}
