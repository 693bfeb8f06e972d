//! 批量开通: accounts for everybody who has a post and none, then roles and first passwords for accounts without. Two
//! steps of two administrators, as one account is two steps; the commands are those of one account.

use access::{
    Account, AccountCommand, Role, Viewer, Waiting, WaitingFilter, accounts_without_role,
    limits::ACCOUNTS_AT_ONCE, people_without_account,
};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use journal::{Permission, UnitOfWork, WorkLane};
use kernel::{ActorId, FieldProblem, PersonId, Problem, Refusal, UnitId};
use language::{Lang, Say};
use organisation::{UnitFilter, UnitKind, units_listed};
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, Flash, FormData, FormState, Posted, Visit, address, see_other_saying,
    view::{Choice, Link},
};

use super::{
    AdministrationPages,
    common::{is_for_the_form, unit_name},
    slips,
};
use crate::{
    logins, texts,
    view::{Block, Field, FormCard, Page},
};

/// Where it is.
pub(super) const PATH: &str = "/accounts/many";
const OPEN: Permission = "account.manage";
const GRANT: Permission = "role.grant";

/// Whom the page is narrowed to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ManyQuery {
    unit: String,
    role: String,
}

impl ManyQuery {
    fn filter(&self) -> WaitingFilter {
        WaitingFilter { below: UnitId::parse(&self.unit), role: Role::named(&self.role) }
    }

    fn at(&self, path: &str, unit: Option<&str>, role: Option<&str>) -> String {
        let fields = [("unit", unit.unwrap_or(&self.unit)), ("role", role.unwrap_or(&self.role))];
        address(path, &fields)
    }
}

/// Somebody as the page shows them; `value` is what the form sends back.
struct Line {
    waiting: Waiting,
    name: String,
    login: String,
    value: String,
}

/// Everything on the page. A list is there only for whoever may do its act.
struct Seen {
    unit: Option<String>,
    townships: Vec<(UnitId, String)>,
    open: Option<Vec<Line>>,
    grant: Option<Vec<Line>>,
}

/// Those who wait where the viewer has the permission, himself left out.
fn lines(
    tx: &mut Tx,
    visit: &Visit,
    permission: Permission,
    filter: WaitingFilter,
) -> Result<Option<Vec<Line>>, Problem> {
    let viewer = &visit.viewer;
    if !viewer.may(permission) {
        return Ok(None);
    }
    let scope = viewer.scope(permission).condition("p.unit_id", 1);
    // One more than is shown tells that there are more.
    let most = ACCOUNTS_AT_ONCE + 1;
    let found = match permission {
        OPEN => people_without_account(tx, &scope, filter, most)?,
        _ => accounts_without_role(tx, &scope, filter, most)?,
    };
    let found: Vec<Waiting> = found.into_iter().filter(|one| one.person != viewer.person).collect();
    let people: Vec<PersonId> = found.iter().map(|one| one.person).collect();
    let names = organisation::person_names(tx, &visit.desk.vault, &people)?;
    let name = |one: &Waiting| names.get(&one.person).map_or("", String::as_str);
    let fresh = match permission {
        OPEN => logins::proposed(tx, &found.iter().map(name).collect::<Vec<_>>())?,
        _ => found
            .iter()
            .map(|one| one.account.as_ref().map(|(_, login)| login.clone()).unwrap_or_default())
            .collect(),
    };
    let named: Vec<String> = found.iter().map(|one| name(one).to_owned()).collect();
    let line = |((waiting, name), login): ((Waiting, String), String)| {
        // The new account's id goes out with the form, so that sending it twice asks for the same.
        let account = match waiting.account {
            Some((id, _)) => id,
            None => visit.desk.ids.new_id(&*visit.desk.clock),
        };
        let roles: Vec<&str> = waiting.roles.iter().map(|role| role.name()).collect();
        let agreed = if waiting.account.is_some() { roles.join("+") } else { login.clone() };
        Line { value: format!("{}/{account}/{agreed}", waiting.person), waiting, name, login }
    };
    Ok(Some(found.into_iter().zip(named).zip(fresh).map(line).collect()))
}

