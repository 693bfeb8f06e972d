//! Every route as every role, on records that exist: one at the primary school, one at the junior school next door. What
//! each is answered stands in a reviewed table, so a route that loses its check does not pass unnoticed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use access::Role;
use axum::http::StatusCode;

use super::{
    held::{WORDS, name_reader, write_at},
    letters,
    listings::major,
    reports,
    support::{Browser, County},
};
use crate::router::route_rules;

/// The acts behind `/accounts/{id}/{act}`.
const ACCOUNT_ACTS: [&str; 5] = ["grant", "revoke", "suspend", "resume", "clear-factor"];
/// The acts behind `/units/{id}/channels/{channel}/{act}`.
const CHANNEL_ACTS: [&str; 4] = ["test", "stop", "resume", "remove"];

/// A robot that a school adds.
const ROBOT: [(&str, &str); 5] = [
    ("kind", "wecom"),
    ("label", "安全工作群"),
    ("address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"),
    ("topics", "overdue"),
    ("daily_hour", "8"),
];

/// Records of one school.
pub(super) struct School {
    name: &'static str,
    pub(super) unit: String,
    person: String,
    account: String,
    pub(super) hazard: String,
    /// Of the entry of the audit trail that tells of its registration.
    position: String,
    photo: String,
    held: String,
    export: String,
    channel: String,
    /// The listing of another hazard, which is major.
    listing: String,
    /// A photo of how it is controlled.
    controlled: String,
    /// A letter about the hazard, sent on paper, and the department it went to.
    letter: String,
    department: String,
    /// The case somebody is held to account in for that hazard, and what the school asked to be clarified.
    case: String,
    clarification: String,
    /// The hazard itself.
    major: String,
    /// The township that stands on the other side of the case.
    township: String,
    /// A place of the school, its code, and what was reported there, with a photo.
    place: String,
    code: String,
    report: String,
    reported: String,
    /// A file that somebody wants to take in; of nobody's school.
    batch: String,
    /// An adjustment of the rules that waits, and the rules in force; of the county.
    adjustment: String,
    stamp: String,
    /// A report of lacking guards of the county, waiting for its signature.
    shortfall: String,
    /// A guard of the school.
    guard: String,
}

