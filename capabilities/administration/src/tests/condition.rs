//! What is said of a platform's condition.

use kernel::Timestamp;
use language::Lang;
use web::view::Level;

use crate::condition::{Backup, Backups, Condition, Finding, findings};

const NOW: Timestamp = Timestamp(1_788_915_600_000);
const HOUR: i64 = 3_600_000;

fn backup(hours_ago: i64, trial: Option<Vec<String>>) -> Backup {
    let made_at = NOW.plus_ms(-hours_ago * HOUR);
    let trial = trial.map(|wrong| (made_at, wrong));
    Backup { name: "2026-09-09T0230".to_owned(), made_at, events: 60_000, files: 12, trial }
}

fn nightly(kept: Vec<Backup>) -> Backups {
    Backups::Nightly { at: "02:30".to_owned(), keep: 14, kept, unread: None }
}

fn of(backups: Backups) -> Vec<Finding> {
    let seen = Condition { has_key: true, free_bytes: Some(40 << 30), backups, ..Condition::default() };
    findings(Lang::ZhCn, &seen, NOW)
}

fn level(found: &[Finding], what: &str) -> Level {
    found.iter().find(|finding| finding.what == what).unwrap_or_else(|| panic!("{what}: {found:?}")).level
}

#[test]
fn a_backup_that_was_missed_or_cannot_be_put_back_is_red_and_comes_first() {
    let sound = of(nightly(vec![backup(7, Some(Vec::new()))]));
    assert!(sound.iter().all(|finding| finding.level == Level::Done), "{sound:?}");
    let missed = of(nightly(vec![backup(31, Some(Vec::new()))]));
    assert_eq!((level(&missed, "每夜备份"), missed[0].what.as_str()), (Level::Red, "每夜备份"));
    let broken =
        of(nightly(vec![backup(7, Some(vec!["第 7 条不对".to_owned()])), backup(31, Some(Vec::new()))]));
    assert_eq!(level(&broken, "试恢复"), Level::Red, "the newest that was tried counts");
    assert!(broken[0].said.contains("第 7 条不对"), "{broken:?}");
    let untried = of(nightly(vec![backup(1, None), backup(25, Some(Vec::new()))]));
    assert_eq!(level(&untried, "试恢复"), Level::Done, "one is being tried: the one before was sound");
    assert_eq!(level(&of(nightly(Vec::new())), "每夜备份"), Level::Yellow);
    assert_eq!(level(&of(Backups::None), "每夜备份"), Level::Yellow);
    assert_eq!(level(&of(Backups::Server), "每夜备份"), Level::Plain);
}

#[test]
fn little_room_and_a_key_that_is_gone_need_somebody() {
    let seen = Condition { free_bytes: Some(1 << 30), ..Condition::default() };
    let found = findings(Lang::En, &seen, NOW);
    assert_eq!((level(&found, "Room on the disk"), level(&found, "Key file")), (Level::Red, Level::Red));
    assert!(found.iter().any(|finding| finding.said.contains("1.0 GB")), "{found:?}");
    let unknown = findings(Lang::En, &Condition { has_key: true, ..Condition::default() }, NOW);
    assert_eq!(level(&unknown, "Room on the disk"), Level::Plain, "a system that does not say");
}
