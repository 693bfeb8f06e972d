//! Lists and look-ups.

use kernel::Date;

use super::RuleBook;
use crate::{
    catalogue::{Category, Coded, Department, Measure, Place, PointKind, SchoolKind, Topic},
    clause::Text,
    guide::{Guide, GuideAnswer},
    ledger::LedgerList,
    likeness::{Meaning, SpokenOf},
    restricted::RestrictedTopic,
    rule::Rule,
    words::normalise,
};

/// A day that is worked or free against its weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialDay<'a> {
    /// The day.
    pub date: Date,
    /// People work.
    pub working: bool,
    /// What it is called.
    pub name: &'a Text,
}

impl RuleBook {
    /// All rules, by id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.0.rules.values().flatten()
    }

    /// Every rule of an id: its variants, and what each was from when to when.
    pub fn rule(&self, id: &str) -> &[Rule] {
        self.0.rules.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The days that are worked or free against their weekday, in order.
    pub fn special_days(&self) -> impl Iterator<Item = SpecialDay<'_>> {
        self.0.calendar.days().map(|(date, day)| SpecialDay { date, working: day.working, name: &day.name })
    }

    /// The years whose special days are complete.
    pub fn calendar_years(&self) -> impl Iterator<Item = i16> {
        self.0.calendar.years()
    }

    /// What is in force on a day in another book and not in this one: rules by what they were and are. Rules that only
    /// one of both has are left out: an overlay makes none.
    pub fn changed<'a>(&'a self, other: &'a Self, on: Date) -> Vec<(&'a Rule, &'a Rule)> {
        let in_force = |rule: &&Rule| rule.active && rule.is_in_force(on);
        let was = self.rules().filter(in_force);
        let pairs = was.filter_map(|was| {
            let is = other.rule(&was.id).iter().filter(in_force).find(|is| is.scope == was.scope)?;
            Some((was, is))
        });
        pairs.filter(|(was, is)| was.value != is.value || was.variant != is.variant).collect()
    }

    /// What each file is about and where it comes from.
    pub fn topics(&self) -> &[Topic] {
        &self.0.topics
    }

    /// Hazard categories, most common first; those that are off included.
    pub fn categories(&self) -> &[Category] {
        &self.0.categories
    }

    /// A hazard category by its code.
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.0.categories.iter().find(|category| category.code.as_ref() == code)
    }

    /// Sources of hazards.
    pub fn sources(&self) -> &[Coded] {
        &self.0.sources
    }

    /// Kinds of check.
    pub fn check_kinds(&self) -> &[Coded] {
        &self.0.checks
    }

    /// The 28 measures, by number.
    pub fn measures(&self) -> &[Measure] {
        &self.0.measures
    }

    /// Departments.
    pub fn departments(&self) -> &[Department] {
        &self.0.departments
    }

    /// Kinds of place within a school; the first one stands for all of it.
    pub fn point_kinds(&self) -> &[PointKind] {
        &self.0.point_kinds
    }

    /// Kinds of school.
    pub fn school_kinds(&self) -> &[SchoolKind] {
        &self.0.school_kinds
    }

    /// Province, city, counties and townships.
    pub fn places(&self) -> &[Place] {
        &self.0.places
    }

    /// All areas of the major-hazard guide.
    pub fn guides(&self) -> &[Guide] {
        &self.0.guides
    }

    /// The area of the guide a category belongs to; none if the guide does not cover it.
    pub fn guide(&self, category: &str) -> Option<&Guide> {
        let area = self.category(category)?.guide.as_ref()?;
        self.0.guides.iter().find(|guide| guide.id == *area)
    }

    /// Judges a hazard by the guide in force on a day from (item id, met) answers.
    pub fn judge_major(&self, category: &str, on: Date, answers: &[(&str, bool)]) -> GuideAnswer {
        self.guide(category).map_or(GuideAnswer::NotCovered, |guide| guide.judge(on, answers))
    }

    /// Whether a text tells nothing of what was done, where photos show the rest: 已整改 does, 无 and 按要求 do not.
    pub fn tells_nothing_done(&self, text: &str) -> bool {
        self.0.fillers.tell_nothing_done(text)
    }

    /// Whether a five-fixed text says nothing.
    pub fn is_filler(&self, text: &str) -> bool {
        self.0.fillers.contains(text)
    }

    /// What a description speaks of, with the place that was named for it.
    pub fn spoken_of(&self, place: &str, words: &str) -> SpokenOf {
        self.0.lexicon.spoken_of(place, words)
    }

    /// The word that stands for a thing of [`SpokenOf`].
    pub fn thing_word(&self, meaning: Meaning) -> Option<&str> {
        self.0.lexicon.thing(meaning)
    }

    /// The word that stands for a fault of [`SpokenOf`].
    pub fn fault_word(&self, meaning: Meaning) -> Option<&str> {
        self.0.lexicon.fault(meaning)
    }

    /// The restricted topic a free text looks like, if any.
    pub fn restricted_hint(&self, text: &str) -> Option<&RestrictedTopic> {
        self.restricted_phrase(text).map(|(topic, _)| topic)
    }

    /// The same with the wording that gave it away, as the list has it.
    pub fn restricted_phrase(&self, text: &str) -> Option<(&RestrictedTopic, &str)> {
        let plain = normalise(text);
        self.0.restricted.iter().find_map(|topic| topic.phrase_in(&plain).map(|phrase| (topic, phrase)))
    }

    /// What a word of a county's own ledger means: a name, a code, or a word the table lists.
    pub fn ledger_code(&self, list: LedgerList, text: &str) -> Option<&str> {
        self.0.ledger.exact(list, &normalise(text))
    }

    /// What such a word probably means: everything listed that it contains means the same. For a person to confirm.
    pub fn ledger_guess(&self, list: LedgerList, text: &str) -> Option<&str> {
        self.ledger_code(list, text).or_else(|| self.0.ledger.guess(list, &normalise(text)))
    }
}
