//! What every room may know: ids, time, actors, tiers, parts, problems and limits. No I/O.

mod actor;
pub mod code;
pub mod hex;
mod id;
pub mod limits;
mod named;
mod part;
mod problem;
mod steadiness;
pub mod text;
mod time;

pub use actor::{Actor, ActorKind, Tier};
pub use id::{ActorId, CommandId, EventId, IdSource, NodeId, PersonId, StreamId, UnitId};
pub use named::{Coded, Named};
pub use part::{Part, Reach};
pub use problem::{FieldProblem, Problem, Refusal, Staleness};
pub use steadiness::Steadiness;
pub use time::{Clock, Date, FixedClock, SystemClock, Timestamp, local_zone};
