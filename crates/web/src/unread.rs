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

/// What was not understood, with the label of its field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread(Vec<(String, String)>);

impl Unread {
    /// Takes a value out of the filter if it is there and was not understood.
    pub fn clear(&mut self, label: &str, value: &mut String, understood: bool) {
        if !understood && !value.trim().is_empty() {
            let short = value.trim().chars().take(limits::NAME_CHARS).collect();
            self.0.push((label.to_owned(), short));
        }
        if !understood {
            value.clear();
        }
    }

    /// The same for a day.
    pub fn clear_day(&mut self, label: &str, value: &mut String) {
        let understood = value.parse::<kernel::Date>().is_ok();
        self.clear(label, value, understood);
    }

    /// One notice for each.
    pub fn told(&self, lang: Lang) -> Vec<Mark> {
        let told = |(label, value): &(String, String)| {
            Mark::new(Level::Yellow, texts::filter_unread(lang, label, value))
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
            Some((label, value)) => {
                Err(Refusal::new(UNREAD).with("label", label).with("value", value).on("filter"))
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
        unread.clear_day("起", &mut day);
        unread.clear_day("止", &mut empty);
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
}
