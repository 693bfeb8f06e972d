//! Photos of a listing, for whoever may see the listing.

use attachments::FileHash;
use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use kernel::{Problem, StreamId};
use serde::Deserialize;
use web::{Failed, Visit};

use super::SupervisionPages;
use crate::query::{has_photo, visible_state};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PhotoQuery {
    small: String,
}

pub(super) async fn show(
    visit: Visit,
    headers: HeaderMap,
    State(pages): State<SupervisionPages>,
    Path((id, hash)): Path<(StreamId, String)>,
    Query(query): Query<PhotoQuery>,
) -> Result<Response, Failed> {
    let hash: FileHash = hash.parse().map_err(|_| Problem::NotFound)?;
    let viewer = visit.viewer.clone();
    let small = !query.small.is_empty();
    let file = visit
        .read(move |tx| {
            visible_state(tx, &viewer, id)?;
            if !has_photo(tx, id, &hash.to_string())? {
                return Err(Problem::NotFound);
            }
            Ok(if small { attachments::thumbnail(tx, hash)?.unwrap_or(hash) } else { hash })
        })
        .await?;
    Ok(hazard::pages::picture(&pages.store, &headers, file).await?)
}
