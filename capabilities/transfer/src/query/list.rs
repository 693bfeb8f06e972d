//! Lists of letters.

use access::Viewer;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use storage::{Containing, Param, Row, StorageError, Tx, params};

use super::WORKS;
use crate::{
    event::{Answer, Kind, Number},
    state::StageCode,
    turn::Act,
};

/// Which letters are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Somebody still has to do something.
    #[default]
    Running,
    /// With the department.
    Out,
    /// Something is past its deadline.
    Overdue,
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
            "out" => Self::Out,
            "overdue" => Self::Overdue,
            "all" => Self::All,
            stage => Self::One(StageCode::named(stage)?),
        })
    }

    /// The name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Out => "out",
            Self::Overdue => "overdue",
            Self::All => "all",
            Self::One(stage) => stage.name(),
        }
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterFilter {
    /// By stage.
    pub which: Which,
    /// 抄告 or 移送.
    pub kind: Option<Kind>,
    /// To this department.
    pub department: Option<StreamId>,
    /// About this school.
    pub unit: Option<UnitId>,
    /// Begun in this year.
    pub year: Option<i16>,
    /// With these words in it.
    pub words: Containing,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// The letter.
    pub id: StreamId,
    /// 抄告 or 移送; none when a newer program wrote it.
    pub kind: Option<Kind>,
    /// Its number; none before it was signed.
    pub number: Option<Number>,
    /// Whom it is for.
    pub department: String,
    /// The school.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// What was found.
    pub title: String,
    /// Where it stands.
    pub stage: StageCode,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// The day it went out.
    pub sent_on: Option<Timestamp>,
    /// To be answered by.
    pub reply_by: Timestamp,
    /// What was answered.
    pub answer: Option<Answer>,
    /// When.
    pub answered_on: Option<Timestamp>,
    /// What the office has to do or ask for.
    pub act: Option<Act>,
    /// By when.
    pub due: Option<Timestamp>,
}

const COLUMNS: &str =
    "t.id, t.kind, t.year, t.serial, t.department_name, t.unit_name, t.title, t.stage, t.begun_at,
    t.sent_on, t.reply_by, t.answer, t.answered_on, t.turn_act, t.turn_due, t.unit_id";

fn row(row: &Row<'_>) -> Result<Option<LetterRow>, StorageError> {
    let Some(stage) = StageCode::named(&row.text(7)?) else { return Ok(None) };
    let number = match (row.opt_int(2)?, row.opt_int(3)?) {
        (Some(year), Some(serial)) => Some(Number {
            year: i16::try_from(year).unwrap_or(0),
            serial: u32::try_from(serial).unwrap_or(0),
        }),
        _ => None,
    };
    Ok(Some(LetterRow {
        id: row.id(0)?,
        kind: Kind::named(&row.text(1)?),
        number,
        department: row.text(4)?,
        unit_name: row.text(5)?,
        title: row.text(6)?,
        stage,
        begun_at: row.time(8)?,
        sent_on: row.opt_time(9)?,
        reply_by: row.time(10)?,
        answer: row.opt_text(11)?.as_deref().and_then(Answer::named),
        answered_on: row.opt_time(12)?,
        act: row.opt_text(13)?.as_deref().and_then(Act::named),
        due: row.opt_time(14)?,
        unit: row.id(15)?,
    }))
}

/// What narrows a statement, with its parameters numbered as they come.
struct Conditions<'f> {
    parts: Vec<String>,
    params: Vec<Param<'f>>,
}

