//! Papers and photos of a case, for whoever may see the case; those that another side brought are not his.

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use hazard::pages::{PhotoQuery, picture};
use kernel::StreamId;
use storage::Tx;
use web::{Failed, Visit};

use super::{AccountabilityPages, sides::Eyes, timeline::decoded};
use crate::{
    case::photos,
    query::{has_photo, visible_case},
};

pub(super) async fn show(
    visit: Visit,
    headers: HeaderMap,
    State(pages): State<AccountabilityPages>,
    Path((id, hash)): Path<(StreamId, String)>,
    Query(query): Query<PhotoQuery>,
) -> Result<Response, Failed> {
    let viewer = visit.viewer.clone();
    let sees = move |tx: &mut Tx, hash: &str| {
        let record = visible_case(tx, &viewer, id)?;
        let eyes = Eyes::of(tx, &viewer, &record.state)?;
        let events = decoded(&record.events);
        let shown = events.iter().filter(|(_, event)| eyes.see(&record.state, event));
        let theirs = shown.flat_map(|(_, event)| photos(event)).any(|photo| photo.0 == hash);
        Ok(theirs && has_photo(tx, id, hash)?)
    };
    Ok(picture(&visit.desk, &headers, &pages.store, (&hash, &query), sees).await?)
}
