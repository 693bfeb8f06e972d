//! Every table has a class, and the past adds up after real use.

use std::{
    collections::BTreeSet,
    sync::{Arc, RwLock},
};

use journal::Vault;
use organisation::{Attributes, Line, NewUnit, Placement, Unit, UnitCommand, UnitKind};

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
fn whatever_names_photos_is_asked_before_they_are_cleared_away() {
    let county = County::new();
    let mut tx = county.platform.database.reader().unwrap();
    let sql = "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND (c.name IN ('hash', 'photo', 'picture', 'thumbnail'))";
    let found = tx.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?))).unwrap();
    let others = [
        // The photos themselves, and digests of passwords and PINs.
        ("attachment", "hash"),
        ("attachment", "thumbnail"),
        ("account_secret", "hash"),
        ("device_pin", "hash"),
    ];
    for (table, column) in &found {
        let asked = crate::photos::NAMED.iter().any(|name| name.table == table && name.column == column);
        assert!(asked || others.contains(&(table, column)), "{table}.{column}: does it name photos?");
    }
    for name in crate::photos::NAMED {
        assert!(found.iter().any(|(table, column)| name.table == table && name.column == column));
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
fn every_derived_row_is_made_again_as_it_is() {
    let county = County::new();
    // Papers of a guard are sealed anew each time.
    let head = county.browser("head");
    let page = format!("/guards/people/{}", county.people["guard"].0.simple());
    let papers = [("work", "full"), ("employer", "school"), ("certified", "yes"), ("born", "1980-05-01")];
    assert_eq!(head.post(&page, &page, &papers).status, axum::http::StatusCode::SEE_OTHER);
    let rules = Arc::new(RwLock::new(platform::embedded_rules().unwrap()));
    let builder = platform::builder(Arc::clone(&county.platform.vault), rules);
    let ids = kernel::IdSource::from_os();
    let mut tx = county.platform.database.writer().unwrap();
    tx.begin().unwrap();
    assert_eq!(journal::misderived(&mut tx, &builder, &ids, platform::MIGRATIONS, &|_| ()).unwrap(), []);
    tx.rollback().unwrap();
}

#[test]
fn bytes_in_derived_tables_are_sealed_by_name_or_the_same_each_time() {
    let county = County::new();
    let mut tx = county.platform.database.reader().unwrap();
    let derived = platform::MIGRATIONS.iter().flat_map(|set| set.tables.iter());
    let derived: BTreeSet<&str> =
        derived.filter(|(_, class)| *class == storage::TableClass::Derived).map(|(name, _)| *name).collect();
    let lines = platform::MIGRATIONS.iter().flat_map(|set| set.steps).flat_map(|step| step.sql.lines());
    let ids: BTreeSet<&str> =
        lines.filter_map(|line| line.split_once(" {uuid}")?.0.split_whitespace().next_back()).collect();
    let sql = "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.type = 'BLOB'";
    let found = tx.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?))).unwrap();
    let mut looked_at = 0;
    for (table, column) in found.iter().filter(|(table, _)| derived.contains(table.as_str())) {
        looked_at += 1;
        let same = column.ends_with("_lookup") || ids.contains(column.as_str());
        assert!(
            same || journal::is_sealed(column),
            "{table}.{column}: is it the same when it is made again?"
        );
    }
    assert!(looked_at > 2);
}

#[test]
fn the_rules_behind_every_decision_are_kept() {
    let county = County::new();
    let school = county.units["primary"].0.to_string();
    super::story::register(&county.browser("guard"), "H01", &school);
    let mut tx = county.platform.database.reader().unwrap();
    let stamps =
        tx.query("SELECT DISTINCT rules FROM event WHERE rules <> ''", &[], |row| row.text(0)).unwrap();
    assert!(!stamps.is_empty());
    for stamp in stamps {
        let kept = journal::rules_by_stamp(&mut tx, &stamp).unwrap();
        let sources = kept.into_iter().map(|rule| (rule.path, rule.text)).collect();
        assert_eq!(rules::RuleBook::from_sources(sources).unwrap().stamp(), stamp, "they say the same again");
    }
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

#[test]
fn a_renamed_county_is_in_the_path_of_everything_below_it() {
    let county = County::new();
    let platform = &county.platform;
    let ask = |unit: kernel::UnitId, command| {
        let id = platform.ids.new_id(&*platform.clock);
        let work = journal::UnitOfWork::new(kernel::Actor::SYSTEM, id).ask::<Unit>(unit, command);
        platform.handle.execute_blocking(journal::WorkLane::Interactive, work).unwrap();
    };
    // A township that hangs under the county by territory alone.
    let from = platform.clock.now().local_date();
    let created = NewUnit {
        code: "530323106".to_owned(),
        name: "五龙乡".to_owned(),
        kind: UnitKind::Township,
        attributes: Attributes::default(),
        placements: vec![Placement { line: Line::Territory, parent: county.units["county"], from }],
        code_exception: None,
    };
    ask(platform.ids.new_id(&*platform.clock), UnitCommand::Create(created));
    ask(county.units["county"], UnitCommand::Rename("新县".to_owned()));
    let mut tx = platform.database.reader().unwrap();
    let paths = tx.query("SELECT path FROM unit ORDER BY path", &[], |row| row.text(0)).unwrap();
    let stale: Vec<&String> = paths.iter().filter(|path| !path.contains("新县")).collect();
    let city = "云南省教育厅/曲靖市教育体育局";
    assert!(paths.contains(&format!("{city}/新县/五龙乡")), "{paths:?}");
    assert_eq!(stale, ["云南省教育厅", city], "{paths:?}");
}
