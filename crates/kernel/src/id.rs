//! Identifiers: UUIDv7 newtypes and the one source that makes them.

use std::sync::{Mutex, PoisonError};

use rand::{Rng, SeedableRng, rngs::ChaCha12Rng};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Clock, Timestamp};

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id of nothing: the actor of the system itself, the cause of a first event.
            pub const NIL: Self = Self(Uuid::nil());

            /// Reads the hyphenated or plain hexadecimal form.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }

            /// True for [`Self::NIL`].
            pub fn is_nil(self) -> bool {
                self.0.is_nil()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    )*};
}

id_type! {
    /// One event in the journal, the same on every platform it travels to.
    EventId;
    /// One stream: a hazard, a unit, a person, an account ...
    StreamId;
    /// The stream of a unit 单位.
    UnitId;
    /// The stream of a person 人员.
    PersonId;
    /// Who acted: the stream id of an account. It says nothing about the person behind it.
    ActorId;
    /// Chosen by whoever asks, so that asking twice acts once.
    CommandId;
    /// One running installation.
    NodeId;
}

impl From<UnitId> for StreamId {
    fn from(id: UnitId) -> Self {
        Self(id.0)
    }
}

impl From<PersonId> for StreamId {
    fn from(id: PersonId) -> Self {
        Self(id.0)
    }
}

impl From<ActorId> for StreamId {
    fn from(id: ActorId) -> Self {
        Self(id.0)
    }
}

impl From<StreamId> for UnitId {
    fn from(id: StreamId) -> Self {
        Self(id.0)
    }
}

impl From<StreamId> for PersonId {
    fn from(id: StreamId) -> Self {
        Self(id.0)
    }
}

impl From<StreamId> for ActorId {
    fn from(id: StreamId) -> Self {
        Self(id.0)
    }
}

/// The one source of ids and random bytes. A seeded source repeats itself, which is what makes the
/// demonstration county and the simulations reproducible; a platform is started with [`IdSource::from_os`].
#[derive(Debug)]
pub struct IdSource {
    rng: Mutex<ChaCha12Rng>,
}

impl IdSource {
    /// Seeded from the operating system.
    pub fn from_os() -> Self {
        Self { rng: Mutex::new(rand::make_rng()) }
    }

    /// The same seed gives the same ids for the same sequence of calls.
    pub fn seeded(seed: u64) -> Self {
        Self { rng: Mutex::new(ChaCha12Rng::seed_from_u64(seed)) }
    }

    /// `N` random bytes: salts, nonces, tokens.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A new UUIDv7: 48 bits of `now` in milliseconds, 74 random bits.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let bytes = self.bytes::<10>();
        uuid::Builder::from_unix_timestamp_millis(now.unsigned_millis(), &bytes).into_uuid()
    }

    /// A new id of the wanted type, stamped by `clock`.
    pub fn new_id<T: From<Uuid>>(&self, clock: &dyn Clock) -> T {
        self.uuid(clock.now()).into()
    }
}
