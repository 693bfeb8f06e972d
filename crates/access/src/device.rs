//! A guard's own telephone: a link that may be used once and soon, and a number of six digits on the device.

use journal::Vault;
use kernel::{ActorId, IdSource, Timestamp};
use storage::{StorageError, Tx, params};

use crate::{
    limits,
    password::{HashedPassword, Password, verify_password},
    session::{NewSession, SessionDigest, SessionKind, SessionStage, SessionToken, open_session},
    sign_in_log::{self, SignInResult},
};

/// The domain of the keyed hash of a link's token.
const DOMAIN: &str = "device-link";

/// A link as it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLink {
    /// Whose telephone it will be.
    pub account: ActorId,
    /// Who made it.
    pub issued_by: ActorId,
    /// Until when it may be used.
    pub expires: Timestamp,
}

/// What binding a device came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The link is unknown, used or too old.
    Gone,
    /// Bound: the session of the device, and whose it is.
    Bound(SessionToken, DeviceLink),
}

/// What comparing a number came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinCheck {
    /// It was right.
    Right,
    /// It was wrong; so many tries are left.
    Wrong(i64),
    /// Too many wrong ones: the session has ended.
    Ended,
}

/// Makes a link for an account; an older one of the same account that was not used is gone then. The caller has
/// checked that the account may be used from a bound device.
///
/// # Errors
/// Whatever the database answers.
pub fn issue_device_link(
    tx: &mut Tx,
    vault: &Vault,
    ids: &IdSource,
    account: ActorId,
    issued_by: ActorId,
    now: Timestamp,
) -> Result<String, StorageError> {
    let token = kernel::hex::write(ids.bytes::<20>());
    forget_links(tx, account)?;
    tx.write(
        "INSERT INTO device_link (digest, account_id, issued_by, issued_at, expires_at, used_at)
         VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
        params![&vault.lookup(DOMAIN, &token), account, issued_by, now, now.plus_ms(limits::DEVICE_LINK_MS)],
    )?;
    Ok(token)
}

/// The link of a token, while it may be used.
///
/// # Errors
/// Whatever the database answers.
pub fn find_device_link(
    tx: &mut Tx,
    vault: &Vault,
    token: &str,
    now: Timestamp,
) -> Result<Option<DeviceLink>, StorageError> {
    tx.first(
        "SELECT account_id, issued_by, expires_at FROM device_link
         WHERE digest = ?1 AND used_at IS NULL AND expires_at > ?2",
        params![&vault.lookup(DOMAIN, token), now],
        |row| Ok(DeviceLink { account: row.id(0)?, issued_by: row.id(1)?, expires: row.time(2)? }),
    )
}

/// Uses a link up: opens the session of the device and keeps its number.
///
/// # Errors
/// Whatever the database answers.
pub fn bind_device(
    tx: &mut Tx,
    (vault, ids): (&Vault, &IdSource),
    token: &str,
    pin: &HashedPassword,
    (agent, address): (&str, &str),
    now: Timestamp,
) -> Result<Binding, StorageError> {
    let Some(link) = find_device_link(tx, vault, token, now)? else { return Ok(Binding::Gone) };
    let used = tx.execute(
        "UPDATE device_link SET used_at = ?2 WHERE digest = ?1 AND used_at IS NULL",
        params![&vault.lookup(DOMAIN, token), now],
    )?;
    if used != 1 {
        return Ok(Binding::Gone);
    }
    let new = NewSession {
        account: link.account,
        kind: SessionKind::Device,
        stage: SessionStage::Full,
        second_factor: false,
        agent: agent.to_owned(),
        address: address.to_owned(),
    };
    sign_in_log::write(tx, now, SignInResult::PhoneBound, (Some(link.account), address), 0)?;
    let session = open_session(tx, ids, &new, now)?;
    tx.write(
        "INSERT INTO device_pin (session_digest, hash, failed) VALUES (?1, ?2, 0)",
        params![&session.digest(), pin.as_str()],
    )?;
    Ok(Binding::Bound(session, link))
}

