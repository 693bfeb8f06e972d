//! What the components of `templates/components/ui.html` show: plain structs that a page's context holds.

use std::{borrow::Cow, collections::HashSet};

use kernel::{Timestamp, UnitId};
use language::{Lang, Say};

use crate::{panel::unit_href, texts};

/// A level of risk, of a warning, or of lateness; always shown as shape and word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// ▲ 红: risk or warning red, major hazard, overdue.
    Red,
    /// ◆ 橙
    Orange,
    /// ■ 黄: also soon due.
    Yellow,
    /// ● 蓝: also information.
    Blue,
    /// ✓ closed, on time.
    Done,
    /// Says nothing about level or lateness.
    #[default]
    Plain,
}

impl Level {
    /// The class of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Blue => "blue",
            Self::Done => "done",
            Self::Plain => "plain",
        }
    }

    /// The shape, so that colour is never alone.
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Red => "▲",
            Self::Orange => "◆",
            Self::Yellow => "■",
            Self::Blue => "●",
            Self::Done => "✓",
            Self::Plain => "",
        }
    }
}

/// A level with its word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The level.
    pub level: Level,
    /// 重大隐患, 红色预警, 已逾期 ...
    pub word: String,
}

impl Mark {
    /// A level with its word.
    pub fn new(level: Level, word: impl Into<String>) -> Self {
        Self { level, word: word.into() }
    }
}

/// A deadline: words first, a thin bar, the rule one tap away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// 还剩 3 小时 / 逾期 2 天
    pub words: String,
    /// Red when overdue, yellow from 80 %, done when ended in time.
    pub level: Level,
    /// How much of the time has passed, 0 to 100.
    pub percent: u8,
    /// Where the bar has its marks, in percent; the end has one besides.
    pub marks: Vec<u8>,
    /// The deadline itself, `2026-12-08 17:30`.
    pub due: String,
    /// The rule behind it, with its clause.
    pub rule: Option<String>,
}

/// Marks of a bar whose deadline is not known with its own.
const USUAL_MARKS: [u8; 2] = [50, 80];

impl Clock {
    /// A clock that runs from `started` to `due`.
    pub fn running(lang: Lang, started: Timestamp, due: Timestamp, now: Timestamp) -> Self {
        let whole = due.since_ms(started).max(1);
        let percent = now.since_ms(started).clamp(0, whole).saturating_mul(100) / whole;
        let level = match (now > due, percent) {
            (true, _) => Level::Red,
            (false, 80..) => Level::Yellow,
            (false, _) => Level::Plain,
        };
        Self {
            words: Say(lang).left(due.since_ms(now)),
            level,
            percent: u8::try_from(percent).unwrap_or(100),
            marks: USUAL_MARKS.to_vec(),
            due: Say(lang).date_time(due),
            rule: None,
        }
    }

    /// A clock that has ended; `words` say how.
    pub fn ended(words: impl Into<String>, in_time: bool) -> Self {
        let level = if in_time { Level::Done } else { Level::Red };
        Self { words: words.into(), level, percent: 100, marks: USUAL_MARKS.to_vec(), ..Self::default() }
    }

    /// With the marks that its deadline was decided with, where they are known.
    #[must_use]
    pub fn marked(mut self, marks: &[u8]) -> Self {
        self.marks = marks.iter().copied().filter(|mark| *mark < 100).collect();
        self
    }

    /// The rule behind it.
    #[must_use]
    pub fn rule(mut self, sentence: impl Into<String>) -> Self {
        self.rule = Some(sentence.into());
        self
    }
}

/// A list of more answers gets a line to type a part of a name into: schools and people, not kinds and columns.
pub const LONG_CHOICE: usize = 30;

/// One of several answers: option, radio, checkbox, tile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A line under it.
    pub hint: String,
    /// Name of an icon, for tiles.
    pub icon: Cow<'static, str>,
}

impl Choice {
    /// An answer.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// With a line under it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With an icon.
    #[must_use]
    pub fn icon(mut self, icon: impl Into<Cow<'static, str>>) -> Self {
        self.icon = icon.into();
        self
    }
}

/// Answers under a common name; without a name they stand alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The name.
    pub label: String,
    /// The answers.
    pub choices: Vec<Choice>,
}

/// So many answers in all that a line to type into helps.
pub fn are_many(groups: &[Group]) -> bool {
    groups.iter().map(|group| group.choices.len()).sum::<usize>() > LONG_CHOICE
}

/// A link with words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// What is read.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// The viewer is here.
    pub current: bool,
    /// A number behind the words.
    pub count: Option<u32>,
}

impl Link {
    /// A link.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), ..Self::default() }
    }

    /// Marks where the viewer is.
    #[must_use]
    pub const fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// With a number.
    #[must_use]
    pub const fn count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }
}

/// A line of a summary list: a fact with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// The fact; line breaks are kept.
    pub value: String,
    /// A level instead of plain words.
    pub mark: Option<Mark>,
    /// An act on it: change, look at.
    pub link: Option<Link>,
}

impl Fact {
    /// A fact.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), ..Self::default() }
    }

    /// A fact that is a level.
    pub fn mark(name: impl Into<String>, mark: Mark) -> Self {
        Self { name: name.into(), mark: Some(mark), ..Self::default() }
    }

    /// With an act.
    #[must_use]
    pub fn link(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }
}

