use kernel::limits;
use test_support::both_databases;

use super::house::{House, MINUTE};
use crate::{ChannelKind, Outcome, Topic};

const MAJOR: &[Topic] = &[Topic::Major];

both_databases! {
    /// Stopped between the outbox and the robot: told once, not twice, not never.
    fn a_restart_neither_loses_nor_repeats(db: TestDb) {
        let mut house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        house.happens("更名甲");
        house.look();
        house.happens("更名乙");
        house.restart(|_, _| ());
        assert!(house.robot.told().is_empty());
        for _ in 0..3 {
            house.round();
            house.later(MINUTE);
            house.restart(|_, _| ());
        }
        assert_eq!(house.robot.told().len(), 1);
        assert!(house.robot.told()[0].contains("更名甲") && house.robot.told()[0].contains("更名乙"));
        assert_eq!(house.outcomes(), [Outcome::Sent]);
    }

    /// A cursor that is set back finds everything told already.
    fn the_same_event_is_never_told_twice(db: TestDb) {
        let mut house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        house.happens("更名甲");
        house.round();
        house.restart(|tx, _| {
            tx.execute("UPDATE cursor SET position = 0 WHERE name = 'notify'", &[]).unwrap();
        });
        house.later(MINUTE);
        house.round();
        assert_eq!(house.robot.told().len(), 1);
    }

    /// Stopped while a message was on its way: nobody knows, so that is written down and it is sent again.
    fn what_was_on_its_way_is_sent_again(db: TestDb) {
        let mut house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        house.happens("更名甲");
        house.look();
        house.restart(|tx, _| {
            tx.execute("UPDATE notify_outbox SET state = 'sending', tries = 1", &[]).unwrap();
        });
        house.round();
        assert_eq!(house.outcomes(), [Outcome::Interrupted]);
        house.later(limits::CHANNEL_GAP_MS);
        house.round();
        let tries: Vec<u32> = house.sent().iter().map(|row| row.tries).collect();
        assert_eq!((house.robot.told().len(), tries), (1, vec![1, 2]));
    }

    /// A restored copy does not send what the platform that was may have sent: neither what waited nor what it had
    /// not read yet; nor the message of that day.
    fn a_restored_copy_sends_nothing_from_before(db: TestDb) {
        let mut house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, &[Topic::Major, Topic::Daily]);
        house.happens("更名甲");
        house.look();
        house.happens("更名乙");
        house.restart(|tx, clock| {
            journal::open_epoch(tx, clock, &kernel::IdSource::seeded(9)).unwrap();
        });
        house.later(61 * MINUTE);
        house.round();
        house.later(MINUTE);
        house.round();
        assert!(house.robot.told().is_empty(), "{:?}", house.robot.told());
        assert_eq!(house.outcomes(), [Outcome::Restored, Outcome::Restored]);
        house.happens("更名丙");
        house.later(MINUTE);
        house.round();
        assert_eq!(house.robot.told().len(), 1);
        assert!(house.robot.told()[0].contains("更名丙"));
    }
}
