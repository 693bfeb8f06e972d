//! What is held, for its reader. The text is on no page that has an address of its own: it is on the answer to opening
//! it, after the opening stands in the access log.

use std::collections::HashMap;

use access::{AccessRead, record_reads};
use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use journal::{Payload, UnitOfWork, Vault, WorkLane};
use kernel::{ActorId, CommandId, Problem, StreamId, Timestamp, limits};
use language::{Lang, Say};
use storage::Tx;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other, see_other_saying,
    view::{Cell, Choice, Column, Empty, Fact, Level, Mark, Moment, Table},
};

use super::HELD;
use crate::{
    held::{Answered, Held, HeldCommand, HeldEvent, HeldState, Outcome, Sealed, Stage},
    query::{is_reader, readable_report, reports},
    texts, words,
};

#[derive(Template)]
#[template(path = "restricted/held.html")]
struct ListPage {
    shell: Shell,
    table: Table,
    empty: Option<Empty>,
}

#[derive(Template)]
#[template(path = "restricted/report.html")]
struct ReportPage {
    shell: Shell,
    facts: Vec<Fact>,
    /// What was written, and what was done; only on the answer to opening.
    words: Vec<Fact>,
    notice: Option<Mark>,
    action: String,
    closes: bool,
    outcomes: Vec<Choice>,
    form: FormState,
    moments: Vec<Moment>,
}

fn href(id: StreamId) -> String {
    format!("{HELD}/{}", id.0.simple())
}

pub(super) async fn list(visit: Visit) -> Result<Response, Failed> {
    let account = visit.viewer.account;
    let found = visit
        .read(move |tx| {
            if !is_reader(tx, account)? {
                return Ok(None);
            }
            let mut rows = Vec::new();
            for (id, held) in reports(tx, account)? {
                rows.push((id, held, unit_name(tx, &held)?));
            }
            Ok(Some(rows))
        })
        .await?;
    // Nobody learns here that there are readers.
    let Some(rows) = found else { return Ok(see_other("/").into_response()) };
    let lang = visit.lang();
    let cells = |(id, held, unit): &(StreamId, HeldState, String)| {
        vec![
            Cell::link(words::number(lang, held), href(*id)),
            Cell::text(unit),
            Cell::text(Say(lang).date_of(held.written_at)),
            stage_cell(lang, held.stage),
        ]
    };
    Ok(web::page(&ListPage {
        table: Table {
            caption: texts::held_title(lang).to_owned(),
            columns: vec![
                Column::new(texts::held_column_number(lang)),
                Column::new(texts::held_column_unit(lang)),
                Column::new(texts::held_column_day(lang)),
                Column::new(texts::held_column_stage(lang)),
            ],
            rows: rows.iter().map(cells).collect(),
        },
        empty: rows.is_empty().then(|| Empty {
            sentence: texts::held_empty(lang).to_owned(),
            act: None,
            icon: "heart",
        }),
        shell: visit.shell(texts::held_title(lang)).at("today").back_to("/"),
    }))
}

fn stage_cell(lang: Lang, stage: Stage) -> Cell {
    match stage {
        Stage::Waiting | Stage::Opened => Cell::text(words::stage(lang, stage)),
        Stage::Closed => Cell::mark(Level::Done, words::stage(lang, stage)),
    }
}

fn unit_name(tx: &mut Tx, held: &HeldState) -> Result<String, Problem> {
    Ok(organisation::unit_brief(tx, held.unit)?.map(|unit| unit.name).unwrap_or_default())
}

/// What happened to a report, with the names its timeline needs.
struct Story {
    id: StreamId,
    held: HeldState,
    unit: String,
    events: Vec<(Timestamp, ActorId, HeldEvent)>,
    names: HashMap<ActorId, String>,
}

/// Reads a report for its reader; `words` opens what is sealed, which only [`open`] does.
fn story(tx: &mut Tx, vault: &Vault, account: ActorId, id: StreamId, words: bool) -> Result<Story, Problem> {
    let held = readable_report(tx, account, id)?;
    let events: Vec<(Timestamp, ActorId, HeldEvent)> =
        journal::events_of_stream(tx, id, words.then_some(vault))?
            .iter()
            .filter_map(|recorded| {
                let header = &recorded.header;
                let event =
                    HeldEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
                Some((header.decided_at, header.actor, event))
            })
            .collect();
    let actors: Vec<ActorId> = events.iter().map(|(_, actor, _)| *actor).collect();
    let names = access::actor_names(tx, vault, &actors)?;
    Ok(Story { id, held, unit: unit_name(tx, &held)?, events, names })
}

async fn read(visit: &Visit, id: StreamId, words: bool) -> Result<Story, Problem> {
    let (account, vault) = (visit.viewer.account, visit.desk.vault.clone());
    visit.read(move |tx| story(tx, &vault, account, id, words)).await
}

pub(super) async fn show(visit: Visit, Path(id): Path<StreamId>) -> Result<Response, Failed> {
    let story = read(&visit, id, false).await?;
    Ok(web::page(&compose(&visit, &story, visit.form(), false)))
}

