//! The workbook to be filled in.

use documents::{DocumentProblem, Template, TemplateColumn};
use language::Lang;
use organisation::UnitKind;

use crate::{field::Field, texts, words};

/// An empty school register: headings, lists of kinds, townships and superiors, and a sheet that explains. The
/// headings are read back without any mapping by hand.
///
/// # Errors
/// `document-write`.
pub fn template(lang: Lang, townships: &[String], superiors: &[String]) -> Result<Vec<u8>, DocumentProblem> {
    let kinds = UnitKind::ALL.iter().filter(|kind| kind.is_institution());
    let kinds: Vec<String> = kinds.map(|kind| web::names::unit_kind(lang, *kind)).collect();
    let ownership = vec![texts::intake_public(lang).to_owned(), texts::intake_private(lang).to_owned()];
    let column = |field: &Field| TemplateColumn {
        label: words::field(lang, *field),
        width: match field {
            Field::Name | Field::Address => 30,
            Field::Code | Field::Superior | Field::CodeReason => 22,
            Field::Pupils | Field::Boarders | Field::Staff | Field::Classes | Field::Ownership => 10,
            _ => 16,
        },
        choices: match field {
            Field::Kind => kinds.clone(),
            Field::Township => townships.to_vec(),
            Field::Superior => superiors.to_vec(),
            Field::Ownership => ownership.clone(),
            _ => Vec::new(),
        },
        note: texts::lookup(lang, &format!("intake-note-{}", field.name()), &[]).unwrap_or_default(),
    };
    Template {
        title: texts::intake_template_sheet(lang).to_owned(),
        columns: Field::ALL.iter().map(column).collect(),
        notes_title: texts::intake_template_notes(lang).to_owned(),
        notes: vec![texts::intake_template_note_first(lang).to_owned()],
    }
    .to_xlsx()
}
