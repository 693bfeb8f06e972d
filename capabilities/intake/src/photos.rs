//! Photos that a ledger names: taken beside the file, found by name.

use std::{collections::BTreeMap, sync::Arc};

use attachments::{AttachmentError, Store, StoredPhoto};
use documents::{ArchiveLimits, ArchivedFile, each_file, is_archive, narrow};
use hazard::Photo;
use kernel::{ActorId, Problem, Refusal, limits};
use storage::{StorageError, Tx, params};
use uuid::Uuid;

use crate::{
    batch::{self, NoPhoto},
    import::Importer,
};

/// Characters of a path that are kept.
const PATH_CHARS: usize = 200;
/// Files that are no photos, listed.
const NO_PHOTOS: usize = 200;

/// An uploaded file: a photo, or a zip of photos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What came of an upload.
#[derive(Clone, Debug, Default)]
struct Taken {
    photos: Vec<(String, StoredPhoto)>,
    none: Vec<NoPhoto>,
}

impl Taken {
    /// A file that is no photo is named and passed over; a full disk is not.
    fn put(&mut self, store: &Store, file: ArchivedFile) -> Result<(), Problem> {
        let path: String = file.path.chars().take(PATH_CHARS).collect();
        let stored = match file.bytes {
            Some(bytes) => store.put_photo(&bytes),
            None => Err(AttachmentError::TooLarge(limits::PHOTO_BYTES + 1)),
        };
        match stored {
            Ok(photo) => self.photos.push((path, photo)),
            Err(error) => match Problem::from(error) {
                Problem::Refused(refusal) if self.none.len() < NO_PHOTOS => {
                    let args = refusal.args.into_iter().map(|(name, value)| (name.to_owned(), value));
                    let code = refusal.code.to_owned();
                    self.none.push(NoPhoto { file: path, code, args: args.collect() });
                }
                Problem::Refused(_) => {}
                fault => return Err(fault),
            },
        }
        Ok(())
    }
}

fn taken(store: &Store, files: Vec<PhotoFile>) -> Result<Taken, Problem> {
    let archive = ArchiveLimits {
        files: limits::INTAKE_PHOTOS_AT_ONCE,
        file_bytes: limits::PHOTO_BYTES,
        all_bytes: limits::INTAKE_PHOTOS_UNPACKED,
    };
    let mut taken = Taken::default();
    for file in files {
        if is_archive(&file.bytes) {
            each_file(&file.bytes, archive, &mut |inner| taken.put(store, inner))?;
        } else {
            taken.put(store, ArchivedFile { path: file.name, bytes: Some(file.bytes) })?;
        }
    }
    Ok(taken)
}

impl Importer {
    /// Takes photos, or zips of photos, for a file that waits. Those of the same name take the place of older ones.
    ///
    /// # Errors
    /// `intake-not-open`, `intake-photos-full`; what `documents` refuses of a zip.
    pub async fn add_photos(
        &self,
        owner: ActorId,
        id: Uuid,
        files: Vec<PhotoFile>,
    ) -> Result<usize, Problem> {
        let mut batch = self.batch(owner, id).await?;
        if !batch.is_open() {
            return Err(Refusal::new("intake-not-open").into());
        }
        let store = Arc::clone(&self.store);
        let taken = tokio::task::spawn_blocking(move || taken(&store, files))
            .await
            .map_err(|e| Problem::Fault(e.to_string()))??;
        let waiting = self.read(move |tx| Ok(count(tx, id)?)).await?;
        if waiting + taken.photos.len() > limits::INTAKE_PHOTOS {
            return Err(Refusal::new("intake-photos-full").with("most", limits::INTAKE_PHOTOS).into());
        }
        batch.body.no_photos = taken.none;
        let (found, now) = (taken.photos.len(), self.clock.now());
        self.keep(move |tx| {
            for (file, photo) in &taken.photos {
                attachments::remember(tx, photo, now)?;
                put(tx, id, file, &photo.hash.to_string())?;
            }
            batch::save(tx, &batch)
        })
        .await?;
        Ok(found)
    }
}

fn put(tx: &mut Tx, id: Uuid, file: &str, hash: &str) -> Result<(), StorageError> {
    tx.write(
        "INSERT INTO intake_photo (batch_id, file, hash) VALUES (?1, ?2, ?3)
         ON CONFLICT (batch_id, file) DO UPDATE SET hash = excluded.hash",
        params![id, file, hash],
    )
}

