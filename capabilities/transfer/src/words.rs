//! Codes in words: what lists, records, sentences and refusals say.

use kernel::Coded;
use language::Lang;
use rules::RuleBook;

use crate::{
    event::{Answer, Channel, Kind, Number, Urging, Way},
    state::StageCode,
    texts,
    turn::Act,
};

/// A coded text; the code itself when a message is missing, which a test forbids.
fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// 抄告函、移送函; what a newer program wrote stays as it is.
pub fn kind(lang: Lang, kind: &Coded<Kind>) -> String {
    coded(lang, "transfer-kind", kind.name())
}

/// 拟稿中、待签收 ...
pub fn stage(lang: Lang, stage: StageCode) -> String {
    coded(lang, "transfer-stage", stage.name())
}

/// 送签、催回函 ...
pub fn act(lang: Lang, act: Act) -> String {
    coded(lang, "transfer-act", act.name())
}

/// An act by its name in addresses.
pub(crate) fn act_named(lang: Lang, act: &str) -> String {
    coded(lang, "transfer-act", act)
}

/// 受理、办结、退回
pub fn answer(lang: Lang, answer: Answer) -> String {
    coded(lang, "transfer-answer", answer.name())
}

/// 链接、纸质 ...
pub fn channel(lang: Lang, channel: &Coded<Channel>) -> String {
    coded(lang, "transfer-channel", channel.name())
}

/// How it came in.
pub fn way(lang: Lang, way: &Coded<Way>) -> String {
    coded(lang, "transfer-way", way.name())
}

/// 电话、发函 ...
pub fn urging(lang: Lang, how: &Coded<Urging>) -> String {
    coded(lang, "transfer-urging", how.name())
}

/// The name of a clock.
pub(crate) fn clock(lang: Lang, name: &str) -> String {
    coded(lang, "transfer-clock", name)
}

/// The rule behind a deadline, in words.
pub(crate) fn rule(lang: Lang, id: &str) -> String {
    if id.is_empty() {
        return texts::rule_person(lang).to_owned();
    }
    coded(lang, "rule", &id.replace('.', "-"))
}

/// 函 2026-003
pub fn number(lang: Lang, number: Number) -> String {
    texts::transfer_number(lang, number)
}

/// The name of a kind of department.
pub fn department_kind(lang: Lang, rules: &RuleBook, code: &str) -> String {
    let found = rules.departments().iter().find(|kind| *kind.code == *code);
    found.map_or_else(|| code.to_owned(), |kind| hazard::words::pick(lang, &kind.name).to_owned())
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "stage" => coded(lang, "transfer-stage", value),
                "act" => coded(lang, "transfer-act", value),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
