//! What a file of hazards has in its columns, and the due list as a file.

use axum::http::StatusCode;
use hazard::{Hazard, HazardCommand, Registration};
use kernel::{StreamId, UnitId, limits};

use super::support::{Browser, County, Page};

fn act(browser: &Browser, record: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.post(record, &format!("{record}/{act}"), fields);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    page
}

fn registered(county: &County) -> String {
    let unit = county.units["primary"].0.to_string();
    let fields = [
        ("category", "H09"),
        ("unit", unit.as_str()),
        ("source", "self"),
        ("found", "2026-09-08"),
        ("phrase", "门卫室灭火器过期"),
    ];
    county.browser("guard").post("/hazards/new?category=H09", "/hazards", &fields).to
}

fn row(csv: &str) -> Vec<String> {
    let line = csv.lines().find(|line| line.contains("门卫室灭火器过期")).unwrap_or_else(|| panic!("{csv}"));
    line.split(',').map(str::to_owned).collect()
}

fn column(csv: &str, name: &str) -> String {
    let heads = csv.lines().find(|line| line.contains("台账号")).unwrap();
    let at = heads
        .trim_start_matches('\u{feff}')
        .split(',')
        .position(|head| head == name)
        .unwrap_or_else(|| panic!("{heads}"));
    row(csv)[at].clone()
}

#[test]
fn the_deadline_is_that_of_the_rectification_even_when_it_is_closed() {
    let county = County::new();
    let officer = county.people["safety"].0.to_string();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    let record = registered(&county);
    let csv = || head.get("/hazards/export?stage=all&format=csv").text;
    assert_eq!(column(&csv(), "轮到"), "示例小学 定级");
    assert_eq!(column(&csv(), "时限"), "", "nobody has promised anything yet");
    act(&safety, &record, "grade", &[("level", "general")]);
    act(&head, &record, "assign", &[("responsible", &officer)]);
    let plan = [
        ("responsible", officer.as_str()),
        ("responsibility", "总务主任牵头组织更换"),
        ("funds", "从学校公用经费列支"),
        ("funds_cents", "１，２００．５０"),
        ("measures", "更换灭火器并张贴检查卡"),
        ("due", "2026-09-14"),
        ("contingency", "更换前从二楼调配备用灭火器"),
    ];
    act(&safety, &record, "take-on", &plan);
    assert!(safety.get(&record).text.contains("1200.50"), "full-width digits are digits");
    assert_eq!(
        (column(&csv(), "时限").as_str(), column(&csv(), "责任人").as_str()),
        ("2026-09-14", "示例safety")
    );
    let done = safety.post_photo(&record, &format!("{record}/rectify"), "photos", &[("note", "已更换")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    act(&head, &record, "accept", &[("verdict", "close"), ("on_site", "1")]);
    let closed = csv();
    assert_eq!(column(&closed, "时限"), "2026-09-14", "not the day of the look back");
    assert_eq!(column(&closed, "发现日期"), "2026-09-08");
    assert_eq!(column(&closed, "登记日期"), "2026-09-09");
    assert_eq!(column(&closed, "销号日期"), "2026-09-09");
}

#[test]
fn the_due_list_goes_along_as_a_file() {
    let county = County::new();
    registered(&county);
    let head = county.browser("head");
    let today = head.get("/today").text;
    assert!(
        today.contains("/today/export?format=csv") && today.contains("/today/export?format=xlsx"),
        "{today}"
    );
    let csv = head.get("/today/export?format=csv").text;
    assert!(csv.contains("演示数据") && csv.contains("门卫室灭火器过期"), "{csv}");
    assert_eq!(column(&csv, "轮到"), "定级");
    assert!(column(&csv, "时限").starts_with("2026-"), "{csv}");
    let kind = &head.headers("/today/export?format=xlsx")["content-type"];
    assert!(kind.to_str().unwrap().contains("spreadsheetml"));
    assert_eq!(county.browser("guard").get("/today/export?format=csv").status, StatusCode::FORBIDDEN);
    assert_eq!(head.get("/today/export?format=pdf").status, StatusCode::NOT_FOUND);
}

#[test]
fn the_due_list_says_how_many_there_are_and_its_file_has_all() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let guard = county.browser("guard");
    let token = guard.get("/hazards/new?category=H09").hidden("_csrf");
    for number in 0..103 {
        let phrase = format!("第{number}间教室插座松动");
        let fields = [
            ("category", "H09"),
            ("unit", unit.as_str()),
            ("source", "self"),
            ("found", "2026-09-08"),
            ("phrase", phrase.as_str()),
        ];
        let page = guard.post_with(&token, "/hazards", &fields);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    }
    let head = county.browser("head");
    let page = |path: &str| language::plain(&head.get(path).text).to_string();
    let first = page("/today");
    assert!(first.contains("103 项待办") && first.contains("另有 3 项在其他页"), "{first}");
    assert!(first.contains("/today?page=2") && !first.contains("data-school"), "one school, one text");
    assert!(first.contains("另有 83 项，请在平台查看"), "the text says what it leaves out: {first}");
    assert_eq!(first.matches("data-label=\"要办的事\"").count(), 100);
    let second = page("/today?page=2");
    assert!(second.contains("第 101–103 项") && second.contains("/today?page=1"), "{second}");
    assert_eq!(second.matches("data-label=\"要办的事\"").count(), 3);
    assert!(page("/today?page=9").contains("第 1–100 项"), "a page that is none is the first");
    let csv = head.get("/today/export?format=csv").text;
    assert_eq!(csv.lines().filter(|line| line.contains("间教室插座松动")).count(), 103);
}

#[test]
fn a_due_list_beyond_all_measure_says_that_it_is_cut() {
    let county = County::new();
    let unit = county.units["primary"];
    let ids: Vec<StreamId> =
        (0..=limits::DUE_ITEMS).map(|_| county.platform.ids.new_id(&*county.platform.clock)).collect();
    for some in ids.chunks(limits::INTAKE_COMMANDS_AT_ONCE) {
        county.ask(|work| {
            some.iter()
                .fold(work, |work, id| work.ask::<Hazard>(*id, HazardCommand::Register(loose_socket(unit))))
        });
    }
    let head = county.browser("head");
    let page = language::plain(&head.get("/today").text).to_string();
    assert!(page.contains("待办超过 2,000 项"), "{page}");
    let csv = head.get("/today/export?format=csv").text;
    assert_eq!(csv.lines().filter(|line| line.contains("插座松动")).count(), ids.len(), "the file has all");
}

fn loose_socket(unit: UnitId) -> Box<Registration> {
    Box::new(Registration {
        unit,
        category: "H09".to_owned(),
        source: "self".to_owned(),
        description: "教室插座松动".to_owned(),
        place: String::new(),
        photos: Vec::new(),
        position: None,
        found_at: None,
        number: None,
        answers: Vec::new(),
        on_the_spot: None,
    })
}
