//! The county that is measured: schools with two people each, and hazards written through journal and save.

use access::{Account, AccountCommand, Role};
use anyhow::{Result, anyhow};
use hazard::{Hazard, HazardCommand, OnTheSpot, Photo, Registration};
use journal::{Outcome, UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, PersonId, Problem, StreamId, Timestamp, UnitId};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use rand::{RngExt, SeedableRng, rngs::ChaCha12Rng};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot::Receiver;

use super::Plan;
use crate::platform::Platform;

/// Answers that may be outstanding while loading.
const OUTSTANDING: usize = 2_000;

/// A school and two of its people: what one fixes, the other accepts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct School {
    pub unit: UnitId,
    pub officer: ActorId,
    pub officer_person: PersonId,
    pub head: ActorId,
}

/// What was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct County {
    pub county: UnitId,
    pub office: ActorId,
    pub schools: Vec<School>,
    pub sample: Vec<StreamId>,
}

/// Words that descriptions are made of; searches look for some of them, and for others that occur nowhere.
pub(super) const THINGS: [&str; 12] = [
    "灭火器压力不足",
    "疏散通道堆放杂物",
    "应急照明损坏",
    "楼梯扶手松动",
    "电线裸露",
    "食堂留样不足",
    "围墙裂缝",
    "宿舍窗户护栏锈蚀",
    "操场篮球架倾斜",
    "门卫登记不全",
    "实验室药品未上锁",
    "井盖破损",
];
const PLACES: [&str; 8] =
    ["教学楼一楼", "教学楼二楼东侧", "学生宿舍", "食堂后厨", "操场北侧", "实验楼", "大门口", "综合楼三楼"];
const CATEGORIES: [&str; 8] = ["H01", "H02", "H03", "H06", "H08", "H09", "H10", "H11"];

pub(super) fn make(platform: &Platform, plan: &Plan, say: &dyn Fn(&str)) -> Result<County> {
    let start = platform.clock.now().plus_ms(-400 * Timestamp::DAY_MS);
    let mut maker = Maker {
        platform,
        at: start,
        rng: ChaCha12Rng::seed_from_u64(plan.seed),
        waiting: std::collections::VecDeque::new(),
    };
    // As `init` founds it: what lies above the county costs its office nothing.
    let province = maker.unit("53", "云南省教育厅", UnitKind::Province, None)?;
    let city = maker.unit("5303", "曲靖市教育体育局", UnitKind::City, Some(province))?;
    let county = maker.unit("530323", "师宗县教育体育局", UnitKind::County, Some(city))?;
    let (office, _) = maker.somebody(county, "office", Post::CountySafety, Role::CountySafetyOffice)?;
    let mut schools = Vec::with_capacity(plan.schools);
    for number in 0..plan.schools {
        let code = format!("2153{:06}", 900_000 + number);
        let unit = maker.unit(&code, &format!("第{number}示例小学"), UnitKind::Primary, Some(county))?;
        let (officer, officer_person) =
            maker.somebody(unit, &format!("o{number:04}"), Post::SafetyOfficer, Role::SafetyOfficer)?;
        let (head, _) = maker.somebody(unit, &format!("h{number:04}"), Post::Head, Role::Head)?;
        schools.push(School { unit, officer, officer_person, head });
    }
    let mut sample = Vec::new();
    let step = 390 * Timestamp::DAY_MS / i64::try_from(plan.hazards.max(1))?;
    for number in 0..plan.hazards {
        maker.at = maker.at.plus_ms(step);
        let at = maker.rng.random_range(0..schools.len());
        let Some(school) = schools.get(at) else { continue };
        let id = maker.hazard(school, number)?;
        if number % (plan.hazards / 500).max(1) == 0 {
            sample.push(id);
        }
        if number % 100_000 == 99_999 {
            say(&format!("{} hazards", number + 1));
        }
    }
    maker.settle(0)?;
    Ok(County { county, office, schools, sample })
}

struct Maker<'p> {
    platform: &'p Platform,
    at: Timestamp,
    rng: ChaCha12Rng,
    waiting: std::collections::VecDeque<Receiver<Result<Outcome, Problem>>>,
}