impl School {
    pub(super) fn new(
        county: &County,
        name: &'static str,
        [head, somebody, reader, importer]: [&'static str; 4],
    ) -> Self {
        let unit = county.units[name].0.to_string();
        let own = county.browser(head);
        let fields =
            [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", "围墙裂缝")];
        let done = own.post_photo("/hazards/new?category=H02", "/hazards", "photos", &fields);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let record = own.get(&done.to).text;
        let photo = after(&record, "/photos/");
        write_at(county, &own, name, WORDS);
        let held = after(&county.browser(reader).get("/held").text, "\"/held/");
        let asked = own.post("/exports", "/exports", &[("list", "hazards"), ("format", "csv")]);
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        let channel = format!("/units/{unit}/channels/new");
        let added = own.post(&channel, &channel, &ROBOT);
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let importer = county.browser(importer);
        let file = ("file", "学校.csv", "text/csv");
        let schools = "学校名称,学校标识码\n示例小学,2153900002\n".as_bytes();
        let staged = importer.post_file(("/intake", "/intake"), file, schools, &[("content", "register")]);
        assert_eq!(staged.status, StatusCode::SEE_OTHER, "{}", staged.text);
        let (listing, controlled, major) = listed(county, &own, &unit);
        let department = letters::department(county, &format!("示例部门（{name}）"));
        let letter = letters::sent(county, &last(&done.to), &department, ("paper", &photo)).0;
        let (place, code) = reports::place(county, head, name);
        let (report, reported) = reports::photographed(county, head, &code);
        let (case, clarification) = inquired(county, &own, &major, &unit);
        Self {
            name,
            place: last(&place),
            code,
            report,
            reported,
            case,
            clarification,
            major,
            township: county.units["township"].0.to_string(),
            listing,
            controlled,
            letter: last(&letter),
            department,
            channel: last(&added.to),
            batch: last(&staged.to),
            adjustment: adjusted(county),
            stamp: county.platform.rule_book().stamp(),
            shortfall: shortfall(county),
            guard: guard(&own, &unit),
            person: county.people[somebody].0.to_string(),
            account: county.accounts[somebody].0.to_string(),
            position: position(county, &last(&done.to)),
            hazard: last(&done.to),
            export: after(&own.get("/exports").text, "\"/exports/"),
            unit,
            photo,
            held,
        }
    }

    /// The addresses of a route with this school's records in them.
    fn paths(&self, route: &str) -> Vec<String> {
        let id = match route.split('/').nth(1).unwrap_or_default() {
            "units" => &self.unit,
            "people" => &self.person,
            "accounts" => &self.account,
            "hazards" => &self.hazard,
            "held" => &self.held,
            "exports" => &self.export,
            "intake" => &self.batch,
            "supervisions" => &self.listing,
            "transfers" => &self.letter,
            "departments" => &self.department,
            "places" => &self.place,
            "reports" => &self.report,
            "accountability" => &self.case,
            "clarifications" => &self.clarification,
            "rules" => &self.adjustment,
            "guards" if route.starts_with("/guards/reports") => &self.shortfall,
            "guards" if route.starts_with("/guards/people") => &self.guard,
            "guards" => &self.unit,
            _ => "",
        };
        let photo = match route.split('/').nth(1).unwrap_or_default() {
            "supervisions" => &self.controlled,
            "reports" => &self.reported,
            _ => &self.photo,
        };
        let path = route
            .replace("{id}", id)
            .replace("{unit}", &self.unit)
            .replace("{hash}", photo)
            .replace("{paper}", "notice")
            .replace("{stamp}", &self.stamp)
            .replace("{rule}", "hazard.grade")
            .replace("{hazard}", &self.major)
            .replace("{position}", &self.position)
            .replace("{campus}", "0")
            .replace("{channel}", &self.channel);
        let acts: Vec<&str> = match path.split('/').nth(1).unwrap_or_default() {
            "hazards" => hazard::pages::acts().collect(),
            "supervisions" => supervision::pages::acts().collect(),
            "transfers" => transfer::pages::acts().collect(),
            "departments" => transfer::pages::DEPARTMENT_ACTS.to_vec(),
            "places" => places::pages::ACTS.to_vec(),
            "reports" => public_report::pages::ACTS.to_vec(),
            "accountability" => accountability::pages::acts().collect(),
            "clarifications" => accountability::pages::clarification_acts().collect(),
            "rules" => adjustment::pages::ACTS.to_vec(),
            "accounts" => ACCOUNT_ACTS.to_vec(),
            "guards" if path.starts_with("/guards/schools") => guards::pages::SCHOOL_ACTS.to_vec(),
            "guards" if path.starts_with("/guards/standard") => guards::pages::STANDARD_ACTS.to_vec(),
            "guards" => guards::pages::acts().collect(),
            _ => CHANNEL_ACTS.to_vec(),
        };
        if path.contains("{act}") {
            acts.iter().map(|act| path.replace("{act}", act)).collect()
        } else {
            vec![path]
        }
    }
}

/// An adjustment of the rules that the office drafted.
fn adjusted(county: &County) -> String {
    let fields = [
        ("rule", "hazard.grade"),
        ("amount", "2"),
        ("unit", "wd"),
        ("from", "2027-01-04"),
        ("note", "开学季登记集中，一个工作日内定不完级"),
    ];
    let form = "/rules/adjustments/new?rule=hazard.grade";
    let done = county.browser("office").post(form, "/rules/adjustments", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    last(&done.to)
}

impl School {
    /// As much of a form as an act needs to be looked at: who may do it is asked after that.
    fn fields<'s>(&'s self, path: &str) -> Vec<(&'static str, &'s str)> {
        let accounts = path.starts_with("/accounts/");
        let hazard = path.starts_with(&format!("/hazards/{}", self.hazard));
        let listing = path.starts_with("/supervisions/");
        if path.starts_with("/transfers") || path.starts_with("/departments") {
            return letters::fields(path, &self.hazard, &self.department);
        }
        if path.starts_with("/rules/") {
            return vec![("rule", "hazard.grade"), ("amount", "2"), ("unit", "wd"), ("from", "2027-01-04")];
        }
        if path.starts_with("/places") || path.starts_with("/reports") {
            return reports::fields(path, &self.unit, &self.code);
        }
        let case = path.starts_with("/accountability/");
        let clarification = path.starts_with("/clarifications/");
        match path.rsplit('/').next().unwrap_or_default() {
            "control" if listing => vec![("measure", "close"), ("note", "封闭二层，专人看守")],
            "draft" if listing => vec![
                ("supervisor", &self.unit),
                ("deadline", "2026-12-20"),
                ("requirements", "按检测报告加固，每周报告"),
            ],
            "waive" if listing => vec![("note", "当天已经整改到位")],
            "review" | "sign" | "check" | "delist" if listing => {
                vec![("verdict", "pass"), ("on", "2026-09-01")]
            }
            "declare" => vec![("full_time", "2"), ("part_time", "0"), ("on", "2026-09-01")],
            "back" | "withdraw" if path.starts_with("/guards") => vec![("note", "人数有误，重新核对")],
            "reports" => vec![("addressee", "县人民政府"), ("request", "恳请补齐各校专职保安员")],
            "accountability" | "clarifications" => vec![("hazard", &self.major)],
            "state" | "handle" | "report" if case => {
                vec![("side", &self.township), ("note", "当天已到校查看并督促")]
            }
            "find" if case => vec![("side", &self.unit), ("verdict", "done"), ("facts", "各时限均按期完成")],
            "check" if case => vec![("side", &self.township), ("verdict", "pass"), ("note", "已逐项查看")],
            "review" | "conclude" if case => vec![("verdict", "pass")],
            "extend" | "call-off" if case => vec![("note", "鉴定结论尚未作出")],
            "draft" if clarification => vec![("statement", "学校按期封闭并报告，已经尽职")],
            "answer" if clarification => vec![("verdict", "sign")],
            "grade" => vec![("level", "general")],
            "assign" => vec![("responsible", &self.person)],
            "change-responsible" => vec![
                ("responsible", &self.person),
                ("responsibility", "总务处负责"),
                ("note", "原责任人请假"),
            ],
            "ask-extension" => vec![("until", "2026-09-30")],
            "answer-extension" => vec![("verdict", "grant")],
            "accept" => vec![("verdict", "accept")],
            "revisit" => vec![("sound", "1")],
            "withdraw" => vec![("why", "mistaken")],
            "answer-help" => vec![("help", "support")],
            "grant" | "revoke" if accounts => vec![("role", "teacher"), ("unit", &self.unit)],
            "suspend" if accounts => vec![("reason", "lost")],
            "close" if hazard => vec![("note", "已经核对")],
            _ => Vec::new(),
        }
    }
}

/// A major hazard of a school, with the county's draft of its notice and a photo of how it is controlled.
fn listed(county: &County, own: &Browser, unit: &str) -> (String, String, String) {
    let (hazard, page) = major(county, own, unit);
    let listing = last(&page);
    let control = [("measure", "close"), ("note", "封闭二层，学生调整到综合楼")];
    let done = own.post_photo(&page, &format!("{page}/control"), "photos", &control);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let office = county.browser("office");
    let supervisor = county.units["county"].0.to_string();
    let draft = [
        ("supervisor", supervisor.as_str()),
        ("deadline", "2026-12-20"),
        ("requirements", "委托有资质的单位检测鉴定，按报告加固"),
    ];
    let done = office.post(&page, &format!("{page}/draft"), &draft);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let photo = after(&own.get(&page).text, "/photos/");
    (listing, photo, last(&hazard))
}

/// A case about a major hazard of a school, opened by the leader, and what its head asked to be clarified.
fn inquired(county: &County, own: &Browser, hazard: &str, unit: &str) -> (String, String) {
    let leader = county.browser("leader");
    let page = format!("/accountability/new/{hazard}");
    let township = county.units["township"].0.to_string();
    let opening = [
        ("hazard", hazard),
        ("authority", "bureau"),
        ("consequence", "teaching"),
        ("happened_on", "2026-08-31"),
        ("what", "两个班停课半天，无人受伤"),
        ("link", "出险部位与这条隐患同属一处"),
        ("rectifying", unit),
        ("supervising", township.as_str()),
    ];
    let opened = leader.post(&page, "/accountability", &opening);
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let page = format!("/clarifications/new/{hazard}");
    let asking = [
        ("hazard", hazard),
        ("purpose", "claim"),
        ("recipient", "某保险公司"),
        ("claim", "称学校没有采取任何措施"),
    ];
    let asked = own.post(&page, "/clarifications", &asking);
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    (last(&opened.to), last(&asked.to))
}

/// A report of the county that waits for its signature.
fn shortfall(county: &County) -> String {
    let office = county.browser("office");
    let fields = [("addressee", "县人民政府"), ("request", "恳请补齐各校专职保安员"), ("verdict", "submit")];
    let begun = office.post("/guards/reports/new", "/guards/reports", &fields);
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    last(&begun.to)
}

/// A guard whom the head enters.
fn guard(own: &Browser, unit: &str) -> String {
    let page = format!("/units/{unit}/people/new?post=guard");
    let done = own.post(&page, &page, &[("name", "示例保安")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    last(&done.to)
}

/// The last part of an address.
fn last(address: &str) -> String {
    let path = address.split('?').next().unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

/// Where the journal has the beginning of a record.
fn position(county: &County, record: &str) -> String {
    let record = kernel::StreamId::parse(record).unwrap();
    let sql = "SELECT min(position) FROM event WHERE stream_id = ?1";
    county.platform.database.reader().unwrap().count(sql, storage::params![record]).unwrap().to_string()
}

/// What follows a mark, up to what cannot belong to an id.
fn after(text: &str, mark: &str) -> String {
    let at = text.find(mark).unwrap_or_else(|| panic!("no {mark} in {text}"));
    text[at + mark.len()..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// One line of the table: a route, an act if it has one, a school if it has a record.
fn line(method: &str, route: &str, path: &str, school: &School) -> String {
    let act = path.rsplit('/').next().unwrap_or_default();
    let route = if route.ends_with("{act}") { route.replace("{act}", act) } else { route.to_owned() };
    let at = if route.contains('{') { school.name } else { "-" };
    format!("{method} {route} {at}")
}

type Table = BTreeMap<String, BTreeMap<u16, BTreeSet<&'static str>>>;

/// What one role is answered everywhere, in a county of its own: what it may do does not disturb the others.
fn walk(login: &'static str, table: &mut Table, wrong: &mut Vec<String>) {
    let county = County::new();
    for (by, unit, reader) in [("head", "primary", "safety"), ("office", "county", "leader")] {
        assert_eq!(name_reader(&county, by, unit, reader).status, StatusCode::SEE_OTHER);
    }
    let schools = [
        School::new(&county, "primary", ["head", "teacher", "safety", "office"]),
        School::new(&county, "junior", ["neighbour", "neighbour", "leader", "system"]),
    ];
    let viewer = county.viewer(login);
    let mut browser = county.browser(login);
    for method in ["GET", "POST"] {
        for rule in route_rules().iter().filter(|rule| rule.method == method && !rule.public) {
            let asked: Vec<&School> =
                schools.iter().take(if rule.path.contains('{') { 2 } else { 1 }).collect();
            for (school, path) in
                asked.iter().flat_map(|s| s.paths(rule.path).into_iter().map(move |p| (s, p)))
            {
                if browser.get("/me").status != StatusCode::OK {
                    // Some acts end sessions.
                    browser = county.browser(login);
                }
                let page = if method == "GET" {
                    browser.get(&path)
                } else {
                    browser.post("/me", &path, &school.fields(&path))
                };
                let line = line(method, rule.path, &path, school);
                if page.status.is_server_error() {
                    wrong.push(format!("{login} {line}: {}", page.status));
                }
                let allowed = rule.permissions.is_empty() || rule.permissions.iter().any(|p| viewer.may(p));
                let denied = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&page.status);
                if !(allowed || denied) {
                    wrong.push(format!(
                        "{login} may not call {line} but was answered {} {}",
                        page.status, page.to
                    ));
                }
                table.entry(line).or_default().entry(page.status.as_u16()).or_default().insert(login);
            }
        }
    }
}

#[test]
fn somebody_walks_in_every_role_and_in_no_other() {
    let county = County::new();
    let walk = |login: &&str| county.viewer(login).roles();
    let mut walked: Vec<Role> = county.accounts.keys().flat_map(walk).collect();
    walked.sort_unstable();
    // Two heads: one of the school next door.
    walked.dedup();
    assert_eq!(walked, Role::ALL);
}

#[test]
fn every_route_answers_every_role_as_the_reviewed_table_says() {
    let logins: Vec<&'static str> = County::new().accounts.keys().copied().collect();
    let (mut table, mut wrong) = (Table::new(), Vec::new());
    for login in logins {
        walk(login, &mut table, &mut wrong);
    }
    let mut text = String::new();
    for (line, answers) in &table {
        writeln!(text, "{line}").unwrap();
        for (status, logins) in answers {
            let logins: Vec<&str> = logins.iter().copied().collect();
            writeln!(text, "    {status} {}", logins.join(" ")).unwrap();
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/routes.snapshot.txt");
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    if text != reviewed {
        std::fs::write(format!("{path}.new"), &text).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(text == reviewed, "what routes answer changed: review routes.snapshot.txt.new and rename it");
}
