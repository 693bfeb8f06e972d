//! The two lists.

use access::Viewer;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx, params};
use supervision::Number;

use super::{
    Kind, case_state, clarification_state,
    filter::{Conditions, Filter, Which, WhichClarifications, stages},
    number, opt_number, seen_by,
};
use crate::{
    case::{CaseState, StageCode},
    clarification::{ClarificationStage, ClarificationState},
};

/// Units and years that a filter offers at most.
const OFFERED: usize = 200;

/// A row of the list of cases.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    /// The case.
    pub id: StreamId,
    /// Its number.
    pub number: Number,
    /// As it stands.
    pub state: CaseState,
    /// The nearest deadline of anybody.
    pub next_due: Option<Timestamp>,
}

/// A row of the list of clarifications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClarificationRow {
    /// The clarification.
    pub id: StreamId,
    /// Its number; none before it was signed.
    pub number: Option<Number>,
    /// As it stands.
    pub state: ClarificationState,
}

fn case_row(row: &Row<'_>) -> Result<CaseRow, StorageError> {
    let id: StreamId = row.id(0)?;
    let state = serde_json::from_str(&row.text(4)?)
        .map_err(|e| StorageError::Other(format!("accountability {id}: {e}")))?;
    Ok(CaseRow { id, number: number(row, 1)?, next_due: row.opt_time(3)?, state })
}

fn clarification_row(row: &Row<'_>) -> Result<ClarificationRow, StorageError> {
    let id: StreamId = row.id(0)?;
    let state = serde_json::from_str(&row.text(3)?)
        .map_err(|e| StorageError::Other(format!("clarification {id}: {e}")))?;
    Ok(ClarificationRow { id, number: opt_number(row, 1)?, state })
}

/// What the viewer may see of the cases asked for: those with the nearest deadline first, then the newest. At most `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn cases(
    tx: &mut Tx,
    viewer: &Viewer,
    (which, filter): (Which, &Filter),
    now: Timestamp,
    most: usize,
) -> Result<Vec<CaseRow>, Problem> {
    let (seen, seen_params) = seen_by(viewer, Kind::Case, 3);
    let mut narrow = Conditions::new(3 + seen_params.len());
    narrow.filter(Kind::Case, filter);
    narrow.and(match which {
        Which::Running => running(),
        Which::Overdue => "r.next_due < ?1".to_owned(),
        Which::One(stage) => stages(std::iter::once(stage.name())),
        Which::All => "TRUE".to_owned(),
    });
    let (narrow, params) = narrow.done();
    let mut all = vec![Param::from(now), Param::from(most)];
    all.extend(seen_params);
    all.extend(params);
    let sql = format!(
        "SELECT r.id, r.year, r.serial, r.next_due, r.state FROM accountability r
         WHERE {seen} AND {narrow} AND CAST(?1 AS BIGINT) > 0
         ORDER BY r.next_due ASC NULLS LAST, r.opened_at DESC, r.id LIMIT ?2"
    );
    Ok(tx.query(&sql, &all, case_row)?)
}

fn running() -> String {
    stages(StageCode::ALL.iter().filter(|stage| stage.is_running()).map(|stage| stage.name()))
}

/// What the viewer may see of the clarifications asked for, unanswered ones first, then the newest. At most `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn clarifications(
    tx: &mut Tx,
    viewer: &Viewer,
    (which, filter): (WhichClarifications, &Filter),
    most: usize,
) -> Result<Vec<ClarificationRow>, Problem> {
    let (seen, seen_params) = seen_by(viewer, Kind::Clarification, 2);
    let mut narrow = Conditions::new(2 + seen_params.len());
    narrow.filter(Kind::Clarification, filter);
    narrow.and(match which {
        WhichClarifications::Running => stages(
            ClarificationStage::ALL.iter().filter(|stage| stage.is_running()).map(|stage| stage.name()),
        ),
        WhichClarifications::One(stage) => stages(std::iter::once(stage.name())),
        WhichClarifications::All => "TRUE".to_owned(),
    });
    let (narrow, params) = narrow.done();
    let mut all = vec![Param::from(most)];
    all.extend(seen_params);
    all.extend(params);
    let sql = format!(
        "SELECT r.id, r.year, r.serial, r.state FROM clarification r WHERE {seen} AND {narrow}
         ORDER BY r.next_due ASC NULLS LAST, r.begun_at DESC, r.id LIMIT ?1"
    );
    Ok(tx.query(&sql, &all, clarification_row)?)
}

/// Of each stage: how many there are, and how many of them are past a deadline.
type Counts = Vec<(String, u32, u32)>;

fn counts(
    tx: &mut Tx,
    viewer: &Viewer,
    of: Kind,
    filter: &Filter,
    now: Timestamp,
) -> Result<Counts, Problem> {
    let (seen, seen_params) = seen_by(viewer, of, 2);
    let mut narrow = Conditions::new(2 + seen_params.len());
    narrow.filter(of, filter);
    let (narrow, params) = narrow.done();
    let mut all = vec![Param::from(now)];
    all.extend(seen_params);
    all.extend(params);
    let sql = format!(
        "SELECT r.stage, count(*), sum(CASE WHEN r.next_due < ?1 THEN 1 ELSE 0 END) FROM {} r
         WHERE {seen} AND {narrow} GROUP BY r.stage ORDER BY r.stage",
        of.table()
    );
    let found = tx.query(&sql, &all, |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?)))?;
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(found.into_iter().map(|(stage, n, late)| (stage, number(n), number(late))).collect())
}

