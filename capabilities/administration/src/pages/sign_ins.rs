//! 登录记录: who signed in, tried to, and stopped being signed in; and whether the chain of that log holds.

use std::sync::Arc;

use access::{
    AccessLogReport, Scope, SignInEntry, SignInFilter, SignInResult, Viewer, sign_in_log_head,
    sign_ins_counted, sign_ins_listed, verify_sign_in_log,
};
use axum::{extract::Query, response::Response};
use documents::Head;
use exports::{Asking, Format};
use journal::Vault;
use kernel::{ActorId, Problem, limits};
use language::{Lang, Say};
use serde::{Deserialize, Serialize};
use storage::{Lane, Param, Tx};
use web::{
    Failed, FormState, Trail, Unread, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Link, Mark, Table},
};

use super::{
    audit::{Tab, ordered, tabs, ways_out},
    audit_query::{account_named, day_chips, instants, kept_day, kept_words},
    reads::{VERIFIED_AT_ONCE, verdict},
};
use crate::{
    audit::Names,
    export,
    exporters::{AUDIT, SignInsExport},
    texts,
    view::{Field, ListPage},
    words,
};

const PATH: &str = "/audit/sign-ins";

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SignInsQuery {
    pub who: String,
    pub result: String,
    pub from: String,
    pub to: String,
    #[serde(skip_serializing)]
    before: String,
    #[serde(skip_serializing)]
    verify: String,
    #[serde(skip_serializing)]
    format: String,
}

impl SignInsQuery {
    /// As it was kept; what cannot be read counts as not said.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept: nothing that cannot be read, or is about one page.
    pub fn kept(&self) -> String {
        let settled = Self {
            who: kept_words(&self.who),
            result: SignInResult::named(&self.result).map_or_else(String::new, |one| one.name().to_owned()),
            from: kept_day(&self.from),
            to: kept_day(&self.to),
            ..Self::default()
        };
        serde_json::to_string(&settled).unwrap_or_default()
    }

    /// Without what means nothing, and what that was.
    fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = SignInResult::named(&self.result).is_some();
        unread.clear(texts::sign_ins_result(lang), &mut self.result, known);
        unread.clear_days((texts::audit_from(lang), &mut self.from), (texts::audit_to(lang), &mut self.to));
        (self, unread)
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let filter: [(&str, &str); 4] =
            [("who", &self.who), ("result", &self.result), ("from", &self.from), ("to", &self.to)];
        web::address_with(path, &filter, field, value)
    }

    /// A login becomes an account; one that nobody has finds nothing.
    pub fn filter(&self, tx: &mut Tx) -> Result<SignInFilter, Problem> {
        let (from, to) = instants(&self.from, &self.to);
        Ok(SignInFilter {
            account: account_named(tx, &self.who)?,
            result: SignInResult::named(&self.result),
            from,
            to,
        })
    }
}

/// The filter in words, each with the way to let go of it.
pub(crate) fn chips(lang: Lang, query: &SignInsQuery) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, label: String| chips.push(Link::new(label, query.with(PATH, field, "")));
    if !query.who.is_empty() {
        chip("who", texts::audit_chip_who(lang, &query.who));
    }
    if let Some(result) = SignInResult::named(&query.result) {
        chip("result", words::sign_in_result(lang, result));
    }
    day_chips(lang, (&query.from, &query.to), chip);
    chips
}

/// Whose sign-ins somebody may read. Who audits the platform's own unit reads all of them: accounts of the city and the
/// province stand above that unit, and still sign in here.
pub(crate) fn scope(viewer: &Viewer) -> (String, Vec<Param<'static>>) {
    let all = viewer.reaches_institutions(AUDIT);
    let scope = if all { Scope::Everything } else { viewer.scope(AUDIT) };
    scope.condition("unit_id", 1)
}

/// Rows before a number, with the names they need.
pub(crate) fn listed(
    tx: &mut Tx,
    (viewer, vault): (&Viewer, &Vault),
    filter: &SignInFilter,
    before: i64,
    limit: usize,
) -> Result<(Vec<(i64, SignInEntry)>, Names), Problem> {
    let rows = sign_ins_listed(tx, &scope(viewer), filter, before, limit)?;
    let actors: Vec<ActorId> = rows.iter().filter_map(|(_, row)| row.account).collect();
    let units: Vec<_> = rows.iter().filter_map(|(_, row)| row.unit).collect();
    let names = Names::read(tx, vault, &actors, &units)?;
    Ok((rows, names))
}

