//! 保安配备缺口报告 on A4, addressed to the government: each school with its sum, totals by township, the clauses, and in an
//! annex who is enough under one standard and not under another. A draft shows the numbers of today and says so; a signed
//! one those that were frozen.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::{Date, StreamId};
use language::{Lang, Say};
use papers::{Body, Form, Paper, Printing};
use rules::{Heads, RuleBook};
use web::{
    Failed, Visit,
    view::{Cell, Column, Table},
};

use super::{
    GuardsPages,
    record::{Seen, see},
    report_href,
};
use crate::{
    query::{self, ReportLine, chosen, lines, places_of_county},
    report::lines_now,
    staffing::{Variant, survey_of},
    texts, words,
};

/// The numbers of a paper.
pub(super) struct Numbers {
    pub variants: Vec<Variant>,
    pub lines: Vec<ReportLine>,
    pub clauses: Vec<String>,
    /// As of.
    pub day: Date,
}

/// Those that were frozen, or those of today.
pub(super) async fn numbers(visit: &Visit, rules: &RuleBook, seen: &Seen) -> Result<Numbers, Failed> {
    let (id, county) = (seen.record.id, seen.record.state.county);
    if let Some(signed) = seen.record.state.stage.signature() {
        let lines = visit.read_long(move |tx| Ok(lines(tx, id)?)).await?;
        return Ok(Numbers {
            variants: signed.variants.clone(),
            lines,
            clauses: signed.clauses.clone(),
            day: signed.at.local_date(),
        });
    }
    let (day, book) = (visit.now().local_date(), rules.clone());
    let survey = visit
        .read_long(move |tx| {
            let Some(variant) = chosen(tx, &book, Some(county), day)? else { return Ok(Vec::new()) };
            Ok(survey_of(places_of_county(tx, county)?, &book, &variant, day))
        })
        .await?;
    let variants: Vec<Variant> = survey
        .first()
        .map(|first| first.judged.iter().map(|judged| judged.variant.clone()).collect())
        .unwrap_or_default();
    let set = variants.first().and_then(|variant| rules.staffing_set(&variant.set, day).ok());
    let clauses = set.map(|set| set.all_clauses().iter().map(|clause| clause.zh.to_string()).collect());
    Ok(Numbers { variants, lines: lines_now(&survey), clauses: clauses.unwrap_or_default(), day })
}

pub(super) async fn show(
    visit: Visit,
    printing: Printing,
    State(pages): State<GuardsPages>,
    Path(id): Path<StreamId>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    let rules = pages.rules();
    let numbers = numbers(&visit, &rules, &seen).await?;
    let paper = compose(visit.lang(), &rules, &seen, &numbers);
    let shell = visit
        .shell(&paper.title)
        .for_unit(&seen.county_name, visit.now())
        .at("guards")
        .back_to(report_href(seen.record.id));
    papers::answer(&printing, shell, paper, Vec::new()).await
}

/// 报告: addressed upward, so it names who issued it.
fn compose(lang: Lang, rules: &RuleBook, seen: &Seen, numbers: &Numbers) -> Paper {
    let state = &seen.record.state;
    let gone = || texts::erased(lang).to_owned();
    let body = Body::new(lang)
        .lines(&intro(lang, rules, numbers))
        .heading(texts::paper_townships(lang))
        .table(&townships(lang, &numbers.lines))
        .heading(texts::paper_basis(lang))
        .lines(&basis(lang, rules, numbers))
        .heading(texts::paper_request(lang))
        .text(state.request.clone().unwrap_or_else(gone))
        .text(texts::paper_end(lang));
    let flips = flips(lang, rules, numbers);
    let flipped = if flips.rows.is_empty() {
        Body::new(lang).text(texts::paper_no_flips(lang))
    } else {
        Body::new(lang).table(&flips)
    };
    let (by_school, by_standard) = (texts::paper_schools(lang), texts::paper_flips(lang));
    let paper = Paper::new(lang, Form::Document, &seen.county_name, texts::report_title(lang))
        .addressed_to(&state.addressee.clone().unwrap_or_else(gone))
        .saying(body)
        .enclosing([by_school, by_standard])
        .annex(by_school, Body::new(lang).table(&schools(lang, rules, numbers)))
        .annex(by_standard, flipped);
    match state.stage.signature() {
        Some(signed) => paper
            .numbered(&signed.document_number, &words::number(lang, signed.number))
            .issued_by(&seen.signer)
            .dated(signed.at.local_date())
            .noting(&texts::paper_check(lang, signed.reading.position, &signed.reading.digest)),
        None => paper.draft(texts::paper_draft(lang)),
    }
}

fn sum(lines: &[ReportLine], of: impl Fn(&query::ReportLine) -> u32) -> u32 {
    lines.iter().map(of).fold(0, u32::saturating_add)
}

fn required(line: &ReportLine) -> u32 {
    line.0.required.first().copied().flatten().unwrap_or(0)
}

fn intro(lang: Lang, rules: &RuleBook, numbers: &Numbers) -> Vec<String> {
    let lines = &numbers.lines;
    let variant = numbers.variants.first().map(|one| words::variant(lang, rules, one, numbers.day));
    let unknown = lines.iter().filter(|(line, _)| line.required.first().copied().flatten().is_none()).count();
    let mut said = vec![
        texts::paper_duty(lang).to_owned(),
        texts::paper_found(
            lang,
            Say(lang).date(numbers.day),
            variant.unwrap_or_default(),
            lines.len(),
            sum(lines, required),
            sum(lines, |(line, _)| line.evidenced),
        ),
        texts::paper_lacking(
            lang,
            lines.iter().filter(|(line, _)| line.lacking > 0).count(),
            sum(lines, |(line, _)| line.lacking),
        ),
        texts::paper_part_time(lang, sum(lines, |(line, _)| line.part_time)),
    ];
    if unknown > 0 {
        said.push(texts::paper_unknown(lang, unknown));
    }
    said
}

