//! A small county: two townships, a central school with two primaries, a junior school next door.

mod accounts;
mod assigned;
mod log;
mod roles;
mod secrets;
mod sessions;
mod sign_ins;

use std::sync::Arc;

use journal::{Engine, EngineBuilder, Handle, Identity, UnitOfWork, Vault, WorkLane};
use kernel::{Actor, ActorId, Clock, FixedClock, IdSource, PersonId, Problem, Timestamp, UnitId};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Unit, UnitCommand, UnitKind,
};
use storage::{Database, StorageError, Tx};
use test_support::TestDb;

use crate::{
    Account, AccountCommand, Password, Role, RoleBook, SignInDesk, SignInParts, SignInSettings,
    hash_password, operate, store_password,
};

pub(super) struct Tree {
    pub county: UnitId,
    pub police: UnitId,
    pub town_a: UnitId,
    pub town_b: UnitId,
    pub central: UnitId,
    pub primary_1: UnitId,
    pub primary_2: UnitId,
    pub junior: UnitId,
    pub far: UnitId,
}

impl Tree {
    pub(super) fn all(&self) -> [UnitId; 9] {
        [
            self.county,
            self.police,
            self.town_a,
            self.town_b,
            self.central,
            self.primary_1,
            self.primary_2,
            self.junior,
            self.far,
        ]
    }
}

pub(super) struct House {
    pub handle: Handle,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
    pub vault: Arc<Vault>,
    pub database: Database,
    pub tree: Tree,
    _engine: Engine,
    _db: TestDb,
}

pub(super) const START: Timestamp = Timestamp(1_790_000_000_000);
pub(super) const GOOD: &str = "Lantern-73-river";

impl House {
    pub(super) fn new(db: TestDb) -> Self {
        let database = db.database().clone();
        let lease = database.lease().unwrap();
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(7));
        let vault = Arc::new(Vault::new(&[9; 32]));
        let mut tx = database.writer().unwrap();
        let sets = [journal::MIGRATIONS, organisation::MIGRATIONS, crate::MIGRATIONS];
        storage::migrate(&mut tx, &sets).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        let engine = EngineBuilder::new(Arc::clone(&vault), Arc::new(RoleBook::new()))
            .subject(Unit::asking(vec![Arc::new(crate::GrantedRoles)]))
            .subject(Person::new(vec![Arc::new(crate::RankKeeper)]))
            .subject(Account)
            .start(&database, lease, clock.clone(), Arc::clone(&ids))
            .unwrap();
        let handle = engine.handle();
        let tree = grow(&handle, &clock, &ids);
        Self { handle, clock, ids, vault, database, tree, _engine: engine, _db: db }
    }

    pub(super) fn reader(&self) -> Tx {
        self.database.reader().unwrap()
    }

    pub(super) fn ask(&self, actor: Actor, account: ActorId, command: AccountCommand) -> Result<(), Problem> {
        let id = self.ids.new_id(&*self.clock);
        let work = UnitOfWork::new(actor, id).ask::<Account>(account, command);
        self.handle.execute_blocking(WorkLane::Interactive, work).map(|_| ())
    }

    pub(super) fn person(&self, unit: UnitId) -> PersonId {
        let id: PersonId = self.ids.new_id(&*self.clock);
        let contact = Contact { name: "张三".to_owned(), ..Contact::default() };
        let command = PersonCommand::Enter { unit, contact, posts: Vec::new() };
        let work = UnitOfWork::new(Actor::SYSTEM, self.ids.new_id(&*self.clock)).ask::<Person>(id, command);
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        id
    }

    pub(super) fn account(&self, login: &str, home: UnitId, roles: &[(Role, UnitId)]) -> ActorId {
        let id: ActorId = self.ids.new_id(&*self.clock);
        let person = self.person(home);
        let open = AccountCommand::Open { person, login: login.to_owned(), home };
        self.ask(Actor::SYSTEM, id, open).unwrap();
        for (role, unit) in roles {
            self.ask(Actor::SYSTEM, id, AccountCommand::Grant { role: *role, unit: *unit }).unwrap();
        }
        id
    }

    pub(super) fn set_password(&self, account: ActorId, password: &str, must_change: bool) {
        let hash = hash_password(&Password::new(password), &self.ids).unwrap();
        let now = self.clock.now();
        self.write(move |tx| store_password(tx, account, &hash, must_change, now));
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx) -> Result<T, StorageError> + Send + 'static,
    ) -> T {
        operate(&self.handle, work).unwrap()
    }

    pub(super) fn desk(&self) -> SignInDesk {
        let parts = SignInParts {
            writer: Arc::new(self.handle.clone()),
            vault: Arc::clone(&self.vault),
            ids: Arc::clone(&self.ids),
            clock: self.clock.clone(),
        };
        SignInDesk::new(parts, SignInSettings::default())
    }
}

pub(super) fn refused(result: Result<(), Problem>, code: &str) {
    match result {
        Err(problem) => assert_eq!(problem.code(), code),
        Ok(()) => panic!("should have been refused: {code}"),
    }
}

fn grow(handle: &Handle, clock: &FixedClock, ids: &IdSource) -> Tree {
    let mut number = 0;
    let mut plant = |kind: UnitKind, above: &[(Line, UnitId)]| -> UnitId {
        number += 1;
        let id: UnitId = ids.new_id(clock);
        let from = clock.now().local_date();
        let placements =
            above.iter().map(|(line, parent)| Placement { line: *line, parent: *parent, from }).collect();
        let created = NewUnit {
            code: if kind.is_institution() {
                format!("2153000{number:03}")
            } else {
                format!("530324{number:03}")
            },
            name: format!("{}{number}", kind.name()),
            kind,
            attributes: Attributes::default(),
            placements,
            code_exception: None,
        };
        let work =
            UnitOfWork::new(Actor::SYSTEM, ids.new_id(clock)).ask::<Unit>(id, UnitCommand::Create(created));
        handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        id
    };
    use Line::{Assignment, Management, Territory};
    let county = plant(UnitKind::County, &[]);
    let police = plant(UnitKind::PoliceStation, &[(Territory, county)]);
    let town_a = plant(UnitKind::Township, &[(Territory, county)]);
    let town_b = plant(UnitKind::Township, &[(Territory, county)]);
    let central = plant(UnitKind::CentralSchool, &[(Management, county), (Territory, town_a)]);
    let primary_1 = plant(UnitKind::Primary, &[(Management, central), (Territory, town_a)]);
    let primary_2 = plant(UnitKind::Primary, &[(Management, central), (Territory, town_a)]);
    let junior = plant(UnitKind::Junior, &[(Management, county), (Territory, town_a), (Assignment, police)]);
    let far = plant(UnitKind::Primary, &[(Management, county), (Territory, town_b)]);
    Tree { county, police, town_a, town_b, central, primary_1, primary_2, junior, far }
}
