//! A row of a ledger read: what its cells mean, and which of them cannot be taken.

use std::collections::BTreeMap;

use documents::{TableRow, narrow};
use hazard::Level;
use kernel::{Date, limits, text::person_name};
use rules::{LedgerList, RuleBook};

use super::words::meaning;
use crate::{
    batch::Options,
    cells::Cells,
    day::day,
    field::{Field, plain},
    row::CellProblem,
};

/// What stands in the column of the level while there is none.
const UNGRADED: [&str; 4] = ["未定级", "待定级", "未分级", "notgraded"];

/// Ten thousand yuan, in cents: 万元.
const WAN_CENTS: f64 = 1_000_000.0;
/// A hundred million yuan in cents; what is more is a slip.
const MOST_CENTS: f64 = 1e10;

/// A row as it was meant. What the cell leaves open is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    pub row: u32,
    pub school: String,
    pub code: String,
    /// 编号: stays with the row.
    pub number: String,
    /// 序号: changes when the ledger is sorted.
    pub serial: String,
    pub category: String,
    pub description: String,
    pub place: String,
    pub found: Option<Date>,
    pub level: Option<Level>,
    pub source: String,
    pub found_by: String,
    pub measures: String,
    pub responsible: String,
    pub due: Option<Date>,
    pub funds_cents: Option<i64>,
    pub funds: String,
    pub contingency: String,
    pub closed: bool,
    pub fixed: Option<Date>,
    pub accepted_by: String,
    pub closed_on: Option<Date>,
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub remark: String,
}

/// What reading a ledger needs besides its rows.
pub(crate) struct Reading<'a> {
    pub rules: &'a RuleBook,
    pub options: &'a Options,
    pub columns: &'a BTreeMap<Field, usize>,
    /// What stands above the column of the funds: 万元 or 元.
    pub funds_label: &'a str,
}

impl Reading<'_> {
    /// Reads a row's cells; what cannot be taken goes to `problems`, what is taken otherwise than written to `notices`.
    pub fn row(
        &self,
        row: &TableRow,
        problems: &mut Vec<CellProblem>,
        notices: &mut Vec<CellProblem>,
    ) -> Draft {
        let mut cells = Cells::new(row, self.columns, problems);
        let mut long = |field: Field| cells.short(field, limits::TEXT_CHARS).unwrap_or_default();
        let (description, measures) = (long(Field::Description), long(Field::Measures));
        let (funds, contingency) = (long(Field::FundsFrom), long(Field::Contingency));
        let remark = long(Field::Remark);
        let mut short = |field: Field| cells.short(field, limits::NAME_CHARS).unwrap_or_default();
        let draft = Draft {
            row: row.number,
            school: short(Field::Name),
            code: narrow(&short(Field::Code)).replace([' ', '-'], "").to_ascii_uppercase(),
            number: narrow(&short(Field::LedgerNumber)),
            serial: narrow(&short(Field::Serial)),
            place: short(Field::Place),
            found_by: short(Field::FoundBy),
            responsible: person_name(&short(Field::Responsible)),
            accepted_by: short(Field::AcceptedBy),
            description,
            measures,
            contingency,
            remark,
            ..Draft::default()
        };
        for field in [Field::Description, Field::FoundOn] {
            if cells.is_blank(field) {
                cells.note(field, "intake-cell-missing");
            }
        }
        let found = cells.day(Field::FoundOn);
        let (fixed, closed_on) = (cells.day(Field::FixedOn), cells.day(Field::ClosedOn));
        let (funds_cents, funds) = cells.money(self.funds_label, funds);
        Draft {
            category: self.category(&mut cells),
            level: self.level(&mut cells, notices),
            source: self.source(&mut cells, notices),
            due: cells.day(Field::Due),
            closed: self.closed(&mut cells, notices, fixed.is_some(), closed_on.is_some()),
            before: cells.files(Field::PhotosBefore),
            after: cells.files(Field::PhotosAfter),
            found,
            fixed,
            closed_on,
            funds_cents,
            funds,
            ..draft
        }
    }

    fn category(&self, cells: &mut Cells<'_>) -> String {
        let Some(text) = cells.text(Field::Category) else {
            cells.note(Field::Category, "intake-cell-missing");
            return String::new();
        };
        let known = meaning(self.rules, self.options, (Field::Category, LedgerList::Category), &text);
        known.unwrap_or_else(|| {
            cells.wrong(Field::Category, "intake-category-unknown", &text);
            String::new()
        })
    }

    /// 较大 is a county's option; elsewhere it is 一般, and said so. So is every word that is not the level's own.
    fn level(&self, cells: &mut Cells<'_>, notices: &mut Vec<CellProblem>) -> Option<Level> {
        let text = cells.text(Field::Level).filter(|text| !UNGRADED.contains(&plain(text).as_str()))?;
        let level = self.rules.ledger_code(LedgerList::Level, &text).and_then(Level::named);
        match level {
            None => {
                cells.wrong(Field::Level, "intake-level-unknown", &text);
                None
            }
            Some(Level::Larger) if !self.options.larger => {
                notices.push(cells.at(Field::Level, "intake-level-larger"));
                Some(Level::General)
            }
            Some(level) => {
                if !names_itself(level, &text) {
                    let read = cells.at(Field::Level, "intake-level-read");
                    notices.push(read.with("value", &text).with("level", level.name()));
                }
                Some(level)
            }
        }
    }

    /// A source that is not understood is left open: it decides nothing.
    fn source(&self, cells: &mut Cells<'_>, notices: &mut Vec<CellProblem>) -> String {
        let Some(text) = cells.text(Field::Source) else { return String::new() };
        match self.rules.ledger_code(LedgerList::Source, &text) {
            Some(code) => code.to_owned(),
            None => {
                notices.push(cells.at(Field::Source, "intake-source-unknown").with("value", text));
                String::new()
            }
        }
    }

    /// Closed by its status; without one, by the day on which it was closed or, in a ledger without such a column,
    /// fixed.
    fn closed(
        &self,
        cells: &mut Cells<'_>,
        notices: &mut Vec<CellProblem>,
        fixed: bool,
        closed_on: bool,
    ) -> bool {
        let Some(text) = cells.text(Field::Status) else {
            return closed_on || (fixed && !self.columns.contains_key(&Field::ClosedOn));
        };
        match meaning(self.rules, self.options, (Field::Status, LedgerList::Status), &text).as_deref() {
            Some("closed") => true,
            Some("fixed") => {
                notices.push(cells.at(Field::Status, "intake-status-fixed"));
                false
            }
            Some(_) => false,
            None => {
                cells.wrong(Field::Status, "intake-status-unknown", &text);
                false
            }
        }
    }
}

