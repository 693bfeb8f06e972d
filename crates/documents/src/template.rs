//! A workbook to be filled in: headings, lists to choose from, and a sheet that explains.

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Formula, Workbook, XlsxError};

use crate::{
    DocumentProblem, Head,
    xlsx::{failed, heading, sheet_name},
};

/// Rows a list to choose from reaches down.
const ROWS: u32 = 5_000;

/// A column to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateColumn {
    /// What stands above it.
    pub label: String,
    /// Characters wide.
    pub width: u16,
    /// What may be chosen; empty for free entry.
    pub choices: Vec<String>,
    /// How to fill it in.
    pub note: String,
}

/// A workbook to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Name of the sheet.
    pub title: String,
    /// Its columns.
    pub columns: Vec<TemplateColumn>,
    /// Name of the second sheet.
    pub notes_title: String,
    /// Sentences on top of the second sheet.
    pub notes: Vec<String>,
}

impl Template {
    /// The file.
    ///
    /// # Errors
    /// `document-write`.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, DocumentProblem> {
        self.build().map_err(|e| failed(&e))
    }

    fn build(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let notes_name = sheet_name(&self.notes_title);
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&self.title))?;
        // Codes and telephone numbers stay as typed.
        let text = Format::new().set_num_format("@");
        for (column, each) in (0_u16..).zip(&self.columns) {
            sheet.set_column_width(column, f64::from(each.width))?;
            sheet.set_column_format(column, &text)?;
            if let Some(range) = self.range(column, &notes_name) {
                let list = DataValidation::new().allow_list_formula(Formula::new(range));
                sheet.add_data_validation(1, column, ROWS, column, &list)?;
            }
        }
        let heads: Vec<Head> = self.columns.iter().map(|c| Head::new(c.label.as_str(), c.width)).collect();
        heading(sheet, 0, &heads)?;
        sheet.set_freeze_panes(1, 1)?;
        self.explain(&mut workbook, &notes_name)?;
        workbook.save_to_buffer()
    }

    /// Where the choices of a column stand on the second sheet: below each other, one column for each list.
    fn range(&self, column: u16, notes_name: &str) -> Option<String> {
        let count = self.columns.get(usize::from(column)).map_or(0, |c| c.choices.len());
        let letters = crate::column_name(usize::from(column) + 3);
        (count > 0).then(|| format!("='{notes_name}'!${letters}$2:${letters}${}", count + 1))
    }

    fn explain(&self, workbook: &mut Workbook, notes_name: &str) -> Result<(), XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(notes_name)?;
        sheet.set_column_width(0, 22)?;
        sheet.set_column_width(1, 80)?;
        let (bold, wrap) =
            (Format::new().set_bold(), Format::new().set_text_wrap().set_align(FormatAlign::Top));
        let mut row = 0;
        for note in &self.notes {
            sheet.write_string(row, 0, note.as_str())?;
            row += 1;
        }
        row += 1;
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(row, 0, column.label.as_str(), &bold)?;
            sheet.write_string_with_format(row, 1, column.note.as_str(), &wrap)?;
            row += 1;
            if !column.choices.is_empty() {
                sheet.set_column_width(at + 3, 22)?;
                sheet.write_string_with_format(0, at + 3, column.label.as_str(), &bold)?;
            }
            for (below, choice) in (1_u32..).zip(&column.choices) {
                sheet.write_string(below, at + 3, choice.as_str())?;
            }
        }
        Ok(())
    }
}