/// How many cases the viewer may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseCounts {
    /// At each stage.
    pub stages: Vec<(StageCode, u32)>,
    /// With something past its deadline.
    pub overdue: u32,
}

impl CaseCounts {
    /// How many of them are asked for.
    pub fn of(&self, which: Which) -> u32 {
        let sum = |of: &dyn Fn(StageCode) -> bool| -> u32 {
            self.stages.iter().filter(|(stage, _)| of(*stage)).map(|(_, amount)| amount).sum()
        };
        match which {
            Which::Running => sum(&StageCode::is_running),
            Which::Overdue => self.overdue,
            Which::One(one) => sum(&|stage| stage == one),
            Which::All => sum(&|_| true),
        }
    }
}

/// How many cases of each stage the viewer may see of what else is asked for, and how many are past a deadline.
///
/// # Errors
/// Whatever the database answers.
pub fn case_counts(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &Filter,
    now: Timestamp,
) -> Result<CaseCounts, Problem> {
    let found = counts(tx, viewer, Kind::Case, filter, now)?;
    Ok(CaseCounts {
        overdue: found.iter().map(|(_, _, late)| late).sum(),
        stages: found.into_iter().filter_map(|(stage, n, _)| Some((StageCode::named(&stage)?, n))).collect(),
    })
}

/// How many clarifications of each stage the viewer may see of what else is asked for.
///
/// # Errors
/// Whatever the database answers.
pub fn clarification_stages(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &Filter,
    now: Timestamp,
) -> Result<Vec<(ClarificationStage, u32)>, Problem> {
    let found = counts(tx, viewer, Kind::Clarification, filter, now)?;
    Ok(found.into_iter().filter_map(|(stage, n, _)| Some((ClarificationStage::named(&stage)?, n))).collect())
}

/// Units by which a list may be narrowed, by name.
///
/// # Errors
/// Whatever the database answers.
pub fn units(tx: &mut Tx, viewer: &Viewer, of: Kind) -> Result<Vec<(UnitId, String)>, Problem> {
    let (seen, mut params) = seen_by(viewer, of, 2);
    params.insert(0, Param::from(OFFERED));
    let ids = match of {
        Kind::Case => {
            format!(
                "SELECT n.unit_id FROM accountability_side n JOIN accountability r ON r.id = n.case_id
                 WHERE {seen}"
            )
        }
        Kind::Clarification => format!("SELECT r.unit_id FROM clarification r WHERE {seen}"),
    };
    let sql = format!("SELECT u.id, u.name FROM unit u WHERE u.id IN ({ids}) ORDER BY u.name, u.id LIMIT ?1");
    Ok(tx.query(&sql, &params, |row| Ok((row.id(0)?, row.text(1)?)))?)
}

/// Years in which something began that the viewer may see, the newest first.
///
/// # Errors
/// Whatever the database answers.
pub fn years(tx: &mut Tx, viewer: &Viewer, of: Kind) -> Result<Vec<i16>, Problem> {
    let (seen, params) = seen_by(viewer, of, 1);
    let sql = format!(
        "SELECT min(r.{0}), max(r.{0}) FROM {1} r WHERE {seen} HAVING count(*) > 0",
        of.begun(),
        of.table()
    );
    let found = tx.first(&sql, &params, |row| Ok((row.time(0)?, row.time(1)?)))?;
    let Some((first, last)) = found else { return Ok(Vec::new()) };
    let (first, last) = (first.local_date().year(), last.local_date().year());
    Ok((first..=last).rev().take(OFFERED).collect())
}

/// The cases of a hazard, the newest first, whoever may see them.
///
/// # Errors
/// Whatever the database answers.
pub fn cases_of_hazard(tx: &mut Tx, hazard: StreamId) -> Result<Vec<(StreamId, CaseState)>, StorageError> {
    let sql = "SELECT id FROM accountability WHERE hazard_id = ?1 ORDER BY opened_at DESC, id LIMIT ?2";
    let ids: Vec<StreamId> = tx.query(sql, params![hazard, OFFERED], |row| row.id(0))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(case_state(tx, id)?.map(|(state, _)| (id, state)));
    }
    Ok(found)
}

/// The clarifications of a hazard, the newest first, whoever may see them.
///
/// # Errors
/// Whatever the database answers.
pub fn clarifications_of_hazard(
    tx: &mut Tx,
    hazard: StreamId,
) -> Result<Vec<(StreamId, ClarificationState)>, StorageError> {
    let sql = "SELECT id FROM clarification WHERE hazard_id = ?1 ORDER BY begun_at DESC, id LIMIT ?2";
    let ids: Vec<StreamId> = tx.query(sql, params![hazard, OFFERED], |row| row.id(0))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(clarification_state(tx, id)?.map(|(state, _)| (id, state)));
    }
    Ok(found)
}
