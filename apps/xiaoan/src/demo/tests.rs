//! The whole county on a fresh database, with the accounts and rights of a real platform.

use std::{
    collections::BTreeMap,
    sync::{Arc, RwLock},
    time::Instant,
};

use hazard::StageCode;
use journal::{Identity, Vault, VerifyReport, verify};
use kernel::FixedClock;
use organisation::identifiers::{CodeError, classify};
use storage::{Database, Location, Tx, params};

use super::*;
use crate::platform;

const AS_OF: Date = jiff::civil::date(2026, 10, 19);

struct Loaded {
    report: DemoReport,
    verified: VerifyReport,
    database: Database,
    seconds: f64,
    _directory: tempfile::TempDir,
}

fn loaded(scale: u32, as_of: Date, verified: bool) -> Loaded {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::new(Location::Sqlite(directory.path().join("demo.db"))).unwrap();
    let lease = database.lease().unwrap();
    let mut tx = database.writer().unwrap();
    storage::migrate(&mut tx, platform::MIGRATIONS).unwrap();
    let clock = Arc::new(FixedClock::new(Timestamp::at_start_of(as_of)));
    let ids = Arc::new(IdSource::seeded(7));
    Identity::load_or_found(&mut tx, &*clock, &ids, true).unwrap();
    drop(tx);
    let rules = RuleBook::embedded().unwrap();
    let builder = || platform::builder(Arc::new(Vault::new(&[3; 32])), Arc::new(RwLock::new(rules.clone())));
    let engine = builder().start(&database, lease, clock, ids).unwrap();
    let store = attachments::Store::open(directory.path()).unwrap();
    let account_ids = IdSource::seeded(11);
    let handle = engine.handle();
    let mut open = |plan: AccountPlan| crate::demonstration::open_account(&handle, &account_ids, &plan);
    let mut target = Target { handle: &handle, rules: rules.clone(), store: &store, open_account: &mut open };
    let started = Instant::now();
    let report = load(&mut target, &DemoPlan { seed: 2026, as_of, scale }, &|_, _, _| {}).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    println!("{seconds:.1} s, {:?}", handle.phases());
    drop(engine);
    let mut tx = database.reader().unwrap();
    let verified =
        if verified { verify(&mut tx, &builder(), &|_| {}).unwrap() } else { VerifyReport::default() };
    Loaded { report, verified, database, seconds, _directory: directory }
}

/// A fifth of the year is enough for its shares; `XIAOAN_DEMO_SCALE=100` at build time measures the whole.
fn scale() -> u32 {
    option_env!("XIAOAN_DEMO_SCALE").and_then(|text| text.parse().ok()).unwrap_or(20)
}

fn counts(tx: &mut Tx, sql: &str) -> BTreeMap<String, i64> {
    tx.query(sql, params![], |row| Ok((row.text(0)?, row.int(1)?))).unwrap().into_iter().collect()
}

#[test]
fn a_small_county_is_accepted_whole_and_twice_the_same() {
    let (one, two) = (loaded(10, AS_OF, true), loaded(10, AS_OF, true));
    println!("{:#?} {:.1} s", one.report, one.seconds);
    assert_eq!(one.verified.problem_count, 0, "{:?}", one.verified.problems);
    assert_eq!(one.report, two.report);
    assert_eq!(one.verified.state_digest, two.verified.state_digest);
    assert_eq!(one.verified.head, two.verified.head, "even ids and salts repeat");
    for stage in StageCode::ALL {
        assert!(one.report.by_stage.contains_key(stage.name()), "{stage:?} is missing");
    }
    let mut tx = one.database.reader().unwrap();
    let stages = counts(&mut tx, "SELECT stage, count(*) FROM hazard GROUP BY stage");
    let remembered: BTreeMap<String, i64> =
        one.report.by_stage.iter().map(|(k, v)| (k.clone(), i64::try_from(*v).unwrap())).collect();
    assert_eq!(stages, remembered, "the generator and the journal agree");
    let labels: Vec<_> = one.report.shown.iter().map(|shown| shown.role).collect();
    assert_eq!(labels.len(), 16, "{labels:?}");
}

#[test]
fn clocks_have_rung_when_they_should() {
    let one = loaded(10, AS_OF, false);
    let mut tx = one.database.reader().unwrap();
    let end = Timestamp::at_start_of(AS_OF);
    let silent =
        tx.count("SELECT count(*) FROM clock WHERE next_at < ?1", params![end.plus_ms(-2_000)]).unwrap();
    assert_eq!(silent, 0, "a clock should have rung before the end");
    let sql = "SELECT event_type, count(*) FROM event GROUP BY event_type";
    let kinds = counts(&mut tx, sql);
    println!("{kinds:#?}");
    for kind in [
        "hazard.deadline_warned",
        "hazard.escalated",
        "hazard.help_asked",
        "hazard.extension_granted",
        "supervision.delisted",
        "transfer.sent",
        "transfer.received",
        "transfer.replied",
        "transfer.deadline_warned",
        "accountability.concluded",
        "accountability.handled",
        "clarification.issued",
        "gate.declared",
        "gate.kit_checked",
        "guard_report.signed",
        "person.guard_facts",
        "unit.campuses_described",
    ] {
        assert!(kinds.contains_key(kind), "{kind}");
    }
    let future = tx.count("SELECT count(*) FROM event WHERE decided_at >= ?1", params![end]).unwrap();
    assert_eq!(future, 0);
    let order = "SELECT count(*) FROM event a JOIN event b ON b.position = a.position + 1
                 WHERE b.decided_at < a.decided_at";
    assert_eq!(tx.count(order, params![]).unwrap(), 0, "told in the order of time");
}

