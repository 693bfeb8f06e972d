//! Choosing a file; the template; files uploaded before.

use askama::Template;
use axum::{
    extract::{Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Problem, Refusal, limits};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, FormData, FormState, Shell, Visit, csrf, see_other,
    view::{Cell, Choice, Column, Link, Table},
};

use super::{IntakePages, RUN, contents, href, is_for_the_form, photos};
use crate::{batch::Batch, content::Content, known::Known, template::Choices, texts, words};

#[derive(Template)]
#[template(path = "intake/upload.html")]
pub(crate) struct UploadPage {
    pub shell: Shell,
    pub form: FormState,
    pub contents: Vec<Choice>,
    pub templates: Vec<Link>,
    /// A ledger may be among them, which may come with photos.
    pub photos: bool,
    pub files: Table,
}

pub(super) async fn show(visit: Visit, State(pages): State<IntakePages>) -> Result<Response, Failed> {
    visit.need_any(RUN)?;
    let page = compose(&visit, &pages, visit.form()).await?;
    Ok(web::page(&page))
}

async fn compose(visit: &Visit, pages: &IntakePages, form: FormState) -> Result<UploadPage, Problem> {
    let files = pages.importer(visit).newest(visit.viewer.account).await?;
    let lang = visit.lang();
    let line = |batch: &Batch| {
        vec![
            Cell::link(words::source(batch), href(batch.id)).more(words::content(lang, batch.body.content)),
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
    let may = contents(visit);
    let form = match (form.value("content"), may.as_slice()) {
        // Nothing is chosen for whoever has a choice: a ledger read as a register tells a confusing story.
        ("", [only]) => form.with("content", only.name()),
        _ => form,
    };
    Ok(UploadPage {
        form: form.label("file", texts::intake_file(lang)).label("photos", texts::intake_photos(lang)),
        contents: may.iter().map(|content| choice(lang, *content)).collect(),
        templates: may.iter().map(|content| template_link(lang, *content)).collect(),
        photos: may.contains(&Content::Hazards),
        files: Table { caption, columns, rows: files.iter().map(line).collect() },
        shell: visit.shell(texts::intake_title(lang)).at("intake"),
    })
}

fn choice(lang: Lang, content: Content) -> Choice {
    let hint = match content {
        Content::Register => texts::intake_hint_register(lang),
        Content::People => texts::intake_hint_people(lang),
        Content::Guards => texts::intake_hint_guards(lang),
        Content::Hazards => texts::intake_hint_hazards(lang),
    };
    Choice::new(content.name(), words::content(lang, content)).hint(hint)
}

fn template_link(lang: Lang, content: Content) -> Link {
    let label = texts::intake_template_of(lang, words::content(lang, content));
    Link::new(label, format!("/intake/template?content={}", content.name()))
}

pub(super) async fn submit(
    visit: Visit,
    State(pages): State<IntakePages>,
    request: Request,
) -> Result<Response, Failed> {
    visit.need_any(RUN)?;
    let headers = request.headers().clone();
    let mut chosen = String::new();
    let done = async {
        let limits = photos::limits_of(limits::INTAKE_TABLE_BYTES);
        let mut form = FormData::read(request, limits).await.map_err(too_big)?;
        csrf::verify(&visit.desk.csrf_secret, &visit.session().csrf, &headers, Some(&form))?;
        form.value("content").unwrap_or_default().clone_into(&mut chosen);
        let content = Content::named(&chosen).filter(|content| contents(&visit).contains(content));
        let content = content.ok_or_else(|| Refusal::new("intake-content-missing").on("content"))?;
        let (tables, others): (Vec<_>, Vec<_>) =
            form.take_files().into_iter().partition(|file| file.field == "file");
        let mut tables = tables.into_iter();
        let table = tables.next().ok_or_else(|| Refusal::new("intake-file-missing").on("file"))?;
        if tables.next().is_some() {
            return Err(Refusal::new("intake-one-file").on("file").into());
        }
        let importer = pages.importer(&visit);
        let file = (table.file_name.as_str(), form.value("sheet").unwrap_or_default());
        let id = importer.upload_sheet(visit.viewer.account, content, file, table.bytes).await?;
        let photos = photos::files(others);
        if content == Content::Hazards && !photos.is_empty() {
            let taken = importer.add_photos(visit.viewer.account, id, photos).await;
            if let Err(Problem::Refused(refusal)) = taken {
                return Err(Problem::Refused(refusal.on("photos")));
            }
            taken?;
        }
        Ok(id)
    };
    match done.await {
        Ok(id) => Ok(see_other(&href(id))),
        Err(problem) if is_for_the_form(&problem) => {
            let problem = match problem {
                Problem::Refused(refusal) if refusal.fields.is_empty() => {
                    Problem::Refused(refusal.on("file"))
                }
                other => other,
            };
            let form = visit.form().with("content", &chosen).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &pages, form).await?;
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

/// A form's limits speak of photos; here it is a file, perhaps with photos.
fn too_big(problem: Problem) -> Problem {
    match problem {
        Problem::Limit("photo_bytes") => Refusal::new("document-too-big")
            .with("most", limits::INTAKE_TABLE_BYTES / 1024 / 1024)
            .on("file")
            .into(),
        other => photos::too_big(other),
    }
}

/// Which template.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    content: String,
}

pub(super) async fn download(
    visit: Visit,
    State(pages): State<IntakePages>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failed> {
    visit.need_any(RUN)?;
    let may = contents(&visit);
    let content = Content::named(&wanted.content).or_else(|| may.first().copied());
    let content = content.filter(|content| may.contains(content)).ok_or(Problem::Forbidden)?;
    let viewer = visit.viewer.clone();
    let choices = visit
        .read(move |tx| {
            let known = Known::load(tx, &viewer, content.permission())?;
            let mut superiors = known.central_schools();
            superiors.insert(0, known.name_of(known.root));
            superiors.retain(|name| !name.is_empty());
            Ok(Choices { schools: known.institutions(), townships: known.townships(), superiors })
        })
        .await?;
    let rules = pages.importer(&visit).rules();
    let bytes = crate::template(visit.lang(), content, &rules, &choices).map_err(Problem::from)?;
    let name =
        format!("{}{}", words::content(visit.lang(), content), texts::intake_template_file(visit.lang()));
    let disposition = format!(
        "attachment; filename=\"{}-template.xlsx\"; filename*=UTF-8\'\'{}.xlsx",
        content.name(),
        web::encoded(&name)
    );
    let disposition = HeaderValue::from_str(&disposition).map_err(|e| Problem::Fault(e.to_string()))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}
