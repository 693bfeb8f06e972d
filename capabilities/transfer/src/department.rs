//! 部门通讯录: the departments that letters go to, kept by the county's office. Offices and their telephones, nobody's
//! own; one stream for each department.

use hazard::{Note, Wording};
use journal::{Context, Need, Parts, Saving, Stamp, Subject, event_types};
use kernel::{Reach, Refusal, Tier, Timestamp, UnitId, limits, text::narrow};
use rules::RuleBook;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError, RwLock};
use storage::{StorageError, Tx, params};

use crate::query::department_named;

const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

/// Kinds of the reference that no letter of ours goes to: ourselves, what is below us, and everybody.
const NOT_OUTSIDE: [&str; 4] = ["SCH", "CEN", "EDU", "ALL"];

/// Characters of an official telephone, with its extension.
const TELEPHONE_CHARS: usize = 30;

/// Kinds of department a letter may go to, as the reference has them.
pub fn kinds(rules: &RuleBook) -> impl Iterator<Item = &rules::Department> {
    rules.departments().iter().filter(|kind| !NOT_OUTSIDE.contains(&&*kind.code))
}

/// A department as somebody typed it; nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DepartmentDraft {
    /// Code of its kind in the reference: FIR, AMR ...
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Which office of it takes letters.
    pub office: String,
    /// The telephone of that office.
    pub telephone: String,
}

/// What may be asked of a department's entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum DepartmentCommand {
    /// 新增
    Add {
        /// The county whose register it is.
        county: UnitId,
        /// What is entered.
        draft: DepartmentDraft,
    },
    /// 更改
    Change(DepartmentDraft),
    /// 停用
    Close(Note),
    /// 恢复
    Reopen(Note),
}

/// Core of `department.added` and `department.changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentCore {
    /// The county whose register it is.
    pub county: UnitId,
    /// Code of its kind.
    pub kind: String,
}

/// Text of `department.added` and `department.changed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentText {
    /// Its name.
    pub name: String,
    /// Which office of it takes letters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub office: String,
    /// The telephone of that office.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub telephone: String,
}

/// Core of an event that says nothing but that it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

event_types! {
    /// What happens to the entry of a department. **Decoded for ever.**
    pub enum DepartmentEvent {
        /// 新增
        Added("department.added", 1, COUNTY): Parts<DepartmentCore, DepartmentText>,
        /// 更改
        Changed("department.changed", 1, COUNTY): Parts<DepartmentCore, DepartmentText>,
        /// 停用
        Closed("department.closed", 1, COUNTY): Parts<Nothing, Note>,
        /// 恢复
        Reopened("department.reopened", 1, COUNTY): Parts<Nothing, Note>,
    }
}

/// The entry of a department as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentState {
    /// The county whose register it is.
    pub county: UnitId,
    /// Code of its kind.
    pub kind: String,
    /// Its name, office and telephone; absent once erased.
    pub text: Option<DepartmentText>,
    /// Since when no letter goes there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
}

impl DepartmentState {
    /// Its name.
    pub fn name(&self) -> &str {
        self.text.as_ref().map_or("", |text| &text.name)
    }
}

/// What the decision must know.
#[derive(Clone)]
pub struct DepartmentFacts {
    pub(crate) rules: RuleBook,
    /// Another entry of the register has the name.
    pub(crate) taken: bool,
}

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Department {
    rules: Arc<RwLock<RuleBook>>,
}

impl Department {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

type Decision = Result<Vec<DepartmentEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&DepartmentState>,
    command: &DepartmentCommand,
    facts: &DepartmentFacts,
) -> Decision {
    use DepartmentCommand as C;
    let wording = Wording(&facts.rules);
    let Some(entry) = state else {
        return match command {
            C::Add { county, draft } => {
                let (kind, text) = checked(draft, facts)?;
                let core = DepartmentCore { county: *county, kind };
                Ok(vec![DepartmentEvent::Added(Parts::with_text(core, text))])
            }
            C::Change(_) | C::Close(_) | C::Reopen(_) => Err(Refusal::new("department-unknown")),
        };
    };
    match command {
        C::Add { .. } => Err(Refusal::new("department-known")),
        C::Change(draft) => {
            let (kind, text) = checked(draft, facts)?;
            if entry.kind == kind && entry.text.as_ref() == Some(&text) {
                return Ok(Vec::new());
            }
            let core = DepartmentCore { county: entry.county, kind };
            Ok(vec![DepartmentEvent::Changed(Parts::with_text(core, text))])
        }
        C::Close(note) => match entry.closed_at {
            Some(_) => Err(Refusal::new("department-closed")),
            None => Ok(vec![DepartmentEvent::Closed(Parts::with_text(Nothing {}, wording.why(note)?))]),
        },
        C::Reopen(_) if entry.closed_at.is_none() => Err(Refusal::new("department-open")),
        // While it was closed another one may have taken its name.
        C::Reopen(_) if facts.taken => Err(Refusal::new("department-known").on("note")),
        C::Reopen(note) => {
            Ok(vec![DepartmentEvent::Reopened(Parts::with_text(Nothing {}, wording.why(note)?))])
        }
    }
}

