//! Cases in which a school is a side, and what was clarified of it, on its page.

use std::collections::{HashMap, hash_map::Entry};

use journal::Recorded;
use kernel::{Problem, StreamId};
use language::Say;
use storage::Tx;
use web::{
    panel::{AtUnit, PANEL_PAPERS, PANEL_ROWS, Panel, Paper, Tally, UnitPanel},
    view::Link,
};

use super::{clarification_href, clarifications, href, list, sides::Eyes, timeline::decoded};
use crate::{
    case::CaseState,
    clarification::ClarificationStage,
    query::{
        Filter, Which, WhichClarifications, case_counts, case_state, cases, clarification_stages,
        clarification_state, own_units, sees_case, sees_clarification,
    },
    texts, words,
};

/// The cases of a school, on its page.
#[derive(Clone, Copy, Debug, Default)]
pub struct CasesAtUnit;

/// The clarifications about a school, on its page.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClarificationsAtUnit;

fn of_unit(at: &AtUnit<'_>) -> Filter {
    Filter { unit: Some(at.id), ..Filter::default() }
}

/// He opens the lists, and it is a school.
fn comes_in(at: &AtUnit<'_>) -> bool {
    at.unit.kind.is_institution() && at.viewer.may("accountability.view")
}

/// The county, and the school itself, hear that there is nothing. Whoever is above it sees what he is a side of, and no
/// more than that.
fn hears_of_none(at: &AtUnit<'_>) -> bool {
    at.over.has("accountability.county") || own_units(at.viewer).contains(&at.id)
}

impl UnitPanel for CasesAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !comes_in(at) {
            return Ok(None);
        }
        let (lang, filter) = (at.lang, of_unit(at));
        let counts = case_counts(tx, at.viewer, &filter, at.now)?;
        if counts.of(Which::All) == 0 && !hears_of_none(at) {
            return Ok(None);
        }
        let found = cases(tx, at.viewer, (Which::Running, &filter), at.now, PANEL_ROWS)?;
        let at_list =
            |which: Which| web::address("/accountability", &[("stage", which.name()), ("unit", &at.code())]);
        let tally = |which: Which, label: &str| Tally::new(label, counts.of(which), at_list(which));
        Ok(Some(Panel {
            key: "cases",
            title: texts::cases_title(lang).to_owned(),
            tallies: vec![
                tally(Which::Running, texts::list_running(lang)),
                tally(Which::Overdue, texts::list_overdue(lang)).late(counts.overdue > 0),
                tally(Which::All, texts::list_all(lang)),
            ],
            table: list::table(lang, &found, at.now),
            none: texts::panel_no_case(lang).to_owned(),
            links: vec![Link::new(texts::panel_all_cases(lang), at_list(Which::All))],
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if comes_in(at) { vec!["accountability"] } else { Vec::new() }
    }

    fn records(
        &self,
        tx: &mut Tx,
        at: &AtUnit<'_>,
        _: &str,
        ids: &[StreamId],
    ) -> Result<HashMap<StreamId, Link>, Problem> {
        let mut found = HashMap::new();
        for id in ids {
            let Some((state, _)) = case_state(tx, *id)? else { continue };
            if sees_case(tx, at.viewer, &state)? {
                found.insert(*id, Link::new(words::number(at.lang, state.number), href(*id)));
            }
        }
        Ok(found)
    }

    /// What does not concern his side, and what is the county's draft still.
    fn withheld(&self, tx: &mut Tx, at: &AtUnit<'_>, events: &[&Recorded]) -> Result<Vec<u64>, Problem> {
        let mut known: HashMap<StreamId, Option<(CaseState, Eyes)>> = HashMap::new();
        let mut withheld = Vec::new();
        for recorded in events {
            let id = recorded.header.stream_id;
            let seen = match known.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => {
                    let seen = match case_state(tx, id)? {
                        Some((state, _)) => {
                            let eyes = Eyes::of(tx, at.viewer, &state)?;
                            Some((state, eyes))
                        }
                        None => None,
                    };
                    free.insert(seen)
                }
            };
            let told = seen.as_ref().is_some_and(|(state, eyes)| {
                decoded(std::slice::from_ref(*recorded)).iter().any(|(_, event)| eyes.see(state, event))
            });
            if !told {
                withheld.push(recorded.position);
            }
        }
        Ok(withheld)
    }
}

impl UnitPanel for ClarificationsAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !comes_in(at) {
            return Ok(None);
        }
        let (lang, filter) = (at.lang, of_unit(at));
        let counts = clarification_stages(tx, at.viewer, &filter, at.now)?;
        let none = clarifications::of_which(WhichClarifications::All, &counts) == 0;
        if none && !hears_of_none(at) && !at.over.has("clarification.ask") {
            return Ok(None);
        }
        let all = WhichClarifications::All;
        let found = crate::query::clarifications(tx, at.viewer, (all, &filter), PANEL_ROWS)?;
        let at_list = |which: WhichClarifications| {
            web::address("/clarifications", &[("stage", which.name()), ("unit", &at.code())])
        };
        let tally = |which: WhichClarifications, label: &str| {
            Tally::new(label, clarifications::of_which(which, &counts), at_list(which))
        };
        Ok(Some(Panel {
            key: "clarifications",
            title: texts::clarifications_title(lang).to_owned(),
            tallies: vec![
                tally(WhichClarifications::Running, texts::list_unanswered(lang)),
                tally(all, texts::list_all(lang)),
            ],
            table: clarifications::table(lang, &found, at.now).without(SCHOOL),
            none: texts::panel_no_clarification(lang).to_owned(),
            links: vec![Link::new(texts::panel_all_clarifications(lang), at_list(all))],
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if comes_in(at) { vec!["clarification"] } else { Vec::new() }
    }

    fn records(
        &self,
        tx: &mut Tx,
        at: &AtUnit<'_>,
        _: &str,
        ids: &[StreamId],
    ) -> Result<HashMap<StreamId, Link>, Problem> {
        let mut found = HashMap::new();
        for id in ids {
            let Some((state, _)) = clarification_state(tx, *id)? else { continue };
            if sees_clarification(tx, at.viewer, &state)? {
                let name = match state.signature() {
                    Some(signature) => words::clarification_number(at.lang, signature.number),
                    None => texts::record_hazard(at.lang, state.hazard_number),
                };
                found.insert(*id, Link::new(name, clarification_href(*id)));
            }
        }
        Ok(found)
    }

    fn papers(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Vec<Paper>, Problem> {
        if !comes_in(at) {
            return Ok(Vec::new());
        }
        let signed = WhichClarifications::One(ClarificationStage::Signed);
        let found = crate::query::clarifications(tx, at.viewer, (signed, &of_unit(at)), PANEL_PAPERS)?;
        let paper = |row: &crate::query::ClarificationRow| {
            let day = row.state.ended().map(|day| Say(at.lang).date_of(day)).unwrap_or_default();
            let more = format!("{} · {day}", clarifications::number(at.lang, row));
            Paper::new(texts::paper_title(at.lang), format!("{}/paper", clarification_href(row.id)), more)
        };
        Ok(found.iter().map(paper).collect())
    }
}

/// The column of the list of clarifications that names the school.
const SCHOOL: usize = 1;
