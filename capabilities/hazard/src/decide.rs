//! Decisions about hazards. Pure: state, command, facts and the instant in; events or a refusal out.

mod assign;
mod carry;
mod clock;
mod help;
mod prove;
mod register;
mod reuse;
mod work;

use journal::{Context, Parts, Permission};
use kernel::{PersonId, Refusal, Timestamp};
use rules::{DueBy, RuleBook};

use crate::{
    carried::CarryOver,
    command::HazardCommand,
    event::{HazardEvent, Readdressed},
    facts::HazardFacts,
    level::Level,
    state::{HazardState, Stage},
    turn::turn,
    wording::Wording,
};

/// What a decision leans on.
pub(crate) struct Judge<'a> {
    pub rules: &'a RuleBook,
    pub facts: &'a HazardFacts,
    pub context: &'a Context<'a>,
    pub now: Timestamp,
}

type Decision = Result<Vec<HazardEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&HazardState>,
    command: &HazardCommand,
    facts: &HazardFacts,
    context: &Context<'_>,
) -> Decision {
    let judge = Judge { rules: &facts.rules, facts, context, now: context.now };
    let Some(hazard) = state else {
        return match command {
            HazardCommand::Register(registration) => judge.register(registration),
            HazardCommand::CarryOver(asked) => judge.carry_over(asked),
            _ => Err(Refusal::new("hazard-unknown")),
        };
    };
    match command {
        HazardCommand::Register(_) => Err(Refusal::new("hazard-exists")),
        HazardCommand::Grade(grade) => judge.grade(hazard, grade),
        HazardCommand::Assign { responsible, note } => judge.assign(hazard, *responsible, note),
        HazardCommand::TakeOn(draft) => judge.take_on(hazard, draft),
        HazardCommand::ChangeResponsible { responsible, responsibility, reason } => {
            judge.change_responsible(hazard, *responsible, responsibility, reason)
        }
        HazardCommand::Progress(note) => judge.progress(hazard, note),
        HazardCommand::Rectify { note, spent_cents, reused } => {
            judge.rectify(hazard, note, *spent_cents, reused)
        }
        HazardCommand::AskExtension { until, note } => judge.ask_extension(hazard, *until, note),
        HazardCommand::AnswerExtension { answer, note } => judge.answer_extension(hazard, *answer, note),
        HazardCommand::Accept { on_site, note } => judge.accept(hazard, *on_site, note),
        HazardCommand::Return { note, due } => judge.send_back(hazard, note, *due),
        HazardCommand::Close(note) => judge.close(hazard, note),
        HazardCommand::Revisit { sound, note } => judge.revisit(hazard, *sound, note),
        HazardCommand::Withdraw { duplicate, same_as, note } => {
            judge.withdraw(hazard, *duplicate, *same_as, note)
        }
        HazardCommand::AskHelp(note) => judge.ask_help(hazard, note),
        HazardCommand::AnswerHelp { answer, until, note } => judge.answer_help(hazard, *answer, *until, note),
        HazardCommand::Urge(note) => judge.urge(hazard, note),
        HazardCommand::DeliverHelp(note) => judge.deliver_help(hazard, note),
        HazardCommand::AnswerClimb(note) => judge.answer_climb(hazard, note),
        HazardCommand::Correct { category, description, place } => {
            judge.correct(hazard, category, description, place)
        }
        // The same row again: whatever happened to it here since counts, not the ledger.
        HazardCommand::CarryOver(_) if hazard.carried.is_some() => Ok(Vec::new()),
        HazardCommand::CarryOver(_) => Err(Refusal::new("hazard-exists")),
        HazardCommand::Readdress => Ok(judge.readdress(hazard)),
        HazardCommand::Tick { clock } => judge.tick(hazard, clock),
    }
}

/// Everything that speaks against a row of a ledger; nothing when it would be taken.
pub(crate) fn carry_over_refusals(
    asked: &CarryOver,
    facts: &HazardFacts,
    context: &Context<'_>,
) -> Vec<Refusal> {
    Judge { rules: &facts.rules, facts, context, now: context.now }.carry_over_refusals(asked)
}

