//! One's own views of the list: save the present filter under a name, open, delete.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use exports::operated;
use kernel::{Problem, Refusal, limits};
use rules::RuleBook;
use web::{Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying, view::Empty};

use super::{
    HazardPages,
    filter::{LIST, ListQuery, sentence},
};
use crate::{
    texts,
    views::{self, Saved, SavedView},
};

const SEE: &[&str] = &["hazard.view", "hazard.view_own"];
const HERE: &str = "/hazards/views";

/// A view as it is listed.
struct Line {
    name: String,
    sentence: String,
    href: String,
}

#[derive(Template)]
#[template(path = "hazard/views.html")]
struct ViewsPage {
    shell: Shell,
    form: FormState,
    /// What would be saved, in words and as it is kept.
    sentence: String,
    kept: String,
    /// The name whose view may be replaced: said once, then done.
    replace: String,
    button: &'static str,
    lines: Vec<Line>,
    empty: Option<Empty>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(SEE)?;
    let form = visit.form();
    Ok(web::page(&compose(&visit, &pages.rules(), &query.canonical(), form, String::new()).await?))
}

async fn compose(
    visit: &Visit,
    rules: &RuleBook,
    query: &ListQuery,
    form: FormState,
    replace: String,
) -> Result<ViewsPage, Problem> {
    let (viewer, book, lang, asked) = (visit.viewer.clone(), rules.clone(), visit.lang(), query.clone());
    let (told, lines) = visit
        .read(move |tx| {
            let here = sentence(tx, &viewer, lang, &book, &asked)?;
            let views = views::all(tx, viewer.account)?;
            let line = |view: SavedView| {
                let sentence = sentence(tx, &viewer, lang, &book, &view.query)?;
                Ok(Line { name: view.name, sentence, href: view.query.address(LIST) })
            };
            Ok((here, views.into_iter().map(line).collect::<Result<Vec<_>, Problem>>()?))
        })
        .await?;
    let nothing = || Empty { sentence: texts::view_none(lang).to_owned(), act: None, icon: "hazard" };
    Ok(ViewsPage {
        form: form.label("name", texts::view_name(lang)),
        sentence: told,
        kept: query.kept(),
        button: if replace.is_empty() { texts::view_save(lang) } else { texts::view_replace(lang) },
        replace,
        empty: lines.is_empty().then(nothing),
        lines,
        shell: visit.shell(texts::view_title(lang)).at("hazards").back_to(query.address(LIST)),
    })
}

pub(super) async fn save(State(pages): State<HazardPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    visit.need_any(SEE)?;
    let lang = visit.lang();
    let kept: String =
        form.value("filter").unwrap_or_default().chars().take(limits::KEPT_FILTER_CHARS).collect();
    let query = ListQuery::read(&kept).canonical();
    let done = match name(&form) {
        Ok(name) => keep(&visit, &form, SavedView { name, query: query.clone() }).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(Saved::Done) => {
            let name = form.value("name").unwrap_or_default().trim();
            Ok(see_other_saying(&query.address(LIST), &Flash::done(texts::view_saved(lang, name))))
        }
        Ok(Saved::Exists(other)) => {
            let told = told(&visit, pages.rules(), other.query.clone()).await?;
            let refusal = Refusal::new("view-exists").with("name", &other.name).with("old", told);
            again(&visit, &pages, &form, &query, refusal.on("name").into(), other.name).await
        }
        Ok(Saved::TooMany) => {
            let refusal = Refusal::new("view-too-many").with("most", limits::SAVED_VIEWS);
            again(&visit, &pages, &form, &query, refusal.on("name").into(), String::new()).await
        }
        Err(problem @ (Problem::Invalid(_) | Problem::Refused(_))) => {
            again(&visit, &pages, &form, &query, problem, String::new()).await
        }
        Err(other) => Err(other.into()),
    }
}

fn name(form: &FormData) -> Result<String, Problem> {
    let mut read = form.reader();
    let name = read.text("name").required().max(limits::SAVED_VIEW_NAME_CHARS).get();
    read.finish()?;
    Ok(name.trim().to_owned())
}

async fn keep(visit: &Visit, form: &FormData, view: SavedView) -> Result<Saved, Problem> {
    let (account, now) = (visit.viewer.account, visit.now());
    // Replaced is only what was said to be replaced: another name typed meanwhile is asked about again.
    let replace = form.value("replace") == Some(view.name.as_str());
    operated(&visit.desk.handle, move |tx| views::save(tx, account, &view, replace, now)).await
}

async fn told(visit: &Visit, rules: RuleBook, query: ListQuery) -> Result<String, Problem> {
    let (viewer, lang) = (visit.viewer.clone(), visit.lang());
    visit.read(move |tx| sentence(tx, &viewer, lang, &rules, &query)).await
}

async fn again(
    visit: &Visit,
    pages: &HazardPages,
    form: &FormData,
    query: &ListQuery,
    problem: Problem,
    replace: String,
) -> Result<Response, Failed> {
    let named = visit.form().label("name", texts::view_name(visit.lang()));
    let state = named.keep(form).failed(&problem, &visit.desk.sentences);
    let page = compose(visit, &pages.rules(), query, state, replace).await?;
    Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn delete(posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    visit.need_any(SEE)?;
    let (account, name) = (visit.viewer.account, form.value("name").unwrap_or_default().to_owned());
    let gone = name.clone();
    visit.desk.handle.housekeep(move |tx| views::delete(tx, account, &gone)).await?;
    Ok(see_other_saying(HERE, &Flash::done(texts::view_deleted(visit.lang(), name))))
}
