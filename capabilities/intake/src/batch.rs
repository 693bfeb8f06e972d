//! A file being imported, and the tables that keep it.

use std::collections::BTreeMap;

use documents::TableRow;
use journal::Vault;
use kernel::{ActorId, IdSource, Problem, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Row, StorageError, Tx, params};
use uuid::Uuid;

use crate::{
    content::Content,
    header::{Header, Mapping},
};

/// Days after which a file that nobody imported is forgotten.
const KEPT_MS: i64 = 30 * Timestamp::DAY_MS;
/// Files listed.
const LISTED: usize = 20;

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its rows are being stored.
    Loading,
    /// It can be looked at; nothing is written yet.
    Open,
    /// It is being written.
    Applying,
    /// All of it is written.
    Done,
    /// Something was refused: nothing of its part is written, and all of the parts before it.
    Stopped,
}

impl Stage {
    const ALL: [Self; 5] = [Self::Loading, Self::Open, Self::Applying, Self::Done, Self::Stopped];

    /// The name kept in tables; its text is the message `intake-stage-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Open => "open",
            Self::Applying => "applying",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }
}

/// What the importing person decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Schools without a code get a local one.
    pub local_codes: bool,
    /// Codes that fail their check are kept as they are, for this reason.
    pub keep_reason: String,
    /// The county uses the level 较大; otherwise such rows become 一般.
    pub larger: bool,
    /// Rows are taken without the photos that were not found.
    pub without_photos: bool,
    /// What words of the ledger mean: `category 电路`, as [`crate::word_key`] writes it, and the code.
    pub words: BTreeMap<String, String>,
}

/// A row that was not even kept: it looks like a case for the restricted file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Its number as the spreadsheet shows it.
    pub row: u32,
    /// The column, from 0.
    pub column: usize,
    /// The restricted category.
    pub category: String,
    /// The cell names the category itself.
    pub named: bool,
}

/// A cell in which the number of a person was blotted out before it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// The row's number as the spreadsheet shows it.
    pub row: u32,
    /// The column, from 0.
    pub column: usize,
}

/// An uploaded file that is no photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoPhoto {
    /// Its path in the zip, or its name.
    pub file: String,
    /// Why.
    pub code: String,
    /// What the sentence of the reason names: what was found, and what may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
}

impl Options {
    /// The reason, if one was given.
    pub fn reason(&self) -> Option<String> {
        let reason = self.keep_reason.trim();
        (!reason.is_empty()).then(|| reason.to_owned())
    }
}

/// The row at which an import stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Its number as the spreadsheet shows it; 0 when it is about the whole file.
    pub row: u32,
    /// The column, from 0, when one cell is at fault.
    #[serde(default)]
    pub column: Option<usize>,
    /// The unit's name.
    pub name: String,
    /// The code of the refusal.
    pub code: String,
    /// Arguments of its sentence.
    pub args: Vec<(String, String)>,
}

/// What is kept about a file besides its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchBody {
    /// What it holds.
    pub content: Content,
    /// As it was called.
    pub file_name: String,
    /// The sheet that is imported.
    pub sheet: String,
    /// Other sheets of the file with something in them: they are not read.
    pub unread: Vec<String>,
    /// Where its heading is.
    pub header: Header,
    /// What each column is, by name.
    pub mapping: Vec<String>,
    /// The mapping is the one somebody settled for the same headings before.
    pub remembered: bool,
    /// See [`Options`].
    pub options: Options,
    /// Rows under the heading.
    pub rows: usize,
    /// Rows entered, by every confirmation of this file together.
    pub created: usize,
    /// Rows whose unit or person was changed, likewise.
    pub changed: usize,
    /// Where it stopped.
    pub stopped: Option<Stopped>,
    /// In how many parts it is written.
    pub parts: usize,
    /// Digest of the confirmed rows that are still to be written.
    pub rest: String,
    /// Rows that were not kept.
    pub withheld: Vec<Withheld>,
    /// Cells that were not kept as they were.
    pub masked: Vec<Masked>,
    /// Files among the photos that are none.
    pub no_photos: Vec<NoPhoto>,
}

/// A file being imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: Uuid,
    /// Who imports it; nobody else sees it.
    pub owner: ActorId,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// How far it has come.
    pub stage: Stage,
    /// Rows written.
    pub done: usize,
    /// Rows to be written.
    pub total: usize,
    /// The rest.
    pub body: BatchBody,
}

impl Batch {
    /// What each column is.
    pub fn mapping(&self) -> Mapping {
        Mapping::from_names(self.body.content, &self.body.mapping)
    }

    /// True when it can still be changed and written.
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Stopped)
    }
}

const COLUMNS: &str = "id, owner_id, created_at, stage, done, total, body";

fn batch(row: &Row<'_>) -> Result<Batch, StorageError> {
    let (stage, body) = (row.text(3)?, row.text(6)?);
    let number = |column| row.int(column).map(|n| usize::try_from(n).unwrap_or(0));
    Ok(Batch {
        id: row.id(0)?,
        owner: row.id(1)?,
        created_at: row.time(2)?,
        stage: Stage::ALL
            .into_iter()
            .find(|known| known.name() == stage)
            .ok_or_else(|| StorageError::Other(format!("import stage {stage} is unknown")))?,
        done: number(4)?,
        total: number(5)?,
        body: serde_json::from_str(&body).map_err(|e| StorageError::Other(format!("import: {e}")))?,
    })
}

/// One file of this person.
pub(crate) fn load(tx: &mut Tx, owner: ActorId, id: Uuid) -> Result<Batch, Problem> {
    let sql = format!("SELECT {COLUMNS} FROM intake_batch WHERE id = ?1 AND owner_id = ?2");
    tx.first(&sql, params![id, owner], batch)?.ok_or(Problem::NotFound)
}

