//! Guards from the head's declaration to the leader's signature, as their pages do it.

use axum::http::StatusCode;

use super::support::{Browser, County, NOW, plain};

const KIT: [&str; 8] = ["helmet", "shield", "vest", "gloves", "baton", "torch", "spray", "fork"];

fn school(county: &County) -> String {
    format!("/guards/schools/{}", county.units["primary"].0.simple())
}

fn guard(county: &County) -> String {
    format!("/guards/people/{}", county.people["guard"].0.simple())
}

/// What the head writes of the guard.
fn papers(browser: &Browser, page: &str, more: &[(&str, &str)]) -> super::support::Page {
    let usual = [
        ("work", "full"),
        ("employer", "company"),
        ("company", "平安保安服务有限公司"),
        ("certified", "yes"),
        ("certificate", "滇保20240001"),
        ("certified_until", "2026-10-10"),
        ("background_on", "2026-03-01"),
        ("shift", "night"),
        ("born", "1980-05-01"),
    ];
    let usual = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<(&str, &str)> = usual.chain(more.iter().copied()).collect();
    browser.post(page, page, &fields)
}

#[test]
fn a_guard_counts_when_his_papers_are_in_order_and_his_number_stays_hidden() {
    let county = County::new();
    let (head, page, own) = (county.browser("head"), guard(&county), school(&county));
    assert!(plain(&head.get(&own).text).contains("缺 2 名"), "nothing is known of him but his post");
    let young = papers(&head, &page, &[("born", "2012-01-01")]);
    assert_eq!(young.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        young.text.contains("未满法定年龄") && young.text.contains("平安保安服务有限公司"),
        "{}",
        young.text
    );
    let named = papers(&head, &page, &[("company", "平安公司 13812345678")]);
    assert_eq!(named.status, StatusCode::UNPROCESSABLE_ENTITY);
    let firmless = papers(&head, &page, &[("company", "")]);
    assert_eq!(firmless.status, StatusCode::UNPROCESSABLE_ENTITY, "a firm has a name");
    let several = papers(&head, &page, &[("born", "2099-01-01"), ("certified_on", "2099-02-02")]);
    for field in ["born", "certified_on"] {
        assert!(several.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", several.text);
    }
    let done = papers(&head, &page, &[]);
    assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, page.as_str()), "{}", done.text);
    let seen = head.get(&page).text;
    assert!(plain(&seen).contains("计入") && seen.contains("夜班"), "{seen}");
    assert!(!seen.contains("滇保20240001") && !seen.contains("1980-05-01"), "numbers are not shown: {seen}");
    assert!(plain(&head.get(&own).text).contains("缺 1 名"));
    let own_page = format!("/people/{}", county.people["guard"].0.simple());
    assert!(head.get(&own_page).text.contains(&page), "his own page leads to his papers");
    // An empty number keeps the one that is known.
    let kept = papers(&head, &page, &[("certificate", ""), ("born", ""), ("work", "part")]);
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let seen = head.get(&own).text;
    assert!(plain(&seen).contains("缺 2 名") && seen.contains("兼职，只列名不计数"), "{seen}");
}

#[test]
fn a_guard_looks_at_the_kit_and_sees_nothing_of_colleagues() {
    let county = County::new();
    let guard = county.browser("guard");
    let page = format!("/guards/kit/{}/0", county.units["primary"].0.simple());
    let list = guard.get("/guards/kit").text;
    assert!(list.contains(&page) && list.contains("还没有检查过"), "{list}");
    for path in ["/guards", "/guards/roster", &school(&county), &self::guard(&county)] {
        let status = guard.get(path).status;
        assert!(status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND, "{path}: {status}");
    }
    let names: Vec<String> = KIT.iter().map(|piece| format!("condition_{piece}")).collect();
    let mut fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "good")).collect();
    fields.extend([("expires_vest", "2029-01-01"), ("amount_helmet", "２")]);
    let undated = guard.post(&page, &page, &fields);
    assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(undated.text.contains("请填写催泪喷射器上标的有效期"), "{}", undated.text);
    let wrong: Vec<(&str, &str)> = fields
        .iter()
        .copied()
        .filter(|(name, _)| *name != "condition_fork" && *name != "amount_helmet")
        .collect();
    let wrong = [wrong, vec![("amount_helmet", "abc"), ("amount_baton", "0")]].concat();
    let several = guard.post(&page, &page, &wrong).text;
    for (field, said) in [
        ("condition_fork", "请选择安全钢叉的状况"),
        ("amount_helmet", "请填写防暴头盔的件数"),
        ("amount_baton", "请填写橡胶警棍的件数"),
        ("expires_spray", "请填写催泪喷射器上标的有效期"),
    ] {
        assert!(
            several.contains(said) && several.contains(&format!("href=\"#{field}\"")),
            "{said}: {several}"
        );
    }
    assert!(several.contains("value=\"abc\""), "what was typed stays: {several}");
    fields.push(("expires_spray", "2026-09-10"));
    let done = guard.post(&page, &page, &fields);
    assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, "/guards/kit"), "{}", done.text);
    // What runs out is on the list of whoever keeps it in order, with the words to copy.
    let due = plain(&county.browser("safety").get("/today").text);
    assert!(due.contains("催泪喷射器") && due.contains("保安和装备到期"), "{due}");
    assert!(!plain(&guard.get("/today").text).contains("保安和装备到期"));
    let seen = county.browser("head").get(&school(&county)).text;
    assert!(seen.contains("示例guard"), "who looked is said to the head: {seen}");
}

