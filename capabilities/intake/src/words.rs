//! Codes in words.

use language::{Lang, Say};
use organisation::{Post, UnitKind};

use crate::{
    batch::{Batch, NoPhoto, Stage, Stopped},
    content::Content,
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

/// 学校名册、保安名单、隐患台账
pub fn content(lang: Lang, content: Content) -> String {
    coded(lang, "intake-content", content.name())
}

/// Why a file is no photo, where the sentence names nothing.
const NAMELESS: [&str; 3] = ["attachment-type-unknown", "attachment-empty", "attachment-broken"];

/// A file among the photos that is none, with the reason.
pub fn no_photo(lang: Lang, sentences: &web::Sentences, file: &NoPhoto) -> String {
    let key = format!("problem-{}", file.code);
    let args: Vec<(&str, String)> =
        file.args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    // What an older program put down has nothing to name, but most sentences name something.
    let whole = !args.is_empty() || NAMELESS.contains(&file.code.as_str());
    let said = if whole { sentences.text(lang, &key, &args) } else { None };
    said.unwrap_or_else(|| texts::intake_no_photo(lang).to_owned())
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
        (
            Field::HeadPhone
            | Field::OfficerPhone
            | Field::PersonPhone
            | Field::GuardPhone
            | Field::Certificate
            | Field::Born,
            OTHER_NUMBER,
        ) => texts::intake_other_number(lang).to_owned(),
        (Field::PersonPosts, post) => {
            Post::named(post).map_or_else(|| post.to_owned(), |post| web::names::post(lang, post))
        }
        (Field::Certificate, "yes") => texts::intake_certified(lang).to_owned(),
        (Field::Certificate, "no") => texts::intake_not_certified(lang).to_owned(),
        (Field::FullTime, "full") => texts::intake_full_time(lang).to_owned(),
        (Field::FullTime, "part") => texts::intake_part_time(lang).to_owned(),
        (Field::Employer, "school") => texts::intake_by_school(lang).to_owned(),
        (Field::Employer, "company") => texts::intake_by_company(lang).to_owned(),
        (_, value) => value.to_owned(),
    }
}

/// The sentence of a cell's problem.
pub fn problem(lang: Lang, problem: &CellProblem) -> String {
    let key = format!("problem-{}", problem.code);
    let args: Vec<(&str, String)> = problem.args.iter().map(|(name, value)| (*name, value.clone())).collect();
    sentence(lang, &key, &args)
        // A ledger's row is refused in the words of hazards.
        .or_else(|| hazard::words::sentence(lang, &key, &args))
        .or_else(|| web::texts::lookup(lang, &key, &args))
        .unwrap_or_else(|| problem.code.to_owned())
}

/// 单元格 C12，第 12 行
pub fn place(lang: Lang, row: u32, column: Option<usize>) -> String {
    match column {
        Some(column) => texts::intake_cell(lang, documents::address(row, column)),
        None => texts::intake_whole_row(lang, row),
    }
}

/// Where a problem stands, what stands there, and what is wrong with it.
pub fn told(lang: Lang, batch: &Batch, one: &CellProblem) -> [String; 3] {
    let label = one.column.and_then(|column| batch.body.header.labels.get(column));
    let what = one.field.map(|named| field(lang, named));
    let place = place(lang, one.row, one.column);
    let what = label.filter(|label| !label.is_empty()).cloned().or(what).unwrap_or_default();
    [place, what, problem(lang, one)]
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
                "post" => {
                    Post::named(value).map_or_else(|| value.clone(), |post| web::names::post(lang, post))
                }
                "kinds" => Say(lang).list(value.split(' ').map(|name| kind(lang, name))),
                "level" => hazard::words::level(lang, hazard::Level::named(value)),
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
