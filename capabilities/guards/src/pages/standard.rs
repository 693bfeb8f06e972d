//! The standards with their clauses, which one is in force, and the form of whoever chooses.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use hazard::pages::Names;
use journal::{UnitOfWork, WorkLane};
use kernel::{Date, Problem, UnitId, limits};
use language::{Lang, Say};
use organisation::{Line, UnitKind, ancestors};
use rules::{BoardingFrom, Growth, Joining, Reading, Rounding, RuleBook};
use storage::Tx;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice as Answer, Fact, Moment},
};

use super::{GuardsPages, VIEW};
use crate::{
    choice::{ChoiceCommand, ChoiceDraft, ChoiceState, Standard, choice_of, usual},
    query,
    staffing::Variant,
    texts, words,
};

const PAGE: &str = "/guards/standard";

struct Seen {
    county: Option<UnitId>,
    state: Option<ChoiceState>,
    version: u64,
    names: Names,
    chooses: bool,
}

/// The county somebody belongs to, if any.
pub(super) fn county_of(tx: &mut Tx, unit: UnitId) -> Result<Option<UnitId>, Problem> {
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
                return Ok(Seen { county, state: None, version: 0, names: Names::default(), chooses: false });
            };
            let found = query::choice(tx, own)?;
            let actors: Vec<_> = found
                .iter()
                .flat_map(|(state, _)| state.choices.iter().map(|choice| choice.by.actor))
                .collect();
            let names = Names { actors: access::actor_names(tx, &vault, &actors)?, ..Names::default() };
            let chooses = viewer.may_over(tx, "guards.sign", own)?;
            let version = found.as_ref().map_or(0, |(_, version)| *version);
            Ok(Seen { county, state: found.map(|(state, _)| state), version, names, chooses })
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
    chooses: bool,
    form: FormState,
    version: u64,
    choices: Vec<Answer>,
    rounding: Vec<Answer>,
    growth: Vec<Answer>,
    boarding: Vec<Answer>,
    joining: Vec<Answer>,
}

pub(super) async fn show(visit: Visit, State(pages): State<GuardsPages>) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    let seen = see(&visit).await?;
    let rules = pages.rules();
    let form = prefilled(visit.form(), &rules, &seen, visit.now().local_date());
    Ok(web::page(&compose(&visit, &rules, &seen, form)))
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

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, form: FormState) -> StandardPage {
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
    StandardPage {
        in_force: facts(lang, rules, seen, today),
        sets: sets(lang, rules, today),
        moments: moments(lang, rules, seen),
        chooses: seen.chooses,
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
    }
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
    let county = seen.county.filter(|_| seen.chooses).ok_or(Problem::NotFound)?;
    let done = async {
        let draft = draft(&form, &rules, visit.now().local_date())?;
        let (id, command) = (choice_of(county), ChoiceCommand::Choose { county, draft });
        let work = UnitOfWork::new(visit.actor(), command_id);
        let work = match form.value("_version").and_then(|version| version.parse::<u64>().ok()) {
            Some(version) if version > 0 => work.ask_seen::<Standard>(id, version, command),
            _ => work.ask::<Standard>(id, command),
        };
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(PAGE, &Flash::done(texts::standard_done(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &rules, &seen, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
