//! Codes in words: what lists, records, sentences and refusals say.

use kernel::{Coded, Named};
use language::Lang;
use rules::RuleBook;
use supervision::Number;

use crate::{
    case::{Act, Authority, CaseState, Consequence, Handling, SideRole, StageCode, Verdict},
    clarification::{ClarificationStage, Purpose},
    reading::Kept,
    texts,
};

/// A coded text; the code itself when a message is missing, which a test forbids.
fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// What a newer program wrote stays as it is.
fn known<T: Named>(lang: Lang, prefix: &str, code: &Coded<T>) -> String {
    coded(lang, prefix, code.name())
}

/// 陈述申辩、待认定 ...
pub fn stage(lang: Lang, stage: StageCode) -> String {
    coded(lang, "case-stage", stage.name())
}

/// 待答复、待签发 ...
pub fn clarification_stage(lang: Lang, stage: ClarificationStage) -> String {
    coded(lang, "clarification-stage", stage.name())
}

/// 陈述申辩、认定 ...
pub fn act(lang: Lang, act: Act) -> String {
    coded(lang, "case-act", act.name())
}

/// An act by its name in addresses.
pub(crate) fn act_named(lang: Lang, act: &str) -> String {
    coded(lang, "case-act", act)
}

/// 人员伤亡、财产损失 ...
pub fn consequence(lang: Lang, one: &Coded<Consequence>) -> String {
    known(lang, "consequence", one)
}

/// 县教育体育局、县人民政府 ...; the name of another one.
pub fn authority(lang: Lang, case: &CaseState) -> String {
    match case.authority.known() {
        Some(Authority::Other) if !case.authority_name.is_empty() => case.authority_name.clone(),
        _ => known(lang, "authority", &case.authority),
    }
}

/// An authority as a form offers it.
pub(crate) fn authority_named(lang: Lang, one: Authority) -> String {
    coded(lang, "authority", one.name())
}

/// 整改方、监管方
pub fn role(lang: Lang, role: &Coded<SideRole>) -> String {
    known(lang, "side", role)
}

/// 尽职、部分未尽职、未尽职
pub fn verdict(lang: Lang, verdict: &Coded<Verdict>) -> String {
    known(lang, "verdict", verdict)
}

/// 约谈、通报 ...
pub fn handling(lang: Lang, handling: &Coded<Handling>) -> String {
    known(lang, "handling", handling)
}

/// What a clarification is needed for.
pub fn purpose(lang: Lang, purpose: &Coded<Purpose>) -> String {
    known(lang, "purpose", purpose)
}

/// 追 2026-003
pub fn number(lang: Lang, number: Number) -> String {
    texts::case_number(lang, number)
}

/// 澄 2026-003
pub fn clarification_number(lang: Lang, number: Number) -> String {
    texts::clarification_number(lang, number)
}

/// A post by its stored name; nothing where nobody knows it.
pub(crate) fn post(lang: Lang, name: &str) -> String {
    let known = organisation::Post::ALL.iter().find(|post| post.name() == name);
    known.map(|post| web::names::post(lang, *post)).unwrap_or_default()
}

/// The name of a clock of this room.
pub(crate) fn clock(lang: Lang, name: &str) -> String {
    coded(lang, "case-clock", name)
}

/// The name of a deadline that ran for a hazard or its listing.
pub(crate) fn clock_of(lang: Lang, kept: &Kept) -> String {
    let name = kept.run.running.clock;
    if kept.listing { supervision::words::clock(lang, name) } else { hazard::words::clock(lang, name) }
}

/// The rule behind a deadline by its title, with its clause.
pub(crate) fn rule(lang: Lang, rules: &RuleBook, id: &str) -> String {
    if id.is_empty() {
        return hazard::words::rule(lang, id);
    }
    let Some(rule) = rules.rules().find(|rule| *rule.id == *id && rule.active) else { return id.to_owned() };
    let clause = match lang {
        Lang::ZhCn => &rule.clause.zh,
        Lang::En => &rule.clause.en,
    };
    texts::rule_with_clause(lang, hazard::words::pick(lang, &rule.title), &**clause)
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "stage" if key.starts_with("problem-clarification") => {
                    coded(lang, "clarification-stage", value)
                }
                "stage" => coded(lang, "case-stage", value),
                "act" => coded(lang, "case-act", value),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
