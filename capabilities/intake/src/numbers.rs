//! Citizen numbers and mobiles in cells of registers and lists that have no sealed place for them. Names with a number
//! are problems; words are taken without it, and the cell is named.

use std::collections::BTreeMap;

use kernel::limits;
use organisation::numbers_of_people::{masked, number_in};

use crate::{
    cells::Cells,
    field::Field,
    row::{CellProblem, Draft, problem},
};

impl Cells<'_> {
    /// A name; one that holds a number is none, and the number is not repeated.
    pub(crate) fn name(&mut self, field: Field) -> Option<String> {
        let name = self.short(field, limits::NAME_CHARS)?;
        if number_in(&name).is_some() {
            self.note(field, "intake-name-number");
            return None;
        }
        Some(name)
    }
}

/// The words with the middle of every such number blotted out; true when there was one.
pub(crate) fn blot_out(text: &mut String) -> bool {
    let blotted = masked(text);
    let found = blotted.is_some();
    if let Some(blotted) = blotted {
        *text = blotted;
    }
    found
}

/// Takes the numbers of people out of a school's facts. Its telephone is left out whole: half a number calls nobody.
pub(crate) fn take_out(draft: &mut Draft, columns: &BTreeMap<Field, usize>, notices: &mut Vec<CellProblem>) {
    for (field, text) in [(Field::Address, &mut draft.address), (Field::CodeReason, &mut draft.code_reason)] {
        if text.as_mut().is_some_and(blot_out) {
            notices.push(problem(draft.row, columns, field, "intake-number-taken-out"));
        }
    }
    if draft.telephone.take_if(|number| number_in(number).is_some()).is_some() {
        notices.push(problem(draft.row, columns, Field::Telephone, "intake-telephone-mobile"));
    }
}