fn townships(lang: Lang, lines: &[ReportLine]) -> Table {
    let mut by: BTreeMap<&str, Vec<ReportLine>> = BTreeMap::new();
    for line in lines {
        by.entry(&line.1.township).or_default().push(line.clone());
    }
    let row = |name: String, lines: &[ReportLine]| {
        vec![
            Cell::text(name),
            Cell::text(lines.len().to_string()),
            Cell::text(sum(lines, required).to_string()),
            Cell::text(sum(lines, |(line, _)| line.evidenced).to_string()),
            Cell::text(lines.iter().filter(|(line, _)| line.lacking > 0).count().to_string()),
            Cell::text(sum(lines, |(line, _)| line.lacking).to_string()),
        ]
    };
    let name = |name: &str| {
        if name.is_empty() { texts::paper_no_township(lang).to_owned() } else { name.to_owned() }
    };
    let mut rows: Vec<Vec<Cell>> = by.iter().map(|(township, lines)| row(name(township), lines)).collect();
    rows.push(row(texts::paper_total(lang).to_owned(), lines));
    Table {
        caption: texts::paper_townships(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_township(lang)),
            Column::new(texts::column_places(lang)).number(),
            Column::new(texts::column_required(lang)).number(),
            Column::new(texts::column_evidenced(lang)).number(),
            Column::new(texts::column_short(lang)).number(),
            Column::new(texts::column_lacking(lang)).number(),
        ],
        rows,
    }
}

/// How the sum of a line came about, in the reader's language.
pub(super) fn told_sum(
    lang: Lang,
    rules: &RuleBook,
    numbers: &Numbers,
    (line, names): &ReportLine,
) -> String {
    if lang == Lang::ZhCn && !names.sum.is_empty() {
        return language::spaced(&names.sum).to_string();
    }
    let heads = line.pupils.zip(line.staff).map(|(pupils, staff)| Heads {
        pupils,
        staff,
        boarders: line.boarders.unwrap_or(0),
    });
    let again = || {
        let (heads, variant) = (heads?, numbers.variants.first()?);
        let set = rules.staffing_set(&variant.set, numbers.day).ok()?;
        Some(set.require(heads, variant.reading).explanation)
    };
    again().map_or_else(
        || texts::paper_heads_missing(lang).to_owned(),
        |said| if lang == Lang::ZhCn { language::spaced(&said.zh).to_string() } else { said.en },
    )
}

fn schools(lang: Lang, rules: &RuleBook, numbers: &Numbers) -> Table {
    let mut lines: Vec<&ReportLine> = numbers.lines.iter().collect();
    lines.sort_by(|a, b| a.1.township.cmp(&b.1.township));
    let amount = |amount: Option<u32>| amount.map_or_else(|| "—".to_owned(), |amount| amount.to_string());
    let row = |line: &&ReportLine| {
        let (numbers_of, names) = (&line.0, &line.1);
        vec![
            Cell::text(&names.school).more(&names.township),
            Cell::text(amount(numbers_of.required.first().copied().flatten())),
            Cell::text(amount(numbers_of.declared)),
            Cell::text(numbers_of.evidenced.to_string()),
            Cell::text(numbers_of.lacking.to_string()),
            Cell::text(told_sum(lang, rules, numbers, line)),
        ]
    };
    Table {
        caption: texts::paper_schools(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_school(lang)),
            Column::new(texts::column_required(lang)).number(),
            Column::new(texts::column_declared(lang)).number(),
            Column::new(texts::column_evidenced(lang)).number(),
            Column::new(texts::column_lacking(lang)).number(),
            Column::new(texts::column_sum(lang)),
        ],
        rows: lines.iter().map(row).collect(),
    }
}

fn flips(lang: Lang, rules: &RuleBook, numbers: &Numbers) -> Table {
    let of_line = |(line, names): &ReportLine| {
        let own = words::verdict(lang, line.verdict(0));
        let rows: Vec<Vec<Cell>> = line
            .flips()
            .map(|(nth, verdict)| {
                let variant = numbers.variants.get(nth);
                let variant = variant.map(|one| words::variant(lang, rules, one, numbers.day));
                vec![
                    Cell::text(&names.school),
                    Cell::text(own.clone()),
                    Cell::text(variant.unwrap_or_default()),
                    Cell::text(words::verdict(lang, verdict)),
                ]
            })
            .collect();
        rows
    };
    Table {
        caption: texts::paper_flips(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_school(lang)),
            Column::new(texts::paper_under_own(lang)),
            Column::new(texts::column_standard(lang)),
            Column::new(texts::paper_under_other(lang)),
        ],
        rows: numbers.lines.iter().flat_map(of_line).collect(),
    }
}

fn basis(lang: Lang, rules: &RuleBook, numbers: &Numbers) -> Vec<String> {
    let set = numbers.variants.first().and_then(|one| rules.staffing_set(&one.set, numbers.day).ok());
    match (lang, set) {
        (Lang::En, Some(set)) => set.all_clauses().iter().map(|clause| clause.en.to_string()).collect(),
        _ => numbers.clauses.iter().map(|clause| language::spaced(clause).to_string()).collect(),
    }
}
