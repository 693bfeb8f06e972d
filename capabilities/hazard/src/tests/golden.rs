//! One sample of every event type and version.

use kernel::StreamId;
use test_support::golden;
use uuid::Uuid;

use super::support::*;
use crate::{
    Extension, HazardCommand, HazardEvent, Level, Number, OnTheSpot, Position, Registration,
    event::{GuideItemAnswered, NamedHazard},
    none_met,
    repetition::Earlier,
};

/// Lives in which everything happens once.
fn lives() -> Vec<HazardEvent> {
    let mut desk = Desk::new();
    let position =
        Some(Position { latitude: 24.825_361_9, longitude: 103.990_173_3, accuracy_m: Some(12.5) });
    let category = "H01".to_owned();
    let asked = Registration { position, category, ..registration() };
    let named =
        NamedHazard { hazard: StreamId(Uuid::from_u128(0x77)), number: Number { year: 2026, serial: 3 } };
    desk.facts.earlier = Some(Earlier { named, day: START.day_number() - 20 });
    desk.done(&officer(), &HazardCommand::Register(Box::new(asked)));
    desk.done(&officer(), &correct("H01"));
    let items = RULES.guide("H01").unwrap().items.iter();
    let answers = items.map(|item| GuideItemAnswered { item: item.id.to_string(), met: false }).collect();
    let grading = crate::GradeAs { level: Level::General, answers, reason: "逐条核对".to_owned() };
    desk.done(&officer(), &HazardCommand::Grade(grading));
    desk.done(&head(), &assign());
    let due = desk.now.plus_ms(5 * DAY);
    desk.done(&officer(), &take_on(due));
    desk.done(&head(), &change_responsible());
    desk.done(&officer(), &HazardCommand::Progress(note("配件已到")));
    desk.done(&officer(), &ask_help());
    desk.done(&county(), &support());
    desk.done(&county(), &deliver_help());
    desk.done(&head(), &HazardCommand::Urge(note("请抓紧办理")));
    for answer in [Extension::Refuse, Extension::Grant] {
        desk.done(&officer(), &extension(due.plus_ms(DAY)));
        desk.done(&head(), &HazardCommand::AnswerExtension { answer, note: note("研究决定") });
    }
    desk.clocks_until(due.plus_ms(9 * DAY));
    desk.done(&county(), &HazardCommand::AnswerClimb(note("约谈校长，议定三日内完成")));
    for proof in [send_back(), accept()] {
        desk.done(&officer(), &rectify());
        desk.done(&head(), &proof);
    }
    desk.done(&head(), &close());
    desk.done(&head(), &HazardCommand::Revisit { sound: false, note: note("又坏了") });
    let mut other = Desk::after(&[(officer(), register()), (officer(), withdraw())]);
    let spot = OnTheSpot {
        note: "当场更换插座".to_owned(),
        photos: vec![photo(2)],
        answers: none_met(&RULES, "H01"),
        ..OnTheSpot::default()
    };
    let spot = Registration { category: "H01".to_owned(), on_the_spot: Some(spot), ..registration() };
    other.events.extend(Desk::after(&[(officer(), HazardCommand::Register(Box::new(spot)))]).events);
    other.events.extend(Desk::after(&[(county(), carry(ledger_closed()))]).events);
    let mut left = closed(Level::General);
    left.facts.unit.as_mut().unwrap().closed = true;
    left.hang_under(Some(0x22));
    other.events.extend(left.events);
    desk.events.into_iter().chain(other.events).map(|(_, event)| event).collect()
}

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR")).understood(&lives()).nothing_else();
}
