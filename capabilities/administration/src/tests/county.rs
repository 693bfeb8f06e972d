//! A small county: two townships, a central school with two primary schools, and people with every kind of role.

use std::{collections::HashMap, sync::Arc};

use access::{
    Account, AccountCommand, NewSession, Password, Role, RoleBook, SessionCache, SessionKind, SessionLimits,
    SessionStage, SignInDesk, SignInParts, SignInSettings, hash_password, open_session, operate,
    store_password,
};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
    middleware,
    routing::get,
};
use journal::{Engine, EngineBuilder, Handle, Identity, UnitOfWork, Vault, WorkLane};
use kernel::{Actor, ActorId, Clock, FixedClock, IdSource, PersonId, Timestamp, UnitId};
use language::Lang;
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use outbound::{Door, DoorSettings};
use storage::{Readers, Tx};
use test_support::TestDb;
use tower::ServiceExt;
use web::{Desk, DeskParts, Face, Lookup, SESSION_COOKIE, Sentences};

use crate::pages::{AdministrationPages, guard, menu, routes};

/// 2026-10-12 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_791_766_800_000);
/// Forms one account may send in a minute.
pub const POSTS: u32 = 6_000;
pub const PASSWORD: &str = "Lantern-73-river";

pub struct County {
    pub router: Router,
    pub desk: Desk,
    pub handle: Handle,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
    pub units: HashMap<&'static str, UnitId>,
    pub people: HashMap<&'static str, PersonId>,
    pub accounts: HashMap<&'static str, ActorId>,
    _engine: Engine,
    pub db: TestDb,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

/// Founds a platform on an empty database.
fn migrated(db: &TestDb, clock: &dyn Clock, ids: &IdSource) {
    let mut tx = db.database().writer().unwrap();
    let sets = [
        journal::MIGRATIONS,
        organisation::MIGRATIONS,
        access::MIGRATIONS,
        notify::MIGRATIONS,
        crate::MIGRATIONS,
    ];
    storage::migrate(&mut tx, &sets).unwrap();
    Identity::load_or_found(&mut tx, clock, ids, false).unwrap();
}

impl County {
    pub fn new() -> Self {
        let clock = Arc::new(FixedClock::new(START));
        Self::with_clock(TestDb::new_sqlite(), Arc::clone(&clock) as Arc<dyn Clock>, clock)
    }

    pub fn with_clock(db: TestDb, clock: Arc<dyn Clock>, fixed: Arc<FixedClock>) -> Self {
        let ids = Arc::new(IdSource::seeded(3));
        let vault = Arc::new(Vault::new(&[5; 32]));
        migrated(&db, &*clock, &ids);
        let lease = db.database().lease().unwrap();
        let engine = EngineBuilder::new(Arc::clone(&vault), Arc::new(RoleBook::new()))
            .subject(Unit::default())
            .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
            .subject(Account)
            .subject(notify::Channel)
            .start(db.database(), lease, Arc::clone(&clock), Arc::clone(&ids))
            .unwrap();
        let handle = engine.handle();
        let parts = SignInParts {
            writer: Arc::new(handle.clone()),
            vault: Arc::clone(&vault),
            ids: Arc::clone(&ids),
            clock: Arc::clone(&clock),
        };
        let desk = Desk::new(DeskParts {
            handle: handle.clone(),
            readers: Readers::open(db.database(), 2).unwrap(),
            vault,
            clock,
            ids: Arc::clone(&ids),
            sentences: Sentences::new([crate::words::sentence as Lookup, notify::words::sentence]),
            sessions: SessionCache::new(SessionLimits::default()),
            sign_in: SignInDesk::new(parts, SignInSettings::default()),
            menu: menu(),
            csrf_secret: [4; 32],
            tls: false,
            idle_seconds: 1_800,
            posts_per_minute: POSTS,
        });
        let pages = AdministrationPages::new(Some("https://xiaoan.example.cn".to_owned()))
            .going_out_by(Door::open(DoorSettings::default()).unwrap());
        let inner = Router::new()
            .route("/", get(|_: web::Visit| async { web::see_other("/me") }))
            .merge(web::sign_in::routes(desk.clone()))
            .merge(routes(pages.clone()))
            .layer(middleware::from_fn_with_state(pages, guard))
            .layer(Extension(desk.clone()));
        let sentences = desk.sentences.clone();
        let face = Face { sentences, desk: Some(desk.clone()), ..Face::default() };
        let router = web::assemble(inner, face);
        let mut county = Self {
            router,
            desk,
            handle,
            clock: fixed,
            ids,
            units: HashMap::new(),
            people: HashMap::new(),
            accounts: HashMap::new(),
            _engine: engine,
            db,
        };
        county.settle();
        county
    }