/// True when the session is a device's with a number.
///
/// # Errors
/// Whatever the database answers.
pub fn device_has_pin(tx: &mut Tx, digest: &SessionDigest) -> Result<bool, StorageError> {
    Ok(tx.count("SELECT count(*) FROM device_pin WHERE session_digest = ?1", params![digest])? > 0)
}

/// The stored number of a device, to be compared away from the writer's thread.
pub struct StoredPin(Option<String>);

/// A number that was compared: the hash it was compared with, and whether it fitted.
pub struct ComparedPin {
    hash: Option<String>,
    fits: bool,
}

/// Reads the stored number of a device. Give the reader back before [`StoredPin::compare`].
///
/// # Errors
/// Whatever the database answers.
pub fn stored_device_pin(tx: &mut Tx, digest: &SessionDigest) -> Result<StoredPin, StorageError> {
    let sql = "SELECT hash FROM device_pin WHERE session_digest = ?1";
    Ok(StoredPin(tx.first(sql, params![digest], |row| row.text(0))?))
}

impl StoredPin {
    /// Some 20 milliseconds of work: never on the writer's thread, where everybody waits.
    #[must_use]
    pub fn compare(self, typed: &Password) -> ComparedPin {
        let fits = self.0.is_some() && verify_password(self.0.as_deref(), typed);
        ComparedPin { hash: self.0, fits }
    }
}

/// Counts what comparing a number came to; five wrong ones end the session. Numbers compared at the same time are
/// counted one after the other, so trying many at once gives no more tries; one that was compared with another hash
/// than the one stored by now counts as wrong.
///
/// # Errors
/// Whatever the database answers.
pub fn settle_device_pin(
    tx: &mut Tx,
    account: ActorId,
    (digest, address): (&SessionDigest, &str),
    compared: &ComparedPin,
    now: Timestamp,
) -> Result<PinCheck, StorageError> {
    let stored =
        tx.first("SELECT hash, failed FROM device_pin WHERE session_digest = ?1", params![digest], |row| {
            Ok((row.text(0)?, row.int(1)?))
        })?;
    let Some((hash, failed)) = stored else { return Ok(PinCheck::Ended) };
    let set = "UPDATE device_pin SET failed = ?2 WHERE session_digest = ?1";
    if compared.fits && compared.hash.as_ref() == Some(&hash) {
        tx.write(set, params![digest, 0])?;
        sign_in_log::write(tx, now, SignInResult::PhoneUnlocked, (Some(account), address), 0)?;
        return Ok(PinCheck::Right);
    }
    sign_in_log::write(tx, now, SignInResult::WrongPin, (Some(account), address), 0)?;
    let left = limits::DEVICE_PIN_TRIES - failed - 1;
    if left > 0 {
        tx.write(set, params![digest, failed + 1])?;
        return Ok(PinCheck::Wrong(left));
    }
    tx.write("DELETE FROM device_pin WHERE session_digest = ?1", params![digest])?;
    crate::session::revoke_session(tx, account, digest, now)?;
    Ok(PinCheck::Ended)
}

/// Makes the links of an account useless that were not used yet.
pub(crate) fn forget_links(tx: &mut Tx, account: ActorId) -> Result<(), StorageError> {
    tx.write("DELETE FROM device_link WHERE account_id = ?1 AND used_at IS NULL", params![account])
}

/// Deletes links that can never be used again, and the numbers of sessions that are gone. Once a day, after
/// [`crate::sweep_sessions`].
///
/// # Errors
/// Whatever the database answers.
pub fn sweep_device_links(tx: &mut Tx, now: Timestamp) -> Result<u64, StorageError> {
    tx.write(
        "DELETE FROM device_pin WHERE session_digest NOT IN (SELECT digest FROM session WHERE kind = 'device')",
        params![],
    )?;
    let day_ago = now.plus_ms(-Timestamp::DAY_MS);
    tx.execute("DELETE FROM device_link WHERE expires_at < ?1", params![day_ago])
}
