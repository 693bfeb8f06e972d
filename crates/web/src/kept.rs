//! Files that came with a form which is shown again: they are kept, and the form names them, so that nobody has to
//! choose them a second time. A ticket holds for the session that sent the file and for nobody else.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::hex;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::{FormData, Visit};

/// What a form field is called that names the files kept for `field`.
pub fn kept_field(field: &str) -> String {
    format!("{field}_kept")
}

/// A kept file as the form shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// What the form sends for it.
    pub ticket: String,
    /// A small picture of it, as an address that holds the picture itself.
    pub picture: String,
}

impl KeptFile {
    /// A kept photo with the bytes of its thumbnail, a JPEG.
    pub fn photo(ticket: String, thumbnail: &[u8]) -> Self {
        Self { ticket, picture: format!("data:image/jpeg;base64,{}", STANDARD.encode(thumbnail)) }
    }
}

impl Visit {
    /// The ticket for a file this session sent in this field.
    pub fn ticket(&self, field: &str, name: &str) -> String {
        sealed(&self.desk.csrf_secret, &self.session().csrf, field, name)
    }

    /// The files an earlier answer kept for this field. A ticket of somebody else, or an altered one, names none.
    pub fn kept(&self, form: &FormData, field: &str) -> Vec<String> {
        let sent = kept_field(field);
        let names = form.values(&sent).filter_map(|ticket| {
            let (name, _) = ticket.rsplit_once('.')?;
            let expected = self.ticket(field, name);
            bool::from(expected.as_bytes().ct_eq(ticket.as_bytes())).then(|| name.to_owned())
        });
        names.collect()
    }
}

fn sealed(secret: &[u8; 32], session: &[u8], field: &str, name: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(b"xiaoan kept file v1\0");
    mac.update(session);
    mac.update(field.as_bytes());
    mac.update(b"\0");
    mac.update(name.as_bytes());
    format!("{name}.{}", hex::write(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_holds_for_its_session_and_file() {
        let mine = sealed(&[1; 32], b"mine", "photos", "abc");
        assert_eq!(mine, sealed(&[1; 32], b"mine", "photos", "abc"));
        assert_ne!(mine, sealed(&[1; 32], b"other", "photos", "abc"));
        assert_ne!(mine, sealed(&[2; 32], b"mine", "photos", "abc"));
        assert_ne!(mine, sealed(&[1; 32], b"mine", "after_photos", "abc"));
        let other = sealed(&[1; 32], b"mine", "photos", "abd");
        assert_ne!(mine.rsplit_once('.').unwrap().1, other.rsplit_once('.').unwrap().1);
    }
}
