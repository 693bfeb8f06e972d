//! From a file to a plan: stored, looked at, settled, confirmed. `write` makes commands of it.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use access::Viewer;
use attachments::Store;
use documents::TableRow;
use journal::{Handle, UnitOfWork, Vault, WorkLane};
use kernel::{Actor, ActorId, Clock, CommandId, IdSource, Problem, Refusal, limits};
use organisation::numbers_of_people;
use rules::RuleBook;
use storage::{Lane, Readers, StorageError, Tx};
use uuid::Uuid;

use crate::{
    batch::{self, Batch, BatchBody, Masked, Options, SealedRow, Stage, Withheld},
    choose::{Brought, chosen},
    content::Content,
    field::Field,
    header::{Mapping, fingerprint},
    ledger::{Asked, asked, withheld},
    photos::Album,
    plan::{Plan, Sheet, digest_of, plan},
    write::{derived, parts},
};

/// Rows that are not kept and named one by one; what is more is in the count.
const WITHHELD_NAMED: usize = 1_000;
/// Cells with a number blotted out that are named one by one.
const MASKED_NAMED: usize = 1_000;
/// Rows stored in one transaction.
const STORED_AT_ONCE: usize = 200;

/// What importing needs besides the platform: the rules in force, and where photos are kept.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// Where photos are kept.
    pub store: Arc<Store>,
}

/// Imports files for whoever may write by hand what they hold. Cheap to clone.
#[derive(Clone)]
pub struct Importer {
    pub(crate) handle: Handle,
    readers: Readers,
    vault: Arc<Vault>,
    pub(crate) clock: Arc<dyn Clock>,
    ids: Arc<IdSource>,
    rules: Arc<RwLock<RuleBook>>,
    pub(crate) store: Arc<Store>,
    pub(crate) running: Arc<Mutex<HashSet<Uuid>>>,
    /// Commands written in one commit.
    pub(crate) commands_at_once: usize,
}

/// A file as the page of its columns shows it.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The file.
    pub batch: Batch,
    /// Its first rows.
    pub rows: Vec<TableRow>,
    /// Words of a ledger that somebody must explain.
    pub(crate) asked: Vec<Asked>,
    /// Photos that wait beside it.
    pub photos: usize,
}

impl Importer {
    /// Nothing runs yet.
    pub fn new(
        handle: Handle,
        readers: Readers,
        vault: Arc<Vault>,
        clock: Arc<dyn Clock>,
        ids: Arc<IdSource>,
        tools: Tools,
    ) -> Self {
        let Tools { rules, store } = tools;
        let commands_at_once = limits::INTAKE_COMMANDS_AT_ONCE;
        Self { handle, readers, vault, clock, ids, rules, store, running: Arc::default(), commands_at_once }
    }

    /// The same with what the desk has; `running` is shared by all of them.
    pub(crate) fn of(desk: &web::Desk, tools: &Tools, running: &Arc<Mutex<HashSet<Uuid>>>) -> Self {
        let clock = Arc::clone(&desk.clock);
        let (vault, ids) = (Arc::clone(&desk.vault), Arc::clone(&desk.ids));
        let (handle, readers) = (desk.handle.clone(), desk.readers.clone());
        let importer = Self::new(handle, readers, vault, clock, ids, tools.clone());
        Self { running: Arc::clone(running), ..importer }
    }

