//! An adjustment is drafted.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::Note;
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, UnitId, limits};
use serde::Deserialize;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Empty, Link},
};

use super::{
    RulesPages,
    fields::{self, Topic},
    href, rule_href,
};
use crate::{
    change::Change,
    command::{AdjustmentCommand, Draft},
    subject::Adjustment,
    texts,
};

/// What the draft is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    pub rule: String,
    pub choose: String,
    pub category: String,
    pub calendar: String,
}

/// The fields of a draft, on the page that begins one and on the record.
pub(super) struct Fields {
    pub kind: &'static str,
    pub hidden: Vec<(&'static str, String)>,
    pub now: String,
    pub units: Vec<Choice>,
    pub steps: Vec<(String, String)>,
    pub variants: Vec<Choice>,
    pub earliest: String,
}

impl Fields {
    pub(super) fn of(visit: &Visit, topic: &Topic) -> Self {
        let lang = visit.lang();
        Self {
            kind: topic.kind(),
            hidden: topic.hidden(),
            now: topic.now(lang),
            units: fields::units(lang),
            steps: fields::steps(lang, topic),
            variants: fields::variants(lang, topic),
            earliest: visit.now().local_date().tomorrow().map(|day| day.to_string()).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "adjustment/new.html")]
struct NewPage {
    shell: Shell,
    form: FormState,
    about: String,
    fields: Fields,
}

fn compose(visit: &Visit, pages: &RulesPages, topic: &Topic, form: FormState) -> NewPage {
    let lang = visit.lang();
    let back = match topic {
        Topic::Value(rule) | Topic::Choose(rule, _) => rule_href(&rule.id),
        Topic::Calendar => "/rules/calendar".to_owned(),
        Topic::Prefill(_) => "/rules/prefill".to_owned(),
    };
    NewPage {
        about: topic.title(lang, &pages.ruling.book()),
        fields: Fields::of(visit, topic),
        form,
        shell: visit.shell(texts::new_title(lang)).at("rules").back_to(back),
    }
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<RulesPages>,
    Query(query): Query<NewQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::DRAFT)?;
    let (rules, today) = (pages.ruling.book(), visit.now().local_date());
    let named = |name: &str| match name {
        "rule" => query.rule.clone(),
        "choose" => query.choose.clone(),
        "category" => query.category.clone(),
        _ => query.calendar.clone(),
    };
    if ["rule", "category", "calendar"].iter().all(|name| named(name).is_empty()) {
        return Ok(web::page(&nothing(&visit)));
    }
    let topic = Topic::named(&rules, today, named).ok_or(Problem::NotFound)?;
    let form = fields::filled(visit.form(), &topic, &rules);
    let form = match today.tomorrow() {
        Ok(tomorrow) => form.with("from", tomorrow),
        Err(_) => form,
    };
    Ok(web::page(&compose(&visit, &pages, &topic, form)))
}

#[derive(Template)]
#[template(path = "adjustment/nothing.html")]
struct NothingPage {
    shell: Shell,
    empty: Empty,
}

/// Nothing was named that is to be changed.
fn nothing(visit: &Visit) -> NothingPage {
    let lang = visit.lang();
    NothingPage {
        empty: Empty {
            sentence: texts::new_nothing(lang).to_owned(),
            act: Some(Link::new(texts::tab_rules(lang), "/rules")),
            icon: "book",
        },
        shell: visit.shell(texts::new_title(lang)).at("rules").back_to("/rules"),
    }
}

/// The county whose rules the viewer works on: his own, or the first at which he drafts.
async fn county_of(visit: &Visit) -> Result<UnitId, Problem> {
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| {
            let held = viewer.grants.iter().map(|grant| grant.held.unit);
            for unit in std::iter::once(viewer.home.id).chain(held) {
                if viewer.may_over(tx, "rules.manage", unit)? {
                    return Ok(unit);
                }
            }
            Err(Problem::Forbidden)
        })
        .await
}

/// The topic that a form names.
pub(super) fn topic_of(visit: &Visit, pages: &RulesPages, form: &FormData) -> Result<Topic, Problem> {
    let named = |name: &str| form.value(name).unwrap_or_default().to_owned();
    Topic::named(&pages.ruling.book(), visit.now().local_date(), named).ok_or(Problem::NotFound)
}

/// A draft as a form sends it.
pub(super) fn read(topic: &Topic, county: UnitId, form: &FormData) -> Result<Draft, Problem> {
    let changes: Vec<Change> = fields::read(topic, form)?;
    let mut read = form.reader();
    let from = read.date("from").required().get();
    let note = read.text("note").required().max(limits::TEXT_CHARS).lines().get();
    read.finish()?;
    Ok(Draft { county, from, changes, reason: Note { note, photos: Vec::new() } })
}

pub(super) async fn submit(State(pages): State<RulesPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(super::DRAFT)?;
    let topic = topic_of(&visit, &pages, &form)?;
    let county = county_of(&visit).await?;
    // Sent twice, it is one draft.
    let id = StreamId(command_id.0);
    let done = async {
        let draft = read(&topic, county, &form)?;
        let work =
            UnitOfWork::new(visit.actor(), command_id).ask::<Adjustment>(id, AdjustmentCommand::Draft(draft));
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::new_done(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = fields::labelled(visit.form(), visit.lang()).keep(&form);
            let state = state.failed(&fields::placed(problem, &topic), &visit.desk.sentences);
            let page = compose(&visit, &pages, &topic, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
