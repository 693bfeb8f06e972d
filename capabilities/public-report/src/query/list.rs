//! Lists of reports.

use access::Viewer;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use storage::{Containing, Param, Row, StorageError, Tx, params};

use crate::{
    event::{Answer, Number},
    state::StageCode,
};

/// Which reports are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// 待答复
    #[default]
    Waiting,
    /// 逾期未答复
    Overdue,
    /// 已转隐患
    TakenUp,
    /// 未转办: what a school answered without a hazard.
    Answered,
    /// All there are.
    All,
}

impl Which {
    /// All of them, in the order in which a page names them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Overdue, Self::TakenUp, Self::Answered, Self::All];

    /// From the name in an address.
    pub fn named(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Waiting);
        }
        Self::ALL.into_iter().find(|which| which.name() == name)
    }

    /// The name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Overdue => "overdue",
            Self::TakenUp => "taken-up",
            Self::Answered => "answered",
            Self::All => "all",
        }
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// By stage.
    pub which: Which,
    /// Of this school.
    pub unit: Option<UnitId>,
    /// Of this category.
    pub category: Option<String>,
    /// Answered, or to be answered, after its time.
    pub late: bool,
    /// Received in this year.
    pub year: Option<i16>,
    /// With these words in it.
    pub words: Containing,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// The report.
    pub id: StreamId,
    /// Its number.
    pub number: Number,
    /// The school.
    pub unit_name: String,
    /// The place.
    pub place: String,
    /// What was reported.
    pub title: String,
    /// What kind of hazard it looks like.
    pub category: Option<String>,
    /// Where it stands.
    pub stage: StageCode,
    /// Why it became no hazard.
    pub answer: Option<Answer>,
    /// The county sent an answer back.
    pub sent_back: bool,
    /// Answered, or to be answered, after its time.
    pub late: bool,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// From when the time to answer is counted.
    pub since: Option<Timestamp>,
    /// By when.
    pub due: Option<Timestamp>,
}

const COLUMNS: &str =
    "r.id, r.year, r.serial, r.unit_name, r.place_name, r.title, r.category, r.stage, r.answer,
    r.sent_back, r.late, r.received_at, r.answered_at, r.turn_since, r.turn_due";

fn row(row: &Row<'_>) -> Result<Option<ReportRow>, StorageError> {
    let Some(stage) = StageCode::named(&row.text(7)?) else { return Ok(None) };
    let number = Number {
        year: i16::try_from(row.int(1)?).unwrap_or(0),
        serial: u32::try_from(row.int(2)?).unwrap_or(0),
    };
    Ok(Some(ReportRow {
        id: row.id(0)?,
        number,
        unit_name: row.text(3)?,
        place: row.text(4)?,
        title: row.text(5)?,
        category: row.opt_text(6)?,
        stage,
        answer: row.opt_text(8)?.as_deref().and_then(Answer::named),
        sent_back: row.bool(9)?,
        late: row.bool(10)?,
        received_at: row.time(11)?,
        answered_at: row.opt_time(12)?,
        since: row.opt_time(13)?,
        due: row.opt_time(14)?,
    }))
}

/// What narrows a statement, with its parameters numbered as they come.
struct Conditions<'f> {
    parts: Vec<String>,
    params: Vec<Param<'f>>,
}

impl<'f> Conditions<'f> {
    fn seen_by(viewer: &Viewer) -> Self {
        let (scope, params) = viewer.scope(access::names::REPORT_VIEW).condition("r.unit_id", 1);
        Self { parts: vec![scope], params }
    }

    fn mark(&mut self, value: Param<'f>) -> String {
        self.params.push(value);
        format!("?{}", self.params.len())
    }

