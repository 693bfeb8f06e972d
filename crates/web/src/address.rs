//! From where a request came, and what addresses of ours look like from outside.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, header, request::Parts},
};

/// The peer's address as the server saw it; what a trusted proxy tells was put there before. Never fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub String);

impl Address {
    /// From what the server put beside the request.
    pub fn of(extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.map_or_else(|| "unknown".to_owned(), |info| info.0.ip().to_string()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Addresses that begin so go on with a ticket that opens one letter without an account: it is itself the proof of who
/// may act, and stands in no log.
pub const LETTERS: &str = "/t/";

/// Addresses that begin so are for the public: a place's code, or the way to follow a report.
pub const REPORTED: &str = "/r/";
/// Addresses that begin so go on with a ticket that follows one public report.
pub const FOLLOWED: &str = "/r/f/";

/// Where an address goes on with a ticket.
pub(crate) fn by_ticket(path: &str) -> Option<&'static str> {
    [LETTERS, FOLLOWED].into_iter().find(|start| path.starts_with(start))
}

/// Whoever comes there has no account and needs none.
pub(crate) fn is_for_everybody(path: &str) -> bool {
    path.starts_with(LETTERS) || path.starts_with(REPORTED)
}

/// The ticket of such an address is left out.
pub(crate) fn loggable(path: &str) -> &str {
    by_ticket(path).unwrap_or(path)
}

/// `https://host` as people type it: what the settings say, else what this request asked for.
pub fn public_origin(public_url: Option<&str>, tls: bool, headers: &HeaderMap) -> String {
    if let Some(url) = public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if tls { "https" } else { "http" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_stands_in_no_log() {
        assert_eq!(loggable("/t/0123456789abcdef/reply?x=1"), "/t/");
        assert_eq!(loggable("/r/f/0123-4567"), "/r/f/");
        assert_eq!(loggable("/today"), "/today");
    }

    #[test]
    fn the_settings_say_how_the_platform_is_reached() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "10.0.0.2:8080".parse().unwrap());
        assert_eq!(public_origin(Some("https://a.cn/"), false, &headers), "https://a.cn");
        assert_eq!(public_origin(None, true, &headers), "https://10.0.0.2:8080");
    }
}
