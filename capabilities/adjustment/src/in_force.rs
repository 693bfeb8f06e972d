//! The rules in force: those of the program with every activated adjustment on top, in the order of their activation.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{Handle, keep_rules};
use kernel::{Problem, Timestamp};
use rules::RuleBook;
use storage::{Lane, Readers, StorageError, Tx, params};
use tokio::sync::Mutex;

use crate::{overlay, state::AdjustmentState};

/// What came of laying the adjustments on top.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The rules.
    pub book: RuleBook,
    /// The overlays, to be kept with the files of the packs under the book's stamp.
    pub overlays: Vec<(String, String)>,
    /// Adjustments that do not fit the packs of this program any more: their number, and why.
    pub left_out: Vec<(String, String)>,
}

/// Those that were ever in force, in the order in which they were activated.
pub(crate) fn activated(tx: &mut Tx) -> Result<Vec<AdjustmentState>, StorageError> {
    let sql = "SELECT state FROM adjustment WHERE activated_at IS NOT NULL ORDER BY activated_at, id";
    let states = tx.query(sql, params![], |row| row.text(0))?;
    states
        .iter()
        .map(|json| serde_json::from_str(json).map_err(|e| StorageError::Other(format!("adjustment: {e}"))))
        .collect()
}

/// The rules of the program with adjustments on top; what does not fit any more is left out and named.
pub(crate) fn laid(base: &RuleBook, adjustments: &[AdjustmentState]) -> InForce {
    let mut made = InForce { book: base.clone(), overlays: Vec::new(), left_out: Vec::new() };
    for (order, state) in adjustments.iter().enumerate() {
        let to = state.activated().and_then(|(_, on)| on);
        // Ended before it began, it never holds.
        if to.is_some_and(|to| to <= state.from) {
            continue;
        }
        match overlay::laid_on(&made.book, state, to) {
            Ok(book) => {
                made.overlays.push((overlay::file(order, state), overlay::overlay(state, to, &made.book)));
                made.book = book;
            }
            Err(faults) => {
                let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
                made.left_out.push((state.number.to_string(), said.join("; ")));
            }
        }
    }
    made
}

/// The rules in force by what the database says.
///
/// # Errors
/// Whatever the database answers.
pub fn in_force(tx: &mut Tx, base: &RuleBook) -> Result<InForce, StorageError> {
    Ok(laid(base, &activated(tx)?))
}

/// Keeps rules under their stamp with everything they are made of: whatever was decided by them can be explained.
///
/// # Errors
/// Whatever the database answers.
pub fn keep(tx: &mut Tx, made: &InForce, now: Timestamp) -> Result<(), StorageError> {
    let packs = RuleBook::embedded_sources().iter().copied();
    let overlays = made.overlays.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    keep_rules(tx, &made.book.stamp(), &packs.chain(overlays).collect::<Vec<_>>(), now)
}

/// The rules that rooms decide by, with what puts other ones in their place.
#[derive(Clone)]
pub struct Ruling {
    /// Those of the program.
    pub base: RuleBook,
    /// Those in force, shared by all rooms.
    pub rules: Arc<RwLock<RuleBook>>,
    /// One renewal at a time: none that looked earlier puts its rules over those of one that looked later.
    turn: Arc<Mutex<()>>,
}

impl Ruling {
    /// With the rules of the program, and those in force.
    pub fn new(base: RuleBook, rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { base, rules, turn: Arc::default() }
    }

    /// The rules in force.
    pub fn book(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// After an adjustment was activated or ended, and once a minute in case that was cut off: from now on all rooms
    /// decide by what the database says. Decisions between that commit and this call carry the stamp of the rules they
    /// were made by.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn renew(&self, (handle, readers): (&Handle, &Readers), now: Timestamp) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        let base = self.base.clone();
        let made = readers.read(Lane::Interactive, move |tx| in_force(tx, &base)).await??;
        if made.book.hash() == self.book().hash() {
            return Ok(());
        }
        let kept = made.clone();
        handle.housekeep(move |tx| keep(tx, &kept, now)).await?;
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = made.book;
        Ok(())
    }
}
