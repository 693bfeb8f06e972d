//! The rules through their pages: drafted by one, tried, activated by another, decided by, explained afterwards.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{FixedClock, IdSource, Timestamp};

use super::support::{Browser, County, NOW, Page};
use crate::{
    platform::{Founding, Opening, Platform},
    settings::Settings,
};

const DAY: i64 = Timestamp::DAY_MS;

/// The day so many days from now, as a form sends it.
fn day(days: i64) -> String {
    NOW.plus_ms(days * DAY).local_date().to_string()
}

fn drafted(office: &Browser, amount: &str, from: &str) -> Page {
    let form = "/rules/adjustments/new?rule=hazard.grade";
    let fields = [
        ("rule", "hazard.grade"),
        ("amount", amount),
        ("unit", "wd"),
        ("from", from),
        ("note", "开学季登记集中，一个工作日内定不完级"),
    ];
    office.post(form, "/rules/adjustments", &fields)
}

/// A new hazard of the primary school.
fn registered(county: &County, what: &str) -> String {
    let safety = county.browser("safety");
    let unit = county.units["primary"].0.to_string();
    let fields = [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("description", what)];
    let to = safety.post("/hazards/new?category=H02", "/hazards", &fields).to;
    to.split('?').next().unwrap().to_owned()
}

fn act(by: &Browser, record: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    let version = by.get(record).hidden("_version");
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("_version", version.as_str())]).collect();
    by.post(record, &format!("{record}/{act}"), &all)
}

