//! Rights where something goes to, not only where it is; what a closed unit may not leave behind.

use std::sync::Arc;

use journal::{
    Authority, Engine, EngineBuilder, Handle, Identity, Outcome, Standing, UnitOfWork, Vault, WorkLane,
};
use kernel::{Actor, ActorId, CommandId, FixedClock, IdSource, PersonId, Problem, Timestamp, UnitId};
use storage::{StorageError, Tx};
use test_support::{TestDb, both_databases};
use uuid::Uuid;

use super::KeepsNobody;
use crate::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use rules::RuleBook;

/// 2026-09-21
pub(super) const NOW: Timestamp = Timestamp(1_790_000_000_000);
pub(super) const COUNTY: UnitId = UnitId(Uuid::from_u128(1));
pub(super) const MINE: UnitId = UnitId(Uuid::from_u128(2));
const FOREIGN: UnitId = UnitId(Uuid::from_u128(3));
pub(super) const SCHOOL: UnitId = UnitId(Uuid::from_u128(4));
const SOMEBODY: PersonId = PersonId(Uuid::from_u128(9));
/// Manages everything but the foreign unit.
pub(super) const MANAGER: Actor = Actor::person(ActorId(Uuid::from_u128(7)));

struct Office;

impl Authority for Office {
    fn standing(&self, _: &mut Tx, actor: Actor, unit: UnitId) -> Result<Standing, StorageError> {
        let permissions: &[&'static str] =
            if actor == MANAGER && unit != FOREIGN { &["unit.manage", "person.manage"] } else { &[] };
        Ok(Standing {
            actor,
            person: None,
            home: None,
            grants: Vec::new(),
            permissions: Arc::from(permissions),
            unit_path: String::new(),
        })
    }
}

pub(super) struct Desk {
    engine: Engine,
    handle: Handle,
    ids: Arc<IdSource>,
}

fn builder() -> EngineBuilder {
    EngineBuilder::new(Arc::new(Vault::new(&[5; 32])), Arc::new(Office))
        .subject(Unit::default().ruled(RuleBook::embedded().unwrap()))
        .subject(Person::new(vec![Arc::new(KeepsNobody)]))
}

impl Desk {
    pub(super) fn new(db: &TestDb) -> Self {
        let (clock, ids) = (Arc::new(FixedClock::new(NOW)), Arc::new(IdSource::seeded(1)));
        let lease = db.database().lease().unwrap();
        let mut tx = db.database().writer().unwrap();
        storage::migrate(&mut tx, &[journal::MIGRATIONS, crate::MIGRATIONS]).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        let engine = builder().start(db.database(), lease, clock, Arc::clone(&ids)).unwrap();
        let desk = Self { handle: engine.handle(), engine, ids };
        let below = |parent| vec![Placement { line: Line::Management, parent, from: NOW.local_date() }];
        for (unit, code, kind, placements) in [
            (COUNTY, "530323", UnitKind::County, Vec::new()),
            (MINE, "2153000001", UnitKind::CentralSchool, below(COUNTY)),
            (FOREIGN, "2153000002", UnitKind::CentralSchool, below(COUNTY)),
            (SCHOOL, "2153000003", UnitKind::Primary, below(MINE)),
        ] {
            desk.unit(Actor::SYSTEM, unit, created(code, kind, placements)).unwrap();
        }
        let contact = Contact { name: "王专干".to_owned(), phone: String::new(), identity: String::new() };
        let enter = PersonCommand::Enter { unit: SCHOOL, contact, posts: vec![Post::SafetyOfficer] };
        desk.person(Actor::SYSTEM, enter).unwrap();
        desk
    }

    fn work(&self, actor: Actor) -> UnitOfWork {
        UnitOfWork::new(actor, CommandId(self.ids.uuid(NOW)))
    }

    pub(super) fn unit(&self, actor: Actor, unit: UnitId, command: UnitCommand) -> Result<Outcome, Problem> {
        self.handle.execute_blocking(WorkLane::Interactive, self.work(actor).ask::<Unit>(unit, command))
    }

    pub(super) fn person(&self, actor: Actor, command: PersonCommand) -> Result<Outcome, Problem> {
        self.handle.execute_blocking(WorkLane::Interactive, self.work(actor).ask::<Person>(SOMEBODY, command))
    }
}

/// The writer is let go; every row is made again and compared.
pub(super) fn made_again(db: &TestDb, desk: Desk) {
    let Desk { engine, handle, ids } = desk;
    drop((engine, handle));
    let mut tx = db.database().writer().unwrap();
    tx.begin().unwrap();
    let rooms = [journal::MIGRATIONS, crate::MIGRATIONS];
    assert_eq!(journal::misderived(&mut tx, &builder(), &ids, &rooms, &|_| ()).unwrap(), []);
    tx.rollback().unwrap();
}

pub(super) fn created(code: &str, kind: UnitKind, placements: Vec<Placement>) -> UnitCommand {
    UnitCommand::Create(NewUnit {
        code: code.to_owned(),
        name: format!("单位 {code}"),
        kind,
        attributes: Attributes::default(),
        placements,
        code_exception: None,
    })
}

both_databases! {
    fn nobody_is_moved_to_where_the_mover_has_no_say(db: TestDb) {
        let desk = Desk::new(&db);
        assert_eq!(desk.person(MANAGER, PersonCommand::Move(FOREIGN)), Err(Problem::Forbidden));
        assert_eq!(desk.person(MANAGER, PersonCommand::Move(MINE)).unwrap().events, 1);
        let under = |parent| Placement { line: Line::Management, parent, from: NOW.local_date() };
        assert_eq!(desk.unit(MANAGER, SCHOOL, UnitCommand::Place(under(FOREIGN))), Err(Problem::Forbidden));
        assert_eq!(desk.unit(MANAGER, SCHOOL, UnitCommand::Place(under(COUNTY))).unwrap().events, 1);
        // A new unit needs it on every line, not on the first alone.
        let township = Placement { line: Line::Territory, ..under(FOREIGN) };
        let new = created("2153000009", UnitKind::Primary, vec![under(MINE), township]);
        assert_eq!(desk.unit(MANAGER, UnitId(Uuid::from_u128(5)), new), Err(Problem::Forbidden));
    }

    fn a_unit_is_closed_when_nothing_is_left_in_it(db: TestDb) {
        let desk = Desk::new(&db);
        let close = || UnitCommand::Close(NOW.local_date());
        assert_eq!(desk.unit(MANAGER, MINE, close()).unwrap_err().code(), "unit-close-below");
        assert_eq!(desk.unit(MANAGER, SCHOOL, close()).unwrap_err().code(), "unit-close-people");
        desk.person(MANAGER, PersonCommand::Move(MINE)).unwrap();
        assert_eq!(desk.unit(MANAGER, SCHOOL, close()).unwrap().events, 1);
        assert_eq!(desk.unit(MANAGER, MINE, close()).unwrap_err().code(), "unit-close-people");
    }
}
