//! Acts on a hazard: one form post each, 303 on success, the same page with everything typed on refusal.

use axum::{
    extract::{Path, State},
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{FieldProblem, PersonId, Problem, Refusal, StreamId, Timestamp, limits};
use language::Lang;
use rules::RuleBook;
use web::{Failed, Flash, FormData, FormState, Posted, Reader, Visit, see_other_saying};

use super::{
    HazardPages,
    brought::Brought,
    fields::guide_answers,
    href,
    lacking::{field, whole},
    record::{Seen, again, follows, overtaken, see},
    reuse::photos_compared,
    visible_state,
};
use crate::{
    Hazard,
    command::{Answer, Extension, GradeAs, HazardCommand, PlanDraft},
    event::{Note, Photo},
    level::Level,
    texts,
    turn::Act,
};

pub(super) async fn submit(
    State(pages): State<HazardPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, mut form, command_id } = posted;
    let viewer = visit.viewer.clone();
    let state = visit.read(move |tx| visible_state(tx, &viewer, id)).await?;
    let (category, unit, before) = (state.category, state.unit, state.photos);
    let rules = pages.rules();
    let seen_version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
    let files = form.take_files();
    let brought = Brought::take(&visit, &pages.store, &form, files, "photos").await?;
    let lacking = lacking(&act, &form, !brought.photos.is_empty());
    let done = async {
        let asked = commands(&act, &form, brought.all()?, (&rules, &category))?;
        let commands = photos_compared(&visit, &pages.store, asked, (id, unit, before)).await?;
        let mut work = UnitOfWork::new(visit.actor(), command_id);
        for (number, command) in commands.into_iter().enumerate() {
            work = match (seen_version, number) {
                (Some(version), 0) => work.ask_seen::<Hazard>(id, version, command),
                _ => work.ask::<Hazard>(id, command),
            };
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await.map_err(|problem| whole(problem, lacking)) {
        Ok(_) => {
            let lang = visit.lang();
            let words = texts::lookup(lang, &format!("hazard-act-{}", said_as(&act, &form)), &[]);
            let done = texts::act_done(lang, words.unwrap_or_default());
            // What follows from it, and by whom; whoever gave it out of his hands may not see it any more.
            let said = match see(&visit, &pages, id).await {
                Ok(seen) => texts::act_done_next(lang, done, follows(&visit, &rules, &seen)),
                Err(Problem::NotFound) => done,
                Err(other) => return Err(other.into()),
            };
            Ok(see_other_saying(&href(id), &Flash::done(said)))
        }
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_) | Problem::Stale(_))) => {
            let seen = see(&visit, &pages, id).await?;
            debug_assert_eq!(seen.record.state.unit, unit, "a hazard never changes its unit");
            let state = labelled(visit.form(), &act, visit.lang()).keep(&form);
            let state = brought.again(&visit, &pages.store, state).await?;
            let problem = match problem {
                Problem::Invalid(fields) if act == Act::TakeOn.name() => {
                    Problem::Invalid(with_the_gate(&visit, &rules, &seen, &form, fields))
                }
                other => other,
            };
            // A program gets the fields by name instead of a page.
            if visit.prefs.json {
                return Err(problem.into());
            }
            Ok(match problem {
                Problem::Stale(stale) => overtaken(&visit, &rules, &seen, &act, stale.seen, state),
                problem => {
                    let state = state.failed(&problem, &visit.desk.sentences);
                    again(&visit, &rules, &seen, &act, state)
                }
            })
        }
        Err(other) => Err(other.into()),
    }
}

