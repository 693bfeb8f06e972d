//! Packs written by hand: what is accepted, what is refused and where the finger points.

#![expect(clippy::expect_used, reason = "helpers of tests may fail loudly")]

use kernel::Date;
use rules::{GuideAnswer, OverlayPower, RuleBook, RuleError, RuleValue, Subject};

const PACK: &str = r#"
id = "p"
title = { zh = "包", en = "Pack" }
version = "1"
scope = { zh = "全县", en = "County" }
"#;

const HEAD: &str = r#"[topic]
title = { zh = "题", en = "Topic" }
clause = { zh = "某文件第1条", en = "Some document, item 1" }
tag = "P"
from = "2000-01-01"
"#;

fn rule(value: &str, tag: &str, more: &str) -> String {
    let clause = if tag == "I" { "系统默认，县局可改" } else { "某文件第1条" };
    let rest = [("variant", "\"default\""), ("active", "true"), ("from", "\"2020-01-01\"")]
        .iter()
        .filter(|(key, _)| !more.lines().any(|line| line.starts_with(key)))
        .map(|(key, value)| format!("{key} = {value}\n"))
        .collect::<String>();
    format!(
        "\n[[rule]]\nid = \"a\"\ntitle = {{ zh = \"甲\", en = \"A\" }}\nkind = \"duration\"\nvalue = \"{value}\"\n\
         clause = {{ zh = \"{clause}\", en = \"x\" }}\ntag = \"{tag}\"\n{rest}{more}\n"
    )
}

fn book(topic: &str) -> Result<RuleBook, Vec<RuleError>> {
    RuleBook::from_sources(vec![
        ("p/pack.toml".into(), PACK.into()),
        ("p/t.toml".into(), format!("{HEAD}{topic}")),
    ])
}

fn on(text: &str) -> Date {
    text.parse().expect("date")
}

fn days(book: &RuleBook, day: &str) -> String {
    book.duration("a", on(day)).expect("decides").value.to_string()
}

fn overlay(value: &str) -> String {
    format!(
        "[overlay]\nid = \"530323\"\ntitle = {{ zh = \"县\", en = \"County\" }}\nfrom = \"2026-01-01\"\n\n\
         [[set]]\nrule = \"a\"\nvalue = \"{value}\"\n"
    )
}

#[test]
fn the_day_selects_the_rule() {
    let old = rule("9d", "P", "to = \"2022-04-24\"");
    let new = rule("5d", "P", "from = \"2022-04-24\"");
    let book = book(&format!("{old}{new}")).expect("valid");
    assert_eq!(days(&book, "2020-01-01"), "9d");
    assert_eq!(days(&book, "2022-04-23"), "9d");
    assert_eq!(days(&book, "2022-04-24"), "5d", "`to` is the first day it no longer holds");
    assert!(matches!(book.duration("a", on("2019-12-31")), Err(RuleError::NotInForce { .. })));
}

#[test]
fn overlapping_days_are_refused() {
    let old = rule("9d", "P", "to = \"2022-04-25\"");
    let new = rule("5d", "P", "from = \"2022-04-24\"\nvariant = \"other\"");
    let faults = book(&format!("{old}{new}")).expect_err("one day too many");
    assert!(
        matches!(&faults[0], RuleError::Overlap { id, line, other_line, .. } if id == "a" && line > other_line)
    );
    let asleep = rule("5d", "P", "from = \"2022-04-24\"\nvariant = \"other\"\nactive = false");
    assert!(book(&format!("{old}{asleep}")).is_ok(), "an inactive variant may stand beside it");
    assert!(book(&format!("{old}{}", rule("5d", "P", "active = false"))).is_err(), "one variant, twice");
}

#[test]
fn the_narrower_scope_wins() {
    let wide = rule("9d", "P", "");
    let narrow = rule("5d", "P", "scope = { area = \"5303\" }");
    let school = rule("3d", "P", "scope = { area = \"5303\", school_kinds = [\"kindergarten\"] }");
    let book = book(&format!("{wide}{narrow}{school}")).expect("valid");
    let ask = |area, school_kind| {
        let subject = Subject { area, school_kind };
        book.duration_for("a", on("2026-01-01"), subject).expect("decides").value.to_string()
    };
    assert_eq!(ask(None, None), "9d");
    assert_eq!(ask(Some("530100"), Some("kindergarten")), "9d");
    assert_eq!(ask(Some("530323"), None), "5d");
    assert_eq!(ask(Some("530323"), Some("primary")), "5d");
    assert_eq!(ask(Some("530323"), Some("kindergarten")), "3d");
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let topic = rule("9d", "P", "colour = \"red\"");
    let text = format!("{HEAD}{topic}");
    let wanted = text.lines().position(|line| line.starts_with("colour")).expect("there") + 1;
    let faults = book(&topic).expect_err("unknown key");
    let RuleError::Invalid { file, line, message } = &faults[0] else { panic!("{faults:?}") };
    assert_eq!((file.as_str(), *line), ("p/t.toml", wanted), "{message}");
    assert!(message.contains("colour"), "{message}");
}

