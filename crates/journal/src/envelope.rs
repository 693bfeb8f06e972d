//! The envelope of an event. **Its bytes are hashed into both chains: never change what [`Header::bytes`] writes.**
//! A new need gets a new [`HashAlgorithm`] or a new header version, and old ones are verified for ever.

use kernel::{ActorId, ActorKind, CommandId, EventId, NodeId, Part, StreamId, Timestamp, UnitId};
use sha2::{Digest, Sha256};

/// 32 bytes of a hash.
pub type Digest32 = [u8; 32];

/// How digests are made; stored with every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
}

impl HashAlgorithm {
    /// The number stored in the journal.
    pub const fn number(self) -> i64 {
        match self {
            Self::Sha256 => 1,
        }
    }

    /// From the number stored in the journal.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Sha256),
            _ => None,
        }
    }
}

/// A part as it was recorded: its salt, and what salt and bytes hash to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salted {
    /// 16 random bytes; erased together with the part, so that a short part cannot be guessed from its digest.
    pub salt: [u8; 16],
    /// See [`digest_part`].
    pub digest: Digest32,
}

/// Hash of a part: its name, its salt, its bytes.
pub fn digest_part(part: Part, salt: &[u8; 16], bytes: &[u8]) -> Digest32 {
    let name: &[u8] = match part {
        Part::Core => b"core",
        Part::Text => b"text",
        Part::Personal => b"personal",
    };
    Sha256::new()
        .chain_update(name)
        .chain_update([0])
        .chain_update(salt)
        .chain_update(bytes)
        .finalize()
        .into()
}

/// Everything about an event but its parts. All of it except the two local fields (position, recorded_at, which are
/// not here) is the same on every platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// UUIDv7.
    pub event_id: EventId,
    /// The platform that decided it.
    pub node: NodeId,
    /// That platform's epoch: it grows when a platform is restored or cloned.
    pub epoch: u32,
    /// Gapless within node and epoch, from 1.
    pub sequence: u64,
    /// `hazard`, `unit` ...
    pub stream_kind: String,
    /// The stream.
    pub stream_id: StreamId,
    /// Gapless within the stream, from 1.
    pub stream_version: u64,
    /// `hazard.registered`; never renamed.
    pub event_type: String,
    /// Grows when the meaning changes; old ones are upcast when read.
    pub type_version: u16,
    /// The unit it concerns.
    pub unit_id: UnitId,
    /// That unit's place in the tree when it happened, as text.
    pub unit_path: String,
    /// The account that acted, or nil for the platform itself.
    pub actor: ActorId,
    /// How it acted.
    pub actor_kind: ActorKind,
    /// The event that led to it, nil when a person did.
    pub cause: EventId,
    /// The unit of work it belongs to.
    pub command_id: CommandId,
    /// The rules that decided: `base@hash` or `base@hash + overlay@hash`, empty when none did.
    pub rules: String,
    /// When it was decided where it was decided.
    pub decided_at: Timestamp,
    /// Digests of `core`, `text`, `personal`; `None` when the event has no such part.
    pub digests: [Option<Digest32>; 3],
    /// See [`HashAlgorithm`].
    pub algorithm: HashAlgorithm,
}

impl Header {
    /// The bytes that are hashed: a fixed prefix, then every field with its length in front.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        out.extend_from_slice(b"xiaoan/header/1");
        let mut field = |bytes: &[u8]| {
            out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        field(self.event_id.0.as_bytes());
        field(self.node.0.as_bytes());
        field(&self.epoch.to_be_bytes());
        field(&self.sequence.to_be_bytes());
        field(self.stream_kind.as_bytes());
        field(self.stream_id.0.as_bytes());
        field(&self.stream_version.to_be_bytes());
        field(self.event_type.as_bytes());
        field(&self.type_version.to_be_bytes());
        field(self.unit_id.0.as_bytes());
        field(self.unit_path.as_bytes());
        field(self.actor.0.as_bytes());
        field(actor_kind_name(self.actor_kind).as_bytes());
        field(self.cause.0.as_bytes());
        field(self.command_id.0.as_bytes());
        field(self.rules.as_bytes());
        field(&self.decided_at.0.to_be_bytes());
        for digest in &self.digests {
            field(digest.as_ref().map_or(&[], |d| d.as_slice()));
        }
        field(&self.algorithm.number().to_be_bytes());
        out
    }

    /// Hash of [`Self::bytes`]: what travels when the event itself may not.
    pub fn digest(&self) -> Digest32 {
        Sha256::digest(self.bytes()).into()
    }
}

/// Next link of the chain of one node and epoch: the same on every platform.
pub fn link_origin(previous: &Digest32, header: &Digest32) -> Digest32 {
    Sha256::new().chain_update(b"origin").chain_update(previous).chain_update(header).finalize().into()
}

/// Next link of this platform's own chain, which also covers where and when it was recorded here.
pub fn link_local(previous: &Digest32, position: u64, recorded_at: Timestamp, header: &Digest32) -> Digest32 {
    Sha256::new()
        .chain_update(b"local")
        .chain_update(previous)
        .chain_update(position.to_be_bytes())
        .chain_update(recorded_at.0.to_be_bytes())
        .chain_update(header)
        .finalize()
        .into()
}

/// The name stored for a kind of actor.
pub const fn actor_kind_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Device => "device",
        ActorKind::System => "system",
        ActorKind::Import => "import",
        ActorKind::Peer => "peer",
    }
}

/// The kind of actor stored under a name.
pub fn actor_kind_named(name: &str) -> Option<ActorKind> {
    match name {
        "person" => Some(ActorKind::Person),
        "device" => Some(ActorKind::Device),
        "system" => Some(ActorKind::System),
        "import" => Some(ActorKind::Import),
        "peer" => Some(ActorKind::Peer),
        _ => None,
    }
}
