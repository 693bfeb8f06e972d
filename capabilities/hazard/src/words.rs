//! Codes in words: what lists, records, sentences and refusals say.

use std::sync::{Arc, PoisonError, RwLock};

use kernel::Timestamp;
use language::Lang;
use rules::{DueBy, RuleBook, Span};
use web::Catalogue;

use crate::{
    level::{Escalation, Level, StageCode},
    texts,
    turn::Act,
};

/// How long, from when, by which calendar and clause a deadline runs, where the rules still say what they said.
pub fn why(lang: Lang, rules: &RuleBook, due: &DueBy, started: Timestamp) -> Option<String> {
    let told = rules.why(due, started)?;
    Some(if lang == Lang::En { told.en } else { told.zh })
}

/// A coded text; the code itself when a message is missing, which a test forbids.
fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// 一般、重大、未定级
pub fn level(lang: Lang, level: Option<Level>) -> String {
    match level {
        Some(level) => coded(lang, "hazard-level", level.name()),
        None => texts::hazard_level_none(lang).to_owned(),
    }
}

/// 待定级、整改中 ...
pub fn stage(lang: Lang, stage: StageCode) -> String {
    coded(lang, "hazard-stage", stage.name())
}

/// 定级、交办 ...
pub fn act(lang: Lang, act: Act) -> String {
    coded(lang, "hazard-act", act.name())
}

/// 提醒、约谈、提级督办
pub fn climb(lang: Lang, step: Escalation) -> String {
    coded(lang, "hazard-climb", step.name())
}

/// The name of a clock.
pub fn clock(lang: Lang, name: &str) -> String {
    coded(lang, "hazard-clock", name)
}

/// The rule behind a deadline, in words.
pub fn rule(lang: Lang, id: &str) -> String {
    if id.is_empty() {
        return texts::record_rule_person(lang).to_owned();
    }
    coded(lang, "rule", &id.replace('.', "-"))
}

/// The name of a category.
pub fn category(lang: Lang, rules: &RuleBook, code: &str) -> String {
    rules.category(code).map_or_else(|| code.to_owned(), |c| pick(lang, &c.name).to_owned())
}

/// The name of a source.
pub fn source(lang: Lang, rules: &RuleBook, code: &str) -> String {
    if code.is_empty() {
        return texts::carried_source_none(lang).to_owned();
    }
    let found = rules.sources().iter().find(|s| *s.code == *code);
    found.map_or_else(|| code.to_owned(), |s| pick(lang, &s.name).to_owned())
}

/// The item of the guide with this id, as it is asked, and its clause.
pub(crate) fn guide_item(lang: Lang, rules: &RuleBook, item: &str) -> Option<String> {
    let known = rules.guides().iter().flat_map(|guide| &guide.items).find(|known| *known.id == *item)?;
    let clause = if lang == Lang::En { &known.clause.en } else { &known.clause.zh };
    Some(texts::line_guide_item(lang, pick(lang, &known.ask), &**clause))
}

/// Codes of the rules in force in words, for pages that show what any event says.
#[derive(Debug)]
pub struct RuleNames(pub Arc<RwLock<RuleBook>>);

impl Catalogue for RuleNames {
    fn name(&self, lang: Lang, field: &str, code: &str) -> Option<String> {
        let rules = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match field {
            "category" => rules.category(code).map(|known| pick(lang, &known.name).to_owned()),
            "source" => Some(source(lang, &rules, code)),
            "item" => guide_item(lang, &rules, code),
            "rule" | "rules" => rules.rule(code).first().map(|known| pick(lang, &known.title).to_owned()),
            "place.kind" => {
                let kind = rules.point_kinds().iter().find(|kind| *kind.code == *code);
                kind.map(|known| pick(lang, &known.name).to_owned())
            }
            "guard_report.set" | "guard_standard.set" => {
                rules.staffing_called(code).map(|known| pick(lang, &known.name).to_owned())
            }
            "span" => Span::parse(code).map(|span| if lang == Lang::En { span.en() } else { span.zh() }),
            _ => None,
        }
    }
}

/// One of the two languages of a rule's text.
pub fn pick(lang: Lang, text: &rules::Text) -> &str {
    match lang {
        Lang::ZhCn => &text.zh,
        Lang::En => &text.en,
    }
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "stage" => coded(lang, "hazard-stage", value),
                "act" => coded(lang, "hazard-act", value),
                "rule" if key == "problem-hazard-due-too-late" => rule(lang, value),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
