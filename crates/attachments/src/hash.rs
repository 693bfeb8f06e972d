//! The name of a file: SHA-256 of its bytes, as 64 lower-case hex digits.

use std::{fmt, str::FromStr};

use kernel::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// SHA-256 of a stored file. Nothing else names a path in the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileHash([u8; 32]);

/// The text is not 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file's name is 64 lower-case hex digits")]
pub struct HashParseError;

impl FileHash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub(crate) const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The 32 bytes themselves.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::write(self.0))
    }
}

impl fmt::Debug for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FileHash {
    type Err = HashParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // One name for one file: capitals would be a second one.
        let small = !text.bytes().any(|digit| digit.is_ascii_uppercase());
        hex::read_array(text).filter(|_| small).map(Self).ok_or(HashParseError)
    }
}

impl TryFrom<String> for FileHash {
    type Error = HashParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_lower_case_hex_digits_are_a_name() {
        let hash = FileHash::of(b"abc");
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(serde_json::from_str::<FileHash>(&serde_json::to_string(&hash).unwrap()).unwrap(), hash);
        let upper = hash.to_string().to_uppercase();
        let slashes = "../".repeat(21) + "a";
        let wide = "0".repeat(61) + "零";
        for bad in ["", "ba78", "../../etc/passwd", &upper, &slashes, &wide] {
            assert_eq!(bad.parse::<FileHash>(), Err(HashParseError), "{bad}");
        }
        assert!(serde_json::from_str::<FileHash>("\"../../x\"").is_err());
    }
}
