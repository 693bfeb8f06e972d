//! 待办事项: what is the viewer's turn, with a reminder text to copy.

use askama::Template;
use axum::{extract::State, response::Response};
use kernel::{Timestamp, UnitId};
use language::{Lang, Say};
use storage::Tx;
use web::{
    Failed, Shell, Visit,
    view::{Cell, Clock, Column, Empty, Link, Table},
};

use super::{HazardPages, href, list::level_mark};
use crate::{
    query::{DueItem, due_for},
    texts,
    turn::Act,
    words,
};

/// Items of a due list.
const ITEMS: usize = 100;
/// Items of a reminder text.
const REMINDED: usize = 20;

#[derive(Template)]
#[template(path = "hazard/today.html")]
struct TodayPage {
    shell: Shell,
    summary: String,
    table: Table,
    empty: Option<Empty>,
    reminder: String,
    may_register: bool,
    /// What is held for the viewer, when he is a named reader.
    held: Option<Link>,
}

pub(super) async fn show(visit: Visit, State(pages): State<HazardPages>) -> Result<Response, Failed> {
    visit.need_any(&["hazard.view", "hazard.view_own"])?;
    let viewer = visit.viewer.clone();
    let lang = visit.lang();
    let (items, held) = visit
        .read(move |tx| {
            let seats = seats(tx, &viewer)?;
            let items = due_for(tx, &seats, Some(viewer.person), None, ITEMS)?;
            Ok((items, pages.confidant.due(tx, lang, viewer.account)?))
        })
        .await?;
    let now = visit.now();
    let late = items.iter().filter(|item| item.due_at.is_some_and(|due| due < now)).count();
    Ok(web::page(&TodayPage {
        summary: match (items.len(), late) {
            (0, _) => String::new(),
            (count, 0) => texts::today_count_fine(lang, count),
            (count, late) => texts::today_count(lang, count, late),
        },
        table: table(lang, &items, now),
        empty: items.is_empty().then(|| Empty {
            sentence: texts::today_empty(lang).to_owned(),
            act: visit
                .viewer
                .may("hazard.register")
                .then(|| Link::new(texts::list_register(lang), "/hazards/new")),
            icon: "today",
        }),
        reminder: reminder(&visit, &items, now),
        may_register: visit.viewer.may("hazard.register"),
        held,
        shell: visit.shell(texts::today_title(lang)).at("today"),
    }))
}

/// The units at which the viewer acts, each with the acts that are his there.
///
/// # Errors
/// Whatever the database answers.
pub fn seats(tx: &mut Tx, viewer: &access::Viewer) -> Result<Vec<(UnitId, Vec<Act>)>, kernel::Problem> {
    let mut units: Vec<UnitId> = viewer.grants.iter().map(|grant| grant.held.unit).collect();
    units.sort_unstable();
    units.dedup();
    let mut seats = Vec::new();
    for unit in units {
        let may = viewer.permissions_over(tx, unit)?;
        let institution =
            organisation::unit_brief(tx, unit)?.is_some_and(|brief| brief.kind.is_institution());
        let acts: Vec<Act> = Act::ALL
            .into_iter()
            .filter(|act| match (institution, act) {
                (true, act) => may.has(act.permission()),
                (false, _) => may.has("hazard.county"),
            })
            .collect();
        if !acts.is_empty() {
            seats.push((unit, acts));
        }
    }
    Ok(seats)
}

fn table(lang: Lang, items: &[DueItem], now: Timestamp) -> Table {
    Table {
        caption: texts::today_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::list_column_level(lang)),
            Column::new(texts::list_column_what(lang)),
            Column::new(texts::list_column_where(lang)),
            Column::new(texts::list_column_turn(lang)),
            Column::new(texts::list_column_clock(lang)),
        ],
        rows: items
            .iter()
            .map(|item| {
                let clock =
                    item.due_at.map(|due| Clock::running(lang, item.registered_at.min(due), due, now));
                vec![
                    Cell::mark(level_mark(item.level), words::level(lang, item.level)),
                    Cell::link(&item.title, href(item.id)),
                    Cell::text(format!("{} {}", item.unit_name, item.number)).more(&item.place),
                    Cell::text(words::act(lang, item.act))
                        .more(item.escalation.map(|step| words::climb(lang, step)).unwrap_or_default()),
                    clock.map_or_else(|| Cell::text(""), Cell::clock),
                ]
            })
            .collect(),
    }
}

/// The office lives in chat groups: a text that can be pasted there as it is.
fn reminder(visit: &Visit, items: &[DueItem], now: Timestamp) -> String {
    let lang = visit.lang();
    if items.is_empty() {
        return String::new();
    }
    let mut lines = vec![texts::today_reminder_head(lang, &visit.viewer.home.name, Say(lang).date_time(now))];
    for (at, item) in items.iter().take(REMINDED).enumerate() {
        let (number, act) = (at + 1, words::act(lang, item.act));
        lines.push(match item.due_at {
            Some(due) => {
                let clock = Say(lang).left(due.since_ms(now));
                texts::today_reminder_line(lang, number, &item.unit_name, &item.title, act, clock)
            }
            None => texts::today_reminder_line_plain(lang, number, &item.unit_name, &item.title, act),
        });
    }
    lines.push(texts::today_reminder_tail(lang).to_owned());
    language::plain(&lines.join("\n")).to_string()
}
