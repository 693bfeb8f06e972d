//! What a request says about its viewer before anybody knows who that is: language, type size, and whether
//! JSON is wanted.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use language::Lang;

use crate::shell::Flash;

/// An extractor that never fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefs {
    /// The viewer's language.
    pub lang: Lang,
    /// The large-type edition.
    pub large: bool,
    /// Somebody chose between the two in this browser.
    pub type_chosen: bool,
    /// Path and query of this page.
    pub path: String,
    /// The page answers something that was sent: its address may answer nothing else.
    pub sent: bool,
    /// `Accept` prefers JSON or the path starts with `/api`.
    pub json: bool,
    /// What the act before had to say.
    pub flash: Option<Flash>,
}

impl Prefs {
    /// Reads method, headers and address.
    pub fn read(method: &Method, headers: &HeaderMap, uri: &Uri) -> Self {
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Self {
            lang: Lang::choose(cookie(headers, "lang"), text(header::ACCEPT_LANGUAGE)),
            large: cookie(headers, "large") == Some("1"),
            type_chosen: cookie(headers, "large").is_some(),
            path: path.to_owned(),
            sent: !method.is_safe(),
            json: is_api(uri.path()) || text(header::ACCEPT).is_some_and(prefers_json),
            flash: cookie(headers, "flash").and_then(read_flash),
        }
    }
}

impl Prefs {
    /// The edition that suits whoever looks, unless one was chosen in this browser.
    #[must_use]
    pub fn suiting(mut self, large: bool) -> Self {
        if !self.type_chosen {
            self.large = large;
        }
        self
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Prefs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let original = parts.extensions.get::<axum::extract::OriginalUri>().map(|uri| uri.0.clone());
        Ok(Self::read(&parts.method, &parts.headers, original.as_ref().unwrap_or(&parts.uri)))
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

fn read_flash(value: &str) -> Option<Flash> {
    let (kind, text) = value.split_once('.')?;
    let text = String::from_utf8(kernel::hex::read(text)?).ok()?;
    Some(if kind == "w" { Flash::warning(text) } else { Flash::done(text) })
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn prefers_json(accept: &str) -> bool {
    let at = |wanted: &str| accept.split(',').position(|part| part.trim().starts_with(wanted));
    let json = at("application/json").or_else(|| at("application/problem+json"));
    match (json, at("text/html")) {
        (Some(json), Some(html)) => json < html,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// A path on this platform to go back to; anything else becomes the first page.
pub(crate) fn local_path(path: &str) -> &str {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t'])
        && path.is_ascii()
        && path.len() <= 2_000;
    if inside { path } else { "/" }
}

/// What [`page_before`] found, beside the request.
#[derive(Clone, Debug)]
pub(crate) struct PageBefore(pub Option<String>);

/// The page of our own that a request came from.
pub(crate) fn page_before(headers: &HeaderMap, public_origin: Option<&str>) -> Option<String> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let public = public_origin.and_then(|origin| origin.trim_end_matches('/').split_once("://"));
    let ours = text(header::HOST) == Some(host) || public.is_some_and(|(_, known)| known == host);
    // What is no path of our own would become the first page.
    (ours && local_path(path) == path).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own() {
        assert_eq!(local_path("/hazards?x=1"), "/hazards?x=1");
        for bad in ["//evil.cn", "https://evil.cn", "/\\evil.cn", "", "/a\r\nb"] {
            assert_eq!(local_path(bad), "/", "{bad}");
        }
    }

    #[test]
    fn what_was_chosen_in_a_browser_goes_before_what_suits() {
        let prefs = |cookie: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(cookie) = cookie {
                headers.insert(header::COOKIE, header::HeaderValue::from_static(cookie));
            }
            Prefs::read(&Method::GET, &headers, &Uri::from_static("/"))
        };
        for (cookie, suits_large, suits_normal) in
            [(None, true, false), (Some("large=0"), false, false), (Some("large=1"), true, true)]
        {
            assert_eq!(prefs(cookie).suiting(true).large, suits_large, "{cookie:?}");
            assert_eq!(prefs(cookie).suiting(false).large, suits_normal, "{cookie:?}");
        }
    }

    #[test]
    fn json_when_asked_for() {
        assert!(prefers_json("application/json"));
        assert!(!prefers_json("text/html,application/json;q=0.9"));
        assert!(!prefers_json("*/*"));
        assert!(is_api("/api/v1") && !is_api("/apiary"));
    }
}
