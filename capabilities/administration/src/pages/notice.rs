//! The notice everybody agrees to before the first work: whose data are kept, why, and the rules for children's.

use access::{AccountCommand, Viewer};
use axum::{extract::Query, http::StatusCode, response::Response};
use kernel::{FieldProblem, Problem, Refusal};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, Flash, FormState, Posted, Visit, see_other_saying,
    view::{Level, Mark},
};

use super::common::{ask_account, is_for_the_form};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

/// The version of the notice as it stands; it grows with every change of its meaning.
pub const NOTICE_VERSION: u32 = 2;

/// Sections of the notice, by the number in their texts' names.
const SECTIONS: usize = 7;

/// True until the viewer has agreed to the notice as it stands.
pub const fn needs_notice(viewer: &Viewer) -> bool {
    viewer.notice < NOTICE_VERSION
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct To {
    pub to: String,
}

pub(super) async fn show(visit: Visit, Query(to): Query<To>) -> Response {
    compose(&visit, visit.form(), &to.to).answer(StatusCode::OK)
}

fn compose(visit: &Visit, form: FormState, to: &str) -> Page {
    let lang = visit.lang();
    let mut page = Page::new(visit.shell(texts::notice_title(lang)).at("me"));
    page.lead = texts::notice_lead(lang).to_owned();
    if !needs_notice(&visit.viewer) {
        page.notices.push(Mark::new(Level::Done, texts::notice_agreed(lang, NOTICE_VERSION)));
    }
    page.left = sections(lang);
    page.left.push(Block::Prose {
        title: String::new(),
        lines: vec![texts::notice_version(
            lang,
            NOTICE_VERSION,
            Say(lang).date(kernel::Date::constant(2026, 11, 28)),
        )],
    });
    if needs_notice(&visit.viewer) {
        page.left.push(Block::form(FormCard {
            id: "agree",
            title: texts::notice_agree_title(lang).to_owned(),
            told: vec![texts::notice_agree_told(lang).to_owned()],
            action: web::address("/notice", &[("to", to)]),
            fields: vec![Field::tick("agree", texts::notice_agree_tick(lang))],
            button: texts::notice_agree_button(lang).to_owned(),
            form,
            ..FormCard::default()
        }));
    }
    page
}

fn sections(lang: Lang) -> Vec<Block> {
    let text = |key: String| texts::lookup(lang, &key, &[]);
    (1..=SECTIONS)
        .filter_map(|number| {
            let title = text(format!("notice-section-{number}"))?;
            let lines =
                (1..=9).map_while(|line| text(format!("notice-section-{number}-line-{line}"))).collect();
            Some(Block::Prose { title, lines })
        })
        .collect()
}

pub(super) async fn submit(Query(to): Query<To>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let done = async {
        if form.value("agree") != Some("1") {
            let refusal = Refusal::new("notice-tick");
            return Err(Problem::Invalid(vec![FieldProblem { field: "agree", refusal }]));
        }
        let agree = AccountCommand::AgreeToNotice { version: NOTICE_VERSION };
        ask_account(&visit, command_id, visit.viewer.account, agree).await
    };
    match done.await {
        Ok(_) => {
            let path = if to.to.is_empty() { "/" } else { &to.to };
            Ok(see_other_saying(path, &Flash::done(texts::notice_done(visit.lang()))))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, state, &to.to).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
