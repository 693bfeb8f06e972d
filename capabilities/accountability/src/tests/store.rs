//! Cases on both databases: sides named as they were, deadlines read from the journal, papers that stay, who sees what.

use hazard::HazardCommand;
use kernel::{Problem, StreamId, Timestamp};

use super::{
    platform::Platform,
    support::{DAY, HOUR, check, conclude, done, find, handle, partly, report, review, said, state_for},
};
use crate::{
    Answer, CaseCommand, Clarification, ClarificationCommand, ClarificationDraft, Purpose, StageCode,
    Verdict,
    query::{self, Filter, Which, WhichClarifications},
    reading::History,
    stream_of,
};

fn refused<T: std::fmt::Debug>(answer: Result<T, Problem>) -> &'static str {
    match answer.unwrap_err() {
        Problem::Refused(refusal) => refusal.code,
        Problem::Forbidden => "forbidden",
        other => panic!("{other:?}"),
    }
}

/// Concluded: the school did its duty, the central school part of it.
fn concluded(platform: &Platform, hazard: StreamId, although: &str) -> StreamId {
    let id = platform.opened(hazard);
    platform.case("head", id, state_for(platform.school)).unwrap();
    platform.case("central", id, state_for(platform.central)).unwrap();
    platform.case("office1", id, find(done(platform.school))).unwrap();
    let now = kernel::Clock::now(&*platform.clock);
    platform.case("office1", id, find(partly(platform.central, now))).unwrap();
    platform.case("office1", id, CaseCommand::Submit).unwrap();
    platform.case("office2", id, review(true)).unwrap();
    platform.case("leader", id, conclude(true, although)).unwrap();
    id
}

fn seen(platform: &Platform, who: &str, id: StreamId) -> bool {
    let viewer = platform.viewer(who);
    let record = platform.read(|tx| query::visible_case(tx, &viewer, id).is_ok());
    let all = (Which::All, &Filter::default());
    let listed = platform.read(|tx| query::cases(tx, &viewer, all, Timestamp(1), 50).unwrap());
    assert_eq!(listed.iter().any(|row| row.id == id), record, "{who}: list and record agree");
    record
}

