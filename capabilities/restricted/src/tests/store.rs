//! Naming, holding, opening and closing on both databases.

use journal::Payload;
use kernel::{Actor, Problem, StreamId};
use organisation::{Person, PersonCommand};
use test_support::both_databases;

use super::platform::{Platform, holds};
use crate::{
    HeldCommand, HeldEvent, Outcome, Reader, ReaderCommand, Sealed, reader_for, reader_stream, waiting,
};

const WORDS: &str = "六年级有学生被同学打七四一";
const NOTE: &str = "已经交给派出所八五二";

fn refused(answer: Result<(), Problem>) -> &'static str {
    match answer {
        Err(Problem::Refused(refusal)) => refusal.code,
        Err(Problem::Forbidden) => "forbidden",
        other => panic!("{other:?}"),
    }
}

fn closing() -> HeldCommand {
    HeldCommand::Close { outcome: Outcome::Police, note: Sealed(NOTE.to_owned()) }
}

/// What is waiting for somebody, if he is a reader.
fn due(platform: &Platform, who: &str) -> Option<i64> {
    let account = platform.id(who);
    platform.read(|tx| waiting(tx, account).unwrap())
}

fn may_read(platform: &Platform, who: &str, id: StreamId) -> bool {
    let account = platform.id(who);
    platform.read(|tx| crate::query::readable_report(tx, account, id).is_ok())
}

