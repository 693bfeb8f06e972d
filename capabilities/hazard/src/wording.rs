//! Words and photos that any act may carry, and what is refused of them.

use kernel::{Refusal, limits};
use organisation::numbers_of_people::number_in;
use rules::RuleBook;

use crate::event::{Note, Photo};

/// 涉校矛盾: the category of disputes with a school.
const DISPUTES: &str = "H22";

/// Takes in what somebody wrote, by the rules in force.
#[derive(Clone, Copy)]
pub struct Wording<'a>(pub &'a RuleBook);

impl Wording<'_> {
    /// A text that must say something.
    ///
    /// # Errors
    /// It says nothing, is too long, or tells of what belongs to no hazard, or holds the number of a person.
    pub fn said(&self, field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
        let text = self.maybe_said(field, text, most)?;
        if text.is_empty() { Err(Refusal::new("text-missing").on(field)) } else { Ok(text) }
    }

    /// A text that may be empty.
    ///
    /// # Errors
    /// As [`Self::said`], but for an empty one.
    pub fn maybe_said(&self, field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
        self.taken(field, text, most, false)
    }

    /// A text that must say something, and may speak of a dispute with the school: what is claimed of it, and who asks.
    ///
    /// # Errors
    /// As [`Self::said`], but for words of a dispute.
    pub fn claimed(&self, field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
        let text = self.taken(field, text, most, true)?;
        if text.is_empty() { Err(Refusal::new("text-missing").on(field)) } else { Ok(text) }
    }

    fn taken(&self, field: &'static str, text: &str, most: usize, dispute: bool) -> Result<String, Refusal> {
        let text = plain(text);
        let text = text.trim();
        if text.chars().count() > most {
            return Err(Refusal::new("text-too-long").with("most", most).on(field));
        }
        if let Some(category) = self.restricted(text, dispute) {
            return Err(Refusal::new("hazard-text-restricted").with("category", category).on(field));
        }
        if let Some(number) = number_in(text) {
            return Err(number.refusal().on(field));
        }
        Ok(text.to_owned())
    }

    /// The category whose words stand in a text; those of disputes are passed over where it is about one.
    fn restricted(&self, text: &str, dispute: bool) -> Option<String> {
        let mut rest = text.to_owned();
        loop {
            let (topic, phrase) = self.0.restricted_phrase(&rest)?;
            let shorter = rest.replace(phrase, "");
            if !dispute || &*topic.category != DISPUTES || shorter.len() == rest.len() {
                return Some(topic.category.to_string());
            }
            rest = shorter;
        }
    }

    /// A note that may be empty.
    ///
    /// # Errors
    /// Of its words or its photos.
    pub fn note(&self, note: &Note) -> Result<Note, Refusal> {
        Ok(Note {
            note: self.maybe_said("note", &note.note, limits::TEXT_CHARS)?,
            photos: photos(&note.photos, "photos")?,
        })
    }

    /// Why something is asked, refused, sent back or withdrawn: 无 and 按要求 are no reasons.
    ///
    /// # Errors
    /// As [`Self::reason`], and for what is no reason.
    pub fn why(&self, note: &Note) -> Result<Note, Refusal> {
        let note = self.reason(note)?;
        if self.0.is_filler(&note.note) {
            return Err(Refusal::new("hazard-why-filler").with("text", &note.note).on("note"));
        }
        Ok(note)
    }

    /// What was done or found: 无 and 按要求 tell nothing of it.
    ///
    /// # Errors
    /// As [`Self::reason`], and for what tells nothing.
    pub fn told(&self, note: &Note) -> Result<Note, Refusal> {
        let note = self.reason(note)?;
        if self.0.tells_nothing_done(&note.note) {
            return Err(Refusal::new("hazard-told-filler").with("text", &note.note).on("note"));
        }
        Ok(note)
    }

    /// A note that must say something.
    ///
    /// # Errors
    /// As [`Self::note`], and for an empty one.
    pub fn reason(&self, note: &Note) -> Result<Note, Refusal> {
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
pub(crate) fn photos(photos: &[Photo], field: &'static str) -> Result<Vec<Photo>, Refusal> {
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
pub(crate) fn check_after(before: &[Photo], after: &[Photo], field: &'static str) -> Result<(), Refusal> {
    if after.iter().any(|photo| before.contains(photo)) {
        return Err(Refusal::new("hazard-photo-before").on(field));
    }
    Ok(())
}
