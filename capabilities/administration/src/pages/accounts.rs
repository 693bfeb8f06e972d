//! The list of accounts, and the same as a file.

use std::{collections::HashMap, sync::Arc};

use access::{AccountBrief, AccountFilter, AccountRow, Role, Viewer, accounts_counted, accounts_listed};
use axum::{extract::Query, response::Response};
use documents::Head;
use exports::{Asking, Format};
use journal::Vault;
use kernel::{PersonId, Problem, UnitId, limits};
use language::{Lang, Say};
use serde::{Deserialize, Serialize};
use storage::Tx;
use web::{
    Failed, FormState, Trail, Unread, Visit, address,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Table},
};

use super::{audit::ways_out, common::any_scope};
use crate::{
    export,
    exporters::AccountsExport,
    texts,
    view::{Field, ListPage},
};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AccountsQuery {
    unit: String,
    role: String,
    state: String,
    q: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    format: String,
}

impl AccountsQuery {
    /// As it was kept; what cannot be read counts as not said.
    pub(crate) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept: nothing that cannot be read, or is about one page.
    pub(crate) fn kept(&self) -> String {
        let filter = self.filter();
        let settled = Self {
            unit: filter.unit.map(|unit| unit.0.simple().to_string()).unwrap_or_default(),
            role: filter.role.map(|role| role.name().to_owned()).unwrap_or_default(),
            state: if filter.suspended.is_some() { self.state.clone() } else { String::new() },
            q: filter.query,
            ..Self::default()
        };
        serde_json::to_string(&settled).unwrap_or_default()
    }

    pub(crate) fn filter(&self) -> AccountFilter {
        AccountFilter {
            unit: UnitId::parse(&self.unit),
            role: Role::named(&self.role),
            suspended: match self.state.as_str() {
                "suspended" => Some(true),
                "active" => Some(false),
                _ => None,
            },
            query: self.q.chars().take(limits::NAME_CHARS).collect(),
            after: Trail::parse(&self.after).here().to_owned(),
        }
    }

    /// Without what means nothing, and what that was.
    fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = UnitId::parse(&self.unit).is_some();
        unread.clear(texts::account_unit_choice(lang), &mut self.unit, known);
        let known = Role::named(&self.role).is_some();
        unread.clear(texts::accounts_role(lang), &mut self.role, known);
        let known = matches!(self.state.as_str(), "active" | "suspended");
        unread.clear(texts::account_state(lang), &mut self.state, known);
        (self, unread)
    }

    fn with(&self, field: &str, value: &str) -> String {
        self.at("/accounts", field, value)
    }

    fn at(&self, path: &str, field: &str, value: &str) -> String {
        let filter: [(&str, &str); 4] =
            [("unit", &self.unit), ("role", &self.role), ("state", &self.state), ("q", &self.q)];
        web::address_with(path, &filter, field, value)
    }
}

/// Some accounts with the names a line of them needs.
struct Lines {
    rows: Vec<AccountRow>,
    names: HashMap<PersonId, String>,
    units: HashMap<UnitId, String>,
}

struct Found {
    lines: Lines,
    total: i64,
    unit: Option<String>,
}

/// The name of the unit in the filter. A unit out of reach is not there, rather than without accounts.
fn narrowed(tx: &mut Tx, viewer: &Viewer, filter: &AccountFilter) -> Result<Option<String>, Problem> {
    let Some(id) = filter.unit else { return Ok(None) };
    let over = viewer.permissions_over(tx, id)?;
    if !super::ACCOUNTS.iter().any(|p| over.has(p)) {
        return Err(Problem::NotFound);
    }
    Ok(Some(super::common::unit_name(tx, id)?))
}

fn lines(
    tx: &mut Tx,
    viewer: &Viewer,
    vault: &Vault,
    filter: &AccountFilter,
    limit: usize,
) -> Result<Lines, Problem> {
    let scope = any_scope(viewer, super::ACCOUNTS, "a.home_id");
    let rows = accounts_listed(tx, &scope, filter, limit)?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.brief.person).collect();
    let names = organisation::person_names(tx, vault, &people)?;
    let mut units = HashMap::new();
    for held in rows.iter().flat_map(|row| &row.grants) {
        if let std::collections::hash_map::Entry::Vacant(free) = units.entry(held.unit) {
            free.insert(super::common::unit_name(tx, held.unit)?);
        }
    }
    Ok(Lines { rows, names, units })
}

