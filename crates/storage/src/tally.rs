//! Sums by key, added up in memory and written once for each key before the commit. Every act moves a hazard from one
//! count to another; in a batch of sixty acts most of these counts are the same few rows.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{Param, StorageError};

/// A table whose column `amount` is a sum, and the columns of its primary key.
#[derive(Debug)]
pub struct Tally {
    /// The table.
    pub table: &'static str,
    /// The columns of its primary key, in the order in which values are given.
    pub keys: &'static [&'static str],
}

impl Tally {
    /// Adds to a row, or makes it. A sum of zero makes its row too, so that a rebuild arrives at the same rows.
    fn sql(&self) -> String {
        let (table, keys) = (self.table, self.keys.join(", "));
        let marks: Vec<String> = (1..=self.keys.len() + 1).map(|number| format!("?{number}")).collect();
        format!(
            "INSERT INTO {table} ({keys}, amount) VALUES ({}) ON CONFLICT ({keys}) DO UPDATE SET amount = {table}.amount + excluded.amount",
            marks.join(", ")
        )
    }
}

/// Ordered, so that the same acts write in the same order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Text(String),
    Uuid(Uuid),
}

impl Key {
    fn of(param: Param<'_>) -> Result<Self, StorageError> {
        match param {
            Param::Int(value) => Ok(Self::Int(value)),
            Param::Text(value) => Ok(Self::Text(value.to_owned())),
            Param::Uuid(value) => Ok(Self::Uuid(value)),
            Param::Null | Param::Bool(_) | Param::Real(_) | Param::Blob(_) => {
                Err(StorageError::Other("the key of a sum is a number, a text or an id".to_owned()))
            }
        }
    }

    fn param(&self) -> Param<'_> {
        match self {
            Self::Int(value) => Param::Int(*value),
            Self::Text(value) => Param::Text(value),
            Self::Uuid(value) => Param::Uuid(*value),
        }
    }
}

struct Sums {
    tally: &'static Tally,
    by_key: BTreeMap<Vec<Key>, i64>,
}

/// What is added up and not written yet.
#[derive(Default)]
pub(crate) struct Pending {
    tables: Vec<Sums>,
}

impl Pending {
    pub(crate) fn add(
        &mut self,
        tally: &'static Tally,
        keys: &[Param<'_>],
        amount: i64,
    ) -> Result<(), StorageError> {
        if keys.len() != tally.keys.len() {
            return Err(StorageError::Other(format!("{} has other keys", tally.table)));
        }
        let keys = keys.iter().map(|param| Key::of(*param)).collect::<Result<Vec<_>, _>>()?;
        let at = self.tables.iter().position(|sums| sums.tally.table == tally.table);
        let sums = match at.and_then(|at| self.tables.get_mut(at)) {
            Some(sums) => sums,
            None => self.tables.push_mut(Sums { tally, by_key: BTreeMap::new() }),
        };
        *sums.by_key.entry(keys).or_insert(0) += amount;
        Ok(())
    }

    /// True when a statement reads or writes a table with sums that are not written yet.
    pub(crate) fn concerns(&self, sql: &str) -> bool {
        self.tables.iter().any(|sums| sql.contains(sums.tally.table))
    }

    pub(crate) fn forget(&mut self) {
        self.tables.clear();
    }

    /// Hands every sum to `write`, and forgets them.
    pub(crate) fn drain(
        &mut self,
        mut write: impl FnMut(&str, &[Param<'_>]) -> Result<(), StorageError>,
    ) -> Result<(), StorageError> {
        for sums in std::mem::take(&mut self.tables) {
            let sql = sums.tally.sql();
            for (keys, amount) in &sums.by_key {
                let params: Vec<Param<'_>> =
                    keys.iter().map(Key::param).chain([Param::Int(*amount)]).collect();
                write(&sql, &params)?;
            }
        }
        Ok(())
    }
}
