//! Codes in words.

use access::{Extent, HeldRole, SignInResult, SuspendReason};
use language::{Lang, Say};
use organisation::{
    CanteenMode, CodeClasses, Line, UnitKind,
    identifiers::{CodeError, CodeKind, fitting},
};
use web::FormData;

use crate::texts;

fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// Parts of an address that narrow nothing, or that the row says in a column of its own.
const NO_NARROWING: [&str; 6] = ["format", "columns", "sort", "before", "after", "unit"];

/// Why personal data was read. Of a list that was taken out the address is kept, which becomes how it was narrowed.
pub fn why(lang: Lang, why: &str) -> String {
    let Some(path) = why.strip_prefix('/') else { return why.to_owned() };
    // A file that was ready later says it itself.
    if let Some((_, told)) = path.split_once(" · ") {
        return told.to_owned();
    }
    let asked = FormData::from_urlencoded(path.split_once('?').map_or("", |(_, query)| query));
    let narrowed: Vec<String> = asked
        .fields()
        .filter(|(name, _)| !NO_NARROWING.contains(name))
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
        .filter(|(_, value)| !value.is_empty() && *value != "all")
        .map(|(name, value)| {
            let value = if name == "role" { web::names::role(lang, value) } else { value.clone() };
            format!("{}={value}", coded(lang, "read-narrowed", name))
        })
        .collect();
    match narrowed.is_empty() {
        true => texts::reads_why_all(lang).to_owned(),
        false => texts::reads_why_narrowed(lang, Say(lang).list(narrowed)),
    }
}

/// 管理线、属地线、对口联系
pub fn line(lang: Lang, line: Line) -> String {
    coded(lang, "line", line.name())
}

/// How a sign-in went or ended.
pub fn sign_in_result(lang: Lang, result: SignInResult) -> String {
    coded(lang, "sign-ins-was", &result.name().replace('_', "-"))
}

/// Why an account was suspended.
pub fn suspended(lang: Lang, reason: SuspendReason) -> String {
    coded(lang, "suspend", reason.name())
}

/// 民办、公办、未填写
pub fn ownership(lang: Lang, private: Option<bool>) -> &'static str {
    match private {
        None => texts::unit_unsaid(lang),
        Some(true) => texts::unit_private(lang),
        Some(false) => texts::unit_public(lang),
    }
}

/// How a canteen is run.
pub fn canteen(lang: Lang, mode: Option<CanteenMode>) -> String {
    let name = match mode {
        None => "unsaid",
        Some(CanteenMode::Own) => "own",
        Some(CanteenMode::Contracted) => "contracted",
        Some(CanteenMode::Delivered) => "delivered",
        Some(CanteenMode::None) => "none",
    };
    coded(lang, "canteen", name)
}

/// What kind of code a unit's code is, whether its check digit fits, and whether it is a place's. A school code of
/// another kind of school is explained by the reason it was saved with.
pub fn code_kind(lang: Lang, kind: UnitKind, code: &str) -> String {
    let named = |kind: CodeKind| match kind {
        CodeKind::School => texts::code_school(lang),
        CodeKind::SocialCredit => texts::code_credit(lang),
        CodeKind::Area => texts::code_area(lang),
        CodeKind::Local => texts::code_local(lang),
    };
    match fitting(code, kind, &CodeClasses::default()) {
        Ok(kind) => named(kind).to_owned(),
        Err(CodeError::Check(kind)) => texts::code_check_fails(lang, named(kind)),
        Err(CodeError::Place) => texts::code_of_place(lang).to_owned(),
        Err(CodeError::Class) => texts::code_school(lang).to_owned(),
        Err(CodeError::Shape) => texts::code_unknown(lang).to_owned(),
    }
}

/// Where a role reaches from its unit.
pub fn reach(lang: Lang, extents: &[Extent]) -> &'static str {
    let below = |line: Line| extents.contains(&Extent::Below(line));
    match (below(Line::Management), below(Line::Territory), below(Line::Assignment)) {
        (true, true, _) => texts::reach_both(lang),
        (true, false, _) => texts::reach_management(lang),
        (false, true, _) => texts::reach_territory(lang),
        (false, false, true) => texts::reach_assignment(lang),
        (false, false, false) => texts::reach_own(lang),
    }
}

/// 校长、书记(丹凤第一小学)
pub fn held(lang: Lang, held: HeldRole, unit: &str) -> String {
    texts::role_at(lang, web::names::role(lang, held.role.name()), unit)
}

/// What happened, by the type of event; the type itself when nobody wrote a sentence for it.
pub fn event(sentences: &web::Sentences, lang: Lang, event_type: &str) -> String {
    let key = format!("event-{}", event_type.replace(['.', '_'], "-"));
    sentences.text(lang, &key, &[]).unwrap_or_else(|| event_type.to_owned())
}

/// What kind of personal data was read, by the name in the access log.
pub fn read_kind(lang: Lang, what: &str) -> String {
    coded(lang, "read", &what.replace(['.', '_'], "-"))
}

/// What a unit is, by the name stored in tables.
fn unit_kind(lang: Lang, name: &str) -> String {
    UnitKind::named(name).map_or_else(|| name.to_owned(), |kind| web::names::unit_kind(lang, kind))
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "role" | "other" => web::names::role(lang, value),
                "kind" | "above" | "below" => unit_kind(lang, value),
                "kinds" => Say(lang).list(value.split(' ').map(|kind| unit_kind(lang, kind))),
                "line" => coded(lang, "line", value),
                "post" => organisation::Post::named(value)
                    .map_or_else(|| value.clone(), |post| web::names::post(lang, post)),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
