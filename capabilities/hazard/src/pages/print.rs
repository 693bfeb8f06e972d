//! The record of a hazard on paper.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::StreamId;
use web::{
    Failed, Shell, Visit,
    view::{Fact, Moment, Photo as Shown},
};

use super::{
    HazardPages, carried,
    facts::{facts, plan_facts},
    href,
    record::see,
    timeline::{decoded, moments, shown},
};
use crate::{texts, words};

#[derive(Template)]
#[template(path = "hazard/print.html")]
struct PrintPage {
    shell: Shell,
    number: String,
    facts: Vec<Fact>,
    description: String,
    photos: Vec<Shown>,
    plan: Vec<Fact>,
    moments: Vec<Moment>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Path(id): Path<StreamId>,
) -> Result<Response, Failed> {
    let seen = see(&visit, &pages, id).await?;
    let lang = visit.lang();
    let rules = pages.rules();
    let state = &seen.record.state;
    let events = decoded(&seen.record.events);
    let mut moments = moments(lang, &rules, id, &events, &seen.names);
    moments.reverse();
    let mut all = facts(lang, &rules, &seen);
    all.extend(carried::facts(lang, &seen.record.events, &seen.carried));
    all.push(Fact::new(texts::record_level(lang), words::level(lang, state.level)));
    all.push(Fact::new(texts::record_stage(lang), words::stage(lang, state.stage.code())));
    Ok(web::page(&PrintPage {
        number: state.number.to_string(),
        facts: all,
        description: state.description.clone().unwrap_or_else(|| texts::record_erased(lang).to_owned()),
        photos: state.photos.iter().map(|photo| shown(lang, id, photo)).collect(),
        plan: plan_facts(lang, &seen),
        moments,
        shell: visit
            .shell(texts::print_title(lang))
            .for_unit(&seen.unit_name, visit.now())
            .at("hazards")
            .back_to(href(id)),
    }))
}
