//! Entering a new unit.

use axum::{extract::Query, http::StatusCode, response::Response};
use kernel::{Problem, Refusal, UnitId, limits};
use organisation::{Attributes, Line, NewUnit, Placement, Unit, UnitBrief, UnitCommand, UnitKind};
use serde::Deserialize;
use storage::Tx;
use web::{Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying, view::Choice};

use super::{
    common::{ask, is_for_the_form, unit_choices, units_with},
    units::href,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    parent: String,
}

pub(super) async fn show(visit: Visit, Query(query): Query<NewQuery>) -> Result<Response, Failed> {
    visit.need_any(&["unit.manage"])?;
    let form = visit.form().with("from", visit.now().local_date());
    let form = match UnitId::parse(&query.parent) {
        Some(above) => {
            let brief = visit.read(move |tx| Ok(organisation::unit_brief(tx, above)?)).await?;
            // What lies in a township is run by somebody else.
            let township = brief.is_some_and(|unit| unit.kind == UnitKind::Township);
            form.with(if township { "township" } else { "parent" }, above.to_string())
        }
        None => form,
    };
    Ok(compose(&visit, form).await?.answer(StatusCode::OK))
}

async fn compose(visit: &Visit, form: FormState) -> Result<Page, Problem> {
    let viewer = visit.viewer.clone();
    let units = visit.read(move |tx| units_with(tx, &viewer, "unit.manage")).await?;
    let lang = visit.lang();
    let today = visit.now().local_date();
    let asked = UnitId::parse(form.value("parent"));
    let above: Vec<UnitBrief> = units
        .iter()
        .filter(|u| {
            matches!(u.kind, UnitKind::Province | UnitKind::City | UnitKind::County | UnitKind::CentralSchool)
                // A school that runs a teaching point, when one comes from its page.
                || (Some(u.id) == asked && u.kind.holds(Line::Management))
        })
        .cloned()
        .collect();
    let places: Vec<UnitBrief> =
        units.iter().filter(|u| matches!(u.kind, UnitKind::County | UnitKind::Township)).cloned().collect();
    // Below another school only some kinds may hang; what was chosen on a form that came back stays among the choices.
    let special = units.iter().find(|u| Some(u.id) == asked && !u.kind.is_tier());
    let fits = |kind: UnitKind| {
        special.is_none_or(|above| kind.may_hang_under(Line::Management, above.kind))
            || form.value("kind") == kind.name()
    };
    let kinds: Vec<Choice> = UnitKind::ALL
        .iter()
        .filter(|kind| below(visit.viewer.home.kind, **kind) && fits(**kind))
        .map(|kind| Choice::new(kind.name(), web::names::unit_kind(lang, *kind)))
        .collect();
    let mut page = Page::new(visit.shell(texts::unit_new_title(lang)).at("units").back_to("/units"));
    page.left.push(Block::form(FormCard {
        id: "new",
        told: vec![texts::unit_new_told(lang).to_owned()],
        action: "/units/new".to_owned(),
        fields: vec![
            Field::text("name", texts::units_name(lang)).hint(texts::unit_name_hint(lang)),
            Field::select("kind", texts::units_kind(lang), kinds),
            // Left empty at a teaching point alone, which gets one.
            Field::text("code", texts::units_code(lang))
                .hint(texts::unit_code_new_hint(lang))
                .max(18)
                .sometimes(),
            Field::text("code_reason", texts::unit_code_reason(lang))
                .hint(texts::unit_code_reason_hint(lang))
                .sometimes(),
            Field::select("parent", texts::unit_parent_management(lang), unit_choices(visit, &above))
                .hint(texts::unit_parent_management_hint(lang))
                .sometimes(),
            Field::select("township", texts::unit_parent_territory(lang), unit_choices(visit, &places))
                .hint(texts::unit_parent_territory_hint(lang))
                .optional(),
            Field::date("from", texts::unit_from(lang), today),
        ],
        button: texts::unit_new(lang).to_owned(),
        form: form
            .label("name", texts::units_name(lang))
            .label("code", texts::units_code(lang))
            .label("parent", texts::unit_parent_management(lang)),
        ..FormCard::default()
    }));
    Ok(page)
}

/// A tier is entered only from one above it.
fn below(home: UnitKind, kind: UnitKind) -> bool {
    match kind {
        UnitKind::Province => false,
        UnitKind::City => home == UnitKind::Province,
        UnitKind::County => matches!(home, UnitKind::Province | UnitKind::City),
        _ => true,
    }
}