#[test]
fn every_fault_is_told_at_once() {
    let bad_value = rule("soon", "P", "");
    let bad_default = rule("9d", "I", "variant = \"b\"").replace("系统默认，县局可改", "《某法》第1条");
    let backwards = rule("9d", "P", "variant = \"c\"\nto = \"2019-01-01\"");
    let faults = book(&format!("{bad_value}{bad_default}{backwards}")).expect_err("three faults");
    let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults.len(), 3, "{said:#?}");
    assert!(said[0].contains("soon") && said[0].starts_with("p/t.toml:"), "{}", said[0]);
    assert!(said[1].contains("quote nothing"), "{}", said[1]);
    assert!(book(&rule("9d", "P", "").replace("某文件第1条", "系统默认")).is_err(), "only I is a default");
    assert!(book(&rule("9d", "P", "").replace("某文件第1条", " ")).is_err(), "no clause");
    assert!(book(&rule("9d", "P", "").replace("tag = \"P\"\n", "")).is_err(), "no tag");
}

#[test]
fn an_inferior_may_tighten_and_never_loosen() {
    let base = book(&rule("7d", "P", "tighten = \"lower\"")).expect("valid");
    let tight = base.with_overlay("o.toml", &overlay("5d"), OverlayPower::Inferior).expect("tighter");
    assert_eq!(days(&tight, "2026-01-01"), "5d");
    assert_eq!(days(&tight, "2025-12-31"), "7d", "not before its first day");
    assert_eq!(days(&base, "2026-01-01"), "7d", "the base is untouched");
    assert!(tight.stamp().starts_with(&format!("{}+overlay@", base.stamp())));
    assert_ne!(tight.hash(), base.hash());
    let decision = tight.duration("a", on("2026-03-01")).expect("decides");
    assert!(decision.explanation.zh.contains("本地调整前为 7 天"), "{}", decision.explanation.zh);

    let faults = base.with_overlay("o.toml", &overlay("8d"), OverlayPower::Inferior).expect_err("looser");
    let said = faults[0].to_string();
    for part in ["o.toml:6", "rule a", "field value", "7 天", "8 天"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(
        base.with_overlay("o.toml", &overlay("3wd"), OverlayPower::Inferior).is_err(),
        "holidays make it longer"
    );
    assert!(
        tight.with_overlay("o2.toml", &overlay("6d"), OverlayPower::Inferior).is_err(),
        "5 d holds by now"
    );
    assert!(tight.with_overlay("o2.toml", &overlay("4d"), OverlayPower::Inferior).is_ok());
}

#[test]
fn what_is_not_listed_may_not_be_changed() {
    let unlisted = book(&rule("7d", "P", "")).expect("valid");
    let faults =
        unlisted.with_overlay("o.toml", &overlay("5d"), OverlayPower::Inferior).expect_err("not listed");
    assert!(matches!(&faults[0], RuleError::NotListed { rule, field: "value", .. } if rule == "a"));
    let county =
        unlisted.with_overlay("o.toml", &overlay("10d"), OverlayPower::Owner).expect("P is editable");
    assert_eq!(days(&county, "2026-01-01"), "10d");
    let law = book(&rule("7d", "L", "tighten = \"lower\"")).expect("valid");
    assert!(law.with_overlay("o.toml", &overlay("10d"), OverlayPower::Owner).is_err(), "law is not editable");
    assert!(law.with_overlay("o.toml", &overlay("5d"), OverlayPower::Owner).is_ok(), "but may be bettered");
    let odd = format!("{}note = \"x\"\n", overlay("5d"));
    let faults = unlisted.with_overlay("o.toml", &odd, OverlayPower::Owner).expect_err("unknown key");
    assert!(matches!(&faults[0], RuleError::Invalid { line: 9, .. }), "{faults:?}");
    let nothing = overlay("5d").replace("rule = \"a\"", "rule = \"b\"");
    assert!(unlisted.with_overlay("o.toml", &nothing, OverlayPower::Owner).is_err());
}

#[test]
fn comments_and_key_order_do_not_change_the_hash() {
    let plain = book(&rule("7d", "P", "")).expect("valid");
    let commented =
        book(&format!("\n# a word\n{}", rule("7d", "P", "").replace('\n', "\r\n"))).expect("valid");
    assert_eq!(plain.hash(), commented.hash());
    assert_ne!(plain.hash(), book(&rule("8d", "P", "")).expect("valid").hash());
}

#[test]
fn only_a_complete_area_says_not_major() {
    let topic = |complete: bool| {
        format!(
            "[[department]]\ncode = \"EDU\"\nname = {{ zh = \"教\", en = \"E\" }}\n\
             [[category]]\ncode = \"X1\"\nname = {{ zh = \"类\", en = \"X\" }}\nicon = \"i\"\norder = 1\n\
             departments = [\"EDU\"]\nmeasures = []\nguide = \"g\"\nstate = \"off\"\n\
             reason = {{ zh = \"r\", en = \"r\" }}\ninstead = {{ zh = \"i\", en = \"i\", phones = [], school_phone = true, county_phone = true }}\n\
             [[area]]\nid = \"g\"\nname = {{ zh = \"域\", en = \"G\" }}\nloaded = true\ncomplete = {complete}\n\
             [[item]]\nid = \"g-1\"\narea = \"g\"\nkind = \"direct\"\nask = {{ zh = \"q\", en = \"q\" }}\nclause = {{ zh = \"第1项\", en = \"1\" }}\n\
             [[item]]\nid = \"g-2\"\narea = \"g\"\nkind = \"combined\"\nask = {{ zh = \"q\", en = \"q\" }}\nclause = {{ zh = \"第2项\", en = \"2\" }}\n"
        )
    };
    let day = on("2026-01-01");
    let whole = book(&topic(true)).expect("valid");
    let part = book(&topic(false)).expect("valid");
    let none = [("g-1", false), ("g-2", false)];
    assert_eq!(whole.judge_major("X1", day, &none), GuideAnswer::NotMajor);
    assert!(matches!(part.judge_major("X1", day, &none), GuideAnswer::Unsettled { .. }));
    let combined = whole.judge_major("X1", day, &[("g-1", false), ("g-2", true)]);
    assert!(matches!(combined, GuideAnswer::Unsettled { ref combined, .. } if combined.len() == 1));
    let direct = whole.judge_major("X1", day, &[("g-1", true)]);
    assert!(matches!(direct, GuideAnswer::Major { ref items } if items[0].clause.zh.as_ref() == "第1项"));
    assert!(matches!(whole.judge_major("X1", day, &none[..1]), GuideAnswer::Incomplete { .. }));
}

#[test]
fn odd_files_are_refused() {
    let bad = RuleBook::from_sources(vec![("stray.toml".into(), String::new())]).expect_err("stray");
    assert!(bad[0].to_string().contains("stray.toml:1"));
    assert!(RuleBook::from_sources(vec![("p/t.toml".into(), HEAD.into())]).is_err(), "no pack.toml");
    let table = "[[table]]\nkind = \"holidays\"\nfile = \"tables/h.csv\"\n";
    let with = |csv: &str| {
        RuleBook::from_sources(vec![
            ("p/pack.toml".into(), PACK.into()),
            ("p/t.toml".into(), format!("{HEAD}{table}")),
            ("p/tables/h.csv".into(), csv.into()),
        ])
    };
    assert!(with("date,kind,zh,en\n2030-10-01,holiday,国庆节,National Day\n").is_ok());
    for (csv, line) in [
        ("date,kind,zh,en\n2030-10-01,holiday,a,b\n2030-10-01,holiday,a,b\n", 3),
        ("date,kind,zh,en\n2030-13-01,holiday,a,b\n", 2),
        ("date,kind,zh,en\n2030-10-01,party,a,b\n", 2),
        ("date,kind,zh,en\n2030-10-01,holiday,a\n", 2),
        ("day,kind,zh,en\n", 1),
    ] {
        let faults = with(csv).expect_err(csv);
        assert!(faults[0].to_string().starts_with(&format!("p/tables/h.csv:{line}:")), "{}", faults[0]);
    }
}

#[test]
fn a_value_can_be_read_whatever_its_kind() {
    let book = book(&rule("7d", "P", "")).expect("valid");
    let value = book.value("a", on("2026-01-01")).expect("decides").value;
    assert!(matches!(value, RuleValue::Duration(span) if span.amount == 7));
}

/// An overlay with these tables under its head.
fn local(tables: &str) -> String {
    let head = overlay("5d");
    let (head, _) = head.split_once("[[set]]").expect("a table");
    format!("{head}{tables}")
}

#[test]
fn another_variant_is_chosen_from_a_day_on() {
    let other = rule("48h", "P", "variant = \"short\"\nactive = false");
    let base = book(&format!("{}{other}", rule("7d", "P", ""))).expect("valid");
    let text = local("[[choose]]\nrule = \"a\"\nvariant = \"short\"\n");
    let chosen = base.with_overlay("o.toml", &text, OverlayPower::Owner).expect("listed");
    assert_eq!((days(&chosen, "2025-12-31").as_str(), days(&chosen, "2026-01-01").as_str()), ("7d", "48h"));
    let side_by_side = chosen.all_variants("a", on("2026-01-01")).expect("decides");
    assert_eq!(side_by_side.len(), 2, "the other one is still shown");
    assert!(base.with_overlay("o.toml", &text, OverlayPower::Inferior).is_err(), "nobody else chooses");
    let unknown = text.replace("short", "long");
    assert!(base.with_overlay("o.toml", &unknown, OverlayPower::Owner).is_err());
    // The chosen one may be set in the same overlay, and a later overlay goes back.
    let set = format!("{text}[[set]]\nrule = \"a\"\nvalue = \"24h\"\n");
    let set = base.with_overlay("o.toml", &set, OverlayPower::Owner).expect("valid");
    assert_eq!(days(&set, "2026-01-01"), "24h");
    let back = text.replace("short", "default").replace("2026-01-01", "2026-06-01");
    let back = set.with_overlay("p.toml", &back, OverlayPower::Owner).expect("valid");
    assert_eq!((days(&back, "2026-05-31").as_str(), days(&back, "2026-06-01").as_str()), ("24h", "7d"));
    let told: Vec<_> = base
        .changed(&set, on("2026-01-01"))
        .iter()
        .map(|(was, is)| (was.value.clone(), is.value.clone()))
        .collect();
    assert_eq!(
        told,
        [(
            RuleValue::Duration(rules::Span::parse("7d").expect("7d")),
            RuleValue::Duration(rules::Span::parse("24h").expect("24h"))
        )]
    );
    assert_eq!(base.changed(&set, on("2025-12-31")), []);
    // One that ends gives way to what was before.
    let short = text.replace("from = \"2026-01-01\"", "from = \"2026-01-01\"\nto = \"2026-02-01\"");
    let short = base.with_overlay("o.toml", &short, OverlayPower::Owner).expect("valid");
    let told = ["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"].map(|day| days(&short, day));
    assert_eq!(told, ["7d", "48h", "48h", "7d"]);
}

#[test]
fn local_days_move_deadlines_and_say_their_name() {
    let base = book(&rule("1wd", "P", "")).expect("valid");
    let day = "[[day]]\ndate = \"2026-03-02\"\nworking = false\nname = { zh = \"民族节日\", en = \"Local feast\" }\n";
    let local_day = base.with_overlay("o.toml", &local(day), OverlayPower::Owner).expect("valid");
    let friday = kernel::Timestamp::at_start_of(on("2026-02-27"));
    let due = |book: &RuleBook| book.deadline("a", friday).expect("decides");
    assert_eq!(due(&base).value.local_date(), on("2026-03-02"));
    assert_eq!(due(&local_day).value.local_date(), on("2026-03-03"));
    assert!(due(&local_day).explanation.zh.contains("民族节日"));
    assert!(due(&local_day).calendar_fallback, "one day makes no year complete");
    let whole = local(day).replace("\n\n", "\ncalendar_years = [2026]\n\n");
    let whole = base.with_overlay("o.toml", &whole, OverlayPower::Owner).expect("valid");
    assert!(!due(&whole).calendar_fallback);
    let past = local(day).replace("2026-03-02", "2025-12-31");
    assert!(base.with_overlay("o.toml", &past, OverlayPower::Owner).is_err(), "what was decided stays");
    assert!(base.with_overlay("o.toml", &local(day), OverlayPower::Inferior).is_err());
}

#[test]
fn a_book_is_made_again_from_what_was_kept() {
    let files = || {
        vec![
            ("p/pack.toml".to_owned(), PACK.to_owned()),
            ("p/t.toml".to_owned(), format!("{HEAD}{}", rule("7d", "P", ""))),
        ]
    };
    let kept = |second: &str| {
        let overlays = [("overlays/002.toml", overlay(second)), ("overlays/001.toml", overlay("6d"))];
        files().into_iter().chain(overlays.map(|(path, text)| (path.to_owned(), text))).collect::<Vec<_>>()
    };
    let book = RuleBook::from_kept(kept("5d")).expect("was in force");
    assert_eq!((days(&book, "2026-01-01").as_str(), book.overlays().count()), ("5d", 2));
    let base = RuleBook::from_kept(files()).expect("was in force");
    assert_eq!(base.stamp(), book.stamp().split('+').next().expect("a base"));
    assert!(RuleBook::from_kept(kept("nothing")).is_err());
}
