//! What can be wrong with an attachment, and the stable code each has on a page.

use std::{io, path::Path};

use kernel::{Problem, Refusal, limits};

use crate::{FileHash, Refused};

const MEGA: u64 = 1_000_000;

/// Everything the store can answer instead of success.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentError {
    /// Not a JPEG, PNG or WebP photo.
    #[error("not a photo: {0}")]
    Type(Refused),
    /// More bytes than [`limits::PHOTO_BYTES`].
    #[error("{0} bytes are more than a photo may have")]
    TooLarge(usize),
    /// The file claims more pixels than [`limits::IMAGE_PIXELS`]; it was not decoded.
    #[error("{0} pixels are more than a photo may have")]
    Pixels(u64),
    /// Begins like a photo but cannot be read to its end.
    #[error("broken or incomplete photo: {0}")]
    Broken(String),
    /// No file of this hash is here (it may be on its way from another node).
    #[error("no file {0}")]
    Missing(FileHash),
    /// The file is here but its bytes are no longer those it is named by.
    #[error("file {0} is damaged")]
    Damaged(FileHash),
    /// The disk said no.
    #[error("{0}")]
    Io(String),
}

impl AttachmentError {
    pub(crate) fn io(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io(format!("{act} {}: {error}", path.display()))
    }

    /// The stable code of a refusal; `None` when it is not the asker's doing.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::Type(Refused::Heic) => Some("attachment-type-heic"),
            Self::Type(Refused::Unknown) => Some("attachment-type-unknown"),
            Self::Type(Refused::Empty) => Some("attachment-empty"),
            Self::Type(_) => Some("attachment-type"),
            Self::TooLarge(_) => Some("attachment-too-large"),
            Self::Pixels(_) => Some("attachment-pixels"),
            Self::Broken(_) => Some("attachment-broken"),
            Self::Missing(_) | Self::Damaged(_) | Self::Io(_) => None,
        }
    }
}

impl From<AttachmentError> for Problem {
    fn from(error: AttachmentError) -> Self {
        let Some(code) = error.code() else {
            return if matches!(error, AttachmentError::Missing(_)) {
                Self::NotFound
            } else {
                Self::Fault(error.to_string())
            };
        };
        let refusal = Refusal::new(code);
        match error {
            AttachmentError::Type(kind) => refusal.with("kind", kind),
            AttachmentError::TooLarge(_) => refusal.with("most", limits::PHOTO_BYTES / (1024 * 1024)),
            // Rounded up: what has too many never seems to have just enough.
            AttachmentError::Pixels(pixels) => {
                refusal.with("megapixels", pixels.div_ceil(MEGA)).with("most", limits::IMAGE_PIXELS / MEGA)
            }
            AttachmentError::Broken(_)
            | AttachmentError::Missing(_)
            | AttachmentError::Damaged(_)
            | AttachmentError::Io(_) => refusal,
        }
        .into()
    }
}
