//! Setting up a second factor of one's own accord, and putting another telephone in its place.

use access::{Account, AccountCommand, Outcome};
use axum::{http::StatusCode, response::Response};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, Refusal, text::narrow};
use web::{
    Failed, FormState, Posted, Visit,
    view::{Level, Link, Mark},
};

use super::common::{blocking, is_for_the_form, locked, qr, set_session};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

pub(super) async fn show(visit: Visit) -> Result<Response, Failed> {
    visit.need_password()?;
    let form = visit.form();
    Ok(compose(&visit, form).await?.answer(StatusCode::OK))
}

async fn compose(visit: &Visit, form: FormState) -> Result<Page, Problem> {
    let lang = visit.lang();
    let (desk, session, login) = (visit.desk.clone(), visit.session().clone(), visit.viewer.login.clone());
    let enrolment = blocking(move || desk.sign_in.begin_enrolment(&session, &login)).await?;
    let replaces = visit.session().second_factor;
    let (title, told, button) = if replaces {
        (texts::factor_change(lang), texts::factor_change_told(lang), texts::factor_change_confirm(lang))
    } else {
        (texts::factor_set(lang), texts::factor_set_told(lang), texts::factor_confirm(lang))
    };
    let mut page = Page::new(visit.shell(title).at("me").back_to("/me"));
    page.lead = told.to_owned();
    page.left.push(Block::Picture {
        title: texts::factor_scan(lang).to_owned(),
        svg: qr(&enrolment.url)?,
        below: enrolment.grouped(),
        link: Some(Link::new(texts::factor_here(lang), enrolment.url)),
    });
    let code = if replaces { texts::factor_new_code(lang) } else { texts::factor_code(lang) };
    let mut fields = vec![Field::text("code", code).digits().max(20).complete("one-time-code")];
    if replaces {
        let old = Field::text("old", texts::factor_old(lang)).hint(texts::factor_old_hint(lang));
        fields.push(old.max(40).complete("off"));
    }
    page.left.push(Block::form(FormCard {
        id: "factor",
        action: "/me/second-factor".to_owned(),
        fields,
        button: button.to_owned(),
        form,
        ..FormCard::default()
    }));
    Ok(page)
}

pub(super) async fn submit(posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_password()?;
    let (desk, session) = (visit.desk.clone(), visit.session().clone());
    let typed = |field: &str| narrow(form.value(field).unwrap_or_default());
    let (code, old) = (typed("code"), typed("old"));
    let done = blocking(move || {
        if session.second_factor {
            desk.sign_in.replace_second_factor(&session, &old, &code)
        } else {
            desk.sign_in.confirm_enrolment(&session, &code)
        }
    });
    let done = match done.await {
        Ok((Outcome::Locked { until, newly }, _)) => Err(locked(&visit, until, newly).await),
        Ok((Outcome::Wrong, _)) => Err(Refusal::new("second-factor-old-wrong").on("old").into()),
        done => done,
    };
    match done {
        Ok((outcome, codes)) => {
            let record = if visit.session().second_factor {
                AccountCommand::RecordSecondFactorReplaced
            } else {
                AccountCommand::RecordSecondFactorSet
            };
            let work =
                UnitOfWork::new(visit.actor(), command_id).ask::<Account>(visit.viewer.account, record);
            visit.desk.handle.execute(WorkLane::Interactive, work).await?;
            visit.desk.sessions.bump();
            let lang = visit.lang();
            let mut page = Page::new(visit.shell(texts::factor_codes(lang)).at("me"));
            if visit.session().second_factor {
                page.notices.push(Mark::new(Level::Done, texts::factor_changed(lang)));
            }
            page.lead = texts::factor_codes_told(lang).to_owned();
            page.left.push(Block::Codes { title: texts::factor_codes(lang).to_owned(), codes });
            let links = vec![Link::new(texts::factor_codes_kept(lang), "/me")];
            page.left.push(Block::Links { title: texts::me_more(lang).to_owned(), links });
            let mut response = page.answer(StatusCode::OK);
            if let Outcome::Ok(token) = &outcome {
                set_session(&mut response, token.as_cookie(), visit.desk.tls, None);
            }
            Ok(response)
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, state).await?.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
