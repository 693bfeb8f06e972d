use std::collections::BTreeSet;

use journal::Subject;
use kernel::{Problem, StreamId, UnitId};
use language::Lang;
use outbound::{Door, DoorSettings};
use storage::params;
use test_support::both_databases;

use super::house::House;
use crate::{
    AddressHint, Channel, ChannelCommand, ChannelKind, NewChannel, Outcome, REFUSALS, Topic, address_hint,
    channel, channels_of_unit, erase_channel_secret, texts, words,
};

fn new(label: &str, topics: &[Topic]) -> NewChannel {
    NewChannel {
        label: label.to_owned(),
        topics: topics.to_vec(),
        daily_hour: 8,
        address: Some(AddressHint { host: "a".to_owned(), tail: "1".to_owned(), signed: false }),
        mailboxes: vec!["office@shizong.example.cn".to_owned()],
    }
}

fn refused(house: &House, unit: UnitId, kind: ChannelKind, new: NewChannel) -> &'static str {
    let id = StreamId(uuid::Uuid::from_u128(9));
    match house.ask(|work| work.ask::<Channel>(id, ChannelCommand::Add { unit, kind, new })) {
        Err(Problem::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

both_databases! {
    fn a_channel_is_added_changed_stopped_and_removed_and_tells_no_secret(db: TestDb) {
        let house = House::new(db);
        let id = house.channel(house.school, ChannelKind::Wecom, &[Topic::Major]);
        let changed = NewChannel { address: None, ..new("值班群", &[Topic::Test, Topic::Daily, Topic::Help]) };
        house.change(id, ChannelCommand::Change(changed)).unwrap();
        let (state, version) = house.read(|tx| channel(tx, id).unwrap().unwrap());
        assert_eq!((state.label.as_str(), version), ("值班群", 2));
        assert_eq!(state.topics, [Topic::Help, Topic::Daily]);
        assert_eq!((state.host.as_str(), state.tail.as_str()), ("127.0.0.1", "1234"), "the address stays");
        house.change(id, ChannelCommand::Stop).unwrap();
        house.change(id, ChannelCommand::Stop).unwrap();
        assert!(matches!(house.change(id, ChannelCommand::Test), Err(Problem::Refused(r)) if r.code == "channel-off"));
        house.change(id, ChannelCommand::Resume).unwrap();
        house.change(id, ChannelCommand::Test).unwrap();
        house
            .ask(|work| {
                work.ask::<Channel>(id, ChannelCommand::Remove).housekeeping(move |tx| erase_channel_secret(tx, id))
            })
            .unwrap();
        assert!(house.read(|tx| channels_of_unit(tx, house.school).unwrap()).is_empty());
        assert_eq!(house.read(|tx| tx.count("SELECT count(*) FROM channel_secret", &[]).unwrap()), 0);
        assert!(
            matches!(house.change(id, ChannelCommand::Resume), Err(Problem::Refused(r)) if r.code == "channel-removed")
        );
        let told = house.read(|tx| journal::events_of_stream(tx, id, None).unwrap());
        let types: Vec<&str> = told.iter().map(|event| event.header.event_type.as_str()).collect();
        let all = ["added", "changed", "stopped", "resumed", "tested", "removed"].map(|t| format!("channel.{t}"));
        assert_eq!(types, all);
        for event in told {
            let text = format!("{:?}", event.parts);
            assert!(!text.contains("very-secret") && !text.contains("http"), "{text}");
        }
    }

    fn the_secret_is_sealed_for_its_channel(db: TestDb) {
        let house = House::new(db);
        let id = house.channel(house.school, ChannelKind::Wecom, &[Topic::Major]);
        let other = house.channel(house.county, ChannelKind::Wecom, &[Topic::Major]);
        let sealed = house.read(|tx| {
            let sql = "SELECT address FROM channel_secret WHERE channel_id = ?1";
            tx.first(sql, params![id], |row| row.blob(0)).unwrap().unwrap()
        });
        assert!(!String::from_utf8_lossy(&sealed).contains("very-secret"));
        let vault = journal::Vault::new(&[7; 32]);
        let (address, signing) = house.read(|tx| crate::channel::secret(tx, &vault, other).unwrap().unwrap());
        assert!(address.ends_with("key=very-secret-1234") && signing.is_none());
        let stranger = journal::Vault::new(&[8; 32]);
        assert!(house.read(|tx| crate::channel::secret(tx, &stranger, id).unwrap()).is_none());
    }

    fn what_is_refused(db: TestDb) {
        let house = House::new(db);
        let (here, major) = (house.school, [Topic::Major].as_slice());
        let wecom = |new| refused(&house, here, ChannelKind::Wecom, new);
        let mail = |mailboxes: &[&str]| {
            let mailboxes = mailboxes.iter().map(|one| (*one).to_owned()).collect();
            refused(&house, here, ChannelKind::Mail, NewChannel { mailboxes, ..new("群", major) })
        };
        assert_eq!(refused(&house, UnitId::NIL, ChannelKind::Wecom, new("群", major)), "channel-unit-unknown");
        assert_eq!(wecom(new("  ", major)), "channel-label-missing");
        assert_eq!(wecom(new(&"群".repeat(101), major)), "channel-text-too-long");
        assert_eq!(wecom(new("群", &[])), "channel-topics-missing");
        assert_eq!(wecom(new("群", &[Topic::Test])), "channel-topics-missing");
        assert_eq!(wecom(NewChannel { daily_hour: 24, ..new("群", major) }), "channel-hour");
        assert_eq!(wecom(NewChannel { address: None, ..new("群", major) }), "channel-address-missing");
        let hint = AddressHint { signed: true, ..AddressHint::default() };
        assert_eq!(wecom(NewChannel { address: Some(hint), ..new("群", major) }), "channel-secret-not-here");
        assert_eq!(mail(&[" "]), "channel-mailboxes-missing");
        assert_eq!(mail(&["nobody"]), "channel-mailbox-shape");
        assert_eq!(mail(&["a@b.cn"; 11]), "channel-mailboxes-limit");
        for _ in 0..10 {
            house.channel(here, ChannelKind::Wecom, major);
        }
        assert_eq!(wecom(new("群", major)), "channel-limit");
    }
}

#[test]
fn an_address_is_checked_and_only_its_end_is_known() {
    let door = Door::open(DoorSettings::default()).unwrap();
    let hint =
        address_hint(&door, " https://oapi.dingtalk.com/robot/send?access_token=abcdef ", "SEC").unwrap();
    assert_eq!(hint, AddressHint { host: "oapi.dingtalk.com".into(), tail: "cdef".into(), signed: true });
    let code = |address: &str| address_hint(&door, address, "").unwrap_err().code;
    assert_eq!(code(" "), "channel-address-missing");
    assert_eq!(code("qyapi"), "channel-address-shape");
    assert_eq!(code("https://example.cn/x"), "channel-address-not-allowed");
    assert_eq!(code("http://oapi.dingtalk.com:443/x"), "channel-address-not-encrypted");
}

#[test]
fn every_code_has_its_words() {
    for lang in Lang::ALL {
        for code in REFUSALS {
            let args = [("most", "9".to_owned()), ("address", "x".to_owned())];
            assert!(texts::lookup(lang, &format!("problem-{code}"), &args).is_some(), "{code}");
        }
        for topic in Topic::ALL {
            assert_ne!(words::topic(lang, *topic), topic.name());
        }
        for kind in ChannelKind::ALL {
            assert_ne!(words::kind(lang, *kind), kind.name());
        }
        for outcome in Outcome::ALL {
            assert_ne!(words::outcome(lang, *outcome), outcome.name());
        }
        for code in ["wecom-1", "dingtalk-2", "http-502", "smtp-451", "timeout", "no-secret", "wecom-93000"] {
            assert_ne!(words::code(lang, code), code);
        }
    }
    let mut used = BTreeSet::new();
    for after in include_str!("../channel/decide.rs").split("\"channel-").skip(1) {
        used.insert(format!("channel-{}", after.split('"').next().unwrap()));
    }
    assert_eq!(used.into_iter().collect::<Vec<_>>(), REFUSALS);
    assert_eq!(Channel::KIND, "channel");
}