both_databases! {
    fn nothing_is_stored_without_a_reader(db: TestDb) {
        let platform = Platform::new(db);
        let before = platform.read(|tx| tx.count("SELECT count(*) FROM event", &[]).unwrap());
        assert_eq!(refused(platform.write("teacher", WORDS).map(|_| ())), "held-no-reader");
        let after = platform.read(|tx| tx.count("SELECT count(*) FROM event", &[]).unwrap());
        assert_eq!(before, after);
        let held = platform.read(|tx| tx.count("SELECT count(*) FROM held_report", &[]).unwrap());
        let done = platform.read(|tx| tx.count("SELECT count(*) FROM command_done", &[]).unwrap());
        assert_eq!(held, 0);
        assert!(done > 0 && !holds(&platform.everything(), WORDS));
    }

    fn a_whole_life_leaves_no_word_in_clear(db: TestDb) {
        let mut platform = Platform::new(db);
        platform.name("head", platform.school, "moral").unwrap();
        let id = platform.write("teacher", WORDS).unwrap();
        assert_eq!((due(&platform, "moral"), due(&platform, "head")), (Some(1), None));
        assert_eq!(refused(platform.held("head", id, HeldCommand::Open)), "held-not-reader");
        assert_eq!(refused(platform.held("moral", id, closing())), "held-not-opened");
        platform.held("moral", id, HeldCommand::Open).unwrap();
        assert_eq!(refused(platform.held("office", id, closing())), "held-not-reader");
        platform.held("moral", id, closing()).unwrap();
        assert_eq!(refused(platform.held("moral", id, closing())), "held-closed");
        assert_eq!(due(&platform, "moral"), Some(0));
        let bytes = platform.everything();
        assert!(holds(&bytes, "held.closed"), "the right bytes were looked at");
        for text in [WORDS, "七四一", NOTE, "八五二", "\"police\""] {
            assert!(!holds(&bytes, text), "{text} is written in clear");
        }
        let opened = platform.read(|tx| {
            let events = journal::events_of_stream(tx, id, Some(&platform.vault)).unwrap();
            events.iter().filter_map(|recorded| recorded.parts.personal.clone()).collect::<String>()
        });
        assert!(opened.contains(WORDS) && opened.contains(NOTE) && opened.contains("police"));
        platform.verified_and_rebuilt();
    }

    fn numbers_follow_each_other_at_the_unit_that_keeps(db: TestDb) {
        let platform = Platform::new(db);
        platform.name("office", platform.county, "leader").unwrap();
        platform.write("teacher", WORDS).unwrap();
        platform.write("head", "另一件事").unwrap();
        platform.name("head", platform.school, "moral").unwrap();
        platform.write("teacher", "第三件事").unwrap();
        let numbers = platform.read(|tx| {
            let sql = "SELECT serial, kept_by FROM held_report ORDER BY kept_by, serial";
            tx.query(sql, &[], |row| Ok((row.int(0)?, row.id(1)?))).unwrap()
        });
        let mut expected = [(1, platform.county), (2, platform.county), (1, platform.school)];
        expected.sort_by_key(|(serial, unit)| (*unit, *serial));
        assert_eq!(numbers, expected);
    }

    fn who_may_name_whom(db: TestDb) {
        let mut platform = Platform::new(db);
        let (county, school) = (platform.county, platform.school);
        assert_eq!(refused(platform.name("office", school, "moral")), "reader-not-yours");
        assert_eq!(refused(platform.name("system", school, "moral")), "reader-not-yours");
        assert_eq!(refused(platform.name("teacher", school, "moral")), "forbidden");
        assert_eq!(refused(platform.name("head", county, "leader")), "forbidden");
        assert_eq!(refused(platform.name("head", school, "leader")), "reader-not-here");
        assert_eq!(refused(platform.name("office", county, "system")), "reader-not-here");
        assert_eq!(refused(platform.name("head", school, "guard")), "reader-not-here");
        assert_eq!(refused(platform.name("head", school, "head")), "reader-not-oneself");
        assert_eq!(refused(platform.name("office", county, "office")), "reader-not-oneself");
        platform.name("system", county, "leader").unwrap();
        platform.name("head", school, "moral").unwrap();
        platform.name("head", school, "moral").unwrap();
        platform.name("head", school, "teacher").unwrap();
        let end = ReaderCommand::End { unit: school };
        platform.ask::<Reader>(platform.actor("head"), reader_stream(school), end).unwrap();
        platform.ask::<Reader>(platform.actor("head"), reader_stream(school), end).unwrap();
        let past: Vec<String> = platform.read(|tx| {
            let events = journal::events_of_stream(tx, reader_stream(school), None).unwrap();
            events.into_iter().map(|recorded| recorded.header.event_type).collect()
        });
        assert_eq!(past, ["reader.named", "reader.named", "reader.ended"], "what changes nothing is no event");
        platform.verified_and_rebuilt();
    }

    fn whoever_leaves_reads_no_more_and_the_county_takes_over(db: TestDb) {
        let platform = Platform::new(db);
        platform.name("office", platform.county, "leader").unwrap();
        platform.name("head", platform.school, "moral").unwrap();
        let id = platform.write("teacher", WORDS).unwrap();
        assert!(may_read(&platform, "moral", id) && !may_read(&platform, "leader", id));
        assert_eq!((due(&platform, "moral"), due(&platform, "leader")), (Some(1), Some(0)));
        let today = kernel::Clock::now(&*platform.clock).local_date();
        let (_, person) = platform.people["moral"];
        platform.ask::<Person>(Actor::SYSTEM, person, PersonCommand::Leave(today)).unwrap();
        assert!(!may_read(&platform, "moral", id) && may_read(&platform, "leader", id));
        assert_eq!((due(&platform, "moral"), due(&platform, "leader")), (None, Some(1)));
        assert_eq!(refused(platform.held("moral", id, HeldCommand::Open)), "held-not-reader");
        platform.held("leader", id, HeldCommand::Open).unwrap();
        let school = platform.school;
        let reader = platform.read(|tx| reader_for(tx, school).unwrap().unwrap());
        assert_eq!(reader.account, platform.id("leader"));
    }

    fn the_same_form_is_held_once(db: TestDb) {
        let platform = Platform::new(db);
        platform.name("head", platform.school, "moral").unwrap();
        let form = platform.new_id();
        for text in [WORDS, WORDS, "改了几个字"] {
            let by = platform.actor("teacher");
            platform.execute(crate::hold(&platform.vault, by, form, platform.school, text)).unwrap();
        }
        assert_eq!(due(&platform, "moral"), Some(2));
        let types: Vec<&str> = HeldEvent::types().into_iter().map(|(name, _, _)| name).collect();
        assert_eq!(types, ["held.written", "held.opened", "held.closed"]);
    }
}