    fn settle(&mut self) {
        use Line::{Management, Territory};
        let county = self.unit("county", "530323", "师宗县教育体育局", UnitKind::County, &[]);
        let town = self.unit("town", "530323001", "丹凤街道", UnitKind::Township, &[(Territory, county)]);
        self.unit("town_2", "530323102", "雄壁镇", UnitKind::Township, &[(Territory, county)]);
        let above = [(Management, county), (Territory, town)];
        let central = self.unit("central", "2153000001", "丹凤中心学校", UnitKind::CentralSchool, &above);
        let above = [(Management, central), (Territory, town)];
        let a = self.unit("a", "2153000002", "丹凤第一小学", UnitKind::Primary, &above);
        let b = self.unit("b", "2153000003", "丹凤第二小学", UnitKind::Primary, &above);
        self.account("system", county, "陈系统", Post::Administrator, &[(Role::SystemAdministrator, county)]);
        self.account(
            "security",
            county,
            "周安全",
            Post::Administrator,
            &[(Role::SecurityAdministrator, county)],
        );
        self.account("audit", county, "吴审计", Post::Administrator, &[(Role::AuditAdministrator, county)]);
        self.account("office", county, "王股长", Post::CountySafety, &[(Role::CountySafetyOffice, county)]);
        self.account("head_a", a, "李校长", Post::Head, &[(Role::Head, a)]);
        self.account("head_b", b, "赵校长", Post::Head, &[(Role::Head, b)]);
        self.account("guard_a", a, "张大山", Post::Guard, &[(Role::Guard, a)]);
        self.person("free_a", a, "钱老师", Post::ClassTeacher);
    }

    pub fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.new_id(&*self.desk.clock)
    }

    pub fn ask<S: journal::Subject>(
        &self,
        actor: Actor,
        id: impl Into<kernel::StreamId>,
        command: S::Command,
    ) {
        let work = UnitOfWork::new(actor, self.new_id()).ask::<S>(id, command);
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        self.desk.sessions.bump();
    }

