//! Encryption of personal parts. The key file lies outside the data directory, so a copy of the data alone tells
//! no names.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use kernel::IdSource;
use sha2::{Digest, Sha256};

const NONCE: usize = 24;

/// Why sealed bytes could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Wrong key, wrong context, or altered bytes.
    #[error("sealed data cannot be opened: wrong key file, or the data were altered")]
    Closed,
    /// The cipher refused to seal.
    #[error("data could not be sealed")]
    NotSealed,
}

/// Seals and opens personal data, and hashes it for look-up.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    lookup: [u8; 32],
}

impl Vault {
    /// From the 32 bytes of the key file. Two keys are derived: one seals, one hashes.
    pub fn new(key: &[u8; 32]) -> Self {
        let derive = |label: &[u8]| -> [u8; 32] {
            Sha256::new().chain_update(label).chain_update(key).finalize().into()
        };
        Self {
            cipher: XChaCha20Poly1305::new(&derive(b"xiaoan/seal/1").into()),
            lookup: derive(b"xiaoan/lookup/1"),
        }
    }

    /// Seals `plain`; it opens only with the same `context`. The result is nonce and ciphertext.
    ///
    /// # Errors
    /// [`VaultError::NotSealed`], which this cipher gives only for absurd lengths.
    pub fn seal(&self, plain: &[u8], context: &[u8], ids: &IdSource) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE] = ids.bytes();
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
            .map_err(|_| VaultError::NotSealed)?;
        let mut out = nonce.to_vec();
        out.extend(sealed);
        Ok(out)
    }

    /// Opens what [`Self::seal`] made.
    ///
    /// # Errors
    /// [`VaultError::Closed`].
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(VaultError::Closed)?;
        self.cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: context })
            .map_err(|_| VaultError::Closed)
    }

    /// A keyed hash of a value, so that an identity number or a telephone can be found without being readable.
    /// `domain` keeps equal values of different kinds apart.
    pub fn lookup(&self, domain: &str, value: &str) -> [u8; 32] {
        let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.lookup) else {
            return [0; 32];
        };
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}
