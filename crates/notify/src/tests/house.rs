//! A county with one school on a real database, a robot of a few lines, and a room whose happenings are renamings.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, routing::post};
use journal::{
    Authority, Engine, EngineBuilder, Handle, Identity, Payload, Recorded, Standing, UnitOfWork, Vault,
    WorkLane,
};
use kernel::{Actor, Clock, CommandId, FixedClock, IdSource, Problem, StreamId, Timestamp, UnitId};
use organisation::{
    Attributes, Line as UnitLine, NewUnit, Placement, Unit, UnitCommand, UnitEvent, UnitKind,
};
use outbound::{Door, DoorSettings};
use storage::{Param, Readers, StorageError, Tx};
use test_support::TestDb;

use crate::{
    AddressHint, Channel, ChannelCommand, ChannelKind, ChannelSecret, Line, NewChannel, Notifier,
    NotifierParts, Outcome, SentFilter, SentRow, Source, Tiding, Topic, sent_listed, store_channel_secret,
};

/// 2026-03-02 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_772_413_200_000);
pub const MINUTE: i64 = Timestamp::MINUTE_MS;

struct Everybody;

impl Authority for Everybody {
    fn standing(&self, _: &mut Tx, actor: Actor, _: UnitId) -> Result<Standing, StorageError> {
        let permissions = Arc::from(["channel.manage", "unit.manage"].as_slice());
        Ok(Standing {
            actor,
            person: None,
            home: None,
            grants: Vec::new(),
            permissions,
            unit_path: String::new(),
        })
    }
}

/// A renaming is news: to the unit, and upwards when the new name says so.
struct Renamings;

impl Source for Renamings {
    fn kind(&self) -> &'static str {
        "unit"
    }

    fn tidings(&self, _: &mut Tx, event: &Recorded) -> Result<Vec<Tiding>, Problem> {
        let header = &event.header;
        let Ok(UnitEvent::Renamed(parts)) =
            UnitEvent::decode(&header.event_type, header.type_version, &event.parts)
        else {
            return Ok(Vec::new());
        };
        let unit = UnitId(header.stream_id.0);
        let line = Line { sentence: parts.core.name.clone(), path: format!("/units/{}", unit.0.simple()) };
        Ok(vec![Tiding { unit, upwards: parts.core.name.contains('↑'), topic: Topic::Major, line }])
    }

    fn daily(&self, tx: &mut Tx, unit: UnitId, _: Timestamp) -> Result<Option<Line>, Problem> {
        let count = tx.count(
            "SELECT count(*) FROM unit_scope WHERE ancestor_id = ?1 AND line = 'management'",
            &[Param::from(unit)],
        )?;
        Ok(Some(Line { sentence: format!("共 {count} 个单位"), path: "/units".to_owned() }))
    }
}

