//! Zips of photos as offices pack them, and zips as nobody should.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::io::{Cursor, Write};

use documents::{ArchiveLimits, ArchivedFile, DocumentProblem, each_file, is_archive};
use encoding_rs::GB18030;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const LIMITS: ArchiveLimits = ArchiveLimits { files: 3, file_bytes: 1_000, all_bytes: 2_500 };

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> Result<Vec<ArchivedFile>, DocumentProblem> {
    let mut files = Vec::new();
    let mut take = |file| -> Result<(), DocumentProblem> {
        files.push(file);
        Ok(())
    };
    each_file(bytes, LIMITS, &mut take)?;
    Ok(files)
}

fn code(bytes: &[u8]) -> &'static str {
    read(bytes).unwrap_err().code
}

#[test]
fn files_in_folders_without_what_systems_leave_behind() {
    let zip = zipped(&[
        ("一小/a.jpg", b"x"),
        ("__MACOSX/._a.jpg", b"y"),
        ("一小/Thumbs.db", b"z"),
        ("b.JPG", b"w"),
    ]);
    assert!(is_archive(&zip) && !is_archive(b"\xff\xd8\xff"));
    let files = read(&zip).unwrap();
    assert_eq!(files.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["一小/a.jpg", "b.JPG"]);
    assert_eq!(files[0].bytes.as_deref(), Some(b"x".as_slice()));
}

#[test]
fn names_written_by_chinese_packers_are_read() {
    // A name of the same length in bytes, exchanged for what a packer in GB18030 writes and no mark for UTF-8.
    let name = GB18030.encode("整改前.jpg").0.into_owned();
    let plain = "x".repeat(name.len());
    let mut zip = zipped(&[(&plain, b"x")]);
    let places: Vec<usize> =
        (0..zip.len() - name.len()).filter(|at| zip[*at..*at + name.len()] == *plain.as_bytes()).collect();
    assert_eq!(places.len(), 2, "once at the file and once in the directory");
    for at in places {
        zip[at..at + name.len()].copy_from_slice(&name);
    }
    assert_eq!(read(&zip).unwrap()[0].path, "整改前.jpg");
}

#[test]
fn nothing_is_unpacked_that_would_fill_the_memory() {
    let zeros = vec![0_u8; 900];
    let many: Vec<(&str, &[u8])> = vec![("a", b"x"), ("b", b"x"), ("c", b"x"), ("d", b"x")];
    assert_eq!(code(&zipped(&many)), "document-files");
    assert_eq!(code(&zipped(&[("a", &zeros), ("b", &zeros), ("c", &zeros)])), "document-bomb");
    let big = vec![0_u8; 2_000];
    assert_eq!(read(&zipped(&[("a.jpg", &big)])).unwrap()[0].bytes, None, "one too big is named, not read");
    let mut lying = zipped(&[("a", &big), ("b", &big[..1_900])]);
    for size in [2_000_u32, 1_900] {
        let truth = size.to_le_bytes();
        let places: Vec<usize> = (0..lying.len() - 4).filter(|at| lying[*at..*at + 4] == truth).collect();
        for at in places {
            lying[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
        }
    }
    // Whatever it says of itself, no more than a file's worth comes out.
    let kept =
        read(&lying).map_or(0, |files| files.iter().filter_map(|f| f.bytes.as_ref()).map(Vec::len).sum());
    assert!(kept <= LIMITS.file_bytes);
}

#[test]
fn broken_and_foreign_archives() {
    let whole = zipped(&[("a.jpg", b"x")]);
    assert_eq!(code(&whole[..whole.len() / 2]), "document-broken");
    assert_eq!(code(b"PK\x03\x04 and nothing more"), "document-broken");
    assert_eq!(code(b"Rar!\x1a\x07"), "document-broken");
    let named = zipped(&[("../../etc/passwd", b"x")]);
    assert_eq!(read(&named).unwrap()[0].path, "../../etc/passwd", "a name is only ever compared");
}