fn checked(draft: &DepartmentDraft, facts: &DepartmentFacts) -> Result<(String, DepartmentText), Refusal> {
    let wording = Wording(&facts.rules);
    let kind = kinds(&facts.rules).find(|kind| *kind.code == *draft.kind.as_str());
    let kind = kind.ok_or_else(|| Refusal::new("field-choose").on("kind"))?;
    let name = wording.said("name", &draft.name, limits::NAME_CHARS)?;
    if facts.taken {
        return Err(Refusal::new("department-known").on("name"));
    }
    let office = wording.maybe_said("office", &draft.office, limits::NAME_CHARS)?;
    let telephone = wording.maybe_said("telephone", &narrow(&draft.telephone), TELEPHONE_CHARS)?;
    let digits = telephone.chars().filter(char::is_ascii_digit).count();
    let shaped = telephone.chars().all(|c| c.is_ascii_digit() || " -+()转/,、".contains(c));
    if !telephone.is_empty() && (!shaped || digits < 3) {
        return Err(Refusal::new("department-telephone").with("text", &telephone).on("telephone"));
    }
    Ok((kind.code.to_string(), DepartmentText { name, office, telephone }))
}

fn evolve(state: Option<DepartmentState>, event: &DepartmentEvent, stamp: &Stamp) -> Option<DepartmentState> {
    use DepartmentEvent as E;
    match (state, event) {
        (before, E::Added(parts) | E::Changed(parts)) => Some(DepartmentState {
            county: parts.core.county,
            kind: parts.core.kind.clone(),
            text: parts.text.clone(),
            closed_at: before.and_then(|before| before.closed_at),
        }),
        (Some(state), E::Closed(_)) => Some(DepartmentState { closed_at: Some(stamp.at), ..state }),
        (Some(state), E::Reopened(_)) => Some(DepartmentState { closed_at: None, ..state }),
        (None, E::Closed(_) | E::Reopened(_)) => None,
    }
}

impl Subject for Department {
    const KIND: &'static str = "department";
    const TABLE: &'static str = "department";
    const SHAPE: i64 = 1;
    type State = DepartmentState;
    type Event = DepartmentEvent;
    type Command = DepartmentCommand;
    type Facts = DepartmentFacts;

    fn need(&self, _: Option<&DepartmentState>, _: &DepartmentCommand) -> Need {
        Need::Permission(access::names::TRANSFER_DRAFT)
    }

    fn unit(&self, state: Option<&DepartmentState>, command: &DepartmentCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.county,
            (None, DepartmentCommand::Add { county, .. }) => *county,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&DepartmentState>,
        command: &DepartmentCommand,
        context: &Context<'_>,
    ) -> Result<DepartmentFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        let name = match command {
            DepartmentCommand::Add { county, draft } => Some((*county, draft.name.as_str())),
            DepartmentCommand::Change(draft) => state.map(|state| (state.county, draft.name.as_str())),
            DepartmentCommand::Reopen(_) => state.map(|state| (state.county, state.name())),
            DepartmentCommand::Close(_) => None,
        };
        let taken = match name {
            Some((county, name)) => department_named(tx, county, name.trim(), context.stream)?,
            None => false,
        };
        Ok(DepartmentFacts { rules, taken })
    }

    fn decide(
        &self,
        state: Option<&DepartmentState>,
        command: &DepartmentCommand,
        facts: &DepartmentFacts,
        _: &Context<'_>,
    ) -> Decision {
        decide(state, command, facts)
    }

    fn evolve(
        state: Option<DepartmentState>,
        event: &DepartmentEvent,
        stamp: &Stamp,
    ) -> Option<DepartmentState> {
        evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        let new = saving.new;
        let text = new.text.clone().unwrap_or_default();
        tx.write(
            "INSERT INTO department (id, version, shape, state, county_id, kind, name, office, telephone, closed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, kind = excluded.kind, name = excluded.name, office = excluded.office,
                telephone = excluded.telephone, closed = excluded.closed",
            params![
                saving.id,
                saving.version,
                Self::SHAPE,
                saving.state,
                new.county,
                new.kind.as_str(),
                text.name.as_str(),
                text.office.as_str(),
                text.telephone.as_str(),
                new.closed_at.is_some(),
            ],
        )
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM department", params![])
    }

    fn unit_of(state: &DepartmentState) -> UnitId {
        state.county
    }
}
