//! Which standard is in force in a county, and how it is read: proposed by one, with a day and a reason, and chosen by a
//! leader who did not propose it. Until somebody chooses, the default of the rules counts.

use std::sync::{Arc, PoisonError, RwLock};

use access::Viewer;
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

/// A proposal as somebody typed it.
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
    /// 提出
    Propose {
        /// The county.
        county: UnitId,
        /// What is to be chosen.
        draft: ChoiceDraft,
    },
    /// 选定
    Choose {
        /// The county.
        county: UnitId,
    },
    /// 退回
    Decline {
        /// The county.
        county: UnitId,
        /// Why.
        note: String,
    },
}

impl ChoiceCommand {
    pub(crate) const fn county(&self) -> UnitId {
        match self {
            Self::Propose { county, .. } | Self::Choose { county } | Self::Decline { county, .. } => *county,
        }
    }
}

/// Core of `guard_standard.proposed` and `guard_standard.chosen`.
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

/// Core of `guard_standard.declined`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// The county.
    pub county: UnitId,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Why.
    pub reason: String,
}

event_types! {
    /// What happens to a county's choice. **Decoded for ever.**
    pub enum ChoiceEvent {
        /// 提出
        Proposed("guard_standard.proposed", 1, EVERYWHERE): Parts<Chosen, Reason>,
        /// 选定
        Chosen("guard_standard.chosen", 1, EVERYWHERE): Parts<Chosen, Reason>,
        /// 退回
        Declined("guard_standard.declined", 1, EVERYWHERE): Parts<Declined, Reason>,
    }
}

/// One choice, or the proposal of one.
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

impl Choice {
    /// The viewer made it.
    pub(crate) fn is_of(&self, viewer: &Viewer) -> bool {
        let person = self.by.person;
        self.by.actor == viewer.account || person == Some(viewer.person)
    }
}

/// All choices of a county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceState {
    /// The county.
    pub county: UnitId,
    /// Oldest first.
    pub choices: Vec<Choice>,
    /// What waits for a leader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Choice>,
    /// The last proposal that was sent back, with who did it and why; until somebody proposes again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<(Doer, Timestamp, Option<String>)>,
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
    if !facts.of_county {
        return Err(Refusal::new("guards-no-county"));
    }
    let county = command.county();
    let by = context.standing.person;
    let waiting =
        || state.and_then(|state| state.proposed.as_ref()).ok_or_else(|| Refusal::new("guards-choice-none"));
    match command {
        ChoiceCommand::Propose { draft, .. } => propose(state, (county, draft), facts, context),
        ChoiceCommand::Choose { .. } => {
            let proposal = waiting()?;
            if proposal.by.is(context.standing) {
                return Err(Refusal::new("guards-choice-own"));
            }
            // A proposal may have lain for too long: what schools were short of in the past is not decided anew.
            if proposal.from < context.now.local_date() {
                return Err(Refusal::new("guards-choice-lain").with("date", proposal.from));
            }
            let Choice { variant, from, reason, .. } = proposal.clone();
            let core = Chosen { county, set: variant.set, reading: variant.reading, from, by };
            let text = Reason { reason: reason.unwrap_or_default() };
            Ok(vec![ChoiceEvent::Chosen(Parts::with_text(core, text))])
        }
        ChoiceCommand::Decline { note, .. } => {
            waiting()?;
            let text = Reason { reason: told("note", note, facts)? };
            Ok(vec![ChoiceEvent::Declined(Parts::with_text(Declined { county, by }, text))])
        }
    }
}

/// Words that say something.
fn told(field: &'static str, text: &str, facts: &ChoiceFacts) -> Result<String, Refusal> {
    let said = Wording(&facts.rules).said(field, text, limits::TEXT_CHARS)?;
    if facts.rules.is_filler(&said) {
        return Err(Refusal::new("reason-filler").with("text", &said).on(field));
    }
    Ok(said)
}

