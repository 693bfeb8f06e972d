//! Reports on both databases: rows, who sees what, hazards, tickets, telephones; the same again after a rebuild.

use hazard::{Hazard, HazardCommand};
use kernel::{Clock, CommandId, Problem, StreamId, Timestamp, UnitId};
use storage::{Containing, params};
use test_support::both_databases;

use super::{
    platform::{Platform, refused},
    support::{DAY, answer, note, send_back, tick, told},
};
use crate::{
    Answer, PublicReport, PublicReportCommand, SOURCE, StageCode, Telephone,
    query::{ReportFilter, Which, counted, due_for, of_hazard, rows, visible},
    telephone,
    ticket::{self, Ticket},
};

const NUMBER: &str = "13987654321";

fn all() -> ReportFilter {
    ReportFilter { which: Which::All, ..ReportFilter::default() }
}

fn list(platform: &Platform, who: &str, filter: &ReportFilter) -> Vec<StreamId> {
    let (viewer, now) = (platform.viewer(who), platform.clock.now());
    platform.read(|tx| rows(tx, &viewer, filter, now, 50).unwrap()).into_iter().map(|row| row.id).collect()
}

/// What waits for somebody, with whether he answers himself.
fn due(platform: &Platform, who: &str) -> Vec<(StreamId, bool)> {
    let (viewer, now) = (platform.viewer(who), platform.clock.now());
    let found = platform.read(|tx| due_for(tx, &viewer, now).unwrap());
    found.into_iter().map(|row| (row.id, row.own)).collect()
}

fn followed(platform: &Platform, ticket: &Ticket) -> Option<StreamId> {
    let (digest, now) = (ticket.digest(&platform.vault), platform.clock.now());
    platform.read(|tx| ticket::find(tx, &digest, now).unwrap()).map(|(id, _)| id)
}

fn ask(platform: &Platform, who: &str, id: StreamId, command: PublicReportCommand) -> Result<(), Problem> {
    platform.ask::<PublicReport>(who, id, command).map(|_| ())
}

