//! What a school cannot do itself: the county's answer and its promise, and the central school where nobody is there.

use axum::http::StatusCode;
use organisation::{Line, UnitKind};

use super::{
    story::{PLAN, act, register},
    support::County,
};

/// A hazard in work at the school, for which the county was asked.
fn asked(county: &County) -> String {
    let unit = county.units["primary"].0.to_string();
    let officer = county.people["safety"].0.to_string();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let record = register(&safety, "H09", &unit);
    act(&safety, &record, "grade", &[("level", "general")]);
    act(&head, &record, "assign", &[("responsible", &officer)]);
    let mut plan: Vec<(&str, &str)> = PLAN.to_vec();
    plan.push(("responsible", &officer));
    act(&safety, &record, "take-on", &plan);
    let sent = act(&safety, &record, "ask-help", &[("note", "围墙加固经费超出学校能力")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    record
}

#[test]
fn the_county_answers_is_reminded_of_its_word_and_says_what_it_did() {
    let county = County::new();
    let record = asked(&county);
    let (office, head) = (county.browser("office"), county.browser("head"));
    assert!(head.get(&record).text.contains("县级应于"), "the school sees by when");
    assert!(office.get("/today").text.contains("答复提请"));
    let own = county.browser("safety").get("/today").text;
    assert!(own.contains(&record) && own.contains("整改"), "the school goes on meanwhile: {own}");
    let form = format!("{record}?act=answer-help");
    let said = [("help", "support"), ("note", "县局统筹解决")];
    let past =
        office.post(&form, &format!("{record}/answer-help"), &[said[0], said[1], ("until", "2020-01-01")]);
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(past.text.contains("href=\"#until\"") && past.text.contains("县局统筹解决"), "{}", past.text);
    let answered = office.post(&form, &format!("{record}/answer-help"), &said);
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
    assert!(head.get(&record).text.contains("县级已同意协助，承诺"));
    let today = office.get("/today").text;
    assert!(today.contains("落实协助") && today.contains(&format!("{record}?act=deliver-help")), "{today}");
    let form = format!("{record}?act=deliver-help");
    let nothing = office.post(&form, &format!("{record}/deliver-help"), &[("note", "无")]);
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = office.post(&form, &format!("{record}/deliver-help"), &[("note", "下达专项经费五万元")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(!office.get("/today").text.contains("落实协助"));
    assert!(head.get(&record).text.contains("县级已协助落实"));
}

#[test]
fn where_a_school_has_nobody_its_central_school_is_waited_for() {
    let mut county = County::new();
    let (management, territory) = (Line::Management, Line::Territory);
    let above = [(management, "central"), (territory, "township")];
    county.unit("point", "2153900008", "示例教学点", UnitKind::TeachingPoint, &above);
    county.unit("other", "2153900009", "示例第二教学点", UnitKind::TeachingPoint, &above);
    let unit = county.units["point"].0.to_string();
    // With one school alone there would be no text of its own.
    register(&county.browser("central"), "H09", &county.units["other"].0.to_string());
    let central = county.browser("central");
    let record = register(&central, "H09", &unit);
    let ledger = county.browser("office").get("/hazards/export?stage=all&format=csv").text;
    assert!(ledger.contains("竹基镇示例中心学校 定级"), "{ledger}");
    let today = central.get("/today").text;
    assert!(today.contains(&record) && !today.contains("发给示例教学点的提醒"), "{today}");
    let waited = county.browser("office").get(&record).text;
    assert!(waited.contains("等待竹基镇示例中心学校定级"), "{waited}");
    assert!(central.get(&record).text.contains("轮到您：定级"));
}

#[test]
fn what_was_accepted_and_closed_at_once_is_told_as_both() {
    let county = County::new();
    let record = super::story::awaiting(&county);
    let head = county.browser("head");
    let done = act(&head, &record, "accept", &[("verdict", "close"), ("on_site", "1")]);
    assert!(done.told.starts_with("已复查验收并销号"), "{}", done.told);
}
