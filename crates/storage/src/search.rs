//! Text search over written-out character bigrams, the same words on both databases: an FTS5 table in SQLite, a
//! `tsvector` with a GIN index in PostgreSQL.

use std::collections::BTreeSet;

use crate::{Dialect, StorageError, Tx, params};

/// Characters of one text that are kept; the rest of a very long text is not searchable.
const CHARACTERS: usize = 600;
/// Characters of one plain word that are kept; PostgreSQL refuses words of more than 2 KiB.
const WORD: usize = 64;
/// Tokens of one query that are used.
const QUERY_TOKENS: usize = 24;

/// The migration text that makes a search table called `$name`, keyed by an integer row.
#[macro_export]
macro_rules! search_table {
    ($name:literal) => {
        concat!(
            "--sqlite\nCREATE VIRTUAL TABLE ",
            $name,
            " USING fts5(grams, content='', contentless_delete=1, detail=none, tokenize='ascii');\n",
            "--postgres\nCREATE TABLE ",
            $name,
            " (rowid BIGINT PRIMARY KEY, grams TSVECTOR NOT NULL);\n",
            "CREATE INDEX ",
            $name,
            "_grams ON ",
            $name,
            " USING GIN (grams);\n--both\n"
        )
    };
}

/// Replaces the searchable text of a row.
///
/// # Errors
/// Whatever the database answers.
pub fn put(tx: &mut Tx, table: &str, row: i64, text: &str, is_new: bool) -> Result<(), StorageError> {
    put_tagged(tx, table, row, text, &[], is_new)
}

/// Replaces the searchable text of a row, and what it can be narrowed down by: the unit it belongs to, say.
///
/// # Errors
/// Whatever the database answers.
pub fn put_tagged(
    tx: &mut Tx,
    table: &str,
    row: i64,
    text: &str,
    tags: &[Tag],
    is_new: bool,
) -> Result<(), StorageError> {
    if !is_new {
        remove(tx, table, row)?;
    }
    let mut words = ordered_tokens(text);
    words.extend(tags.iter().map(|tag| tag.0.clone()));
    let grams = words.join(" ");
    match tx.dialect() {
        Dialect::Sqlite => {
            tx.write(&format!("INSERT INTO {table} (rowid, grams) VALUES (?1, ?2)"), params![row, &grams])
        }
        Dialect::Postgres => tx.write(
            &format!(
                "INSERT INTO {table} (rowid, grams) VALUES (?1, array_to_tsvector(string_to_array(?2, ' ')))"
            ),
            params![row, &grams],
        ),
    }
}

/// A word that no text and no query holds, because no sign of it is a letter there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// For what an id stands for.
    pub fn of(id: uuid::Uuid) -> Self {
        Self(format!("§{}", id.simple()))
    }
}

/// Forgets a row.
///
/// # Errors
/// Whatever the database answers.
pub fn remove(tx: &mut Tx, table: &str, row: i64) -> Result<(), StorageError> {
    tx.write(&format!("DELETE FROM {table} WHERE rowid = ?1"), params![row])
}

/// The condition that limits `row_column` to rows matching parameter `?number`, and the value for it. `None` when
/// the query holds nothing to search for.
pub fn condition(
    dialect: Dialect,
    table: &str,
    row_column: &str,
    number: usize,
    query: &str,
) -> Option<(String, String)> {
    let words: Vec<String> = query_tokens(query);
    if words.is_empty() {
        return None;
    }
    Some(match dialect {
        Dialect::Sqlite => (
            format!("{row_column} IN (SELECT rowid FROM {table} WHERE {table} MATCH ?{number})"),
            words.iter().map(|w| quote_fts(w)).collect::<Vec<_>>().join(" AND "),
        ),
        Dialect::Postgres => (
            format!(
                "{row_column} IN (SELECT rowid FROM {table} WHERE grams @@ CAST(CAST(?{number} AS TEXT) AS TSQUERY))"
            ),
            words.iter().map(|w| quote_ts(w)).collect::<Vec<_>>().join(" & "),
        ),
    })
}

/// The condition on the search table itself, for a query that joins it and sorts by its `rowid`: the newest matches
/// come first without all of them being gathered. With `tags`, only rows that carry one of them.
pub fn matching(
    dialect: Dialect,
    table: &str,
    number: usize,
    query: &str,
    tags: &[Tag],
) -> Option<(String, String)> {
    matching_terms(dialect, table, number, &[Term { words: query.to_owned(), tags: Vec::new() }], tags)
}

/// A word of a query, and what else it may stand for: the units it names, say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// As it was typed.
    pub words: String,
    /// A row that carries one of these is found as if it held the word.
    pub tags: Vec<Tag>,
}

