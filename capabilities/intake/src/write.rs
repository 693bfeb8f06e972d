//! From a plan to the writer: all of a file in one unit of work, or a large one in parts that are each all or nothing.

use std::sync::PoisonError;

use hazard::{Hazard, HazardCommand};
use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, ActorKind, CommandId, PersonId, Problem};
use organisation::{Person, PersonCommand, Post, Unit, UnitCommand};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    batch::{self, Batch, Stage, Stopped},
    import::Importer,
    plan::{Action, Plan, RowPlan, Step, digest_of},
    refused::{self, whole_file},
};

impl Importer {
    /// True while this process writes it.
    pub fn is_running(&self, id: Uuid) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    /// Takes the file for writing; false when somebody writes it already.
    pub(crate) fn claim(&self, id: Uuid) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    /// Writes a confirmed file: all at once, or part by part until one is refused. Also after a crash: what was
    /// written before is found unchanged.
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
        let mut stopped = meanwhile(&batch, &plan);
        let all = plan.to_write();
        let mut rest = all.as_slice();
        while stopped.is_none() && !rest.is_empty() {
            let (part, after) = rest.split_at(first_part(rest, self.commands_at_once));
            stopped = self.write_part(&mut batch, part, digest_of(after)).await?;
            rest = after;
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

    /// Some rows in one unit of work, the progress with them: either all of it is written or nothing. `rest` is the
    /// digest of the rows after them.
    pub(crate) async fn write_part(
        &self,
        batch: &mut Batch,
        part: &[&RowPlan],
        rest: String,
    ) -> Result<Option<Stopped>, Problem> {
        let mut next = batch.clone();
        part.iter().for_each(|row| counted(&mut next, row));
        next.body.rest = rest;
        let progress = next.clone();
        let work = asked(batch, part).housekeeping(move |tx| batch::save(tx, &progress));
        match self.handle.execute_naming(WorkLane::Bulk, work).await {
            Ok(_) => {
                *batch = next;
                Ok(None)
            }
            Err(refused) => refused::stopped(batch, part, &refused).map(Some),
        }
    }
}

/// What was confirmed cannot be written any more: a cell became wrong, or something else would be written.
fn meanwhile(batch: &Batch, plan: &Plan) -> Option<Stopped> {
    match plan.problems.first() {
        Some(problem) => Some(refused::at_cell(problem)),
        None if digest_of(&plan.to_write()) != batch.body.rest => Some(whole_file("intake-changed")),
        None => None,
    }
}

/// Commands that a step asks.
pub(crate) const fn commands(step: &Step) -> usize {
    match step {
        Step::EnterGuard(..) => 2,
        Step::Create(_)
        | Step::Rename(_)
        | Step::Describe(_)
        | Step::Place(_)
        | Step::Enter(..)
        | Step::Take(..)
        | Step::Correct(..)
        | Step::Guard(..)
        | Step::CarryOver(..) => 1,
    }
}

/// Rows from the top that need at most so many commands; one at least. A row is never divided.
fn first_part(rows: &[&RowPlan], most: usize) -> usize {
    let mut needed = 0;
    let fits = |row: &&&RowPlan| {
        needed += row.steps.iter().map(commands).sum::<usize>();
        needed <= most
    };
    rows.iter().take_while(fits).count().max(1).min(rows.len())
}

/// In how many parts these rows are written.
pub(crate) fn parts(rows: &[&RowPlan], most: usize) -> usize {
    let (mut rest, mut count) = (rows, 0);
    while !rest.is_empty() {
        rest = rest.split_at(first_part(rest, most)).1;
        count += 1;
    }
    count
}

fn counted(batch: &mut Batch, row: &RowPlan) {
    batch.done = (batch.done + 1).min(batch.total);
    match row.action {
        Action::Create => batch.body.created += 1,
        Action::Change | Action::Same => batch.body.changed += 1,
    }
}

/// All commands of these rows, in their order: a unit before its people and before whatever hangs under it.
fn asked(batch: &Batch, rows: &[&RowPlan]) -> UnitOfWork {
    let actor = Actor { id: batch.owner, kind: ActorKind::Import };
    let first = rows.first().map_or(0, |row| row.row);
    let all: Vec<&[Step]> = rows.iter().map(|row| row.steps.as_slice()).collect();
    let work = UnitOfWork::new(actor, CommandId(derived(batch, first, &format!("{all:?}"))));
    let steps = rows.iter().flat_map(|row| row.steps.iter().map(|step| (*row, step.clone())));
    steps.fold(work, |work, (row, step)| asking(work, batch, row, step))
}

fn asking(work: UnitOfWork, batch: &Batch, row: &RowPlan, step: Step) -> UnitOfWork {
    let new_person = |name: &str| PersonId(derived(batch, row.row, &format!("person {name}")));
    match step {
        Step::Create(created) => work.ask::<Unit>(row.unit, UnitCommand::Create(*created)),
        Step::Rename(name) => work.ask::<Unit>(row.unit, UnitCommand::Rename(name)),
        Step::Describe(attributes) => work.ask::<Unit>(row.unit, UnitCommand::Describe(*attributes)),
        Step::Place(placement) => work.ask::<Unit>(row.unit, UnitCommand::Place(placement)),
        Step::Enter(contact, posts) => {
            let person = new_person(&contact.name);
            work.ask::<Person>(person, PersonCommand::Enter { unit: row.unit, contact, posts })
        }
        Step::EnterGuard(contact, record) => {
            let person = new_person(&contact.name);
            let posts = vec![Post::Guard];
            work.ask::<Person>(person, PersonCommand::Enter { unit: row.unit, contact, posts })
                .ask::<Person>(person, PersonCommand::Guard(record))
        }
        Step::Take(person, post) => work.ask::<Person>(person, PersonCommand::TakePost(post)),
        Step::Correct(person, contact) => work.ask::<Person>(person, PersonCommand::Correct(contact)),
        Step::Guard(person, record) => work.ask::<Person>(person, PersonCommand::Guard(record)),
        Step::CarryOver(id, row) => work.ask::<Hazard>(id, HazardCommand::CarryOver(row)),
    }
}

/// The same for the same file, row and purpose, so that whatever was interrupted can be asked again.
pub(crate) fn derived(batch: &Batch, row: u32, purpose: &str) -> Uuid {
    let digest = Sha256::new()
        .chain_update(batch.id.as_bytes())
        .chain_update(row.to_be_bytes())
        .chain_update(purpose.as_bytes())
        .finalize();
    let mut bytes = [0; 10];
    bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    uuid::Builder::from_unix_timestamp_millis(batch.created_at.unsigned_millis(), &bytes).into_uuid()
}