    fn narrowed(mut self, filter: &'f ReportFilter) -> Self {
        if let Some(unit) = filter.unit {
            let mark = self.mark(Param::from(unit));
            self.parts.push(format!("r.unit_id = {mark}"));
        }
        if let Some(category) = &filter.category {
            let mark = self.mark(Param::from(category));
            self.parts.push(format!("r.category = {mark}"));
        }
        if filter.late {
            self.parts.push("r.late = TRUE".to_owned());
        }
        if let Some(year) = filter.year {
            let mark = self.mark(Param::from(i64::from(year)));
            self.parts.push(format!("r.year = {mark}"));
        }
        if let Some(pattern) = filter.words.pattern() {
            let mark = self.mark(Param::from(pattern));
            self.parts.push(format!("r.words LIKE {mark} ESCAPE '!'"));
        }
        self
    }

    fn at(mut self, which: Which, now: Timestamp) -> Self {
        let part = match which {
            Which::All => return self,
            Which::Overdue => format!("r.turn_due < {}", self.mark(Param::from(now))),
            Which::Waiting | Which::TakenUp | Which::Answered => format!("r.stage = '{}'", which.name()),
        };
        self.parts.push(part);
        self
    }

    fn sql(&self) -> String {
        self.parts.join(" AND ")
    }
}

/// What the viewer may see of the reports asked for: those that wait by the nearest deadline, then the newest. At most
/// `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn rows(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &ReportFilter,
    now: Timestamp,
    most: usize,
) -> Result<Vec<ReportRow>, Problem> {
    let conditions = Conditions::seen_by(viewer).narrowed(filter).at(filter.which, now);
    let sql = format!(
        "SELECT {COLUMNS} FROM public_report r WHERE {}
         ORDER BY r.turn_due ASC NULLS LAST, r.received_at DESC, r.id LIMIT {most}",
        conditions.sql()
    );
    let found = tx.query(&sql, &conditions.params, row)?;
    Ok(found.into_iter().flatten().collect())
}

/// How many of each the viewer may see of what else is asked for, in the order of [`Which::ALL`].
///
/// # Errors
/// Whatever the database answers.
pub fn counted(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &ReportFilter,
    now: Timestamp,
) -> Result<[(Which, u32); 5], Problem> {
    let mut counts = Which::ALL.map(|which| (which, 0));
    for (which, count) in &mut counts {
        let conditions = Conditions::seen_by(viewer).narrowed(filter).at(*which, now);
        let sql = format!("SELECT count(*) FROM public_report r WHERE {}", conditions.sql());
        *count = u32::try_from(tx.count(&sql, &conditions.params)?).unwrap_or(u32::MAX);
    }
    Ok(counts)
}

/// Schools and years that a list could be narrowed to.
pub(crate) type Choices = (Vec<(UnitId, String)>, Vec<i16>);

/// Schools and years of the reports the viewer may see, for the fields of a filter.
///
/// # Errors
/// Whatever the database answers.
pub(crate) fn choices(tx: &mut Tx, viewer: &Viewer) -> Result<Choices, Problem> {
    let seen = Conditions::seen_by(viewer);
    let units = format!(
        "SELECT r.unit_id, max(r.unit_name) FROM public_report r WHERE {} GROUP BY 1 ORDER BY 2, 1 LIMIT 500",
        seen.sql()
    );
    let units = tx.query(&units, &seen.params, |row| Ok((row.id(0)?, row.text(1)?)))?;
    let years =
        format!("SELECT DISTINCT r.year FROM public_report r WHERE {} ORDER BY r.year DESC", seen.sql());
    let years = tx.query(&years, &seen.params, |row| row.int(0))?;
    Ok((units, years.into_iter().filter_map(|year| i16::try_from(year).ok()).collect()))
}

/// The reports that became a hazard, or were said to be it already, oldest first.
///
/// # Errors
/// Whatever the database answers.
pub fn of_hazard(tx: &mut Tx, hazard: StreamId) -> Result<Vec<ReportRow>, StorageError> {
    let sql =
        format!("SELECT {COLUMNS} FROM public_report r WHERE r.hazard_id = ?1 ORDER BY r.received_at, r.id");
    Ok(tx.query(&sql, params![hazard], row)?.into_iter().flatten().collect())
}
