//! Exactly what the list shows: as CSV, streamed row by row, or as a workbook; a list too long to wait for is written
//! behind the page.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    response::Response,
};
use exports::{Asking, Format, Sheet, Sink, answer};
use storage::{StorageError, Tx};
use web::{Failed, Visit};

use super::{
    HazardPages,
    filter::{LIST, ListQuery},
    reach,
};
use crate::{
    export::HazardExport,
    ledger::{Ledger, heads},
    query::every,
    texts,
};

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["export"])?;
    let (query, unread) = query.settled(visit.lang(), &pages.rules());
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let vault = visit.desk.vault.clone();
    let asking = Asking {
        menu: "hazards",
        list: Arc::new(HazardExport::new(Arc::clone(&pages.rules), Arc::clone(&vault))),
        format,
        filter: query.kept(),
        back: query.address(LIST),
    };
    if let Some(offer) = asking.too_long(&visit).await? {
        return Ok(offer);
    }
    let filter = query.filter();
    asking.noted(&visit).await?;
    let (lang, now, rules, viewer) = (visit.lang(), visit.now(), pages.rules(), visit.viewer.clone());
    let sheet =
        Sheet { plain: HazardExport::KIND, title: texts::hazard_ledger(lang).to_owned(), heads: heads(lang) };
    // In the order of the list, which a file written in parts cannot keep.
    let whole = move |tx: &mut Tx, sink: Sink<'_>| {
        let reach = reach(tx, &viewer)?;
        let mut ledger = Ledger::new(lang, rules, vault);
        every(tx, &reach, &filter, now, |tx, row| {
            let gone = || StorageError::Other("nobody waits for the export any more".to_owned());
            if sink(&ledger.cells(tx, &row, now)?) { Ok(()) } else { Err(gone()) }
        })?;
        Ok(())
    };
    Ok(answer(&visit, format, sheet, whole).await?)
}
