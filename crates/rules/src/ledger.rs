//! Words of counties' own ledgers: free words for what has a code here.

use std::{collections::HashMap, sync::Arc};

use crate::words::normalise;

/// Characters of the shortest word that may be recognised inside a longer one.
const INSIDE_CHARS: usize = 2;

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LedgerList {
    /// A hazard category.
    Category,
    /// A source of hazards.
    Source,
    /// `general`, `larger`, `major`.
    Level,
    /// `closed`, `fixed`, `open`.
    Status,
}

impl LedgerList {
    /// From the name in the table.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "category" => Some(Self::Category),
            "source" => Some(Self::Source),
            "level" => Some(Self::Level),
            "status" => Some(Self::Status),
            _ => None,
        }
    }
}

/// All words, ready to compare.
#[derive(Clone, Debug, Default)]
pub(crate) struct LedgerWords {
    codes: HashMap<(LedgerList, String), Arc<str>>,
    /// Those of the table, in its order: names and codes are not looked for inside longer words.
    listed: Vec<(LedgerList, Arc<str>, String)>,
}

impl LedgerWords {
    pub(crate) fn add(&mut self, list: LedgerList, code: &str, word: &str) -> Result<(), String> {
        let plain = normalise(word);
        if plain.is_empty() || self.exact(list, &plain).is_some() {
            return Err(format!("{word} says nothing or is given twice"));
        }
        let code: Arc<str> = code.into();
        self.codes.insert((list, plain.clone()), Arc::clone(&code));
        self.listed.push((list, code, plain));
        Ok(())
    }

    /// A name that the rules have anyway; it counts more than a word of the table.
    pub(crate) fn name(&mut self, list: LedgerList, code: &Arc<str>, name: &str) {
        self.codes.insert((list, normalise(name)), Arc::clone(code));
    }

    fn of(&self, list: LedgerList) -> impl Iterator<Item = (&str, &str)> {
        self.listed.iter().filter(move |(of, ..)| *of == list).map(|(_, code, word)| (&**code, word.as_str()))
    }

    pub(crate) fn exact(&self, list: LedgerList, plain: &str) -> Option<&str> {
        self.codes.get(&(list, plain.to_owned())).map(|code| &**code)
    }

    /// The one code that all words found inside the text stand for; a word inside a longer one does not count.
    pub(crate) fn guess(&self, list: LedgerList, plain: &str) -> Option<&str> {
        let long = |word: &str| word.chars().count() >= INSIDE_CHARS;
        let found: Vec<(&str, &str)> =
            self.of(list).filter(|(_, word)| long(word) && plain.contains(word)).collect();
        let inside = |word: &str| found.iter().any(|(_, other)| *other != word && other.contains(word));
        let mut whole = found.iter().filter(|(_, word)| !inside(word));
        let (code, _) = whole.next()?;
        whole.all(|(other, _)| other == code).then_some(*code)
    }
}
