//! Bringing a unit's facts up to date, renaming it, moving it, closing it. Each says what follows from it.

use axum::{extract::{Path, Query}, http::StatusCode, response::Response};
use journal::Permission;
use kernel::{Problem, Refusal, UnitId, limits};
use language::Say;
use organisation::{Attributes, CanteenMode, Line, Placement, Unit, UnitCommand, UnitKind, UnitState, scope_size};
use web::{Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying, view::{Choice, yes_no}};

use super::{
    common::{ask, is_for_the_form, unit_choices, unit_name, units_with, visible_unit},
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
    version: Option<u64>,
}

/// Which act; its name is the last part of the address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Describe,
    Rename,
    Move,
    Close,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Rename => "rename",
            Self::Move => "move",
            Self::Close => "close",
        }
    }

    const fn need(self) -> &'static [Permission] {
        match self {
            Self::Describe => DESCRIBE,
            Self::Rename | Self::Move | Self::Close => MANAGE,
        }
    }
}

pub(super) async fn describe(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Describe).await
}
pub(super) async fn rename(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Rename).await
}
pub(super) async fn place(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Move).await
}
pub(super) async fn close(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Close).await
}
pub(super) async fn submit_describe(Path(id): Path<UnitId>, Query(seen): Query<SeenVersion>, posted: Posted) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Describe).await
}
pub(super) async fn submit_rename(Path(id): Path<UnitId>, Query(seen): Query<SeenVersion>, posted: Posted) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Rename).await
}
pub(super) async fn submit_place(Path(id): Path<UnitId>, Query(seen): Query<SeenVersion>, posted: Posted) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Move).await
}
pub(super) async fn submit_close(Path(id): Path<UnitId>, Query(seen): Query<SeenVersion>, posted: Posted) -> Result<Response, Failed> {
    submit(id, seen.version, posted, Act::Close).await
}

async fn seen(visit: &Visit, id: UnitId, act: Act) -> Result<(UnitState, u64), Problem> {
    visit.need_any(act.need())?;
    let viewer = visit.viewer.clone();
    visit.read(move |tx| visible_unit(tx, &viewer, id, act.need()).map(|(unit, version, _)| (unit, version))).await
}

async fn open(visit: &Visit, id: UnitId, act: Act) -> Result<Response, Failed> {
    let (unit, version) = seen(visit, id, act).await?;
    let today = visit.now().local_date();
    let form = visit.form().with("from", today).with("on", today).with("name", &unit.name);
    let form = attributes_form(form, &unit.attributes);
    Ok(compose(visit, &unit, version, act, form).await?.answer(StatusCode::OK))
}

fn attributes_form(form: FormState, a: &Attributes) -> FormState {
    let degrees = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    form.with("pupils", a.pupils)
        .with("boarders", a.boarders)
        .with("staff", a.staff)
        .with("classes", a.classes)
        .with("private", u8::from(a.private))
        .with("canteen", canteen_name(a.canteen))
        .with("latitude", degrees(a.latitude))
        .with("longitude", degrees(a.longitude))
        .with("address", &a.address)
        .with("telephone", &a.telephone)
}

const CANTEENS: [(&str, Option<CanteenMode>); 5] = [
    ("unsaid", None),
    ("own", Some(CanteenMode::Own)),
    ("contracted", Some(CanteenMode::Contracted)),
    ("delivered", Some(CanteenMode::Delivered)),
    ("none", Some(CanteenMode::None)),
];

fn canteen_name(mode: Option<CanteenMode>) -> &'static str {
    CANTEENS.iter().find(|(_, known)| *known == mode).map_or("unsaid", |(name, _)| name)
}

