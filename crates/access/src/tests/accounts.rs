use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, Clock, PersonId};
use organisation::{Contact, Person, PersonCommand, Unit, UnitCommand};

use test_support::both_databases;

use super::{GOOD, House, refused};
use crate::{
    Account, AccountCommand, NewSession, Role, SessionKind, SessionStage, SuspendReason, Viewer,
    account_by_login, account_of_person, account_state, device_holders, names, open_session, operate,
};

fn grant(role: Role, unit: kernel::UnitId) -> AccountCommand {
    AccountCommand::Grant { role, unit }
}

both_databases! {
    fn nobody_grants_himself_and_only_the_security_administrator_grants(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let security = house.account("sec", t.county, &[(Role::SecurityAdministrator, t.county)]);
        let system = house.account("sys", t.county, &[(Role::SystemAdministrator, t.county)]);
        let teacher = house.account("teacher", t.junior, &[]);
        let by = Actor::person;
        refused(house.ask(by(security), security, grant(Role::CountyLeader, t.county)), "account-self");
        refused(house.ask(by(system), teacher, grant(Role::Teacher, t.junior)), "forbidden");
        refused(house.ask(by(teacher), teacher, grant(Role::Head, t.junior)), "forbidden");
        house.ask(by(security), teacher, grant(Role::Teacher, t.junior)).unwrap();
        let (state, _) = account_state(&mut house.reader(), teacher).unwrap().unwrap();
        assert_eq!(state.grants.len(), 1);
        house.ask(by(security), teacher, AccountCommand::Revoke { role: Role::Teacher, unit: t.junior }).unwrap();
        refused(house.ask(by(security), teacher, grant(Role::CentralSchool, t.junior)), "account-role-not-here");
        // The system administrator opens accounts, the security administrator does not.
        let person = house.person(t.junior);
        let open = AccountCommand::Open { person, login: "New.Name".to_owned(), home: t.junior };
        let id: ActorId = house.ids.new_id(&*house.clock);
        refused(house.ask(by(security), id, open.clone()), "forbidden");
        house.ask(by(system), id, open).unwrap();
        assert_eq!(account_by_login(&mut house.reader(), "NEW.name").unwrap().unwrap().id, id);
        assert_eq!(account_of_person(&mut house.reader(), person).unwrap().unwrap().id, id);
    }
}

both_databases! {
    fn who_audits_does_nothing_else(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let audit = house.account("audit", t.county, &[(Role::AuditAdministrator, t.county)]);
        for role in [Role::SystemAdministrator, Role::SecurityAdministrator, Role::CountySafetyOffice] {
            refused(house.ask(Actor::SYSTEM, audit, grant(role, t.county)), "account-role-excluded");
        }
        let office = house.account("office", t.county, &[(Role::CountySafetyOffice, t.county)]);
        refused(
            house.ask(Actor::SYSTEM, office, grant(Role::AuditAdministrator, t.county)),
            "account-role-excluded",
        );
        // Two people run a small county: office and system administrator in one, with a warning on the record.
        house.ask(Actor::SYSTEM, office, grant(Role::SystemAdministrator, t.county)).unwrap();
        let warned = house
            .reader()
            .first("SELECT core_part FROM event ORDER BY position DESC LIMIT 1", &[], |row| row.text(0))
            .unwrap()
            .unwrap();
        assert!(warned.contains("\"warned\":true"), "{warned}");
        refused(
            house.ask(Actor::SYSTEM, office, grant(Role::SecurityAdministrator, t.county)),
            "account-role-excluded",
        );
    }
}

both_databases! {
    fn opening_is_checked(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let open = |login: &str, person| {
            let id: ActorId = house.ids.new_id(&*house.clock);
            let command = AccountCommand::Open { person, login: login.to_owned(), home: t.junior };
            house.ask(Actor::SYSTEM, id, command)
        };
        let (one, two) = (house.person(t.junior), house.person(t.junior));
        for bad in ["ab", "张三三", "a b c", "x@y.cn", &"a".repeat(41)] {
            refused(open(bad, one), "account-login-shape");
        }
        for number in ["13987654300", "11010519491231002X", "11010519491231002x"] {
            refused(open(number, one), "account-login-personal");
        }
        open("zhang.san", one).unwrap();
        refused(open("ZHANG.SAN", two), "account-login-taken");
        refused(open("another", one), "account-person-taken");
        refused(open("another", house.ids.new_id(&*house.clock)), "account-person-unknown");
        refused(open("another", house.person(t.far)), "account-person-elsewhere");
    }
}

