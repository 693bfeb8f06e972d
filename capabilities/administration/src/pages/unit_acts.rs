//! Bringing a unit's facts up to date, renaming it, correcting its code, moving it, closing it. Each says what follows from it.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use journal::Permission;
use kernel::{Problem, Refusal, UnitId, limits};
use language::Say;
use organisation::{
    CodeCorrection, Line, Placement, Unit, UnitCommand, UnitKind, UnitState, left_behind, scope_size,
};
use web::{Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying, view::Choice};

use super::{
    common::{ask, is_for_the_form, unit_choices, unit_name, units_with, visible_unit},
    unit_facts::{attributes, attributes_form, describe_fields},
    units::href,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
    words,
};

const MANAGE: &[Permission] = &["unit.manage"];
const DESCRIBE: &[Permission] = &["unit.manage", "unit.describe"];

/// The version of the unit that the form was made from.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct SeenVersion {
    pub(super) version: Option<u64>,
}

/// Which act; its name is the last part of the address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Describe,
    Rename,
    Recode,
    Move,
    Close,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Rename => "rename",
            Self::Recode => "recode",
            Self::Move => "move",
            Self::Close => "close",
        }
    }

    const fn need(self) -> &'static [Permission] {
        match self {
            Self::Describe => DESCRIBE,
            Self::Rename | Self::Recode | Self::Move | Self::Close => MANAGE,
        }
    }
}

pub(super) async fn describe(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Describe).await
}
pub(super) async fn rename(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Rename).await
}
pub(super) async fn recode(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Recode).await
}
pub(super) async fn place(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Move).await
}
pub(super) async fn close(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Close).await
}
pub(super) async fn submit_describe(
    Path(id): Path<UnitId>,
    Query(seen): Query<SeenVersion>,
    posted: Posted,
) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Describe).await
}
pub(super) async fn submit_rename(
    Path(id): Path<UnitId>,
    Query(seen): Query<SeenVersion>,
    posted: Posted,
) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Rename).await
}
pub(super) async fn submit_recode(
    Path(id): Path<UnitId>,
    Query(seen): Query<SeenVersion>,
    posted: Posted,
) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Recode).await
}
pub(super) async fn submit_place(
    Path(id): Path<UnitId>,
    Query(seen): Query<SeenVersion>,
    posted: Posted,
) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Move).await
}
pub(super) async fn submit_close(
    Path(id): Path<UnitId>,
    Query(seen): Query<SeenVersion>,
    posted: Posted,
) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Close).await
}

async fn seen(visit: &Visit, id: UnitId, act: Act) -> Result<(UnitState, u64), Problem> {
    visit.need_any(act.need())?;
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| visible_unit(tx, &viewer, id, act.need()).map(|(unit, version, _)| (unit, version)))
        .await
}

async fn open(visit: &Visit, id: UnitId, act: Act) -> Result<Response, Failed> {
    let (unit, version) = seen(visit, id, act).await?;
    let today = visit.now().local_date();
    let form =
        visit.form().with("from", today).with("on", today).with("name", &unit.name).with("code", &unit.code);
    let form = attributes_form(form, &unit.attributes);
    Ok(compose(visit, &unit, version, act, form).await?.answer(StatusCode::OK))
}