async fn compose(visit: &Visit, unit: &UnitState, version: u64, act: Act, form: FormState) -> Result<Page, Problem> {
    let lang = visit.lang();
    let (title, button) = match act {
        Act::Describe => (texts::unit_describe(lang), texts::save_facts(lang)),
        Act::Rename => (texts::unit_rename(lang), texts::unit_rename_button(lang)),
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
        Act::Move => move_fields(visit, unit).await?,
        Act::Close => close_fields(visit, unit).await?,
    };
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

fn describe_fields(visit: &Visit, unit: &UnitState) -> Vec<Field> {
    let lang = visit.lang();
    let mut fields = Vec::new();
    if unit.kind.is_institution() {
        let canteens = CANTEENS.iter().map(|(name, mode)| Choice::new(*name, words::canteen(lang, *mode))).collect();
        fields.push(Field::text("pupils", texts::units_pupils(lang)).digits());
        fields.push(Field::text("boarders", texts::units_boarders(lang)).digits());
        fields.push(Field::text("classes", texts::unit_classes(lang)).digits());
        fields.push(Field::radios("private", texts::unit_private_question(lang), yes_no(lang)));
        fields.push(Field::select("canteen", texts::unit_canteen(lang), canteens));
    }
    fields.push(Field::text("staff", texts::units_staff(lang)).digits());
    fields.push(Field::text("address", texts::unit_address(lang)).optional());
    fields.push(Field::text("telephone", texts::unit_telephone(lang)).hint(texts::unit_telephone_hint(lang)).optional());
    fields.push(Field::text("latitude", texts::unit_latitude(lang)).hint(texts::unit_position_hint(lang)).decimal().optional());
    fields.push(Field::text("longitude", texts::unit_longitude(lang)).decimal().optional());
    fields
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
    let mut told: Vec<String> = names
        .iter()
        .map(|(line, name)| texts::unit_hangs(lang, words::line(lang, *line), name))
        .collect();
    told.push(texts::unit_move_told(lang).to_owned());
    if below > 1 {
        told.push(texts::unit_move_below(lang, below - 1));
    }
    let lines = Line::ALL.iter().map(|line| Choice::new(line.name(), words::line(lang, *line))).collect();
    let fields = vec![
        Field::radios("line", texts::unit_move_line(lang), lines),
        Field::select("parent", texts::unit_move_parent(lang), unit_choices(visit, &superiors)),
        Field::date("from", texts::unit_from(lang), visit.now().local_date()).hint(texts::unit_move_from_hint(lang)),
    ];
    Ok((told, fields))
}

async fn close_fields(visit: &Visit, unit: &UnitState) -> Result<(Vec<String>, Vec<Field>), Problem> {
    let lang = visit.lang();
    let id = unit.id;
    let (below, people) = visit
        .read(move |tx| {
            let people = "SELECT count(*) FROM person WHERE unit_id = ?1 AND active = TRUE";
            Ok((scope_size(tx, id, Line::Management)?, tx.count(people, storage::params![id])?))
        })
        .await?;
    let mut told = vec![texts::unit_close_told(lang).to_owned()];
    if below > 1 {
        told.push(texts::unit_close_below(lang, below - 1));
    }
    if people > 0 {
        told.push(texts::unit_close_people(lang, people));
    }
    let fields = vec![
        Field::date("on", texts::unit_close_on(lang), visit.now().local_date()),
        Field::tick("sure", texts::unit_close_sure(lang, &unit.name)),
    ];
    Ok((told, fields))
}

/// The command a form asks for.
fn command(visit: &Visit, unit: &UnitState, act: Act, form: &FormData) -> Result<UnitCommand, Problem> {
    let today = visit.now().local_date();
    let mut read = form.reader();
    let command = match act {
        Act::Describe => return attributes(&unit.attributes, form).map(UnitCommand::Describe),
        Act::Rename => Some(UnitCommand::Rename(read.text("name").required().max(limits::NAME_CHARS).get())),
        Act::Move => {
            let lines: Vec<(&str, Line)> = Line::ALL.iter().map(|line| (line.name(), *line)).collect();
            let line = read.choice("line", &lines).required().get();
            let parent = read.id::<UnitId>("parent").required().get();
            let from = read.date("from").required().not_after(today).get();
            if let (Some(line), Some(from)) = (line, from)
                && let Some(since) = unit.placements.iter().rfind(|p| p.line == line).map(|p| p.from)
                && from < since
            {
                read.note("from", Refusal::new("unit-move-early").with("since", Say(visit.lang()).day(since)));
            }
            match (line, parent, from) {
                (Some(line), Some(parent), Some(from)) => Some(UnitCommand::Place(Placement { line, parent, from })),
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

/// Facts that the form of this kind of unit does not show stay as they are.
fn attributes(old: &Attributes, form: &FormData) -> Result<Attributes, Problem> {
    const MOST: i64 = 100_000;
    let mut read = form.reader();
    let mut count = |field: &'static str, old: u32| match form.value(field) {
        None => old,
        Some(_) => read.int(field).required().range(0, MOST).get().and_then(|n| u32::try_from(n).ok()).unwrap_or(old),
    };
    let (pupils, boarders) = (count("pupils", old.pupils), count("boarders", old.boarders));
    let (staff, classes) = (count("staff", old.staff), count("classes", old.classes));
    let canteen = read.choice("canteen", &CANTEENS).get();
    let address = read.text("address").max(limits::NAME_CHARS).get();
    let telephone = read.text("telephone").max(40).get();
    let mut degrees = |field: &'static str, most: f64| {
        let text = read.text(field).max(20).opt()?;
        let value = text.parse::<f64>().ok().filter(|v| v.is_finite() && v.abs() <= most);
        if value.is_none() {
            read.note(field, Refusal::new("position-outside"));
        }
        value
    };
    let (latitude, longitude) = (degrees("latitude", 90.0), degrees("longitude", 180.0));
    if latitude.is_some() != longitude.is_some() && !read.has_problem("latitude") && !read.has_problem("longitude") {
        let missing = if latitude.is_none() { "latitude" } else { "longitude" };
        read.note(missing, Refusal::new("position-half"));
    }
    let private = form.value("private").map_or(old.private, |value| value == "1");
    read.finish()?;
    let canteen = canteen.unwrap_or(old.canteen);
    Ok(Attributes { pupils, boarders, staff, classes, private, canteen, latitude, longitude, address, telephone })
}

async fn submit(id: UnitId, known: Option<u64>, posted: Posted, act: Act) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (unit, version) = seen(&visit, id, act).await?;
    let done = async {
        let command = command(&visit, &unit, act, &form)?;
        if let UnitCommand::Place(placement) = &command {
            let (viewer, parent) = (visit.viewer.clone(), placement.parent);
            let may = visit.read(move |tx| Ok(viewer.may_over(tx, "unit.manage", parent)?)).await?;
            if !may {
                return Err(Refusal::new("unit-parent-unknown").on("parent").into());
            }
        }
        ask::<Unit>(&visit, command_id, id, known, command).await
    };
    let lang = visit.lang();
    match done.await {
        Ok(()) => {
            let text = match act {
                Act::Describe => texts::unit_described(lang),
                Act::Rename => texts::unit_renamed(lang),
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
