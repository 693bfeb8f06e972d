//! What somebody could do with a hazard now. Nothing here knows who may do what: every form of the record's page is
//! tried against the very decision that would answer it, filled in as well as it can be.

use journal::{Context, Stamp, Standing};
use kernel::{EventId, PersonId, Refusal, StreamId, Timestamp};
use rules::RuleBook;

use crate::{
    command::{Answer, Extension, GradeAs, HazardCommand, PlanDraft},
    decide::decide,
    event::{GuideItemAnswered, Note, Photo},
    evolve::evolve,
    facts::HazardFacts,
    level::Level,
    state::{HazardState, Stage},
    subject::need,
    turn::Act,
};

/// The form that records 约谈 or 提级督办.
pub(crate) const ANSWER_CLIMB: &str = "answer-climb";

/// Every form, with the values of its buttons or radios that lead to different decisions.
const FORMS: &[(&str, &[&str])] = &[
    ("grade", &["general", "major"]),
    ("assign", &[""]),
    ("take-on", &[""]),
    ("change-responsible", &[""]),
    ("progress", &[""]),
    ("rectify", &[""]),
    ("ask-extension", &[""]),
    ("answer-extension", &["grant", "refuse"]),
    ("accept", &["close", "accept", "return"]),
    ("close", &[""]),
    ("revisit", &["1", "0"]),
    ("ask-help", &[""]),
    ("answer-help", &["support", "return"]),
    ("deliver-help", &[""]),
    ("urge", &[""]),
    ("correct", &[""]),
    ("withdraw", &["mistaken", "duplicate"]),
    (ANSWER_CLIMB, &[""]),
];

/// The acts that have a form, by their names in addresses.
pub fn acts() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(act, _)| *act)
}

/// A form that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Its name in addresses.
    pub act: &'static str,
    /// The values that would pass.
    pub choices: Vec<&'static str>,
    /// The values that would be refused whatever else is filled in, and why.
    pub refused: Vec<(&'static str, Refusal)>,
}

impl Offer {
    /// A grading by whoever does not decide for the school: he can only make it major.
    pub(crate) fn only_raises(&self, standing: &Standing) -> bool {
        let grade = Act::Grade;
        self.act == grade.name() && self.choices == ["major"] && !standing.may(grade.permission())
    }
}

/// Who looks at which hazard when.
#[derive(Clone, Copy)]
pub(crate) struct Looking<'a> {
    pub state: &'a HazardState,
    pub standing: &'a Standing,
    pub rules: &'a RuleBook,
    pub now: Timestamp,
    /// Why it can be neither accepted nor closed now.
    pub hindrance: Option<&'a Refusal>,
    /// Why it cannot be withdrawn now.
    pub kept: Option<&'a Refusal>,
}

