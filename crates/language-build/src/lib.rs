//! Build step: Fluent texts become typed functions.
//!
//! ```no_run
//! // build.rs of any crate with a `locales` folder
//! fn main() -> Result<(), language_build::BuildError> {
//!     language_build::generate_here()
//! }
//! ```
//!
//! and in the crate:
//!
//! ```ignore
//! /// Texts of this room.
//! pub mod texts {
//!     include!(concat!(env!("OUT_DIR"), "/texts.rs"));
//! }
//! ```

mod check;
mod model;
mod parse;
mod write;

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// Folder of the first language: every message must be here.
const FIRST: &str = "zh-CN";
/// Folder of the second language: complete, compared with the first.
const SECOND: &str = "en";

/// Everything that is wrong with the texts of one crate, one line each.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildError(Vec<String>);

impl BuildError {
    /// The findings, each naming file and key.
    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the texts do not fit together:")?;
        self.0.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// The same as `Display`: cargo prints a build script's error with `Debug`.
impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildError {}

impl BuildError {
    fn io(path: &Path, error: &io::Error) -> Self {
        Self(vec![format!("{}: {error}", path.display())])
    }
}

/// Reads `<locales_dir>/zh-CN/*.ftl` and `<locales_dir>/en/*.ftl` and writes `out_file`. Call it from `build.rs`;
/// it also tells cargo when to run again.
///
/// # Errors
/// Names every file and key that does not fit: missing, with other arguments, with syntax the generator
/// does not know.
#[expect(clippy::print_stdout, reason = "how a build script talks to cargo")]
pub fn generate(locales_dir: impl AsRef<Path>, out_file: impl AsRef<Path>) -> Result<(), BuildError> {
    let out_file = out_file.as_ref();
    println!("cargo:rerun-if-changed={}", locales_dir.as_ref().display());
    let code = render(locales_dir)?;
    fs::write(out_file, code).map_err(|error| BuildError::io(out_file, &error))
}

/// [`generate`] from `locales` beside the manifest into `$OUT_DIR/texts.rs`.
///
/// # Errors
/// As [`generate`], and when not called from a build script.
pub fn generate_here() -> Result<(), BuildError> {
    let out = std::env::var_os("OUT_DIR")
        .ok_or_else(|| BuildError(vec!["OUT_DIR is not set: call this from build.rs".into()]))?;
    generate("locales", PathBuf::from(out).join("texts.rs"))
}

/// The Rust that [`generate`] writes.
///
/// # Errors
/// As [`generate`].
pub fn render(locales_dir: impl AsRef<Path>) -> Result<String, BuildError> {
    let dir = locales_dir.as_ref();
    let mut problems = Vec::new();
    let first = parse::folder(&dir.join(FIRST), FIRST, true, &mut problems)?;
    let second = parse::folder(&dir.join(SECOND), SECOND, false, &mut problems)?;
    let texts = check::pair(first, second, &mut problems);
    if problems.is_empty() { Ok(write::module(&texts)) } else { Err(BuildError(problems)) }
}
