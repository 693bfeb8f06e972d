//! Which cell was at fault when the writer refused a file.

use journal::RefusedAt;
use kernel::Problem;
use organisation::{Line, Post};

use crate::{
    batch::{Batch, Stopped},
    field::Field,
    ledger,
    plan::{RowPlan, Step},
    row::CellProblem,
    write::commands,
};

/// A code with the arguments of its sentence, and the command's fields it concerns.
struct Said<'a> {
    code: &'a str,
    args: &'a [(&'static str, String)],
    fields: Vec<&'static str>,
}

/// What the file can be told about a refusal; our own faults are not among it.
pub(crate) fn stopped(batch: &Batch, rows: &[&RowPlan], refused: &RefusedAt) -> Result<Stopped, Problem> {
    let said = match &refused.problem {
        Problem::Refused(refusal) => {
            Said { code: refusal.code, args: &refusal.args, fields: refusal.fields.clone() }
        }
        Problem::Invalid(fields) => match fields.first() {
            Some(one) => Said { code: one.refusal.code, args: &one.refusal.args, fields: vec![one.field] },
            None => Said { code: "invalid", args: &[], fields: Vec::new() },
        },
        // No cell is to blame for a full disk.
        Problem::Limit(_) => return Ok(whole_file(refused.problem.code())),
        problem @ (Problem::NotFound | Problem::Forbidden | Problem::Stale(_)) => {
            Said { code: problem.code(), args: &[], fields: Vec::new() }
        }
        Problem::Fault(_) => return Err(refused.problem.clone()),
    };
    let args = owned(said.args);
    let Some((row, step)) = refused.command.and_then(|number| at(rows, number)) else {
        return Ok(Stopped { args, ..whole_file(said.code) });
    };
    let columns = batch.mapping().columns();
    let column = field(row, step, &said).and_then(|field| columns.get(&field).copied());
    Ok(Stopped { row: row.row, column, name: row.name.clone(), code: said.code.to_owned(), args })
}

/// A problem that the dry run before the writing found.
pub(crate) fn at_cell(problem: &CellProblem) -> Stopped {
    let args = owned(&problem.args);
    Stopped { row: problem.row, column: problem.column, args, ..whole_file(problem.code) }
}

pub(crate) fn whole_file(code: &str) -> Stopped {
    Stopped { row: 0, column: None, name: String::new(), code: code.to_owned(), args: Vec::new() }
}

/// Row and step of a command, by its number in the unit of work.
fn at<'r>(rows: &[&'r RowPlan], number: usize) -> Option<(&'r RowPlan, &'r Step)> {
    let mut before = 0;
    let steps = rows.iter().flat_map(|row| row.steps.iter().map(|step| (*row, step)));
    steps.into_iter().find(|(_, step)| {
        before += commands(step);
        number < before
    })
}

/// The column behind what was refused.
fn field(row: &RowPlan, step: &Step, said: &Said<'_>) -> Option<Field> {
    let on = |names: &[&str]| said.fields.iter().any(|name| names.contains(name));
    match step {
        Step::Create(_) if on(&["name"]) => Some(Field::Name),
        Step::Create(_) if on(&["parent"]) => Some(Field::Superior),
        Step::Create(_) if on(&["boarders"]) => Some(Field::Boarders),
        Step::Create(_) if on(&["latitude"]) => Some(Field::Latitude),
        Step::Create(_) => Some(Field::Code),
        Step::Rename(_) => Some(Field::Name),
        Step::Describe(_) => row.changes.iter().map(|change| change.field).find(|field| {
            // The first difference that is a fact of the unit and neither its name nor where it hangs.
            !matches!(field, Field::Name | Field::Superior | Field::Township)
        }),
        Step::Place(placement) => {
            Some(if placement.line == Line::Territory { Field::Township } else { Field::Superior })
        }
        Step::Enter(_, posts) if on(&["phone"]) => {
            Some(if posts.contains(&Post::Head) { Field::HeadPhone } else { Field::OfficerPhone })
        }
        Step::Enter(_, posts) => Some(name_of(posts.first().copied())),
        Step::Take(_, post) => Some(name_of(Some(*post))),
        Step::EnterGuard(..) if on(&["phone"]) => Some(Field::GuardPhone),
        Step::EnterGuard(..) => Some(Field::GuardName),
        Step::Correct(..) => row
            .changes
            .iter()
            .map(|change| change.field)
            .find(|field| matches!(field, Field::HeadPhone | Field::OfficerPhone | Field::GuardPhone)),
        Step::Guard(..) => Some(Field::Certificate),
        Step::CarryOver(..) => {
            said.fields.first().and_then(|name| ledger::field_of(name)).or(Some(Field::Name))
        }
    }
}

const fn name_of(post: Option<Post>) -> Field {
    match post {
        Some(Post::Head) => Field::HeadName,
        Some(Post::Guard) => Field::GuardName,
        _ => Field::OfficerName,
    }
}

fn owned(args: &[(&'static str, String)]) -> Vec<(String, String)> {
    args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}
