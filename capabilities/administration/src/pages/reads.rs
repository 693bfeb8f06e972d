//! Who read personal data, when and why; and whether the chain of that log holds.

use access::{AccessRead, access_log_head, reads_listed, verify_access_log};
use axum::{extract::Query, response::Response};
use kernel::{ActorId, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use storage::Lane;
use web::{
    Failed, FormState, Visit,
    view::{Cell, Column, Empty, Filter, Level, Link, Mark, Pager, Table},
};

use super::{audit::tabs, common::address};
use crate::{audit::Names, texts, view::ListPage, words};

/// A log up to this length is verified with every look; a longer one when asked.
const VERIFIED_AT_ONCE: i64 = 20_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReadsQuery {
    before: String,
    verify: String,
}

pub(super) async fn show(visit: Visit, Query(query): Query<ReadsQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let before = query.before.parse().unwrap_or(0);
    let asked = query.verify == "1";
    // Recomputing a long chain takes a while: not on the readers that serve pages.
    let lane = if asked { Lane::Long } else { Lane::Interactive };
    let read = visit.desk.readers.read(lane, move |tx| {
        let scope = viewer.scope("audit.view").condition("unit_id", 1);
        let rows = reads_listed(tx, &scope, before, limits::PAGE_ROWS + 1)?;
        let actors: Vec<ActorId> = rows.iter().map(|(_, read)| read.account).collect();
        let units: Vec<UnitId> = rows.iter().map(|(_, read)| read.unit).collect();
        let names = Names::read(tx, &vault, &actors, units)?;
        let head = access_log_head(tx)?;
        let verify = asked || head.number <= VERIFIED_AT_ONCE;
        let report = if verify { Some(verify_access_log(tx, None)?) } else { None };
        Ok::<_, kernel::Problem>((rows, names, head, report))
    });
    let (mut rows, names, head, report) = read.await??;
    let lang = visit.lang();
    let digest: String = head.chain.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let notice = match report {
        None => Mark::new(Level::Blue, texts::reads_unverified(lang, head.number)),
        Some(report) => match report.broken_at {
            None => Mark::new(Level::Done, texts::reads_sound(lang, head.number, digest)),
            Some(number) => Mark::new(Level::Red, texts::reads_broken(lang, number)),
        },
    };
    let more = rows.len() > limits::PAGE_ROWS;
    rows.truncate(limits::PAGE_ROWS);
    let next =
        rows.last().filter(|_| more).map(|(n, _)| address("/audit/reads", &[("before", &n.to_string())]));
    let shown = ListPage {
        action: None,
        notices: vec![notice],
        path: "/audit/reads",
        filter: Filter {
            clear: String::new(),
            chips: Vec::new(),
            views: tabs(lang, false),
            count: texts::audit_order(lang).to_owned(),
            exports: vec![Link::new(texts::reads_verify(lang), "/audit/reads?verify=1")],
        },
        fields: Vec::new(),
        form: FormState::new(lang, ""),
        table: table(lang, &rows, &names),
        pager: Pager {
            before: (!query.before.is_empty()).then(|| "/audit/reads".to_owned()),
            after: next,
            place: texts::reads_place(lang, rows.len()),
        },
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
            Cell::text(words::read_kind(lang, &read.what)),
            Cell::text(names.unit(read.unit)),
            Cell::text(&read.why),
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
