//! One's own account: roles, sessions, password, second factor, language.

use access::{
    Account, AccountCommand, Outcome, Password, SecretStatus, Session, SessionKind, SessionLimits,
    revoke_session, revoke_sessions, secret_status, sessions_of,
};
use axum::{http::StatusCode, response::Response};
use journal::{UnitOfWork, WorkLane};
use kernel::{FieldProblem, Problem, Refusal};
use language::{Lang, Say};
use web::{
    Failed, Flash, FormState, Posted, Visit, see_other_saying,
    view::{Fact, Level, Link, Mark},
};

use super::{NOTICE_VERSION, common::set_session};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page, Row, RowButton},
    words,
};

/// Everything the page shows.
struct Seen {
    name: String,
    units: Vec<String>,
    sessions: Vec<Session>,
    status: SecretStatus,
}

fn session_limits(visit: &Visit) -> SessionLimits {
    SessionLimits { idle_ms: i64::from(visit.desk.idle_seconds) * 1_000, ..SessionLimits::default() }
}

async fn see(visit: &Visit) -> Result<Seen, Problem> {
    let (viewer, vault, now) = (visit.viewer.clone(), visit.desk.vault.clone(), visit.now());
    let limits = session_limits(visit);
    visit
        .read(move |tx| {
            let mut units = Vec::new();
            for grant in &viewer.grants {
                units.push(super::common::unit_name(tx, grant.held.unit)?);
            }
            Ok(Seen {
                name: super::common::person_name(tx, &vault, viewer.person)?,
                units,
                sessions: sessions_of(tx, viewer.account, &limits, now)?,
                status: secret_status(tx, viewer.account, now)?,
            })
        })
        .await
}

pub(super) async fn show(visit: Visit) -> Result<Response, Failed> {
    let seen = see(&visit).await?;
    Ok(compose(&visit, &seen, visit.form()).answer(StatusCode::OK))
}

fn compose(visit: &Visit, seen: &Seen, form: FormState) -> Page {
    let lang = visit.lang();
    let mut page = Page::new(visit.shell(texts::me_title(lang)).at("me"));
    page.left.push(Block::Facts { title: String::new(), facts: facts(visit, seen) });
    page.left.push(roles(visit, seen));
    page.left.push(sessions(visit, seen));
    if visit.session().kind == SessionKind::Ordinary {
        page.left.push(Block::form(FormCard {
            id: "change",
            title: texts::password_change(lang).to_owned(),
            told: vec![texts::password_told(lang).to_owned()],
            action: "/me/password".to_owned(),
            fields: vec![
                Field::password("old", texts::password_old(lang), "current-password"),
                Field::password("password", texts::password_new(lang), "new-password")
                    .hint(texts::password_hint(lang)),
                Field::password("again", texts::password_again(lang), "new-password"),
            ],
            button: texts::password_change(lang).to_owned(),
            form: form.label("password", texts::password_new(lang)).label("old", texts::password_old(lang)),
            folded: true,
            ..FormCard::default()
        }));
    }
    page.right.push(preferences(visit));
    let mut links = vec![Link::new(texts::notice_title(lang), "/notice")];
    if visit.session().kind == SessionKind::Ordinary {
        let label =
            if seen.status.second_factor { texts::factor_change(lang) } else { texts::factor_set(lang) };
        links.push(Link::new(label, "/me/second-factor"));
    }
    page.right.push(Block::Links { title: texts::me_more(lang).to_owned(), links });
    page
}

fn facts(visit: &Visit, seen: &Seen) -> Vec<Fact> {
    let lang = visit.lang();
    let factor = if seen.status.second_factor {
        texts::account_factor_set(lang, seen.status.recovery_codes)
    } else {
        texts::account_factor_none(lang).to_owned()
    };
    vec![
        Fact::new(texts::person_name(lang), &seen.name),
        Fact::new(texts::account_login(lang), &visit.viewer.login),
        Fact::new(texts::account_home(lang), &visit.viewer.home.name),
        Fact::new(texts::account_factor(lang), factor),
        Fact::new(
            texts::me_notice(lang),
            match visit.viewer.notice {
                0 => texts::me_notice_none(lang).to_owned(),
                version if version < NOTICE_VERSION => texts::me_notice_old(lang, version),
                version => texts::notice_agreed(lang, version),
            },
        ),
    ]
}

fn roles(visit: &Visit, seen: &Seen) -> Block {
    let lang = visit.lang();
    let rows = visit.viewer.grants.iter().zip(&seen.units).map(|(grant, unit)| Row {
        text: words::held(lang, grant.held, unit),
        more: words::reach(lang, grant.extents).to_owned(),
        ..Row::default()
    });
    Block::Rows {
        title: texts::account_roles(lang).to_owned(),
        rows: rows.collect(),
        none: texts::me_no_roles(lang).to_owned(),
    }
}

