//! A small county on an embedded database, with one account of every role, and a browser that keeps its cookies.

use std::{collections::BTreeMap, sync::Arc};

use access::{Account, AccountCommand, NewSession, Role, SessionKind, SessionStage, open_session, operate};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, FixedClock, IdSource, PersonId, Timestamp, UnitId};
use organisation::{
    Assigned, Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand,
    UnitKind,
};
use tower::ServiceExt;

use crate::{
    platform::{Founding, Opening, Platform},
    router,
    settings::Settings,
};

/// A Wednesday morning in term: 2026-09-09 09:00 in Shizong.
pub(super) const NOW: Timestamp = Timestamp(1_788_915_600_000);

/// A platform with a county below its city and province, a township, a central school with a primary school, a junior
/// school next door; the primary school is assigned to the fire brigade, the junior school to the inspectors' office.
pub(super) struct County {
    pub platform: Platform,
    pub router: Router,
    pub units: BTreeMap<&'static str, UnitId>,
    pub people: BTreeMap<&'static str, PersonId>,
    pub accounts: BTreeMap<&'static str, ActorId>,
    directory: tempfile::TempDir,
}

impl County {
    /// What an account may see and do.
    pub(super) fn viewer(&self, login: &str) -> access::Viewer {
        let account = self.accounts[login];
        let read = move |tx: &mut storage::Tx| access::Viewer::load(tx, account);
        self.platform.readers.read_blocking(storage::Lane::Interactive, read).unwrap().unwrap().unwrap()
    }

    pub(super) fn new() -> Self {
        Self::founded(Founding::Demonstration, Arc::new(FixedClock::new(NOW)))
    }

    /// A county that knows of nobody above it: whoever reaches the county reaches everything.
    pub(super) fn alone() -> Self {
        let mut county = Self::opened(Founding::Demonstration, Arc::new(FixedClock::new(NOW)));
        county.unit("county", "530323", "师宗县教育体育局", UnitKind::County, &[]);
        county.settle();
        county
    }

    pub(super) fn founded(found: Founding, clock: Arc<FixedClock>) -> Self {
        use UnitKind as K;
        let (m, t) = (Line::Management, Line::Territory);
        let mut county = Self::opened(found, clock);
        county.unit("province", "53", "云南省教育厅", K::Province, &[]);
        county.unit("city", "5303", "曲靖市教育体育局", K::City, &[(m, "province"), (t, "province")]);
        county.unit("county", "530323", "师宗县教育体育局", K::County, &[(m, "city"), (t, "city")]);
        county.settle();
        let supervisors = [("province", Role::ProvinceSupervisor), ("city", Role::CitySupervisor)];
        for (at, role) in supervisors {
            county.somebody(at, at, Post::CountyLeader, role, at);
        }
        county
    }

    fn opened(found: Founding, clock: Arc<FixedClock>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        // No minute passes here in which more could be posted.
        let settings = Settings {
            data: directory.path().join("data"),
            posts_per_minute: u32::MAX,
            ..Settings::default()
        };
        let opening = Opening { clock, ids: Arc::new(IdSource::seeded(7)), found: Some(found) };
        let platform = Platform::open(&settings, opening).unwrap();
        let router = router::router(&platform, &settings, router::desk(&platform, &settings));
        Self {
            platform,
            router,
            units: BTreeMap::new(),
            people: BTreeMap::new(),
            accounts: BTreeMap::new(),
            directory,
        }
    }

    /// Nobody serves it any more: its data directory, and what keeps that.
    pub(super) fn stopped(self) -> (std::path::PathBuf, tempfile::TempDir) {
        (self.data(), self.directory)
    }

    /// Everything below the county, and everybody up to the county.
    fn settle(&mut self) {
        use UnitKind as K;
        let (m, t) = (Line::Management, Line::Territory);
        self.unit("township", "530323105", "竹基镇", K::Township, &[(t, "county"), (m, "county")]);
        self.unit(
            "central",
            "2153900001",
            "竹基镇示例中心学校",
            K::CentralSchool,
            &[(m, "county"), (t, "township")],
        );
        self.unit("primary", "2153900002", "示例小学", K::Primary, &[(m, "central"), (t, "township")]);
        self.unit("junior", "3153900003", "示例初级中学", K::Junior, &[(m, "county"), (t, "township")]);
        self.unit("fire", "530323901", "师宗县消防救援大队", K::Department, &[(t, "county")]);
        self.unit("inspection", "530323902", "师宗县教育督导室", K::Department, &[(t, "county")]);
        self.assign("primary", "fire");
        self.assign("junior", "inspection");
        self.everybody();
    }

