//! Guards in the year that is told: near its end every school has brought its roster up to date, most heads have declared
//! and most kits were looked at; one school stands at two places; the county signs one report of what is lacking. Companies
//! and numbers are nobody's.

use anyhow::Result;
use guards::{
    Condition, DeclarationDraft, Gate, GateCommand, KitDraft, PieceFound, Report, ReportCommand, ReportDraft,
    gate_of,
};
use hazard::Note;
use jiff::ToSpan as _;
use journal::UnitOfWork;
use kernel::{Actor, Coded, Date, StreamId, Timestamp};
use organisation::{
    Campus, Employer, GuardFacts, GuardPapers, GuardRecord, GuardText, Person, PersonCommand, Shift, Unit,
    UnitCommand, UnitKind,
};

use super::{
    dice::Dice,
    history::{History, Step},
    world::School,
};

/// Days before the end on which the rosters are brought up to date.
const DAYS: i64 = 9;
/// The hour of that day, and that of the signature.
const HOURS: (i64, i64) = (8, 10);
const COMPANY: &str = "平安保安服务有限公司（演示）";
const LICENCE: &str = "演保字第001号";

fn days_from(day: Date, days: i64) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

impl History<'_> {
    /// When the rosters are brought up to date.
    pub(super) fn staffing_begins(&self) -> Timestamp {
        self.end.plus_ms(-DAYS * Timestamp::DAY_MS + HOURS.0 * Timestamp::HOUR_MS)
    }

    /// Rosters, declarations, kits, and the draft of the report.
    pub(super) fn tell_staffing(&mut self) -> Result<()> {
        let now = self.staffing_begins();
        let world = self.world;
        let divided = world.schools.iter().position(|school| school.kind == UnitKind::Complete);
        for (number, school) in world.schools.iter().enumerate() {
            if matches!(school.kind, UnitKind::Training | UnitKind::ActivityVenue) {
                continue;
            }
            let mut dice = self.dice.fork("staffing", u64::try_from(number).unwrap_or(0));
            let campuses = if divided == Some(number) { self.divide(now, school)? } else { vec![0] };
            self.keep_roster(now, school, &campuses, &mut dice)?;
            for campus in campuses {
                self.declare(now, school, campus, &mut dice)?;
                self.look_at_kit(now, school, campus, &mut dice)?;
            }
        }
        let (Some(office), id) = (world.office.first(), StreamId(self.ids.uuid(now))) else { return Ok(()) };
        let draft = ReportDraft {
            county: world.county,
            addressee: "师宗县人民政府".to_owned(),
            request: "恳请县人民政府统筹财政、人力资源、公安等部门，按缺口核定岗位和经费，补齐各校（园）专职保安员。"
                .to_owned(),
        };
        let work = UnitOfWork::new(Actor::person(world.actor(*office)), self.ids.uuid(now).into())
            .ask::<Report>(id, ReportCommand::Draft(draft))
            .ask::<Report>(id, ReportCommand::Submit);
        self.sender.send_work(work, now, id, "guard report")?;
        self.report = Some(id);
        let next_day = (24 + HOURS.1 - HOURS.0) * Timestamp::HOUR_MS;
        self.later(now.plus_ms(next_day), 0, Step::SignStaffing);
        Ok(())
    }

    pub(super) fn sign_staffing(&mut self, now: Timestamp) -> Result<()> {
        let (Some(id), Some(leader)) = (self.report, self.world.leaders.first()) else { return Ok(()) };
        let sign =
            ReportCommand::Sign { passed: true, document_number: String::new(), note: Note::default() };
        self.sender.send::<Report>(Actor::person(self.world.actor(*leader)), now, id, "sign report", sign)
    }

    /// A school at two places.
    fn divide(&mut self, now: Timestamp, school: &School) -> Result<Vec<u16>> {
        let part = |heads: u32, first: bool| if first { heads * 2 / 3 } else { heads - heads * 2 / 3 };
        let campus = |name: &str, first: bool| Campus {
            number: 0,
            name: name.to_owned(),
            pupils: Some(part(school.pupils, first)),
            boarders: Some(part(school.boarders, first)),
            staff: Some(part(school.staff_count, first)),
        };
        let command = UnitCommand::Campuses(vec![campus("本部", true), campus("新校区", false)]);
        let head = Actor::person(self.world.actor(school.staff.head));
        self.sender.send::<Unit>(head, now, school.id, "campuses", command)?;
        Ok(vec![1, 2])
    }

    fn keep_roster(
        &mut self,
        now: Timestamp,
        school: &School,
        campuses: &[u16],
        dice: &mut Dice,
    ) -> Result<()> {
        let keeper = Actor::person(self.world.actor(school.staff.officer));
        for (nth, guard) in school.staff.guards.iter().enumerate() {
            let Some(person) = self.world.people.get(*guard) else { continue };
            let campus = campuses.get(nth % campuses.len().max(1)).copied().filter(|number| *number > 0);
            let record = GuardRecord { facts: facts(now.local_date(), campus, dice), ..papers(nth, dice) };
            let place = record.text.place.clone();
            let own = || GuardText { place, ..GuardText::default() };
            let record = GuardRecord {
                text: if record.facts.employer == Employer::Company { record.text } else { own() },
                papers: if record.facts.certified { record.papers } else { GuardPapers::default() },
                facts: record.facts,
            };
            let command = PersonCommand::Guard(Box::new(record));
            self.sender.send::<Person>(keeper, now, person.id, "guard", command)?;
        }
        Ok(())
    }

    /// Most heads declare as many as they have, whatever their papers say.
    fn declare(&mut self, now: Timestamp, school: &School, campus: u16, dice: &mut Dice) -> Result<()> {
        if dice.chance(0.15) {
            return Ok(());
        }
        let all = u32::try_from(school.staff.guards.len()).unwrap_or(0);
        let more = u32::from(dice.chance(0.2));
        let full_time = if campus == 0 { all } else { all.div_ceil(2) } + more;
        let on = Some(now.local_date());
        let draft = DeclarationDraft { campus, full_time, on, ..DeclarationDraft::default() };
        let head = Actor::person(self.world.actor(school.staff.head));
        let command = GateCommand::Declare { unit: school.id, draft };
        self.sender.send::<Gate>(head, now, gate_of(school.id), "declare", command)
    }

    fn look_at_kit(&mut self, now: Timestamp, school: &School, campus: u16, dice: &mut Dice) -> Result<()> {
        if dice.chance(0.25) {
            return Ok(());
        }
        let today = now.local_date();
        let mut found = |piece: &rules::KitPiece| {
            let condition = match dice.weighted(&[90.0, 4.0, 6.0]) {
                0 => Condition::Good,
                1 => Condition::Broken,
                _ => Condition::Missing,
            };
            let last = days_from(today, dice.between(-20, 700));
            PieceFound {
                piece: piece.id.to_string(),
                condition: Coded::Known(condition),
                amount: u32::try_from(dice.between(1, 3)).unwrap_or(1),
                expires: last.filter(|_| piece.expires),
            }
        };
        let pieces = self.rules.kit().iter().filter(|piece| piece.needed).map(&mut found).collect();
        let who = school.staff.guards.first().copied().unwrap_or(school.staff.officer);
        let draft = KitDraft { campus, pieces, remark: String::new() };
        let command = GateCommand::CheckKit { unit: school.id, draft };
        self.sender.send::<Gate>(
            Actor::person(self.world.actor(who)),
            now,
            gate_of(school.id),
            "kit",
            command,
        )
    }
}