async fn find(visit: &Visit, filter: AccountFilter) -> Result<Found, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let unit = narrowed(tx, &viewer, &filter)?;
            let lines = lines(tx, &viewer, &vault, &filter, limits::PAGE_ROWS + 1)?;
            let scope = any_scope(&viewer, super::ACCOUNTS, "a.home_id");
            Ok(Found { lines, total: accounts_counted(tx, &scope, &filter)?, unit })
        })
        .await
}

pub(super) async fn show(visit: Visit, Query(query): Query<AccountsQuery>) -> Result<Response, Failed> {
    visit.need_any(super::ACCOUNTS)?;
    let (query, unread) = query.settled(visit.lang());
    let filter = query.filter();
    let mut found = find(&visit, filter.clone()).await?;
    let lang = visit.lang();
    let more = found.lines.rows.len() > limits::PAGE_ROWS;
    found.lines.rows.truncate(limits::PAGE_ROWS);
    let next = found.lines.rows.last().filter(|_| more).map(|last| last.brief.login.clone());
    let shown = (found.lines.rows.len(), limits::PAGE_ROWS);
    let count = texts::accounts_count(lang, Say(lang).number(found.total));
    let pager = Trail::parse(&query.after)
        .pager(lang, shown, next, |trail| query.with("after", trail))
        .among(lang, &count);
    let chips = chips(lang, &query, found.unit.as_deref());
    let may_open = visit.viewer.may("account.manage");
    let open = Link::new(texts::account_open(lang), address("/accounts/new", &[("unit", &query.unit)]));
    let grant = address(super::account_many::PATH, &[("unit", &query.unit)]);
    let grant = visit.viewer.may("role.grant").then(|| Link::new(texts::many_grant(lang), grant));
    let empty = found.lines.rows.is_empty().then(|| Empty {
        sentence: if chips.is_empty() {
            texts::accounts_none(lang)
        } else {
            texts::accounts_none_found(lang)
        }
        .to_owned(),
        act: may_open.then(|| open.clone()),
        icon: "me",
    });
    let view =
        |state: &str, label| Link::new(label, query.with("state", state)).current(query.state == state);
    let shown = ListPage {
        action: may_open.then_some(open).or(grant),
        notices: Vec::new(),
        path: "/accounts",
        filter: Filter {
            unread: unread.told(lang),
            chips,
            clear: "/accounts".to_owned(),
            views: vec![
                view("", texts::accounts_all(lang)),
                view("active", texts::account_works(lang)),
                view("suspended", texts::account_suspended(lang)),
            ],
            count,
            exports: ways_out(lang, |format| query.at("/accounts/export", "format", format)),
        },
        fields: vec![
            Field::text("q", texts::accounts_query(lang)),
            Field::select("role", texts::accounts_role(lang), role_choices(lang)),
        ],
        form: FormState::new(lang, "").with("q", &query.q).with("role", &query.role),
        table: table(lang, &found.lines),
        pager,
        empty,
        shell: visit.shell(texts::accounts_title(lang)).at("accounts"),
    };
    Ok(web::page(&shown))
}

fn role_choices(lang: Lang) -> Vec<Choice> {
    let any = std::iter::once(Choice::new("", texts::accounts_any_role(lang)));
    any.chain(Role::ALL.iter().map(|role| Choice::new(role.name(), web::names::role(lang, role.name()))))
        .collect()
}

fn chips(lang: Lang, query: &AccountsQuery, unit: Option<&str>) -> Vec<Link> {
    let mut chips = Vec::new();
    if let Some(unit) = unit {
        chips.push(Link::new(unit, query.with("unit", "")));
    }
    if Role::named(&query.role).is_some() {
        chips.push(Link::new(web::names::role(lang, &query.role), query.with("role", "")));
    }
    if !query.q.is_empty() {
        chips.push(Link::new(texts::filter_words(lang, &query.q), query.with("q", "")));
    }
    chips
}

impl Lines {
    fn name(&self, lang: Lang, row: &AccountRow) -> String {
        let known = self.names.get(&row.brief.person).cloned();
        known.unwrap_or_else(|| texts::person_erased(lang).to_owned())
    }

    fn roles(&self, lang: Lang, row: &AccountRow) -> String {
        if row.grants.is_empty() {
            return texts::account_no_roles(lang).to_owned();
        }
        let roles = row.grants.iter().map(|held| match self.units.get(&held.unit) {
            Some(unit) if held.unit != row.brief.home => crate::words::held(lang, *held, unit),
            _ => web::names::role(lang, held.role.name()),
        });
        Say(lang).list(roles)
    }
}

