//! Forms: what was sent, what it means, and how it is shown again.

mod data;
pub mod read;
mod state;

pub use data::{FormData, FormLimits, PublicForm, UploadedFile};
pub use read::Reader;
pub use state::{FieldError, FormState};
