//! 登记、立行立改、更正、撤销.

use journal::Parts;
use kernel::{Refusal, StreamId, Timestamp, limits};
use organisation::Seat;
use rules::{Category, GuideAnswer};

use super::{Decision, Judge, rules_missing};
use crate::{
    command::{OnTheSpot, Registration},
    event::{
        Corrected, FixedOnSpot, FixedOnSpotText, HazardEvent, NamedHazard, Position, Registered,
        RegisteredPersonal, RegisteredText, Withdrawn,
    },
    level::{Acceptor, GuideSaid, Level, Number, StageCode, WithdrawnWhy},
    repetition::place_key,
    state::HazardState,
    wording::{check_after, photos},
};

/// A hazard cannot have been found longer ago than this: older ones belong into an import.
const FOUND_AT_MOST_DAYS_AGO: i64 = 366 * 3;

/// The largest serial an imported ledger may have used.
const MOST_SERIAL: u32 = 99_999;

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
        let mut description =
            self.wording().maybe_said("description", &asked.description, limits::TEXT_CHARS)?;
        if description.is_empty() {
            // No typing needed: the category and the photo say it.
            if asked.photos.is_empty() {
                return Err(Refusal::new("hazard-description-or-photo").on("description"));
            }
            description = category.name.zh.to_string();
        }
        let text = RegisteredText {
            description,
            place: self.wording().maybe_said("place", &asked.place, limits::NAME_CHARS)?,
            photos: photos(&asked.photos, "photos")?,
        };
        let due = match asked.on_the_spot {
            Some(_) => None,
            None => Some(self.due_by("hazard.grade", self.now)?),
        };
        let repeats_since = self.repeats_since(&text.place, found_at)?;
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
            answers: self.answered(&asked.category, &asked.answers)?,
            repeats: self.repeats(repeats_since),
            repeats_since,
        };
        let position = asked.position.and_then(sane);
        let personal = position.map(|position| RegisteredPersonal { position: Some(position) });
        let mut events = vec![HazardEvent::Registered(Parts { core, text: Some(text), personal })];
        if let Some(fix) = &asked.on_the_spot {
            if asked.photos.is_empty() {
                return Err(Refusal::new("hazard-before-photo-missing").on("photos"));
            }
            check_after(&asked.photos, &fix.photos, "after_photos")?;
            self.check_on_spot(found_at)?;
            events.push(self.fixed_on_spot(fix, category, unit)?);
        }
        Ok(events)
    }

    /// The category, if it may be chosen. H16, H17 and H22 wait for the restricted vault: choosing one stores
    /// nothing and shows whom to call.
    pub(super) fn category(&self, code: &str) -> Result<&Category, Refusal> {
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
            return Err(Refusal::new("date-in-future").with("date", found_at.local_date()).on("found"));
        }
        if self.now.since_ms(found_at) > FOUND_AT_MOST_DAYS_AGO * Timestamp::DAY_MS {
            return Err(Refusal::new("date-too-old").with("date", found_at.local_date()).on("found"));
        }
        Ok(())
    }

    /// 立行立改 means within a day of finding it; what took longer goes the long way.
    fn check_on_spot(&self, found_at: Timestamp) -> Result<(), Refusal> {
        let latest = self.due_by("hazard.onspot", found_at)?.at;
        if self.now > latest {
            return Err(Refusal::new("hazard-on-spot-too-late")
                .with("latest", latest.local_date())
                .with("rule", "hazard.onspot")
                .on("found"));
        }
        Ok(())
    }

    fn number(&self, asked: &Registration, found_at: Timestamp) -> Result<Number, Refusal> {
        match asked.number {
            Some(number) if self.facts.number_taken => {
                Err(Refusal::new("hazard-number-taken").with("number", number).on("number"))
            }
            Some(number) if number.serial == 0 || number.serial > MOST_SERIAL => {
                Err(Refusal::new("hazard-number-shape").with("number", number).on("number"))
            }
            // A ledger runs from January to December: its year is that of finding or of writing down.
            Some(number)
                if number.year < found_at.local_date().year()
                    || number.year > self.now.local_date().year() =>
            {
                Err(Refusal::new("hazard-number-shape").with("number", number).on("number"))
            }
            Some(number) => Ok(number),
            None => Ok(Number { year: found_at.local_date().year(), serial: self.facts.serial }),
        }
    }

    fn fixed_on_spot(
        &self,
        fix: &OnTheSpot,
        category: &Category,
        unit: &Seat,
    ) -> Result<HazardEvent, Refusal> {
        let after = photos(&fix.photos, "after_photos")?;
        if after.is_empty() {
            return Err(Refusal::new("hazard-after-photo-missing").on("after_photos"));
        }
        let prefill = category.prefill.as_ref();
        let words =
            |pick: fn(&rules::FiveFixed) -> &str| prefill.map(|p| pick(p).to_owned()).unwrap_or_default();
        let measures = words(|p| &p.measures);
        let reused = self.reused(&fix.reused, &after);
        let note = self.wording().maybe_said("fix_note", &fix.note, limits::TEXT_CHARS)?;
        let text = FixedOnSpotText {
            note,
            photos: after,
            responsibility: words(|p| &p.responsibility),
            funds: words(|p| &p.funds),
            measures,
            contingency: words(|p| &p.contingency),
        };
        let answers = self.answered(&category.code, &fix.answers)?;
        let guide = self.guided(&category.code, &fix.answers)?;
        // What is major is never over with a fix: the county has to know of it.
        if guide == GuideSaid::Major {
            return Err(Refusal::new("hazard-on-spot-major").on("guide"));
        }
        let core = FixedOnSpot {
            level: Level::General,
            guide: Some(guide.into()),
            answers,
            by: self.context.standing.person,
            acceptor: self.acceptor(false, unit.central.is_some()).into(),
            due: self.due_by("hazard.acceptance", self.now)?,
            reused,
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
        if !hazard.stage.code().before_proof() {
            return Err(Self::wrong_stage(hazard, "correct"));
        }
        self.authority(hazard, "hazard.grade")?;
        self.category(category)?;
        self.check_regrade(hazard, category)?;
        let text = RegisteredText {
            description: self.wording().said("description", description, limits::TEXT_CHARS)?,
            place: self.wording().maybe_said("place", place, limits::NAME_CHARS)?,
            photos: Vec::new(),
        };
        let same = hazard.category == category
            && hazard.description.as_deref() == Some(text.description.as_str())
            && hazard.place.as_deref() == Some(text.place.as_str());
        if same {
            return Ok(Vec::new());
        }
        let repeats_since = self.repeats_since(&text.place, hazard.found_at)?;
        let repeats = self.repeats(repeats_since);
        let core = Corrected { category: category.to_owned(), repeats, repeats_since, by: self.by() };
        Ok(vec![HazardEvent::Corrected(Parts::with_text(core, text))])
    }

    /// 重复隐患: the first day whose hazards are repeated by one found then, where a place is named.
    fn repeats_since(&self, place: &str, found_at: Timestamp) -> Result<Option<Timestamp>, Refusal> {
        if place_key(place).is_empty() {
            return Ok(None);
        }
        let rule = "hazard.recurrence";
        self.rules.opened(rule, found_at).map(Some).map_err(|_| rules_missing(rule))
    }

    /// The earlier hazard of the same place and category, where the window reaches back to it.
    fn repeats(&self, since: Option<Timestamp>) -> Option<NamedHazard> {
        self.facts.earlier.filter(|earlier| earlier.within(since)).map(|earlier| earlier.named)
    }

    /// Another category may have questions of the major-hazard guide that nobody answered when it was graded.
    fn check_regrade(&self, hazard: &HazardState, category: &str) -> Result<(), Refusal> {
        if hazard.category == category || hazard.level.is_none() || hazard.is_major() {
            return Ok(());
        }
        match self.rules.judge_major(category, self.now.local_date(), &[]) {
            GuideAnswer::NotMajor | GuideAnswer::NotLoaded { .. } | GuideAnswer::NotCovered => Ok(()),
            GuideAnswer::Major { .. } | GuideAnswer::Unsettled { .. } | GuideAnswer::Incomplete { .. } => {
                Err(Refusal::new("hazard-category-graded").with("category", category).on("category"))
            }
        }
    }

    pub(super) fn withdraw(
        &self,
        hazard: &HazardState,
        duplicate: bool,
        same_as: Option<StreamId>,
        note: &crate::event::Note,
    ) -> Decision {
        let stage = hazard.stage.code();
        // A row of a ledger may have been carried over by mistake.
        let ledger = stage == StageCode::CarriedOver;
        if !stage.before_proof() && !ledger {
            return Err(Self::wrong_stage(hazard, "withdraw"));
        }
        if let Some(kept) = &self.facts.kept {
            return Err(kept.clone());
        }
        // Nobody makes his own lateness vanish, nor what was once proved to be a hazard.
        if hazard.overdue_at(self.now) || hazard.recurrences > 0 || ledger {
            if !self.context.standing.may("hazard.county") {
                return Err(Refusal::new("hazard-county-decides"));
            }
        } else {
            self.authority(hazard, "hazard.withdraw")?;
        }
        let why = if duplicate { WithdrawnWhy::Duplicate } else { WithdrawnWhy::Mistaken }.into();
        let same_as = match same_as.filter(|_| duplicate) {
            Some(_) => {
                Some(self.facts.same_as.ok_or_else(|| Refusal::new("hazard-same-as-unknown").on("same_as"))?)
            }
            None => None,
        };
        let core = Withdrawn { why, same_as, by: self.by() };
        Ok(vec![HazardEvent::Withdrawn(Parts::with_text(core, self.wording().why(note)?))])
    }
}

/// A phone may claim anything; what lies off the globe is dropped, not refused. Seven decimals are a centimetre, and
/// few enough that every reader of the JSON gets the same number back.
fn sane(position: Position) -> Option<Position> {
    let inside = position.latitude.abs() <= 90.0 && position.longitude.abs() <= 180.0;
    inside.then(|| Position {
        latitude: (position.latitude * 1e7).round() / 1e7,
        longitude: (position.longitude * 1e7).round() / 1e7,
        accuracy_m: position.accuracy_m.filter(|m| (0.0..1e6).contains(m)).map(|m| (m * 10.0).round() / 10.0),
    })
}