    /// Somebody in every role of county and school, and a second head.
    fn everybody(&mut self) {
        let somebody = [
            ("system", "county", Post::Administrator, Role::SystemAdministrator, "county"),
            ("security", "county", Post::Administrator, Role::SecurityAdministrator, "county"),
            ("audit", "county", Post::Administrator, Role::AuditAdministrator, "county"),
            ("office", "county", Post::CountySafety, Role::CountySafetyOffice, "county"),
            ("leader", "county", Post::CountyLeader, Role::CountyLeader, "county"),
            ("officer", "township", Post::TownshipOfficer, Role::TownshipOfficer, "township"),
            ("central", "central", Post::SafetyOfficer, Role::CentralSchool, "central"),
            ("head", "primary", Post::Head, Role::Head, "primary"),
            ("safety", "primary", Post::SafetyOfficer, Role::SafetyOfficer, "primary"),
            ("teacher", "primary", Post::Teacher, Role::Teacher, "primary"),
            ("guard", "primary", Post::Guard, Role::Guard, "primary"),
            ("neighbour", "junior", Post::Head, Role::Head, "junior"),
            ("liaison", "fire", Post::Liaison, Role::DepartmentLiaison, "fire"),
            ("inspector", "inspection", Post::Inspector, Role::ResponsibleInspector, "inspection"),
        ];
        for (login, home, post, role, at) in somebody {
            self.somebody(login, home, post, role, at);
        }
    }

    pub(super) fn ask(&self, fill: impl FnOnce(UnitOfWork) -> UnitOfWork) {
        let id = self.platform.ids.new_id(&*self.platform.clock);
        let work = fill(UnitOfWork::new(Actor::SYSTEM, id));
        self.platform.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
    }

    pub(super) fn unit(
        &mut self,
        key: &'static str,
        code: &str,
        name: &str,
        kind: UnitKind,
        under: &[(Line, &str)],
    ) {
        let id: UnitId = self.platform.ids.new_id(&*self.platform.clock);
        let placements = under
            .iter()
            .map(|(line, parent)| Placement {
                line: *line,
                parent: self.units[parent],
                from: NOW.local_date(),
            })
            .collect();
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes { pupils: Some(300), staff: Some(20), ..Attributes::default() },
            placements,
            code_exception: None,
        };
        self.ask(|work| work.ask::<Unit>(id, UnitCommand::Create(created)));
        self.units.insert(key, id);
    }

    fn assign(&self, school: &str, to: &str) {
        let assigned = Assigned { to: self.units[to], from: NOW.local_date() };
        self.ask(|work| work.ask::<Unit>(self.units[school], UnitCommand::Assign(assigned)));
    }

    fn somebody(&mut self, login: &'static str, home: &str, post: Post, role: Role, at: &str) {
        let person: PersonId = self.platform.ids.new_id(&*self.platform.clock);
        let account: ActorId = self.platform.ids.new_id(&*self.platform.clock);
        let (home, at) = (self.units[home], self.units[at]);
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        self.ask(|w| {
            w.ask::<Person>(person, PersonCommand::Enter { unit: home, contact, posts: vec![post] })
        });
        let open = AccountCommand::Open { person, login: format!("{login}.test"), home };
        self.ask(|w| w.ask::<Account>(account, open));
        self.ask(|w| w.ask::<Account>(account, AccountCommand::Grant { role, unit: at }));
        let agree = AccountCommand::AgreeToNotice { version: administration::pages::NOTICE_VERSION };
        let id = self.platform.ids.new_id(&*self.platform.clock);
        let work = UnitOfWork::new(Actor::person(account), id).ask::<Account>(account, agree);
        self.platform.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        self.people.insert(login, person);
        self.accounts.insert(login, account);
    }

    /// Where its data are.
    pub(super) fn data(&self) -> std::path::PathBuf {
        self.directory.path().join("data")
    }

    /// Somebody's browser, signed in.
    pub(super) fn browser(&self, login: &str) -> Browser {
        let new = NewSession {
            account: self.accounts[login],
            kind: SessionKind::Ordinary,
            stage: SessionStage::Full,
            second_factor: true,
            agent: "test".to_owned(),
            address: String::new(),
        };
        let (ids, now) = (Arc::clone(&self.platform.ids), self.platform.clock.now());
        let token = operate(&self.platform.handle, move |tx| open_session(tx, &ids, &new, now)).unwrap();
        Browser {
            router: self.router.clone(),
            cookie: format!("{}={}", web::SESSION_COOKIE, token.as_cookie()),
            runtime: runtime(),
        }
    }

    /// A browser of nobody in particular.
    pub(super) fn stranger(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: String::new(), runtime: runtime() }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A browser that keeps its session.
pub(super) struct Browser {
    router: Router,
    cookie: String,
    runtime: tokio::runtime::Runtime,
}

/// What came back.
pub(super) struct Page {
    pub status: StatusCode,
    pub to: String,
    pub text: String,
    /// What the next page would say once.
    pub told: String,
}

