//! Staffing, the roster and a report's table as files. Who takes the roster out is written down first: it names people.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use documents::{Cell, Head};
use exports::{Format, Sheet, answer};
use kernel::{Date, PersonId, Problem, StreamId};
use language::{Lang, Say};
use serde::Deserialize;
use web::{Failed, Visit};

use super::{
    GuardsPages, ROSTER, VIEW,
    list::ListQuery,
    paper::{numbers, told_sum},
    record::see,
    roster::RosterQuery,
};
use crate::{
    expiry::Spans,
    query::{self, GuardRow, ReportLine},
    staffing::Staffed,
    survey::survey,
    texts, words,
};

/// Whoever may take lists out, the tiers above among them.
pub(super) fn takes_out(visit: &Visit) -> bool {
    visit.viewer.may("export") || visit.viewer.may("unit.export")
}

fn text(text: &str) -> Cell {
    Cell::from(language::plain(text).to_string())
}

fn amount(amount: Option<u32>) -> Cell {
    amount.map_or(Cell::Blank, Cell::from)
}

fn heads(labels: &[(&str, u16)]) -> Vec<Head> {
    labels.iter().map(|(label, width)| Head::new(*label, *width)).collect()
}

pub(super) async fn staffing(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    visit.need_any(&["export", "unit.export"])?;
    let (lang, rules, today) = (visit.lang(), pages.rules(), visit.now().local_date());
    let (query, unread) = query.settled(lang);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let sheet = Sheet {
        plain: "guards-staffing",
        title: texts::guards_title(lang).to_owned(),
        heads: heads(&[
            (texts::column_school(lang), 28),
            (texts::column_township(lang), 14),
            (texts::column_kind(lang), 14),
            (texts::campus_pupils(lang), 8),
            (texts::campus_staff(lang), 8),
            (texts::campus_boarders(lang), 8),
            (texts::column_standard(lang), 30),
            (texts::column_required(lang), 8),
            (texts::column_declared(lang), 8),
            (texts::column_evidenced(lang), 8),
            (texts::column_part_time(lang), 8),
            (texts::column_lacking(lang), 22),
            (texts::kit_title(lang), 14),
            (texts::column_sum(lang), 80),
            (texts::paper_flips(lang), 60),
        ]),
    };
    let scope = visit.viewer.scope("guards.view");
    let produce = move |tx: &mut storage::Tx, sink: exports::Sink<'_>| {
        for staffed in query.chosen(survey(tx, &rules, &scope, today)?) {
            if !sink(&staffing_row(lang, &rules, &staffed, today)) {
                break;
            }
        }
        Ok(())
    };
    Ok(answer(&visit, format, sheet, produce).await?)
}

fn staffing_row(lang: Lang, rules: &rules::RuleBook, staffed: &Staffed, today: Date) -> Vec<Cell> {
    let place = &staffed.place;
    let variant = staffed.judged.first().map(|judged| words::variant(lang, rules, &judged.variant, today));
    let required = staffed.required();
    let sum = required.map(|required| match lang {
        Lang::ZhCn => required.explanation.zh.as_str(),
        Lang::En => required.explanation.en.as_str(),
    });
    let flips = staffed.flips().map(|judged| words::variant(lang, rules, &judged.variant, today));
    vec![
        text(&place.called()),
        text(place.township.as_ref().map_or("", |(_, name)| name)),
        text(&web::names::unit_kind(lang, place.kind)),
        amount(place.pupils),
        amount(place.staff),
        amount(place.boarders),
        text(&variant.unwrap_or_default()),
        amount(required.map(|required| required.guards)),
        amount(place.declared.map(|declared| declared.full_time)),
        Cell::from(staffed.evidenced),
        Cell::from(staffed.part_time),
        text(&words::verdict(lang, staffed.verdict())),
        text(&words::kit(lang, staffed.kit)),
        text(sum.unwrap_or_default()),
        text(&Say(lang).list(flips)),
    ]
}

/// Which guards are taken out, in words.
async fn told(visit: &Visit, query: &RosterQuery) -> Result<String, Problem> {
    let (viewer, asked) = (visit.viewer.clone(), query.unit());
    let named = visit.read(move |tx| {
        // A unit out of sight is not named: not a row of it leaves.
        let seen = match asked {
            Some(unit) => viewer.may_over(tx, "guards.roster", unit)?,
            None => return Ok(viewer.home.name.clone()),
        };
        let unit =
            asked.filter(|_| seen).map(|unit| organisation::unit_brief(tx, unit)).transpose()?.flatten();
        Ok(unit.map_or_else(|| "…".to_owned(), |unit| unit.name))
    });
    Ok(format!("{} · {}", named.await?, query.view().said(visit.lang())))
}

