//! 批量办理: one act and one reason for many hazards. Each is decided and recorded apart, so that one that is refused
//! holds up no other.

mod gather;
mod send;

use askama::Template;
use axum::{extract::Query, http::StatusCode, response::Response};
use language::Lang;
use serde::Deserialize;
use web::{
    Failed, Flash, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Empty, Link},
};

use self::{
    gather::{Gathered, gather},
    send::{Sent, send},
};
use crate::{command::Extension, texts, turn::Act};

/// Where it is.
const HERE: &str = "/hazards/batch";

/// What can be done to many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BatchAct {
    /// 交办
    Assign,
    /// 延期审批
    AnswerExtension,
    /// 销号
    Close,
    /// 催办
    Urge,
}

impl BatchAct {
    const ALL: [Self; 4] = [Self::Assign, Self::AnswerExtension, Self::Close, Self::Urge];

    /// The name used in addresses; its text is the message `hazard-act-<name>`.
    const fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::AnswerExtension => "answer-extension",
            Self::Close => "close",
            Self::Urge => "urge",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// The turn it answers; urging answers none.
    const fn turn(self) -> Option<Act> {
        match self {
            Self::Assign => Some(Act::Assign),
            Self::AnswerExtension => Some(Act::AnswerExtension),
            Self::Close => Some(Act::Close),
            Self::Urge => None,
        }
    }

    fn label(self, lang: Lang) -> String {
        texts::lookup(lang, &format!("hazard-act-{}", self.name()), &[]).unwrap_or_default()
    }
}

/// Which act, and of which school.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BatchQuery {
    act: String,
    unit: String,
}

impl BatchQuery {
    fn address(&self, field: &str, value: &str) -> String {
        web::address_with(HERE, &[("act", &self.act), ("unit", &self.unit)], field, value)
    }
}

#[derive(Template)]
#[template(path = "hazard/batch.html")]
struct BatchPage {
    shell: Shell,
    acts: Vec<Link>,
    /// The schools to choose from, and which is chosen.
    schools: Vec<Choice>,
    narrow: FormState,
    act: &'static str,
    button: String,
    form: FormState,
    unit: String,
    items: Vec<Choice>,
    people: Vec<Choice>,
    verdicts: Vec<Choice>,
    /// There are more than one form holds.
    more: String,
    /// How many of the last ones were done, and those that were not, with why.
    done: String,
    refused: Vec<(Link, String)>,
    /// Several schools have something to be assigned: one is chosen first.
    choose: bool,
    empty: Option<Empty>,
}

pub(super) async fn show(visit: Visit, Query(query): Query<BatchQuery>) -> Result<Response, Failed> {
    let gathered = gather(&visit, &query).await?;
    let form = visit.form();
    Ok(web::page(&compose(&visit, gathered, form)))
}

pub(super) async fn submit(posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let said = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let query = BatchQuery { act: said("act"), unit: said("unit") };
    let lang = visit.lang();
    let sent = match send(&visit, &form, command_id).await {
        Ok(sent) => sent,
        Err(problem) if visit.prefs.json || !is_about_the_form(&problem) => return Err(problem.into()),
        Err(problem) => {
            let gathered = gather(&visit, &query).await?;
            let kept = labelled(visit.form(), lang).keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, gathered, kept);
            return Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let Sent { act, done, refused } = sent;
    let words = texts::batch_done(lang, act.label(lang), done);
    if refused.is_empty() {
        return Ok(see_other_saying(&query.address("unit", &query.unit), &Flash::done(words)));
    }
    let gathered = gather(&visit, &query).await?;
    let page = compose(&visit, gathered, labelled(visit.form(), lang).keep(&form));
    let told = texts::batch_partly(lang, words, refused.len());
    let page = BatchPage { done: told, refused, ..page };
    Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

const fn is_about_the_form(problem: &kernel::Problem) -> bool {
    matches!(problem, kernel::Problem::Refused(_) | kernel::Problem::Invalid(_))
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("item", texts::batch_items(lang))
        .label("note", texts::batch_note(lang))
        .label("responsible", texts::form_responsible(lang))
        .label("verdict", texts::form_verdict(lang))
}

fn compose(visit: &Visit, gathered: Gathered, form: FormState) -> BatchPage {
    let lang = visit.lang();
    let act = gathered.act;
    let acts = gathered.counts.iter().map(|(one, count)| {
        let link =
            Link::new(begun(&one.label(lang)), format!("{HERE}?act={}", one.name())).current(*one == act);
        match count {
            Some(count) => link.count(*count),
            None => link,
        }
    });
    let choose = act == BatchAct::Assign && gathered.unit.is_none() && gathered.schools.len() > 1;
    let schools = gathered.schools.iter().map(|(unit, name, count)| {
        Choice::new(unit.0.simple().to_string(), texts::batch_school(lang, name, *count))
    });
    let many = gathered.schools.len() > 1;
    let schools: Vec<Choice> = if many { schools.collect() } else { Vec::new() };
    let unit = gathered.unit.map(|unit| unit.0.simple().to_string()).unwrap_or_default();
    let narrow = FormState::new(lang, "").with("unit", &unit);
    let empty = gathered.items.is_empty().then(|| Empty {
        sentence: texts::batch_empty(lang, act.label(lang)),
        act: Some(Link::new(texts::today_title(lang), "/today")),
        icon: "today",
    });
    BatchPage {
        acts: acts.collect(),
        schools,
        narrow,
        act: act.name(),
        button: texts::batch_submit(lang, act.label(lang)),
        unit,
        items: gathered.items,
        people: gathered.people,
        verdicts: verdicts(lang),
        more: gathered.beyond.map(|left| texts::batch_more(lang, left)).unwrap_or_default(),
        done: String::new(),
        refused: Vec::new(),
        choose,
        empty,
        form,
        shell: visit.shell(texts::batch_title(lang)).at("today").back_to("/today"),
    }
}

/// With a capital, where a language has any.
fn begun(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn verdicts(lang: Lang) -> Vec<Choice> {
    VERDICTS
        .map(|(value, _)| {
            Choice::new(value, texts::lookup(lang, &format!("batch-{value}"), &[]).unwrap_or_default())
        })
        .into()
}

/// The answers to a request for more time.
const VERDICTS: [(&str, Extension); 2] = [("grant", Extension::Grant), ("refuse", Extension::Refuse)];
