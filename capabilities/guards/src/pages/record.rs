//! One report: where it stands, its numbers, the next act as a short form, the timeline.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::{Note, pages::Names};
use journal::{Payload, Recorded, UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, limits};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Fact, Link, Mark, Moment},
};

use super::{
    GuardsPages, report_href,
    reports::{draft, labelled, stage_mark},
};
use crate::{
    query::{ReportSeen, report},
    report::{Report, ReportCommand, ReportEvent, StageCode, offers},
    texts, words,
};

/// Which form the address asks for instead of the one whose turn it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordQuery {
    pub act: String,
}

pub(super) struct Seen {
    pub record: ReportSeen,
    pub county_name: String,
    pub names: Names,
    /// Who signed it; empty until then.
    pub signer: String,
}

pub(super) async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let record = report(tx, &viewer, id)?;
            let actors: Vec<_> = record.events.iter().map(Recorded::actor).collect();
            let county = record.state.county;
            let names = Names {
                actors: access::actor_names(tx, &vault, &actors)?,
                units: organisation::unit_names(tx, &[county])?,
                ..Names::default()
            };
            let county_name = names.units.get(&county).cloned().unwrap_or_default();
            let person = record.state.stage.signature().and_then(|signed| signed.by.person);
            let signer = organisation::person_names(tx, &vault, &Vec::from_iter(person))?
                .into_values()
                .next()
                .unwrap_or_default();
            Ok(Seen { record, county_name, names, signer })
        })
        .await
}

#[derive(Template)]
#[template(path = "guards/report.html")]
struct RecordPage {
    shell: Shell,
    stage: Mark,
    overtaken: bool,
    waiting: &'static str,
    act: String,
    act_title: String,
    action: String,
    form: FormState,
    version: u64,
    others: Vec<Link>,
    papers: Vec<Link>,
    facts: Vec<Fact>,
    moments: Vec<Moment>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Path(id): Path<StreamId>,
    Query(query): Query<RecordQuery>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    Ok(web::page(&compose(&visit, &pages.rules(), &seen, &query.act, visit.form())))
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, asked: &str, form: FormState) -> RecordPage {
    let (lang, now) = (visit.lang(), visit.now());
    let (state, id) = (&seen.record.state, seen.record.id);
    let offered = offers(state, &visit.standing(seen.record.may), rules, now);
    let act =
        offered.iter().find(|act| **act == asked).or_else(|| offered.first()).copied().unwrap_or_default();
    let title = state.stage.signature().map_or_else(
        || texts::report_title(lang).to_owned(),
        |signed| texts::report_title_number(lang, words::number(lang, signed.number)),
    );
    let other = offered.iter().filter(|other| **other != act);
    RecordPage {
        stage: stage_mark(lang, state.stage.code()),
        overtaken: false,
        waiting: waiting(lang, state.stage.code(), act),
        act_title: words::act(lang, act),
        action: format!("{}/{act}", report_href(id)),
        version: seen.record.version,
        others: other
            .map(|name| Link::new(words::act(lang, name), format!("{}?act={name}#act", report_href(id))))
            .collect(),
        papers: papers(visit, seen),
        facts: facts(lang, rules, seen),
        moments: moments(lang, seen),
        form: labelled(prefilled(form, seen, act), lang),
        act: act.to_owned(),
        shell: visit.shell(title).for_unit(&seen.county_name, now).at("guards").back_to("/guards/reports"),
    }
}

fn waiting(lang: Lang, stage: StageCode, act: &str) -> &'static str {
    match stage {
        StageCode::Drafted if act.is_empty() => texts::report_waits_submit(lang),
        StageCode::Signing if act != "sign" => texts::report_waits_sign(lang),
        StageCode::Drafted | StageCode::Signing | StageCode::Signed | StageCode::Withdrawn => "",
    }
}

fn prefilled(form: FormState, seen: &Seen, act: &str) -> FormState {
    let state = &seen.record.state;
    match act {
        "draft" if form.value("addressee").is_empty() && form.errors().is_empty() => form
            .with("addressee", state.addressee.as_deref().unwrap_or_default())
            .with("request", state.request.as_deref().unwrap_or_default()),
        _ => form,
    }
}

fn papers(visit: &Visit, seen: &Seen) -> Vec<Link> {
    let (lang, id) = (visit.lang(), seen.record.id);
    let signed = seen.record.state.stage.signature().is_some();
    let label = if signed { texts::report_paper(lang) } else { texts::report_paper_draft(lang) };
    let mut papers = vec![Link::new(label, format!("{}/paper", report_href(id)))];
    if signed && super::export::takes_out(visit) {
        papers.push(Link::new(
            texts::list_export_xlsx(lang),
            format!("{}/export?format=xlsx", report_href(id)),
        ));
        papers
            .push(Link::new(texts::list_export_csv(lang), format!("{}/export?format=csv", report_href(id))));
    }
    papers
}

