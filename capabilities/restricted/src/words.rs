//! Codes in words.

use kernel::{Problem, UnitId};
use language::Lang;
use organisation::Post;
use storage::Tx;
use web::view::Link;

use crate::{
    held::{HeldState, Outcome, Stage},
    query::reader_for,
    texts,
};

fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// 封存 2026-001
pub fn number(lang: Lang, held: &HeldState) -> String {
    texts::held_number(lang, format!("{}-{:03}", held.year, held.serial))
}

/// 待阅、已阅、已办结
pub fn stage(lang: Lang, stage: Stage) -> &'static str {
    match stage {
        Stage::Waiting => texts::held_stage_waiting(lang),
        Stage::Opened => texts::held_stage_opened(lang),
        Stage::Closed => texts::held_stage_closed(lang),
    }
}

/// What the reader did.
pub fn outcome(lang: Lang, outcome: Outcome) -> String {
    coded(lang, "held-outcome", outcome.name())
}

/// A reader by his post; plainly the reader when he holds none.
pub fn reader_post(lang: Lang, post: Option<Post>) -> String {
    post.map_or_else(|| texts::reader_plain(lang).to_owned(), |post| web::names::post(lang, post))
}

/// The reader for a unit, by the unit that named him and his post; never by name.
///
/// # Errors
/// Whatever the database answers.
pub fn reader(tx: &mut Tx, lang: Lang, unit: UnitId) -> Result<Option<String>, Problem> {
    let Some(reading) = reader_for(tx, unit)? else { return Ok(None) };
    let at = organisation::unit_brief(tx, reading.unit)?.map(|unit| unit.name).unwrap_or_default();
    Ok(Some(texts::reader_by_post(lang, at, reader_post(lang, reading.post))))
}

/// The line on a reader's due list.
pub fn due(lang: Lang, count: i64) -> Link {
    let label = if count == 0 { texts::held_title(lang).to_owned() } else { texts::held_due(lang, count) };
    Link::new(label, crate::pages::HELD)
}

/// The sentence of a message. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    texts::lookup(lang, key, args)
}
