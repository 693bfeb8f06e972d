//! The register of departments: what is taken in, what is refused, and what stays on record.

use journal::{Payload, Stamp, Subject};
use kernel::{ActorId, EventId, StreamId};
use uuid::Uuid;

use super::support::*;
use crate::{
    Department, DepartmentCommand, DepartmentDraft, DepartmentEvent, DepartmentState,
    department::{DepartmentFacts, decide},
};

pub fn entry() -> DepartmentDraft {
    DepartmentDraft {
        kind: "AMR".to_owned(),
        name: "县市场监督管理局".to_owned(),
        office: "食品股".to_owned(),
        telephone: "0874-5750001".to_owned(),
    }
}

/// One entry on the table.
pub struct Register {
    pub state: Option<DepartmentState>,
    pub events: Vec<DepartmentEvent>,
    pub facts: DepartmentFacts,
}

impl Register {
    pub fn new() -> Self {
        let facts = DepartmentFacts { rules: RULES.clone(), taken: false };
        Self { state: None, events: Vec::new(), facts }
    }

    pub fn added() -> Self {
        let mut register = Self::new();
        register.done(&DepartmentCommand::Add { county: county(), draft: entry() });
        register
    }

    fn code(&self, command: &DepartmentCommand) -> &'static str {
        decide(self.state.as_ref(), command, &self.facts).expect_err("a refusal was expected").code
    }

    pub fn done(&mut self, command: &DepartmentCommand) -> Vec<&'static str> {
        let events = decide(self.state.as_ref(), command, &self.facts).unwrap();
        let names = events.iter().map(|event| event.event_type().0).collect();
        for event in events {
            let stamp = Stamp {
                event_id: EventId::NIL,
                stream: StreamId(Uuid::from_u128(1)),
                version: self.events.len() as u64 + 1,
                actor: ActorId::NIL,
                at: START,
                unit: county(),
            };
            self.state = Department::evolve(self.state.take(), &event, &stamp);
            self.events.push(event);
        }
        names
    }
}

#[test]
fn an_entry_is_added_changed_closed_and_reopened() {
    let mut register = Register::added();
    assert_eq!(register.state.as_ref().unwrap().name(), "县市场监督管理局");
    assert!(register.done(&DepartmentCommand::Change(entry())).is_empty(), "nothing changed");
    let office = "办公室".to_owned();
    let changed = register.done(&DepartmentCommand::Change(DepartmentDraft { office, ..entry() }));
    assert_eq!(changed, ["department.changed"]);
    assert_eq!(register.code(&DepartmentCommand::Reopen(note("恢复设置"))), "department-open");
    register.done(&DepartmentCommand::Close(note("职责并入另一部门")));
    assert!(register.state.as_ref().unwrap().closed_at.is_some());
    assert_eq!(register.code(&DepartmentCommand::Close(note("职责并入另一部门"))), "department-closed");
    register.done(&DepartmentCommand::Reopen(note("方案调整，恢复设置")));
    assert_eq!(register.state.as_ref().unwrap().closed_at, None);
}

#[test]
fn an_entry_that_is_none_is_refused() {
    let add = |draft| DepartmentCommand::Add { county: county(), draft };
    let code = |draft| Register::new().code(&add(draft));
    assert_eq!(code(DepartmentDraft { kind: "ZZZ".to_owned(), ..entry() }), "field-choose");
    for ours in ["EDU", "SCH", "CEN", "ALL"] {
        assert_eq!(code(DepartmentDraft { kind: ours.to_owned(), ..entry() }), "field-choose", "{ours}");
    }
    assert_eq!(code(DepartmentDraft { name: " ".to_owned(), ..entry() }), "text-missing");
    assert_eq!(code(DepartmentDraft { telephone: "13900000001".to_owned(), ..entry() }), "text-mobile");
    assert_eq!(code(DepartmentDraft { telephone: "找老王".to_owned(), ..entry() }), "department-telephone");
    let mut taken = Register::new();
    taken.facts.taken = true;
    assert_eq!(taken.code(&add(entry())), "department-known");
    assert_eq!(Register::new().code(&DepartmentCommand::Change(entry())), "department-unknown");
    assert_eq!(Register::added().code(&add(entry())), "department-known");
}

#[test]
fn a_name_given_away_meanwhile_is_not_reopened() {
    let mut register = Register::added();
    register.done(&DepartmentCommand::Close(note("职责并入另一部门")));
    register.facts.taken = true;
    assert_eq!(register.code(&DepartmentCommand::Reopen(note("恢复设置"))), "department-known");
}

#[test]
fn wide_digits_are_digits() {
    let mut register = Register::new();
    let telephone = "０８７４－５７５０００１ 转 ８".to_owned();
    register
        .done(&DepartmentCommand::Add { county: county(), draft: DepartmentDraft { telephone, ..entry() } });
    let text = register.state.unwrap().text.unwrap();
    assert_eq!(text.telephone, "0874-5750001 转 8");
}
