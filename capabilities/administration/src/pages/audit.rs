//! 操作留痕: who did what, read-only.

use axum::{extract::Query, response::Response};
use journal::{ChainHead, Recorded};
use kernel::{ActorId, Problem, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, FormState, Sentences, Trail, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Mark, Table},
};

use super::common::address;
use crate::{
    audit::{self, AuditFilter, KINDS, Names},
    export::{self, Sheet},
    texts,
    view::{Field, ListPage},
};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AuditQuery {
    who: String,
    unit: String,
    kind: String,
    from: String,
    to: String,
    before: String,
    format: String,
}

impl AuditQuery {
    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let pick = |name: &str, old: &str| if name == field { value.to_owned() } else { old.to_owned() };
        let (who, unit, kind) = (pick("who", &self.who), pick("unit", &self.unit), pick("kind", &self.kind));
        let (from, to) = (pick("from", &self.from), pick("to", &self.to));
        let (before, format) = (pick("before", ""), pick("format", ""));
        let fields = [
            ("who", &*who),
            ("unit", &*unit),
            ("kind", &*kind),
            ("from", &*from),
            ("to", &*to),
            ("before", &*before),
            ("format", &*format),
        ];
        address(path, &fields)
    }

    /// Logins and codes become ids; one that nobody has finds nothing.
    fn filter(&self, tx: &mut storage::Tx) -> Result<AuditFilter, Problem> {
        let nobody = ActorId(
            kernel::NodeId::parse("ffffffffffffffffffffffffffffffff").map_or(ActorId::NIL.0, |n| n.0),
        );
        let actor = match self.who.trim() {
            "" => None,
            login => Some(access::account_by_login(tx, login)?.map_or(nobody, |account| account.id)),
        };
        let unit = match self.unit.trim() {
            "" => None,
            typed => Some(match UnitId::parse(typed) {
                Some(id) => id,
                None => organisation::unit_by_code(tx, typed)?.map_or(UnitId(nobody.0), |unit| unit.id),
            }),
        };
        Ok(AuditFilter {
            actor,
            unit,
            kind: self.kind.clone(),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
            before: Trail::parse(&self.before).here().parse().unwrap_or(0),
        })
    }
}

pub(super) async fn show(visit: Visit, Query(query): Query<AuditQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (viewer, vault, asked) = (visit.viewer.clone(), visit.desk.vault.clone(), query.clone());
    let identity = visit.desk.handle.identity();
    let (mut rows, names, head) = visit
        .read(move |tx| {
            let filter = asked.filter(tx)?;
            let scope = viewer.scope("audit.view").condition("unit_id", 1);
            let rows = audit::events(tx, &scope, &filter, limits::PAGE_ROWS + 1)?;
            let names = Names::of(tx, &vault, &rows)?;
            Ok((rows, names, ChainHead::load(tx, identity)?))
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
            clear: "/audit".to_owned(),
            views: tabs(lang, true),
            count: texts::audit_order(lang).to_owned(),
            exports: export::links(lang, |format| query.with("/audit/export", "format", format)),
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

/// The journal and the log of reads, side by side.
pub(super) fn tabs(lang: Lang, journal: bool) -> Vec<Link> {
    vec![
        Link::new(texts::audit_journal(lang), "/audit").current(journal),
        Link::new(texts::reads_title(lang), "/audit/reads").current(!journal),
    ]
}

fn kind_words(lang: Lang, kind: &str) -> String {
    texts::lookup(lang, &format!("stream-{kind}"), &[]).unwrap_or_else(|| kind.to_owned())
}

fn chips(lang: Lang, query: &AuditQuery) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, label: String| chips.push(Link::new(label, query.with("/audit", field, "")));
    if !query.who.is_empty() {
        chip("who", texts::audit_chip_who(lang, &query.who));
    }
    if !query.unit.is_empty() {
        chip("unit", texts::audit_chip_unit(lang, &query.unit));
    }
    if KINDS.contains(&query.kind.as_str()) {
        chip("kind", kind_words(lang, &query.kind));
    }
    if !query.from.is_empty() {
        chip("from", texts::audit_chip_from(lang, &query.from));
    }
    if !query.to.is_empty() {
        chip("to", texts::audit_chip_to(lang, &query.to));
    }
    chips
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

fn sheet(lang: Lang) -> Sheet {
    let heads = [
        (texts::audit_position(lang), 8),
        (texts::audit_when(lang), 20),
        (texts::audit_who(lang), 24),
        (texts::audit_what(lang), 60),
        (texts::audit_type(lang), 24),
        (texts::audit_unit(lang), 28),
        (texts::audit_event_id(lang), 38),
    ];
    Sheet::new("audit", texts::audit_title(lang), &heads)
}

pub(super) async fn export(visit: Visit, Query(query): Query<AuditQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    visit.taking_out("audit.export", visit.viewer.account, visit.viewer.home.id).await?;
    let lang = visit.lang();
    let (viewer, vault, sentences) =
        (visit.viewer.clone(), visit.desk.vault.clone(), visit.desk.sentences.clone());
    let format = query.format.clone();
    let produce = move |tx: &mut storage::Tx, sink: export::Sink<'_>| {
        let mut filter = query.filter(tx)?;
        filter.before = 0;
        let scope = viewer.scope("audit.view").condition("unit_id", 1);
        loop {
            let rows = audit::events(tx, &scope, &filter, 500)?;
            let Some(last) = rows.last() else { return Ok(()) };
            filter.before = last.position;
            let names = Names::of(tx, &vault, &rows)?;
            for recorded in &rows {
                let header = &recorded.header;
                let line = [
                    recorded.position.to_string(),
                    Say(lang).date_time(header.decided_at),
                    names.actor(lang, header.actor),
                    audit::sentence(&sentences, lang, header, &recorded.parts, &names),
                    header.event_type.clone(),
                    unit_words(header, &names),
                    header.event_id.to_string(),
                ];
                if !sink(&line) {
                    return Ok(());
                }
            }
        }
    };
    Ok(export::answer(&visit, &format, sheet(lang), produce).await?)
}
