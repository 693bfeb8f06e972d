//! Photos of a report, for whoever may see the report.

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use hazard::pages::{PhotoQuery, picture};
use kernel::StreamId;
use storage::Tx;
use web::{Failed, Visit};

use super::ReportPages;
use crate::query::{has_photo, visible};

pub(super) async fn show(
    visit: Visit,
    headers: HeaderMap,
    State(pages): State<ReportPages>,
    Path((id, hash)): Path<(StreamId, String)>,
    Query(query): Query<PhotoQuery>,
) -> Result<Response, Failed> {
    let viewer = visit.viewer.clone();
    let sees = move |tx: &mut Tx, hash: &str| {
        visible(tx, &viewer, id)?;
        Ok(has_photo(tx, id, hash)?)
    };
    Ok(picture(&visit.desk, &headers, &pages.store, (&hash, &query), sees).await?)
}
