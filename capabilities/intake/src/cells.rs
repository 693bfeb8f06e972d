//! The cells of a row, by what they mean; what cannot be taken becomes a problem with its address.

use std::collections::BTreeMap;

use documents::TableRow;

use crate::{
    field::Field,
    row::{CellProblem, problem},
};

/// Characters of a cell that a sentence repeats.
const SHOWN_CHARS: usize = 40;

/// A row with its columns named.
pub(crate) struct Cells<'a> {
    pub row: &'a TableRow,
    pub columns: &'a BTreeMap<Field, usize>,
    pub problems: &'a mut Vec<CellProblem>,
}

impl<'a> Cells<'a> {
    pub fn new(
        row: &'a TableRow,
        columns: &'a BTreeMap<Field, usize>,
        problems: &'a mut Vec<CellProblem>,
    ) -> Self {
        Self { row, columns, problems }
    }

    pub fn push(&mut self, problem: CellProblem) {
        self.problems.push(problem);
    }

    pub fn note(&mut self, field: Field, code: &'static str) {
        self.push(problem(self.row.number, self.columns, field, code));
    }

    pub fn wrong(&mut self, field: Field, code: &'static str, value: &str) {
        let shown: String = value.chars().take(SHOWN_CHARS).collect();
        self.push(problem(self.row.number, self.columns, field, code).with("value", shown));
    }

    pub fn has(&self, field: Field) -> bool {
        self.problems.iter().any(|p| p.row == self.row.number && p.field == Some(field))
    }

    /// Nothing stands there.
    pub fn is_blank(&self, field: Field) -> bool {
        self.columns.get(&field).is_none_or(|column| self.row.cell(*column).is_empty())
    }

    /// The text of a cell, if there is any. A formula that failed is a problem of its own, and so is text that a
    /// spreadsheet would take for one wherever it is exported to.
    pub fn text(&mut self, field: Field) -> Option<String> {
        let text = self.row.cell(*self.columns.get(&field)?);
        let failed = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"].contains(&text);
        if failed {
            self.wrong(field, "intake-cell-error", text);
        }
        let formula = text.starts_with(['=', '＝', '@', '＠']);
        if formula {
            self.wrong(field, "intake-cell-formula", text);
        }
        let empty = text.is_empty() || failed || formula || matches!(text, "-" | "—" | "/" | "无");
        (!empty).then(|| text.to_owned())
    }

    pub fn short(&mut self, field: Field, most: usize) -> Option<String> {
        let text = self.text(field)?;
        if text.chars().count() > most {
            let found = problem(self.row.number, self.columns, field, "intake-text-long");
            self.push(found.with("most", most));
            return None;
        }
        Some(text)
    }
}
