//! What the viewer could do to many hazards now.

use access::Viewer;
use journal::Vault;
use kernel::{Problem, Timestamp, UnitId, limits};
use language::{Lang, Say};
use storage::Tx;
use web::{Visit, view::Choice};

use super::{BatchAct, BatchQuery};
use crate::{
    level::Number,
    pages::{BATCH, fields::person_choice, reach, record::could_fix, today::seats},
    query::{DueItem, HazardFilter, HazardRow, Sort, StageFilter, due_for, part},
    turn::Act,
};

/// The act that is shown, and what there is to do.
pub(super) struct Gathered {
    pub act: BatchAct,
    /// Every act with how many wait for it; nobody counts what could be urged.
    pub counts: Vec<(BatchAct, Option<u32>)>,
    /// The schools among them, with how many.
    pub schools: Vec<(UnitId, String, u32)>,
    /// The school that is chosen.
    pub unit: Option<UnitId>,
    pub items: Vec<Choice>,
    /// How many do not fit.
    pub beyond: Option<usize>,
    pub people: Vec<Choice>,
}

/// One hazard of the form.
struct Item {
    unit: UnitId,
    unit_name: String,
    choice: Choice,
}

pub(super) async fn gather(visit: &Visit, query: &BatchQuery) -> Result<Gathered, Problem> {
    visit.need_any(BATCH)?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let (now, lang) = (visit.now(), visit.lang());
    let (asked, chosen) = (BatchAct::named(&query.act), UnitId::parse(&query.unit));
    visit
        .read(move |tx| {
            let seats = seats(tx, &viewer)?;
            let due = due_for(tx, &seats, Some(viewer.person), limits::DUE_ITEMS)?;
            let superior = viewer.may("hazard.county") || viewer.may("hazard.central");
            let counts = counts(&due, superior);
            let act = shown(asked.filter(|act| superior || *act != BatchAct::Urge), &counts);
            let items: Vec<Item> = match act.turn() {
                Some(turn) => {
                    due.iter().filter(|item| item.act == turn).map(|item| of_due(lang, item, now)).collect()
                }
                None => late(tx, &viewer, now)?.iter().map(|row| of_row(lang, row, now)).collect(),
            };
            let schools = schools(&items);
            let only = schools.first().filter(|_| schools.len() == 1).map(|(unit, ..)| *unit);
            let unit = chosen.or(only);
            let people = match unit.filter(|_| act == BatchAct::Assign) {
                Some(unit) => people(tx, lang, (&viewer, &vault), unit)?,
                None => Vec::new(),
            };
            let here = items.into_iter().filter(|item| unit.is_none_or(|unit| unit == item.unit));
            let mut items: Vec<Choice> = here.map(|item| item.choice).collect();
            let beyond = items.len().checked_sub(limits::BATCH_ACTS).filter(|left| *left > 0);
            items.truncate(limits::BATCH_ACTS);
            Ok(Gathered { act, counts, schools, unit, items, beyond, people })
        })
        .await
}

/// How many wait for each act; what a superior could urge on nobody counts.
fn counts(due: &[DueItem], superior: bool) -> Vec<(BatchAct, Option<u32>)> {
    let waiting = |turn: Act| u32::try_from(due.iter().filter(|item| item.act == turn).count()).ok();
    let acts = BatchAct::ALL.into_iter().filter(|act| superior || act.turn().is_some());
    acts.map(|act| (act, act.turn().and_then(waiting))).collect()
}

/// The act that was asked for, or the first that somebody waits for.
fn shown(asked: Option<BatchAct>, counts: &[(BatchAct, Option<u32>)]) -> BatchAct {
    let busy = || counts.iter().find(|(_, count)| count.is_some_and(|count| count > 0)).map(|(act, _)| *act);
    // A superior who has nothing to do himself sees what is late below.
    let below = || counts.iter().map(|(act, _)| *act).find(|act| *act == BatchAct::Urge);
    asked.or_else(busy).or_else(below).unwrap_or(BatchAct::Assign)
}

/// Whom a school's hazards may be given to.
fn people(
    tx: &mut Tx,
    lang: Lang,
    (viewer, vault): (&Viewer, &Vault),
    unit: UnitId,
) -> Result<Vec<Choice>, Problem> {
    if !viewer.may_over(tx, "hazard.view", unit)? {
        return Ok(Vec::new());
    }
    let central = organisation::seat(tx, unit)?.and_then(|unit| unit.central);
    let people = could_fix(tx, vault, unit, central)?;
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let signing_in = access::people_with_account(tx, &ids)?;
    Ok(people.iter().map(|person| person_choice(lang, person, signing_in.contains(&person.id))).collect())
}

/// What is overdue where somebody below has the turn, the longest first.
fn late(tx: &mut Tx, viewer: &Viewer, now: Timestamp) -> Result<Vec<HazardRow>, Problem> {
    let reach = reach(tx, viewer)?;
    let filter = HazardFilter { stage: StageFilter::Overdue, sort: Sort::Due, ..HazardFilter::default() };
    let mut rows = part(tx, &reach, &filter, now, limits::DUE_ITEMS)?.rows;
    let (county, home) = (viewer.may("hazard.county"), viewer.home.id);
    rows.retain(|row| match row.turn {
        Some((_, unit)) => unit != home && (county || unit == row.unit),
        None => false,
    });
    Ok(rows)
}

fn schools(items: &[Item]) -> Vec<(UnitId, String, u32)> {
    let mut schools: Vec<(UnitId, String, u32)> = Vec::new();
    for item in items {
        match schools.iter_mut().find(|(unit, ..)| *unit == item.unit) {
            Some((_, _, count)) => *count += 1,
            None => schools.push((item.unit, item.unit_name.clone(), 1)),
        }
    }
    schools
}

fn of_due(lang: Lang, item: &DueItem, now: Timestamp) -> Item {
    let value = format!("{}_{}", item.id.0.simple(), item.version);
    let told = told(lang, (&item.unit_name, item.number, &item.place), item.due_at, now);
    Item {
        unit: item.unit,
        unit_name: item.unit_name.clone(),
        choice: Choice::new(value, &item.title).hint(told),
    }
}

/// Urging on overtakes nothing, so it needs no version.
fn of_row(lang: Lang, row: &HazardRow, now: Timestamp) -> Item {
    let told = told(lang, (&row.unit_name, row.number, &row.place), row.due_at, now);
    let choice = Choice::new(row.id.0.simple().to_string(), &row.title).hint(told);
    Item { unit: row.unit, unit_name: row.unit_name.clone(), choice }
}

/// Where it is, and how much time is left.
fn told(
    lang: Lang,
    (school, number, place): (&str, Number, &str),
    due: Option<Timestamp>,
    now: Timestamp,
) -> String {
    let left = due.map(|due| Say(lang).left(due.since_ms(now)));
    let parts = [school.to_owned(), number.to_string(), place.to_owned()];
    let parts = parts.into_iter().filter(|part| !part.is_empty()).chain(left);
    parts.collect::<Vec<_>>().join(" · ")
}
