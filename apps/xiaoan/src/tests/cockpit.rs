//! Every number of the cockpit equals the list it opens, as each role; a day that has passed shows what it showed.

use std::{collections::BTreeMap, sync::Arc};

use axum::http::StatusCode;
use kernel::{FixedClock, Timestamp};

use super::{
    listings::major,
    story::{PLAN, act, register},
    support::{Browser, County, NOW},
};
use crate::platform::Founding;

/// Everybody with a cockpit.
const VIEWERS: [&str; 9] =
    ["office", "leader", "officer", "central", "head", "safety", "neighbour", "liaison", "inspector"];

const DAY: i64 = Timestamp::DAY_MS;

fn founded() -> (County, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new(NOW));
    (County::founded(Founding::Demonstration, Arc::clone(&clock)), clock)
}

/// A hazard of the primary school up to where its plan is carried out.
fn planned(county: &County, category: &str) -> String {
    let unit = county.units["primary"].0.to_string();
    let officer = county.people["safety"].0.to_string();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let record = register(&county.browser("guard"), category, &unit);
    let graded = act(&safety, &record, "grade", &[("level", "general")]);
    assert_eq!(graded.status, StatusCode::SEE_OTHER, "{}", graded.text);
    let assigned = act(&head, &record, "assign", &[("responsible", &officer)]);
    assert_eq!(assigned.status, StatusCode::SEE_OTHER, "{}", assigned.text);
    let mut plan = PLAN.to_vec();
    plan.push(("responsible", &officer));
    let due = (county.platform.clock.now().plus_ms(5 * DAY)).local_date().to_string();
    plan[3].1 = &due;
    let taken = act(&safety, &record, "take-on", &plan);
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    record
}

