//! The reports to the government: the list of all, and the form that begins one.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Unread, Visit, see_other_saying,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Mark, Table},
};

use super::{DRAFT, GuardsPages, VIEW, report_href, standard::county_of};
use crate::{
    query::{ReportFilter, ReportRow, reports, years},
    report::{Report, ReportCommand, ReportDraft, StageCode},
    texts, words,
};

const LIST: &str = "/guards/reports";
/// Reports on their page: a county writes a few in a year.
const SHOWN: usize = 200;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReportsQuery {
    pub stage: String,
    pub year: String,
    pub format: String,
}

impl ReportsQuery {
    fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = StageCode::named(&self.stage).is_some();
        unread.clear(texts::column_stage(lang), &mut self.stage, known);
        let known = self.year.parse::<i16>().is_ok_and(|year| (2000..=2999).contains(&year));
        unread.clear(texts::column_year(lang), &mut self.year, known);
        (self, unread)
    }

    fn with(&self, field: &str, value: &str) -> String {
        web::address_with(LIST, &[("stage", self.stage.as_str()), ("year", &self.year)], field, value)
    }
}

#[derive(Template)]
#[template(path = "guards/reports.html")]
struct ReportsPage {
    shell: Shell,
    lead: &'static str,
    begin: Option<Link>,
    filter: Filter,
    form: FormState,
    years: Vec<Choice>,
    stage: String,
    table: Table,
    empty: Option<Empty>,
}

pub(super) async fn list(visit: Visit, Query(query): Query<ReportsQuery>) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    let lang = visit.lang();
    let (query, unread) = query.settled(lang);
    let of_year = ReportFilter { stage: None, year: query.year.parse().ok() };
    let viewer = visit.viewer.clone();
    let (all, years) =
        visit.read(move |tx| Ok((reports(tx, &viewer, of_year, SHOWN)?, years(tx, &viewer)?))).await?;
    let stage = StageCode::named(&query.stage);
    let tabs = tabs(lang, &query, &all);
    let found: Vec<&ReportRow> =
        all.iter().filter(|row| stage.is_none_or(|stage| row.stage == stage)).collect();
    if !query.format.is_empty() {
        visit.need_any(&["export", "unit.export"])?;
        unread.refused()?;
        let format = exports::Format::asked(&query.format)?;
        return Ok(exports::as_shown(&visit, format, "guard-reports", &table(lang, &found)).await?);
    }
    let begin = visit.viewer.may("guards.draft");
    let begin = begin.then(|| Link::new(texts::report_begin(lang), "/guards/reports/new"));
    Ok(web::page(&ReportsPage {
        lead: texts::reports_lead(lang),
        filter: Filter {
            chips: (!query.year.is_empty())
                .then(|| Link::new(query.year.clone(), query.with("year", "")))
                .into_iter()
                .collect(),
            unread: unread.told(lang),
            clear: web::address_with(LIST, &[("stage", query.stage.as_str())], "stage", &query.stage),
            views: tabs,
            count: texts::reports_count(lang, found.len()),
            exports: if super::export::takes_out(&visit) {
                vec![
                    Link::new(texts::list_export_xlsx(lang), query.with("format", "xlsx")),
                    Link::new(texts::list_export_csv(lang), query.with("format", "csv")),
                ]
            } else {
                Vec::new()
            },
        },
        form: visit.form().with("year", &query.year),
        years: years.into_iter().map(|year| Choice::new(year.to_string(), year.to_string())).collect(),
        stage: query.stage.clone(),
        table: table(lang, &found),
        empty: found.is_empty().then(|| Empty {
            sentence: texts::reports_empty(lang).to_owned(),
            act: begin.clone(),
            icon: "report",
        }),
        begin,
        shell: visit.shell(texts::reports_title(lang)).at("guards").back_to("/guards"),
    }))
}

fn tabs(lang: Lang, query: &ReportsQuery, all: &[ReportRow]) -> Vec<Link> {
    let of = |stage: Option<StageCode>| {
        let amount = all.iter().filter(|row| stage.is_none_or(|stage| row.stage == stage)).count();
        let label = stage.map_or_else(|| texts::view_all(lang).to_owned(), |stage| words::stage(lang, stage));
        Link::new(label, query.with("stage", stage.map_or("", StageCode::name)))
            .current(StageCode::named(&query.stage) == stage)
            .count(u32::try_from(amount).unwrap_or(u32::MAX))
    };
    std::iter::once(None).chain(StageCode::ALL.iter().copied().map(Some)).map(of).collect()
}

