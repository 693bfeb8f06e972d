//! Public reports through their pages: from the print on the wall to the answer, by strangers without an account; and
//! what strangers do not find out.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{FixedClock, Timestamp, limits};

use super::{
    held::name_reader,
    support::{County, NOW, Page, plain},
};
use crate::platform::Founding;

const SAME: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];
const NUMBER: &str = "13987654321";

/// The first link to a record below an address.
fn link(page: &str, below: &str) -> String {
    let mut links = page.split('"').filter(|part| part.starts_with(below));
    links
        .find(|link| link.len() == below.len() + 32)
        .unwrap_or_else(|| panic!("no {below} in {page}"))
        .to_owned()
}

/// Adds a gate at a school: where its page is, and its code.
pub(super) fn place(county: &County, login: &str, unit: &str) -> (String, String) {
    let own = county.browser(login);
    let unit = county.units[unit].0.simple().to_string();
    let new = format!("/places/new?unit={unit}");
    let added =
        own.post(&new, "/places", &[("unit", &unit), ("kinds", "gate"), ("others", "东楼梯间\n西楼梯间")]);
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let list = own.get(&format!("/places?unit={unit}&kind=gate")).text;
    let page = link(&list, "/places/");
    let record = own.get(&page).text;
    let code = record[record.find("/r/").unwrap() + 3..].split('<').next().unwrap().to_owned();
    (page, code)
}

/// What a stranger's browser sends from the form behind a code.
pub(super) fn send(county: &County, code: &str, fields: &[(&str, &str)]) -> Page {
    let form = county.stranger().get(&format!("/r/{code}"));
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    let (id, token) = (form.hidden("_command"), form.hidden("_form"));
    send_form(county, code, (&id, &token), fields)
}

fn send_form(county: &County, code: &str, (id, token): (&str, &str), fields: &[(&str, &str)]) -> Page {
    let own = [("_command", id), ("_form", token)];
    let all: Vec<(&str, &str)> = fields.iter().copied().chain(own).collect();
    county.stranger().post_from(&SAME, &format!("/r/{code}"), &all)
}

/// A report at a school: where the school's page of it is, and where the reporter's.
pub(super) fn reported(county: &County, login: &str, code: &str, words: &str) -> (String, String) {
    let sent = send(county, code, &[("category", "H02"), ("words", words), ("telephone", NUMBER)]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let list = county.browser(login).get(&format!("/reports?q={}", web::encoded(words))).text;
    let record = link(&list, "/reports/");
    (record, sent.to.split('?').next().unwrap().to_owned())
}

/// A report with a photo: its id at the school, and the name of the photo.
pub(super) fn photographed(county: &County, login: &str, code: &str) -> (String, String) {
    let (path, stranger) = (format!("/r/{code}"), county.stranger());
    let form = stranger.get(&path);
    let (id, token) = (form.hidden("_command"), form.hidden("_form"));
    let fields = [("_command", id.as_str()), ("_form", token.as_str()), ("words", "栏杆晃动照片")];
    // The form has no token against forgery; the browser of the tests takes the empty one of the foot.
    let sent = stranger.post_photo("/r/follow", &path, "photos", &fields);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let own = county.browser(login);
    let list = own.get(&format!("/reports?q={}", web::encoded("栏杆晃动照片"))).text;
    let record = link(&list, "/reports/");
    let page = own.get(&record).text;
    let photo = page[page.find("/photos/").unwrap() + 8..][..64].to_owned();
    (record.rsplit('/').next().unwrap().to_owned(), photo)
}

/// As much of a form as an act needs to be looked at: who may do it is asked after that.
pub(super) fn fields<'s>(path: &str, unit: &'s str, code: &'s str) -> Vec<(&'static str, &'s str)> {
    match path.rsplit('/').next().unwrap_or_default() {
        "places" => vec![("unit", unit), ("kinds", "canteen")],
        "change" => vec![("kind", "gate"), ("name", "东侧门")],
        "stop" => vec![("code", code), ("note", "旧码贴到校外去了")],
        "take-up" => vec![("category", "H02"), ("description", "栏杆晃动"), ("words", "已登记，正在加固")],
        "answer" => vec![("answer", "not-found"), ("words", "已到现场看过，没有发现")],
        _ => vec![("note", "情况有变，另行处理")],
    }
}

