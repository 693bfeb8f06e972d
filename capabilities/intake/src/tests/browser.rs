//! The whole way through the pages, without scripts.

use std::{sync::Arc, time::Duration};

use access::{
    NewSession, SessionCache, SessionKind, SessionLimits, SessionStage, SignInDesk, SignInParts,
    SignInSettings, open_session, operate,
};
use axum::{
    Extension, Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use kernel::{ActorId, Clock};
use storage::Readers;
use tower::ServiceExt;
use web::{Desk, DeskParts, Face, Lookup, Sentences, encoded};

use super::{HEAD, House};
use crate::pages::{IntakePages, menu, routes};

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
        });
        let face = Face { sentences: desk.sentences.clone(), ..Face::default() };
        let router = web::assemble(routes(IntakePages::default()), face).layer(Extension(desk));
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
        let token = self.get("/intake").hidden("_csrf");
        let mut body = format!(
            "--xx\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n\
             --xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend(bytes);
        body.extend(b"\r\n--xx--\r\n");
        let request =
            Request::post("/intake").header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx");
        self.send(request, body)
    }

    /// Until it is written: the page asks again by itself, so does this.
    fn settled(&self, path: &str) -> String {
        for _ in 0..400 {
            let text = self.get(path).text();
            if !text.contains("http-equiv=\"refresh\"") {
                return text;
            }
            std::thread::sleep(Duration::from_millis(20));
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
    assert_eq!(house.by_code("2153000002").unwrap().attributes.pupils, 655);
    assert_eq!(browser.house.by_code(&code).unwrap().name, "甲教学点");
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
