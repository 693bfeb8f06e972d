//! Test cases that travel with the packs: inputs, the expected answer, where it comes from.

use std::sync::Arc;

use kernel::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::{
    book::RuleBook,
    error::RuleError,
    guide::GuideAnswer,
    ledger::LedgerList,
    load::{line_at, read_toml},
    staffing::{BoardingFrom, BoardingPart, Growth, Heads, Joining, Rounding},
};

/// What a case asks.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ask {
    Duration,
    Deadline,
    Variants,
    Climb,
    Marks,
    WorkingDay,
    Filler,
    NothingDone,
    Restricted,
    Major,
    Category,
    Ledger,
    Guards,
}

/// One case as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    ask: Ask,
    rule: Option<String>,
    on: Option<Date>,
    started: Option<jiff::Timestamp>,
    level: Option<String>,
    overdue_days: Option<u32>,
    category: Option<String>,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
    text: Option<String>,
    list: Option<String>,
    set: Option<String>,
    pupils: Option<u32>,
    staff: Option<u32>,
    boarders: Option<u32>,
    /// Names of readings other than those in force, with commas between them.
    reading: Option<String>,
    expect: String,
    fallback: Option<bool>,
    source: String,
}

/// The cases of one file.
#[derive(Clone, Debug)]
pub(crate) struct CaseFile {
    file: Arc<str>,
    cases: Vec<(usize, Case)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    case: Vec<Spanned<Case>>,
}

impl CaseFile {
    pub(crate) fn read(file: &str, text: &str) -> Result<Self, RuleError> {
        let raw: RawFile = read_toml(file, text)?;
        let cases = raw.case.into_iter().map(|case| (line_at(text, case.span().start), case.into_inner()));
        Ok(Self { file: file.into(), cases: cases.collect() })
    }
}

/// A case whose answer was not the expected one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseFailure {
    /// Path inside the rules folder.
    pub file: Arc<str>,
    /// Line of the case.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// The rule it asks, where it asks one.
    pub rule: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: String,
    /// Where the expectation comes from.
    pub source: String,
}

/// What became of all cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaseReport {
    /// How many agreed.
    pub passed: usize,
    /// Those that did not.
    pub failures: Vec<CaseFailure>,
}

impl CaseReport {
    /// Whether there were cases and all agreed.
    pub fn all_passed(&self) -> bool {
        self.passed > 0 && self.failures.is_empty()
    }
}

/// Evaluates all cases.
pub(crate) fn run(book: &RuleBook, files: &[CaseFile]) -> CaseReport {
    let mut report = CaseReport::default();
    for file in files {
        for (line, case) in &file.cases {
            let actual = answer(book, case).unwrap_or_else(|fault| format!("error: {fault}"));
            if actual == expected(case) {
                report.passed += 1;
            } else {
                report.failures.push(CaseFailure {
                    file: Arc::clone(&file.file),
                    line: *line,
                    name: case.name.clone(),
                    rule: case.rule.clone(),
                    expected: expected(case),
                    actual,
                    source: case.source.clone(),
                });
            }
        }
    }
    report
}

fn expected(case: &Case) -> String {
    match case.fallback {
        Some(fallback) => format!("{} fallback={fallback}", case.expect),
        None => case.expect.clone(),
    }
}

fn need<T: Clone>(value: &Option<T>, name: &str) -> Result<T, String> {
    value.clone().ok_or_else(|| format!("the case has no {name}"))
}

fn answer(book: &RuleBook, case: &Case) -> Result<String, String> {
    let told = |fault: RuleError| fault.to_string();
    match case.ask {
        Ask::Duration => {
            let decision = book.duration(&need(&case.rule, "rule")?, need(&case.on, "on")?).map_err(told)?;
            Ok(decision.value.to_string())
        }
        Ask::Deadline => deadline(book, case),
        Ask::Variants => {
            let all = book.all_variants(&need(&case.rule, "rule")?, need(&case.on, "on")?).map_err(told)?;
            let shown = all.iter().map(|one| format!("{}={}", one.decision.variant, one.decision.value.en()));
            Ok(shown.collect::<Vec<_>>().join("; "))
        }
        Ask::Climb => {
            let (level, days) = (need(&case.level, "level")?, need(&case.overdue_days, "overdue_days")?);
            let step = book.climb(&level, days, need(&case.on, "on")?).map_err(told)?.value;
            Ok(step.map_or_else(|| "none".to_owned(), |step| step.zh.to_string()))
        }
        Ask::Marks => {
            let marks = book.warning_marks(need(&case.on, "on")?).map_err(told)?.value;
            Ok(marks.iter().map(ToString::to_string).collect::<Vec<_>>().join("/"))
        }
        Ask::WorkingDay => {
            let (working, loaded) = book.working_day(need(&case.on, "on")?);
            let shown = if working { "working" } else { "free" };
            Ok(with_fallback(case, shown.to_owned(), !loaded))
        }
        Ask::Filler => Ok(book.is_filler(&need(&case.text, "text")?).to_string()),
        Ask::NothingDone => Ok(book.tells_nothing_done(&need(&case.text, "text")?).to_string()),
        Ask::Restricted => {
            let hint =
                book.restricted_hint(&need(&case.text, "text")?).map(|topic| topic.category.to_string());
            Ok(hint.unwrap_or_else(|| "none".into()))
        }
        Ask::Major => major(book, case),
        Ask::Ledger => ledger(book, case),
        Ask::Guards => guards(book, case),
        Ask::Category => {
            let category = need(&case.category, "category")?;
            let found = book.category(&category).ok_or_else(|| format!("no category {category}"))?;
            Ok(format!("{} {}", if found.is_on() { "on" } else { "off" }, found.departments.join("+")))
        }
    }
}

