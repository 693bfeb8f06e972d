//! What an overlay changes beside rules: working days, and the texts that are filled in for a category.

use std::sync::Arc;

use kernel::Date;
use serde::Deserialize;

use super::Change;
use crate::{book::Inner, calendar::Day, catalogue::FiveFixed, clause::Text, error::RuleError};

/// A holiday, or a day worked in its stead.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDay {
    date: Date,
    working: bool,
    name: Text,
}

impl RawDay {
    pub(super) fn apply(&self, inner: &mut Inner, change: &Change<'_>) -> Result<(), RuleError> {
        change.owned("the calendar")?;
        if self.date < change.from {
            return Err(change.invalid(format!("{} lies before the overlay's first day", self.date)));
        }
        if self.name.is_blank() {
            return Err(change.invalid(format!("{} has no name", self.date)));
        }
        if change.to.is_some_and(|to| to <= self.date) {
            return Ok(());
        }
        inner.calendar.put(self.date, Day { working: self.working, name: self.name.clone() });
        Ok(())
    }
}

/// Five-fixed texts of a category, in force as soon as the overlay is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPrefill {
    category: Arc<str>,
    responsibility: Arc<str>,
    funds: Arc<str>,
    measures: Arc<str>,
    deadline: Arc<str>,
    contingency: Arc<str>,
}

impl RawPrefill {
    pub(super) fn apply(&self, inner: &mut Inner, change: &Change<'_>) -> Result<(), RuleError> {
        change.owned("pre-filled texts")?;
        let texts = [&self.responsibility, &self.funds, &self.measures, &self.deadline, &self.contingency];
        if let Some(filler) = texts.into_iter().find(|text| inner.fillers.contains(text)) {
            return Err(change.invalid(format!("the five-fixed text {filler} is a filler")));
        }
        let category = inner.categories.iter_mut().find(|category| category.code == self.category);
        let category = category.filter(|category| category.is_on());
        let category =
            category.ok_or_else(|| change.invalid(format!("no category {} is on", self.category)))?;
        if change.to.is_some() {
            return Ok(());
        }
        category.prefill = Some(FiveFixed {
            responsibility: Arc::clone(&self.responsibility),
            funds: Arc::clone(&self.funds),
            measures: Arc::clone(&self.measures),
            deadline: Arc::clone(&self.deadline),
            contingency: Arc::clone(&self.contingency),
        });
        Ok(())
    }
}
