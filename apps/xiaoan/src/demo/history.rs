//! The year, told in the order of time: a queue of what happens next, from which commands are asked.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use anyhow::Result;
use hazard::{Hazard, HazardCommand, OnTheSpot, Position, Registration, StageCode};
use kernel::{Actor, ActorId, IdSource, StreamId, Timestamp};
use organisation::{Assigned, Line, Placement, Unassigned, Unit, UnitCommand};
use rules::{Category, RuleBook};

use super::{
    calendar::Calendar,
    case::{Alarms, Case, Running},
    data::Data,
    dice::Dice,
    inquiry::{Inquiry, InquiryStep},
    letters::{Letter, LetterStep},
    listing::ListStep,
    photos::Album,
    reports::{Report, ReportStep},
    schedule::Found,
    sender::Sender,
    start, who, words,
    world::{School, World},
};

/// What happens next to a hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Correct,
    Grade,
    Withdraw,
    Assign,
    TakeOn,
    Progress,
    AskHelp,
    AnswerHelp,
    DeliverHelp,
    AskExtension,
    AnswerExtension,
    Rectify,
    Accept,
    Return,
    Close,
    Revisit,
    /// Something of the county's list.
    List(ListStep),
    /// Somebody is held to account for it.
    Inquire(InquiryStep),
    /// A clock of the county's list reaches a mark.
    Bell(&'static str),
    /// Something of a letter to another department.
    Letter(LetterStep),
    /// Something of what the public reported.
    Report(ReportStep),
    /// The clock of a request for help reaches a mark.
    HelpBell(&'static str),
    /// The report of lacking guards is signed.
    SignStaffing,
    /// The clock of this generation rings.
    Tick(u32),
}

/// The telling of the year.
pub(super) struct History<'a> {
    pub world: &'a World,
    pub data: &'a Data,
    pub rules: &'a RuleBook,
    pub calendar: &'a Calendar,
    pub album: &'a Album,
    pub alarms: Alarms,
    pub ids: &'a IdSource,
    pub dice: Dice,
    /// Nothing happens from here on.
    pub end: Timestamp,
    pub sender: Sender<'a>,
    pub queue: BinaryHeap<Reverse<(Timestamp, u64, usize, Step)>>,
    pub cases: Vec<Case>,
    /// Cases 责任追究 that were opened.
    pub inquiries: Vec<Inquiry>,
    pub steps: u64,
    /// Rows of the old ledger.
    pub carried: u64,
    /// The register of departments, and letters to them.
    pub departments: Vec<StreamId>,
    pub letters: Vec<Letter>,
    /// Places of each school, and what is reported there without becoming a hazard.
    pub places: Vec<Vec<StreamId>>,
    pub reports: Vec<Report>,
    /// The report of lacking guards.
    pub report: Option<StreamId>,
}

