//! The store on disk: whole files or none, found by hash only, swept only when nobody refers to them.

use std::{collections::HashSet, fs, io::Cursor, path::PathBuf};

use crate::{AttachmentError, FileHash, Store, StoredPhoto};
use image::{DynamicImage, ImageFormat};
use kernel::{Problem, Timestamp};

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

fn put(store: &Store, width: u32) -> StoredPhoto {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, 400).write_to(&mut bytes, ImageFormat::Png).unwrap();
    store.put_photo(&bytes.into_inner()).unwrap()
}

fn path_of(dir: &tempfile::TempDir, hash: FileHash) -> PathBuf {
    let name = hash.to_string();
    dir.path().join("files").join(&name[..2]).join(&name[2..4]).join(&name)
}

#[test]
fn files_lie_under_their_hash_and_can_be_read_again() {
    let (dir, store) = store();
    let photo = put(&store, 500);
    assert!(path_of(&dir, photo.hash).is_file());
    let again = Store::open(dir.path()).unwrap();
    assert!(again.contains(photo.hash));
    assert_eq!(FileHash::of(&again.read(photo.hash).unwrap()), photo.hash);
    assert_eq!(again.open_file(photo.hash).unwrap().metadata().unwrap().len(), photo.bytes);
    again.verify(photo.hash).unwrap();
}

#[test]
fn a_missing_file_is_not_found() {
    let (_dir, store) = store();
    let hash = FileHash::of(b"elsewhere");
    let error = store.read(hash).unwrap_err();
    assert_eq!(error, AttachmentError::Missing(hash));
    assert_eq!(Problem::from(error), Problem::NotFound);
}

#[test]
fn a_damaged_file_is_noticed_and_mended_by_the_same_upload() {
    let (dir, store) = store();
    let photo = put(&store, 500);
    fs::write(path_of(&dir, photo.hash), b"something else").unwrap();
    assert_eq!(store.verify(photo.hash), Err(AttachmentError::Damaged(photo.hash)));
    let error = store.read(photo.hash).unwrap_err();
    assert!(matches!(Problem::from(error), Problem::Fault(_)));
    assert_eq!(put(&store, 500), photo);
    store.verify(photo.hash).unwrap();
}

#[test]
fn what_a_crash_left_is_ignored_and_can_be_cleared() {
    let (dir, store) = store();
    let photo = put(&store, 500);
    let files = dir.path().join("files");
    fs::write(files.join("incoming").join(".tmpAbC"), b"half a pho").unwrap();
    fs::write(files.join("ab"), b"a file where a folder would be").unwrap();
    fs::create_dir_all(files.join("00").join("11")).unwrap();
    fs::write(files.join("00").join("11").join("notes.txt"), b"x").unwrap();
    // A good name in the wrong folder.
    fs::copy(path_of(&dir, photo.hash), files.join("00").join("11").join(photo.hash.to_string())).unwrap();
    let again = Store::open(dir.path()).unwrap();
    let mut expected = vec![photo.hash, photo.thumb_hash];
    expected.sort_unstable();
    assert_eq!(again.list().unwrap(), expected);
    assert_eq!(again.clear_incoming().unwrap(), 1);
    assert_eq!(fs::read_dir(files.join("incoming")).unwrap().count(), 0);
    assert_eq!(again.list().unwrap(), expected);
}

#[test]
fn only_old_files_nobody_refers_to_are_removed() {
    let (_dir, store) = store();
    let (kept, loose) = (put(&store, 500), put(&store, 600));
    let referenced = HashSet::from([kept.hash, kept.thumb_hash]);
    let swept = store.remove_unreferenced(&referenced, Timestamp(0)).unwrap();
    assert_eq!(swept.files, 0, "young files have their grace");
    let swept = store.remove_unreferenced(&referenced, Timestamp(i64::MAX)).unwrap();
    assert_eq!(swept.files, 2);
    assert!(swept.bytes > loose.bytes);
    assert!(store.contains(kept.hash) && store.contains(kept.thumb_hash) && !store.contains(loose.hash));
}

#[test]
fn many_at_once_agree() {
    let (_dir, store) = store();
    let photos: Vec<StoredPhoto> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| put(&store, 450))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(photos.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(store.list().unwrap().len(), 2);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, store) = store();
    let photo = put(&store, 500);
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(path_of(&dir, photo.hash)), 0);
    assert_eq!(mode(dir.path().join("files")), 0);
}
