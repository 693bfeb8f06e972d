//! What may be asked of a channel, and what the answer is.

use journal::{Need, Parts};
use kernel::{Refusal, UnitId, limits};
use outbound::{Door, OutboundError, is_mailbox};
use serde::Serialize;
use storage::{StorageError, Tx, params};

use super::{
    event::{Added, Changed, ChannelEvent, ChannelText, Nothing},
    names::{ChannelKind, ChannelStatus, Topic},
    state::ChannelState,
};

/// What may be known of an address that is kept sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AddressHint {
    /// Its host.
    pub host: String,
    /// Its last four characters.
    pub tail: String,
    /// A signing secret was given with it.
    pub signed: bool,
}

/// What a channel is made of, besides its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewChannel {
    /// What people call it.
    pub label: String,
    /// What it is told.
    pub topics: Vec<Topic>,
    /// The hour of the daily message.
    pub daily_hour: i8,
    /// A robot's address; when changing, `None` keeps the one there is.
    pub address: Option<AddressHint>,
    /// Official mailboxes of a mail channel.
    pub mailboxes: Vec<String>,
}

/// What may be asked of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ChannelCommand {
    /// Add a new one.
    Add {
        /// Whose.
        unit: UnitId,
        /// What stands at the other end.
        kind: ChannelKind,
        /// The rest.
        new: NewChannel,
    },
    /// Change it.
    Change(NewChannel),
    /// Switch it off.
    Stop,
    /// Switch it on again.
    Resume,
    /// Remove it for good.
    Remove,
    /// Send a test message.
    Test,
}

/// What the decision must know.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChannelFacts {
    unit_open: bool,
    siblings: i64,
}

/// Checks a robot's address without a connection and says what may be known of it.
///
/// # Errors
/// A refusal on the field `address`.
pub fn address_hint(door: &Door, address: &str, signing: &str) -> Result<AddressHint, Refusal> {
    let address = address.trim();
    if address.is_empty() {
        return Err(Refusal::new("channel-address-missing").on("address"));
    }
    let host = door.check(address).map_err(|error| {
        let code = match error {
            OutboundError::NotAllowed => "channel-address-not-allowed",
            OutboundError::NotEncrypted => "channel-address-not-encrypted",
            _ => "channel-address-shape",
        };
        Refusal::new(code).on("address")
    })?;
    let tail: Vec<char> = address.chars().rev().take(4).collect();
    Ok(AddressHint { host, tail: tail.into_iter().rev().collect(), signed: !signing.trim().is_empty() })
}

pub(super) const fn need() -> Need {
    Need::Permission("channel.manage")
}

pub(super) fn facts(tx: &mut Tx, command: &ChannelCommand) -> Result<ChannelFacts, StorageError> {
    let ChannelCommand::Add { unit, .. } = command else { return Ok(ChannelFacts::default()) };
    let open = "SELECT count(*) FROM unit WHERE id = ?1 AND closed_on IS NULL";
    let siblings = "SELECT count(*) FROM channel WHERE unit_id = ?1 AND status <> ?2";
    Ok(ChannelFacts {
        unit_open: tx.count(open, params![*unit])? > 0,
        siblings: tx.count(siblings, params![*unit, ChannelStatus::Removed.name()])?,
    })
}

pub(super) fn decide(
    state: Option<&ChannelState>,
    command: &ChannelCommand,
    facts: ChannelFacts,
) -> Result<Vec<ChannelEvent>, Refusal> {
    let nothing = || Parts::core(Nothing {});
    let Some(channel) = state else {
        return match command {
            ChannelCommand::Add { unit, kind, new } => add(*unit, *kind, new, facts),
            ChannelCommand::Change(_)
            | ChannelCommand::Stop
            | ChannelCommand::Resume
            | ChannelCommand::Remove
            | ChannelCommand::Test => Err(Refusal::new("channel-unknown")),
        };
    };
    if channel.status == ChannelStatus::Removed {
        return Err(Refusal::new("channel-removed"));
    }
    let works = channel.status == ChannelStatus::On;
    match command {
        ChannelCommand::Add { .. } => Err(Refusal::new("channel-exists")),
        ChannelCommand::Change(new) => change(channel, new),
        ChannelCommand::Stop if works => Ok(vec![ChannelEvent::Stopped(nothing())]),
        ChannelCommand::Resume if !works => Ok(vec![ChannelEvent::Resumed(nothing())]),
        // It is so already.
        ChannelCommand::Stop | ChannelCommand::Resume => Ok(Vec::new()),
        ChannelCommand::Remove => Ok(vec![ChannelEvent::Removed(nothing())]),
        ChannelCommand::Test if works => Ok(vec![ChannelEvent::Tested(nothing())]),
        ChannelCommand::Test => Err(Refusal::new("channel-off")),
    }
}

