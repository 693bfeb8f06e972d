//! A dry run in words, without a page: for the terminal.

use language::Lang;

use crate::{
    batch::{Batch, Stage},
    pages::{check, progress},
    plan::Plan,
    words,
};

/// What the page of the dry run says, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Names and numbers: new, changed, unchanged, problems, passed over.
    pub counts: Vec<(String, String)>,
    /// What there is to know before anybody confirms.
    pub notes: Vec<String>,
    /// What cannot be taken: cell, column, sentence.
    pub problems: Vec<[String; 3]>,
    /// What is taken otherwise than written: cell, column, sentence.
    pub notices: Vec<[String; 3]>,
}

/// The words of a dry run.
pub fn report(lang: Lang, batch: &Batch, plan: &Plan) -> Report {
    Report {
        counts: check::facts(lang, batch, plan).into_iter().map(|fact| (fact.name, fact.value)).collect(),
        notes: check::notes(lang, batch, plan).into_iter().map(|mark| mark.word).collect(),
        problems: plan.problems.iter().map(|problem| words::told(lang, batch, problem)).collect(),
        notices: plan.notices.iter().map(|notice| words::told(lang, batch, notice)).collect(),
    }
}

/// How writing ended: what was written, or the cell at which it stopped and why.
///
/// # Errors
/// The sentence of what stopped it.
pub fn outcome(lang: Lang, sentences: &web::Sentences, batch: &Batch) -> Result<String, String> {
    match (&batch.stage, &batch.body.stopped) {
        (_, Some(stopped)) => Err(progress::stopped(lang, sentences, &batch.body, stopped)),
        (Stage::Done, None) => Ok(progress::done(lang, &batch.body)),
        (stage, None) => Err(words::stage(lang, *stage)),
    }
}
