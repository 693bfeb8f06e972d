//! One hazard from registration to closing, as its people live it, through pages alone.

use axum::http::StatusCode;

use super::support::{Browser, County, Page};

pub(super) const PLAN: [(&str, &str); 5] = [
    ("responsibility", "总务主任牵头,安全专干具体落实"),
    ("funds", "从学校公用经费列支"),
    ("measures", "更换灭火器并张贴检查卡"),
    ("due", "2026-09-14"),
    ("contingency", "更换前从二楼调配备用灭火器"),
];

pub(super) fn register(browser: &Browser, category: &str, unit: &str) -> String {
    let page = format!("/hazards/new?category={category}");
    let fields = [
        ("category", category),
        ("unit", unit),
        ("source", "self"),
        ("phrase", "门卫室灭火器过期"),
        ("place", "门卫室"),
    ];
    let done = browser.post(&page, "/hazards", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    done.to
}

/// Sends the form that the record shows to this person.
pub(super) fn act(browser: &Browser, record: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    browser.post(record, &format!("{record}/{act}"), fields)
}

#[test]
fn found_fixed_and_proved() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let officer = county.people["safety"].0.to_string();
    let (guard, safety, head) = (county.browser("guard"), county.browser("safety"), county.browser("head"));

    let record = register(&guard, "H09", &unit);
    assert!(guard.get(&record).text.contains("待定级"));
    let graded = act(&safety, &record, "grade", &[("level", "general")]);
    assert_eq!(graded.status, StatusCode::SEE_OTHER, "{}", graded.text);
    let assigned = act(&head, &record, "assign", &[("responsible", &officer)]);
    assert_eq!(assigned.status, StatusCode::SEE_OTHER, "{}", assigned.text);

    // The gate names what is missing and keeps what was typed.
    let mut short: Vec<(&str, &str)> = PLAN.to_vec();
    short[1].1 = "按要求";
    short.push(("responsible", &officer));
    let refused = act(&safety, &record, "take-on", &short);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("没有说明内容"), "{}", refused.text);
    assert!(refused.text.contains("更换灭火器并张贴检查卡"), "typed words are kept");

    // An amount that is none hides nothing of what the gate says of the others.
    short.push(("funds_cents", "12a"));
    let refused = act(&safety, &record, "take-on", &short);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["id=\"funds_cents-error\"", "没有说明内容"] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }

    // A program is told which of the five is missing.
    let told = safety.post_for_json(&record, &format!("{record}/take-on"), &short[1..]);
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem: serde_json::Value = serde_json::from_str(&told.text).unwrap();
    let named: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().filter_map(|error| error["field"].as_str()).collect();
    assert!(named.contains(&PLAN[0].0) && named.contains(&"funds_cents"), "{problem}");

    let mut plan: Vec<(&str, &str)> = PLAN.to_vec();
    plan.push(("responsible", &officer));
    let taken = act(&safety, &record, "take-on", &plan);
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);

    let path = format!("{record}/rectify");
    let fixed = safety.post_photo(&record, &path, "photos", &[("note", "已更换四具灭火器")]);
    assert_eq!(fixed.status, StatusCode::SEE_OTHER, "{}", fixed.text);

    // Who fixed it may not accept it.
    let token = safety.get(&record).hidden("_csrf");
    let own = safety.post_with(&token, &format!("{record}/accept"), &[("verdict", "close")]);
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text.contains("不能验收自己的整改"), "{}", own.text);

    let closed = act(&head, &record, "accept", &[("verdict", "close"), ("on_site", "1")]);
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
    let text = head.get(&record).text;
    assert!(text.contains("已销号") && text.contains("复查") && text.contains("示例head"), "{text}");
    let printed = head.get(&format!("{record}/print"));
    assert!(printed.text.contains("隐患排查治理记录") && printed.text.contains("演示数据"));
    the_trail_speaks_in_words(&county);
}

