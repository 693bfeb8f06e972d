//! The clocks of a case. They warn, and one records silence; none opens a case or decides anything.

use journal::ClockSpec;
use kernel::Timestamp;
use rules::DueBy;

use super::state::{CaseState, Stage};

/// A span that runs.
pub(crate) struct Span<'s> {
    /// Its name.
    pub name: &'static str,
    /// From when.
    pub started: Timestamp,
    /// Up to when.
    pub due: &'s DueBy,
}

/// The spans that run.
pub(crate) fn spans(state: &CaseState) -> Vec<Span<'_>> {
    let investigation = Span { name: "investigation", started: state.opened_at, due: &state.investigation };
    match &state.stage {
        Stage::Stating {} => {
            vec![Span { name: "statement", started: state.opened_at, due: &state.statement }, investigation]
        }
        Stage::Finding {} | Stage::Reviewing {} | Stage::Signing { .. } => vec![investigation],
        Stage::Carrying {} => {
            let since = state.conclusion.as_ref().map_or(state.opened_at, |conclusion| conclusion.at);
            let next = state.next_measures();
            next.map(|owed| Span { name: "measures", started: since, due: &owed.due }).into_iter().collect()
        }
        Stage::Closed { .. } | Stage::CalledOff { .. } => Vec::new(),
    }
}

/// The running clocks.
pub(super) fn clocks(state: &CaseState) -> Vec<ClockSpec> {
    let of = |Span { name, started, due }: Span<'_>| {
        let reached = state.marks.get(name).copied().unwrap_or(0);
        ClockSpec { name, started, due: due.at, next: due.next_mark(started, reached) }
    };
    spans(state).into_iter().map(of).collect()
}
