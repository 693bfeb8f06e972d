//! The standards with their clauses, which one is in force, the form of whoever proposes another, what would change by it,
//! and the two answers of the leader who decides.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hazard::pages::Names;
use journal::{UnitOfWork, WorkLane};
use kernel::{Date, Problem, UnitId, limits};
use language::{Lang, Say};
use organisation::{Line, UnitKind, ancestors};
use rules::{BoardingFrom, Growth, Joining, Reading, Rounding, RuleBook};
use storage::Tx;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice as Answer, Fact, Level, Mark, Moment},
};

use super::{GuardsPages, VIEW};
use crate::{
    choice::{Choice, ChoiceCommand, ChoiceDraft, ChoiceState, Standard, choice_of, usual},
    query,
    staffing::Variant,
    texts, words,
};

mod trial;

const PAGE: &str = "/guards/standard";

struct Seen {
    county: Option<UnitId>,
    state: Option<ChoiceState>,
    version: u64,
    names: Names,
    proposes: bool,
    chooses: bool,
    /// The proposal is the viewer's own.
    own: bool,
}

impl Seen {
    fn proposed(&self) -> Option<&Choice> {
        self.state.as_ref().and_then(|state| state.proposed.as_ref())
    }
}

/// The county somebody belongs to, if any.
pub(crate) fn county_of(tx: &mut Tx, unit: UnitId) -> Result<Option<UnitId>, Problem> {
    for line in [Line::Management, Line::Territory, Line::Assignment] {
        let above = ancestors(tx, unit, line)?;
        if let Some(county) = above.iter().find(|above| above.kind == UnitKind::County) {
            return Ok(Some(county.id));
        }
    }
    Ok(None)
}

async fn see(visit: &Visit) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let county = county_of(tx, viewer.home.id)?;
            let Some(own) = county else {
                return Ok(Seen {
                    county,
                    state: None,
                    version: 0,
                    names: Names::default(),
                    proposes: false,
                    chooses: false,
                    own: false,
                });
            };
            let found = query::choice(tx, own)?;
            let actors: Vec<_> = found
                .iter()
                .flat_map(|(state, _)| {
                    let choices = state.choices.iter().chain(&state.proposed).map(|choice| choice.by.actor);
                    choices.chain(state.declined.iter().map(|(by, ..)| by.actor))
                })
                .collect();
            let names = Names { actors: access::actor_names(tx, &vault, &actors)?, ..Names::default() };
            let may = viewer.permissions_over(tx, own)?;
            let (proposes, chooses) =
                (may.has("guards.draft") || may.has("guards.sign"), may.has("guards.sign"));
            let version = found.as_ref().map_or(0, |(_, version)| *version);
            let state = found.map(|(state, _)| state);
            let proposal = state.as_ref().and_then(|state: &ChoiceState| state.proposed.as_ref());
            let own = proposal.is_some_and(|proposal| proposal.is_of(&viewer));
            Ok(Seen { county, state, version, names, proposes, chooses, own })
        })
        .await
}

/// A standard with its clauses.
struct Set {
    name: String,
    clauses: Vec<String>,
    /// What of it is not at hand.
    missing: &'static str,
}

#[derive(Template)]
#[template(path = "guards/standard.html")]
struct StandardPage {
    shell: Shell,
    in_force: Vec<Fact>,
    sets: Vec<Set>,
    moments: Vec<Moment>,
    /// What waits, or that the last proposal was sent back.
    notice: Option<Mark>,
    proposal: Option<Proposal>,
    proposes: bool,
    back: FormState,
    form: FormState,
    version: u64,
    choices: Vec<Answer>,
    rounding: Vec<Answer>,
    growth: Vec<Answer>,
    boarding: Vec<Answer>,
    joining: Vec<Answer>,
}

/// What waits for a leader.
struct Proposal {
    facts: Vec<Fact>,
    trial: trial::Shown,
    /// The viewer may decide about it.
    chooses: bool,
}

pub(super) async fn show(visit: Visit, State(pages): State<GuardsPages>) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    let seen = see(&visit).await?;
    let rules = pages.rules();
    let form = prefilled(visit.form(), &rules, &seen, visit.now().local_date());
    Ok(web::page(&compose(&visit, &rules, &seen, (form, visit.form())).await?))
}

/// What is in force on a day.
fn in_force(rules: &RuleBook, seen: &Seen, today: Date) -> Option<(Variant, Option<Date>)> {
    let own = seen.state.as_ref().and_then(|state| state.on(today));
    match own {
        Some(choice) => Some((choice.variant.clone(), Some(choice.from))),
        None => usual(rules, today).map(|variant| (variant, None)),
    }
}

fn prefilled(form: FormState, rules: &RuleBook, seen: &Seen, today: Date) -> FormState {
    let Some((variant, _)) = in_force(rules, seen, today) else { return form };
    form.with("set", &variant.set)
        .with("rounding", variant.reading.rounding.name())
        .with("growth", variant.reading.growth.name())
        .with("boarding", variant.reading.boarding.name())
        .with("joining", variant.reading.joining.name())
        .with("from", today)
}