fn count(county: &County, table: &str) -> i64 {
    county.platform.database.reader().unwrap().count(&format!("SELECT count(*) FROM {table}"), &[]).unwrap()
}

#[test]
fn a_stranger_reports_and_follows_until_it_is_fixed() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let form = county.stranger().get(&format!("/r/{}", code.to_lowercase()));
    assert!(form.text.contains("示例小学") && form.text.contains("校门"), "{}", form.text);
    assert!(!form.text.contains("/sign-in"), "nobody is asked for an account");
    let headers = county.stranger().headers(&format!("/r/{code}"));
    assert!(headers.get("set-cookie").is_none());
    let (record, ticket) = reported(&county, "head", &code, "围墙砖块松动");
    let follow = || county.stranger().get(&ticket).text;
    assert!(follow().contains("学校正在核实"));
    let kept = county.stranger().headers(&ticket);
    assert_eq!(kept.get("cache-control").unwrap(), "no-store");
    assert_eq!(kept.get("referrer-policy").unwrap(), "no-referrer");
    // Typed, in small letters and without its marks, it leads to the same page.
    let typed = ticket.rsplit('/').next().unwrap().to_lowercase().replace('-', "");
    let found = county.stranger().post_from(&SAME, "/r/follow", &[("ticket", &typed)]);
    assert_eq!((found.status, found.to), (StatusCode::SEE_OTHER, ticket.clone()));
    let head = county.browser("head");
    assert!(head.get("/today").text.contains("答复随手拍"));
    let take = [
        ("category", "H02"),
        ("description", "围墙砖块松动"),
        ("place", "校门"),
        ("words", "已到现场核实，正在安排砌筑"),
    ];
    let taken = head.post(&record, &format!("{record}/take-up"), &take);
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let page = follow();
    assert!(page.contains("正在处理") && page.contains("正在安排砌筑"), "{page}");
    let hazard = link(&head.get(&record).text, "/hazards/");
    let beside = head.get(&hazard).text;
    assert!(beside.contains(&record) && beside.contains("随手拍"), "the hazard says where it came from");
    let gone =
        head.post(&hazard, &format!("{hazard}/withdraw"), &[("why", "mistaken"), ("note", "登记错了地方")]);
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
    assert!(follow().contains("撤销"), "the hazard's own state is told, and nothing else");
    for words in [NUMBER, "示例head", "围墙砖块松动"] {
        assert!(!follow().contains(words), "{words}");
    }
}