/// A photo shown small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Photo {
    /// The small one.
    pub src: String,
    /// The whole one.
    pub href: String,
    /// What is on it.
    pub alt: String,
}

/// One sentence of a timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// When, `2026-12-08 14:05`.
    pub at: String,
    /// Who did what.
    pub sentence: String,
    /// In their own words.
    pub note: String,
    /// Colours the dot: red for overdue and refused, done for closed.
    pub level: Level,
    /// What was to be seen.
    pub photos: Vec<Photo>,
}

impl Moment {
    /// A sentence.
    pub fn new(at: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { at: at.into(), sentence: sentence.into(), ..Self::default() }
    }
}

/// The head of a list: a sentence of chips, saved views, the count, exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What the list is narrowed to; each chip's link removes it.
    pub chips: Vec<Link>,
    /// What was not understood, and so narrows nothing.
    pub unread: Vec<Mark>,
    /// Where everything is removed.
    pub clear: String,
    /// Saved views.
    pub views: Vec<Link>,
    /// 共 128 条
    pub count: String,
    /// Exports of exactly what is shown.
    pub exports: Vec<Link>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// Sorts by it when followed.
    pub sort: Option<String>,
    /// Sorted by it now: ascending or descending.
    pub sorted: Option<bool>,
    /// Numbers, to the right.
    pub number: bool,
}

impl Column {
    /// A column.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// Numbers, to the right.
    #[must_use]
    pub const fn number(mut self) -> Self {
        self.number = true;
        self
    }

    /// With a link that sorts; `Some(true)` when it is sorted ascending now.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, sorted: Option<bool>) -> Self {
        self.sort = Some(href.into());
        self.sorted = sorted;
        self
    }

    /// The value of `aria-sort`.
    pub const fn aria_sort(&self) -> &'static str {
        match self.sorted {
            Some(true) => "ascending",
            Some(false) => "descending",
            None => "none",
        }
    }
}

/// A cell: whatever of these is set is shown, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// A level.
    pub mark: Option<Mark>,
    /// Words or a number.
    pub text: String,
    /// The words lead here; in the first column the whole row does.
    pub href: Option<String>,
    /// A soft line under it.
    pub more: String,
    /// A deadline.
    pub clock: Option<Clock>,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Words that lead somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), ..Self::default() }
    }

    /// A level.
    pub fn mark(level: Level, word: impl Into<String>) -> Self {
        Self { mark: Some(Mark::new(level, word)), ..Self::default() }
    }

    /// A deadline.
    pub fn clock(clock: Clock) -> Self {
        Self { clock: Some(clock), ..Self::default() }
    }

    /// With a soft line under it.
    #[must_use]
    pub fn more(mut self, more: impl Into<String>) -> Self {
        self.more = more.into();
        self
    }
}

/// A table; on a phone each row is a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Says what the table is, for screen readers.
    pub caption: String,
    /// The headings.
    pub columns: Vec<Column>,
    /// The rows, each as wide as the headings.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// With the words of one column leading to the pages of units, where the viewer may open them.
    #[must_use]
    pub fn leading(
        mut self,
        column: usize,
        units: impl IntoIterator<Item = UnitId>,
        open: &HashSet<UnitId>,
    ) -> Self {
        for (row, unit) in self.rows.iter_mut().zip(units) {
            if let Some(cell) = row.get_mut(column).filter(|_| open.contains(&unit)) {
                cell.href = Some(unit_href(unit));
            }
        }
        self
    }

    /// Without one column: what a page says itself.
    #[must_use]
    pub fn without(mut self, column: usize) -> Self {
        let others = |nth: usize| nth != column;
        let columns = self.columns.into_iter().enumerate();
        self.columns = columns.filter(|(nth, _)| others(*nth)).map(|(_, one)| one).collect();
        for row in &mut self.rows {
            let cells = std::mem::take(row).into_iter().enumerate();
            *row = cells.filter(|(nth, _)| others(*nth)).map(|(_, cell)| cell).collect();
        }
        self
    }

    /// Cells of a row with their headings.
    pub fn cells<'t>(&'t self, row: &'t [Cell]) -> impl Iterator<Item = (&'t Column, &'t Cell)> {
        self.columns.iter().zip(row)
    }
}

/// Where one is in a list: pages by cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
    /// 第 51–100 条
    pub place: String,
    /// On paper alone: which rows were printed, and that there are others.
    pub paper: String,
}

impl Pager {
    /// With how many rows there are, said on paper too.
    #[must_use]
    pub fn among(self, lang: Lang, count: &str) -> Self {
        let paper = if self.paper.is_empty() {
            String::new()
        } else {
            texts::pager_paper_of(lang, count, self.paper)
        };
        Self { paper, ..self }
    }
}

/// What to say when there is nothing to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Empty {
    /// What would be here.
    pub sentence: String,
    /// The one act that makes it so.
    pub act: Option<Link>,
    /// Name of an icon.
    pub icon: &'static str,
}

/// 是否 with words: yes and no as choices.
pub fn yes_no(lang: Lang) -> Vec<Choice> {
    vec![Choice::new("1", texts::choice_yes(lang)), Choice::new("0", texts::choice_no(lang))]
}
