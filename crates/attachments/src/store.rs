//! Files on disk under `files/ab/cd/<sha256>`: written whole or not at all, never changed afterwards.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
    time::UNIX_EPOCH,
};

use kernel::{Timestamp, hex};
use sha2::{Digest, Sha256};

use crate::{
    AttachmentError, FileHash,
    perceptual::{Look, Picture},
    photo,
};

/// Where files lie while they are being written. Its name is no hash, so no reader ever looks into it.
const INCOMING: &str = "incoming";

/// The files of one node. All calls block: the web edge calls them from its blocking threads.
#[derive(Debug)]
pub struct Store {
    files: PathBuf,
    /// Writers share it while a file takes its name; the sweep holds it alone while it looks and removes.
    naming: RwLock<()>,
}

/// What [`Store::put_photo`] kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredPhoto {
    /// Names the photo: upright, long side at most [`crate::LONG_SIDE`], JPEG, without metadata.
    pub hash: FileHash,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its size on disk.
    pub bytes: u64,
    /// Names the thumbnail, long side at most [`crate::THUMBNAIL_SIDE`].
    pub thumb_hash: FileHash,
    /// How it looks, to find it again.
    pub look: Look,
}

/// What [`Store::remove_unreferenced`] removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files removed.
    pub files: u64,
    /// Bytes they took.
    pub bytes: u64,
}

impl Store {
    /// Opens (and on first use makes) the store `files/` inside the node's data directory.
    pub fn open(data: &Path) -> Result<Self, AttachmentError> {
        let files = data.join("files");
        let incoming = files.join(INCOMING);
        make_private_dir(&incoming).map_err(AttachmentError::io("make", &incoming))?;
        Ok(Self { files, naming: RwLock::new(()) })
    }

    /// Takes an uploaded photo: JPEG, PNG or WebP in, an upright JPEG without metadata and its thumbnail kept.
    /// Both are on disk for good when this returns; the same upload again gives the same names.
    pub fn put_photo(&self, bytes: &[u8]) -> Result<StoredPhoto, AttachmentError> {
        let prepared = photo::prepare(bytes)?;
        let thumb_hash = self.write(&prepared.thumbnail)?;
        let hash = self.write(&prepared.photo)?;
        Ok(StoredPhoto {
            hash,
            width: prepared.width,
            height: prepared.height,
            bytes: u64::try_from(prepared.photo.len()).unwrap_or(u64::MAX),
            thumb_hash,
            look: prepared.look,
        })
    }

