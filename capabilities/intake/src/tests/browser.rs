//! The whole way through the pages, without scripts.

use std::sync::Arc;

use access::{
    NewSession, SessionCache, SessionKind, SessionLimits, SessionStage, SignInDesk, SignInParts,
    SignInSettings, open_session, operate,
};
use axum::{
    Extension, Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use hazard::pages::HazardPages;
use kernel::{ActorId, Clock, StreamId};
use storage::Readers;
use tower::ServiceExt;
use web::{Desk, DeskParts, Face, Lookup, Sentences, encoded};

use super::{HEAD, House};
use crate::{
    Tools,
    pages::{IntakePages, menu, routes},
};

struct Browser<'h> {
    house: &'h House,
    router: Router,
    cookie: String,
    runtime: tokio::runtime::Runtime,
}

struct Page {
    status: StatusCode,
    to: String,
    bytes: Vec<u8>,
}

impl Page {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let (_, after) = text.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
        after.split('"').next().unwrap().to_owned()
    }
}

impl<'h> Browser<'h> {
    fn of(house: &'h House, account: ActorId) -> Self {
        let new = NewSession {
            account,
            kind: SessionKind::Ordinary,
            stage: SessionStage::Full,
            second_factor: true,
            agent: "test".to_owned(),
            address: String::new(),
        };
        let (ids, now) = (Arc::clone(&house.ids), house.clock.now());
        let token = operate(&house.handle, move |tx| open_session(tx, &ids, &new, now)).unwrap();
        let parts = SignInParts {
            writer: Arc::new(house.handle.clone()),
            vault: Arc::clone(&house.vault),
            ids: Arc::clone(&house.ids),
            clock: house.clock.clone(),
        };
        let desk = Desk::new(DeskParts {
            handle: house.handle.clone(),
            readers: Readers::open(&house.database, 2).unwrap(),
            vault: Arc::clone(&house.vault),
            clock: house.clock.clone(),
            ids: Arc::clone(&house.ids),
            sentences: Sentences::new([crate::words::sentence as Lookup]),
            sessions: SessionCache::new(SessionLimits::default()),
            sign_in: SignInDesk::new(parts, SignInSettings::default()),
            menu: menu(),
            csrf_secret: [3; 32],
            tls: false,
            idle_seconds: 3_600,
            posts_per_minute: 6_000,
        });
        let face = Face { sentences: desk.sentences.clone(), ..Face::default() };
        let Tools { rules, store } = house.tools.clone();
        let confidant = Arc::new(hazard::pages::NoConfidant);
        let hazards = hazard::pages::routes(HazardPages { rules, store, confidant, companions: Vec::new() });
        let all = routes(IntakePages::new(house.tools.clone())).merge(hazards);
        let router = web::assemble(all, face).layer(Extension(desk));
        let cookie = format!("{}={}", web::SESSION_COOKIE, token.as_cookie());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { house, router, cookie, runtime }
    }

    fn send(&self, request: axum::http::request::Builder, body: impl Into<Body>) -> Page {
        let request = request
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .body(body.into())
            .unwrap();
        let router = self.router.clone();
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let to = response.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned());
            let status = response.status();
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
            Page { status, to: to.unwrap_or_default(), bytes }
        })
    }

    fn get(&self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty())
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, pairs.join("&"))
    }

    fn upload(&self, name: &str, bytes: &[u8]) -> Page {
        self.sent("/intake", "/intake", &[("content", "register")], &[("file", name, bytes)])
    }

    /// A form with files, its token taken from a page.
    fn sent(&self, page: &str, to: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
        let token = self.get(page).hidden("_csrf");
        let mut body = Vec::new();
        for (name, value) in fields.iter().chain([&("_csrf", token.as_str())]) {
            let part = format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--xx\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--xx--\r\n");
        let request = Request::post(to).header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx");
        self.send(request, body)
    }

    /// Until it is written: the page asks again by itself, so does this.
    fn settled(&self, path: &str) -> String {
        for _ in 0..20_000 {
            let text = self.get(path).text();
            if !text.contains("http-equiv=\"refresh\"") {
                return text;
            }
            std::thread::yield_now();
        }
        panic!("it was never written");
    }
}

