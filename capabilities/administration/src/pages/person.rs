//! A person's page. The telephone is masked until somebody who may see it says why; that is logged first.

use access::{AccessRead, PermissionSet, account_of_person, record_reads};
use axum::{extract::Path, http::StatusCode, response::Response};
use kernel::{PersonId, Problem, limits};
use language::{Lang, Say};
use organisation::{
    Contact, Employer, GuardRecord, PersonState, Post, UnitKind, guard_record, person_contact, unit_brief,
    unit_state,
};
use web::{
    Failed, FormState, Posted, Visit,
    view::{Choice, Fact, Level, Link, Mark},
};

use super::{
    common::{is_for_the_form, visible_person},
    unit_people::masked,
    units,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page, Row, RowButton},
};

const SEE: &[journal::Permission] = &["person.view", "person.manage"];

/// Where a person's page is.
pub(super) fn href(id: PersonId) -> String {
    format!("/people/{}", id.0.simple())
}

/// Everything the page shows.
struct Seen {
    id: PersonId,
    state: PersonState,
    over: PermissionSet,
    unit: String,
    kind: UnitKind,
    contact: Contact,
    guard: Option<GuardRecord>,
    account: Option<access::AccountBrief>,
    /// Nobody comes back to a closed unit.
    closed: bool,
}

async fn see(visit: &Visit, id: PersonId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let (state, _, over) = visible_person(tx, &viewer, id, SEE)?;
            let brief = unit_brief(tx, state.unit)?.ok_or(Problem::NotFound)?;
            let (unit, kind) = (brief.name, brief.kind);
            let contact = person_contact(tx, &vault, id)?.unwrap_or_default();
            let guard = guard_record(tx, &vault, id)?;
            let account = account_of_person(tx, id)?;
            let closed = unit_state(tx, state.unit)?.is_none_or(|(unit, _)| unit.closed.is_some());
            Ok(Seen { id, state, over, unit, kind, contact, guard, account, closed })
        })
        .await
}