/// What the fields of an act are called on its form, for the summary of errors.
fn labelled(form: FormState, act: &str, lang: Lang) -> FormState {
    let note = match act {
        "grade" => texts::form_reason(lang),
        "rectify" => texts::form_rectified(lang),
        "ask-extension" | "change-responsible" => texts::form_why(lang),
        "accept" => texts::form_return_why(lang),
        "ask-help" => texts::form_help_why(lang),
        "answer-climb" => texts::form_answer_climb_note(lang),
        "deliver-help" => texts::form_help_done(lang),
        _ => texts::form_note(lang),
    };
    let (responsible, due) = match act {
        "assign" => (texts::form_responsible(lang), texts::plan_due(lang)),
        "change-responsible" => (texts::form_responsible_new(lang), texts::plan_due(lang)),
        "accept" => (texts::plan_responsible(lang), texts::form_return_due(lang)),
        _ => (texts::plan_responsible(lang), texts::plan_due(lang)),
    };
    let photos = if act == "rectify" { texts::form_rectified_photos(lang) } else { texts::form_photos(lang) };
    form.label("note", note)
        .label("photos", photos)
        .label("level", texts::form_level(lang))
        .label("responsible", responsible)
        .label("responsibility", texts::plan_responsibility(lang))
        .label("funds", texts::plan_funds(lang))
        .label("funds_cents", texts::plan_funds_cents(lang))
        .label("measures", texts::plan_measures(lang))
        .label("due", due)
        .label("contingency", texts::plan_contingency(lang))
        .label("spent", texts::form_spent(lang))
        .label(
            "until",
            if act == "answer-help" { texts::form_help_until(lang) } else { texts::form_until(lang) },
        )
        .label("sound", texts::form_revisit(lang))
        .label("why", texts::form_withdraw_why(lang))
        .label("same_as", texts::form_withdraw_same(lang))
        .label("help", texts::form_help_what(lang))
        .label("category", texts::record_category(lang))
        .label("description", texts::record_description(lang))
        .label("place", texts::record_place(lang))
}

/// Sending back is a button of the acceptance form.
fn said_as<'a>(act: &'a str, form: &FormData) -> &'a str {
    match (act, form.value("verdict")) {
        ("accept", Some("return")) => "return",
        ("accept", Some("close")) => "accept-close",
        _ => act,
    }
}

/// The commands a form asks for.
fn commands(
    act: &str,
    form: &FormData,
    photos: Vec<Photo>,
    (rules, category): (&RuleBook, &str),
) -> Result<Vec<HazardCommand>, Problem> {
    let mut read = form.reader();
    let said = read.text("note").max(limits::TEXT_CHARS).lines().opt();
    let note = Note { note: said.unwrap_or_default(), photos };
    let commands = match act {
        "grade" => {
            let level = read
                .choice("level", &[("general", Level::General), ("major", Level::Major)])
                .required()
                .get();
            let answers = guide_answers(rules, category, form);
            let reason = note.note;
            level.map(|level| vec![HazardCommand::Grade(GradeAs { level, answers, reason })])
        }
        "assign" => {
            let responsible = read.id::<PersonId>("responsible").required().get();
            responsible.map(|responsible| vec![HazardCommand::Assign { responsible, note }])
        }
        "change-responsible" => {
            let responsibility = form.value("responsibility").unwrap_or_default().to_owned();
            let reason = note.note;
            read.id::<PersonId>("responsible").required().get().map(|responsible| {
                vec![HazardCommand::ChangeResponsible { responsible, responsibility, reason }]
            })
        }
        "take-on" => Some(vec![HazardCommand::TakeOn(draft(form)?)]),
        "progress" => Some(vec![HazardCommand::Progress(note)]),
        "rectify" => {
            let spent_cents = money(&mut read, form, "spent");
            Some(vec![HazardCommand::Rectify { note, spent_cents, reused: Vec::new() }])
        }
        "ask-extension" => {
            let until = read.date("until").required().get();
            until.map(|day| vec![HazardCommand::AskExtension { until: Timestamp::at_end_of(day), note }])
        }
        "answer-extension" => {
            let verdicts = [("grant", Extension::Grant), ("refuse", Extension::Refuse)];
            let answer = read.choice("verdict", &verdicts).required().get();
            answer.map(|answer| vec![HazardCommand::AnswerExtension { answer, note }])
        }
        _ => return proving(act, form, read, note),
    };
    read.finish()?;
    commands.ok_or(Problem::NotFound)
}

/// The acts that are nothing without words: why, or what was done.
fn must_say(act: &str, form: &FormData) -> bool {
    match act {
        "change-responsible" | "progress" | "rectify" | "ask-extension" | "withdraw" | "ask-help"
        | "answer-help" | "deliver-help" | "answer-climb" | "urge" => true,
        "answer-extension" => form.value("verdict") == Some("refuse"),
        "accept" => form.value("verdict") == Some("return"),
        "revisit" => form.value("sound") == Some("0"),
        _ => false,
    }
}

