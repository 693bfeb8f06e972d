//! Reading: what kind of file it is by its bytes, then its cells as text.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::{
    DocumentProblem, csv, package,
    text::{address, tidy},
};

/// What a file may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes a file inside the zip may unpack to, and all of them together.
    pub entry_bytes: u64,
    /// How many times bigger a file inside the zip may become.
    pub ratio: u64,
    /// Sheets.
    pub sheets: usize,
    /// Rows of a sheet: the number of the last row with anything in it.
    pub rows: usize,
    /// Columns of a sheet.
    pub columns: usize,
    /// Cells in all sheets, each row up to the last one with anything in it.
    pub cells: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            bytes: 20 * 1024 * 1024,
            entry_bytes: 200 * 1024 * 1024,
            ratio: 200,
            sheets: 20,
            rows: 200_000,
            columns: 200,
            cells: 4_000_000,
        }
    }
}

/// A sheet: its rows with anything in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetTable {
    /// The sheet's name; of a CSV, the file's.
    pub name: String,
    /// Rows from the top; empty ones are left out.
    pub rows: Vec<TableRow>,
    /// Cells merged downwards, as the file orders them; a CSV has none.
    pub merged: Vec<Merged>,
}

/// One cell that stands for several rows; its text is that of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its first row, from 1.
    pub first: u32,
    /// Its last row.
    pub last: u32,
    /// Its column, from 0.
    pub column: usize,
}

impl SheetTable {
    /// Says the text of a merged cell in every row it stands for, of those cells that begin at this row or below.
    pub fn spread_from(&mut self, row: u32) {
        let mut merged: Vec<Merged> = self.merged.iter().copied().filter(|cell| cell.first >= row).collect();
        merged.sort_by_key(|cell| (cell.column, cell.first));
        let mut done: Option<(usize, u32)> = None;
        for cell in merged {
            // No program lets merged cells overlap; a file that claims it costs nothing.
            if done.is_some_and(|(column, last)| column == cell.column && cell.first <= last) {
                continue;
            }
            done = Some((cell.column, cell.last));
            self.spread(cell);
        }
    }

    fn spread(&mut self, cell: Merged) {
        let from = self.rows.partition_point(|row| row.number < cell.first);
        let Some((top, below)) = self.rows.get_mut(from..).and_then(<[TableRow]>::split_first_mut) else {
            return;
        };
        let text = if top.number == cell.first { top.cell(cell.column) } else { "" };
        if text.is_empty() {
            return;
        }
        for row in below.iter_mut().take_while(|row| row.number <= cell.last) {
            if row.cells.len() <= cell.column {
                row.cells.resize(cell.column + 1, String::new());
            }
            if let Some(place) = row.cells.get_mut(cell.column).filter(|place| place.is_empty()) {
                text.clone_into(place);
            }
        }
    }
}

/// A row with its number as the spreadsheet shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRow {
    /// From 1.
    pub number: u32,
    /// Cells from column A on, as text; blanks at the end are left out.
    pub cells: Vec<String>,
}

impl TableRow {
    /// The text of a cell, empty when there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Reads a spreadsheet: xlsx, or CSV in UTF-8 or GB18030. Numbers that are codes come back without `.0`; formulas
/// as the values they had when the file was saved.
///
/// # Errors
/// [`DocumentProblem`]; nothing of a refused file is used.
pub fn read_table(
    bytes: &[u8],
    file_name: &str,
    limits: ReadLimits,
) -> Result<Vec<SheetTable>, DocumentProblem> {
    if bytes.len() > limits.bytes {
        return Err(DocumentProblem::new("document-too-big").with("most", limits.bytes / 1024 / 1024));
    }
    let name = tidy(file_name);
    let tables = match sniff(bytes, &name)? {
        Kind::Workbook => {
            package::check(bytes, &name, limits)?;
            workbook(bytes, limits)?
        }
        Kind::Text => csv::read(&decoded(bytes)?, &name, limits)?,
    };
    if tables.iter().all(|table| table.rows.is_empty()) {
        return Err(DocumentProblem::new("document-empty"));
    }
    Ok(tables)
}

enum Kind {
    Workbook,
    Text,
}

/// The old container of Office files.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

fn sniff(bytes: &[u8], name: &str) -> Result<Kind, DocumentProblem> {
    let wrong = || DocumentProblem::new("document-type").with("name", name);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DocumentProblem::new("document-empty"));
    }
    if bytes.starts_with(b"PK") {
        return Ok(Kind::Workbook);
    }
    if bytes.starts_with(COMPOUND) {
        // A locked xlsx hides in the old container under this name, two bytes a letter.
        let sealed: Vec<u8> = b"EncryptedPackage".iter().flat_map(|b| [*b, 0]).collect();
        let locked = bytes.windows(sealed.len()).any(|window| window == sealed.as_slice());
        return Err(DocumentProblem::new(if locked { "document-encrypted" } else { "document-old-excel" }));
    }
    let lower = name.to_ascii_lowercase();
    let named = [".csv", ".txt", ".tsv"].iter().any(|end| lower.ends_with(end)) || !lower.contains('.');
    let two_byte = Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8);
    let text = two_byte || !bytes.iter().any(|b| matches!(b, 0..=8 | 14..=31));
    let page = bytes.trim_ascii_start().starts_with(b"<") || bytes.starts_with(b"%PDF");
    if named && text && !page { Ok(Kind::Text) } else { Err(wrong()) }
}

