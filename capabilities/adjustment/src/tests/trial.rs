//! What a trial says of open records.

use std::sync::Arc;

use kernel::{StreamId, Timestamp, UnitId};
use rules::{DueBy, RuleBook};
use storage::{StorageError, Tx};
use test_support::both_databases;
use uuid::Uuid;

use super::support::*;
use crate::{OpenRecords, OpenSpan, overlay, tried};

/// Records that began on these days ago, each with the deadline of the rules as they are.
struct Room(Vec<i64>);

impl OpenRecords for Room {
    fn running(
        &self,
        _: &mut Tx,
        after: StreamId,
        most: usize,
    ) -> Result<(Vec<OpenSpan>, Option<StreamId>), StorageError> {
        let span = |(number, days): (u128, &i64)| {
            let started = START.plus_ms(-days * DAY);
            let due = RULES.due_by("hazard.rectify.general", started, started.local_date()).unwrap();
            OpenSpan {
                id: StreamId(Uuid::from_u128(number)),
                unit: UnitId::NIL,
                label: format!("2026-{number}"),
                href: String::new(),
                started,
                due: DueBy { ..due },
            }
        };
        let all = (1..).zip(&self.0).map(span).filter(|span| span.id > after);
        let page: Vec<OpenSpan> = all.take(most).collect();
        let next = page.last().map(|span| span.id).filter(|_| page.len() == most);
        Ok((page, next))
    }
}

/// Records that began now, each with a plan of its own that ends so many days later.
struct Planned(Vec<i64>);

impl OpenRecords for Planned {
    fn running(
        &self,
        tx: &mut Tx,
        after: StreamId,
        most: usize,
    ) -> Result<(Vec<OpenSpan>, Option<StreamId>), StorageError> {
        let (mut page, next) = Room(vec![0; self.0.len()]).running(tx, after, most)?;
        for (span, days) in page.iter_mut().zip(&self.0) {
            span.due.at = Timestamp::at_end_of(START.plus_ms(days * DAY).local_date());
        }
        Ok((page, next))
    }
}

fn changed(span: &str) -> (RuleBook, Timestamp) {
    let state = Desk::after(&[(drafter(), draft(vec![rectify_in(span)]))]).state.unwrap();
    (overlay::laid_on(&RULES, &state, None).unwrap(), Timestamp::at_start_of(state.from))
}

both_databases! {
    fn earlier_later_and_overdue_are_counted_and_nothing_is_moved(db: TestDb) {
        storage::migrate(&mut db.database().writer().unwrap(), &[]).unwrap();
        let mut tx = db.database().reader().unwrap();
        // Due in seven days; begun 0, 4 and 10 days ago: the last is overdue by any of them.
        let rooms: Vec<Arc<dyn OpenRecords>> = vec![Arc::new(Room(vec![0, 4, 10]))];
        let mut found = |span: &str| {
            let (book, from) = changed(span);
            let trial = tried(&mut tx, &rooms, (&RULES, &book, from), |_| true, START).unwrap();
            let effect = trial.effects["hazard.rectify.general"].clone();
            (effect.open, effect.earlier, effect.later, effect.overdue, effect.examples.len(), trial.looked_at)
        };
        assert_eq!(found("3d"), (3, 3, 0, 1, 3, 3), "begun four days ago it would be overdue");
        assert_eq!(found("9d"), (3, 0, 3, 0, 3, 3));
        let (book, from) = changed("3d");
        let none = tried(&mut tx, &rooms, (&RULES, &book, from), |rule| rule == "hazard.grade", START).unwrap();
        assert_eq!((none.effects.len(), none.concerned()), (0, Vec::new()));
        // A day that somebody set is moved only where the rule no longer reaches so far; what is the same stays.
        let rooms: Vec<Arc<dyn OpenRecords>> = vec![Arc::new(Planned(vec![2, 6]))];
        let mut of = |book: &RuleBook| {
            let trial = tried(&mut tx, &rooms, (&RULES, book, from), |_| true, START).unwrap();
            let effect = trial.effects["hazard.rectify.general"].clone();
            (effect.open, effect.earlier, effect.later)
        };
        assert_eq!(of(&book), (2, 1, 0), "six days are more than three");
        assert_eq!(of(&changed("9d").0), (2, 0, 0));
        assert_eq!(of(&RULES), (2, 0, 0));
    }
}
