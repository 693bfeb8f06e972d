//! The words and names of the demonstration, read from `data/`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use serde::Deserialize;

/// Names of people and of schools.
#[derive(Debug, Deserialize)]
pub(super) struct Names {
    pub surnames: Vec<String>,
    pub first: Vec<String>,
    pub second: Vec<String>,
    pub mansions: Vec<String>,
    pub stars: Vec<String>,
}

/// A township of Shizong and how many schools it is given.
#[derive(Clone, Debug)]
pub(super) struct TownshipRow {
    pub code: String,
    pub name: String,
    pub suffix: String,
    pub latitude: f64,
    pub longitude: f64,
    pub spread: f64,
    pub kindergartens: u32,
    pub private: u32,
    pub primaries: u32,
    pub points: u32,
    pub size: i64,
    pub short: String,
}

/// A school that is listed by name.
#[derive(Clone, Debug)]
pub(super) struct SchoolRow {
    pub kind: String,
    pub township: String,
    pub name: String,
    pub pupils: u32,
    pub boarders: u32,
    pub classes: u32,
}

/// What is done about an item of a category, and where it is found.
#[derive(Clone, Debug)]
pub(super) struct Fix {
    pub item: String,
    pub places: String,
    pub measures: String,
    pub done: String,
}

/// A major hazard in words, with the item of the ministry's guide it meets.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct MajorCase {
    pub category: String,
    pub item: String,
    pub place: String,
    pub text: String,
    pub done: String,
}

#[derive(Debug, Deserialize)]
struct Phrases {
    note: BTreeMap<String, Vec<String>>,
    tail: BTreeMap<String, Vec<String>>,
    contingency: BTreeMap<String, Vec<String>>,
    major: Vec<MajorCase>,
}

#[derive(Debug, Deserialize)]
struct Places {
    group: BTreeMap<String, Vec<String>>,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Data {
    pub names: Names,
    pub townships: Vec<TownshipRow>,
    pub schools: Vec<SchoolRow>,
    pub majors: Vec<MajorCase>,
    fixes: BTreeMap<String, Vec<Fix>>,
    places: BTreeMap<String, Vec<String>>,
    notes: BTreeMap<String, Vec<String>>,
    tails: BTreeMap<String, Vec<String>>,
    contingencies: BTreeMap<String, Vec<String>>,
}

impl Data {
    /// Reads the files compiled into the binary.
    pub(super) fn read() -> Result<Self> {
        let phrases: Phrases =
            toml::from_str(include_str!("data/phrases.toml")).context("data/phrases.toml")?;
        let places: Places = toml::from_str(include_str!("data/places.toml")).context("data/places.toml")?;
        Ok(Self {
            names: toml::from_str(include_str!("data/names.toml")).context("data/names.toml")?,
            townships: rows(include_str!("data/townships.csv"), township).context("data/townships.csv")?,
            schools: rows(include_str!("data/schools.csv"), school).context("data/schools.csv")?,
            majors: phrases.major,
            fixes: fixes(include_str!("data/fixes.csv"))?,
            places: places.group,
            notes: phrases.note,
            tails: phrases.tail,
            contingencies: phrases.contingency,
        })
    }

    /// The fixes of a category.
    pub(super) fn fixes(&self, category: &str) -> &[Fix] {
        self.fixes.get(category).map_or(&[], Vec::as_slice)
    }

    /// Places of a group.
    pub(super) fn places(&self, group: &str) -> &[String] {
        self.places.get(group).map_or(&[], Vec::as_slice)
    }

    /// What people write on an occasion.
    pub(super) fn notes(&self, occasion: &str) -> &[String] {
        self.notes.get(occasion).map_or(&[], Vec::as_slice)
    }

    /// What makes a hazard of a category matter.
    pub(super) fn tails(&self, category: &str) -> &[String] {
        self.tails.get(category).map_or(&[], Vec::as_slice)
    }

    /// What is done if it goes wrong meanwhile.
    pub(super) fn contingencies(&self, category: &str) -> &[String] {
        self.contingencies.get(category).map_or(&[], Vec::as_slice)
    }

    /// The number of phrases for places.
    #[cfg(test)]
    pub(super) fn place_phrases(&self) -> usize {
        self.places.values().map(Vec::len).sum()
    }
}

/// Reads a table with one head line and no quotes.
fn rows<T>(text: &str, read: impl Fn(&[&str]) -> Option<T>) -> Result<Vec<T>> {
    text.lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(|line| read(&line.split(',').collect::<Vec<_>>()).ok_or_else(|| anyhow!("{line}")))
        .collect()
}

fn township(cells: &[&str]) -> Option<TownshipRow> {
    let [
        code,
        name,
        suffix,
        latitude,
        longitude,
        spread,
        kindergartens,
        private,
        primaries,
        points,
        size,
        short,
    ] = cells
    else {
        return None;
    };
    Some(TownshipRow {
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        suffix: (*suffix).to_owned(),
        latitude: latitude.parse().ok()?,
        longitude: longitude.parse().ok()?,
        spread: spread.parse().ok()?,
        kindergartens: kindergartens.parse().ok()?,
        private: private.parse().ok()?,
        primaries: primaries.parse().ok()?,
        points: points.parse().ok()?,
        size: size.parse().ok()?,
        short: (*short).to_owned(),
    })
}

fn school(cells: &[&str]) -> Option<SchoolRow> {
    let [kind, township, name, pupils, boarders, classes] = cells else { return None };
    Some(SchoolRow {
        kind: (*kind).to_owned(),
        township: (*township).to_owned(),
        name: (*name).to_owned(),
        pupils: pupils.parse().ok()?,
        boarders: boarders.parse().ok()?,
        classes: classes.parse().ok()?,
    })
}

fn fixes(text: &str) -> Result<BTreeMap<String, Vec<Fix>>> {
    let mut all: BTreeMap<String, Vec<Fix>> = BTreeMap::new();
    for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
        let mut cells = line.splitn(5, ',').map(str::to_owned);
        let mut cell = || cells.next().ok_or_else(|| anyhow!("data/fixes.csv: {line}"));
        let category = cell()?;
        let fix = Fix { item: cell()?, places: cell()?, measures: cell()?, done: cell()? };
        all.entry(category).or_default().push(fix);
    }
    Ok(all)
}
