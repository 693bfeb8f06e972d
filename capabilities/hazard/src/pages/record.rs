//! One hazard: the facts, the next act as a short form, the timeline.

mod turn;

use std::collections::HashSet;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use journal::{Standing, Vault};
use kernel::{Part, PersonId, Problem, StreamId, Timestamp, UnitId};
use language::{Lang, Say};
use organisation::{PersonBrief, people_of_unit, person_names, unit_brief, unit_names};
use rules::RuleBook;
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Choice, Clock, Fact, Link, Mark, Moment, Photo as Shown},
};

pub(super) use self::turn::follows;
use self::turn::{is_theirs, turn_title, waiting, waiting_beside};
use super::{
    HazardPages, alike,
    beside::Beside,
    carried,
    facts::{clock, facts, plan_facts},
    fields::{
        category_choices, due_hint, guide_items, guide_notice, help_choices, help_hint, level_choices, pair,
        people, withdraw_choices,
    },
    href,
    list::level_mark,
    notices, reuse,
    timeline::{Names, basis, decoded, met, moments, people_in, plan_title, shown, units_in},
    visible_record,
};
use crate::{
    carried::CarriedPeople,
    event::{NamedHazard, Position},
    facts::{acting_unit, somebody_takes_on},
    offer::{Looking, Offer},
    query::{self, AlikeHazard, HazardRecord, OpenHazard, merged_into, repeated_by, repeats},
    state::{HazardState, Stage},
    texts,
    turn::{Act, turn},
    words,
};

/// Everything about a hazard that its pages show, read in one visit.
pub(super) struct Seen {
    pub record: HazardRecord,
    pub unit_name: String,
    pub names: Names,
    pub people: Vec<PersonBrief>,
    /// Those of them who can sign in.
    pub signing_in: HashSet<PersonId>,
    /// What the viewer may do over the hazard's unit.
    pub may: access::PermissionSet,
    /// The unit whose people act next, and its name.
    pub turn_unit: Option<UnitId>,
    pub turn_name: String,
    /// The earlier hazard that it repeats, and the later ones that repeat it.
    pub repeats: Option<NamedHazard>,
    /// The later ones.
    pub repeated_by: Vec<NamedHazard>,
    /// The unit's newest other open hazards, and those of them that may be the same defect.
    pub open: Vec<OpenHazard>,
    pub alike: Vec<AlikeHazard>,
    /// Those that were withdrawn because this one goes on.
    pub merged: Vec<NamedHazard>,
    /// Where the phone was that registered it.
    pub position: Option<Position>,
    /// The names a ledger had, when it was carried over from one.
    pub carried: CarriedPeople,
    /// What other rooms say of it.
    pub beside: Vec<Beside>,
}

impl Seen {
    /// The record as somebody looks at it.
    pub(super) fn looked_at<'a>(
        &'a self,
        standing: &'a Standing,
        rules: &'a RuleBook,
        now: Timestamp,
    ) -> Looking<'a> {
        let hindrance = self.beside.iter().find_map(|beside| beside.hindrance.as_ref());
        let kept = self.beside.iter().find_map(|beside| beside.kept.as_ref());
        Looking { state: &self.record.state, standing, rules, now, hindrance, kept }
    }
}

