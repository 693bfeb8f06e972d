//! Who read personal data, when and why; and whether the chain of that log holds.

use std::sync::Arc;

use access::{
    AccessLogReport, AccessRead, ReadFilter, Viewer, access_log_head, reads_counted, reads_listed,
    verify_access_log,
};
use axum::{extract::Query, response::Response};
use documents::Head;
use exports::{Asking, Format};
use journal::Vault;
use kernel::{Problem, limits};
use language::{Lang, Say};
use serde::{Deserialize, Serialize};
use storage::{Lane, Param, Tx};
use web::{
    Failed, FormState, Trail, Unread, Visit,
    view::{Cell, Column, Empty, Filter, Level, Link, Mark, Table},
};

use super::{
    audit::{Tab, ordered, tabs, ways_out},
    audit_query::{account_named, day_chips, instants, kept_day, kept_words},
};
use crate::{
    audit::Names,
    export,
    exporters::ReadsExport,
    texts,
    view::{Field, ListPage},
    words,
};

/// A log up to this length is verified with every look; a longer one when asked.
pub(super) const VERIFIED_AT_ONCE: i64 = 20_000;

const PATH: &str = "/audit/reads";

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ReadsQuery {
    pub who: String,
    pub from: String,
    pub to: String,
    #[serde(skip_serializing)]
    before: String,
    #[serde(skip_serializing)]
    verify: String,
    #[serde(skip_serializing)]
    format: String,
}

impl ReadsQuery {
    /// As it was kept; what cannot be read counts as not said.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept: nothing that cannot be read, or is about one page.
    pub fn kept(&self) -> String {
        let settled = Self {
            who: kept_words(&self.who),
            from: kept_day(&self.from),
            to: kept_day(&self.to),
            ..Self::default()
        };
        serde_json::to_string(&settled).unwrap_or_default()
    }

    /// Without what means nothing, and what that was.
    fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        unread.clear_days((texts::audit_from(lang), &mut self.from), (texts::audit_to(lang), &mut self.to));
        (self, unread)
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let filter: [(&str, &str); 3] = [("who", &self.who), ("from", &self.from), ("to", &self.to)];
        web::address_with(path, &filter, field, value)
    }

    /// A login becomes an account; one that nobody has finds nothing.
    pub fn filter(&self, tx: &mut Tx) -> Result<ReadFilter, Problem> {
        let (from, to) = instants(&self.from, &self.to);
        Ok(ReadFilter { account: account_named(tx, &self.who)?, from, to })
    }
}

/// The filter in words, each with the way to let go of it.
pub(crate) fn chips(lang: Lang, query: &ReadsQuery) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, label: String| chips.push(Link::new(label, query.with(PATH, field, "")));
    if !query.who.is_empty() {
        chip("who", texts::audit_chip_who(lang, &query.who));
    }
    day_chips(lang, (&query.from, &query.to), chip);
    chips
}

/// The log as a file, and the look at its chain.
fn reads_ways_out(lang: Lang, query: &ReadsQuery) -> Vec<Link> {
    let mut links = ways_out(lang, |format| query.with("/audit/reads/export", "format", format));
    links.push(Link::new(texts::reads_verify(lang), query.with(PATH, "verify", "1")));
    links
}

/// Whose data somebody may read about having been read.
fn scope(viewer: &Viewer) -> (String, Vec<Param<'static>>) {
    viewer.scope("audit.view").condition("unit_id", 1)
}

/// Rows before a number, with the names they need.
pub(crate) fn listed(
    tx: &mut Tx,
    (viewer, vault): (&Viewer, &Vault),
    filter: &ReadFilter,
    before: i64,
    limit: usize,
) -> Result<(Vec<(i64, AccessRead)>, Names), Problem> {
    let rows = reads_listed(tx, &scope(viewer), filter, before, limit)?;
    let names = Names::of_reads(tx, vault, &rows)?;
    Ok((rows, names))
}

