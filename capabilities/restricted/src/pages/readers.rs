//! Naming, changing and ending the reader of one's own unit. Every naming stays on record.

use std::collections::HashMap;

use access::Viewer;
use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use documents::Head;
use exports::{Format, Sheet};
use journal::{Payload, UnitOfWork, Vault, WorkLane};
use kernel::{ActorId, CommandId, Problem, Timestamp, UnitId};
use language::{Lang, Say};
use organisation::{UnitBrief, people_of_unit, unit_brief};
use serde::Deserialize;
use storage::{Tx, params};
use web::{
    Failed, Flash, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Cell, Choice, Column, Empty, Fact, Link, Moment, Table},
};

use super::NAMES;
use crate::{
    query::{Reading, nameable, names_reader_at, reader_at},
    reader::{Reader, ReaderCommand, ReaderEvent, reader_stream},
    texts, words,
};

#[derive(Template)]
#[template(path = "restricted/readers.html")]
struct ListPage {
    shell: Shell,
    table: Table,
    /// The list as files.
    exports: Vec<Link>,
    empty: Option<Empty>,
}

#[derive(Template)]
#[template(path = "restricted/reader.html")]
struct ReaderPage {
    shell: Shell,
    facts: Vec<Fact>,
    /// Somebody was named who is no longer in office.
    lapsed: bool,
    named: bool,
    action: String,
    people: Vec<Choice>,
    form: FormState,
    moments: Vec<Moment>,
}

/// What the log of reads calls taking the list out.
const READ_AS: &str = "reader.export";

fn href(unit: UnitId) -> String {
    format!("/readers/{}", unit.0.simple())
}

