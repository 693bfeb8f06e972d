//! Words that are no hazard: held for one reader, or stored nowhere.

use axum::http::StatusCode;

use super::support::{Browser, County, Page};

pub(super) const WORDS: &str = "六年级有学生被同学打，脸上有伤七四一";
const NOTE: &str = "已经交给派出所处理八五二";

/// Names somebody as the reader of a unit, by the form.
pub(super) fn name_reader(county: &County, by: &str, unit: &str, whom: &str) -> Page {
    let page = format!("/readers/{}", county.units[unit].0.simple());
    let account = county.accounts[whom].0.to_string();
    county.browser(by).post(&page, &page, &[("account", &account)])
}

fn write(county: &County, browser: &Browser, words: &str) -> Page {
    write_at(county, browser, "primary", words)
}

/// Words written into the form of a hazard at a unit.
pub(super) fn write_at(county: &County, browser: &Browser, unit: &str, words: &str) -> Page {
    let unit = county.units[unit].0.to_string();
    let fields = [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("description", words)];
    browser.post("/hazards/new?category=H02", "/hazards", &fields)
}

/// How many rows a table has.
fn rows(county: &County, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    county.platform.database.reader().unwrap().count(&sql, &[]).unwrap()
}

/// The one held report.
fn report(reader: &Browser) -> String {
    let list = reader.get("/held");
    assert_eq!(list.status, StatusCode::OK);
    let at = list.text.find("/held/").expect("a report on the list");
    list.text[at..].split('"').next().unwrap().to_owned()
}

/// Every byte the database keeps: the file and what is not yet written into it.
fn everything(county: &County) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in walk(&county.data()) {
        bytes.extend(std::fs::read(entry).unwrap());
    }
    bytes
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(walk(&entry));
        } else {
            files.push(entry);
        }
    }
    files
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn without_a_reader_nothing_is_stored() {
    let county = County::new();
    let guard = county.browser("guard");
    let before = rows(&county, "event");
    let answer = write(&county, &guard, WORDS);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text.contains("tel:110") && answer.text.contains("您刚才写的内容没有保存"),
        "{}",
        answer.text
    );
    let page = guard.get("/hazards/new?category=H16");
    assert!(page.text.contains("tel:110") && !page.text.contains("写给指定的人"));
    let unit = county.units["primary"].0.to_string();
    let fields = [("category", "H16"), ("unit", unit.as_str()), ("description", WORDS)];
    let answer = guard.post("/hazards/new?category=H02", "/hazards", &fields);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((rows(&county, "event"), rows(&county, "held_report")), (before, 0));
    assert!(!holds(&everything(&county), "脸上有伤七四一"));
}

#[test]
fn not_even_a_photo_is_stored_with_such_words() {
    let county = County::new();
    let guard = county.browser("guard");
    let unit = county.units["primary"].0.to_string();
    for held in [false, true] {
        if held {
            name_reader(&county, "head", "primary", "safety");
        }
        let fields =
            [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("description", WORDS)];
        guard.post_photo("/hazards/new?category=H02", "/hazards", "photos", &fields);
        assert_eq!(rows(&county, "attachment"), 0, "held: {held}");
    }
    assert_eq!(rows(&county, "held_report"), 1);
}

#[test]
fn the_text_reaches_its_reader_and_nobody_else() {
    let county = County::new();
    let named = name_reader(&county, "head", "primary", "safety");
    assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text);
    let answer = write(&county, &county.browser("guard"), WORDS);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.text.contains("tel:110") && answer.text.contains("示例小学安全专干"), "{}", answer.text);
    assert!(!answer.text.contains("示例safety") && !answer.text.contains(WORDS));
    let reader = county.browser("safety");
    assert!(reader.get("/today").text.contains("份写给您的封存材料没有办结"));
    let report = report(&reader);
    let (list, page) = (reader.get("/held"), reader.get(&report));
    for seen in [&list, &page] {
        assert!(!seen.text.contains(WORDS) && !seen.text.contains("示例guard"), "{}", seen.text);
    }
    assert!(list.text.contains("示例小学") && list.text.contains("2026"));
    for login in county.accounts.keys().filter(|login| **login != "safety") {
        let somebody = county.browser(login);
        assert_eq!(somebody.get(&report).status, StatusCode::NOT_FOUND, "{login}");
        assert_eq!(somebody.get("/held").status, StatusCode::SEE_OTHER, "{login}");
        let token = somebody.get("/me").hidden("_csrf");
        for act in ["open", "close"] {
            let fields = [("outcome", "no-case"), ("note", "无")];
            let answer = somebody.post_with(&token, &format!("{report}/{act}"), &fields);
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{login} {act}");
        }
        assert!(!somebody.get("/today").text.contains("/held"), "{login}");
    }
    assert_eq!(rows(&county, "access_log"), 0, "only opening is a reading");
}

