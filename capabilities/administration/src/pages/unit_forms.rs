//! What is asked on the form of each act on a unit, and how the answers are read.

use kernel::{Problem, Refusal, UnitId, limits};
use organisation::{
    Assigned, CodeCorrection, KindCorrection, Line, Placement, Unassigned, UnitCommand, UnitKind, UnitState,
    left_behind, scope_size, unit_brief,
};
use web::{FormData, FormState, Visit, view::Choice};

use super::{
    common::{unit_choices, unit_name, units_with},
    unit_acts::Act,
    unit_facts::{attributes, attributes_form, describe_fields},
};
use crate::{texts, view::Field, words};

/// The form as it is opened: everything as it stands.
pub(super) fn filled(visit: &Visit, unit: &UnitState) -> FormState {
    let today = visit.now().local_date();
    let form = visit
        .form()
        .with("from", today)
        .with("on", today)
        .with("name", &unit.name)
        .with("code", &unit.code)
        .with("kind", unit.kind.name());
    attributes_form(form, &unit.attributes)
}

/// What is told above the form, and its fields; none when the act must fail.
pub(super) async fn fields(
    visit: &Visit,
    unit: &UnitState,
    act: Act,
) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let told = |text: &str| vec![text.to_owned()];
    if unit.closed.is_some() != (act == Act::Reopen) {
        let why = if unit.closed.is_some() { texts::unit_closed(lang) } else { texts::unit_not_closed(lang) };
        return Ok((told(why), Vec::new()));
    }
    Ok(match act {
        Act::Describe => (told(texts::unit_describe_told(lang)), describe_fields(visit, unit)),
        Act::Rename => {
            (told(texts::unit_rename_told(lang)), vec![Field::text("name", texts::unit_new_name(lang))])
        }
        Act::Recode => (told(texts::unit_recode_told(lang)), recode_fields(visit)),
        Act::Rekind => (told(texts::unit_rekind_told(lang)), rekind_fields(visit, unit).await?),
        Act::Move => move_fields(visit, unit).await?,
        Act::Assign => assign_fields(visit, unit).await?,
        Act::Unassign => unassign_fields(visit, unit).await?,
        Act::Close => close_fields(visit, unit).await?,
        Act::Reopen => (
            told(texts::unit_reopen_told(lang)),
            vec![
                Field::text("reason", texts::unit_recode_reason(lang))
                    .hint(texts::unit_reopen_reason_hint(lang)),
            ],
        ),
    })
}

fn recode_fields(visit: &Visit) -> Vec<Field> {
    let lang = visit.lang();
    vec![
        Field::text("code", texts::units_code(lang)).hint(texts::unit_code_hint(lang)).max(18),
        Field::text("reason", texts::unit_recode_reason(lang)).hint(texts::unit_recode_reason_hint(lang)),
        Field::text("code_reason", texts::unit_code_reason(lang))
            .hint(texts::unit_code_reason_hint(lang))
            .sometimes(),
    ]
}

/// The kinds that may hang where the unit hangs, and its own.
async fn rekind_fields(visit: &Visit, unit: &UnitState) -> Result<Vec<Field>, Problem> {
    let lang = visit.lang();
    let above = Line::PLACED.map(|line| unit.parent(line));
    let above = visit
        .read(move |tx| {
            let mut found = Vec::new();
            for (line, parent) in Line::PLACED.into_iter().zip(above) {
                let Some(parent) = parent else { continue };
                found.extend(unit_brief(tx, parent)?.map(|parent| (line, parent.kind)));
            }
            Ok(found)
        })
        .await?;
    let fits = |kind: UnitKind| above.iter().all(|(line, above)| kind.may_hang_under(*line, *above));
    let kinds = UnitKind::ALL
        .iter()
        .filter(|kind| **kind == unit.kind || fits(**kind))
        .map(|kind| Choice::new(kind.name(), web::names::unit_kind(lang, *kind)))
        .collect();
    Ok(vec![
        Field::select("kind", texts::unit_rekind_kind(lang), kinds),
        Field::text("reason", texts::unit_recode_reason(lang)).hint(texts::unit_rekind_reason_hint(lang)),
        Field::text("code_reason", texts::unit_code_reason(lang))
            .hint(texts::unit_rekind_code_hint(lang))
            .sometimes(),
    ])
}

async fn move_fields(visit: &Visit, unit: &UnitState) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let viewer = visit.viewer.clone();
    let (id, kind, above) = (unit.id, unit.kind, Line::PLACED.map(|line| unit.parent(line)));
    let (units, names, below) = visit
        .read(move |tx| {
            let mut names = Vec::new();
            for (line, parent) in Line::PLACED.into_iter().zip(above) {
                if let Some(parent) = parent {
                    names.push((line, unit_name(tx, parent)?));
                }
            }
            let units = units_with(tx, &viewer, "unit.manage")?;
            Ok((units, names, scope_size(tx, id, Line::Management)?))
        })
        .await?;
    let superiors: Vec<_> = units
        .into_iter()
        .filter(|u| u.id != id && Line::PLACED.iter().any(|line| kind.may_hang_under(*line, u.kind)))
        .collect();
    let mut told: Vec<String> =
        names.iter().map(|(line, name)| texts::unit_hangs(lang, words::line(lang, *line), name)).collect();
    told.push(texts::unit_move_told(lang).to_owned());
    if below > 1 {
        told.push(texts::unit_move_below(lang, below - 1));
    }
    let lines = Line::PLACED.iter().map(|line| Choice::new(line.name(), words::line(lang, *line))).collect();
    let fields = vec![
        Field::radios("line", texts::unit_move_line(lang), lines),
        Field::select("parent", texts::unit_move_parent(lang), unit_choices(visit, &superiors)),
        Field::date("from", texts::unit_from(lang), visit.now().local_date())
            .hint(texts::unit_move_from_hint(lang)),
    ];
    Ok((told, fields))
}

