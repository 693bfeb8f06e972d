//! What both kinds of writer have in common.

use kernel::Date;

use crate::DocumentProblem;

/// A column's heading and its width in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What stands above the column.
    pub label: String,
    /// Characters wide.
    pub width: u16,
}

impl Head {
    /// A heading.
    pub fn new(label: impl Into<String>, width: u16) -> Self {
        Self { label: label.into(), width }
    }
}

/// A cell on its way out.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// Words and codes; never a formula, whatever they begin with.
    Text(String),
    /// A number one can add up.
    Number(f64),
    /// A day that can be sorted: `2026-12-08` in a CSV, a day of the calendar in a workbook.
    Day(Date),
}

impl From<Option<Date>> for Cell {
    fn from(day: Option<Date>) -> Self {
        day.map_or(Self::Blank, Self::Day)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Blank }
    }
}

impl From<i64> for Cell {
    /// Beyond what a spreadsheet can hold exactly, as text.
    fn from(number: i64) -> Self {
        match i32::try_from(number) {
            Ok(small) => Self::Number(f64::from(small)),
            Err(_) => Self::Text(number.to_string()),
        }
    }
}

/// Takes rows one by one and gives the file at the end.
pub trait TableWriter {
    /// Adds a row.
    ///
    /// # Errors
    /// `document-rows` when the sheet is full, `document-write` when the disk is.
    fn row(&mut self, cells: &[Cell]) -> Result<(), DocumentProblem>;

    /// The whole file.
    ///
    /// # Errors
    /// `document-write`.
    fn finish(self) -> Result<Vec<u8>, DocumentProblem>
    where
        Self: Sized;
}
