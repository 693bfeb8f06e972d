//! Content-addressed evidence files: what somebody uploads is never kept as it came.
//!
//! A photo is sniffed by its bytes (never by its name), measured before it is decoded, turned upright, made
//! small, and written anew as JPEG. So the place, the time and the phone in its EXIF part are gone, and so is
//! anything a polyglot carried. Files are named by their SHA-256, and only a parsed [`FileHash`] names a path.

mod error;
mod hash;
mod perceptual;
mod photo;
mod sniff;
mod store;
mod table;
#[cfg(test)]
mod tests;

pub use error::AttachmentError;
pub use hash::{FileHash, HashParseError};
pub use perceptual::{Look, perceptual_distance};
pub use photo::{LONG_SIDE, THUMBNAIL_SIDE};
pub use sniff::Refused;
pub use store::{Store, StoredPhoto, Swept};
pub use table::{
    Compared, MIGRATIONS, Naming, compared, forget, looked, remember, remembered, thumbnail, unlooked,
    unnamed,
};
