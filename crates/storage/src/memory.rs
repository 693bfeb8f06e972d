//! What the writer read and nobody changed since.
//!
//! Every command asks the same few things: who the actor is, what lies above the unit, whether a person belongs to it.
//! Only the writer writes, so it knows when an answer may have changed: when a statement names one of the tables the
//! answer was read from. On a server every question saved is a round trip.

use std::{any::Any, collections::HashMap, sync::Arc};

use uuid::Uuid;

/// Answers kept; when more gather, all are forgotten.
const ANSWERS: usize = 20_000;

/// A question whose answer may be remembered.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What is asked: the same name never asks two things.
    pub name: &'static str,
    /// Of whom or what.
    pub of: [Uuid; 3],
    /// Every table the answer is read from.
    pub tables: &'static [&'static str],
}

type Answer = Arc<dyn Any + Send + Sync>;

/// Answers by question, and the tables they hang on.
#[derive(Default)]
pub(crate) struct Memory {
    answers: HashMap<(&'static str, [Uuid; 3]), Answer>,
    tables: Vec<&'static str>,
}

impl Memory {
    pub(crate) fn recall<T: Any + Send + Sync>(&self, question: &Question) -> Option<Arc<T>> {
        let answer = self.answers.get(&(question.name, question.of))?;
        Arc::clone(answer).downcast().ok()
    }

    pub(crate) fn keep<T: Any + Send + Sync>(&mut self, question: &Question, answer: Arc<T>) {
        if self.answers.len() >= ANSWERS {
            self.forget();
        }
        for table in question.tables {
            if !self.tables.contains(table) {
                self.tables.push(table);
            }
        }
        self.answers.insert((question.name, question.of), answer);
    }

    /// A statement writes: what was read from its table is forgotten, and everything when the table is not plain.
    pub(crate) fn written(&mut self, sql: &str) {
        if !self.answers.is_empty() && written_table(sql).is_none_or(|table| self.tables.contains(&table)) {
            self.forget();
        }
    }

    pub(crate) fn forget(&mut self) {
        self.answers.clear();
        self.tables.clear();
    }
}

/// The table a statement writes.
fn written_table(sql: &str) -> Option<&str> {
    let mut words = sql.split_ascii_whitespace();
    let table = match (words.next()?, words.next()?) {
        ("INSERT", "INTO") | ("DELETE", "FROM") => words.next()?,
        ("UPDATE", table) => table,
        _ => return None,
    };
    let end = table.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(table.len());
    table.get(..end).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::written_table;

    #[test]
    fn the_table_of_a_statement_is_found_or_nothing_is_trusted() {
        assert_eq!(written_table("INSERT INTO unit (id) VALUES (?1)"), Some("unit"));
        assert_eq!(written_table("\n  UPDATE person\n SET active = FALSE"), Some("person"));
        assert_eq!(written_table("DELETE FROM account_grant WHERE TRUE"), Some("account_grant"));
        assert_eq!(written_table("INSERT INTO unit(id) VALUES (?1)"), Some("unit"));
        for other in [
            "WITH x AS (SELECT 1) INSERT INTO unit SELECT 1",
            "INSERT OR REPLACE INTO unit",
            "insert into x",
            "",
        ] {
            assert_eq!(written_table(other), None, "{other}");
        }
    }
}
