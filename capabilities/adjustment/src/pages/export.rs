//! The rules in force as a file.

use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use documents::{Cell, CsvWriter, Head, TableWriter, XlsxWriter};
use exports::{Format, attachment, notes};
use kernel::Problem;
use language::Lang;
use rules::Rule;
use web::{Failed, Visit};

use super::{
    RulesPages,
    list::{RulesQuery, in_force},
};
use crate::{texts, words};

pub(super) async fn show(
    visit: Visit,
    State(pages): State<RulesPages>,
    Query(query): Query<RulesQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules) = (visit.lang(), pages.ruling.book());
    let (query, unread) = query.settled(lang, &rules);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let title = texts::rules_title(lang);
    let mut notes = notes(lang, visit.desk.handle.identity().demonstration);
    notes.push(texts::rules_stamp(lang, rules.stamp()));
    let found: Vec<&Rule> = in_force(&rules, &query, visit.now().local_date()).collect();
    let bytes = match format {
        Format::Csv => written(CsvWriter::new(title, &heads(lang), &notes), lang, &found),
        Format::Xlsx => XlsxWriter::new(title, &heads(lang), &notes)
            .map_err(Problem::from)
            .and_then(|sheet| written(sheet, lang, &found)),
    }?;
    Ok(attachment(format, "rules", title, Body::from(bytes))?)
}

fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::column_rule_id(lang), 28),
        (texts::column_rule(lang), 30),
        (texts::column_value(lang), 24),
        (texts::column_base(lang), 24),
        (texts::column_clause(lang), 40),
        (texts::column_tag(lang), 24),
        (texts::column_variant(lang), 14),
        (texts::column_since(lang), 12),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn written(mut sheet: impl TableWriter, lang: Lang, rows: &[&Rule]) -> Result<Vec<u8>, Problem> {
    let text = |text: &str| Cell::from(language::plain(text).to_string());
    for rule in rows {
        let base = rule.base_value.as_ref().map(|base| words::value(lang, base)).unwrap_or_default();
        sheet.row(&[
            text(&rule.id),
            text(hazard::words::pick(lang, &rule.title)),
            text(&words::value(lang, &rule.value)),
            text(&base),
            text(if lang == Lang::En { &rule.clause.en } else { &rule.clause.zh }),
            text(&words::tag(lang, rule.clause.tag)),
            text(&words::variant(lang, &rule.variant)),
            Cell::from(Some(rule.from)),
        ])?;
    }
    Ok(sheet.finish()?)
}
