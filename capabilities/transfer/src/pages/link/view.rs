//! The page of a letter as the department sees it, and the page of a link that opens nothing.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use language::{Lang, Say};
use rules::RuleBook;
use web::{
    Desk, FormState, Prefs, Shell,
    view::{Choice, Fact, Photo},
};

use super::{Opened, awaited};
use crate::{
    decide::PROMISE_MOST,
    event::TransferEvent,
    pages::{
        fields,
        new::latest,
        paper::{Sheet, sheet},
        record::received_by,
    },
    texts, words,
};

#[derive(Template)]
#[template(path = "transfer/link.html")]
struct LinkPage {
    shell: Shell,
    sheet: Sheet,
    /// What stands now, in one sentence.
    told: String,
    act: &'static str,
    action: String,
    form: FormState,
    answers: Vec<Choice>,
    promise_hint: String,
    promise_latest: String,
    /// What came back so far, oldest first.
    given: Vec<Given>,
    until: String,
}

/// A receipt or an answer that was given.
struct Given {
    title: String,
    facts: Vec<Fact>,
    photos: Vec<Photo>,
}

#[derive(Template)]
#[template(path = "transfer/gone.html")]
struct GonePage {
    shell: Shell,
}

fn shell(desk: &Desk, prefs: &Prefs, title: String, here: String) -> Shell {
    let mut shell = Shell::public(prefs, title);
    shell.demo = desk.handle.identity().demonstration;
    // After a form that was refused the switches of the foot lead back to the letter; what somebody did with an
    // account of his in this browser is not told here.
    shell.path = here;
    shell.flash = None;
    shell
}

/// The same for every ticket that opens nothing, whatever was the matter with it.
pub(super) fn gone(desk: &Desk, prefs: &Prefs) -> Response {
    let title = texts::gone_title(prefs.lang).to_owned();
    let shell = shell(desk, prefs, title, String::new());
    web::page_with(StatusCode::NOT_FOUND, &GonePage { shell })
}

pub(super) fn page(
    status: StatusCode,
    (desk, prefs): (&Desk, &Prefs),
    rules: &RuleBook,
    opened: &Opened,
    form: FormState,
) -> Response {
    let (lang, state, now) = (prefs.lang, &opened.state, desk.clock.now());
    let kind = words::kind(lang, &state.letter.kind);
    let act = awaited(state);
    let (promise_hint, promise_latest) = latest(lang, rules, now, PROMISE_MOST);
    let until = state.open_link.map(|link| Say(lang).date_time(link.until)).unwrap_or_default();
    let form = if act == "reply" && form.value("office").is_empty() && form.errors().is_empty() {
        form.with("office", received_by(state))
    } else {
        form
    };
    let told = match act {
        "receive" => texts::link_receive(lang),
        "reply" => texts::link_reply(lang),
        _ if state.stage.reply().is_some() => texts::link_answered(lang),
        _ => texts::link_over(lang),
    };
    let mut shell = shell(desk, prefs, kind, opened.href()).for_unit(&opened.office, now);
    shell.print.unit.clone_from(&opened.office);
    let shown = LinkPage {
        sheet: sheet(lang, rules, state, &opened.office, &opened.href()),
        told: told.to_owned(),
        action: format!("{}/{act}", opened.href()),
        act,
        form,
        answers: fields::answers(lang),
        promise_hint,
        promise_latest,
        given: given(lang, opened),
        until: texts::link_until(lang, until),
        shell,
    };
    web::page_with(status, &shown)
}

/// Offices and words, and nobody's name.
fn given(lang: Lang, opened: &Opened) -> Vec<Given> {
    let mut given = Vec::new();
    for event in &opened.events {
        match event {
            TransferEvent::Received(parts) => {
                let office = parts.text.as_ref().map(|text| text.office.clone()).unwrap_or_default();
                given.push(Given {
                    title: texts::link_given_receipt(lang, Say(lang).date_of(parts.core.on)),
                    facts: vec![Fact::new(texts::form_office(lang), office)],
                    photos: Vec::new(),
                });
            }
            TransferEvent::Replied(parts) => {
                let text = parts.text.clone().unwrap_or_default();
                let promise = parts.core.promise.as_ref().map(|due| Say(lang).date_of(due.at));
                let facts = [
                    (texts::form_answer(lang), words::answer(lang, parts.core.answer)),
                    (texts::form_promise(lang), promise.unwrap_or_default()),
                    (texts::form_words(lang), text.words),
                    (texts::form_whose(lang), text.whose),
                    (texts::form_office(lang), text.office),
                ];
                let said = facts.into_iter().filter(|(_, value)| !value.is_empty());
                given.push(Given {
                    title: texts::link_given_reply(lang, Say(lang).date_of(parts.core.on)),
                    facts: said.map(|(name, value)| Fact::new(name, value)).collect(),
                    photos: fields::shown(lang, &opened.href(), &text.photos),
                });
            }
            TransferEvent::AskedAgain(parts) => {
                let note = parts.text.as_ref().map(|text| text.note.clone()).unwrap_or_default();
                let due = Say(lang).date_of(parts.core.reply.at);
                given.push(Given {
                    title: texts::link_asked_again(lang, due),
                    facts: vec![Fact::new(texts::form_ask_what(lang), note)],
                    photos: Vec::new(),
                });
            }
            _ => {}
        }
    }
    given
}