/// Reads it, if the viewer may.
pub(super) async fn see(visit: &Visit, pages: &HazardPages, id: StreamId) -> Result<Seen, Problem> {
    let (viewer, lang, companions) = (visit.viewer.clone(), visit.lang(), pages.companions.clone());
    let (vault, rules) = (visit.desk.vault.clone(), pages.rules());
    visit
        .read(move |tx| {
            let record = visible_record(tx, &viewer, id)?;
            let unit = record.state.unit;
            let unit_name = unit_brief(tx, unit)?.map(|u| u.name).unwrap_or_default();
            let events = decoded(&record.events);
            let mut people: Vec<PersonId> = people_in(&events);
            people.extend(record.state.stage.plan().and_then(|plan| plan.responsible));
            let actors: Vec<_> = record.events.iter().map(journal::Recorded::actor).collect();
            let names = Names {
                actors: access::actor_names(tx, &vault, &actors)?,
                people: person_names(tx, &vault, &people)?,
                units: unit_names(tx, &units_in(&events))?,
                hazards: reuse::seen_in(tx, &viewer, &events)?.into_iter().collect(),
            };
            let turn_unit = acting_unit(tx, &record.state)?;
            let turn_name = match turn_unit {
                Some(acts) if acts != unit => unit_brief(tx, acts)?.map(|u| u.name).unwrap_or_default(),
                Some(_) | None => unit_name.clone(),
            };
            let may = viewer.permissions_over(tx, unit)?;
            let people = could_fix(tx, &vault, unit, record.state.central_now())?;
            let (position, carried) = carried::personal(tx, &vault, id, &record.events)?;
            // Where a telephone was tells where its owner was: for him, and for whoever may look up people.
            let own = record.state.registered_by == viewer.account;
            let shown = own || access::visible(tx, Part::Personal, &viewer, "hazard.view", unit)?;
            let position = position.filter(|_| shown);
            let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
            let signing_in = access::people_with_account(tx, &ids)?;
            let mut beside = Vec::new();
            for companion in &companions {
                beside.extend(companion.beside(tx, lang, &viewer, (id, &record.state))?);
            }
            let open = alike::others(tx, &viewer, id, &record.state)?;
            Ok(Seen {
                alike: query::alike(&rules, &record.state, &open),
                open,
                merged: merged_into(tx, id)?,
                repeats: repeats(tx, id)?,
                repeated_by: repeated_by(tx, id)?,
                signing_in,
                position,
                record,
                unit_name,
                names,
                people,
                may,
                turn_unit,
                turn_name,
                carried,
                beside,
            })
        })
        .await
}

/// Whom a hazard of the unit may be given to: its people, and those of the central school where nobody there could.
pub(super) fn could_fix(
    tx: &mut Tx,
    vault: &Vault,
    unit: UnitId,
    central: Option<UnitId>,
) -> Result<Vec<PersonBrief>, Problem> {
    let mut people = people_of_unit(tx, vault, unit)?;
    if let Some(central) = central
        && !somebody_takes_on(tx, unit)?
    {
        people.extend(people_of_unit(tx, vault, central)?);
    }
    Ok(people)
}

/// Which form the address asks for instead of the one whose turn it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordQuery {
    pub act: String,
    /// The hazard that a duplicate is the same as.
    pub same: String,
}

#[derive(Template)]
#[template(path = "hazard/record.html")]
pub(super) struct RecordPage {
    shell: Shell,
    level: Mark,
    stage: String,
    clock: Option<Clock>,
    facts: Vec<Fact>,
    description: String,
    photos: Vec<Shown>,
    plan: Vec<Fact>,
    carried: Vec<Fact>,
    waiting: String,
    /// Whose turn it is, above the form of somebody who may act in his place.
    waiting_beside: String,
    turn_title: String,
    /// What the act answers to: the work to be accepted, why it came back, what was asked for.
    basis: Vec<Moment>,
    /// What is known of the photos of the work to be accepted.
    reused: Vec<Fact>,
    plan_title: &'static str,
    act: String,
    action: String,
    form: FormState,
    version: u64,
    people: Vec<Choice>,
    levels: Vec<Choice>,
    /// Why there is only one.
    level_hint: &'static str,
    guide: Vec<Choice>,
    guide_notice: String,
    wants: String,
    due_hint: String,
    due_latest: String,
    categories: Vec<Choice>,
    withdraw: Vec<Choice>,
    /// What may be the same defect.
    alike: alike::Shown,
    sound: Vec<Choice>,
    /// Why something of the form cannot be chosen now.
    not_yet: String,
    help: Vec<Choice>,
    help_hint: String,
    /// The values of the form's buttons or radios that the decision would accept.
    choices: Vec<&'static str>,
    others: Vec<Link>,
    moments: Vec<Moment>,
    /// What happened since the form was looked at, and what follows for what was typed.
    news: Vec<Moment>,
    news_then: &'static str,
    /// The words typed into a form that is not offered any more.
    news_typed: String,
    print: String,
    papers: Vec<Link>,
    beside: Vec<Beside>,
}

impl RecordPage {
    /// A button of the form would be answered with yes.
    fn can(&self, choice: &str) -> bool {
        self.choices.contains(&choice)
    }
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Path(id): Path<StreamId>,
    Query(query): Query<RecordQuery>,
) -> Result<Response, Failed> {
    let seen = see(&visit, &pages, id).await?;
    let form = match StreamId::parse(&query.same) {
        Some(same) => visit.form().with("why", "duplicate").with("same_as", same),
        None => visit.form(),
    };
    Ok(web::page(&compose(&visit, &pages.rules(), &seen, &query.act, form)))
}

