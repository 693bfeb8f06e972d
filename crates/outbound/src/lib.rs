//! The only door out. Every call that leaves the platform goes through [`Door`]: to hosts that the settings name, to
//! addresses of the open internet unless the settings name host and port, encrypted, without redirects, with limits.
//!
//! A platform with demonstration data has a door that is [`Door::shut`].

mod allow;
mod door;
mod error;
mod guard;
mod mail;
mod retry;

pub use allow::DEFAULT_ALLOW;
pub use door::{Answer, Door, DoorSettings};
pub use error::OutboundError;
pub use guard::is_public;
pub use mail::{Letter, MailSettings, MailTls, is_mailbox};
pub use retry::retry_after;

#[cfg(test)]
mod tests;
