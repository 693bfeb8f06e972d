//! The query of a page: which tables, which index, in parts where parts are faster.

use kernel::Timestamp;
use storage::{Dialect, StorageError, Tx, search};

use super::{
    super::{
        filter::{Reach, StageFilter},
        sql::{Arg, Conditions},
    },
    COLUMNS, HazardRow,
    asked::Asked,
    hazard_row,
    narrow::{filtered, holding, reachable},
    order::Order,
};
use crate::level::Level;

/// The tables to read from, with the condition of a search. Where the search table is asked, it is told the viewer's
/// units when they are few; where those have few hazards, their words are read instead. SQLite keeps no statistics
/// here, so it is told which index fits the question; PostgreSQL finds out itself.
pub(super) fn source(tx: &Tx, conditions: &mut Conditions, asked: &Asked<'_>) -> String {
    if asked.by_words {
        let units = asked.walked.as_deref().unwrap_or_default();
        let tags: Vec<search::Tag> = units.iter().map(|unit| search::Tag::of(unit.0)).collect();
        let found =
            search::matching_terms(tx.dialect(), "hazard_search", conditions.next(), &asked.terms(), &tags);
        if let Some((matching, words)) = found {
            conditions.arg(Arg::Text(words));
            conditions.and(matching);
            return "hazard_search JOIN hazard h ON h.row_number = hazard_search.rowid".to_owned();
        }
    }
    holding(tx.dialect(), conditions, asked);
    match tx.dialect() {
        Dialect::Postgres => "hazard h".to_owned(),
        Dialect::Sqlite => format!("hazard h INDEXED BY {}", index(asked)),
    }
}

/// The index that narrows the question most while keeping its order.
fn index(asked: &Asked<'_>) -> &'static str {
    let filter = asked.filter;
    if let Some(rare) = asked.rare {
        return rare;
    }
    let due = matches!(Order::of(asked), Order::Due);
    match (asked.walked.is_some(), due, filter.stage) {
        // It holds the words.
        (true, _, _) if asked.is_search() => "hazard_unit_time",
        // A unit's open hazards are few: those are put in order of their deadlines when somebody asks. An index on
        // them would be written with every act.
        (true, _, StageFilter::Open | StageFilter::Overdue | StageFilter::Closed) => "hazard_unit_phase",
        (true, _, StageFilter::All | StageFilter::Kept | StageFilter::One(_)) => "hazard_unit_time",
        (false, true, _) => "hazard_due",
        (false, false, _) if filter.repeated => "hazard_repeats",
        (false, false, _) if filter.category.is_some() => "hazard_category",
        (false, false, _) if filter.level.is_some_and(|level| level != Level::General) => "hazard_level",
        (false, false, StageFilter::One(_)) => "hazard_stage",
        (false, false, StageFilter::Open | StageFilter::Overdue | StageFilter::Closed) => "hazard_phase",
        (false, false, StageFilter::All | StageFilter::Kept) => "hazard_time",
    }
}

pub(super) fn some(
    tx: &mut Tx,
    asked: &Asked<'_>,
    now: Timestamp,
    most: usize,
) -> Result<Vec<HazardRow>, StorageError> {
    let filter = asked.filter;
    let mut conditions = Conditions::default();
    let from = source(tx, &mut conditions, asked);
    let order = Order::of(asked);
    filtered(&mut conditions, asked, now);
    if let Some(cursor) = filter.after {
        order.after(&mut conditions, cursor);
    }
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let walked = asked.walked.as_deref().unwrap_or_default();
    let inner = match order {
        // A few units: the newest of each, merged; every part walks its own index.
        Order::Newest | Order::Due if walked.len() > 1 && asked.rare.is_none() => {
            if !matches!(asked.reach, Reach::Units(_)) {
                reachable(&mut conditions, &asked.reach);
            }
            let most = conditions.arg(Arg::Int(limit));
            let shared = conditions.text();
            let parts: Vec<String> = walked
                .iter()
                .map(|unit| {
                    let unit = conditions.arg(Arg::Id(unit.0));
                    format!(
                        "SELECT * FROM (SELECT {COLUMNS} FROM {from} WHERE h.unit_id = {unit} AND {shared}
                         ORDER BY {} LIMIT {most}) AS one",
                        order.clause()
                    )
                })
                .collect();
            parts.join(" UNION ALL ")
        }
        _ => {
            reachable(&mut conditions, &asked.reach);
            let most = conditions.arg(Arg::Int(limit));
            format!(
                "SELECT {COLUMNS} FROM {from} WHERE {} ORDER BY {} LIMIT {most}",
                conditions.text(),
                order.clause()
            )
        }
    };
    let most = conditions.arg(Arg::Int(limit));
    let sql = format!(
        "SELECT c.*, u.name FROM ({inner}) AS c LEFT JOIN unit u ON u.id = c.unit_id ORDER BY {} LIMIT {most}",
        order.outer()
    );
    tx.query(&sql, &conditions.params(), hazard_row)
}
