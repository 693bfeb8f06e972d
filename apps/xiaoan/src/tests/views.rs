//! One's own views of the list, through pages.

use axum::http::StatusCode;

use super::support::{Browser, County, Page};

fn save(browser: &Browser, address: &str, name: &str) -> Page {
    let page = browser.get(address);
    let filter = page.hidden("filter").replace("&quot;", "\"").replace("&#34;", "\"");
    let (token, mut fields) = (page.hidden("_csrf"), vec![("filter", filter.as_str()), ("name", name)]);
    fields.push(("replace", ""));
    browser.post_with(&token, "/hazards/views", &fields)
}

#[test]
fn a_filter_becomes_a_view_that_is_opened_replaced_and_deleted() {
    let county = County::new();
    let head = county.browser("head");
    let list = head.get("/hazards?stage=overdue&level=major&sort=due");
    assert!(list.text.contains("/hazards/views?stage=overdue&#38;level=major&#38;sort=due"), "{}", list.text);
    let empty = head.get("/hazards/views?stage=overdue&level=major");
    assert!(empty.text.contains("这里会列出您保存的视图"), "{}", empty.text);
    assert!(empty.text.contains("示例小学 · 已逾期 · 重大"), "{}", empty.text);

    let saved = save(&head, "/hazards/views?stage=overdue&level=major", "校长盯的件");
    assert_eq!(
        (saved.status, saved.to.as_str()),
        (StatusCode::SEE_OTHER, "/hazards?stage=overdue&level=major")
    );
    let list = head.get(&saved.to);
    assert!(list.text.contains("aria-current=\"page\">校长盯的件"), "{}", list.text);

    let asked = save(&head, "/hazards/views?stage=ended", "校长盯的件");
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.text.contains("示例小学 · 已逾期 · 重大") && asked.text.contains("替换原来的视图"),
        "{}",
        asked.text
    );
    assert!(head.get("/hazards/views").text.contains("已逾期"), "nothing was replaced yet");
    let (token, name) = (asked.hidden("_csrf"), asked.hidden("replace"));
    let fields = [("filter", r#"{"stage":"ended"}"#), ("name", name.as_str()), ("replace", name.as_str())];
    let done = head.post_with(&token, "/hazards/views", &fields);
    assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, "/hazards?stage=ended"));
    assert!(!head.get("/hazards/views").text.contains("已逾期"));

    assert!(!county.browser("safety").get("/hazards/views").text.contains("校长盯的件"), "one's own alone");
    let gone = head.post("/hazards/views", "/hazards/views/delete", &[("name", "校长盯的件")]);
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(head.get("/hazards/views").text.contains("这里会列出您保存的视图"));
}

#[test]
fn a_name_is_needed_and_not_too_long() {
    let county = County::new();
    let head = county.browser("head");
    for name in ["", "   ", "二十一个字的名称就是太长了所以不能保存它吧对"] {
        let refused = save(&head, "/hazards/views?stage=all", name);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text.contains("全部状态"), "what would be saved is still there");
    }
}

#[test]
fn a_view_tells_no_name_and_shows_no_row_its_viewer_may_not_see() {
    let county = County::new();
    let junior = county.units["junior"].0.simple().to_string();
    let unit = county.units["junior"].0.to_string();
    let fields =
        [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", "围墙裂缝七号")];
    let done = county.browser("neighbour").post("/hazards/new?category=H02", "/hazards", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let head = county.browser("head");
    let address = format!("unit={junior}&stage=all");
    let saved = save(&head, &format!("/hazards/views?{address}"), "隔壁");
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    for page in [head.get("/hazards/views"), head.get(&saved.to)] {
        assert!(!page.text.contains("示例初级中学") && !page.text.contains("围墙裂缝七号"), "{}", page.text);
    }
}

#[test]
fn views_speak_english_too() {
    let county = County::new();
    let page = county.browser("head").get_in("en", "/hazards/views?stage=overdue");
    assert!(page.text.contains("Save this filter") && page.text.contains("Overdue"), "{}", page.text);
}
