//! The list of accounts.

use std::collections::HashMap;

use access::{AccountFilter, AccountRow, Role, accounts_counted, accounts_listed};
use axum::{extract::Query, response::Response};
use kernel::{PersonId, Problem, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, FormState, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Pager, Table},
};

use super::common::{address, any_scope};
use crate::{
    texts,
    view::{Field, ListPage},
};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AccountsQuery {
    unit: String,
    role: String,
    state: String,
    q: String,
    after: String,
}

impl AccountsQuery {
    fn filter(&self) -> AccountFilter {
        AccountFilter {
            unit: UnitId::parse(&self.unit),
            role: Role::named(&self.role),
            suspended: match self.state.as_str() {
                "suspended" => Some(true),
                "active" => Some(false),
                _ => None,
            },
            query: self.q.chars().take(limits::NAME_CHARS).collect(),
            after: self.after.chars().take(limits::NAME_CHARS).collect(),
        }
    }

    fn with(&self, field: &str, value: &str) -> String {
        let pick = |name: &str, old: &str| if name == field { value.to_owned() } else { old.to_owned() };
        let (unit, role) = (pick("unit", &self.unit), pick("role", &self.role));
        let (state, q, after) = (pick("state", &self.state), pick("q", &self.q), pick("after", ""));
        let fields = [("unit", &*unit), ("role", &*role), ("state", &*state), ("q", &*q), ("after", &*after)];
        address("/accounts", &fields)
    }
}

struct Found {
    rows: Vec<AccountRow>,
    total: i64,
    names: HashMap<PersonId, String>,
    units: HashMap<UnitId, String>,
    unit: Option<String>,
}

async fn find(visit: &Visit, filter: AccountFilter) -> Result<Found, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let mut unit = None;
            if let Some(id) = filter.unit {
                // A unit out of reach is not there, rather than without accounts.
                let over = viewer.permissions_over(tx, id)?;
                if !super::ACCOUNTS.iter().any(|p| over.has(p)) {
                    return Err(Problem::NotFound);
                }
                unit = Some(super::common::unit_name(tx, id)?);
            }
            let scope = any_scope(&viewer, super::ACCOUNTS, "a.home_id");
            let rows = accounts_listed(tx, &scope, &filter, limits::PAGE_ROWS + 1)?;
            let total = accounts_counted(tx, &scope, &filter)?;
            let people: Vec<PersonId> = rows.iter().map(|row| row.brief.person).collect();
            let names = organisation::person_names(tx, &vault, &people)?;
            let mut units = HashMap::new();
            for held in rows.iter().flat_map(|row| &row.grants) {
                if let std::collections::hash_map::Entry::Vacant(free) = units.entry(held.unit) {
                    free.insert(super::common::unit_name(tx, held.unit)?);
                }
            }
            Ok(Found { rows, total, names, units, unit })
        })
        .await
}

pub(super) async fn show(visit: Visit, Query(query): Query<AccountsQuery>) -> Result<Response, Failed> {
    visit.need_any(super::ACCOUNTS)?;
    let filter = query.filter();
    let mut found = find(&visit, filter.clone()).await?;
    let lang = visit.lang();
    let more = found.rows.len() > limits::PAGE_ROWS;
    found.rows.truncate(limits::PAGE_ROWS);
    let next = found.rows.last().filter(|_| more).map(|last| query.with("after", &last.brief.login));
    let chips = chips(lang, &query, found.unit.as_deref());
    let may_open = visit.viewer.may("account.manage");
    let open = Link::new(texts::account_open(lang), address("/accounts/new", &[("unit", &query.unit)]));
    let empty = found.rows.is_empty().then(|| Empty {
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
        action: may_open.then_some(open),
        notices: Vec::new(),
        path: "/accounts",
        filter: Filter {
            chips,
            clear: "/accounts".to_owned(),
            views: vec![
                view("", texts::accounts_all(lang)),
                view("active", texts::account_works(lang)),
                view("suspended", texts::account_suspended(lang)),
            ],
            count: texts::accounts_count(lang, Say(lang).number(found.total)),
            exports: Vec::new(),
        },
        fields: vec![
            Field::text("q", texts::accounts_query(lang)),
            Field::select("role", texts::accounts_role(lang), role_choices(lang)),
        ],
        form: FormState::new(lang, "").with("q", &query.q).with("role", &query.role),
        table: table(lang, &found),
        pager: Pager {
            before: (!query.after.is_empty()).then(|| query.with("after", "")),
            after: next,
            place: texts::accounts_place(lang, found.rows.len()),
        },
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

fn table(lang: Lang, found: &Found) -> Table {
    let cells = |row: &AccountRow| {
        let name = found
            .names
            .get(&row.brief.person)
            .cloned()
            .unwrap_or_else(|| texts::person_erased(lang).to_owned());
        let roles: Vec<String> = row
            .grants
            .iter()
            .map(|held| match found.units.get(&held.unit) {
                Some(unit) if held.unit != row.brief.home => crate::words::held(lang, *held, unit),
                _ => web::names::role(lang, held.role.name()),
            })
            .collect();
        let roles =
            if roles.is_empty() { texts::account_no_roles(lang).to_owned() } else { Say(lang).list(roles) };
        let state = match (row.brief.suspended, row.has_password) {
            (true, _) => Cell::mark(Level::Yellow, texts::account_suspended(lang)),
            (false, false) => Cell::text(texts::account_never_used(lang)),
            (false, true) => Cell::text(texts::account_works(lang)),
        };
        let seen = row.last_seen.map_or_else(|| "—".to_owned(), |at| Say(lang).date_time(at));
        vec![
            Cell::link(&row.brief.login, super::account::href(row.brief.id)).more(name),
            Cell::text(&row.home_name),
            Cell::text(roles),
            state,
            Cell::text(seen),
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
