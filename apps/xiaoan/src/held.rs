//! What hazards do not take is held for a named reader: the one thread between the two rooms.

use std::sync::Arc;

use hazard::pages::{Confidant, Withheld};
use journal::{UnitOfWork, Vault};
use kernel::{ActorId, Problem, UnitId};
use language::Lang;
use storage::Tx;
use web::view::Link;

/// Holds words for the reader a unit has named.
pub(crate) struct HeldForReader {
    vault: Arc<Vault>,
}

impl HeldForReader {
    /// With the vault that seals.
    pub(crate) const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }
}

impl Confidant for HeldForReader {
    fn reader(&self, tx: &mut Tx, lang: Lang, unit: UnitId) -> Result<Option<String>, Problem> {
        restricted::words::reader(tx, lang, unit)
    }

    fn hold(&self, words: Withheld<'_>) -> Option<UnitOfWork> {
        Some(restricted::hold(&self.vault, words.by, words.form, words.unit, words.text))
    }

    fn due(&self, tx: &mut Tx, lang: Lang, account: ActorId) -> Result<Option<Link>, Problem> {
        let waiting = restricted::waiting(tx, account)?;
        Ok(waiting.map(|count| restricted::words::due(lang, count)))
    }
}
