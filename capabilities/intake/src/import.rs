//! From a file to commands: stored, looked at, confirmed, written row by row. After a crash it goes on where it was.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use access::Viewer;
use documents::TableRow;
use journal::{Handle, UnitOfWork, Vault, WorkLane};
use kernel::{Actor, ActorId, ActorKind, Clock, CommandId, IdSource, PersonId, Problem, Refusal};
use organisation::{Person, PersonCommand, Unit, UnitCommand};
use sha2::{Digest, Sha256};
use storage::{Lane, Readers, StorageError, Tx};
use uuid::Uuid;

use crate::{
    batch::{self, Batch, BatchBody, Options, SealedRow, Stage, Stopped},
    choose::chosen,
    field::Field,
    header::{Mapping, fingerprint},
    plan::{Action, Plan, RowPlan, Sheet, Step, plan},
};

/// Bytes of an uploaded file.
pub const UPLOAD_BYTES: usize = 20 * 1024 * 1024;
/// Rows of a school register.
pub const MOST_ROWS: usize = 20_000;
/// Rows stored in one transaction.
const STORED_AT_ONCE: usize = 200;

/// Imports files for whoever may manage units. Cheap to clone.
#[derive(Clone)]
pub struct Importer {
    handle: Handle,
    readers: Readers,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    ids: Arc<IdSource>,
    running: Arc<Mutex<HashSet<Uuid>>>,
}

impl Importer {
    /// Nothing runs yet.
    pub fn new(
        handle: Handle,
        readers: Readers,
        vault: Arc<Vault>,
        clock: Arc<dyn Clock>,
        ids: Arc<IdSource>,
    ) -> Self {
        Self { handle, readers, vault, clock, ids, running: Arc::default() }
    }

    /// The same with what the desk has; `running` is shared by all of them.
    pub(crate) fn of(desk: &web::Desk, running: &Arc<Mutex<HashSet<Uuid>>>) -> Self {
        let clock = Arc::clone(&desk.clock);
        let (vault, ids) = (Arc::clone(&desk.vault), Arc::clone(&desk.ids));
        let (handle, readers) = (desk.handle.clone(), desk.readers.clone());
        Self { handle, readers, vault, clock, ids, running: Arc::clone(running) }
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Tx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.readers.read(Lane::Interactive, read).await?
    }

    /// Writes to our own tables, behind everybody who waits at a page.
    async fn keep(
        &self,
        write: impl Fn(&mut Tx) -> Result<(), StorageError> + Send + 'static,
    ) -> Result<(), Problem> {
        let work = UnitOfWork::new(Actor::SYSTEM, CommandId::NIL).housekeeping(write);
        self.handle.execute(WorkLane::Bulk, work).await.map(|_| ())
    }

    async fn save(&self, batch: &Batch) -> Result<(), Problem> {
        let batch = batch.clone();
        self.keep(move |tx| batch::save(tx, &batch)).await
    }

