//! Who guesses, and whom that locks out. Failures are counted for each account and source, so that a stranger who
//! guesses locks himself out and not the owner. A browser that signed in before carries a cookie and is a source of its
//! own, which no stranger's failures reach (OWASP calls it a device cookie). All strangers together have a limit too.

use std::net::IpAddr;

use journal::Vault;
use kernel::{ActorId, IdSource, Timestamp, hex};
use storage::{StorageError, Tx, params};

use crate::{
    limits,
    secret::{self, LockSettings, Secrets},
    session::SessionDigest,
};

/// The domain of the keyed hash of a source.
const SOURCE: &str = "sign-in-source";
/// The domain of the keyed hash of a known browser's cookie.
const DEVICE: &str = "known-device";

/// Where somebody tries to sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Where the request came from, as the trusted proxies tell it.
    pub address: String,
    /// The cookie of a browser that signed in before, as it was sent.
    pub device: Option<String>,
}

impl Origin {
    /// The address, or the network it stands for: whoever has one address of version 6 has the whole /64.
    pub(crate) fn network(&self) -> String {
        match self.address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
            Ok(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            Ok(IpAddr::V4(ip)) => ip.to_string(),
            Err(_) => self.address.clone(),
        }
    }
}

/// What failures are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    key: [u8; 32],
    /// Not known to belong to the account's owner.
    pub stranger: bool,
}

impl Source {
    pub(crate) fn of(
        tx: &mut Tx,
        vault: &Vault,
        account: ActorId,
        from: &Origin,
        now: Timestamp,
    ) -> Result<Self, StorageError> {
        if let Some(device) = &from.device {
            let known = tx.count(
                "SELECT count(*) FROM known_device WHERE account_id = ?1 AND digest = ?2 AND used_at > ?3",
                params![account, &vault.lookup(DEVICE, device), now.plus_ms(-limits::KNOWN_DEVICE_MS)],
            )?;
            if known > 0 {
                return Ok(Self { key: device_key(vault, device), stranger: false });
            }
        }
        Ok(Self { key: vault.lookup(SOURCE, &format!("network {}", from.network())), stranger: true })
    }

    /// Somebody who is signed in and types the old password for a new one.
    pub(crate) fn session(vault: &Vault, digest: &SessionDigest) -> Self {
        Self { key: vault.lookup(SOURCE, &format!("session {}", hex::write(digest))), stranger: false }
    }
}

/// What the failures of a known browser are counted by.
fn device_key(vault: &Vault, device: &str) -> [u8; 32] {
    vault.lookup(SOURCE, &format!("device {device}"))
}

/// Until when a source may not try this account.
pub(crate) fn locked_until(
    tx: &mut Tx,
    account: ActorId,
    secrets: &Secrets,
    source: &Source,
) -> Result<Timestamp, StorageError> {
    let own = tx.first(
        "SELECT locked_until FROM sign_in_failure WHERE account_id = ?1 AND source = ?2",
        params![account, &source.key],
        |row| row.time(0),
    )?;
    let own = own.unwrap_or(Timestamp(0));
    Ok(if source.stranger { own.max(secrets.locked_until) } else { own })
}

/// How much a failure weighs in what all strangers together may do: one of the second factor as much as a whole
/// source's, for whoever types it knows the password.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    Password,
    SecondFactor,
}

/// Counts a failure; the end of the lock when this one locked the source, or the account for all strangers.
pub(crate) fn record_failure(
    tx: &mut Tx,
    account: ActorId,
    source: &Source,
    failure: Failure,
    settings: LockSettings,
    now: Timestamp,
) -> Result<Option<Timestamp>, StorageError> {
    let until = now.plus_ms(settings.lock_ms);
    let before = tx.first(
        "SELECT failed FROM sign_in_failure WHERE account_id = ?1 AND source = ?2 AND last_at > ?3",
        params![account, &source.key, now.plus_ms(-limits::FAILURES_KEPT_MS)],
        |row| row.int(0),
    )?;
    let failed = before.unwrap_or(0) + 1;
    let locked = failed >= settings.failures;
    let (failed, locked_until) = if locked { (0, until) } else { (failed, Timestamp(0)) };
    tx.write(
        "INSERT INTO sign_in_failure (account_id, source, failed, locked_until, last_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account_id, source) DO UPDATE
         SET failed = excluded.failed, locked_until = excluded.locked_until, last_at = excluded.last_at",
        params![account, &source.key, failed, locked_until, now],
    )?;
    let mut all = false;
    if source.stranger {
        let weight = match failure {
            Failure::Password => 1,
            Failure::SecondFactor => settings.strangers / settings.failures.max(1),
        };
        let failed = secret::secrets(tx, account)?.failed + weight;
        all = failed >= settings.strangers;
        secret::set_failures(tx, account, if all { 0 } else { failed }, all.then_some(until))?;
    }
    Ok((locked || all).then_some(until))
}

