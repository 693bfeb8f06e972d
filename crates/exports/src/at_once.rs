//! A list while its asker waits: a file that is handed over as its rows are read, or the offer to write it behind the
//! page.

use std::sync::Arc;

use access::Viewer;
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{Cell, CsvWriter, Head, TableWriter, XlsxWriter};
use kernel::{Problem, Timestamp, limits};
use language::{Lang, Say};
use storage::{Lane, StorageError, Tx};
use web::Visit;

use crate::{
    Exporter, Format, Wanted, notes,
    pages::{Long, offer},
};

/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 * 1024;

/// What the file is.
pub struct Sheet {
    /// Its name in plain letters.
    pub plain: &'static str,
    /// Its name in words.
    pub title: String,
    /// The headings.
    pub heads: Vec<Head>,
}

/// Takes a row; false when no more are wanted.
pub type Sink<'s> = &'s mut dyn FnMut(&[Cell]) -> bool;

/// A list as somebody asks for it on its page.
pub struct Asking {
    /// The entry in the navigation where the list is.
    pub menu: &'static str,
    /// The list.
    pub list: Arc<dyn Exporter>,
    /// The kind of file.
    pub format: Format,
    /// The list's filter, settled.
    pub filter: String,
    /// Where to go back to.
    pub back: String,
}

impl Asking {
    /// More rows than somebody waits for: instead of the file, the offer to write it behind the page.
    ///
    /// # Errors
    /// [`Problem::Forbidden`] for whoever may not take the list out; whatever the database answers.
    pub async fn too_long(&self, visit: &Visit) -> Result<Option<Response>, Problem> {
        if !self.list.may(&visit.viewer) {
            return Err(Problem::Forbidden);
        }
        let inline = i64::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(i64::MAX);
        let (list, viewer, now) = (Arc::clone(&self.list), visit.viewer.clone(), visit.now());
        let filter = self.filter.clone();
        let rows =
            visit.read(move |tx| list.count(tx, &viewer, &filter, now, inline.saturating_add(1))).await?;
        if rows <= inline {
            return Ok(None);
        }
        let long = Long {
            menu: self.menu,
            list: self.list.kind(),
            format: self.format,
            filter: self.filter.clone(),
            // Counted no further than it had to be.
            rows: if rows > inline + 1 { Say(visit.lang()).number(rows) } else { String::new() },
            back: self.back.clone(),
        };
        Ok(Some(offer(visit, long)))
    }

    /// Writes whoever takes a list of names out into the log of reads, with the filter in words: what an address says,
    /// nobody reads.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn noted(&self, visit: &Visit) -> Result<(), Problem> {
        let Some(what) = self.list.read_as() else { return Ok(()) };
        let (list, viewer, lang) = (Arc::clone(&self.list), visit.viewer.clone(), visit.lang());
        let filter = self.filter.clone();
        let told = visit.read(move |tx| list.told(tx, &viewer, lang, &filter)).await?;
        let (subject, unit) = self.list.about(&visit.viewer, &self.filter);
        visit.taking_out(what, subject, unit, &told).await
    }

    /// The file, or the offer. Whoever takes a list of names out is in the log of reads before its first row leaves.
    ///
    /// # Errors
    /// As [`Self::too_long`] and [`answer`].
    pub async fn answer(self, visit: &Visit) -> Result<Response, Problem> {
        if let Some(offer) = self.too_long(visit).await? {
            return Ok(offer);
        }
        self.noted(visit).await?;
        let (lang, now, viewer) = (visit.lang(), visit.now(), visit.viewer.clone());
        let sheet =
            Sheet { plain: self.list.kind(), title: self.list.title(lang), heads: self.list.heads(lang) };
        let (list, filter) = (self.list, self.filter);
        let whole =
            move |tx: &mut Tx, sink: Sink<'_>| every_part(tx, (&*list, &viewer, &filter), (lang, now), sink);
        answer(visit, self.format, sheet, whole).await
    }
}

fn every_part(
    tx: &mut Tx,
    (list, viewer, filter): (&dyn Exporter, &Viewer, &str),
    (lang, now): (Lang, Timestamp),
    sink: Sink<'_>,
) -> Result<(), Problem> {
    let mut after = None;
    loop {
        let wanted = Wanted { filter, lang, now, after: after.as_deref(), most: limits::EXPORT_PAGE_ROWS };
        let part = list.part(tx, viewer, wanted)?;
        if !part.rows.iter().all(|row| sink(row)) {
            return Ok(());
        }
        after = part.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Answers with what `produce` hands over, row by row, from one snapshot.
///
/// # Errors
/// Whatever the database or the disk answers; of a CSV only before its first row.
pub async fn answer(
    visit: &Visit,
    format: Format,
    sheet: Sheet,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let notes = notes(visit.lang(), visit.desk.handle.identity().demonstration);
    let (plain, title) = (sheet.plain, sheet.title.clone());
    let body = match format {
        Format::Csv => streamed(visit, sheet, notes, produce)?,
        Format::Xlsx => whole(visit, sheet, notes, produce).await?,
    };
    attachment(format, plain, &title, body)
}

/// A file to be kept, under a plain name and its own, that nothing in between keeps.
///
/// # Errors
/// [`Problem::Fault`] for a name that fits no header.
pub fn attachment(format: Format, plain: &str, title: &str, body: Body) -> Result<Response, Problem> {
    let (ending, title) = (format.name(), web::encoded(title));
    let named = format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{title}.{ending}");
    let named = HeaderValue::from_str(&named).map_err(|e| Problem::Fault(format!("{plain}: {e}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, named),
    ];
    Ok((headers, body).into_response())
}

/// Whoever takes it slowly holds no reader: the rows go to a file of the system's first.
fn streamed(
    visit: &Visit,
    sheet: Sheet,
    notes: Vec<String>,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Body, Problem> {
    let (mut spool, body) = web::spool().map_err(|error| Problem::Fault(error.to_string()))?;
    let reading = visit.desk.readers.clone();
    tokio::spawn(async move {
        let write = move |tx: &mut Tx| {
            let mut csv = CsvWriter::new("", &sheet.heads, &notes);
            let mut here = true;
            produce(tx, &mut |row| {
                here = here && csv.row(row).is_ok();
                if here && csv.waiting() >= CHUNK {
                    here = spool.write(&csv.take());
                }
                here
            })?;
            if !here || !spool.write(&csv.take()) {
                return Err(Problem::from(StorageError::Other("nobody waits for the export".to_owned())));
            }
            spool.finish();
            Ok(())
        };
        let done = reading.read(Lane::Long, write).await;
        if let Err(error) | Ok(Err(error)) = done.map_err(Problem::from) {
            tracing::warn!(%error, "an export ended early");
        }
    });
    Ok(body)
}

/// A workbook's rows go to a temporary file as they come.
async fn whole(
    visit: &Visit,
    sheet: Sheet,
    notes: Vec<String>,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Body, Problem> {
    let write = move |tx: &mut Tx| {
        let mut workbook = XlsxWriter::new(&sheet.title, &sheet.heads, &notes)?;
        let mut wrong = None;
        let done = produce(tx, &mut |row| {
            wrong = workbook.row(row).err();
            wrong.is_none()
        });
        // What the workbook could not take is the reason, whatever was said of the end it came to.
        match wrong {
            Some(problem) => Err(Problem::from(problem)),
            None => {
                done?;
                Ok(workbook.finish()?)
            }
        }
    };
    Ok(Body::from(visit.desk.readers.read(Lane::Long, write).await??))
}
