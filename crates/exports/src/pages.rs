//! My exports: what is being written, how far it is, what can be fetched.

use std::{fs::File, sync::Arc};

use access::Viewer;
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use journal::Permission;
use kernel::{Problem, Refusal, Timestamp, limits};
use language::{Lang, Say};
use uuid::Uuid;
use web::{
    Failed, Flash, FormState, Posted, RouteRule, Shell, Visit, see_other_saying,
    view::{Choice, Empty, Fact, Level, Link, Mark},
};

use crate::{
    Asked, Exporter, Exports, Format, Job, Stage, attachment, gone, operated, runner::RIGHTS, texts,
};

/// Whoever takes lists out; which list somebody may have, [`Exporter::may`] says. The audit trail, accounts and what was
/// sent leave without `export`: whoever sees those lists has them.
const EXPORT: &[Permission] =
    &["export", "audit.view", "account.manage", "role.grant", "account.reset_password", "sent.read"];
const HERE: &str = "/exports";

/// The rules of this room's routes.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", HERE, EXPORT),
    RouteRule::new("POST", HERE, EXPORT),
    RouteRule::new("GET", "/exports/{id}", EXPORT),
    RouteRule::new("POST", "/exports/{id}/remove", EXPORT),
];

/// A place from which people come here and to which they go back.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    /// Whose it is: those who have one of these.
    pub permissions: &'static [Permission],
    /// Its entry in the navigation.
    pub menu: &'static str,
    /// Its address.
    pub href: &'static str,
    /// What a link to it says.
    pub name: fn(Lang) -> &'static str,
    /// The picture of an empty page.
    pub icon: &'static str,
}

/// What these pages need.
#[derive(Clone)]
pub struct ExportPages {
    /// The lists, and where files lie.
    pub exports: Arc<Exports>,
    /// Where people come from: the first that somebody may see is his.
    pub homes: Vec<Home>,
}

impl ExportPages {
    fn home(&self, visit: &Visit) -> Option<Home> {
        self.homes.iter().copied().find(|home| visit.need_any(home.permissions).is_ok())
    }
}

/// 我的导出
pub fn routes(pages: ExportPages) -> Router {
    Router::new()
        .route(HERE, get(show).post(ask))
        .route("/exports/{id}", get(download))
        .route("/exports/{id}/remove", post(remove))
        .with_state(pages)
}

/// A job as it is shown.
struct Line {
    title: String,
    mark: Mark,
    facts: Vec<Fact>,
    /// Rows written, of how many; while it is being written.
    progress: Option<(u64, u64)>,
    /// Where its file is fetched.
    fetch: String,
    remove: String,
}

#[derive(Template)]
#[template(path = "exports/exports.html")]
struct ExportsPage {
    shell: Shell,
    lines: Vec<Line>,
    /// Something will change by itself: the page asks again.
    moving: bool,
    empty: Option<Empty>,
}

async fn show(visit: Visit, State(pages): State<ExportPages>) -> Result<Response, Failed> {
    visit.need_any(EXPORT)?;
    let (viewer, lang, lists) = (visit.viewer.clone(), visit.lang(), pages.exports.clone());
    let jobs = visit
        .read(move |tx| {
            let mut told = Vec::new();
            for job in crate::jobs(tx, viewer.account)? {
                let Some(list) = lists.exporter(&job.kind) else { continue };
                let sentence = list.told(tx, &viewer, lang, &job.filter)?;
                told.push((job, list.title(lang), sentence));
            }
            Ok(told)
        })
        .await?;
    let moving = jobs.iter().any(|(job, _, _)| job.stage.is_on_its_way());
    let lines: Vec<Line> =
        jobs.into_iter().map(|(job, title, told)| line(&visit, &job, &title, told)).collect();
    let home = pages.home(&visit);
    let nothing = || Empty {
        sentence: texts::export_none(lang).to_owned(),
        act: home.map(|home| Link::new((home.name)(lang), home.href)),
        icon: home.map_or("book", |home| home.icon),
    };
    let shell = visit.shell(texts::export_title(lang));
    Ok(web::page(&ExportsPage {
        moving,
        empty: lines.is_empty().then(nothing),
        lines,
        shell: match home {
            Some(home) => shell.at(home.menu).back_to(home.href),
            None => shell,
        },
    }))
}

