//! CSV, out and in.

use crate::{
    Cell, DocumentProblem, Head, ReadLimits, SheetTable, TableRow, TableWriter,
    text::{address, tidy},
};

/// Lines looked at to learn what separates the cells.
const LINES: usize = 20;
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Rows as CSV: a byte order mark so that spreadsheets read Chinese, CRLF, formulas disarmed.
#[derive(Debug)]
pub struct CsvWriter {
    out: String,
}

impl CsvWriter {
    /// Notes first, each a row, then the headings. A CSV has no room for a title: the file's name says it.
    pub fn new(_title: &str, heads: &[Head], notes: &[String]) -> Self {
        let mut writer = Self { out: "\u{feff}".to_owned() };
        for note in notes {
            writer.line(&[Cell::from(note.as_str())]);
        }
        let heads: Vec<Cell> = heads.iter().map(|head| Cell::from(head.label.as_str())).collect();
        writer.line(&heads);
        writer
    }

    /// What was written since the last call: for answers that are streamed.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out).into_bytes()
    }

    /// Bytes waiting to be taken.
    pub fn waiting(&self) -> usize {
        self.out.len()
    }

    fn line(&mut self, cells: &[Cell]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            match cell {
                Cell::Blank => {}
                Cell::Number(number) => self.out.push_str(&number.to_string()),
                Cell::Day(day) => self.out.push_str(&day.to_string()),
                Cell::Text(text) => self.out.push_str(&quoted(text)),
            }
        }
        self.out.push_str("\r\n");
    }
}

impl TableWriter for CsvWriter {
    fn row(&mut self, cells: &[Cell]) -> Result<(), DocumentProblem> {
        self.line(cells);
        Ok(())
    }

    fn finish(self) -> Result<Vec<u8>, DocumentProblem> {
        Ok(self.out.into_bytes())
    }
}

/// Quoted where it must be; what a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if risky { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r', ';', '\t']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

/// Reads text as rows.
pub(crate) fn read(text: &str, name: &str, limits: ReadLimits) -> Result<Vec<SheetTable>, DocumentProblem> {
    let mut parser = Parser {
        separator: separator(text),
        limits,
        sheet: name.to_owned(),
        rows: Vec::new(),
        cells: Vec::new(),
        cell: String::new(),
        number: 1,
    };
    parser.run(text)?;
    Ok(vec![SheetTable { name: name.to_owned(), rows: parser.rows, merged: Vec::new() }])
}

/// The separator that stands most often outside quotes in the first lines.
fn separator(text: &str) -> char {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    let mut lines = 0;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => lines += 1,
            _ => {}
        }
        if lines >= LINES {
            break;
        }
        let which = SEPARATORS.iter().position(|s| *s == c && !quoted);
        if let Some(count) = which.and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    let best = counts.iter().zip(SEPARATORS).rev().max_by_key(|(count, _)| **count);
    best.filter(|(count, _)| **count > 0).map_or(',', |(_, separator)| separator)
}

struct Parser {
    separator: char,
    limits: ReadLimits,
    sheet: String,
    rows: Vec<TableRow>,
    cells: Vec<String>,
    cell: String,
    number: u32,
}

impl Parser {
    fn run(&mut self, text: &str) -> Result<(), DocumentProblem> {
        let mut chars = text.chars().peekable();
        let mut quoted = false;
        // Where the last quote was opened, as a text editor counts lines.
        let (mut line, mut opened) = (1_u32, 1_u32);
        while let Some(c) = chars.next() {
            if c == '\n' {
                line = line.saturating_add(1);
            }
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    self.cell.push('"');
                }
                '"' if quoted => quoted = false,
                '"' if self.cell.trim().is_empty() => (quoted, opened) = (true, line),
                c if quoted => self.cell.push(c),
                c if c == self.separator => self.end_cell()?,
                '\r' if chars.peek() == Some(&'\n') => {}
                '\r' | '\n' => self.end_row()?,
                c => self.cell.push(c),
            }
        }
        if quoted {
            // Everything after it would be one cell.
            return Err(DocumentProblem::new("document-quote").with("line", opened));
        }
        self.end_row()
    }

    fn end_cell(&mut self) -> Result<(), DocumentProblem> {
        let text = tidy(&std::mem::take(&mut self.cell));
        let column = self.cells.len();
        if column >= self.limits.columns && !text.is_empty() {
            return Err(DocumentProblem::new("document-columns")
                .with("sheet", &self.sheet)
                .with("cell", address(self.number, column))
                .with("most", self.limits.columns));
        }
        if column < self.limits.columns {
            self.cells.push(text);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), DocumentProblem> {
        self.end_cell()?;
        let mut cells = std::mem::take(&mut self.cells);
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if !cells.is_empty() {
            if usize::try_from(self.number).unwrap_or(usize::MAX) > self.limits.rows {
                return Err(DocumentProblem::new("document-rows")
                    .with("sheet", &self.sheet)
                    .with("most", self.limits.rows));
            }
            self.rows.push(TableRow { number: self.number, cells });
        }
        self.number = self.number.saturating_add(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_quotes_doubled() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("甲,乙\"丙\""), "\"甲,乙\"\"丙\"\"\"");
    }

    #[test]
    fn a_cell_may_hold_line_breaks_quotes_and_the_separator() {
        let sheets = read("a;\"b;\"\"c\"\"\nd\";e\r\n\r\n;f;;\r\n", "t", ReadLimits::default()).unwrap();
        let rows: Vec<(u32, Vec<String>)> =
            sheets[0].rows.iter().map(|r| (r.number, r.cells.clone())).collect();
        assert_eq!(rows[0], (1, vec!["a".into(), "b;\"c\" d".into(), "e".into()]));
        assert_eq!(rows[1], (3, vec![String::new(), "f".into()]));
    }

    #[test]
    fn a_quote_that_is_never_closed_is_named_by_its_line() {
        let refused = read("甲,乙\n丙,\"丁\n戊,己\n", "t", ReadLimits::default()).unwrap_err();
        assert_eq!((refused.code, refused.arg("line")), ("document-quote", Some("2")));
        assert!(read("甲,\"乙\"\n丙,5\"\n", "t", ReadLimits::default()).is_ok(), "an inch is no quote");
    }
}
