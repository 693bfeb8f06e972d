//! Decisions about listings. Pure: state, command, facts and the instant in; events or a refusal out.

mod check;
mod notice;

use hazard::{Note, Wording};
use journal::{Context, Doer, Parts};
use kernel::{PersonId, Refusal, Timestamp, limits};
use rules::{DueBy, RuleBook};

use crate::{
    clocks::spans,
    command::{Opening, SupervisionCommand, Told},
    event::{
        Acted, Control, Controlled, DeadlineWarned, DelistingAsked, Ended, EndedWhy, Nothing, Opened,
        Progressed, Returned, SupervisionEvent,
    },
    facts::SupervisionFacts,
    state::{Stage, StageCode, SupervisionState},
};

/// What a decision leans on.
struct Judge<'a> {
    rules: &'a RuleBook,
    facts: &'a SupervisionFacts,
    context: &'a Context<'a>,
    now: Timestamp,
}

type Decision = Result<Vec<SupervisionEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&SupervisionState>,
    command: &SupervisionCommand,
    facts: &SupervisionFacts,
    context: &Context<'_>,
) -> Decision {
    let judge = Judge { rules: &facts.rules, facts, context, now: context.now };
    let Some(listing) = state else {
        return match command {
            SupervisionCommand::Open(opening) => judge.open(*opening),
            // A hazard that was major before there were lists.
            SupervisionCommand::Hear(_) => Ok(Vec::new()),
            _ => Err(Refusal::new("supervision-unknown")),
        };
    };
    match command {
        SupervisionCommand::Open(_) if listing.stage.code().is_running() => Ok(Vec::new()),
        SupervisionCommand::Open(opening) => judge.open(*opening),
        SupervisionCommand::Control { measure, note } => judge.control(listing, *measure, note),
        SupervisionCommand::Draft(draft) => judge.draft(listing, draft),
        SupervisionCommand::Submit => judge.submit(listing),
        SupervisionCommand::Review { passed, note } => judge.review(listing, *passed, note),
        SupervisionCommand::Sign { passed, document_number, note } => {
            judge.sign(listing, *passed, document_number, note)
        }
        SupervisionCommand::Waive(note) => judge.waive(listing, note),
        SupervisionCommand::Receive(note) => judge.receive(listing, note),
        SupervisionCommand::AskDelisting(note) => judge.ask_delisting(listing, note),
        SupervisionCommand::Check(check) => judge.check(listing, check),
        SupervisionCommand::SignCheck => judge.sign_check(listing),
        SupervisionCommand::Delist { passed, document_number, note } => {
            judge.delist(listing, *passed, document_number, note)
        }
        SupervisionCommand::Hear(told) => judge.hear(listing, *told),
        SupervisionCommand::Tick { clock } => Ok(judge.tick(listing, clock)),
    }
}

impl Judge<'_> {
    fn by(&self) -> Option<PersonId> {
        self.context.standing.person
    }

    const fn wording(&self) -> Wording<'_> {
        Wording(self.rules)
    }

    fn due_by(&self, rule: &str) -> Result<DueBy, Refusal> {
        let missing = |_| Refusal::new("rules-missing").with("rule", rule);
        self.rules.due_by(rule, self.now, self.now.local_date()).map_err(missing)
    }

    fn is(&self, doer: &Doer) -> bool {
        doer.is(self.context.standing)
    }

    fn document_number(&self, typed: &str) -> Result<String, Refusal> {
        self.wording().maybe_said("document_number", typed, limits::NAME_CHARS)
    }

    fn wrong_stage(listing: &SupervisionState, act: &'static str) -> Refusal {
        Refusal::new("supervision-wrong-stage").with("stage", listing.stage.code().name()).with("act", act)
    }

    fn open(&self, asked: Opening) -> Decision {
        let core = Opened {
            hazard: asked.hazard,
            hazard_number: asked.hazard_number,
            unit: asked.unit,
            township: asked.township,
            central: asked.central,
            county: asked.county,
            control: self.due_by("hazard.major.control")?,
            notice: self.due_by("hazard.major.notice")?,
        };
        Ok(vec![SupervisionEvent::Opened(Parts::core(core))])
    }

    /// 临时管控: once for each round; what is added later is said in the weekly reports.
    fn control(&self, listing: &SupervisionState, measure: Control, note: &Note) -> Decision {
        if !listing.stage.code().is_running() || listing.controlled.is_some() {
            return Err(Self::wrong_stage(listing, "control"));
        }
        let core = Controlled { measure: measure.into(), by: self.by() };
        Ok(vec![SupervisionEvent::Controlled(Parts::with_text(core, self.wording().why(note)?))])
    }

    fn receive(&self, listing: &SupervisionState, note: &Note) -> Decision {
        let waits = listing.stage.listing().is_some_and(|listing| listing.received_at.is_none());
        if !waits || !listing.stage.code().is_listed() {
            return Err(Self::wrong_stage(listing, "receive"));
        }
        let core = Acted { by: self.by() };
        Ok(vec![SupervisionEvent::Received(Parts::with_text(core, self.wording().note(note)?))])
    }

    /// Only what the school has reported fixed can be looked at.
    fn ask_delisting(&self, listing: &SupervisionState, note: &Note) -> Decision {
        let Stage::Listed { listing: listed } = &listing.stage else {
            return Err(Self::wrong_stage(listing, "apply"));
        };
        if !listing.rectified {
            return Err(Refusal::new("supervision-not-rectified"));
        }
        if listed.received_at.is_none() {
            return Err(Refusal::new("supervision-not-received"));
        }
        if listing.controlled.is_none() {
            return Err(Refusal::new("supervision-not-controlled"));
        }
        let core = DelistingAsked { check: self.due_by("hazard.major.check")?, by: self.by() };
        Ok(vec![SupervisionEvent::DelistingAsked(Parts::with_text(core, self.wording().why(note)?))])
    }

    fn hear(&self, listing: &SupervisionState, told: Told) -> Decision {
        let stage = listing.stage.code();
        if !stage.is_running() {
            return Ok(Vec::new());
        }
        Ok(match told {
            Told::Progressed if stage == StageCode::Listed => {
                let progress = self.due_by("hazard.major.progress")?;
                vec![SupervisionEvent::Progressed(Parts::core(Progressed { progress }))]
            }
            Told::Progressed => Vec::new(),
            Told::Rectified => vec![SupervisionEvent::Rectified(Parts::core(Nothing {}))],
            Told::Returned => {
                let progress = match stage.is_listed() {
                    true => Some(self.due_by("hazard.major.progress")?),
                    false => None,
                };
                vec![SupervisionEvent::Returned(Parts::core(Returned { progress }))]
            }
            Told::Withdrawn => ended(EndedWhy::Withdrawn),
            Told::Lowered => ended(EndedWhy::Lowered),
        })
    }

    /// The highest mark reached, once; a clock that was heard too late, after the work went on, warns of nothing.
    fn tick(&self, listing: &SupervisionState, clock: &str) -> Vec<SupervisionEvent> {
        let running = spans(listing).into_iter().find(|span| span.name == clock);
        let Some(mark) = running.and_then(|span| span.unheard(&listing.marks, self.now)) else {
            return Vec::new();
        };
        let core = DeadlineWarned { clock: clock.to_owned(), mark };
        vec![SupervisionEvent::DeadlineWarned(Parts::core(core))]
    }
}

fn ended(why: EndedWhy) -> Vec<SupervisionEvent> {
    vec![SupervisionEvent::Ended(Parts::core(Ended { why: why.into() }))]
}