#[test]
fn the_year_has_its_shares_and_numbers() {
    let one = loaded(scale(), AS_OF, false);
    println!("{:#?} {:.1} s", one.report, one.seconds);
    let full = |number: u64| number * 100 / u64::from(scale());
    assert!(full(one.report.hazards) >= 8_000, "{}", one.report.hazards);
    let before = 2 * one.report.people + one.report.units;
    assert!(full(one.report.events - before) >= 60_000, "{}", one.report.events);
    let mut tx = one.database.reader().unwrap();
    let total = i64::try_from(one.report.hazards).unwrap();
    // The old ledger's rows are no part of the year.
    let year = "SELECT category, count(*) FROM hazard WHERE stage <> 'carried_over' GROUP BY category";
    let shares = counts(&mut tx, year);
    for category in RuleBook::embedded().unwrap().categories() {
        let found = shares.get(&*category.code).copied().unwrap_or(0) * 1000 / total;
        assert!((found - i64::from(category.season.share)).abs() <= 3, "{}: {found}", category.code);
    }
    let on_time = "SELECT event_type, count(*) FROM event WHERE event_type = 'hazard.rectified'
                   AND core_part LIKE '%\"on_time\":true%' GROUP BY event_type";
    let all =
        "SELECT event_type, count(*) FROM event WHERE event_type = 'hazard.rectified' GROUP BY event_type";
    let (timely, all) = (counts(&mut tx, on_time), counts(&mut tx, all));
    let rate = timely["hazard.rectified"] * 100 / all["hazard.rectified"];
    println!("on time {rate} %");
    assert!((83..=92).contains(&rate), "{rate}");
    let levels = counts(&mut tx, "SELECT coalesce(level, 'none'), count(*) FROM hazard GROUP BY level");
    println!(
        "{levels:?} {:#?}",
        counts(&mut tx, "SELECT event_type, count(*) FROM event GROUP BY event_type")
    );
}

#[test]
fn other_days_of_the_year_work_as_well() {
    for as_of in [jiff::civil::date(2026, 2, 20), jiff::civil::date(2027, 8, 3)] {
        let one = loaded(4, as_of, false);
        for stage in StageCode::ALL {
            assert!(
                one.report.by_stage.contains_key(stage.name()),
                "{as_of}: {stage:?} {:?}",
                one.report.by_stage
            );
        }
    }
}

#[test]
fn the_plan_holds_what_it_promises() {
    let data = Data::read().unwrap();
    assert!(data.place_phrases() >= 200, "{}", data.place_phrases());
    let world = design(&data, &IdSource::seeded(1), &Dice::new(1), Timestamp::at_start_of(AS_OF));
    let pupils: u32 = world.schools.iter().map(|school| school.pupils).sum();
    println!("{pupils} pupils, {} schools, {} people", world.schools.len(), world.people.len());
    assert!((60_000..=80_000).contains(&pupils), "{pupils}");
    assert!((180..=230).contains(&world.schools.len()));
    let failing: Vec<_> =
        world.planned.iter().filter(|planned| classify(&planned.created.code).is_err()).collect();
    assert_eq!(failing.len(), 1);
    assert!(matches!(classify(&failing[0].created.code), Err(CodeError::Check(_))));
    assert!(failing[0].created.code_exception.is_some());
    let lonely = &world.schools[world.lonely.unwrap()];
    assert_eq!(world.people.iter().filter(|someone| someone.unit == lonely.id).count(), 1);
    let mut names: Vec<_> = world.planned.iter().map(|planned| &planned.created.name).collect();
    let mut codes: Vec<_> = world.planned.iter().map(|planned| &planned.created.code).collect();
    for list in [&mut names, &mut codes] {
        let all = list.len();
        list.sort();
        list.dedup();
        assert_eq!(list.len(), all, "nothing twice");
    }
    for kind in UnitKind::ALL.iter().filter(|kind| kind.is_institution()) {
        assert!(world.schools.iter().any(|school| school.kind == *kind), "{kind:?}");
    }
    assert!(world.people.iter().all(|someone| someone.roles.len() <= 32 && !someone.roles.is_empty()));
}

#[test]
fn every_item_of_the_rules_has_its_fix() {
    let data = Data::read().unwrap();
    for category in RuleBook::embedded().unwrap().categories().iter().filter(|c| c.is_on()) {
        for item in &category.sub_items {
            let fix = data.fixes(&category.code).iter().find(|fix| *fix.item == *item.zh);
            assert!(!data.places(&fix.unwrap().places).is_empty(), "{}", item.zh);
        }
        assert!(!data.contingencies(&category.code).is_empty(), "{}", category.code);
    }
}
