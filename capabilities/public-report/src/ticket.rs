//! Tickets 查询码: what the reporter writes down to follow his report. Only a keyed hash is kept.

use journal::Vault;
use kernel::{CommandId, StreamId, Timestamp, code, limits};
use storage::{StorageError, Tx, params};

/// The domain of the keyed hash.
const DOMAIN: &str = "public-report-ticket";
/// Letters of a group on paper.
const GROUP: usize = 4;
/// Letters of a ticket, the last one a check.
const LENGTH: usize = limits::REPORT_TICKET_RANDOM + 1;

/// What the reporter writes down. It is shown on his page and written nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(String);

impl Ticket {
    /// The ticket of what a form sends: 75 bits that nobody without the key could draw. The form sent twice is one
    /// report and has one ticket.
    pub fn of(vault: &Vault, form: CommandId) -> Self {
        let drawn = vault.lookup("public-report-form-ticket", &form.to_string());
        let random: [u8; limits::REPORT_TICKET_RANDOM] = drawn.first_chunk().copied().unwrap_or_default();
        Self(code::make(random))
    }

    /// As it was typed, or stands in an address; anything that cannot be one is none.
    pub fn read(text: &str) -> Option<Self> {
        code::read(text, LENGTH).map(Self)
    }

    /// As it is written down: `ABCD-EFGH-JKMN-PQRS`.
    pub fn shown(&self) -> String {
        code::grouped(&self.0, GROUP)
    }

    /// Where its page is.
    pub fn href(&self) -> String {
        format!("{}{}", web::FOLLOWED, self.shown())
    }

    /// What is kept of it.
    pub fn digest(&self, vault: &Vault) -> [u8; 32] {
        vault.lookup(DOMAIN, &self.0)
    }
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ticket(..)")
    }
}

/// Keeps the ticket of a report. Repeatable.
///
/// # Errors
/// Whatever the database answers.
pub fn keep(
    tx: &mut Tx,
    digest: &[u8; 32],
    report: StreamId,
    expires: Timestamp,
) -> Result<(), StorageError> {
    tx.write(
        "INSERT INTO public_report_ticket (digest, report_id, expires_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (digest) DO NOTHING",
        params![digest, report, expires],
    )
}

/// The report that a ticket follows now, and until when.
///
/// # Errors
/// Whatever the database answers.
pub fn find(
    tx: &mut Tx,
    digest: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(StreamId, Timestamp)>, StorageError> {
    let sql = "SELECT report_id, expires_at FROM public_report_ticket WHERE digest = ?1 AND expires_at >= ?2";
    tx.first(sql, params![digest, now], |row| Ok((row.id(0)?, row.time(1)?)))
}

/// Deletes tickets that follow nothing any more. Once in a while.
///
/// # Errors
/// Whatever the database answers.
pub fn sweep_tickets(tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
    tx.write("DELETE FROM public_report_ticket WHERE expires_at < ?1", params![now])
}