fn sessions(visit: &Visit, seen: &Seen) -> Block {
    let lang = visit.lang();
    let here = visit.session().digest;
    let mut rows: Vec<Row> = seen
        .sessions
        .iter()
        .map(|session| {
            let own = session.digest == here;
            let kind = match session.kind {
                SessionKind::Device => texts::session_device(lang),
                SessionKind::Ordinary => texts::session_browser(lang),
            };
            Row {
                mark: own.then(|| Mark::new(Level::Done, texts::session_here(lang))),
                text: format!("{kind} · {}", browser(lang, &session.agent)),
                more: texts::session_times(
                    lang,
                    Say(lang).date_time(session.created),
                    Say(lang).date_time(session.last_seen),
                ),
                button: (!own).then(|| RowButton {
                    action: "/me/sessions".to_owned(),
                    label: texts::session_end(lang).to_owned(),
                    kind: "second",
                    hidden: vec![("session", kernel::hex::write(session.digest))],
                }),
                ..Row::default()
            }
        })
        .collect();
    if rows.len() > 2 {
        rows.push(Row {
            text: texts::session_others(lang).to_owned(),
            button: Some(RowButton {
                action: "/me/sessions".to_owned(),
                label: texts::session_end_others(lang).to_owned(),
                kind: "danger",
                hidden: vec![("session", "others".to_owned())],
            }),
            ..Row::default()
        });
    }
    Block::Rows { title: texts::me_sessions(lang).to_owned(), rows, none: String::new() }
}

/// What a browser calls itself, in few words.
pub(super) fn browser(lang: Lang, agent: &str) -> String {
    let system = ["HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"];
    let program = ["MicroMessenger", "Edg", "HuaweiBrowser", "Firefox", "Chrome", "Safari"];
    let find = |known: &[&'static str]| known.iter().copied().find(|name| agent.contains(name));
    let program = find(&program).map(|name| match name {
        "MicroMessenger" => texts::agent_wechat(lang),
        "Edg" => "Edge",
        other => other,
    });
    match (find(&system), program) {
        (Some(system), Some(program)) => format!("{program} ({system})"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => texts::agent_unknown(lang).to_owned(),
    }
}

fn preferences(visit: &Visit) -> Block {
    let lang = visit.lang();
    let row = |text: &str, label: &str, field: &'static str, value: &str| Row {
        text: text.to_owned(),
        button: Some(RowButton {
            action: "/preferences".to_owned(),
            label: label.to_owned(),
            kind: "second",
            hidden: vec![(field, value.to_owned()), ("back", "/me".to_owned())],
        }),
        ..Row::default()
    };
    let (label, value) = if visit.prefs.large {
        (web::texts::shell_normal_type(lang), "0")
    } else {
        (web::texts::shell_large_type(lang), "1")
    };
    Block::Rows {
        title: texts::me_display(lang).to_owned(),
        rows: vec![
            row(texts::me_language(lang), lang.other().own_name(), "lang", lang.other().tag()),
            row(texts::me_type(lang), label, "large", value),
        ],
        none: String::new(),
    }
}

/// Ends one of the viewer's sessions, or all others.
pub(super) async fn end_sessions(posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    let wanted = form.value("session").unwrap_or_default().to_owned();
    let (account, here, now) = (visit.viewer.account, visit.session().digest, visit.now());
    let chosen =
        see(&visit).await?.sessions.into_iter().find(|session| kernel::hex::write(session.digest) == wanted);
    match (wanted.as_str(), chosen) {
        ("others", _) => {
            visit
                .desk
                .handle
                .housekeep(move |tx| revoke_sessions(tx, account, Some(&here), now).map(|_| ()))
                .await?;
        }
        (_, Some(session)) => {
            let digest = session.digest;
            visit
                .desk
                .handle
                .housekeep(move |tx| revoke_session(tx, account, &digest, now).map(|_| ()))
                .await?;
        }
        (_, None) => {}
    }
    visit.desk.sessions.bump();
    Ok(see_other_saying("/me", &Flash::done(texts::session_ended(visit.lang()))))
}

pub(super) async fn password(posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_password()?;
    let typed = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let done = async {
        if typed("again") != typed("password") {
            let refusal = Refusal::new("password-differs");
            return Err(Problem::Invalid(vec![FieldProblem { field: "again", refusal }]));
        }
        let (desk, session) = (visit.desk.clone(), visit.session().clone());
        let (old, new) = (Password::new(typed("old")), Password::new(typed("password")));
        let looking = visit.desk.clone();
        let change = visit.read(move |tx| looking.sign_in.look_up_change(tx, &session)).await?;
        // Hashing takes tens of milliseconds: no reader of the database waits for it.
        let outcome = web::hashing(move || desk.sign_in.change_password(change, Some(&old), &new)).await?;
        match outcome {
            Outcome::Ok(token) => Ok(token),
            Outcome::Locked { until, newly } => Err(super::common::locked(&visit, until, newly).await),
            _ => Err(Refusal::new("password-old-wrong").on("old").into()),
        }
    };
    match done.await {
        Ok(token) => {
            let set = AccountCommand::RecordPasswordSet { by_reset: false };
            let work = UnitOfWork::new(visit.actor(), command_id).ask::<Account>(visit.viewer.account, set);
            visit.desk.handle.execute(WorkLane::Interactive, work).await?;
            visit.desk.sessions.bump();
            let flash = Flash::done(texts::password_changed(visit.lang()));
            let mut response = see_other_saying("/me", &flash);
            set_session(&mut response, token.as_cookie(), visit.desk.tls, None);
            Ok(response)
        }
        Err(problem) if super::common::is_for_the_form(&problem) => {
            // Passwords are never put back into a page.
            let state = visit.form().failed(&problem, &visit.desk.sentences);
            let seen = see(&visit).await?;
            Ok(compose(&visit, &seen, state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
