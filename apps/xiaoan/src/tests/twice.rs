//! Forms that are sent twice, and forms that somebody else was quicker than.

use axum::http::StatusCode;

use super::support::{Browser, County, Page};

const FORM: &str = "/hazards/new?category=H09";

fn send(county: &County, browser: &Browser, command: &str, phrase: &str, sure: &str) -> Page {
    let unit = county.units["primary"].0.to_string();
    let fields = [
        ("_command", command),
        ("category", "H09"),
        ("unit", unit.as_str()),
        ("source", "self"),
        ("description", phrase),
        ("place", "门卫室"),
        ("sure", sure),
    ];
    browser.post(FORM, "/hazards", &fields)
}

/// How many hazards the school has.
fn amount(browser: &Browser) -> usize {
    let csv = browser.get("/hazards/export?stage=all&format=csv").text;
    csv.lines().filter(|line| line.contains("示例小学") && line.contains("门卫室")).count()
}

#[test]
fn the_same_form_again_shows_what_it_made() {
    let county = County::new();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let command = safety.get(FORM).hidden("_command");
    let first = send(&county, &safety, &command, "门卫室灭火器过期", "");
    let again = send(&county, &safety, &command, "门卫室灭火器过期", "");
    assert_eq!((again.status, &again.to), (StatusCode::SEE_OTHER, &first.to), "{}", again.text);
    assert_eq!(amount(&head), 1);

    let changed = send(&county, &safety, &command, "门卫室插座松动", "");
    assert_eq!(changed.status, StatusCode::CONFLICT, "{}", changed.text);
    let text = &changed.text;
    assert!(text.contains("这张表已经提交过") && text.contains(&format!("href=\"{}\"", first.to)), "{text}");
    assert!(text.contains("\n门卫室插座松动</textarea>") && text.contains("value=\"门卫室\""), "{text}");
    assert_eq!(amount(&head), 1, "nothing was made of it");
    let fresh = changed.hidden("_command");
    assert_ne!(fresh, command, "it is a new form");
    let second = send(&county, &safety, &fresh, "门卫室插座松动", "");
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    assert_ne!(second.to, first.to);
    assert_eq!(amount(&head), 2);
}

#[test]
fn the_same_hazard_from_a_new_form_is_asked_about_once() {
    let county = County::new();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let first = send(&county, &safety, &safety.get(FORM).hidden("_command"), "门卫室灭火器过期", "");
    let asked = send(&county, &safety, &safety.get(FORM).hidden("_command"), "门卫室灭火器过期", "");
    assert_eq!(asked.status, StatusCode::CONFLICT, "{}", asked.text);
    assert!(
        asked.text.contains("您刚刚登记过同样的隐患") && asked.text.contains("仍要登记"),
        "{}",
        asked.text
    );
    assert!(asked.text.contains(&format!("href=\"{}\"", first.to)), "{}", asked.text);
    assert_eq!(amount(&head), 1);
    let at = asked.text.find("name=\"sure\" value=\"").unwrap();
    let sure = asked.text[at..].split('"').nth(3).unwrap();
    let second = send(&county, &safety, &asked.hidden("_command"), "门卫室灭火器过期", sure);
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    assert_eq!(amount(&head), 2);

    let other = send(&county, &head, &head.get(FORM).hidden("_command"), "门卫室灭火器过期", "");
    assert_eq!(other.status, StatusCode::SEE_OTHER, "somebody else is not asked: {}", other.text);
}

#[test]
fn a_stale_form_says_what_changed_by_whom_and_comes_back_while_it_may() {
    let county = County::new();
    let officer = county.people["safety"].0.to_string();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let record = send(&county, &safety, &safety.get(FORM).hidden("_command"), "门卫室灭火器过期", "").to;
    let seen = safety.get(&record).hidden("_version");
    let graded = head.post(&record, &format!("{record}/grade"), &[("level", "general")]);
    assert_eq!(graded.to, record, "{}", graded.text);

    let stale = [("_version", seen.as_str()), ("level", "general"), ("note", "我看是一般隐患")];
    let again = safety.post(&record, &format!("{record}/grade"), &stale);
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    let told = again.text.split("role=\"alert\"").nth(1).unwrap();
    let told = &told[..told.find("</div></div>").unwrap()];
    assert!(told.contains("示例head定为一般隐患") && told.contains("09:00"), "{told}");
    assert!(!told.contains("登记了隐患"), "only what is new: {told}");
    assert!(again.text.contains("我看是一般隐患"), "{}", again.text);
    assert!(again.hidden("_version") > seen, "it may be graded anew");

    let seen = again.hidden("_version");
    let assigned = head.post(&record, &format!("{record}/assign"), &[("responsible", &officer)]);
    assert_eq!(assigned.to, record, "{}", assigned.text);
    let withdrawn = head.post(
        &record,
        &format!("{record}/withdraw"),
        &[("why", "mistaken"), ("note", "看错了，没有过期")],
    );
    assert_eq!(withdrawn.to, record, "{}", withdrawn.text);
    let over = safety.post(
        &record,
        &format!("{record}/grade"),
        &[("_version", &seen), ("level", "general"), ("note", "写了半天的理由")],
    );
    assert_eq!(over.status, StatusCode::CONFLICT);
    assert!(over.text.contains("这一步现在不能办了") && over.text.contains("撤销"), "{}", over.text);
    assert!(over.text.contains("写了半天的理由"), "what was typed is not lost: {}", over.text);
    assert!(!over.text.contains(&format!("action=\"{record}/grade\"")), "{}", over.text);
}

#[test]
fn each_restricted_page_speaks_of_its_own_matter_and_leads_back() {
    let county = County::new();
    let safety = county.browser("safety");
    for (code, word, en) in
        [("H16", "欺凌", "bullying"), ("H17", "轻生", "self-harm"), ("H22", "校门口闹事", "at the gate")]
    {
        let page = safety.get(&format!("/hazards/new?category={code}")).text;
        let main = page.split("<main").nth(1).unwrap();
        assert!(main.contains(word) && main.contains("href=\"/hazards/new\">回到其他类别"), "{main}");
        let page = safety.get_in("en", &format!("/hazards/new?category={code}")).text.to_lowercase();
        assert!(page.contains(en) && page.contains("back to the other categories"), "{page}");
    }
}
