//! Exports that nobody can wait for: asked on a page, written behind it, fetched later by whoever asked.
//!
//! A list takes part by an [`Exporter`]: what may be asked, how many rows there are, the rows part by part. The
//! [`ExportRunner`] writes one file at a time, with the rights its account has while it is written.

mod as_shown;
mod at_once;
mod file;
mod job;
pub mod pages;
mod runner;
mod schema;

use std::{path::PathBuf, sync::Arc};

use access::Viewer;
use documents::{Cell, Head};
use journal::Handle;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use language::Lang;
use storage::{StorageError, Tx};
use tokio::sync::Notify;

pub use as_shown::as_shown;
pub use at_once::{Asking, Sheet, Sink, answer, attachment};
pub use file::{Format, TableFile, gone, notes};
pub use runner::{ExportParts, ExportRunner};

pub use job::{Asked, Job, Stage, ask, jobs, one, remove};
pub use schema::MIGRATIONS;

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// The sentence of a message of this room. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    texts::lookup(lang, key, args)
}

/// Which rows are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The filter, as [`Exporter::settled`] left it.
    pub filter: &'a str,
    /// The language of the file.
    pub lang: Lang,
    /// The instant at which the file was begun: what is overdue is overdue then.
    pub now: Timestamp,
    /// Where the part before ended.
    pub after: Option<&'a str>,
    /// At most so many rows.
    pub most: usize,
}

/// Some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Each as wide as the headings.
    pub rows: Vec<Vec<Cell>>,
    /// Where the next part begins; `None` when this was the last.
    pub next: Option<String>,
}

/// A list that can be written to a file.
pub trait Exporter: Send + Sync {
    /// Its name in forms and tables, never changed.
    fn kind(&self) -> &'static str;

    /// What the file is called.
    fn title(&self, lang: Lang) -> String;

    /// The headings.
    fn heads(&self, lang: Lang) -> Vec<Head>;

    /// What the access log says of whoever takes it out, never changed; nothing for a list that names nobody.
    fn read_as(&self) -> Option<&'static str> {
        None
    }

    /// Whose data the access log says were taken out, and of which unit: whoever took a list, and his own unit, unless
    /// the filter says better.
    fn about(&self, viewer: &Viewer, _filter: &str) -> (StreamId, UnitId) {
        (viewer.account.into(), viewer.home.id)
    }

    /// True when the viewer may take this list out somewhere; which rows is decided row by row.
    fn may(&self, viewer: &Viewer) -> bool;

    /// The filter as it is kept; what cannot be read counts as not said.
    fn settled(&self, filter: &str) -> String;

    /// The filter as a sentence for whoever asked.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn told(&self, tx: &mut Tx, viewer: &Viewer, lang: Lang, filter: &str) -> Result<String, Problem>;

    /// How many rows the viewer would get; the asker needs to know no further than `most`.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        filter: &str,
        now: Timestamp,
        most: i64,
    ) -> Result<i64, Problem>;

    /// The next rows of what the viewer may see, in an order whose key never changes: parts are read one after the
    /// other while people go on working, and no row may come twice or be jumped over.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem>;
}

/// The lists that can be exported, and where the files lie; shared by pages and runner.
pub struct Exports {
    folder: PathBuf,
    exporters: Vec<Arc<dyn Exporter>>,
    asked: Notify,
}

impl Exports {
    /// No list yet. The folder is made when the first file is.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), exporters: Vec::new(), asked: Notify::new() }
    }

    /// With one more list.
    #[must_use]
    pub fn register(mut self, exporter: impl Exporter + 'static) -> Self {
        self.exporters.push(Arc::new(exporter));
        self
    }

    /// The list of this name.
    pub fn exporter(&self, kind: &str) -> Option<Arc<dyn Exporter>> {
        self.exporters.iter().find(|known| known.kind() == kind).cloned()
    }

    /// Where a finished file lies.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// Tells the runner that somebody asked.
    pub(crate) fn wake(&self) {
        self.asked.notify_one();
    }
}

/// Writes to operational tables and answers, from async code.
///
/// # Errors
/// Whatever the database answers.
pub async fn operated<T: Send + 'static>(
    handle: &Handle,
    work: impl Fn(&mut Tx) -> Result<T, StorageError> + Send + 'static,
) -> Result<T, Problem> {
    let handle = handle.clone();
    tokio::task::spawn_blocking(move || access::operate(&handle, work))
        .await
        .map_err(|e| Problem::Fault(e.to_string()))?
}
