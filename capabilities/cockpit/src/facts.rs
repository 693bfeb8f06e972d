//! Everything the cockpit counts, read in one snapshot: grouped by the database, never record by record.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use access::Viewer;
use guards::Staffed;
use hazard::query::{
    ClosedThen, HazardFilter, OpenThen, RegisteredThen, StageFilter, closed, counted, first_recorded, open,
    registered,
};
use kernel::{Problem, Timestamp, UnitId};
use organisation::UnitKind;
use rules::RuleBook;
use storage::{Param, Tx};
use supervision::query::Which;

use crate::day::{Day, Spans};

/// More than any list counts.
const ALL: i64 = i64::MAX / 2;

/// A school somebody may see.
#[derive(Clone, Debug, PartialEq)]
pub struct School {
    /// The school.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Latitude and longitude, where somebody entered them.
    pub place: Option<(f64, f64)>,
    /// When it registered a hazard last.
    pub last: Option<Timestamp>,
}

/// A township somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Town {
    /// The township.
    pub id: UnitId,
    /// Its name.
    pub name: String,
}

/// What has no past: it is known as it stands, and only so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Open hazards that repeat an earlier one.
    pub repeated: i64,
    /// Registered in the last seven days, and repeating an earlier one.
    pub repeated_lately: i64,
    /// 挂牌督办中
    pub listed: u32,
    /// Listings whose weekly report is late.
    pub unreported: u32,
    /// Campuses, for whoever may see how many guards they have.
    pub staffing: Vec<Staffed>,
}

/// Everything the cockpit counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The day shown.
    pub day: Day,
    /// The spans counted.
    pub spans: Spans,
    /// Open hazards.
    pub open: Vec<OpenThen>,
    /// Those a week before.
    pub open_before: Vec<OpenThen>,
    /// What was registered, by spans.
    pub registered: Vec<RegisteredThen>,
    /// What was closed, by spans.
    pub closed: Vec<ClosedThen>,
    /// Schools, by code.
    pub schools: Vec<School>,
    /// Townships, by code.
    pub towns: Vec<Town>,
    /// The units below each township and school, itself among them.
    pub below: HashMap<UnitId, BTreeSet<UnitId>>,
    /// What each institution is, those among them that only their hazards are seen of.
    pub kinds: BTreeMap<UnitId, UnitKind>,
    /// What has no past; absent for a day that has passed.
    pub present: Option<Present>,
    /// Overdue for more than so many days is long.
    pub long_days: i64,
    /// After so many days without a registration a school is silent.
    pub silent_days: i64,
}

impl Facts {
    /// Nothing was ever there to be counted.
    pub fn is_bare(&self) -> bool {
        self.open.is_empty() && self.registered.is_empty() && self.closed.is_empty()
    }

    /// Units whose hazards a list shows that is asked for this one.
    pub fn reached(&self, unit: UnitId) -> BTreeSet<UnitId> {
        self.below.get(&unit).cloned().unwrap_or_else(|| BTreeSet::from([unit]))
    }

    /// Schools that have registered nothing for long.
    pub fn is_silent(&self, school: &School) -> bool {
        let since = Timestamp::at_start_of(self.day.back(self.silent_days));
        school.last.is_none_or(|last| last < since)
    }
}

/// Reads what a viewer may see on a day.
///
/// # Errors
/// A day before anything was recorded is refused; whatever the database answers.
pub fn facts(tx: &mut Tx, viewer: &Viewer, rules: &RuleBook, day: Day) -> Result<Facts, Problem> {
    let reach = hazard::pages::reach(tx, viewer)?;
    if day.is_past() {
        day.recorded_since(first_recorded(tx, &reach)?)?;
    }
    let spans = Spans::up_to(day);
    let days = |id: &str| rules.duration(id, day.date).map_or(0, |found| i64::from(found.value.amount));
    let (long_days, silent_days) = (days("cockpit.overdue.long"), days("cockpit.silent"));
    let long = Timestamp::at_end_of(day.back(long_days + 1));
    let open_now = open(tx, &reach, day.moment, long)?;
    let open_before = open(tx, &reach, day.week_ago(), long)?;
    let registered = registered(tx, &reach, day.moment, &spans.starts())?;
    let closed = closed(tx, &reach, day.moment, &spans.starts())?;
    let present = if day.is_past() { None } else { Some(present(tx, viewer, rules, (day, &spans))?) };
    let (schools, kinds) = schools(tx, viewer, day)?;
    Ok(Facts {
        open: open_now,
        open_before,
        registered,
        closed,
        schools,
        towns: towns(tx, viewer)?,
        below: below(tx)?,
        kinds,
        present,
        long_days,
        silent_days,
        spans,
        day,
    })
}