fn add(
    unit: UnitId,
    kind: ChannelKind,
    new: &NewChannel,
    facts: ChannelFacts,
) -> Result<Vec<ChannelEvent>, Refusal> {
    if !facts.unit_open {
        return Err(Refusal::new("channel-unit-unknown"));
    }
    if facts.siblings >= i64::try_from(limits::CHANNELS_PER_UNIT).unwrap_or(i64::MAX) {
        return Err(Refusal::new("channel-limit").with("most", limits::CHANNELS_PER_UNIT));
    }
    let text = checked(kind, new)?;
    let address = match (kind, &new.address) {
        (ChannelKind::Mail, _) => mail_hint(&text.mailboxes),
        (ChannelKind::Wecom | ChannelKind::Dingtalk, Some(address)) => address.clone(),
        (ChannelKind::Wecom | ChannelKind::Dingtalk, None) => {
            return Err(Refusal::new("channel-address-missing").on("address"));
        }
    };
    let AddressHint { host, tail, signed } = address;
    if signed && kind != ChannelKind::Dingtalk {
        return Err(Refusal::new("channel-secret-not-here").on("signing"));
    }
    let core = Added { unit, kind, topics: topics(new), daily_hour: new.daily_hour, host, tail, signed };
    Ok(vec![ChannelEvent::Added(Parts::with_text(core, text))])
}

fn change(channel: &ChannelState, new: &NewChannel) -> Result<Vec<ChannelEvent>, Refusal> {
    let text = checked(channel.kind, new)?;
    let kept =
        || AddressHint { host: channel.host.clone(), tail: channel.tail.clone(), signed: channel.signed };
    let (address, readdressed) = match (channel.kind, &new.address) {
        (ChannelKind::Mail, _) => (mail_hint(&text.mailboxes), false),
        (ChannelKind::Wecom | ChannelKind::Dingtalk, Some(address)) => (address.clone(), true),
        (ChannelKind::Wecom | ChannelKind::Dingtalk, None) => (kept(), false),
    };
    let AddressHint { host, tail, signed } = address;
    if signed && channel.kind != ChannelKind::Dingtalk {
        return Err(Refusal::new("channel-secret-not-here").on("signing"));
    }
    let core = Changed { topics: topics(new), daily_hour: new.daily_hour, host, tail, signed, readdressed };
    Ok(vec![ChannelEvent::Changed(Parts::with_text(core, text))])
}

fn topics(new: &NewChannel) -> Vec<Topic> {
    Topic::choices().filter(|topic| new.topics.contains(topic)).collect()
}

fn mail_hint(mailboxes: &[String]) -> AddressHint {
    let host =
        mailboxes.first().and_then(|address| address.rsplit_once('@')).map(|(_, host)| host.to_owned());
    AddressHint { host: host.unwrap_or_default(), ..AddressHint::default() }
}

/// What is the same for adding and changing.
fn checked(kind: ChannelKind, new: &NewChannel) -> Result<ChannelText, Refusal> {
    let label = kernel::text::visible(&new.label).trim().to_owned();
    if label.is_empty() {
        return Err(Refusal::new("channel-label-missing").on("label"));
    }
    if label.chars().count() > limits::NAME_CHARS {
        return Err(Refusal::new("channel-text-too-long").with("most", limits::NAME_CHARS).on("label"));
    }
    if let Some(number) = organisation::numbers_of_people::number_in(&label) {
        return Err(number.refusal().on("label"));
    }
    if topics(new).is_empty() {
        return Err(Refusal::new("channel-topics-missing").on("topics"));
    }
    if !(0..24).contains(&new.daily_hour) {
        return Err(Refusal::new("channel-hour").on("daily_hour"));
    }
    if kind != ChannelKind::Mail {
        return Ok(ChannelText { label, mailboxes: Vec::new() });
    }
    let mailboxes: Vec<String> =
        new.mailboxes.iter().map(|address| address.trim().to_owned()).filter(|a| !a.is_empty()).collect();
    if mailboxes.is_empty() {
        return Err(Refusal::new("channel-mailboxes-missing").on("mailboxes"));
    }
    if mailboxes.len() > limits::MAILBOXES_PER_CHANNEL {
        let refusal = Refusal::new("channel-mailboxes-limit").with("most", limits::MAILBOXES_PER_CHANNEL);
        return Err(refusal.on("mailboxes"));
    }
    match mailboxes.iter().find(|address| !is_mailbox(address)) {
        Some(wrong) => Err(Refusal::new("channel-mailbox-shape").with("address", wrong).on("mailboxes")),
        None => Ok(ChannelText { label, mailboxes }),
    }
}
