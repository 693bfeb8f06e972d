//! A unit's code: corrected with a reason, and read for ever.

use std::sync::Arc;

use journal::{
    Authority, EngineBuilder, Handle, Identity, Outcome, Parts, Payload, Stamp, Standing, StoredParts,
    Subject, UnitOfWork, Vault, WorkLane,
};
use kernel::{
    Actor, ActorId, CommandId, Date, EventId, FixedClock, IdSource, Problem, StreamId, Timestamp, UnitId,
};
use storage::{StorageError, Tx};
use test_support::both_databases;
use uuid::Uuid;

use crate::{
    Attributes, CodeCorrection, Created, CreatedText, NewUnit, Recoded, RecodedText, Unit, UnitCommand,
    UnitEvent, UnitKind, UnitState, unit_by_code, unit_state,
};

/// 2026-09-21
const NOW: Timestamp = Timestamp(1_790_000_000_000);
const MANAGER: Actor = Actor::person(ActorId(Uuid::from_u128(1)));
const HEAD: Actor = Actor::person(ActorId(Uuid::from_u128(2)));

/// The manager manages units, the head describes his own.
struct Office;

impl Authority for Office {
    fn standing(&self, _: &mut Tx, actor: Actor, _: UnitId) -> Result<Standing, StorageError> {
        let permission = if actor == MANAGER { "unit.manage" } else { "unit.describe" };
        let permissions = Arc::from([permission]);
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

fn ask(handle: &Handle, actor: Actor, number: u128, command: UnitCommand) -> Result<Outcome, Problem> {
    // The unit of a command is the last digit of its number.
    let unit = StreamId(Uuid::from_u128(number % 10));
    let work = UnitOfWork::new(actor, CommandId(Uuid::from_u128(number))).ask::<Unit>(unit, command);
    handle.execute_blocking(WorkLane::Interactive, work)
}

fn created(code: &str) -> UnitCommand {
    UnitCommand::Create(NewUnit {
        code: code.to_owned(),
        name: format!("县 {code}"),
        kind: UnitKind::County,
        attributes: Attributes::default(),
        placements: Vec::new(),
        code_exception: None,
    })
}

fn correction(code: &str, exception: Option<&str>, reason: &str) -> UnitCommand {
    let code_exception = exception.map(str::to_owned);
    UnitCommand::Recode(CodeCorrection { code: code.to_owned(), code_exception, reason: reason.to_owned() })
}

both_databases! {
    fn a_code_is_corrected_as_carefully_as_it_is_entered(db: TestDb) {
        let (clock, ids) = (Arc::new(FixedClock::new(NOW)), Arc::new(IdSource::seeded(1)));
        let builder = || EngineBuilder::new(Arc::new(Vault::new(&[5; 32])), Arc::new(Office)).subject(Unit::default());
        let lease = db.database().lease().unwrap();
        let mut tx = db.database().writer().unwrap();
        storage::migrate(&mut tx, &[journal::MIGRATIONS, crate::MIGRATIONS]).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        let engine = builder().start(db.database(), lease, clock, ids.clone()).unwrap();
        let handle = engine.handle();
        ask(&handle, MANAGER, 11, created("530323")).unwrap();
        ask(&handle, MANAGER, 12, created("530324")).unwrap();
        let refused = [
            (correction("530324", None, "错"), "unit-code-taken"),
            (correction("12530323999900012C", None, "错"), "unit-code-check"),
            (correction("12530323999900012C", Some(" "), "错"), "unit-code-check"),
            (correction("5303", Some("x"), " "), "unit-recode-reason-missing"),
            (correction("53O3", Some("x"), "错"), "unit-code-shape"),
            (correction("12530323999900012C", Some(&"长".repeat(201)), "错"), "text-too-long"),
        ];
        for (number, (command, code)) in (1..).zip(refused) {
            assert_eq!(ask(&handle, MANAGER, number * 100 + 1, command).unwrap_err().code(), code);
        }
        assert_eq!(ask(&handle, HEAD, 21, correction("530325", None, "错")), Err(Problem::Forbidden));
        assert_eq!(ask(&handle, MANAGER, 31, correction("530323", None, "")).unwrap().events, 0);
        ask(&handle, MANAGER, 41, correction("530325", Some("无"), "错了一位")).unwrap();
        // The code it had is free again, and found under the new one.
        ask(&handle, MANAGER, 52, correction("530323", None, "也错了")).unwrap();
        let id = |n| UnitId(Uuid::from_u128(n));
        assert_eq!(unit_by_code(&mut tx, "530325").unwrap().map(|unit| unit.id), Some(id(1)));
        assert_eq!(unit_by_code(&mut tx, "530323").unwrap().map(|unit| unit.id), Some(id(2)));
        assert_eq!(unit_state(&mut tx, id(1)).unwrap().unwrap().0.code_exception, None, "nothing to excuse");
        ask(&handle, MANAGER, 61, correction("12530323999900012C", Some("\u{200b} 已核对原件 "), "换证")).unwrap();
        let state = unit_state(&mut tx, id(1)).unwrap().unwrap().0;
        assert_eq!(state.code_exception.as_deref(), Some("已核对原件"));
        // The words of that are mended while the code stays.
        let anew = |said, reason| correction("12530323999900012C", Some(said), reason);
        assert_eq!(ask(&handle, MANAGER, 161, anew("已核对原件", "措辞")).unwrap().events, 0, "the same words");
        let unsaid = ask(&handle, MANAGER, 171, anew("证照如此，已核对原件", " ")).unwrap_err();
        assert_eq!(unsaid.code(), "unit-recode-reason-missing");
        ask(&handle, MANAGER, 181, anew("证照如此，已核对原件", "措辞不全")).unwrap();
        let state = unit_state(&mut tx, id(1)).unwrap().unwrap().0;
        assert_eq!(state.code_exception.as_deref(), Some("证照如此，已核对原件"));
        ask(&handle, MANAGER, 71, UnitCommand::Close(Date::constant(2026, 9, 1))).unwrap();
        assert_eq!(ask(&handle, MANAGER, 81, correction("530326", None, "错")).unwrap_err().code(), "unit-closed");
        drop(engine);
        tx.begin().unwrap();
        let rooms = [journal::MIGRATIONS, crate::MIGRATIONS];
        assert_eq!(journal::misderived(&mut tx, &builder(), &ids, &rooms, &|_| ()).unwrap(), []);
        tx.rollback().unwrap();
    }
}

#[test]
fn what_nobody_entered_is_absent_and_nought_is_not() {
    let read = |json: &str| serde_json::from_str::<Attributes>(json).unwrap();
    assert_eq!(read("{}"), Attributes::default());
    let counted = Attributes { pupils: Some(0), private: Some(false), ..Attributes::default() };
    let json = r#"{"pupils":0,"private":false}"#;
    assert_eq!((serde_json::to_string(&counted).unwrap().as_str(), read(json)), (json, counted));
}

#[test]
fn the_sample_of_a_corrected_code_is_still_understood() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../golden/unit.recoded.v1.json")).unwrap();
    let text = Some(golden["text"].to_string());
    let stored = StoredParts { core: golden["core"].to_string(), text, personal: None };
    let core = Recoded { code: "12530323999900012C".to_owned() };
    let code_exception = Some("证照如此，已核对原件".to_owned());
    let text = Some(RecodedText { reason: "录入时错了一位".to_owned(), code_exception });
    let event = UnitEvent::Recoded(Parts { core, text, personal: None });
    assert_eq!(UnitEvent::decode("unit.recoded", 1, &stored).unwrap(), event);
    // Erased words are faced: the code is corrected, nothing is excused any more.
    let erased = UnitEvent::decode("unit.recoded", 1, &StoredParts { text: None, ..stored }).unwrap();
    let stamp = Stamp {
        event_id: EventId::NIL,
        stream: StreamId::NIL,
        version: 1,
        actor: MANAGER.id,
        at: NOW,
        unit: UnitId::NIL,
    };
    let UnitCommand::Create(new) = created("530323") else { panic!("a new unit") };
    let NewUnit { code, name, kind, attributes, placements, .. } = new;
    let text = Some(CreatedText { code_exception: "旧证书".to_owned() });
    let core = Created { code, name, kind, attributes, placements };
    let before = Unit::evolve(None, &UnitEvent::Created(Parts { core, text, personal: None }), &stamp);
    assert_eq!(before.as_ref().unwrap().code_exception.as_deref(), Some("旧证书"));
    let read = Unit::evolve(before.clone(), &event, &stamp).unwrap();
    let without = Unit::evolve(before, &erased, &stamp).unwrap();
    assert_eq!((read.code_exception.is_some(), without.code_exception.clone()), (true, None));
    assert_eq!(without, UnitState { code_exception: None, ..read });
}
