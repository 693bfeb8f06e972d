//! Hazards by school and by township, and by a school's name.

use super::support::{Browser, County};

fn register(browser: &Browser, unit: &str, phrase: &str) {
    let fields = [("category", "H02"), ("unit", unit), ("source", "self"), ("phrase", phrase)];
    let done = browser.post("/hazards/new?category=H02", "/hazards", &fields);
    assert!(done.to.starts_with("/hazards/"), "{}", done.text);
}

/// Both schools have their number one.
fn two_schools() -> County {
    let county = County::new();
    register(&county.browser("head"), &county.units["primary"].0.to_string(), "楼道应急灯不亮");
    register(&county.browser("neighbour"), &county.units["junior"].0.to_string(), "围墙裂缝七号");
    county
}

/// Which of the two a list has.
fn found(browser: &Browser, address: &str) -> (bool, bool) {
    let text = browser.get(address).text;
    (text.contains("楼道应急灯不亮"), text.contains("围墙裂缝七号"))
}

#[test]
fn a_list_is_narrowed_to_a_school_and_to_a_township() {
    let county = two_schools();
    let office = county.browser("office");
    let id = |unit: &str| county.units[unit].0.simple().to_string();
    assert_eq!(found(&office, "/hazards"), (true, true));
    assert_eq!(found(&office, &format!("/hazards?unit={}", id("primary"))), (true, false));
    assert_eq!(found(&office, &format!("/hazards?unit={}", id("central"))), (true, false), "and below it");
    assert_eq!(found(&office, &format!("/hazards?town={}", id("township"))), (true, true));
    let both = format!("/hazards?town={}&unit={}", id("township"), id("junior"));
    assert_eq!(found(&office, &both), (false, true));
    let list = office.get(&both).text;
    assert!(list.contains("name=\"unit\"") && list.contains("示例小学</option>"), "{list}");
    assert!(list.contains(&format!("/hazards/export?unit={}&#38;town=", id("junior"))), "exports: {list}");
    assert!(list.contains(&format!("/hazards/views?unit={}&#38;town=", id("junior"))), "views: {list}");
    let csv = office.get(&format!("/hazards/export?unit={}&format=csv", id("junior"))).text;
    assert!(csv.contains("围墙裂缝七号") && !csv.contains("楼道应急灯不亮"), "{csv}");
    let head = county.browser("head").get("/hazards").text;
    assert!(!head.contains("name=\"town\""), "one school has nothing to choose");
}

#[test]
fn a_number_is_found_with_its_school() {
    let county = two_schools();
    let office = county.browser("office");
    let search = |words: &str| format!("/hazards?q={}", web::encoded(words));
    assert_eq!(found(&office, &search("示例小学")), (true, false));
    assert_eq!(found(&office, &search("示例初级中学 2026-0001")), (false, true));
    assert_eq!(found(&office, &search("2026-0001")), (true, true));
    assert_eq!(found(&office, &search("示例小学 围墙")), (false, false));
    assert_eq!(found(&office, &search("示例小学 应急灯")), (true, false));
    assert_eq!(found(&county.browser("head"), &search("示例初级中学")), (false, false), "not one's own");
    let text = office.get("/hazards").text;
    // Its name leads to its page, for whoever may open that.
    for (school, unit) in [("示例小学", "primary"), ("示例初级中学", "junior")] {
        let page = format!("/units/{}", county.units[unit].0.simple());
        let named = format!("<a href=\"{page}\">{school}</a><small>2026-0001");
        assert!(text.contains(&named), "{text}");
    }
}
