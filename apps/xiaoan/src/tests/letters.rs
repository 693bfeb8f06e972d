//! Letters through their pages: from the hazard to the answer by the link, and what a link does not open.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{FixedClock, Timestamp};

use super::support::{Browser, County, NOW, Page};
use crate::platform::Founding;

const FORM: &str = "/departments/new";
const SAME: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];
const SIGNATORY: [(&str, &str); 3] = [("office", "食品股"), ("name", "王某某"), ("post", "股长")];

/// The entry of a new department.
pub(super) fn department(county: &County, name: &str) -> String {
    let office = county.browser("office");
    let fields = [("kind", "AMR"), ("name", name), ("office", "办公室"), ("telephone", "0874-5750001")];
    let added = office.post(FORM, "/departments", &fields);
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    added.to.rsplit('/').next().unwrap().to_owned()
}

/// As much of a form as an act needs to be looked at: who may do it is asked after that.
pub(super) fn fields<'s>(path: &str, hazard: &'s str, department: &'s str) -> Vec<(&'static str, &'s str)> {
    let mut draft = vec![
        ("kind", "hand-over"),
        ("department", department),
        ("request", "请依法查处并告知结果"),
        ("reply_by", "2026-09-18"),
        ("hazard", hazard),
    ];
    let recorded = [("way", "telephone"), ("on", "2026-09-09")].into_iter().chain(SIGNATORY);
    match path.rsplit('/').next().unwrap_or_default() {
        "sign" => vec![("verdict", "pass")],
        "send" => vec![("channel", "paper"), ("on", "2026-09-09")],
        "receive" => recorded.collect(),
        "reply" => recorded
            .chain([("answer", "taken-on"), ("promise", "2026-09-30"), ("words", "已受理，正在立案")])
            .collect(),
        "urge" => vec![("how", "telephone")],
        "ask-again" => vec![("until", "2026-09-18"), ("note", "请补充处理结果")],
        "withdraw" | "close" | "reopen" => vec![("note", "情况有变，另行处理")],
        "change" => vec![("kind", "AMR"), ("name", "示例部门新名")],
        "departments" => vec![("kind", "FIR"), ("name", "示例消防队")],
        _ => std::mem::take(&mut draft),
    }
}

fn done(page: &Page) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

/// A letter about a hazard, drafted, signed and sent, and the page that shows its link if it has one.
pub(super) fn sent(
    county: &County,
    hazard: &str,
    department: &str,
    (channel, photo): (&str, &str),
) -> (String, Page) {
    let (office, leader) = (county.browser("office"), county.browser("leader"));
    let mut draft = fields("/transfers", hazard, department);
    draft.push(("chosen", photo));
    draft.push(("verdict", "submit"));
    let begun = office.post(&format!("/transfers/new?hazard={hazard}"), "/transfers", &draft);
    done(&begun);
    let letter = begun.to;
    done(&leader.post(
        &letter,
        &format!("{letter}/sign"),
        &[("verdict", "pass"), ("document_number", "师教体函〔2026〕3号")],
    ));
    let on = [("channel", channel), ("on", "2026-09-09")];
    let out = office.post(&letter, &format!("{letter}/send"), &on);
    (letter, out)
}

/// A county with a clock of its own, a letter that went out by a link, and its address.
struct Sent {
    county: County,
    clock: Arc<FixedClock>,
    letter: String,
    link: String,
    photo: String,
    department: String,
    hazard: String,
}

/// A hazard with a photo: its id and the photo's name.
fn hazard(county: &County, login: &'static str, unit: &str) -> (String, String) {
    let own = county.browser(login);
    let unit = county.units[unit].0.to_string();
    let fields = [
        ("category", "H12"),
        ("unit", unit.as_str()),
        ("source", "self"),
        ("description", "校门口流动摊点占道"),
    ];
    let registered = own.post_photo("/hazards/new?category=H12", "/hazards", "photos", &fields);
    done(&registered);
    let path = registered.to.split('?').next().unwrap().to_owned();
    let page = own.get(&path).text;
    let photo = page.split("/photos/").nth(1).unwrap()[..64].to_owned();
    (path.rsplit('/').next().unwrap().to_owned(), photo)
}

/// The address that a page shows once.
fn link_of(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let address = page.text.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    address[address.find("/t/").unwrap()..].to_owned()
}

