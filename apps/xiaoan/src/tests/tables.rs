//! Every table has a class, and the past adds up after real use.

use std::{
    collections::BTreeSet,
    sync::{Arc, RwLock},
};

use journal::Vault;

use super::support::County;
use crate::platform;

#[test]
fn every_table_declares_its_class() {
    let county = County::new();
    let mut tx = county.platform.database.reader().unwrap();
    let found = tx
        .query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            &[],
            |row| row.text(0),
        )
        .unwrap();
    let declared: BTreeSet<&str> =
        platform::MIGRATIONS.iter().flat_map(|set| set.tables.iter().map(|(name, _)| *name)).collect();
    for table in &found {
        // A text-search table brings shadow tables that belong to it.
        let shadow = ["_data", "_idx", "_docsize", "_config", "_content"]
            .iter()
            .any(|end| table.strip_suffix(end).is_some_and(|base| declared.contains(base)));
        assert!(shadow || declared.contains(table.as_str()), "table {table} has no class");
    }
    for table in &declared {
        assert!(found.iter().any(|name| name == table), "declared table {table} does not exist");
    }
}

#[test]
fn the_past_of_the_small_county_adds_up() {
    let county = County::new();
    let rules = Arc::new(RwLock::new(platform::embedded_rules().unwrap()));
    let builder = platform::builder(Arc::clone(&county.platform.vault), rules);
    let mut tx = county.platform.database.reader().unwrap();
    let report = journal::verify(&mut tx, &builder, &|_| {}).unwrap();
    assert_eq!(report.problem_count, 0, "{:?}", report.problems);
    assert!(report.events > 40 && report.records > 20);
}

#[test]
fn another_key_shows_no_names_and_verification_says_so() {
    let county = County::new();
    let rules = Arc::new(RwLock::new(platform::embedded_rules().unwrap()));
    let builder = platform::builder(Arc::new(Vault::new(&[9; 32])), rules);
    let mut tx = county.platform.database.reader().unwrap();
    let report = journal::verify(&mut tx, &builder, &|_| {}).unwrap();
    assert!(report.problem_count > 0, "sealed parts must not open with another key");
}
