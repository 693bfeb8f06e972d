//! Photos that come with a form. They are stored as they come; when the form is shown again they stay with it.

use std::sync::Arc;

use attachments::{FileHash, Store};
use kernel::{Problem, Refusal};
use web::{Desk, FormData, FormState, KeptFile, UploadedFile, Visit};

use crate::event::Photo;

/// The photos of one field.
pub struct Brought {
    field: &'static str,
    /// Those an earlier answer kept, then those that came now.
    pub photos: Vec<Photo>,
    /// Why one of them was not taken.
    problem: Option<Problem>,
}

impl Brought {
    /// The photos, or what is wrong with one of them.
    ///
    /// # Errors
    /// Why one of them was not taken.
    pub fn all(&self) -> Result<Vec<Photo>, Problem> {
        self.problem.clone().map_or_else(|| Ok(self.photos.clone()), Err)
    }

    /// Stores what came in `field`, unless that was done before.
    ///
    /// # Errors
    /// Whatever the disk or the writer answers; a file that is no photo is a problem of the form, not an error.
    pub async fn take(
        visit: &Visit,
        store: &Arc<Store>,
        form: &FormData,
        files: Vec<UploadedFile>,
        field: &'static str,
    ) -> Result<Self, Problem> {
        let mut photos: Vec<Photo> = visit.kept(form, field).into_iter().map(Photo).collect();
        if files.is_empty() {
            return Ok(Self { field, photos, problem: None });
        }
        let (stored, problem) = stored(&visit.desk, store, files).await?;
        photos.extend(stored);
        let problem = problem.map(|problem| match problem {
            Problem::Refused(refusal) => Problem::Refused(Refusal { fields: vec![field], ..refusal }),
            other => other,
        });
        Ok(Self { field, photos, problem })
    }

    /// The form with its photos, so that they need not be chosen again.
    ///
    /// # Errors
    /// Whatever the disk or the database answers.
    pub async fn again(
        &self,
        visit: &Visit,
        store: &Arc<Store>,
        form: FormState,
    ) -> Result<FormState, Problem> {
        let hashes: Vec<FileHash> = self.photos.iter().filter_map(|photo| photo.0.parse().ok()).collect();
        let asked = hashes.clone();
        let small = visit
            .read(move |tx| {
                let small = asked.iter().map(|hash| Ok(attachments::thumbnail(tx, *hash)?.unwrap_or(*hash)));
                small.collect::<Result<Vec<_>, Problem>>()
            })
            .await?;
        let store = Arc::clone(store);
        let pictures = tokio::task::spawn_blocking(move || {
            small.into_iter().map(|hash| store.read(hash)).collect::<Result<Vec<_>, _>>()
        });
        let pictures = pictures.await.map_err(|e| Problem::Fault(e.to_string()))??;
        let kept = hashes.iter().zip(&pictures);
        let kept = kept
            .map(|(hash, bytes)| KeptFile::photo(visit.ticket(self.field, &hash.to_string()), bytes))
            .collect();
        Ok(form.keeping(self.field, kept))
    }

    /// The form of a refused act, with everything typed and brought. A program gets the fields by name instead of a
    /// page, and what no form can mend is no matter of the form.
    ///
    /// # Errors
    /// The problem itself then; otherwise as [`Self::again`].
    pub async fn refused(
        &self,
        visit: &Visit,
        store: &Arc<Store>,
        (problem, form): (Problem, FormState),
    ) -> Result<(Problem, FormState), Problem> {
        let of_form = matches!(problem, Problem::Refused(_) | Problem::Invalid(_) | Problem::Stale(_));
        if !of_form || visit.prefs.json {
            return Err(problem);
        }
        Ok((problem, self.again(visit, store, form).await?))
    }
}

/// Stores photos, and says why one of them was not taken.
///
/// # Errors
/// Whatever the disk or the writer answers; a file that is no photo is a problem of the form, not an error.
pub async fn stored(
    desk: &Desk,
    store: &Arc<Store>,
    files: Vec<UploadedFile>,
) -> Result<(Vec<Photo>, Option<Problem>), Problem> {
    let left_out = FormData::left_out(&files).err();
    let files: Vec<UploadedFile> = files.into_iter().filter(|file| file.left_out.is_none()).collect();
    let store = Arc::clone(store);
    // Decoding takes a while.
    let answers = tokio::task::spawn_blocking(move || {
        files.iter().map(|file| store.put_photo(&file.bytes)).collect::<Vec<_>>()
    });
    let (mut stored, mut problem) = (Vec::new(), left_out);
    for answer in answers.await.map_err(|e| Problem::Fault(e.to_string()))? {
        match answer.map_err(Problem::from) {
            Ok(photo) => stored.push(photo),
            Err(refused @ (Problem::Refused(_) | Problem::Invalid(_))) => problem = Some(refused),
            Err(other) => return Err(other),
        }
    }
    let photos = stored.iter().map(|photo| Photo(photo.hash.to_string())).collect();
    let now = desk.clock.now();
    desk.handle
        .housekeep(move |tx| stored.iter().try_for_each(|photo| attachments::remember(tx, photo, now)))
        .await?;
    Ok((photos, problem))
}
