//! One guard: papers and duty, whether he counts and why not, and the form of whoever keeps the roster. Numbers stay masked
//! here; the person's own page shows them, and writes that down.

use access::PermissionSet;
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Coded, Date, PersonId, Problem, Refusal, Timestamp, limits};
use language::{Lang, Say};
use organisation::{
    Contact, Employer, GuardFacts, GuardPapers, GuardRecord, GuardText, Person, PersonCommand, Shift,
    guard_record,
    identifiers::{masked_citizen_id, masked_mobile},
    person_contact,
};
use rules::RuleBook;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Fact, Level, Link, Mark},
};

use super::{GuardsPages, ROSTER, person_href, roster::expiry_level, roster::left, school_href};
use crate::{
    expiry::{Spans, of_guard},
    query::{GuardRow, campuses, guard_of},
    texts, words,
};

const WORK: [(&str, bool); 2] = [("full", true), ("part", false)];
const CERTIFIED: [(&str, bool); 2] = [("yes", true), ("no", false)];
const EMPLOYERS: [(&str, Employer); 2] = [("school", Employer::School), ("company", Employer::Company)];
/// Hours that a form may say: the decision says what is too many.
const MOST_HOURS: i64 = 10_000;

struct Seen {
    id: PersonId,
    row: GuardRow,
    record: Option<GuardRecord>,
    contact: Contact,
    campuses: Vec<(u16, String)>,
    may: PermissionSet,
}

async fn see(visit: &Visit, id: PersonId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let row = guard_of(tx, id)?.ok_or(Problem::NotFound)?;
            let may = viewer.permissions_over(tx, row.unit)?;
            if !may.has("guards.roster") {
                return Err(Problem::NotFound);
            }
            Ok(Seen {
                id,
                record: guard_record(tx, &vault, id)?,
                contact: person_contact(tx, &vault, id)?.unwrap_or_default(),
                campuses: campuses(tx, row.unit)?,
                row,
                may,
            })
        })
        .await
}

#[derive(Template)]
#[template(path = "guards/person.html")]
struct PersonPage {
    shell: Shell,
    counts: Mark,
    expiries: Vec<Mark>,
    facts: Vec<Fact>,
    edits: bool,
    action: String,
    form: FormState,
    work: Vec<Choice>,
    certified: Vec<Choice>,
    employers: Vec<Choice>,
    shifts: Vec<Choice>,
    campuses: Vec<Choice>,
    today: String,
    links: Vec<Link>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Path(id): Path<PersonId>,
) -> Result<Response, Failed> {
    visit.need_any(ROSTER)?;
    let seen = see(&visit, id).await?;
    let form = prefilled(visit.form(), seen.record.as_ref());
    Ok(web::page(&compose(&visit, &pages.rules(), &seen, form)))
}

fn prefilled(form: FormState, record: Option<&GuardRecord>) -> FormState {
    let Some(record) = record else { return form.with("work", "full").with("employer", "school") };
    let facts = &record.facts;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    form.with("work", if facts.full_time { "full" } else { "part" })
        .with("employer", facts.employer.name())
        .with("certified", if facts.certified { "yes" } else { "no" })
        .with("company", &record.text.company)
        .with("licence", &record.text.licence)
        .with("place", &record.text.place)
        .with("campus", facts.campus.map(|number| number.to_string()).unwrap_or_default())
        .with("shift", facts.shift.as_ref().map(Coded::name).unwrap_or_default())
        .with("training_hours", facts.training_hours.map(|hours| hours.to_string()).unwrap_or_default())
        .with("since", day(facts.since))
        .with("until", day(facts.until))
        .with("certified_on", day(facts.certified_on))
        .with("certified_until", day(facts.certified_until))
        .with("background_on", day(facts.background_on))
        .with("health_on", day(facts.health_on))
        .with("health_until", day(facts.health_until))
        .with("trained_on", day(facts.trained_on))
        .with("filed_on", day(facts.filed_on))
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    DAYS.iter()
        .fold(form, |form, (field, label)| form.label(*field, label(lang)))
        .label("work", texts::column_work(lang))
        .label("employer", texts::form_employer(lang))
        .label("certified", texts::form_certified(lang))
        .label("certificate", texts::form_certificate(lang))
        .label("company", texts::form_company(lang))
        .label("licence", texts::form_licence(lang))
        .label("place", texts::form_place(lang))
        .label("training_hours", texts::form_hours(lang))
        .label("born", texts::form_born(lang))
}