#[test]
fn the_photo_is_for_those_who_may_see_the_hazard() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let guard = county.browser("guard");
    let fields = [("category", "H01"), ("unit", unit.as_str()), ("source", "self")];
    let done = guard.post_photo("/hazards/new?category=H01", "/hazards", "photos", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = county.browser("head").get(&done.to).text;
    let at = page.find("/photos/").expect("the record shows its photo");
    let start = page[..at].rfind('"').unwrap() + 1;
    let photo: String = page[start..].split(['"', '?']).next().unwrap().to_owned();
    assert_eq!(county.browser("head").get(&photo).status, StatusCode::OK);
    assert_eq!(county.browser("neighbour").get(&photo).status, StatusCode::NOT_FOUND);
    assert_eq!(county.stranger().get(&photo).status, StatusCode::SEE_OTHER);
    // A copy that a shared phone kept is good only for who may see the photo now.
    let headers = county.browser("head").headers(&photo);
    assert_eq!(headers["cache-control"], "private, no-cache");
    let copy = headers["etag"].to_str().unwrap().to_owned();
    let again = county.browser("head").get_unless(&photo, &copy);
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(county.browser("head").get_unless(&photo, "\"other\"").status, StatusCode::OK);
    assert_eq!(county.browser("neighbour").get_unless(&photo, &copy).status, StatusCode::NOT_FOUND);
    assert_eq!(county.stranger().get_unless(&photo, &copy).status, StatusCode::SEE_OTHER);
}

#[test]
fn the_second_of_two_is_told_that_it_changed() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let record = register(&safety, "H09", &unit);
    let version = safety.get(&record).hidden("_version");
    let first = act(&safety, &record, "grade", &[("level", "general"), ("_version", &version)]);
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = act(&head, &record, "grade", &[("level", "major"), ("_version", &version)]);
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(
        second.text.contains("这条隐患有了变化") && second.text.contains("示例safety定为一般隐患"),
        "{}",
        second.text
    );
    assert_ne!(second.hidden("_version"), version, "what is true now is shown");
}

#[test]
fn what_belongs_into_the_vault_stores_nothing() {
    let county = County::new();
    let guard = county.browser("guard");
    let shown = guard.get("/hazards/new?category=H16");
    assert!(shown.text.contains("110") && shown.text.contains("没有保存任何内容"), "{}", shown.text);
    let unit = county.units["primary"].0.to_string();
    let before = *county.platform.handle.heads().borrow();
    let fields = [
        ("category", "H21"),
        ("unit", unit.as_str()),
        ("source", "self"),
        ("description", "有学生被同学殴打欺凌"),
    ];
    let refused = guard.post("/hazards/new?category=H21", "/hazards", &fields);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("110"), "{}", refused.text);
    assert_eq!(*county.platform.handle.heads().borrow(), before, "nothing was written");
}

#[test]
fn sending_a_form_twice_acts_once() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let guard = county.browser("guard");
    let page = guard.get("/hazards/new?category=H09");
    let (token, command) = (page.hidden("_csrf"), page.hidden("_command"));
    let fields = [
        ("category", "H09"),
        ("unit", unit.as_str()),
        ("source", "self"),
        ("phrase", "篮球架松动"),
        ("_command", command.as_str()),
    ];
    let first = guard.post_with(&token, "/hazards", &fields);
    let second = guard.post_with(&token, "/hazards", &fields);
    assert_eq!((first.status, &first.to), (second.status, &second.to));
    let list = county.browser("head").get("/hazards?stage=all").text;
    assert_eq!(list.matches("2026-0001").count(), 1, "{list}");
    assert!(!list.contains("2026-0002"));
}

#[test]
fn the_list_leaves_as_it_is_shown() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let safety = county.browser("safety");
    register(&safety, "H09", &unit);
    let csv = safety.get("/hazards/export?stage=all&format=csv").text;
    assert!(
        csv.contains("2026-0001") && csv.contains("演示数据") && csv.contains("门卫室灭火器过期"),
        "{csv}"
    );
    assert!(!safety.get("/hazards/export?stage=ended&format=csv").text.contains("2026-0001"));
    let book = safety.get("/hazards/export?stage=all&format=xlsx");
    assert_eq!(book.status, StatusCode::OK);
    assert!(book.text.starts_with("PK"), "a workbook is a zip");
}