impl History<'_> {
    /// Tells everything. The school that moves does so at `moves_at`.
    pub(super) fn tell(
        &mut self,
        found: &[Found],
        moves_at: Timestamp,
        progress: &dyn Fn(&str, u64, u64),
    ) -> Result<()> {
        let total = u64::try_from(found.len()).unwrap_or(0);
        let mut coming = found.iter().peekable();
        let mut moved = false;
        let (mut looked, mut staffed) = (false, false);
        let mut rulings = self.plan_rulings();
        if let Some(first) = found.first() {
            self.carry_ledger(first.at)?;
            self.enter_departments(first.at)?;
            self.put_up_codes(first.at)?;
        }
        loop {
            let next_step = self.queue.peek().map(|Reverse((at, ..))| *at);
            let next_found = coming.peek().map(|one| one.at);
            let next = [next_step, next_found].into_iter().flatten().min();
            self.rule_until(&mut rulings, next.unwrap_or(self.end))?;
            let Some(at) = next else { return Ok(()) };
            if !moved && at >= moves_at {
                moved = true;
                self.move_school(moves_at)?;
            }
            if !looked && at >= self.inquiries_begin() {
                looked = true;
                self.plan_inquiries();
            }
            if !staffed && at >= self.staffing_begins() {
                staffed = true;
                self.tell_staffing()?;
            }
            if next_found == Some(at) {
                if let Some(one) = coming.next() {
                    self.register(one)?;
                    if one.number.is_multiple_of(200) || one.number + 1 == total {
                        progress("hazards", one.number + 1, total);
                    }
                }
            } else if let Some(Reverse((at, _, case, step))) = self.queue.pop() {
                self.happen(at, case, step)?;
            }
        }
    }

    /// How many hazards stand at each stage.
    pub(super) fn by_stage(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::from([self.carried()]);
        for case in &self.cases {
            *counts.entry(case.stage.name().to_owned()).or_insert(0) += 1;
        }
        counts
    }

    /// A step some time later; what would happen after the end does not happen.
    pub(super) fn later(&mut self, at: Timestamp, case: usize, step: Step) {
        if at < self.end {
            self.steps += 1;
            self.queue.push(Reverse((at, self.steps, case, step)));
        }
    }

    /// Asks a command of a case on behalf of an account.
    pub(super) fn ask(
        &mut self,
        actor: ActorId,
        now: Timestamp,
        case: &Case,
        what: &'static str,
        command: HazardCommand,
    ) -> Result<()> {
        self.sender.send::<Hazard>(Actor::person(actor), now, case.id, what, command)
    }

    /// A deadline by rule.
    pub(super) fn due(&self, rule: &str, from: Timestamp) -> Result<Timestamp> {
        Ok(self.rules.deadline(rule, from).map_err(|error| anyhow::anyhow!("{rule}: {error}"))?.value)
    }

    /// The school of a case. There is always one: cases are made from schools.
    pub(super) fn school(&self, case: &Case) -> Result<&School> {
        self.world.schools.get(case.school).ok_or_else(|| anyhow::anyhow!("no school {}", case.school))
    }

    /// The category of a case.
    pub(super) fn category(&self, case: &Case) -> Result<&Category> {
        self.rules.categories().get(case.category).ok_or_else(|| anyhow::anyhow!("no category {}", case.code))
    }

    fn happen(&mut self, now: Timestamp, at: usize, step: Step) -> Result<()> {
        if let Step::Report(step) = step {
            return self.report_step(now, at, step);
        }
        let Some(mut case) = self.cases.get(at).cloned() else { return Ok(()) };
        if step == Step::SignStaffing {
            return self.sign_staffing(now);
        }
        if let Step::Tick(generation) = step {
            if generation != case.generation {
                return Ok(());
            }
            if let Some(clock) = case.clock {
                let command = HazardCommand::Tick { clock: clock.name.to_owned() };
                self.sender.send::<Hazard>(Actor::SYSTEM, now, case.id, "tick", command)?;
                self.alarms.ring(&mut case, now);
            }
        } else {
            self.step(now, at, &mut case, step)?;
        }
        self.store(now, at, case, matches!(step, Step::Tick(_)));
        Ok(())
    }

    /// Keeps the case as it is now, and sets the alarm when its clock changed or has just rung.
    fn store(&mut self, now: Timestamp, at: usize, case: Case, rang: bool) {
        let changed = self.cases.get(at).is_none_or(|old| old.generation != case.generation);
        let next = self.alarms.next(&case);
        let generation = case.generation;
        match self.cases.get_mut(at) {
            Some(slot) => *slot = case,
            None => self.cases.push(case),
        }
        if let Some(next) = next
            && (changed || rang)
        {
            self.later(next.max(now.plus_ms(Timestamp::SECOND_MS)), at, Step::Tick(generation));
        }
    }

    fn register(&mut self, found: &Found) -> Result<()> {
        let mut dice = self.dice.fork("hazard", found.number);
        let start = start::Start { world: self.world, data: self.data, rules: self.rules };
        let Some(mut begun) = start.begin(found, self.ids, &mut dice) else { return Ok(()) };
        let at = self.cases.len();
        let (person, source) = (begun.person, begun.source);
        let pair = self.album.pair(&begun.case.code, &mut dice);
        let shown = begun.on_spot || dice.chance(0.78);
        let photos = pair.filter(|_| shown).map(|pair| vec![pair.before.clone()]).unwrap_or_default();
        let fixed = words::filled(dice.word(self.data.notes("fixed")), &begun.case.code, &begun.case.matter);
        let after = pair.map(|pair| vec![pair.after.clone()]).unwrap_or_default();
        let brought = photos.clone();
        let school = self.school(&begun.case)?;
        let told = begun.description.clone();
        let registration = Registration {
            unit: school.id,
            category: begun.case.code.clone(),
            source: source.to_owned(),
            description: begun.description,
            place: begun.case.matter.place.clone(),
            photos,
            position: position(school, &mut dice),
            found_at: None,
            number: None,
            answers: Vec::new(),
            on_the_spot: begun.on_spot.then_some(OnTheSpot {
                note: fixed,
                photos: after,
                answers: hazard::none_met(self.rules, &begun.case.code),
                reused: Vec::new(),
            }),
        };
        let judge = who::judge(school, person, false);
        let actor = self.world.actor(person);
        let case = &mut begun.case;
        let command = HazardCommand::Register(Box::new(registration));
        self.sender.send::<Hazard>(Actor::person(actor), found.at, case.id, "register", command)?;
        if begun.on_spot {
            case.graded = true;
            case.responsible = person;
            case.fixer = person;
            case.judge = judge;
            case.stage = StageCode::AwaitingAcceptance;
            let due = self.due("hazard.acceptance", found.at)?;
            case.run(Some(Running { name: "accept", started: found.at, due }));
        } else {
            let due = self.due("hazard.grade", found.at)?;
            case.run(Some(Running { name: "grade", started: found.at, due }));
        }
        self.plan_next(found.at, at, case)?;
        if source == "public" {
            self.came_of_report(found.at, &begun.case, &told)?;
        }
        self.may_be_reported(found.at, found.number, begun.case.school)?;
        if !begun.on_spot {
            self.may_have_letter(found.at, &begun.case, at, &brought);
        }
        self.store(found.at, at, begun.case, false);
        Ok(())
    }

    /// The administrator hangs a school under another township from that day on.
    fn move_school(&mut self, at: Timestamp) -> Result<()> {
        let world = self.world;
        let Some((school, township)) = world.moving else { return Ok(()) };
        let (Some(school), Some(new), Some(station)) =
            (world.schools.get(school), world.townships.get(township), world.stations.get(township))
        else {
            return Ok(());
        };
        let central = |s: &&School| s.kind == organisation::UnitKind::CentralSchool && s.township == township;
        let central = world.schools.iter().find(central).map_or(world.county, |school| school.id);
        let actor = Actor::person(world.administrators.first().map_or(ActorId::NIL, |who| world.actor(*who)));
        let day = at.local_date();
        for (line, parent) in [(Line::Management, central), (Line::Territory, new.id)] {
            let command = UnitCommand::Place(Placement { line, parent, from: day });
            self.sender.send::<Unit>(actor, at, school.id, "place", command)?;
        }
        if let Some(former) = world.stations.get(school.township) {
            let command = UnitCommand::Unassign(Unassigned { to: former.id, on: day });
            self.sender.send::<Unit>(actor, at, school.id, "unassign", command)?;
        }
        let command = UnitCommand::Assign(Assigned { to: station.id, from: day });
        self.sender.send::<Unit>(actor, at, school.id, "assign", command)?;
        Ok(())
    }
}

/// Where the phone says it is: within some tens of metres of the school.
fn position(school: &School, dice: &mut Dice) -> Option<Position> {
    let metres = 0.000_009;
    dice.chance(0.6).then(|| Position {
        latitude: school.latitude + dice.real(-70.0, 70.0) * metres,
        longitude: school.longitude + dice.real(-70.0, 70.0) * metres,
        accuracy_m: Some((dice.real(4.0, 32.0) * 10.0).round() / 10.0),
    })
}
