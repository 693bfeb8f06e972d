//! The second factor: six digits that change every 30 seconds (RFC 6238).

use kernel::{IdSource, Problem, Timestamp};
use totp_rs::{Builder, Secret, Totp};

/// Bytes of a secret, as RFC 4226 recommends.
pub(crate) const SECRET: usize = 20;
/// 校安, percent-encoded.
const ISSUER: &str = "%E6%A0%A1%E5%AE%89";

/// What a person's application needs to be shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret for typing.
    pub secret: String,
    /// `otpauth://` for a QR code.
    pub url: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(..)")
    }
}

fn totp(secret: &[u8]) -> Result<Totp, Problem> {
    // SHA1, 6 digits, 30 seconds, one step either side: what every application on a phone understands.
    Builder::new()
        .with_secret(secret.to_vec())
        .with_skew(1)
        .build()
        .map_err(|e| Problem::Fault(e.to_string()))
}

pub(crate) fn new_secret(ids: &IdSource) -> [u8; SECRET] {
    ids.bytes()
}

/// The enrolment of a login; a login holds no character that would need encoding.
pub(crate) fn enrolment(secret: &[u8], login: &str) -> Enrolment {
    let base32 = Secret::from(secret.to_vec()).to_base32();
    let url = format!(
        "otpauth://totp/{ISSUER}:{login}?secret={base32}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30"
    );
    Enrolment { secret: base32, url }
}

impl Enrolment {
    /// The secret in groups of four, as it is typed from a screen.
    pub fn grouped(&self) -> String {
        let letters: Vec<char> = self.secret.chars().collect();
        letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// The step a code belongs to, when it is right now and was not used: later than `last`.
pub(crate) fn accepted_step(
    secret: &[u8],
    code: &str,
    now: Timestamp,
    last: i64,
) -> Result<Option<i64>, Problem> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret)?.check(&code, now.unsigned_millis() / 1_000);
    Ok(step.and_then(|step| i64::try_from(step).ok()).filter(|step| *step > last))
}

/// The code of an instant, for tests and the demonstration.
///
/// # Errors
/// [`Problem::Fault`] when the secret is not one.
pub fn totp_code(secret_base32: &str, at: Timestamp) -> Result<String, Problem> {
    let secret = Secret::try_from_base32(secret_base32)
        .map_err(|_| Problem::Fault("not a second-factor secret".to_owned()))?;
    Ok(totp(secret.as_bytes())?.generate(at.unsigned_millis() / 1_000).to_string())
}
