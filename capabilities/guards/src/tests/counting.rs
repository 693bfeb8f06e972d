//! Who counts, and why somebody does not.

use kernel::Date;

use super::support::*;
use crate::{
    Doubt, Guard, Paper,
    expiry::{Spans, days_left, of_guard},
};

fn doubts(change: impl Fn(&mut Guard)) -> Vec<Doubt> {
    let mut guard = guard(1);
    change(&mut guard);
    guard.doubts(TODAY)
}

#[test]
fn only_a_full_time_guard_on_duty_with_his_papers_counts() {
    assert_eq!(doubts(|_| {}), []);
    assert_eq!(doubts(|g| g.full_time = false), [Doubt::PartTime]);
    assert_eq!(doubts(|g| g.since = Some(day(2026, 3, 3))), [Doubt::NotYet]);
    assert_eq!(doubts(|g| g.until = Some(day(2026, 3, 1))), [Doubt::Over]);
    assert_eq!(doubts(|g| g.certified = false), [Doubt::NoCertificate]);
    assert_eq!(doubts(|g| g.certified_until = Some(day(2026, 3, 1))), [Doubt::CertificateOver]);
    assert_eq!(doubts(|g| g.background_on = None), [Doubt::Background]);
    // Every reason is told, not only the first.
    let several = doubts(|g| {
        g.full_time = false;
        g.certified = false;
        g.background_on = None;
    });
    assert_eq!(several, [Doubt::PartTime, Doubt::NoCertificate, Doubt::Background]);
    // Of whom nothing is entered, nothing is guessed.
    assert_eq!(doubts(|g| g.known = false), [Doubt::Unknown]);
}

#[test]
fn the_last_day_still_counts() {
    assert_eq!(doubts(|g| g.until = Some(TODAY)), []);
    assert_eq!(doubts(|g| g.certified_until = Some(TODAY)), []);
    assert_eq!(doubts(|g| g.since = Some(TODAY)), []);
}

#[test]
fn health_and_training_remind_and_keep_nobody_from_counting() {
    let late = doubts(|g| {
        g.health_on = Some(day(2023, 1, 1));
        g.trained_on = None;
    });
    assert_eq!(late, []);
}

#[test]
fn what_runs_out_follows_from_the_papers_and_the_rules() {
    let spans = Spans::of(&RULES, TODAY);
    assert_eq!((spans.first, spans.second, spans.climb), (60, 30, 7));
    let all = of_guard(&guard(1), school(), spans);
    let found: Vec<(Paper, Date)> = all.iter().map(|expiry| (expiry.paper, expiry.last)).collect();
    assert_eq!(
        found,
        [
            (Paper::Certificate, day(2027, 1, 31)),
            (Paper::Health, day(2026, 8, 25)),
            (Paper::Background, day(2026, 8, 20)),
            (Paper::Training, day(2026, 10, 10)),
        ]
    );
    // A day that stands on the paper counts before the rule.
    let mut said = guard(1);
    said.health_until = Some(day(2026, 5, 1));
    let health = of_guard(&said, school(), spans).into_iter().find(|expiry| expiry.paper == Paper::Health);
    assert_eq!(health.unwrap().last, day(2026, 5, 1));
    assert_eq!((days_left(day(2026, 3, 5), TODAY), days_left(day(2026, 3, 1), TODAY)), (3, -1));
}
