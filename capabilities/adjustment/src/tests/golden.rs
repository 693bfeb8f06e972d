//! One sample of every event type and version.

use kernel::Date;
use test_support::golden;

use super::support::*;
use crate::{AdjustmentCommand, AdjustmentEvent, Change, Concerned, FiveTexts, NewValue, StepDays};

/// Every kind of change there is.
fn everything() -> Vec<Change> {
    let value =
        |rule: &str, value| Change::Value { rule: rule.to_owned(), variant: "default".to_owned(), value };
    let step = |step: &str, after| StepDays { step: step.to_owned(), after };
    vec![
        rectify_in("5d"),
        value("clock.marks", NewValue::Marks(vec![60, 90, 100])),
        value(
            "hazard.climb.general",
            NewValue::Steps(vec![step("remind", 0), step("talk", 2), step("raise", 5)]),
        ),
        Change::Variant { rule: "hazard.rectify.general".to_owned(), variant: "qr-48h".to_owned() },
        Change::Day { date: on("2027-01-01"), working: false, name: "元旦".to_owned() },
        Change::Year { year: 2027 },
        Change::Prefill {
            category: "H01".to_owned(),
            texts: FiveTexts {
                responsibility: "后勤主任负责、值班保安落实".to_owned(),
                funds: "从公用经费列支".to_owned(),
                measures: "更换失效灭火器并清理通道、拍照留存".to_owned(),
                deadline: "登记当日处置".to_owned(),
                contingency: "处置前专人看守".to_owned(),
            },
        },
    ]
}

fn lives() -> Vec<AdjustmentEvent> {
    let mut desk = Desk::new();
    let mut all = everything();
    all.extend((2..=11).map(|day| Change::Day {
        date: Date::constant(2027, 10, day),
        working: false,
        name: "国庆节".to_owned(),
    }));
    desk.done(&drafter(), &draft(all));
    desk.done(&leader(), &AdjustmentCommand::SendBack(note("请附去年的统计")));
    desk.done(&drafter(), &draft(vec![rectify_in("5d")]));
    let concerned = vec![Concerned { rule: "hazard.rectify.general".to_owned(), open: 12 }];
    desk.done(&leader(), &AdjustmentCommand::Activate { concerned, note: note("同意") });
    desk.done(&leader(), &end("2026-06-01"));
    let mut other = waiting();
    other.done(&drafter(), &AdjustmentCommand::Drop(note("改为下学期再议")));
    desk.events.into_iter().chain(other.events).collect()
}

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR")).understood(&lives()).nothing_else();
}