test_support::both_databases! {
    fn a_case_from_its_opening_to_its_end(db: TestDb) {
        let mut platform = Platform::new(db);
        let hazard = platform.rectifying();
        platform.rectified(hazard);
        let id = concluded(&platform, hazard, "");
        platform.case("office1", id, handle(platform.central, "")).unwrap();
        platform.case("central", id, report(platform.central)).unwrap();
        platform.case("office2", id, check(platform.central, true)).unwrap();
        let (state, _) = platform.read(|tx| query::case_state(tx, id).unwrap().unwrap());
        assert_eq!((state.stage.code(), state.number.to_string().as_str()), (StageCode::Closed, "2026-001"));
        let due = platform.read(|tx| tx.count("SELECT count(*) FROM accountability_due", &[]).unwrap());
        assert_eq!(due, 0);
        let second = platform.opened(hazard);
        let (state, _) = platform.read(|tx| query::case_state(tx, second).unwrap().unwrap());
        assert_eq!(state.number.to_string(), "2026-002", "after the first was concluded");
        platform.verified_and_rebuilt();
    }

    fn who_did_his_duty_is_told_so_and_the_paper_stays_as_it_was(db: TestDb) {
        let mut platform = Platform::new(db);
        let hazard = platform.rectifying();
        platform.rectified(hazard);
        let id = concluded(&platform, hazard, "");
        let paper = stream_of(id, platform.school);
        let read = |platform: &Platform| {
            let found = platform.read(|tx| query::clarification_state(tx, paper).unwrap().unwrap().0);
            let position = found.signature().unwrap().reading.position;
            (found, platform.read(|tx| History::read(tx, hazard).unwrap().up_to(position).runs()))
        };
        let (state, runs) = read(&platform);
        assert_eq!(state.case.map(|(case, _)| case), Some(id));
        assert_eq!(state.signature().unwrap().number.to_string(), "2026-001");
        let head = platform.read(|tx| crate::reading::reading(tx).unwrap());
        assert!(state.signature().unwrap().reading.position < head.position, "the signature itself comes after");
        let none = platform.read(|tx| query::clarification_state(tx, stream_of(id, platform.central)).unwrap());
        assert!(none.is_none(), "only for whoever did its duty");
        // The school is renamed and the hazard goes on: the paper says what it said.
        platform.renamed(platform.school, "城关小学");
        let accept = HazardCommand::Accept { on_site: false, note: said("") };
        platform.hazard("head", hazard, accept).unwrap();
        assert_eq!(read(&platform), (state.clone(), runs));
        assert_eq!(state.name, "第一小学");
        let (case, _) = platform.read(|tx| query::case_state(tx, id).unwrap().unwrap());
        assert_eq!(case.side(platform.school).unwrap().side.name, "第一小学");
        platform.verified_and_rebuilt();
    }

    fn a_deadline_that_was_missed_wants_a_reason(db: TestDb) {
        let mut platform = Platform::new(db);
        let hazard = platform.rectifying();
        platform.clock.advance_ms(9 * DAY);
        platform.rectified(hazard);
        let id = platform.opened(hazard);
        platform.case("head", id, state_for(platform.school)).unwrap();
        platform.case("central", id, state_for(platform.central)).unwrap();
        for side in [platform.school, platform.central] {
            platform.case("office1", id, find(done(side))).unwrap();
        }
        platform.case("office1", id, CaseCommand::Submit).unwrap();
        platform.case("office2", id, review(true)).unwrap();
        assert_eq!(refused(platform.case("leader", id, conclude(true, ""))), "accountability-although");
        platform.case("leader", id, conclude(true, "停电抢修，已当面报告并封闭楼梯")).unwrap();
        let paper = |side| platform.read(|tx| query::clarification_state(tx, stream_of(id, side)).unwrap().unwrap().0);
        let school = paper(platform.school);
        let signature = school.signature().unwrap();
        assert_eq!((signature.missed, signature.although.is_empty()), (1, false));
        // The other side missed nothing, and nothing is said of it.
        let central = paper(platform.central);
        assert_eq!(central.signature().map(|s| (s.missed, s.although.as_str())), Some((0, "")));
        platform.verified_and_rebuilt();
    }

    fn each_sees_what_concerns_him(db: TestDb) {
        let platform = Platform::new(db);
        let hazard = platform.rectifying();
        let id = platform.opened(hazard);
        for (who, sees) in [
            ("office1", true),
            ("leader", true),
            ("central", true),
            ("head", true),
            ("officer", false),
            ("teacher", false),
            ("neighbour", false),
        ] {
            assert_eq!(seen(&platform, who, id), sees, "{who}");
        }
        for who in ["officer", "teacher", "neighbour"] {
            assert_eq!(refused(platform.case(who, id, state_for(platform.school))), "accountability-not-your-side");
        }
        assert_eq!(refused(platform.case("central", id, state_for(platform.school))), "accountability-not-your-side");
    }

    fn a_hazard_is_not_withdrawn_while_somebody_answers_for_it(db: TestDb) {
        let platform = Platform::new(db);
        let hazard = platform.rectifying();
        let id = platform.opened(hazard);
        let withdraw = || HazardCommand::Withdraw { duplicate: false, same_as: None, note: said("登记有误，不是隐患") };
        assert_eq!(refused(platform.hazard("head", hazard, withdraw())), "accountability-case-open");
        platform.case("leader", id, CaseCommand::CallOff(said("后果与这条隐患无关"))).unwrap();
        platform.hazard("head", hazard, withdraw()).unwrap();
        let kept = platform.read(|tx| query::cases_of_hazard(tx, hazard).unwrap());
        assert_eq!(kept.len(), 1, "its history stays");
    }

    fn a_school_asks_and_is_answered(db: TestDb) {
        let mut platform = Platform::new(db);
        let hazard = platform.rectifying();
        platform.rectified(hazard);
        let id = StreamId(uuid::Uuid::from_u128(0x7777));
        let draft = ClarificationDraft {
            hazard,
            unit: platform.school,
            purpose: Some(Purpose::Complaint),
            recipient: "县信访局".to_owned(),
            claim: "称学校没有采取措施".to_owned(),
        };
        let ask = |who: &str, id: StreamId| {
            platform.ask::<Clarification>(who, id, ClarificationCommand::Ask(Box::new(draft.clone())))
        };
        assert_eq!(refused(ask("officer", id)), "forbidden");
        assert_eq!(refused(ask("neighbour", id)), "forbidden");
        ask("head", id).unwrap();
        assert_eq!(refused(ask("head", StreamId(uuid::Uuid::from_u128(0x7778)))), "clarification-open-already");
        let statement = "学校当天封闭并按期加固，已经尽职。".to_owned();
        let drafting = ClarificationCommand::Draft { statement, basis: String::new() };
        platform.ask::<Clarification>("office1", id, drafting).unwrap();
        let sign = ClarificationCommand::Answer {
            answer: Answer::Sign,
            document_number: String::new(),
            although: String::new(),
            note: said(""),
        };
        assert_eq!(refused(platform.ask::<Clarification>("office2", id, sign.clone())), "forbidden");
        platform.ask::<Clarification>("leader", id, sign).unwrap();
        for (who, sees) in [("head", true), ("office2", true), ("officer", false), ("neighbour", false)] {
            let viewer = platform.viewer(who);
            let all = (WhichClarifications::All, &Filter::default());
            let listed = platform.read(|tx| query::clarifications(tx, &viewer, all, 9).unwrap());
            let record = platform.read(|tx| query::visible_clarification(tx, &viewer, id).is_ok());
            assert_eq!((!listed.is_empty(), record), (sees, sees), "{who}");
        }
        platform.verified_and_rebuilt();
    }

    fn lists_are_narrowed_by_side_year_and_words(db: TestDb) {
        let platform = Platform::new(db);
        let hazard = platform.rectifying();
        let id = platform.opened(hazard);
        let leader = platform.viewer("leader");
        let found = |which: Which, filter: Filter| {
            let rows = platform.read(|tx| query::cases(tx, &leader, (which, &filter), Timestamp(1), 9).unwrap());
            rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        let by = |words: &[&str]| Filter {
            words: words.iter().map(|word| Filter::pattern(word)).collect(),
            ..Filter::default()
        };
        assert_eq!(found(Which::One(StageCode::Stating), by(&["2026-001", "摔伤"])), [id]);
        assert_eq!(found(Which::Running, by(&["栏杆", "第二小学"])), []);
        assert_eq!(found(Which::All, by(&["%"])), [], "a sign that stands for others means itself");
        assert_eq!(found(Which::One(StageCode::Closed), Filter::default()), []);
        let unit = |unit| Filter { unit: Some(unit), ..Filter::default() };
        assert_eq!(found(Which::All, unit(platform.central)), [id]);
        assert_eq!(found(Which::All, unit(platform.other)), []);
        let year = |year| Filter { year: Some(year), ..Filter::default() };
        assert_eq!((found(Which::All, year(2026)), found(Which::All, year(2025))), (vec![id], vec![]));
        let years = platform.read(|tx| query::years(tx, &leader, query::Kind::Case).unwrap());
        assert_eq!(years, [2026]);
        let none = platform.read(|tx| query::years(tx, &platform.viewer("teacher"), query::Kind::Case).unwrap());
        assert!(none.is_empty());
        let units = platform.read(|tx| query::units(tx, &leader, query::Kind::Case).unwrap());
        assert_eq!(units.len(), 2);
    }

    fn what_waits_stands_on_the_list_of_whoever_has_to_do_it(db: TestDb) {
        let platform = Platform::new(db);
        let hazard = platform.rectifying();
        let id = platform.opened(hazard);
        let errands = |who: &str| {
            let viewer = platform.viewer(who);
            let now = kernel::Clock::now(&*platform.clock).plus_ms(HOUR);
            let read = |tx: &mut storage::Tx| {
                hazard::pages::Companion::errands(&crate::CasesBeside, tx, language::Lang::ZhCn, &viewer, now)
            };
            platform.read(read).unwrap().map_or(0, |errands| errands.lines.len())
        };
        assert_eq!(["head", "central", "officer", "office1"].map(errands), [1, 1, 0, 0]);
        platform.case("head", id, state_for(platform.school)).unwrap();
        platform.case("central", id, state_for(platform.central)).unwrap();
        assert_eq!(["head", "office1", "office2", "leader"].map(errands), [0, 1, 1, 0]);
        for side in [platform.school, platform.central] {
            platform.case("office1", id, find(done(side))).unwrap();
        }
        platform.case("office1", id, CaseCommand::Submit).unwrap();
        assert_eq!(["office1", "office2", "leader"].map(errands), [0, 1, 1], "the writer is barred");
        let (state, _) = platform.read(|tx| query::case_state(tx, id).unwrap().unwrap());
        assert!(state.sides.iter().all(|one| one.verdict() == Some(Verdict::Done)));
    }
}
