//! Who acts, and on which tier of the network.

use serde::{Deserialize, Serialize};

use crate::ActorId;

/// The four networked tiers 层级, plus the township level inside the county.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 学校
    School,
    /// 县级
    County,
    /// 市级
    City,
    /// 省级
    Province,
}

/// How the actor came to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person with an account, signed in with a password.
    Person,
    /// A person on a bound phone, known by the phone and six digits: for ever less sure than a password.
    Device,
    /// The platform itself: clocks, reactions.
    System,
    /// A person, by way of an imported file.
    Import,
    /// Another platform of the network.
    Peer,
}

/// Who acts. The id is an account's stream id; what it may do is looked up when it acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The account, or [`ActorId::NIL`] for the platform itself.
    pub id: ActorId,
    /// See [`ActorKind`].
    pub kind: ActorKind,
}

impl Actor {
    /// The platform itself.
    pub const SYSTEM: Self = Self { id: ActorId::NIL, kind: ActorKind::System };

    /// A signed-in person.
    pub const fn person(id: ActorId) -> Self {
        Self { id, kind: ActorKind::Person }
    }

    /// A person on a bound phone.
    pub const fn device(id: ActorId) -> Self {
        Self { id, kind: ActorKind::Device }
    }
}
