//! What somebody could do with a report now: every form is tried against the very decision that would answer it.

use hazard::Note;
use journal::{Context, Standing};
use kernel::{StreamId, Timestamp, UnitId};
use rules::RuleBook;

use super::{
    ReportCommand, ReportDraft, decide, decide::ReportFacts, event::Number, need, state::ReportState,
};
use crate::{choice::usual, staffing::Place};

/// Every form, in the order in which a page names them.
pub(crate) const ACTS: [&str; 5] = ["sign", "submit", "draft", "back", "withdraw"];

/// The forms that the decision would accept now.
pub(crate) fn offers(
    report: &ReportState,
    standing: &Standing,
    rules: &RuleBook,
    now: Timestamp,
) -> Vec<&'static str> {
    let mut facts = ReportFacts::new(rules.clone());
    let today = now.local_date();
    facts.next = Number { year: today.year(), serial: 1 };
    facts.chosen = usual(rules, today);
    facts.places = vec![somewhere(report.county)];
    let context = Context { stream: StreamId::NIL, now, standing };
    let passes = |act: &&&str| {
        let Some(command) = filled_in(act, report) else { return false };
        standing.satisfies(need(&command))
            && decide(Some(report), &command, &facts, &context).is_ok_and(|events| !events.is_empty())
    };
    ACTS.iter().filter(passes).copied().collect()
}

/// A county has at least one school.
pub(crate) fn somewhere(unit: UnitId) -> Place {
    Place {
        unit,
        unit_name: String::new(),
        kind: organisation::UnitKind::Primary,
        county: None,
        township: None,
        campus: 0,
        campus_name: String::new(),
        pupils: None,
        staff: None,
        boarders: None,
        guards: Vec::new(),
        unplaced: 0,
        declared: None,
    }
}

fn filled_in(act: &str, report: &ReportState) -> Option<ReportCommand> {
    let note = Note { note: "数据核对后重新拟稿".to_owned(), photos: Vec::new() };
    Some(match act {
        "draft" => ReportCommand::Draft(ReportDraft {
            county: report.county,
            addressee: "县人民政府".to_owned(),
            request: "请协调补齐保安配备缺口".to_owned(),
        }),
        "submit" => ReportCommand::Submit,
        "sign" => ReportCommand::Sign { passed: true, document_number: String::new(), note },
        "back" => ReportCommand::Sign { passed: false, document_number: String::new(), note },
        "withdraw" => ReportCommand::Withdraw(note),
        _ => return None,
    })
}
