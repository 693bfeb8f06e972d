//! The journal 日志账: the append-only table of all events, which is audit trail, timeline, outbox and sync feed in
//! one; and the writer, the only way an event comes into being.
//!
//! A command becomes events in [`Subject::decide`], events become state in [`Subject::evolve`], state becomes rows
//! in [`Subject::save`]: all inside one transaction of the writer thread, for a whole batch of waiting units of work.

mod chain;
mod done;
mod engine;
mod envelope;
mod epoch;
mod key_check;
mod ledger;
mod payload;
mod reaction;
mod read;
mod reading;
mod replay;
mod rules_kept;
mod schema;
mod subject;
mod vault;
mod verify;
mod work;

pub use serde_json::Error as JsonError;

pub use chain::{ChainHead, Identity};
pub use engine::{Commits, Engine, EngineBuilder, EngineError, Handle, Outcome, Phases, WorkLane};
pub use envelope::{Digest32, HashAlgorithm, Header, Salted};
pub use epoch::{Epoch, epochs, open_epoch};
pub use key_check::key_fits;
pub use ledger::{LEDGER_FORMAT, LedgerError, LedgerWritten, streams_about, write_ledger};
pub use payload::{
    DecodeError, Encoded, Parts, Payload, StoredParts, Upcast, decode_parts, encode_parts, lifted, upcast,
};
pub use reaction::{Asker, Consequence, Happening, Reaction};
pub use read::{
    Recorded, Whose, counted, events_after, events_at, events_of_stream, first_event, newest_positions,
    recorded_last,
};
pub use reading::{Reading, reading};
pub use replay::{Misderived, is_sealed, misderived, rebuild};
pub use rules_kept::{KeptRule, keep_rules, rules_by_stamp};
pub use schema::MIGRATIONS;
pub use subject::{
    Authority, ClockSpec, Context, Doer, Evidence, Grant, Need, Permission, Saving, Stamp, Standing, Subject,
};
pub use vault::{Vault, VaultError};
pub use verify::{VerifyProblem, VerifyReport, verify, verify_past};
pub use work::{Pending, RefusedAt, Run, StreamKey, UnitOfWork};
