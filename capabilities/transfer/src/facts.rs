//! What a decision about a letter must know besides its state.

use hazard::{HazardState, Photo};
use journal::Context;
use kernel::{StreamId, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use crate::{
    command::{LetterDraft, TransferCommand},
    event::Number,
    query::{department, state},
    state::{StageCode, TransferState},
};

/// A hazard as a letter is written about it.
#[derive(Clone, Debug)]
pub(crate) struct HazardSeen {
    /// As it stands.
    pub state: HazardState,
    /// Name of the school.
    pub unit_name: String,
    /// Those of the chosen photos that belong to it.
    pub photos: Vec<Photo>,
}

/// What a decision about a letter must know besides its state.
#[derive(Clone)]
pub struct TransferFacts {
    /// The rules in force.
    pub(crate) rules: RuleBook,
    /// The number of the next letter of the county this year.
    pub(crate) next: Number,
    /// The hazard the letter is about.
    pub(crate) hazard: Option<HazardSeen>,
    /// Name of the department, when letters of this county may go there.
    pub(crate) department: Option<String>,
    /// The former letter was about this hazard and was sent back.
    pub(crate) former_came_back: bool,
}

impl TransferFacts {
    /// Nothing looked up yet.
    pub const fn new(rules: RuleBook) -> Self {
        Self {
            rules,
            next: Number { year: 0, serial: 0 },
            hazard: None,
            department: None,
            former_came_back: false,
        }
    }
}

pub(crate) fn facts(
    tx: &mut Tx,
    rules: RuleBook,
    letter: Option<&TransferState>,
    command: &TransferCommand,
    context: &Context<'_>,
) -> Result<TransferFacts, StorageError> {
    let mut facts = TransferFacts::new(rules);
    match (command, letter) {
        (TransferCommand::Draft(draft), _) => of_draft(tx, &mut facts, draft)?,
        (TransferCommand::Sign { passed: true, .. }, Some(letter)) => {
            facts.next = next_number(tx, letter.office(), context.now.local_date().year())?;
        }
        _ => {}
    }
    Ok(facts)
}

fn of_draft(tx: &mut Tx, facts: &mut TransferFacts, draft: &LetterDraft) -> Result<(), StorageError> {
    let Some(hazard) = hazard::query::state(tx, draft.hazard)? else { return Ok(()) };
    let mut photos = Vec::new();
    for photo in &draft.photos {
        if hazard::query::has_photo(tx, draft.hazard, &photo.0)? {
            photos.push(photo.clone());
        }
    }
    if let Some(asked) = draft.department {
        let open = department(tx, asked)?.filter(|(entry, _)| {
            entry.closed_at.is_none() && hazard.county.is_none_or(|county| county == entry.county)
        });
        facts.department = open.map(|(entry, _)| entry.name().to_owned());
    }
    if let Some(former) = draft.former {
        facts.former_came_back = came_back(tx, former, draft.hazard)?;
    }
    let names = organisation::unit_names(tx, &[hazard.unit])?;
    let unit_name = names.get(&hazard.unit).cloned().unwrap_or_default();
    facts.hazard = Some(HazardSeen { state: hazard, unit_name, photos });
    Ok(())
}

fn came_back(tx: &mut Tx, former: StreamId, hazard: StreamId) -> Result<bool, StorageError> {
    let found = state(tx, former)?;
    Ok(found.is_some_and(|(letter, _)| letter.hazard == hazard && letter.stage.code() == StageCode::Returned))
}

fn next_number(tx: &mut Tx, county: UnitId, year: i16) -> Result<Number, StorageError> {
    let newest = "SELECT coalesce(max(serial), 0) FROM transfer WHERE county_id = ?1 AND year = ?2";
    let last = tx.count(newest, params![county, year])?;
    Ok(Number { year, serial: u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1) })
}