impl<'f> Conditions<'f> {
    /// What the viewer may see: all that he works on, and of the others what was sent.
    fn seen_by(viewer: &Viewer) -> Self {
        let (mut any, mut params) = (Vec::new(), Vec::<Param<'f>>::new());
        for permission in WORKS {
            let (condition, more) = viewer.scope(permission).condition("t.unit_id", params.len() + 1);
            any.push(condition);
            params.extend(more);
        }
        let then = ("t.central_id", "t.township_id");
        let (sent, more) = viewer.scope("transfer.view").condition_then("t.unit_id", then, params.len() + 1);
        any.push(format!("(t.sent_at IS NOT NULL AND {sent})"));
        params.extend(more);
        Self { parts: vec![format!("({})", any.join(" OR "))], params }
    }

    fn mark(&mut self, value: Param<'f>) -> String {
        self.params.push(value);
        format!("?{}", self.params.len())
    }

    fn narrowed(mut self, filter: &'f LetterFilter) -> Self {
        if let Some(kind) = filter.kind {
            self.parts.push(format!("t.kind = '{}'", kind.name()));
        }
        if let Some(department) = filter.department {
            let mark = self.mark(Param::from(department));
            self.parts.push(format!("t.department_id = {mark}"));
        }
        if let Some(unit) = filter.unit {
            let mark = self.mark(Param::from(unit));
            self.parts.push(format!("t.unit_id = {mark}"));
        }
        if let Some(year) = filter.year {
            let mark = self.mark(Param::from(i64::from(year)));
            self.parts.push(format!("t.begun_year = {mark}"));
        }
        if let Some(pattern) = filter.words.pattern() {
            let mark = self.mark(Param::from(pattern));
            self.parts.push(format!("t.words LIKE {mark} ESCAPE '!'"));
        }
        self
    }

    fn at(mut self, which: Which, now: Timestamp) -> Self {
        let stages = |of: fn(StageCode) -> bool| {
            let names: Vec<String> = StageCode::ALL
                .iter()
                .filter(|stage| of(**stage))
                .map(|stage| format!("'{}'", stage.name()))
                .collect();
            format!("t.stage IN ({})", names.join(", "))
        };
        let part = match which {
            Which::Running => stages(StageCode::is_running),
            Which::Out => stages(StageCode::is_out),
            Which::Overdue => format!("t.turn_due < {}", self.mark(Param::from(now))),
            Which::One(stage) => format!("t.stage = '{}'", stage.name()),
            Which::All => return self,
        };
        self.parts.push(part);
        self
    }

    fn sql(&self) -> String {
        self.parts.join(" AND ")
    }
}

/// What the viewer may see of the letters asked for: running ones by the nearest deadline, then the newest. At most
/// `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn rows(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &LetterFilter,
    now: Timestamp,
    most: usize,
) -> Result<Vec<LetterRow>, Problem> {
    let conditions = Conditions::seen_by(viewer).narrowed(filter).at(filter.which, now);
    let sql = format!(
        "SELECT {COLUMNS} FROM transfer t WHERE {}
         ORDER BY t.turn_due ASC NULLS LAST, t.begun_at DESC, t.id LIMIT {most}",
        conditions.sql()
    );
    let found = tx.query(&sql, &conditions.params, row)?;
    Ok(found.into_iter().flatten().collect())
}

/// How many of each stage the viewer may see of what else is asked for, and how many are past a deadline.
///
/// # Errors
/// Whatever the database answers.
pub fn stages(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &LetterFilter,
    now: Timestamp,
) -> Result<(Vec<(StageCode, u32)>, u32), Problem> {
    let conditions = Conditions::seen_by(viewer).narrowed(filter);
    let sql = format!("SELECT t.stage, count(*) FROM transfer t WHERE {} GROUP BY t.stage", conditions.sql());
    let found = tx.query(&sql, &conditions.params, |row| Ok((row.text(0)?, row.int(1)?)))?;
    let known = |(stage, amount): (String, i64)| {
        StageCode::named(&stage).map(|stage| (stage, u32::try_from(amount).unwrap_or(u32::MAX)))
    };
    let late = Conditions::seen_by(viewer).narrowed(filter).at(Which::Overdue, now);
    let sql = format!("SELECT count(*) FROM transfer t WHERE {}", late.sql());
    let late = tx.count(&sql, &late.params)?;
    Ok((found.into_iter().filter_map(known).collect(), u32::try_from(late).unwrap_or(u32::MAX)))
}

/// What a list could be narrowed to: what letters of the viewer's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices {
    pub departments: Vec<(StreamId, String)>,
    pub units: Vec<(UnitId, String)>,
    pub years: Vec<i16>,
}

/// Departments, schools and years of the letters the viewer may see, for the fields of a filter.
///
/// # Errors
/// Whatever the database answers.
pub(crate) fn choices(tx: &mut Tx, viewer: &Viewer) -> Result<Choices, Problem> {
    let seen = Conditions::seen_by(viewer);
    let of = |columns: &str| {
        format!("SELECT {columns} FROM transfer t WHERE {} GROUP BY 1 ORDER BY 2, 1 LIMIT 500", seen.sql())
    };
    let departments = of("t.department_id, max(t.department_name)");
    let departments = tx.query(&departments, &seen.params, |row| Ok((row.id(0)?, row.text(1)?)))?;
    let units = of("t.unit_id, max(t.unit_name)");
    let units = tx.query(&units, &seen.params, |row| Ok((row.id(0)?, row.text(1)?)))?;
    Ok(Choices { departments, units, years: years(tx, viewer)? })
}

/// Years in which letters were begun that the viewer may see, newest first.
///
/// # Errors
/// Whatever the database answers.
fn years(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<i16>, Problem> {
    let seen = Conditions::seen_by(viewer);
    let sql = format!(
        "SELECT DISTINCT t.begun_year FROM transfer t WHERE {} ORDER BY t.begun_year DESC",
        seen.sql()
    );
    let found = tx.query(&sql, &seen.params, |row| row.int(0))?;
    Ok(found.into_iter().filter_map(|year| i16::try_from(year).ok()).collect())
}

/// The letters about a hazard, oldest first; only those that were sent, for whoever does not work on letters.
///
/// # Errors
/// Whatever the database answers.
pub fn of_hazard(tx: &mut Tx, hazard: StreamId, works: bool) -> Result<Vec<LetterRow>, StorageError> {
    let sent = if works { "" } else { " AND t.sent_at IS NOT NULL" };
    let sql =
        format!("SELECT {COLUMNS} FROM transfer t WHERE t.hazard_id = ?1{sent} ORDER BY t.begun_at, t.id");
    Ok(tx.query(&sql, params![hazard], row)?.into_iter().flatten().collect())
}
