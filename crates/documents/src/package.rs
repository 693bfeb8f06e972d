//! Looks into a zip before anybody opens it as a workbook: what is in it, and how big it really becomes.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use crate::{DocumentProblem, ReadLimits};

/// Files inside a workbook.
const ENTRIES: usize = 5_000;
/// Below this a high ratio is harmless: empty sheets compress well.
const SMALL: u64 = 1024 * 1024;

/// Refuses what is no plain workbook and what would fill the memory.
pub(crate) fn check(bytes: &[u8], name: &str, limits: ReadLimits) -> Result<(), DocumentProblem> {
    let broken = |_: ZipError| DocumentProblem::new("document-broken");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > ENTRIES {
        return Err(DocumentProblem::new("document-bomb"));
    }
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|n| n.to_ascii_lowercase()).collect();
    if names.iter().any(|n| n.ends_with("vbaproject.bin")) || name.to_ascii_lowercase().ends_with(".xlsm") {
        return Err(DocumentProblem::new("document-macros"));
    }
    if !names.iter().any(|n| n == "xl/workbook.xml") {
        return Err(DocumentProblem::new("document-type").with("name", name));
    }
    // What the directory says, before anything is unpacked ...
    let mut declared_total = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        if entry.encrypted() {
            return Err(DocumentProblem::new("document-encrypted"));
        }
        declared_total = declared_total.saturating_add(entry.size());
        fits(entry.size(), entry.compressed_size(), limits)?;
    }
    within(declared_total, limits)?;
    // ... and what is true.
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(broken)?;
        let packed = entry.compressed_size();
        let left = limits.entry_bytes.saturating_sub(total).saturating_add(1);
        let real = unpacked(&mut entry, left)?;
        fits(real, packed, limits)?;
        total = total.saturating_add(real);
        within(total, limits)?;
    }
    Ok(())
}

fn fits(real: u64, packed: u64, limits: ReadLimits) -> Result<(), DocumentProblem> {
    if real > limits.entry_bytes || (real > SMALL && real / packed.max(1) > limits.ratio) {
        return Err(DocumentProblem::new("document-bomb"));
    }
    Ok(())
}

fn within(total: u64, limits: ReadLimits) -> Result<(), DocumentProblem> {
    if total > limits.entry_bytes { Err(DocumentProblem::new("document-bomb")) } else { Ok(()) }
}

/// How many bytes really come out, counting no further than `most`.
fn unpacked(entry: &mut impl Read, most: u64) -> Result<u64, DocumentProblem> {
    std::io::copy(&mut entry.take(most), &mut std::io::sink())
        .map_err(|_| DocumentProblem::new("document-broken"))
}