impl Sent {
    fn new() -> Self {
        let clock = Arc::new(FixedClock::new(NOW));
        let county = County::founded(Founding::Demonstration, Arc::clone(&clock));
        let department = department(&county, "师宗县示例市场监管局");
        let (hazard, photo) = hazard(&county, "head", "primary");
        let (letter, page) = sent(&county, &hazard, &department, ("link", &photo));
        let link = link_of(&page);
        Self { county, clock, letter, link, photo, department, hazard }
    }

    fn posts(&self, act: &str, fields: &[(&str, &str)]) -> Page {
        self.county.stranger().post_from(&SAME, &format!("{}/{act}", self.link), fields)
    }

    fn office(&self) -> Browser {
        self.county.browser("office")
    }
}

fn answer(answer: &'static str) -> Vec<(&'static str, &'static str)> {
    let said = [("answer", answer), ("words", "已责令摊点搬离并处罚"), ("promise", "2026-09-30")];
    said.into_iter().chain(SIGNATORY).collect()
}

#[test]
fn a_department_receives_and_answers_without_an_account() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    let page = stranger.get(&sent.link);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for said in ["师宗县示例市场监管局", "示例小学", "校门口流动摊点占道", "师教体函〔2026〕3号", "确认签收"]
    {
        assert!(language::plain(&page.text).contains(said), "{said}: {}", page.text);
    }
    assert!(!page.text.contains("href=\"/hazards") && !page.text.contains("/transfers"), "{}", page.text);
    let early = sent.posts("reply", &[("answer", "done"), ("words", "好的")]);
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "a filler, and no name: {}", early.text);
    let received = sent.posts("receive", &SIGNATORY);
    assert_eq!((received.status, received.to.as_str()), (StatusCode::SEE_OTHER, sent.link.as_str()));
    assert!(stranger.get(&sent.link).text.contains("提交回函"));
    let twice = sent.posts("receive", &SIGNATORY);
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.text);
    let fields = answer("done");
    let with_photo = stranger.post_photo(&sent.link, &format!("{}/reply", sent.link), "photos", &fields);
    done(&with_photo);
    let page = stranger.get(&sent.link).text;
    assert!(page.contains("已责令摊点搬离并处罚") && !page.contains("提交回函"), "{page}");
    assert!(!page.contains("王某某") && !page.contains("股长"), "nobody's name: {page}");
    let own = page.matches("/photos/").count();
    assert!(own >= 4, "the photo of the hazard and that of the answer: {page}");
    // What the office reads, with names; the school without.
    let office = sent.office().get(&sent.letter).text;
    assert!(office.contains("王某某") && office.contains("由对方通过链接填写"), "{office}");
    let head = sent.county.browser("head").get(&sent.letter).text;
    assert!(head.contains("已责令摊点搬离并处罚") && !head.contains("王某某"), "{head}");
}

#[test]
fn the_school_is_told_and_a_guard_is_not() {
    let sent = Sent::new();
    let hazard = format!("/hazards/{}", sent.hazard);
    let panel =
        |login: &'static str| sent.county.browser(login).get(&hazard).text.contains("师宗县示例市场监管局");
    assert!(panel("head") && panel("safety") && panel("central") && panel("office") && panel("leader"));
    assert!(!panel("guard") && !panel("neighbour"));
    assert_eq!(sent.county.browser("guard").get(&sent.letter).status, StatusCode::NOT_FOUND);
    assert!(sent.office().get("/today").text.contains("催签收"));
    assert!(!sent.county.browser("head").get("/today").text.contains("催签收"));
}

#[test]
fn what_opens_nothing_looks_the_same_whatever_was_the_matter() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    let never = stranger.get(&format!("/t/{}", "0".repeat(40)));
    let shown = |page: &Page| (page.status, page.text.clone());
    for none in ["/t/x", "/t/%2e%2e", &format!("/t/{}", "Z".repeat(40)), &format!("{}0", sent.link)] {
        assert_eq!(shown(&stranger.get(none)), shown(&never), "{none}");
    }
    assert_eq!(never.status, StatusCode::NOT_FOUND);
    assert!(!never.text.contains("/sign-in") && !never.text.contains(&"0".repeat(40)), "{}", never.text);
    // Expired.
    sent.clock.set(NOW.plus_ms(16 * Timestamp::DAY_MS));
    assert_eq!(shown(&stranger.get(&sent.link)), shown(&never));
    assert_eq!(shown(&sent.posts("receive", &SIGNATORY)), shown(&never));
    sent.clock.set(NOW);
    assert_eq!(stranger.get(&sent.link).status, StatusCode::OK);
    // Replaced, then stopped.
    let again = link_of(&sent.office().post(&sent.letter, &format!("{}/link", sent.letter), &[]));
    assert_eq!(shown(&stranger.get(&sent.link)), shown(&never));
    assert_eq!(stranger.get(&again).status, StatusCode::OK);
    done(&sent.office().post(&sent.letter, &format!("{}/revoke-link", sent.letter), &[]));
    assert_eq!(shown(&stranger.get(&again)), shown(&never));
    assert_eq!(shown(&stranger.get(&format!("{again}/photos/{}", sent.photo))), shown(&never));
}