/// As [`matching`], word by word: every term must be met, by its words or by one of its tags.
pub fn matching_terms(
    dialect: Dialect,
    table: &str,
    number: usize,
    terms: &[Term],
    tags: &[Tag],
) -> Option<(String, String)> {
    let (condition, quote, and, or): (String, fn(&str) -> String, _, _) = match dialect {
        Dialect::Sqlite => (format!("{table} MATCH ?{number}"), quote_fts, " AND ", " OR "),
        Dialect::Postgres => {
            (format!("{table}.grams @@ CAST(CAST(?{number} AS TEXT) AS TSQUERY)"), quote_ts, " & ", " | ")
        }
    };
    let any = |tags: &[Tag]| tags.iter().map(|tag| quote(&tag.0)).collect::<Vec<_>>().join(or);
    let mut parts: Vec<String> = Vec::new();
    for term in terms {
        let words: Vec<String> = query_tokens(&term.words).iter().map(|word| quote(word)).collect();
        match (words.is_empty(), term.tags.is_empty()) {
            (true, _) => {}
            (false, true) => parts.extend(words),
            (false, false) => parts.push(format!("(({}){or}{})", words.join(and), any(&term.tags))),
        }
    }
    if parts.is_empty() {
        return None;
    }
    if !tags.is_empty() {
        parts.push(format!("({})", any(tags)));
    }
    Some((condition, parts.join(and)))
}

/// A text as it is searched without a search table: its runs of letters and digits, lower case, narrow, a space on
/// either side of each. See [`pieces`].
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut kept = 0;
    out.push(' ');
    for run in runs(text) {
        let characters: Vec<char> = run.chars().take(CHARACTERS - kept).collect();
        kept += characters.len();
        out.extend(&characters);
        out.push(' ');
        if kept == CHARACTERS {
            break;
        }
    }
    out
}

/// The pieces that a column written by [`plain`] contains exactly when [`matching_terms`] finds the row by its words:
/// for a few rows that are walked anyway, where a search table would walk every row that holds the word. Nothing when
/// there is nothing to search for.
pub fn pieces(query: &str) -> Vec<String> {
    query_tokens(query)
        .into_iter()
        .map(|word| match word.strip_suffix('*') {
            Some(stem) if stem.is_ascii() => format!(" {stem}"),
            Some(stem) => stem.to_owned(),
            None if word.is_ascii() => format!(" {word} "),
            None => word,
        })
        .collect()
}

/// The call that tells where a text contains another, 0 where it does not.
pub const fn position_in(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "instr",
        Dialect::Postgres => "strpos",
    }
}

fn quote_fts(word: &str) -> String {
    match word.strip_suffix('*') {
        Some(stem) => format!("\"{stem}\"*"),
        None => format!("\"{word}\""),
    }
}

fn quote_ts(word: &str) -> String {
    match word.strip_suffix('*') {
        Some(stem) => format!("'{stem}':*"),
        None => format!("'{word}'"),
    }
}

/// Bigrams of every run of Chinese characters and its last character alone, so that one character is found wherever it
/// stands; whole words of every run of Latin letters and digits; lower case.
pub fn tokens(text: &str) -> BTreeSet<String> {
    ordered_tokens(text).into_iter().collect()
}

/// Each once, in the order of the text.
fn ordered_tokens(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for run in runs(&plain(text)) {
        let characters: Vec<char> = run.chars().collect();
        let grams: Vec<String> = if is_plain(&characters) {
            vec![characters.iter().take(WORD).collect()]
        } else {
            let last = characters.last().map(ToString::to_string);
            characters.windows(2).map(|pair| pair.iter().collect()).chain(last).collect()
        };
        for gram in grams {
            if seen.insert(gram.clone()) {
                out.push(gram);
            }
        }
    }
    out
}

/// As [`tokens`], but a single character, and a plain word that nothing follows, also find what merely begins with
/// them: whoever types `2026-00` has finished the year and not the number.
fn query_tokens(text: &str) -> Vec<String> {
    let mut out = BTreeSet::new();
    for word in text.split_whitespace() {
        let mut runs = runs(word).into_iter().peekable();
        while let Some(run) = runs.next() {
            let characters: Vec<char> = run.chars().take(CHARACTERS).collect();
            let unfinished = runs.peek().is_none() || characters.len() > WORD;
            if is_plain(&characters) && !unfinished {
                out.insert(run);
            } else if is_plain(&characters) || characters.len() == 1 {
                out.insert(characters.iter().take(WORD).chain(&['*']).collect());
            } else {
                out.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
        }
    }
    out.into_iter().take(QUERY_TOKENS).collect()
}

fn is_plain(characters: &[char]) -> bool {
    characters.iter().all(char::is_ascii)
}

/// Maximal runs of letters and digits, split where Latin meets Chinese; full-width forms are narrowed.
fn runs(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut last: Option<bool> = None;
    for c in text.chars().map(narrow).flat_map(char::to_lowercase) {
        if !c.is_alphanumeric() {
            last = None;
            continue;
        }
        let plain = c.is_ascii();
        match (last, out.last_mut()) {
            (Some(kind), Some(run)) if kind == plain => run.push(c),
            _ => out.push(c.to_string()),
        }
        last = Some(plain);
    }
    out
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}