#[test]
fn opening_is_logged_first_and_closing_is_sealed() {
    let county = County::new();
    name_reader(&county, "head", "primary", "safety");
    write(&county, &county.browser("guard"), WORDS);
    let reader = county.browser("safety");
    let report = report(&reader);
    let (open, close) = (format!("{report}/open"), format!("{report}/close"));
    let early = reader.post(&report, &close, &[("outcome", "police"), ("note", NOTE)]);
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "not read yet");
    for times in 1..=2 {
        let opened = reader.post(&report, &open, &[]);
        assert_eq!(opened.status, StatusCode::OK);
        assert!(opened.text.contains(WORDS) && opened.text.contains("示例guard"), "{}", opened.text);
        assert_eq!(rows(&county, "access_log"), times);
    }
    for wrong in [[("outcome", ""), ("note", NOTE)], [("outcome", "police"), ("note", " ")]] {
        let answer = reader.post(&report, &close, &wrong);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.text.contains(WORDS));
    }
    let closed = reader.post(&report, &close, &[("outcome", "police"), ("note", NOTE)]);
    assert_eq!((closed.status, closed.to.as_str()), (StatusCode::SEE_OTHER, "/held"), "{}", closed.text);
    let again = reader.post(&report, &open, &[]);
    assert!(again.text.contains(NOTE) && again.text.contains("已移交公安机关") && again.text.contains(WORDS));
    let late = reader.post(&report, &close, &[("outcome", "police"), ("note", NOTE)]);
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let audit = county.browser("audit");
    let reads = audit.get("/audit/reads");
    assert!(reads.text.contains("封存材料") && reads.text.contains("safety.test"), "{}", reads.text);
    let position = rows(&county, "event");
    assert_eq!(audit.get(&format!("/audit/{position}")).status, StatusCode::NOT_FOUND, "the closing");
    let unit = county.units["primary"].0.simple();
    let lists = ["/audit?kind=held", "/audit?who=guard.test", "/audit/export"].map(str::to_owned);
    for list in lists.into_iter().chain([format!("/audit?unit={unit}"), format!("/audit/export?unit={unit}")])
    {
        let list = audit.get(&list);
        assert_eq!(list.status, StatusCode::OK);
        let told = ["封存一份材料", "封存材料", "held."].into_iter().find(|told| list.text.contains(told));
        assert_eq!(told, None, "{}", list.text);
    }
    for page in ["/audit/reads".to_owned(), "/audit".to_owned()] {
        let page = audit.get(&page);
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            ![WORDS, NOTE, "已移交公安机关"].iter().any(|text| page.text.contains(text)),
            "{}",
            page.text
        );
    }
}

#[test]
fn what_cannot_be_logged_is_not_shown() {
    let county = County::new();
    name_reader(&county, "head", "primary", "safety");
    write(&county, &county.browser("guard"), WORDS);
    let reader = county.browser("safety");
    let report = report(&reader);
    let token = reader.get(&report).hidden("_csrf");
    access::operate(&county.platform.handle, |tx| tx.write("DROP TABLE access_log", &[])).unwrap();
    let answer = reader.post_with(&token, &format!("{report}/open"), &[]);
    assert!(answer.status.is_server_error(), "{}", answer.status);
    assert!(!answer.text.contains(WORDS));
    assert!(reader.get(&report).text.contains("待阅"), "nor does it count as read");
}

#[test]
fn no_table_and_no_file_has_the_words_in_clear() {
    let county = County::new();
    name_reader(&county, "head", "primary", "safety");
    write(&county, &county.browser("guard"), WORDS);
    let reader = county.browser("safety");
    let report = report(&reader);
    reader.post(&report, &format!("{report}/open"), &[]);
    let fields = [("outcome", "parents"), ("note", NOTE)];
    reader.post(&report, &format!("{report}/close"), &fields);
    let bytes = everything(&county);
    assert!(holds(&bytes, "held.written"), "the right files were looked at");
    for text in [WORDS, "脸上有伤七四一", NOTE, "八五二", "\"parents\""] {
        assert!(!holds(&bytes, text), "{text} is written in clear");
    }
}

#[test]
fn hazards_lists_search_counts_and_exports_know_nothing_of_it() {
    let county = County::new();
    name_reader(&county, "head", "primary", "safety");
    let tables =
        ["hazard", "hazard_now", "hazard_total", "hazard_day", "hazard_search", "evidence", "notify_outbox"];
    let before = tables.map(|table| rows(&county, table));
    write(&county, &county.browser("guard"), WORDS);
    assert_eq!(rows(&county, "held_report"), 1);
    assert_eq!(tables.map(|table| rows(&county, table)), before);
    let head = county.browser("head");
    for path in ["/hazards?stage=all", "/hazards?q=学生", "/hazards/export?format=csv", "/today"] {
        assert!(!head.get(path).text.contains("七四一"), "{path}");
    }
}

