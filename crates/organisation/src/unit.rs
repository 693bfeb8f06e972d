//! Units 单位: any organisation in the tree.

mod decide;
mod event;
mod kind;
mod list;
mod query;
mod remains;
mod state;

pub use decide::{CodeCorrection, UnitCommand, UnitFacts, left_behind};
pub use event::{Attributes, CanteenMode, Created, Placement, Recoded, RecodedText, UnitEvent};
pub use kind::UnitKind;
pub use list::{UnitFilter, UnitRow, units_counted, units_listed};
pub use query::{UnitBrief, unit_brief, unit_by_code, unit_names, unit_state, units_named};
pub use remains::Remains;
pub use state::{Unit, UnitState};
