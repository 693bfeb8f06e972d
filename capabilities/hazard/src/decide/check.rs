//! Input that any act may carry.

use kernel::{Refusal, limits};

use super::Judge;
use crate::event::{Note, Photo};

impl Judge<'_> {
    /// A text that must say something.
    pub(super) fn said(&self, field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
        let text = self.maybe_said(field, text, most)?;
        if text.is_empty() { Err(Refusal::new("text-missing").on(field)) } else { Ok(text) }
    }

    /// A text that may be empty.
    pub(super) fn maybe_said(&self, field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
        let text = plain(text);
        let text = text.trim();
        if text.chars().count() > most {
            return Err(Refusal::new("text-too-long").with("most", most).on(field));
        }
        if let Some(topic) = self.rules.restricted_hint(text) {
            return Err(Refusal::new("hazard-text-restricted").with("category", &topic.category).on(field));
        }
        Ok(text.to_owned())
    }

    /// A note that may be empty.
    pub(super) fn note(&self, note: &Note) -> Result<Note, Refusal> {
        Ok(Note {
            note: self.maybe_said("note", &note.note, limits::TEXT_CHARS)?,
            photos: photos(&note.photos, "photos")?,
        })
    }

    /// Why something is asked, refused, sent back or withdrawn: 无 and 按要求 are no reasons.
    pub(super) fn why(&self, note: &Note) -> Result<Note, Refusal> {
        let note = self.reason(note)?;
        if self.rules.is_filler(&note.note) {
            return Err(Refusal::new("hazard-why-filler").with("text", &note.note).on("note"));
        }
        Ok(note)
    }

    /// A note that must say something.
    pub(super) fn reason(&self, note: &Note) -> Result<Note, Refusal> {
        Ok(Note {
            note: self.said("note", &note.note, limits::TEXT_CHARS)?,
            photos: photos(&note.photos, "photos")?,
        })
    }
}

/// Without characters that nobody sees, and without control characters, which no page shows and PostgreSQL refuses;
/// lines stay lines.
fn plain(text: &str) -> String {
    let text = kernel::text::visible(text);
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// At most so many, each a hash of 64 hexadecimal digits.
pub(super) fn photos(photos: &[Photo], field: &'static str) -> Result<Vec<Photo>, Refusal> {
    if photos.len() > limits::PHOTOS_PER_ACT {
        return Err(Refusal::new("photos-too-many").with("most", limits::PHOTOS_PER_ACT).on(field));
    }
    let hash = |photo: &Photo| photo.0.len() == 64 && photo.0.bytes().all(|b| b.is_ascii_hexdigit());
    if !photos.iter().all(hash) {
        return Err(Refusal::new("photo-unknown").on(field));
    }
    Ok(photos.to_vec())
}

/// A photo of how it was is no proof of how it is now.
pub(super) fn check_after(before: &[Photo], after: &[Photo], field: &'static str) -> Result<(), Refusal> {
    if after.iter().any(|photo| before.contains(photo)) {
        return Err(Refusal::new("hazard-photo-before").on(field));
    }
    Ok(())
}
