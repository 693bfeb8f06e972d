//! The reporter's telephone. It stands in no event, no state and no list: sealed, in a table of its own, for whoever
//! asks for it with a reason, until the event that says it was erased.

use journal::{Vault, VaultError};
use kernel::{IdSource, StreamId, text::narrow};
use organisation::identifiers;
use storage::{StorageError, Tx, params};

/// Digits of a telephone: a landline without its area, up to a mobile with its country.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=14;
/// Characters of it, with blanks and hyphens.
const CHARS: usize = 24;

/// A telephone as it was typed; nothing where it cannot be one.
pub(crate) fn read(typed: &str) -> Option<String> {
    let typed = narrow(typed);
    let text: String = typed.trim().chars().filter(|c| !c.is_whitespace()).collect();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let shaped = text.chars().all(|c| c.is_ascii_digit() || "+-()".contains(c)) && text.len() <= CHARS;
    // A number of somebody's identity card is no telephone.
    let telephone = shaped && DIGITS.contains(&digits) && !identifiers::citizen_id(&text);
    telephone.then_some(text)
}

/// What is kept of it.
///
/// # Errors
/// The vault cannot seal.
pub fn kept(vault: &Vault, ids: &IdSource, report: StreamId, telephone: &str) -> Result<Vec<u8>, VaultError> {
    vault.seal(telephone.as_bytes(), &context(report), ids)
}

fn context(report: StreamId) -> Vec<u8> {
    format!("public_report/telephone/{}", report.0.simple()).into_bytes()
}

/// Writes it down beside the event. Repeatable.
pub(crate) fn write(tx: &mut Tx, report: StreamId, sealed: &[u8]) -> Result<(), StorageError> {
    tx.write(
        "INSERT INTO public_report_telephone (report_id, sealed) VALUES (?1, ?2)
         ON CONFLICT (report_id) DO NOTHING",
        params![report, sealed],
    )
}

/// The telephone, where one is kept. Whoever calls this has written the read down before.
///
/// # Errors
/// Whatever the database answers.
pub fn telephone(tx: &mut Tx, vault: &Vault, report: StreamId) -> Result<Option<String>, StorageError> {
    let sql = "SELECT sealed FROM public_report_telephone WHERE report_id = ?1";
    let Some(sealed) = tx.first(sql, params![report], |row| row.blob(0))? else { return Ok(None) };
    let opened = vault.open(&sealed, &context(report)).ok();
    Ok(opened.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// It is gone.
pub(crate) fn erase(tx: &mut Tx, report: StreamId) -> Result<(), StorageError> {
    tx.write("DELETE FROM public_report_telephone WHERE report_id = ?1", params![report])
}
