//! Exports in the background, through pages and rounds of the runner.

use axum::http::StatusCode;

use access::{Account, AccountCommand, Role};

use super::support::{Browser, County};
use crate::platform;

fn round(county: &County) -> bool {
    let runner = platform::export_runner(&county.platform);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(runner.round()).unwrap()
}

fn register(county: &County, browser: &Browser, phrase: &str) {
    let unit = county.units["primary"].0.to_string();
    let fields = [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", phrase)];
    let done = browser.post("/hazards/new?category=H02", "/hazards", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

/// As if the county had more hazards than anybody waits for: the lists count from this table.
fn many(county: &County) {
    access::operate(&county.platform.handle, |tx| {
        tx.write("UPDATE hazard_total SET amount = 60000 WHERE amount > 0", &[])
    })
    .unwrap();
}

fn ask(browser: &Browser, list: &str, format: &str) -> super::support::Page {
    let fields = [("list", list), ("format", format), ("filter", r#"{"stage":"all"}"#)];
    browser.post("/hazards", "/exports", &fields)
}

/// The address of the only file that can be fetched.
fn fetched(browser: &Browser) -> String {
    let page = browser.get("/exports");
    let at = page.text.find("class=\"button\" href=\"/exports/").unwrap_or_else(|| panic!("{}", page.text));
    page.text[at..].split('"').nth(3).unwrap().to_owned()
}

#[test]
fn a_list_too_long_to_wait_for_is_written_behind_the_page() {
    // Only a list of everything there is takes its length from the totals.
    let county = County::alone();
    let (office, safety) = (county.browser("office"), county.browser("safety"));
    register(&county, &safety, "围墙裂缝七号");
    assert!(office.get("/hazards/export?stage=all&format=csv").text.contains("围墙裂缝七号"), "few: at once");
    let log = county.browser("audit").get("/audit/reads").text;
    assert!(log.contains("导出隐患台账") && log.contains("全部状态"), "who took it is written: {log}");
    assert!(office.get("/exports").text.contains("这里会列出您的后台导出"));
    many(&county);
    let offer = office.get("/hazards/export?stage=all&format=xlsx");
    assert!(language::plain(&offer.text).contains("这个列表有 60,000 条，超过 50,000 条"), "{}", offer.text);
    assert!(offer.text.contains("可离开此页"));
    assert!(office.get("/exports").text.contains("这里会列出您的后台导出"), "looking asks for nothing");

    let asked = ask(&office, "hazards", "csv");
    assert_eq!((asked.status, asked.to.as_str()), (StatusCode::SEE_OTHER, "/exports"));
    let waiting = office.get("/exports").text;
    assert!(waiting.contains("正在排队") && waiting.contains("http-equiv=\"refresh\""), "{waiting}");
    assert!(waiting.contains("全部状态"), "it says what is exported: {waiting}");
    assert!(round(&county) && !round(&county));
    let done = office.get("/exports").text;
    assert!(done.contains("已完成") && !done.contains("http-equiv=\"refresh\""), "{done}");
    let address = fetched(&office);
    let file = office.get(&address);
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.text.contains("围墙裂缝七号") && file.text.contains("演示数据"), "{}", file.text);

    let leader = county.browser("leader");
    assert_eq!(leader.get(&address).status, StatusCode::NOT_FOUND, "only who asked");
    assert_eq!(leader.post("/hazards", &format!("{address}/remove"), &[]).status, StatusCode::NOT_FOUND);
    assert_eq!(office.post("/exports", &format!("{address}/remove"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(office.get(&address).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_file_is_not_kept_by_anything_in_between() {
    let county = County::new();
    let office = county.browser("office");
    assert_eq!(ask(&office, "hazards", "xlsx").status, StatusCode::SEE_OTHER);
    assert!(round(&county));
    let headers = office.headers(&fetched(&office));
    assert_eq!(headers["cache-control"], "no-store");
    let disposition = headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"hazards-2026-09-09.xlsx\""), "{disposition}");
    assert!(disposition.contains("%E9%9A%90%E6%82%A3"), "{disposition}");
}

#[test]
fn other_lists_take_part_and_unknown_ones_do_not() {
    let county = County::new();
    let office = county.browser("office");
    assert_eq!(ask(&office, "units", "csv").status, StatusCode::SEE_OTHER);
    assert!(round(&county));
    assert!(office.get(&fetched(&office)).text.contains("示例初级中学"));
    assert_eq!(ask(&office, "pupils", "csv").status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&office, "hazards", "pdf").status, StatusCode::NOT_FOUND);
    let teacher = county.browser("teacher");
    assert_eq!(ask(&teacher, "hazards", "csv").status, StatusCode::FORBIDDEN);
}

#[test]
fn a_head_gets_his_school_and_nothing_of_next_door() {
    let county = County::new();
    register(&county, &county.browser("safety"), "围墙裂缝七号");
    let unit = county.units["junior"].0.to_string();
    let fields =
        [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", "隔壁裂缝八号")];
    county.browser("neighbour").post("/hazards/new?category=H02", "/hazards", &fields);
    let head = county.browser("head");
    assert_eq!(ask(&head, "hazards", "csv").status, StatusCode::SEE_OTHER);
    assert!(round(&county));
    let file = head.get(&fetched(&head)).text;
    assert!(file.contains("围墙裂缝七号") && !file.contains("隔壁裂缝八号"), "{file}");
}

#[test]
fn a_file_does_not_outlive_the_rights_it_was_written_with() {
    let county = County::new();
    let head = county.browser("head");
    assert_eq!(ask(&head, "hazards", "csv").status, StatusCode::SEE_OTHER);
    assert!(round(&county));
    let address = fetched(&head);
    assert_eq!(head.get(&address).status, StatusCode::OK);
    let files = || std::fs::read_dir(county.data().join("exports")).unwrap().count();
    assert_eq!(files(), 1);
    let grant = AccountCommand::Grant { role: Role::SafetyOfficer, unit: county.units["junior"] };
    county.ask(|work| work.ask::<Account>(county.accounts["head"], grant));
    let reads = || {
        let mut tx = county.platform.database.reader().unwrap();
        access::access_log_head(&mut tx).unwrap().number
    };
    let before = reads();
    let refused = head.get(&address);
    assert_ne!(refused.status, StatusCode::OK);
    assert!(refused.text.contains("您的权限在提交导出后变了"), "{}", refused.text);
    assert_eq!((files(), reads()), (0, before), "nothing left, and nothing was taken");
    let shown = head.get("/exports").text;
    assert!(shown.contains("您的权限在提交导出后变了"), "{shown}");
    assert!(!shown.contains("class=\"button\" href=\"/exports/"), "no file is offered: {shown}");
    assert_eq!(head.get(&address).status, StatusCode::NOT_FOUND);
}

#[test]
fn the_log_of_reads_says_what_was_in_the_file() {
    let county = County::new();
    let office = county.browser("office");
    assert_eq!(ask(&office, "hazards", "csv").status, StatusCode::SEE_OTHER);
    assert!(round(&county));
    let address = fetched(&office);
    assert_eq!(office.get(&address).status, StatusCode::OK);
    let mut tx = county.platform.database.reader().unwrap();
    let (_, read) = access::reads_after(&mut tx, 0, 10).unwrap().pop().unwrap();
    assert_eq!(read.why, format!("{address} · 师宗县教育体育局 · 全部状态"));
    assert!(county.browser("audit").get("/audit/reads").text.contains("全部状态"));
}

#[test]
fn the_trail_and_the_log_of_reads_are_written_behind_the_page_too() {
    let county = County::new();
    let audit = county.browser("audit");
    assert!(audit.get("/audit").text.contains("href=\"/exports\""));
    assert!(audit.get("/exports").text.contains("href=\"/audit\""), "his way back");
    assert_eq!(audit.get("/audit/reads/export").status, StatusCode::OK);
    // As if it had grown for years.
    access::operate(&county.platform.handle, |tx| {
        tx.write(
            "INSERT INTO access_log (number, read_at, account_id, what, subject_id, unit_id, why, chain)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
             SELECT l.number + n.i, l.read_at, l.account_id, l.what, l.subject_id, l.unit_id, l.why, l.chain
             FROM n, access_log l WHERE l.number = 1",
            &[],
        )
    })
    .unwrap();
    let offer = audit.get("/audit/reads/export?format=xlsx");
    assert!(language::plain(&offer.text).contains("这个列表超过 50,000 条"), "{}", offer.text);
    assert!(offer.text.contains("value=\"reads\""), "{}", offer.text);

    let ask = |browser: &Browser, list: &str, filter: &str| {
        browser.post("/exports", "/exports", &[("list", list), ("format", "csv"), ("filter", filter)])
    };
    assert_eq!(ask(&audit, "audit", r#"{"kind":"person"}"#).status, StatusCode::SEE_OTHER);
    assert!(round(&county));
    let file = audit.get(&fetched(&audit)).text;
    assert!(file.contains("person.entered") && !file.contains("account.opened"), "{file}");
    let log = county.platform.database.reader().unwrap().query(
        "SELECT what, why FROM access_log ORDER BY number DESC LIMIT 1",
        &[],
        |row| Ok((row.text(0)?, row.text(1)?)),
    );
    let (what, why) = log.unwrap().remove(0);
    assert_eq!(what, "audit.export");
    assert!(why.ends_with(" · 师宗县教育体育局 · 人员"), "{why}");

    assert_eq!(ask(&audit, "hazards", "").status, StatusCode::FORBIDDEN);
    for list in ["audit", "reads"] {
        assert_eq!(ask(&county.browser("office"), list, "").status, StatusCode::FORBIDDEN, "{list}");
    }
}

/// As if there were more than anybody waits for.
fn grown(county: &County, table: &'static str, insert: String) {
    access::operate(&county.platform.handle, move |tx| {
        tx.write(&insert, &[])?;
        let count = tx.count(&format!("SELECT count(*) FROM {table}"), &[])?;
        assert!(count > 50_000, "{table}: {count}");
        Ok(())
    })
    .unwrap();
}

fn written_behind(county: &County, who: &str, list: &str, (page, filter): (&str, &str)) -> String {
    let browser = county.browser(who);
    for format in ["csv", "xlsx"] {
        let joint = if page.contains('?') { '&' } else { '?' };
        let offer = browser.get(&format!("{page}{joint}format={format}"));
        assert_eq!(offer.status, StatusCode::OK, "{page}: {}", offer.text);
        assert!(language::plain(&offer.text).contains("超过 50,000 条"), "{page}: {}", offer.text);
        assert!(offer.text.contains(&format!("value=\"{list}\"")), "{page}: {}", offer.text);
    }
    // Not all of them: what writes the file is the same whatever their number.
    for table in ["account", "person", "notify_sent"] {
        let sql = format!("DELETE FROM {table} WHERE state = 'many'")
            .replace("notify_sent WHERE state", "notify_sent WHERE code");
        access::operate(&county.platform.handle, move |tx| tx.write(&sql, &[])).unwrap();
    }
    let fields = [("list", list), ("format", "csv"), ("filter", filter)];
    let asked = browser.post("/exports", "/exports", &fields);
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    assert!(round(county));
    let file = browser.get(&fetched(&browser));
    assert_eq!(file.status, StatusCode::OK);
    file.text
}

fn newest_read(county: &County) -> access::AccessRead {
    let mut tx = county.platform.database.reader().unwrap();
    access::reads_after(&mut tx, 0, 100).unwrap().pop().unwrap().1
}

const MANY: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 50000)";

#[test]
fn accounts_are_written_behind_the_page() {
    let county = County::new();
    let insert = format!(
        "INSERT INTO account (id, version, shape, state, login, person_id, home_id, suspended) {MANY}
         SELECT randomblob(16), a.version, a.shape, 'many', 'x' || n.i, a.person_id, a.home_id, a.suspended
         FROM n, account a WHERE a.login = 'guard.test'"
    );
    grown(&county, "account", insert);
    let unit = county.units["primary"];
    let filter = format!(r#"{{"unit":"{}"}}"#, unit.0.simple());
    let page = format!("/accounts/export?unit={}", unit.0.simple());
    let file = written_behind(&county, "system", "accounts", (&page, &filter));
    assert!(file.contains("guard.test") && !file.contains("system.test"), "{file}");
    let read = newest_read(&county);
    assert_eq!((read.what.as_str(), read.unit), ("account.export", unit));
    assert!(read.why.ends_with("示例小学"), "{}", read.why);
}

#[test]
fn the_people_of_a_unit_are_written_behind_the_page() {
    let county = County::new();
    let insert = format!(
        "INSERT INTO person (id, version, shape, state, unit_id, active) {MANY}
         SELECT randomblob(16), p.version, p.shape, 'many', p.unit_id, TRUE
         FROM n, person p JOIN account a ON a.person_id = p.id WHERE a.login = 'guard.test'"
    );
    grown(&county, "person", insert);
    let unit = county.units["primary"];
    let page = format!("/units/{}/people/export", unit.0.simple());
    let file = written_behind(&county, "head", "people", (&page, &unit.0.simple().to_string()));
    assert!(file.contains("示例guard"), "{file}");
    let read = newest_read(&county);
    assert_eq!((read.what.as_str(), read.subject, read.unit), ("person.export", unit.into(), unit));
}

#[test]
fn what_was_sent_is_written_behind_the_page() {
    let county = County::new();
    let row = |code: &str, label: &str| {
        format!(
            "SELECT randomblob(16), 1, randomblob(16), u.id, '{label}', 'wecom', 'a.example.cn', 'major', 1, '', 'sent', '{code}', 1"
        )
    };
    let into = "INSERT INTO notify_sent (id, at, channel_id, unit_id, label, kind, host, topics, items, body, outcome, code, tries)";
    let which = "unit u WHERE u.name = '示例小学'";
    grown(&county, "notify_sent", format!("{into} {MANY} {} FROM n, {which}", row("many", "很多")));
    let one = format!("{into} {} FROM {which}", row("", "示例工作群"));
    access::operate(&county.platform.handle, move |tx| tx.write(&one, &[])).unwrap();
    let file = written_behind(&county, "head", "sent", ("/sent/export", ""));
    assert!(file.contains("示例工作群") && !file.contains("很多"), "{file}");
    let mut tx = county.platform.database.reader().unwrap();
    assert_eq!(access::access_log_head(&mut tx).unwrap().number, 0, "it names nobody");
}

#[test]
fn whoever_sees_a_list_takes_it_out_and_teachers_and_guards_do_not() {
    let county = County::new();
    register(&county, &county.browser("safety"), "围墙裂缝七号");
    let readers = ["office", "leader", "officer", "central", "head", "safety"];
    for login in readers.into_iter().chain(["system", "security"]) {
        let browser = county.browser(login);
        assert!(browser.get("/units").text.contains("href=\"/units/export"), "{login}");
        let file = browser.get("/units/export");
        assert_eq!(file.status, StatusCode::OK, "{login}");
        assert!(file.text.contains("示例小学"), "{login}: {}", file.text);
        let hazards = browser.get("/hazards/export?stage=all&format=csv");
        if readers.contains(&login) {
            assert!(browser.get("/hazards").text.contains("href=\"/hazards/export"), "{login}");
            assert!(hazards.text.contains("围墙裂缝七号"), "{login}: {}", hazards.text);
            // Hazards name people, units do not.
            assert_eq!(newest_read(&county).what, "hazard.export", "{login}");
        } else {
            // Who keeps units or accounts in order sees no hazard and takes none out.
            assert_eq!(hazards.status, StatusCode::FORBIDDEN, "{login}");
        }
    }
    for login in ["teacher", "guard"] {
        let browser = county.browser(login);
        assert_eq!(browser.get("/units/export").status, StatusCode::FORBIDDEN, "{login}");
        assert_eq!(browser.get("/hazards/export").status, StatusCode::FORBIDDEN, "{login}");
        assert!(!browser.get("/hazards").text.contains("/hazards/export"), "{login}");
    }
}

#[test]
fn the_list_of_readers_is_taken_out_and_that_is_logged() {
    let county = County::new();
    let head = county.browser("head");
    assert!(head.get("/readers").text.contains("href=\"/readers/export?format=xlsx\""));
    let file = head.get("/readers/export?format=csv");
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(file.text.contains("示例小学") && !file.text.contains("示例初级中学"), "{}", file.text);
    assert_eq!(newest_read(&county).what, "reader.export");
    assert_eq!(county.browser("leader").get("/readers/export").status, StatusCode::FORBIDDEN);
}
