//! The workbooks to be filled in.

use documents::{DocumentProblem, Template, TemplateColumn};
use hazard::Level;
use language::Lang;
use organisation::{Post, UnitKind};
use rules::RuleBook;

use crate::{content::Content, field::Field, texts, words};

/// What the lists to choose from hold besides what the texts know.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Names of schools.
    pub schools: Vec<String>,
    /// Names of townships.
    pub townships: Vec<String>,
    /// Names of bureau and central schools.
    pub superiors: Vec<String>,
}

/// An empty file of a kind: headings, lists to choose from, and a sheet that explains. The headings are read back
/// without any mapping by hand.
///
/// # Errors
/// `document-write`.
pub fn template(
    lang: Lang,
    content: Content,
    rules: &RuleBook,
    choices: &Choices,
) -> Result<Vec<u8>, DocumentProblem> {
    let column = |field: &Field| TemplateColumn {
        label: words::field(lang, *field),
        width: width(*field),
        choices: listed(lang, content, rules, choices, *field),
        note: note(lang, content, *field),
    };
    let first = match content {
        Content::Register => texts::intake_template_note_first(lang),
        Content::People => texts::intake_template_note_people(lang),
        Content::Guards => texts::intake_template_note_guards(lang),
        Content::Hazards => texts::intake_template_note_hazards(lang),
    };
    Template {
        title: words::content(lang, content),
        columns: content.fields().iter().map(column).collect(),
        notes_title: texts::intake_template_notes(lang).to_owned(),
        notes: vec![first.to_owned()],
    }
    .to_xlsx()
}

const fn width(field: Field) -> u16 {
    match field {
        Field::Name | Field::Address | Field::Description | Field::Measures | Field::Contingency => 30,
        Field::Code | Field::Superior | Field::CodeReason | Field::Company | Field::Certificate => 22,
        Field::Pupils
        | Field::Boarders
        | Field::Staff
        | Field::Classes
        | Field::Ownership
        | Field::Serial
        | Field::Age
        | Field::Level
        | Field::FullTime => 10,
        _ => 16,
    }
}

/// A school's name is explained for each kind of file; so is its code.
fn note(lang: Lang, content: Content, field: Field) -> String {
    let key = match (content, field) {
        (Content::People | Content::Guards | Content::Hazards, Field::Name) => "school".to_owned(),
        (Content::People | Content::Guards | Content::Hazards, Field::Code) => "school_code".to_owned(),
        (_, field) => field.name().to_owned(),
    };
    texts::lookup(lang, &format!("intake-note-{key}"), &[]).unwrap_or_default()
}

fn listed(lang: Lang, content: Content, rules: &RuleBook, choices: &Choices, field: Field) -> Vec<String> {
    let of = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match field {
        Field::Name if content != Content::Register => choices.schools.clone(),
        Field::Kind => {
            let kinds = UnitKind::ALL.iter().filter(|kind| kind.is_institution());
            kinds.map(|kind| web::names::unit_kind(lang, *kind)).collect()
        }
        Field::PersonPosts => {
            let posts = Post::ALL.iter().filter(|post| post.fits(UnitKind::Primary) && **post != Post::Guard);
            posts.map(|post| web::names::post(lang, *post)).collect()
        }
        Field::Township => choices.townships.clone(),
        Field::Superior => choices.superiors.clone(),
        Field::Ownership => of(&[texts::intake_public(lang), texts::intake_private(lang)]),
        Field::FullTime => of(&[texts::intake_full_time(lang), texts::intake_part_time(lang)]),
        Field::Employer => of(&[texts::intake_by_school(lang), texts::intake_by_company(lang)]),
        Field::Category => {
            let on = rules.categories().iter().filter(|category| category.is_on());
            on.map(|category| hazard::words::pick(lang, &category.name).to_owned()).collect()
        }
        Field::Source => {
            rules.sources().iter().map(|one| hazard::words::pick(lang, &one.name).to_owned()).collect()
        }
        Field::Level => [Level::General, Level::Major]
            .iter()
            .map(|level| hazard::words::level(lang, Some(*level)))
            .collect(),
        Field::Status => of(&[texts::intake_status_closed(lang), texts::intake_status_open(lang)]),
        _ => Vec::new(),
    }
}
