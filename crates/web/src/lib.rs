//! Pages: layout, components, forms, static files, security headers, and the one place where a
//! [`kernel::Problem`] becomes an answer. See `README.md` for how to add a text, a page, a component.

extern crate self as web;

mod app;
mod assets;
pub mod csrf;
mod failed;
pub mod form;
pub mod gallery;
mod headers;
mod page;
mod prefs;
mod sentences;
mod shell;
pub mod view;

pub use app::{Face, assemble};
pub use assets::{VERSION, asset};
pub use failed::Failed;
pub use form::{FieldError, FormData, FormLimits, FormState, Reader, UploadedFile};
pub use page::{page, page_with, see_other, see_other_saying};
pub use prefs::Prefs;
pub use sentences::{Lookup, Sentences};
pub use shell::{Flash, NavItem, Print, Shell};

/// The texts of the shell and the components as typed functions.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
