//! How often whoever has no account may ask and send, in memory: nothing about an address is written down. It is counted
//! under a hash that changes every day.

use access::Throttle;
use journal::Vault;
use kernel::{Problem, Refusal, Timestamp, hex, limits};

/// Buckets for addresses, for addresses that find nothing, for what addresses send, and for what all of them send.
#[derive(Debug)]
pub struct Patience {
    by_address: Throttle,
    in_vain: Throttle,
    sending: Throttle,
    platform: Throttle,
}

impl Default for Patience {
    fn default() -> Self {
        let an_hour = Timestamp::HOUR_MS / i64::from(limits::REPORTS_AN_HOUR);
        Self {
            // Parents at a gate share the address of their operator.
            by_address: Throttle::new(240, Timestamp::SECOND_MS / 4),
            in_vain: Throttle::new(20, 30 * Timestamp::SECOND_MS),
            sending: Throttle::new(limits::REPORTS_PER_ADDRESS, limits::REPORT_ADDRESS_REFILL_MS),
            platform: Throttle::new(limits::REPORTS_AN_HOUR, an_hour),
        }
    }
}

fn key(vault: &Vault, address: &str, now: Timestamp) -> String {
    let hash = vault.lookup("public-report-address", &format!("{}/{address}", now.day_number()));
    hex::write(hash)
}

const fn allowed(yes: bool) -> Result<(), Problem> {
    if yes { Ok(()) } else { Err(Problem::Limit("POSTS_PER_MINUTE")) }
}

impl Patience {
    /// Any request.
    pub(super) fn asks(&self, vault: &Vault, address: &str, now: Timestamp) -> Result<(), Problem> {
        allowed(self.by_address.allow(&key(vault, address, now), now))
    }

    /// A code or a ticket that leads nowhere.
    pub(super) fn tries(&self, vault: &Vault, address: &str, now: Timestamp) -> Result<(), Problem> {
        allowed(self.in_vain.allow(&key(vault, address, now), now))
    }

    /// A report that is to be written down.
    pub(super) fn sends(&self, vault: &Vault, address: &str, now: Timestamp) -> Result<(), Refusal> {
        let own = self.sending.allow(&key(vault, address, now), now);
        let all = own && self.platform.allow("all", now);
        if all { Ok(()) } else { Err(Refusal::new("public-report-too-many")) }
    }
}
