//! A [`Problem`] becomes an answer here and nowhere else. Whoever is signed in keeps the navigation; everybody has a
//! way back.

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Problem;
use serde_json::{Value, json};

use crate::{
    Face, Prefs, Sentences, Shell, Visit,
    address::{is_for_everybody, loggable},
    encoded, page_with,
    prefs::{local_path, page_before},
    texts,
    unread::{REVERSED, TWICE, UNREAD},
};

/// What handlers return: `Result<Response, Failed>` with `?` on anything that fails with a [`Problem`].
/// [`crate::assemble`] turns it into a page or into `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(pub Problem);

impl<P: Into<Problem>> From<P> for Failed {
    fn from(problem: P) -> Self {
        Self(problem.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Waiting rooms that are full ask to come back; all other limits are about what was sent.
fn is_busy(limit: &str) -> bool {
    ["writer_queue", "readers_waiting", "disk_full", "posts_per_minute"]
        .iter()
        .any(|busy| limit.eq_ignore_ascii_case(busy))
}

fn status(problem: &Problem) -> StatusCode {
    match problem {
        Problem::NotFound => StatusCode::NOT_FOUND,
        Problem::Forbidden => StatusCode::FORBIDDEN,
        // No form was refused: the address itself means nothing.
        Problem::Refused(refusal) if [UNREAD, REVERSED, TWICE].contains(&refusal.code) => {
            StatusCode::BAD_REQUEST
        }
        Problem::Refused(_) | Problem::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Stale(_) => StatusCode::CONFLICT,
        Problem::Limit("POSTS_PER_MINUTE") => StatusCode::TOO_MANY_REQUESTS,
        Problem::Limit(name) if is_busy(name) => StatusCode::SERVICE_UNAVAILABLE,
        Problem::Limit(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Problem::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(prefs: &Prefs, problem: &Problem) -> &'static str {
    let lang = prefs.lang;
    match problem {
        Problem::NotFound => texts::failed_not_found(lang),
        Problem::Forbidden => texts::failed_forbidden(lang),
        Problem::Refused(_) => texts::failed_refused(lang),
        Problem::Invalid(_) => texts::failed_invalid(lang),
        Problem::Stale(_) => texts::failed_stale(lang),
        Problem::Limit(name) if is_busy(name) => texts::failed_busy(lang),
        Problem::Limit(_) => texts::failed_limit(lang),
        Problem::Fault(_) => texts::failed_fault(lang),
    }
}

#[derive(Template)]
#[template(path = "failed.html")]
struct FailedPage {
    shell: Shell,
    sentence: String,
    details: Vec<String>,
    /// Empty where nobody needs it.
    code: String,
    /// The page before, where there was one.
    back: Option<String>,
    /// Where to sign in, for whoever is not.
    sign_in: Option<String>,
}

/// What a request says of who asked, kept until it is known whether anything went wrong.
pub(crate) struct Asker {
    /// Its cookies.
    cookies: HeaderMap,
    /// The page of our own that it came from.
    pub from: Option<String>,
    /// The page may be asked for again.
    is_page: bool,
}

impl Asker {
    /// Keeps what a page of an error needs; the request itself goes on.
    pub(crate) fn of(request: &Request, public_origin: Option<&str>) -> Self {
        let headers = request.headers();
        let values = headers.get_all(header::COOKIE).iter();
        let cookies = values.map(|value| (header::COOKIE, value.clone())).collect();
        Self { cookies, from: page_before(headers, public_origin), is_page: request.method().is_safe() }
    }
}

/// What to tell an administrator: nothing where the page itself says everything.
fn reference(problem: &Problem) -> &str {
    match problem {
        Problem::NotFound | Problem::Forbidden => "",
        Problem::Refused(_)
        | Problem::Invalid(_)
        | Problem::Stale(_)
        | Problem::Limit(_)
        | Problem::Fault(_) => problem.code(),
    }
}

/// The finished answer.
pub(crate) async fn answer(problem: &Problem, prefs: &Prefs, face: &Face, asker: &Asker) -> Response {
    if let Problem::Fault(text) = problem {
        tracing::error!(path = loggable(&prefs.path), %text, "fault");
    }
    let mut response = if prefs.json {
        as_json(problem, prefs, &face.sentences)
    } else {
        as_page(problem, prefs, face, asker).await
    };
    if [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&response.status()) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// The frame of whoever is signed in, or the bare one. Nothing that fails here hides what failed before.
async fn frame(prefs: &Prefs, face: &Face, asker: &Asker, title: &'static str) -> Shell {
    if let Some(desk) = &face.desk {
        match Visit::behind(desk, prefs, &asker.cookies).await {
            Ok(Some(visit)) => return visit.shell(title),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "who is signed in could not be read for a page of an error"),
        }
    }
    let mut shell = Shell::public(prefs, title);
    shell.demo = face.demo;
    shell
}

async fn as_page(problem: &Problem, prefs: &Prefs, face: &Face, asker: &Asker) -> Response {
    let sentences = &face.sentences;
    let details = match problem {
        Problem::Invalid(fields) => fields.iter().map(|field| sentences.field(prefs.lang, field)).collect(),
        Problem::NotFound
        | Problem::Forbidden
        | Problem::Refused(_)
        | Problem::Stale(_)
        | Problem::Limit(_)
        | Problem::Fault(_) => Vec::new(),
    };
    let mut shell = frame(prefs, face, asker, title(prefs, problem)).await;
    shell.flash = None;
    let back = asker.from.clone().filter(|from| *from != prefs.path);
    shell.back = back.clone().or_else(|| Some("/".to_owned()));
    // What was sent is not sent again by signing in: that leads to the page it was sent from.
    let again = if asker.is_page { Some(&prefs.path) } else { asker.from.as_ref() };
    let again = again.map_or("/", |path| local_path(path));
    // Nor does the address of a letter go anywhere else: whoever has it needs no account.
    let asks_account = shell.user.is_none() && !is_for_everybody(&prefs.path);
    let sign_in = asks_account.then(|| format!("/sign-in?to={}", encoded(again)));
    let page = FailedPage {
        shell,
        sentence: sentences.problem(prefs.lang, problem),
        details,
        code: reference(problem).to_owned(),
        back,
        sign_in,
    };
    page_with(status(problem), &page)
}

/// RFC 9457.
fn as_json(problem: &Problem, prefs: &Prefs, sentences: &Sentences) -> Response {
    let status = status(problem);
    let mut body = json!({
        "type": format!("urn:xiaoan:problem:{}", problem.code()),
        "title": title(prefs, problem),
        "status": status.as_u16(),
        "detail": sentences.problem(prefs.lang, problem),
        "code": problem.code(),
    });
    let more = match problem {
        Problem::Invalid(fields) => fields
            .iter()
            .map(|field| {
                let detail = sentences.field(prefs.lang, field);
                json!({ "field": field.field, "code": field.refusal.code, "detail": detail })
            })
            .collect(),
        Problem::Refused(refusal) if !refusal.details.is_empty() => refusal
            .details
            .iter()
            .map(|field| {
                let detail = sentences.field(prefs.lang, field);
                json!({ "field": field.field, "code": field.refusal.code, "detail": detail })
            })
            .collect(),
        Problem::Refused(refusal) => {
            refusal.fields.iter().map(|field| json!({ "field": field, "code": refusal.code })).collect()
        }
        Problem::Stale(stale) => vec![json!({ "seen": stale.seen, "current": stale.current })],
        Problem::Limit(name) => vec![json!({ "limit": name })],
        Problem::NotFound | Problem::Forbidden | Problem::Fault(_) => Vec::<Value>::new(),
    };
    if let (false, Some(object)) = (more.is_empty(), body.as_object_mut()) {
        object.insert("errors".to_owned(), Value::Array(more));
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json")),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(prefs.lang.tag())),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}