    /// The file, for streaming; its bytes are not compared with its name (see [`Self::read`]).
    pub fn open_file(&self, hash: FileHash) -> Result<File, AttachmentError> {
        let path = self.path(hash);
        File::open(&path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                AttachmentError::Missing(hash)
            } else {
                AttachmentError::io("open", &path)(error)
            }
        })
    }

    /// The bytes, after comparing them with the name they are kept under.
    pub fn read(&self, hash: FileHash) -> Result<Vec<u8>, AttachmentError> {
        let mut bytes = Vec::new();
        self.open_file(hash)?
            .read_to_end(&mut bytes)
            .map_err(AttachmentError::io("read", &self.path(hash)))?;
        if FileHash::of(&bytes) == hash { Ok(bytes) } else { Err(AttachmentError::Damaged(hash)) }
    }

    /// How a stored thumbnail looks.
    pub fn look(&self, thumbnail: FileHash) -> Result<Look, AttachmentError> {
        Ok(Look::of(&self.picture(thumbnail)?))
    }

    /// Whether two thumbnails show the same picture, or one that was cut out of the other. Asked of those whose
    /// [`Look`] says that they may.
    pub fn shows_the_same(&self, thumbnail: FileHash, other: FileHash) -> Result<bool, AttachmentError> {
        Ok(thumbnail == other || self.picture(thumbnail)?.shows_the_same(&self.picture(other)?))
    }

    fn picture(&self, thumbnail: FileHash) -> Result<Picture, AttachmentError> {
        Ok(Picture::of(&photo::kept(&self.read(thumbnail)?)?))
    }

    /// Whether the file is here; says nothing of its bytes.
    pub fn contains(&self, hash: FileHash) -> bool {
        self.path(hash).is_file()
    }

    /// Compares the bytes on disk with the name, without holding them in memory.
    pub fn verify(&self, hash: FileHash) -> Result<(), AttachmentError> {
        let mut file = self.open_file(hash)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0_u8; 64 * 1024];
        loop {
            let count = file.read(&mut buffer).map_err(AttachmentError::io("read", &self.path(hash)))?;
            match buffer.get(..count) {
                Some([]) | None => break,
                Some(read) => digest.update(read),
            }
        }
        let found = FileHash::from_digest(digest.finalize().into());
        if found == hash { Ok(()) } else { Err(AttachmentError::Damaged(hash)) }
    }

    /// All files by name, sorted. Whatever lies there under another name is passed over.
    pub fn list(&self) -> Result<Vec<FileHash>, AttachmentError> {
        let mut all = Vec::new();
        self.walk(&mut |hash| {
            all.push(hash);
            Ok(())
        })?;
        all.sort_unstable();
        Ok(all)
    }

    /// Removes files nobody refers to and that were last put before `put_before`: an upload whose event is not
    /// yet committed is young, so a day's grace keeps it. Name photos and thumbnails in `referenced`.
    pub fn remove_unreferenced(
        &self,
        referenced: &HashSet<FileHash>,
        put_before: Timestamp,
    ) -> Result<Swept, AttachmentError> {
        let mut swept = Swept::default();
        self.walk(&mut |hash| {
            if referenced.contains(&hash) {
                return Ok(());
            }
            let path = self.path(hash);
            let _alone = self.naming.write().unwrap_or_else(PoisonError::into_inner);
            let about = fs::metadata(&path).map_err(AttachmentError::io("look at", &path))?;
            if modified(&about).map_err(AttachmentError::io("look at", &path))? < put_before {
                fs::remove_file(&path).map_err(AttachmentError::io("remove", &path))?;
                swept.files += 1;
                swept.bytes += about.len();
            }
            Ok(())
        })?;
        Ok(swept)
    }

    /// Removes what a crash left half-written. Only for the process that holds the writer lease, before it takes
    /// uploads: another process may be writing.
    pub fn clear_incoming(&self) -> Result<u64, AttachmentError> {
        let incoming = self.files.join(INCOMING);
        let mut removed = 0;
        for entry in entries(&incoming)? {
            fs::remove_file(&entry).map_err(AttachmentError::io("remove", &entry))?;
            removed += 1;
        }
        Ok(removed)
    }

    /// Written anew even when the file is there: that mends a damaged one and renews its grace.
    fn write(&self, bytes: &[u8]) -> Result<FileHash, AttachmentError> {
        let hash = FileHash::of(bytes);
        let path = self.path(hash);
        let incoming = self.files.join(INCOMING);
        let mut file =
            tempfile::NamedTempFile::new_in(&incoming).map_err(AttachmentError::io("write", &path))?;
        file.write_all(bytes).map_err(AttachmentError::io("write", &path))?;
        file.as_file().sync_all().map_err(AttachmentError::io("sync", &path))?;
        let shard = path.parent().unwrap_or(&self.files);
        make_private_dir(shard).map_err(AttachmentError::io("make", shard))?;
        {
            let _shared = self.naming.read().unwrap_or_else(PoisonError::into_inner);
            file.persist(&path).map_err(|error| AttachmentError::io("name", &path)(error.error))?;
        }
        // The shard, the folder it may just have been made in, and the one above that.
        for dir in shard.ancestors().take(3) {
            sync_dir(dir).map_err(AttachmentError::io("sync", dir))?;
        }
        Ok(hash)
    }

    fn path(&self, hash: FileHash) -> PathBuf {
        let [first, second, ..] = hash.as_bytes();
        self.files.join(hex::write([*first])).join(hex::write([*second])).join(hash.to_string())
    }

    /// Calls `each` for every file that lies where its name says.
    fn walk(
        &self,
        each: &mut dyn FnMut(FileHash) -> Result<(), AttachmentError>,
    ) -> Result<(), AttachmentError> {
        for first in entries(&self.files)?.iter().filter(|path| is_shard(path)) {
            for second in entries(first)?.iter().filter(|path| is_shard(path)) {
                for path in entries(second)? {
                    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                    let hash = name.parse::<FileHash>().ok();
                    if let Some(hash) = hash.filter(|hash| self.path(*hash) == path && path.is_file()) {
                        each(hash)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn is_shard(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.len() == 2 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) && path.is_dir()
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, AttachmentError> {
    fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(AttachmentError::io("list", dir))
}

fn modified(about: &fs::Metadata) -> io::Result<Timestamp> {
    let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

/// Photos show children: nobody but the node's own user looks into the folders.
fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// A name is on disk for good only when its folder is; elsewhere than on Unix a folder cannot be synced.
fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}