fn townships(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(UnitId, String)>, Problem> {
    let permission = if viewer.may(OPEN) { OPEN } else { GRANT };
    let scope = viewer.scope(permission).condition("u.id", 1);
    let only = UnitFilter { kind: Some(UnitKind::Township), ..UnitFilter::default() };
    let rows = units_listed(tx, &scope, &only, ACCOUNTS_AT_ONCE)?;
    Ok(rows.into_iter().map(|row| (row.brief.id, row.brief.name)).collect())
}

async fn see(visit: &Visit, query: &ManyQuery) -> Result<Seen, Problem> {
    visit.need_any(&[OPEN, GRANT])?;
    let (asking, filter) = (visit.clone(), query.filter());
    visit
        .read(move |tx| {
            let mut unit = None;
            if let Some(id) = filter.below {
                // A unit out of reach is not there, rather than without people.
                let over = asking.viewer.permissions_over(tx, id)?;
                if !(over.has(OPEN) || over.has(GRANT)) {
                    return Err(Problem::NotFound);
                }
                unit = Some(unit_name(tx, id)?);
            }
            Ok(Seen {
                unit,
                townships: townships(tx, &asking.viewer)?,
                open: lines(tx, &asking, OPEN, filter)?,
                grant: lines(tx, &asking, GRANT, filter)?,
            })
        })
        .await
}

pub(super) async fn show(visit: Visit, Query(query): Query<ManyQuery>) -> Result<Response, Failed> {
    let seen = see(&visit, &query).await?;
    Ok(compose(&visit, &query, &seen, None).answer(StatusCode::OK))
}

/// `failed` is what came back from one of the forms, and which.
fn compose(visit: &Visit, query: &ManyQuery, seen: &Seen, failed: Option<(Permission, FormState)>) -> Page {
    let lang = visit.lang();
    let mut page = Page::new(visit.shell(texts::many_title(lang)).at("accounts").back_to("/accounts"));
    let role = Role::named(&query.role).map(|role| web::names::role(lang, role.name()));
    let everywhere = texts::many_everywhere(lang).to_owned();
    let any = texts::accounts_any_role(lang).to_owned();
    page.lead = texts::many_narrowed(lang, seen.unit.clone().unwrap_or(everywhere), role.unwrap_or(any));
    for (permission, lines) in [(OPEN, &seen.open), (GRANT, &seen.grant)] {
        let Some(lines) = lines else { continue };
        let state = match &failed {
            Some((which, state)) if *which == permission => state.clone(),
            _ => lines
                .iter()
                .take(ACCOUNTS_AT_ONCE)
                .fold(visit.form(), |form, line| form.with("who", &line.value)),
        };
        page.left.push(card(lang, query, permission, lines, state));
    }
    narrow(&mut page, lang, query, seen);
    page
}

fn card(lang: Lang, query: &ManyQuery, permission: Permission, lines: &[Line], form: FormState) -> Block {
    let opening = permission == OPEN;
    if lines.is_empty() {
        let none = if opening { texts::many_nobody_to_open(lang) } else { texts::many_nobody_to_grant(lang) };
        return Block::Prose { title: String::new(), lines: vec![none.to_owned()] };
    }
    let mut told =
        vec![if opening { texts::many_open_told(lang) } else { texts::many_grant_told(lang) }.to_owned()];
    if lines.len() > ACCOUNTS_AT_ONCE {
        told.push(texts::many_more(lang, ACCOUNTS_AT_ONCE));
    }
    let choice = |line: &Line| {
        let name = if line.name.is_empty() { texts::person_erased(lang) } else { &line.name };
        let roles = Say(lang).list(line.waiting.roles.iter().map(|role| web::names::role(lang, role.name())));
        Choice::new(&line.value, texts::many_who(lang, name, &line.waiting.unit_name))
            .hint(texts::many_proposed(lang, roles, &line.login))
    };
    let choices = lines.iter().take(ACCOUNTS_AT_ONCE).map(choice).collect();
    let (id, label, button, path) = if opening {
        ("open", texts::many_open_who(lang), texts::many_open_button(lang), PATH.to_owned())
    } else {
        ("grant", texts::many_grant_who(lang), texts::many_grant_button(lang), format!("{PATH}/slips"))
    };
    Block::form(FormCard {
        id,
        title: if opening { texts::many_open(lang) } else { texts::many_grant(lang) }.to_owned(),
        told,
        action: query.at(&path, None, None),
        fields: vec![Field::checks("who", label, choices).needed()],
        button: button.to_owned(),
        form: form.label("who", label),
        ..FormCard::default()
    })
}

/// Where else to look: townships, and the roles that posts propose.
fn narrow(page: &mut Page, lang: Lang, query: &ManyQuery, seen: &Seen) {
    let chosen = UnitId::parse(&query.unit);
    let all =
        Link::new(texts::many_everywhere(lang), query.at(PATH, Some(""), None)).current(chosen.is_none());
    let township = |(id, name): &(UnitId, String)| {
        let to = query.at(PATH, Some(&id.0.simple().to_string()), None);
        Link::new(name, to).current(chosen == Some(*id))
    };
    let links = std::iter::once(all).chain(seen.townships.iter().map(township)).collect();
    page.right.push(Block::Links { title: texts::many_where(lang).to_owned(), links });
    let wanted = Role::named(&query.role);
    let any =
        Link::new(texts::accounts_any_role(lang), query.at(PATH, None, Some(""))).current(wanted.is_none());
    let proposing = access::table().entries.iter().filter(|entry| !entry.posts.is_empty());
    let role = |role: Role| {
        let to = query.at(PATH, None, Some(role.name()));
        Link::new(web::names::role(lang, role.name()), to).current(wanted == Some(role))
    };
    let links = std::iter::once(any).chain(proposing.map(|entry| role(entry.role))).collect();
    page.right.push(Block::Links { title: texts::accounts_role(lang).to_owned(), links });
}

/// The lines somebody ticked, as they stand now: person, account, and what was agreed to for them.
fn chosen<'l>(lines: &'l [Line], form: &'l FormData) -> Result<Vec<(&'l Line, ActorId, &'l str)>, Problem> {
    let refused = |refusal: Refusal| Problem::Invalid(vec![FieldProblem { field: "who", refusal }]);
    let mut found = Vec::new();
    for value in form.values("who") {
        let mut parts = value.splitn(3, '/');
        let person = parts.next().and_then(PersonId::parse);
        let account = parts.next().and_then(ActorId::parse);
        let (Some(person), Some(account), Some(agreed)) = (person, account, parts.next()) else {
            return Err(refused(Refusal::new("field-choice")));
        };
        let line = lines.iter().find(|line| line.waiting.person == person);
        let line = line.ok_or_else(|| refused(Refusal::new("many-changed")))?;
        found.push((line, account, agreed));
    }
    match found.len() {
        0 => Err(refused(Refusal::new("many-nobody-chosen"))),
        1..=ACCOUNTS_AT_ONCE => Ok(found),
        _ => Err(refused(Refusal::new("many-too-many").with("most", ACCOUNTS_AT_ONCE))),
    }
}