pub(super) async fn show(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Failed> {
    visit.need_any(SEE)?;
    let seen = see(&visit, id).await?;
    Ok(compose(&visit, &seen, visit.form(), None).answer(StatusCode::OK))
}

fn compose(visit: &Visit, seen: &Seen, form: FormState, phone: Option<&str>) -> Page {
    let lang = visit.lang();
    let name = if seen.contact.name.is_empty() {
        texts::person_erased(lang).to_owned()
    } else {
        seen.contact.name.clone()
    };
    let shell = visit.shell(&name).for_unit(&seen.unit, visit.now()).at("units");
    let mut page = Page::new(shell.back_to(units::href(seen.state.unit)));
    if let Some(day) = seen.state.left {
        page.notices.push(Mark::new(Level::Yellow, texts::person_has_left(lang, Say(lang).date(day))));
    }
    if phone.is_some() {
        page.notices.push(Mark::new(Level::Blue, texts::phone_logged(lang)));
    }
    page.left
        .push(Block::Facts { title: texts::person_facts(lang).to_owned(), facts: facts(lang, seen, phone) });
    guard(&mut page, lang, seen, phone.is_some());
    let reads = seen.over.has("person.view_contact") && !seen.contact.phone.is_empty();
    if reads && phone.is_none() {
        page.left.push(Block::form(FormCard {
            id: "phone",
            title: texts::phone_show(lang).to_owned(),
            told: vec![texts::phone_told(lang).to_owned()],
            action: format!("{}/phone", href(seen.id)),
            fields: vec![Field::text("why", texts::phone_why(lang)).hint(texts::phone_why_hint(lang))],
            button: texts::phone_show(lang).to_owned(),
            kind: "second",
            form: form.clone(),
            ..FormCard::default()
        }));
    }
    posts(&mut page, lang, seen, form);
    let links = links(lang, seen);
    if !links.is_empty() {
        page.right.push(Block::Links { title: texts::person_acts(lang).to_owned(), links });
    }
    page
}

fn facts(lang: Lang, seen: &Seen, phone: Option<&str>) -> Vec<Fact> {
    let none = || texts::person_no_phone(lang).to_owned();
    let shown = phone.map_or_else(|| masked(&seen.contact.phone), str::to_owned);
    let mut facts = vec![
        Fact::new(texts::person_unit(lang), &seen.unit),
        Fact::new(texts::person_phone(lang), if shown.is_empty() { none() } else { shown }),
    ];
    if !seen.contact.identity.is_empty() {
        let masked = organisation::identifiers::masked_citizen_id(&seen.contact.identity);
        facts.push(Fact::new(texts::person_identity(lang), masked));
    }
    let may = super::ACCOUNTS.iter().any(|p| seen.over.has(p));
    if let Some(account) = seen.account.as_ref().filter(|_| may) {
        let link = Link::new(texts::person_account_open(lang), super::account::href(account.id));
        facts.push(Fact::new(texts::person_account(lang), &account.login).link(link));
    }
    facts
}

/// What the staffing ratio counts and an inspection asks for. The certificate's number comes with the telephone, after
/// the same log row; nothing is said of somebody who is no guard.
fn guard(page: &mut Page, lang: Lang, seen: &Seen, unmasked: bool) {
    let Some(record) = &seen.guard else {
        if seen.state.posts.contains_key(&Post::Guard) {
            let told = Fact::new(texts::guard_certificate(lang), texts::guard_unknown(lang));
            page.left.push(Block::Facts { title: texts::guard_facts(lang).to_owned(), facts: vec![told] });
        }
        return;
    };
    let number = &record.papers.certificate;
    let certificate = match (record.facts.certified, unmasked && !number.is_empty()) {
        (false, _) => texts::guard_uncertified(lang).to_owned(),
        (true, false) => texts::guard_certified(lang).to_owned(),
        (true, true) => texts::guard_certified_number(lang, number),
    };
    let employer = match record.facts.employer {
        Employer::School => texts::guard_by_school(lang).to_owned(),
        Employer::Company if record.text.company.is_empty() => texts::guard_by_company(lang).to_owned(),
        Employer::Company => texts::guard_by_this_company(lang, &record.text.company),
    };
    let time =
        if record.facts.full_time { texts::guard_full_time(lang) } else { texts::guard_part_time(lang) };
    let mut facts = vec![
        Fact::new(texts::guard_certificate(lang), certificate),
        Fact::new(texts::guard_time(lang), time),
        Fact::new(texts::guard_employer(lang), employer),
    ];
    if let Some(day) = record.facts.since {
        facts.push(Fact::new(texts::guard_since(lang), Say(lang).date(day)));
    }
    page.left.push(Block::Facts { title: texts::guard_facts(lang).to_owned(), facts });
}

/// Posts with a button each to leave them, and the form to take another.
fn posts(page: &mut Page, lang: Lang, seen: &Seen, form: FormState) {
    let may = seen.over.has("person.manage") && seen.state.left.is_none();
    let rows = seen.state.posts.iter().map(|(post, since)| Row {
        text: web::names::post(lang, *post),
        more: texts::person_post_since(lang, Say(lang).date(*since)),
        button: may.then(|| RowButton {
            action: format!("{}/posts", href(seen.id)),
            label: texts::person_post_leave(lang).to_owned(),
            kind: "second",
            hidden: vec![("leave", post.name().to_owned())],
        }),
        ..Row::default()
    });
    page.left.push(Block::Rows {
        title: texts::person_posts(lang).to_owned(),
        rows: rows.collect(),
        none: texts::person_no_posts(lang).to_owned(),
    });
    if !may {
        return;
    }
    let free = Post::ALL.iter().filter(|post| post.fits(seen.kind) && !seen.state.posts.contains_key(post));
    let choices = free.map(|post| Choice::new(post.name(), web::names::post(lang, *post))).collect();
    page.left.push(Block::form(FormCard {
        id: "posts",
        title: texts::person_post_take(lang).to_owned(),
        action: format!("{}/posts", href(seen.id)),
        fields: vec![Field::select("take", texts::person_post(lang), choices)],
        button: texts::person_post_take(lang).to_owned(),
        kind: "second",
        form: if form.error("take").is_some() { form } else { FormState::new(lang, form.csrf) },
        folded: true,
        ..FormCard::default()
    }));
}

fn links(lang: Lang, seen: &Seen) -> Vec<Link> {
    let at = |act: &str| format!("{}/{act}", href(seen.id));
    let mut links = Vec::new();
    if seen.over.has("guards.roster") && seen.state.posts.contains_key(&Post::Guard) {
        links.push(Link::new(texts::guard_papers(lang), format!("/guards/people/{}", seen.id.0.simple())));
    }
    if seen.over.has("person.manage") && seen.state.left.is_none() {
        links.push(Link::new(texts::person_contact_edit(lang), at("contact")));
        links.push(Link::new(texts::person_move(lang), at("move")));
        links.push(Link::new(texts::person_leave(lang), at("leave")));
    }
    if seen.over.has("person.manage") && seen.state.left.is_some() && !seen.closed {
        links.push(Link::new(texts::person_return(lang), at("return")));
    }
    if seen.over.has("account.manage") && seen.account.is_none() && seen.state.left.is_none() {
        let unit = seen.state.unit.0.simple();
        let to = format!("/accounts/new?unit={unit}&person={}", seen.id);
        links.push(Link::new(texts::account_open(lang), to));
    }
    links
}

/// The page with what is wrong with the form under `take`.
pub(super) async fn refused(visit: &Visit, id: PersonId, form: FormState) -> Result<Response, Problem> {
    let seen = see(visit, id).await?;
    Ok(compose(visit, &seen, form, None).answer(StatusCode::UNPROCESSABLE_ENTITY))
}

/// Shows the telephone on the answer itself: it is never in an address, and coming back to the page hides it again.
pub(super) async fn phone(Path(id): Path<PersonId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    visit.need_any(&["person.view_contact"])?;
    let seen = see(&visit, id).await?;
    if !seen.over.has("person.view") || !seen.over.has("person.view_contact") {
        return Err(Problem::Forbidden.into());
    }
    let mut read = form.reader();
    let why = read.text("why").required().max(limits::NAME_CHARS).get();
    match read.finish() {
        Ok(()) => {
            let entry = AccessRead {
                at: visit.now(),
                account: visit.viewer.account,
                what: "person.contact".to_owned(),
                subject: id.into(),
                unit: seen.state.unit,
                why,
            };
            // On the disk before anything is shown.
            let logged =
                move |tx: &mut storage::Tx| record_reads(tx, std::slice::from_ref(&entry)).map(|_| ());
            visit.desk.handle.housekeep(logged).await?;
            let number = seen.contact.phone.clone();
            Ok(compose(&visit, &seen, visit.form(), Some(&number)).answer(StatusCode::OK))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, &seen, state, None).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