impl Judge<'_> {
    const fn wording(&self) -> Wording<'_> {
        Wording(self.rules)
    }

    /// The person who acts.
    fn by(&self) -> Option<PersonId> {
        self.context.standing.person
    }

    /// A deadline by rule, with its warning marks as values.
    fn due_by(&self, rule: &str, started: Timestamp) -> Result<DueBy, Refusal> {
        self.rules.due_by(rule, started, self.now.local_date()).map_err(|_| rules_missing(rule))
    }

    /// A deadline that a person set.
    fn due_at(&self, at: Timestamp) -> Result<DueBy, Refusal> {
        self.rules.due_at(at, self.now.local_date()).map_err(|_| rules_missing("clock.marks"))
    }

    /// General hazards are the school's or the central school's own business; the county acts on major ones, overdue
    /// ones, and those beyond the school's means (rules.md, hazard rectification).
    fn authority(&self, hazard: &HazardState, permission: Permission) -> Result<(), Refusal> {
        let standing = self.context.standing;
        if standing.is_system() {
            return Ok(());
        }
        let county = standing.may("hazard.county");
        if hazard.is_major() {
            return if county { Ok(()) } else { Err(Refusal::new("hazard-county-decides")) };
        }
        if standing.may(permission) {
            return Ok(());
        }
        if county && (hazard.overdue_at(self.now) || hazard.help_is_agreed()) {
            return Ok(());
        }
        Err(Refusal::new("hazard-school-decides"))
    }

    /// Follows the unit to another central school, as long as anybody still has something to do.
    fn readdress(&self, hazard: &HazardState) -> Vec<HazardEvent> {
        let Some(unit) = &self.facts.unit else { return Vec::new() };
        let Some(turn) = turn(hazard) else { return Vec::new() };
        // A look back of the school itself asks no central school for anything.
        let own = matches!(hazard.stage, Stage::Closed { .. }) && turn.unit == hazard.unit;
        let moved = hazard.central_now() != unit.central && !own;
        if !moved && hazard.unit_closed() == unit.closed {
            return Vec::new();
        }
        vec![HazardEvent::Readdressed(Parts::core(Readdressed {
            central: unit.central,
            former: hazard.central_now(),
            closed: unit.closed,
        }))]
    }

    fn wrong_stage(hazard: &HazardState, act: &'static str) -> Refusal {
        Refusal::new("hazard-wrong-stage").with("stage", hazard.stage.code().name()).with("act", act)
    }
}

pub(crate) use help::DELIVER as HELP_DELIVER;

/// What a decision cannot be made without.
fn rules_missing(rule: &str) -> Refusal {
    Refusal::new("rules-missing").with("rule", rule)
}

/// The rule that bounds the plan of a major hazard, and every extension of it.
pub(crate) const MAJOR_MAX: &str = "hazard.rectify.major.max";

/// The rule that bounds rectification at a level; a major hazard's date is set by its plan.
fn rectify_rule(level: Option<Level>) -> Option<&'static str> {
    match level {
        None | Some(Level::General) => Some("hazard.rectify.general"),
        Some(Level::Larger) => Some("hazard.rectify.larger"),
        Some(Level::Major) => None,
    }
}

/// The rule within which a plan is written and signed: that of a major hazard takes longer.
const fn take_on_rule(level: Option<Level>) -> &'static str {
    match level {
        None | Some(Level::General | Level::Larger) => "hazard.takeon",
        Some(Level::Major) => "hazard.major.plan",
    }
}

/// The rule that bounds the whole rectification, extensions and returns included, from the day the plan was signed.
const fn max_rule(level: Option<Level>) -> &'static str {
    match level {
        None | Some(Level::General) => "hazard.rectify.general.max",
        Some(Level::Larger) => "hazard.rectify.larger.max",
        Some(Level::Major) => MAJOR_MAX,
    }
}

/// The rule within which what was fixed is accepted: a listed hazard is gone to by two or more, and signed off.
const fn acceptance_rule(level: Option<Level>) -> &'static str {
    match level {
        None | Some(Level::General | Level::Larger) => "hazard.acceptance",
        Some(Level::Major) => "hazard.acceptance.major",
    }
}

/// The rule that says when a closed hazard is looked at again.
fn revisit_rule(level: Option<Level>) -> &'static str {
    match level {
        None | Some(Level::General) => "hazard.revisit.general",
        Some(Level::Larger) => "hazard.revisit.larger",
        Some(Level::Major) => "hazard.revisit.major",
    }
}