/// Whether an account can be used, in the words of every list.
pub(super) const fn state(lang: Lang, account: &AccountBrief) -> &'static str {
    match (account.suspended, account.has_password) {
        (true, _) => texts::account_suspended(lang),
        (false, false) => texts::account_never_used(lang),
        (false, true) => texts::account_works(lang),
    }
}

fn seen(lang: Lang, row: &AccountRow) -> String {
    row.last_seen.map_or_else(|| "—".to_owned(), |at| Say(lang).date_time(at))
}

fn table(lang: Lang, found: &Lines) -> Table {
    let cells = |row: &AccountRow| {
        let state = if row.brief.suspended {
            Cell::mark(Level::Yellow, state(lang, &row.brief))
        } else {
            Cell::text(state(lang, &row.brief))
        };
        vec![
            Cell::link(&row.brief.login, super::account::href(row.brief.id)).more(found.name(lang, row)),
            Cell::text(&row.home_name),
            Cell::text(found.roles(lang, row)),
            state,
            Cell::text(seen(lang, row)),
        ]
    };
    Table {
        caption: texts::accounts_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::account_login(lang)),
            Column::new(texts::account_home(lang)),
            Column::new(texts::accounts_role(lang)),
            Column::new(texts::account_state(lang)),
            Column::new(texts::account_last_seen(lang)),
        ],
        rows: found.rows.iter().map(cells).collect(),
    }
}

/// The filter in words, for whoever asked for the list as a file.
pub(crate) fn told(
    tx: &mut Tx,
    viewer: &Viewer,
    lang: Lang,
    query: &AccountsQuery,
) -> Result<String, Problem> {
    // A unit that went out of reach meanwhile is not named.
    let unit = match narrowed(tx, viewer, &query.filter()) {
        Ok(unit) => unit.unwrap_or_else(|| viewer.home.name.clone()),
        Err(Problem::NotFound) => "…".to_owned(),
        Err(other) => return Err(other),
    };
    let state = match query.filter().suspended {
        Some(true) => Some(texts::account_suspended(lang).to_owned()),
        Some(false) => Some(texts::account_works(lang).to_owned()),
        None => None,
    };
    let chips = chips(lang, query, None).into_iter().map(|chip| chip.label);
    Ok(std::iter::once(unit).chain(chips).chain(state).collect::<Vec<_>>().join(" · "))
}

pub(crate) fn counted(tx: &mut Tx, viewer: &Viewer, filter: &AccountFilter) -> Result<i64, Problem> {
    Ok(accounts_counted(tx, &any_scope(viewer, super::ACCOUNTS, "a.home_id"), filter)?)
}

/// The heads of the same list as a file.
pub(crate) fn heads(lang: Lang) -> Vec<Head> {
    export::headings(&[
        (texts::account_login(lang), 16),
        (texts::person_name(lang), 14),
        (texts::account_home(lang), 28),
        (texts::accounts_role(lang), 30),
        (texts::account_state(lang), 12),
        (texts::account_last_seen(lang), 20),
    ])
}

/// Up to `most` rows of the file after the filter's cursor, and where the next begin.
pub(crate) fn part(
    tx: &mut Tx,
    (viewer, vault): (&Viewer, &Vault),
    lang: Lang,
    filter: &AccountFilter,
    most: usize,
) -> Result<(Vec<[String; 6]>, Option<String>), Problem> {
    let mut found = lines(tx, viewer, vault, filter, most.saturating_add(1))?;
    let more = found.rows.len() > most;
    found.rows.truncate(most);
    let line = |row: &AccountRow| {
        [
            row.brief.login.clone(),
            found.name(lang, row),
            row.home_name.clone(),
            found.roles(lang, row),
            state(lang, &row.brief).to_owned(),
            seen(lang, row),
        ]
    };
    let next = found.rows.last().filter(|_| more).map(|last| last.brief.login.clone());
    Ok((found.rows.iter().map(line).collect(), next))
}

pub(super) async fn export(visit: Visit, Query(query): Query<AccountsQuery>) -> Result<Response, Failed> {
    visit.need_any(super::ACCOUNTS)?;
    let (query, unread) = query.settled(visit.lang());
    unread.refused()?;
    let (filter, asking) = (query.filter(), visit.viewer.clone());
    visit.read(move |tx| narrowed(tx, &asking, &filter)).await?;
    let asking = Asking {
        menu: "accounts",
        list: Arc::new(AccountsExport::new(visit.desk.vault.clone())),
        format: Format::asked(&query.format)?,
        filter: query.kept(),
        back: query.with("format", ""),
    };
    Ok(asking.answer(&visit).await?)
}