fn count(tx: &mut Tx, id: Uuid) -> Result<usize, StorageError> {
    let found = tx.count("SELECT count(*) FROM intake_photo WHERE batch_id = ?1", params![id])?;
    Ok(usize::try_from(found).unwrap_or(0))
}

/// Why a name found no photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotFound {
    /// No file is called so.
    Missing,
    /// Several are, and they differ.
    Several,
}

/// The photos that wait for a file, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Album {
    /// As uploaded, in their order.
    files: Vec<(String, Photo)>,
    /// By name without folders and ending -> places in `files`.
    by_stem: BTreeMap<String, Vec<usize>>,
}

/// A path as it is compared: plain signs, small letters, `/` between folders.
fn compared(path: &str) -> String {
    narrow(path).replace('\\', "/").trim().trim_start_matches('/').to_lowercase()
}

/// A path without the ending of a picture.
fn without_ending(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((rest, "jpg" | "jpeg" | "png" | "webp" | "heic")) if !rest.is_empty() => rest,
        _ => path,
    }
}

/// The name without folders and ending.
fn stem(path: &str) -> &str {
    without_ending(path.rsplit('/').next().unwrap_or_default())
}

impl Album {
    pub fn load(tx: &mut Tx, id: Uuid) -> Result<Self, StorageError> {
        let files = tx.query(
            "SELECT file, hash FROM intake_photo WHERE batch_id = ?1 ORDER BY file",
            params![id],
            |row| Ok((row.text(0)?, Photo(row.text(1)?))),
        )?;
        Ok(Self::of(files))
    }

    fn of(files: Vec<(String, Photo)>) -> Self {
        let mut by_stem: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (file, _)) in files.iter().enumerate() {
            by_stem.entry(stem(&compared(file)).to_owned()).or_default().push(at);
        }
        Self { files, by_stem }
    }

    pub const fn len(&self) -> usize {
        self.files.len()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(file, _)| file.as_str())
    }

    /// The places of the photo a cell names: with or without ending, with or without folders. The same picture under
    /// several names is one.
    pub fn find(&self, name: &str) -> Result<usize, NotFound> {
        let wanted = compared(name);
        let ended = without_ending(&wanted) != wanted;
        let alike = self.by_stem.get(stem(&wanted)).map_or(&[][..], Vec::as_slice);
        let fits = |at: &&usize| {
            let Some((file, _)) = self.files.get(**at) else { return false };
            let file = compared(file);
            let file = if ended { &file } else { without_ending(&file) };
            file == wanted || file.ends_with(&format!("/{wanted}"))
        };
        let mut found = alike.iter().filter(fits);
        let first = *found.next().ok_or(NotFound::Missing)?;
        let same = |at: &usize| self.photo(*at) == self.photo(first);
        if found.all(same) { Ok(first) } else { Err(NotFound::Several) }
    }

    pub fn photo(&self, at: usize) -> Option<Photo> {
        self.files.get(at).map(|(_, photo)| photo.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn album(files: &[(&str, &str)]) -> Album {
        Album::of(files.iter().map(|(file, hash)| ((*file).to_owned(), Photo((*hash).to_owned()))).collect())
    }

    #[test]
    fn photos_are_found_as_ledgers_name_them() {
        let album = album(&[
            ("一小/IMG_001.JPG", "a"),
            ("二小/IMG_001.jpg", "b"),
            ("整改前 3.png", "c"),
            ("x/copy.jpg", "d"),
            ("y/copy.jpg", "d"),
            ("no.1.jpg", "e"),
        ]);
        let find = |name: &str| album.find(name).map(|at| album.photo(at).unwrap().0);
        assert_eq!(find("一小/img_001"), Ok("a".to_owned()));
        assert_eq!(find("二小\\IMG_001.jpg"), Ok("b".to_owned()));
        assert_eq!(find("IMG_001.jpg"), Err(NotFound::Several));
        assert_eq!(find("整改前 3"), Ok("c".to_owned()));
        assert_eq!(find("整改前 3.PNG"), Ok("c".to_owned()));
        assert_eq!(find("整改前 3.jpg"), Err(NotFound::Missing), "another ending is another file");
        assert_eq!(find("copy.jpg"), Ok("d".to_owned()), "the same picture twice is one");
        assert_eq!(find("no.1"), Ok("e".to_owned()));
        assert_eq!(find("没有.jpg"), Err(NotFound::Missing));
    }
}
