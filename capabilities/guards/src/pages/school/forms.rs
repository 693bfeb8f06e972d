//! The forms on a school's page.

use axum::{
    extract::{Path, State},
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, Refusal, UnitId, limits, text::narrow};
use organisation::{Campus, Unit, UnitCommand};
use web::{Failed, Flash, FormData, Posted, see_other_saying};

use super::{again, see};
use crate::{
    gate::{DeclarationDraft, Gate, GateCommand, gate_of},
    pages::{GuardsPages, Wrong, school_href},
    texts,
};

/// Rows for campuses that are not there yet.
const FREE_ROWS: usize = 2;
/// Guards that a form may say: the decision says what is too many.
const MOST_TYPED: i64 = 100_000;

/// A campus as its row in the form shows it.
#[derive(Clone, Debug, Default)]
pub(super) struct CampusRow {
    pub number: String,
    pub name: String,
    pub pupils: String,
    pub staff: String,
    pub boarders: String,
    /// Of its name, pupils, staff and boarders, so that a mistake leads to its field.
    pub ids: [String; 4],
}

/// The rows with the ids of their fields.
pub(super) fn numbered(mut rows: Vec<CampusRow>) -> Vec<CampusRow> {
    for (nth, row) in (1_usize..).zip(&mut rows) {
        row.ids = ["name", "pupils", "staff", "boarders"].map(|what| field(what, nth));
    }
    rows
}

fn field(what: &str, nth: usize) -> String {
    format!("campus-{what}-{nth}")
}

/// What is known, and room for more.
pub(super) fn campus_rows(campuses: &[Campus]) -> Vec<CampusRow> {
    let said = |heads: Option<u32>| heads.map(|heads| heads.to_string()).unwrap_or_default();
    let row = |campus: &Campus| CampusRow {
        number: campus.number.to_string(),
        name: campus.name.clone(),
        pupils: said(campus.pupils),
        staff: said(campus.staff),
        boarders: said(campus.boarders),
        ..CampusRow::default()
    };
    let free = std::iter::repeat_with(CampusRow::default).take(FREE_ROWS);
    campuses.iter().map(row).chain(free).collect()
}

/// The rows of the form as they were typed.
fn typed(form: &FormData) -> Vec<CampusRow> {
    let column = |name: &str| form.values(name).map(str::to_owned).collect::<Vec<_>>();
    let [numbers, pupils, staff, boarders] =
        ["campus_number", "campus_pupils", "campus_staff", "campus_boarders"].map(column);
    let at = |column: &[String], nth: usize| column.get(nth).cloned().unwrap_or_default();
    let row = |(nth, name): (usize, &str)| CampusRow {
        number: at(&numbers, nth),
        name: name.to_owned(),
        pupils: at(&pupils, nth),
        staff: at(&staff, nth),
        boarders: at(&boarders, nth),
        ..CampusRow::default()
    };
    form.values("campus_name").enumerate().map(row).collect()
}

/// A row whose name was taken away is a campus that is not there any more.
///
/// # Errors
/// Everything that is wrong, row by row.
fn campuses(rows: &[CampusRow]) -> Result<Vec<Campus>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut found: Vec<Campus> = Vec::new();
    for (nth, row) in (1_usize..).zip(rows).filter(|(_, row)| !row.name.trim().is_empty()) {
        let mut heads = |what: &str, text: &str| {
            let text = narrow(text);
            let text = text.trim();
            let heads = text.parse::<u32>().ok();
            if heads.is_none() && !text.is_empty() {
                wrong.push(Wrong::new(field(what, nth), Refusal::new("field-number")));
            }
            heads
        };
        let campus = Campus {
            number: row.number.parse().unwrap_or(0),
            name: row.name.clone(),
            pupils: heads("pupils", &row.pupils),
            staff: heads("staff", &row.staff),
            boarders: heads("boarders", &row.boarders),
        };
        if found.iter().any(|known| known.name.trim() == campus.name.trim()) {
            let refusal = Refusal::new("unit-campus-twice").with("name", campus.name.trim());
            wrong.push(Wrong::new(field("name", nth), refusal));
        }
        if let (Some(boarders), Some(pupils)) = (campus.boarders, campus.pupils)
            && boarders > pupils
        {
            let refusal = Refusal::new("unit-boarders-exceed-pupils").with("boarders", boarders);
            wrong.push(Wrong::new(field("boarders", nth), refusal.with("pupils", pupils)));
        }
        found.push(campus);
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

fn declaration(form: &FormData) -> Result<DeclarationDraft, Problem> {
    let mut read = form.reader();
    let amount = |read: &mut web::Reader<'_>, field: &'static str| {
        let amount = read.int(field).required().range(0, MOST_TYPED).get();
        amount.and_then(|amount| u32::try_from(amount).ok()).unwrap_or(0)
    };
    let full_time = amount(&mut read, "full_time");
    let part_time = amount(&mut read, "part_time");
    let on = read.date("on").required().get();
    let remark = read.text("remark").max(limits::TEXT_CHARS).lines().opt().unwrap_or_default();
    read.finish()?;
    let campus = form.value("campus").and_then(|number| number.parse().ok()).unwrap_or(0);
    Ok(DeclarationDraft { campus, full_time, part_time, on, remark })
}

pub(in crate::pages) async fn submit(
    State(pages): State<GuardsPages>,
    Path((id, act)): Path<(UnitId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (rules, lang) = (pages.rules(), visit.lang());
    let seen = see(&visit, &rules, id).await?;
    let rows = typed(&form);
    let described = if act == "campuses" { campuses(&rows) } else { Ok(Vec::new()) };
    let described = match described {
        Ok(described) => described,
        // A program is told the first.
        Err(mut wrong) if visit.prefs.json => {
            return Err(Problem::Refused(wrong.swap_remove(0).refusal).into());
        }
        Err(wrong) => {
            let failed = Wrong::told(&wrong, visit.form().keep(&form), &visit.desk.sentences);
            let forms = (visit.form().with("on", visit.now().local_date()), failed);
            return Ok(again(&visit, &rules, &seen, forms, Some(rows)));
        }
    };
    let done = async {
        let work = UnitOfWork::new(visit.actor(), command_id);
        let work = match act.as_str() {
            "declare" => {
                let draft = declaration(&form)?;
                work.ask::<Gate>(gate_of(id), GateCommand::Declare { unit: id, draft })
            }
            "campuses" => {
                let command = UnitCommand::Campuses(described.clone());
                match form.value("_version").and_then(|version| version.parse::<u64>().ok()) {
                    Some(version) => work.ask_seen::<Unit>(id, version, command),
                    None => work.ask::<Unit>(id, command),
                }
            }
            _ => return Err(Problem::NotFound),
        };
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => {
            let done = if act == "declare" { texts::declared_done(lang) } else { texts::campuses_done(lang) };
            Ok(see_other_saying(&school_href(id), &Flash::done(done)))
        }
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let failed = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let (forms, rows) = if act == "declare" {
                ((failed, visit.form()), None)
            } else {
                ((visit.form().with("on", visit.now().local_date()), failed), Some(rows))
            };
            Ok(again(&visit, &rules, &seen, forms, rows))
        }
        Err(other) => Err(other.into()),
    }
}
