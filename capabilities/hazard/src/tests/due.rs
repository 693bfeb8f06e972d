//! Whose list of what is due a hazard stands on: of those who may do it, not of those whose work is judged.

use kernel::{Clock, PersonId, StreamId, Timestamp};
use test_support::both_databases;

use super::{
    platform::Platform,
    store::{at_head, at_officer, clean, taken_on},
    support::{DAY, accept, ask_help, close, deliver_help, extension, note, rectify, send_back, support},
};
use crate::{query::due_for, turn::Act};

/// What the list of somebody at the school says about a hazard, and whether it waits for somebody else by name.
fn listed(platform: &Platform, id: StreamId, me: PersonId) -> Vec<(Act, bool)> {
    let mut tx = platform.db.database().reader().unwrap();
    let seats = [(platform.school, Act::ALL.to_vec())];
    let due = due_for(&mut tx, &seats, Some(me), 10).unwrap();
    due.iter().filter(|item| item.id == id).map(|item| (item.act, item.waits_for_other(Some(me)))).collect()
}

both_databases! {
    fn nobody_is_listed_to_judge_his_own_work(db: TestDb) {
        let mut platform = Platform::new(db);
        let (head, officer) = (platform.head.1, platform.officer.1);
        let id = taken_on(&platform);
        let both = |platform: &Platform| (listed(platform, id, officer), listed(platform, id, head));
        let (mine, others) = (|act| vec![(act, false)], |act| vec![(act, true)]);
        assert_eq!(both(&platform), (mine(Act::Rectify), others(Act::Rectify)), "the officer was named");
        at_officer(&platform, id, extension(platform.clock.now().plus_ms(6 * DAY)));
        assert_eq!(both(&platform), (vec![], mine(Act::AnswerExtension)), "nobody answers himself");
        at_head(&platform, id, crate::HazardCommand::AnswerExtension {
            answer: crate::command::Extension::Grant,
            note: note("同意"),
        });
        at_officer(&platform, id, rectify());
        assert_eq!(both(&platform), (vec![], mine(Act::Accept)), "nobody accepts what he fixed");
        at_head(&platform, id, send_back());
        assert_eq!(both(&platform), (mine(Act::Rectify), others(Act::Rectify)));
        at_officer(&platform, id, rectify());
        at_head(&platform, id, accept());
        assert_eq!(both(&platform), (mine(Act::Close), mine(Act::Close)), "closing judges nothing");
        at_head(&platform, id, close());
        assert_eq!(both(&platform), (vec![], mine(Act::Revisit)), "nor looks back at it");
        clean(&mut platform);
    }
}

/// What the list of the county office says about a hazard, and by when.
fn owed(platform: &Platform, id: StreamId) -> Vec<(Act, Option<Timestamp>, bool)> {
    let mut tx = platform.db.database().reader().unwrap();
    let county =
        tx.first("SELECT county_id FROM hazard", storage::params![], |row| row.id(0)).unwrap().unwrap();
    let due = due_for(&mut tx, &[(county, Act::ALL.to_vec())], None, 10).unwrap();
    due.iter().filter(|item| item.id == id).map(|item| (item.act, item.due_at, item.owed_there)).collect()
}

both_databases! {
    fn the_county_is_listed_with_what_it_owes_of_a_request(db: TestDb) {
        let mut platform = Platform::new(db);
        let id = taken_on(&platform);
        assert_eq!(owed(&platform, id), []);
        at_officer(&platform, id, ask_help());
        let (work, asked) = due_of(&platform, id);
        assert_eq!(owed(&platform, id), [(Act::AnswerHelp, asked, false)], "its own clock, not that of the work");
        assert_ne!(work, asked);
        platform.ask(platform.county, id, support()).unwrap();
        let (_, promised) = due_of(&platform, id);
        assert_eq!(owed(&platform, id), [(Act::DeliverHelp, promised, false)]);
        platform.ask(platform.county, id, deliver_help()).unwrap();
        assert_eq!(owed(&platform, id), []);
        clean(&mut platform);
    }
}

/// The deadline of the work and that of the request.
fn due_of(platform: &Platform, id: StreamId) -> (Option<Timestamp>, Option<Timestamp>) {
    let mut tx = platform.db.database().reader().unwrap();
    let sql = "SELECT due_at, help_due FROM hazard WHERE id = ?1";
    tx.first(sql, storage::params![id], |row| Ok((row.opt_time(0)?, row.opt_time(1)?))).unwrap().unwrap()
}