    /// Takes a file: reads it, finds the heading, stores the rows. Nothing else is written.
    ///
    /// # Errors
    /// What `documents` refuses; `intake-header-missing`, `intake-no-rows`, `intake-too-many-rows`.
    pub async fn upload(&self, owner: ActorId, file_name: &str, bytes: Vec<u8>) -> Result<Uuid, Problem> {
        self.may_import(owner).await?;
        let (name, now) = (file_name.to_owned(), self.clock.now());
        let reading = name.clone();
        let chosen = tokio::task::spawn_blocking(move || chosen(&bytes, &reading))
            .await
            // A file that makes the reader of spreadsheets stumble is the file's fault.
            .map_err(|_| Refusal::new("document-broken"))??;
        let print = fingerprint(&chosen.header.labels);
        let known = self.read(move |tx| batch::remembered(tx, &print)).await?;
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
                file_name: name,
                sheet: chosen.sheet.name,
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

    async fn may_import(&self, owner: ActorId) -> Result<(), Problem> {
        self.read(move |tx| importing(tx, owner).map(|_| ())).await
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

    /// A file with its first rows.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn preview(
        &self,
        owner: ActorId,
        id: Uuid,
        most: usize,
    ) -> Result<(Batch, Vec<TableRow>), Problem> {
        let vault = Arc::clone(&self.vault);
        self.read(move |tx| Ok((batch::load(tx, owner, id)?, batch::rows(tx, &vault, id, most)?))).await
    }

    /// Says what each column is; remembered for every file with the same headings.
    ///
    /// # Errors
    /// `intake-mapping-name`, `intake-mapping-twice`, `intake-not-open`.
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
        let fields: Vec<Field> = mapping.0.iter().flatten().copied().collect();
        if !fields.contains(&Field::Name) {
            return Err(Refusal::new("intake-mapping-name").into());
        }
        let mut seen = HashSet::new();
        if let Some(again) = fields.iter().find(|field| !seen.insert(**field)) {
            return Err(Refusal::new("intake-mapping-twice").with("field", again.name()).into());
        }
        let (names, now) = (mapping.to_names(), self.clock.now());
        let print = fingerprint(&batch.body.header.labels);
        batch.body.mapping.clone_from(&names);
        batch.body.options = options;
        self.keep(move |tx| batch::save(tx, &batch).and_then(|()| batch::remember(tx, &print, &names, now)))
            .await
    }

