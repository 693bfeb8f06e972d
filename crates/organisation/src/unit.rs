//! Units 单位: any organisation in the tree.

mod assignment;
mod campus;
mod check;
mod command;
mod decide;
mod event;
mod facts;
mod kind;
mod list;
mod query;
mod remains;
mod rows;
mod seat;
mod state;

pub use assignment::{Assignment, MOST_ASSIGNMENTS};
pub use campus::{Campus, CampusesDescribed, MOST_CAMPUSES};
pub use command::{CodeCorrection, KindCorrection, NewUnit, UnitCommand};
pub use event::{
    Assigned, Attributes, CanteenMode, Created, CreatedText, Placement, Recoded, RecodedText, Unassigned,
    UnitEvent,
};
pub use facts::{LeftBehind, UnitFacts, left_behind};
pub use kind::UnitKind;
pub use list::{UnitFilter, UnitRow, units_counted, units_listed};
pub use query::{
    UnitBrief, free_local_serial, unit_brief, unit_by_code, unit_names, unit_state, units_named,
};
pub use remains::{Ending, Remains};
pub use seat::{Seat, seat};
pub use state::{Unit, UnitState};
