//! 登记、立行立改、更正、撤销.

use journal::Parts;
use kernel::{Refusal, Timestamp, limits};
use rules::Category;

use super::{Decision, Judge, check::photos};
use crate::{
    command::{OnTheSpot, Registration},
    event::{
        Corrected, FixedOnSpot, FixedOnSpotText, HazardEvent, Position, Registered, RegisteredText, Withdrawn,
    },
    facts::UnitFacts,
    level::{Level, Number},
    state::{Acceptor, HazardState},
};

/// A hazard cannot have been found longer ago than this: older ones belong into an import.
const FOUND_AT_MOST_DAYS_AGO: i64 = 366 * 3;

impl Judge<'_> {
    pub(super) fn register(&self, asked: &Registration) -> Decision {
        let unit = self.facts.unit.as_ref().ok_or_else(|| Refusal::new("unit-unknown").on("unit"))?;
        if unit.closed || !unit.institution {
            return Err(Refusal::new("hazard-unit-not-open").on("unit"));
        }
        let category = self.category(&asked.category)?;
        if !self.rules.sources().iter().any(|source| *source.code == *asked.source) {
            return Err(Refusal::new("hazard-source-unknown").on("source"));
        }
        let found_at = asked.found_at.unwrap_or(self.now);
        self.check_found(found_at)?;
        let number = self.number(asked, found_at)?;
        let mut description = self.maybe_said("description", &asked.description, limits::TEXT_CHARS)?;
        if description.is_empty() {
            // No typing needed: the category and the photo say it.
            if asked.photos.is_empty() {
                return Err(Refusal::new("hazard-description-or-photo").on("description"));
            }
            description = category.name.zh.to_string();
        }
        let text = RegisteredText {
            description,
            place: self.maybe_said("place", &asked.place, limits::NAME_CHARS)?,
            photos: photos(&asked.photos)?,
        };
        let due = match asked.on_the_spot {
            Some(_) => None,
            None => Some(self.due_by("hazard.grade", self.now)?),
        };
        let core = Registered {
            number,
            unit: asked.unit,
            township: unit.township,
            central: unit.central,
            county: unit.county,
            category: asked.category.clone(),
            source: asked.source.clone(),
            found_at,
            by: self.context.standing.person,
            due,
            position: asked.position.filter(sane),
        };
        let mut events = vec![HazardEvent::Registered(Parts::with_text(core, text))];
        if let Some(fix) = &asked.on_the_spot {
            events.push(self.fixed_on_spot(fix, category, unit)?);
        }
        Ok(events)
    }

    /// The category, if it may be chosen. H16, H17 and H22 wait for the restricted vault: choosing one stores
    /// nothing and shows whom to call.
    fn category(&self, code: &str) -> Result<&Category, Refusal> {
        let category = self
            .rules
            .category(code)
            .ok_or_else(|| Refusal::new("hazard-category-unknown").on("category"))?;
        if category.is_on() {
            Ok(category)
        } else {
            Err(Refusal::new("hazard-category-restricted").with("category", code).on("category"))
        }
    }

    fn check_found(&self, found_at: Timestamp) -> Result<(), Refusal> {
        if found_at > self.now {
            return Err(Refusal::new("date-in-future").with("date", found_at.local_date()).on("found_at"));
        }
        if self.now.since_ms(found_at) > FOUND_AT_MOST_DAYS_AGO * Timestamp::DAY_MS {
            return Err(Refusal::new("date-too-old").with("date", found_at.local_date()).on("found_at"));
        }
        Ok(())
    }

    fn number(&self, asked: &Registration, found_at: Timestamp) -> Result<Number, Refusal> {
        match asked.number {
            Some(number) if self.facts.number_taken => {
                Err(Refusal::new("hazard-number-taken").with("number", number).on("number"))
            }
            Some(number) => Ok(number),
            None => Ok(Number { year: found_at.local_date().year(), serial: self.facts.serial }),
        }
    }

    fn fixed_on_spot(
        &self,
        fix: &OnTheSpot,
        category: &Category,
        unit: &UnitFacts,
    ) -> Result<HazardEvent, Refusal> {
        let after = photos(&fix.photos)?;
        if after.is_empty() {
            return Err(Refusal::new("hazard-after-photo-missing").on("after_photos"));
        }
        let prefill = category.prefill.as_ref();
        let words =
            |pick: fn(&rules::FiveFixed) -> &str| prefill.map(|p| pick(p).to_owned()).unwrap_or_default();
        let measures = words(|p| &p.measures);
        let note = self.maybe_said("fix_note", &fix.note, limits::TEXT_CHARS)?;
        let text = FixedOnSpotText {
            note: if note.is_empty() { measures.clone() } else { note },
            photos: after,
            responsibility: words(|p| &p.responsibility),
            funds: words(|p| &p.funds),
            measures,
            contingency: words(|p| &p.contingency),
        };
        let core = FixedOnSpot {
            level: Level::General,
            by: self.context.standing.person,
            acceptor: self.acceptor(false, unit.central.is_some()).name().to_owned(),
            due: self.due_by("hazard.acceptance", self.now)?,
        };
        Ok(HazardEvent::FixedOnSpot(Parts::with_text(core, text)))
    }

    /// Who accepts: the county for major ones; else somebody else at the school, the central school where there is
    /// nobody else, the county where there is no central school either.
    pub(super) fn acceptor(&self, major: bool, has_central: bool) -> Acceptor {
        match (major, self.facts.second_person, has_central) {
            (true, _, _) | (false, false, false) => Acceptor::County,
            (false, true, _) => Acceptor::School,
            (false, false, true) => Acceptor::Central,
        }
    }

    pub(super) fn correct(
        &self,
        hazard: &HazardState,
        category: &str,
        description: &str,
        place: &str,
    ) -> Decision {
        if !hazard.stage.code().is_open() {
            return Err(Self::wrong_stage(hazard, "correct"));
        }
        self.category(category)?;
        let text = RegisteredText {
            description: self.said("description", description, limits::TEXT_CHARS)?,
            place: self.maybe_said("place", place, limits::NAME_CHARS)?,
            photos: Vec::new(),
        };
        let same = hazard.category == category
            && hazard.description.as_deref() == Some(text.description.as_str())
            && hazard.place.as_deref() == Some(text.place.as_str());
        if same {
            return Ok(Vec::new());
        }
        Ok(vec![HazardEvent::Corrected(Parts::with_text(Corrected { category: category.to_owned() }, text))])
    }

    pub(super) fn withdraw(
        &self,
        hazard: &HazardState,
        duplicate: bool,
        note: &crate::event::Note,
    ) -> Decision {
        if !hazard.stage.code().is_open() {
            return Err(Self::wrong_stage(hazard, "withdraw"));
        }
        if hazard.is_major() && !self.context.standing.may("hazard.county") {
            return Err(Refusal::new("hazard-county-decides"));
        }
        let why = if duplicate { "duplicate" } else { "mistaken" }.to_owned();
        Ok(vec![HazardEvent::Withdrawn(Parts::with_text(Withdrawn { why }, self.reason(note)?))])
    }
}

/// A phone may claim anything; what lies off the globe is dropped, not refused.
fn sane(position: &Position) -> bool {
    position.latitude.abs() <= 90.0 && position.longitude.abs() <= 180.0
}