/// The fields of the five fixed, and what the gate says of each that is empty.
const FIVE_FIXED: &[(&str, &str)] = &[
    ("responsible", "hazard-responsible-missing"),
    ("responsibility", "text-missing"),
    ("funds", "text-missing"),
    ("measures", "text-missing"),
    ("due", "hazard-due-missing"),
    ("contingency", "text-missing"),
];

fn empty(form: &FormData, name: &str) -> bool {
    form.value(name).is_none_or(|typed| typed.trim().is_empty())
}

/// The words and photos that the act wants and the form does not have.
fn lacking(act: &str, form: &FormData, photos: bool) -> Vec<FieldProblem> {
    let words = (empty(form, "note") && must_say(act, form)).then(|| field("note", "text-missing"));
    let photo = (!photos && act == "rectify").then(|| field("photos", "hazard-after-photo-missing"));
    // An amount that is none must not hide what else the five fixed lack.
    let fixed = FIVE_FIXED.iter().filter(|(name, _)| act == "take-on" && empty(form, name));
    let fixed = fixed.map(|(name, code)| field(name, code));
    let parts = (act == "change-responsible" && empty(form, "responsibility"))
        .then(|| field("responsibility", "text-missing"));
    let fixed = fixed.chain(parts);
    words.into_iter().chain(photo).chain(fixed).collect()
}

/// The three buttons of the acceptance form.
#[derive(Clone, Copy)]
enum Verdict {
    Close,
    Accept,
    Return,
}

/// The acts from acceptance on, and those beside the way.
fn proving(
    act: &str,
    form: &FormData,
    mut read: Reader<'_>,
    note: Note,
) -> Result<Vec<HazardCommand>, Problem> {
    let commands = match act {
        "accept" => {
            let on_site = read.flag("on_site");
            let due = read.date("due").get().map(Timestamp::at_end_of);
            let verdicts =
                [("close", Verdict::Close), ("accept", Verdict::Accept), ("return", Verdict::Return)];
            match read.choice("verdict", &verdicts).required().get() {
                Some(Verdict::Return) => vec![HazardCommand::Return { note, due }],
                Some(Verdict::Close) => {
                    vec![HazardCommand::Accept { on_site, note }, HazardCommand::Close(Note::default())]
                }
                Some(Verdict::Accept) => vec![HazardCommand::Accept { on_site, note }],
                None => Vec::new(),
            }
        }
        "close" => vec![HazardCommand::Close(note)],
        "revisit" => {
            let sound = read.choice("sound", &[("1", true), ("0", false)]).required().get();
            sound.map(|sound| HazardCommand::Revisit { sound, note }).into_iter().collect()
        }
        "withdraw" => {
            let duplicate = read.choice("why", &[("mistaken", false), ("duplicate", true)]).required().get();
            let same_as = read.id::<StreamId>("same_as").get();
            duplicate
                .map(|duplicate| HazardCommand::Withdraw { duplicate, same_as, note })
                .into_iter()
                .collect()
        }
        "ask-help" => vec![HazardCommand::AskHelp(note)],
        "answer-help" => {
            let answers = [("support", Answer::Support), ("return", Answer::Return)];
            let until = read.date("until").get().map(Timestamp::at_end_of);
            let answer = read.choice("help", &answers).required().get();
            answer.map(|answer| HazardCommand::AnswerHelp { answer, until, note }).into_iter().collect()
        }
        "urge" => vec![HazardCommand::Urge(note)],
        "deliver-help" => vec![HazardCommand::DeliverHelp(note)],
        "answer-climb" => vec![HazardCommand::AnswerClimb(note)],
        "correct" => vec![HazardCommand::Correct {
            category: form.value("category").unwrap_or_default().to_owned(),
            description: form.value("description").unwrap_or_default().to_owned(),
            place: form.value("place").unwrap_or_default().to_owned(),
        }],
        _ => return Err(Problem::NotFound),
    };
    read.finish()?;
    Ok(commands)
}

