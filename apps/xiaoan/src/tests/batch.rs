//! 批量办理: one reason for many hazards, each recorded apart.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::FixedClock;

use super::{
    story::{act, register},
    support::{Browser, County, NOW},
};
use crate::platform::Founding;

const PATH: &str = "/hazards/batch";

/// A county whose clock is set by hand.
fn counted() -> (County, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new(NOW));
    (County::founded(Founding::Demonstration, Arc::clone(&clock)), clock)
}

/// The values of the boxes, in the order of the page.
fn boxes(browser: &Browser, act: &str) -> Vec<String> {
    let page = browser.get(&format!("{PATH}?act={act}")).text;
    let values = page.split("name=\"item\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    values.map(str::to_owned).collect()
}

/// Hazards that wait for somebody to be named.
fn graded(county: &County, clock: &FixedClock, count: usize) -> Vec<String> {
    let unit = county.units["primary"].0.to_string();
    let safety = county.browser("safety");
    let one = |_| {
        let record = register(&safety, "H09", &unit);
        let done = act(&safety, &record, "grade", &[("level", "general")]);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        // The same words a moment later would be asked about.
        clock.advance_ms(11 * 60_000);
        record
    };
    (0..count).map(one).collect()
}

fn send(browser: &Browser, act: &str, items: &[String], fields: &[(&str, &str)]) -> super::support::Page {
    let mut all: Vec<(&str, &str)> = vec![("act", act)];
    all.extend(items.iter().map(|item| ("item", item.as_str())));
    all.extend(fields);
    browser.post(&format!("{PATH}?act={act}"), PATH, &all)
}

#[test]
fn many_are_given_out_with_one_reason_and_one_that_is_refused_holds_up_no_other() {
    let (county, clock) = counted();
    let records = graded(&county, &clock, 3);
    let (head, officer) = (county.browser("head"), county.people["safety"].0.to_string());
    assert!(head.get("/today").text.contains(PATH));
    let items = boxes(&head, "assign");
    assert_eq!(items.len(), 3);

    let nothing = send(&head, "assign", &[], &[]);
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["#item", "#note", "#responsible"] {
        assert!(nothing.text.contains(&format!("href=\"{field}\"")), "{field}: {}", nothing.text);
    }

    // Somebody else is quicker with one of them.
    let quicker =
        act(&county.browser("safety"), &records[1], "withdraw", &[("why", "mistaken"), ("note", "看错了")]);
    assert_eq!(quicker.status, StatusCode::SEE_OTHER, "{}", quicker.text);
    let given = send(&head, "assign", &items, &[("responsible", &officer), ("note", "本周内更换")]);
    assert_eq!(given.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(language::plain(&given.text).contains("已交办 2 条。下列 1 条没有办成"), "{}", given.text);
    assert!(given.text.contains(&records[1]), "the one that was overtaken is named");
    for record in [&records[0], &records[2]] {
        let text = head.get(record).text;
        assert!(text.contains("待签收") && text.contains("本周内更换"), "{text}");
    }
    assert!(boxes(&head, "assign").is_empty());
}

#[test]
fn what_was_accepted_is_closed_at_once() {
    let (county, clock) = counted();
    let records = [super::story::awaiting(&county), {
        clock.advance_ms(11 * 60_000);
        super::story::awaiting(&county)
    }];
    let head = county.browser("head");
    for record in &records {
        let done = act(&head, record, "accept", &[("verdict", "accept"), ("on_site", "1")]);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let items = boxes(&head, "close");
    let closed = send(&head, "close", &items, &[("note", "对账销号")]);
    assert_eq!(language::plain(&closed.told), "已销号 2 条。", "{}", closed.text);
    for record in &records {
        assert!(head.get(record).text.contains("已销号"));
    }
}

#[test]
fn a_superior_urges_on_what_is_overdue_and_the_school_sees_it() {
    let (county, clock) = counted();
    graded(&county, &clock, 2);
    assert!(boxes(&county.browser("office"), "urge").is_empty(), "nothing is late yet");
    clock.advance_ms(30 * 86_400_000);
    // Sessions have ended since.
    let (office, head) = (county.browser("office"), county.browser("head"));
    let items = boxes(&office, "urge");
    assert_eq!(items.len(), 2);
    let urged = send(&office, "urge", &items, &[("note", "请于周五前交办")]);
    assert_eq!(urged.status, StatusCode::SEE_OTHER, "{}", urged.text);
    assert!(language::plain(&head.get("/today").text).contains("已催办 1 次"));
    let again = send(&office, "urge", &items, &[("note", "请于周五前交办")]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("刚催办过"), "{}", again.text);
}

#[test]
fn what_is_not_seen_is_not_there_and_who_decides_nothing_has_no_page() {
    let (county, clock) = counted();
    let records = graded(&county, &clock, 1);
    let item = records[0].trim_start_matches("/hazards/").to_owned();
    let officer = county.people["safety"].0.to_string();
    let fields = [("responsible", officer.as_str()), ("note", "本周内更换")];
    let foreign = send(&county.browser("neighbour"), "assign", &[item], &fields);
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(county.browser("guard").get(PATH).status, StatusCode::FORBIDDEN);
    let empty = county.browser("neighbour").get(PATH);
    assert!(empty.status == StatusCode::OK && empty.text.contains("现在没有可以批量"), "{}", empty.text);
}
