//! What was sent through channels, the newest first.

use access::Viewer;
use documents::Head;
use exports::{Exporter, Part, Wanted};
use kernel::{Problem, Timestamp};
use language::Lang;
use storage::Tx;

use crate::{
    export::cells,
    pages::sent::{self, SentQuery},
    texts,
};

/// What was sent through channels. It names nobody: what leaves the platform names nobody either.
pub struct SentExport;

impl Exporter for SentExport {
    fn kind(&self) -> &'static str {
        "sent"
    }

    fn title(&self, lang: Lang) -> String {
        texts::sent_title(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        sent::heads(lang)
    }

    fn may(&self, viewer: &Viewer) -> bool {
        viewer.may("sent.read")
    }

    fn settled(&self, filter: &str) -> String {
        SentQuery::read(filter).kept()
    }

    fn told(&self, tx: &mut Tx, viewer: &Viewer, lang: Lang, filter: &str) -> Result<String, Problem> {
        sent::told(tx, viewer, lang, &SentQuery::read(filter))
    }

    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        filter: &str,
        _: Timestamp,
        most: i64,
    ) -> Result<i64, Problem> {
        let filter = SentQuery::read(filter).filter(tx)?;
        Ok(notify::sent_counted(tx, &sent::scope(viewer), &filter, most)?)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let mut filter = SentQuery::read(wanted.filter).filter(tx)?;
        filter.before = wanted.after.and_then(sent::cursor);
        let (rows, next) = sent::part(tx, viewer, wanted.lang, &filter, wanted.most)?;
        Ok(Part { rows: rows.iter().map(|row| cells(row)).collect(), next })
    }
}
