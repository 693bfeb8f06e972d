//! Codes in words: what lists, records and sentences say.

use language::Lang;
use rules::RuleBook;

use crate::texts;

/// The name of a kind of place; the code itself where the reference has it no more.
pub fn kind(lang: Lang, rules: &RuleBook, code: &str) -> String {
    let found = rules.point_kinds().iter().find(|kind| *kind.code == *code);
    found.map_or_else(|| code.to_owned(), |kind| hazard::words::pick(lang, &kind.name).to_owned())
}

/// Name and spot in one line.
pub fn named(name: &str, spot: &str) -> String {
    if spot.is_empty() { name.to_owned() } else { format!("{name} · {spot}") }
}

/// An act by its name in addresses.
pub(crate) fn act(lang: Lang, act: &str) -> String {
    texts::lookup(lang, &format!("place-act-{act}"), &[]).unwrap_or_else(|| act.to_owned())
}

/// The sentence of a message. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    texts::lookup(lang, key, args)
}
