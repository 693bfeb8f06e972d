//! From a plan to commands, in slices of the bulk lane. After a crash it goes on where it was.

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
    plan::{Action, RowPlan, Step},
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
        let new: Vec<&RowPlan> = plan.rows.iter().filter(|row| row.action != Action::Same).collect();
        for some in new.chunks(batch.body.content.rows_at_once()) {
            if stopped.is_some() {
                break;
            }
            stopped = self.write_some(&mut batch, some).await?;
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

    /// Some rows in one unit of work; when it is refused, row by row, so that the row at fault can be named.
    async fn write_some(&self, batch: &mut Batch, rows: &[&RowPlan]) -> Result<Option<Stopped>, Problem> {
        if rows.len() > 1 {
            let mut next = batch.clone();
            rows.iter().for_each(|row| counted(&mut next, row));
            match self.ask(&next, rows.iter().map(|row| (*row, row.steps.as_slice()))).await {
                Ok(()) => {
                    *batch = next;
                    return Ok(None);
                }
                Err(Problem::Fault(fault)) => return Err(Problem::Fault(fault)),
                Err(_) => {}
            }
        }
        for row in rows {
            let mut next = batch.clone();
            counted(&mut next, row);
            if let Err(problem) = self.write(&next, row).await {
                *batch = self.batch(batch.owner, batch.id).await?;
                return refused(row, &problem).map(Some);
            }
            *batch = next;
        }
        Ok(None)
    }

    /// A row is one unit of work: facts, place and people together, with the progress. Only a new unit must be there
    /// before people can be entered at it: then it is two, and whoever goes on after a crash finds the first done.
    pub(crate) async fn write(&self, batch: &Batch, row: &RowPlan) -> Result<(), Problem> {
        let new = usize::from(row.action == Action::Create);
        let (first, rest) = row.steps.split_at(new.min(row.steps.len()));
        for steps in [first, rest] {
            if !steps.is_empty() {
                self.ask(batch, std::iter::once((row, steps))).await?;
            }
        }
        Ok(())
    }

    async fn ask<'r>(
        &self,
        batch: &Batch,
        rows: impl Iterator<Item = (&'r RowPlan, &'r [Step])>,
    ) -> Result<(), Problem> {
        let rows: Vec<(&RowPlan, &[Step])> = rows.collect();
        let actor = Actor { id: batch.owner, kind: ActorKind::Import };
        let first = rows.first().map_or(0, |(row, _)| row.row);
        let all: Vec<&[Step]> = rows.iter().map(|(_, steps)| *steps).collect();
        let mut work = UnitOfWork::new(actor, CommandId(derived(batch, first, &format!("{all:?}"))));
        for (row, steps) in rows {
            work = steps.iter().fold(work, |work, step| asked(work, batch, row, step.clone()));
        }
        let progress = batch.clone();
        let work = work.housekeeping(move |tx| batch::save(tx, &progress));
        self.handle.execute(WorkLane::Bulk, work).await.map(|_| ())
    }
}

fn counted(batch: &mut Batch, row: &RowPlan) {
    batch.done = (batch.done + 1).min(batch.total);
    match row.action {
        Action::Create => batch.body.created += 1,
        Action::Change | Action::Same => batch.body.changed += 1,
    }
}

fn asked(work: UnitOfWork, batch: &Batch, row: &RowPlan, step: Step) -> UnitOfWork {
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
