//! Whose list of what is due a hazard stands on: of those who may do it, not of those whose work is judged.

use kernel::{Clock, PersonId, StreamId};
use test_support::both_databases;

use super::{
    platform::Platform,
    store::{at_head, at_officer, clean, taken_on},
    support::{DAY, accept, close, extension, note, rectify, send_back},
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