    /// What would happen. Writes nothing.
    ///
    /// # Errors
    /// [`Problem::NotFound`], [`Problem::Forbidden`].
    pub async fn dry_run(&self, owner: ActorId, id: Uuid) -> Result<(Batch, Plan), Problem> {
        let (vault, today) = (Arc::clone(&self.vault), self.clock.now().local_date());
        let looking = move |tx: &mut Tx| {
            let viewer = importing(tx, owner)?;
            let batch = batch::load(tx, owner, id)?;
            let rows = batch::rows(tx, &vault, id, MOST_ROWS)?;
            let mapping = batch.mapping();
            let new_id = |row: u32| derived(&batch, row, "unit");
            let sheet = Sheet {
                rows: &rows,
                mapping: &mapping,
                options: &batch.body.options,
                today,
                new_id: &new_id,
            };
            let plan = plan(tx, &vault, &viewer, &sheet)?;
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
        (batch.done, batch.total) = (0, plan.count(Action::Create) + plan.count(Action::Change));
        batch.body.stopped = None;
        self.save(&batch).await
    }

    /// True while this process writes it.
    pub fn is_running(&self, id: Uuid) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    /// Takes the file for writing; false when somebody writes it already.
    pub(crate) fn claim(&self, id: Uuid) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    /// Writes a confirmed file to its end, or to the first row that is refused. Also after a crash: what was written
    /// before is found unchanged.
    ///
    /// # Errors
    /// Whatever the database answers; a refused row is no error but the batch's `stopped`.
    pub async fn carry_on(&self, owner: ActorId, id: Uuid) -> Result<Batch, Problem> {
        if self.claim(id) { self.claimed(owner, id).await } else { self.batch(owner, id).await }
    }

    /// The same for a file that was claimed.
    pub(crate) async fn claimed(&self, owner: ActorId, id: Uuid) -> Result<Batch, Problem> {
        let done = self.write_all(owner, id).await;
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        done
    }

    async fn write_all(&self, owner: ActorId, id: Uuid) -> Result<Batch, Problem> {
        let (mut batch, plan) = self.dry_run(owner, id).await?;
        if batch.stage != Stage::Applying {
            return Ok(batch);
        }
        let mut stopped = plan.problems.first().map(|problem| Stopped {
            row: problem.row,
            name: String::new(),
            code: problem.code.to_owned(),
            args: owned(&problem.args),
        });
        for row in plan.rows.iter().filter(|row| row.action != Action::Same) {
            if stopped.is_some() {
                break;
            }
            batch.done = (batch.done + 1).min(batch.total);
            match row.action {
                Action::Create => batch.body.created += 1,
                Action::Change | Action::Same => batch.body.changed += 1,
            }
            if let Err(problem) = self.write(&batch, row).await {
                batch = self.batch(owner, id).await?;
                stopped = Some(refused(row, &problem)?);
            }
        }
        batch.stage = if stopped.is_some() { Stage::Stopped } else { Stage::Done };
        batch.body.stopped = stopped;
        let (kept, finished) = (batch.clone(), batch.stage == Stage::Done);
        self.keep(move |tx| {
            batch::save(tx, &kept)?;
            if finished { batch::forget_rows(tx, id) } else { Ok(()) }
        })
        .await?;
        Ok(batch)
    }

    /// A row is one unit of work: facts, place and people together, with the progress. Only a new unit must be there
    /// before people can be entered at it: then it is two, and whoever goes on after a crash finds the first done.
    pub(crate) async fn write(&self, batch: &Batch, row: &RowPlan) -> Result<(), Problem> {
        let new = usize::from(row.action == Action::Create);
        let (first, rest) = row.steps.split_at(new.min(row.steps.len()));
        for steps in [first, rest] {
            if !steps.is_empty() {
                self.ask(batch, row, steps).await?;
            }
        }
        Ok(())
    }

    async fn ask(&self, batch: &Batch, row: &RowPlan, steps: &[Step]) -> Result<(), Problem> {
        let actor = Actor { id: batch.owner, kind: ActorKind::Import };
        let mut work = UnitOfWork::new(actor, CommandId(derived(batch, row.row, &format!("{steps:?}"))));
        for step in steps {
            work = match step.clone() {
                Step::Create(created) => work.ask::<Unit>(row.unit, UnitCommand::Create(*created)),
                Step::Rename(name) => work.ask::<Unit>(row.unit, UnitCommand::Rename(name)),
                Step::Describe(attributes) => work.ask::<Unit>(row.unit, UnitCommand::Describe(*attributes)),
                Step::Place(placement) => work.ask::<Unit>(row.unit, UnitCommand::Place(placement)),
                Step::Enter(contact, posts) => {
                    let person = PersonId(derived(batch, row.row, &format!("person {}", contact.name)));
                    work.ask::<Person>(person, PersonCommand::Enter { unit: row.unit, contact, posts })
                }
                Step::Take(person, post) => work.ask::<Person>(person, PersonCommand::TakePost(post)),
                Step::Correct(person, contact) => work.ask::<Person>(person, PersonCommand::Correct(contact)),
            };
        }
        let progress = batch.clone();
        let work = work.housekeeping(move |tx| batch::save(tx, &progress));
        self.handle.execute(WorkLane::Bulk, work).await.map(|_| ())
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

/// Who imports, if he may.
fn importing(tx: &mut Tx, owner: ActorId) -> Result<Viewer, Problem> {
    Viewer::load(tx, owner)?.filter(|viewer| viewer.may("unit.manage")).ok_or(Problem::Forbidden)
}

/// The same for the same file, row and purpose, so that whatever was interrupted can be asked again.
fn derived(batch: &Batch, row: u32, purpose: &str) -> Uuid {
    let digest = Sha256::new()
        .chain_update(batch.id.as_bytes())
        .chain_update(row.to_be_bytes())
        .chain_update(purpose.as_bytes())
        .finalize();
    let mut bytes = [0; 10];
    bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    uuid::Builder::from_unix_timestamp_millis(batch.created_at.unsigned_millis(), &bytes).into_uuid()
}

fn owned(args: &[(&'static str, String)]) -> Vec<(String, String)> {
    args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// What the file can be told about; our own faults are not among it.
fn refused(row: &RowPlan, problem: &Problem) -> Result<Stopped, Problem> {
    let (code, args) = match problem {
        Problem::Refused(refusal) => (refusal.code.to_owned(), owned(&refusal.args)),
        Problem::Invalid(fields) => match fields.first() {
            Some(field) => (field.refusal.code.to_owned(), owned(&field.refusal.args)),
            None => ("invalid".to_owned(), Vec::new()),
        },
        Problem::NotFound | Problem::Forbidden | Problem::Stale(_) | Problem::Limit(_) => {
            (problem.code().to_owned(), Vec::new())
        }
        Problem::Fault(_) => return Err(problem.clone()),
    };
    Ok(Stopped { row: row.row, name: row.name.clone(), code, args })
}
