//! The packs inside the binary: complete, sourced, and right by their own cases.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use std::{
    collections::BTreeSet,
    sync::{LazyLock, OnceLock},
};

use kernel::{Date, Timestamp};
use rules::{GuideAnswer, RuleBook, RuleError, Tag, Unit};

static BOOK: LazyLock<RuleBook> = LazyLock::new(|| {
    RuleBook::embedded().unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
});

fn on(text: &str) -> Date {
    text.parse().expect("date")
}

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().expect("time").as_millisecond())
}

#[test]
fn all_cases_agree() {
    let report = BOOK.run_cases();
    assert_eq!(report.failures, [], "{} passed", report.passed);
    assert!(report.passed >= 140, "only {} cases were read", report.passed);
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let mut sources: Vec<_> = RuleBook::embedded_sources()
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    for (path, text) in &mut sources {
        if path == "hazard/durations.toml" {
            *text = text.replace("value = \"15d\"", "value = \"16d\"");
        }
    }
    let book = RuleBook::from_sources(sources).expect("valid");
    let report = book.run_cases();
    assert!(!report.all_passed());
    assert_eq!(report.failures.len(), 1);
    assert_eq!((report.failures[0].expected.as_str(), report.failures[0].actual.as_str()), ("15d", "16d"));
    assert!(report.failures[0].line > 1);
    assert_ne!(book.stamp(), BOOK.stamp());
}

#[test]
fn every_rule_has_clause_tag_and_kind_of_wording() {
    let mut seen = 0;
    for rule in BOOK.rules() {
        seen += 1;
        assert!(!rule.clause.zh.is_empty() && !rule.clause.en.is_empty(), "{}", rule.id);
        assert_eq!(rule.clause.tag == Tag::I, rule.clause.zh.as_ref() == "系统默认，县局可改", "{}", rule.id);
        assert_eq!(rule.editable(), !matches!(rule.clause.tag, Tag::S | Tag::L), "{}", rule.id);
    }
    assert!(seen >= 20);
    for topic in BOOK.topics() {
        assert!(!topic.clause.zh.is_empty(), "{}", topic.file);
    }
}

#[test]
fn categories_are_complete() {
    let codes: Vec<_> = (1..=23).map(|n| format!("H{n:02}")).chain(["H99".to_owned()]).collect();
    for code in &codes {
        let category = BOOK.category(code).unwrap_or_else(|| panic!("{code} is missing"));
        assert!(!category.departments.is_empty() && !category.measures.is_empty(), "{code}");
        let off = ["H16", "H17", "H22"].contains(&code.as_str());
        assert_eq!(category.is_on(), !off, "{code}");
        if off {
            let instead = category.instead.as_ref().expect("shown instead");
            assert_eq!(instead.phones[0].as_ref(), "110");
            assert!(instead.school_phone && instead.county_phone && category.reason.is_some());
            assert_eq!(category.season.share, 0);
            let same = |other: &&rules::Category| {
                other.instead.as_ref().is_some_and(|i| i.zh == instead.zh || i.en == instead.en)
            };
            assert_eq!(BOOK.categories().iter().filter(same).count(), 1, "{code} in its own words");
        } else {
            assert!((5..=8).contains(&category.sub_items.len()), "{code}: {}", category.sub_items.len());
            assert!(category.measures.iter().any(|m| m.as_ref() == "M09"), "{code}");
            assert!(category.prefill.is_some() && category.season.share > 0, "{code}");
        }
        assert_eq!(category.guide.is_some(), ("H01".."H09").contains(&code.as_str()), "{code}");
    }
    assert_eq!(BOOK.categories().len(), codes.len());
    assert_eq!(BOOK.categories().iter().map(|c| c.season.share).sum::<u32>(), 1000, "per mille");
    let orders: BTreeSet<_> = BOOK.categories().iter().map(|c| c.order).collect();
    assert_eq!(orders.len(), codes.len());
    assert_eq!(BOOK.categories()[0].code.as_ref(), "H01");
}

#[test]
fn one_tap_texts_are_no_restricted_cases_and_no_fillers() {
    for category in BOOK.categories() {
        for item in &category.sub_items {
            assert!(BOOK.restricted_hint(&item.zh).is_none(), "{}", item.zh);
            assert!(BOOK.restricted_hint(&item.en).is_none(), "{}", item.en);
            assert!(!BOOK.is_filler(&item.zh), "{}", item.zh);
        }
    }
}

#[test]
fn reference_lists() {
    assert_eq!(BOOK.measures().len(), 28);
    assert_eq!(BOOK.measures().iter().map(|m| m.number).collect::<Vec<_>>(), (1..=28).collect::<Vec<_>>());
    assert_eq!(BOOK.measures().iter().filter(|m| m.metric.is_some()).count(), 25);
    assert_eq!(BOOK.sources().len(), 10);
    assert_eq!(BOOK.check_kinds().len(), 11);
    assert_eq!(BOOK.guides().len(), 8);
    assert_eq!(BOOK.guides().iter().filter(|guide| guide.loaded).count(), 1);
    let townships = BOOK.places().iter().filter(|p| p.parent.as_deref() == Some("530323")).count();
    assert_eq!(townships, 10);
    assert_eq!(BOOK.places().iter().filter(|p| p.parent.as_deref() == Some("530300")).count(), 9);
    assert!(BOOK.departments().iter().any(|d| d.code.as_ref() == "FIR" && d.name.zh.contains("消防")));
    assert!(BOOK.school_kinds().iter().any(|k| k.id.as_ref() == "teaching-point"));
}