#[test]
fn a_ticket_opens_this_letter_and_nothing_else() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    let (other, foreign) = hazard(&sent.county, "neighbour", "junior");
    let (_, page) = self::sent(&sent.county, &other, &sent.department, ("link", &foreign));
    let second = link_of(&page);
    let picture = |link: &str, photo: &str| stranger.get(&format!("{link}/photos/{photo}")).status;
    // Every photo of the tests is the same picture; the second letter takes none along.
    assert_eq!(picture(&sent.link, &sent.photo), StatusCode::OK);
    assert_eq!(picture(&sent.link, &"a".repeat(64)), StatusCode::NOT_FOUND);
    assert_eq!(picture(&sent.link, "..%2f..%2fxiaoan.db"), StatusCode::NOT_FOUND);
    assert!(!stranger.get(&second).text.contains("示例小学"));
    for path in ["/transfers", sent.letter.as_str(), "/departments", "/today", "/hazards"] {
        let page = stranger.get(path);
        assert!(page.to.starts_with("/sign-in"), "{path}: {} {}", page.status, page.to);
    }
    for (method, path) in
        [("GET", format!("{}/receive", sent.link)), ("GET", format!("{}/export", sent.link))]
    {
        let page = stranger.get(&path);
        assert!(page.status != StatusCode::OK, "{method} {path}: {}", page.status);
    }
    for act in ["sign", "send", "link", "withdraw", "draft"] {
        assert_eq!(sent.posts(act, &SIGNATORY).status, StatusCode::NOT_FOUND, "{act}");
    }
}

#[test]
fn another_letters_photo_is_not_served() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    let received = sent.posts("receive", &SIGNATORY);
    done(&received);
    // A photo that is named "after" is another picture than one named "photos".
    let (hazard, _) = hazard(&sent.county, "neighbour", "junior");
    let own = sent.county.browser("neighbour");
    let page = format!("/hazards/{hazard}");
    done(&own.post_photo(&page, &format!("{page}/progress"), "photos", &[("note", "已经拉好警戒线")]));
    let all = own.get(&page).text;
    let foreign: Vec<String> = all.split("/photos/").skip(1).map(|rest| rest[..64].to_owned()).collect();
    for photo in foreign.iter().filter(|photo| **photo != sent.photo) {
        let under = stranger.get(&format!("{}/photos/{photo}", sent.link));
        assert_eq!(under.status, StatusCode::NOT_FOUND, "{photo}");
    }
}

#[test]
fn nobody_is_told_the_address_and_nothing_keeps_the_page() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    for path in
        [sent.link.clone(), format!("{}/photos/{}", sent.link, sent.photo), format!("/t/{}", "0".repeat(40))]
    {
        let headers = stranger.headers(&path);
        let value =
            |name: &str| headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        assert_eq!(value("cache-control"), "no-store", "{path}");
        assert_eq!(value("referrer-policy"), "no-referrer", "{path}");
        assert!(value("x-robots-tag").starts_with("noindex"), "{path}");
        assert!(value("set-cookie").is_empty(), "{path}");
        assert!(value("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
}

#[test]
fn a_ticket_stands_in_no_record() {
    let sent = Sent::new();
    sent.county.stranger().get(&sent.link);
    done(&sent.posts("receive", &SIGNATORY));
    let ticket = sent.link.trim_start_matches("/t/");
    let office = sent.office();
    for page in
        [sent.letter.as_str(), "/transfers?stage=all", "/transfers/export?stage=all&format=csv", "/today"]
    {
        assert!(!office.get(page).text.contains(ticket), "{page}");
    }
    let audit = sent.county.browser("audit");
    for page in ["/audit", "/audit/reads", "/audit/export?format=csv"] {
        assert!(!audit.get(page).text.contains(ticket), "{page}");
    }
    // Not anywhere in the database, but for its keyed hash.
    for file in std::fs::read_dir(sent.county.data()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(ticket.len()).any(|part| part == ticket.as_bytes()), "{}", path.display());
        }
    }
    let openings = office.get(&sent.letter).text;
    assert!(
        language::plain(&openings).contains("链接打开记录（1次）") || openings.contains("链接打开记录"),
        "{openings}"
    );
}

