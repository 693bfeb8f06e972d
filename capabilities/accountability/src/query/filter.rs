//! What a list is narrowed to.

use kernel::{Timestamp, UnitId};
use storage::Param;

use super::Kind;
use crate::{case::StageCode, clarification::ClarificationStage};

/// Which cases are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Somebody still has to do something.
    #[default]
    Running,
    /// Something is past its deadline.
    Overdue,
    /// At this stage.
    One(StageCode),
    /// All there are.
    All,
}

/// Which clarifications are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhichClarifications {
    /// All there are: most of them are read again, not worked on.
    #[default]
    All,
    /// The county owes an answer.
    Running,
    /// At this stage.
    One(ClarificationStage),
}

impl Which {
    /// From the name in an address.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "" | "running" => Self::Running,
            "overdue" => Self::Overdue,
            "all" => Self::All,
            stage => Self::One(StageCode::named(stage)?),
        })
    }

    /// The name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Overdue => "overdue",
            Self::All => "all",
            Self::One(stage) => stage.name(),
        }
    }
}

impl WhichClarifications {
    /// From the name in an address.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "" | "all" => Self::All,
            "running" => Self::Running,
            stage => Self::One(ClarificationStage::named(stage)?),
        })
    }

    /// The name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::All => "all",
            Self::One(stage) => stage.name(),
        }
    }
}

/// What a list is narrowed to besides the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A unit that is a side, or the clarification is about.
    pub unit: Option<UnitId>,
    /// The year in which it began.
    pub year: Option<i16>,
    /// Patterns, each of which must occur: see [`Self::pattern`].
    pub words: Vec<String>,
}

impl Filter {
    /// A word as the database looks for it; characters that stand for others mean themselves.
    pub fn pattern(word: &str) -> String {
        let plain = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        format!("%{}%", plain.to_ascii_lowercase())
    }
}

/// Conditions with their parameters, numbered from a first one.
pub(super) struct Conditions<'f> {
    first: usize,
    all: Vec<String>,
    params: Vec<Param<'f>>,
}

impl<'f> Conditions<'f> {
    pub(super) const fn new(first: usize) -> Self {
        Self { first, all: Vec::new(), params: Vec::new() }
    }

    fn mark(&mut self, param: Param<'f>) -> String {
        self.params.push(param);
        format!("?{}", self.first + self.params.len() - 1)
    }

    pub(super) fn and(&mut self, condition: String) {
        self.all.push(condition);
    }

    pub(super) fn filter(&mut self, of: Kind, filter: &'f Filter) {
        if let Some(unit) = filter.unit {
            let unit = self.mark(Param::from(unit));
            self.all.push(match of {
                Kind::Case => {
                    format!("r.id IN (SELECT n.case_id FROM accountability_side n WHERE n.unit_id = {unit})")
                }
                Kind::Clarification => format!("r.unit_id = {unit}"),
            });
        }
        if let Some((from, to)) = filter.year.and_then(span_of) {
            let (from, to) = (self.mark(Param::from(from)), self.mark(Param::from(to)));
            self.all.push(format!("r.{0} >= {from} AND r.{0} <= {to}", of.begun()));
        }
        for word in &filter.words {
            let like = self.mark(Param::from(word));
            self.all.push(format!("lower(r.words) LIKE {like} ESCAPE '!'"));
        }
    }

    pub(super) fn done(self) -> (String, Vec<Param<'f>>) {
        let all = if self.all.is_empty() { "TRUE".to_owned() } else { self.all.join(" AND ") };
        (all, self.params)
    }
}

/// The first and the last millisecond of a year.
fn span_of(year: i16) -> Option<(Timestamp, Timestamp)> {
    let first = kernel::Date::new(year, 1, 1).ok()?;
    let last = kernel::Date::new(year, 12, 31).ok()?;
    Some((Timestamp::at_start_of(first), Timestamp::at_end_of(last)))
}

/// The stages of a list as a condition.
pub(super) fn stages(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<String> = names.map(|name| format!("'{name}'")).collect();
    format!("r.stage IN ({})", names.join(", "))
}
