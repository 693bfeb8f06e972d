//! The layers every page passes, in one place and one order.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kernel::{Problem, Refusal, limits};
use language::Lang;
use tower_http::{
    compression::CompressionLayer,
    timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer},
};

use crate::{
    Desk, Failed, Prefs, PublicForm, Sentences, address, assets, csrf,
    failed::{self, Asker},
    headers, prefs, see_other,
    unread::{TWICE, named_twice},
};

/// What the application tells the pages about itself.
#[derive(Clone, Debug, Default)]
pub struct Face {
    /// All rooms' sentences.
    pub sentences: Sentences,
    /// Demonstration data: error pages carry the banner too.
    pub demo: bool,
    /// Reached over TLS: HSTS, `Secure` cookies.
    pub tls: bool,
    /// `https://host` that browsers see, when a proxy stands in front.
    pub public_origin: Option<String>,
    /// Tells who is signed in, so that pages of what went wrong have their navigation.
    pub desk: Option<Desk>,
}

/// Adds static files, the switches for language and type size, the page for what is not found, the answer to
/// every [`Failed`], body limit, same-origin check, security headers and gzip to an application's routes.
pub fn assemble(routes: Router, face: Face) -> Router {
    let face = Arc::new(face);
    let small = post(preferences).with_state(Arc::clone(&face));
    let small = small.layer(DefaultBodyLimit::max(limits::PUBLIC_FORM_BYTES));
    routes
        .route("/static/{version}/{name}", get(assets::serve))
        .route("/preferences", small)
        .fallback(|| async { Failed(Problem::NotFound) })
        .layer(DefaultBodyLimit::max(limits::FORM_BYTES))
        // A slow line may take its time; one on which nothing moves, or hardly anything for ever, may not.
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(limits::BODY_PAUSE_SECONDS)))
        .layer(RequestBodyDeadlineLayer::new(Duration::from_secs(limits::BODY_SECONDS)))
        .layer(middleware::from_fn_with_state(face, guard))
        .layer(CompressionLayer::new().gzip(true))
}

async fn guard(State(face): State<Arc<Face>>, mut request: Request, next: Next) -> Response {
    let prefs = Prefs::read(request.method(), request.headers(), request.uri());
    // A script that uploads follows the redirect itself, then goes there: the second visit shows the flash.
    let had_flash = prefs.flash.is_some() && !request.headers().contains_key("x-xiaoan-upload");
    let asked = request.method().is_safe().then(|| request.uri().path().to_owned());
    let query = request.uri().query().map(str::to_owned);
    let by_ticket = address::by_ticket(request.uri().path()).is_some();
    let asker = Asker::of(&request, face.public_origin.as_deref());
    request.extensions_mut().insert(prefs::PageBefore(asker.from.clone()));
    let asked_for = (request.method(), request.uri().path());
    let ours = csrf::same_origin(asked_for, request.headers(), face.public_origin.as_deref());
    let mut response = if ours {
        next.run(request).await
    } else {
        Failed(Refusal::new("foreign-page").into()).into_response()
    };
    if let Some(Failed(problem)) = response.extensions_mut().remove::<Failed>() {
        // Cookies a handler set before it failed stay set: a rotated session must not be lost.
        let cookies: Vec<HeaderValue> =
            response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        response = failed::answer(&problem, &prefs, &face, &asker).await;
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    if let (StatusCode::METHOD_NOT_ALLOWED, Some(path)) = (response.status(), asked) {
        // The address of a form that was refused, opened again: what it belongs to is one step up.
        response = see_other(
            path.rsplit_once('/').map_or("/", |(above, _)| if above.is_empty() { "/" } else { above }),
        );
    }
    if response.status() == StatusCode::BAD_REQUEST && !is_html(&response) {
        // A filter said twice is told; an address whose parts cannot be read otherwise names nothing.
        let problem = match query.as_deref().and_then(named_twice) {
            Some(name) => Refusal::new(TWICE).with("name", name).into(),
            None => Problem::NotFound,
        };
        response = failed::answer(&problem, &prefs, &face, &asker).await;
    }
    let shown = response.status() == StatusCode::OK && is_html(&response);
    let headers = response.headers_mut();
    if had_flash && shown {
        headers.append(header::SET_COOKIE, HeaderValue::from_static("flash=; Path=/; Max-Age=0"));
    }
    if by_ticket {
        headers::keep_secret(headers);
    }
    headers::secure(headers, face.tls);
    response
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// `POST /preferences` with `lang` or `large`, and `back`. Changes nothing but this browser's cookies.
async fn preferences(State(face): State<Arc<Face>>, PublicForm(form): PublicForm) -> Response {
    let mut response = see_other(prefs::local_path(form.value("back").unwrap_or("/")));
    let lang = form.value("lang").and_then(Lang::parse).map(|lang| format!("lang={lang}"));
    let large = form.value("large").map(|large| format!("large={}", u8::from(large == "1")));
    let secure = if face.tls { "; Secure" } else { "" };
    for cookie in [lang, large].into_iter().flatten() {
        let cookie = format!("{cookie}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