#[test]
fn decisions_explain_themselves() {
    let took = BOOK.deadline("hazard.acceptance", at("2026-09-30T10:00:00+08:00")).expect("decides");
    assert_eq!(took.rule_id.as_ref(), "hazard.acceptance");
    assert_eq!(took.stamp.as_ref(), BOOK.stamp());
    assert!(!took.calendar_fallback);
    for part in ["3 个工作日", "系统默认，县局可改", "2026-10-10", "国庆节", "调休"] {
        assert!(took.explanation.zh.contains(part), "{part}: {}", took.explanation.zh);
    }
    assert!(took.explanation.en.contains("3 working days"));
    let late = BOOK.deadline("hazard.acceptance", at("2028-03-01T10:00:00+08:00")).expect("decides");
    assert!(late.calendar_fallback && late.explanation.zh.contains("2028 年节假日安排未录入"));
    let days = BOOK.deadline("hazard.rectify.general", at("2028-03-01T10:00:00+08:00")).expect("decides");
    assert!(!days.calendar_fallback, "calendar days need no calendar");
    let json = serde_json::to_value(&took).expect("json");
    assert_eq!(json["clause"]["tag"], "I");
    assert_eq!(json["value"], took.value.0);
}

#[test]
fn hours_are_exact_and_days_run_to_their_end() {
    let start = at("2026-11-23T09:30:15.250+08:00");
    let hours = BOOK.deadline("hazard.onspot", start).expect("decides").value;
    assert_eq!(hours.since_ms(start), 24 * Timestamp::HOUR_MS);
    let days = BOOK.deadline("hazard.rectify.general", start).expect("decides").value;
    assert_eq!(days, Timestamp::at_end_of(on("2026-11-30")));
}

#[test]
fn a_window_opens_with_the_first_instant_that_reaches_its_end() {
    for rule in ["hazard.onspot", "hazard.rectify.general", "hazard.acceptance"] {
        for day in 0..30 {
            // Over the holidays of October with the days worked in their stead.
            let end = at("2026-09-20T15:30:00+08:00").plus_ms(day * Timestamp::DAY_MS);
            let opened = BOOK.opened(rule, end).expect("opens");
            let reaches = |start| BOOK.deadline(rule, start).expect("decides").value >= end;
            assert!(reaches(opened), "{rule}: {opened:?} to {end:?}");
            assert!(!reaches(opened.plus_ms(-1)), "{rule}: {opened:?} to {end:?}");
        }
    }
}

#[test]
fn an_age_is_reached_on_the_birthday_however_many_leap_years_lie_between() {
    let born = |day: &str| {
        let opened = BOOK.opened("guard.age.min", Timestamp::at_end_of(on(day))).expect("opens");
        opened.local_date().to_string()
    };
    for (day, latest) in
        [("2025-02-15", "2007-02-15"), ("2026-02-28", "2008-02-28"), ("2026-03-01", "2008-03-01")]
    {
        assert_eq!(born(day), latest, "{day}");
    }
}

#[test]
fn variants_stand_side_by_side() {
    let all = BOOK.all_deadlines("hazard.rectify.general", at("2026-11-23T09:00:00+08:00")).expect("decides");
    assert_eq!(all.len(), 2);
    assert!(all[0].active && !all[1].active);
    assert_eq!(all[1].decision.variant.as_ref(), "qr-48h");
    assert_eq!(all[1].decision.value, at("2026-11-25T09:00:00+08:00"));
    assert_eq!(BOOK.duration("hazard.rectify.general", on("2026-11-23")).expect("7 d").value.amount, 7);
}

#[test]
fn what_is_not_there_is_said() {
    let day = on("2026-11-23");
    assert_eq!(BOOK.duration("hazard.nothing", day), Err(RuleError::Unknown("hazard.nothing".into())));
    assert!(matches!(BOOK.duration("hazard.onspot", on("1999-12-31")), Err(RuleError::NotInForce { .. })));
    assert!(matches!(BOOK.duration("clock.marks", day), Err(RuleError::WrongKind { .. })));
    assert!(matches!(BOOK.duration("hazard.major.rectify", day), Err(RuleError::PerPlan(_))));
    assert_eq!(BOOK.duration("hazard.takeon", day).expect("2 wd").value.unit, Unit::WorkingDays);
    assert!(BOOK.climb("odd", 3, day).is_err());
}

#[test]
fn an_area_not_loaded_never_says_not_major() {
    let day = on("2026-11-23");
    for category in BOOK.categories() {
        let Some(guide) = BOOK.guide(&category.code) else { continue };
        let answers: Vec<_> = guide.items.iter().map(|item| (item.id.as_ref(), false)).collect();
        let said = BOOK.judge_major(&category.code, day, &answers);
        assert_ne!(said, GuideAnswer::NotMajor, "{}", category.code);
        if !guide.loaded {
            assert!(matches!(said, GuideAnswer::NotLoaded { note: Some(_) }), "{}", category.code);
            let yes = BOOK.judge_major(&category.code, day, &[("fire-1", true)]);
            assert!(matches!(yes, GuideAnswer::NotLoaded { .. }));
        }
    }
    let odd = BOOK.judge_major("H01", day, &[("fire-99", true)]);
    assert!(matches!(odd, GuideAnswer::Incomplete { ref unknown, .. } if unknown == &["fire-99"]));
}

#[test]
fn a_book_is_shared_between_threads() {
    static SEEN: OnceLock<String> = OnceLock::new();
    let copy = BOOK.clone();
    std::thread::spawn(move || SEEN.set(copy.stamp())).join().expect("thread").expect("set");
    assert_eq!(SEEN.get(), Some(&BOOK.stamp()));
    assert!(BOOK.stamp().starts_with("base@") && BOOK.stamp().len() == 13);
    assert_eq!(BOOK.hash().len(), 64);
    assert!(BOOK.packs().iter().all(|pack| pack.hash.len() == 64));
}
