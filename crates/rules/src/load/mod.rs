//! Reading packs from texts: every key known, every fault with file and line, all faults at once.

mod check;
mod hash;
mod raw;
mod tables;

use std::{collections::BTreeMap, sync::Arc};

use serde::de::DeserializeOwned;
use toml::Spanned;

pub(crate) use check::overlaps;
pub(crate) use hash::{digest, overlay_hash};
pub(crate) use raw::read_value;

use crate::{
    book::{Inner, PackInfo},
    cases::CaseFile,
    catalogue::Topic,
    clause::Clause,
    error::RuleError,
    guide::{Guide, GuideItem, RawArea, RawItem},
    ledger::LedgerList,
    restricted::{RawRestricted, RestrictedTopic},
    staffing::take_in,
};
use raw::{RawPack, TopicFile};

/// The line of a byte offset, from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Reads a TOML text; a fault carries file and line.
pub(crate) fn read_toml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, RuleError> {
    toml::from_str(text).map_err(|fault| {
        let line = fault.span().map_or(1, |span| line_at(text, span.start));
        RuleError::invalid(file, line, fault.message())
    })
}

/// What is being read, with the faults found so far.
#[derive(Default)]
pub(crate) struct Loader {
    pub(crate) inner: Inner,
    pub(crate) faults: Vec<RuleError>,
    areas: Vec<(Topic, RawArea)>,
    items: Vec<(Topic, RawItem)>,
    restricted: Vec<(Arc<str>, RawRestricted)>,
}

impl Loader {
    fn fault(&mut self, file: &str, line: usize, message: impl Into<String>) {
        self.faults.push(RuleError::invalid(file, line, message));
    }
}

/// Reads sources (path inside the rules folder, text) into a book.
pub(crate) fn load(sources: &[(String, String)]) -> Result<Inner, Vec<RuleError>> {
    let mut packs: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut loader = Loader::default();
    for (path, text) in sources {
        let known = path.ends_with(".toml") || path.ends_with(".csv");
        match path.split_once('/') {
            Some((pack, rest)) if known => {
                if packs.entry(pack).or_default().insert(rest, text).is_some() {
                    loader.fault(path, 1, "the file is given twice");
                }
            }
            _ => loader.fault(
                path,
                1,
                "not a file of a pack: <pack>/<topic>.toml or <pack>/tables/<table>.csv",
            ),
        }
    }
    for (pack, files) in &packs {
        loader.pack(pack, files);
    }
    loader.finish()
}

impl Loader {
    fn pack(&mut self, pack: &str, files: &BTreeMap<&str, &str>) {
        let Some(head) = files.get("pack.toml") else {
            self.fault(&format!("{pack}/pack.toml"), 1, "the pack has no pack.toml");
            return;
        };
        match read_toml::<RawPack>(&format!("{pack}/pack.toml"), head) {
            Ok(raw) if raw.id.as_ref() != pack => {
                self.fault(&format!("{pack}/pack.toml"), 1, format!("id must be {pack}, as the folder"));
            }
            Ok(raw) => self.inner.packs.push(PackInfo {
                id: raw.id,
                title: raw.title,
                version: raw.version,
                scope: raw.scope,
                hash: hash::pack_hash(files).into(),
            }),
            Err(fault) => self.faults.push(fault),
        }
        let mut used = Vec::new();
        for (name, text) in files {
            let file = format!("{pack}/{name}");
            if name.ends_with(".cases.toml") {
                match CaseFile::read(&file, text) {
                    Ok(cases) => self.inner.cases.push(cases),
                    Err(fault) => self.faults.push(fault),
                }
            } else if name.ends_with(".toml") && *name != "pack.toml" {
                match read_toml::<TopicFile>(&file, text) {
                    Ok(topic) => self.topic(&file, text, topic, files, &mut used),
                    Err(fault) => self.faults.push(fault),
                }
            }
        }
        for name in files.keys().filter(|name| name.ends_with(".csv")) {
            if !used.iter().any(|table| table == name) {
                self.fault(&format!("{pack}/{name}"), 1, "no topic names this table");
            }
        }
    }

