//! The list of accounts, by login.

use std::sync::Arc;

use access::Viewer;
use documents::Head;
use exports::{Exporter, Part, Wanted};
use journal::Vault;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use language::Lang;
use storage::Tx;

use crate::{
    export::cells,
    pages::{
        ACCOUNTS,
        accounts::{self, AccountsQuery},
    },
    texts,
};

/// The list of accounts.
pub struct AccountsExport {
    vault: Arc<Vault>,
}

impl AccountsExport {
    /// With what opens the names of their people.
    pub const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }
}

impl Exporter for AccountsExport {
    fn kind(&self) -> &'static str {
        "accounts"
    }

    fn title(&self, lang: Lang) -> String {
        texts::accounts_title(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        accounts::heads(lang)
    }

    fn read_as(&self) -> Option<&'static str> {
        Some("account.export")
    }

    fn about(&self, viewer: &Viewer, filter: &str) -> (StreamId, UnitId) {
        let unit = AccountsQuery::read(filter).filter().unit.unwrap_or(viewer.home.id);
        (viewer.account.into(), unit)
    }

    fn may(&self, viewer: &Viewer) -> bool {
        ACCOUNTS.iter().any(|permission| viewer.may(permission))
    }

    fn settled(&self, filter: &str) -> String {
        AccountsQuery::read(filter).kept()
    }

    fn told(&self, tx: &mut Tx, viewer: &Viewer, lang: Lang, filter: &str) -> Result<String, Problem> {
        accounts::told(tx, viewer, lang, &AccountsQuery::read(filter))
    }

    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        filter: &str,
        _: Timestamp,
        _: i64,
    ) -> Result<i64, Problem> {
        accounts::counted(tx, viewer, &AccountsQuery::read(filter).filter())
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let mut filter = AccountsQuery::read(wanted.filter).filter();
        filter.after = wanted.after.unwrap_or_default().to_owned();
        let (rows, next) = accounts::part(tx, (viewer, &self.vault), wanted.lang, &filter, wanted.most)?;
        Ok(Part { rows: rows.iter().map(|row| cells(row)).collect(), next })
    }
}
