//! Event types: how an event's parts become bytes and come back, for ever.

use std::borrow::Cow;

use kernel::Reach;
use serde::{Serialize, de::DeserializeOwned};

/// The parts of one event. `text` and `personal` may be gone later (erased, or never sent to this platform), so they
/// are options that every reader must face; `()` where a type has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts<C, T = (), P = ()> {
    /// Codes, numbers, ids.
    pub core: C,
    /// Free text, attachment hashes.
    pub text: Option<T>,
    /// Names, telephones, identity numbers.
    pub personal: Option<P>,
}

impl<C> Parts<C> {
    /// An event of codes and numbers alone.
    pub const fn core(core: C) -> Self {
        Self { core, text: None, personal: None }
    }
}

impl<C, T> Parts<C, T> {
    /// An event with words.
    pub const fn with_text(core: C, text: T) -> Self {
        Self { core, text: Some(text), personal: None }
    }
}

impl<C, T, P> Parts<C, T, P> {
    /// An event with names.
    pub const fn with_personal(core: C, text: Option<T>, personal: P) -> Self {
        Self { core, text, personal: Some(personal) }
    }
}

/// An event on its way into the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// JSON of `core`.
    pub core: String,
    /// JSON of `text`.
    pub text: Option<String>,
    /// JSON of `personal`, not yet sealed.
    pub personal: Option<String>,
}

/// An event as it comes out of the journal, `personal` opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredParts {
    /// JSON of `core`.
    pub core: String,
    /// JSON of `text`, if it is (still) here.
    pub text: Option<String>,
    /// JSON of `personal`, if it is (still) here.
    pub personal: Option<String>,
}

/// An event that this version of the program cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A type from the future, or of another kind of stream.
    #[error("unknown event type {0} version {1}")]
    Unknown(String, u16),
    /// Bytes that do not fit the type.
    #[error("event {event_type}: {reason}")]
    Malformed {
        /// The type.
        event_type: String,
        /// What the parser said.
        reason: String,
    },
}

/// The event types of one kind of stream. Written by [`crate::event_types!`].
pub trait Payload: Sized + Clone + Send + 'static {
    /// Type name and version.
    fn event_type(&self) -> (&'static str, u16);
    /// How far up its parts may travel.
    fn reach(&self) -> Reach;
    /// Into JSON.
    ///
    /// # Errors
    /// When a value cannot be written as JSON.
    fn encode(&self) -> Result<Encoded, serde_json::Error>;
    /// From JSON.
    ///
    /// # Errors
    /// See [`DecodeError`].
    fn decode(event_type: &str, version: u16, parts: &StoredParts) -> Result<Self, DecodeError>;
    /// Every type name and version that [`Self::decode`] takes.
    fn types() -> Vec<(&'static str, u16, Reach)>;
}

/// Writes parts as JSON. An implementation detail of [`crate::event_types!`].
///
/// # Errors
/// When a value cannot be written as JSON.
pub fn encode_parts<C: Serialize, T: Serialize, P: Serialize>(
    parts: &Parts<C, T, P>,
) -> Result<Encoded, serde_json::Error> {
    Ok(Encoded {
        core: serde_json::to_string(&parts.core)?,
        text: parts.text.as_ref().map(serde_json::to_string).transpose()?,
        personal: parts.personal.as_ref().map(serde_json::to_string).transpose()?,
    })
}

/// Reads parts from JSON. An implementation detail of [`crate::event_types!`].
///
/// # Errors
/// [`DecodeError::Malformed`].
pub fn decode_parts<C: DeserializeOwned, T: DeserializeOwned, P: DeserializeOwned>(
    event_type: &str,
    parts: &StoredParts,
) -> Result<Parts<C, T, P>, DecodeError> {
    let bad = |e: serde_json::Error| DecodeError::Malformed {
        event_type: event_type.to_owned(),
        reason: e.to_string(),
    };
    Ok(Parts {
        core: serde_json::from_str(&parts.core).map_err(bad)?,
        text: parts.text.as_deref().map(serde_json::from_str).transpose().map_err(bad)?,
        personal: parts.personal.as_deref().map(serde_json::from_str).transpose().map_err(bad)?,
    })
}

/// Lifts the parts of an event of one version to the next one: pure, total, and never changed once an event of its
/// version may have been written. Made with [`upcast`].
pub type Upcast = fn(&StoredParts) -> Result<StoredParts, DecodeError>;

/// The body of an [`Upcast`]: what was written under the old types becomes what the next version would have written.
/// `text` and `personal` may be gone, as everywhere.
///
/// # Errors
/// [`DecodeError::Malformed`].
pub fn upcast<C, T, P, D, U, Q>(
    event_type: &str,
    stored: &StoredParts,
    lift: impl FnOnce(Parts<C, T, P>) -> Parts<D, U, Q>,
) -> Result<StoredParts, DecodeError>
where
    C: DeserializeOwned,
    T: DeserializeOwned,
    P: DeserializeOwned,
    D: Serialize,
    U: Serialize,
    Q: Serialize,
{
    let lifted = encode_parts(&lift(decode_parts(event_type, stored)?))
        .map_err(|e| DecodeError::Malformed { event_type: event_type.to_owned(), reason: e.to_string() })?;
    Ok(StoredParts { core: lifted.core, text: lifted.text, personal: lifted.personal })
}

/// The parts as the newest version would have written them. An implementation detail of [`crate::event_types!`];
/// `lifts` leads from version 1 upwards, one step for each version before the newest.
///
/// # Errors
/// [`DecodeError::Unknown`] for a version from the future; what an [`Upcast`] answers.
pub fn lifted<'a>(
    event_type: &str,
    version: u16,
    lifts: &[Upcast],
    parts: &'a StoredParts,
) -> Result<Cow<'a, StoredParts>, DecodeError> {
    let behind = usize::from(version).checked_sub(1).and_then(|done| lifts.get(done..));
    let Some(behind) = behind else { return Err(DecodeError::Unknown(event_type.to_owned(), version)) };
    behind.iter().try_fold(Cow::Borrowed(parts), |parts, lift| Ok(Cow::Owned(lift(&parts)?)))
}

