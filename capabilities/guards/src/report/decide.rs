//! Decisions about a report. Pure: what the county looks like comes in with the facts.

use hazard::{Note, Wording};
use journal::{Context, Parts};
use kernel::{
    Refusal, limits,
    text::{narrow, visible},
};
use rules::RuleBook;

use super::{
    ReportCommand, ReportDraft,
    event::{Acted, Drafted, DraftedText, Line, Names, Number, ReportEvent, Signed, SignedText},
    state::{ReportState, StageCode},
};
use crate::staffing::{Place, Staffed, Variant, survey_of};

/// Characters of a 文号.
const DOCUMENT_NUMBER_CHARS: usize = 60;

/// What the decision must know.
#[derive(Clone)]
pub struct ReportFacts {
    pub(crate) rules: RuleBook,
    /// It is a county that reports.
    pub(crate) of_county: bool,
    /// The number of the next report of the county this year.
    pub(crate) next: Number,
    /// What is in force.
    pub(crate) chosen: Option<Variant>,
    /// Every campus of the county.
    pub(crate) places: Vec<Place>,
    /// How far the journal was read.
    pub(crate) reading: journal::Reading,
}

impl ReportFacts {
    /// Nothing looked up yet.
    pub fn new(rules: RuleBook) -> Self {
        Self {
            rules,
            of_county: true,
            next: Number { year: 0, serial: 0 },
            chosen: None,
            places: Vec::new(),
            reading: journal::Reading::default(),
        }
    }
}

type Decision = Result<Vec<ReportEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&ReportState>,
    command: &ReportCommand,
    facts: &ReportFacts,
    context: &Context<'_>,
) -> Decision {
    use ReportCommand as C;
    let Some(report) = state else {
        return match command {
            C::Draft(asked) => draft(None, asked, facts, context),
            C::Submit | C::Sign { .. } | C::Withdraw(_) => Err(Refusal::new("guard-report-unknown")),
        };
    };
    match command {
        C::Draft(asked) => draft(Some(report), asked, facts, context),
        C::Submit => {
            at(report, &[StageCode::Drafted], "submit")?;
            Ok(vec![ReportEvent::Submitted(Parts::core(acted(context)))])
        }
        C::Sign { passed: false, note, .. } => {
            at(report, &[StageCode::Signing], "sign")?;
            let note = said(note, facts)?;
            Ok(vec![ReportEvent::SentBack(Parts::with_text(acted(context), note))])
        }
        C::Sign { passed: true, document_number, .. } => sign(report, document_number, facts, context),
        C::Withdraw(note) => {
            at(report, &[StageCode::Drafted, StageCode::Signing], "withdraw")?;
            let note = said(note, facts)?;
            Ok(vec![ReportEvent::Withdrawn(Parts::with_text(acted(context), note))])
        }
    }
}

fn acted(context: &Context<'_>) -> Acted {
    Acted { by: context.standing.person }
}

fn at(report: &ReportState, stages: &[StageCode], act: &'static str) -> Result<(), Refusal> {
    let stage = report.stage.code();
    if stages.contains(&stage) {
        return Ok(());
    }
    Err(Refusal::new("guard-report-wrong-stage").with("stage", stage.name()).with("act", act))
}

/// Why, in words that say something.
fn said(note: &Note, facts: &ReportFacts) -> Result<Note, Refusal> {
    let why = Wording(&facts.rules).said("note", &note.note, limits::TEXT_CHARS)?;
    if facts.rules.is_filler(&why) {
        return Err(Refusal::new("reason-filler").with("text", &why).on("note"));
    }
    Ok(Note { note: why, photos: Vec::new() })
}

fn draft(
    before: Option<&ReportState>,
    asked: &ReportDraft,
    facts: &ReportFacts,
    context: &Context<'_>,
) -> Decision {
    if let Some(report) = before {
        at(report, &[StageCode::Drafted], "draft")?;
        if report.county != asked.county {
            return Err(Refusal::new("guards-no-county"));
        }
    }
    if !facts.of_county {
        return Err(Refusal::new("guards-no-county"));
    }
    if facts.places.is_empty() {
        return Err(Refusal::new("guard-report-empty"));
    }
    let wording = Wording(&facts.rules);
    let addressee = wording.said("addressee", &asked.addressee, limits::NAME_CHARS)?;
    let request = wording.said("request", &asked.request, limits::TEXT_CHARS)?;
    if facts.rules.is_filler(&request) {
        return Err(Refusal::new("reason-filler").with("text", &request).on("request"));
    }
    let core = Drafted { county: asked.county, by: context.standing.person };
    Ok(vec![ReportEvent::Drafted(Parts::with_text(core, DraftedText { addressee, request }))])
}

fn sign(report: &ReportState, document_number: &str, facts: &ReportFacts, context: &Context<'_>) -> Decision {
    at(report, &[StageCode::Signing], "sign")?;
    if report.drafters.iter().any(|drafter| drafter.is(context.standing)) {
        return Err(Refusal::new("guard-report-own"));
    }
    let document_number = narrow(&visible(document_number)).trim().to_owned();
    let document_number =
        Wording(&facts.rules).maybe_said("document_number", &document_number, DOCUMENT_NUMBER_CHARS)?;
    let missing = || Refusal::new("rules-missing").with("rule", "guards.set");
    let chosen = facts.chosen.as_ref().ok_or_else(missing)?;
    let today = context.now.local_date();
    let survey = survey_of(facts.places.clone(), &facts.rules, chosen, today);
    if survey.is_empty() {
        return Err(Refusal::new("guard-report-empty"));
    }
    let variants =
        survey.first().map(|first| first.judged.iter().map(|judged| judged.variant.clone()).collect());
    let core = Signed {
        number: facts.next,
        document_number,
        variants: variants.unwrap_or_default(),
        lines: survey.iter().map(line).collect(),
        reading: facts.reading.clone(),
        by: context.standing.person,
    };
    let clauses = facts.rules.staffing_set(&chosen.set, today).map_err(|_| missing())?;
    let text = SignedText {
        names: survey.iter().map(names).collect(),
        clauses: clauses.all_clauses().iter().map(|clause| clause.zh.to_string()).collect(),
    };
    Ok(vec![ReportEvent::Signed(Parts::with_text(core, text))])
}

/// Lines as a report would have them now.
pub(crate) fn lines_now(survey: &[Staffed]) -> Vec<(Line, Names)> {
    survey.iter().map(|staffed| (line(staffed), names(staffed))).collect()
}

fn line(staffed: &Staffed) -> Line {
    let place = &staffed.place;
    let required =
        staffed.judged.iter().map(|judged| judged.required.as_ref().map(|required| required.guards));
    let partly = staffed
        .judged
        .iter()
        .enumerate()
        .filter(|(_, judged)| judged.required.as_ref().is_some_and(|required| !required.is_whole()));
    Line {
        unit: place.unit,
        campus: place.campus,
        pupils: place.pupils,
        staff: place.staff,
        boarders: place.boarders,
        required: required.collect(),
        partly: partly.map(|(nth, _)| nth).collect(),
        declared: place.declared.map(|declared| declared.full_time),
        evidenced: staffed.evidenced,
        part_time: staffed.part_time,
        lacking: staffed.verdict().shortfall(),
    }
}

fn names(staffed: &Staffed) -> Names {
    let place = &staffed.place;
    Names {
        school: place.called(),
        township: place.township.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        sum: staffed.required().map(|required| required.explanation.zh.clone()).unwrap_or_default(),
    }
}