/// 重大隐患 is 重大; 严重 is a word of the ledger's own.
fn names_itself(level: Level, text: &str) -> bool {
    let named = match level {
        Level::General => "一般",
        Level::Larger => "较大",
        Level::Major => "重大",
    };
    text.contains(named) || plain(text) == level.name()
}

impl Cells<'_> {
    fn at(&self, field: Field, code: &'static str) -> CellProblem {
        crate::row::problem(self.row.number, self.columns, field, code)
    }

    pub(crate) fn day(&mut self, field: Field) -> Option<Date> {
        let text = self.text(field)?;
        let found = day(&text);
        if found.is_none() {
            self.wrong(field, "intake-day", &text);
        }
        found
    }

    /// Cents and words: `0.3` under 万元, `3000`, `2万元`, `3,000元`; anything else is words about the money.
    fn money(&mut self, label: &str, from: String) -> (Option<i64>, String) {
        let Some(text) = self.text(Field::Funds) else { return (None, from) };
        let plain = narrow(&text).replace([',', ' ', '¥', '约'], "");
        let wan = plain.contains('万') || (!plain.contains('元') && label.contains('万'));
        let number = plain.trim_end_matches(['元', '万', '整']).parse::<f64>().ok();
        let cents = number.map(|n| if wan { n * WAN_CENTS } else { n * 100.0 });
        match cents.filter(|cents| (0.0..=MOST_CENTS).contains(cents)) {
            // Within a hundred million yuan the cents fit exactly.
            #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
            Some(cents) => (Some(cents.round() as i64), from),
            None if number.is_some() => {
                self.wrong(Field::Funds, "intake-funds", &text);
                (None, from)
            }
            None if from.is_empty() => (None, text),
            None => (None, format!("{text}；{from}")),
        }
    }

    /// Names of photos, however they are separated.
    fn files(&mut self, field: Field) -> Vec<String> {
        let Some(text) = self.text(field) else { return Vec::new() };
        let names = text.split([';', ',', '、', '；', '，', '|']).map(str::trim);
        let mut names: Vec<String> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        names.dedup();
        if names.len() > limits::PHOTOS_PER_ACT {
            let problem = self.at(field, "intake-photos-many").with("most", limits::PHOTOS_PER_ACT);
            self.push(problem);
            names.clear();
        }
        names
    }
}
