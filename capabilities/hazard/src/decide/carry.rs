//! 台账导入: at which stage a row of a ledger goes on here.

use journal::Parts;
use kernel::{Refusal, Timestamp, limits};
use rules::{DueBy, GuideAnswer};

use super::{Decision, Judge, take_on_rule};
use crate::{
    carried::{CarriedOver, CarriedPeople, CarriedText, CarryOver},
    event::HazardEvent,
    level::{Level, Number, StageCode},
    wording::photos,
};

/// What a ledger kept before this platform may reach back to.
const CARRIED_AT_MOST_DAYS: i64 = 366 * 30;

impl Judge<'_> {
    pub(super) fn carry_over(&self, asked: &CarryOver) -> Decision {
        if let Some(first) = self.carry_over_refusals(asked).into_iter().next() {
            return Err(first);
        }
        let unit = self.facts.unit.as_ref().ok_or_else(|| Refusal::new("unit-unknown").on("unit"))?;
        let text = self.carried_text(&asked.text)?;
        let (stage, due) = self.carried_stage(asked, &text)?;
        let anew = stage == StageCode::Registered;
        let core = CarriedOver {
            number: Number { year: asked.found_at.local_date().year(), serial: self.facts.serial },
            unit: asked.unit,
            township: unit.township,
            central: unit.central,
            county: unit.county,
            category: asked.category.clone(),
            level: asked.level.filter(|_| !anew),
            ledger_level: asked.level,
            source: asked.source.clone(),
            found_at: asked.found_at,
            by: self.context.standing.person,
            stage,
            due,
            responsible: asked.responsible.filter(|_| self.facts.person_at_unit),
            funds_cents: asked.funds_cents,
            ledger_due: asked.due,
            fixed_at: asked.fixed_at,
            closed_at: asked.closed_at.filter(|_| asked.closed),
            ledger_number: self.wording().maybe_said(
                "ledger_number",
                &asked.ledger_number,
                limits::NAME_CHARS,
            )?,
            row: asked.row,
        };
        let people = self.carried_people(&asked.people)?;
        Ok(vec![HazardEvent::CarriedOver(Parts::with_personal(core, Some(text), people))])
    }

    /// Everything that speaks against a row, so that whoever mends a ledger hears it all at once.
    pub(crate) fn carry_over_refusals(&self, asked: &CarryOver) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        match &self.facts.unit {
            None => refusals.push(Refusal::new("unit-unknown").on("unit")),
            // What was closed may lie at a school that is closed by now.
            Some(unit) if !unit.institution || (unit.closed && !asked.closed) => {
                refusals.push(Refusal::new("hazard-unit-not-open").on("unit"));
            }
            Some(_) => {}
        }
        refusals.extend(self.category(&asked.category).err());
        let known = |code: &str| self.rules.sources().iter().any(|source| *source.code == *code);
        if !asked.source.is_empty() && !known(&asked.source) {
            refusals.push(Refusal::new("hazard-source-unknown").on("source"));
        }
        refusals.extend(self.wrong_days(asked));
        if asked.funds_cents.is_some_and(|cents| cents < 0) {
            refusals.push(Refusal::new("amount-negative").on("funds"));
        }
        refusals.extend(self.wrong_words(asked));
        refusals
    }

    /// Nothing lies in the future but a deadline, and nothing before it was found.
    fn wrong_days(&self, asked: &CarryOver) -> Vec<Refusal> {
        let day = |code: &'static str, at: Timestamp, field: &'static str| {
            Refusal::new(code).with("date", at.local_date()).on(field)
        };
        let mut wrong = Vec::new();
        if self.now.since_ms(asked.found_at) > CARRIED_AT_MOST_DAYS * Timestamp::DAY_MS {
            wrong.push(day("date-too-old", asked.found_at, "found_at"));
        }
        // One day that stands for both is wrong once.
        let closed_at = asked.closed_at.filter(|_| asked.closed_at != asked.fixed_at);
        let done = [("found_at", Some(asked.found_at)), ("fixed_at", asked.fixed_at)];
        for (field, at) in done.into_iter().chain([("closed_at", closed_at), ("due", asked.due)]) {
            match at {
                Some(at) if at > self.now && field != "due" => wrong.push(day("date-in-future", at, field)),
                Some(at) if at.local_date() < asked.found_at.local_date() => {
                    wrong.push(day("hazard-before-found", at, field));
                }
                Some(_) | None => {}
            }
        }
        if let (Some(fixed), Some(closed)) = (asked.fixed_at, closed_at)
            && closed.local_date() < fixed.local_date()
        {
            wrong.push(day("hazard-closed-before-fixed", closed, "closed_at"));
        }
        wrong
    }

    /// Texts that are missing, too long or not for a ledger, and photos that are none.
    fn wrong_words(&self, asked: &CarryOver) -> Vec<Refusal> {
        let (text, people) = (&asked.text, &asked.people);
        let (long, name) = (limits::TEXT_CHARS, limits::NAME_CHARS);
        let may = [
            ("place", &text.place, name),
            ("measures", &text.measures, long),
            ("funds", &text.funds, long),
            ("contingency", &text.contingency, long),
            ("remark", &text.remark, long),
            ("ledger_number", &asked.ledger_number, name),
            ("found_by", &people.found_by, name),
            ("responsible", &people.responsible, name),
            ("accepted_by", &people.accepted_by, name),
        ];
        let what = self.wording().said("description", &text.description, long).err();
        let words = may
            .into_iter()
            .filter_map(|(field, text, most)| self.wording().maybe_said(field, text, most).err());
        let pictures = [photos(&text.photos, "photos").err(), photos(&text.after, "after_photos").err()];
        what.into_iter().chain(words).chain(pictures.into_iter().flatten()).collect()
    }

    fn carried_text(&self, text: &CarriedText) -> Result<CarriedText, Refusal> {
        Ok(CarriedText {
            description: self.wording().said("description", &text.description, limits::TEXT_CHARS)?,
            place: self.wording().maybe_said("place", &text.place, limits::NAME_CHARS)?,
            measures: self.wording().maybe_said("measures", &text.measures, limits::TEXT_CHARS)?,
            funds: self.wording().maybe_said("funds", &text.funds, limits::TEXT_CHARS)?,
            contingency: self.wording().maybe_said("contingency", &text.contingency, limits::TEXT_CHARS)?,
            remark: self.wording().maybe_said("remark", &text.remark, limits::TEXT_CHARS)?,
            photos: photos(&text.photos, "photos")?,
            after: photos(&text.after, "after_photos")?,
        })
    }

    fn carried_people(&self, people: &CarriedPeople) -> Result<CarriedPeople, Refusal> {
        Ok(CarriedPeople {
            found_by: self.wording().maybe_said("found_by", &people.found_by, limits::NAME_CHARS)?,
            responsible: self.wording().maybe_said("responsible", &people.responsible, limits::NAME_CHARS)?,
            accepted_by: self.wording().maybe_said("accepted_by", &people.accepted_by, limits::NAME_CHARS)?,
        })
    }

    /// The stage the ledger proves, with the deadline that counts from now on: the ledger's own once all five are
    /// fixed, a fresh one by the rules before that.
    fn carried_stage(
        &self,
        asked: &CarryOver,
        text: &CarriedText,
    ) -> Result<(StageCode, Option<DueBy>), Refusal> {
        if asked.closed {
            return Ok((StageCode::CarriedOver, None));
        }
        let responsible = asked.responsible.is_some() && self.facts.person_at_unit;
        if let Some(due) = asked.due.filter(|_| responsible && self.five_fixed(asked, text)) {
            return Ok((StageCode::Rectifying, Some(self.due_at(due)?)));
        }
        let (stage, rule) = match (self.level_settled(asked), responsible) {
            (false, _) => (StageCode::Registered, "hazard.grade"),
            (true, false) => (StageCode::Graded, "hazard.assign"),
            (true, true) => (StageCode::Assigned, take_on_rule(asked.level)),
        };
        Ok((stage, Some(self.due_by(rule, self.now)?)))
    }

    /// Level, funds, measures and contingency plan say something; responsibility and deadline are looked at elsewhere.
    fn five_fixed(&self, asked: &CarryOver, text: &CarriedText) -> bool {
        let says = |text: &str| !self.rules.is_filler(text);
        let funded = asked.funds_cents.is_some() || says(&text.funds);
        asked.level.is_some() && funded && says(&text.measures) && says(&text.contingency)
    }

    /// A level below major stands only where the guide has no question that nobody answered.
    fn level_settled(&self, asked: &CarryOver) -> bool {
        match asked.level {
            None => false,
            Some(Level::Major) => true,
            Some(Level::General | Level::Larger) => {
                match self.rules.judge_major(&asked.category, self.now.local_date(), &[]) {
                    GuideAnswer::NotMajor | GuideAnswer::NotLoaded { .. } | GuideAnswer::NotCovered => true,
                    GuideAnswer::Major { .. }
                    | GuideAnswer::Unsettled { .. }
                    | GuideAnswer::Incomplete { .. } => false,
                }
            }
        }
    }
}
