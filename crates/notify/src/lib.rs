//! What happened leaves the platform: to a group's robot or to official mailboxes, as far as a unit asked for it.
//!
//! Events are read by cursor; a [`Source`] of each room says what they tell; the tidings wait in an outbox that is
//! written in the transaction that moves the cursor; a courier sends them through [`outbound::Door`] and records
//! every try. Nothing personal and no free text leaves.

mod channel;
mod consumer;
mod courier;
mod daily;
mod message;
mod notifier;
mod outbox;
mod robot;
mod schema;
mod sent;
mod source;
pub mod words;

pub use channel::{
    AddressHint, Channel, ChannelCommand, ChannelEvent, ChannelFacts, ChannelKind, ChannelSecret,
    ChannelState, ChannelStatus, NewChannel, Topic, address_hint, channel, channels_of_unit,
    erase_channel_secret, store_channel_secret,
};
pub use notifier::{Notifier, NotifierParts};
pub use outbox::{put_test, waiting_of_unit};
pub use schema::MIGRATIONS;
pub use sent::{Outcome, SentFilter, SentRow, sent_counted, sent_listed};
pub use source::{Line, Source, Tiding};

/// The texts of this room as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// Every code this room refuses with; each has a sentence `problem-<code>`.
pub const REFUSALS: &[&str] = &[
    "channel-address-missing",
    "channel-address-not-allowed",
    "channel-address-not-encrypted",
    "channel-address-shape",
    "channel-exists",
    "channel-hour",
    "channel-label-missing",
    "channel-limit",
    "channel-mailbox-shape",
    "channel-mailboxes-limit",
    "channel-mailboxes-missing",
    "channel-off",
    "channel-removed",
    "channel-secret-not-here",
    "channel-text-too-long",
    "channel-topics-missing",
    "channel-unit-unknown",
    "channel-unknown",
];

#[cfg(test)]
mod tests;