#[test]
fn from_the_file_to_the_units() {
    let house = House::new();
    let browser = Browser::of(&house, house.owner);
    let text = format!("{HEAD}甲教学点,,教学点,雄壁镇,,9,0\n丹凤第一小学,2153000002,小学,丹凤街道,,655,0\n");
    let uploaded = browser.upload("名册.csv", text.as_bytes());
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER);
    let preview = browser.get(&uploaded.to);
    assert!(preview.text().contains("甲教学点") && preview.text().contains("name=\"c6\""));

    // As understood, but without local codes: one problem, nothing to confirm.
    let token = preview.hidden("_csrf");
    let mapping = [("c0", "name"), ("c1", "code"), ("c2", "kind"), ("c3", "township"), ("c5", "pupils")];
    let mut fields: Vec<(&str, &str)> = mapping.to_vec();
    fields.push(("_csrf", &token));
    let settled = browser.post(&format!("{}/mapping", uploaded.to), &fields);
    assert_eq!(
        (settled.status, settled.to.as_str()),
        (StatusCode::SEE_OTHER, &*format!("{}/check", uploaded.to))
    );
    let check = browser.get(&settled.to).text();
    assert!(check.contains("B2") && !check.contains("name=\"seen\""), "{check}");

    fields.push(("local_codes", "1"));
    browser.post(&format!("{}/mapping", uploaded.to), &fields);
    let check = browser.get(&settled.to);
    let code = organisation::identifiers::local_code("530323", 1);
    assert!(check.text().contains("640 → 655") && check.text().contains(&code));
    let (seen, token) = (check.hidden("seen"), check.hidden("_csrf"));
    let before = house.events();
    let stale = browser.post(&format!("{}/apply", uploaded.to), &[("_csrf", &token), ("seen", "0")]);
    assert_eq!((stale.status, house.events()), (StatusCode::UNPROCESSABLE_ENTITY, before));
    let applied = browser.post(&format!("{}/apply", uploaded.to), &[("_csrf", &token), ("seen", &seen)]);
    assert_eq!((applied.status, applied.to.as_str()), (StatusCode::SEE_OTHER, uploaded.to.as_str()));
    assert!(browser.settled(&uploaded.to).contains("href=\"/units\""));
    assert_eq!(house.by_code("2153000002").unwrap().attributes.pupils, Some(655));
    assert_eq!(browser.house.by_code(&code).unwrap().name, "甲教学点");
}

#[test]
fn what_cannot_be_taken_goes_back_to_the_schools_as_a_file() {
    let house = House::new();
    let browser = Browser::of(&house, house.owner);
    let text = format!("{HEAD}甲小学,2153000061,小学,月亮镇,,5,9\n乙小学,2153000062,小学,雄壁镇,,5,0\n");
    let page = browser.upload("名册.csv", text.as_bytes()).to;
    let check = browser.get(&format!("{page}/check")).text();
    let (xlsx, csv) = (format!("{page}/problems?format=xlsx"), format!("{page}/problems?format=csv"));
    assert!(
        check.contains(&format!("href=\"{xlsx}\"")) && check.contains(&format!("href=\"{csv}\"")),
        "{check}"
    );
    let file = browser.get(&csv).text();
    for part in ["甲小学", "D2", "月亮镇", "G2"] {
        assert!(file.contains(part), "{part}: {file}");
    }
    assert!(!file.contains("乙小学"), "nothing is wrong with it: {file}");
    assert!(browser.get(&xlsx).bytes.starts_with(b"PK"));
    // Nobody else's business.
    assert_eq!(Browser::of(&house, house.office).get(&csv).status, StatusCode::NOT_FOUND);
    // Where nothing is wrong there is nothing to take out.
    let page =
        browser.upload("名册.csv", format!("{HEAD}乙小学,2153000062,小学,雄壁镇,,5,0\n").as_bytes()).to;
    assert!(!browser.get(&format!("{page}/check")).text().contains("/problems"));
}

#[test]
fn a_refused_file_is_told_on_the_form() {
    let house = House::new();
    let browser = Browser::of(&house, house.owner);
    let refused = browser.upload("学校.xlsx", b"\x89PNG\r\n\x1a\n");
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("学校.xlsx") && refused.text().contains("id=\"file-error\""));
    let big = browser.upload("大.csv", &vec![b'x'; 20 * 1024 * 1024 + 1]);
    assert_eq!(big.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(big.text().replace('\u{2009}', " ").contains("20 MB"));
    assert_eq!(browser.upload("空.csv", b"").status, StatusCode::UNPROCESSABLE_ENTITY);
    let template = browser.get("/intake/template");
    assert!(template.status == StatusCode::OK && template.bytes.starts_with(b"PK"));
}

#[test]
fn who_may_not_finds_nothing() {
    let house = House::new();
    let id = house.upload("a.csv", format!("{HEAD}甲小学,2153000061,小学,雄壁镇,,9,0\n").as_bytes()).unwrap();
    let teacher = Browser::of(&house, house.teacher);
    for path in [
        "/intake".to_owned(),
        "/intake/template".to_owned(),
        format!("/intake/{id}"),
        format!("/intake/{id}/check"),
    ] {
        assert_eq!(teacher.get(&path).status, StatusCode::FORBIDDEN, "{path}");
    }
}

/// The record, its mark and its photos.
fn the_record_says_where_it_comes_from(house: &House, browser: &Browser<'_>) {
    let found = "SELECT id FROM hazard WHERE category = 'H08'";
    let id = house.reader().first(found, &[], |row| row.id::<StreamId>(0)).unwrap().unwrap();
    let record = browser.get(&format!("/hazards/{}", id.0.simple()));
    assert_eq!(record.status, StatusCode::OK);
    let text = record.text();
    for part in ["按原台账转入", "台账已销号", "台账未写明", "第 2 行"] {
        assert!(text.replace('\u{2009}', " ").contains(part), "{part} is missing: {text}");
    }
    let (_, photo) = text.split_once(&format!("/hazards/{}/photos/", id.0.simple())).expect("a photo");
    let hash = photo.get(..64).unwrap();
    let photo = browser.get(&format!("/hazards/{}/photos/{hash}", id.0.simple()));
    assert!(photo.bytes.starts_with(&[0xff, 0xd8, 0xff]));
}

