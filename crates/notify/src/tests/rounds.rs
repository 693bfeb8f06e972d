use kernel::{Timestamp, limits};
use test_support::both_databases;

use super::house::{House, MINUTE};
use crate::{ChannelCommand, ChannelKind, Outcome, Topic, texts};

const ALL: &[Topic] = &[Topic::Major, Topic::Daily];
const MAJOR: &[Topic] = &[Topic::Major];

both_databases! {
    /// A unit is told its own business, those above it what is theirs too; nothing from before the channel.
    fn the_right_channels_are_told_once(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.happens("更名甲");
        house.later(MINUTE);
        let school = house.channel(house.school, ChannelKind::Wecom, MAJOR);
        let county = house.channel(house.county, ChannelKind::Dingtalk, MAJOR);
        house.channel(house.county, ChannelKind::Wecom, &[Topic::Help]);
        house.happens("更名乙");
        house.happens("更名丙↑");
        house.round();
        house.later(MINUTE);
        house.round();
        let mut told = house.robot.told();
        told.sort();
        let link = format!("https://xiaoan.example.cn/units/{}", house.school.0.simple());
        let head = |unit: &str, n: usize| language::plain(&texts::message_head(crate::message::LANG, unit, n)).to_string();
        let both = format!("{}\n1. 更名乙\n{link}\n2. 更名丙↑\n{link}", head("更名丙↑", 2));
        let one = format!("{}\n1. 更名丙↑\n{link}", head("师宗县教育体育局", 1));
        assert_eq!(told, [one, both]);
        let sent = house.sent();
        assert_eq!(sent.len(), 2);
        for (channel, items) in [(school, 2), (county, 1)] {
            let row = sent.iter().find(|row| row.channel == channel).unwrap();
            assert_eq!((row.items, row.outcome, row.tries, row.topics.as_slice()), (items, Outcome::Sent, 1, MAJOR));
            assert_eq!((row.host.as_str(), row.code.as_str()), ("127.0.0.1", ""));
            assert!(!row.body.contains("secret"), "the address is in no record");
        }
    }

    /// An errcode is a failure; it is tried again ever more rarely and given up at last.
    fn a_failing_robot_is_tried_again_and_given_up(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        house.robot.will_answer(&[r#"{"errcode":45009,"errmsg":"freq out of limit"}"#; 6]);
        house.happens("更名甲");
        house.round();
        house.later(MINUTE / 2);
        house.round();
        assert_eq!(house.robot.told().len(), 1, "not before its time");
        for wait in limits::OUTBOUND_RETRY_MS {
            house.later(wait);
            house.round();
        }
        house.later(24 * 60 * MINUTE);
        house.round();
        let records: Vec<_> = house.sent().into_iter().map(|row| (row.outcome, row.tries)).collect();
        let mut expected: Vec<_> = (1..=5).map(|tries| (Outcome::Failed, tries)).collect();
        expected.push((Outcome::GivenUp, 6));
        assert_eq!(records, expected);
        assert!(house.sent().iter().all(|row| row.code == "wecom-45009"));
        house.happens("更名乙");
        house.round();
        assert_eq!(house.outcomes().last(), Some(&Outcome::Sent), "later tidings are not held up");
    }

    /// What happens while a robot fails waits with the rest; what had all its tries is given up alone.
    fn later_tidings_wait_with_a_failing_channel(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        house.robot.will_answer(&["<html>busy</html>", r#"{"errcode":93000}"#]);
        house.happens("更名甲");
        house.round();
        house.happens("更名乙");
        house.later(MINUTE / 2);
        house.round();
        assert_eq!(house.robot.told().len(), 1);
        house.later(MINUTE);
        house.round();
        let records: Vec<_> = house.sent().into_iter().map(|row| (row.outcome, row.items, row.code)).collect();
        let expected = [
            (Outcome::Failed, 1, "no-errcode".to_owned()),
            (Outcome::GivenUp, 2, "wecom-93000".to_owned()),
        ];
        assert_eq!(records, expected, "an address that is no more is not tried again");
    }

    /// Many tidings make one message with a count of the rest, short enough for a robot.
    fn many_tidings_make_one_message(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        for number in 0..30 {
            house.happens(&format!("更名第{number}次"));
        }
        house.round();
        house.happens("更名又一次");
        house.round();
        assert_eq!(house.robot.told().len(), 1, "a robot takes a few messages a minute");
        let text = house.robot.told().remove(0);
        assert!(text.len() <= 2_048, "{}", text.len());
        assert!(text.ends_with("另有 22 项，请登录平台查看"), "{text}");
        assert_eq!(house.sent()[0].items, 30);
        house.later(limits::CHANNEL_GAP_MS);
        house.round();
        assert_eq!(house.robot.told().len(), 2);
    }

    /// After a long stop nobody is told what is no news any more, but it is written down.
    fn old_news_are_recorded_and_not_sent(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        for number in 0..12 {
            house.happens(&format!("更名第{number}次"));
        }
        house.later(limits::TIDING_MAX_AGE_MS + 1);
        house.happens("更名刚才");
        house.round();
        let records: Vec<_> = house.sent().into_iter().map(|row| (row.outcome, row.items)).collect();
        assert_eq!(records[0], (Outcome::TooOld, 12));
        house.later(limits::CHANNEL_GAP_MS);
        house.round();
        assert_eq!(house.robot.told().len(), 1);
        assert!(house.robot.told()[0].contains("更名刚才"));
    }

    /// A demonstration tells nobody anything, and says so.
    fn a_demonstration_sends_nothing(db: TestDb) {
        let house = House::founded(db, true);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, ALL);
        house.channel(house.school, ChannelKind::Mail, MAJOR);
        house.happens("更名甲");
        house.round();
        house.later(MINUTE);
        house.round();
        assert!(house.robot.told().is_empty());
        assert_eq!(house.outcomes(), [Outcome::Demonstration, Outcome::Demonstration]);
    }

    /// Once a working day, at its hour, however often one looks.
    fn the_daily_message(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.channel(house.county, ChannelKind::Wecom, ALL);
        house.later(59 * MINUTE);
        house.round();
        assert!(house.robot.told().is_empty(), "not before ten");
        for _ in 0..3 {
            house.later(MINUTE);
            house.round();
        }
        assert_eq!(house.robot.told().len(), 1);
        assert!(house.robot.told()[0].contains("共 2 个单位"), "{:?}", house.robot.told());
        house.later(Timestamp::DAY_MS + 6 * Timestamp::HOUR_MS);
        house.round();
        assert_eq!(house.robot.told().len(), 1, "too late for Tuesday");
        house.later(18 * Timestamp::HOUR_MS);
        house.round();
        assert_eq!(house.robot.told().len(), 2, "Wednesday");
        house.later(3 * Timestamp::DAY_MS);
        house.round();
        assert_eq!(house.robot.told().len(), 2, "Saturday");
    }

    /// What waits for a channel that was switched off is not sent.
    fn a_stopped_channel_is_silent(db: TestDb) {
        let house = House::new(db);
        house.round();
        let channel = house.channel(house.school, ChannelKind::Wecom, MAJOR);
        house.happens("更名甲");
        house.look();
        house.change(channel, ChannelCommand::Stop).unwrap();
        house.happens("更名乙");
        house.round();
        assert_eq!(house.outcomes(), [Outcome::Stopped]);
        house.change(channel, ChannelCommand::Resume).unwrap();
        house.later(MINUTE);
        house.happens("更名丙");
        house.round();
        assert_eq!(house.robot.told().len(), 1);
        assert!(house.robot.told()[0].contains("更名丙"));
    }

    /// Without a mail server a letter fails for good, and the record says why.
    fn mail_without_a_server(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Mail, MAJOR);
        house.happens("更名甲");
        house.round();
        let row = house.sent().remove(0);
        assert_eq!((row.outcome, row.code.as_str()), (Outcome::GivenUp, "no-mail-server"));
        assert_eq!(row.host, "shizong.example.cn");
    }

    /// Old records and old marks go.
    fn what_is_old_is_swept(db: TestDb) {
        let house = House::new(db);
        house.round();
        house.channel(house.school, ChannelKind::Wecom, MAJOR);
        house.happens("更名甲");
        house.round();
        let outbox = |house: &House| house.read(|tx| tx.count("SELECT count(*) FROM notify_outbox", &[]).unwrap());
        assert_eq!((outbox(&house), house.sent().len()), (1, 1));
        house.later(limits::TIDING_KEPT_MS + 1);
        house.round();
        assert_eq!((outbox(&house), house.sent().len()), (0, 1));
        house.later(limits::SENT_KEPT_MS);
        house.round();
        assert_eq!(house.sent().len(), 0);
    }
}
