//! The log of sign-ins, newest first.

use std::sync::Arc;

use access::{Viewer, sign_ins_counted};
use documents::Head;
use exports::{Exporter, Part, Wanted};
use journal::Vault;
use kernel::{Problem, Timestamp};
use language::Lang;
use storage::Tx;

use super::{AUDIT, part_of, said};
use crate::{
    export::cells,
    pages::sign_ins::{self, SignInsQuery},
    texts,
};

/// The log of sign-ins.
pub struct SignInsExport {
    vault: Arc<Vault>,
}

impl SignInsExport {
    /// With what opens the names of accounts.
    pub const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }
}

impl Exporter for SignInsExport {
    fn kind(&self) -> &'static str {
        "sign-ins"
    }

    fn title(&self, lang: Lang) -> String {
        texts::sign_ins_title(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        sign_ins::heads(lang)
    }

    fn read_as(&self) -> Option<&'static str> {
        Some("sign_ins.export")
    }

    fn may(&self, viewer: &Viewer) -> bool {
        viewer.may(AUDIT)
    }

    fn settled(&self, filter: &str) -> String {
        SignInsQuery::read(filter).kept()
    }

    fn told(&self, _: &mut Tx, viewer: &Viewer, lang: Lang, filter: &str) -> Result<String, Problem> {
        Ok(said(viewer, sign_ins::chips(lang, &SignInsQuery::read(filter))))
    }

    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        filter: &str,
        _: Timestamp,
        most: i64,
    ) -> Result<i64, Problem> {
        let filter = SignInsQuery::read(filter).filter(tx)?;
        Ok(sign_ins_counted(tx, &sign_ins::scope(viewer), &filter, most)?)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let filter = SignInsQuery::read(wanted.filter).filter(tx)?;
        let before = wanted.after.and_then(|after| after.parse().ok()).unwrap_or(0);
        let most = wanted.most.saturating_add(1);
        let (rows, names) = sign_ins::listed(tx, (viewer, &self.vault), &filter, before, most)?;
        Ok(part_of(rows, wanted.most, |row| cells(&sign_ins::line(wanted.lang, row, &names))))
    }
}
