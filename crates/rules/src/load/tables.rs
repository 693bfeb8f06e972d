//! Tables: plain comma-separated text without quotes, one head line, every column named.

use kernel::Date;

use super::{Loader, raw::TableKind};
use crate::{
    calendar::Day,
    catalogue::{Category, FiveFixed, Place, PlaceLevel, Season},
    clause::Text,
    ledger::LedgerList,
};

const SEASON: [&str; 14] =
    ["category", "share", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12"];

impl Loader {
    /// Reads the rows of a table; each fault names its line.
    pub(super) fn rows(&mut self, kind: TableKind, file: &str, text: &str) {
        for (line, row) in body(text) {
            let done = match row {
                Ok(cells) => match kind {
                    TableKind::Holidays => self.holiday(&cells),
                    TableKind::SubItems => self.sub_item(&cells),
                    TableKind::Prefill => self.prefill(&cells),
                    TableKind::Season => self.season(&cells),
                    TableKind::Places => self.place(&cells),
                    TableKind::LedgerWords => self.ledger_word(&cells),
                },
                Err(message) => Err(message),
            };
            if let Err(message) = done {
                self.fault(file, line, message);
            }
        }
        let wanted: &[&str] = match kind {
            TableKind::Holidays => &["date", "kind", "zh", "en"],
            TableKind::SubItems => &["category", "zh", "en"],
            TableKind::Prefill => {
                &["category", "responsibility", "funds", "measures", "deadline", "contingency"]
            }
            TableKind::Season => &SEASON,
            TableKind::Places => &["code", "level", "parent", "zh", "en"],
            TableKind::LedgerWords => &["list", "code", "word"],
        };
        let head: Vec<_> = text.lines().next().unwrap_or_default().split(',').map(str::trim).collect();
        if head != wanted {
            self.fault(file, 1, format!("the head line must be {}", wanted.join(",")));
        }
    }

    fn category(&mut self, code: &str) -> Result<&mut Category, String> {
        self.inner
            .categories
            .iter_mut()
            .find(|category| category.code.as_ref() == code)
            .ok_or_else(|| format!("no category {code}"))
    }

    fn holiday(&mut self, cells: &[&str]) -> Result<(), String> {
        let [date, kind, zh, en] = cells else { return Err("four columns are needed".into()) };
        let day: Date = date.parse().map_err(|_| format!("{date} is no date"))?;
        let working = match *kind {
            "holiday" => false,
            "workday" => true,
            other => return Err(format!("{other} is neither holiday nor workday")),
        };
        if self.inner.calendar.add(day, Day { working, name: Text::new(zh, en) }) {
            Ok(())
        } else {
            Err(format!("{date} is given twice"))
        }
    }

    fn sub_item(&mut self, cells: &[&str]) -> Result<(), String> {
        let [code, zh, en] = cells else { return Err("three columns are needed".into()) };
        let item = Text::new(zh, en);
        self.category(code)?.sub_items.push(item);
        Ok(())
    }

    fn prefill(&mut self, cells: &[&str]) -> Result<(), String> {
        let [code, responsibility, funds, measures, deadline, contingency] = cells else {
            return Err("six columns are needed".into());
        };
        let category = self.category(code)?;
        let old = category.prefill.replace(FiveFixed {
            responsibility: (*responsibility).into(),
            funds: (*funds).into(),
            measures: (*measures).into(),
            deadline: (*deadline).into(),
            contingency: (*contingency).into(),
        });
        if old.is_some() { Err(format!("{code} is given twice")) } else { Ok(()) }
    }

    fn season(&mut self, cells: &[&str]) -> Result<(), String> {
        let [code, numbers @ ..] = cells else { return Err("fourteen columns are needed".into()) };
        let numbers: Vec<u32> = numbers
            .iter()
            .map(|cell| cell.parse().map_err(|_| format!("{cell} is no number")))
            .collect::<Result<_, _>>()?;
        let Some((share, months)) = numbers.split_first() else { return Err("no share".into()) };
        let months = months.try_into().map_err(|_| "twelve months are needed".to_owned())?;
        self.category(code)?.season = Season { share: *share, months };
        Ok(())
    }

    fn place(&mut self, cells: &[&str]) -> Result<(), String> {
        let [code, level, parent, zh, en] = cells else { return Err("five columns are needed".into()) };
        let level = match *level {
            "province" => PlaceLevel::Province,
            "city" => PlaceLevel::City,
            "county" => PlaceLevel::County,
            "township" => PlaceLevel::Township,
            other => return Err(format!("{other} is no level")),
        };
        let parent = Some(*parent).filter(|parent| !parent.is_empty()).map(Into::into);
        self.inner.places.push(Place { code: (*code).into(), level, parent, name: Text::new(zh, en) });
        Ok(())
    }

    fn ledger_word(&mut self, cells: &[&str]) -> Result<(), String> {
        let [list, code, word] = cells else { return Err("three columns are needed".into()) };
        let list = LedgerList::named(list).ok_or_else(|| format!("{list} is no list of ledger words"))?;
        if list == LedgerList::Category {
            self.category(code)?;
        }
        self.inner.ledger.add(list, code, word)
    }
}

/// The rows below the head line, with their lines.
fn body(text: &str) -> impl Iterator<Item = (usize, Result<Vec<&str>, String>)> {
    text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()).map(|(at, row)| {
        let cells = if row.contains('"') {
            Err("quotes are not used in tables: write full-width commas".to_owned())
        } else {
            Ok(row.split(',').map(str::trim).collect())
        };
        (at + 1, cells)
    })
}
