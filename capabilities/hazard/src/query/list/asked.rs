//! A filter and the viewer's reach brought together before anything is read: which units are walked one by one, and
//! which words name units.

use kernel::{Timestamp, UnitId, limits};
use organisation::Line;
use storage::{Param, StorageError, Tx, search};

use super::{
    super::{
        filter::{HazardFilter, Reach, StageFilter},
        sql::Conditions,
    },
    narrow::within,
};
use crate::level::Level;

/// Units that one word may name; a word that names more is only looked for in the text.
const NAMED: usize = 200;
/// Words of a query whose units are looked up.
const WORDS: usize = 6;
/// Hazards whose words are read one by one.
const READ: i64 = 50_000;

/// Hazards that are put in order when somebody asks, rather than found in order among many others.
const FEW: i64 = 5_000;

/// What is asked for within what may be seen.
pub(super) struct Asked<'f> {
    pub reach: Reach,
    pub filter: &'f HazardFilter,
    /// The units asked for, when they are few enough to walk the index of each; within the reach if that lists units.
    pub walked: Option<Vec<UnitId>>,
    /// The words to search for.
    pub words: Vec<Word>,
    /// They are looked up in the search table; otherwise the rows of the walked units are read one by one.
    pub by_words: bool,
    /// The index of a stage, level or category that holds fewer hazards of the whole county than the walked units have:
    /// what hardly ever occurs is not looked for school by school. Without walked units, of deadlines if few have passed.
    pub rare: Option<&'static str>,
}

/// A word that is searched for.
pub(super) struct Word {
    /// As it was typed.
    pub typed: String,
    /// The units it names: their hazards are found as if they held the word.
    pub units: Vec<UnitId>,
}

impl<'f> Asked<'f> {
    pub(super) fn of(
        tx: &mut Tx,
        reach: &Reach,
        filter: &'f HazardFilter,
        now: Timestamp,
    ) -> Result<Self, StorageError> {
        let asked = few(tx, filter)?;
        let (reach, walked) = match (reach, asked) {
            (Reach::Units(mine), Some(asked)) => {
                let both: Vec<UnitId> = mine.iter().copied().filter(|unit| asked.contains(unit)).collect();
                (Reach::Units(both.clone()), Some(both))
            }
            (Reach::Units(mine), None) => (reach.clone(), Some(mine.clone())),
            (Reach::Everything, Some(asked)) => (Reach::Units(asked.clone()), Some(asked)),
            (Reach::Everything | Reach::Below(_) | Reach::Own(..), asked) => (reach.clone(), asked),
        };
        let words = words(tx, &filter.query)?;
        let theirs = match &walked {
            Some(units) => Some(amount_of(tx, units)?),
            None => None,
        };
        let by_words = !words.is_empty() && theirs.is_none_or(|amount| amount > READ);
        let rare = match theirs {
            Some(amount) if words.is_empty() => rare(tx, filter, amount)?,
            None if words.is_empty() => overdue(tx, filter, now)?,
            Some(_) | None => None,
        };
        Ok(Self { reach, filter, walked, words, by_words, rare })
    }

    /// Words are looked for.
    pub(super) fn is_search(&self) -> bool {
        !self.words.is_empty()
    }

    /// The terms of the search table.
    pub(super) fn terms(&self) -> Vec<search::Term> {
        self.words
            .iter()
            .map(|word| search::Term {
                words: word.typed.clone(),
                tags: word.units.iter().map(|unit| search::Tag::of(unit.0)).collect(),
            })
            .collect()
    }

    /// The units asked for are in `walked`, or in the reach.
    pub(super) fn units_settled(&self) -> bool {
        self.walked.is_some()
    }
}

