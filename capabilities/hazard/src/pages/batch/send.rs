//! The acts of one form, each a unit of work of its own.

use futures_util::future::join_all;
use journal::{UnitOfWork, WorkLane};
use kernel::{CommandId, FieldProblem, PersonId, Problem, Refusal, StreamId, limits};
use uuid::Uuid;
use web::{FormData, Visit, view::Link};

use super::{BatchAct, VERDICTS};
use crate::{
    Hazard,
    command::HazardCommand,
    event::Note,
    pages::{BATCH, href, lacking::field, visible_state},
};

/// What became of a form.
pub(super) struct Sent {
    pub act: BatchAct,
    /// How many were done.
    pub done: usize,
    /// The others, with why.
    pub refused: Vec<(Link, String)>,
}

/// A hazard that was ticked, with the version that was read.
struct Ticked {
    id: StreamId,
    version: Option<u64>,
}

pub(super) async fn send(visit: &Visit, form: &FormData, command_id: CommandId) -> Result<Sent, Problem> {
    visit.need_any(BATCH)?;
    let act = BatchAct::named(form.value("act").unwrap_or_default()).ok_or(Problem::NotFound)?;
    let ticked: Vec<Ticked> = form.values("item").filter_map(ticked).take(limits::BATCH_ACTS).collect();
    let command = command(act, form, ticked.is_empty())?;
    let viewer = visit.viewer.clone();
    // What may not be seen is not there, whatever a decision would say of it.
    let (seen, ticked) = visit
        .read(move |tx| {
            let seen = ticked.iter().map(|one| visible_state(tx, &viewer, one.id));
            let numbers = seen.map(|state| state.map(|state| state.number.to_string()));
            Ok((numbers.collect::<Result<Vec<_>, _>>()?, ticked))
        })
        .await?;
    let handle = &visit.desk.handle;
    let asked = ticked.iter().map(|one| {
        let work = UnitOfWork::new(visit.actor(), its_own(command_id, one.id));
        let work = match one.version {
            Some(version) => work.ask_seen::<Hazard>(one.id, version, command.clone()),
            None => work.ask::<Hazard>(one.id, command.clone()),
        };
        handle.execute(WorkLane::Interactive, work)
    });
    let answers = join_all(asked).await;
    let (mut done, mut refused) = (0, Vec::new());
    for ((one, number), answer) in ticked.iter().zip(seen).zip(answers) {
        match answer {
            Ok(_) => done += 1,
            Err(problem) => {
                let why = visit.desk.sentences.problem(visit.lang(), &problem);
                refused.push((Link::new(number, href(one.id)), why));
            }
        }
    }
    Ok(Sent { act, done, refused })
}

/// `<hazard>_<version>`, or the hazard alone.
fn ticked(value: &str) -> Option<Ticked> {
    match value.split_once('_') {
        Some((id, version)) => {
            Some(Ticked { id: StreamId::parse(id)?, version: Some(version.parse().ok()?) })
        }
        None => Some(Ticked { id: StreamId::parse(value)?, version: None }),
    }
}

/// The same form for the same hazard is the same act, however often it is sent.
fn its_own(form: CommandId, hazard: StreamId) -> CommandId {
    CommandId(Uuid::from_u128(form.0.as_u128() ^ hazard.0.as_u128()))
}

/// What is asked of each; everything that is missing is said at once.
fn command(act: BatchAct, form: &FormData, none: bool) -> Result<HazardCommand, Problem> {
    let text = form.value("note").unwrap_or_default().trim().to_owned();
    let mut lacking: Vec<FieldProblem> = Vec::new();
    if none {
        lacking.push(field("item", "hazard-batch-none"));
    }
    if text.is_empty() {
        lacking.push(field("note", "text-missing"));
    }
    let note = Note { note: text, photos: Vec::new() };
    let command = match act {
        BatchAct::Assign => {
            let person = form.value("responsible").and_then(PersonId::parse);
            if person.is_none() {
                lacking.push(field("responsible", "hazard-responsible-missing"));
            }
            person.map(|responsible| HazardCommand::Assign { responsible, note })
        }
        BatchAct::AnswerExtension => {
            let verdict = form.value("verdict").unwrap_or_default();
            let answer = VERDICTS.iter().find(|(value, _)| *value == verdict).map(|(_, answer)| *answer);
            if answer.is_none() {
                lacking.push(field("verdict", "hazard-batch-verdict"));
            }
            answer.map(|answer| HazardCommand::AnswerExtension { answer, note })
        }
        BatchAct::Close => Some(HazardCommand::Close(note)),
        BatchAct::Urge => Some(HazardCommand::Urge(note)),
    };
    match command.filter(|_| lacking.is_empty()) {
        Some(command) => Ok(command),
        None if lacking.is_empty() => Err(Refusal::new("hazard-batch-none").into()),
        None => Err(Problem::Invalid(lacking)),
    }
}
