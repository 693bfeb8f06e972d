//! The code of a place 点位码: printed and public, random, and never given twice.

use journal::Vault;
use kernel::{CommandId, StreamId, code, limits};
use uuid::Uuid;

/// Letters of a group on paper.
const GROUP: usize = 5;
/// Letters of a code, the last one a check.
const LENGTH: usize = limits::PLACE_CODE_RANDOM + 1;

/// A new one.
pub fn of(random: [u8; limits::PLACE_CODE_RANDOM]) -> String {
    code::make(random)
}

/// The nth place of a form, with its code: the form sent twice draws the same, and nobody without the key could.
pub fn drawn(vault: &Vault, form: CommandId, nth: usize) -> (StreamId, String) {
    let bytes = |domain: &str| vault.lookup(domain, &format!("{form}/{nth}"));
    let id = bytes("place-stream").first_chunk::<16>().copied().unwrap_or_default();
    let code = bytes("place-code").first_chunk().copied().unwrap_or_default();
    (StreamId(Uuid::from_bytes(id)), of(code))
}

/// As somebody typed it or a camera read it; anything that cannot be one is none.
pub fn read(text: &str) -> Option<String> {
    code::read(text, LENGTH)
}

/// As it is printed: `7K3QM-9TX2A`.
pub fn shown(code: &str) -> String {
    code::grouped(code, GROUP)
}

/// The address on the sheet.
pub fn address(origin: &str, code: &str) -> String {
    format!("{origin}{}{code}", web::REPORTED)
}