fn compose(visit: &Visit, story: &Story, form: FormState, opened: bool) -> ReportPage {
    let lang = visit.lang();
    let held = &story.held;
    ReportPage {
        facts: vec![
            Fact::new(texts::held_column_unit(lang), &story.unit),
            Fact::new(texts::held_column_day(lang), Say(lang).date_time(held.written_at)),
            Fact::new(texts::held_column_stage(lang), words::stage(lang, held.stage)),
        ],
        words: if opened { sealed_words(lang, story) } else { Vec::new() },
        notice: opened.then(|| Mark::new(Level::Blue, texts::held_opened_notice(lang))),
        action: href(story.id),
        closes: held.stage == Stage::Opened,
        outcomes: Outcome::ALL
            .into_iter()
            .map(|outcome| Choice::new(outcome.name(), words::outcome(lang, outcome)))
            .collect(),
        form,
        moments: moments(lang, story),
        shell: visit
            .shell(words::number(lang, held))
            .for_unit(&story.unit, visit.now())
            .at("today")
            .back_to(HELD),
    }
}

/// What was sealed, once opened: what was written and by whom, then what was done.
fn sealed_words(lang: Lang, story: &Story) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (_, actor, event) in &story.events {
        match event {
            HeldEvent::Written(parts) => {
                let gone = || texts::held_written_by_gone(lang).to_owned();
                let who = story.names.get(actor).cloned().unwrap_or_else(gone);
                let text = parts.personal.as_ref().map(|words| words.text.as_str());
                facts.push(Fact::new(texts::held_text(lang), text.unwrap_or_default()));
                facts.push(Fact::new(texts::held_written_by(lang), who));
            }
            HeldEvent::Opened(_) => {}
            HeldEvent::Closed(parts) => {
                if let Some(Answered { outcome, note }) = &parts.personal {
                    facts.push(Fact::new(texts::held_answer(lang), words::outcome(lang, *outcome)));
                    facts.push(Fact::new(texts::held_note(lang), note));
                }
            }
        }
    }
    facts
}

/// Newest first. Who wrote it is not said here: that is part of what is opened.
fn moments(lang: Lang, story: &Story) -> Vec<Moment> {
    let sentence = |(at, actor, event): &(Timestamp, ActorId, HeldEvent)| {
        let unknown = || texts::held_who_unknown(lang).to_owned();
        let who = story.names.get(actor).cloned().unwrap_or_else(unknown);
        let said = match event {
            HeldEvent::Written(_) => texts::held_moment_written(lang).to_owned(),
            HeldEvent::Opened(_) => texts::held_moment_opened(lang, who),
            HeldEvent::Closed(_) => texts::held_moment_closed(lang, who),
        };
        let done = matches!(event, HeldEvent::Closed(_));
        let level = if done { Level::Done } else { Level::Plain };
        Moment { level, ..Moment::new(Say(lang).date_time(*at), said) }
    };
    story.events.iter().rev().map(sentence).collect()
}

async fn ask(visit: &Visit, id: CommandId, held: StreamId, command: HeldCommand) -> Result<(), Problem> {
    let work = UnitOfWork::new(visit.actor(), id).ask::<Held>(held, command);
    visit.desk.handle.execute(WorkLane::Interactive, work).await.map(|_| ())
}

pub(super) async fn open(Path(id): Path<StreamId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, command_id, .. } = posted;
    let story = read(&visit, id, false).await?;
    let entry = AccessRead {
        at: visit.now(),
        account: visit.viewer.account,
        what: "held.text".to_owned(),
        subject: id,
        unit: story.held.unit,
        why: words::number(Lang::ZhCn, &story.held),
    };
    // On the disk before anything is shown, and again at every opening.
    let logged = move |tx: &mut Tx| record_reads(tx, std::slice::from_ref(&entry)).map(|_| ());
    visit.desk.handle.housekeep(logged).await?;
    ask(&visit, command_id, id, HeldCommand::Open).await?;
    let story = read(&visit, id, true).await?;
    Ok(web::page(&compose(&visit, &story, visit.form(), true)))
}

fn answer(form: &FormData) -> Result<HeldCommand, Problem> {
    let choices = Outcome::ALL.map(|outcome| (outcome.name(), outcome));
    let mut reader = form.reader();
    let outcome = reader.choice("outcome", &choices).required().get();
    let note = reader.text("note").required().max(limits::TEXT_CHARS).lines().get();
    reader.finish()?;
    let outcome = outcome.ok_or_else(|| Problem::Invalid(Vec::new()))?;
    Ok(HeldCommand::Close { outcome, note: Sealed(note) })
}

pub(super) async fn close(Path(id): Path<StreamId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let story = read(&visit, id, false).await?;
    let done = async { ask(&visit, command_id, id, answer(&form)?).await };
    match done.await {
        Ok(()) => Ok(see_other_saying(HELD, &Flash::done(texts::held_done(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            let named = visit
                .form()
                .label("outcome", texts::held_outcome(visit.lang()))
                .label("note", texts::held_note(visit.lang()));
            let form = named.keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &story, form, false);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(problem) => Err(problem.into()),
    }
}
