//! What is shown, as files.

use axum::{
    extract::{Query, State},
    response::Response,
};
use documents::{Cell, Head};
use exports::{Format, Sheet, answer};
use language::{Lang, Say};
use web::{Failed, Visit};

use super::{CockpitPages, VIEW, read, schools::SchoolsQuery, show::CockpitQuery};
use crate::{
    board::{Board, SchoolLine, Sight, lines},
    day::Day,
    facts::Facts,
    texts,
};

fn text(text: &str) -> Cell {
    Cell::from(language::plain(text).to_string())
}

fn heads(labels: &[(&str, u16)]) -> Vec<Head> {
    labels.iter().map(|(label, width)| Head::new(*label, *width)).collect()
}

pub(super) async fn board(
    visit: Visit,
    State(pages): State<CockpitPages>,
    Query(query): Query<CockpitQuery>,
) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    visit.need_any(&["export"])?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let day = Day::asked(&query.as_of, visit.now())?;
    let format = Format::asked(&query.format)?;
    let facts = read(&visit, rules.clone(), day).await?;
    let rows = numbers(lang, &Sight { lang, rules: &rules, facts: &facts }.board());
    let sheet = Sheet {
        plain: "cockpit",
        title: texts::export_title(lang, Say(lang).date(day.date)),
        heads: heads(&[
            (texts::export_part(lang), 24),
            (texts::export_item(lang), 30),
            (texts::export_what(lang), 24),
            (texts::export_number(lang), 10),
            (texts::column_change(lang), 16),
            (texts::export_formula(lang), 60),
        ]),
    };
    Ok(answer(&visit, format, sheet, handing(rows)).await?)
}

/// Hands rows over that are counted already.
fn handing(
    rows: Vec<Vec<Cell>>,
) -> impl FnOnce(&mut storage::Tx, exports::Sink<'_>) -> Result<(), kernel::Problem> + Send + 'static {
    move |_, sink| {
        for row in &rows {
            if !sink(row) {
                break;
            }
        }
        Ok(())
    }
}

/// Every number of the board: part, item, what is counted, the number, what it was, how it is counted.
fn numbers(lang: Lang, board: &Board) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut row = |words: [&str; 3], number: Cell, change: &str, formula: &str| {
        let [part, item, what] = words.map(text);
        rows.push(vec![part, item, what, number, text(change), text(formula)]);
    };
    for one in &board.headlines {
        let words = [texts::cockpit_main(lang), &one.name, ""];
        row(words, Cell::from(one.figure.value), &one.change, &one.formula);
    }
    for tile in &board.tiles {
        let part = texts::cockpit_tiles(lang);
        row([part, &tile.name, &tile.measure], text(&tile.value), &tile.change, &tile.formula);
        for (what, figure) in &tile.figures {
            row([part, &tile.name, what], Cell::from(figure.value), "", "");
        }
        if !tile.lacking.is_empty() {
            row([part, &tile.name, &tile.lacking], Cell::Blank, "", "");
        }
    }
    for rate in &board.rates {
        let part = texts::cockpit_rates(lang);
        row([part, &rate.name, ""], text(&rate.value), &rate.change, &rate.formula);
        for (what, figure) in rate.part.iter().chain([&rate.of]) {
            row([part, &rate.name, what], Cell::from(figure.value), "", "");
        }
    }
    for group in &board.groups {
        for line in &group.lines {
            let change = line.change.as_deref().unwrap_or_default();
            for (nth, (what, figure)) in group.columns.iter().zip(&line.figures).enumerate() {
                let change = if nth == 0 { change } else { "" };
                row([&group.title, &line.name, what], Cell::from(figure.value), change, &group.note);
            }
        }
    }
    rows
}

pub(super) async fn schools(
    visit: Visit,
    State(pages): State<CockpitPages>,
    Query(query): Query<SchoolsQuery>,
) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    visit.need_any(&["export"])?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let day = Day::asked(&query.as_of, visit.now())?;
    let (query, unread) = query.settled(lang);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let facts = read(&visit, rules.clone(), day).await?;
    let all = lines(Sight { lang, rules: &rules, facts: &facts });
    let rows = all.iter().filter(|line| query.holds(line)).map(|line| school(lang, line, &facts)).collect();
    let sheet = Sheet {
        plain: "cockpit-schools",
        title: texts::schools_title(lang).to_owned(),
        heads: heads(&[
            (texts::column_school(lang), 28),
            (texts::column_kind(lang), 14),
            (texts::column_town(lang), 16),
            (texts::column_worst(lang), 12),
            (texts::column_open(lang), 8),
            (texts::column_overdue(lang), 8),
            (texts::column_major(lang), 8),
            (texts::column_last(lang), 14),
            (texts::schools_with_below(lang), 10),
        ]),
    };
    Ok(answer(&visit, format, sheet, handing(rows)).await?)
}

fn school(lang: Lang, line: &SchoolLine, facts: &Facts) -> Vec<Cell> {
    let towns = facts.towns.iter().filter(|town| line.towns.contains(&town.id)).map(|town| &*town.name);
    vec![
        text(&line.name),
        text(&web::names::unit_kind(lang, line.kind)),
        text(&Say(lang).list(towns)),
        text(&line.worst.word(lang)),
        Cell::from(line.open.value),
        Cell::from(line.overdue.value),
        Cell::from(line.major.value),
        Cell::from(line.last.map(kernel::Timestamp::local_date)),
        // Sums over all rows would count what lies below twice.
        text(if line.with_below { texts::schools_yes(lang) } else { "" }),
    ]
}