fn line(visit: &Visit, job: &Job, title: &str, told: String) -> Line {
    let (lang, say) = (visit.lang(), Say(visit.lang()));
    let number = |count: u64| say.number(i64::try_from(count).unwrap_or(i64::MAX));
    let mut facts = vec![
        Fact::new(texts::export_what(lang), told),
        Fact::new(texts::export_asked(lang), say.date_time(job.asked_at)),
    ];
    let ended = job.finished_at.unwrap_or_else(|| visit.now());
    if let Some(started) = job.started_at {
        let rows = texts::export_rows_of(lang, number(job.done), number(job.total));
        facts.push(Fact::new(texts::export_rows(lang), rows));
        facts.push(Fact::new(texts::export_took(lang), say.span(ended.since_ms(started))));
    }
    let fetched = job.stage == Stage::Done;
    if fetched {
        facts.push(Fact::new(texts::export_kept_until(lang), say.date_time(job.expires_at)));
    }
    let here = format!("{HERE}/{}", job.id.simple());
    Line {
        title: format!("{title} · {}", format_words(lang, job.format)),
        mark: mark(visit, job),
        facts,
        progress: (job.stage == Stage::Running).then(|| (job.done, job.total.max(1))),
        fetch: if fetched { here.clone() } else { String::new() },
        remove: format!("{here}/remove"),
    }
}

fn mark(visit: &Visit, job: &Job) -> Mark {
    let lang = visit.lang();
    match job.stage {
        Stage::Waiting => Mark::new(Level::Blue, texts::export_stage_waiting(lang)),
        Stage::Running => Mark::new(Level::Blue, texts::export_stage_running(lang)),
        Stage::Done => Mark::new(Level::Done, texts::export_stage_done(lang)),
        Stage::Failed => {
            let key = format!("problem-{}", job.code);
            let most = [("most", Say(lang).number(i64::try_from(limits::EXPORT_XLSX_ROWS).unwrap_or(0)))];
            let why = visit.desk.sentences.text(lang, &key, &most);
            Mark::new(Level::Yellow, why.unwrap_or_else(|| texts::problem_export_failed(lang).to_owned()))
        }
    }
}

fn format_words(lang: Lang, format: Format) -> &'static str {
    match format {
        Format::Csv => texts::export_format_csv(lang),
        Format::Xlsx => texts::export_format_xlsx(lang),
    }
}

/// A list too long to wait for: instead of the file.
pub(crate) struct Long {
    pub menu: &'static str,
    /// Its [`Exporter::kind`].
    pub list: &'static str,
    pub format: Format,
    pub filter: String,
    /// How many rows, when they were counted to the end; empty otherwise.
    pub rows: String,
    pub back: String,
}

#[derive(Template)]
#[template(path = "exports/export.html")]
struct OfferPage {
    shell: Shell,
    form: FormState,
    told: String,
    list: &'static str,
    filter: String,
    formats: Vec<Choice>,
}

/// Says that the list is too long, and what will happen instead. Looking at an address writes nothing, so one button
/// stands between.
pub(crate) fn offer(visit: &Visit, long: Long) -> Response {
    let lang = visit.lang();
    let most = Say(lang).number(i64::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(i64::MAX));
    let formats = Format::ALL.map(|format| Choice::new(format.name(), format_words(lang, format)));
    web::page(&OfferPage {
        form: visit.form().with("format", long.format.name()),
        told: if long.rows.is_empty() {
            texts::export_offer(lang, most)
        } else {
            texts::export_offer_counted(lang, long.rows, most)
        },
        list: long.list,
        filter: long.filter,
        formats: formats.into(),
        shell: visit.shell(texts::export_offer_title(lang)).at(long.menu).back_to(long.back),
    })
}

