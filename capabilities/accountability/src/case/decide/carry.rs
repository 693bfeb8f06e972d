//! 处理落实 and 整改措施: what follows from the conclusion for a side that did not do its duty.

use hazard::Note;
use journal::Parts;
use kernel::{Refusal, UnitId, limits};

use super::{Decision, Judge};
use crate::case::{
    event::{CaseEvent, HandledText, Handling, MeasuresChecked, MeasuresReported, Nothing, OfSide},
    state::{CaseState, SideState, Stage},
};

impl Judge<'_> {
    fn carrying(case: &CaseState, unit: UnitId, act: &'static str) -> Result<SideState, Refusal> {
        if !matches!(case.stage, Stage::Carrying {}) {
            return Err(Self::wrong_stage(case, act));
        }
        Self::side(case, unit).cloned()
    }

    /// The event, and the end of the case when nothing is left.
    fn and_closed(case: &CaseState, after: SideState, event: CaseEvent) -> Vec<CaseEvent> {
        let mut all = case.clone();
        for one in &mut all.sides {
            if one.side.unit == after.side.unit {
                *one = after.clone();
            }
        }
        let closed = all.is_carried_out().then(|| CaseEvent::Closed(Parts::core(Nothing {})));
        std::iter::once(event).chain(closed).collect()
    }

    pub(super) fn handle(
        &self,
        case: &CaseState,
        unit: UnitId,
        document_number: &str,
        note: &Note,
    ) -> Decision {
        let side = Self::carrying(case, unit, "handle")?;
        if !side.waits_for_handling() {
            return Err(Refusal::new("accountability-handled-already").on("side"));
        }
        let document_number =
            self.wording().maybe_said("document_number", document_number, limits::NAME_CHARS)?;
        let handed_over = side
            .finding
            .as_ref()
            .is_some_and(|found| found.handlings.iter().any(|one| one.is(Handling::HandedOver)));
        if handed_over && document_number.is_empty() {
            return Err(Refusal::new("accountability-number-missing").on("document_number"));
        }
        let note = self.wording().why(note)?;
        self.punishes_nobody("note", &note.note)?;
        let text = HandledText { document_number, note: note.note, photos: note.photos };
        let core = OfSide { side: unit, by: self.by() };
        let event = CaseEvent::Handled(Parts::with_text(core, text));
        Ok(Self::and_closed(case, SideState { handled: true, ..side }, event))
    }

    pub(super) fn report(&self, case: &CaseState, unit: UnitId, note: &Note) -> Decision {
        let side = Self::carrying(case, unit, "report")?;
        if side.owes().is_none_or(|measures| measures.reported.is_some()) {
            return Err(Refusal::new("accountability-nothing-owed").on("side"));
        }
        let core = MeasuresReported { side: unit, on_behalf: self.on_behalf(note)?, by: self.by() };
        Ok(vec![CaseEvent::MeasuresReported(Parts::with_text(core, self.wording().why(note)?))])
    }

    pub(super) fn check(&self, case: &CaseState, unit: UnitId, passed: bool, note: &Note) -> Decision {
        let side = Self::carrying(case, unit, "check")?;
        let reporter = side.owes().and_then(|measures| measures.reported);
        let Some(reporter) = reporter else {
            return Err(Refusal::new("accountability-nothing-reported").on("side"));
        };
        if self.is(&reporter) {
            return Err(Refusal::new("accountability-another-checks"));
        }
        let core = MeasuresChecked { side: unit, passed, by: self.by() };
        let event = CaseEvent::MeasuresChecked(Parts::with_text(core, self.wording().why(note)?));
        if !passed {
            return Ok(vec![event]);
        }
        let measures =
            side.measures.clone().map(|owed| super::super::state::Measures { checked: true, ..owed });
        Ok(Self::and_closed(case, SideState { measures, ..side }, event))
    }
}
