//! Judging a hazard major by the ministry's guide: yes/no items, the clause quoted by number.

use std::sync::Arc;

use kernel::Date;
use serde::{Deserialize, Serialize};

use crate::clause::{Clause, Text};

/// How an item decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// 直接判定: one yes makes the hazard major.
    Direct,
    /// 综合判定: weighed together by a person.
    Combined,
}

/// A yes/no question of the guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuideItem {
    /// Stable id.
    pub id: Arc<str>,
    /// The question; yes means the item is met.
    pub ask: Text,
    /// Clause by number.
    pub clause: Clause,
    /// How it decides.
    pub kind: ItemKind,
}

/// One area of the guide.
#[derive(Clone, Debug, Serialize)]
pub struct Guide {
    /// Stable id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Text,
    /// Whether any items are loaded.
    pub loaded: bool,
    /// Whether all items are loaded: only then a "no" to all of them means "not major".
    pub complete: bool,
    /// What is missing.
    pub note: Option<Text>,
    /// Its items.
    pub items: Vec<GuideItem>,
    /// In force from this day.
    pub from: Date,
}

/// What the guide says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum GuideAnswer {
    /// At least one direct item is met: the level is major.
    Major {
        /// The items met, with their clauses.
        items: Vec<GuideItem>,
    },
    /// The items of this area are complete and none is met.
    NotMajor,
    /// No direct item is met, but combined items are, or items of this area are missing: a person must judge.
    Unsettled {
        /// Combined items answered yes.
        combined: Vec<GuideItem>,
        /// What is missing.
        note: Option<Text>,
    },
    /// Questions without an answer, or answers to unknown questions.
    Incomplete {
        /// Items not answered.
        missing: Vec<Arc<str>>,
        /// Ids that are no item of this area.
        unknown: Vec<String>,
    },
    /// 本章未录入: the area's items are not loaded. Never to be read as "not major".
    NotLoaded {
        /// What to show.
        note: Option<Text>,
    },
    /// The guide does not cover this category, or was not yet in force.
    NotCovered,
}

/// As written in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawArea {
    pub(crate) id: Arc<str>,
    pub(crate) name: Text,
    pub(crate) loaded: bool,
    pub(crate) complete: bool,
    pub(crate) note: Option<Text>,
}

/// As written in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawItem {
    pub(crate) id: Arc<str>,
    pub(crate) area: Arc<str>,
    pub(crate) kind: ItemKind,
    pub(crate) ask: Text,
    pub(crate) clause: Text,
}

impl Guide {
    /// Judges answers given on a day.
    pub(crate) fn judge(&self, on: Date, answers: &[(&str, bool)]) -> GuideAnswer {
        if on < self.from {
            return GuideAnswer::NotCovered;
        }
        if !self.loaded {
            return GuideAnswer::NotLoaded { note: self.note.clone() };
        }
        let yes = |item: &&GuideItem| answers.iter().any(|(id, met)| *met && *id == item.id.as_ref());
        let (direct, combined): (Vec<_>, Vec<_>) =
            self.items.iter().filter(yes).cloned().partition(|item| item.kind == ItemKind::Direct);
        if !direct.is_empty() {
            return GuideAnswer::Major { items: direct };
        }
        let answered = |item: &&GuideItem| !answers.iter().any(|(id, _)| *id == item.id.as_ref());
        let missing: Vec<_> = self.items.iter().filter(answered).map(|item| Arc::clone(&item.id)).collect();
        let known = |id: &str| self.items.iter().any(|item| item.id.as_ref() == id);
        let unknown: Vec<_> =
            answers.iter().filter(|(id, _)| !known(id)).map(|(id, _)| (*id).to_owned()).collect();
        if !missing.is_empty() || !unknown.is_empty() {
            return GuideAnswer::Incomplete { missing, unknown };
        }
        if combined.is_empty() && self.complete {
            return GuideAnswer::NotMajor;
        }
        GuideAnswer::Unsettled { combined, note: self.note.clone() }
    }
}