/// What the robot was told, and what it will answer; `ok` when nothing is prepared.
#[derive(Clone, Default)]
pub struct Robot {
    told: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl Robot {
    pub fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    pub fn will_answer(&self, answers: &[&'static str]) {
        self.answers.lock().unwrap().extend(answers);
    }
}

async fn robot(State(robot): State<Robot>, body: String) -> &'static str {
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    robot.told.lock().unwrap().push(json["text"]["content"].as_str().unwrap().to_owned());
    robot.answers.lock().unwrap().pop_front().unwrap_or(r#"{"errcode":0,"errmsg":"ok"}"#)
}

pub struct House {
    pub runtime: tokio::runtime::Runtime,
    pub robot: Robot,
    pub robot_at: String,
    pub handle: Handle,
    pub clock: Arc<FixedClock>,
    pub county: UnitId,
    pub school: UnitId,
    pub notifier: Notifier,
    ids: Arc<IdSource>,
    vault: Arc<Vault>,
    engine: Option<Engine>,
    db: TestDb,
}

impl House {
    pub fn new(db: TestDb) -> Self {
        Self::founded(db, false)
    }

    pub fn founded(db: TestDb, demonstration: bool) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let robot = Robot::default();
        let robot_at = runtime.block_on(serve(robot.clone()));
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(1));
        let vault = Arc::new(Vault::new(&[7; 32]));
        let mut tx = db.database().writer().unwrap();
        let sets = [journal::MIGRATIONS, organisation::MIGRATIONS, crate::MIGRATIONS];
        storage::migrate(&mut tx, &sets).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, demonstration).unwrap();
        drop(tx);
        let engine = start(&db, &vault, &clock, &ids);
        let handle = engine.handle();
        let notifier = notifier(&db, &handle, &vault, &clock, &ids, &robot_at);
        let (county, school) = (UnitId::NIL, UnitId::NIL);
        let mut house = Self {
            runtime,
            robot,
            robot_at,
            handle,
            clock,
            county,
            school,
            notifier,
            ids,
            vault,
            engine: Some(engine),
            db,
        };
        house.county = house.unit("530323", "师宗县教育体育局", UnitKind::County, None);
        house.school = house.unit("2153000002", "丹凤第一小学", UnitKind::Primary, Some(house.county));
        house
    }

    /// Stops the writer and starts everything anew; `between` is what a repair tool does meanwhile.
    pub fn restart(&mut self, between: impl FnOnce(&mut Tx, &dyn Clock)) {
        self.engine = None;
        let lease = self.db.database().lease().unwrap();
        let mut tx = self.db.database().writer().unwrap();
        between(&mut tx, &*self.clock);
        drop((tx, lease));
        let engine = start(&self.db, &self.vault, &self.clock, &self.ids);
        self.handle = engine.handle();
        self.engine = Some(engine);
        self.notifier = notifier(&self.db, &self.handle, &self.vault, &self.clock, &self.ids, &self.robot_at);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn later(&self, ms: i64) {
        self.clock.advance_ms(ms);
    }

    fn unit(&self, code: &str, name: &str, kind: UnitKind, above: Option<UnitId>) -> UnitId {
        let id: UnitId = self.ids.new_id(&*self.clock);
        let from = self.now().local_date();
        let place = |parent| Placement { line: UnitLine::Management, parent, from };
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes::default(),
            placements: above.map(place).into_iter().collect(),
            code_exception: None,
        };
        self.ask(|work| work.ask::<Unit>(id, UnitCommand::Create(created))).unwrap();
        id
    }

    pub fn ask(&self, ask: impl FnOnce(UnitOfWork) -> UnitOfWork) -> Result<(), Problem> {
        let id: CommandId = self.ids.new_id(&*self.clock);
        let actor = Actor::person(kernel::ActorId(self.ids.uuid(START)));
        self.handle.execute_blocking(WorkLane::Interactive, ask(UnitOfWork::new(actor, id))).map(|_| ())
    }

    /// Something happens at the school.
    pub fn happens(&self, what: &str) {
        let school = self.school;
        let name = what.to_owned();
        self.ask(|work| work.ask::<Unit>(school, UnitCommand::Rename(name))).unwrap();
    }

    /// A channel to the robot.
    pub fn channel(&self, unit: UnitId, kind: ChannelKind, topics: &[Topic]) -> StreamId {
        let id: StreamId = self.ids.new_id(&*self.clock);
        let address = format!("http://{}/send?key=very-secret-1234", self.robot_at);
        let hint = AddressHint { host: "127.0.0.1".to_owned(), tail: "1234".to_owned(), signed: false };
        let new = NewChannel {
            label: "安全工作群".to_owned(),
            topics: topics.to_vec(),
            daily_hour: 10,
            address: Some(hint),
            mailboxes: vec!["office@shizong.example.cn".to_owned()],
        };
        let secret = ChannelSecret::sealed(&self.vault, &self.ids, id, &address, "").unwrap();
        let now = self.now();
        self.ask(|work| {
            work.ask::<Channel>(id, ChannelCommand::Add { unit, kind, new })
                .housekeeping(move |tx| store_channel_secret(tx, id, &secret, now))
        })
        .unwrap();
        id
    }

    pub fn change(&self, channel: StreamId, command: ChannelCommand) -> Result<(), Problem> {
        self.ask(|work| work.ask::<Channel>(channel, command))
    }

    pub fn round(&self) {
        self.runtime.block_on(self.notifier.round(self.now())).unwrap();
    }

    /// Looks at the journal without sending anything.
    pub fn look(&self) {
        self.runtime.block_on(self.notifier.read_events(self.now())).unwrap();
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    /// All records, oldest first.
    pub fn sent(&self) -> Vec<SentRow> {
        let scope = ("TRUE".to_owned(), Vec::new());
        let mut rows = self.read(|tx| sent_listed(tx, &scope, &SentFilter::default(), 100).unwrap());
        rows.reverse();
        rows
    }

    pub fn outcomes(&self) -> Vec<Outcome> {
        self.sent().iter().map(|row| row.outcome).collect()
    }
}

async fn serve(told: Robot) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let routes = Router::new().route("/send", post(robot)).with_state(told);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    at
}

fn start(db: &TestDb, vault: &Arc<Vault>, clock: &Arc<FixedClock>, ids: &Arc<IdSource>) -> Engine {
    let lease = db.database().lease().unwrap();
    EngineBuilder::new(Arc::clone(vault), Arc::new(Everybody))
        .subject(Unit::default())
        .subject(Channel)
        .start(db.database(), lease, Arc::clone(clock) as Arc<dyn Clock>, Arc::clone(ids))
        .unwrap()
}

fn notifier(
    db: &TestDb,
    handle: &Handle,
    vault: &Arc<Vault>,
    clock: &Arc<FixedClock>,
    ids: &Arc<IdSource>,
    robot_at: &str,
) -> Notifier {
    Notifier::new(NotifierParts {
        handle: handle.clone(),
        readers: Readers::open(db.database(), 1).unwrap(),
        vault: Arc::clone(vault),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        steadiness: Arc::new(kernel::Steadiness::by_hand()),
        ids: Arc::clone(ids),
        door: Door::open(DoorSettings { allow: vec![robot_at.to_owned()], mail: None }).unwrap(),
        public_url: Some("https://xiaoan.example.cn/".to_owned()),
        sources: vec![Box::new(Renamings)],
        working_day: Box::new(|day| day.weekday().to_monday_zero_offset() < 5),
    })
}
