//! 定级、签收(五落实)、整改、延期.

use journal::Parts;
use kernel::{Coded, Refusal, Timestamp, limits};
use rules::{DueBy, GuideAnswer};

use super::{Decision, Judge, MAJOR_MAX, acceptance_rule, max_rule, rectify_rule};
use crate::{
    command::{Extension, GradeAs, PlanDraft, UsedBefore},
    event::{
        Acted, ExtensionAsked, ExtensionGranted, Graded, GuideItemAnswered, HazardEvent, Note, Rectified,
        TakenOn, TakenOnText,
    },
    level::{Acceptor, GuideSaid, Level},
    state::{HazardState, Plan, Stage},
    turn::Act,
    wording::check_after,
};

/// Characters of a refused text that the refusal repeats.
const SHOWN_CHARS: usize = 20;

impl Judge<'_> {
    pub(super) fn grade(&self, hazard: &HazardState, asked: &GradeAs) -> Decision {
        // A hazard may be graded anew as long as nobody has taken it on; up to major as long as nobody has accepted.
        let up = asked.level == Level::Major && !hazard.is_major();
        match &hazard.stage {
            Stage::Registered { .. } | Stage::Graded { .. } | Stage::Assigned { .. } => {}
            Stage::Rectifying { .. } | Stage::ExtensionAsked { .. } | Stage::AwaitingAcceptance { .. }
                if up => {}
            Stage::Rectifying { .. }
            | Stage::ExtensionAsked { .. }
            | Stage::AwaitingAcceptance { .. }
            | Stage::Accepted { .. }
            | Stage::Closed { .. }
            | Stage::Done { .. }
            | Stage::Withdrawn { .. }
            | Stage::CarriedOver { .. } => return Err(Self::wrong_stage(hazard, "grade")),
        }
        let answers = self.answered(&hazard.category, &asked.answers)?;
        let guide = self.guided(&hazard.category, &asked.answers)?;
        let forced = guide == GuideSaid::Major && asked.level != Level::Major;
        let level = if forced { Level::Major } else { asked.level };
        self.may_grade(hazard, level)?;
        let note = Note {
            note: self.wording().maybe_said("reason", &asked.reason, limits::TEXT_CHARS)?,
            photos: Vec::new(),
        };
        if hazard.is_major() && level != Level::Major && note.note.is_empty() {
            return Err(Refusal::new("hazard-lower-reason").on("note"));
        }
        let same_hands = hazard.is_major() == (level == Level::Major);
        // A new level within the same hands is no new deadline.
        let due = if let (Stage::Graded { due, .. }, true) = (&hazard.stage, same_hands) {
            due.clone()
        } else {
            self.due_by("hazard.assign", self.now)?
        };
        let core = Graded { level, guide: guide.into(), answers, forced, due, by: self.by() };
        Ok(vec![HazardEvent::Graded(Parts::with_text(core, note))])
    }

    /// Whoever grades may raise to major; everything else about a level follows [`Judge::authority`].
    fn may_grade(&self, hazard: &HazardState, level: Level) -> Result<(), Refusal> {
        if hazard.level == Some(level) {
            return Err(Refusal::new("hazard-level-same").on("level"));
        }
        if level == Level::Major {
            return Ok(());
        }
        self.authority(hazard, Act::Grade.permission()).map_err(|refusal| refusal.on("level"))
    }

    /// The answers to questions of the guide. One to a question that it does not have is refused: whoever ticked it, on
    /// a page from before the guide was changed, found something major.
    pub(super) fn answered(
        &self,
        category: &str,
        given: &[GuideItemAnswered],
    ) -> Result<Vec<GuideItemAnswered>, Refusal> {
        let guide = self.rules.guide(category);
        let mut answers: Vec<GuideItemAnswered> = Vec::new();
        for answer in given {
            let known = guide.is_some_and(|guide| guide.items.iter().any(|item| *item.id == *answer.item));
            if !known {
                let item: String = answer.item.chars().take(SHOWN_CHARS).collect();
                return Err(Refusal::new("hazard-guide-unknown").with("item", item).on("guide"));
            }
            if !answers.contains(answer) {
                answers.push(answer.clone());
            }
        }
        Ok(answers)
    }

    /// What the guide says of these answers; refused while a question is left open.
    pub(super) fn guided(&self, category: &str, given: &[GuideItemAnswered]) -> Result<GuideSaid, Refusal> {
        let answers: Vec<(&str, bool)> = given.iter().map(|a| (a.item.as_str(), a.met)).collect();
        match self.rules.judge_major(category, self.now.local_date(), &answers) {
            GuideAnswer::Major { .. } => Ok(GuideSaid::Major),
            GuideAnswer::NotMajor => Ok(GuideSaid::NotMajor),
            GuideAnswer::Unsettled { .. } => Ok(GuideSaid::Unsettled),
            GuideAnswer::NotLoaded { .. } => Ok(GuideSaid::NotLoaded),
            GuideAnswer::NotCovered => Ok(GuideSaid::NotCovered),
            GuideAnswer::Incomplete { missing, unknown } => Err(Refusal::new("hazard-guide-incomplete")
                .with("missing", missing.join(", "))
                .with("unknown", unknown.join(", "))
                .on("guide")),
        }
    }

    /// The five-fixed gate: nothing is taken on before responsibility, funds, measures, deadline and contingency
    /// plan say something.
    pub(super) fn take_on(&self, hazard: &HazardState, draft: &PlanDraft) -> Decision {
        let Stage::Assigned { responsible, .. } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "take-on"));
        };
        // Whoever was named signs, or somebody who could name another.
        let standing = self.context.standing;
        let named = responsible.is_some() && *responsible == standing.person;
        if !named && !standing.may("hazard.assign") {
            return Err(Refusal::new("hazard-not-responsible"));
        }
        let mut refusal = Refusal::new("hazard-five-fixed");
        let mut word = |field: &'static str, text: &str| -> String {
            match self.fixed(field, text) {
                Ok(text) => text,
                Err(reason) => {
                    refusal = std::mem::replace(&mut refusal, Refusal::new("")).because(field, reason);
                    String::new()
                }
            }
        };
        let text = TakenOnText {
            responsibility: word("responsibility", &draft.responsibility),
            funds: word("funds", &draft.funds),
            measures: word("measures", &draft.measures),
            contingency: word("contingency", &draft.contingency),
        };
        if draft.responsible.is_none() {
            refusal = refusal.because("responsible", Refusal::new("hazard-responsible-missing"));
        } else if !self.facts.person_at_unit {
            refusal = refusal.because("responsible", Refusal::new("hazard-person-elsewhere"));
        }
        let funds_cents = draft.funds_cents.unwrap_or(0);
        if funds_cents < 0 {
            refusal = refusal.because("funds_cents", Refusal::new("amount-negative"));
        }
        let due = match self.plan_due(hazard, draft.due) {
            Ok(due) => Some(due),
            Err(reason) => {
                refusal = refusal.because("due", reason);
                None
            }
        };
        match (draft.responsible, due) {
            (Some(responsible), Some(due)) if refusal.details.is_empty() => {
                let core = TakenOn { responsible, funds_cents, due, by: self.by() };
                Ok(vec![HazardEvent::TakenOn(Parts::with_text(core, text))])
            }
            _ => Err(refusal),
        }
    }

    /// A text of the five fixed: 无、按要求、立即整改 and their like say nothing.
    pub(super) fn fixed(&self, field: &'static str, text: &str) -> Result<String, Refusal> {
        let text = self.wording().said(field, text, limits::TEXT_CHARS)?;
        if self.rules.is_filler(&text) {
            let shown: String = text.chars().take(SHOWN_CHARS).collect();
            return Err(Refusal::new("hazard-five-fixed-filler").with("text", shown).on(field));
        }
        Ok(text)
    }

    pub(super) fn plan_due(&self, hazard: &HazardState, asked: Option<Timestamp>) -> Result<DueBy, Refusal> {
        let asked = asked.ok_or_else(|| Refusal::new("hazard-due-missing"))?;
        if asked <= self.now {
            return Err(Refusal::new("hazard-due-past").with("date", asked.local_date()));
        }
        let rule = rectify_rule(hazard.level);
        let bound = self.bounded(asked, rule.unwrap_or(MAJOR_MAX), self.now)?;
        // A major hazard's date is its plan's own, within a year.
        if rule.is_some() { Ok(DueBy { at: asked, ..bound }) } else { self.due_at(asked) }
    }

    /// The end of what a rule allows since `started`, when `asked` lies before it.
    pub(super) fn bounded(
        &self,
        asked: Timestamp,
        rule: &'static str,
        started: Timestamp,
    ) -> Result<DueBy, Refusal> {
        let bound = self.due_by(rule, started)?;
        if asked > bound.at {
            return Err(Refusal::new("hazard-due-too-late")
                .with("date", asked.local_date())
                .with("latest", bound.at.local_date())
                .with("rule", rule));
        }
        Ok(bound)
    }

    pub(super) fn progress(&self, hazard: &HazardState, note: &Note) -> Decision {
        if !hazard.stage.code().is_open() {
            return Err(Self::wrong_stage(hazard, "progress"));
        }
        if hazard.notes >= limits::NOTES_PER_HAZARD {
            return Err(Refusal::new("hazard-notes-full").with("most", limits::NOTES_PER_HAZARD).on("note"));
        }
        Ok(vec![HazardEvent::Progressed(Parts::with_text(
            Acted { by: self.by() },
            self.wording().told(note)?,
        ))])
    }

    pub(super) fn rectify(
        &self,
        hazard: &HazardState,
        note: &Note,
        spent_cents: Option<i64>,
        reused: &[UsedBefore],
    ) -> Decision {
        // Who is done while an extension is still being considered needs none.
        let (Stage::Rectifying { plan } | Stage::ExtensionAsked { plan, .. }) = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "rectify"));
        };
        let note = self.wording().told(note)?;
        if note.photos.is_empty() {
            return Err(Refusal::new("hazard-after-photo-missing").on("photos"));
        }
        check_after(&hazard.photos, &note.photos, "photos")?;
        if spent_cents.is_some_and(|cents| cents < 0) {
            return Err(Refusal::new("amount-negative").on("spent_cents"));
        }
        let core = Rectified {
            by: self.context.standing.person,
            spent_cents,
            acceptor: self.acceptor(hazard.is_major(), hazard.central_now().is_some()).into(),
            due: self.due_by(acceptance_rule(hazard.level), self.now)?,
            on_time: self.now <= plan.due.at && !plan.late,
            reused: self.reused(reused, &note.photos),
        };
        Ok(vec![HazardEvent::Rectified(Parts::with_text(core, note))])
    }

    pub(super) fn ask_extension(&self, hazard: &HazardState, until: Timestamp, note: &Note) -> Decision {
        let Stage::Rectifying { plan } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "ask-extension"));
        };
        if until <= plan.due.at {
            return Err(Refusal::new("hazard-extension-not-later")
                .with("date", plan.due.at.local_date())
                .on("until"));
        }
        if until <= self.now {
            return Err(Refusal::new("hazard-due-past").with("date", until.local_date()).on("until"));
        }
        self.check_extension(hazard, plan, until)?;
        let answerer = self.acceptor(hazard.is_major(), hazard.central_now().is_some()).into();
        let core = ExtensionAsked { until, by: self.by(), answerer };
        Ok(vec![HazardEvent::ExtensionAsked(Parts::with_text(core, self.wording().why(note)?))])
    }

    fn check_extension(&self, hazard: &HazardState, plan: &Plan, until: Timestamp) -> Result<(), Refusal> {
        self.bounded(until, max_rule(hazard.level), plan.worked_since(0))
            .map(|_| ())
            .map_err(|refusal| refusal.on("until"))
    }

    pub(super) fn answer_extension(&self, hazard: &HazardState, answer: Extension, note: &Note) -> Decision {
        let Stage::ExtensionAsked { until, asker, asker_person, answerer, .. } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "answer-extension"));
        };
        let standing = self.context.standing;
        let named = match answerer {
            Coded::Known(Acceptor::Central) => standing.may("hazard.central"),
            Coded::Known(Acceptor::County) => standing.may("hazard.county"),
            Coded::Known(Acceptor::School) | Coded::Newer(_) => false,
        };
        if !named {
            self.authority(hazard, Act::AnswerExtension.permission())?;
        }
        let same_person = standing.person.is_some() && standing.person == *asker_person;
        if !standing.is_system() && (standing.actor.id == *asker || same_person) {
            return Err(Refusal::new("hazard-asker-may-not-answer"));
        }
        if answer == Extension::Grant {
            // Time granted after the deadline would make lateness vanish.
            if hazard.overdue_at(self.now) && !standing.may("hazard.county") {
                return Err(Refusal::new("hazard-county-decides"));
            }
            if *until <= self.now {
                return Err(Refusal::new("hazard-due-past").with("date", until.local_date()));
            }
        }
        Ok(vec![match answer {
            Extension::Grant => {
                let core = ExtensionGranted { due: self.due_at(*until)?, by: self.by() };
                HazardEvent::ExtensionGranted(Parts::with_text(core, self.wording().note(note)?))
            }
            Extension::Refuse => HazardEvent::ExtensionRefused(Parts::with_text(
                Acted { by: self.by() },
                self.wording().why(note)?,
            )),
        }])
    }
}