/// One command for each account, all or none. Sent twice, those people wait no more, which is said.
fn opening(
    visit: &Visit,
    command_id: kernel::CommandId,
    lines: &[Line],
    form: &FormData,
) -> Result<(UnitOfWork, usize), Problem> {
    let found = chosen(lines, form)?;
    let count = found.len();
    let mut work = UnitOfWork::new(visit.actor(), command_id);
    for (line, account, login) in found {
        let (person, home) = (line.waiting.person, line.waiting.unit);
        work = work.ask::<Account>(account, AccountCommand::Open { person, login: login.to_owned(), home });
    }
    Ok((work, count))
}

pub(super) async fn open(Query(query): Query<ManyQuery>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&[OPEN])?;
    let done = async {
        let seen = see(&visit, &query).await?;
        let lines = seen.open.as_deref().unwrap_or_default();
        let (work, count) = opening(&visit, command_id, lines, &form)?;
        visit.desk.handle.execute(WorkLane::Interactive, work).await?;
        visit.desk.sessions.bump();
        Ok::<usize, Problem>(count)
    };
    match done.await {
        Ok(count) => {
            let text = texts::many_opened(visit.lang(), count);
            Ok(see_other_saying(&query.at(PATH, None, None), &Flash::done(text)))
        }
        Err(problem) => again(&visit, &query, OPEN, &form, problem).await,
    }
}

/// Roles and the events of first passwords; a role that the posts no longer propose is not given.
fn granting(
    visit: &Visit,
    command_id: kernel::CommandId,
    lines: &[Line],
    form: &FormData,
) -> Result<(UnitOfWork, Vec<ActorId>), Problem> {
    let mut work = UnitOfWork::new(visit.actor(), command_id);
    let mut accounts = Vec::new();
    for (line, account, agreed) in chosen(lines, form)? {
        if format!("{}/{account}/{agreed}", line.waiting.person) != line.value {
            let refusal = Refusal::new("many-changed");
            return Err(Problem::Invalid(vec![FieldProblem { field: "who", refusal }]));
        }
        for role in &line.waiting.roles {
            let unit = line.waiting.unit;
            work = work.ask::<Account>(account, AccountCommand::Grant { role: *role, unit });
        }
        accounts.push(account);
    }
    Ok((work, accounts))
}

pub(super) async fn grant(
    State(pages): State<AdministrationPages>,
    Query(query): Query<ManyQuery>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&[GRANT])?;
    let done = async {
        let seen = see(&visit, &query).await?;
        let (work, accounts) =
            granting(&visit, command_id, seen.grant.as_deref().unwrap_or_default(), &form)?;
        slips::issue(&visit, work, accounts).await
    };
    match done.await {
        Ok(codes) => slips::printed(&visit, &pages, &headers, codes, query.at(PATH, None, None)).await,
        Err(problem) => again(&visit, &query, GRANT, &form, problem).await,
    }
}

/// The page with what is wrong; whoever was opened meanwhile is not on it any more.
async fn again(
    visit: &Visit,
    query: &ManyQuery,
    which: Permission,
    form: &FormData,
    problem: Problem,
) -> Result<Response, Failed> {
    if !is_for_the_form(&problem) {
        return Err(problem.into());
    }
    // What one account's form says of its fields is said of the list here.
    let problem = match problem {
        Problem::Refused(refusal) => Problem::Refused(Refusal { fields: vec!["who"], ..refusal }),
        other => other,
    };
    let seen = see(visit, query).await?;
    let state = visit.form().keep(form).failed(&problem, &visit.desk.sentences);
    Ok(compose(visit, query, &seen, Some((which, state))).answer(StatusCode::UNPROCESSABLE_ENTITY))
}
