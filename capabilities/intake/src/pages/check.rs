//! The dry run: what is new, what changes from what to what, what cannot be taken and where; then the confirmation.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use language::Lang;
use uuid::Uuid;
use web::{
    Failed, FormState, Posted, Shell, Visit, see_other,
    view::{Cell, Column, Fact, Level, Mark, Table},
};

use super::{IntakePages, MANAGE, href, is_for_the_form};
use crate::{
    batch::{Batch, Stage},
    import::Importer,
    plan::{Action, Change, Plan, RowPlan, new_kind},
    texts, words,
};

/// Lines of each table that are shown; the counts are of all of them.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "intake/check.html")]
pub(crate) struct CheckPage {
    pub shell: Shell,
    pub form: FormState,
    pub facts: Vec<Fact>,
    pub notes: Vec<Mark>,
    pub problems: Table,
    pub created: Table,
    pub changed: Table,
    pub seen: String,
    pub action: String,
    pub back: String,
    pub confirm: String,
    pub may_apply: bool,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
) -> Result<Response, Failed> {
    visit.need_any(MANAGE)?;
    let (batch, plan) = pages.importer(&visit).dry_run(visit.viewer.account, id).await?;
    if matches!(batch.stage, Stage::Applying | Stage::Done) {
        return Ok(see_other(&href(id)));
    }
    Ok(web::page(&compose(visit.lang(), shell(&visit), visit.form(), &batch, &plan)))
}

fn shell(visit: &Visit) -> Shell {
    visit.shell(texts::intake_check_title(visit.lang())).at("intake")
}

pub(crate) fn compose(lang: Lang, shell: Shell, form: FormState, batch: &Batch, plan: &Plan) -> CheckPage {
    let (created, changed) = (plan.count(Action::Create), plan.count(Action::Change));
    let same = plan.count(Action::Same);
    let fact = |name: &str, count: usize| Fact::new(name, count.to_string());
    CheckPage {
        facts: vec![
            Fact::new(texts::intake_file(lang), words::source(batch)),
            fact(texts::intake_new(lang), created),
            fact(texts::intake_changed(lang), changed),
            fact(texts::intake_same(lang), same),
            fact(texts::intake_problems(lang), plan.problems.len()),
            fact(texts::intake_passed_over(lang), plan.passed_over),
        ],
        notes: notes(lang, plan),
        problems: problems(lang, batch, plan),
        created: new_units(lang, plan),
        changed: changes(lang, plan),
        seen: plan.digest(),
        action: format!("{}/apply", href(batch.id)),
        back: format!("{}?columns=1", href(batch.id)),
        confirm: texts::intake_confirm(lang, created, changed),
        may_apply: plan.problems.is_empty() && created + changed > 0,
        form,
        shell: shell.back_to(href(batch.id)),
    }
}

fn notes(lang: Lang, plan: &Plan) -> Vec<Mark> {
    let mut notes = Vec::new();
    let mut say = |level: Level, text: &str| notes.push(Mark::new(level, text));
    if !plan.problems.is_empty() {
        say(Level::Red, &texts::intake_note_problems(lang, plan.problems.len()));
    }
    if plan.failing_codes > 0 {
        say(Level::Yellow, &texts::intake_note_failing(lang, plan.failing_codes));
    }
    if plan.missing_codes > 0 {
        say(Level::Yellow, &texts::intake_note_missing(lang, plan.missing_codes));
    }
    if plan.people_ignored {
        say(Level::Blue, texts::intake_note_people(lang));
    }
    if plan.problems.is_empty() && plan.rows.iter().all(|row| row.action == Action::Same) {
        say(Level::Done, texts::intake_note_same(lang));
    }
    notes
}

fn caption(lang: Lang, title: &str, all: usize) -> String {
    if all > SHOWN { texts::intake_first_of(lang, title, SHOWN, all) } else { title.to_owned() }
}