/// Fields in which somebody writes words.
const TYPED: [&str; 10] = [
    "note",
    "responsibility",
    "funds",
    "funds_cents",
    "measures",
    "contingency",
    "why",
    "help",
    "description",
    "place",
];

/// The record after an act that was asked on an older version: what happened since, by whom and when. The form comes
/// back with everything typed, and with the new version, only while the act is still offered.
pub(super) fn overtaken(
    visit: &Visit,
    rules: &RuleBook,
    seen: &Seen,
    act: &str,
    version: u64,
    typed: FormState,
) -> Response {
    let lang = visit.lang();
    let standing = visit.standing(seen.may);
    let looking = seen.looked_at(&standing, rules, visit.now());
    let offered = looking.offers().iter().any(|offer| offer.act == act);
    let (form, news_then, news_typed) = if offered {
        (typed, texts::act_overtaken_again(lang), String::new())
    } else {
        let words = typed.told(&TYPED);
        (visit.form(), texts::act_overtaken_over(lang), words)
    };
    let mut since = decoded(&seen.record.events);
    since.retain(|(recorded, _)| recorded.header.stream_version > version);
    let news = moments(lang, rules, seen.record.id, &since, &seen.names);
    let page = compose(visit, rules, seen, act, form);
    web::page_with(StatusCode::CONFLICT, &RecordPage { news, news_then, news_typed, ..page })
}

/// The same page after a refused act, with everything that was typed.
pub(super) fn again(visit: &Visit, rules: &RuleBook, seen: &Seen, act: &str, form: FormState) -> Response {
    web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &compose(visit, rules, seen, act, form))
}

/// The form to show: the one asked for if it is offered, else the one whose turn it is.
fn chosen(offers: &[Offer], asked: &str, next: Option<&'static str>) -> Option<Offer> {
    let named = |name: &str| offers.iter().find(|offer| offer.act == name).cloned();
    named(asked).or_else(|| named(next?))
}

/// The forms besides the one that is shown, and what other rooms offer.
fn others(lang: Lang, seen: &Seen, offers: &[Offer], act: &str) -> Vec<Link> {
    let id = seen.record.id;
    let label = |act: &str| texts::lookup(lang, &format!("hazard-act-{act}"), &[]).unwrap_or_default();
    let other = offers.iter().map(|offer| offer.act).filter(|name| *name != act);
    let own = other.map(|name| Link::new(label(name), format!("{}?act={name}#act", href(id))));
    own.chain(seen.beside.iter().flat_map(|beside| beside.acts.iter().cloned())).collect()
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, asked: &str, form: FormState) -> RecordPage {
    let lang = visit.lang();
    let (state, id, now) = (&seen.record.state, seen.record.id, visit.now());
    let standing = visit.standing(seen.may);
    let looking = seen.looked_at(&standing, rules, now);
    let offers = looking.offers();
    let offer = chosen(&offers, asked, looking.next(&offers, turn(state).map(|turn| turn.act)));
    let act = offer.as_ref().map(|offer| offer.act).unwrap_or_default().to_owned();
    let choices = offer.as_ref().map(|offer| offer.choices.clone()).unwrap_or_default();
    let events = decoded(&seen.record.events);
    let theirs = is_theirs(&visit.viewer, seen, &offers);
    let (due_hint, due_latest) = due_hint(lang, rules, state, now);
    let form = prefilled(form, state, &act, &choices, &met(&events));
    let offered =
        |all: Vec<Choice>| all.into_iter().filter(|c| choices.contains(&c.value.as_str())).collect();
    RecordPage {
        level: Mark::new(level_mark(state.level), words::level(lang, state.level)),
        stage: words::stage(lang, state.stage.code()),
        clock: clock(lang, rules, (state, &events), now),
        facts: facts(lang, rules, seen),
        description: state.description.clone().unwrap_or_else(|| texts::record_erased(lang).to_owned()),
        photos: state.photos.iter().map(|photo| shown(lang, id, photo)).collect(),
        plan: plan_facts(lang, seen),
        carried: carried::facts(lang, &seen.record.events, &seen.carried),
        waiting: waiting(lang, seen),
        turn_title: turn_title(lang, &act, theirs),
        waiting_beside: waiting_beside(lang, seen, theirs, &act),
        basis: basis(&act, &events)
            .map_or_else(Vec::new, |one| moments(lang, rules, id, &[one], &seen.names)),
        reused: if act == "accept" { reuse::facts(lang, &seen.names, &events) } else { Vec::new() },
        plan_title: plan_title(lang, &events),
        action: format!("{}/{act}", href(id)),
        version: seen.record.version,
        people: people(lang, seen, &act),
        levels: offered(level_choices(lang)),
        level_hint: level_hint(lang, offer.as_ref(), &standing),
        guide: guide_items(lang, rules, &state.category),
        guide_notice: guide_notice(lang, rules, &state.category),
        wants: wants(lang, &state.stage),
        due_hint,
        due_latest,
        categories: category_choices(lang, rules),
        withdraw: withdraw_choices(lang),
        alike: alike::shown(lang, seen, &offers, &act),
        sound: offered(pair(("1", texts::form_revisit_sound(lang)), ("0", texts::form_revisit_back(lang)))),
        not_yet: not_yet(visit, offer.as_ref()),
        help: help_choices(lang),
        help_hint: help_hint(lang, rules, now),
        others: others(lang, seen, &offers, &act),
        choices,
        moments: moments(lang, rules, id, &events, &seen.names),
        news: Vec::new(),
        news_then: "",
        news_typed: String::new(),
        print: format!("{}/print", href(id)),
        papers: notices::links(lang, seen, now),
        beside: seen.beside.clone(),
        act,
        form,
        shell: frame(visit, seen),
    }
}

