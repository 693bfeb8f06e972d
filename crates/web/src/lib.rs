//! Pages: layout, components, forms, static files, security headers, and the one place where a
//! [`kernel::Problem`] becomes an answer. See `README.md` for how to add a text, a page, a component.

extern crate self as web;

mod address;
mod app;
mod assets;
pub mod csrf;
mod desk;
mod failed;
pub mod form;
pub mod gallery;
mod headers;
mod kept;
pub mod names;
mod page;
pub mod panel;
mod prefs;
mod qr;
mod sentences;
mod shell;
pub mod sign_in;
mod stream;
mod trail;
mod unread;
pub mod view;
mod visit;

pub use address::{Address, FOLLOWED, LETTERS, REPORTED, public_origin};
pub use app::{Face, assemble};
pub use assets::{VERSION, asset};
pub use desk::{Desk, DeskParts, MenuEntry, RouteRule};
pub use failed::Failed;
pub use form::{FieldError, FormData, FormLimits, FormState, PublicForm, Reader, UploadedFile};
pub use kept::{KeptFile, kept_field};
pub use page::{page, page_with, see_other, see_other_saying};
pub use prefs::Prefs;
pub use qr::qr;
pub use sentences::{Catalogue, Lookup, Sentences};
pub use shell::{Flash, NavItem, Print, Shell};
pub use sign_in::{hashing, record};
pub use stream::{Spool, address, address_with, encoded, file_body, spool};
pub use trail::Trail;
pub use unread::Unread;
pub use visit::{Posted, SESSION_COOKIE, Visit};

/// The texts of the shell and the components as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
