//! The page of a school: what each room says there, to whom, and that its numbers are those of the lists they lead to.

use axum::http::StatusCode;

use super::{
    held::name_reader,
    matrix::School,
    support::{Browser, County},
};

/// Everybody of the county, and what is above it.
const LOGINS: [&str; 16] = [
    "system",
    "security",
    "audit",
    "office",
    "leader",
    "officer",
    "central",
    "head",
    "safety",
    "teacher",
    "guard",
    "neighbour",
    "liaison",
    "inspector",
    "city",
    "province",
];

/// The panels of a page, in its order.
fn panels(page: &str) -> Vec<String> {
    page.split("<section class=\"panel\" id=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect()
}

/// The counts of a page with the addresses they lead to.
fn tallies(page: &str) -> Vec<(String, i64)> {
    let lists = page.split("<ul class=\"tallies\">").skip(1).map(|part| part.split("</ul>").next().unwrap());
    let items = lists.flat_map(|list| list.split("<li><a href=\"").skip(1));
    items
        .map(|item| {
            let href = item.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
            let count = item.split("<b>").nth(1).unwrap().split("</b>").next().unwrap();
            (href, number(count))
        })
        .collect()
}

/// The last number of a text.
fn number(text: &str) -> i64 {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    let mut runs = digits.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.next_back().unwrap_or_else(|| panic!("no number in {text}")).parse().unwrap()
}

/// How many a list says it has.
fn listed(browser: &Browser, list: &str) -> i64 {
    let page = browser.get(list);
    assert_eq!(page.status, StatusCode::OK, "{list}");
    let told =
        page.text.split("<span role=\"status\">").nth(1).unwrap_or_else(|| panic!("no count on {list}"));
    number(told.split("</span>").next().unwrap())
}

pub(super) fn county() -> (County, School) {
    let county = County::new();
    assert_eq!(name_reader(&county, "head", "primary", "safety").status, StatusCode::SEE_OTHER);
    let school = School::new(&county, "primary", ["head", "teacher", "safety", "office"]);
    (county, school)
}

#[test]
fn every_count_is_that_of_the_list_it_leads_to() {
    let (county, school) = county();
    let mut counted = 0;
    for login in LOGINS {
        let browser = county.browser(login);
        for unit in ["primary", "junior", "central", "county"] {
            let page = browser.get(&format!("/units/{}", county.units[unit].0.simple()));
            if page.status != StatusCode::OK {
                continue;
            }
            for (list, count) in tallies(&page.text) {
                assert_eq!(count, listed(&browser, &list), "{login} at {unit}: {list}");
                counted += i64::from(count > 0);
            }
        }
    }
    assert!(counted > 40, "the lists hold something: {counted}");
    let page = county.browser("office").get(&format!("/units/{}", school.unit));
    assert!(tallies(&page.text).iter().filter(|(_, n)| *n > 0).count() >= 9, "{}", page.text);
}

#[test]
fn whoever_may_not_see_a_panel_does_not_learn_that_it_exists() {
    let (county, school) = county();
    let path = format!("/units/{}", school.unit);
    let of = |login: &str| panels(&county.browser(login).get(&path).text);
    let all =
        ["hazards", "supervisions", "letters", "cases", "clarifications", "reports", "guards", "places"];
    assert_eq!(of("office"), all);
    assert_eq!(of("leader"), all);
    assert_eq!(of("head"), all);
    // Whom a case is about is the head's alone, among those of the school.
    let officer = ["hazards", "supervisions", "letters", "reports", "guards", "places"];
    assert_eq!(of("safety"), officer);
    assert_eq!(of("teacher"), ["hazards"]);
    // The township is a side of the case, and not of the school's clarifications.
    assert_eq!(of("officer"), ["hazards", "supervisions", "letters", "cases", "guards"]);
    assert_eq!(of("liaison"), ["hazards", "supervisions", "letters", "guards"]);
    assert_eq!(of("system"), [""; 0]);
    assert_eq!(of("security"), [""; 0]);
    assert_eq!(of("city"), ["guards"]);
    for login in ["guard", "audit"] {
        assert_eq!(county.browser(login).get(&path).status, StatusCode::FORBIDDEN, "{login}");
    }
    for login in ["neighbour", "inspector"] {
        assert_eq!(county.browser(login).get(&path).status, StatusCode::NOT_FOUND, "{login}");
    }
}

/// The sentences of the course, newest first, over all its pages.
fn course(browser: &Browser, unit: &str, kind: &str) -> Vec<String> {
    let mut path = format!("/units/{unit}?happened={kind}");
    let mut all = Vec::new();
    loop {
        let page = browser.get(&path).text;
        let part = page.split("<section id=\"course\">").nth(1).expect("a course");
        let part = part.split("</section>").next().unwrap();
        all.extend(part.split("<li class=\"plain\">").skip(1).map(str::to_owned));
        let Some(next) = part.split("rel=\"next\" href=\"").nth(1) else { return all };
        let next = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
        path = next.split('#').next().unwrap().to_owned();
    }
}

#[test]
fn the_course_tells_each_what_he_may_know() {
    let (county, school) = county();
    let of = |login: &str, kind: &str| course(&county.browser(login), &school.unit, kind);
    let has = |told: &[String], words: &str| told.iter().any(|line| language::plain(line).contains(words));
    let office = of("office", "");
    for words in
        ["登记隐患", "临时管控", "启动责任追究", "申请情况澄清", "随手拍收到", "点位新增", "录入单位"]
    {
        assert!(has(&office, words), "{words}: {office:?}");
    }
    assert!(has(&office, "示例head：登记隐患"), "who did it: {office:?}");
    let hazards = of("office", "hazard");
    assert!(!hazards.is_empty() && hazards.iter().all(|line| line.contains("/hazards/")), "{hazards:?}");
    assert!(hazards.len() < office.len());
    assert_eq!(of("office", "nonsense").len(), office.len(), "a kind that is none narrows nothing");
    // Each line once, and as many as there are of every kind.
    let mut once = office.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), office.len());
    let teacher = of("teacher", "");
    assert!(has(&teacher, "登记隐患") && !has(&teacher, "责任追究") && !has(&teacher, "随手拍"));
    assert!(!has(&teacher, "示例head"), "he may not know the people there: {teacher:?}");
    assert!(!has(&of("safety", ""), "责任追究"));
    assert!(has(&of("head", ""), "启动责任追究"));
    let system = of("system", "");
    assert!(has(&system, "录入单位") && !has(&system, "隐患"), "{system:?}");
}

