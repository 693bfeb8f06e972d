//! Photos for a ledger, together with it or afterwards.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use kernel::{Problem, Refusal, limits};
use uuid::Uuid;
use web::{Failed, Flash, FormData, FormLimits, UploadedFile, Visit, csrf, see_other_saying};

use super::{IntakePages, RUN, href, is_for_the_form, preview};
use crate::{photos::PhotoFile, texts};

/// Files of one upload: zips and single photos.
pub(super) const FILES: usize = 100;

pub(super) fn limits_of(extra: usize) -> FormLimits {
    let file_bytes = limits::INTAKE_PHOTOS_BYTES.max(limits::INTAKE_TABLE_BYTES);
    FormLimits {
        form_bytes: limits::INTAKE_PHOTOS_BYTES + extra,
        file_bytes,
        files: FILES,
        on_the_form: false,
    }
}

pub(super) fn files(files: Vec<UploadedFile>) -> Vec<PhotoFile> {
    let photos = files.into_iter().filter(|file| file.field == "photos" && !file.bytes.is_empty());
    photos.map(|file| PhotoFile { name: file.file_name, bytes: file.bytes }).collect()
}

pub(super) async fn submit(
    visit: Visit,
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    request: Request,
) -> Result<Response, Failed> {
    visit.need_any(RUN)?;
    let headers = request.headers().clone();
    let importer = pages.importer(&visit);
    let owner = visit.viewer.account;
    let done = async {
        let form = FormData::read(request, limits_of(0)).await.map_err(too_big);
        let mut form = form?;
        csrf::verify(&visit.desk.csrf_secret, &visit.session().csrf, &headers, Some(&form))?;
        let photos = files(form.take_files());
        if photos.is_empty() {
            return Err(Refusal::new("intake-file-missing").on("photos").into());
        }
        importer.add_photos(owner, id, photos).await
    };
    match done.await {
        Ok(found) => {
            let flash = Flash::done(texts::intake_photos_taken(visit.lang(), found));
            Ok(see_other_saying(&format!("{}?columns=1", href(id)), &flash))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let problem = match problem {
                Problem::Refused(refusal) => Problem::Refused(refusal.on("photos")),
                other => other,
            };
            preview::again(&visit, &importer, id, StatusCode::UNPROCESSABLE_ENTITY, &problem).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) fn too_big(problem: Problem) -> Problem {
    match problem {
        Problem::Limit("photo_bytes" | "form_bytes") => {
            Refusal::new("intake-photos-big").with("most", limits::INTAKE_PHOTOS_BYTES / 1024 / 1024).into()
        }
        Problem::Limit("photos_per_act" | "form_parts") => {
            Refusal::new("intake-photos-files").with("most", FILES).into()
        }
        other => other,
    }
}
