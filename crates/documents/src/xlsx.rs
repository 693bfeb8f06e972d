//! Workbooks out, row by row in constant memory.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::{Cell, DocumentProblem, Head, TableWriter};

/// Rows of a sheet, as the format has them.
const ROWS: u32 = 1_048_576;
/// Characters of a cell.
const CELL_CHARS: usize = 32_000;
/// Characters of a sheet's name.
const NAME_CHARS: usize = 31;

/// A workbook with one sheet: title, notes, frozen headings, rows. Rows go to a temporary file as they come.
pub struct XlsxWriter {
    workbook: Workbook,
    next: u32,
}

pub(crate) fn failed(error: &XlsxError) -> DocumentProblem {
    DocumentProblem::new("document-write").with("cause", error)
}

impl XlsxWriter {
    /// `notes` are rows under the title: 演示数据, what the list is narrowed to.
    ///
    /// # Errors
    /// `document-write`.
    pub fn new(title: &str, heads: &[Head], notes: &[String]) -> Result<Self, DocumentProblem> {
        let mut writer = Self { workbook: Workbook::new(), next: 0 };
        writer.begin(title, heads, notes).map_err(|e| failed(&e))?;
        Ok(writer)
    }

    fn begin(&mut self, title: &str, heads: &[Head], notes: &[String]) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(title))?;
        for (column, head) in (0_u16..).zip(heads) {
            sheet.set_column_width(column, f64::from(head.width))?;
        }
        let headings = 1 + u32::try_from(notes.len()).unwrap_or(0);
        sheet.set_freeze_panes(headings + 1, 0)?;
        sheet.write_string_with_format(0, 0, title, &Format::new().set_bold().set_font_size(14.0))?;
        for (row, note) in (1_u32..).zip(notes) {
            sheet.write_string(row, 0, note.as_str())?;
        }
        heading(sheet, headings, heads)?;
        self.next = headings + 1;
        Ok(())
    }

    fn put(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let row = self.next;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Blank => {}
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
                Cell::Day(day) => match calendar(*day) {
                    Some(date) => {
                        let format = Format::new().set_num_format("yyyy-mm-dd");
                        sheet.write_datetime_with_format(row, column, date, &format)?;
                    }
                    None => {
                        sheet.write_string(row, column, day.to_string())?;
                    }
                },
                // `write_string` writes text as text: `=1+1` stays four characters.
                Cell::Text(text) => {
                    sheet.write_string(row, column, cut(text))?;
                }
            }
        }
        Ok(())
    }

    /// Writes the whole file to a temporary file, a socket ...
    ///
    /// # Errors
    /// `document-write`.
    pub fn finish_into(mut self, out: impl Write + Send) -> Result<(), DocumentProblem> {
        self.workbook.save_to_writer(out).map_err(|e| failed(&e))
    }

    /// The whole file as a temporary file, ready to be read; gone when dropped.
    ///
    /// # Errors
    /// `document-write`.
    pub fn finish_file(self) -> Result<std::fs::File, DocumentProblem> {
        use std::io::Seek;
        let failed = |e: std::io::Error| DocumentProblem::new("document-write").with("cause", e);
        let mut file = tempfile::tempfile().map_err(failed)?;
        self.finish_into(&mut file)?;
        file.rewind().map_err(failed)?;
        Ok(file)
    }
}

impl TableWriter for XlsxWriter {
    fn row(&mut self, cells: &[Cell]) -> Result<(), DocumentProblem> {
        if self.next >= ROWS {
            return Err(DocumentProblem::new("document-rows").with("sheet", "").with("most", ROWS));
        }
        self.put(cells).map_err(|e| failed(&e))?;
        self.next += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>, DocumentProblem> {
        self.workbook.save_to_buffer().map_err(|e| failed(&e))
    }
}

pub(crate) fn heading(sheet: &mut Worksheet, row: u32, heads: &[Head]) -> Result<(), XlsxError> {
    let format = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let format = format.set_background_color("E7F0EC").set_border_bottom(FormatBorder::Thin);
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(row, column, head.label.as_str(), &format)?;
    }
    Ok(())
}

/// The day as workbooks count it; they know no day before 1900.
fn calendar(day: kernel::Date) -> Option<ExcelDateTime> {
    let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, month, of_month).ok()
}

fn cut(text: &str) -> String {
    text.chars().take(CELL_CHARS).collect()
}

/// Without what a sheet's name may not hold.
pub(crate) fn sheet_name(title: &str) -> String {
    let kept = title.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''));
    let name: String = kept.take(NAME_CHARS).collect();
    if name.trim().is_empty() { "Sheet1".to_owned() } else { name }
}
