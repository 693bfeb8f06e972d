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