    fn topic(
        &mut self,
        file: &str,
        text: &str,
        raw: TopicFile,
        files: &BTreeMap<&str, &str>,
        used: &mut Vec<String>,
    ) {
        let mut head = raw.topic;
        head.file = file.into();
        if let Some(message) = Clause::fault(&head.clause, head.tag) {
            self.fault(file, 1, message);
        }
        self.inner.categories.extend(raw.category);
        for rule in &raw.rule {
            let line = line_at(text, rule.span().start);
            match raw::rule(file, text, line, rule.get_ref()) {
                Ok(rule) => self.inner.rules.entry(Arc::clone(&rule.id)).or_default().push(rule),
                Err(fault) => self.faults.push(fault),
            }
        }
        self.inner.sources.extend(raw.source);
        self.inner.checks.extend(raw.check);
        self.inner.measures.extend(raw.measure);
        self.inner.school_kinds.extend(raw.school_kind);
        self.inner.departments.extend(raw.department);
        self.inner.point_kinds.extend(raw.point_kind);
        self.inner.kit.extend(raw.kit);
        for set in raw.staffing {
            match take_in(set) {
                Ok(set) => self.inner.staffing.push(set),
                Err(message) => self.fault(file, 1, message),
            }
        }
        self.areas.extend(raw.area.into_iter().map(|area| (head.clone(), area)));
        self.items.extend(raw.item.into_iter().map(|item| (head.clone(), item)));
        self.restricted.extend(raw.restricted.into_iter().map(|topic| (Arc::from(file), topic)));
        if let Some(filler) = &raw.filler {
            self.inner.fillers.add(filler);
        }
        if let Some(likeness) = &raw.likeness {
            self.inner.lexicon.add(likeness);
        }
        for table in &raw.table {
            self.table(file, line_at(text, table.span().start), table, files);
            used.push(table.get_ref().file.clone());
        }
        self.inner.topics.push(head);
    }

    fn table(
        &mut self,
        file: &str,
        line: usize,
        table: &Spanned<raw::RawTable>,
        files: &BTreeMap<&str, &str>,
    ) {
        let wanted = table.get_ref();
        let pack = file.split('/').next().unwrap_or_default();
        match files.get(wanted.file.as_str()) {
            Some(text) => self.rows(wanted.kind, &format!("{pack}/{}", wanted.file), text),
            None => self.fault(file, line, format!("no such table: {}", wanted.file)),
        }
    }

    fn finish(mut self) -> Result<Inner, Vec<RuleError>> {
        self.guides();
        self.restricted_topics();
        self.ledger_names();
        self.check();
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        self.inner.categories.sort_by_key(|category| category.order);
        self.inner.measures.sort_by_key(|measure| measure.number);
        self.inner.base_hash = hash::book_hash(&self.inner.packs).into();
        self.inner.restamp();
        Ok(self.inner)
    }

    fn guides(&mut self) {
        for (head, area) in std::mem::take(&mut self.areas) {
            if area.complete && !area.loaded {
                self.fault(
                    &head.file,
                    1,
                    format!("area {} cannot be complete without being loaded", area.id),
                );
            }
            self.inner.guides.push(Guide {
                id: area.id,
                name: area.name,
                loaded: area.loaded,
                complete: area.complete,
                note: area.note,
                items: Vec::new(),
                from: head.from,
            });
        }
        for (head, item) in std::mem::take(&mut self.items) {
            if let Some(message) = Clause::fault(&item.clause, head.tag) {
                self.fault(&head.file, 1, format!("item {}: {message}", item.id));
            }
            let clause = Clause::of(&item.clause, head.tag);
            let new = GuideItem { id: item.id, ask: item.ask, clause, kind: item.kind };
            let id = Arc::clone(&new.id);
            let twice = self.inner.guides.iter().any(|guide| guide.items.iter().any(|known| known.id == id));
            match self.inner.guides.iter_mut().find(|guide| guide.id == item.area) {
                Some(guide) if guide.loaded && !twice => guide.items.push(new),
                Some(_) => {
                    self.fault(&head.file, 1, format!("item {id}: given twice, or its area is not loaded"))
                }
                None => self.fault(&head.file, 1, format!("item {id}: no area {}", item.area)),
            }
        }
        let empty: Vec<_> = self
            .inner
            .guides
            .iter()
            .filter(|g| g.loaded && g.items.is_empty())
            .map(|g| g.id.clone())
            .collect();
        for id in empty {
            self.fault("guide", 1, format!("area {id} is called loaded but has no items"));
        }
    }

    /// Ledgers also use the names and codes that the rules have.
    fn ledger_names(&mut self) {
        let ledger = &mut self.inner.ledger;
        for category in &self.inner.categories {
            for name in [&category.code, &category.name.zh, &category.name.en] {
                ledger.name(LedgerList::Category, &category.code, name);
            }
        }
        for source in &self.inner.sources {
            for name in [&source.code, &source.name.zh, &source.name.en] {
                ledger.name(LedgerList::Source, &source.code, name);
            }
        }
    }

    fn restricted_topics(&mut self) {
        for (file, raw) in std::mem::take(&mut self.restricted) {
            let category = self.inner.categories.iter().find(|category| category.code == raw.category);
            let parts = category.and_then(|c| Some((&c.name, c.reason.as_ref()?, c.instead.as_ref()?)));
            match parts {
                Some((name, reason, instead)) => {
                    let topic = RestrictedTopic::new(&raw, name, reason, instead);
                    self.inner.restricted.push(topic);
                }
                None => {
                    self.fault(&file, 1, format!("category {} is unknown or not switched off", raw.category))
                }
            }
        }
    }
}
