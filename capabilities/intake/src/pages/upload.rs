//! Choosing a file; the template; files uploaded before.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Problem, Refusal};
use language::Say;
use web::{
    Failed, FormData, FormLimits, FormState, Shell, Visit, csrf, see_other,
    view::{Cell, Column, Table},
};

use super::{IntakePages, MANAGE, href, is_for_the_form};
use crate::{batch::Batch, import::UPLOAD_BYTES, known::Known, texts, words};

/// Bytes of the form around the file.
const FORM_EXTRA: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "intake/upload.html")]
pub(crate) struct UploadPage {
    pub shell: Shell,
    pub form: FormState,
    pub files: Table,
}

pub(super) async fn show(visit: Visit, State(pages): State<IntakePages>) -> Result<Response, Failed> {
    visit.need_any(MANAGE)?;
    let page = compose(&visit, &pages, visit.form()).await?;
    Ok(web::page(&page))
}

async fn compose(visit: &Visit, pages: &IntakePages, form: FormState) -> Result<UploadPage, Problem> {
    let files = pages.importer(visit).newest(visit.viewer.account).await?;
    let lang = visit.lang();
    let line = |batch: &Batch| {
        vec![
            Cell::link(words::source(batch), href(batch.id)),
            Cell::text(words::stage(lang, batch.stage)),
            Cell::text(batch.body.rows.to_string()),
            Cell::text(Say(lang).date_time(batch.created_at)),
        ]
    };
    let columns = vec![
        Column::new(texts::intake_file(lang)),
        Column::new(texts::intake_stage(lang)),
        Column::new(texts::intake_rows(lang)).number(),
        Column::new(texts::intake_uploaded(lang)),
    ];
    let caption = texts::intake_files(lang).to_owned();
    Ok(UploadPage {
        form: form.label("file", texts::intake_file(lang)),
        files: Table { caption, columns, rows: files.iter().map(line).collect() },
        shell: visit.shell(texts::intake_title(lang)).at("intake"),
    })
}

pub(super) async fn submit(
    visit: Visit,
    State(pages): State<IntakePages>,
    request: Request,
) -> Result<Response, Failed> {
    visit.need_any(MANAGE)?;
    let headers = request.headers().clone();
    let limits = FormLimits { form_bytes: UPLOAD_BYTES + FORM_EXTRA, file_bytes: UPLOAD_BYTES, files: 1 };
    let done = async {
        let mut form = FormData::read(request, limits).await.map_err(too_big)?;
        csrf::verify(&visit.desk.csrf_secret, &visit.session().csrf, &headers, Some(&form))?;
        let file = form.take_files().into_iter().find(|file| file.field == "file");
        let file = file.ok_or_else(|| Refusal::new("intake-file-missing").on("file"))?;
        let importer = pages.importer(&visit);
        importer.upload(visit.viewer.account, &file.file_name, file.bytes).await
    };
    match done.await {
        Ok(id) => Ok(see_other(&href(id))),
        Err(problem) if is_for_the_form(&problem) => {
            let problem = match problem {
                Problem::Refused(refusal) => Problem::Refused(refusal.on("file")),
                other => other,
            };
            let form = visit.form().failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &pages, form).await?;
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

/// A form's limits speak of photos; here it is a file.
fn too_big(problem: Problem) -> Problem {
    match problem {
        Problem::Limit("photo_bytes" | "form_bytes") => {
            Refusal::new("document-too-big").with("most", UPLOAD_BYTES / 1024 / 1024).into()
        }
        Problem::Limit("photos_per_act") => Refusal::new("intake-one-file").into(),
        other => other,
    }
}

pub(super) async fn download(visit: Visit) -> Result<Response, Failed> {
    visit.need_any(MANAGE)?;
    let viewer = visit.viewer.clone();
    let (townships, superiors) = visit
        .read(move |tx| {
            let known = Known::load(tx, &viewer)?;
            let mut superiors = known.central_schools();
            superiors.insert(0, known.name_of(known.root));
            superiors.retain(|name| !name.is_empty());
            Ok((known.townships(), superiors))
        })
        .await?;
    let bytes = crate::template(visit.lang(), &townships, &superiors).map_err(Problem::from)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static(
                "attachment; filename=\"school-register.xlsx\"; \
                 filename*=UTF-8''%E5%AD%A6%E6%A0%A1%E5%8D%95%E4%BD%8D%E5%AF%BC%E5%85%A5%E6%A8%A1%E6%9D%BF.xlsx",
            ),
        ),
    ];
    Ok((headers, bytes).into_response())
}
