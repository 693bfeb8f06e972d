//! Units 单位, their history by date, posts and people; and `unit_scope`: who is above whom on which line.

mod code_classes;
pub mod identifiers;
pub mod numbers_of_people;
mod person;
mod schema;
mod scope;
mod unit;

pub use code_classes::CodeClasses;
pub use person::{
    Contact, Employer, Going, GuardFacts, GuardPapers, GuardRecord, GuardText, Keeper, Person, PersonBrief,
    PersonCommand, PersonEvent, PersonFacts, PersonState, Post, Shift, first_post, guard_record,
    people_of_unit, person_contact, person_names, same_person,
};
pub use schema::MIGRATIONS;
pub use scope::{Ancestor, Line, ancestors, covers, scope_size, units_below};
pub use unit::{
    Assigned, Assignment, Attributes, Campus, CampusesDescribed, CanteenMode, CodeCorrection, Created,
    CreatedText, Ending, KindCorrection, LeftBehind, MOST_ASSIGNMENTS, MOST_CAMPUSES, NewUnit, Placement,
    Recoded, RecodedText, Remains, Seat, Unassigned, Unit, UnitBrief, UnitCommand, UnitEvent, UnitFacts,
    UnitFilter, UnitKind, UnitRow, UnitState, free_local_serial, left_behind, seat, unit_brief, unit_by_code,
    unit_names, unit_state, units_counted, units_listed, units_named,
};

#[cfg(test)]
mod tests;