/// Whoever audits reads who acted, at which level and by which rule, not codes.
fn the_trail_speaks_in_words(county: &County) {
    let audit = county.browser("audit");
    let list = audit.get("/audit?kind=hazard").text;
    let events = list.split("\"/audit/").skip(1).filter_map(|rest| rest.split('"').next());
    let pages: String = events.map(|position| audit.get(&format!("/audit/{position}")).text).collect();
    let facts: String = pages.split("<dd").skip(1).filter_map(|rest| rest.split("</dd>").next()).collect();
    for said in ["示例safety", "一般", "学校", "定级期限"] {
        assert!(facts.contains(said), "{said}: {facts}");
    }
    assert!(!facts.contains(&county.people["safety"].0.to_string()), "an id instead of a name");
}

/// A hazard that was rectified and waits for acceptance.
pub(super) fn awaiting(county: &County) -> String {
    let unit = county.units["primary"].0.to_string();
    let officer = county.people["safety"].0.to_string();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let record = register(&county.browser("guard"), "H09", &unit);
    act(&safety, &record, "grade", &[("level", "general")]);
    act(&head, &record, "assign", &[("responsible", &officer)]);
    let mut plan: Vec<(&str, &str)> = PLAN.to_vec();
    plan.push(("responsible", &officer));
    act(&safety, &record, "take-on", &plan);
    let path = format!("{record}/rectify");
    let fixed = safety.post_photo(&record, &path, "photos", &[("note", "已更换四具灭火器")]);
    assert_eq!(fixed.status, StatusCode::SEE_OTHER, "{}", fixed.text);
    record
}

#[test]
fn nothing_is_accepted_that_nobody_decided() {
    let county = County::new();
    let record = awaiting(&county);
    let head = county.browser("head");
    for fields in [&[("on_site", "1")][..], &[("verdict", "")], &[("verdict", "yes")]] {
        let refused = act(&head, &record, "accept", fields);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(head.get(&record).text.contains("待复查"), "{fields:?}");
    }
    act(&head, &record, "accept", &[("verdict", "accept"), ("on_site", "1")]);
    let accepted = head.get(&record).text;
    assert!(accepted.contains("待销号") && !accepted.contains("hazard-close"), "{accepted}");
    let closed = act(&head, &record, "close", &[]);
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
    let unsaid = act(&head, &record, "revisit", &[("note", "看过了")]);
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(head.get(&record).text.contains("已销号"));
}

#[test]
fn work_for_nobody_waits_for_those_who_give_it() {
    let county = County::new();
    let record = awaiting(&county);
    let head = county.browser("head");
    let closed = act(&head, &record, "accept", &[("verdict", "close"), ("on_site", "1")]);
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
    let back = act(&head, &record, "revisit", &[("sound", "0"), ("note", "又漏气了")]);
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    assert!(head.get("/today").text.contains(&record));
    for login in ["guard", "teacher"] {
        let today = county.browser(login).get("/today").text;
        assert!(!today.contains(&record), "{login}: {today}");
    }
}

#[test]
fn a_wrong_day_is_shown_where_it_was_typed() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let guard = county.browser("guard");
    let page = "/hazards/new?category=H09";
    let token = guard.get(page).hidden("_csrf");
    let fields = [("category", "H09"), ("unit", unit.as_str()), ("source", "self"), ("found", "2031-01-01")];
    let refused = guard.post_with(&token, "/hazards", &fields);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("href=\"#found\"") && refused.text.contains("id=\"found\""),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("<details class=\"more\" open><summary>怎样发现"), "{}", refused.text);
}

#[test]
fn an_export_holds_every_word() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let guard = county.browser("guard");
    let words = format!("围墙从北门起{}到南门止", "有裂缝".repeat(60));
    let token = guard.get("/hazards/new?category=H09").hidden("_csrf");
    let fields = [("category", "H09"), ("unit", unit.as_str()), ("source", "self"), ("description", &words)];
    let done = guard.post_with(&token, "/hazards", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let ledger = county.browser("head").get("/hazards/export?stage=all&format=csv").text;
    assert!(ledger.contains(&words), "{ledger}");
}
