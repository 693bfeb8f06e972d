//! Who read personal data, when and why; and whether the chain of that log holds.

use std::sync::Arc;

use access::{AccessRead, Viewer, access_log_head, reads_listed, verify_access_log};
use axum::{extract::Query, response::Response};
use documents::Head;
use exports::Asking;
use journal::Vault;
use kernel::{Problem, limits};
use language::{Lang, Say};
use serde::Deserialize;
use storage::{Lane, Tx};
use web::{
    Failed, FormState, Trail, Visit, address,
    view::{Cell, Column, Empty, Filter, Level, Link, Mark, Table},
};

use super::audit::{Tab, tabs, ways_out};
use crate::{audit::Names, export, exporters::ReadsExport, texts, view::ListPage, words};

/// A log up to this length is verified with every look; a longer one when asked.
pub(super) const VERIFIED_AT_ONCE: i64 = 20_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReadsQuery {
    before: String,
    verify: String,
    format: String,
}

/// The log as a file, and the look at its chain.
fn reads_ways_out(lang: Lang) -> Vec<Link> {
    let mut links = ways_out(lang, |format| address("/audit/reads/export", &[("format", format)]));
    links.push(Link::new(texts::reads_verify(lang), "/audit/reads?verify=1"));
    links
}

/// Rows before a number, with the names they need.
pub(crate) fn listed(
    tx: &mut Tx,
    viewer: &Viewer,
    vault: &Vault,
    before: i64,
    limit: usize,
) -> Result<(Vec<(i64, AccessRead)>, Names), Problem> {
    let scope = viewer.scope("audit.view").condition("unit_id", 1);
    let rows = reads_listed(tx, &scope, before, limit)?;
    let names = Names::of_reads(tx, vault, &rows)?;
    Ok((rows, names))
}

pub(super) async fn show(visit: Visit, Query(query): Query<ReadsQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let trail = Trail::parse(&query.before);
    let before = trail.here().parse().unwrap_or(0);
    let asked = query.verify == "1";
    // Recomputing a long chain takes a while: not on the readers that serve pages.
    let lane = if asked { Lane::Long } else { Lane::Interactive };
    let read = visit.desk.readers.read(lane, move |tx| {
        let (rows, names) = listed(tx, &viewer, &vault, before, limits::PAGE_ROWS + 1)?;
        let head = access_log_head(tx)?;
        let verify = asked || head.number <= VERIFIED_AT_ONCE;
        let report = if verify { Some(verify_access_log(tx, None)?) } else { None };
        Ok::<_, Problem>((rows, names, head, report))
    });
    let (mut rows, names, head, report) = read.await??;
    let lang = visit.lang();
    let digest: String = kernel::hex::write(head.chain).chars().take(16).collect();
    let notice = match report {
        None => Mark::new(Level::Blue, texts::reads_unverified(lang, head.number)),
        Some(report) => match report.broken_at {
            None => Mark::new(Level::Done, texts::reads_sound(lang, head.number, digest)),
            Some(number) => Mark::new(Level::Red, texts::reads_broken(lang, number)),
        },
    };
    let more = rows.len() > limits::PAGE_ROWS;
    rows.truncate(limits::PAGE_ROWS);
    let next = rows.last().filter(|_| more).map(|(n, _)| n.to_string());
    let pager = trail.pager(lang, (rows.len(), limits::PAGE_ROWS), next, |trail| {
        address("/audit/reads", &[("before", trail)])
    });
    let shown = ListPage {
        action: None,
        notices: vec![notice],
        path: "/audit/reads",
        filter: Filter {
            unread: Vec::new(),
            clear: String::new(),
            chips: Vec::new(),
            views: tabs(lang, Tab::Reads),
            count: texts::audit_order(lang).to_owned(),
            exports: reads_ways_out(lang),
        },
        fields: Vec::new(),
        form: FormState::new(lang, ""),
        table: table(lang, &rows, &names),
        pager,
        empty: rows.is_empty().then(|| Empty {
            sentence: texts::reads_none(lang).to_owned(),
            act: None,
            icon: "book",
        }),
        shell: visit.shell(texts::reads_title(lang)).at("audit").back_to("/audit"),
    };
    Ok(web::page(&shown))
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
    let asking = Asking {
        menu: "audit",
        list: Arc::new(ReadsExport::new(visit.desk.vault.clone())),
        format: export::format(&query.format),
        filter: String::new(),
        back: "/audit/reads".to_owned(),
    };
    Ok(asking.answer(&visit).await?)
}