fn propose(
    state: Option<&ChoiceState>,
    (county, draft): (UnitId, &ChoiceDraft),
    facts: &ChoiceFacts,
    context: &Context<'_>,
) -> Result<Vec<ChoiceEvent>, Refusal> {
    let from = draft.from.ok_or_else(|| Refusal::new("field-required").on("from"))?;
    if facts.rules.staffing_set(&draft.variant.set, from).is_err() {
        return Err(Refusal::new("guards-standard-unknown").with("date", from).on("set"));
    }
    if from < context.now.local_date() {
        return Err(Refusal::new("guards-choice-past").with("date", context.now.local_date()).on("from"));
    }
    let last = state.and_then(|state| state.choices.last());
    if let Some(last) = last.filter(|last| from < last.from) {
        return Err(Refusal::new("guards-choice-early").with("date", last.from).on("from"));
    }
    if last.is_some_and(|last| last.variant == draft.variant) {
        return Err(Refusal::new("guards-choice-same").on("set"));
    }
    let text = Reason { reason: told("reason", &draft.reason, facts)? };
    let core = Chosen {
        county,
        set: draft.variant.set.clone(),
        reading: draft.variant.reading,
        from,
        by: context.standing.person,
    };
    Ok(vec![ChoiceEvent::Proposed(Parts::with_text(core, text))])
}

impl Subject for Standard {
    const KIND: &'static str = "guard_standard";
    const TABLE: &'static str = "guard_standard";
    const SHAPE: i64 = 1;
    type State = ChoiceState;
    type Event = ChoiceEvent;
    type Command = ChoiceCommand;
    type Facts = ChoiceFacts;

    fn need(&self, _: Option<&ChoiceState>, command: &ChoiceCommand) -> Need {
        match command {
            ChoiceCommand::Propose { .. } => {
                Need::AnyOf(&[access::names::GUARDS_DRAFT, access::names::GUARDS_SIGN])
            }
            ChoiceCommand::Choose { .. } | ChoiceCommand::Decline { .. } => {
                Need::Permission(access::names::GUARDS_SIGN)
            }
        }
    }

    fn unit(&self, state: Option<&ChoiceState>, command: &ChoiceCommand) -> UnitId {
        state.map_or_else(|| command.county(), |state| state.county)
    }

    fn facts(
        &self,
        tx: &mut Tx,
        _: Option<&ChoiceState>,
        command: &ChoiceCommand,
        _: &Context<'_>,
    ) -> Result<ChoiceFacts, StorageError> {
        let of_county =
            organisation::unit_brief(tx, command.county())?.is_some_and(|unit| unit.kind == UnitKind::County);
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
        let county = match event {
            ChoiceEvent::Proposed(parts) | ChoiceEvent::Chosen(parts) => parts.core.county,
            ChoiceEvent::Declined(parts) => parts.core.county,
        };
        let mut state = state.unwrap_or_else(|| ChoiceState {
            county,
            choices: Vec::new(),
            proposed: None,
            declined: None,
        });
        let choice = |parts: &Parts<Chosen, Reason>| Choice {
            variant: Variant { set: parts.core.set.clone(), reading: parts.core.reading },
            from: parts.core.from,
            by: Doer::of(stamp, parts.core.by),
            at: stamp.at,
            reason: parts.text.as_ref().map(|text| text.reason.clone()),
        };
        match event {
            ChoiceEvent::Proposed(parts) => (state.proposed, state.declined) = (Some(choice(parts)), None),
            ChoiceEvent::Chosen(parts) => {
                state.choices.push(choice(parts));
                (state.proposed, state.declined) = (None, None);
            }
            ChoiceEvent::Declined(parts) => {
                let why = parts.text.as_ref().map(|text| text.reason.clone());
                state.proposed = None;
                state.declined = Some((Doer::of(stamp, parts.core.by), stamp.at, why));
            }
        }
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
