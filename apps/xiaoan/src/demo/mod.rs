//! The demonstration county: Shizong with two hundred schools that do not exist, their people, and a year of hazards,
//! entered through the same commands that users give.
//!
//! Townships and public offices are real; every school is named after the old Chinese constellations, telephone
//! numbers and codes come from series that nobody was given, and names of people are thrown together by chance. The
//! same seed and day give the same commands in the same order.

mod calendar;
mod case;
mod codes;
mod county;
mod data;
mod dice;
mod history;
mod inquiry;
mod institutions;
mod ledger;
mod letters;
mod listing;
mod people;
mod photos;
mod proof;
mod reports;
mod ruling;
mod scenes;
mod schedule;
mod sender;
mod staffing;
mod start;
mod steps;
mod who;
mod words;
mod world;

use std::collections::{BTreeMap, BinaryHeap};

use anyhow::{Context as _, Result, anyhow};
use jiff::ToSpan as _;
use journal::Handle;
use kernel::{Actor, ActorId, Date, IdSource, PersonId, Problem, Timestamp, UnitId};
use organisation::{Person, PersonCommand, Unit, UnitCommand, UnitKind};
use rules::RuleBook;

use calendar::Calendar;
use case::Alarms;
use county::Founder;
use data::Data;
use dice::Dice;
use history::History;
use photos::Album;
use sender::Sender;
use world::World;

/// Days before the history on which units and people are entered.
const ENTERED_BEFORE: i64 = 14;
/// Days that are planned around the history.
const DAYS: usize = 500;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct DemoPlan {
    /// The same seed gives the same county.
    pub seed: u64,
    /// The history ends with the evening before this day.
    pub as_of: Date,
    /// Hazards in percent of the full number.
    pub scale: u32,
}

/// An account somebody needs.
#[derive(Clone, Debug)]
pub struct AccountPlan {
    /// Whose it is.
    pub person: PersonId,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The name to sign in with.
    pub login: String,
    /// Codes of roles, and where each holds.
    pub roles: Vec<(&'static str, UnitId)>,
    /// What the visitor is told it is; absent for all but one account of each role.
    pub show: Option<&'static str>,
    /// When it is opened: for `told_at`.
    pub at: Timestamp,
}

/// Where it goes.
pub struct Target<'a> {
    /// The way to ask the writer.
    pub handle: &'a Handle,
    /// The rules in force.
    pub rules: RuleBook,
    /// Where the sample pictures are kept.
    pub store: &'a attachments::Store,
    /// Opens an account with its roles; it must be committed on return.
    pub open_account: &'a mut dyn FnMut(AccountPlan) -> Result<ActorId, Problem>,
}

/// An account for the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAccount {
    /// What it is, in Chinese.
    pub role: &'static str,
    /// The name to sign in with.
    pub login: String,
    /// The unit it belongs to.
    pub unit_name: String,
    /// The account.
    pub account: ActorId,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoReport {
    /// Units entered.
    pub units: u64,
    /// People entered.
    pub people: u64,
    /// Accounts opened.
    pub accounts: u64,
    /// Hazards registered.
    pub hazards: u64,
    /// Events written, those of accounts among them.
    pub events: u64,
    /// Hazards by the stage they stand at.
    pub by_stage: BTreeMap<String, u64>,
    /// Accounts for the visitor.
    pub shown: Vec<ShownAccount>,
}

/// Makes the county. `progress` is told what is being made, how much of it is done, and how much there is.
///
/// # Errors
/// The first commands that were refused, which is a fault of the generator; or whatever the platform answers.
pub fn load(
    target: &mut Target<'_>,
    plan: &DemoPlan,
    progress: &dyn Fn(&str, u64, u64),
) -> Result<DemoReport> {
    let data = Data::read()?;
    let dice = Dice::new(plan.seed);
    let ids = IdSource::seeded(plan.seed);
    let first = plan.as_of.checked_sub(1.year()).context("the year before")?;
    let entered =
        Timestamp::at_start_of(first.checked_sub(ENTERED_BEFORE.days()).context("the days before")?);
    let begin = *target.handle.heads().borrow();
    let mut world = design(&data, &ids, &dice, entered);
    let handle = target.handle;
    let mut sender = Sender::new(handle, &ids);
    enter(target, &mut world, &mut sender, entered, progress)?;
    let album = Album::make(target.store, progress)?;
    let calendar =
        Calendar::new(&target.rules, first.checked_sub(20.days()).context("the days before")?, DAYS)?;
    let index = |date: Date| calendar.days().iter().position(|day| day.date == date).unwrap_or(0);
    let window = (index(first), index(plan.as_of));
    let found = schedule::plan(&target.rules, &calendar, &world, plan.scale, window, &dice)?;
    let middle = calendar.at_hour(window.0.midpoint(window.1), 9.5);
    let mut history = History {
        world: &world,
        data: &data,
        rules: &target.rules,
        calendar: &calendar,
        album: &album,
        alarms: Alarms::read(&target.rules, plan.as_of),
        ids: &ids,
        dice: dice.fork("history", 0),
        end: Timestamp::at_start_of(plan.as_of),
        sender,
        queue: BinaryHeap::new(),
        inquiries: Vec::new(),
        cases: Vec::new(),
        steps: 0,
        carried: 0,
        departments: Vec::new(),
        letters: Vec::new(),
        places: Vec::new(),
        reports: Vec::new(),
        report: None,
    };
    history.tell(&found, middle, progress)?;
    history.sender.all_accepted("hazards")?;
    Ok(DemoReport {
        units: count(world.planned.len()),
        people: count(world.people.len()),
        accounts: count(world.people.len()),
        hazards: count(history.cases.len()),
        events: history.sender.position().saturating_sub(begin),
        by_stage: history.by_stage(),
        shown: shown(&world),
    })
}

fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

fn design(data: &Data, ids: &IdSource, dice: &Dice, at: Timestamp) -> World {
    let mut world = World::new();
    let since = at.local_date().checked_sub(3.years()).unwrap_or_else(|_| at.local_date());
    let mut founder = Founder { ids, at, since, serial: 0 };
    county::plan(&mut world, data, &mut founder);
    institutions::plan(&mut world, data, &mut founder, &mut dice.fork("schools", 0));
    people::plan(&mut world, data, ids, at, dice);
    world
}

fn shown(world: &World) -> Vec<ShownAccount> {
    let one = |someone: &world::Someone| {
        someone.show.map(|role| ShownAccount {
            role,
            login: someone.login.clone(),
            unit_name: someone.unit_name.clone(),
            account: someone.actor,
        })
    };
    world.people.iter().filter_map(one).collect()
}

/// Founds the offices and the three administrators, who enter everything else.
fn enter(
    target: &mut Target<'_>,
    world: &mut World,
    sender: &mut Sender<'_>,
    at: Timestamp,
    progress: &dyn Fn(&str, u64, u64),
) -> Result<()> {
    let founded = |kind: UnitKind| matches!(kind, UnitKind::Province | UnitKind::City | UnitKind::County);
    let mut now = at;
    let mut tick = || {
        now = now.plus_ms(Timestamp::SECOND_MS);
        now
    };
    for planned in world.planned.iter().filter(|planned| founded(planned.created.kind)) {
        let command = UnitCommand::Create(planned.created.clone());
        sender.send::<Unit>(Actor::SYSTEM, tick(), planned.id, "create", command)?;
    }
    for person in world.administrators.clone() {
        hire(world, sender, Actor::SYSTEM, tick(), person)?;
    }
    sender.all_accepted("founding")?;
    for person in world.administrators.clone() {
        open(target, world, tick(), person)?;
    }
    let keeper = world.administrators.first().map_or(ActorId::NIL, |who| world.actor(*who));
    let keeper = Actor::person(keeper);
    let total = count(world.planned.len());
    for (number, planned) in (1..).zip(&world.planned) {
        if !founded(planned.created.kind) {
            let command = UnitCommand::Create(planned.created.clone());
            sender.send::<Unit>(keeper, tick(), planned.id, "create", command)?;
        }
        progress("units", number, total);
    }
    let total = count(world.people.len());
    let above = [world.province, world.city];
    let others: Vec<usize> =
        (0..world.people.len()).filter(|person| !world.administrators.contains(person)).collect();
    for (number, person) in (1..).zip(&others) {
        let superior = world.people.get(*person).is_some_and(|someone| above.contains(&someone.unit));
        hire(world, sender, if superior { Actor::SYSTEM } else { keeper }, tick(), *person)?;
        progress("people", number, total);
    }
    sender.all_accepted("units and people")?;
    for (number, person) in (1..).zip(&others) {
        open(target, world, tick(), *person)?;
        progress("accounts", number, total);
    }
    Ok(())
}

fn hire(world: &World, sender: &mut Sender<'_>, actor: Actor, at: Timestamp, person: usize) -> Result<()> {
    let Some(someone) = world.people.get(person) else { return Ok(()) };
    let command = PersonCommand::Enter {
        unit: someone.unit,
        contact: someone.contact.clone(),
        posts: someone.posts.clone(),
    };
    sender.send::<Person>(actor, at, someone.id, "enter", command)
}

fn open(target: &mut Target<'_>, world: &mut World, at: Timestamp, person: usize) -> Result<()> {
    let Some(someone) = world.people.get_mut(person) else { return Ok(()) };
    let plan = AccountPlan {
        person: someone.id,
        unit: someone.unit,
        login: someone.login.clone(),
        roles: someone.roles.clone(),
        show: someone.show,
        at,
    };
    someone.actor =
        (target.open_account)(plan).map_err(|problem| anyhow!("account {}: {problem}", someone.login))?;
    Ok(())
}

#[cfg(test)]
mod tests;