/// A source was right: its failures are forgotten, and those of all strangers if it is one of them.
pub(crate) fn forget_source(tx: &mut Tx, account: ActorId, source: &Source) -> Result<(), StorageError> {
    tx.write(
        "DELETE FROM sign_in_failure WHERE account_id = ?1 AND source = ?2",
        params![account, &source.key],
    )?;
    if source.stranger { secret::set_failures(tx, account, 0, None) } else { Ok(()) }
}

/// Forgets every failure and lifts every lock of an account.
pub(crate) fn forget_all(tx: &mut Tx, account: ActorId) -> Result<(), StorageError> {
    tx.write("DELETE FROM sign_in_failure WHERE account_id = ?1", params![account])?;
    secret::set_failures(tx, account, 0, None)
}

/// The end of the last lock of any source of an account.
pub(crate) fn last_lock(tx: &mut Tx, account: ActorId) -> Result<Timestamp, StorageError> {
    let sql =
        "SELECT locked_until FROM sign_in_failure WHERE account_id = ?1 ORDER BY locked_until DESC LIMIT 1";
    Ok(tx.first(sql, params![account], |row| row.time(0))?.unwrap_or(Timestamp(0)))
}

/// Knows a browser from now on under a new cookie; under an old one it was sent with it is known no more.
pub(crate) fn know_device(
    tx: &mut Tx,
    (vault, ids): (&Vault, &IdSource),
    account: ActorId,
    presented: Option<&str>,
    now: Timestamp,
) -> Result<String, StorageError> {
    let bytes: [u8; 32] = ids.bytes();
    let token = hex::write(bytes);
    let digest = vault.lookup(DEVICE, &token);
    if let Some(old) = presented {
        // One cookie may be known to several accounts: the office's computer.
        tx.write(
            "UPDATE known_device SET digest = ?2 WHERE digest = ?1",
            params![&vault.lookup(DEVICE, old), &digest],
        )?;
        // It goes on as the source it was: nobody's failed tries are forgotten because somebody else signed in there.
        tx.write(
            "UPDATE sign_in_failure SET source = ?2 WHERE source = ?1",
            params![&device_key(vault, old), &device_key(vault, &token)],
        )?;
    }
    tx.write(
        "INSERT INTO known_device (account_id, digest, used_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (account_id, digest) DO UPDATE SET used_at = excluded.used_at",
        params![account, &digest, now],
    )?;
    let known = tx.query(
        "SELECT digest FROM known_device WHERE account_id = ?1 ORDER BY used_at DESC, digest",
        params![account],
        |row| row.blob(0),
    )?;
    for old in known.iter().skip(limits::KNOWN_DEVICES) {
        tx.write("DELETE FROM known_device WHERE account_id = ?1 AND digest = ?2", params![account, old])?;
    }
    Ok(token)
}

/// Deletes failures that count no more and browsers not seen for long. Once a minute.
///
/// # Errors
/// Whatever the database answers.
pub fn sweep_guessing(tx: &mut Tx, now: Timestamp) -> Result<u64, StorageError> {
    tx.write(
        "DELETE FROM sign_in_failure WHERE last_at <= ?1 AND locked_until <= ?2",
        params![now.plus_ms(-limits::FAILURES_KEPT_MS), now],
    )?;
    tx.execute("DELETE FROM known_device WHERE used_at <= ?1", params![now.plus_ms(-limits::KNOWN_DEVICE_MS)])
}
