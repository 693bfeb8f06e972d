//! Styles, scripts and icons: inside the binary, under addresses that change with their content.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Problem;

use crate::Failed;

struct Asset {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    zipped: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The address of an asset: `asset("xiaoan.css")` is `/static/<hash>/xiaoan.css`.
pub fn asset(name: &str) -> String {
    format!("/static/{VERSION}/{name}")
}

/// `GET /static/{version}/{name}`. A page opened before an upgrade asks with the old hash: it is served what
/// there is now, but not for ever.
pub(crate) async fn serve(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return Failed(Problem::NotFound).into_response();
    };
    let zip = accepts_gzip(&headers) && asset.zipped.len() < asset.plain.len();
    let body = if zip { asset.zipped } else { asset.plain };
    let mut response = (StatusCode::OK, body).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    out.insert(header::CACHE_CONTROL, if version == VERSION { FOR_EVER } else { ASK_AGAIN });
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if zip {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let name = words.next().unwrap_or_default();
            let refused = words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            matches!(name, "gzip" | "*") && !refused
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a file as it travels.
    fn zipped(name: &str) -> usize {
        ASSETS.iter().find(|asset| asset.name == name).unwrap().zipped.len()
    }

    #[test]
    fn styles_and_scripts_are_small() {
        assert!(zipped("xiaoan.css") <= 12 * 1024, "xiaoan.css: {}", zipped("xiaoan.css"));
        let all: usize = ASSETS.iter().map(|asset| asset.zipped.len()).sum();
        assert!(all <= 40 * 1024, "all assets: {all}");
    }
}