both_databases! {
    fn a_report_is_its_schools_and_those_aboves(db: TestDb) {
        let mut platform = Platform::new(db);
        let (gate, theirs) = (platform.place(platform.school), platform.place(platform.other));
        let (one, _) = platform.sent((platform.school, gate), "护栏松动", None);
        let (two, _) = platform.sent((platform.other, theirs), "井盖破损", None);
        let sees = |who: &str| {
            let mut found = list(&platform, who, &all());
            found.sort();
            found
        };
        let mut both = vec![one, two];
        both.sort();
        assert_eq!((sees("office"), sees("leader")), (both.clone(), both));
        assert_eq!((sees("head"), sees("central"), sees("neighbour")), (vec![one], vec![one], vec![two]));
        assert_eq!(sees("guard"), Vec::<StreamId>::new());
        for (who, there) in [("head", true), ("office", true), ("guard", false), ("neighbour", false)] {
            let viewer = platform.viewer(who);
            assert_eq!(platform.read(|tx| visible(tx, &viewer, one).is_ok()), there, "{who}");
        }
        assert_eq!(refused(ask(&platform, "neighbour", one, answer(Answer::Void))), "forbidden");
        assert_eq!(refused(ask(&platform, "guard", one, answer(Answer::Void))), "forbidden");
        assert_eq!(refused(ask(&platform, "office", one, answer(Answer::Void))), "forbidden");
        // Nobody with an account brings a report: only the platform does.
        let by_hand = PublicReportCommand::Receive(Box::new(told(false)));
        assert_eq!(refused(ask(&platform, "head", platform.new_id(), by_hand)), "forbidden");
        assert_eq!(platform.state(one).number.to_string(), "2026-0001");
        let (third, _) = platform.sent((platform.school, gate), "护栏又松了", None);
        assert_eq!(platform.state(third).number.to_string(), "2026-0002");
        platform.verified_and_rebuilt();
    }

    fn a_report_becomes_a_hazard_in_one_unit_of_work(db: TestDb) {
        let mut platform = Platform::new(db);
        let gate = platform.place(platform.school);
        let (report, _) = platform.sent((platform.school, gate), "护栏松动", None);
        let hazard = platform.take_up("head", report, platform.school).unwrap();
        assert_eq!(platform.state(report).stage.code(), StageCode::TakenUp);
        let registered = platform.read(|tx| hazard::query::state(tx, hazard).unwrap().unwrap());
        assert_eq!(registered.source, SOURCE);
        assert_eq!(platform.state(report).stage.hazard(), Some((hazard, Some(registered.number))));
        let beside = platform.read(|tx| of_hazard(tx, hazard).unwrap());
        assert_eq!(beside.iter().map(|row| row.id).collect::<Vec<_>>(), [report]);
        // A second time leaves no hazard behind.
        let hazards = platform.count("SELECT count(*) FROM hazard");
        assert_eq!(refused(platform.take_up("head", report, platform.school)), "public-report-wrong-stage");
        assert_eq!(platform.count("SELECT count(*) FROM hazard"), hazards);
        // Another report cannot be said to have become it, nor a hazard that began otherwise.
        let (other, _) = platform.sent((platform.school, gate), "同一处护栏", None);
        let take = |hazard| PublicReportCommand::TakeUp { hazard, words: "已登记为隐患".to_owned() };
        assert_eq!(refused(ask(&platform, "head", other, take(hazard))), "public-report-hazard-unknown");
        let own: StreamId = platform.new_id();
        platform.ask::<Hazard>("head", own, platform.registration(platform.school, "self")).unwrap();
        assert_eq!(refused(ask(&platform, "head", other, take(own))), "public-report-hazard-unknown");
        // But it may be known already.
        let known = PublicReportCommand::Answer {
            answer: Answer::Known, hazard: Some(own), words: "已经登记，正在处理".to_owned(),
        };
        ask(&platform, "head", other, known).unwrap();
        let gone = HazardCommand::Withdraw { duplicate: false, same_as: None, note: note("登记错了学校") };
        platform.ask::<Hazard>("head", hazard, gone).unwrap();
        assert_eq!(platform.state(report).stage.code(), StageCode::TakenUp, "the hazard says how far it is");
        platform.verified_and_rebuilt();
    }

    fn an_answer_waits_for_the_school_and_then_for_those_above(db: TestDb) {
        let platform = Platform::new(db);
        let (gate, point) = (platform.place(platform.school), platform.place(platform.point));
        let (report, _) = platform.sent((platform.school, gate), "护栏松动", None);
        let (left, _) = platform.sent((platform.point, point), "屋檐掉瓦", None);
        assert_eq!(due(&platform, "head"), [(report, true)]);
        assert_eq!(due(&platform, "central"), [(left, true)], "nobody is at the teaching point");
        assert_eq!((due(&platform, "office"), due(&platform, "neighbour"), due(&platform, "guard")),
            (vec![], vec![], vec![]));
        platform.clock.advance_ms(10 * DAY);
        let mut above = due(&platform, "office");
        above.sort();
        let mut late = vec![(report, false), (left, false)];
        late.sort();
        assert_eq!((above.clone(), due(&platform, "leader").len()), (late, 2));
        let mut central = due(&platform, "central");
        central.sort();
        let mut hers = vec![(report, false), (left, true)];
        hers.sort();
        assert_eq!(central, hers);
        ask(&platform, "platform", report, tick("answer")).unwrap();
        let viewer = platform.viewer("office");
        let counts = platform.read(|tx| counted(tx, &viewer, &all(), platform.clock.now()).unwrap());
        assert_eq!(counts.map(|(_, count)| count), [2, 2, 0, 0, 2]);
        ask(&platform, "head", report, answer(Answer::NotFound)).unwrap();
        assert_eq!(due(&platform, "head"), []);
        assert_eq!(list(&platform, "office", &ReportFilter { late: true, ..all() }), [report], "it was late");
    }

    fn the_county_sees_every_answer_and_sends_one_back(db: TestDb) {
        let mut platform = Platform::new(db);
        let gate = platform.place(platform.school);
        let (report, _) = platform.sent((platform.school, gate), "护栏松动", None);
        ask(&platform, "head", report, answer(Answer::Void)).unwrap();
        assert_eq!(list(&platform, "office", &ReportFilter { which: Which::Answered, ..all() }), [report]);
        assert_eq!(refused(ask(&platform, "central", report, send_back())), "forbidden");
        ask(&platform, "office", report, send_back()).unwrap();
        assert_eq!(due(&platform, "head"), [(report, true)]);
        ask(&platform, "head", report, answer(Answer::NotFound)).unwrap();
        assert_eq!(refused(ask(&platform, "office", report, send_back())), "public-report-sent-back-before");
        platform.verified_and_rebuilt();
    }

    fn the_list_is_narrowed_by_each_of_its_fields(db: TestDb) {
        let platform = Platform::new(db);
        let (gate, theirs) = (platform.place(platform.school), platform.place(platform.other));
        let (one, _) = platform.sent((platform.school, gate), "护栏松动", None);
        let (two, _) = platform.sent((platform.other, theirs), "井盖破损", None);
        let of = |filter: ReportFilter| list(&platform, "office", &filter);
        assert_eq!(of(ReportFilter { unit: Some(platform.other), ..all() }), [two]);
        assert_eq!(of(ReportFilter { words: Containing::words("护栏"), ..all() }), [one]);
        assert_eq!(of(ReportFilter { words: Containing::words("_"), ..all() }), Vec::<StreamId>::new());
        assert_eq!(of(ReportFilter { category: Some("H01".to_owned()), ..all() }), Vec::<StreamId>::new());
        assert_eq!(of(ReportFilter { year: Some(2025), ..all() }), Vec::<StreamId>::new());
        assert_eq!(of(ReportFilter { year: Some(2026), ..all() }).len(), 2);
        assert_eq!(of(ReportFilter { late: true, ..all() }), Vec::<StreamId>::new());
    }

    fn a_ticket_follows_its_report_and_no_other_for_a_year(db: TestDb) {
        let platform = Platform::new(db);
        let gate = platform.place(platform.school);
        let (one, first) = platform.sent((platform.school, gate), "护栏松动", None);
        let (two, second) = platform.sent((platform.school, gate), "井盖破损", None);
        assert_eq!((followed(&platform, &first), followed(&platform, &second)), (Some(one), Some(two)));
        let typed = Ticket::read(&first.shown().to_lowercase().replace('-', " ")).unwrap();
        assert_eq!(followed(&platform, &typed), Some(one));
        let stranger = Ticket::of(&platform.vault, platform.new_id());
        assert_eq!(followed(&platform, &stranger), None);
        // What is kept of it opens nothing: it is a hash, and the ticket stands in no event and no row.
        let shown = format!("%{}%", first.shown().replace('-', ""));
        let events = "SELECT count(*) FROM event WHERE core_part LIKE ?1 OR coalesce(text_part, '') LIKE ?1";
        assert_eq!(platform.read(|tx| tx.count(events, params![shown.as_str()]).unwrap()), 0);
        platform.clock.advance_ms(370 * DAY);
        assert_eq!(followed(&platform, &first), None);
        let now = platform.clock.now();
        let sweep = platform.work("platform").housekeeping(move |tx| ticket::sweep_tickets(tx, now));
        platform.execute(sweep).unwrap();
        assert_eq!(platform.count("SELECT count(*) FROM public_report_ticket"), 0);
    }

    fn a_form_sent_twice_is_one_report_with_one_ticket(db: TestDb) {
        let platform = Platform::new(db);
        let gate = platform.place(platform.school);
        let form: CommandId = platform.new_id();
        let send = |words: &str| platform.send(form, (platform.school, gate), words, Some(NUMBER));
        let (first, ticket) = send("护栏松动").unwrap();
        let (again, same) = send("护栏松动").unwrap();
        assert!(!first.repeated && again.repeated && ticket == same);
        assert_eq!(platform.count("SELECT count(*) FROM public_report"), 1);
        assert_eq!(refused(send("井盖破损").map(|_| ())), "command-id-reused");
        // Nobody takes a place of another school for his own.
        let elsewhere = platform.send(platform.new_id(), (platform.other, gate), "护栏松动", None);
        assert_eq!(refused(elsewhere.map(|_| ())), "public-report-place-closed");
        let nowhere = platform.send(platform.new_id(), (UnitId::NIL, gate), "护栏松动", None);
        assert_eq!(refused(nowhere.map(|_| ())), "unit-unknown");
    }

    fn a_place_takes_so_many_a_day(db: TestDb) {
        let platform = Platform::new(db);
        let gate = platform.place(platform.school);
        platform.clock.set(Timestamp::at_start_of(platform.clock.now().local_date()));
        for nth in 0..kernel::limits::REPORTS_PER_PLACE_A_DAY {
            platform.sent((platform.school, gate), &format!("第 {nth} 处护栏松动"), None);
        }
        let more = || platform.send(platform.new_id(), (platform.school, gate), "再来一件", None).map(|_| ());
        assert_eq!(refused(more()), "public-report-place-full");
        platform.clock.advance_ms(DAY);
        more().unwrap();
    }

    fn a_telephone_stands_nowhere_but_sealed_and_goes_with_the_event_that_says_so(db: TestDb) {
        let mut platform = Platform::new(db);
        let gate = platform.place(platform.school);
        let (report, _) = platform.sent((platform.school, gate), "护栏松动", Some(NUMBER));
        let (other, _) = platform.sent((platform.school, gate), "井盖破损", Some("0874-5750000"));
        let read = |platform: &Platform, id| {
            platform.read(|tx| telephone::telephone(tx, &platform.vault, id).unwrap())
        };
        assert_eq!(read(&platform, report).as_deref(), Some(NUMBER));
        assert_eq!(read(&platform, other).as_deref(), Some("0874-5750000"));
        // In no event and in no row but the sealed one, which another record's seal does not open.
        let like = format!("%{NUMBER}%");
        for sql in [
            "SELECT count(*) FROM event WHERE core_part LIKE ?1 OR coalesce(text_part, '') LIKE ?1",
            "SELECT count(*) FROM public_report WHERE state LIKE ?1 OR words LIKE ?1 OR title LIKE ?1",
        ] {
            assert_eq!(platform.read(|tx| tx.count(sql, params![like.as_str()]).unwrap()), 0, "{sql}");
        }
        let sealed = "SELECT sealed FROM public_report_telephone WHERE report_id = ?1";
        let sealed = platform.read(|tx| tx.first(sealed, params![report], |row| row.blob(0)).unwrap()).unwrap();
        assert!(!sealed.windows(NUMBER.len()).any(|part| part == NUMBER.as_bytes()));
        ask(&platform, "head", report, answer(Answer::Void)).unwrap();
        let forget = platform.state(report).forget.unwrap();
        platform.clock.set(forget);
        ask(&platform, "platform", report, tick("telephone")).unwrap();
        assert_eq!(platform.state(report).telephone, Telephone::Erased);
        assert_eq!((read(&platform, report), read(&platform, other).is_some()), (None, true));
        platform.verified_and_rebuilt();
    }
}

#[test]
fn a_telephone_is_read_as_people_type_it_and_nothing_else_is_one() {
    for (typed, kept) in [
        ("13987654321", "13987654321"),
        ("139 8765 4321", "13987654321"),
        ("０８７４－５７５００００", "0874-5750000"),
        ("+86 13987654321", "+8613987654321"),
    ] {
        assert_eq!(telephone::read(typed).as_deref(), Some(kept), "{typed}");
    }
    for none in ["", "123", "张老师", "530323199001010017", "1398765432100000000", "<b>13987654321</b>"] {
        assert_eq!(telephone::read(none), None, "{none}");
    }
}