#[test]
fn a_refused_form_gives_back_what_was_typed_and_says_that_photos_are_chosen_again() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let refused = |fields: &[(&str, &str)], told: &str| {
        let page = send(&county, &code, fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
        assert!(language::plain(&page.text).contains(told), "{told}: {}", page.text);
        page
    };
    refused(&[("words", ""), ("spot", "二楼东头")], "请写一句情况");
    let page =
        refused(&[("words", "栏杆晃动"), ("spot", "二楼东头"), ("telephone", "不知道")], "电话看起来不对");
    for kept in ["栏杆晃动", "二楼东头", "不知道", "照片要重新选一次"] {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    refused(&[("words", "请打 13987654321 问我")], "手机号");
    assert_eq!(count(&county, "public_report"), 0);
    // The form that came back sends.
    let (id, token) = (page.hidden("_command"), page.hidden("_form"));
    let sent = send_form(&county, &code, (&id, &token), &[("words", "栏杆晃动")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(count(&county, "attachment"), 0);
}

#[test]
fn a_form_is_sent_once_from_where_it_was_opened() {
    let clock = Arc::new(FixedClock::new(NOW));
    let county = County::founded(Founding::Demonstration, Arc::clone(&clock));
    let (_, code) = place(&county, "head", "primary");
    let (_, theirs) = place(&county, "neighbour", "junior");
    let form = county.stranger().get(&format!("/r/{code}"));
    let (id, token) = (form.hidden("_command"), form.hidden("_form"));
    let words = [("words", "栏杆晃动")];
    let first = send_form(&county, &code, (&id, &token), &words);
    let again = send_form(&county, &code, (&id, &token), &words);
    assert_eq!((first.status, &first.to), (StatusCode::SEE_OTHER, &again.to), "one report, one ticket");
    assert_eq!(count(&county, "public_report"), 1);
    let other = send_form(&county, &code, (&id, &token), &[("words", "井盖破损")]);
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.text.contains("井盖破损"), "{}", other.text);
    assert_ne!(other.hidden("_command"), id, "sent again it is another report");
    // Not from another place's form, not without one, not from a form of yesterday, not from a stranger's page.
    for (code, id, token) in
        [(&theirs, id.as_str(), token.as_str()), (&code, id.as_str(), ""), (&code, "", &token)]
    {
        let page = send_form(&county, code, (id, token), &words);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
        assert!(page.text.contains("打开太久"), "{}", page.text);
    }
    let fresh = county.stranger().get(&format!("/r/{code}"));
    let (id, token) = (fresh.hidden("_command"), fresh.hidden("_form"));
    clock.advance_ms(limits::REPORT_FORM_MS + 1);
    let late = send_form(&county, &code, (&id, &token), &words);
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign =
        county.stranger().post_from(&[("sec-fetch-site", "cross-site")], &format!("/r/{code}"), &words);
    assert_ne!(foreign.status, StatusCode::SEE_OTHER);
    assert_eq!(count(&county, "public_report"), 1);
}

#[test]
fn photos_are_written_anew_and_shown_to_the_school_alone() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let (report, photo) = photographed(&county, "head", &code);
    let head = county.browser("head");
    let photo = format!("/reports/{report}/photos/{photo}");
    assert_eq!(head.get(&photo).status, StatusCode::OK);
    for other in ["neighbour", "guard", "system"] {
        assert_ne!(county.browser(other).get(&photo).status, StatusCode::OK, "{other}");
    }
    assert_ne!(county.stranger().get(&photo).status, StatusCode::OK);
}

#[test]
fn words_that_are_no_hazard_are_held_or_stored_nowhere_and_the_page_says_whom_to_call() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let fields = [("words", "六年级有学生被同学打七四一"), ("telephone", NUMBER)];
    let page = send(&county, &code, &fields);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
    for said in ["110", "12355", "没有保存"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert_eq!((count(&county, "public_report"), count(&county, "held_report")), (0, 0));
    assert_eq!(name_reader(&county, "head", "primary", "safety").status, StatusCode::SEE_OTHER);
    let page = send(&county, &code, &fields);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("已经密封") && page.text.contains("110"), "{}", page.text);
    assert!(!page.text.contains("七四一"));
    assert_eq!((count(&county, "public_report"), count(&county, "held_report")), (0, 1));
    assert_eq!(count(&county, "public_report_telephone"), 0);
}