    fn unit(
        &mut self,
        key: &'static str,
        code: &str,
        name: &str,
        kind: UnitKind,
        above: &[(Line, UnitId)],
    ) -> UnitId {
        let id: UnitId = self.new_id();
        let from = kernel::Date::constant(2025, 9, 1);
        let placements =
            above.iter().map(|(line, parent)| Placement { line: *line, parent: *parent, from }).collect();
        let attributes = if kind.is_institution() {
            Attributes {
                pupils: Some(620),
                staff: Some(41),
                classes: Some(14),
                telephone: "0874-5752000".to_owned(),
                ..Attributes::default()
            }
        } else {
            Attributes::default()
        };
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes,
            placements,
            code_exception: None,
        };
        self.ask::<Unit>(Actor::SYSTEM, id, UnitCommand::Create(created));
        self.units.insert(key, id);
        id
    }

    fn person(&mut self, key: &'static str, unit: UnitId, name: &str, post: Post) -> PersonId {
        let id: PersonId = self.new_id();
        let contact =
            Contact { name: name.to_owned(), phone: "13812345678".to_owned(), identity: String::new() };
        self.ask::<Person>(Actor::SYSTEM, id, PersonCommand::Enter { unit, contact, posts: vec![post] });
        self.people.insert(key, id);
        id
    }

    fn account(
        &mut self,
        login: &'static str,
        home: UnitId,
        name: &str,
        post: Post,
        roles: &[(Role, UnitId)],
    ) {
        let person = self.person(login, home, name, post);
        let id: ActorId = self.new_id();
        self.ask::<Account>(
            Actor::SYSTEM,
            id,
            AccountCommand::Open { person, login: login.to_owned(), home },
        );
        for (role, unit) in roles {
            self.ask::<Account>(Actor::SYSTEM, id, AccountCommand::Grant { role: *role, unit: *unit });
        }
        self.ask::<Account>(
            Actor::person(id),
            id,
            AccountCommand::AgreeToNotice { version: crate::pages::NOTICE_VERSION },
        );
        let hash = hash_password(&Password::new(PASSWORD), &self.ids).unwrap();
        let now = self.desk.clock.now();
        operate(&self.handle, move |tx| store_password(tx, id, &hash, false, now)).unwrap();
        self.accounts.insert(login, id);
    }

    /// Somebody of the city, which stands above the platform's own unit.
    pub fn city_inspector(&mut self, login: &'static str) {
        let city = self.unit("city", "5303", "曲靖市教育体育局", UnitKind::City, &[]);
        let from = self.desk.clock.now().local_date();
        for line in [Line::Management, Line::Territory] {
            let above = UnitCommand::Place(Placement { line, parent: city, from });
            self.ask::<Unit>(Actor::SYSTEM, self.units["county"], above);
        }
        self.account(login, city, "何督学", Post::Administrator, &[]);
    }

    /// A cookie of a finished sign-in.
    pub fn cookie(&self, login: &str) -> String {
        let account = self.accounts[login];
        let (ids, now) = (Arc::clone(&self.ids), self.desk.clock.now());
        let new = NewSession {
            account,
            kind: SessionKind::Ordinary,
            stage: SessionStage::Full,
            second_factor: true,
            agent: "Mozilla/5.0 (Linux; Android 13) Chrome/120".to_owned(),
            address: String::new(),
        };
        // The writer is waited for, which a thread of the runtime may not.
        let handle = self.handle.clone();
        let opening = std::thread::spawn(move || {
            operate(&handle, move |tx| open_session(tx, &ids, &new, now)).unwrap()
        });
        let token = opening.join().unwrap();
        format!("{SESSION_COOKIE}={}", token.as_cookie())
    }

    pub fn read<T: Send + 'static>(&self, read: impl FnOnce(&mut Tx) -> T + Send + 'static) -> T {
        // A new connection to a server is waited for, which a thread of the runtime may not.
        let database = self.db.database().clone();
        std::thread::spawn(move || read(&mut database.reader().unwrap())).join().unwrap()
    }

    pub fn unit_path(&self, key: &str, rest: &str) -> String {
        format!("/units/{}{rest}", self.units[key].0.simple())
    }

    pub fn person_path(&self, key: &str, rest: &str) -> String {
        format!("/people/{}{rest}", self.people[key].0.simple())
    }

    pub fn account_path(&self, key: &str, rest: &str) -> String {
        format!("/accounts/{}{rest}", self.accounts[key].0.simple())
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// As a browser asks that came from a page of ours.
    pub async fn get_from(&self, cookie: &str, from: &str, path: &str) -> Answer {
        let request = Request::get(path)
            .header("host", "xiaoan.test")
            .header("referer", from)
            .header("cookie", format!("{cookie}; lang=zh-CN"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn get_in(&self, lang: Lang, cookie: &str, path: &str) -> Answer {
        let cookie = format!("{cookie}; lang={}", lang.tag());
        self.send(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
    }

    pub async fn get(&self, cookie: &str, path: &str) -> Answer {
        self.get_in(Lang::ZhCn, cookie, path).await
    }

    pub async fn post_raw(&self, cookie: &str, path: &str, body: String) -> Answer {
        let request = Request::post(path)
            .header("cookie", format!("{cookie}; lang=zh-CN"))
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a file, as a stranger may try to.
    pub async fn post_file(&self, path: &str, bytes: usize) -> Answer {
        let head = "--b\r\ncontent-disposition: form-data; name=\"me\"; filename=\"me.jpg\"\r\n\r\n";
        let body = format!("{head}{}\r\n--b--\r\n", "x".repeat(bytes));
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=b");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form with the token that the page at `from` carries.
    pub async fn post(&self, cookie: &str, (from, path): (&str, &str), fields: &[(&str, &str)]) -> Answer {
        let page = self.get(cookie, from).await;
        assert_eq!(page.status, StatusCode::OK, "{from}: {}", page.body);
        let token = hidden(&page.body, "_csrf");
        let mut body = format!("_csrf={token}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", web::encoded(value)));
        }
        self.post_raw(cookie, path, body).await
    }
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let start =
        page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    let rest = &page[start..];
    let value = rest.split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// Runs async code of a test.
pub fn block<F: std::future::Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}
