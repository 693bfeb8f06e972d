//! What happened has words, whatever room it happened in.

use std::{
    collections::BTreeSet,
    sync::{Arc, RwLock},
};

use journal::Vault;
use language::Lang;

use crate::{platform, router};

#[test]
fn every_type_of_event_and_kind_of_record_has_words_in_both_languages() {
    let rules = Arc::new(RwLock::new(platform::embedded_rules().unwrap()));
    let types = platform::builder(Arc::new(Vault::new(&[9; 32])), rules).event_types();
    assert!(types.len() > 50, "the registry of the platform itself: {types:?}");
    let sentences = router::sentences();
    let kinds: BTreeSet<&str> = types.iter().filter_map(|(name, _)| name.split('.').next()).collect();
    for lang in Lang::ALL {
        let missing = |key: &str| sentences.text(lang, key, &[]).is_none_or(|text| text.trim().is_empty());
        for (name, _) in &types {
            let key = format!("event-{}", name.replace(['.', '_'], "-"));
            assert!(!missing(&key), "{name} has no text {key} in {lang}");
        }
        for kind in &kinds {
            assert!(!missing(&format!("stream-{kind}")), "records of {kind} have no name in {lang}");
        }
    }
}

#[test]
fn codes_that_the_rules_name_are_shown_by_their_names() {
    let book = platform::embedded_rules().unwrap();
    let names = hazard::words::RuleNames(Arc::new(RwLock::new(book.clone())));
    let sentences = router::sentences().with_catalogue(Arc::new(names));
    let codes = book
        .categories()
        .iter()
        .map(|category| ("category", &*category.code))
        .chain(book.sources().iter().map(|source| ("source", &*source.code)))
        .chain(book.guides().iter().flat_map(|guide| &guide.items).map(|item| ("item", &*item.id)));
    for lang in Lang::ALL {
        for (field, code) in codes.clone() {
            let name = sentences.named(lang, field, code);
            assert!(name.as_deref().is_some_and(|name| name != code), "{field} {code} in {lang}: {name:?}");
        }
        assert_eq!(sentences.named(lang, "category", "nothing"), None);
        assert_eq!(sentences.named(lang, "login", "H01"), None, "only where a category is meant");
    }
}