#[test]
fn a_form_sent_twice_is_held_once() {
    let county = County::new();
    name_reader(&county, "head", "primary", "safety");
    let guard = county.browser("guard");
    let page = guard.get("/hazards/new?category=H16");
    assert!(page.text.contains("写给指定的人"), "{}", page.text);
    let (token, command) = (page.hidden("_csrf"), page.hidden("_command"));
    let unit = page.hidden("unit");
    let send = |words: &str| {
        let fields = [("category", "H16"), ("unit", &unit), ("description", words), ("_command", &command)];
        guard.post_with(&token, "/hazards", &fields).status
    };
    assert_eq!(send("  "), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((send(WORDS), send(WORDS)), (StatusCode::OK, StatusCode::OK));
    assert_eq!(rows(&county, "held_report"), 1);
    assert_eq!(send("改了几个字，再写一次"), StatusCode::OK);
    assert_eq!(rows(&county, "held_report"), 2);
    let neighbour = county.units["junior"].0.to_string();
    let fields = [("category", "H16"), ("unit", neighbour.as_str()), ("description", WORDS)];
    assert_eq!(guard.post_with(&token, "/hazards", &fields).status, StatusCode::NOT_FOUND);
}

#[test]
fn each_unit_names_its_own_reader() {
    let county = County::new();
    assert_eq!(name_reader(&county, "office", "county", "leader").status, StatusCode::SEE_OTHER);
    let page = |unit: &str| format!("/readers/{}", county.units[unit].0.simple());
    // The county reaches the school in everything else; naming its reader is the school's own.
    for (login, unit, status) in [
        ("office", "primary", StatusCode::NOT_FOUND),
        ("system", "primary", StatusCode::NOT_FOUND),
        ("system", "county", StatusCode::OK),
        ("head", "primary", StatusCode::OK),
        ("head", "junior", StatusCode::NOT_FOUND),
        ("safety", "primary", StatusCode::FORBIDDEN),
        ("central", "primary", StatusCode::FORBIDDEN),
        ("audit", "county", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(county.browser(login).get(&page(unit)).status, status, "{login} {unit}");
    }
    for (by, unit, whom) in
        [("office", "county", "system"), ("office", "county", "audit"), ("head", "primary", "neighbour")]
    {
        let answer = name_reader(&county, by, unit, whom);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{whom}");
        assert!(answer.text.contains("这个人不能担任"), "{}", answer.text);
    }
    let oneself = name_reader(&county, "head", "primary", "head");
    assert_eq!(oneself.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(oneself.text.contains("不能指定自己：换一个人"), "{}", oneself.text);
    let nobody = county.browser("head").post(&page("primary"), &page("primary"), &[("account", "")]);
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn the_county_reads_where_the_school_has_nobody_and_followers_take_over() {
    let county = County::new();
    name_reader(&county, "office", "county", "leader");
    let guard = county.browser("guard");
    let answer = write(&county, &guard, WORDS);
    assert!(answer.text.contains("师宗县教育体育局局领导"), "{}", answer.text);
    let (leader, safety, teacher) =
        (county.browser("leader"), county.browser("safety"), county.browser("teacher"));
    let of_county = report(&leader);
    // What was written to the county's reader stays with him.
    name_reader(&county, "head", "primary", "safety");
    assert_eq!(safety.get(&of_county).status, StatusCode::NOT_FOUND);
    write(&county, &guard, "又有学生被同学打");
    let of_school = report(&safety);
    assert_eq!(leader.get(&of_school).status, StatusCode::NOT_FOUND);
    // Another reader follows, then nobody: then it is the county's.
    name_reader(&county, "head", "primary", "teacher");
    assert_eq!(safety.get(&of_school).status, StatusCode::NOT_FOUND);
    assert_eq!(teacher.get(&of_school).status, StatusCode::OK);
    let page = format!("/readers/{}", county.units["primary"].0.simple());
    let head = county.browser("head");
    assert_eq!(head.post(&page, &format!("{page}/end"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(teacher.get(&of_school).status, StatusCode::NOT_FOUND);
    assert_eq!(leader.get(&of_school).status, StatusCode::OK);
    let history = head.get(&page).text;
    let told = ["示例head指定示例safety为阅读人", "示例head指定示例teacher为阅读人", "示例head撤销了指定"];
    let plain = language::plain(&history).to_string();
    assert!(told.iter().all(|sentence| plain.contains(sentence)), "{history}");
}

#[test]
fn the_pages_speak_both_languages() {
    let county = County::new();
    name_reader(&county, "head", "primary", "safety");
    let reader = county.browser("safety");
    assert!(reader.get("/held").text.contains("还没有写给您的材料"));
    assert!(reader.get_in("en", "/held").text.contains("Nothing has been written to you yet"));
    write(&county, &county.browser("guard"), WORDS);
    assert!(reader.get_in("en", "/today").text.contains("held reports for you are not closed"));
    assert!(reader.get_in("en", &report(&reader)).text.contains("Open and read"));
    assert!(county.browser("head").get_in("en", "/readers").text.contains("Named reader"));
    assert!(
        county
            .browser("guard")
            .get_in("en", "/hazards/new?category=H17")
            .text
            .contains("Write to the named reader")
    );
}
