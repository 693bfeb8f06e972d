//! Synthetic codes: the right shape, the right check digits, in series nobody was ever given.

use organisation::identifiers::{CodeKind, citizen_id, classify};

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A school code: class, Yunnan, a serial from 990001 on.
pub(super) fn school(class: &str, serial: u32) -> String {
    format!("{class}53{:06}", 990_000 + serial % 10_000)
}

/// A social credit code: kind of registrar (`12` public institution, `52` private, `91` company, `11` organ) and a
/// serial, with both check characters.
pub(super) fn credit(kind: &str, serial: u32) -> String {
    let body = format!("{kind}530323MA{:06}", 990_000 + serial % 10_000);
    let tries = "0123456789X".chars().flat_map(|inner| ALPHABET.chars().map(move |outer| (inner, outer)));
    for (inner, outer) in tries {
        let code = format!("{body}{inner}{outer}");
        if classify(&code) == Ok(CodeKind::SocialCredit) {
            return code;
        }
    }
    body
}

/// The same with a wrong last character, as a few real ones have.
pub(super) fn credit_failing(kind: &str, serial: u32) -> String {
    let mut code = credit(kind, serial);
    let wrong = if code.pop() == Some('7') { '8' } else { '7' };
    code.push(wrong);
    code
}

/// An identity number born on a day, of a series ending in 99x that is not given out.
pub(super) fn identity(year: i64, month: i64, day: i64, serial: u32) -> String {
    let body = format!("530323{year:04}{month:02}{day:02}9{:02}", serial % 100);
    "0123456789X".chars().map(|check| format!("{body}{check}")).find(|id| citizen_id(id)).unwrap_or_default()
}