/// Declares the event types of a stream: an enum whose variants hold [`Parts`], with their names, newest versions and
/// reach. A type whose version is above 1 names one [`Upcast`] for each version before it, oldest first; forgetting one
/// does not compile.
///
/// ```
/// use kernel::Reach;
/// use serde::{Deserialize, Serialize};
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Lit { pub watts: u32 }
/// journal::event_types! {
///     /// What happens to a lamp.
///     pub enum LampEvent {
///         /// It was lit.
///         Lit("lamp.lit", 1, Reach::HERE): Parts<Lit>,
///         /// It flickered.
///         Flickered("lamp.flickered", 2, Reach::HERE, from [flickered_v1]): Parts<Flickered>,
///     }
/// }
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Flickered { pub milliseconds: u32 }
/// /// Version 1 counted seconds.
/// fn flickered_v1(stored: &journal::StoredParts) -> Result<journal::StoredParts, journal::DecodeError> {
///     #[derive(Deserialize)]
///     struct Old { seconds: u32 }
///     journal::upcast("lamp.flickered", stored, |old: journal::Parts<Old>| {
///         journal::Parts::core(Flickered { milliseconds: old.core.seconds.saturating_mul(1_000) })
///     })
/// }
/// ```
#[macro_export]
macro_rules! event_types {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$doc:meta])* $variant:ident(
                $type:literal, $version:literal, $reach:expr $(, from [$($lift:path),+ $(,)?])?
            ): Parts<$($part:ty),+>,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        $vis enum $name {
            $($(#[$doc])* $variant($crate::Parts<$($part),+>),)*
        }

        impl $crate::Payload for $name {
            fn event_type(&self) -> (&'static str, u16) {
                match self { $(Self::$variant(_) => ($type, $version),)* }
            }
            fn reach(&self) -> ::kernel::Reach {
                match self { $(Self::$variant(_) => $reach,)* }
            }
            fn encode(&self) -> ::std::result::Result<$crate::Encoded, $crate::JsonError> {
                match self { $(Self::$variant(parts) => $crate::encode_parts(parts),)* }
            }
            fn decode(
                event_type: &str,
                version: u16,
                parts: &$crate::StoredParts,
            ) -> ::std::result::Result<Self, $crate::DecodeError> {
                match event_type {
                    $($type => {
                        const LIFTS: &[$crate::Upcast] = &[$($($lift),+)?];
                        const { assert!(LIFTS.len() + 1 == $version, "one upcaster for each version before") };
                        let parts = $crate::lifted(event_type, version, LIFTS, parts)?;
                        Ok(Self::$variant($crate::decode_parts(event_type, &parts)?))
                    })*
                    _ => Err($crate::DecodeError::Unknown(event_type.to_owned(), version)),
                }
            }
            fn types() -> Vec<(&'static str, u16, ::kernel::Reach)> {
                let mut types = Vec::new();
                $(types.extend((1..=$version).map(|version| ($type, version, $reach)));)*
                types
            }
        }
    };
}