impl Maker<'_> {
    fn send(&mut self, actor: Actor, fill: impl FnOnce(UnitOfWork) -> UnitOfWork) -> Result<()> {
        let work = UnitOfWork::new(actor, self.platform.ids.uuid(self.at).into()).told_at(self.at);
        let receiver = self.platform.handle.send(WorkLane::Bulk, fill(work)).map_err(|e| anyhow!("{e}"))?;
        self.waiting.push_back(receiver);
        self.settle(OUTSTANDING)
    }

    /// Hears answers until at most `most` are outstanding.
    fn settle(&mut self, most: usize) -> Result<()> {
        while self.waiting.len() > most {
            if let Some(receiver) = self.waiting.pop_front() {
                receiver
                    .blocking_recv()?
                    .map_err(|e| anyhow!("the bench asked for something refused: {e:?}"))?;
            }
        }
        Ok(())
    }

    fn unit(&mut self, code: &str, name: &str, kind: UnitKind, parent: Option<UnitId>) -> Result<UnitId> {
        let id = UnitId(self.platform.ids.uuid(self.at));
        let from = self.at.local_date();
        let placements = [Line::Management, Line::Territory]
            .into_iter()
            .filter_map(|line| parent.map(|parent| Placement { line, parent, from }))
            .collect();
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes { pupils: Some(400), staff: Some(30), ..Attributes::default() },
            placements,
            code_exception: None,
        };
        self.send(Actor::SYSTEM, |work| work.ask::<Unit>(id, UnitCommand::Create(created)))?;
        Ok(id)
    }

    fn somebody(&mut self, unit: UnitId, login: &str, post: Post, role: Role) -> Result<(ActorId, PersonId)> {
        let person = PersonId(self.platform.ids.uuid(self.at));
        let account = ActorId(self.platform.ids.uuid(self.at));
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        let enter = PersonCommand::Enter { unit, contact, posts: vec![post] };
        self.send(Actor::SYSTEM, |work| work.ask::<Person>(person, enter))?;
        let open = AccountCommand::Open { person, login: format!("bench.{login}"), home: unit };
        self.send(Actor::SYSTEM, |work| work.ask::<Account>(account, open))?;
        self.send(Actor::SYSTEM, |work| work.ask::<Account>(account, AccountCommand::Grant { role, unit }))?;
        let agree = AccountCommand::AgreeToNotice { version: administration::pages::NOTICE_VERSION };
        self.send(Actor::person(account), |work| work.ask::<Account>(account, agree))?;
        Ok((account, person))
    }

    /// Four of five are fixed on the spot, accepted and closed; one of five stays open on its way.
    fn hazard(&mut self, school: &School, number: usize) -> Result<StreamId> {
        let id = StreamId(self.platform.ids.uuid(self.at));
        let spot = !number.is_multiple_of(5);
        let mut registration = registration(school.unit, &mut self.rng, spot);
        if !spot && registration.category == "H01" {
            // Grading asks thirteen questions there; the bench does not answer them.
            registration.category = "H09".to_owned();
        }
        let officer = Actor::person(school.officer);
        self.send(officer, |work| work.ask::<Hazard>(id, HazardCommand::Register(Box::new(registration))))?;
        if spot {
            self.send(Actor::person(school.head), |work| {
                work.ask::<Hazard>(id, HazardCommand::Accept { on_site: true, note: Default::default() })
                    .ask::<Hazard>(id, HazardCommand::Close(Default::default()))
            })?;
        } else {
            let person = school.officer_person;
            self.send(officer, |work| {
                work.ask::<Hazard>(id, super::commands::grade()).ask::<Hazard>(
                    id,
                    HazardCommand::Assign { responsible: person, note: Default::default() },
                )
            })?;
        }
        Ok(id)
    }
}

/// A new hazard with believable words.
pub(super) fn registration(unit: UnitId, rng: &mut ChaCha12Rng, spot: bool) -> Registration {
    let mut pick = |from: &'static [&'static str]| -> &'static str {
        from.get(rng.random_range(0..from.len())).copied().unwrap_or_default()
    };
    let (category, thing, place) = (pick(&CATEGORIES), pick(&THINGS), pick(&PLACES));
    Registration {
        unit,
        // The guide asks nothing about it, so nothing has to be answered on the spot.
        category: if spot { "H09" } else { category }.to_owned(),
        source: "self".to_owned(),
        description: format!("{thing}，需要处理"),
        place: place.to_owned(),
        photos: vec![Photo("a".repeat(64))],
        position: None,
        found_at: None,
        number: None,
        answers: Vec::new(),
        on_the_spot: spot.then(|| OnTheSpot { photos: vec![Photo("b".repeat(64))], ..OnTheSpot::default() }),
    }
}
