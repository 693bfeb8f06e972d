//! Values of a list's filter that mean nothing: a day that is none, a stage nobody knows. The list is shown without
//! them and says so; a file is refused, because whoever opens it later does not see what was left out.

use kernel::{Refusal, limits};
use language::Lang;

use crate::{
    texts,
    view::{Level, Mark},
};

/// Code of the refusal of a file.
pub(crate) const UNREAD: &str = "filter-unread";
/// The last day lies before the first: no file can be made of it.
pub(crate) const REVERSED: &str = "filter-reversed";
/// A filter that an address names twice.
pub(crate) const TWICE: &str = "filter-twice";

/// The first field that an address names more than once.
pub(crate) fn named_twice(query: &str) -> Option<&str> {
    let named = || query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    named()
        .enumerate()
        .find(|(at, name)| named().take(*at).any(|before| before == *name))
        .map(|(_, name)| name)
}

/// What was not understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread(Vec<Cleared>);

/// A value that was taken out of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cleared {
    /// Of its field.
    label: String,
    value: String,
    /// A refusal's code: what is wrong with it.
    code: &'static str,
}

impl Unread {
    /// Takes a value out of the filter if it is there and was not understood.
    pub fn clear(&mut self, label: &str, value: &mut String, understood: bool) {
        if !understood && !value.trim().is_empty() {
            self.tell(label, value, UNREAD);
        }
        if !understood {
            value.clear();
        }
    }

    /// The same for two days; a last one that lies before the first narrows nothing.
    pub fn clear_days(&mut self, (from_label, from): (&str, &mut String), (label, to): (&str, &mut String)) {
        let first = self.clear_day(from_label, from);
        let last = self.clear_day(label, to);
        if first.zip(last).is_some_and(|(first, last)| last < first) {
            self.tell(label, to, REVERSED);
            to.clear();
        }
    }

    /// The day, where it is one.
    fn clear_day(&mut self, label: &str, value: &mut String) -> Option<kernel::Date> {
        let day = value.parse().ok();
        self.clear(label, value, day.is_some());
        day
    }

    fn tell(&mut self, label: &str, value: &str, code: &'static str) {
        let value = value.trim().chars().take(limits::NAME_CHARS).collect();
        self.0.push(Cleared { label: label.to_owned(), value, code });
    }

    /// One notice for each.
    pub fn told(&self, lang: Lang) -> Vec<Mark> {
        let told = |cleared: &Cleared| {
            let (label, value) = (&cleared.label, &cleared.value);
            let said = match cleared.code {
                REVERSED => texts::filter_reversed(lang, label, value),
                _ => texts::filter_unread(lang, label, value),
            };
            Mark::new(Level::Yellow, said)
        };
        self.0.iter().map(told).collect()
    }

    /// Nothing, or why no file is made.
    ///
    /// # Errors
    /// Names the first that was not understood.
    pub fn refused(&self) -> Result<(), Refusal> {
        match self.0.first() {
            None => Ok(()),
            Some(Cleared { label, value, code }) => {
                Err(Refusal::new(code).with("label", label).with("value", value).on("filter"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use language::Lang;

    use super::Unread;

    #[test]
    fn what_is_understood_or_empty_stays_and_says_nothing() {
        let mut unread = Unread::default();
        let (mut day, mut empty, mut stage) = ("2026-09-30".to_owned(), " ".to_owned(), "closed".to_owned());
        unread.clear_days(("起", &mut day), ("止", &mut empty));
        unread.clear("环节", &mut stage, true);
        assert_eq!((day.as_str(), empty.as_str(), stage.as_str()), ("2026-09-30", "", "closed"));
        assert_eq!((unread.told(Lang::ZhCn), unread.refused()), (Vec::new(), Ok(())));
    }

    #[test]
    fn what_means_nothing_goes_and_is_named() {
        let mut unread = Unread::default();
        let mut day = "2026-02-30".to_owned();
        unread.clear_day("起", &mut day);
        let mut stage = "nonsense".repeat(100);
        unread.clear("环节", &mut stage, false);
        assert_eq!((day.as_str(), stage.as_str()), ("", ""));
        let told = unread.told(Lang::ZhCn);
        assert!(
            told.len() == 2 && told[0].word.contains("起") && told[0].word.contains("2026-02-30"),
            "{told:?}"
        );
        assert!(told[1].word.chars().count() < 300, "an address can be long");
        assert_eq!(unread.refused().unwrap_err().code, super::UNREAD);
    }

    #[test]
    fn a_last_day_before_the_first_is_named() {
        let mut unread = Unread::default();
        let (mut from, mut to) = ("2026-09-30".to_owned(), "2026-09-01".to_owned());
        unread.clear_days(("起", &mut from), ("止", &mut to));
        assert_eq!(
            (from.as_str(), to.as_str()),
            ("2026-09-30", ""),
            "the list is narrowed by the first alone"
        );
        assert!(unread.told(Lang::ZhCn)[0].word.contains("2026-09-01"));
        assert_eq!(unread.refused().unwrap_err().code, super::REVERSED);
        let (mut from, mut to) = ("2026-09-30".to_owned(), "2026-09-30".to_owned());
        let mut unread = Unread::default();
        unread.clear_days(("起", &mut from), ("止", &mut to));
        assert_eq!((to.as_str(), unread.refused()), ("2026-09-30", Ok(())), "one day is a span");
    }
}
