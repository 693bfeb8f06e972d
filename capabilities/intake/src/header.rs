//! Which row is the heading, and which column is what.

use std::collections::{BTreeMap, BTreeSet};

use documents::TableRow;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    content::Content,
    field::{Field, plain},
};

/// Rows looked at from the top.
const LOOKED_AT: usize = 30;
/// Columns that must be understood before a row counts as a heading.
const UNDERSTOOD: usize = 2;

/// What each column is, from column A on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(pub Vec<Option<Field>>);

impl Mapping {
    /// The column of each field; the first one counts.
    pub fn columns(&self) -> BTreeMap<Field, usize> {
        let mut columns = BTreeMap::new();
        for (column, field) in self.0.iter().enumerate() {
            if let Some(field) = field {
                columns.entry(*field).or_insert(column);
            }
        }
        columns
    }

    /// As it is kept: names, empty for a column that is not taken.
    pub fn to_names(&self) -> Vec<String> {
        self.0.iter().map(|field| field.map_or_else(String::new, |f| f.name().to_owned())).collect()
    }

    /// As it was kept.
    pub fn from_names(content: Content, names: &[String]) -> Self {
        let known = |field: &Field| content.fields().contains(field);
        Self(names.iter().map(|name| Field::named(name).filter(known)).collect())
    }

    fn understood(&self) -> usize {
        self.0.iter().flatten().collect::<BTreeSet<_>>().len()
    }
}

/// The heading of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Number of its first row as the spreadsheet shows it.
    pub row: u32,
    /// One row, or two.
    pub height: u32,
    /// What stands above each column.
    pub labels: Vec<String>,
}

/// Finds the heading: the row, or pair of rows, of which most columns are understood. `None` when hardly any are. A
/// title above the heading adds nothing to it: a row alone is taken if it says as much as together with the one above.
pub fn find_header(content: Content, rows: &[TableRow]) -> Option<(Header, Mapping)> {
    let mut best: Option<(usize, Header, Mapping)> = None;
    for (at, row) in rows.iter().take(LOOKED_AT).enumerate() {
        let next = rows.get(at + 1).filter(|next| next.number == row.number + 1 && !is_data(next));
        for (header, mapping) in
            std::iter::once(single(content, row)).chain(next.map(|next| double(content, row, next)))
        {
            let score = mapping.understood();
            let better = best.as_ref().is_none_or(|(known, former, _)| {
                let without_title = former.height == 2 && header.height == 1 && header.row == former.row + 1;
                score > *known || (score == *known && without_title)
            });
            if score >= UNDERSTOOD && better {
                best = Some((score, header, mapping));
            }
        }
    }
    best.map(|(_, header, mapping)| (header, mapping))
}

/// A row with numbers in it is no heading.
fn is_data(row: &TableRow) -> bool {
    row.cells.iter().any(|cell| {
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        digits >= 4 || (digits > 0 && digits == cell.chars().count())
    })
}

fn single(content: Content, row: &TableRow) -> (Header, Mapping) {
    let mapping = row.cells.iter().map(|label| Field::of(content, label)).collect();
    (Header { row: row.number, height: 1, labels: row.cells.clone() }, once_each(mapping))
}

fn double(content: Content, row: &TableRow, next: &TableRow) -> (Header, Mapping) {
    let mut above = "";
    let (mut labels, mut mapping) = (Vec::new(), Vec::new());
    for column in 0..row.cells.len().max(next.cells.len()) {
        let (own, below) = (row.cell(column), next.cell(column));
        // A merged cell shows its text in its first column only.
        if !own.is_empty() || below.is_empty() {
            above = own;
        }
        mapping.push(Field::of_two(content, above, below));
        labels.push(if above.is_empty() || below.is_empty() {
            format!("{above}{below}")
        } else {
            format!("{above}·{below}")
        });
    }
    (Header { row: row.number, height: 2, labels }, once_each(mapping))
}

/// A second column of the same meaning is not taken.
fn once_each(mut mapping: Vec<Option<Field>>) -> Mapping {
    let mut seen = BTreeSet::new();
    for field in &mut mapping {
        if field.is_some_and(|f| !seen.insert(f)) {
            *field = None;
        }
    }
    Mapping(mapping)
}

/// The same for every file of a kind with the same headings, whatever year or month they speak of.
pub fn fingerprint(content: Content, labels: &[String]) -> String {
    let mut hash = Sha256::new();
    hash.update(content.name().as_bytes());
    hash.update([0x1f]);
    for label in labels {
        let words: String = plain(label).chars().filter(|c| !c.is_ascii_digit()).collect();
        hash.update(words.as_bytes());
        hash.update([0x1f]);
    }
    kernel::hex::write(hash.finalize())
}