#[test]
fn a_rule_is_changed_by_two_and_old_decisions_keep_theirs() {
    let clock = Arc::new(FixedClock::new(NOW));
    let county = County::founded(Founding::Demonstration, Arc::clone(&clock));
    let (office, leader, head) = (county.browser("office"), county.browser("leader"), county.browser("head"));
    let before = registered(&county, "围墙瓷砖脱落");

    let refused = drafted(&office, "2", &day(0));
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("最早为明天"), "{}", refused.text);
    let drafted = drafted(&office, "2", &day(7));
    assert_eq!(drafted.status, StatusCode::SEE_OTHER, "{}", drafted.text);
    let record = drafted.to.split('?').next().unwrap().to_owned();
    assert_eq!(head.get(&record).status, StatusCode::NOT_FOUND, "a draft is for those who work on it");
    let own = act(&office, &record, "activate", &[]);
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.text);
    let seen = leader.get(&record).text;
    assert!(seen.contains("1 个工作日") && seen.contains("2 个工作日"), "{seen}");
    assert!(seen.contains("会推后"), "the open hazard is tried: {seen}");
    assert!(leader.get("/today").text.contains("待签发的规则调整"));
    // Short lists are files as they are shown.
    for (path, said) in [
        ("/rules/adjustments?format=csv", "开学季登记集中"),
        ("/rules/calendar?year=2026&format=csv", "2026"),
        ("/rules/prefill?format=csv", "消防"),
        ("/guards/reports?format=csv", "状态"),
    ] {
        let file = leader.get(path);
        assert!(file.status == StatusCode::OK && file.text.contains(said), "{path}: {}", file.text);
    }
    let unread = leader.get("/rules/calendar?year=soon&format=csv");
    assert_eq!(unread.status, StatusCode::BAD_REQUEST, "{}", unread.text);

    assert_eq!(act(&leader, &record, "activate", &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(head.get(&record).status, StatusCode::OK);
    let rule = head.get("/rules/rule/hazard.grade").text;
    assert!(rule.contains("尚未生效") && rule.contains("2 个工作日"), "{rule}");

    // Before its day nothing changes; from its day on what is new is decided by it.
    let between = registered(&county, "实验室柜门松动");
    let due = |hazard: &str| {
        let id = hazard.trim_start_matches("/hazards/");
        let mut tx = county.platform.database.reader().unwrap();
        let state = hazard::query::state(&mut tx, kernel::StreamId::parse(id).unwrap()).unwrap().unwrap();
        (state.due().unwrap().at.since_ms(state.registered_at) / DAY, state.registered_at)
    };
    assert_eq!(due(&between).0, due(&before).0);
    clock.advance_ms(7 * DAY);
    // Nobody is signed in that long.
    let (leader, head) = (county.browser("leader"), county.browser("head"));
    let after = registered(&county, "操场井盖翘起");
    assert!(due(&after).0 > due(&before).0, "{:?} {:?}", due(&after), due(&before));

    // The record tells by which rules it was decided, and they are shown as they were.
    let page = head.get(&after).text;
    let at = page.find("/rules/as-of/").unwrap();
    let then: String = page[at..].chars().take_while(|c| *c != '"').collect();
    let then = head.get(&then.replace("&#43;", "+"));
    assert_eq!(then.status, StatusCode::OK, "{}", then.text);
    assert!(then.text.contains("与现行规则相同"), "{}", then.text);
    let page = head.get(&before).text;
    let at = page.find("/rules/as-of/").unwrap();
    let first: String = page[at..].chars().take_while(|c| *c != '"').collect();
    let first = head.get(&first);
    assert!(first.text.contains("没有本地调整") && !first.text.contains("与现行规则相同"), "{}", first.text);
    assert_eq!(head.get("/rules/as-of/base@00000000").status, StatusCode::NOT_FOUND);

    let ended = act(&leader, &record, "end", &[("on", &day(14)), ("note", "登记高峰已过，恢复原期限")]);
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
    assert!(head.get(&record).text.contains("已签终止"));
}

#[test]
fn a_restart_lays_adjustments_on_again() {
    let county = County::new();
    let (office, leader) = (county.browser("office"), county.browser("leader"));
    let drafted = drafted(&office, "3", &day(1));
    let record = drafted.to.split('?').next().unwrap().to_owned();
    assert_eq!(act(&leader, &record, "activate", &[]).status, StatusCode::SEE_OTHER);
    let stamp = county.platform.rule_book().stamp();
    assert!(stamp.contains("+overlay@"), "{stamp}");
    // What was cut off between the signature and the rules is made good by the next look.
    let ruling = county.platform.ruling();
    *ruling.rules.write().unwrap() = ruling.base.clone();
    let renewed = ruling.renew((&county.platform.handle, &county.platform.readers), NOW);
    tokio::runtime::Runtime::new().unwrap().block_on(renewed).unwrap();
    assert_eq!(county.platform.rule_book().stamp(), stamp);
    let (data, _kept) = county.stopped();
    let settings = Settings { data, ..Settings::default() };
    let clock = Arc::new(FixedClock::new(NOW));
    let opening = Opening { clock, ids: Arc::new(IdSource::seeded(8)), found: None };
    let again = Platform::open(&settings, opening).unwrap().rule_book();
    assert_eq!(again.stamp(), stamp);
    let on = NOW.plus_ms(2 * DAY).local_date();
    let value = again.duration("hazard.grade", on).unwrap().value;
    assert_eq!(value.to_string(), "3wd");
}

#[test]
fn a_rule_of_public_reports_is_tried_on_those_that_wait() {
    let county = County::new();
    let (_, code) = super::reports::place(&county, "head", "primary");
    super::reports::reported(&county, "head", &code, "操场边的井盖裂开了");
    let (office, leader) = (county.browser("office"), county.browser("leader"));
    let later = day(1);
    let fields = [
        ("rule", "public-report.answer"),
        ("amount", "9"),
        ("unit", "wd"),
        ("from", later.as_str()),
        ("note", "暑假学校值班人员少，三个工作日内答复不完"),
    ];
    let form = "/rules/adjustments/new?rule=public-report.answer";
    let drafted = office.post(form, "/rules/adjustments", &fields);
    assert_eq!(drafted.status, StatusCode::SEE_OTHER, "{}", drafted.text);
    let record = drafted.to.split('?').next().unwrap();
    let seen = leader.get(record).text;
    assert!(seen.contains("会推后") && seen.contains("/reports/"), "{seen}");
}
