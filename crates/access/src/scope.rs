//! What a list may show: everything, or the units below a few roots.

use std::collections::HashSet;

use kernel::UnitId;
use organisation::Line;
use storage::{Param, StorageError, Tx, in_lists};

/// Where a scope begins: one unit, alone or with everything below it on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Root {
    /// The unit.
    pub unit: UnitId,
    /// The line it reaches down; `None` for the unit alone.
    pub line: Option<Line>,
}

/// What a list may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every unit this platform knows.
    Everything,
    /// What the roots reach. Without roots, nothing.
    Units(Vec<Root>),
}

impl Scope {
    /// Nothing at all.
    pub const NOTHING: Self = Self::Units(Vec::new());

    /// True when no unit can be in it.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::Units(roots) => roots.is_empty(),
        }
    }

    /// A condition on a column of unit ids, with its parameters numbered from `first`.
    ///
    /// `column` is written into the statement: give it a literal, never what somebody typed.
    pub fn condition(&self, column: &'static str, first: usize) -> (String, Vec<Param<'static>>) {
        let roots = match self {
            Self::Everything => return ("TRUE".to_owned(), Vec::new()),
            Self::Units(roots) if roots.is_empty() => return ("FALSE".to_owned(), Vec::new()),
            Self::Units(roots) => roots,
        };
        let mut params: Vec<Param<'static>> = Vec::new();
        let mark = |params: &mut Vec<Param<'static>>, value: Param<'static>| {
            params.push(value);
            format!("?{}", first + params.len() - 1)
        };
        let mut alone = Vec::new();
        let mut below = Vec::new();
        for root in roots {
            let unit = mark(&mut params, Param::from(root.unit));
            match root.line {
                None => alone.push(unit),
                Some(line) => {
                    let line = mark(&mut params, Param::from(line.name()));
                    below.push(format!("(ancestor_id = {unit} AND line = {line})"));
                }
            }
        }
        let mut any = Vec::new();
        if !alone.is_empty() {
            any.push(format!("{column} IN ({})", alone.join(", ")));
        }
        if !below.is_empty() {
            any.push(format!("{column} IN (SELECT unit_id FROM unit_scope WHERE {})", below.join(" OR ")));
        }
        (format!("({})", any.join(" OR ")), params)
    }

    /// The same for records that keep where their unit lay when they began: whoever reached the unit then goes on seeing
    /// them. `then` names the columns of the central school and of the township of that time.
    pub fn condition_then(
        &self,
        column: &'static str,
        then: (&'static str, &'static str),
        first: usize,
    ) -> (String, Vec<Param<'static>>) {
        let (now, mut params) = self.condition(column, first);
        let mut any = vec![now];
        if let Self::Units(roots) = self {
            for root in roots {
                let column = match root.line {
                    Some(Line::Management) => then.0,
                    Some(Line::Territory) => then.1,
                    Some(Line::Assignment) | None => continue,
                };
                params.push(Param::from(root.unit));
                any.push(format!("{column} = ?{}", first + params.len() - 1));
            }
        }
        (format!("({})", any.join(" OR ")), params)
    }

    /// The unit of a record lay below the viewer when it began, in this central school or this township.
    pub fn reached_then(&self, central: Option<UnitId>, township: Option<UnitId>) -> bool {
        match self {
            Self::Everything => true,
            Self::Units(roots) => roots.iter().any(|root| match root.line {
                Some(Line::Management) => central == Some(root.unit),
                Some(Line::Territory) => township == Some(root.unit),
                Some(Line::Assignment) | None => false,
            }),
        }
    }

    /// Those of some units that are in it.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn among(&self, tx: &mut Tx, units: &[UnitId]) -> Result<HashSet<UnitId>, StorageError> {
        let mut found = HashSet::new();
        for (marks, mut params) in in_lists(units) {
            let (condition, more) = self.condition("id", params.len() + 1);
            params.extend(more);
            let sql = format!("SELECT id FROM unit WHERE id IN ({marks}) AND {condition}");
            found.extend(tx.query(&sql, &params, |row| row.id::<UnitId>(0))?);
        }
        Ok(found)
    }

    /// The units one by one, when there are at most `most`; `None` when there are more.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn listed(&self, tx: &mut Tx, most: usize) -> Result<Option<Vec<UnitId>>, StorageError> {
        let (condition, mut params) = self.condition("id", 1);
        let limit = params.len() + 1;
        params.push(Param::from(most.saturating_add(1)));
        let sql = format!("SELECT id FROM unit WHERE {condition} ORDER BY id LIMIT ?{limit}");
        let units = tx.query(&sql, &params, |row| row.id(0))?;
        Ok((units.len() <= most).then_some(units))
    }
}