#[test]
fn declared_stands_beside_what_the_roster_proves() {
    let county = County::new();
    let (head, own) = (county.browser("head"), school(&county));
    let declare = |fields: &[(&str, &str)]| head.post(&own, &format!("{own}/declare"), fields);
    let today = NOW.local_date().to_string();
    let future = declare(&[("full_time", "2"), ("part_time", "0"), ("on", "2027-01-01")]);
    assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = declare(&[("full_time", "两个"), ("part_time", "0"), ("on", today.as_str())]);
    assert!(wrong.text.contains("value=\"两个\""), "what was typed stays: {}", wrong.text);
    let done = declare(&[("full_time", "2"), ("part_time", "0"), ("on", today.as_str())]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let office = county.browser("office");
    let list = plain(&office.get("/guards?view=differs").text);
    assert!(list.contains("示例小学") && !list.contains("示例初级中学"), "{list}");
    let csv = plain(&office.get("/guards/export?view=differs&format=csv").text);
    for said in ["示例小学", "缺 2 名", "在校学生和教职工 320 人，在 100 人至 1,000 人之间：2 名"]
    {
        assert!(csv.contains(said), "{said}: {csv}");
    }
    let roster = office.get("/guards/roster/export?format=csv").text;
    assert!(roster.contains("示例guard"), "{roster}");
    let mut tx = county.platform.database.reader().unwrap();
    assert_eq!(access::access_log_head(&mut tx).unwrap().number, 1, "taking names out is written down");
}

#[test]
fn a_school_at_two_places_is_judged_at_each() {
    let county = County::new();
    let (head, own) = (county.browser("head"), school(&county));
    let both = [
        ("campus_number", ""),
        ("campus_name", "东校区"),
        ("campus_pupils", "８0"),
        ("campus_staff", "10"),
        ("campus_boarders", "0"),
        ("campus_number", ""),
        ("campus_name", "西校区"),
        ("campus_pupils", "220"),
        ("campus_staff", "10"),
        ("campus_boarders", "0"),
    ];
    let done = head.post(&own, &format!("{own}/campuses"), &both);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let seen = plain(&head.get(&own).text);
    assert!(seen.contains("东校区") && seen.contains("缺 1 名") && seen.contains("缺 2 名"), "{seen}");
    assert!(seen.contains("有 1 名保安没有指定校区"), "{seen}");
    let one = head.post(&own, &format!("{own}/campuses"), &both[..5]);
    assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", one.text);
    assert!(one.text.contains("请至少登记两个"), "{}", one.text);
}

#[test]
fn a_report_is_signed_by_another_and_printed_with_every_sum() {
    let county = County::new();
    let (office, leader) = (county.browser("office"), county.browser("leader"));
    let fields = [("addressee", "师宗县人民政府"), ("request", "恳请统筹岗位和经费"), ("verdict", "submit")];
    let begun = office.post("/guards/reports/new", "/guards/reports", &fields);
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    let report = begun.to.clone();
    assert!(plain(&office.get(&format!("{report}/paper")).text).contains("未签发"));
    assert!(leader.get("/today").text.contains("保安配备缺口报告待签发"));
    let signed =
        leader.post(&report, &format!("{report}/sign"), &[("document_number", "师教体报〔2026〕5号")]);
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    let paper = plain(&office.get(&format!("{report}/paper")).text);
    for said in [
        "师教体报〔2026〕5号",
        "保配 2026-001",
        "师宗县人民政府：",
        "示例小学",
        "在校学生和教职工320人",
        "竹基镇",
        "合计",
    ] {
        assert!(paper.contains(said), "{said}: {paper}");
    }
    let english = office.get_in("en", &format!("{report}/paper")).text;
    assert!(english.contains("320 pupils and staff") && english.contains("County plan"), "{english}");
    let csv = office.get(&format!("{report}/export?format=csv"));
    assert!(csv.status == StatusCode::OK && csv.text.contains("示例初级中学"), "{}", csv.text);
    // The tiers above see what was signed.
    assert_eq!(county.browser("city").get(&report).status, StatusCode::OK);
    assert_eq!(county.browser("head").get(&report).status, StatusCode::NOT_FOUND);
}

#[test]
fn one_proposes_another_chooses_and_every_school_is_judged_anew() {
    let county = County::new();
    let (office, leader) = (county.browser("office"), county.browser("leader"));
    let today = NOW.local_date().to_string();
    let mut fields = vec![
        ("set", "gb-29315-2022"),
        ("rounding", "floor"),
        ("growth", "pupils"),
        ("boarding", "zero"),
        ("joining", "max"),
        ("from", today.as_str()),
    ];
    let page = "/guards/standard";
    let silent = office.post(page, page, &fields);
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.text);
    fields.push(("reason", "按国家标准执行"));
    let done = office.post(page, page, &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let list = || plain(&county.browser("head").get("/guards").text);
    assert!(!list().contains("现行标准：GB/T 29315-2022"), "a proposal changes nothing");
    // What would change is told before anybody decides, and whoever proposed it does not.
    let waiting = leader.get(page).text;
    assert!(waiting.contains("试算") && waiting.contains("按国家标准执行"), "{waiting}");
    assert!(leader.get("/today").text.contains("保安配备标准待选定"));
    let choose = format!("{page}/choose");
    assert_eq!(office.post(page, &choose, &[]).status, StatusCode::NOT_FOUND);
    let decline = leader.post(page, &format!("{page}/decline"), &[("note", "")]);
    assert_eq!(decline.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", decline.text);
    let chosen = leader.post(page, &choose, &[]);
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.text);
    assert!(list().contains("现行标准：GB/T 29315-2022"), "{}", list());
    let again = leader.post(page, &choose, &[]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
    assert!(again.text.contains("没有等待选定的提议"), "{}", again.text);
}
