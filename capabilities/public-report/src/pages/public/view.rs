//! The pages of the public, drawn.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use kernel::{Problem, Timestamp, UnitId};
use language::Lang;
use organisation::{Line, UnitKind};
use rules::{Category, RuleBook};
use storage::Tx;
use web::{
    Desk, FormState, Prefs, REPORTED, Shell,
    view::{Choice, Link},
};

use super::{Found, tokened};
use crate::{pages::categories, texts};

/// Which form it is.
#[derive(Clone, Copy)]
pub(super) struct Where<'a> {
    pub code: &'a str,
    pub found: &'a Found,
}

#[derive(Template)]
#[template(path = "public_report/form.html")]
struct FormPage {
    shell: Shell,
    place: String,
    action: String,
    form: FormState,
    /// The token of this form; it is ours and not typed.
    token: String,
    categories: Vec<Choice>,
    telephone_hint: String,
    /// The form comes back: photos have to be chosen again.
    again: bool,
}

#[derive(Template)]
#[template(path = "public_report/told.html")]
struct ToldPage {
    shell: Shell,
    sentences: Vec<String>,
    link: Option<Link>,
}

#[derive(Template)]
#[template(path = "public_report/withheld.html")]
struct WithheldPage {
    shell: Shell,
    sentence: String,
    kept: &'static str,
    phones: Vec<Link>,
}

/// A frame for everybody: whatever account of his somebody has in this browser is not told here.
pub(super) fn frame(desk: &Desk, prefs: &Prefs, title: &str) -> Shell {
    let mut shell = Shell::public(prefs, title);
    shell.demo = desk.handle.identity().demonstration;
    shell.flash = None;
    shell
}

/// An empty form without a token against forgery: see the head of this room's public pages.
pub(super) fn fresh(prefs: &Prefs) -> FormState {
    FormState::new(prefs.lang, String::new())
}

pub(super) fn blank(desk: &Desk, prefs: &Prefs, found: &Found) -> FormState {
    tokened(desk, found, fresh(prefs), desk.ids.new_id(&*desk.clock))
}

/// What the fields are called, for the summary of errors.
pub(super) fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("category", texts::public_category(lang))
        .label("spot", texts::public_spot(lang))
        .label("words", texts::public_words(lang))
        .label("photos", texts::public_photos(lang))
        .label("telephone", texts::public_telephone(lang))
}

pub(super) fn page(
    status: StatusCode,
    (desk, prefs): (&Desk, &Prefs),
    rules: &RuleBook,
    here: Where<'_>,
    form: FormState,
) -> Response {
    let lang = prefs.lang;
    let (state, action) = (&here.found.state, format!("{REPORTED}{}", web::encoded(here.code)));
    let mut shell = frame(desk, prefs, texts::public_title(lang));
    shell.unit.clone_from(&here.found.unit_name);
    // After a form that was refused the switches of the foot lead back to it.
    shell.path.clone_from(&action);
    let unknown = Choice::new("", texts::public_category_unknown(lang)).icon("other");
    let shown = FormPage {
        // Nobody stands at a whole school: he is at this one.
        place: match state.is_whole() {
            true => here.found.unit_name.clone(),
            false => places::words::named(state.name(), state.spot()),
        },
        telephone_hint: texts::public_telephone_hint(lang, kept_for(lang, rules, desk.clock.now())),
        action,
        token: form.value("_form").to_owned(),
        again: !form.errors().is_empty(),
        form,
        categories: categories(lang, rules).into_iter().chain([unknown]).collect(),
        shell,
    };
    web::page_with(status, &shown)
}

/// How long a telephone is kept after the answer, as the rules in force say.
fn kept_for(lang: Lang, rules: &RuleBook, now: Timestamp) -> String {
    let span = rules.duration("public-report.telephone", now.local_date()).map(|decision| decision.value);
    match (span, lang) {
        (Ok(span), Lang::ZhCn) => span.zh(),
        (Ok(span), Lang::En) => span.en(),
        (Err(_), _) => String::new(),
    }
}

fn told(
    status: StatusCode,
    (desk, prefs): (&Desk, &Prefs),
    title: &str,
    sentences: Vec<String>,
    link: Option<Link>,
) -> Response {
    web::page_with(status, &ToldPage { shell: frame(desk, prefs, title), sentences, link })
}

/// The same for every code that points nowhere, whatever was the matter with it.
pub(super) fn unknown(desk: &Desk, prefs: &Prefs) -> Response {
    let lang = prefs.lang;
    let sentences = vec![texts::unknown_told(lang).to_owned(), texts::unknown_what(lang).to_owned()];
    told(StatusCode::NOT_FOUND, (desk, prefs), texts::unknown_title(lang), sentences, None)
}

/// The place is out of use; the school's own code takes the report.
pub(super) fn closed(desk: &Desk, prefs: &Prefs, found: &Found) -> Response {
    let lang = prefs.lang;
    let whole = found.whole.as_ref();
    let link = whole.map(|code| Link::new(texts::closed_whole(lang), format!("{REPORTED}{code}")));
    let sentences = vec![texts::closed_told(lang, &found.unit_name, found.state.name())];
    told(StatusCode::GONE, (desk, prefs), texts::closed_title(lang), sentences, link)
}

/// The same for every ticket that follows nothing.
pub(super) fn gone(desk: &Desk, prefs: &Prefs) -> Response {
    let lang = prefs.lang;
    let sentences = vec![texts::gone_told(lang).to_owned(), texts::gone_what(lang).to_owned()];
    let link = Some(Link::new(texts::follow_title(lang), format!("{REPORTED}follow")));
    told(StatusCode::NOT_FOUND, (desk, prefs), texts::gone_title(lang), sentences, link)
}

/// Office telephones of the school and its county.
pub(super) fn telephones(tx: &mut Tx, lang: Lang, unit: UnitId) -> Result<Vec<Link>, Problem> {
    let above = organisation::ancestors(tx, unit, Line::Management)?;
    let county = above.into_iter().find(|a| a.kind == UnitKind::County).map(|a| a.id);
    let mut phones = Vec::new();
    for unit in std::iter::once(unit).chain(county) {
        let Some((state, _)) = organisation::unit_state(tx, unit)? else { continue };
        let telephone = &state.attributes.telephone;
        if !telephone.is_empty() {
            let name = if lang == Lang::En { format!("“{}”", state.name) } else { state.name };
            phones.push(Link::new(format!("{name} {telephone}"), format!("tel:{telephone}")));
        }
    }
    Ok(phones)
}

/// What is no hazard: whom to call, and what became of the words.
pub(super) fn withheld(
    (desk, prefs): (&Desk, &Prefs),
    found: &Found,
    category: Option<&Category>,
    (kept, phones): (bool, Vec<Link>),
) -> Response {
    let lang = prefs.lang;
    let instead = category.and_then(|category| category.instead.as_ref());
    let calls =
        instead.map(|i| i.phones.iter().map(|p| Link::new(&**p, format!("tel:{p}"))).collect::<Vec<_>>());
    let sentence = instead.map_or("", |instead| match lang {
        Lang::ZhCn => &*instead.zh,
        Lang::En => &*instead.en,
    });
    let mut shell = frame(desk, prefs, texts::withheld_title(lang));
    shell.unit.clone_from(&found.unit_name);
    let status = if kept { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = WithheldPage {
        sentence: sentence.to_owned(),
        kept: if kept { texts::withheld_kept(lang) } else { texts::withheld_nothing(lang) },
        phones: calls.unwrap_or_default().into_iter().chain(phones).collect(),
        shell,
    };
    web::page_with(status, &page)
}
