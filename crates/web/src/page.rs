//! Pages out, and where to go after an act.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Problem;

use crate::{Failed, Flash, prefs::local_path};

/// Renders a page: 200, not stored anywhere.
pub fn page<T: Template>(template: &T) -> Response {
    page_with(StatusCode::OK, template)
}

/// Renders a page with another status: 422 for a form shown again.
pub fn page_with<T: Template>(status: StatusCode, template: &T) -> Response {
    let html = match template.render() {
        Ok(html) => html,
        Err(error) => return Failed(Problem::Fault(format!("page: {error}"))).into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("cookie, accept-language")),
    ];
    let mut response = (status, headers, html).into_response();
    if cfg!(debug_assertions)
        && let Ok(name) = HeaderValue::from_str(&format!("page;desc=\"{}\"", std::any::type_name::<T>()))
    {
        // Not in what counties run: the tests in a browser read here which page it is that they look at.
        response.headers_mut().insert("server-timing", name);
    }
    response
}

/// 303 to a path of this platform; anything else leads to the first page.
pub fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(local_path(path)).unwrap_or(HeaderValue::from_static("/"));
    let headers =
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// 303, and the next page says this once.
pub fn see_other_saying(path: &str, flash: &Flash) -> Response {
    let mut response = see_other(path);
    let kind = if flash.warning { 'w' } else { 'd' };
    let text: String = flash.text.chars().take(400).collect();
    let cookie =
        format!("flash={kind}.{}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", kernel::hex::write(text));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
