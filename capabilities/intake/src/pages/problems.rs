//! What cannot be taken of a file, as a file: it goes back to the school that filled the table in.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use documents::{Cell, Head, TableRow};
use exports::{Format, Sheet};
use kernel::limits;
use language::Lang;
use serde::Deserialize;
use uuid::Uuid;
use web::{Failed, Visit, see_other, view::Link};

use super::{IntakePages, RUN, href};
use crate::{
    batch::{self, Batch, Stage},
    content::Content,
    field::Field,
    plan::Plan,
    row::CellProblem,
    texts, words,
};

/// Which file is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FileQuery {
    format: String,
}

/// The two ways out, where there is something to take out.
pub(super) fn links(lang: Lang, batch: &Batch, plan: &Plan) -> Vec<Link> {
    if plan.problems.is_empty() {
        return Vec::new();
    }
    let address = |format: Format| format!("{}/problems?format={}", href(batch.id), format.name());
    vec![
        Link::new(texts::intake_problems_xlsx(lang), address(Format::Xlsx)),
        Link::new(texts::intake_problems_csv(lang), address(Format::Csv)),
    ]
}

/// Whoever brought the file takes out what is wrong with it.
pub(super) async fn file(
    visit: Visit,
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Failed> {
    visit.need_any(RUN)?;
    let (batch, plan) = pages.importer(&visit).dry_run(visit.viewer.account, id).await?;
    if matches!(batch.stage, Stage::Applying | Stage::Done) {
        return Ok(see_other(&href(id)));
    }
    let vault = visit.desk.vault.clone();
    let rows = visit.read_long(move |tx| batch::rows(tx, &vault, id, limits::INTAKE_ROWS)).await?;
    let lang = visit.lang();
    let lines = lines(lang, &batch, &plan, &rows);
    let sheet =
        Sheet { plain: "problems", title: texts::intake_problems_title(lang).to_owned(), heads: heads(lang) };
    let format = Format::asked(&query.format)?;
    let answer = exports::answer(&visit, format, sheet, move |_, sink| {
        lines.iter().all(|line| sink(line));
        Ok(())
    });
    Ok(answer.await?)
}

fn heads(lang: Lang) -> Vec<Head> {
    vec![
        Head::new(texts::intake_unit(lang), 28),
        Head::new(texts::intake_where(lang), 16),
        Head::new(texts::intake_what(lang), 16),
        Head::new(texts::intake_problem(lang), 60),
    ]
}

/// Every problem with the school of its row, so that the file can be sorted by schools.
fn lines(lang: Lang, batch: &Batch, plan: &Plan, rows: &[TableRow]) -> Vec<Vec<Cell>> {
    let column = batch.mapping().columns().get(&Field::Name).copied();
    let mut schools: HashMap<u32, &str> = HashMap::new();
    let mut last = "";
    for row in rows {
        let name = column.map_or("", |column| row.cell(column)).trim();
        // A ledger's school is merged over its rows and stands in the first of them only.
        last = if name.is_empty() && batch.body.content == Content::Hazards { last } else { name };
        schools.insert(row.number, last);
    }
    let line = |problem: &CellProblem| {
        let school = schools.get(&problem.row).copied().unwrap_or_default();
        let told =
            words::told(lang, batch, problem).map(|text| Cell::from(language::plain(&text).to_string()));
        std::iter::once(Cell::from(school.to_owned())).chain(told).collect()
    };
    plan.problems.iter().map(line).collect()
}
