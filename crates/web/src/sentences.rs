//! The sentence for every code, from whichever room knows it.

use std::{fmt::Debug, sync::Arc};

use kernel::{FieldProblem, Problem, Refusal};
use language::Lang;

use crate::texts;

/// A room's generated `texts::lookup`.
pub type Lookup = fn(Lang, &str, &[(&str, String)]) -> Option<String>;

/// Names of codes that are no texts of the program but stand in the rules of the platform.
pub trait Catalogue: Debug + Send + Sync {
    /// What the code in a field of this name means; `None` when no rule has it.
    fn name(&self, lang: Lang, field: &str, code: &str) -> Option<String>;
}

/// All rooms' look-ups. The application hands them in; `web`'s own comes last.
#[derive(Clone, Debug)]
pub struct Sentences {
    lookups: Vec<Lookup>,
    catalogue: Option<Arc<dyn Catalogue>>,
}

impl Default for Sentences {
    fn default() -> Self {
        Self::new([])
    }
}

impl Sentences {
    /// Asked in this order.
    pub fn new(lookups: impl IntoIterator<Item = Lookup>) -> Self {
        let mut lookups: Vec<Lookup> = lookups.into_iter().collect();
        lookups.push(texts::lookup);
        Self { lookups, catalogue: None }
    }

    /// With the names that the rules give to codes.
    #[must_use]
    pub fn with_catalogue(self, catalogue: Arc<dyn Catalogue>) -> Self {
        Self { catalogue: Some(catalogue), ..self }
    }

    /// What the rules call the code in a field of this name.
    pub fn named(&self, lang: Lang, field: &str, code: &str) -> Option<String> {
        self.catalogue.as_ref()?.name(lang, field, code)
    }

    /// The text of a key, whichever room has it.
    pub fn text(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
        self.lookups.iter().find_map(|lookup| lookup(lang, key, args))
    }

    /// The sentence of a refusal: `problem-<code>`. A code nobody knows still says something true.
    pub fn refusal(&self, lang: Lang, refusal: &Refusal) -> String {
        // A rule is called by its name, not by its code.
        let named = |(name, value): &(&'static str, String)| {
            let words =
                (*name == "rule").then(|| self.text(lang, &format!("rule-{}", value.replace('.', "-")), &[]));
            (*name, words.flatten().unwrap_or_else(|| value.clone()))
        };
        let args: Vec<_> = refusal.args.iter().map(named).collect();
        self.text(lang, &format!("problem-{}", refusal.code), &args)
            .unwrap_or_else(|| texts::problem_refused(lang, refusal.code))
    }

    /// The sentence under a field.
    pub fn field(&self, lang: Lang, problem: &FieldProblem) -> String {
        self.refusal(lang, &problem.refusal)
    }

    /// The one sentence of a problem; never the text of a fault.
    pub fn problem(&self, lang: Lang, problem: &Problem) -> String {
        match problem {
            Problem::NotFound => texts::problem_not_found(lang).to_owned(),
            Problem::Forbidden => texts::problem_forbidden(lang).to_owned(),
            Problem::Refused(refusal) => self.refusal(lang, refusal),
            Problem::Invalid(fields) => texts::problem_invalid(lang, fields.len()),
            Problem::Stale(_) => texts::problem_stale(lang).to_owned(),
            Problem::Limit(name) => {
                let key = format!("problem-limit-{}", name.to_lowercase().replace('_', "-"));
                self.text(lang, &key, &[]).unwrap_or_else(|| texts::problem_limit(lang).to_owned())
            }
            Problem::Fault(_) => texts::problem_fault(lang).to_owned(),
        }
    }
}