fn frame(visit: &Visit, seen: &Seen) -> Shell {
    let title = texts::record_title(visit.lang(), seen.record.state.number);
    visit
        .shell(title)
        .for_unit(&seen.unit_name, visit.now())
        .leading_to(seen.record.state.unit, seen.may)
        .at("hazards")
        .back_to("/hazards")
}

/// Until when an extension is wanted, above the form that answers it.
fn wants(lang: Lang, stage: &Stage) -> String {
    match stage {
        Stage::ExtensionAsked { until, .. } => texts::form_extension_wants(lang, Say(lang).date_of(*until)),
        _ => String::new(),
    }
}

/// A look back that holds has its day, and its people; what is major is accepted by way of its listing: what stands
/// against an answer is said before it is chosen.
fn not_yet(visit: &Visit, offer: Option<&Offer>) -> String {
    let told = |act: &str| act == Act::Revisit.name() || act == Act::Accept.name();
    let refused = offer.filter(|offer| told(offer.act)).and_then(|offer| offer.refused.last());
    refused.map(|(_, refusal)| visit.desk.sentences.refusal(visit.lang(), refusal)).unwrap_or_default()
}

/// Why there is only one level to choose.
fn level_hint(lang: Lang, offer: Option<&Offer>, standing: &Standing) -> &'static str {
    let only = offer.is_some_and(|offer| offer.only_raises(standing));
    if only { texts::form_level_only_major(lang) } else { "" }
}

/// What a form starts with.
fn prefilled(form: FormState, state: &HazardState, act: &str, choices: &[&str], met: &[String]) -> FormState {
    // The usual answer stands there already; a grave one, where it is the only one left, is chosen by hand.
    let usual = |field: &str, answer: &str| form.value(field).is_empty() && choices.contains(&answer);
    match act {
        // Who grades anew starts from what was said before, and chooses by hand.
        "grade" if state.level.is_some() && form.errors().is_empty() => {
            met.iter().fold(form, |form, item| form.with("guide", item))
        }
        "grade" if state.level.is_none() && usual("level", "general") => {
            // An item that was seen met makes it major, for whoever grades it to confirm.
            let level = if met.is_empty() || !choices.contains(&"major") { "general" } else { "major" };
            let form = if form.errors().is_empty() {
                met.iter().fold(form, |form, item| form.with("guide", item))
            } else {
                form
            };
            form.with("level", level)
        }
        "revisit" if usual("sound", "1") => form.with("sound", "1"),
        "take-on" if form.value("responsible").is_empty() => match &state.stage {
            Stage::Assigned { responsible: Some(person), .. } => form.with("responsible", person.0),
            _ => form,
        },
        "correct" if form.value("category").is_empty() => form
            .with("category", &state.category)
            .with("description", state.description.as_deref().unwrap_or_default())
            .with("place", state.place.as_deref().unwrap_or_default()),
        "withdraw" if form.value("why").is_empty() => form.with("why", "mistaken"),
        _ => form,
    }
}