pub(super) async fn show(visit: Visit, Query(query): Query<ReadsQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    let (viewer, vault, filter) = (visit.viewer.clone(), visit.desk.vault.clone(), query.clone());
    let trail = Trail::parse(&query.before);
    let before = trail.here().parse().unwrap_or(0);
    let asked = query.verify == "1";
    // Recomputing a long chain takes a while: not on the readers that serve pages.
    let lane = if asked { Lane::Long } else { Lane::Interactive };
    let read = visit.desk.readers.read(lane, move |tx| {
        let filter = filter.filter(tx)?;
        let (rows, names) = listed(tx, (&viewer, &vault), &filter, before, limits::PAGE_ROWS + 1)?;
        let found = reads_counted(tx, &scope(&viewer), &filter, limits::COUNT_EXACT + 1)?;
        let head = access_log_head(tx)?;
        let verify = asked || head.number <= VERIFIED_AT_ONCE;
        let report = if verify { Some(verify_access_log(tx, None)?) } else { None };
        Ok::<_, Problem>((rows, names, head.number, report, found))
    });
    let (mut rows, names, newest, report, found) = read.await??;
    let lang = visit.lang();
    let more = rows.len() > limits::PAGE_ROWS;
    rows.truncate(limits::PAGE_ROWS);
    let next = rows.last().filter(|_| more).map(|(n, _)| n.to_string());
    let pager =
        trail.pager(lang, (rows.len(), limits::PAGE_ROWS), next, |trail| query.with(PATH, "before", trail));
    let chips = chips(lang, &query);
    let act = (!chips.is_empty()).then(|| Link::new(texts::filter_all(lang), PATH));
    let shown = ListPage {
        action: None,
        notices: vec![chain(lang, newest, report)],
        path: PATH,
        filter: Filter {
            unread: unread.told(lang),
            clear: PATH.to_owned(),
            chips,
            views: tabs(lang, Tab::Reads),
            count: ordered(lang, found),
            exports: reads_ways_out(lang, &query),
        },
        fields: fields(&visit),
        form: FormState::new(lang, "")
            .with("who", &query.who)
            .with("from", &query.from)
            .with("to", &query.to),
        table: table(lang, &rows, &names),
        pager,
        empty: rows.is_empty().then(|| Empty {
            sentence: match act {
                Some(_) => texts::audit_none(lang).to_owned(),
                None => texts::reads_none(lang).to_owned(),
            },
            act,
            icon: "book",
        }),
        shell: visit.shell(texts::reads_title(lang)).at("audit").back_to("/audit"),
    };
    Ok(web::page(&shown))
}

/// Whether a chain holds, as far as it was looked at.
pub(super) fn verdict(
    lang: Lang,
    report: Option<AccessLogReport>,
    unverified: impl FnOnce() -> String,
    sound: impl FnOnce(i64, String) -> String,
) -> Mark {
    let Some(report) = report else { return Mark::new(Level::Blue, unverified()) };
    let digest: String = kernel::hex::write(report.head.chain).chars().take(16).collect();
    match report.broken_at {
        None => Mark::new(Level::Done, sound(report.head.number, digest)),
        Some(number) => Mark::new(Level::Red, texts::reads_broken(lang, number)),
    }
}

/// What is said of the chain of this log.
fn chain(lang: Lang, newest: i64, report: Option<AccessLogReport>) -> Mark {
    let sound = |number, digest| texts::reads_sound(lang, number, digest);
    verdict(lang, report, || texts::reads_unverified(lang, newest), sound)
}

/// The fields of the filter.
fn fields(visit: &Visit) -> Vec<Field> {
    let (lang, today) = (visit.lang(), visit.now().local_date());
    vec![
        Field::text("who", texts::audit_who_login(lang)),
        Field::date("from", texts::audit_from(lang), today),
        Field::date("to", texts::audit_to(lang), today),
    ]
}

fn table(lang: Lang, rows: &[(i64, AccessRead)], names: &Names) -> Table {
    let cells = |(number, read): &(i64, AccessRead)| {
        vec![
            Cell::text(Say(lang).date_time(read.at)).more(format!("#{number}")),
            Cell::text(names.actor(lang, read.account)),
            Cell::text(words::read_kind(lang, &read.what)).more(names.whom(lang, read.subject)),
            Cell::text(names.unit(read.unit)),
            Cell::text(words::why(lang, &read.why)),
        ]
    };
    Table {
        caption: texts::reads_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::audit_when(lang)),
            Column::new(texts::audit_who(lang)),
            Column::new(texts::reads_what(lang)),
            Column::new(texts::audit_unit(lang)),
            Column::new(texts::reads_why(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}

/// The heads of the same list as a file.
pub(crate) fn heads(lang: Lang) -> Vec<Head> {
    export::headings(&[
        (texts::audit_position(lang), 8),
        (texts::audit_when(lang), 20),
        (texts::audit_who(lang), 24),
        (texts::reads_what(lang), 20),
        (texts::reads_whom(lang), 24),
        (texts::audit_unit(lang), 28),
        (texts::reads_why(lang), 40),
    ])
}

/// A row of the file.
pub(crate) fn line(lang: Lang, (number, read): &(i64, AccessRead), names: &Names) -> [String; 7] {
    [
        number.to_string(),
        Say(lang).date_time(read.at),
        names.actor(lang, read.account),
        words::read_kind(lang, &read.what),
        names.whom(lang, read.subject),
        names.unit(read.unit).to_owned(),
        words::why(lang, &read.why),
    ]
}

pub(super) async fn export(visit: Visit, Query(query): Query<ReadsQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    unread.refused()?;
    let asking = Asking {
        menu: "audit",
        list: Arc::new(ReadsExport::new(visit.desk.vault.clone())),
        format: Format::asked(&query.format)?,
        filter: query.kept(),
        back: query.with(PATH, "format", ""),
    };
    Ok(asking.answer(&visit).await?)
}
