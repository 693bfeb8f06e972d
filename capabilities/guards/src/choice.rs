//! Which standard is in force in a county, and how it is read: chosen by a leader, with a day and a reason. Until
//! somebody chooses, the default of the rules counts.

use std::sync::{Arc, PoisonError, RwLock};

use hazard::Wording;
use journal::{ClockSpec, Context, Doer, Evidence, Need, Parts, Saving, Stamp, Subject, event_types};
use kernel::{Date, PersonId, Reach, Refusal, StreamId, Tier, Timestamp, UnitId, limits};
use organisation::UnitKind;
use rules::{Reading, RuleBook};
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};
use uuid::Uuid;

use crate::staffing::Variant;

/// Told apart from the stream of the county itself.
const CHOICE: u128 = 0x6368_6f69_0000_0000_0000_0000_6775_7264;

/// The stream of a county's choice.
pub fn choice_of(county: UnitId) -> StreamId {
    StreamId(Uuid::from_u128(county.0.as_u128() ^ CHOICE))
}

/// The choice is for everybody below the county and above it.
const EVERYWHERE: Reach = Reach { core: Some(Tier::Province), text: Some(Tier::Province), personal: None };

/// A choice as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChoiceDraft {
    /// Which standard, and how it is read.
    pub variant: Variant,
    /// From which day.
    pub from: Option<Date>,
    /// Why.
    pub reason: String,
}

/// What may be asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ChoiceCommand {
    /// 选定
    Choose {
        /// The county.
        county: UnitId,
        /// What is chosen.
        draft: ChoiceDraft,
    },
}

/// Core of `guard_standard.chosen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The county.
    pub county: UnitId,
    /// Id of the standard.
    pub set: String,
    /// How it is read.
    pub reading: Reading,
    /// From which day.
    pub from: Date,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `guard_standard.chosen`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Why.
    pub reason: String,
}

event_types! {
    /// What happens to a county's choice. **Decoded for ever.**
    pub enum ChoiceEvent {
        /// 选定
        Chosen("guard_standard.chosen", 1, EVERYWHERE): Parts<Chosen, Reason>,
    }
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Which standard, and how it is read.
    pub variant: Variant,
    /// From which day.
    pub from: Date,
    /// By whom.
    pub by: Doer,
    /// When it was written down.
    pub at: Timestamp,
    /// Why; absent once erased.
    pub reason: Option<String>,
}

/// All choices of a county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceState {
    /// The county.
    pub county: UnitId,
    /// Oldest first.
    pub choices: Vec<Choice>,
}

impl ChoiceState {
    /// What counts on a day.
    pub fn on(&self, day: Date) -> Option<&Choice> {
        self.choices.iter().rfind(|choice| choice.from <= day)
    }
}

/// What the decision must know.
#[derive(Clone)]
pub struct ChoiceFacts {
    pub(crate) rules: RuleBook,
    /// It is a county that chooses.
    pub(crate) of_county: bool,
}

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Standard {
    rules: Arc<RwLock<RuleBook>>,
}