both_databases! {
    fn whoever_is_suspended_or_has_left_sees_and_does_nothing(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let security = house.account("sec", t.county, &[(Role::SecurityAdministrator, t.county)]);
        let head = house.account("head", t.junior, &[(Role::Head, t.junior)]);
        let by = Actor::person(security);
        house.ask(by, head, AccountCommand::Suspend { reason: SuspendReason::Misuse }).unwrap();
        assert!(Viewer::load(&mut house.reader(), head).unwrap().is_none());
        let agree = || AccountCommand::AgreeToNotice { version: 1 };
        refused(house.ask(Actor::person(head), head, agree()), "account-suspended");
        refused(house.ask(by, head, grant(Role::Teacher, t.junior)), "account-suspended");
        house.ask(by, head, AccountCommand::Resume).unwrap();
        house.ask(Actor::person(head), head, agree()).unwrap();
        let viewer = Viewer::load(&mut house.reader(), head).unwrap().unwrap();
        assert!(viewer.may(names::HAZARD_ACCEPT) && viewer.notice == 1);
        refused(house.ask(Actor::person(head), security, agree()), "account-not-oneself");
        let leave = PersonCommand::Leave(house.clock.now().local_date());
        let work =
            UnitOfWork::new(Actor::SYSTEM, house.ids.new_id(&*house.clock)).ask::<Person>(viewer.person, leave);
        house.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        assert!(Viewer::load(&mut house.reader(), head).unwrap().is_none());
        refused(
            house.ask(Actor::person(head), head, AccountCommand::AgreeToNotice { version: 2 }),
            "account-suspended",
        );
    }
}

both_databases! {
    fn the_last_security_administrator_stays(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let one = house.account("sec1", t.county, &[(Role::SecurityAdministrator, t.county)]);
        let system = house.account("sys", t.county, &[(Role::SystemAdministrator, t.county)]);
        let suspend = || AccountCommand::Suspend { reason: SuspendReason::Other };
        refused(house.ask(Actor::person(system), one, suspend()), "account-last-security-administrator");
        house.account("sec2", t.county, &[(Role::SecurityAdministrator, t.county)]);
        house.ask(Actor::person(system), one, suspend()).unwrap();
    }
}

both_databases! {
    fn passwords_are_reset_downwards_only(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let office = house.account("office", t.county, &[(Role::CountySafetyOffice, t.county)]);
        let security = house.account("sec", t.county, &[(Role::SecurityAdministrator, t.county)]);
        let head = house.account("head", t.junior, &[(Role::Head, t.junior)]);
        let officer = house.account("officer", t.junior, &[(Role::SafetyOfficer, t.junior)]);
        let reset = || AccountCommand::RecordPasswordSet { by_reset: true };
        let by = Actor::person;
        house.ask(by(office), head, reset()).unwrap();
        house.ask(by(head), officer, reset()).unwrap();
        refused(house.ask(by(officer), head, reset()), "account-rank");
        refused(house.ask(by(office), security, reset()), "account-rank");
        refused(house.ask(by(office), office, reset()), "account-self");
        house.ask(by(security), office, reset()).unwrap();
        refused(house.ask(by(head), office, reset()), "forbidden");
        refused(house.ask(by(head), head, AccountCommand::RecordLocked), "forbidden");
    }
}

both_databases! {
    fn accounts_can_be_rebuilt_and_keep_their_secrets(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let head = house.account("head", t.junior, &[(Role::Head, t.junior)]);
        house.set_password(head, GOOD, false);
        let builder =
            journal::EngineBuilder::new(house.vault.clone(), std::sync::Arc::new(crate::RoleBook::new()))
                .subject(crate::Account);
        let mut tx = house.database.writer().unwrap();
        let before = account_state(&mut tx, head).unwrap();
        journal::rebuild(&mut tx, &builder, &house.ids, &|_| {}).unwrap();
        assert_eq!(account_state(&mut tx, head).unwrap(), before);
        assert!(crate::secret_status(&mut tx, head, house.clock.now()).unwrap().has_password);
        assert!(Viewer::load(&mut tx, head).unwrap().unwrap().may(names::HAZARD_CLOSE));
    }
}

