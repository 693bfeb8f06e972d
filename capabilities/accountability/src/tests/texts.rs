//! Every code has its words in both languages.

use kernel::Coded;
use language::Lang;

use crate::{
    Act, Authority, Consequence, Handling, Purpose, SideRole, StageCode, Verdict,
    clarification::ClarificationStage, pages, words,
};

fn han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_code_is_put_into_words() {
    for lang in [Lang::ZhCn, Lang::En] {
        let mut told: Vec<String> = Vec::new();
        told.extend(StageCode::ALL.iter().map(|one| words::stage(lang, *one)));
        told.extend(ClarificationStage::ALL.iter().map(|one| words::clarification_stage(lang, *one)));
        told.extend(Act::ALL.iter().map(|one| words::act(lang, *one)));
        let named = pages::acts().chain(pages::clarification_acts());
        told.extend(named.map(|one| words::act_named(lang, one)));
        told.extend(Authority::ALL.iter().map(|one| words::authority_named(lang, *one)));
        told.extend(Consequence::ALL.iter().map(|one| words::consequence(lang, &Coded::Known(*one))));
        told.extend(SideRole::ALL.iter().map(|one| words::role(lang, &Coded::Known(*one))));
        told.extend(Verdict::ALL.iter().map(|one| words::verdict(lang, &Coded::Known(*one))));
        told.extend(Handling::ALL.iter().map(|one| words::handling(lang, &Coded::Known(*one))));
        told.extend(Purpose::ALL.iter().map(|one| words::purpose(lang, &Coded::Known(*one))));
        for clock in ["statement", "investigation", "measures", "answer"] {
            told.push(words::clock(lang, clock));
        }
        for text in told {
            // English texts have blanks or capitals where a bare code has neither.
            let worded = if lang == Lang::ZhCn { han(&text) } else { !han(&text) && !text.contains('_') };
            assert!(worded && !text.is_empty(), "{lang:?}: {text}");
        }
    }
}

#[test]
fn every_rule_of_this_room_is_in_force_and_says_its_clause() {
    let rules = &*super::support::RULES;
    for id in [
        "accountability.statement",
        "accountability.investigation",
        "accountability.investigation.more",
        "clarification.answer",
    ] {
        let told = words::rule(Lang::ZhCn, rules, id);
        assert!(han(&told) && told.contains('（'), "{id}: {told}");
        assert!(!han(&words::rule(Lang::En, rules, id)), "{id}");
    }
}