impl Standard {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

/// What counts when nobody chose.
pub(crate) fn usual(rules: &RuleBook, day: Date) -> Option<Variant> {
    let set = rules.staffing_default(day).ok()?.to_string();
    Some(Variant { set, reading: rules.staffing_reading(day).ok()? })
}

fn decide(
    state: Option<&ChoiceState>,
    command: &ChoiceCommand,
    facts: &ChoiceFacts,
    context: &Context<'_>,
) -> Result<Vec<ChoiceEvent>, Refusal> {
    let ChoiceCommand::Choose { county, draft } = command;
    if !facts.of_county {
        return Err(Refusal::new("guards-no-county"));
    }
    let from = draft.from.ok_or_else(|| Refusal::new("field-required").on("from"))?;
    if facts.rules.staffing_set(&draft.variant.set, from).is_err() {
        return Err(Refusal::new("guards-standard-unknown").with("date", from).on("set"));
    }
    // What schools were short of in the past is not decided anew by one person.
    if from < context.now.local_date() {
        return Err(Refusal::new("guards-choice-past").with("date", context.now.local_date()).on("from"));
    }
    let last = state.and_then(|state| state.choices.last());
    if let Some(last) = last.filter(|last| from < last.from) {
        return Err(Refusal::new("guards-choice-early").with("date", last.from).on("from"));
    }
    let reason = Wording(&facts.rules).said("reason", &draft.reason, limits::TEXT_CHARS)?;
    if facts.rules.is_filler(&reason) {
        return Err(Refusal::new("reason-filler").with("text", &reason).on("reason"));
    }
    if last.is_some_and(|last| last.variant == draft.variant && last.from == from) {
        return Ok(Vec::new());
    }
    let core = Chosen {
        county: *county,
        set: draft.variant.set.clone(),
        reading: draft.variant.reading,
        from,
        by: context.standing.person,
    };
    Ok(vec![ChoiceEvent::Chosen(Parts::with_text(core, Reason { reason }))])
}

impl Subject for Standard {
    const KIND: &'static str = "guard_standard";
    const TABLE: &'static str = "guard_standard";
    const SHAPE: i64 = 1;
    type State = ChoiceState;
    type Event = ChoiceEvent;
    type Command = ChoiceCommand;
    type Facts = ChoiceFacts;

    fn need(&self, _: Option<&ChoiceState>, _: &ChoiceCommand) -> Need {
        Need::Permission(access::names::GUARDS_SIGN)
    }

    fn unit(&self, state: Option<&ChoiceState>, command: &ChoiceCommand) -> UnitId {
        let ChoiceCommand::Choose { county, .. } = command;
        state.map_or(*county, |state| state.county)
    }

    fn facts(
        &self,
        tx: &mut Tx,
        _: Option<&ChoiceState>,
        command: &ChoiceCommand,
        _: &Context<'_>,
    ) -> Result<ChoiceFacts, StorageError> {
        let ChoiceCommand::Choose { county, .. } = command;
        let of_county =
            organisation::unit_brief(tx, *county)?.is_some_and(|unit| unit.kind == UnitKind::County);
        Ok(ChoiceFacts {
            rules: self.rules.read().unwrap_or_else(PoisonError::into_inner).clone(),
            of_county,
        })
    }

    fn decide(
        &self,
        state: Option<&ChoiceState>,
        command: &ChoiceCommand,
        facts: &ChoiceFacts,
        context: &Context<'_>,
    ) -> Result<Vec<ChoiceEvent>, Refusal> {
        decide(state, command, facts, context)
    }

    fn rules(&self, facts: &ChoiceFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(state: Option<ChoiceState>, event: &ChoiceEvent, stamp: &Stamp) -> Option<ChoiceState> {
        let ChoiceEvent::Chosen(parts) = event;
        let core = &parts.core;
        let mut state = state.unwrap_or_else(|| ChoiceState { county: core.county, choices: Vec::new() });
        state.choices.push(Choice {
            variant: Variant { set: core.set.clone(), reading: core.reading },
            from: core.from,
            by: Doer::of(stamp, core.by),
            at: stamp.at,
            reason: parts.text.as_ref().map(|text| text.reason.clone()),
        });
        Some(state)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        tx.write(
            "INSERT INTO guard_standard (id, version, shape, state, county_id) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, county_id = excluded.county_id",
            params![saving.id, saving.version, Self::SHAPE, saving.state, saving.new.county],
        )
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM guard_standard", params![])
    }

    fn clocks(_: &ChoiceState) -> Vec<ClockSpec> {
        Vec::new()
    }

    fn unit_of(state: &ChoiceState) -> UnitId {
        state.county
    }

    fn evidence(_: &ChoiceEvent, _: &ChoiceState) -> Vec<Evidence> {
        Vec::new()
    }
}