#[test]
fn a_code_or_a_ticket_that_leads_nowhere_is_one_plain_page_and_trying_many_takes_time() {
    let clock = Arc::new(FixedClock::new(NOW));
    let county = County::founded(Founding::Demonstration, Arc::clone(&clock));
    let (page, code) = place(&county, "head", "primary");
    let (_, ticket) = reported(&county, "head", &code, "围墙砖块松动");
    let stranger = county.stranger();
    let unknown = stranger.get("/r/0000000000");
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let broken = stranger.get("/r/anything");
    assert_eq!(
        (broken.status, broken.text.replace("/r/anything", "")),
        (unknown.status, unknown.text.replace("/r/0000000000", ""))
    );
    let wrong = stranger.get("/r/f/0000-0000-0000-0000");
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    let strip = |page: Page, path: &str| page.text.replace(path, "");
    let other = stranger.get("/r/f/x");
    assert_eq!(strip(wrong, "/r/f/0000-0000-0000-0000"), strip(other, "/r/f/x"));
    let typed = stranger.post_from(&SAME, "/r/follow", &[("ticket", "ABCD")]);
    assert_eq!(typed.status, StatusCode::NOT_FOUND);
    clock.advance_ms(400 * Timestamp::DAY_MS);
    assert_eq!(stranger.get(&ticket).status, StatusCode::NOT_FOUND, "it was good for a year");
    // A former code goes on pointing there until the county stops it; a closed place offers the school's own code.
    let head = county.browser("head");
    let replaced =
        head.post(&format!("{page}?act=replace"), &format!("{page}/replace"), &[("note", "被人涂画看不清")]);
    assert_eq!(replaced.status, StatusCode::SEE_OTHER, "{}", replaced.text);
    assert_eq!(stranger.get(&format!("/r/{code}")).status, StatusCode::OK);
    let office = county.browser("office");
    let stop = [("code", code.as_str()), ("note", "旧码贴到校外去了")];
    assert_eq!(office.post(&page, &format!("{page}/stop"), &stop).status, StatusCode::SEE_OTHER);
    assert_eq!(stranger.get(&format!("/r/{code}")).status, StatusCode::NOT_FOUND);
    let new = head.get(&page).text;
    let new = new[new.find("/r/").unwrap()..].split('<').next().unwrap().to_owned();
    assert_eq!(stranger.get(&new).status, StatusCode::OK);
    head.post(&page, &format!("{page}/close"), &[("note", "东门已经封闭")]);
    let closed = stranger.get(&new);
    assert_eq!(closed.status, StatusCode::GONE);
    let whole = closed.text[closed.text.find("class=\"button\" href=\"/r/").unwrap() + 21..]
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(stranger.get(&whole).status, StatusCode::OK, "{whole}");
    let mut waits = 0;
    for _ in 0..60 {
        waits += usize::from(stranger.get("/r/0000000000").status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(waits > 20, "{waits}");
    assert_eq!(stranger.get(&whole).status, StatusCode::OK, "whoever has a code is not kept waiting");
}

#[test]
fn one_address_sends_so_many_and_is_told_to_wait_with_its_words_kept() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let (_, theirs) = place(&county, "neighbour", "junior");
    for nth in 0..limits::REPORTS_PER_ADDRESS {
        let code = if nth % 2 == 0 { &code } else { &theirs };
        let sent = send(&county, code, &[("words", &format!("第 {nth} 处栏杆晃动"))]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{nth}: {}", sent.text);
    }
    let more = send(&county, &code, &[("words", "还有一处栏杆晃动")]);
    assert_eq!(more.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(more.text.contains("过一会儿再试") && more.text.contains("还有一处栏杆晃动"), "{}", more.text);
    assert_eq!(count(&county, "public_report"), i64::from(limits::REPORTS_PER_ADDRESS));
}

#[test]
fn a_telephone_is_shown_once_with_a_reason_on_record_and_never_elsewhere() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let (record, _) = reported(&county, "head", &code, "围墙砖块松动");
    let head = county.browser("head");
    let act = format!("{record}/telephone");
    let lazy = head.post(&record, &act, &[("note", "无")]);
    assert_eq!(lazy.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!lazy.text.contains(NUMBER));
    assert_eq!(count(&county, "access_log"), 0);
    let shown = head.post(&record, &act, &[("note", "核实具体是哪一段围墙")]);
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains(NUMBER));
    assert_eq!(count(&county, "access_log"), 1);
    let reads = county.browser("audit").get("/audit/reads").text;
    assert!(reads.contains("核实具体是哪一段围墙") && reads.contains("举报人电话"), "{reads}");
    for (login, status) in [
        ("safety", StatusCode::OK),
        ("office", StatusCode::OK),
        ("central", StatusCode::NOT_FOUND),
        ("leader", StatusCode::NOT_FOUND),
        ("neighbour", StatusCode::NOT_FOUND),
        ("guard", StatusCode::NOT_FOUND),
    ] {
        let own = county.browser(login);
        assert_eq!(own.post("/me", &act, &[("note", "核实具体位置")]).status, status, "{login}");
    }
    for (login, path) in [
        ("head", record.as_str()),
        ("head", "/reports?stage=all"),
        ("head", "/reports/export?stage=all&format=csv"),
        ("head", "/today"),
        ("office", "/reports/export?stage=all&format=csv"),
        ("audit", "/audit"),
    ] {
        let page = county.browser(login).get(path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains(NUMBER), "{login} {path}");
    }
    assert!(
        head.get(&format!("/reports?stage=all&q={NUMBER}")).text.contains("没有这样的随手拍"),
        "no search finds it"
    );
}

#[test]
fn the_county_reads_every_answer_and_sends_one_back() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let (record, ticket) = reported(&county, "head", &code, "操场上有树叶没扫");
    let head = county.browser("head");
    let answer = [("answer", "void"), ("words", "看不出是什么情况，请说明具体位置")];
    let said = head.post(&record, &format!("{record}/answer"), &answer);
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
    let page = county.stranger().get(&ticket).text;
    assert!(page.contains("内容无效") && page.contains("请说明具体位置"), "{page}");
    let office = county.browser("office");
    assert!(office.get("/reports?stage=answered").text.contains(&record));
    let back = office.post(&record, &format!("{record}/send-back"), &[("note", "请到操场看一看再答复")]);
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    assert!(head.get(&record).text.contains("请到操场看一看再答复"));
    assert!(county.stranger().get(&ticket).text.contains("学校正在核实"));
    assert!(
        !county.stranger().get(&ticket).text.contains("请到操场看一看"),
        "what offices say to each other"
    );
    for login in ["guard", "teacher", "officer", "inspector", "system"] {
        assert_ne!(county.browser(login).get(&record).status, StatusCode::OK, "{login}");
    }
}

