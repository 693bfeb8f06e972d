//! Forged forms: a token bound to the session in every form, and a look at where a request comes from.

use axum::http::{HeaderMap, Method, header};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Problem, Refusal, hex};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::{FormData, address::by_ticket};

/// The hidden field every form carries.
pub const FIELD: &str = "_csrf";
/// The header scripts send instead.
pub const HEADER: &str = "x-csrf-token";

/// A token for one page of one session. `salt` is fresh for every page (`IdSource::bytes`), so that the token
/// looks different each time and compression gives nothing away.
pub fn token(secret: &[u8; 32], session: &[u8], salt: [u8; 16]) -> String {
    let mut out = hex::write(salt);
    out.push('.');
    out.push_str(&hex::write(digest(secret, session, &salt)));
    out
}

/// Whether the token was made for this session with this secret. Compared in constant time.
pub fn is_valid(secret: &[u8; 32], session: &[u8], token: &str) -> bool {
    let Some((salt, given)) = token.split_once('.') else { return false };
    let Some(salt) = hex::read(salt) else { return false };
    let expected = hex::write(digest(secret, session, &salt));
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

/// Checks the `_csrf` field, else the `x-csrf-token` header.
///
/// # Errors
/// [`Problem::Refused`] with the code `form-expired`.
pub fn verify(
    secret: &[u8; 32],
    session: &[u8],
    headers: &HeaderMap,
    form: Option<&FormData>,
) -> Result<(), Problem> {
    let field = form.and_then(|form| form.value(FIELD));
    let given = field.or_else(|| headers.get(HEADER).and_then(|value| value.to_str().ok()));
    match given {
        Some(token) if is_valid(secret, session, token) => Ok(()),
        _ => Err(Refusal::new("form-expired").into()),
    }
}

/// Whether a request that changes something comes from one of our own pages. Browsers say so in
/// `Sec-Fetch-Site`, older ones in `Origin`; a request with neither is left to the token.
pub fn same_origin(
    (method, path): (&Method, &str),
    headers: &HeaderMap,
    public_origin: Option<&str>,
) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    // Pages whose address is a secret send no referrer, and then browsers tell no origin either: older ones, which do
    // not say `Sec-Fetch-Site`, tell nothing at all. Their address is the proof, and a stranger's page has none.
    if origin == "null" && by_ticket(path).is_some() {
        return true;
    }
    if public_origin.is_some_and(|public| public.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        return true;
    }
    match (origin.split_once("://"), text("host")) {
        (Some((_, host)), Some(asked)) => host.eq_ignore_ascii_case(asked),
        _ => false,
    }
}

fn digest(secret: &[u8; 32], session: &[u8], salt: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return Vec::new() };
    mac.update(b"xiaoan csrf v1\0");
    mac.update(salt);
    mac.update(session);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: [u8; 32] = [7; 32];

    #[test]
    fn a_token_holds_for_its_session_only() {
        let made = token(&SECRET, b"session-a", [1; 16]);
        assert!(is_valid(&SECRET, b"session-a", &made));
        assert!(!is_valid(&SECRET, b"session-b", &made));
        assert!(!is_valid(&[8; 32], b"session-a", &made));
        assert_ne!(made, token(&SECRET, b"session-a", [2; 16]));
        for bad in ["", ".", "zz.zz", &made[1..], &format!("{made}0"), "01.", "é0.00"] {
            assert!(!is_valid(&SECRET, b"session-a", bad), "{bad}");
        }
    }

    #[test]
    fn the_header_serves_scripts() {
        let mut headers = HeaderMap::new();
        assert!(verify(&SECRET, b"s", &headers, None).is_err());
        headers.insert(HEADER, token(&SECRET, b"s", [3; 16]).parse().unwrap());
        assert!(verify(&SECRET, b"s", &headers, None).is_ok());
    }

    #[test]
    fn strangers_pages_are_told_apart() {
        let check = |pairs: &[(&'static str, &str)], public| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            same_origin((&Method::POST, "/hazards"), &headers, public)
        };
        assert!(check(&[("sec-fetch-site", "same-origin")], None));
        assert!(!check(&[("sec-fetch-site", "cross-site")], None));
        assert!(!check(&[("sec-fetch-site", "same-site")], None));
        assert!(check(&[("origin", "https://a.cn"), ("host", "a.cn")], None));
        assert!(!check(&[("origin", "https://b.cn"), ("host", "a.cn")], None));
        assert!(!check(&[("origin", "null"), ("host", "a.cn")], None));
        assert!(check(&[("origin", "https://a.cn"), ("host", "10.0.0.2")], Some("https://a.cn/")));
        assert!(check(&[], None));
        assert!(same_origin((&Method::GET, "/hazards"), &HeaderMap::new(), None));
    }

    #[test]
    fn a_letter_may_come_from_a_page_that_tells_no_origin_but_not_from_a_strangers() {
        let check = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            headers.insert("host", "a.cn".parse().unwrap());
            same_origin((&Method::POST, "/t/0123/reply"), &headers, None)
        };
        assert!(check("origin", "null"));
        assert!(!check("origin", "https://b.cn"));
        assert!(!check("sec-fetch-site", "cross-site"));
    }
}