/// Most papers hold, some are about to run out, some have.
fn facts(today: Date, campus: Option<u16>, dice: &mut Dice) -> GuardFacts {
    let mut ago = |least: i64, most: i64| days_from(today, -dice.between(least, most));
    let (since, issued) = (ago(60, 1_500), ago(400, 1_800));
    let (background, health, trained) = (ago(20, 380), ago(10, 390), ago(5, 380));
    let left = days_from(today, dice.between(-30, 900));
    let certified = dice.chance(0.93);
    let company = dice.chance(0.4);
    let shifts = [Shift::Early, Shift::Late, Shift::Night, Shift::Rotating];
    GuardFacts {
        certified,
        full_time: dice.chance(0.92),
        employer: if company { Employer::Company } else { Employer::School },
        since,
        until: None,
        certified_on: issued.filter(|_| certified),
        certified_until: left.filter(|_| certified),
        background_on: background.filter(|_| dice.chance(0.94)),
        health_on: health,
        health_until: None,
        trained_on: trained,
        training_hours: u16::try_from(dice.between(8, 40)).ok(),
        filed_on: since.filter(|_| !company),
        campus,
        shift: dice.pick(&shifts).copied().map(Coded::Known),
    }
}

fn papers(nth: usize, dice: &mut Dice) -> GuardRecord {
    let place = if nth == 0 { "校门岗" } else { "校内巡逻岗" };
    GuardRecord {
        facts: GuardFacts::default(),
        text: GuardText { company: COMPANY.to_owned(), licence: LICENCE.to_owned(), place: place.to_owned() },
        papers: GuardPapers { certificate: format!("演{:06}", dice.between(1, 999_999)), born: None },
    }
}
