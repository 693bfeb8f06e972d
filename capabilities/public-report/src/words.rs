//! Codes in words: what lists, records, sentences and refusals say.

use hazard::StageCode as HazardStage;
use kernel::Coded;
use language::Lang;

use crate::{
    event::Answer,
    query::Which,
    state::{Stage, StageCode},
    texts,
};

/// A coded text; the code itself when a message is missing, which a test forbids.
fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// 待答复、已转隐患、未转办
pub fn stage(lang: Lang, stage: StageCode) -> String {
    coded(lang, "public-report-stage", stage.name())
}

/// Why a report became no hazard.
pub fn answer(lang: Lang, answer: Answer) -> String {
    coded(lang, "public-report-answer", answer.name())
}

/// The same as an event has it.
pub(crate) fn answer_coded(lang: Lang, answer: &Coded<Answer>) -> String {
    coded(lang, "public-report-answer", answer.name())
}

/// A view of the list.
pub(crate) fn which(lang: Lang, which: Which) -> String {
    coded(lang, "public-report-which", which.name())
}

/// An act by its name in addresses.
pub(crate) fn act(lang: Lang, act: &str) -> String {
    coded(lang, "public-report-act", act)
}

/// The rule behind a deadline, in words.
pub(crate) fn rule(lang: Lang, id: &str) -> String {
    coded(lang, "rule", &id.replace('.', "-"))
}

/// What the reporter reads of how far it is. The hazard's own state says it: there is no second truth.
pub(crate) fn progress(lang: Lang, stage: &Stage, hazard: Option<HazardStage>) -> &'static str {
    match (stage, hazard) {
        (Stage::Waiting { .. }, _) => texts::follow_waiting(lang),
        (Stage::Answered { hazard: None, .. }, _) => texts::follow_answered(lang),
        (Stage::TakenUp { .. } | Stage::Answered { hazard: Some(_), .. }, Some(hazard)) => match hazard {
            HazardStage::Registered
            | HazardStage::Graded
            | HazardStage::Assigned
            | HazardStage::Rectifying
            | HazardStage::ExtensionAsked => texts::follow_fixing(lang),
            HazardStage::AwaitingAcceptance | HazardStage::Accepted => texts::follow_checking(lang),
            HazardStage::Closed | HazardStage::Done | HazardStage::CarriedOver => texts::follow_fixed(lang),
            HazardStage::Withdrawn => texts::follow_withdrawn(lang),
        },
        (Stage::TakenUp { .. } | Stage::Answered { hazard: Some(_), .. }, None) => texts::follow_fixing(lang),
    }
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "stage" if key.starts_with("problem-public-report") => {
                    coded(lang, "public-report-stage", value)
                }
                "act" if key.starts_with("problem-public-report") => coded(lang, "public-report-act", value),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