#[test]
fn a_letter_that_was_not_sent_and_a_finding_that_is_a_draft_are_not_told() {
    let (county, school) = county();
    let office = county.browser("office");
    let form = format!("/transfers/new?hazard={}", school.hazard);
    let department = super::letters::department(&county, "示例公安局");
    let page = "/transfers/new";
    let fields = super::letters::fields(page, &school.hazard, &department);
    let drafted = office.post(&form, "/transfers", &fields);
    assert_eq!(drafted.status, StatusCode::SEE_OTHER, "{}", drafted.text);
    let letter = drafted.to.split('?').next().unwrap().to_owned();
    let told = |login: &str| course(&county.browser(login), &school.unit, "transfer").join("\n");
    assert!(told("office").contains(&letter));
    assert!(!told("head").contains(&letter) && told("head").contains("/transfers/"), "one was sent");
}

#[test]
fn an_empty_school_is_begun_by_one_act() {
    use organisation::{Line, UnitKind};
    let mut county = County::new();
    let under = [(Line::Management, "central"), (Line::Territory, "township")];
    county.unit("new", "2153900009", "示例新建小学", UnitKind::Primary, &under);
    let path = format!("/units/{}", county.units["new"].0.simple());
    let page = county.browser("office").get(&path).text;
    assert!(language::plain(&page).contains("还没有登记任何内容"), "{page}");
    assert!(page.contains(&format!("href=\"{path}/people/new\"")), "{page}");
    // Who begins nothing is not asked to.
    let page = county.browser("officer").get(&path).text;
    assert!(!language::plain(&page).contains("还没有登记任何内容"));
    assert!(language::plain(&page).contains("没有未销号的隐患"));
    let english = county.browser("office").get_in("en", &path).text;
    assert!(english.contains("Nothing is written down of this school yet"), "{english}");
}

#[test]
fn what_can_be_printed_is_named() {
    let (county, school) = county();
    let path = format!("/units/{}", school.unit);
    let page = county.browser("head").get(&path).text;
    let papers = page.split("<section id=\"papers\">").nth(1).unwrap().split("</section>").next().unwrap();
    let hrefs: Vec<String> = papers
        .split("href=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&"))
        .collect();
    assert!(hrefs.iter().any(|href| href.ends_with("/letter")), "{hrefs:?}");
    assert!(hrefs.iter().any(|href| href.starts_with("/places/sheets")), "{hrefs:?}");
    assert!(hrefs.iter().any(|href| href.starts_with("/hazards/export")), "{hrefs:?}");
    for href in hrefs {
        assert_eq!(county.browser("head").get(&href).status, StatusCode::OK, "{href}");
    }
    assert!(!county.browser("system").get(&path).text.contains("<section id=\"papers\">"));
}