impl Looking<'_> {
    /// The forms that the decision would accept now, in the order in which a page names them.
    pub(crate) fn offers(self) -> Vec<Offer> {
        FORMS.iter().filter_map(|(act, choices)| self.offer(act, choices)).collect()
    }

    /// The form of the act whose turn it is, when it is this person's.
    pub(crate) fn next(self, offers: &[Offer], turn: Option<Act>) -> Option<&'static str> {
        let named = turn.map(Act::name);
        let next = offers.iter().map(|offer| offer.act).find(|act| Some(*act) == named);
        // What a superior owes beside the turn of whoever fixes it, the most pressing first.
        let beside = || [Act::AnswerHelp.name(), ANSWER_CLIMB, Act::DeliverHelp.name()];
        let offered = |act: &&str| offers.iter().any(|offer| offer.act == *act);
        next.or_else(|| beside().into_iter().find(offered))
    }

    fn offer(self, act: &'static str, values: &[&'static str]) -> Option<Offer> {
        // What was given to a person by name is his, or whose who could name another.
        if matches!(act, "take-on" | "rectify") && !self.named() {
            return None;
        }
        let mut offer = Offer { act, choices: Vec::new(), refused: Vec::new() };
        for value in values {
            match self.passes(&self.filled_in(act, value)?) {
                Some(Ok(())) => offer.choices.push(value),
                Some(Err(refusal)) => offer.refused.push((value, refusal)),
                None => return None,
            }
        }
        (!offer.choices.is_empty()).then_some(offer)
    }

    fn named(self) -> bool {
        let person = match &self.state.stage {
            Stage::Assigned { responsible, .. } => *responsible,
            stage => stage.plan().and_then(|plan| plan.responsible),
        };
        person.is_none() || person == self.standing.person || self.standing.may("hazard.assign")
    }

    /// Asks the decision, command after command, as the writer would; `None` without the permission.
    pub(crate) fn passes(self, commands: &[HazardCommand]) -> Option<Result<(), Refusal>> {
        let facts = HazardFacts {
            person_at_unit: true,
            second_person: true,
            hindrance: self.hindrance.cloned(),
            kept: self.kept.cloned(),
            ..HazardFacts::new(self.rules.clone())
        };
        let context = Context { stream: StreamId::NIL, now: self.now, standing: self.standing };
        let mut state = Some(self.state.clone());
        for command in commands {
            if !self.standing.satisfies(need(command)) {
                return None;
            }
            match decide(state.as_ref(), command, &facts, &context) {
                Ok(events) => {
                    for event in events {
                        state = evolve(state, &event, &self.stamp());
                    }
                }
                // Not about who asks; the page says it when it is sent.
                Err(refusal) if refusal.code == "rules-missing" => return Some(Ok(())),
                Err(refusal) => return Some(Err(refusal)),
            }
        }
        Some(Ok(()))
    }

    fn stamp(self) -> Stamp {
        Stamp {
            event_id: EventId::NIL,
            stream: StreamId::NIL,
            version: 0,
            actor: self.standing.actor.id,
            at: self.now,
            unit: self.state.unit,
        }
    }

    /// A form as well filled in as it can be.
    fn filled_in(self, act: &str, value: &str) -> Option<Vec<HazardCommand>> {
        use HazardCommand as C;
        let note = Note { note: "已经核实".to_owned(), photos: vec![Photo("0".repeat(64))] };
        Some(match (act, value) {
            ("grade", level) => vec![C::Grade(self.graded(Level::named(level)?))],
            ("assign", _) => vec![C::Assign { responsible: PersonId::NIL, note }],
            ("take-on", _) => vec![C::TakeOn(self.plan())],
            ("change-responsible", _) => vec![C::ChangeResponsible {
                responsible: PersonId::NIL,
                responsibility: self.plan().responsibility,
                reason: note.note,
            }],
            ("progress", _) => vec![C::Progress(note)],
            ("rectify", _) => vec![C::Rectify { note, spent_cents: None, reused: Vec::new() }],
            ("ask-extension", _) => vec![C::AskExtension { until: self.later(), note }],
            ("answer-extension", "grant") => vec![C::AnswerExtension { answer: Extension::Grant, note }],
            ("answer-extension", _) => vec![C::AnswerExtension { answer: Extension::Refuse, note }],
            ("accept", "close") => vec![C::Accept { on_site: true, note }, C::Close(Note::default())],
            ("accept", "accept") => vec![C::Accept { on_site: true, note }],
            ("accept", _) => vec![C::Return { note, due: Some(self.now.plus_ms(1)) }],
            ("close", _) => vec![C::Close(note)],
            ("revisit", sound) => vec![C::Revisit { sound: sound == "1", note }],
            ("withdraw", why) => vec![C::Withdraw { duplicate: why == "duplicate", same_as: None, note }],
            ("ask-help", _) => vec![C::AskHelp(note)],
            ("answer-help", said) => {
                let answer = if said == "support" { Answer::Support } else { Answer::Return };
                vec![C::AnswerHelp { answer, until: None, note }]
            }
            ("urge", _) => vec![C::Urge(note)],
            ("deliver-help", _) => vec![C::DeliverHelp(note)],
            ("correct", _) => vec![C::Correct {
                category: self.state.category.clone(),
                description: note.note,
                place: String::new(),
            }],
            (ANSWER_CLIMB, _) => vec![C::AnswerClimb(note)],
            _ => return None,
        })
    }

    fn graded(self, level: Level) -> GradeAs {
        let items = self.rules.guide(&self.state.category).map(|guide| &guide.items);
        let answers = items
            .into_iter()
            .flatten()
            .map(|item| GuideItemAnswered { item: item.id.to_string(), met: false })
            .collect();
        GradeAs { level, answers, reason: "已经核实".to_owned() }
    }

    fn plan(self) -> PlanDraft {
        PlanDraft {
            responsible: Some(PersonId::NIL),
            responsibility: "由总务主任负责组织整改".to_owned(),
            funds: "从日常维护经费中列支".to_owned(),
            funds_cents: None,
            measures: "更换损坏部件并逐处测试".to_owned(),
            due: Some(self.now.plus_ms(1)),
            contingency: "整改前安排专人现场值守".to_owned(),
        }
    }

    /// The first end of a day after the plan's deadline.
    fn later(self) -> Timestamp {
        let due = self.state.stage.plan().map_or(self.now, |plan| plan.due.at.max(self.now));
        Timestamp::at_end_of(due.plus_ms(1).local_date())
    }
}