fn present(
    tx: &mut Tx,
    viewer: &Viewer,
    rules: &RuleBook,
    (day, spans): (Day, &Spans),
) -> Result<Present, Problem> {
    let (reach, now) = (hazard::pages::reach(tx, viewer)?, day.moment.at());
    let repeats = HazardFilter { repeated: true, ..HazardFilter::default() };
    let lately = HazardFilter {
        stage: StageFilter::Kept,
        from: Some(spans.week.from),
        to: Some(spans.week.to),
        ..repeats.clone()
    };
    let listings = match viewer.may("supervision.view") {
        true => supervision::query::standing(tx, viewer, None, now)?,
        false => supervision::query::Standing::default(),
    };
    let staffing = if viewer.may("guards.view") {
        guards::standing(tx, rules, &viewer.scope("guards.view"), day.date)?
    } else {
        Vec::new()
    };
    Ok(Present {
        repeated: counted(tx, &reach, &repeats, now, ALL)?,
        repeated_lately: counted(tx, &reach, &lately, now, ALL)?,
        listed: listings.of(Which::Listed),
        unreported: listings.of(Which::Unreported),
        staffing,
    })
}

fn institutions(column: &str) -> String {
    let kinds: Vec<String> = UnitKind::ALL
        .iter()
        .filter(|kind| kind.is_institution())
        .map(|kind| format!("'{}'", kind.name()))
        .collect();
    format!("{column} IN ({})", kinds.join(", "))
}

type Schools = (Vec<School>, BTreeMap<UnitId, UnitKind>);

/// The open schools that the viewer sees now, and what every institution is.
fn schools(tx: &mut Tx, viewer: &Viewer, day: Day) -> Result<Schools, Problem> {
    let (seen, params) = viewer.scope("hazard.view").condition("u.id", 2);
    let mut all = vec![Param::from(day.moment.at())];
    all.extend(params);
    let sql = format!(
        "SELECT u.id, u.name, u.kind, u.latitude, u.longitude,
            (SELECT max(h.registered_at) FROM hazard h WHERE h.unit_id = u.id AND h.registered_at <= ?1),
            ({seen} AND u.closed_on IS NULL)
         FROM unit u WHERE {} ORDER BY u.code",
        institutions("u.kind")
    );
    let rows = tx.query(&sql, &all, |row| {
        let Some(kind) = UnitKind::named(&row.text(2)?) else { return Ok(None) };
        let place = row.opt_real(3)?.zip(row.opt_real(4)?);
        let school = School { id: row.id(0)?, name: row.text(1)?, kind, place, last: row.opt_time(5)? };
        Ok(Some((school, row.bool(6)?)))
    })?;
    let known: Vec<(School, bool)> = rows.into_iter().flatten().collect();
    let kinds = known.iter().map(|(school, _)| (school.id, school.kind)).collect();
    Ok((known.into_iter().filter(|(_, seen)| *seen).map(|(school, _)| school).collect(), kinds))
}

fn towns(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Town>, Problem> {
    let (seen, params) = viewer.scope("hazard.view").condition("u.id", 1);
    let sql = format!(
        "SELECT u.id, u.name FROM unit u WHERE u.kind = '{}' AND u.closed_on IS NULL AND {seen} ORDER BY u.code",
        UnitKind::Township.name()
    );
    Ok(tx.query(&sql, &params, |row| Ok(Town { id: row.id(0)?, name: row.text(1)? }))?)
}

/// As lists understand a unit that is asked for: everything below it, in management or on the ground.
fn below(tx: &mut Tx) -> Result<HashMap<UnitId, BTreeSet<UnitId>>, Problem> {
    let sql = format!(
        "SELECT s.ancestor_id, s.unit_id FROM unit_scope s JOIN unit a ON a.id = s.ancestor_id
         WHERE s.line IN ('{}', '{}') AND (a.kind = '{}' OR {})",
        organisation::Line::Management.name(),
        organisation::Line::Territory.name(),
        UnitKind::Township.name(),
        institutions("a.kind")
    );
    let mut found: HashMap<UnitId, BTreeSet<UnitId>> = HashMap::new();
    for (above, unit) in tx.query(&sql, &[], |row| Ok((row.id::<UnitId>(0)?, row.id(1)?)))? {
        found.entry(above).or_default().insert(unit);
    }
    Ok(found)
}
