//! Which sheet of a file is meant, and where its rows begin.

use documents::{ReadLimits, SheetTable, read_table};
use kernel::{Problem, Refusal, limits, text::narrow};

use crate::{
    content::Content,
    header::{Header, Mapping, find_header},
};

/// A sheet with its heading found.
pub(crate) struct Chosen {
    pub sheet: SheetTable,
    pub header: Header,
    pub mapping: Mapping,
    /// Sheets with something in them that are not read, by name.
    pub unread: Vec<String>,
}

/// A file as it was brought.
pub(crate) struct Brought {
    pub name: String,
    pub bytes: Vec<u8>,
    /// The sheet that is meant; empty for the one whose heading is understood best.
    pub sheet: String,
}

/// The sheet that is meant, or whose heading is understood best, with the rows under it.
pub(crate) fn chosen(content: Content, file: &Brought) -> Result<Chosen, Problem> {
    let limits = ReadLimits { bytes: limits::INTAKE_TABLE_BYTES, ..ReadLimits::default() };
    let mut sheets = read_table(&file.bytes, &file.name, limits)?;
    sheets.retain(|sheet| !sheet.rows.is_empty());
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if !file.sheet.is_empty() {
        sheets.retain(|sheet| narrow(&sheet.name).trim() == narrow(&file.sheet).trim());
        if sheets.is_empty() {
            let refusal = Refusal::new("intake-sheet-unknown").with("sheet", &file.sheet);
            return Err(refusal.with("sheets", names.join("、")).on("sheet").into());
        }
    }
    let mut best: Option<(usize, Chosen)> = None;
    for sheet in sheets {
        let Some((header, mapping)) = find_header(content, &sheet.rows) else { continue };
        let score = mapping.columns().len();
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, Chosen { sheet, header, mapping, unread: Vec::new() }));
        }
    }
    let (_, mut chosen) = best.ok_or_else(|| Refusal::new("intake-header-missing"))?;
    chosen.unread = names.into_iter().filter(|name| *name != chosen.sheet.name).collect();
    let first = chosen.header.row + chosen.header.height;
    chosen.sheet.rows.retain(|row| row.number >= first);
    // Under the heading a merged cell means every row it stands for.
    chosen.sheet.spread_from(first);
    if chosen.sheet.rows.is_empty() {
        return Err(Refusal::new("intake-no-rows").into());
    }
    if chosen.sheet.rows.len() > limits::INTAKE_ROWS {
        return Err(Refusal::new("intake-too-many-rows").with("most", limits::INTAKE_ROWS).into());
    }
    // Cells to the right of the heading belong to nothing.
    let width = chosen.header.labels.len();
    chosen.sheet.rows.iter_mut().for_each(|row| row.cells.truncate(width));
    chosen.sheet.rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    Ok(chosen)
}
