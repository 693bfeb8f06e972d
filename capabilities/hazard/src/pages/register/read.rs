//! What the form of a registration says.

use kernel::{FieldProblem, Problem, Timestamp, UnitId, limits};
use rules::RuleBook;
use web::{FormData, FormState, Visit};

use super::super::{HazardPages, brought::Brought, fields::guide_answers, lacking::field};
use crate::{
    command::{OnTheSpot, Registration},
    event::Position,
};

/// The photos of the hazard, and of what was done about it at once.
pub(super) struct Photos {
    before: Brought,
    after: Brought,
}

impl Photos {
    pub(super) async fn take(
        visit: &Visit,
        pages: &HazardPages,
        form: &FormData,
        files: Vec<web::UploadedFile>,
    ) -> Result<Self, Problem> {
        let (before, after): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.field == "photos");
        Ok(Self {
            before: Brought::take(visit, &pages.store, form, before, "photos").await?,
            after: Brought::take(visit, &pages.store, form, after, "after_photos").await?,
        })
    }

    pub(super) fn sent(&self) -> Sent {
        Sent { before: !self.before.photos.is_empty(), after: !self.after.photos.is_empty() }
    }

    pub(super) async fn again(
        &self,
        visit: &Visit,
        pages: &HazardPages,
        form: FormState,
    ) -> Result<FormState, Problem> {
        let form = self.before.again(visit, &pages.store, form).await?;
        self.after.again(visit, &pages.store, form).await
    }
}

/// The registration with its photos.
pub(super) fn asked(rules: &RuleBook, form: &FormData, photos: &Photos) -> Result<Registration, Problem> {
    let mut registration = registration(form)?;
    registration.photos = photos.before.all()?;
    let after = photos.after.all()?;
    if form.value("spot").is_some() {
        let note = form.value("fix_note").unwrap_or_default().to_owned();
        let answers = guide_answers(rules, &registration.category, form);
        registration.on_the_spot = Some(OnTheSpot { note, photos: after, answers, reused: Vec::new() });
    } else {
        registration.answers = guide_answers(rules, &registration.category, form);
        registration.answers.retain(|answer| answer.met);
    }
    Ok(registration)
}

/// The photos that came with a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    /// Of the hazard.
    before: bool,
    /// Of what was done about it at once.
    after: bool,
}

/// The words and photos that the form lacks.
pub(super) fn lacking(form: &FormData, sent: Sent) -> Vec<FieldProblem> {
    let empty = |name: &str| form.value(name).is_none_or(|text| text.trim().is_empty());
    let silent = !sent.before && empty("phrase") && empty("description");
    let spot = form.value("spot").is_some();
    let lacks = [
        silent.then(|| field("description", "hazard-description-or-photo")),
        (spot && !sent.before).then(|| field("photos", "hazard-before-photo-missing")),
        (spot && !sent.after).then(|| field("after_photos", "hazard-after-photo-missing")),
    ];
    lacks.into_iter().flatten().collect()
}

/// What the form says.
pub(in crate::pages) fn registration(form: &FormData) -> Result<Registration, Problem> {
    let mut read = form.reader();
    let unit = read.id::<UnitId>("unit").required().get();
    let description = read.text("description").max(limits::TEXT_CHARS).lines().opt().unwrap_or_default();
    let phrase = read.text("phrase").max(limits::NAME_CHARS).opt().unwrap_or_default();
    let place = read.text("place").max(limits::NAME_CHARS).opt();
    let used = read.text("place_used").max(limits::NAME_CHARS).opt();
    let found = read.date("found").get();
    read.finish()?;
    let description = match (phrase.is_empty(), description.is_empty()) {
        (true, _) => description,
        (false, true) => phrase,
        (false, false) => format!("{phrase}。{description}"),
    };
    Ok(Registration {
        unit: unit.unwrap_or(UnitId::NIL),
        category: form.value("category").unwrap_or_default().to_owned(),
        source: form.value("source").unwrap_or_default().to_owned(),
        description,
        place: place.or(used).unwrap_or_default(),
        photos: Vec::new(),
        position: position(form),
        // Today is now; another day is known only as a day.
        found_at: found.map(Timestamp::at_start_of),
        number: None,
        answers: Vec::new(),
        on_the_spot: None,
    })
}

fn position(form: &FormData) -> Option<Position> {
    let number =
        |field: &str| form.value(field).and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite());
    Some(Position {
        latitude: number("position_lat")?,
        longitude: number("position_lon")?,
        accuracy_m: number("position_accuracy"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(fields: &[(&str, &str)], before: bool) -> Vec<&'static str> {
        let form = FormData::from_pairs(fields.iter().copied());
        let problem = registration(&form).err().unwrap_or(Problem::Forbidden);
        match super::super::super::lacking::whole(problem, lacking(&form, Sent { before, after: false })) {
            Problem::Invalid(problems) => problems.iter().map(|problem| problem.field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn the_school_and_the_words_are_asked_for_together() {
        assert_eq!(lacks(&[], false), ["unit", "description"]);
        assert_eq!(lacks(&[], true), ["unit"], "a photo says it");
        assert_eq!(lacks(&[("phrase", "插座松动")], false), ["unit"]);
        assert_eq!(lacks(&[("spot", "1")], true), ["unit", "after_photos"]);
    }
}