async fn ask(State(pages): State<ExportPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(EXPORT)?;
    let list = pages.exports.exporter(form.value("list").unwrap_or_default()).ok_or(Problem::NotFound)?;
    if !list.may(&visit.viewer) {
        return Err(Problem::Forbidden.into());
    }
    let format = form.value("format").and_then(Format::named).ok_or(Problem::NotFound)?;
    let filter: String =
        form.value("filter").unwrap_or_default().chars().take(limits::KEPT_FILTER_CHARS).collect();
    let asked = Asked {
        id: command_id.0,
        account: visit.viewer.account,
        kind: list.kind(),
        filter: list.settled(&filter),
        format,
        lang: visit.lang(),
    };
    let now = visit.now();
    let taken = operated(&visit.desk.handle, move |tx| crate::ask(tx, &asked, now)).await?;
    if !taken {
        return Err(Refusal::new("export-too-many").with("most", limits::EXPORT_JOBS).into());
    }
    pages.exports.wake();
    Ok(see_other_saying(HERE, &Flash::done(texts::export_going_on(visit.lang()))))
}

async fn remove(
    State(pages): State<ExportPages>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Failed> {
    let visit = posted.visit;
    visit.need_any(EXPORT)?;
    let account = visit.viewer.account;
    let file = operated(&visit.desk.handle, move |tx| crate::remove(tx, account, id)).await?;
    let file = file.ok_or(Problem::NotFound)?;
    if !file.is_empty() {
        gone(&pages.exports.path(&file))?;
    }
    Ok(see_other_saying(HERE, &Flash::done(texts::export_removed(visit.lang()))))
}

async fn download(
    visit: Visit,
    State(pages): State<ExportPages>,
    Path(id): Path<Uuid>,
) -> Result<Response, Failed> {
    visit.need_any(EXPORT)?;
    let Held { job, list, rights, told } = held(&visit, &pages, id).await?;
    if rights != job.rights {
        take_back(&visit, &pages, &job).await?;
        return Err(Refusal::new(RIGHTS).into());
    }
    if !list.may(&visit.viewer) {
        return Err(Problem::Forbidden.into());
    }
    if let Some(what) = list.read_as() {
        // The address alone would say nothing once the job is gone.
        let (subject, unit) = list.about(&visit.viewer, &job.filter);
        visit.taking_out(what, subject, unit, &told).await?;
    }
    // Cleared away a moment ago, or never brought back by a restore.
    let file = File::open(pages.exports.path(&job.file)).map_err(|_| Problem::NotFound)?;
    Ok(answer(file, &job, &*list)?)
}

/// A finished file, and what its account may see by now.
struct Held {
    job: Job,
    list: Arc<dyn Exporter>,
    rights: String,
    /// What is in it, in words.
    told: String,
}

async fn held(visit: &Visit, pages: &ExportPages, id: Uuid) -> Result<Held, Problem> {
    let (account, now, exports) = (visit.viewer.account, visit.now(), Arc::clone(&pages.exports));
    visit
        .read(move |tx| {
            let job = crate::one(tx, account, id)?;
            let job = job.filter(|job| job.stage == Stage::Done && job.expires_at > now);
            let (Some(job), Some(viewer)) = (job, Viewer::load(tx, account)?) else {
                return Err(Problem::NotFound);
            };
            let list = exports.exporter(&job.kind).ok_or(Problem::NotFound)?;
            let told = list.told(tx, &viewer, job.lang, &job.filter)?;
            Ok(Held { rights: viewer.rights(), job, list, told })
        })
        .await
}

/// A file must not outlive the rights it was written with.
async fn take_back(visit: &Visit, pages: &ExportPages, job: &Job) -> Result<(), Problem> {
    let (account, id) = (job.account, job.id);
    operated(&visit.desk.handle, move |tx| crate::job::withdraw(tx, account, id, RIGHTS)).await?;
    gone(&pages.exports.path(&job.file))
}

fn answer(file: File, job: &Job, list: &dyn Exporter) -> Result<Response, Problem> {
    let day = job.finished_at.map_or(job.asked_at, |at: Timestamp| at).local_date();
    let body = web::file_body(file).map_err(|error| Problem::Fault(error.to_string()))?;
    let (plain, title) = (format!("{}-{day}", list.kind()), format!("{}-{day}", list.title(job.lang)));
    attachment(job.format, &plain, &title, body)
}