fn facts(lang: Lang, rules: &RuleBook, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let gone = || texts::erased(lang).to_owned();
    let mut facts = vec![
        Fact::new(texts::form_addressee(lang), state.addressee.clone().unwrap_or_else(gone)),
        Fact::new(texts::form_request(lang), state.request.clone().unwrap_or_else(gone)),
    ];
    let Some(signed) = state.stage.signature() else { return facts };
    if !signed.document_number.is_empty() {
        facts.push(Fact::new(texts::form_document_number(lang), &signed.document_number));
    }
    let variant = signed.variants.first();
    let variant = variant.map(|one| words::variant(lang, rules, one, signed.at.local_date()));
    facts.extend([
        Fact::new(texts::school_in_force(lang), variant.unwrap_or_default()),
        Fact::new(texts::column_sums(lang), texts::report_sums(lang, signed.required, signed.evidenced)),
        Fact::new(
            texts::column_lacking(lang),
            texts::report_lacking(lang, signed.lacking, signed.short, signed.places),
        ),
        Fact::new(texts::fact_signed(lang), Say(lang).date_time(signed.at)),
    ]);
    facts
}

/// The timeline, newest first.
fn moments(lang: Lang, seen: &Seen) -> Vec<Moment> {
    let moment = |recorded: &Recorded| {
        let header = &recorded.header;
        let event = ReportEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
        let who = seen.names.actor(lang, recorded.actor());
        let why = |note: &Option<Note>| note.as_ref().map(|note| note.note.clone()).unwrap_or_default();
        let (sentence, note) = match &event {
            ReportEvent::Drafted(_) => (texts::line_drafted(lang, who), String::new()),
            ReportEvent::Submitted(_) => (texts::line_submitted(lang, who), String::new()),
            ReportEvent::SentBack(parts) => (texts::line_sent_back(lang, who), why(&parts.text)),
            ReportEvent::Signed(parts) => {
                (texts::line_signed(lang, who, words::number(lang, parts.core.number)), String::new())
            }
            ReportEvent::Withdrawn(parts) => (texts::line_withdrawn(lang, who), why(&parts.text)),
        };
        Some(Moment { note, ..Moment::new(Say(lang).date_time(header.decided_at), sentence) })
    };
    seen.record.events.iter().rev().filter_map(moment).collect()
}

fn asked(act: &str, form: &FormData, seen: &Seen) -> Result<Vec<ReportCommand>, Problem> {
    if act == "draft" {
        let first = ReportCommand::Draft(draft(form, seen.record.state.county)?);
        let submits = form.value("verdict") == Some("submit");
        return Ok(std::iter::once(first).chain(submits.then_some(ReportCommand::Submit)).collect());
    }
    let mut read = form.reader();
    let said = read.text("note").max(limits::TEXT_CHARS).lines().opt().unwrap_or_default();
    let document_number = read.text("document_number").max(limits::NAME_CHARS).opt().unwrap_or_default();
    read.finish()?;
    let note = Note { note: said, photos: Vec::new() };
    Ok(vec![match act {
        "submit" => ReportCommand::Submit,
        "sign" => ReportCommand::Sign { passed: true, document_number, note },
        "back" => ReportCommand::Sign { passed: false, document_number: String::new(), note },
        "withdraw" => ReportCommand::Withdraw(note),
        _ => return Err(Problem::NotFound),
    }])
}

pub(super) async fn submit(
    State(pages): State<GuardsPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (seen, lang) = (see(&visit, id).await?, visit.lang());
    let version = form.value("_version").and_then(|version| version.parse::<u64>().ok());
    let done = async {
        let mut work = UnitOfWork::new(visit.actor(), command_id);
        for (nth, command) in asked(&act, &form, &seen)?.into_iter().enumerate() {
            work = match (version, nth) {
                (Some(version), 0) => work.ask_seen::<Report>(id, version, command),
                _ => work.ask::<Report>(id, command),
            };
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    let problem = match done.await {
        Ok(_) => {
            let done = texts::act_done(lang, words::act(lang, &act));
            return Ok(see_other_saying(&report_href(id), &Flash::done(done)));
        }
        Err(problem) => problem,
    };
    let (seen, rules) = (see(&visit, id).await?, pages.rules());
    let typed = visit.form().keep(&form);
    match problem {
        Problem::Stale(_) if !visit.prefs.json => {
            let page = RecordPage { overtaken: true, ..compose(&visit, &rules, &seen, &act, typed) };
            Ok(web::page_with(StatusCode::CONFLICT, &page))
        }
        problem @ (Problem::Refused(_) | Problem::Invalid(_)) if !visit.prefs.json => {
            let typed = typed.failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &rules, &seen, &act, typed);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        other => Err(other.into()),
    }
}
