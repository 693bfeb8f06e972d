//! The key file: 32 bytes outside the data directory, without which no name can be read.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use kernel::IdSource;
use sha2::{Digest, Sha256};

use crate::private;

/// Where the key of a data directory lies unless the settings say otherwise: beside it, never inside.
pub(crate) fn default_path(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_os_string();
    name.push(".key");
    data.with_file_name(name)
}

/// Reads the key.
pub(crate) fn read(path: &Path) -> Result<[u8; 32]> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "the key file {} cannot be read; without it no name on this platform can be shown",
            path.display()
        )
    })?;
    let text = text.trim();
    let key = kernel::hex::read_array(text);
    key.with_context(|| format!("the key file {} does not hold 64 hexadecimal digits", path.display()))
}

/// Makes a key, for its owner's eyes only. Never overwrites one.
pub(crate) fn create(path: &Path, ids: &IdSource) -> Result<[u8; 32]> {
    let key: [u8; 32] = ids.bytes();
    write_new(path, &format!("{}\n", kernel::hex::write(key)))?;
    Ok(key)
}

/// Writes a new file for its owner's eyes only.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<()> {
    let mut file = private::file(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// A key for another purpose, derived from the file's.
pub(crate) fn derive(key: &[u8; 32], purpose: &str) -> [u8; 32] {
    Sha256::new().chain_update(b"xiaoan/derive/").chain_update(purpose).chain_update(key).finalize().into()
}