async fn compose(
    visit: &Visit,
    rules: &RuleBook,
    seen: &Seen,
    (form, back): (FormState, FormState),
) -> Result<StandardPage, Failed> {
    let (lang, today) = (visit.lang(), visit.now().local_date());
    let answers = |names: &[&str]| -> Vec<Answer> {
        names.iter().map(|name| Answer::new(*name, words::reading(lang, name))).collect()
    };
    let of = |names: Vec<&'static str>| answers(&names);
    let form = [
        ("set", texts::column_standard(lang)),
        ("rounding", texts::form_rounding(lang)),
        ("growth", texts::form_growth(lang)),
        ("boarding", texts::form_boarding(lang)),
        ("joining", texts::form_joining(lang)),
        ("from", texts::form_from(lang)),
        ("reason", texts::form_reason(lang)),
    ]
    .into_iter()
    .fold(form, |form, (field, label)| form.label(field, label));
    Ok(StandardPage {
        notice: notice(lang, seen),
        proposal: proposal(visit, rules, seen).await?,
        back: back.label("note", texts::standard_why(lang)),
        in_force: facts(lang, rules, seen, today),
        sets: sets(lang, rules, today),
        moments: moments(lang, rules, seen),
        proposes: seen.proposes,
        form,
        version: seen.version,
        choices: rules
            .staffing_sets(today)
            .map(|set| Answer::new(&*set.id, hazard::words::pick(lang, &set.name)))
            .collect(),
        rounding: of(Rounding::ALL.iter().map(|one| one.name()).collect()),
        growth: of(Growth::ALL.iter().map(|one| one.name()).collect()),
        boarding: of(BoardingFrom::ALL.iter().map(|one| one.name()).collect()),
        joining: of(Joining::ALL.iter().map(|one| one.name()).collect()),
        shell: visit.shell(texts::standard_title(lang)).at("guards").back_to("/guards"),
    })
}

/// Why nothing waits any more, or why the viewer cannot decide.
fn notice(lang: Lang, seen: &Seen) -> Option<Mark> {
    if seen.proposed().is_some() {
        return (seen.chooses && seen.own).then(|| Mark::new(Level::Yellow, texts::standard_own(lang)));
    }
    let (by, at, why) = seen.state.as_ref()?.declined.as_ref()?;
    let why = why.clone().unwrap_or_else(|| texts::erased(lang).to_owned());
    let said = texts::standard_declined(lang, seen.names.actor(lang, by.actor), Say(lang).date_of(*at), why);
    Some(Mark::new(Level::Yellow, said))
}

async fn proposal(visit: &Visit, rules: &RuleBook, seen: &Seen) -> Result<Option<Proposal>, Failed> {
    let (Some(proposed), Some(county)) = (seen.proposed(), seen.county) else { return Ok(None) };
    let (lang, today) = (visit.lang(), visit.now().local_date());
    let before = in_force(rules, seen, proposed.from.max(today)).map(|(variant, _)| variant);
    let trial = trial::tried(visit, rules, county, (before, proposed)).await?;
    let who = seen.names.actor(lang, proposed.by.actor);
    let reason = proposed.reason.clone().unwrap_or_else(|| texts::erased(lang).to_owned());
    let facts = vec![
        Fact::new(texts::standard_by(lang), format!("{who} · {}", Say(lang).date_time(proposed.at))),
        Fact::new(
            texts::column_standard(lang),
            words::variant(lang, rules, &proposed.variant, proposed.from),
        ),
        Fact::new(texts::form_from(lang), Say(lang).date(proposed.from)),
        Fact::new(texts::form_reason(lang), reason),
    ];
    Ok(Some(Proposal { facts, trial, chooses: seen.chooses && !seen.own }))
}

fn facts(lang: Lang, rules: &RuleBook, seen: &Seen, today: Date) -> Vec<Fact> {
    let Some((variant, from)) = in_force(rules, seen, today) else { return Vec::new() };
    let reading = variant.reading;
    let from = from.map_or_else(|| texts::standard_default(lang).to_owned(), |from| Say(lang).date(from));
    vec![
        Fact::new(texts::column_standard(lang), words::set(lang, rules, &variant.set, today)),
        Fact::new(texts::form_from(lang), from),
        Fact::new(texts::form_rounding(lang), words::reading(lang, reading.rounding.name())),
        Fact::new(texts::form_growth(lang), words::reading(lang, reading.growth.name())),
        Fact::new(texts::form_boarding(lang), words::reading(lang, reading.boarding.name())),
        Fact::new(texts::form_joining(lang), words::reading(lang, reading.joining.name())),
    ]
}

