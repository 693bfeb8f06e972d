//! From a hazard to the record of what went out, through pages and one round of the notifier.

use axum::http::StatusCode;

use super::support::{Browser, County};
use crate::{outside, settings::Settings};

fn add_channel(county: &County, browser: &Browser, unit: &str, topics: &[&str]) {
    let page = format!("/units/{}/channels/new", county.units[unit].0.simple());
    let mut fields = vec![
        ("kind", "wecom"),
        ("label", "示例工作群"),
        ("address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a-5aaa"),
        ("daily_hour", "8"),
    ];
    fields.extend(topics.iter().map(|topic| ("topics", *topic)));
    let added = browser.post(&page, &page, &fields);
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
}

#[test]
fn a_demonstration_records_what_it_would_have_told_and_tells_nothing_anybody_wrote() {
    let county = County::new();
    let notifier = outside::notifier(&county.platform, &Settings::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let round = || runtime.block_on(notifier.round(county.platform.clock.now())).unwrap();
    round();
    let (head, office, safety) = (county.browser("head"), county.browser("office"), county.browser("safety"));
    add_channel(&county, &head, "primary", &["assigned", "major"]);
    add_channel(&county, &office, "county", &["major"]);
    add_channel(&county, &county.browser("neighbour"), "junior", &["assigned", "major"]);
    let unit = county.units["primary"].0.to_string();
    for level in ["general", "major"] {
        let fields = [
            ("category", "H09"),
            ("unit", unit.as_str()),
            ("source", "self"),
            ("phrase", "李小明同学宿舍门口灭火器过期"),
            ("place", if level == "major" { "女生宿舍二楼" } else { "女生宿舍三楼" }),
        ];
        let done = safety.post("/hazards/new?category=H09", "/hazards", &fields);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let graded = safety.post(&done.to, &format!("{}/grade", done.to), &[("level", level)]);
        assert_eq!(graded.status, StatusCode::SEE_OTHER, "{}", graded.text);
    }
    round();
    let (own, above) = (head.get("/sent").text, office.get("/sent").text);
    for page in [&own, &above] {
        assert!(page.contains("演示平台不外发") && page.contains("示例小学"), "{page}");
        let plain = language::plain(page);
        assert!(plain.contains("2026-0002") && plain.contains("重大隐患"), "{page}");
        assert!(!page.contains("李小明") && !page.contains("女生宿舍"), "{page}");
    }
    assert_eq!(own.matches("演示平台不外发").count() + 1, above.matches("演示平台不外发").count());
    let next_door = county.browser("neighbour").get("/sent").text;
    assert!(!next_door.contains("示例小学"), "{next_door}");
    assert!(county.browser("system").get("/sent").text.contains("示例工作群"));
    assert_eq!(county.browser("guard").get("/sent").status, StatusCode::FORBIDDEN);
    round();
    assert_eq!(head.get("/sent").text.matches("示例工作群").count(), own.matches("示例工作群").count());
}
