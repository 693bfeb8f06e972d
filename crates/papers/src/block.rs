//! What stands between the addressee and the signature.

use language::Lang;
use serde::{Deserialize, Serialize};
use web::view::{Cell, Fact, Moment, Table};

use crate::{paper::official, texts};

/// A part of the text of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// 一、…… in 黑体, with its number.
    Heading {
        /// What it says.
        text: String,
    },
    /// Indented by two characters.
    Paragraph {
        /// What it says.
        text: String,
    },
    /// A ruled table.
    Table(Ruled),
    /// A line that is filled in and signed by hand.
    Signature {
        /// What is asked for.
        text: String,
    },
}

/// A column of a ruled table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledColumn {
    /// The heading.
    pub label: String,
    /// Numbers stand at the right.
    pub number: bool,
    /// Its share of the width, against the other columns; characters of its longest cell, within limits.
    pub share: u32,
}

/// A ruled table; its heading is repeated on every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<RuledColumn>,
    /// Its rows, each as wide as the columns.
    pub rows: Vec<Vec<String>>,
}

/// No column is narrower than so many characters ...
const NARROW: usize = 4;
/// ... and none is counted as wider than so many: longer cells have several lines.
const WIDE: usize = 18;

impl Ruled {
    /// A table of a page on paper: words alone, without links.
    pub fn of(table: &Table) -> Self {
        let rows: Vec<Vec<String>> =
            table.rows.iter().map(|row| row.iter().map(words_of).collect()).collect();
        let columns = table.columns.iter().enumerate().map(|(nth, column)| RuledColumn {
            label: official(&column.label),
            number: column.number,
            share: share(&column.label, rows.iter().filter_map(|row| row.get(nth))),
        });
        Self { caption: official(&table.caption), columns: columns.collect(), rows }
    }
}

impl Ruled {
    /// The cells of a row with their columns.
    pub fn cells<'t>(&'t self, row: &'t [String]) -> impl Iterator<Item = (&'t RuledColumn, &'t String)> {
        self.columns.iter().zip(row)
    }
}

fn words_of(cell: &Cell) -> String {
    let mark = cell.mark.as_ref().map(|mark| mark.word.as_str());
    let words: Vec<&str> =
        mark.into_iter().chain([cell.text.as_str(), cell.more.as_str()]).filter(|w| !w.is_empty()).collect();
    official(&words.join(" "))
}

fn share<'a>(label: &str, cells: impl Iterator<Item = &'a String>) -> u32 {
    let width =
        |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>().div_ceil(2);
    let widest = cells.map(|cell| width(cell)).chain([width(label)]).max().unwrap_or(NARROW);
    u32::try_from(widest.clamp(NARROW, WIDE)).unwrap_or(1)
}

/// The text of a paper as it is written, with headings numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    lang: Lang,
    headings: usize,
    blocks: Vec<Block>,
}

impl Body {
    /// Nothing yet.
    pub const fn new(lang: Lang) -> Self {
        Self { lang, headings: 0, blocks: Vec::new() }
    }

    /// 一、二、三、: the next heading.
    #[must_use]
    pub fn heading(mut self, text: impl AsRef<str>) -> Self {
        self.headings = self.headings.saturating_add(1);
        let number = match self.lang {
            Lang::ZhCn => format!("{}、", chinese(self.headings)),
            Lang::En => format!("{}. ", self.headings),
        };
        self.blocks.push(Block::Heading { text: format!("{number}{}", official(text.as_ref())) });
        self
    }

    /// A paragraph for each line that says something.
    #[must_use]
    pub fn text(mut self, text: impl AsRef<str>) -> Self {
        let lines = text.as_ref().lines().map(str::trim).filter(|line| !line.is_empty());
        self.blocks.extend(lines.map(|line| Block::Paragraph { text: official(line) }));
        self
    }

    /// A fact: its name, a colon, what it is.
    #[must_use]
    pub fn item(self, name: &str, value: &str) -> Self {
        let said = texts::paper_item(self.lang, name, value);
        self.text(said)
    }

    /// Facts of a page, one to a paragraph.
    #[must_use]
    pub fn facts<'f>(self, facts: impl IntoIterator<Item = &'f Fact>) -> Self {
        facts.into_iter().fold(self, |body, fact| {
            let mark = fact.mark.as_ref().map(|mark| mark.word.as_str());
            let value: Vec<&str> = mark.into_iter().chain([fact.value.as_str()]).collect();
            body.item(&fact.name, value.join(" ").trim())
        })
    }

    /// Clauses, one to a paragraph.
    #[must_use]
    pub fn lines<'s>(self, lines: impl IntoIterator<Item = &'s String>) -> Self {
        lines.into_iter().fold(self, Self::text)
    }

    /// What happened, as a table of when and what.
    #[must_use]
    pub fn story(mut self, (caption, when, what): (&str, &str, &str), moments: &[Moment]) -> Self {
        let row = |moment: &Moment| vec![official(&moment.at), official(&moment.sentence)];
        let column = |label: &str, share| RuledColumn { label: official(label), number: false, share };
        self.blocks.push(Block::Table(Ruled {
            caption: official(caption),
            columns: vec![column(when, 8), column(what, 22)],
            rows: moments.iter().map(row).collect(),
        }));
        self
    }

    /// A table of a page.
    #[must_use]
    pub fn table(mut self, table: &Table) -> Self {
        self.blocks.push(Block::Table(Ruled::of(table)));
        self
    }

    /// Lines signed by hand.
    #[must_use]
    pub fn signatures<S: AsRef<str>>(mut self, lines: impl IntoIterator<Item = S>) -> Self {
        // The blanks of such a line are its own.
        let lines = lines.into_iter().map(|line| Block::Signature { text: line.as_ref().to_owned() });
        self.blocks.extend(lines);
        self
    }

    /// What was written.
    pub fn blocks(self) -> Vec<Block> {
        self.blocks
    }
}

/// 一, 十一, 二十三 up to 九十九.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: usize| DIGITS.get(n % 10).copied().unwrap_or_default();
    match number {
        0..10 => digit(number).to_owned(),
        10..20 => format!("十{}", digit(number)),
        _ => format!("{}十{}", digit(number / 10), digit(number)),
    }
}

#[cfg(test)]
mod tests {
    use web::view::Column;

    use super::*;

    #[test]
    fn headings_are_counted_in_chinese() {
        let counted: Vec<String> = [1, 9, 10, 11, 20, 23].map(chinese).to_vec();
        assert_eq!(counted, ["一", "九", "十", "十一", "二十", "二十三"]);
        let body = Body::new(Lang::ZhCn).heading("基本事实").text("甲\n\n 乙 ").heading("经过").blocks();
        assert_eq!(body[0], Block::Heading { text: "一、基本事实".to_owned() });
        assert_eq!(body[2], Block::Paragraph { text: "乙".to_owned() });
        assert_eq!(body[3], Block::Heading { text: "二、经过".to_owned() });
    }

    #[test]
    fn a_column_is_as_wide_as_its_words_need() {
        let long = "师宗县丹凤街道中心学校第一教学点附属幼儿园北校区";
        let table = Table {
            caption: "各校情况".to_owned(),
            columns: vec![Column::new("学校"), Column::new("应配").number()],
            rows: vec![vec![Cell::text(long), Cell::text("12")]],
        };
        let ruled = Ruled::of(&table);
        assert_eq!(ruled.columns.iter().map(|c| c.share).collect::<Vec<_>>(), [18, 4]);
        assert!(ruled.columns[1].number);
    }
}
