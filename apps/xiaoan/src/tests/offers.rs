//! What a record puts before whom: never an act that would be refused.

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