#[test]
fn a_form_that_is_too_large_is_not_read() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let path = format!("/r/{code}");
    let stranger = county.stranger();
    let huge = vec![0_u8; limits::REPORT_FORM_BYTES + 1];
    let page =
        stranger.post_file(("/r/follow", &path), ("photos", "a.jpg", "image/jpeg"), &huge, &[("words", "x")]);
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", page.text);
    let nowhere =
        stranger.post_file(("/r/follow", "/r/0000000000"), ("photos", "a.jpg", "image/jpeg"), b"x", &[]);
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "nothing is read where there is no place");
    assert_eq!(count(&county, "public_report"), 0);
}

#[test]
fn a_photo_too_many_gives_the_form_back() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let path = format!("/r/{code}");
    let stranger = county.stranger();
    let form = stranger.get(&path);
    let hidden = ["_form", "_command"].map(|name| form.hidden(name));
    let fields = [("_form", hidden[0].as_str()), ("_command", hidden[1].as_str()), ("words", "楼道堆了课桌")];
    let photo = ("photos", "a.jpg", "image/jpeg");
    let page = stranger.post_files(("/r/follow", &path), &[(photo, b"a".as_slice()); 4], &fields);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
    let said = plain(&page.text);
    assert!(said.contains("最多 3 张照片") && said.contains("楼道堆了课桌"), "{said}");
    let big = vec![0_u8; limits::PHOTO_BYTES + 1];
    let page = stranger.post_file(("/r/follow", &path), photo, &big, &fields);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
    let said = plain(&page.text);
    assert!(said.contains("有照片超过 12 MB") && said.contains("楼道堆了课桌"), "{said}");
    assert_eq!(count(&county, "public_report"), 0);
}

#[test]
fn sheets_are_printed_with_the_address_that_was_set() {
    let county = County::new();
    let (_, code) = place(&county, "head", "primary");
    let unit = county.units["primary"].0.simple();
    let head = county.browser("head");
    for (size, class) in [("1", "one"), ("4", "four"), ("12", "twelve"), ("99", "four")] {
        let page = head.get(&format!("/places/sheets?unit={unit}&size={size}")).text;
        assert!(page.contains(&format!("class=\"labels {class}\"")), "{size}");
        assert_eq!(page.matches("class=\"label\"").count(), 4, "gate, two staircases and the whole school");
        assert_eq!(page.matches("<p class=\"label-demo\">演示数据").count(), 4, "each label says so");
        assert!(page.contains(&places::code::shown(&code)) && page.contains(&format!("/r/{code}")));
    }
    for login in ["neighbour", "guard"] {
        assert_ne!(county.browser(login).get(&format!("/places/sheets?unit={unit}")).status, StatusCode::OK);
    }
}
