//! A row read: what its cells mean, and which of them cannot be taken.

use std::collections::BTreeMap;

use documents::{TableRow, address, narrow};
use kernel::{limits, text::person_name};
use organisation::{UnitKind, identifiers::mobile};

use crate::{
    cells::Cells,
    content::Content,
    field::{Field, identity, plain},
    kinds,
};

/// Heads of one count.
const MOST_HEADS: u32 = 100_000;
/// Characters of an office telephone.
const TELEPHONE_CHARS: usize = 40;

/// What is wrong with a cell. Its sentence is `problem-<code>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The row's number as the spreadsheet shows it.
    pub row: u32,
    /// The column, from 0; `None` when it concerns the whole row.
    pub column: Option<usize>,
    /// What it concerns.
    pub field: Option<Field>,
    /// The code.
    pub code: &'static str,
    /// Arguments of the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl CellProblem {
    /// Where it is, as the spreadsheet shows it: `C12`, or `12`.
    pub fn address(&self) -> String {
        self.column.map_or_else(|| self.row.to_string(), |column| address(self.row, column))
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Name and telephone of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Somebody {
    pub name: String,
    pub phone: String,
}

/// A row as it was meant. What the cell leaves open is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    pub row: u32,
    pub name: String,
    pub code: String,
    pub kind: Option<UnitKind>,
    pub township: Option<String>,
    pub superior: Option<String>,
    pub pupils: Option<u32>,
    pub boarders: Option<u32>,
    pub staff: Option<u32>,
    pub classes: Option<u32>,
    pub private: Option<bool>,
    pub address: Option<String>,
    pub telephone: Option<String>,
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    pub head: Option<Somebody>,
    pub officer: Option<Somebody>,
    pub code_reason: Option<String>,
}

/// Why a row is passed over.
pub(crate) fn is_passed_over(content: Content, row: &TableRow, columns: &BTreeMap<Field, usize>) -> bool {
    let cell = |field: Field| columns.get(&field).map_or("", |column| row.cell(*column));
    if columns.values().all(|column| row.cell(*column).is_empty()) {
        return true;
    }
    // What says what is wrong, and of which kind or when, is a row of the ledger, whatever it begins with.
    let hazard = content == Content::Hazards
        && !cell(Field::Description).is_empty()
        && !(cell(Field::Category).is_empty() && cell(Field::FoundOn).is_empty());
    let filled: Vec<&String> = row.cells.iter().filter(|cell| !cell.is_empty()).collect();
    let total = |text: &str| {
        // A unit in brackets, such as 合计（人）, belongs to a sum; a formula such as SUM(1) to no row at all.
        let (whole, text) = (identity(text), plain(text));
        ["total", "sum"].contains(&whole.as_str())
            || ["合计", "总计", "小计", "共计", "总数"].contains(&text.as_str())
            || (text.chars().count() <= 8 && (text.ends_with("合计") || text.ends_with("小计")))
    };
    let note = |text: &str| {
        let text = narrow(text);
        ["备注", "注:", "说明", "填表", "制表", "审核", "填报", "Note"]
            .iter()
            .any(|word| text.starts_with(word))
    };
    let (name, code) = (narrow(cell(Field::Name)), cell(Field::Code));
    let numbering = code.chars().count() <= 2
        && !name.is_empty()
        && (name.chars().count() <= 3 && name.chars().all(|c| c.is_ascii_digit() || "甲乙丙丁".contains(c)));
    let sums = filled.iter().take(3).any(|text| total(text));
    (!hazard && (sums || filled.first().is_some_and(|text| note(text))))
        || Field::of(content, &name) == Some(Field::Name)
        || numbering
}