fn problems(lang: Lang, batch: &Batch, plan: &Plan) -> Table {
    let line = |problem: &crate::CellProblem| {
        let label = problem.column.and_then(|column| batch.body.header.labels.get(column));
        let what = problem.field.map(|field| words::field(lang, field));
        let place = match problem.column {
            Some(_) => texts::intake_cell(lang, problem.address()),
            None => texts::intake_whole_row(lang, problem.row),
        };
        vec![
            Cell::text(place),
            Cell::text(label.filter(|label| !label.is_empty()).cloned().or(what).unwrap_or_default()),
            Cell::text(words::problem(lang, problem)),
        ]
    };
    Table {
        caption: caption(lang, texts::intake_problems(lang), plan.problems.len()),
        columns: vec![
            Column::new(texts::intake_where(lang)),
            Column::new(texts::intake_what(lang)),
            Column::new(texts::intake_problem(lang)),
        ],
        rows: plan.problems.iter().take(SHOWN).map(line).collect(),
    }
}

fn new_units(lang: Lang, plan: &Plan) -> Table {
    let line = |row: &RowPlan| {
        let kind = new_kind(row).map(|kind| web::names::unit_kind(lang, kind)).unwrap_or_default();
        vec![Cell::text(row.row.to_string()), Cell::text(&row.name), Cell::text(&row.code), Cell::text(kind)]
    };
    let rows = plan.rows.iter().filter(|row| row.action == Action::Create);
    Table {
        caption: caption(lang, texts::intake_new(lang), rows.clone().count()),
        columns: vec![
            Column::new(texts::intake_row(lang)).number(),
            Column::new(texts::intake_unit(lang)),
            Column::new(words::field(lang, crate::Field::Code)),
            Column::new(words::field(lang, crate::Field::Kind)),
        ],
        rows: rows.take(SHOWN).map(line).collect(),
    }
}

fn changes(lang: Lang, plan: &Plan) -> Table {
    let line = |(row, change): (&RowPlan, &Change)| {
        let shown = |value: &str| words::value(lang, change.field, value);
        vec![
            Cell::text(row.row.to_string()),
            Cell::text(&row.name).more(&row.code),
            Cell::text(words::field(lang, change.field)),
            Cell::text(texts::intake_from_to(lang, shown(&change.old), shown(&change.new))),
        ]
    };
    let rows = plan.rows.iter().filter(|row| row.action == Action::Change);
    let all = rows.flat_map(|row| row.changes.iter().map(move |change| (row, change)));
    Table {
        caption: caption(lang, texts::intake_changed(lang), all.clone().count()),
        columns: vec![
            Column::new(texts::intake_row(lang)).number(),
            Column::new(texts::intake_unit(lang)),
            Column::new(texts::intake_what(lang)),
            Column::new(texts::intake_difference(lang)),
        ],
        rows: all.take(SHOWN).map(line).collect(),
    }
}

/// Confirms what was shown, or goes on with what was interrupted. The writing happens behind the page.
pub(super) async fn apply(
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    visit.need_any(MANAGE)?;
    let (importer, owner) = (pages.importer(&visit), visit.viewer.account);
    let batch = importer.batch(owner, id).await?;
    if batch.stage != Stage::Applying {
        let begun = importer.begin(owner, id, form.value("seen").unwrap_or_default()).await;
        match begun {
            Ok(()) => {}
            Err(problem) if is_for_the_form(&problem) => {
                let (batch, plan) = importer.dry_run(owner, id).await?;
                let state = visit.form().failed(&problem, &visit.desk.sentences);
                let page = compose(visit.lang(), shell(&visit), state, &batch, &plan);
                return Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
            }
            Err(other) => return Err(other.into()),
        }
    }
    carry_on(&visit, importer, id);
    Ok(see_other(&href(id)))
}

fn carry_on(visit: &Visit, importer: Importer, id: Uuid) {
    let (desk, owner) = (visit.desk.clone(), visit.viewer.account);
    // Before the next page asks whether it runs.
    if !importer.claim(id) {
        return;
    }
    tokio::spawn(async move {
        if let Err(problem) = importer.claimed(owner, id).await {
            tracing::error!(%problem, %id, "an import was interrupted");
        }
        // What people may see hangs on the units.
        desk.sessions.bump();
    });
}
