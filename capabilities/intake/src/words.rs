//! Codes in words.

use language::Lang;
use organisation::UnitKind;

use crate::{
    batch::{Batch, Stage, Stopped},
    field::Field,
    people::OTHER_NUMBER,
    row::CellProblem,
    texts,
};

fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// 学校名称、标识码 ...
pub fn field(lang: Lang, field: Field) -> String {
    coded(lang, "intake-field", field.name())
}

/// 待确认、正在导入 ...
pub fn stage(lang: Lang, stage: Stage) -> String {
    coded(lang, "intake-stage", stage.name())
}

fn kind(lang: Lang, name: &str) -> String {
    UnitKind::named(name).map_or_else(|| name.to_owned(), |kind| web::names::unit_kind(lang, kind))
}

/// A value of a difference.
pub fn value(lang: Lang, field: Field, value: &str) -> String {
    match (field, value) {
        (_, "") => texts::intake_value_none(lang).to_owned(),
        (Field::Ownership, "private") => texts::intake_private(lang).to_owned(),
        (Field::Ownership, "public") => texts::intake_public(lang).to_owned(),
        (Field::HeadPhone | Field::OfficerPhone, OTHER_NUMBER) => texts::intake_other_number(lang).to_owned(),
        (_, value) => value.to_owned(),
    }
}

/// The sentence of a cell's problem.
pub fn problem(lang: Lang, problem: &CellProblem) -> String {
    sentence(lang, &format!("problem-{}", problem.code), &problem.args)
        .unwrap_or_else(|| problem.code.to_owned())
}

/// Why an import stopped.
pub fn stopped(lang: Lang, sentences: &web::Sentences, stopped: &Stopped) -> String {
    let args: Vec<(&str, String)> =
        stopped.args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let key = format!("problem-{}", stopped.code);
    sentence(lang, &key, &args)
        .or_else(|| sentences.text(lang, &key, &args))
        .unwrap_or_else(|| web::texts::problem_refused(lang, &stopped.code))
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "kind" | "known" => kind(lang, value),
                "field" => Field::named(value).map_or_else(|| value.clone(), |f| field(lang, f)),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}

/// `学校.xlsx · 在校生`, or the file's name alone when the sheet is called the same.
pub fn source(batch: &Batch) -> String {
    let body = &batch.body;
    if body.sheet == body.file_name || body.sheet.is_empty() {
        body.file_name.clone()
    } else {
        format!("{} · {}", body.file_name, body.sheet)
    }
}
