//! Free text that looks like a case for the restricted file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{catalogue::Instead, clause::Text, words::normalise};

/// As written in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRestricted {
    pub(crate) category: Arc<str>,
    pub(crate) phrases: Vec<Arc<str>>,
    pub(crate) except: Vec<Arc<str>>,
}

/// A kind of case that is never listed: what to show instead.
#[derive(Clone, Debug, Serialize)]
pub struct RestrictedTopic {
    /// The category it belongs to.
    pub category: Arc<str>,
    /// Its name.
    pub name: Text,
    /// Why nothing is stored.
    pub reason: Text,
    /// Whom to call.
    pub instead: Instead,
    #[serde(skip)]
    pub(crate) phrases: Vec<String>,
    #[serde(skip)]
    pub(crate) except: Vec<String>,
}

impl RestrictedTopic {
    pub(crate) fn new(raw: &RawRestricted, name: &Text, reason: &Text, instead: &Instead) -> Self {
        let ready = |words: &[Arc<str>]| {
            let mut words: Vec<String> =
                words.iter().map(|word| normalise(word)).filter(|word| !word.is_empty()).collect();
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            words
        };
        Self {
            category: Arc::clone(&raw.category),
            name: name.clone(),
            reason: reason.clone(),
            instead: instead.clone(),
            phrases: ready(&raw.phrases),
            except: ready(&raw.except),
        }
    }

    /// The phrase that normalised text holds outside every management wording.
    pub(crate) fn phrase_in(&self, plain: &str) -> Option<&str> {
        let found = |text: &str| self.phrases.iter().map(String::as_str).find(|phrase| text.contains(phrase));
        found(plain)?;
        let mut rest = plain.to_owned();
        for word in &self.except {
            if rest.contains(word.as_str()) {
                rest = rest.replace(word.as_str(), "|");
            }
        }
        found(&rest)
    }
}
