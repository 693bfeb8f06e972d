//! Channels 外发通道: where tidings of a unit go, and which.

mod decide;
pub(crate) mod event;
mod names;
mod query;
mod secret;
mod state;

pub use decide::{AddressHint, ChannelCommand, ChannelFacts, NewChannel, address_hint};
pub use event::ChannelEvent;
pub use names::{ChannelKind, ChannelStatus, Topic};
pub(crate) use query::working_channels;
pub use query::{channel, channels_of_unit};
pub(crate) use secret::secret;
pub use secret::{ChannelSecret, erase_channel_secret, store_channel_secret};
pub use state::{Channel, ChannelState};