/// The units whose reader the viewer names: his own, not those below.
fn units(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<UnitBrief>, Problem> {
    let mut ids: Vec<UnitId> = viewer.grants.iter().map(|grant| grant.held.unit).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut units = Vec::new();
    for id in ids {
        if viewer.grants.iter().any(|grant| names_reader_at(grant.held, id)) {
            units.extend(unit_brief(tx, id)?);
        }
    }
    Ok(units)
}

/// Every unit of the list with its reader in words.
async fn listed(visit: &Visit) -> Result<Vec<(UnitBrief, String)>, Problem> {
    let (viewer, vault, lang) = (visit.viewer.clone(), visit.desk.vault.clone(), visit.lang());
    visit
        .read(move |tx| {
            let mut rows = Vec::new();
            for unit in units(tx, &viewer)? {
                let who = match reader_at(tx, unit.id)? {
                    Some(reader) => said(lang, &reader, &name_of(tx, &vault, &reader)?),
                    None => texts::readers_none(lang).to_owned(),
                };
                rows.push((unit, who));
            }
            Ok(rows)
        })
        .await
}

pub(super) async fn list(visit: Visit) -> Result<Response, Failed> {
    visit.need_any(NAMES)?;
    let rows = listed(&visit).await?;
    let lang = visit.lang();
    let cells =
        |(unit, who): &(UnitBrief, String)| vec![Cell::link(&unit.name, href(unit.id)), Cell::text(who)];
    let table = Table {
        caption: texts::readers_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::readers_column_unit(lang)),
            Column::new(texts::readers_column_reader(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    };
    Ok(web::page(&ListPage {
        shell: visit.shell(texts::readers_title(lang)).at("readers"),
        exports: files(lang, rows.is_empty()),
        empty: rows.is_empty().then(|| Empty {
            sentence: texts::readers_empty(lang).to_owned(),
            act: None,
            icon: "heart",
        }),
        table,
    }))
}

fn files(lang: Lang, nothing: bool) -> Vec<Link> {
    if nothing {
        return Vec::new();
    }
    let address = |format: Format| format!("/readers/export?format={}", format.name());
    vec![
        Link::new(texts::readers_export_xlsx(lang), address(Format::Xlsx)),
        Link::new(texts::readers_export_csv(lang), address(Format::Csv)),
    ]
}

/// Which file is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FileQuery {
    format: String,
}

/// The same list as a file. It names people, so whoever takes it out is in the log of reads.
pub(super) async fn export(visit: Visit, Query(query): Query<FileQuery>) -> Result<Response, Failed> {
    visit.need_any(NAMES)?;
    let rows = listed(&visit).await?;
    let home = &visit.viewer.home;
    visit.taking_out(READ_AS, visit.viewer.account, home.id, &home.name).await?;
    let lang = visit.lang();
    let heads = vec![
        Head::new(texts::readers_column_unit(lang), 28),
        Head::new(texts::readers_column_reader(lang), 28),
    ];
    let sheet = Sheet { plain: "readers", title: texts::readers_title(lang).to_owned(), heads };
    let format = Format::asked(&query.format)?;
    let answer = exports::answer(&visit, format, sheet, move |_, sink| {
        let cell = |text: &str| documents::Cell::from(language::plain(text).to_string());
        rows.iter().all(|(unit, who)| sink(&[cell(&unit.name), cell(who)]));
        Ok(())
    });
    Ok(answer.await?)
}

fn said(lang: Lang, reader: &Reading, name: &str) -> String {
    texts::reader_now_value(lang, name, words::reader_post(lang, reader.post))
}

fn name_of(tx: &mut Tx, vault: &Vault, reader: &Reading) -> Result<String, Problem> {
    let mut names = organisation::person_names(tx, vault, &[reader.person])?;
    Ok(names.remove(&reader.person).unwrap_or_default())
}

/// Everything the page shows.
struct Seen {
    unit: UnitBrief,
    reader: Option<(Reading, String)>,
    /// The stream names somebody, in office or not.
    named: bool,
    people: Vec<(ActorId, String, Vec<organisation::Post>)>,
    events: Vec<(Timestamp, ActorId, ReaderEvent)>,
    names: HashMap<ActorId, String>,
}

fn see(tx: &mut Tx, vault: &Vault, viewer: &Viewer, id: UnitId) -> Result<Seen, Problem> {
    let unit = units(tx, viewer)?.into_iter().find(|unit| unit.id == id).ok_or(Problem::NotFound)?;
    let reader = match reader_at(tx, id)? {
        Some(reader) => {
            let name = name_of(tx, vault, &reader)?;
            Some((reader, name))
        }
        None => None,
    };
    let account = "SELECT count(*) FROM held_reader WHERE unit_id = ?1 AND account_id IS NOT NULL";
    let named = tx.count(account, params![id])? > 0;
    let here = people_of_unit(tx, vault, id)?;
    let people = nameable(tx, id)?
        .into_iter()
        .filter(|(account, _)| *account != viewer.account)
        .filter_map(|(account, person)| {
            let brief = here.iter().find(|brief| brief.id == person)?;
            Some((account, brief.name.clone(), brief.posts.clone()))
        })
        .collect();
    let events: Vec<(Timestamp, ActorId, ReaderEvent)> =
        journal::events_of_stream(tx, reader_stream(id), None)?
            .iter()
            .filter_map(|recorded| {
                let header = &recorded.header;
                let event =
                    ReaderEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
                Some((header.decided_at, header.actor, event))
            })
            .collect();
    let mut accounts: Vec<ActorId> = events.iter().map(|(_, actor, _)| *actor).collect();
    accounts.extend(events.iter().filter_map(|(_, _, event)| match event {
        ReaderEvent::Named(parts) => Some(parts.core.account),
        ReaderEvent::Ended(_) => None,
    }));
    let names = access::actor_names(tx, vault, &accounts)?;
    Ok(Seen { unit, reader, named, people, events, names })
}

async fn read(visit: &Visit, id: UnitId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit.read(move |tx| see(tx, &vault, &viewer, id)).await
}

fn compose(visit: &Visit, seen: &Seen, form: FormState) -> ReaderPage {
    let lang = visit.lang();
    let now = match &seen.reader {
        Some((reader, name)) => said(lang, reader, name),
        None => texts::readers_none(lang).to_owned(),
    };
    let choice = |(account, name, posts): &(ActorId, String, Vec<organisation::Post>)| {
        let posts = Say(lang).list(posts.iter().map(|post| web::names::post(lang, *post)));
        Choice::new(account.0.to_string(), format!("{name} · {posts}"))
    };
    ReaderPage {
        facts: vec![
            Fact::new(texts::readers_column_unit(lang), &seen.unit.name),
            Fact::new(texts::reader_now(lang), now),
        ],
        lapsed: seen.named && seen.reader.is_none(),
        named: seen.named,
        action: href(seen.unit.id),
        people: seen.people.iter().map(choice).collect(),
        form,
        moments: moments(lang, seen),
        shell: visit
            .shell(texts::readers_title(lang))
            .for_unit(&seen.unit.name, visit.now())
            .at("readers")
            .back_to("/readers"),
    }
}

/// Newest first.
fn moments(lang: Lang, seen: &Seen) -> Vec<Moment> {
    let name = |account: ActorId| {
        let gone = || texts::reader_who_gone(lang).to_owned();
        seen.names.get(&account).cloned().unwrap_or_else(gone)
    };
    let sentence = |(at, actor, event): &(Timestamp, ActorId, ReaderEvent)| {
        let who = if actor.is_nil() { texts::reader_who_platform(lang).to_owned() } else { name(*actor) };
        let said = match event {
            ReaderEvent::Named(parts) => texts::reader_history_named(lang, who, name(parts.core.account)),
            ReaderEvent::Ended(_) => texts::reader_history_ended(lang, who),
        };
        Moment::new(Say(lang).date_time(*at), said)
    };
    seen.events.iter().rev().map(sentence).collect()
}

pub(super) async fn show(visit: Visit, Path(unit): Path<UnitId>) -> Result<Response, Failed> {
    visit.need_any(NAMES)?;
    let seen = read(&visit, unit).await?;
    Ok(web::page(&compose(&visit, &seen, visit.form())))
}

async fn ask(visit: &Visit, id: CommandId, command: ReaderCommand, unit: UnitId) -> Result<(), Problem> {
    let work = UnitOfWork::new(visit.actor(), id).ask::<Reader>(reader_stream(unit), command);
    visit.desk.handle.execute(WorkLane::Interactive, work).await.map(|_| ())
}

pub(super) async fn name(Path(unit): Path<UnitId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(NAMES)?;
    let seen = read(&visit, unit).await?;
    let mut reader = form.reader();
    let account = reader.id::<ActorId>("account").required().get();
    let done = async {
        reader.finish()?;
        let account = account.ok_or_else(|| Problem::Invalid(Vec::new()))?;
        ask(&visit, command_id, ReaderCommand::Name { unit, account }, unit).await?;
        Ok(account)
    };
    match done.await {
        Ok(account) => {
            let known = seen.people.iter().find(|(id, _, _)| *id == account);
            let name = known.map(|(_, name, _)| name.clone()).unwrap_or_default();
            let said = Flash::done(texts::reader_named_done(visit.lang(), name));
            Ok(see_other_saying(&href(unit), &said))
        }
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            let named = visit.form().label("account", texts::reader_account(visit.lang()));
            let form = named.keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &compose(&visit, &seen, form)))
        }
        Err(problem) => Err(problem.into()),
    }
}

pub(super) async fn end(Path(unit): Path<UnitId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, command_id, .. } = posted;
    visit.need_any(NAMES)?;
    read(&visit, unit).await?;
    ask(&visit, command_id, ReaderCommand::End { unit }, unit).await?;
    Ok(see_other_saying(&href(unit), &Flash::done(texts::reader_ended_done(visit.lang()))))
}
