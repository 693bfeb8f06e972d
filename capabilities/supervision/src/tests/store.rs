//! Listings beside their hazards on both databases: one unit of work, rows, numbers; the same again after a rebuild.

use hazard::{Hazard, HazardCommand, Level};
use kernel::{Actor, PersonId, StreamId, UnitId};
use organisation::{Person, PersonCommand};
use storage::params;
use test_support::both_databases;

use super::{
    platform::{County, Platform, accept, close, grade, refused},
    support::{
        DAY, HOUR, START, apply, checked_as, control, delist, note, notice, photo, receive, review, sign,
        time, waive,
    },
};
use crate::{
    CheckDraft, NoticeDraft, Number, StageCode, Supervision, SupervisionCommand, event::EndedWhy, stream_of,
    turns,
};

fn stage(platform: &Platform, hazard: StreamId) -> StageCode {
    platform.state(hazard).unwrap().stage.code()
}

fn number(platform: &Platform, hazard: StreamId) -> Option<Number> {
    platform.state(hazard).unwrap().stage.listing().map(|listing| listing.number)
}

/// Signs the delisting, and with it accepts and closes the hazard.
fn delisted(platform: &Platform, at: County, id: StreamId) {
    let work = platform
        .work(platform.actor(at, "leader"))
        .ask::<Supervision>(stream_of(id), delist(true))
        .ask::<Hazard>(id, accept())
        .ask::<Hazard>(id, close());
    platform.execute(work).unwrap();
}

/// Stage, next date and both numbers of the row, as they follow from the state.
fn row_is_as_the_state(platform: &Platform, hazard: StreamId) {
    let state = platform.state(hazard).unwrap();
    let sql = "SELECT stage, next_due, year, serial, given_year, given_serial, unit_id, county_id, hazard_id,
        signed_at, deadline, opened_at FROM supervision WHERE id = ?1";
    let row = platform.rows(sql, params![stream_of(hazard)], "tiiiiiuuuiii");
    let said = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
    let pair = |number: Option<Number>| {
        let (year, serial) = (number.map(|n| n.year.into()), number.map(|n| n.serial.into()));
        format!("{} {}", said(year), said(serial))
    };
    let listing = state.stage.listing();
    let next = turns(&state).iter().filter_map(|turn| turn.due).min();
    let expected = format!(
        "{} {} {} {} {} {} {} {} {} {}",
        state.stage.code().name(),
        said(next.map(|at| at.0)),
        pair(listing.map(|listing| listing.number)),
        pair(state.given),
        state.unit,
        state.office(),
        hazard,
        said(listing.map(|listing| listing.signed_at.0)),
        said(state.stage.notice().map(|notice| notice.deadline.0)),
        state.opened_at.0,
    );
    assert_eq!(row, [expected]);
}

/// One row for each turn, with the people it names or bars.
fn due_is_as_the_state(platform: &Platform, hazard: StreamId) {
    let named = |people: &[PersonId]| {
        people.iter().map(|person| person.0.simple().to_string()).collect::<Vec<_>>().join(" ")
    };
    let mut expected: Vec<String> = turns(&platform.state(hazard).unwrap())
        .iter()
        .map(|turn| {
            let due = turn.due.map_or_else(String::new, |due| due.0.to_string());
            let people = format!("{} | {}", named(&turn.only), named(&turn.barred));
            format!("{} {} {due} {people}", turn.act.name(), turn.unit)
        })
        .collect();
    expected.sort();
    let sql =
        "SELECT act, unit_id, due_at, only_people, CAST('|' AS TEXT), barred_people FROM supervision_due
        WHERE supervision_id = ?1 ORDER BY act";
    assert_eq!(platform.rows(sql, params![stream_of(hazard)], "tuittt"), expected);
}

fn rows_are_as_the_state(platform: &Platform, hazard: StreamId) {
    row_is_as_the_state(platform, hazard);
    due_is_as_the_state(platform, hazard);
}

fn draft_with(platform: &Platform, supervisor: UnitId) -> SupervisionCommand {
    let right = notice(kernel::Clock::now(&*platform.clock));
    SupervisionCommand::Draft(NoticeDraft { supervisor: Some(supervisor), ..right })
}

