//! Folders and files that no other user of the machine can open.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use anyhow::{Context, Result};

/// Makes a folder and those above it that are missing, each 0700 on Unix.
pub(crate) fn folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("{} cannot be made", path.display()))
}

/// Makes a new file, 0600 on Unix; never opens one that is there.
pub(crate) fn file(path: &Path) -> Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("the file {} cannot be made", path.display()))
}

/// Copies a file into a new one, whatever the permissions of the old.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut source = File::open(from).with_context(|| format!("{} cannot be read", from.display()))?;
    let mut target = file(to)?;
    io::copy(&mut source, &mut target).with_context(|| format!("{} cannot be written", to.display()))?;
    Ok(target.sync_all()?)
}