type Label = fn(Lang) -> &'static str;

/// Fields of days with their names.
const DAYS: [(&str, Label); 9] = [
    ("since", texts::form_since),
    ("until", texts::form_until),
    ("certified_on", texts::form_certified_on),
    ("certified_until", texts::form_certified_until),
    ("background_on", texts::form_background_on),
    ("health_on", texts::form_health_on),
    ("health_until", texts::form_health_until),
    ("trained_on", texts::form_trained_on),
    ("filed_on", texts::form_filed_on),
];

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, form: FormState) -> PersonPage {
    let (lang, today) = (visit.lang(), visit.now().local_date());
    let guard = &seen.row.guard;
    let counts = guard.counts(today);
    let name = if seen.contact.name.is_empty() {
        texts::guard_nameless(lang).to_owned()
    } else {
        seen.contact.name.clone()
    };
    let shifts = Shift::ALL.iter().map(|one| Choice::new(one.name(), words::shift(lang, &(*one).into())));
    PersonPage {
        counts: Mark::new(
            if counts { Level::Done } else { Level::Yellow },
            words::counted(lang, guard, today),
        ),
        expiries: expiries(lang, rules, seen, today),
        facts: facts(lang, seen),
        edits: seen.may.has("person.manage"),
        action: person_href(seen.id),
        form: labelled(form, lang),
        work: vec![
            Choice::new("full", texts::guard_full_time(lang)),
            Choice::new("part", texts::guard_part_time(lang)),
        ],
        certified: vec![
            Choice::new("yes", texts::certified_yes(lang)),
            Choice::new("no", texts::certified_no(lang)),
        ],
        employers: EMPLOYERS.map(|(name, _)| Choice::new(name, words::employer(lang, name))).to_vec(),
        shifts: shifts.collect(),
        campuses: seen.campuses.iter().map(|(number, name)| Choice::new(number.to_string(), name)).collect(),
        today: today.to_string(),
        links: links(lang, seen),
        shell: visit
            .shell(name)
            .for_unit(&seen.row.unit_name, visit.now())
            .at("guards")
            .back_to(school_href(seen.row.unit)),
    }
}

/// Above the upper age of the county's rule, which is a hint and no more.
fn is_old(rules: &RuleBook, seen: &Seen, today: Date) -> bool {
    let born = seen.record.as_ref().and_then(|record| record.papers.born);
    let first = rules.opened("guard.age.max", Timestamp::at_end_of(today)).ok();
    born.zip(first).is_some_and(|(born, first)| born < first.local_date())
}

/// What runs out, the nearest first; and the hint about the age.
fn expiries(lang: Lang, rules: &RuleBook, seen: &Seen, today: Date) -> Vec<Mark> {
    let spans = Spans::of(rules, today);
    let old = is_old(rules, seen, today).then(|| Mark::new(Level::Yellow, texts::person_old(lang)));
    let mut all = of_guard(&seen.row.guard, seen.row.unit, spans);
    all.sort_by_key(|expiry| expiry.last);
    all.iter()
        .map(|expiry| {
            let until =
                texts::expiry_until(lang, words::paper(lang, expiry.paper), Say(lang).day(expiry.last));
            let said = format!("{until} · {}", left(lang, expiry.last, today));
            Mark::new(expiry_level(expiry.last, spans, today), said)
        })
        .chain(old)
        .collect()
}

fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let mut facts = vec![Fact::new(texts::column_school(lang), &seen.row.unit_name)];
    let mut tell = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push(Fact::new(name, value));
        }
    };
    let contact = &seen.contact;
    let masked =
        if contact.identity.is_empty() { String::new() } else { masked_citizen_id(&contact.identity) };
    tell(texts::fact_identity(lang), masked);
    let masked = if contact.phone.is_empty() { String::new() } else { masked_mobile(&contact.phone) };
    tell(texts::fact_phone(lang), masked);
    let Some(record) = &seen.record else {
        tell(texts::column_work(lang), texts::guard_unknown(lang).to_owned());
        return facts;
    };
    let (known, text) = (&record.facts, &record.text);
    let day = |day: Option<Date>| day.map(|day| Say(lang).date(day)).unwrap_or_default();
    let campus = seen.campuses.iter().find(|(number, _)| Some(*number) == known.campus);
    tell(texts::column_campus(lang), campus.map(|(_, name)| name.clone()).unwrap_or_default());
    let work = if known.full_time { texts::guard_full_time(lang) } else { texts::guard_part_time(lang) };
    tell(texts::column_work(lang), work.to_owned());
    tell(texts::form_employer(lang), words::employer(lang, known.employer.name()));
    tell(texts::form_company(lang), text.company.clone());
    tell(texts::form_licence(lang), text.licence.clone());
    tell(texts::form_place(lang), text.place.clone());
    tell(
        texts::form_shift(lang),
        known.shift.as_ref().map(|shift| words::shift(lang, shift)).unwrap_or_default(),
    );
    let certified = if known.certified { texts::certified_yes(lang) } else { texts::certified_no(lang) };
    tell(texts::form_certified(lang), certified.to_owned());
    for (name, value) in [
        (texts::form_certified_on(lang), known.certified_on),
        (texts::form_certified_until(lang), known.certified_until),
        (texts::form_background_on(lang), known.background_on),
        (texts::form_health_on(lang), known.health_on),
        (texts::form_trained_on(lang), known.trained_on),
        (texts::form_filed_on(lang), known.filed_on),
        (texts::form_since(lang), known.since),
        (texts::form_until(lang), known.until),
    ] {
        tell(name, day(value));
    }
    tell(texts::form_hours(lang), known.training_hours.map(|hours| hours.to_string()).unwrap_or_default());
    facts
}

fn links(lang: Lang, seen: &Seen) -> Vec<Link> {
    if !seen.may.has("person.view") {
        return Vec::new();
    }
    let person = seen.id.0.simple();
    let mut links = vec![Link::new(texts::person_own_page(lang), format!("/people/{person}"))];
    if seen.may.has("person.manage") {
        links.push(Link::new(texts::person_leaves(lang), format!("/people/{person}/leave")));
    }
    links
}

/// What the form says; a number or a day of birth that was left empty stays as it is.
fn record(form: &FormData, known: Option<&GuardRecord>) -> Result<GuardRecord, Problem> {
    let mut read = form.reader();
    let full_time = read.choice("work", &WORK).required().get();
    let employer = read.choice("employer", &EMPLOYERS).required().get();
    let certified = read.choice("certified", &CERTIFIED).required().get();
    let mut day = |field: &'static str| read.date(field).get();
    let facts = GuardFacts {
        since: day("since"),
        until: day("until"),
        certified_on: day("certified_on"),
        certified_until: day("certified_until"),
        background_on: day("background_on"),
        health_on: day("health_on"),
        health_until: day("health_until"),
        trained_on: day("trained_on"),
        filed_on: day("filed_on"),
        ..GuardFacts::default()
    };
    let born = day("born");
    let hours = read.int("training_hours").range(0, MOST_HOURS).get();
    let mut text = |field: &'static str| read.text(field).max(limits::NAME_CHARS).opt().unwrap_or_default();
    let words = GuardText { company: text("company"), licence: text("licence"), place: text("place") };
    let certificate = text("certificate");
    // A guard of a firm without the firm can be asked of nobody.
    if employer == Some(Employer::Company) && words.company.is_empty() && !read.has_problem("company") {
        read.note("company", Refusal::new("field-required"));
    }
    read.finish()?;
    let papers = known.map(|known| known.papers.clone()).unwrap_or_default();
    let certified = certified.unwrap_or(false);
    let kept = if certified { papers.certificate } else { String::new() };
    Ok(GuardRecord {
        facts: GuardFacts {
            certified,
            full_time: full_time.unwrap_or(false),
            employer: employer.unwrap_or_default(),
            training_hours: hours.and_then(|hours| u16::try_from(hours).ok()),
            campus: form.value("campus").and_then(|number| number.parse().ok()),
            shift: form.value("shift").and_then(Shift::named).map(Coded::Known),
            ..facts
        },
        text: words,
        papers: GuardPapers {
            certificate: if certificate.is_empty() { kept } else { certificate },
            born: born.or(papers.born),
        },
    })
}

pub(super) async fn submit(
    State(pages): State<GuardsPages>,
    Path(id): Path<PersonId>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&["person.manage"])?;
    let seen = see(&visit, id).await?;
    if !seen.may.has("person.manage") {
        return Err(Problem::Forbidden.into());
    }
    let done = async {
        let record = record(&form, seen.record.as_ref())?;
        let work = UnitOfWork::new(visit.actor(), command_id)
            .ask::<Person>(id, PersonCommand::Guard(Box::new(record)));
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&person_href(id), &Flash::done(texts::person_done(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = labelled(visit.form(), visit.lang()).keep(&form);
            let state = state.failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &pages.rules(), &seen, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
