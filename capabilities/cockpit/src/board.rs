//! What the numbers say, from what was read: no database here. The page, the file and the tests read the same board.

mod groups;
mod head;
mod links;
mod rates;
mod schools;
mod tiles;
mod week;

use hazard::{Level, query::OpenThen};
use kernel::UnitId;
use language::{Lang, Say};
use rules::RuleBook;

pub(crate) use self::{
    schools::{SchoolLine, SchoolView, Worst, lines, most_overdue},
    week::Sentence,
};
use crate::{facts::Facts, texts};

/// A number, with the list it counts; a list that cannot show a past day is not led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figure {
    pub value: i64,
    pub href: String,
}

impl Figure {
    pub(crate) fn told(&self, lang: Lang) -> String {
        Say(lang).number(self.value)
    }
}

/// A number that stands alone: its name, what it was a week before, what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Headline {
    pub name: String,
    pub figure: Figure,
    /// 比上周 +3; empty where it is not known.
    pub change: String,
    pub formula: String,
}

/// A share or a median: value in words, numerator and denominator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub name: String,
    pub value: String,
    /// What is counted, and of how many; a median has no numerator.
    pub part: Option<(String, Figure)>,
    pub of: (String, Figure),
    pub change: String,
    pub formula: String,
}

/// One line of a table of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub name: String,
    pub level: web::view::Level,
    pub figures: Vec<Figure>,
    /// 比上周, where it is told.
    pub change: Option<String>,
}

/// A table of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub title: String,
    /// What should be known about it.
    pub note: String,
    pub first: String,
    pub columns: Vec<String>,
    pub changes: bool,
    pub lines: Vec<Line>,
}

/// One of the six outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tile {
    pub name: String,
    /// What is measured, the share in words, its numerator and denominator.
    pub measure: String,
    pub value: String,
    /// Where the same share stands.
    pub value_href: String,
    pub figures: Vec<(String, Figure)>,
    pub change: String,
    pub worst: String,
    pub worst_href: String,
    /// What is not known yet, and what would tell.
    pub lacking: String,
    pub formula: String,
}

/// Everything that is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Board {
    pub headlines: Vec<Headline>,
    pub tiles: Vec<Tile>,
    pub rates: Vec<Rate>,
    pub week: Vec<Sentence>,
    pub groups: Vec<Group>,
    pub schools: Vec<SchoolLine>,
}

/// What a board is made of, and for whom.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub lang: Lang,
    pub rules: &'a RuleBook,
    pub facts: &'a Facts,
}

impl Sight<'_> {
    pub(crate) fn board(self) -> Board {
        let schools = lines(self);
        Board {
            headlines: head::headlines(self),
            tiles: tiles::tiles(self, &schools),
            rates: rates::rates(self),
            week: week::sentences(self, &schools),
            groups: groups::groups(self),
            schools,
        }
    }

    /// Open hazards of which something holds.
    fn count(self, holds: impl Fn(&OpenThen) -> bool) -> i64 {
        self.facts.open.iter().filter(|one| holds(one)).map(|one| one.amount).sum()
    }

    /// The same a week before.
    fn count_before(self, holds: impl Fn(&OpenThen) -> bool) -> i64 {
        self.facts.open_before.iter().filter(|one| holds(one)).map(|one| one.amount).sum()
    }

    /// With what it was a week before, in words.
    fn change(self, now: i64, before: i64) -> String {
        match now - before {
            0 => texts::change_none(self.lang).to_owned(),
            more @ 1.. => texts::change(self.lang, format!("+{}", Say(self.lang).number(more))),
            less => texts::change(self.lang, Say(self.lang).number(less)),
        }
    }

    /// A number whose list shows what stands now alone.
    fn figure(self, value: i64, href: impl FnOnce() -> String) -> Figure {
        let href = if self.facts.day.is_past() { String::new() } else { href() };
        Figure { value, href }
    }
}

/// Nothing but this level.
fn is_level(level: Level) -> impl Fn(&OpenThen) -> bool {
    move |one| one.level == Some(level)
}

/// A unit as addresses name it.
pub(crate) fn simple(unit: UnitId) -> String {
    unit.0.simple().to_string()
}
