//! Checks across files: overlaps, references, completeness.

use std::{collections::BTreeSet, sync::Arc};

use super::Loader;
use crate::{catalogue::Category, error::RuleError, rule::Rule};

/// The first pair of rules that could both be selected, per pair.
pub(crate) fn overlaps(rules: &[Rule]) -> Vec<RuleError> {
    let mut found = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        for earlier in rules.iter().take(at).filter(|earlier| earlier.clashes(rule)) {
            found.push(RuleError::Overlap {
                id: rule.id.to_string(),
                file: rule.origin.file.to_string(),
                line: rule.origin.line,
                other_file: earlier.origin.file.to_string(),
                other_line: earlier.origin.line,
            });
        }
    }
    found
}

impl Loader {
    /// Everything that only shows when all files are read.
    pub(super) fn check(&mut self) {
        let clashes: Vec<_> = self.inner.rules.values().flat_map(|rules| overlaps(rules)).collect();
        self.faults.extend(clashes);
        self.unique();
        let departments: BTreeSet<_> = self.inner.departments.iter().map(|d| Arc::clone(&d.code)).collect();
        let measures: BTreeSet<_> = self.inner.measures.iter().map(|m| Arc::clone(&m.code)).collect();
        let mut said = Vec::new();
        for category in &self.inner.categories {
            let mut missing =
                |what: &str, code: &str| said.push(format!("{}: no {what} {code}", category.code));
            category
                .departments
                .iter()
                .filter(|d| !departments.contains(*d))
                .for_each(|d| missing("department", d));
            category.measures.iter().filter(|m| !measures.contains(*m)).for_each(|m| missing("measure", m));
            let guide = category.guide.iter();
            guide
                .filter(|id| !self.inner.guides.iter().any(|g| g.id == **id))
                .for_each(|g| missing("area", g));
            said.extend(self.incomplete(category).map(|what| format!("{}: {what}", category.code)));
        }
        for measure in &self.inner.measures {
            let codes = measure.lead.iter().chain(&measure.with).filter(|d| !departments.contains(*d));
            said.extend(codes.map(|d| format!("{}: no department {d}", measure.code)));
        }
        for place in &self.inner.places {
            if let Some(parent) = &place.parent
                && !self.inner.places.iter().any(|other| other.code == *parent)
            {
                said.push(format!("{}: no place {parent}", place.code));
            }
        }
        said.into_iter().for_each(|message| self.fault("catalogue", 1, message));
    }

    fn incomplete(&self, category: &Category) -> Option<String> {
        if !category.is_on() {
            let whole = category.reason.is_some() && category.instead.is_some();
            return (!whole).then(|| "a category that is off needs reason and instead".to_owned());
        }
        let Some(prefill) = &category.prefill else { return Some("no five-fixed texts".into()) };
        let texts = [
            &prefill.responsibility,
            &prefill.funds,
            &prefill.measures,
            &prefill.deadline,
            &prefill.contingency,
        ];
        if let Some(empty) = texts.into_iter().find(|text| self.inner.fillers.contains(text)) {
            return Some(format!("the five-fixed text {empty} is a filler"));
        }
        category.sub_items.is_empty().then(|| "no common descriptions".to_owned())
    }

    fn unique(&mut self) {
        let inner = &self.inner;
        let lists: [(&str, Vec<&Arc<str>>); 10] = [
            ("category", inner.categories.iter().map(|x| &x.code).collect()),
            ("source", inner.sources.iter().map(|x| &x.code).collect()),
            ("check", inner.checks.iter().map(|x| &x.code).collect()),
            ("measure", inner.measures.iter().map(|x| &x.code).collect()),
            ("department", inner.departments.iter().map(|x| &x.code).collect()),
            ("school_kind", inner.school_kinds.iter().map(|x| &x.id).collect()),
            ("point_kind", inner.point_kinds.iter().map(|x| &x.code).collect()),
            ("place", inner.places.iter().map(|x| &x.code).collect()),
            ("staffing", inner.staffing.iter().map(|x| &x.id).collect()),
            ("kit", inner.kit.iter().map(|x| &x.id).collect()),
        ];
        let mut said = Vec::new();
        for (what, codes) in lists {
            let mut seen = BTreeSet::new();
            said.extend(
                codes
                    .iter()
                    .filter(|code| !seen.insert(**code))
                    .map(|code| format!("{what} {code} is given twice")),
            );
        }
        said.into_iter().for_each(|message| self.fault("catalogue", 1, message));
    }
}
