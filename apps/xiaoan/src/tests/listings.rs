//! Listings through their pages: two people at once, a program, and the hazard that waits for its list.

use axum::http::StatusCode;

use super::support::{Browser, County, Page};

/// A major hazard of the primary school: its page and that of its listing.
pub(super) fn major(county: &County, own: &Browser, unit: &str) -> (String, String) {
    let fields =
        [("category", "H02"), ("unit", unit), ("source", "self"), ("description", "承重墙出现贯通裂缝")];
    let hazard = own.post("/hazards/new?category=H02", "/hazards", &fields).to;
    let hazard = hazard.split('?').next().unwrap().to_owned();
    let graded =
        own.post(&hazard, &format!("{hazard}/grade"), &[("level", "major"), ("note", "承重墙贯通裂缝")]);
    assert_eq!(graded.status, StatusCode::SEE_OTHER, "{}", graded.text);
    let office = county.browser("office").get(&hazard).text;
    let at = office.find("\"/supervisions/").unwrap() + 1;
    let listing: String = office[at..].chars().take_while(|c| *c != '"').collect();
    (hazard, listing)
}

fn controls(by: &Browser, listing: &str, version: &str, note: &str) -> Page {
    let fields = [("measure", "close"), ("note", note), ("_version", version)];
    by.post(listing, &format!("{listing}/control"), &fields)
}

#[test]
fn the_second_of_two_is_told_and_loses_nothing() {
    let county = County::new();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let unit = county.units["primary"].0.to_string();
    let (_, listing) = major(&county, &safety, &unit);
    let seen = head.get(&listing).hidden("_version");
    assert_eq!(
        controls(&safety, &listing, &seen, "封闭二层，学生调整到综合楼").status,
        StatusCode::SEE_OTHER
    );
    let second = controls(&head, &listing, &seen, "拉设隔离带，值班领导看护");
    assert_eq!(second.status, StatusCode::CONFLICT, "{}", second.text);
    assert!(second.text.contains("您填写期间，有人办理了这一件"), "{}", second.text);
    // Nothing is left to control, so what was typed is shown instead of the form.
    assert!(second.text.contains("拉设隔离带，值班领导看护"), "{}", second.text);
    let timeline = head.get(&listing).text;
    assert_eq!(timeline.matches("登记临时管控：封闭隔离").count(), 1, "{timeline}");
}

#[test]
fn a_program_is_told_the_field() {
    let county = County::new();
    let safety = county.browser("safety");
    let unit = county.units["primary"].0.to_string();
    let (_, listing) = major(&county, &safety, &unit);
    let told = safety.post_for_json(
        &listing,
        &format!("{listing}/control"),
        &[("measure", "close"), ("note", "无")],
    );
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text.contains("\"note\""), "{}", told.text);
}

#[test]
fn a_major_hazard_is_not_closed_around_its_list() {
    let county = County::new();
    let (safety, head, office) = (county.browser("safety"), county.browser("head"), county.browser("office"));
    let unit = county.units["primary"].0.to_string();
    let (hazard, listing) = major(&county, &safety, &unit);
    let safety_person = county.people["safety"].0.to_string();
    let assigned = office.post(&hazard, &format!("{hazard}/assign"), &[("responsible", &safety_person)]);
    assert_eq!(assigned.status, StatusCode::SEE_OTHER, "{}", assigned.text);
    let plan = [
        ("responsible", safety_person.as_str()),
        ("responsibility", "总务主任负责组织加固"),
        ("funds", "县级专项经费"),
        ("measures", "委托检测并加固承重墙"),
        ("due", "2026-10-20"),
        ("contingency", "整改前封闭二层，专人看护"),
    ];
    let taken = head.post(&hazard, &format!("{hazard}/take-on"), &plan);
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let fixed = [("note", "加固完成，检测合格")];
    let fixed = safety.post_photo(&hazard, &format!("{hazard}/rectify"), "photos", &fixed);
    assert_eq!(fixed.status, StatusCode::SEE_OTHER, "{}", fixed.text);
    assert!(!office.get(&hazard).text.contains("name=\"verdict\" value=\"close\""), "no button for it");
    let closing = [("verdict", "close"), ("on_site", "1")];
    let around = office.post(&hazard, &format!("{hazard}/accept"), &closing);
    assert_eq!(around.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(around.text.contains("重大隐患要先签发挂牌"), "{}", around.text);
    // A leader decides against a list, and it is accepted as others are.
    let waived = county.browser("leader").post(
        &listing,
        &format!("{listing}/waive"),
        &[("note", "认定当天已经加固完毕")],
    );
    assert_eq!(waived.status, StatusCode::SEE_OTHER, "{}", waived.text);
    let done = office.post(&hazard, &format!("{hazard}/accept"), &closing);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(office.get(&hazard).text.contains("已销号"));
}
