//! A zip of files somebody packed by hand: looked at before anything is unpacked, then handed out one by one.

use std::io::{Cursor, Read};

use encoding_rs::GB18030;
use zip::{ZipArchive, read::ZipFile, result::ZipError};

use crate::{DocumentProblem, text::tidy};

/// What an archive may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Files in it.
    pub files: usize,
    /// Bytes one file may unpack to.
    pub file_bytes: usize,
    /// Bytes all of them may unpack to.
    pub all_bytes: u64,
}

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Its path inside, with `/` between folders.
    pub path: String,
    /// Its content; `None` when it is bigger than a file may be.
    pub bytes: Option<Vec<u8>>,
}

/// True for what begins like a zip.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Calls `each` for every file in a zip, in its order; one file is in memory at a time. Names that do not say what
/// they are written in are read as UTF-8 or GB18030, which every packer in the county writes. Folders and what
/// systems leave behind are passed over.
///
/// # Errors
/// `document-broken`, `document-encrypted`, `document-bomb`, `document-files`; what `each` answers.
pub fn each_file<E: From<DocumentProblem>>(
    bytes: &[u8],
    limits: ArchiveLimits,
    each: &mut dyn FnMut(ArchivedFile) -> Result<(), E>,
) -> Result<(), E> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    let mut declared = 0_u64;
    let mut wanted = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|e| broken(&e))?;
        if entry.encrypted() {
            return Err(DocumentProblem::new("document-encrypted").into());
        }
        declared = declared.saturating_add(entry.size());
        let path = path(&entry);
        if !entry.is_dir() && !is_left_behind(&path) {
            wanted.push((index, path));
        }
    }
    if wanted.len() > limits.files {
        return Err(DocumentProblem::new("document-files").with("most", limits.files).into());
    }
    if declared > limits.all_bytes {
        return Err(DocumentProblem::new("document-bomb").into());
    }
    let mut total = 0_u64;
    for (index, path) in wanted {
        let mut entry = archive.by_index(index).map_err(|e| broken(&e))?;
        let bytes = unpacked(&mut entry, limits.file_bytes)?;
        let size = bytes.as_ref().map_or(limits.file_bytes, Vec::len);
        total = total.saturating_add(u64::try_from(size).unwrap_or(u64::MAX));
        // A directory that lies about sizes is not believed.
        if total > limits.all_bytes {
            return Err(DocumentProblem::new("document-bomb").into());
        }
        each(ArchivedFile { path, bytes })?;
    }
    Ok(())
}

fn broken(error: &ZipError) -> DocumentProblem {
    DocumentProblem::new(match error {
        ZipError::UnsupportedArchive(text) if text.contains("assword") => "document-encrypted",
        _ => "document-broken",
    })
}

fn path<R: Read>(entry: &ZipFile<'_, R>) -> String {
    let raw = entry.name_raw();
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode(raw).0.into_owned(),
    };
    tidy(&name.replace('\\', "/"))
}

/// `__MACOSX/._a.jpg`, `.DS_Store`, `Thumbs.db`
fn is_left_behind(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("__MACOSX/")
        || name.is_empty()
        || name.starts_with('.')
        || matches!(name.to_ascii_lowercase().as_str(), "thumbs.db" | "desktop.ini")
}

fn unpacked(entry: &mut impl Read, most: usize) -> Result<Option<Vec<u8>>, DocumentProblem> {
    let mut bytes = Vec::new();
    let reach = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    entry.take(reach).read_to_end(&mut bytes).map_err(|_| DocumentProblem::new("document-broken"))?;
    Ok((bytes.len() <= most).then_some(bytes))
}
