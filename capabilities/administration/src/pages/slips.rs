//! First passwords on paper: for one account, or for a whole unit, eight slips on a sheet. A code is shown on this
//! answer and nowhere else; sending the form twice makes no second one.

use std::sync::{Arc, Mutex, PoisonError};

use access::{
    Account, AccountCommand, AccountFilter, AccountRow, Viewer, accounts_listed, issue_printed_code,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use journal::{Permission, UnitOfWork, WorkLane};
use kernel::{ActorId, PersonId, Problem, Timestamp, UnitId};
use language::Say;
use storage::Tx;
use web::{Failed, Flash, FormState, Posted, Visit, see_other_saying, view::Choice};

use super::{
    AdministrationPages, account,
    common::{is_for_the_form, visible_account, visible_unit},
    units,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page, Slip, SlipsPage},
};

const RESET: &[Permission] = &["account.reset_password", "role.grant"];
/// Slips printed at a time.
const SLIPS: usize = 200;

/// Somebody whose slip may be printed.
struct Candidate {
    row: AccountRow,
    name: String,
}

impl Candidate {
    /// The printed slip that may still be used: a new one would make it worthless.
    fn slip_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.row.slip_until.filter(|until| *until > now && !self.row.brief.has_password)
    }
}

/// One account.
pub(super) async fn reset(
    State(pages): State<AdministrationPages>,
    Path(id): Path<ActorId>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(RESET)?;
    let viewer = visit.viewer.clone();
    visit.read(move |tx| visible_account(tx, &viewer, id).map(|_| ())).await?;
    match issue(&visit, UnitOfWork::new(visit.actor(), command_id), vec![id]).await {
        Ok(codes) => {
            let back = account::href(id);
            printed(&visit, &pages, &headers, codes, back).await
        }
        Err(problem) if is_for_the_form(&problem) => {
            let seen = account::see(&visit, id, None).await?;
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(account::compose(&visit, &seen, "reset", state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks the events of all accounts, after whatever `work` asks already, and makes the codes in the same transaction:
/// all or none.
pub(super) async fn issue(
    visit: &Visit,
    mut work: UnitOfWork,
    accounts: Vec<ActorId>,
) -> Result<Vec<(ActorId, String)>, Problem> {
    let made: Arc<Mutex<Vec<(ActorId, String)>>> = Arc::default();
    let kept = Arc::clone(&made);
    let (vault, ids, now) = (visit.desk.vault.clone(), visit.desk.ids.clone(), visit.now());
    for id in &accounts {
        work = work.ask::<Account>(*id, AccountCommand::RecordPasswordSet { by_reset: true });
    }
    let work = work.housekeeping(move |tx| {
        let mut codes = Vec::with_capacity(accounts.len());
        for id in &accounts {
            codes.push((*id, issue_printed_code(tx, &vault, &ids, *id, now)?));
        }
        // It may run again; its last run counts.
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = codes;
        Ok(())
    });
    visit.desk.handle.execute(WorkLane::Interactive, work).await?;
    visit.desk.sessions.bump();
    let codes = std::mem::take(&mut *made.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(codes)
}

/// The sheet, once; afterwards a word that it was printed.
pub(super) async fn printed(
    visit: &Visit,
    pages: &AdministrationPages,
    headers: &HeaderMap,
    codes: Vec<(ActorId, String)>,
    done: String,
) -> Result<Response, Failed> {
    let lang = visit.lang();
    if codes.is_empty() {
        return Ok(see_other_saying(&done, &Flash::warning(texts::slips_printed_before(lang))));
    }
    let vault = visit.desk.vault.clone();
    let until = visit.now().plus_ms(access::limits::PRINTED_CODE_MS);
    let until = Say(lang).date_of(until);
    let slips = visit
        .read(move |tx| {
            let mut slips = Vec::new();
            for (id, code) in codes {
                let Some((state, _)) = access::account_state(tx, id)? else { continue };
                slips.push(Slip {
                    unit: super::common::unit_name(tx, state.home)?,
                    name: super::common::person_name(tx, &vault, state.person)?,
                    login: state.login,
                    code,
                    until: until.clone(),
                });
            }
            Ok(slips)
        })
        .await?;
    let shell = visit.shell(texts::slips_title(lang)).at("accounts").back_to(&done);
    Ok(web::page(&SlipsPage { shell, slips, address: origin(visit, pages, headers), done }))
}

/// The address people type.
pub(super) fn origin(visit: &Visit, pages: &AdministrationPages, headers: &HeaderMap) -> String {
    origin_of(visit.desk.tls, pages, headers)
}

fn origin_of(tls: bool, pages: &AdministrationPages, headers: &HeaderMap) -> String {
    web::public_origin(pages.public_url(), tls, headers)
}

/// Accounts of a unit that the viewer may give a first password: not his own, not suspended, of a lower rank unless
/// he grants roles. The writer decides; this only keeps the form short.
fn candidates(
    tx: &mut Tx,
    visit_vault: &journal::Vault,
    viewer: &Viewer,
    unit: UnitId,
) -> Result<Vec<Candidate>, Problem> {
    let (_, _, over) = visible_unit(tx, viewer, unit, RESET)?;
    let everything = ("TRUE".to_owned(), Vec::new());
    let filter = AccountFilter { unit: Some(unit), suspended: Some(false), ..AccountFilter::default() };
    let rows = accounts_listed(tx, &everything, &filter, SLIPS)?;
    let rank = |role: access::Role| role.entry().map_or(u16::MAX, |entry| entry.rank);
    let resets = |role: access::Role| role.permissions().has("account.reset_password");
    let own = viewer.roles().into_iter().filter(|role| resets(*role)).map(rank).max().unwrap_or(0);
    let lower = |row: &AccountRow| row.grants.iter().all(|held| rank(held.role) < own);
    let rows: Vec<AccountRow> = rows
        .into_iter()
        .filter(|row| row.brief.person != viewer.person && (over.has("role.grant") || lower(row)))
        .collect();
    let people: Vec<PersonId> = rows.iter().map(|row| row.brief.person).collect();
    let mut names = organisation::person_names(tx, visit_vault, &people)?;
    let named = rows
        .into_iter()
        .map(|row| Candidate { name: names.remove(&row.brief.person).unwrap_or_default(), row });
    Ok(named.collect())
}

async fn see(visit: &Visit, id: UnitId) -> Result<(String, Vec<Candidate>), Problem> {
    visit.need_any(RESET)?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let found = candidates(tx, &vault, &viewer, id)?;
            Ok((super::common::unit_name(tx, id)?, found))
        })
        .await
}

/// A whole unit: who gets a slip.
pub(super) async fn choose(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    let (unit, candidates) = see(&visit, id).await?;
    let mut form = visit.form();
    let waits = |c: &&Candidate| !c.row.brief.has_password && c.slip_until(visit.now()).is_none();
    for candidate in candidates.iter().filter(waits) {
        form = form.with("account", candidate.row.brief.id);
    }
    Ok(compose(&visit, id, &unit, &candidates, form).answer(StatusCode::OK))
}

fn compose(visit: &Visit, id: UnitId, unit: &str, candidates: &[Candidate], form: FormState) -> Page {
    let lang = visit.lang();
    let shell = visit.shell(texts::slips_title(lang)).for_unit(unit, visit.now());
    let mut page = Page::new(shell.at("accounts").back_to(units::href(id)));
    if candidates.is_empty() {
        let lines = vec![texts::slips_nobody(lang).to_owned()];
        page.left.push(Block::Prose { title: String::new(), lines });
        return page;
    }
    let choices = candidates.iter().map(|candidate| {
        let state = match candidate.slip_until(visit.now()) {
            Some(until) => texts::account_password_slip(lang, Say(lang).date_of(until)),
            None if candidate.row.brief.has_password => texts::account_password_set(lang).to_owned(),
            None => texts::account_password_none(lang).to_owned(),
        };
        Choice::new(
            candidate.row.brief.id.to_string(),
            format!("{} · {}", candidate.row.brief.login, candidate.name),
        )
        .hint(state)
    });
    page.left.push(Block::form(FormCard {
        id: "slips",
        told: vec![texts::slips_told(lang).to_owned(), texts::reset_told(lang).to_owned()],
        action: format!("{}/slips", units::href(id)),
        fields: vec![Field::checks("account", texts::slips_who(lang), choices.collect()).needed()],
        button: texts::slips_button(lang).to_owned(),
        form,
        ..FormCard::default()
    }));
    page
}

pub(super) async fn print(
    State(pages): State<AdministrationPages>,
    Path(id): Path<UnitId>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (unit, candidates) = see(&visit, id).await?;
    let wanted: Vec<ActorId> = form.values("account").filter_map(ActorId::parse).collect();
    let chosen: Vec<ActorId> =
        candidates.iter().map(|c| c.row.brief.id).filter(|account| wanted.contains(account)).collect();
    let done = if chosen.is_empty() {
        let refusal = kernel::Refusal::new("slips-nobody-chosen");
        Err(Problem::Invalid(vec![kernel::FieldProblem { field: "account", refusal }]))
    } else {
        issue(&visit, UnitOfWork::new(visit.actor(), command_id), chosen).await
    };
    match done {
        Ok(codes) => printed(&visit, &pages, &headers, codes, units::href(id)).await,
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, id, &unit, &candidates, state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