/// The five fixed as typed; the gate behind it names every one that is missing.
fn draft(form: &FormData) -> Result<PlanDraft, Problem> {
    let (draft, read) = planned(form);
    read.finish().map(|()| draft)
}

/// What could not be read hides nothing that the gate says of the other fields.
fn with_the_gate(
    visit: &Visit,
    rules: &RuleBook,
    seen: &Seen,
    form: &FormData,
    mut fields: Vec<FieldProblem>,
) -> Vec<FieldProblem> {
    let command = HazardCommand::TakeOn(planned(form).0);
    let standing = visit.standing(seen.may);
    let looking = seen.looked_at(&standing, rules, visit.now());
    if let Some(Err(refusal)) = looking.passes(&[command]) {
        let new = |said: &FieldProblem| !fields.iter().any(|known| known.field == said.field);
        let more: Vec<FieldProblem> = refusal.details.into_iter().filter(new).collect();
        fields.extend(more);
    }
    fields
}

/// The plan as far as it can be read, and what cannot.
fn planned(form: &FormData) -> (PlanDraft, Reader<'_>) {
    let text = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let mut read = form.reader();
    let due = read.date("due").get();
    let responsible = read.id::<PersonId>("responsible").get();
    let funds_cents = money(&mut read, form, "funds_cents");
    let draft = PlanDraft {
        responsible,
        responsibility: text("responsibility"),
        funds: text("funds"),
        funds_cents,
        measures: text("measures"),
        due: due.map(Timestamp::at_end_of),
        contingency: text("contingency"),
    };
    (draft, read)
}

/// Yuan with at most two decimals, as cents.
fn money(read: &mut Reader<'_>, form: &FormData, field: &'static str) -> Option<i64> {
    let typed = kernel::text::narrow(form.value(field).unwrap_or_default())
        .trim()
        .replace([',', '、', ' '], "")
        .replace('。', ".");
    if typed.is_empty() {
        return None;
    }
    let cents = cents(&typed);
    if cents.is_none() {
        read.note(field, Refusal::new("amount-shape"));
    }
    cents
}

fn cents(typed: &str) -> Option<i64> {
    let (yuan, cents) = typed.split_once('.').unwrap_or((typed, ""));
    if cents.len() > 2 || yuan.len() > 10 {
        return None;
    }
    let yuan: i64 = yuan.parse().ok()?;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    Some(yuan * 100 + cents)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(act: &str, fields: &[(&str, &str)]) -> Vec<&'static str> {
        let form = FormData::from_pairs(fields.iter().copied());
        let gate = || Refusal::new("text-missing").into();
        let rules = RuleBook::embedded().unwrap();
        let problem =
            commands(act, &form, Vec::new(), (&rules, "H02")).map_or_else(|problem| problem, |_| gate());
        match whole(problem, lacking(act, &form, false)) {
            Problem::Invalid(problems) => problems.iter().map(|problem| problem.field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn everything_that_is_missing_is_said_at_once() {
        assert_eq!(missing("rectify", &[]), ["note", "photos"]);
        assert_eq!(missing("rectify", &[("spent", "many")]), ["spent", "note", "photos"]);
        assert_eq!(missing("ask-extension", &[]), ["until", "note"]);
        assert_eq!(missing("answer-help", &[]), ["help", "note"]);
        assert_eq!(missing("withdraw", &[]), ["why", "note"]);
        let all = ["due", "funds_cents", "responsible", "responsibility", "funds", "measures", "contingency"];
        assert_eq!(missing("take-on", &[("due", "soon"), ("funds_cents", "many")]), all);
    }

    #[test]
    fn words_are_wanted_only_where_they_say_why() {
        assert_eq!(missing("revisit", &[("sound", "0")]), ["note"]);
        assert!(missing("revisit", &[("sound", "1")]).is_empty());
        assert_eq!(missing("accept", &[("verdict", "return")]), ["note"]);
        assert!(missing("accept", &[("verdict", "accept")]).is_empty());
        assert_eq!(missing("answer-extension", &[("verdict", "refuse")]), ["note"]);
        assert!(missing("answer-extension", &[("verdict", "grant")]).is_empty());
    }
}
