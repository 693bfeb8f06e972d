//! On the guard's telephone: the link asks whether it is he and for a number of six digits; later, after half an hour
//! without use, for that number alone.

use access::{
    Binding, Password, PinCheck, SessionKind, bind_device, find_device_link, operate, settle_device_pin,
    stored_device_pin,
};
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use kernel::{FieldProblem, Problem, Refusal, Timestamp, text::narrow};
use web::{
    Address, Desk, Failed, Flash, FormData, FormState, Posted, Prefs, PublicForm, Shell, Visit, address,
    hashing, see_other, see_other_saying,
    view::{Level, Link, Mark},
};

use super::{
    AdministrationPages,
    common::{is_for_the_form, set_session},
    devices::{is_guard, trace},
    notice::To,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

const PIN_DIGITS: usize = 6;

/// Whose telephone it will be.
struct Owner {
    name: String,
    unit: String,
    unit_id: kernel::UnitId,
}

/// The owner, while the link may be used and the account is still a guard's.
async fn owner(desk: &Desk, token: &str) -> Result<Option<Owner>, Problem> {
    let (vault, now, token) = (desk.vault.clone(), desk.clock.now(), token.to_owned());
    desk.readers
        .read(storage::Lane::Interactive, move |tx| {
            let Some(link) = find_device_link(tx, &vault, &token, now)? else { return Ok(None) };
            let Some((state, _)) = access::account_state(tx, link.account)? else { return Ok(None) };
            if state.suspended.is_some() || !is_guard(&state) {
                return Ok(None);
            }
            let name = super::common::person_name(tx, &vault, state.person)?;
            let unit = super::common::unit_name(tx, state.home)?;
            Ok(Some(Owner { name: half_hidden(&name), unit, unit_id: state.home }))
        })
        .await?
}

/// 李＊＊: enough to know oneself by, too little for a stranger.
fn half_hidden(name: &str) -> String {
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().collect();
    format!("{first}{}", "＊".repeat(letters.count().clamp(1, 3)))
}

fn public_shell(desk: &Desk, prefs: &Prefs, title: &str) -> Shell {
    let mut shell = Shell::public(prefs, title);
    shell.demo = desk.handle.identity().demonstration;
    shell
}

pub(super) async fn show(
    Extension(desk): Extension<Desk>,
    prefs: Prefs,
    Path(token): Path<String>,
) -> Result<Response, Failed> {
    // Only guards are sent here.
    let prefs = prefs.suiting(true);
    let Some(owner) = owner(&desk, &token).await? else { return Ok(gone(&desk, &prefs)) };
    let form = FormState::new(prefs.lang, String::new());
    Ok(compose(&desk, &prefs, &token, &owner, form).answer(StatusCode::OK))
}

fn gone(desk: &Desk, prefs: &Prefs) -> Response {
    let lang = prefs.lang;
    let mut page = Page::new(public_shell(desk, prefs, texts::bind_title(lang)));
    page.notices.push(Mark::new(Level::Yellow, texts::bind_gone(lang)));
    // Whoever bound this very telephone a moment ago and touched the link again goes on from here.
    page.left
        .push(Block::Links { title: String::new(), links: vec![Link::new(texts::bind_gone_on(lang), "/")] });
    page.answer(StatusCode::NOT_FOUND)
}

fn compose(desk: &Desk, prefs: &Prefs, token: &str, owner: &Owner, form: FormState) -> Page {
    let lang = prefs.lang;
    let mut page = Page::new(public_shell(desk, prefs, texts::bind_title(lang)));
    page.lead = texts::bind_lead(lang, &owner.unit, &owner.name);
    page.left.push(Block::form(FormCard {
        id: "bind",
        told: vec![texts::bind_told(lang).to_owned()],
        action: format!("/bind/{}", web::encoded(token)),
        fields: vec![
            Field::tick("me", texts::bind_me(lang, &owner.name)),
            Field::pin("pin", texts::bind_pin(lang), "new-password").hint(texts::bind_pin_hint(lang)),
            Field::pin("again", texts::bind_pin_again(lang), "new-password"),
        ],
        button: texts::bind_button(lang).to_owned(),
        form,
        ..FormCard::default()
    }));
    page
}

/// Six digits that are not the first ones anybody would try.
fn pin(form: &FormData) -> Result<String, Problem> {
    let pin = narrow(form.value("pin").unwrap_or_default()).trim().to_owned();
    let mut problems = Vec::new();
    let mut note = |field: &'static str, code: &'static str| {
        problems.push(FieldProblem { field, refusal: Refusal::new(code) });
    };
    if form.value("me") != Some("1") {
        note("me", "bind-not-confirmed");
    }
    let digits = pin.bytes().all(|b| b.is_ascii_digit()) && pin.len() == PIN_DIGITS;
    let same = pin.bytes().zip(pin.bytes().skip(1)).all(|(a, b)| a == b);
    let stairs = |up: bool| {
        let steps = |a: u8, b: u8| if up { b == a.wrapping_add(1) } else { a == b.wrapping_add(1) };
        pin.bytes().zip(pin.bytes().skip(1)).all(|(a, b)| steps(a, b))
    };
    if !digits {
        note("pin", "pin-shape");
    } else if same || stairs(true) || stairs(false) {
        note("pin", "pin-easy");
    } else if form.value("again").map(|again| narrow(again).trim().to_owned()).as_ref() != Some(&pin) {
        note("again", "pin-differs");
    }
    if problems.is_empty() { Ok(pin) } else { Err(Problem::Invalid(problems)) }
}

/// The token in the address is the secret that a form token would be elsewhere.
pub(super) async fn submit(
    State(pages): State<AdministrationPages>,
    Extension(desk): Extension<Desk>,
    prefs: Prefs,
    Path(token): Path<String>,
    Address(from): Address,
    headers: HeaderMap,
    PublicForm(form): PublicForm,
) -> Result<Response, Failed> {
    let prefs = prefs.suiting(true);
    let Some(owner) = owner(&desk, &token).await? else { return Ok(gone(&desk, &prefs)) };
    let pin = match pin(&form) {
        Ok(pin) => pin,
        Err(problem) => {
            let mut state = FormState::new(prefs.lang, String::new()).failed(&problem, &desk.sentences);
            if form.value("me") == Some("1") {
                state = state.with("me", "1");
            }
            let page = compose(&desk, &prefs, &token, &owner, state);
            return Ok(page.answer(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (asked, now, unit) = (desk.clone(), desk.clock.now(), owner.unit_id);
    let bound = hashing(move || {
        let hash = access::hash_password(&Password::new(pin), &asked.ids)?;
        let (vault, ids) = (asked.vault.clone(), asked.ids.clone());
        operate(&asked.handle, move |tx| {
            let bound = bind_device(tx, (&vault, &ids), &token, &hash, (&agent, &from), now)?;
            if let Binding::Bound(_, link) = &bound {
                let read = trace(now, link.account, "account.device_bound", link.account, unit);
                access::record_reads(tx, &[read])?;
            }
            Ok(bound)
        })
    })
    .await?;
    let Binding::Bound(session, _) = bound else { return Ok(gone(&desk, &prefs)) };
    desk.sessions.bump();
    pages.wake(session.digest(), now);
    let mut response = see_other_saying("/", &Flash::done(texts::bind_done(prefs.lang)));
    let seconds = access::SessionLimits::default().device_ms / Timestamp::SECOND_MS;
    set_session(&mut response, session.as_cookie(), desk.tls, Some(seconds));
    Ok(response)
}

pub(super) async fn ask_pin(visit: Visit, Query(to): Query<To>) -> Response {
    if visit.session().kind != SessionKind::Device {
        return see_other("/");
    }
    pin_page(&visit, &to.to, visit.form()).answer(StatusCode::OK)
}

fn pin_page(visit: &Visit, to: &str, form: FormState) -> Page {
    let lang = visit.lang();
    // Without the navigation: nothing is open until the number was right.
    let mut shell = public_shell(&visit.desk, &visit.prefs, texts::pin_title(lang));
    shell.csrf.clone_from(&form.csrf);
    let mut page = Page::new(shell);
    page.lead = texts::pin_lead(lang).to_owned();
    page.left.push(Block::form(FormCard {
        id: "pin-form",
        action: address("/device/pin", &[("to", to)]),
        fields: vec![Field::pin("pin", texts::bind_pin(lang), "current-password")],
        button: texts::pin_button(lang).to_owned(),
        form,
        ..FormCard::default()
    }));
    page
}

pub(super) async fn check_pin(
    State(pages): State<AdministrationPages>,
    Query(to): Query<To>,
    Address(from): Address,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    let (account, digest, now) = (visit.viewer.account, visit.session().digest, visit.now());
    let typed = Password::new(narrow(form.value("pin").unwrap_or_default()).trim());
    let stored = visit.read(move |tx| Ok(stored_device_pin(tx, &digest)?)).await?;
    let handle = visit.desk.handle.clone();
    let checked = hashing(move || {
        let compared = stored.compare(&typed);
        operate(&handle, move |tx| settle_device_pin(tx, account, (&digest, &from), &compared, now))
    })
    .await?;
    match checked {
        PinCheck::Right => {
            pages.wake(digest, now);
            Ok(see_other(if to.to.is_empty() { "/" } else { &to.to }))
        }
        PinCheck::Wrong(left) => {
            let problem = Problem::from(Refusal::new("pin-wrong").with("left", left).on("pin"));
            debug_assert!(is_for_the_form(&problem), "shown on the form");
            let state = visit.form().failed(&problem, &visit.desk.sentences);
            Ok(pin_page(&visit, &to.to, state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        PinCheck::Ended => {
            visit.desk.sessions.bump();
            Ok(see_other_saying("/sign-in", &Flash::warning(texts::pin_ended(visit.lang()))))
        }
    }
}
