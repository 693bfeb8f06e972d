//! The rule book: everything in force, asked by id and date.

mod ask;
mod lists;

pub use lists::SpecialDay;

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use crate::{
    calendar::Calendar,
    cases::{self, CaseFile, CaseReport},
    catalogue::{Category, Coded, Department, Measure, Place, PointKind, SchoolKind, Topic},
    clause::Text,
    error::RuleError,
    filler::Fillers,
    guide::Guide,
    ledger::LedgerWords,
    likeness::Lexicon,
    load,
    overlay::{self, OverlayPower},
    restricted::RestrictedTopic,
    rule::Rule,
    staffing::{KitPiece, StaffingSet},
};

/// Where overlays stand among files that are kept together with those of packs.
pub const OVERLAYS: &str = "overlays/";

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A loaded pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackInfo {
    /// Its id, as its folder.
    pub id: Arc<str>,
    /// Its name.
    pub title: Text,
    /// Its version.
    pub version: Arc<str>,
    /// For whom it is.
    pub scope: Text,
    /// Hex SHA-256 of its normalised content.
    pub hash: Arc<str>,
}

/// An overlay in use.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OverlayInfo {
    pub(crate) id: Arc<str>,
    pub(crate) title: Text,
    pub(crate) hash: Arc<str>,
}

/// Everything a book knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inner {
    pub(crate) packs: Vec<PackInfo>,
    pub(crate) overlays: Vec<OverlayInfo>,
    pub(crate) rules: BTreeMap<Arc<str>, Vec<Rule>>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) calendar: Calendar,
    pub(crate) categories: Vec<Category>,
    pub(crate) sources: Vec<Coded>,
    pub(crate) checks: Vec<Coded>,
    pub(crate) guides: Vec<Guide>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) school_kinds: Vec<SchoolKind>,
    pub(crate) departments: Vec<Department>,
    pub(crate) point_kinds: Vec<PointKind>,
    pub(crate) places: Vec<Place>,
    pub(crate) staffing: Vec<StaffingSet>,
    pub(crate) kit: Vec<KitPiece>,
    pub(crate) fillers: Fillers,
    pub(crate) lexicon: Lexicon,
    pub(crate) restricted: Vec<RestrictedTopic>,
    pub(crate) ledger: LedgerWords,
    pub(crate) cases: Vec<CaseFile>,
    pub(crate) base_hash: Arc<str>,
    pub(crate) hash: Arc<str>,
    pub(crate) stamp: Arc<str>,
}

impl Inner {
    /// Computes stamp and hash anew.
    pub(crate) fn restamp(&mut self) {
        let short = |hash: &str| hash.get(..8).unwrap_or(hash).to_owned();
        let mut stamp = format!("base@{}", short(&self.base_hash));
        let mut whole = self.base_hash.to_string();
        for overlay in &self.overlays {
            stamp.push_str("+overlay@");
            stamp.push_str(&short(&overlay.hash));
            whole.push('+');
            whole.push_str(&overlay.hash);
        }
        self.hash =
            if self.overlays.is_empty() { Arc::clone(&self.base_hash) } else { load::digest(&whole).into() };
        self.stamp = stamp.into();
    }
}

/// All rules in force, read once; cloning shares them.
#[derive(Clone, Debug)]
pub struct RuleBook(Arc<Inner>);

impl RuleBook {
    /// The packs inside the binary.
    ///
    /// # Errors
    /// Every fault of every file, with file and line.
    pub fn embedded() -> Result<Self, Vec<RuleError>> {
        Self::from_sources(
            EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        )
    }

    /// Packs from texts: (path inside the rules folder, text).
    ///
    /// # Errors
    /// Every fault of every file, with file and line.
    pub fn from_sources(sources: Vec<(String, String)>) -> Result<Self, Vec<RuleError>> {
        load::load(&sources).map(|inner| Self(Arc::new(inner)))
    }

    /// The files inside the binary: (path, text), to be stored with their hash when activated.
    pub fn embedded_sources() -> &'static [(&'static str, &'static str)] {
        EMBEDDED
    }

    /// This book with a local overlay on top; `file` is only used in error messages.
    ///
    /// # Errors
    /// Names the rule, the field and both values when the overlay would do more than its author may.
    pub fn with_overlay(&self, file: &str, text: &str, power: OverlayPower) -> Result<Self, Vec<RuleError>> {
        overlay::apply(&self.0, file, text, power).map(|inner| Self(Arc::new(inner)))
    }

    /// A book as it was kept under its stamp: files of packs, and overlays under [`OVERLAYS`] in the order of their names.
    ///
    /// # Errors
    /// Every fault of every file; a book that was in force once has none.
    pub fn from_kept(files: Vec<(String, String)>) -> Result<Self, Vec<RuleError>> {
        let (mut overlays, packs): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(path, _)| path.starts_with(OVERLAYS));
        overlays.sort();
        let base = Self::from_sources(packs)?;
        overlays
            .iter()
            .try_fold(base, |book, (path, text)| book.with_overlay(path, text, OverlayPower::Owner))
    }

    /// The loaded packs with their hashes.
    pub fn packs(&self) -> &[PackInfo] {
        &self.0.packs
    }

    /// The overlays in use: id, title and hash, in order.
    pub fn overlays(&self) -> impl Iterator<Item = (&str, &Text, &str)> {
        self.0.overlays.iter().map(|overlay| (overlay.id.as_ref(), &overlay.title, overlay.hash.as_ref()))
    }

    /// Hex SHA-256 over the hashes of all packs and overlays.
    pub fn hash(&self) -> &str {
        &self.0.hash
    }

    /// What event headers carry: `base@hash8[+overlay@hash8]`.
    pub fn stamp(&self) -> String {
        self.0.stamp.to_string()
    }

    pub(crate) fn all_staffing(&self) -> &[StaffingSet] {
        &self.0.staffing
    }

    /// The pieces of a gate's kit, those that every gate must have first.
    pub fn kit(&self) -> &[KitPiece] {
        &self.0.kit
    }

    /// Evaluates every test case of every pack.
    pub fn run_cases(&self) -> CaseReport {
        cases::run(self, &self.0.cases)
    }
}
