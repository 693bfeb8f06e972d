//! Which sheet of a file is meant, and where its rows begin.

use documents::{ReadLimits, SheetTable, read_table};
use kernel::{Problem, Refusal, limits};

use crate::{
    content::Content,
    header::{Header, Mapping, find_header},
};

/// A sheet with its heading found.
pub(crate) struct Chosen {
    pub sheet: SheetTable,
    pub header: Header,
    pub mapping: Mapping,
}

/// The sheet whose heading is understood best, with the rows under it.
pub(crate) fn chosen(content: Content, bytes: &[u8], name: &str) -> Result<Chosen, Problem> {
    let limits = ReadLimits { bytes: limits::INTAKE_TABLE_BYTES, ..ReadLimits::default() };
    let mut best: Option<(usize, Chosen)> = None;
    for sheet in read_table(bytes, name, limits)? {
        let Some((header, mapping)) = find_header(content, &sheet.rows) else { continue };
        let score = mapping.columns().len();
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, Chosen { sheet, header, mapping }));
        }
    }
    let (_, mut chosen) = best.ok_or_else(|| Refusal::new("intake-header-missing"))?;
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
