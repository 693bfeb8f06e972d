//! Photos of a hazard, for whoever may see the hazard.

use std::sync::Arc;

use attachments::{FileHash, Store};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Problem, StreamId};
use serde::Deserialize;
use storage::{Lane, Tx};
use web::{Desk, Failed, Visit};

use super::{HazardPages, visible_state};
use crate::query::has_photo;

/// Which size is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PhotoQuery {
    small: String,
}

pub(super) async fn show(
    visit: Visit,
    headers: HeaderMap,
    State(pages): State<HazardPages>,
    Path((id, hash)): Path<(StreamId, String)>,
    Query(query): Query<PhotoQuery>,
) -> Result<Response, Failed> {
    let viewer = visit.viewer.clone();
    let sees = move |tx: &mut Tx, hash: &str| {
        visible_state(tx, &viewer, id)?;
        Ok(has_photo(tx, id, hash)?)
    };
    Ok(picture(&visit.desk, &headers, &pages.store, (&hash, &query), sees).await?)
}

/// A stored photo as an answer, if `sees` finds that whoever asks may see what names it.
///
/// # Errors
/// There is no such photo there, or whatever database and disk answer.
pub async fn picture(
    desk: &Desk,
    headers: &HeaderMap,
    store: &Arc<Store>,
    (hash, query): (&str, &PhotoQuery),
    sees: impl FnOnce(&mut Tx, &str) -> Result<bool, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let hash: FileHash = hash.parse().map_err(|_| Problem::NotFound)?;
    let small = !query.small.is_empty();
    let file = desk
        .readers
        .read(Lane::Interactive, move |tx| {
            if !sees(tx, &hash.to_string())? {
                return Err(Problem::NotFound);
            }
            Ok(if small { attachments::thumbnail(tx, hash)?.unwrap_or(hash) } else { hash })
        })
        .await??;
    let named = HeaderValue::from_str(&format!("\"{file}\"")).map_err(|e| Problem::Fault(e.to_string()))?;
    // Only now: whoever may not see it any more is not told that his copy is still good.
    if headers.get(header::IF_NONE_MATCH) == Some(&named) {
        return Ok(kept(StatusCode::NOT_MODIFIED.into_response(), named));
    }
    let store = Arc::clone(store);
    let bytes = tokio::task::spawn_blocking(move || store.read(file))
        .await
        .map_err(|e| Problem::Fault(e.to_string()))?
        .map_err(Problem::from)?;
    let mut response = Body::from(bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    Ok(kept(response, named))
}

/// The browser may keep it and asks each time whether it may still show it: a phone is shared, and whoever signed out
/// leaves nothing that opens by its address. The name is the content's hash, so a copy never grows old.
fn kept(mut response: Response, named: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::ETAG, named);
    response
}
