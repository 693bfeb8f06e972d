//! One sample of every event type and version.

use journal::Parts;
use kernel::{StreamId, UnitId};
use rules::DueBy;
use test_support::golden;
use uuid::Uuid;

use super::support::*;
use crate::event::{
    Answer, Answered, Nothing, Number, PublicReportEvent, Received, ReceivedText, SentBack, TakenUp, Told,
    Warned,
};

fn due() -> DueBy {
    RULES.due_by("public-report.answer", START, START.local_date()).unwrap()
}

fn lives() -> Vec<PublicReportEvent> {
    let unit = |number: u128| Some(UnitId(Uuid::from_u128(number)));
    let (by, forget) = (officer().person, Some(START.plus_ms(30 * DAY)));
    let number = hazard::Number { year: 2026, serial: 17 };
    let told = |words: &str| Told { words: words.to_owned() };
    let received = Received {
        number: Number { year: 2026, serial: 3 },
        unit: school(),
        place: StreamId(Uuid::from_u128(8)),
        township: unit(0x11),
        central: unit(0x12),
        county: unit(0x13),
        category: Some("H02".to_owned()),
        telephone: true,
        due: due(),
    };
    let text = ReceivedText {
        unit: "第一小学".to_owned(),
        place: "校门".to_owned(),
        spot: "左侧围墙".to_owned(),
        words: "围墙瓷砖松动，快掉下来了".to_owned(),
        photos: vec![photo(1)],
    };
    let taken_up = TakenUp { hazard: hazard_id(), hazard_number: number, forget, by };
    let answered = Answered {
        answer: Answer::Known.into(),
        hazard: Some(hazard_id()),
        hazard_number: Some(number),
        forget,
        by,
    };
    vec![
        PublicReportEvent::Received(Parts::with_text(received, text)),
        PublicReportEvent::TakenUp(Parts::with_text(taken_up, told("已登记，三天内修好"))),
        PublicReportEvent::Answered(Parts::with_text(answered, told("学校已经在修，谢谢提醒"))),
        PublicReportEvent::SentBack(Parts::with_text(SentBack { due: due(), by }, note("请到现场再看一次"))),
        PublicReportEvent::Warned(Parts::core(Warned { mark: 100 })),
        PublicReportEvent::TelephoneErased(Parts::core(Nothing {})),
    ]
}

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR")).understood(&lives()).nothing_else();
}