/// The units of a filter on both lines, when it names any and they are few.
fn few(tx: &mut Tx, filter: &HazardFilter) -> Result<Option<Vec<UnitId>>, StorageError> {
    let roots: Vec<UnitId> = [filter.unit, filter.town].into_iter().flatten().collect();
    let Some(first) = roots.first() else { return Ok(None) };
    let mut params = vec![Param::from(*first)];
    let lines = format!("line IN ('{}', '{}')", Line::Management.name(), Line::Territory.name());
    let mut sql = format!("SELECT DISTINCT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND {lines}");
    if let Some(second) = roots.get(1) {
        params.push(Param::from(*second));
        sql.push_str(&format!(
            " AND unit_id IN (SELECT unit_id FROM unit_scope WHERE ancestor_id = ?2 AND {lines})"
        ));
    }
    params.push(Param::from(limits::SCOPE_UNITS_LISTED + 1));
    sql.push_str(&format!(" LIMIT ?{}", params.len()));
    let units: Vec<UnitId> = tx.query(&sql, &params, |row| row.id(0))?;
    Ok((units.len() <= limits::SCOPE_UNITS_LISTED).then_some(units))
}

/// How many hazards the units have.
fn amount_of(tx: &mut Tx, units: &[UnitId]) -> Result<i64, StorageError> {
    let mut conditions = Conditions::default();
    within(&mut conditions, units);
    let sql = format!("SELECT CAST(sum(h.amount) AS BIGINT) FROM hazard_now h WHERE {}", conditions.text());
    tx.count(&sql, &conditions.params())
}

/// The index of whatever the filter asks for of which the county has least, if that is less than `theirs`.
fn rare(tx: &mut Tx, filter: &HazardFilter, theirs: i64) -> Result<Option<&'static str>, StorageError> {
    let stage = match filter.stage {
        StageFilter::One(stage) => Some(stage.name()),
        StageFilter::All
        | StageFilter::Kept
        | StageFilter::Open
        | StageFilter::Overdue
        | StageFilter::Closed => None,
    };
    let asked = [
        ("stage", stage, "hazard_stage"),
        ("level", filter.level.map(Level::name), "hazard_level"),
        ("category", filter.category.as_deref(), "hazard_category"),
    ];
    let mut least = (theirs, None);
    for (column, value, index) in asked {
        let Some(value) = value else { continue };
        let sql = format!("SELECT CAST(sum(amount) AS BIGINT) FROM hazard_total WHERE {column} = ?1");
        let amount = tx.count(&sql, &[Param::Text(value)])?;
        if amount < least.0 {
            least = (amount, Some(index));
        }
    }
    Ok(least.1)
}

/// The index of deadlines, when few of all hazards are overdue: the newest open ones mostly are not.
fn overdue(tx: &mut Tx, filter: &HazardFilter, now: Timestamp) -> Result<Option<&'static str>, StorageError> {
    if filter.stage != StageFilter::Overdue {
        return Ok(None);
    }
    let sql =
        "SELECT count(*) FROM (SELECT 1 FROM hazard WHERE phase = 'open' AND sort_at < ?1 LIMIT ?2) AS few";
    let found = tx.count(sql, &[Param::from(now), Param::from(FEW + 1)])?;
    Ok((found <= FEW).then_some("hazard_due"))
}

/// The words of a query, each with the units whose name or code it is.
fn words(tx: &mut Tx, query: &str) -> Result<Vec<Word>, StorageError> {
    let mut words = Vec::new();
    for (at, word) in query.split_whitespace().enumerate() {
        let condition = search::condition(tx.dialect(), "unit_search", "u.number", 1, word);
        let Some((matching, grams)) = condition else { continue };
        let mut units = Vec::new();
        if at < WORDS && word.chars().count() > 1 {
            let sql = format!("SELECT u.id FROM unit u WHERE {matching} LIMIT ?2");
            units = tx.query(&sql, &[Param::Text(&grams), Param::from(NAMED + 1)], |row| row.id(0))?;
            if units.len() > NAMED {
                units.clear();
            }
        }
        words.push(Word { typed: word.to_owned(), units });
    }
    Ok(words)
}