/// A file of a form: field, name and type, and what is in it.
type Sent<'a> = ((&'a str, &'a str, &'a str), &'a [u8]);

impl Browser {
    pub(super) fn get(&self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        self.send(request)
    }

    /// The same browser with one more cookie.
    pub(super) fn choosing(&self, cookie: &str) -> Self {
        let cookie = format!("{}; {cookie}", self.cookie);
        Self { router: self.router.clone(), cookie, runtime: runtime() }
    }

    /// The same in a language.
    pub(super) fn get_in(&self, lang: &str, path: &str) -> Page {
        let cookie = format!("{}; lang={lang}", self.cookie);
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap())
    }

    /// The headers of an answer.
    pub(super) fn headers(&self, path: &str) -> HeaderMap {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        let router = self.router.clone();
        self.runtime.block_on(async move { router.oneshot(request).await.unwrap().headers().clone() })
    }

    /// As a browser asks that has a copy already.
    pub(super) fn get_unless(&self, path: &str, copy: &str) -> Page {
        let request =
            Request::get(path).header(header::COOKIE, &self.cookie).header(header::IF_NONE_MATCH, copy);
        self.send(request.body(Body::empty()).unwrap())
    }

    fn send(&self, request: Request<Body>) -> Page {
        let router = self.router.clone();
        self.runtime.block_on(async move { read(router.oneshot(request).await.unwrap()).await })
    }

    /// Posts a form with the token of the page it stands on.
    pub(super) fn post(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.get(page).hidden("_csrf");
        self.post_with(&token, path, fields)
    }

    pub(super) fn post_with(&self, token: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = format!("_csrf={}", web::encoded(token));
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", web::encoded(value)));
        }
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.send(request)
    }

    /// Posts a form from wherever these headers say.
    pub(super) fn post_from(&self, headers: &[(&str, &str)], path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", web::encoded(value))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::HOST, "xiaoan.test")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::from(body.join("&"))).unwrap())
    }

    /// Posts a form as a program does that wants no page.
    pub(super) fn post_for_json(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.get(page).hidden("_csrf");
        let own = [("_csrf", token.as_str())];
        let fields = fields.iter().chain(&own);
        let body: Vec<String> =
            fields.map(|(name, value)| format!("{name}={}", web::encoded(value))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.send(request)
    }

    /// Posts one photo beside text fields.
    pub(super) fn post_photo(&self, page: &str, path: &str, field: &str, fields: &[(&str, &str)]) -> Page {
        self.post_file((page, path), (field, "a.png", "image/png"), &picture(field), fields)
    }

    /// Posts one file beside text fields: from the page it stands on to where it goes, as field, name and type.
    pub(super) fn post_file(
        &self,
        pages: (&str, &str),
        file: (&str, &str, &str),
        bytes: &[u8],
        fields: &[(&str, &str)],
    ) -> Page {
        self.post_files(pages, &[(file, bytes)], fields)
    }

    /// Sends files with a form: each by field, name and type.
    pub(super) fn post_files(
        &self,
        (page, path): (&str, &str),
        files: &[Sent<'_>],
        fields: &[(&str, &str)],
    ) -> Page {
        let token = self.get(page).hidden("_csrf");
        let mut body: Vec<u8> = Vec::new();
        for (name, value) in fields.iter().chain(&[("_csrf", token.as_str())]) {
            let part = format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.as_bytes());
        }
        for ((field, name, kind), bytes) in files {
            body.extend(
                format!(
                    "--xx\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                     Content-Type: {kind}\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--xx--\r\n");
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.send(request)
    }
}

impl Page {
    /// The value of a hidden field.
    pub(super) fn hidden(&self, field: &str) -> String {
        let mark = format!("name=\"{field}\" value=\"");
        let at = self.text.find(&mark).unwrap_or_else(|| panic!("no field {field} in {}", self.text));
        self.text[at + mark.len()..].split('"').next().unwrap().to_owned()
    }
}

async fn read(response: Response<Body>) -> Page {
    let status = response.status();
    let to =
        response.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let flash = cookies.filter_map(|cookie| cookie.to_str().unwrap().strip_prefix("flash=")).next_back();
    let words = flash.and_then(|flash| flash.split([';', '.']).nth(1)).and_then(kernel::hex::read);
    let told = String::from_utf8(words.unwrap_or_default()).unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Page { status, to, text: String::from_utf8_lossy(&bytes).into_owned(), told }
}

/// Another one for another field: a photo of the hazard proves no fix.
fn picture(field: &str) -> Vec<u8> {
    let shade = field.len() as u8 * 9;
    let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 3) as u8, (y * 5) as u8, shade]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Without the marks that keep the directions of arguments apart.
pub(super) fn plain(text: &str) -> String {
    language::plain(text)
}
