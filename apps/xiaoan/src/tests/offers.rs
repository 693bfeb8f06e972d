//! What a record puts before whom: never an act that would be refused.

use axum::http::StatusCode;

use super::support::{Browser, County};

fn register(browser: &Browser, unit: &str) -> String {
    let fields = [
        ("category", "H09"),
        ("unit", unit),
        ("source", "self"),
        ("phrase", "门卫室灭火器过期"),
        ("place", "门卫室"),
    ];
    browser.post("/hazards/new?category=H09", "/hazards", &fields).to
}

#[test]
fn a_major_hazard_is_graded_by_the_county_alone() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let head = county.browser("head");
    let record = register(&head, &unit);
    assert!(head.get(&record).text.contains(&format!("{record}/grade")), "it is the school's turn");
    let graded = head.post(&record, &format!("{record}/grade"), &[("level", "major")]);
    assert_eq!(graded.to, record, "{}", graded.text);
    let asked = head.get(&format!("{record}?act=grade")).text;
    assert!(!asked.contains("act=grade#act") && !asked.contains(&format!("{record}/grade")), "{asked}");
    let office = county.browser("office").get(&format!("{record}?act=grade")).text;
    assert!(office.contains(&format!("{record}/grade")), "{office}");
    assert!(office.contains("value=\"general\"") && !office.contains("value=\"major\""), "{office}");
}

/// Whoever finds it may have seen what makes it major; whoever grades it begins with that.
#[test]
fn what_was_ticked_of_the_guide_stays_with_the_hazard() {
    let county = County::new();
    let (guard, safety) = (county.browser("guard"), county.browser("safety"));
    let unit = county.units["primary"].0.to_string();
    let rules = crate::platform::embedded_rules().unwrap();
    let item = rules.guide("H01").unwrap().items[0].id.to_string();
    let fields = [
        ("category", "H01"),
        ("unit", unit.as_str()),
        ("source", "self"),
        ("description", "宿舍没有火灾报警系统"),
        ("guide", item.as_str()),
    ];
    let done = guard.post("/hazards/new?category=H01", "/hazards", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let text = safety.get(&done.to).text;
    let input = |name: &str, value: &str| {
        let mark = format!("name=\"{name}\" value=\"{value}\"");
        let at = text.find(&mark).unwrap_or_else(|| panic!("no {mark} in {text}"));
        text[at..].split('>').next().unwrap().to_owned()
    };
    assert!(input("guide", &item).contains("checked"));
    assert!(input("level", "major").contains("checked") && !input("level", "general").contains("checked"));
    let words = rules.guide("H01").unwrap().items[0].ask.zh.to_string();
    let timeline = text.split("class=\"timeline\"").nth(1).unwrap();
    assert!(timeline.contains(&words), "the history says it: {timeline}");
}