pub(super) fn stage_mark(lang: Lang, stage: StageCode) -> Mark {
    let level = if stage == StageCode::Signed { Level::Done } else { Level::Plain };
    Mark::new(level, words::stage(lang, stage))
}

fn table(lang: Lang, rows: &[&ReportRow]) -> Table {
    let row = |row: &&ReportRow| {
        let number = row.number.map(|number| words::number(lang, number));
        let title = number.unwrap_or_else(|| texts::report_unsigned(lang).to_owned());
        let sums = row.sums.map(|(required, evidenced, _)| texts::report_sums(lang, required, evidenced));
        let lacking = row.sums.map(|(_, _, lacking)| lacking.to_string()).unwrap_or_default();
        let day = row.signed_at.unwrap_or(row.begun_at);
        let mark = stage_mark(lang, row.stage);
        vec![
            Cell::link(title, report_href(row.id)).more(&row.addressee),
            Cell::mark(mark.level, mark.word),
            Cell::text(Say(lang).date_of(day)),
            Cell::text(sums.unwrap_or_default()),
            Cell::text(lacking),
        ]
    };
    Table {
        caption: texts::reports_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_report(lang)),
            Column::new(texts::column_stage(lang)),
            Column::new(texts::column_day(lang)),
            Column::new(texts::column_sums(lang)),
            Column::new(texts::column_lacking(lang)).number(),
        ],
        rows: rows.iter().map(row).collect(),
    }
}

#[derive(Template)]
#[template(path = "guards/report_new.html")]
struct NewPage {
    shell: Shell,
    form: FormState,
}

pub(super) fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("addressee", texts::form_addressee(lang))
        .label("request", texts::form_request(lang))
        .label("document_number", texts::form_document_number(lang))
        .label("note", texts::form_note(lang))
}

fn compose(visit: &Visit, form: FormState) -> NewPage {
    let lang = visit.lang();
    NewPage {
        form: labelled(form, lang),
        shell: visit.shell(texts::report_begin(lang)).at("guards").back_to(LIST),
    }
}

/// The county in whose name somebody drafts.
async fn own_county(visit: &Visit) -> Result<UnitId, Problem> {
    let viewer = visit.viewer.clone();
    let county = visit
        .read(move |tx| {
            let county = county_of(tx, viewer.home.id)?;
            match county {
                Some(county) if viewer.may_over(tx, "guards.draft", county)? => Ok(Some(county)),
                _ => Ok(None),
            }
        })
        .await?;
    county.ok_or(Problem::NotFound)
}

pub(super) async fn new(visit: Visit) -> Result<Response, Failed> {
    visit.need_any(DRAFT)?;
    own_county(&visit).await?;
    let lang = visit.lang();
    let form = visit
        .form()
        .with("addressee", texts::form_addressee_usual(lang))
        .with("request", texts::form_request_usual(lang));
    Ok(web::page(&compose(&visit, form)))
}

pub(super) fn draft(form: &FormData, county: UnitId) -> Result<ReportDraft, Problem> {
    let mut read = form.reader();
    let addressee = read.text("addressee").required().max(limits::NAME_CHARS).get();
    let request = read.text("request").required().max(limits::TEXT_CHARS).lines().get();
    read.finish()?;
    Ok(ReportDraft { county, addressee, request })
}

pub(super) async fn begin(State(_): State<GuardsPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let county = own_county(&visit).await?;
    // Sent twice, it is one report.
    let id = StreamId(command_id.0);
    let done = async {
        let draft = draft(&form, county)?;
        let mut work =
            UnitOfWork::new(visit.actor(), command_id).ask::<Report>(id, ReportCommand::Draft(draft));
        if form.value("verdict") == Some("submit") {
            work = work.ask::<Report>(id, ReportCommand::Submit);
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&report_href(id), &Flash::done(texts::report_begun(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = labelled(visit.form(), visit.lang()).keep(&form);
            let page = compose(&visit, state.failed(&problem, &visit.desk.sentences));
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