/// Reads a row's cells; what cannot be taken goes to `problems`.
pub(crate) fn read(
    row: &TableRow,
    columns: &BTreeMap<Field, usize>,
    problems: &mut Vec<CellProblem>,
) -> Draft {
    let mut cells = Cells::new(row, columns, problems);
    let name = cells.name(Field::Name).unwrap_or_default().replace('/', "／");
    if name.is_empty() {
        // A name that was there and is no name was said already.
        if !cells.has(Field::Name) {
            cells.note(Field::Name, "intake-name-missing");
        }
    }
    let code = cells.text(Field::Code).map(|code| narrow(&code).replace([' ', '-'], "").to_ascii_uppercase());
    let (longitude, latitude) =
        (cells.degrees(Field::Longitude, 180.0), cells.degrees(Field::Latitude, 90.0));
    if longitude.is_some() != latitude.is_some() && columns.contains_key(&Field::Longitude) {
        let missing = if longitude.is_none() { Field::Longitude } else { Field::Latitude };
        if !cells.has(missing) {
            cells.note(missing, "intake-position-half");
        }
    }
    Draft {
        row: row.number,
        code: code.unwrap_or_default(),
        kind: cells.kind(),
        township: cells.text(Field::Township),
        superior: cells.text(Field::Superior),
        pupils: cells.count(Field::Pupils),
        boarders: cells.count(Field::Boarders),
        staff: cells.count(Field::Staff),
        classes: cells.count(Field::Classes),
        private: cells.ownership(),
        address: cells.short(Field::Address, limits::NAME_CHARS),
        telephone: cells.short(Field::Telephone, TELEPHONE_CHARS).map(|text| narrow(&text)),
        longitude: longitude.filter(|_| latitude.is_some()),
        latitude: latitude.filter(|_| longitude.is_some()),
        head: cells.somebody(Field::HeadName, Field::HeadPhone),
        officer: cells.somebody(Field::OfficerName, Field::OfficerPhone),
        code_reason: cells.short(Field::CodeReason, limits::NAME_CHARS),
        name,
    }
}

/// A problem of a field of a row.
pub(crate) fn problem(
    row: u32,
    columns: &BTreeMap<Field, usize>,
    field: Field,
    code: &'static str,
) -> CellProblem {
    CellProblem { row, column: columns.get(&field).copied(), field: Some(field), code, args: Vec::new() }
}

impl Cells<'_> {
    /// A whole number of heads: `１２８`, `1,280`, `128人` and `128.0` are understood.
    fn count(&mut self, field: Field) -> Option<u32> {
        let text = self.text(field)?;
        let plain = narrow(&text).replace([',', ' '], "");
        let plain = plain.trim_end_matches(['人', '个', '名', '班']);
        let plain = plain.strip_suffix(".0").unwrap_or(plain);
        let digits = !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit());
        let count = plain.parse::<u32>().ok().filter(|n| digits && *n <= MOST_HEADS);
        if count.is_none() {
            self.wrong(field, "intake-number", &text);
        }
        count
    }

    fn degrees(&mut self, field: Field, most: f64) -> Option<f64> {
        let text = self.text(field)?;
        let plain = narrow(&text).replace(['°', ' '], "");
        let value = plain.parse::<f64>().ok().filter(|v| v.is_finite() && v.abs() <= most);
        if value.is_none() {
            self.wrong(field, "intake-position", &text);
        }
        value
    }

    fn kind(&mut self) -> Option<UnitKind> {
        let text = self.text(Field::Kind)?;
        let kind = kinds::kind(&text);
        if kind.is_none() {
            self.wrong(Field::Kind, "intake-kind-unknown", &text);
        }
        kind
    }

    fn ownership(&mut self) -> Option<bool> {
        let text = self.text(Field::Ownership)?;
        let plain = plain(&text);
        let private = ["民办", "私立", "社会力量", "private"].iter().any(|word| plain.contains(word));
        let public = ["公办", "公立", "教育部门", "地方", "public"].iter().any(|word| plain.contains(word));
        if private == public {
            self.wrong(Field::Ownership, "intake-ownership-unknown", &text);
            return None;
        }
        Some(private)
    }

    /// Telephone numbers are never repeated in a sentence.
    fn somebody(&mut self, name: Field, phone: Field) -> Option<Somebody> {
        let said = self.name(name);
        let number = self.text(phone).map(|text| narrow(&text).replace([' ', '-'], ""));
        if number.as_deref().is_some_and(|number| !mobile(number)) {
            self.note(phone, "intake-phone");
        }
        if said.is_none() && number.is_some() && !self.has(name) {
            self.note(name, "intake-phone-without-name");
        }
        said.map(|name| Somebody { name: person_name(&name), phone: number.unwrap_or_default() })
    }
}
