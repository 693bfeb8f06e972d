//! A [`Problem`] becomes an answer here and nowhere else.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Problem;
use serde_json::{Value, json};

use crate::{Prefs, Sentences, Shell, page_with, texts};

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
        Problem::Refused(_) | Problem::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Stale(_) => StatusCode::CONFLICT,
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
    code: String,
}

/// The finished answer.
pub(crate) fn answer(problem: &Problem, prefs: &Prefs, sentences: &Sentences, demo: bool) -> Response {
    if let Problem::Fault(text) = problem {
        tracing::error!(path = prefs.path, %text, "fault");
    }
    let mut response = if prefs.json {
        as_json(problem, prefs, sentences)
    } else {
        as_page(problem, prefs, sentences, demo)
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

fn as_page(problem: &Problem, prefs: &Prefs, sentences: &Sentences, demo: bool) -> Response {
    let details = match problem {
        Problem::Invalid(fields) => fields.iter().map(|field| sentences.field(prefs.lang, field)).collect(),
        Problem::NotFound
        | Problem::Forbidden
        | Problem::Refused(_)
        | Problem::Stale(_)
        | Problem::Limit(_)
        | Problem::Fault(_) => Vec::new(),
    };
    let mut shell = Shell::public(prefs, title(prefs, problem));
    shell.demo = demo;
    shell.flash = None;
    let page = FailedPage {
        shell,
        sentence: sentences.problem(prefs.lang, problem),
        details,
        code: problem.code().to_owned(),
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