fn created(form: &FormData) -> Result<NewUnit, Problem> {
    let kinds: Vec<(&str, UnitKind)> = UnitKind::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
    let mut read = form.reader();
    let name = read.text("name").required().max(limits::NAME_CHARS).get();
    let kind = read.choice("kind", &kinds).required().get();
    let code = read.text("code").narrow().max(18).get();
    // Most teaching points have no code in any register; they are given a local one.
    if code.is_empty() && kind != Some(UnitKind::TeachingPoint) && !read.has_problem("code") {
        read.note("code", Refusal::new("field-required"));
    }
    let reason = read.text("code_reason").max(limits::NAME_CHARS).opt();
    let parent = read.id::<UnitId>("parent").get();
    // A township lies in the county that it is entered under, unless another place is chosen.
    let lies = read.id::<UnitId>("township").get();
    let township = lies.or(parent.filter(|_| kind == Some(UnitKind::Township)));
    let from = read.date("from").required().get();
    // Nobody manages nothing: said here, before anybody is asked for a right to it.
    if parent.is_none() && township.is_none() && !read.has_problem("parent") {
        read.note("parent", Refusal::new("unit-without-superior"));
    }
    read.finish()?;
    let (Some(kind), Some(from)) = (kind, from) else { return Err(Problem::Invalid(Vec::new())) };
    let on = |line: Line, parent: Option<UnitId>| parent.map(|parent| Placement { line, parent, from });
    let placements = [on(Line::Management, parent), on(Line::Territory, township)].into_iter().flatten();
    Ok(NewUnit {
        code: code.to_ascii_uppercase(),
        name,
        kind,
        attributes: Attributes::default(),
        placements: placements.collect(),
        // The decision keeps it only where one is needed.
        code_exception: reason,
    })
}

/// The local code of a teaching point that has no other: of the county above it. A form that is sent twice gets the code
/// that it got the first time.
fn issued(tx: &mut Tx, id: UnitId, new: &NewUnit) -> Result<String, Problem> {
    if let Some((unit, _)) = organisation::unit_state(tx, id)? {
        return Ok(unit.code);
    }
    for placement in &new.placements {
        let above = organisation::ancestors(tx, placement.parent, placement.line)?;
        let Some(county) = above.iter().find(|unit| unit.kind == UnitKind::County) else { continue };
        let brief = organisation::unit_brief(tx, county.id)?;
        let digits = |code: &&str| code.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(county) = brief.as_ref().and_then(|unit| unit.code.get(..6)).filter(digits) {
            let serial = organisation::free_local_serial(tx, county)?;
            return Ok(organisation::identifiers::local_code(county, serial));
        }
    }
    Err(Refusal::new("field-required").on("code").into())
}

/// The code of a township begins with that of its county.
fn lies_there(tx: &mut Tx, new: &NewUnit) -> Result<(), Problem> {
    let on_line = new.placements.iter().find(|placement| placement.line == Line::Territory);
    let Some(placement) = on_line.filter(|_| new.kind == UnitKind::Township) else { return Ok(()) };
    let above = organisation::unit_brief(tx, placement.parent)?.filter(|unit| unit.kind == UnitKind::County);
    let county = above.as_ref().and_then(|unit| unit.code.get(..6)).unwrap_or_default();
    if new.code.starts_with(county) {
        return Ok(());
    }
    Err(Refusal::new("unit-township-elsewhere").with("county", county).on("code").into())
}

pub(super) async fn submit(posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&["unit.manage"])?;
    let id = UnitId(command_id.0);
    let done = async {
        let mut created = created(&form)?;
        let viewer = visit.viewer.clone();
        let created = visit
            .read(move |tx| {
                // The writer looks at the first superior; the second one must be within reach as well.
                for placement in &created.placements {
                    if !viewer.may_over(tx, "unit.manage", placement.parent)? {
                        return Err(Refusal::new("unit-parent-unknown").on("parent").into());
                    }
                }
                if created.code.is_empty() {
                    created.code = issued(tx, id, &created)?;
                }
                lies_there(tx, &created)?;
                Ok(created)
            })
            .await?;
        ask::<Unit>(&visit, command_id, id, None, UnitCommand::Create(created)).await
    };
    match done.await {
        Ok(_) => {
            let flash = Flash::done(texts::unit_new_done(visit.lang()));
            Ok(see_other_saying(&href(id), &flash))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, state).await?.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
