//! Passwords: what may be one, and how it is kept.

use std::sync::OnceLock;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use kernel::{IdSource, Problem, Refusal};

use crate::limits;

/// Common passwords and their stems, one a line.
const BANNED: &str = include_str!("../banned-passwords.txt");

/// Memory in KiB, passes, lanes: what OWASP asks of argon2id at least. A stored hash carries its own.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// A password on its way through; it shows itself nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// As it was typed.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

/// An argon2id hash in PHC form.
#[derive(Clone, PartialEq, Eq)]
pub struct HashedPassword(String);

impl HashedPassword {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for HashedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashedPassword(..)")
    }
}

/// Checks a new password against the rules.
///
/// # Errors
/// The rule that says no.
pub fn check_password(login: &str, password: &Password) -> Result<(), Refusal> {
    let text = password.as_str();
    let refuse = |code: &'static str| Refusal::new(code).on("password");
    if text.chars().count() < limits::PASSWORD_LEAST {
        return Err(refuse("password-too-short").with("least", limits::PASSWORD_LEAST));
    }
    if text.len() > limits::PASSWORD_MOST_BYTES {
        return Err(refuse("password-too-long").with("most", limits::PASSWORD_MOST_BYTES));
    }
    let kinds = [
        text.chars().any(|c| c.is_lowercase()),
        text.chars().any(|c| c.is_uppercase()),
        text.chars().any(|c| c.is_numeric()),
        // Characters without case, such as 汉字, count with the signs.
        text.chars().any(|c| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric()),
    ];
    if kinds.into_iter().filter(|present| *present).count() < 3 {
        return Err(refuse("password-too-few-kinds"));
    }
    let small = text.to_lowercase();
    let login = login.to_lowercase();
    let reversed: String = login.chars().rev().collect();
    if login.len() >= limits::LOGIN_LEAST && (small.contains(&login) || small.contains(&reversed)) {
        return Err(refuse("password-contains-login"));
    }
    if is_common(&small) { Err(refuse("password-common")) } else { Ok(()) }
}

/// On the list, or a stem of the list dressed up with digits and signs, or letters with a year, or a few
/// characters over and over.
fn is_common(small: &str) -> bool {
    let listed = |word: &str| BANNED.lines().any(|line| line == word);
    let plain: String = small.chars().map(unmasked).collect();
    let edge = |c: char| !c.is_alphabetic();
    // Digits and signs are taken off first, so that the 1 of "admin1" is not read as an i.
    let stem: String = small.trim_matches(edge).chars().map(unmasked).collect();
    let alphanumeric: String = small.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut different: Vec<char> = small.chars().collect();
    different.sort_unstable();
    different.dedup();
    let known = [small, &plain, &stem, plain.trim_matches(edge), &alphanumeric];
    different.len() < 5 || known.into_iter().any(listed) || letters_with_year(&alphanumeric)
}

const fn unmasked(c: char) -> char {
    match c {
        '@' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        other => other,
    }
}

/// Up to four letters before or after 19xx or 20xx, with or without month and day: initials and a birthday.
fn letters_with_year(alphanumeric: &str) -> bool {
    let digits = alphanumeric.trim_matches(|c: char| c.is_alphabetic());
    let year = digits.starts_with("19") || digits.starts_with("20");
    let letters = alphanumeric.chars().filter(|c| c.is_alphabetic()).count();
    year && letters <= 4 && matches!(digits.len(), 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn hasher() -> Result<Argon2<'static>, Problem> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|e| Problem::Fault(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password. Takes some 20 milliseconds of work: never on the writer's thread.
///
/// # Errors
/// [`Problem::Fault`] when the library refuses.
pub fn hash_password(password: &Password, ids: &IdSource) -> Result<HashedPassword, Problem> {
    let salt: [u8; 16] = ids.bytes();
    let hash = hasher()?
        .hash_password_with_salt(password.as_str().as_bytes(), &salt)
        .map_err(|e| Problem::Fault(e.to_string()))?;
    Ok(HashedPassword(hash.to_string()))
}

/// True when the password fits the hash. Takes as long as hashing; without a hash it does the same work and says no.
pub fn verify_password(stored: Option<&str>, password: &Password) -> bool {
    // A password beyond the limit cannot have been set; a short stand-in keeps the work the same.
    let over = password.as_str().len() > limits::PASSWORD_MOST_BYTES;
    let typed = if over { "" } else { password.as_str() };
    let (hash, real) = match stored {
        Some(hash) => (hash, !over),
        None => (dummy(), false),
    };
    let Ok(parsed) = PasswordHash::new(hash) else {
        tracing::error!("a stored password hash cannot be read");
        return false;
    };
    // The parameters are those of the stored hash.
    Argon2::default().verify_password(typed.as_bytes(), &parsed).is_ok() && real
}

/// Makes the hash of nobody's password before anybody waits for it.
pub(crate) fn prepare() {
    let _ = dummy();
}

/// A hash of nobody's password, made once.
fn dummy() -> &'static str {
    static DUMMY: OnceLock<String> = OnceLock::new();
    DUMMY.get_or_init(|| {
        hasher()
            .and_then(|hasher| {
                hasher
                    .hash_password_with_salt(b"nobody", b"no salt for none")
                    .map_err(|e| Problem::Fault(e.to_string()))
            })
            .map_or_else(|_| String::new(), |hash| hash.to_string())
    })
}