pub(super) async fn roster(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Query(query): Query<RosterQuery>,
) -> Result<Response, Failed> {
    visit.need_any(ROSTER)?;
    visit.need_any(&["export"])?;
    let (lang, rules, today) = (visit.lang(), pages.rules(), visit.now().local_date());
    let (query, unread) = query.settled(lang);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let told = told(&visit, &query).await?;
    visit.taking_out("guards.export", visit.viewer.home.id, visit.viewer.home.id, &told).await?;
    let sheet = Sheet {
        plain: "guards",
        title: texts::roster_title(lang).to_owned(),
        heads: heads(&[
            (texts::column_school(lang), 28),
            (texts::column_name(lang), 12),
            (texts::column_work(lang), 10),
            (texts::form_employer(lang), 14),
            (texts::form_shift(lang), 10),
            (texts::form_certified(lang), 10),
            (texts::form_certified_until(lang), 12),
            (texts::form_background_on(lang), 12),
            (texts::form_health_on(lang), 12),
            (texts::form_trained_on(lang), 12),
            (texts::form_since(lang), 12),
            (texts::column_counts(lang), 40),
        ]),
    };
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let spans = Spans::of(&rules, today);
    let produce = move |tx: &mut storage::Tx, sink: exports::Sink<'_>| {
        let all = query.chosen(query::roster(tx, &viewer.scope("guards.roster"))?, spans, today);
        let people: Vec<PersonId> = all.iter().map(|row| row.guard.person).collect();
        let names = organisation::person_names(tx, &vault, &people)?;
        for row in &all {
            let name = names.get(&row.guard.person).map_or("", String::as_str);
            if !sink(&guard_row(lang, row, name, today)) {
                break;
            }
        }
        Ok(())
    };
    Ok(answer(&visit, format, sheet, produce).await?)
}

fn guard_row(lang: Lang, row: &GuardRow, name: &str, today: Date) -> Vec<Cell> {
    let guard = &row.guard;
    let known = |said: &str| if guard.known { text(said) } else { Cell::Blank };
    let work = if guard.full_time { texts::guard_full_time(lang) } else { texts::guard_part_time(lang) };
    let certified = if guard.certified { texts::certified_yes(lang) } else { texts::certified_no(lang) };
    let shift = guard.shift.as_deref().map(|shift| words::shift_named(lang, shift)).unwrap_or_default();
    vec![
        text(&row.unit_name),
        text(name),
        known(work),
        known(&words::employer(lang, &guard.employer)),
        text(&shift),
        known(certified),
        Cell::from(guard.certified_until),
        Cell::from(guard.background_on),
        Cell::from(guard.health_on),
        Cell::from(guard.trained_on),
        Cell::from(guard.since),
        text(&words::counted(lang, guard, today)),
    ]
}

/// Which kind of file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FileQuery {
    pub format: String,
}

pub(super) async fn report(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Path(id): Path<StreamId>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["export", "unit.export"])?;
    let format = Format::asked(&query.format)?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let seen = see(&visit, id).await?;
    let numbers = numbers(&visit, &rules, &seen).await?;
    let sheet = Sheet {
        plain: "guards-report",
        title: texts::report_title(lang).to_owned(),
        heads: heads(&[
            (texts::column_school(lang), 28),
            (texts::column_township(lang), 14),
            (texts::campus_pupils(lang), 8),
            (texts::campus_staff(lang), 8),
            (texts::campus_boarders(lang), 8),
            (texts::column_required(lang), 8),
            (texts::column_declared(lang), 8),
            (texts::column_evidenced(lang), 8),
            (texts::column_part_time(lang), 8),
            (texts::column_lacking(lang), 8),
            (texts::column_sum(lang), 80),
        ]),
    };
    let rows: Vec<Vec<Cell>> =
        numbers.lines.iter().map(|line| report_row(line, &told_sum(lang, &rules, &numbers, line))).collect();
    let produce = move |_: &mut storage::Tx, sink: exports::Sink<'_>| {
        for row in &rows {
            if !sink(row) {
                break;
            }
        }
        Ok(())
    };
    Ok(answer(&visit, format, sheet, produce).await?)
}

fn report_row((line, names): &ReportLine, sum: &str) -> Vec<Cell> {
    vec![
        text(&names.school),
        text(&names.township),
        amount(line.pupils),
        amount(line.staff),
        amount(line.boarders),
        amount(line.required.first().copied().flatten()),
        amount(line.declared),
        Cell::from(line.evidenced),
        Cell::from(line.part_time),
        Cell::from(line.lacking),
        text(sum),
    ]
}