/// As the safety office does it, without scripts: ledger and zip together, a word explained, a photo sent afterwards.
#[test]
fn from_the_ledger_to_the_hazards() {
    use super::photos::{picture, zipped};

    let house = House::new();
    let browser = Browser::of(&house, house.office);
    let first = browser.get("/intake").text();
    for content in ["register", "guards", "hazards"] {
        assert!(first.contains(&format!("/intake/template?content={content}")), "{content}");
        let template = browser.get(&format!("/intake/template?content={content}"));
        assert!(template.status == StatusCode::OK && template.bytes.starts_with(b"PK"), "{content}");
    }
    let ledger = format!(
        "{}1,丹凤第一小学,教学楼电路老化,插座松动,,2026-08-01,一般,已整改,2026-08-05,一.png,二.png\n",
        super::ledger::HEAD
    );
    let zip = zipped(&[("照片/一.png", picture(1)), ("说明.txt", b"x".to_vec())]);
    let uploaded = browser.sent(
        "/intake",
        "/intake",
        &[("content", "hazards")],
        &[("file", "台账.csv", ledger.as_bytes()), ("photos", "照片.zip", &zip)],
    );
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.text());
    let page = browser.get(&uploaded.to).text();
    assert!(page.contains("教学楼电路老化") && page.contains("说明.txt"), "a file that is no photo is named");
    assert!(page.contains("value=\"H08\" selected"), "what it probably means is chosen already");

    // The second picture comes afterwards.
    let to = format!("{}/photos", uploaded.to);
    let sent = browser.sent(&uploaded.to, &to, &[], &[("photos", "二.png", &picture(2))]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let none = browser.sent(&uploaded.to, &to, &[], &[]);
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("id=\"photos-error\""));

    let names = [
        "serial",
        "name",
        "category",
        "description",
        "place",
        "found_on",
        "level",
        "status",
        "fixed_on",
        "photos_before",
        "photos_after",
    ];
    let columns: Vec<(String, &str)> =
        names.iter().enumerate().map(|(at, name)| (format!("c{at}"), *name)).collect();
    let token = browser.get(&uploaded.to).hidden("_csrf");
    let mut fields: Vec<(&str, &str)> = columns.iter().map(|(at, name)| (at.as_str(), *name)).collect();
    fields.extend([("w0", "H08"), ("_csrf", token.as_str())]);
    let settled = browser.post(&format!("{}/mapping", uploaded.to), &fields);
    assert_eq!(settled.status, StatusCode::SEE_OTHER);
    let check = browser.get(&settled.to);
    assert!(check.text().contains("台账已销号"), "{}", check.text());
    let fields = [("_csrf", check.hidden("_csrf")), ("seen", check.hidden("seen"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let applied = browser.post(&format!("{}/apply", uploaded.to), &fields);
    assert_eq!(applied.status, StatusCode::SEE_OTHER);
    assert!(browser.settled(&uploaded.to).contains("href=\"/hazards?stage=all\""));
    the_record_says_where_it_comes_from(&house, &browser);
}

#[test]
fn long_tables_are_turned_page_by_page() {
    let house = House::new();
    let browser = Browser::of(&house, house.office);
    let mut ledger = super::ledger::HEAD.to_owned();
    for number in 0..120 {
        ledger.push_str(&format!("{number},丹凤第一小学,校舍,墙体开裂{number},,2026-08-01,一般,未整改,,,\n"));
    }
    let id = super::ledger::bring(&house, &ledger);
    let check = browser.get(&format!("/intake/{}/check", id.simple())).text();
    assert!(check.contains("墙体开裂49") && !check.contains("墙体开裂50"));
    assert!(
        check.contains("check?list=created&#38;page=2") || check.contains("check?list=created&amp;page=2"),
        "{check}"
    );
    let third = browser.get(&format!("/intake/{}/check?list=created&page=3", id.simple())).text();
    assert!(third.contains("墙体开裂119") && !third.contains("墙体开裂99"));
    let beyond = browser.get(&format!("/intake/{}/check?list=created&page=99", id.simple()));
    assert_eq!(beyond.status, StatusCode::OK);
}

#[test]
fn a_ledger_is_not_for_the_administrator() {
    let house = House::new();
    let browser = Browser::of(&house, house.owner);
    let page = browser.get("/intake").text();
    assert!(page.contains("value=\"register\"") && !page.contains("value=\"hazards\""), "{page}");
    let ledger = super::ledger::HEAD.as_bytes();
    let refused =
        browser.sent("/intake", "/intake", &[("content", "hazards")], &[("file", "台账.csv", ledger)]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get("/intake/template?content=hazards").status, StatusCode::FORBIDDEN);
}