/// UTF-8, with or without mark; UTF-16 with mark; else GB18030, which every office program in the county writes.
fn decoded(bytes: &[u8]) -> Result<String, DocumentProblem> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => GB18030,
    };
    let (text, _, wrong) = encoding.decode(bytes);
    if wrong { Err(DocumentProblem::new("document-encoding")) } else { Ok(text.into_owned()) }
}

fn failed(error: &XlsxError) -> DocumentProblem {
    DocumentProblem::new(match error {
        XlsxError::Password => "document-encrypted",
        _ => "document-broken",
    })
}

fn workbook(bytes: &[u8], limits: ReadLimits) -> Result<Vec<SheetTable>, DocumentProblem> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| failed(&e))?;
    let all = book.sheets_metadata();
    if all.len() > limits.sheets {
        return Err(DocumentProblem::new("document-sheets")
            .with("most", limits.sheets)
            .with("found", all.len()));
    }
    let names: Vec<String> = all
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut left = limits.cells;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        tables.push(sheet(&mut book, name, limits, &mut left)?);
    }
    Ok(tables)
}

/// Cell by cell: a sheet that claims a million rows by columns is never laid out.
fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: String,
    limits: ReadLimits,
    left: &mut usize,
) -> Result<SheetTable, DocumentProblem> {
    let over =
        |code: &'static str, most: usize| DocumentProblem::new(code).with("sheet", &name).with("most", most);
    let mut cells = book.worksheet_cells_reader(&name).map_err(|e| failed(&e))?;
    let mut rows: Vec<TableRow> = Vec::new();
    let mut ordered = true;
    while let Some(cell) = cells.next_cell().map_err(|e| failed(&e))? {
        let text = tidy(&worded(cell.get_value()));
        if text.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let (number, column) = (row.saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX));
        if usize::try_from(number).unwrap_or(usize::MAX) > limits.rows {
            return Err(over("document-rows", limits.rows));
        }
        if column >= limits.columns {
            return Err(over("document-columns", limits.columns).with("cell", address(number, column)));
        }
        if rows.last().is_none_or(|last| last.number != number) {
            ordered &= rows.last().is_none_or(|last| last.number < number);
            rows.push(TableRow { number, cells: Vec::new() });
        }
        if let Some(last) = rows.last_mut() {
            // The empty ones before it count too: one value in the last column makes a whole row.
            let more = (column + 1).saturating_sub(last.cells.len()).max(1);
            *left = left.checked_sub(more).ok_or_else(|| over("document-cells", limits.cells))?;
            if last.cells.len() <= column {
                last.cells.resize(column + 1, String::new());
            }
            if let Some(place) = last.cells.get_mut(column) {
                *place = text;
            }
        }
    }
    drop(cells);
    if !ordered {
        return Err(DocumentProblem::new("document-broken"));
    }
    let merged = merged(book, &name, limits)?;
    Ok(SheetTable { name, rows, merged })
}

/// Cells merged over several rows. What is beyond the last row or column that may be read is left out.
fn merged(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    limits: ReadLimits,
) -> Result<Vec<Merged>, DocumentProblem> {
    let found = book.merge_cells_by_sheet_name(name).map_err(|e| failed(&e))?;
    let whole = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let downwards = found
        .iter()
        .filter(|cell| cell.start.0 < cell.end.0 && whole(cell.start.1) < limits.columns)
        .map(|cell| Merged {
            first: cell.start.0.saturating_add(1),
            last: cell.end.0.saturating_add(1),
            column: whole(cell.start.1),
        });
    Ok(downwards.take(limits.rows).collect())
}

fn worded(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
