//! Free words of a ledger and what they mean: the rules' table, what somebody settled before, what is asked now.

use std::collections::BTreeMap;

use documents::TableRow;
use kernel::limits;
use rules::{LedgerList, RuleBook};
use web::FormData;

use crate::{
    batch::Options,
    content::Content,
    field::{Field, plain},
    header::Mapping,
    row,
};

/// The columns whose words may be asked about.
const ASKED: [(Field, LedgerList); 2] =
    [(Field::Category, LedgerList::Category), (Field::Status, LedgerList::Status)];

/// Under what a word is remembered: which column, and the word without blanks and signs.
pub fn word_key(field: Field, word: &str) -> String {
    format!("{} {}", field.name(), plain(word))
}

/// A word nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The column it stands in.
    pub field: Field,
    /// As it is written.
    pub word: String,
    /// What it probably means.
    pub guess: String,
}

/// What a word means: as settled for this file, or by the rules.
pub(crate) fn meaning(
    rules: &RuleBook,
    options: &Options,
    (field, list): (Field, LedgerList),
    word: &str,
) -> Option<String> {
    let settled = options.words.get(&word_key(field, word)).cloned();
    settled.or_else(|| rules.ledger_code(list, word).map(str::to_owned))
}

/// Words of the file whose meaning must be said, in the order in which they come; those settled are asked again, so
/// that they can be corrected.
pub(crate) fn asked(rules: &RuleBook, mapping: &Mapping, options: &Options, rows: &[TableRow]) -> Vec<Asked> {
    let columns = mapping.columns();
    let mut found: Vec<Asked> = Vec::new();
    for (field, list) in ASKED {
        let Some(column) = columns.get(&field) else { continue };
        for row in rows.iter().filter(|row| !row::is_passed_over(Content::Hazards, row, &columns)) {
            let word = row.cell(*column);
            if word.is_empty() || rules.ledger_code(list, word).is_some() {
                continue;
            }
            let key = word_key(field, word);
            if found.len() >= limits::INTAKE_WORDS || found.iter().any(|a| word_key(a.field, &a.word) == key)
            {
                continue;
            }
            let guess = match list {
                // Whether something was done is nothing to guess at.
                LedgerList::Status => None,
                LedgerList::Category | LedgerList::Source | LedgerList::Level => {
                    rules.ledger_guess(list, word)
                }
            };
            let guess = options.words.get(&key).map(String::as_str).or(guess).unwrap_or_default().to_owned();
            found.push(Asked { field, word: word.to_owned(), guess });
        }
    }
    found
}

/// The answers to the words that were asked, `w0` for the first.
pub(crate) fn read_answers(
    rules: &RuleBook,
    form: &FormData,
    asked: &[Asked],
    known: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut words = known.clone();
    for (at, one) in asked.iter().enumerate() {
        let code = form.value(&format!("w{at}")).unwrap_or_default();
        let allowed = match one.field {
            Field::Category => rules.category(code).is_some_and(rules::Category::is_on),
            _ => matches!(code, "closed" | "fixed" | "open"),
        };
        let key = word_key(one.field, &one.word);
        if allowed {
            words.insert(key, code.to_owned());
        } else {
            words.remove(&key);
        }
    }
    words
}