both_databases! {
    fn a_grading_to_major_opens_the_listing_in_the_same_unit_of_work(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let id = platform.registered(here);
        platform.hazard(here, "officer", id, grade(Level::General)).unwrap();
        assert!(platform.state(id).is_none());
        let outcome = platform.hazard(here, "officer", id, grade(Level::Major)).unwrap();
        assert_eq!(outcome.events, 2);
        let graded = platform.events(id).pop().unwrap().header;
        let opened = platform.events(stream_of(id)).pop().unwrap().header;
        assert_eq!((graded.event_type.as_str(), opened.event_type.as_str()), ("hazard.graded", "supervision.opened"));
        assert_eq!((opened.cause, opened.command_id), (graded.event_id, graded.command_id));
        assert_eq!((opened.actor, opened.unit_id), (Actor::SYSTEM.id, here.school));
        let state = platform.state(id).unwrap();
        assert_eq!((state.hazard, state.unit), (id, here.school));
        assert_eq!((state.central, state.county), (Some(here.central), Some(here.county)));
        rows_are_as_the_state(&platform, id);
        platform.verified_and_rebuilt();
    }

    fn a_major_hazard_is_proved_by_its_delisting_alone(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let id = platform.graded(here);
        platform.taken_on(here, id);
        platform.rectified(here, id);
        assert_eq!(refused(platform.hazard(here, "leader", id, accept())), "supervision-not-listed");
        platform.signed(here, id);
        assert_eq!(refused(platform.hazard(here, "leader", id, accept())), "supervision-not-delisted");
        for command in [receive(), control(), apply()] {
            platform.listing(here, "head", id, command).unwrap();
        }
        platform.checked(here, id);
        let before = platform.events(id).len();
        // The wrong order: the hazard does not wait for what comes after it.
        let work = platform.work(platform.actor(here, "leader"));
        let work = work.ask::<Hazard>(id, accept()).ask::<Supervision>(stream_of(id), delist(true));
        assert_eq!(refused(platform.execute(work)), "supervision-not-delisted");
        assert_eq!((platform.events(id).len(), stage(&platform, id)), (before, StageCode::Checked));
        let work = platform
            .work(platform.actor(here, "leader"))
            .ask::<Supervision>(stream_of(id), delist(true))
            .ask::<Hazard>(id, accept())
            .ask::<Hazard>(id, close());
        assert_eq!(platform.execute(work).unwrap().events, 3);
        assert_eq!(stage(&platform, id), StageCode::Delisted);
        let hazard = platform.rows("SELECT stage FROM hazard", &[], "t");
        assert_eq!(hazard, ["closed"]);
        rows_are_as_the_state(&platform, id);
        platform.verified_and_rebuilt();
    }

    fn a_delisting_without_a_hazard_to_accept_is_undone_whole(db: TestDb) {
        let (platform, here) = Platform::new(db);
        let id = platform.ready(here);
        let by_picture = HazardCommand::Accept { on_site: false, note: note("看照片") };
        let work = platform
            .work(platform.actor(here, "leader"))
            .ask::<Supervision>(stream_of(id), delist(true))
            .ask::<Hazard>(id, by_picture);
        assert_eq!(refused(platform.execute(work)), "hazard-major-on-site");
        assert_eq!(stage(&platform, id), StageCode::Checked);
    }

    fn progress_on_the_hazard_moves_the_week(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let id = platform.graded(here);
        platform.taken_on(here, id);
        assert_eq!(platform.clock_due(id, "progress"), None);
        platform.signed(here, id);
        assert_eq!(time(platform.clock_due(id, "progress").unwrap()), "03-09 23:59");
        platform.clock.set(START.plus_ms(5 * DAY));
        let report = HazardCommand::Progress(note("一层加固完成"));
        let outcome = platform.hazard(here, "officer", id, report).unwrap();
        assert_eq!(outcome.events, 2);
        assert_eq!(time(platform.clock_due(id, "progress").unwrap()), "03-14 23:59");
        rows_are_as_the_state(&platform, id);
        platform.rectified(here, id);
        assert_eq!(platform.clock_due(id, "progress"), None);
        rows_are_as_the_state(&platform, id);
        platform.verified_and_rebuilt();
    }

    fn rows_follow_the_state_at_every_step(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let id = platform.graded(here);
        platform.taken_on(here, id);
        let step = |who: &str, command: SupervisionCommand| {
            platform.listing(here, who, id, command).unwrap();
            rows_are_as_the_state(&platform, id);
        };
        step("office1", draft_with(&platform, here.county));
        step("office1", SupervisionCommand::Submit);
        step("office2", review(false));
        step("office1", draft_with(&platform, here.department));
        step("office1", SupervisionCommand::Submit);
        step("office2", review(true));
        step("leader", sign(true));
        step("head", receive());
        step("head", control());
        platform.rectified(here, id);
        step("head", apply());
        step("office1", checked_as(platform.check(here, true)));
        step("office2", SupervisionCommand::SignCheck);
        step("leader", delist(false));
        step("office2", checked_as(platform.check(here, true)));
        step("office1", SupervisionCommand::SignCheck);
        delisted(&platform, here, id);
        rows_are_as_the_state(&platform, id);
        let photos = platform.rows("SELECT hash FROM supervision_photo", &[], "t");
        assert_eq!(photos, [photo(7).0], "once, however often it was shown");
        let ended = platform.rows("SELECT ended_at FROM supervision", &[], "i");
        assert_eq!(ended, [kernel::Clock::now(&*platform.clock).plus_ms(-HOUR).0.to_string()]);
        let evidence = "SELECT kind FROM evidence WHERE kind LIKE 'supervision%' ORDER BY position";
        assert_eq!(platform.rows(evidence, &[], "t"), ["supervision.signed", "supervision.delisted"]);
        platform.verified_and_rebuilt();
    }

    fn a_restart_between_any_two_steps_changes_nothing(db: TestDb) {
        let (platform, here) = Platform::new(db);
        let id = platform.graded(here);
        let draft = draft_with(&platform, here.county);
        let mut platform = platform.restarted();
        for (who, command) in [
            ("office1", draft),
            ("office1", SupervisionCommand::Submit),
            ("office2", review(true)),
            ("leader", sign(true)),
            ("head", receive()),
            ("head", control()),
        ] {
            platform.listing(here, who, id, command).unwrap();
            platform = platform.restarted();
        }
        platform.taken_on(here, id);
        platform.rectified(here, id);
        platform = platform.restarted();
        platform.listing(here, "head", id, apply()).unwrap();
        platform = platform.restarted();
        platform.listing(here, "office1", id, checked_as(platform.check(here, true))).unwrap();
        platform = platform.restarted();
        platform.listing(here, "office2", id, SupervisionCommand::SignCheck).unwrap();
        platform = platform.restarted();
        delisted(&platform, here, id);
        platform.verified_and_rebuilt();
    }

    fn each_county_counts_for_itself(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let there = platform.settle("b-", "530324", "2153000003", "2153000004");
        let signed = |at: County| {
            let id = platform.graded(at);
            platform.signed(at, id);
            number(&platform, id).unwrap().to_string()
        };
        assert_eq!([signed(here), signed(here)], ["2026-001", "2026-002"]);
        assert_eq!([signed(there), signed(here), signed(there)], ["2026-001", "2026-003", "2026-002"]);
        platform.clock.set(START.plus_ms(310 * DAY));
        assert_eq!(signed(here), "2027-001");
        platform.verified_and_rebuilt();
    }

    fn a_number_once_given_is_not_given_again(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let first = platform.ready(here);
        delisted(&platform, here, first);
        platform.clock.advance_ms(20 * DAY);
        let worse = HazardCommand::Revisit { sound: false, note: note("又见裂缝") };
        assert_eq!(platform.hazard(here, "leader", first, worse).unwrap().events, 2);
        let state = platform.state(first).unwrap();
        assert_eq!((state.round, state.stage.code(), state.stage.listing()), (2, StageCode::Owed, None));
        rows_are_as_the_state(&platform, first);
        let second = platform.graded(here);
        platform.signed(here, second);
        platform.signed(here, first);
        let numbers = [second, first].map(|id| number(&platform, id).unwrap().serial);
        assert_eq!(numbers, [2, 3]);
        rows_are_as_the_state(&platform, first);
        platform.verified_and_rebuilt();
    }

    fn a_hazard_that_is_not_listed_is_proved_in_its_own_way(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let id = platform.graded(here);
        platform.listing(here, "leader", id, waive()).unwrap();
        platform.taken_on(here, id);
        platform.rectified(here, id);
        for command in [accept(), close()] {
            platform.hazard(here, "leader", id, command).unwrap();
        }
        assert_eq!(stage(&platform, id), StageCode::Waived);
        rows_are_as_the_state(&platform, id);
        platform.verified_and_rebuilt();
    }

    fn a_hazard_withdrawn_or_graded_down_ends_its_listing(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let withdrawn = platform.graded(here);
        let withdraw = HazardCommand::Withdraw { duplicate: true, same_as: None, note: note("与前一条重复") };
        platform.hazard(here, "leader", withdrawn, withdraw).unwrap();
        let lowered = platform.graded(here);
        platform.signed(here, lowered);
        platform.hazard(here, "leader", lowered, grade(Level::Larger)).unwrap();
        for (id, why) in [(withdrawn, EndedWhy::Withdrawn), (lowered, EndedWhy::Lowered)] {
            assert_eq!(stage(&platform, id), StageCode::Ended);
            rows_are_as_the_state(&platform, id);
            let last = platform.events(stream_of(id)).pop().unwrap();
            assert!(last.parts.core.contains(why.name()), "{}", last.parts.core);
        }
        platform.hazard(here, "officer", lowered, grade(Level::Major)).unwrap();
        assert_eq!((stage(&platform, lowered), platform.state(lowered).unwrap().round), (StageCode::Owed, 2));
        platform.verified_and_rebuilt();
    }

    fn a_failed_check_returns_the_hazard_in_the_same_unit_of_work(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let id = platform.graded(here);
        platform.taken_on(here, id);
        platform.signed(here, id);
        platform.applied(here, id);
        let send_back = HazardCommand::Return { note: note("三楼未加固"), due: None };
        let work = platform
            .work(platform.actor(here, "office1"))
            .ask::<Supervision>(stream_of(id), checked_as(platform.check(here, false)))
            .ask::<Hazard>(id, send_back);
        assert_eq!(platform.execute(work).unwrap().events, 3);
        let state = platform.state(id).unwrap();
        assert_eq!((state.stage.code(), state.rectified), (StageCode::Listed, false));
        assert!(platform.clock_due(id, "progress").is_some());
        rows_are_as_the_state(&platform, id);
        platform.rectified(here, id);
        platform.listing(here, "head", id, apply()).unwrap();
        platform.checked(here, id);
        delisted(&platform, here, id);
        platform.verified_and_rebuilt();
    }

    fn only_the_county_and_its_departments_supervise(db: TestDb) {
        let (mut platform, here) = Platform::new(db);
        let there = platform.settle("b-", "530324", "2153000003", "2153000004");
        let id = platform.graded(here);
        for unit in [here.school, here.central, there.county, there.department, UnitId::NIL] {
            let asked = draft_with(&platform, unit);
            assert_eq!(refused(platform.listing(here, "office1", id, asked)), "supervision-supervisor");
        }
        for unit in [here.county, here.department] {
            platform.listing(here, "office1", id, draft_with(&platform, unit)).unwrap();
        }
        assert_eq!(refused(platform.listing(there, "office1", id, SupervisionCommand::Submit)), "forbidden");
    }

    fn checkers_are_people_in_service_from_outside_the_school(db: TestDb) {
        let (platform, here) = Platform::new(db);
        let id = platform.graded(here);
        platform.taken_on(here, id);
        platform.signed(here, id);
        platform.applied(here, id);
        let with = |person: PersonId| {
            let mut draft: CheckDraft = platform.check(here, true);
            draft.checkers.push(person);
            platform.listing(here, "office1", id, checked_as(draft))
        };
        for who in ["head", "officer", "central"] {
            assert_eq!(refused(with(platform.person(here, who))), "supervision-checker-of-school", "{who}");
        }
        assert_eq!(refused(with(PersonId::NIL)), "person-unknown");
        let gone = platform.person(here, "leader");
        platform.ask::<Person>(Actor::SYSTEM, gone, PersonCommand::Leave(START.local_date())).unwrap();
        assert_eq!(refused(with(gone)), "person-unknown");
    }
}