/// Departments and stations first: a school is assigned to an inspector's unit less often.
async fn assign_fields(visit: &Visit, unit: &UnitState) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let viewer = visit.viewer.clone();
    let units = visit.read(move |tx| units_with(tx, &viewer, "unit.manage")).await?;
    let free = |id: UnitId| id != unit.id && unit.assigned().all(|held| held.to != id);
    let mut targets: Vec<_> = units
        .into_iter()
        .filter(|u| unit.kind.may_hang_under(Line::Assignment, u.kind) && free(u.id))
        .collect();
    targets.sort_by_key(|target| target.kind.is_institution());
    let fields = vec![
        Field::select("to", texts::unit_assign_to(lang), unit_choices(visit, &targets)),
        Field::date("from", texts::unit_from(lang), visit.now().local_date()),
    ];
    Ok((vec![texts::unit_assign_told(lang).to_owned()], fields))
}

async fn unassign_fields(visit: &Visit, unit: &UnitState) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let held: Vec<_> = unit.assigned().cloned().collect();
    let choices = visit
        .read(move |tx| {
            let mut choices = Vec::with_capacity(held.len());
            for held in held {
                choices.push(Choice::new(held.to.to_string(), unit_name(tx, held.to)?));
            }
            Ok(choices)
        })
        .await?;
    if choices.is_empty() {
        return Ok((vec![texts::unit_unassign_none(lang).to_owned()], Vec::new()));
    }
    let fields = vec![
        Field::select("to", texts::unit_unassign_to(lang), choices),
        Field::date("on", texts::unit_unassign_on(lang), visit.now().local_date())
            .hint(texts::unit_unassign_on_hint(lang)),
    ];
    Ok((vec![texts::unit_unassign_told(lang).to_owned()], fields))
}

async fn close_fields(visit: &Visit, unit: &UnitState) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let id = unit.id;
    let left = visit.read(move |tx| Ok(left_behind(tx, id)?)).await?;
    let mut told = vec![texts::unit_close_told(lang).to_owned()];
    if left.below > 0 {
        told.push(texts::unit_close_below(lang, left.below, left.named.join(" / ")));
    }
    if left.people > 0 {
        told.push(texts::unit_close_people(lang, left.people));
    }
    if left.below > 0 || left.people > 0 {
        return Ok((told, Vec::new()));
    }
    let fields = vec![
        Field::date("on", texts::unit_close_on(lang), visit.now().local_date()),
        Field::tick("sure", texts::unit_close_sure(lang, &unit.name)),
    ];
    Ok((told, fields))
}

/// The command a form asks for.
pub(super) fn asked(
    visit: &Visit,
    unit: &UnitState,
    act: Act,
    form: &FormData,
) -> Result<UnitCommand, Problem> {
    let today = visit.now().local_date();
    let mut read = form.reader();
    let command = match act {
        Act::Describe => return attributes(&unit.attributes, form).map(UnitCommand::Describe),
        Act::Rename => Some(UnitCommand::Rename(read.text("name").required().max(limits::NAME_CHARS).get())),
        Act::Recode => {
            let code = read.text("code").narrow().required().max(18).get().to_ascii_uppercase();
            let reason = read.text("reason").required().max(limits::NAME_CHARS).get();
            let code_exception = read.text("code_reason").max(limits::NAME_CHARS).opt();
            Some(UnitCommand::Recode(CodeCorrection { code, code_exception, reason }))
        }
        Act::Rekind => {
            let kinds: Vec<(&str, UnitKind)> =
                UnitKind::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
            let kind = read.choice("kind", &kinds).required().get();
            let reason = read.text("reason").required().max(limits::NAME_CHARS).get();
            let code_exception = read.text("code_reason").max(limits::NAME_CHARS).opt();
            kind.map(|kind| UnitCommand::Rekind(KindCorrection { kind, reason, code_exception }))
        }
        Act::Move => {
            let lines: Vec<(&str, Line)> = Line::PLACED.iter().map(|line| (line.name(), *line)).collect();
            let line = read.choice("line", &lines).required().get();
            let parent = read.id::<UnitId>("parent").required().get();
            let from = read.date("from").required().not_after(today).get();
            line.zip(parent)
                .zip(from)
                .map(|((line, parent), from)| UnitCommand::Place(Placement { line, parent, from }))
        }
        Act::Assign => {
            let to = read.id::<UnitId>("to").required().get();
            let from = read.date("from").required().not_after(today).get();
            to.zip(from).map(|(to, from)| UnitCommand::Assign(Assigned { to, from }))
        }
        Act::Unassign => {
            let to = read.id::<UnitId>("to").required().get();
            let on = read.date("on").required().not_after(today).get();
            to.zip(on).map(|(to, on)| UnitCommand::Unassign(Unassigned { to, on }))
        }
        Act::Close => {
            let on = read.date("on").required().not_after(today).get();
            if !read.flag("sure") {
                read.note("sure", Refusal::new("unit-close-unsure"));
            }
            on.map(UnitCommand::Close)
        }
        Act::Reopen => {
            Some(UnitCommand::Reopen(read.text("reason").required().max(limits::NAME_CHARS).get()))
        }
    };
    read.finish()?;
    command.ok_or_else(|| Problem::Invalid(Vec::new()))
}
