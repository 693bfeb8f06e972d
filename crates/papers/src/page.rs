//! A paper as an answer: the page that is printed, or a file.

use std::convert::Infallible;

use askama::Template;
use axum::{
    Extension,
    body::Body as Sent,
    extract::{FromRequestParts, Query},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use kernel::Problem;
use serde::Deserialize;
use web::{
    Failed, Shell,
    view::{Link, Photo},
};

use crate::{Block, Form, Paper, Press, Tone, docx, texts};

/// How a paper is asked for: `?as=pdf`, or nothing for the page.
#[derive(Clone, Debug, Default)]
pub struct Printing {
    press: Press,
    wanted: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    r#as: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Printing {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let press = Extension::<Press>::from_request_parts(parts, state).await;
        let asked = Query::<Asked>::from_request_parts(parts, state).await;
        Ok(Self {
            press: press.map(|Extension(press)| press).unwrap_or_default(),
            wanted: asked.map(|Query(asked)| asked.r#as).unwrap_or_default(),
        })
    }
}

#[derive(Template)]
#[template(path = "papers/paper.html")]
struct PaperPage {
    shell: Shell,
    paper: Paper,
    photos: Vec<Photo>,
    files: Vec<Link>,
}

/// Answers with the paper as it is wanted. `photos` are enclosed on the page; a file names them and leaves them out.
///
/// # Errors
/// As [`Press::pdf`]; [`Problem::NotFound`] for a kind of file that there is none of.
pub async fn answer(
    printing: &Printing,
    shell: Shell,
    paper: Paper,
    photos: Vec<Photo>,
) -> Result<Response, Failed> {
    let paper = paper.of_demonstration(shell.demo);
    match printing.wanted.as_str() {
        "" => {}
        "pdf" => {
            let pdf = printing.press.pdf(&paper).await?;
            return Ok(file(&paper, "pdf", "application/pdf", pdf)?);
        }
        "docx" => {
            let written = docx::write(&paper)?;
            return Ok(file(&paper, "docx", docx::CONTENT_TYPE, written)?);
        }
        _ => return Err(Problem::NotFound.into()),
    }
    let lang = shell.lang();
    let mut files = Vec::new();
    if printing.press.works() {
        files.push(Link::new(texts::paper_file_pdf(lang), "?as=pdf"));
    }
    files.push(Link::new(texts::paper_file_docx(lang), "?as=docx"));
    Ok(web::page(&PaperPage { shell, paper, photos, files }))
}

/// A file to be kept, under the name of the paper, that nothing in between keeps.
fn file(paper: &Paper, ending: &str, kind: &'static str, bytes: Vec<u8>) -> Result<Response, Problem> {
    let name: String = [paper.title.as_str(), paper.number.as_str()]
        .join(" ")
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
        .collect();
    let name = web::encoded(name.trim());
    let named = format!("attachment; filename=\"paper.{ending}\"; filename*=UTF-8''{name}.{ending}");
    let named = HeaderValue::from_str(&named).map_err(|error| Problem::Fault(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, named),
    ];
    Ok((headers, Sent::from(bytes)).into_response())
}
