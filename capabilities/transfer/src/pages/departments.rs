//! 部门通讯录: the list, one entry with its history, and its acts.

mod entry;
mod file;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, UnitId, limits};
use language::Lang;
use rules::RuleBook;
use serde::Deserialize;
use storage::Containing;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Unread, Visit, see_other_saying,
    view::{Cell, Choice, Column, Empty, Filter, Link, Table},
};

use super::TransferPages;
use crate::{
    department::{Department, DepartmentCommand, DepartmentDraft, kinds},
    query::{DepartmentFilter, DepartmentRow, departments},
    texts, words,
};

pub use self::entry::ACTS;
pub(super) use self::{
    entry::{show, submit},
    file::export,
};

const LIST: &str = "/departments";

/// Where the entry of a department is.
pub fn href(id: StreamId) -> String {
    format!("{LIST}/{}", id.0.simple())
}

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RegisterQuery {
    pub kind: String,
    pub state: String,
    pub q: String,
    pub format: String,
}

impl RegisterQuery {
    /// Without what means nothing, and what that was.
    fn settled(mut self, lang: Lang, rules: &RuleBook) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = kinds(rules).any(|kind| *kind.code == *self.kind);
        unread.clear(texts::department_kind(lang), &mut self.kind, known);
        let known = self.state == "closed";
        unread.clear(texts::department_state(lang), &mut self.state, known);
        let known = self.q.chars().any(char::is_alphanumeric);
        unread.clear(texts::list_query(lang), &mut self.q, known);
        (self, unread)
    }

    fn filter(&self) -> DepartmentFilter {
        DepartmentFilter {
            kind: (!self.kind.is_empty()).then(|| self.kind.clone()),
            closed: self.state == "closed",
            words: Containing::words(&self.q.chars().take(limits::NAME_CHARS).collect::<String>()),
        }
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let fields = [("state", self.state.as_str()), ("kind", &self.kind), ("q", &self.q)];
        web::address_with(path, &fields, field, value)
    }
}

#[derive(Template)]
#[template(path = "transfer/departments.html")]
struct RegisterPage {
    shell: Shell,
    lead: &'static str,
    filter: Filter,
    form: FormState,
    kinds: Vec<Choice>,
    state: String,
    table: Table,
    empty: Option<Empty>,
    add: Option<Link>,
}

pub(super) async fn list(
    visit: Visit,
    State(pages): State<TransferPages>,
    Query(query): Query<RegisterQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::WORK)?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let (query, unread) = query.settled(lang, &rules);
    let (viewer, filter) = (visit.viewer.clone(), query.filter());
    let found = visit.read(move |tx| departments(tx, &viewer, &filter)).await?;
    let may_add = visit.viewer.may("transfer.draft");
    let add = may_add.then(|| Link::new(texts::department_add(lang), "/departments/new"));
    let view = |label: &str, state: &str| {
        Link::new(label, query.with(LIST, "state", state)).current(query.state == state)
    };
    let mut chips = Vec::new();
    if !query.kind.is_empty() {
        let label = words::department_kind(lang, &rules, &query.kind);
        chips.push(Link::new(label, query.with(LIST, "kind", "")));
    }
    if !query.q.is_empty() {
        chips.push(Link::new(texts::list_chip_query(lang, &query.q), query.with(LIST, "q", "")));
    }
    let narrowed = !chips.is_empty();
    Ok(web::page(&RegisterPage {
        lead: texts::departments_lead(lang),
        filter: Filter {
            chips,
            unread: unread.told(lang),
            clear: LIST.to_owned(),
            views: vec![
                view(texts::departments_open(lang), ""),
                view(texts::departments_closed(lang), "closed"),
            ],
            count: texts::departments_count(lang, found.len()),
            exports: exports(&visit, &query),
        },
        form: visit.form().with("kind", &query.kind).with("q", &query.q),
        kinds: kind_choices(lang, &rules),
        state: query.state.clone(),
        table: table(lang, &rules, &found),
        empty: found.is_empty().then(|| Empty {
            sentence: texts::departments_empty(lang).to_owned(),
            act: if narrowed { Some(Link::new(texts::list_show_all(lang), LIST)) } else { add.clone() },
            icon: "book",
        }),
        add,
        shell: visit.shell(texts::departments_title(lang)).at("departments"),
    }))
}

fn exports(visit: &Visit, query: &RegisterQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| query.with("/departments/export", "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

fn kind_choices(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    kinds(rules).map(|kind| Choice::new(&*kind.code, hazard::words::pick(lang, &kind.name))).collect()
}

fn table(lang: Lang, rules: &RuleBook, rows: &[DepartmentRow]) -> Table {
    let cells = |row: &DepartmentRow| {
        vec![
            Cell::link(&row.name, href(row.id)),
            Cell::text(words::department_kind(lang, rules, &row.kind)),
            Cell::text(&row.office),
            Cell::text(&row.telephone),
        ]
    };
    Table {
        caption: texts::departments_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::department_name(lang)),
            Column::new(texts::department_kind(lang)),
            Column::new(texts::department_office(lang)),
            Column::new(texts::department_telephone(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}

#[derive(Template)]
#[template(path = "transfer/department_new.html")]
struct NewDepartmentPage {
    shell: Shell,
    form: FormState,
    kinds: Vec<Choice>,
}

fn blank(visit: &Visit, rules: &RuleBook, form: FormState) -> NewDepartmentPage {
    let lang = visit.lang();
    NewDepartmentPage {
        kinds: kind_choices(lang, rules),
        form,
        shell: visit.shell(texts::department_add(lang)).at("departments").back_to(LIST),
    }
}

pub(super) async fn new(visit: Visit, State(pages): State<TransferPages>) -> Result<Response, Failed> {
    visit.need_any(super::DRAFT)?;
    Ok(web::page(&blank(&visit, &pages.rules(), visit.form())))
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("kind", texts::department_kind(lang))
        .label("name", texts::department_name(lang))
        .label("office", texts::department_office(lang))
        .label("telephone", texts::department_telephone(lang))
        .label("note", texts::form_why(lang))
}

fn draft(form: &FormData) -> DepartmentDraft {
    let typed = |field: &str| form.value(field).unwrap_or_default().to_owned();
    DepartmentDraft {
        kind: typed("kind"),
        name: typed("name"),
        office: typed("office"),
        telephone: typed("telephone"),
    }
}

/// The county whose register the viewer keeps: his own, or the first at which he drafts.
async fn register_of(visit: &Visit) -> Result<UnitId, Problem> {
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| {
            let held = viewer.grants.iter().map(|grant| grant.held.unit);
            for unit in std::iter::once(viewer.home.id).chain(held) {
                if viewer.may_over(tx, "transfer.draft", unit)? {
                    return Ok(unit);
                }
            }
            Err(Problem::Forbidden)
        })
        .await
}

pub(super) async fn add(State(pages): State<TransferPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(super::DRAFT)?;
    let county = register_of(&visit).await?;
    // Sent twice, it is one entry.
    let id = StreamId(command_id.0);
    let asked = DepartmentCommand::Add { county, draft: draft(&form) };
    let work = UnitOfWork::new(visit.actor(), command_id).ask::<Department>(id, asked);
    match visit.desk.handle.execute(WorkLane::Interactive, work).await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::department_added(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            if visit.prefs.json {
                return Err(problem.into());
            }
            let state = labelled(visit.form(), visit.lang()).keep(&form);
            let state = state.failed(&problem, &visit.desk.sentences);
            let page = blank(&visit, &pages.rules(), state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
