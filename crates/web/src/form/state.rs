//! A form as it is shown: typed values, errors in words, and the wiring of ids.

use std::collections::BTreeMap;

use kernel::{CommandId, Problem, Refusal};
use language::Lang;

use crate::{FormData, KeptFile, Sentences, kept_field, texts};

/// One error: under its field and in the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field, or empty for the form as a whole.
    pub field: String,
    /// The sentence.
    pub text: String,
}

/// What a form shows. Templates hand it to every field macro.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    /// The viewer's language.
    pub lang: Lang,
    /// The token for `_csrf`.
    pub csrf: String,
    /// The id of the act, so that sending twice acts once; field `_command`.
    pub command: String,
    values: BTreeMap<String, Vec<String>>,
    labels: BTreeMap<String, String>,
    errors: Vec<FieldError>,
    kept: BTreeMap<String, Vec<KeptFile>>,
}

impl FormState {
    /// An empty form.
    pub fn new(lang: Lang, csrf: impl Into<String>) -> Self {
        Self { lang, csrf: csrf.into(), ..Self::default() }
    }

    /// Sending this form twice acts once.
    #[must_use]
    pub fn command(mut self, id: CommandId) -> Self {
        self.command = id.to_string();
        self
    }

    /// A value the field starts with; again for a second value.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, value: impl ToString) -> Self {
        self.values.entry(field.into()).or_default().push(value.to_string());
        self
    }

    /// What a field is called in the summary of errors; without it the sentence stands alone.
    #[must_use]
    pub fn label(mut self, field: impl Into<String>, label: impl Into<String>) -> Self {
        self.labels.insert(field.into(), label.into());
        self
    }

    /// The files of a field that need not be chosen again.
    #[must_use]
    pub fn keeping(mut self, field: &str, files: Vec<KeptFile>) -> Self {
        self.values.remove(&kept_field(field));
        self.kept.insert(field.to_owned(), files);
        self
    }

    /// The files of a field that need not be chosen again.
    pub fn kept(&self, field: &str) -> &[KeptFile] {
        self.kept.get(field).map_or(&[], Vec::as_slice)
    }

    /// How many files a field still has room for.
    pub fn room(&self, field: &str, most: &usize) -> usize {
        most.saturating_sub(self.kept(field).len())
    }

    /// Everything that was typed, so that nothing is lost; what starts with `_` is ours and is not taken over,
    /// except the id of the act.
    #[must_use]
    pub fn keep(mut self, form: &FormData) -> Self {
        for (field, values) in form.fields() {
            if !field.starts_with('_') {
                self.values.insert(field.to_owned(), values.to_vec());
            }
        }
        if let Some(id) = form.value("_command").and_then(CommandId::parse) {
            self.command = id.to_string();
        }
        self
    }

    /// What was wrong, in words.
    #[must_use]
    pub fn failed(mut self, problem: &Problem, sentences: &Sentences) -> Self {
        match problem {
            Problem::Invalid(fields) => {
                for field in fields {
                    let text = sentences.field(self.lang, field);
                    self.errors.push(FieldError { field: field.field.to_owned(), text });
                }
            }
            Problem::Refused(refusal) if !refusal.details.is_empty() => {
                for field in &refusal.details {
                    let text = sentences.field(self.lang, field);
                    self.errors.push(FieldError { field: field.field.to_owned(), text });
                }
            }
            Problem::Refused(refusal) if !refusal.fields.is_empty() => {
                let text = sentences.refusal(self.lang, refusal);
                for field in &refusal.fields {
                    self.errors.push(FieldError { field: (*field).to_owned(), text: text.clone() });
                }
            }
            Problem::NotFound
            | Problem::Forbidden
            | Problem::Refused(_)
            | Problem::Stale(_)
            | Problem::Limit(_)
            | Problem::Fault(_) => {
                let text = sentences.problem(self.lang, problem);
                self.errors.push(FieldError { field: String::new(), text });
            }
        }
        self
    }

    /// One more thing that is wrong, at a field whose name is known only while the program runs.
    #[must_use]
    pub fn wrong(mut self, field: impl Into<String>, refusal: &Refusal, sentences: &Sentences) -> Self {
        self.errors.push(FieldError { field: field.into(), text: sentences.refusal(self.lang, refusal) });
        self
    }

    /// What was typed into these fields, a line each with what the field is called: for a page that does not show the form
    /// any more, so that nothing is lost.
    pub fn told(&self, fields: &[&str]) -> String {
        let line = |field: &&str| {
            let text = self.value(field).trim();
            let label = self.labels.get(*field).map_or(*field, String::as_str);
            (!text.is_empty()).then(|| texts::form_error_line(self.lang, label, text))
        };
        fields.iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }

    /// For templates: a call is passed by value, a field by reference.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The first value of a field, or nothing.
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Whether the field has this value: radios, checkboxes, options.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values.get(field).is_some_and(|values| values.iter().any(|have| have == value))
    }

    /// The error of a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.text.as_str())
    }

    /// All errors, for the summary.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The line of the summary for an error.
    pub fn summary(&self, error: &FieldError) -> String {
        self.labels
            .get(&error.field)
            .map_or_else(|| error.text.clone(), |label| texts::form_error_line(self.lang, label, &error.text))
    }

    /// The value of `aria-describedby`: hint and error, as far as they are there.
    pub fn described_by(&self, field: &str, hint: &str) -> String {
        let hint = (!hint.is_empty()).then(|| format!("{field}-hint"));
        let error = self.error(field).map(|_| format!("{field}-error"));
        [hint, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
