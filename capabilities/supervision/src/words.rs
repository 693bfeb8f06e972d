//! Codes in words: what lists, records, sentences and refusals say.

use kernel::Coded;
use language::Lang;

use crate::{
    event::{Control, Number},
    state::StageCode,
    texts,
    turn::Act,
};

/// A coded text; the code itself when a message is missing, which a test forbids.
fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// 待拟稿、督办中 ...
pub fn stage(lang: Lang, stage: StageCode) -> String {
    coded(lang, "supervision-stage", stage.name())
}

/// 拟稿、审核 ...
pub fn act(lang: Lang, act: Act) -> String {
    coded(lang, "supervision-act", act.name())
}

/// An act by its name in addresses.
pub(crate) fn act_named(lang: Lang, act: &str) -> String {
    coded(lang, "supervision-act", act)
}

/// 停止使用、封闭隔离 ...; what a newer program wrote stays as it is.
pub fn control(lang: Lang, measure: &Coded<Control>) -> String {
    coded(lang, "supervision-control", measure.name())
}

/// The name of a clock.
pub fn clock(lang: Lang, name: &str) -> String {
    coded(lang, "supervision-clock", name)
}

/// 督 2026-003
pub fn number(lang: Lang, number: Number) -> String {
    texts::supervision_number(lang, number)
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "stage" => coded(lang, "supervision-stage", value),
                "act" => coded(lang, "supervision-act", value),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