both_databases! {
    fn nobody_lets_himself_a_higher_rank_or_the_last_administrator_go(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let security = house.account("sec", t.county, &[(Role::SecurityAdministrator, t.county)]);
        let audit = house.account("aud", t.county, &[(Role::AuditAdministrator, t.county)]);
        let system = house.account("sys", t.county, &[(Role::SystemAdministrator, t.county)]);
        let office = house.account("office", t.county, &[(Role::CountySafetyOffice, t.county)]);
        let head = house.account("head", t.junior, &[(Role::Head, t.junior)]);
        let officer = house.account("officer", t.junior, &[(Role::SafetyOfficer, t.junior)]);
        let going = |by: ActorId, who: ActorId, command: PersonCommand| {
            let person = account_state(&mut house.reader(), who).unwrap().unwrap().0.person;
            let id = house.ids.new_id(&*house.clock);
            let work = UnitOfWork::new(Actor::person(by), id).ask::<Person>(person, command);
            house.handle.execute_blocking(WorkLane::Interactive, work).map(|_| ())
        };
        let leave = || PersonCommand::Leave(house.clock.now().local_date());
        for last in [security, audit, system] {
            refused(going(office, last, leave()), "person-leave-last");
        }
        let second = house.account("sec2", t.county, &[(Role::SecurityAdministrator, t.county)]);
        refused(going(office, second, leave()), "person-leave-rank");
        refused(going(system, second, leave()), "person-leave-rank");
        refused(going(officer, head, leave()), "person-leave-rank");
        refused(going(officer, officer, leave()), "person-leave-self");
        going(system, office, leave()).unwrap();
        // Taken back by whoever may let them go, and by nobody else.
        going(head, officer, leave()).unwrap();
        assert!(Viewer::load(&mut house.reader(), officer).unwrap().is_none());
        going(head, officer, PersonCommand::Return).unwrap();
        assert!(Viewer::load(&mut house.reader(), officer).unwrap().is_some());
        going(system, head, leave()).unwrap();
        refused(going(officer, head, PersonCommand::Return), "person-leave-rank");
    }
}

both_databases! {
    fn telephones_are_found_behind_hundreds_of_other_accounts(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let guard = house.account("zz-guard", t.junior, &[(Role::Guard, t.junior)]);
        let former = house.account("zy-former", t.junior, &[(Role::Teacher, t.junior)]);
        house.account("zx-elsewhere", t.far, &[(Role::Guard, t.far)]);
        let work = UnitOfWork::new(Actor::SYSTEM, house.ids.new_id(&*house.clock));
        let many = (0..250).fold(work, |work, number| {
            let person: PersonId = house.ids.new_id(&*house.clock);
            let account: ActorId = house.ids.new_id(&*house.clock);
            let contact = Contact { name: format!("教师{number}"), ..Contact::default() };
            let entered = PersonCommand::Enter { unit: t.junior, contact, posts: Vec::new() };
            let opened = AccountCommand::Open { person, login: format!("a{number:03}"), home: t.junior };
            work.ask::<Person>(person, entered).ask::<Account>(account, opened)
        });
        house.handle.execute_blocking(WorkLane::Interactive, many).unwrap();
        let (ids, now) = (house.ids.clone(), house.clock.now());
        let phone = NewSession {
            account: former,
            kind: SessionKind::Device,
            stage: SessionStage::Full,
            second_factor: false,
            agent: String::new(),
            address: String::new(),
        };
        operate(&house.handle, move |tx| open_session(tx, &ids, &phone, now)).unwrap();
        let found = device_holders(&mut house.reader(), t.junior).unwrap();
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [former, guard]);
    }

    fn nobody_comes_back_to_a_closed_unit(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let head = house.account("head", t.junior, &[(Role::Head, t.junior)]);
        let person = account_state(&mut house.reader(), head).unwrap().unwrap().0.person;
        let today = house.clock.now().local_date();
        let run = |work: UnitOfWork| house.handle.execute_blocking(WorkLane::Interactive, work).map(|_| ());
        let work = || UnitOfWork::new(Actor::SYSTEM, house.ids.new_id(&*house.clock));
        let others = "SELECT id FROM person WHERE unit_id = ?1 AND active = TRUE";
        let everybody: Vec<PersonId> =
            house.reader().query(others, storage::params![t.junior], |row| row.id(0)).unwrap();
        for one in everybody {
            run(work().ask::<Person>(one, PersonCommand::Leave(today))).unwrap();
        }
        run(work().ask::<Unit>(t.junior, UnitCommand::Close(today))).unwrap();
        let events = |house: &House| house.reader().count("SELECT count(*) FROM event", &[]).unwrap();
        let before = events(&house);
        refused(run(work().ask::<Person>(person, PersonCommand::Return)), "person-return-unit-closed");
        assert_eq!(events(&house), before);
        assert!(Viewer::load(&mut house.reader(), head).unwrap().is_none());
    }

    fn an_administrator_who_left_is_not_counted(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let one = house.account("sec1", t.county, &[(Role::SecurityAdministrator, t.county)]);
        let gone = house.account("sec2", t.county, &[(Role::SecurityAdministrator, t.county)]);
        let system = house.account("sys", t.county, &[(Role::SystemAdministrator, t.county)]);
        let person = account_state(&mut house.reader(), gone).unwrap().unwrap().0.person;
        let leave = PersonCommand::Leave(house.clock.now().local_date());
        let work = UnitOfWork::new(Actor::SYSTEM, house.ids.new_id(&*house.clock)).ask::<Person>(person, leave);
        house.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        let suspend = AccountCommand::Suspend { reason: SuspendReason::Other };
        refused(house.ask(Actor::person(system), one, suspend), "account-last-security-administrator");
    }
}