#[test]
fn a_form_comes_from_the_page_of_the_letter() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    let path = format!("{}/receive", sent.link);
    for foreign in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let refused = stranger.post_from(&[foreign], &path, &SIGNATORY);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{foreign:?}");
        assert!(!refused.text.contains("/sign-in"), "{}", refused.text);
    }
    // A page that tells no referrer tells no origin either, in browsers that say nothing else.
    done(&stranger.post_from(&[("origin", "null")], &path, &SIGNATORY));
}

#[test]
fn whoever_asks_too_often_waits() {
    let sent = Sent::new();
    let busy = StatusCode::TOO_MANY_REQUESTS;
    let answers: Vec<StatusCode> = (0..20).map(|_| sent.posts("receive", &[("office", "")]).status).collect();
    assert!(answers.contains(&busy) && answers[0] == StatusCode::UNPROCESSABLE_ENTITY, "{answers:?}");
    assert_eq!(sent.county.stranger().get(&sent.link).status, StatusCode::OK, "reading goes on");
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    let tried: Vec<StatusCode> = (0..40).map(|n| stranger.get(&format!("/t/{n:040x}")).status).collect();
    assert_eq!((tried[0], tried[39]), (StatusCode::NOT_FOUND, busy));
    assert_eq!(
        stranger.get(&sent.link).status,
        StatusCode::OK,
        "who has a link is not kept out by who guesses"
    );
}

#[test]
fn more_than_a_form_holds_is_not_read() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    let long = "长".repeat(3_000_000);
    let refused = stranger.post_from(&SAME, &format!("{}/receive", sent.link), &[("office", &long)]);
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", refused.status);
    // Without a ticket it is not even looked at.
    let nowhere = format!("/t/{}/receive", "0".repeat(40));
    assert_eq!(stranger.post_from(&SAME, &nowhere, &[("office", &long)]).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_link_is_shown_once_and_a_form_sent_twice_makes_one() {
    let sent = Sent::new();
    let office = sent.office();
    let page = office.get(&format!("{}?act=link", sent.letter));
    let command = page.hidden("_command");
    let again =
        || office.post(&sent.letter, &format!("{}/link", sent.letter), &[("_command", command.as_str())]);
    let first = link_of(&again());
    let second = again();
    done(&second);
    assert!(second.told.contains("只在生成时显示一次"), "{}", second.told);
    assert_eq!(sent.county.stranger().get(&first).status, StatusCode::OK);
    assert!(!office.get(&sent.letter).text.contains(&first));
}

#[test]
fn the_page_follows_the_language_of_the_browser_and_reads_in_chinese_first() {
    let sent = Sent::new();
    let stranger = sent.county.stranger();
    assert!(stranger.get(&sent.link).text.contains("lang=\"zh-CN\""));
    let english = stranger.get_in("en", &sent.link).text;
    assert!(english.contains("Confirm the receipt") && english.contains("lang=\"en\""), "{english}");
}

#[test]
fn what_the_office_writes_down_is_marked() {
    let sent = Sent::new();
    let office = sent.office();
    let path = format!("{}/reply", sent.letter);
    let mut fields = vec![("way", "paper"), ("on", "2026-09-09")];
    fields.extend(answer("not-ours"));
    let without = office.post(&sent.letter, &path, &fields);
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text.contains("书面回函要上传扫描件"), "{}", without.text);
    done(&office.post_photo(&sent.letter, &path, "photos", &fields));
    let record = office.get(&sent.letter).text;
    assert!(record.contains("代录") && record.contains("示例office"), "{record}");
    assert!(record.contains("转发给另一个部门"), "{record}");
    let head = sent.county.browser("head").get(&sent.letter).text;
    assert!(head.contains("代录"), "{head}");
}