    pub(crate) fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Tx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.readers.read(Lane::Interactive, read).await?
    }

    /// Writes to our own tables, behind everybody who waits at a page.
    pub(crate) async fn keep(
        &self,
        write: impl Fn(&mut Tx) -> Result<(), StorageError> + Send + 'static,
    ) -> Result<(), Problem> {
        let work = UnitOfWork::new(Actor::SYSTEM, CommandId::NIL).housekeeping(write);
        self.handle.execute(WorkLane::Bulk, work).await.map(|_| ())
    }

    pub(crate) async fn save(&self, batch: &Batch) -> Result<(), Problem> {
        let batch = batch.clone();
        self.keep(move |tx| batch::save(tx, &batch)).await
    }

    /// Takes a file: reads it, finds the heading, stores the rows. Nothing else is written.
    ///
    /// # Errors
    /// What `documents` refuses; `intake-header-missing`, `intake-no-rows`, `intake-too-many-rows`.
    pub async fn upload(
        &self,
        owner: ActorId,
        content: Content,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<Uuid, Problem> {
        self.upload_sheet(owner, content, (file_name, ""), bytes).await
    }

    /// The same with the name of the sheet that is meant; empty for the one whose heading is understood best.
    ///
    /// # Errors
    /// As [`Self::upload`]; `intake-sheet-unknown`.
    pub async fn upload_sheet(
        &self,
        owner: ActorId,
        content: Content,
        (file_name, sheet): (&str, &str),
        bytes: Vec<u8>,
    ) -> Result<Uuid, Problem> {
        self.read(move |tx| bringing(&importing(tx, owner)?, content)).await?;
        let (name, now) = (file_name.to_owned(), self.clock.now());
        let brought = Brought { name: name.clone(), bytes, sheet: sheet.trim().to_owned() };
        let mut chosen = tokio::task::spawn_blocking(move || chosen(content, &brought))
            .await
            // A file that makes the reader of spreadsheets stumble is the file's fault.
            .map_err(|_| Refusal::new("document-broken"))??;
        let withheld = self.withhold(content, &mut chosen.sheet.rows);
        let masked = Self::mask(content, &mut chosen.sheet.rows);
        let print = fingerprint(content, &chosen.header.labels);
        let (known, words) =
            self.read(move |tx| Ok((batch::remembered(tx, &print)?, batch::remembered_words(tx)?))).await?;
        let known = known.filter(|mapping| mapping.len() == chosen.header.labels.len());
        let id: Uuid = self.ids.uuid(now);
        let mut batch = Batch {
            id,
            owner,
            created_at: now,
            stage: Stage::Loading,
            done: 0,
            total: 0,
            body: BatchBody {
                content,
                options: Options { words, ..Options::default() },
                withheld,
                masked,
                file_name: name,
                sheet: chosen.sheet.name,
                unread: chosen.unread,
                remembered: known.is_some(),
                mapping: known.unwrap_or_else(|| chosen.mapping.to_names()),
                header: chosen.header,
                rows: chosen.sheet.rows.len(),
                ..BatchBody::default()
            },
        };
        let loading = batch.clone();
        self.keep(move |tx| batch::sweep(tx, now).and_then(|()| batch::save(tx, &loading))).await?;
        for some in chosen.sheet.rows.chunks(STORED_AT_ONCE) {
            let sealed = |row: &TableRow| batch::sealed(&self.vault, &self.ids, id, row);
            let rows = some.iter().map(sealed).collect::<Result<Vec<SealedRow>, Problem>>()?;
            self.keep(move |tx| batch::put_rows(tx, id, &rows)).await?;
        }
        batch.stage = Stage::Open;
        self.save(&batch).await?;
        Ok(id)
    }

    /// Takes out of a ledger what may not be kept, not even while it waits, and says where it stood.
    fn withhold(&self, content: Content, rows: &mut Vec<TableRow>) -> Vec<Withheld> {
        let mut found = Vec::new();
        if content == Content::Hazards {
            let rules = self.rules();
            rows.retain(|row| match withheld(&rules, row) {
                None => true,
                Some(cell) => {
                    found.push(cell);
                    false
                }
            });
            found.truncate(WITHHELD_NAMED);
        }
        found
    }

    /// Blots out citizen numbers and mobiles in a ledger: everybody who may see a hazard reads its words, and rows of
    /// years are not held up for what can be left out.
    fn mask(content: Content, rows: &mut [TableRow]) -> Vec<Masked> {
        let mut found = Vec::new();
        if content == Content::Hazards {
            for row in rows {
                for (column, cell) in row.cells.iter_mut().enumerate() {
                    if let Some(masked) = numbers_of_people::masked(cell) {
                        *cell = masked;
                        found.push(Masked { row: row.number, column });
                    }
                }
            }
            found.truncate(MASKED_NAMED);
        }
        found
    }

    /// A file of this person.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn batch(&self, owner: ActorId, id: Uuid) -> Result<Batch, Problem> {
        self.read(move |tx| batch::load(tx, owner, id)).await
    }

    /// The newest files of this person.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn newest(&self, owner: ActorId) -> Result<Vec<Batch>, Problem> {
        self.read(move |tx| batch::newest(tx, owner)).await
    }

    /// A file with its first rows, and the words somebody must explain.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn preview(&self, owner: ActorId, id: Uuid, most: usize) -> Result<Looked, Problem> {
        let (vault, rules) = (Arc::clone(&self.vault), self.rules());
        self.read(move |tx| {
            let batch = batch::load(tx, owner, id)?;
            let ledger = batch.body.content == Content::Hazards;
            let wanted = if ledger { limits::INTAKE_ROWS } else { most };
            let mut rows = batch::rows(tx, &vault, id, wanted)?;
            let (mapping, options) = (batch.mapping(), &batch.body.options);
            let asked = if ledger { asked(&rules, &mapping, options, &rows) } else { Vec::new() };
            rows.truncate(most);
            let photos = Album::load(tx, id)?.len();
            Ok(Looked { batch, rows, asked, photos })
        })
        .await
    }

    /// Says what each column is; remembered for every file with the same headings.
    ///
    /// # Errors
    /// `intake-mapping-name`, `intake-mapping-missing`, `intake-mapping-twice`, `intake-not-open`.
    pub async fn settle(
        &self,
        owner: ActorId,
        id: Uuid,
        mapping: Mapping,
        options: Options,
    ) -> Result<(), Problem> {
        let mut batch = self.batch(owner, id).await?;
        if !batch.is_open() {
            return Err(Refusal::new("intake-not-open").into());
        }
        let content = batch.body.content;
        usable(content, &mapping)?;
        let (names, now) = (mapping.to_names(), self.clock.now());
        let print = fingerprint(content, &batch.body.header.labels);
        batch.body.mapping.clone_from(&names);
        batch.body.options = options;
        self.keep(move |tx| {
            batch::save(tx, &batch)?;
            batch::remember_words(tx, &batch.body.options.words, now)?;
            batch::remember(tx, &print, &names, now)
        })
        .await
    }

    /// Takes the columns as they were understood; options are kept with this file alone, and nothing is remembered
    /// for others.
    ///
    /// # Errors
    /// As [`Self::settle`].
    pub async fn understood(
        &self,
        owner: ActorId,
        id: Uuid,
        choose: impl FnOnce(&mut Options),
    ) -> Result<(), Problem> {
        let mut batch = self.batch(owner, id).await?;
        if !batch.is_open() {
            return Err(Refusal::new("intake-not-open").into());
        }
        usable(batch.body.content, &batch.mapping())?;
        choose(&mut batch.body.options);
        self.save(&batch).await
    }

    /// What would happen. Writes nothing.
    ///
    /// # Errors
    /// [`Problem::NotFound`], [`Problem::Forbidden`].
    pub async fn dry_run(&self, owner: ActorId, id: Uuid) -> Result<(Batch, Plan), Problem> {
        let (vault, now, rules) = (Arc::clone(&self.vault), self.clock.now(), self.rules());
        let at_once = self.commands_at_once;
        let looking = move |tx: &mut Tx| {
            let viewer = importing(tx, owner)?;
            let batch = batch::load(tx, owner, id)?;
            bringing(&viewer, batch.body.content)?;
            let rows = batch::rows(tx, &vault, id, limits::INTAKE_ROWS)?;
            let album = Album::load(tx, id)?;
            let mapping = batch.mapping();
            let new_id = |row: u32| derived(&batch, row, "unit");
            let sheet = Sheet {
                content: batch.body.content,
                header: &batch.body.header,
                rules: &rules,
                withheld: &batch.body.withheld,
                masked: &batch.body.masked,
                album: &album,
                rows: &rows,
                mapping: &mapping,
                options: &batch.body.options,
                now,
                today: now.local_date(),
                new_id: &new_id,
            };
            let mut plan = plan(tx, &vault, &viewer, &sheet)?;
            plan.parts = parts(&plan.to_write(), at_once);
            Ok((batch, plan))
        };
        self.readers.read(Lane::Long, looking).await?
    }

    /// Confirms what was seen. From here on [`Self::carry_on`] writes.
    ///
    /// # Errors
    /// `intake-has-problems`, `intake-changed` when it is no longer what was shown, `intake-not-open`.
    pub async fn begin(&self, owner: ActorId, id: Uuid, seen: &str) -> Result<(), Problem> {
        let (mut batch, plan) = self.dry_run(owner, id).await?;
        if !batch.is_open() {
            return Err(Refusal::new("intake-not-open").into());
        }
        if !plan.problems.is_empty() {
            return Err(Refusal::new("intake-has-problems").with("count", plan.problems.len()).into());
        }
        if plan.digest() != seen {
            return Err(Refusal::new("intake-changed").into());
        }
        batch.stage = Stage::Applying;
        let rows = plan.to_write();
        (batch.done, batch.total) = (0, rows.len());
        (batch.body.rest, batch.body.parts) = (digest_of(&rows), plan.parts);
        batch.body.stopped = None;
        self.save(&batch).await
    }

    /// Forgets a file that is not being written.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; `intake-not-open` while it is being written.
    pub async fn drop_batch(&self, owner: ActorId, id: Uuid) -> Result<(), Problem> {
        let batch = self.batch(owner, id).await?;
        if batch.stage == Stage::Applying {
            return Err(Refusal::new("intake-not-open").into());
        }
        self.keep(move |tx| batch::forget(tx, id)).await
    }
}

/// Every column that is needed, and none twice.
fn usable(content: Content, mapping: &Mapping) -> Result<(), Problem> {
    let fields: Vec<Field> = mapping.0.iter().flatten().copied().collect();
    if let Some(missing) = content.required().iter().find(|field| !fields.contains(field)) {
        let code = if *missing == Field::Name { "intake-mapping-name" } else { "intake-mapping-missing" };
        return Err(Refusal::new(code).with("field", missing.name()).into());
    }
    let mut seen = HashSet::new();
    if let Some(again) = fields.iter().find(|field| !seen.insert(**field)) {
        return Err(Refusal::new("intake-mapping-twice").with("field", again.name()).into());
    }
    Ok(())
}

/// Who imports, if he may import at all.
fn importing(tx: &mut Tx, owner: ActorId) -> Result<Viewer, Problem> {
    Viewer::load(tx, owner)?.filter(|viewer| viewer.may("intake.run")).ok_or(Problem::Forbidden)
}

/// And if he may write by hand what the file holds.
fn bringing(viewer: &Viewer, content: Content) -> Result<(), Problem> {
    if viewer.may(content.permission()) { Ok(()) } else { Err(Problem::Forbidden) }
}