fn closed(county: &County, record: &str) {
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let fixed =
        safety.post_photo(record, &format!("{record}/rectify"), "photos", &[("note", "已更换四具灭火器")]);
    assert_eq!(fixed.status, StatusCode::SEE_OTHER, "{}", fixed.text);
    let done = act(&head, record, "accept", &[("verdict", "close"), ("on_site", "1")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

/// Hazards of every kind, at several schools: some late, some closed in time and late, one major and listed, one at the
/// central school, one withdrawn.
fn lived(county: &County, clock: &FixedClock, mut look: impl FnMut(&County)) {
    let junior = county.units["junior"].0.to_string();
    let primary = county.units["primary"].0.to_string();
    let late = planned(county, "H09");
    let kept = planned(county, "H01");
    look(county);
    clock.advance_ms(2 * DAY);
    closed(county, &kept);
    register(&county.browser("neighbour"), "H12", &junior);
    look(county);
    clock.advance_ms(12 * DAY);
    planned(county, "H21");
    look(county);
    clock.advance_ms(DAY);
    closed(county, &late);
    major(county, &county.browser("safety"), &primary);
    look(county);
    clock.advance_ms(DAY);
    let mistaken = register(&county.browser("head"), "H12", &primary);
    let taken_back = act(
        &county.browser("head"),
        &mistaken,
        "withdraw",
        &[("why", "mistaken"), ("note", "现场查看是施工围挡")],
    );
    assert_eq!(taken_back.status, StatusCode::SEE_OTHER, "{}", taken_back.text);
    register(&county.browser("central"), "H01", &county.units["central"].0.to_string());
    // The same place and category once more.
    register(&county.browser("guard"), "H21", &primary);
    look(county);
    clock.advance_ms(9 * DAY);
    register(&county.browser("neighbour"), "H02", &junior);
    look(county);
}

/// The links of a page's content that say a number: address and number.
fn numbers(html: &str) -> Vec<(String, i64)> {
    let main = &html[html.find("<main").unwrap()..html.find("</main>").unwrap()];
    let mut found = Vec::new();
    for part in main.split("<a ").skip(1) {
        let (tag, rest) = part.split_once('>').unwrap();
        let href = tag.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
        let href = href.replace("&#38;", "&").replace("&amp;", "&");
        let words = rest.split("</a>").next().unwrap().replace(',', "");
        let said = tag.split("data-n=\"").nth(1).map(|n| n.split('"').next().unwrap().to_owned());
        let number = said.or_else(|| words.bytes().all(|b| b.is_ascii_digit()).then_some(words));
        if let Some(number) = number.filter(|number| !number.is_empty()) {
            found.push((href, number.parse().unwrap()));
        }
    }
    found
}

/// How many a list says it has.
fn listed(browser: &Browser, href: &str) -> i64 {
    let page = browser.get(href);
    assert_eq!(page.status, StatusCode::OK, "{href}");
    assert!(!page.text.contains("认不出"), "{href}: a filter was not understood");
    let text = language::plain(&page.text).to_string();
    let said = if href.starts_with("/supervisions") {
        let tabs = text.split("<nav class=\"tabs\"").nth(1).unwrap();
        tabs.split("aria-current=\"page\"").nth(1).unwrap().split("<b>").nth(1).unwrap().to_owned()
    } else {
        let status = text.split("role=\"status\">").nth(1).unwrap().split("</span>").next().unwrap();
        let from = status.rfind('共').filter(|_| !href.starts_with("/guards"));
        status[from.map_or(0, |at| at + '共'.len_utf8())..].to_owned()
    };
    let digits: String = said.trim().replace(',', "").chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("{href}: {said}"))
}

fn compared(browser: &Browser, path: &str, who: &str) -> (usize, i64) {
    let page = browser.get(path);
    assert_eq!(page.status, StatusCode::OK, "{path} as {who}: {}", page.text);
    let found = numbers(&page.text);
    for (href, number) in &found {
        assert_eq!(listed(browser, href), *number, "{path} as {who}: {href}");
    }
    (found.len(), found.iter().map(|(_, number)| number).sum())
}

#[test]
fn every_number_equals_the_list_it_opens_as_each_role() {
    let (county, clock) = founded();
    for who in VIEWERS {
        compared(&county.browser(who), "/cockpit", who);
    }
    lived(&county, &clock, |_| ());
    let mut seen = BTreeMap::new();
    for who in VIEWERS {
        let browser = county.browser(who);
        let (amount, sum) = compared(&browser, "/cockpit", who);
        assert!(amount > 60, "{who}: {amount} numbers");
        seen.insert(who, sum);
        compared(&browser, "/cockpit/schools", who);
        compared(&browser, "/cockpit/schools?view=silent", who);
        let english = browser.get_in("en", "/cockpit");
        assert_eq!(numbers(&english.text).len(), amount, "{who}: as many in English");
    }
    // 专职保安员配备率 is the one that the list of guards says.
    let office = county.browser("office");
    let (cockpit, guards) = (office.get("/cockpit").text, office.get("/guards").text);
    let (cockpit, guards) = (language::plain(&cockpit).to_string(), language::plain(&guards).to_string());
    let said = cockpit.split("所学校）").next().unwrap().rsplit('（').next().unwrap().trim().to_owned();
    assert!(guards.contains(&format!("专职保安员配备率：{said}")), "{said}");
    assert!(seen["office"] > 120, "{seen:?}");
    assert!(seen["neighbour"] < seen["officer"] && seen["head"] < seen["office"], "{seen:?}");
}

#[test]
fn every_number_of_a_past_day_that_still_opens_a_list_equals_it() {
    let (county, clock) = founded();
    lived(&county, &clock, |_| ());
    let day = county.platform.clock.now().plus_ms(-10 * DAY).local_date();
    for who in VIEWERS {
        let browser = county.browser(who);
        let path = format!("/cockpit?as-of={day}");
        // The first hazard of the inspectors' school was registered later than the others'.
        let (amount, _) = compared(&browser, &path, who);
        assert!(amount > 10, "{who}: {amount}");
        compared(&browser, &format!("/cockpit/schools?as-of={day}"), who);
    }
}

/// Rows of the file: part, item and what is counted, with the number and what it was.
fn rows(browser: &Browser, path: &str) -> BTreeMap<String, String> {
    let file = browser.get(path);
    assert_eq!(file.status, StatusCode::OK, "{path}: {}", file.text);
    let body = file.text.lines().skip_while(|line| !line.contains("统计")).skip(1);
    body.filter(|line| line.matches(',').count() >= 5)
        .map(|line| {
            let mut cells = line.splitn(6, ',');
            let mut next = || cells.next().unwrap().to_owned();
            let name = [next(), next(), next()].join(" / ");
            (name, [next(), next()].join(" "))
        })
        .collect()
}

#[test]
fn a_day_that_has_passed_shows_what_it_showed() {
    let (county, clock) = founded();
    let mut said: Vec<(kernel::Date, &str, BTreeMap<String, String>)> = Vec::new();
    lived(&county, &clock, |county| {
        let now = county.platform.clock.now();
        // The last moment of the day.
        clock.set(Timestamp::at_end_of(now.local_date()));
        for who in VIEWERS {
            let rows = rows(&county.browser(who), "/cockpit/export?format=csv");
            said.push((now.local_date(), who, rows));
        }
        clock.set(now);
    });
    let mut compared = 0;
    for (day, who, then) in &said {
        let browser = county.browser(who);
        if *day == county.platform.clock.now().local_date() {
            continue;
        }
        let path = format!("/cockpit/export?format=csv&as-of={day}");
        if browser.get(&path).status == StatusCode::UNPROCESSABLE_ENTITY {
            assert_eq!(
                then["要点 / 未销号 / "], "0 与上周持平",
                "{who}: refused only before the first record"
            );
            continue;
        }
        let now = rows(&browser, &path);
        for (name, number) in &now {
            if number.trim().is_empty() {
                continue;
            }
            assert_eq!(then.get(name), Some(number), "{day} as {who}: {name}");
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn a_day_ahead_or_before_the_first_record_is_refused_in_words() {
    let (county, clock) = founded();
    clock.advance_ms(3 * DAY);
    register(&county.browser("guard"), "H09", &county.units["primary"].0.to_string());
    let office = county.browser("office");
    for (day, zh, en) in [
        ("2026-10-01", "还没有到", "has not come yet"),
        ("2026-09-01", "还没有记录", "Nothing was recorded"),
        ("yesterday", "日期认不出", "That is no day"),
    ] {
        for path in ["/cockpit", "/cockpit/schools", "/cockpit/export", "/cockpit/schools/export"] {
            let path = format!("{path}?format=csv&as-of={day}");
            let page = office.get(&path);
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert!(language::plain(&page.text).contains(zh), "{path}: {}", page.text);
            assert!(office.get_in("en", &path).text.contains(en), "{path}");
        }
    }
    let nothing = county.browser("neighbour").get("/cockpit?as-of=2026-09-10");
    assert!(language::plain(&nothing.text).contains("还没有登记过隐患"), "{}", nothing.text);
}

#[test]
fn whoever_sees_no_hazards_of_a_school_has_no_cockpit_and_others_no_names_of_it() {
    let (county, clock) = founded();
    lived(&county, &clock, |_| ());
    for who in ["teacher", "guard", "system", "security", "audit", "city", "province"] {
        assert_eq!(county.browser(who).get("/cockpit").status, StatusCode::FORBIDDEN, "{who}");
    }
    let neighbour = county.browser("neighbour").get("/cockpit").text;
    assert!(neighbour.contains("示例初级中学") && !neighbour.contains("示例小学"));
    let head = county.browser("head").get("/cockpit").text;
    assert!(head.contains("示例小学") && !head.contains("示例初级中学"));
}
