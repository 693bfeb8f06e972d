//! `cargo xtask diagrams`: the state machines as the code has them, drawn by the binary itself.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::run;

const FOLDER: &str = "docs/state-machines";

/// Writes the diagrams where they are read.
pub fn write() -> Result<()> {
    draw(&run::root().join(FOLDER))
}

/// Draws elsewhere and compares: what is written must be what the code does.
pub fn compare() -> Result<()> {
    let fresh = tempfile::tempdir()?;
    draw(fresh.path())?;
    let fresh = contents(fresh.path())?;
    if fresh.is_empty() {
        bail!("`xiaoan diagrams` drew nothing, so there is nothing to compare {FOLDER} with");
    }
    let differences = differences(&contents(&run::root().join(FOLDER))?, &fresh);
    if differences.is_empty() {
        run::say(&format!("{FOLDER} is what the code does"));
        return Ok(());
    }
    bail!("{FOLDER} is not what the code does; run `cargo xtask diagrams`:\n  {}", differences.join("\n  "))
}

fn draw(folder: &Path) -> Result<()> {
    run::succeed(run::cargo().args(["run", "-q", "-p", "xiaoan", "--", "diagrams", "--out"]).arg(folder))
}

fn contents(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
        }
    }
    Ok(files)
}

fn differences(written: &BTreeMap<String, Vec<u8>>, fresh: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let changed = fresh.iter().filter_map(|(name, bytes)| match written.get(name) {
        None => Some(format!("{name} is missing")),
        Some(old) if old != bytes => Some(format!("{name} differs")),
        Some(_) => None,
    });
    let gone = written.keys().filter(|name| !fresh.contains_key(*name));
    changed.chain(gone.map(|name| format!("{name} is drawn by nothing"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_difference_is_named() {
        let files = |all: &[(&str, &str)]| {
            all.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
        };
        let written = files(&[("same", "1"), ("old", "1"), ("gone", "1")]);
        let fresh = files(&[("same", "1"), ("old", "2"), ("new", "1")]);
        assert_eq!(
            differences(&written, &fresh),
            ["new is missing", "old differs", "gone is drawn by nothing"]
        );
    }
}