async fn compose(
    visit: &Visit,
    unit: &UnitState,
    version: u64,
    act: Act,
    form: FormState,
) -> Result<Page, Problem> {
    let lang = visit.lang();
    let (title, button) = match act {
        Act::Describe => (texts::unit_describe(lang), texts::save_facts(lang)),
        Act::Rename => (texts::unit_rename(lang), texts::unit_rename_button(lang)),
        Act::Recode => (texts::unit_recode(lang), texts::unit_recode_button(lang)),
        Act::Move => (texts::unit_move(lang), texts::unit_move_button(lang)),
        Act::Close => (texts::unit_close(lang), texts::unit_close_button(lang)),
    };
    let shell = visit.shell(title).for_unit(&unit.name, visit.now()).at("units").back_to(href(unit.id));
    let mut page = Page::new(shell);
    let (told, fields) = match act {
        Act::Describe => (vec![texts::unit_describe_told(lang).to_owned()], describe_fields(visit, unit)),
        Act::Rename => (
            vec![texts::unit_rename_told(lang).to_owned()],
            vec![Field::text("name", texts::unit_new_name(lang))],
        ),
        Act::Recode => (vec![texts::unit_recode_told(lang).to_owned()], recode_fields(visit)),
        Act::Move => move_fields(visit, unit).await?,
        Act::Close => close_fields(visit, unit).await?,
    };
    // Closing that must fail says why and offers nothing to press.
    if fields.is_empty() {
        page.left.push(Block::Prose { title: String::new(), lines: told });
        return Ok(page);
    }
    page.left.push(Block::form(FormCard {
        id: "act",
        told,
        action: format!("{}/{}?version={version}", href(unit.id), act.name()),
        fields,
        button: button.to_owned(),
        kind: if act == Act::Close { "danger" } else { "" },
        form: form.label("boarders", texts::units_boarders(lang)),
        ..FormCard::default()
    }));
    Ok(page)
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

async fn move_fields(visit: &Visit, unit: &UnitState) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let viewer = visit.viewer.clone();
    let (id, above) = (unit.id, Line::ALL.map(|line| unit.parent(line)));
    let (units, names, below) = visit
        .read(move |tx| {
            let mut names = Vec::new();
            for (line, parent) in Line::ALL.into_iter().zip(above) {
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
        .filter(|u| u.id != id && (!u.kind.is_institution() || u.kind == UnitKind::CentralSchool))
        .collect();
    let mut told: Vec<String> =
        names.iter().map(|(line, name)| texts::unit_hangs(lang, words::line(lang, *line), name)).collect();
    told.push(texts::unit_move_told(lang).to_owned());
    if below > 1 {
        told.push(texts::unit_move_below(lang, below - 1));
    }
    let lines = Line::ALL.iter().map(|line| Choice::new(line.name(), words::line(lang, *line))).collect();
    let fields = vec![
        Field::radios("line", texts::unit_move_line(lang), lines),
        Field::select("parent", texts::unit_move_parent(lang), unit_choices(visit, &superiors)),
        Field::date("from", texts::unit_from(lang), visit.now().local_date())
            .hint(texts::unit_move_from_hint(lang)),
    ];
    Ok((told, fields))
}

async fn close_fields(visit: &Visit, unit: &UnitState) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let id = unit.id;
    let (below, people) = visit.read(move |tx| Ok(left_behind(tx, id)?)).await?;
    let mut told = vec![texts::unit_close_told(lang).to_owned()];
    if below > 0 {
        told.push(texts::unit_close_below(lang, below));
    }
    if people > 0 {
        told.push(texts::unit_close_people(lang, people));
    }
    if below > 0 || people > 0 {
        return Ok((told, Vec::new()));
    }
    let fields = vec![
        Field::date("on", texts::unit_close_on(lang), visit.now().local_date()),
        Field::tick("sure", texts::unit_close_sure(lang, &unit.name)),
    ];
    Ok((told, fields))
}

/// A superior within reach, said at its field.
async fn check(visit: &Visit, command: &UnitCommand) -> Result<(), Problem> {
    let viewer = visit.viewer.clone();
    match command {
        UnitCommand::Place(placement) => {
            let parent = placement.parent;
            let may = visit.read(move |tx| Ok(viewer.may_over(tx, "unit.manage", parent)?)).await?;
            if may { Ok(()) } else { Err(Refusal::new("unit-parent-unknown").on("parent").into()) }
        }
        UnitCommand::Create(_)
        | UnitCommand::Rename(_)
        | UnitCommand::Recode(_)
        | UnitCommand::Describe(_)
        | UnitCommand::Close(_) => Ok(()),
    }
}

/// The command a form asks for.
fn command(visit: &Visit, unit: &UnitState, act: Act, form: &FormData) -> Result<UnitCommand, Problem> {
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
        Act::Move => {
            let lines: Vec<(&str, Line)> = Line::ALL.iter().map(|line| (line.name(), *line)).collect();
            let line = read.choice("line", &lines).required().get();
            let parent = read.id::<UnitId>("parent").required().get();
            let from = read.date("from").required().not_after(today).get();
            if let (Some(line), Some(from)) = (line, from)
                && let Some(since) = unit.placements.iter().rfind(|p| p.line == line).map(|p| p.from)
                && from < since
            {
                read.note(
                    "from",
                    Refusal::new("unit-move-early").with("since", Say(visit.lang()).day(since)),
                );
            }
            match (line, parent, from) {
                (Some(line), Some(parent), Some(from)) => {
                    Some(UnitCommand::Place(Placement { line, parent, from }))
                }
                _ => None,
            }
        }
        Act::Close => {
            let on = read.date("on").required().not_after(today).get();
            if !read.flag("sure") {
                read.note("sure", Refusal::new("unit-close-unsure"));
            }
            on.map(UnitCommand::Close)
        }
    };
    read.finish()?;
    command.ok_or_else(|| Problem::Invalid(Vec::new()))
}

async fn submit(id: UnitId, known: Option<u64>, posted: Posted, act: Act) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (unit, version) = seen(&visit, id, act).await?;
    let done = async {
        let command = command(&visit, &unit, act, &form)?;
        check(&visit, &command).await?;
        ask::<Unit>(&visit, command_id, id, known, command).await
    };
    let lang = visit.lang();
    match done.await {
        Ok(false) => Ok(see_other_saying(&href(id), &Flash::done(texts::nothing_changed(lang)))),
        Ok(true) => {
            let text = match act {
                Act::Describe => texts::unit_described(lang),
                Act::Rename => texts::unit_renamed(lang),
                Act::Recode => texts::unit_recoded(lang),
                Act::Move => texts::unit_moved(lang),
                Act::Close => texts::unit_closed(lang),
            };
            Ok(see_other_saying(&href(id), &Flash::done(text)))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &unit, version, act, state).await?;
            Ok(page.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