fn sets(lang: Lang, rules: &RuleBook, today: Date) -> Vec<Set> {
    let clause = |clause: &&rules::Clause| match lang {
        Lang::ZhCn => clause.zh.to_string(),
        Lang::En => clause.en.to_string(),
    };
    rules
        .staffing_sets(today)
        .map(|set| Set {
            name: hazard::words::pick(lang, &set.name).to_owned(),
            clauses: set.all_clauses().iter().map(clause).collect(),
            missing: if set.has_boarding() { "" } else { texts::standard_no_boarding(lang) },
        })
        .collect()
}

/// The choices, newest first.
fn moments(lang: Lang, rules: &RuleBook, seen: &Seen) -> Vec<Moment> {
    let choices = seen.state.iter().flat_map(|state| state.choices.iter().rev());
    choices
        .map(|choice| {
            let who = seen.names.actor(lang, choice.by.actor);
            let what = words::variant(lang, rules, &choice.variant, choice.from);
            let said = texts::line_chosen(lang, who, Say(lang).date(choice.from), what);
            Moment {
                note: choice.reason.clone().unwrap_or_default(),
                ..Moment::new(Say(lang).date_time(choice.at), said)
            }
        })
        .collect()
}

fn draft(form: &FormData, rules: &RuleBook, today: Date) -> Result<ChoiceDraft, Problem> {
    let known: Vec<(&str, String)> =
        rules.staffing_sets(today).map(|set| (&*set.id, set.id.to_string())).collect();
    let mut read = form.reader();
    let set = read.choice("set", &known).required().get();
    let rounding: Vec<(&str, Rounding)> = Rounding::ALL.iter().map(|one| (one.name(), *one)).collect();
    let rounding = read.choice("rounding", &rounding).required().get();
    let growth: Vec<(&str, Growth)> = Growth::ALL.iter().map(|one| (one.name(), *one)).collect();
    let growth = read.choice("growth", &growth).required().get();
    let boarding: Vec<(&str, BoardingFrom)> =
        BoardingFrom::ALL.iter().map(|one| (one.name(), *one)).collect();
    let boarding = read.choice("boarding", &boarding).required().get();
    let joining: Vec<(&str, Joining)> = Joining::ALL.iter().map(|one| (one.name(), *one)).collect();
    let joining = read.choice("joining", &joining).required().get();
    let from = read.date("from").required().get();
    let reason = read.text("reason").required().max(limits::TEXT_CHARS).lines().get();
    read.finish()?;
    match (set, rounding, growth, boarding, joining) {
        (Some(set), Some(rounding), Some(growth), Some(boarding), Some(joining)) => {
            let reading = Reading { rounding, growth, boarding, joining };
            Ok(ChoiceDraft { variant: Variant { set, reading }, from, reason })
        }
        _ => Err(Problem::NotFound),
    }
}

pub(super) async fn submit(State(pages): State<GuardsPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (seen, rules) = (see(&visit).await?, pages.rules());
    let county = seen.county.filter(|_| seen.proposes).ok_or(Problem::NotFound)?;
    let done = async {
        let draft = draft(&form, &rules, visit.now().local_date())?;
        let command = ChoiceCommand::Propose { county, draft };
        visit.desk.handle.execute(WorkLane::Interactive, asked(&visit, &form, command_id, command)).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(PAGE, &Flash::done(texts::standard_proposed(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &rules, &seen, (state, visit.form())).await?;
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

fn asked(visit: &Visit, form: &FormData, id: kernel::CommandId, command: ChoiceCommand) -> UnitOfWork {
    let (work, stream) = (UnitOfWork::new(visit.actor(), id), choice_of(command.county()));
    match form.value("_version").and_then(|version| version.parse::<u64>().ok()) {
        Some(version) if version > 0 => work.ask_seen::<Standard>(stream, version, command),
        _ => work.ask::<Standard>(stream, command),
    }
}

/// 选定 or 退回, by a leader who did not propose it.
pub(super) async fn decide(
    State(pages): State<GuardsPages>,
    Path(act): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (seen, rules) = (see(&visit).await?, pages.rules());
    let county = seen.county.filter(|_| seen.chooses).ok_or(Problem::NotFound)?;
    let done = async {
        let command = match act.as_str() {
            "choose" => ChoiceCommand::Choose { county },
            "decline" => {
                let mut read = form.reader();
                let note = read.text("note").required().max(limits::TEXT_CHARS).lines().get();
                read.finish()?;
                ChoiceCommand::Decline { county, note }
            }
            _ => return Err(Problem::NotFound),
        };
        visit.desk.handle.execute(WorkLane::Interactive, asked(&visit, &form, command_id, command)).await
    };
    match done.await {
        Ok(_) => {
            let lang = visit.lang();
            let said =
                if act == "choose" { texts::standard_done(lang) } else { texts::standard_sent_back(lang) };
            Ok(see_other_saying(PAGE, &Flash::done(said)))
        }
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let back = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let form = prefilled(visit.form(), &rules, &seen, visit.now().local_date());
            let page = compose(&visit, &rules, &seen, (form, back)).await?;
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
