//! What happens to a channel. **These types are decoded for ever.** No secret is ever in them.

use journal::event_types;
use kernel::{Reach, UnitId};
use serde::{Deserialize, Serialize};

use super::names::{ChannelKind, Topic};

/// Core of `channel.added`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Whose channel.
    pub unit: UnitId,
    /// What stands at the other end.
    pub kind: ChannelKind,
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
}

/// Text of `channel.added` and `channel.changed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelText {
    /// What people call it.
    pub label: String,
    /// Official mailboxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mailboxes: Vec<String>,
}

/// Core of `channel.changed`: everything as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
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
    /// The address or its secret was given anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub readdressed: bool,
}

/// Core of an event that carries no numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

event_types! {
    /// What happens to a channel.
    pub enum ChannelEvent {
        /// It was added.
        Added("channel.added", 1, Reach::HERE): Parts<Added, ChannelText>,
        /// It was changed.
        Changed("channel.changed", 1, Reach::HERE): Parts<Changed, ChannelText>,
        /// It was switched off.
        Stopped("channel.stopped", 1, Reach::HERE): Parts<Nothing>,
        /// It was switched on again.
        Resumed("channel.resumed", 1, Reach::HERE): Parts<Nothing>,
        /// It was removed, and its secret erased.
        Removed("channel.removed", 1, Reach::HERE): Parts<Nothing>,
        /// Somebody had a test message sent.
        Tested("channel.tested", 1, Reach::HERE): Parts<Nothing>,
    }
}
