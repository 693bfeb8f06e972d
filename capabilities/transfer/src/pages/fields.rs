//! Fields that several forms of letters have.

use hazard::Photo;
use kernel::StreamId;
use language::{Lang, Say};
use rules::RuleBook;
use web::{
    FormState,
    view::{Choice, Fact, Group, Photo as Shown},
};

use crate::{
    event::{Answer, Channel, Kind, Urging, Way},
    query::DepartmentRow,
    state::{Letter, TransferState},
    texts, words,
};

/// What the fields are called, for the summary of errors.
pub(super) fn labelled(form: FormState, act: &str, lang: Lang) -> FormState {
    let note = match act {
        "withdraw" => texts::form_why(lang),
        "ask-again" => texts::form_ask_what(lang),
        "urge" => texts::form_urge_note(lang),
        _ => texts::form_note(lang),
    };
    form.label("note", note)
        .label("kind", texts::form_kind(lang))
        .label("department", texts::form_department(lang))
        .label("request", texts::form_request(lang))
        .label("reply_by", texts::form_reply_by(lang))
        .label("chosen", texts::form_chosen(lang))
        .label("document_number", texts::form_document_number(lang))
        .label("channel", texts::form_channel(lang))
        .label("on", texts::form_on(lang))
        .label("way", texts::form_way(lang))
        .label("answer", texts::form_answer(lang))
        .label("promise", texts::form_promise(lang))
        .label("words", texts::form_words(lang))
        .label("whose", texts::form_whose(lang))
        .label("office", texts::form_office(lang))
        .label("name", texts::form_name(lang))
        .label("post", texts::form_post(lang))
        .label("photos", texts::form_photos(lang))
        .label("until", texts::form_until(lang))
        .label("how", texts::form_how(lang))
        .label("verdict", words::act_named(lang, act))
}

pub(super) fn kinds(lang: Lang) -> Vec<Choice> {
    let hint = |kind: Kind| match kind {
        Kind::Notice => texts::form_kind_notice(lang),
        Kind::HandOver => texts::form_kind_hand_over(lang),
    };
    let choice = |kind: &Kind| Choice::new(kind.name(), words::kind(lang, &(*kind).into())).hint(hint(*kind));
    Kind::ALL.iter().map(choice).collect()
}

pub(super) fn channels(lang: Lang) -> Vec<Choice> {
    let choice = |one: &Channel| Choice::new(one.name(), words::channel(lang, &(*one).into()));
    Channel::ALL.iter().map(choice).collect()
}

/// The ways by which the office writes something down for a department.
pub(super) fn ways(lang: Lang) -> Vec<Choice> {
    let recorded = Way::ALL.iter().filter(|way| way.is_recorded_for());
    recorded.map(|way| Choice::new(way.name(), words::way(lang, &(*way).into()))).collect()
}

pub(super) fn answers(lang: Lang) -> Vec<Choice> {
    let hint = |answer: Answer| match answer {
        Answer::TakenOn => texts::form_answer_taken_on(lang),
        Answer::Done => texts::form_answer_done(lang),
        Answer::NotOurs => texts::form_answer_not_ours(lang),
    };
    let choice = |one: &Answer| Choice::new(one.name(), words::answer(lang, *one)).hint(hint(*one));
    Answer::ALL.iter().map(choice).collect()
}

pub(super) fn urgings(lang: Lang) -> Vec<Choice> {
    let choice = |one: &Urging| Choice::new(one.name(), words::urging(lang, &(*one).into()));
    Urging::ALL.iter().map(choice).collect()
}

/// Departments of the register: those that the category names first, then the others.
pub(super) fn departments(
    lang: Lang,
    rules: &RuleBook,
    category: &str,
    register: &[DepartmentRow],
) -> Vec<Group> {
    let proposed: Vec<&str> = rules
        .category(category)
        .map(|known| known.departments.iter().map(|code| &**code).collect())
        .unwrap_or_default();
    let choice = |row: &DepartmentRow| {
        let kind = words::department_kind(lang, rules, &row.kind);
        let label = if row.name == kind { kind } else { format!("{}（{kind}）", row.name) };
        Choice::new(row.id.0.simple().to_string(), label)
    };
    let named = |row: &&DepartmentRow| proposed.contains(&row.kind.as_str());
    let mut first: Vec<&DepartmentRow> = register.iter().filter(named).collect();
    first.sort_by_key(|row| proposed.iter().position(|code| *code == row.kind));
    let others = register.iter().filter(|row| !named(row)).map(choice).collect();
    vec![
        Group {
            label: texts::form_department_proposed(lang).to_owned(),
            choices: first.into_iter().map(choice).collect(),
        },
        Group { label: texts::form_department_others(lang).to_owned(), choices: others },
    ]
    .into_iter()
    .filter(|group: &Group| !group.choices.is_empty())
    .collect()
}

/// A photo that may go along.
pub(super) struct Offered {
    pub hash: String,
    pub src: String,
}

/// Photos of the hazard, as the office sees them.
pub(super) fn photos(hazard: StreamId, photos: &[Photo]) -> Vec<Offered> {
    let offered = |photo: &Photo| {
        let src = format!("/hazards/{}/photos/{}?small=1", hazard.0.simple(), photo.0);
        Offered { hash: photo.0.clone(), src }
    };
    photos.iter().map(offered).collect()
}

/// What the letter says, in the order of its paper.
pub(super) fn letter_facts(lang: Lang, rules: &RuleBook, state: &TransferState) -> Vec<Fact> {
    let letter = &state.letter;
    let gone = || texts::erased(lang).to_owned();
    let mut facts = hazard_facts(lang, rules, letter);
    facts.insert(0, Fact::new(texts::fact_hazard(lang), state.hazard_number.to_string()));
    facts.insert(0, Fact::new(texts::column_unit(lang), letter.unit_name.clone().unwrap_or_else(gone)));
    facts.push(Fact::new(texts::form_request(lang), letter.request.clone().unwrap_or_else(gone)));
    facts.push(Fact::new(texts::form_reply_by(lang), Say(lang).date_of(letter.reply_by)));
    facts
}

fn hazard_facts(lang: Lang, rules: &RuleBook, letter: &Letter) -> Vec<Fact> {
    let gone = || texts::erased(lang).to_owned();
    let level = letter.level.as_ref().and_then(|level| level.known());
    let mut facts = vec![
        Fact::new(texts::fact_category(lang), hazard::words::category(lang, rules, &letter.category)),
        Fact::new(texts::fact_level(lang), hazard::words::level(lang, level)),
    ];
    let place = letter.place.clone().unwrap_or_else(gone);
    if !place.is_empty() {
        facts.push(Fact::new(texts::fact_place(lang), place));
    }
    facts.push(Fact::new(texts::fact_found(lang), letter.found.clone().unwrap_or_else(gone)));
    facts.push(Fact::new(texts::fact_found_on(lang), Say(lang).date_of(letter.found_at)));
    facts
}

/// Photos below an address that serves them.
pub(super) fn shown(lang: Lang, below: &str, photos: &[Photo]) -> Vec<Shown> {
    let one = |photo: &Photo| {
        let whole = format!("{below}/photos/{}", photo.0);
        Shown { src: format!("{whole}?small=1"), href: whole, alt: texts::photo_alt(lang).to_owned() }
    };
    photos.iter().map(one).collect()
}
