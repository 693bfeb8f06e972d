//! The list, and how many stand where.

use access::Viewer;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx};

use crate::{Act, event::Number, state::StageCode};

/// Which listings are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Somebody still has to do something.
    #[default]
    Running,
    /// On the list: signed, and not taken off.
    Listed,
    /// Something is past its deadline.
    Overdue,
    /// 缺周报: the weekly report is past its day.
    Unreported,
    /// At this stage.
    One(StageCode),
    /// All there are.
    All,
}

impl Which {
    /// From the name in an address.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "" | "running" => Self::Running,
            "listed-all" => Self::Listed,
            "overdue" => Self::Overdue,
            "unreported" => Self::Unreported,
            "all" => Self::All,
            stage => Self::One(StageCode::named(stage)?),
        })
    }

    /// The name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Listed => "listed-all",
            Self::Overdue => "overdue",
            Self::Unreported => "unreported",
            Self::All => "all",
            Self::One(stage) => stage.name(),
        }
    }

    fn condition(self) -> String {
        let stages = |of: fn(StageCode) -> bool| {
            let names: Vec<String> = StageCode::ALL
                .iter()
                .filter(|stage| of(**stage))
                .map(|stage| format!("'{}'", stage.name()))
                .collect();
            format!("s.stage IN ({})", names.join(", "))
        };
        match self {
            Self::Running => stages(StageCode::is_running),
            Self::Listed => stages(StageCode::is_listed),
            Self::Overdue => "s.next_due < ?1".to_owned(),
            Self::Unreported => unreported(),
            Self::One(stage) => format!("s.stage = '{}'", stage.name()),
            Self::All => "TRUE".to_owned(),
        }
    }
}

/// Whether the weekly report is past its day.
fn unreported() -> String {
    format!(
        "EXISTS (SELECT 1 FROM supervision_due d WHERE d.supervision_id = s.id AND d.act = '{}' AND d.due_at < ?1)",
        Act::Progress.name()
    )
}

/// What a list is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListingFilter {
    /// By stage.
    pub which: Which,
    /// Of this school.
    pub unit: Option<UnitId>,
}

impl From<Which> for ListingFilter {
    fn from(which: Which) -> Self {
        Self { which, unit: None }
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupervisionRow {
    /// The listing.
    pub id: StreamId,
    /// Its number; none before it was signed.
    pub number: Option<Number>,
    /// The school.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// The hazard in words.
    pub title: String,
    /// Where it stands.
    pub stage: StageCode,
    /// When this round began.
    pub opened_at: Timestamp,
    /// When it was signed.
    pub signed_at: Option<Timestamp>,
    /// 整改期限
    pub deadline: Option<Timestamp>,
    /// The nearest deadline of anybody.
    pub next_due: Option<Timestamp>,
    /// When it was taken off the list, or ended otherwise.
    pub ended_at: Option<Timestamp>,
}

/// What the viewer may see of the listings asked for: running ones by the nearest deadline, then the newest. At most
/// `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn rows(
    tx: &mut Tx,
    viewer: &Viewer,
    asked: impl Into<ListingFilter>,
    now: Timestamp,
    most: usize,
) -> Result<Vec<SupervisionRow>, Problem> {
    let asked = asked.into();
    let (seen, params) = seen_by(viewer, 3);
    let mut all = vec![Param::from(now), Param::from(most)];
    all.extend(params);
    let of_unit = of_unit(asked.unit, &mut all);
    let sql = format!(
        "SELECT s.id, s.year, s.serial, u.name, h.title, s.stage, s.opened_at, s.signed_at, s.deadline, s.next_due,
            s.ended_at, s.unit_id
         FROM supervision s JOIN unit u ON u.id = s.unit_id JOIN hazard h ON h.id = s.hazard_id
         WHERE {} AND {seen} AND {of_unit} AND CAST(?1 AS BIGINT) > 0
         ORDER BY s.next_due ASC NULLS LAST, s.opened_at DESC, s.id LIMIT ?2",
        asked.which.condition()
    );
    let found = tx.query(&sql, &all, row)?;
    Ok(found.into_iter().flatten().collect())
}

fn of_unit(unit: Option<UnitId>, params: &mut Vec<Param<'static>>) -> String {
    let Some(unit) = unit else { return "TRUE".to_owned() };
    params.push(Param::from(unit));
    format!("s.unit_id = ?{}", params.len())
}

/// How many the viewer may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// At each stage.
    pub stages: Vec<(StageCode, u32)>,
    /// With something past its deadline.
    pub overdue: u32,
    /// Whose weekly report is past its day.
    pub unreported: u32,
}

