//! What a description speaks of, so that two of them can be compared: things, faults and places, whatever word of one
//! meaning was used.

use std::{collections::BTreeSet, sync::Arc};

use serde::Deserialize;

use crate::words::normalise;

/// Words of one meaning, a line each, as written in the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLikeness {
    things: Vec<Vec<Arc<str>>>,
    faults: Vec<Vec<Arc<str>>>,
    places: Vec<Vec<Arc<str>>>,
}

/// The number of a line: all its words mean the same.
pub type Meaning = u32;

/// What a description speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpokenOf {
    /// What is at fault: an extinguisher, a railing.
    pub things: BTreeSet<Meaning>,
    /// What is the matter with it: expired, loose.
    pub faults: BTreeSet<Meaning>,
    /// Where it is: the canteen, the playground.
    pub places: BTreeSet<Meaning>,
    /// The words, simplified, half width, lower case, without blanks and marks.
    pub words: String,
    /// The named place, in the same way.
    pub place: String,
}

/// Ready to look up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    things: Lines,
    faults: Lines,
    places: Lines,
}

impl Lexicon {
    pub(crate) fn add(&mut self, raw: &RawLikeness) {
        self.things.add(&raw.things);
        self.faults.add(&raw.faults);
        self.places.add(&raw.places);
    }

    pub(crate) fn spoken_of(&self, place: &str, words: &str) -> SpokenOf {
        let (place, words) = (normalise(place), normalise(words));
        SpokenOf {
            things: self.things.within(&words),
            faults: self.faults.within(&words),
            places: self.places.within(&format!("{place}|{words}")),
            words,
            place,
        }
    }

    pub(crate) fn thing(&self, meaning: Meaning) -> Option<&str> {
        self.things.names.get(usize::try_from(meaning).ok()?).map(AsRef::as_ref)
    }

    pub(crate) fn fault(&self, meaning: Meaning) -> Option<&str> {
        self.faults.names.get(usize::try_from(meaning).ok()?).map(AsRef::as_ref)
    }
}

#[derive(Clone, Debug, Default)]
struct Lines {
    /// The first word of each line.
    names: Vec<Arc<str>>,
    /// Every word with the number of its line, the longest first: 燃气报警器 is not 燃气.
    words: Vec<(String, Meaning)>,
}

impl Lines {
    fn add(&mut self, lines: &[Vec<Arc<str>>]) {
        for line in lines {
            let Some(name) = line.first() else { continue };
            let meaning = Meaning::try_from(self.names.len()).unwrap_or(Meaning::MAX);
            self.names.push(Arc::clone(name));
            self.words.extend(line.iter().map(|word| (normalise(word), meaning)));
        }
        self.words.retain(|(word, _)| !word.is_empty());
        self.words.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
    }

    /// What is said, each character counting for one word only.
    fn within(&self, text: &str) -> BTreeSet<Meaning> {
        let mut rest = text.to_owned();
        let mut said = BTreeSet::new();
        for (word, meaning) in &self.words {
            if rest.contains(word.as_str()) {
                said.insert(*meaning);
                rest = rest.replace(word.as_str(), "|");
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use crate::RuleBook;

    #[test]
    fn words_of_one_meaning_are_one() {
        let book = RuleBook::embedded().expect("the packs");
        let one = book.spoken_of("教学楼二楼", "灭火器过期");
        let other = book.spoken_of("教学樓２樓", "消防器材 超过有效期！");
        assert_eq!((&one.things, &one.faults, &one.places), (&other.things, &other.faults, &other.places));
        assert_eq!((one.things.len(), one.faults.len(), one.places.len()), (1, 1, 1));
        assert_eq!(other.words, "消防器材超过有效期");
        let first = one.things.first().and_then(|thing| book.thing_word(*thing));
        assert_eq!(first, Some("灭火器"));
    }

    #[test]
    fn the_longer_word_is_meant() {
        let book = RuleBook::embedded().expect("the packs");
        let alarm = book.spoken_of("", "燃气报警器失灵");
        let hose = book.spoken_of("", "燃气软管失灵");
        assert_eq!(alarm.faults, hose.faults);
        assert!(alarm.things.is_disjoint(&hose.things), "{alarm:?} {hose:?}");
        assert_eq!(book.spoken_of("", ""), super::SpokenOf::default());
    }
}
