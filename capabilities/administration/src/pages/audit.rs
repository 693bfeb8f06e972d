//! 操作留痕: who did what, read-only.

use std::sync::Arc;

use axum::{extract::Query, response::Response};
use documents::Head;
use exports::{Asking, Format};
use journal::{ChainHead, Recorded};
use kernel::limits;
use language::{Lang, Say};
use web::{
    Failed, FormState, Sentences, Trail, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Mark, Table},
};

use super::audit_query::{AuditQuery, chips, kind_words};
use crate::{
    audit::{self, KINDS, Names},
    export,
    exporters::AuditExport,
    texts,
    view::{Field, ListPage},
};

pub(super) async fn show(visit: Visit, Query(query): Query<AuditQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    let (viewer, vault, asked) = (visit.viewer.clone(), visit.desk.vault.clone(), query.clone());
    let identity = visit.desk.handle.identity();
    let (mut rows, names, head, found) = visit
        .read(move |tx| {
            let filter = asked.filter(tx)?;
            let scope = viewer.scope("audit.view").condition("unit_id", 1);
            let rows = audit::events(tx, &scope, &filter, limits::PAGE_ROWS + 1)?;
            let names = Names::of(tx, &vault, &rows)?;
            let found = audit::counted(tx, &scope, &filter, limits::COUNT_EXACT + 1)?;
            Ok((rows, names, ChainHead::load(tx, identity)?, found))
        })
        .await?;
    let lang = visit.lang();
    let more = rows.len() > limits::PAGE_ROWS;
    rows.truncate(limits::PAGE_ROWS);
    let next = rows.last().filter(|_| more).map(|last| last.position.to_string());
    let pager = Trail::parse(&query.before)
        .pager(lang, (rows.len(), limits::PAGE_ROWS), next, |trail| query.with("/audit", "before", trail));
    let digest = grouped(&head.local);
    let chips = chips(lang, &query);
    let shown = ListPage {
        action: None,
        notices: vec![Mark::new(Level::Blue, texts::audit_head(lang, head.position, digest))],
        path: "/audit",
        filter: Filter {
            unread: unread.told(lang),
            clear: "/audit".to_owned(),
            views: tabs(lang, Tab::Journal),
            count: ordered(lang, found),
            exports: ways_out(lang, |format| query.with("/audit/export", "format", format)),
            chips,
        },
        fields: fields(&visit),
        form: FormState::new(lang, "")
            .with("who", &query.who)
            .with("unit", &query.unit)
            .with("kind", &query.kind)
            .with("from", &query.from)
            .with("to", &query.to),
        table: table(lang, &visit.desk.sentences, &rows, &names),
        pager,
        empty: rows.is_empty().then(|| Empty {
            sentence: texts::audit_none(lang).to_owned(),
            act: Some(Link::new(texts::filter_all(lang), "/audit")),
            icon: "book",
        }),
        shell: visit.shell(texts::audit_title(lang)).at("audit"),
    };
    Ok(web::page(&shown))
}

/// How many rows a log has, and in which order they stand.
pub(super) fn ordered(lang: Lang, found: i64) -> String {
    texts::audit_order(lang, Say(lang).count(found))
}

/// All its digits, in groups that can be read aloud and compared on paper.
pub(super) fn grouped(bytes: &[u8]) -> String {
    bytes.chunks(4).map(kernel::hex::write).collect::<Vec<_>>().join(" ")
}

/// The fields of the filter.
fn fields(visit: &Visit) -> Vec<Field> {
    let (lang, today) = (visit.lang(), visit.now().local_date());
    let any = std::iter::once(Choice::new("", texts::audit_any_kind(lang)));
    let kinds = any.chain(KINDS.map(|kind| Choice::new(kind, kind_words(lang, kind)))).collect();
    vec![
        Field::text("who", texts::audit_who_login(lang)),
        Field::text("unit", texts::audit_unit_code(lang)),
        Field::select("kind", texts::audit_kind(lang), kinds),
        Field::date("from", texts::audit_from(lang), today),
        Field::date("to", texts::audit_to(lang), today),
    ]
}

/// The list as a file, and the files that were written behind the page.
pub(super) fn ways_out(lang: Lang, address: impl Fn(&str) -> String) -> Vec<Link> {
    let mut links = export::links(lang, address);
    links.push(Link::new(exports::texts::export_title(lang), "/exports"));
    links
}

/// What stands side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Journal,
    Reads,
    SignIns,
}

/// The journal, the log of reads and the log of sign-ins, side by side.
pub(super) fn tabs(lang: Lang, here: Tab) -> Vec<Link> {
    let tab = |tab: Tab, label: &str, href: &str| Link::new(label, href).current(tab == here);
    vec![
        tab(Tab::Journal, texts::audit_journal(lang), "/audit"),
        tab(Tab::Reads, texts::reads_title(lang), "/audit/reads"),
        tab(Tab::SignIns, texts::sign_ins_title(lang), "/audit/sign-ins"),
    ]
}

fn table(lang: Lang, sentences: &Sentences, rows: &[Recorded], names: &Names) -> Table {
    let cells = |recorded: &Recorded| {
        let header = &recorded.header;
        let what = audit::sentence(sentences, lang, header, &recorded.parts, names);
        vec![
            Cell::link(Say(lang).date_time(header.decided_at), format!("/audit/{}", recorded.position))
                .more(format!("#{}", recorded.position)),
            Cell::text(names.actor(lang, header.actor)),
            Cell::text(what).more(kind_words(lang, &header.stream_kind)),
            Cell::text(unit_words(header, names)),
        ]
    };
    Table {
        caption: texts::audit_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::audit_when(lang)),
            Column::new(texts::audit_who(lang)),
            Column::new(texts::audit_what(lang)),
            Column::new(texts::audit_unit(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}

/// The name now; a unit that is no more keeps the one written into the envelope.
pub(super) fn unit_words(header: &journal::Header, names: &Names) -> String {
    match names.unit(header.unit_id) {
        "" => header.unit_path.rsplit('/').next().unwrap_or_default().to_owned(),
        name => name.to_owned(),
    }
}

/// The heads of the same list as a file.
pub(crate) fn heads(lang: Lang) -> Vec<Head> {
    export::headings(&[
        (texts::audit_position(lang), 8),
        (texts::audit_when(lang), 20),
        (texts::audit_who(lang), 24),
        (texts::audit_what(lang), 60),
        (texts::audit_type(lang), 24),
        (texts::audit_unit(lang), 28),
        (texts::audit_event_id(lang), 38),
    ])
}

/// A row of the file.
pub(crate) fn line(sentences: &Sentences, lang: Lang, recorded: &Recorded, names: &Names) -> [String; 7] {
    let header = &recorded.header;
    [
        recorded.position.to_string(),
        Say(lang).date_time(header.decided_at),
        names.actor(lang, header.actor),
        audit::sentence(sentences, lang, header, &recorded.parts, names),
        header.event_type.clone(),
        unit_words(header, names),
        header.event_id.to_string(),
    ]
}

pub(super) async fn export(visit: Visit, Query(query): Query<AuditQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    unread.refused()?;
    let list = AuditExport::new(visit.desk.vault.clone(), visit.desk.sentences.clone());
    let asking = Asking {
        menu: "audit",
        list: Arc::new(list),
        format: Format::asked(&query.format)?,
        filter: query.kept(),
        back: query.with("/audit", "format", ""),
    };
    Ok(asking.answer(&visit).await?)
}
