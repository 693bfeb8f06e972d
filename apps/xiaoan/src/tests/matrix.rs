//! Every route as every role, on records that exist: one at the primary school, one at the junior school next door. What
//! each is answered stands in a reviewed table, so a route that loses its check does not pass unnoticed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use axum::http::StatusCode;

use super::{
    held::{WORDS, name_reader, write_at},
    support::County,
};
use crate::router::route_rules;

/// What stands for a parameter of which no record is made here.
const NOTHING: &str = "01a00000-0000-7000-8000-000000000000";
/// The acts behind `/hazards/{id}/{act}`.
const HAZARD_ACTS: [&str; 15] = [
    "grade",
    "assign",
    "take-on",
    "progress",
    "rectify",
    "ask-extension",
    "answer-extension",
    "accept",
    "close",
    "revisit",
    "withdraw",
    "ask-help",
    "answer-help",
    "answer-climb",
    "correct",
];
/// The acts behind `/accounts/{id}/{act}`.
const ACCOUNT_ACTS: [&str; 5] = ["grant", "revoke", "suspend", "resume", "clear-factor"];
/// The acts behind `/units/{id}/channels/{channel}/{act}`.
const CHANNEL_ACTS: [&str; 1] = ["remove"];

/// Records of one school.
struct School {
    name: &'static str,
    unit: String,
    person: String,
    account: String,
    hazard: String,
    photo: String,
    held: String,
    export: String,
}

impl School {
    fn new(county: &County, name: &'static str, [head, somebody, reader]: [&'static str; 3]) -> Self {
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
        Self {
            name,
            person: county.people[somebody].0.to_string(),
            account: county.accounts[somebody].0.to_string(),
            hazard: done.to.rsplit('/').next().unwrap().to_owned(),
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
            _ => NOTHING,
        };
        let path = route
            .replace("{id}", id)
            .replace("{unit}", &self.unit)
            .replace("{hash}", &self.photo)
            .replace("{position}", "1")
            .replace("{channel}", NOTHING);
        let acts: &[&str] = match path.split('/').nth(1).unwrap_or_default() {
            "hazards" => &HAZARD_ACTS,
            "accounts" => &ACCOUNT_ACTS,
            _ => &CHANNEL_ACTS,
        };
        if path.contains("{act}") {
            acts.iter().map(|act| path.replace("{act}", act)).collect()
        } else {
            vec![path]
        }
    }
}

impl School {
    /// As much of a form as an act needs to be looked at: who may do it is asked after that.
    fn fields(&self, path: &str) -> Vec<(&'static str, &str)> {
        let accounts = path.starts_with("/accounts/");
        let hazard = path.starts_with(&format!("/hazards/{}", self.hazard));
        match path.rsplit('/').next().unwrap_or_default() {
            "grade" => vec![("level", "general")],
            "assign" => vec![("responsible", &self.person)],
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
        School::new(&county, "primary", ["head", "teacher", "safety"]),
        School::new(&county, "junior", ["neighbour", "neighbour", "leader"]),
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