fn ledger(book: &RuleBook, case: &Case) -> Result<String, String> {
    let (list, text) = (need(&case.list, "list")?, need(&case.text, "text")?);
    let list = LedgerList::named(&list).ok_or_else(|| format!("no list {list}"))?;
    Ok(match (book.ledger_code(list, &text), book.ledger_guess(list, &text)) {
        (Some(code), _) => code.to_owned(),
        (None, Some(code)) => format!("guess {code}"),
        (None, None) => "unknown".to_owned(),
    })
}

fn guards(book: &RuleBook, case: &Case) -> Result<String, String> {
    let told = |fault: RuleError| fault.to_string();
    let on = need(&case.on, "on")?;
    let set = book.staffing_set(&need(&case.set, "set")?, on).map_err(told)?;
    let mut reading = book.staffing_reading(on).map_err(told)?;
    for name in case.reading.iter().flat_map(|names| names.split(',')) {
        match (Rounding::named(name), Growth::named(name), BoardingFrom::named(name), Joining::named(name)) {
            (Some(rounding), ..) => reading.rounding = rounding,
            (_, Some(growth), ..) => reading.growth = growth,
            (_, _, Some(boarding), _) => reading.boarding = boarding,
            (.., Some(joining)) => reading.joining = joining,
            _ => return Err(format!("no reading {name}")),
        }
    }
    let heads = Heads {
        pupils: need(&case.pupils, "pupils")?,
        staff: need(&case.staff, "staff")?,
        boarders: need(&case.boarders, "boarders")?,
    };
    let found = set.require(heads, reading);
    Ok(match (found.boarding, reading.joining) {
        (BoardingPart::None, _) => found.guards.to_string(),
        (BoardingPart::NotLoaded, _) => format!("{}, boarding not loaded", found.guards),
        (BoardingPart::Asked(asked), Joining::Max) => {
            format!("{} = max({}, {asked})", found.guards, found.size)
        }
        (BoardingPart::Asked(asked), Joining::Sum) => format!("{} = {} + {asked}", found.guards, found.size),
    })
}

fn with_fallback(case: &Case, shown: String, fallback: bool) -> String {
    if case.fallback.is_some() { format!("{shown} fallback={fallback}") } else { shown }
}

fn deadline(book: &RuleBook, case: &Case) -> Result<String, String> {
    let started = Timestamp(need(&case.started, "started")?.as_millisecond());
    let decision = book.deadline(&need(&case.rule, "rule")?, started).map_err(|fault| fault.to_string())?;
    let shown = decision.value.local().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    Ok(with_fallback(case, shown, decision.calendar_fallback))
}

fn major(book: &RuleBook, case: &Case) -> Result<String, String> {
    let category = need(&case.category, "category")?;
    let all = case.no.iter().any(|id| id == "*");
    let mut answers: Vec<(&str, bool)> = case.yes.iter().map(|id| (id.as_str(), true)).collect();
    answers.extend(case.no.iter().filter(|id| *id != "*").map(|id| (id.as_str(), false)));
    if all {
        let rest = book.guide(&category).map(|guide| guide.items.as_slice()).unwrap_or_default();
        let rest: Vec<_> = rest
            .iter()
            .map(|item| item.id.as_ref())
            .filter(|id| !case.yes.iter().any(|yes| yes == id))
            .collect();
        answers.extend(rest.into_iter().map(|id| (id, false)));
    }
    Ok(match book.judge_major(&category, need(&case.on, "on")?, &answers) {
        GuideAnswer::Major { items } => {
            let clauses: Vec<_> = items.iter().map(|item| item.clause.zh.as_ref()).collect();
            format!("major: {}", clauses.join("; "))
        }
        GuideAnswer::NotMajor => "not major".into(),
        GuideAnswer::Unsettled { .. } => "unsettled".into(),
        GuideAnswer::Incomplete { missing, unknown } => {
            format!("incomplete: {} missing, {} unknown", missing.len(), unknown.len())
        }
        GuideAnswer::NotLoaded { note } => {
            format!("not loaded: {}", note.map_or_else(String::new, |note| note.zh.to_string()))
        }
        GuideAnswer::NotCovered => "not covered".into(),
    })
}