both_databases! {
    fn an_account_follows_its_person_and_goes_nowhere_else(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let office = house.account("office", t.county, &[(Role::CountySafetyOffice, t.county)]);
        let head = house.account("head", t.primary_1, &[(Role::Head, t.primary_1)]);
        let both = [(Role::Guard, t.primary_1), (Role::Teacher, t.far)];
        let guard = house.account("guard", t.primary_1, &both);
        let by = Actor::person(office);
        let rehome = |home| AccountCommand::Rehome { home };
        refused(house.ask(by, guard, rehome(t.primary_2)), "account-person-elsewhere");
        refused(house.ask(Actor::person(head), guard, rehome(t.primary_2)), "forbidden");
        let (state, _) = account_state(&mut house.reader(), guard).unwrap().unwrap();
        let follow = |actor, to| {
            let work = UnitOfWork::new(actor, house.ids.new_id(&*house.clock))
                .ask::<Person>(state.person, PersonCommand::Move(to));
            let work = crate::account_follows(work, Some(guard), (state.person, to), house.clock.now());
            house.handle.execute_blocking(WorkLane::Interactive, work).map(|_| ())
        };
        refused(follow(Actor::person(head), t.primary_2), "forbidden");
        follow(by, t.primary_2).unwrap();
        let (state, _) = account_state(&mut house.reader(), guard).unwrap().unwrap();
        assert_eq!(state.home, t.primary_2);
        let kept: Vec<_> = state.grants.iter().map(|held| (held.role, held.unit)).collect();
        assert_eq!(kept, [(Role::Teacher, t.far)], "what was given elsewhere stays");
        assert_eq!(device_holders(&mut house.reader(), t.primary_1).unwrap(), []);
        // Who is over the old home has no say any more, in the writer either.
        let reset = || AccountCommand::RecordPasswordSet { by_reset: true };
        refused(house.ask(Actor::person(head), guard, reset()), "forbidden");
        let other = house.account("other", t.primary_2, &[(Role::Head, t.primary_2)]);
        house.ask(Actor::person(other), guard, reset()).unwrap();
    }
}

both_databases! {
    fn nobody_moves_without_his_account(db: TestDb) {
        let house = House::new(db);
        let t = &house.tree;
        let guard = house.account("guard", t.primary_1, &[]);
        let (state, _) = account_state(&mut house.reader(), guard).unwrap().unwrap();
        // As when an account is opened after the page looked.
        let work = UnitOfWork::new(Actor::SYSTEM, house.ids.new_id(&*house.clock))
            .ask::<Person>(state.person, PersonCommand::Move(t.far));
        let work = crate::account_follows(work, None, (state.person, t.far), house.clock.now());
        assert!(house.handle.execute_blocking(WorkLane::Interactive, work).is_err());
        let at = house.reader().first("SELECT unit_id FROM person WHERE id = ?1", storage::params![state.person], |row| row.id(0));
        assert_eq!(at.unwrap(), Some(t.primary_1), "nothing was written");
    }
}