pub(super) async fn show(visit: Visit, Query(query): Query<SignInsQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    let (viewer, vault, filter) = (visit.viewer.clone(), visit.desk.vault.clone(), query.clone());
    let trail = Trail::parse(&query.before);
    let before = trail.here().parse().unwrap_or(0);
    let (asked, now) = (query.verify == "1", visit.now());
    // Recomputing a long chain takes a while: not on the readers that serve pages.
    let lane = if asked { Lane::Long } else { Lane::Interactive };
    let read = visit.desk.readers.read(lane, move |tx| {
        let filter = filter.filter(tx)?;
        let (rows, names) = listed(tx, (&viewer, &vault), &filter, before, limits::PAGE_ROWS + 1)?;
        let head = sign_in_log_head(tx)?;
        let verify = asked || head.number <= VERIFIED_AT_ONCE;
        let report = if verify { Some(verify_sign_in_log(tx, None, now)?) } else { None };
        let found = sign_ins_counted(tx, &scope(&viewer), &filter, limits::COUNT_EXACT + 1)?;
        Ok::<_, Problem>((rows, names, head.number, report, found))
    });
    let (mut rows, names, newest, report, found) = read.await??;
    let lang = visit.lang();
    let more = rows.len() > limits::PAGE_ROWS;
    rows.truncate(limits::PAGE_ROWS);
    let next = rows.last().filter(|_| more).map(|(number, _)| number.to_string());
    let pager =
        trail.pager(lang, (rows.len(), limits::PAGE_ROWS), next, |trail| query.with(PATH, "before", trail));
    let mut exports = ways_out(lang, |format| query.with("/audit/sign-ins/export", "format", format));
    exports.push(Link::new(texts::reads_verify(lang), query.with(PATH, "verify", "1")));
    let chips = chips(lang, &query);
    let act = (!chips.is_empty()).then(|| Link::new(texts::filter_all(lang), PATH));
    let shown = ListPage {
        action: None,
        notices: vec![chain(lang, newest, report)],
        path: PATH,
        filter: Filter {
            clear: PATH.to_owned(),
            views: tabs(lang, Tab::SignIns),
            count: ordered(lang, found),
            exports,
            chips,
            unread: unread.told(lang),
        },
        fields: fields(&visit),
        form: FormState::new(lang, "")
            .with("who", &query.who)
            .with("result", &query.result)
            .with("from", &query.from)
            .with("to", &query.to),
        table: table(lang, &rows, &names),
        pager,
        empty: rows.is_empty().then(|| Empty {
            sentence: match act {
                Some(_) => texts::audit_none(lang).to_owned(),
                None => texts::sign_ins_none(lang).to_owned(),
            },
            act,
            icon: "book",
        }),
        shell: visit.shell(texts::sign_ins_title(lang)).at("audit").back_to("/audit"),
    };
    Ok(web::page(&shown))
}

/// What is said of the chain of this log.
fn chain(lang: Lang, newest: i64, report: Option<AccessLogReport>) -> Mark {
    let sound = |number, digest| texts::sign_ins_sound(lang, number, digest);
    verdict(lang, report, || texts::sign_ins_unverified(lang, newest), sound)
}

/// The fields of the filter.
fn fields(visit: &Visit) -> Vec<Field> {
    let (lang, today) = (visit.lang(), visit.now().local_date());
    let any = std::iter::once(Choice::new("", texts::sign_ins_any(lang)));
    let choice = |one: &SignInResult| Choice::new(one.name(), words::sign_in_result(lang, *one));
    let results = any.chain(SignInResult::ALL.iter().map(choice)).collect();
    vec![
        Field::text("who", texts::audit_who_login(lang)),
        Field::select("result", texts::sign_ins_result(lang), results),
        Field::date("from", texts::audit_from(lang), today),
        Field::date("to", texts::audit_to(lang), today),
    ]
}

/// Whose account; of a login that nobody has, what was typed is not kept.
fn who(lang: Lang, row: &SignInEntry, names: &Names) -> String {
    if row.result == SignInResult::PassedOver {
        return String::new();
    }
    row.account.map_or_else(|| texts::sign_ins_nobody(lang).to_owned(), |account| names.actor(lang, account))
}

/// Where from; tries that were left out came from anywhere.
fn address(lang: Lang, row: &SignInEntry) -> String {
    match row.result {
        SignInResult::PassedOver => texts::sign_ins_passed_over_address(lang).to_owned(),
        _ => row.address.clone(),
    }
}

fn result(lang: Lang, row: &SignInEntry) -> String {
    let said = words::sign_in_result(lang, row.result);
    if row.result == SignInResult::PassedOver {
        return texts::sign_ins_passed_over_alone(lang, row.passed_over);
    }
    if row.passed_over == 0 { said } else { texts::sign_ins_passed_over(lang, said, row.passed_over) }
}

fn table(lang: Lang, rows: &[(i64, SignInEntry)], names: &Names) -> Table {
    let cells = |(number, row): &(i64, SignInEntry)| {
        vec![
            Cell::text(Say(lang).date_time(row.at)).more(format!("#{number}")),
            Cell::text(who(lang, row, names)),
            Cell::text(result(lang, row)),
            Cell::text(address(lang, row)),
            Cell::text(row.unit.map_or("", |unit| names.unit(unit))),
        ]
    };
    Table {
        caption: texts::sign_ins_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::audit_when(lang)),
            Column::new(texts::audit_who(lang)),
            Column::new(texts::sign_ins_result(lang)),
            Column::new(texts::sign_ins_address(lang)),
            Column::new(texts::audit_unit(lang)),
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
        (texts::sign_ins_result(lang), 32),
        (texts::sign_ins_address(lang), 24),
        (texts::audit_unit(lang), 28),
    ])
}

/// A row of the file.
pub(crate) fn line(lang: Lang, (number, row): &(i64, SignInEntry), names: &Names) -> [String; 6] {
    [
        number.to_string(),
        Say(lang).date_time(row.at),
        who(lang, row, names),
        result(lang, row),
        address(lang, row),
        row.unit.map_or_else(String::new, |unit| names.unit(unit).to_owned()),
    ]
}

pub(super) async fn export(visit: Visit, Query(query): Query<SignInsQuery>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (query, unread) = query.settled(visit.lang());
    unread.refused()?;
    let asking = Asking {
        menu: "audit",
        list: Arc::new(SignInsExport::new(visit.desk.vault.clone())),
        format: Format::asked(&query.format)?,
        filter: query.kept(),
        back: query.with(PATH, "format", ""),
    };
    Ok(asking.answer(&visit).await?)
}