/// The newest files of this person.
pub(crate) fn newest(tx: &mut Tx, owner: ActorId) -> Result<Vec<Batch>, Problem> {
    let sql = format!(
        "SELECT {COLUMNS} FROM intake_batch WHERE owner_id = ?1 AND stage <> 'loading'
         ORDER BY created_at DESC, id DESC LIMIT ?2"
    );
    Ok(tx.query(&sql, params![owner, LISTED], batch)?)
}

pub(crate) fn save(tx: &mut Tx, batch: &Batch) -> Result<(), StorageError> {
    let body = serde_json::to_string(&batch.body).map_err(|e| StorageError::Other(e.to_string()))?;
    tx.write(
        "INSERT INTO intake_batch (id, owner_id, created_at, stage, done, total, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, done = excluded.done, total = excluded.total,
            body = excluded.body",
        params![batch.id, batch.owner, batch.created_at, batch.stage.name(), batch.done, batch.total, &body],
    )
}

/// A file and its rows are gone.
pub(crate) fn forget(tx: &mut Tx, id: Uuid) -> Result<(), StorageError> {
    forget_rows(tx, id)?;
    tx.write("DELETE FROM intake_batch WHERE id = ?1", params![id])
}

/// What was written is in the journal; the rows are not needed any more.
pub(crate) fn forget_rows(tx: &mut Tx, id: Uuid) -> Result<(), StorageError> {
    tx.write("DELETE FROM intake_photo WHERE batch_id = ?1", params![id])?;
    tx.write("DELETE FROM intake_row WHERE batch_id = ?1", params![id])
}

/// Files nobody came back to.
pub(crate) fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
    let old = now.plus_ms(-KEPT_MS);
    for table in ["intake_row", "intake_photo"] {
        let sql = format!(
            "DELETE FROM {table} WHERE batch_id IN (SELECT id FROM intake_batch WHERE created_at < ?1)"
        );
        tx.write(&sql, params![old])?;
    }
    tx.write("DELETE FROM intake_batch WHERE created_at < ?1", params![old])
}

/// A row as it is kept: sealed, because it may hold names and telephones.
pub(crate) type SealedRow = (u32, Vec<u8>);

fn context(id: Uuid, number: u32) -> Vec<u8> {
    [id.as_bytes().as_slice(), &number.to_be_bytes()].concat()
}

pub(crate) fn sealed(vault: &Vault, ids: &IdSource, id: Uuid, row: &TableRow) -> Result<SealedRow, Problem> {
    let json = serde_json::to_vec(&row.cells).map_err(|e| Problem::Fault(e.to_string()))?;
    let sealed =
        vault.seal(&json, &context(id, row.number), ids).map_err(|e| Problem::Fault(e.to_string()))?;
    Ok((row.number, sealed))
}

pub(crate) fn put_rows(tx: &mut Tx, id: Uuid, rows: &[SealedRow]) -> Result<(), StorageError> {
    for (number, sealed) in rows {
        tx.write(
            "INSERT INTO intake_row (batch_id, number, sealed) VALUES (?1, ?2, ?3)
             ON CONFLICT (batch_id, number) DO NOTHING",
            params![id, *number, sealed],
        )?;
    }
    Ok(())
}

/// Rows from the top, at most so many.
pub(crate) fn rows(tx: &mut Tx, vault: &Vault, id: Uuid, most: usize) -> Result<Vec<TableRow>, Problem> {
    let sealed = tx.query(
        "SELECT number, sealed FROM intake_row WHERE batch_id = ?1 ORDER BY number LIMIT ?2",
        params![id, most],
        |row| Ok((u32::try_from(row.int(0)?).unwrap_or(0), row.blob(1)?)),
    )?;
    let open = |(number, sealed): (u32, Vec<u8>)| {
        let json = vault.open(&sealed, &context(id, number)).map_err(|e| Problem::Fault(e.to_string()))?;
        let cells = serde_json::from_slice(&json).map_err(|e| Problem::Fault(e.to_string()))?;
        Ok(TableRow { number, cells })
    };
    sealed.into_iter().map(open).collect()
}

/// The mapping somebody settled for these headings.
pub(crate) fn remembered(tx: &mut Tx, fingerprint: &str) -> Result<Option<Vec<String>>, Problem> {
    let json =
        tx.first("SELECT mapping FROM intake_mapping WHERE fingerprint = ?1", params![fingerprint], |row| {
            row.text(0)
        })?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

pub(crate) fn remember(
    tx: &mut Tx,
    fingerprint: &str,
    mapping: &[String],
    now: Timestamp,
) -> Result<(), StorageError> {
    let json = serde_json::to_string(mapping).map_err(|e| StorageError::Other(e.to_string()))?;
    tx.write(
        "INSERT INTO intake_mapping (fingerprint, mapping, used_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (fingerprint) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at",
        params![fingerprint, &json, now],
    )
}

/// What somebody said words of ledgers mean.
pub(crate) fn remembered_words(tx: &mut Tx) -> Result<BTreeMap<String, String>, Problem> {
    let rows = tx.query("SELECT word, code FROM intake_word", &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
    Ok(rows.into_iter().collect())
}

pub(crate) fn remember_words(
    tx: &mut Tx,
    words: &BTreeMap<String, String>,
    now: Timestamp,
) -> Result<(), StorageError> {
    for (word, code) in words {
        tx.write(
            "INSERT INTO intake_word (word, code, used_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (word) DO UPDATE SET code = excluded.code, used_at = excluded.used_at",
            params![word, code, now],
        )?;
    }
    Ok(())
}