impl Standing {
    /// How many of them are asked for.
    pub fn of(&self, which: Which) -> u32 {
        let sum = |of: &dyn Fn(StageCode) -> bool| -> u32 {
            self.stages.iter().filter(|(stage, _)| of(*stage)).map(|(_, amount)| amount).sum()
        };
        match which {
            Which::Running => sum(&StageCode::is_running),
            Which::Listed => sum(&StageCode::is_listed),
            Which::Overdue => self.overdue,
            Which::Unreported => self.unreported,
            Which::One(one) => sum(&|stage| stage == one),
            Which::All => sum(&|_| true),
        }
    }
}

/// How many of each stage the viewer may see, of one school or of all, and how many are past a deadline.
///
/// # Errors
/// Whatever the database answers.
pub fn standing(
    tx: &mut Tx,
    viewer: &Viewer,
    unit: Option<UnitId>,
    now: Timestamp,
) -> Result<Standing, Problem> {
    let (seen, more) = seen_by(viewer, 2);
    let mut params = vec![Param::from(now)];
    params.extend(more);
    let of_unit = of_unit(unit, &mut params);
    let sql = format!(
        "SELECT s.stage, count(*), sum(CASE WHEN s.next_due < ?1 THEN 1 ELSE 0 END),
            sum(CASE WHEN {} THEN 1 ELSE 0 END)
         FROM supervision s WHERE {seen} AND {of_unit} GROUP BY s.stage ORDER BY s.stage",
        unreported()
    );
    let found = tx.query(&sql, &params, |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?, row.int(3)?)))?;
    let number = |amount: i64| u32::try_from(amount).unwrap_or(u32::MAX);
    let mut standing = Standing::default();
    for (stage, amount, late, unreported) in found {
        standing.overdue = standing.overdue.saturating_add(number(late));
        standing.unreported = standing.unreported.saturating_add(number(unreported));
        standing.stages.extend(StageCode::named(&stage).map(|stage| (stage, number(amount))));
    }
    Ok(standing)
}

/// The schools of which the viewer may see a listing, by name.
///
/// # Errors
/// Whatever the database answers.
pub(crate) fn schools(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(UnitId, String)>, Problem> {
    let (seen, params) = seen_by(viewer, 1);
    let sql = format!(
        "SELECT u.id, u.name FROM unit u WHERE u.id IN (SELECT s.unit_id FROM supervision s WHERE {seen})
         ORDER BY u.name, u.id LIMIT 500"
    );
    Ok(tx.query(&sql, &params, |row| Ok((row.id(0)?, row.text(1)?)))?)
}

/// Units the viewer sees now, and what was opened while a school lay below him.
fn seen_by(viewer: &Viewer, first: usize) -> (String, Vec<Param<'static>>) {
    viewer.scope("supervision.view").condition_then("s.unit_id", ("s.central_id", "s.township_id"), first)
}

fn row(row: &Row<'_>) -> Result<Option<SupervisionRow>, StorageError> {
    let Some(stage) = StageCode::named(&row.text(5)?) else { return Ok(None) };
    let number = match (row.opt_int(1)?, row.opt_int(2)?) {
        (Some(year), Some(serial)) => Some(Number {
            year: i16::try_from(year).unwrap_or(0),
            serial: u32::try_from(serial).unwrap_or(0),
        }),
        _ => None,
    };
    Ok(Some(SupervisionRow {
        id: row.id(0)?,
        number,
        unit_name: row.text(3)?,
        title: row.text(4)?,
        stage,
        opened_at: row.time(6)?,
        signed_at: row.opt_time(7)?,
        deadline: row.opt_time(8)?,
        next_due: row.opt_time(9)?,
        ended_at: row.opt_time(10)?,
        unit: row.id(11)?,
    }))
}
