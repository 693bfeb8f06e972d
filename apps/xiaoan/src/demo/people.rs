//! The people: everybody with a post acts, so everybody has an account.

use kernel::{ActorId, IdSource, Timestamp, UnitId};
use organisation::{Contact, Post, UnitKind};

use super::{
    codes,
    data::Data,
    dice::Dice,
    world::{School, Someone, Staff, World},
};

/// Schools one inspector answers for.
const SCHOOLS_PER_INSPECTOR: usize = 9;

/// Enters people one after another.
struct Hiring<'a> {
    people: &'a mut Vec<Someone>,
    data: &'a Data,
    ids: &'a IdSource,
    at: Timestamp,
    dice: Dice,
}

impl Hiring<'_> {
    fn contact(&mut self) -> Contact {
        let names = &self.data.names;
        let mut name = self.dice.word(&names.surnames).to_owned();
        if self.dice.chance(0.78) {
            name.push_str(self.dice.word(&names.first));
        }
        name.push_str(self.dice.word(&names.second));
        // 1990000xxxx: a series of zeros that nobody was given.
        let phone = format!("1990000{:04}", self.people.len() + 1);
        Contact { name, phone, identity: String::new() }
    }

    fn hire(&mut self, unit: (UnitId, &str), posts: &[Post], roles: &[&'static str], login: String) -> usize {
        let mut contact = self.contact();
        if posts.contains(&Post::Guard) {
            let (year, month, day) =
                (self.dice.between(1968, 1998), self.dice.between(1, 12), self.dice.between(1, 28));
            let serial = u32::try_from(self.dice.between(10, 99)).unwrap_or(10);
            contact.identity = codes::identity(year, month, day, serial);
        }
        self.people.push(Someone {
            id: self.ids.uuid(self.at).into(),
            unit: unit.0,
            unit_name: unit.1.to_owned(),
            contact,
            posts: posts.to_vec(),
            roles: roles.iter().map(|role| (*role, unit.0)).collect(),
            login,
            show: None,
            actor: ActorId::NIL,
        });
        self.people.len() - 1
    }
}

/// Plans everybody: offices first.
pub(super) fn plan(world: &mut World, data: &Data, ids: &IdSource, at: Timestamp, dice: &Dice) {
    let mut people = std::mem::take(&mut world.people);
    let mut hiring = Hiring { people: &mut people, data, ids, at, dice: dice.fork("people", 0) };
    offices(world, &mut hiring);
    let shown = shown_schools(world);
    for at in 0..world.schools.len() {
        let Some(school) = world.schools.get(at) else { continue };
        let staff = staff_of(school, at, world.lonely == Some(at), &mut hiring);
        if let Some(school) = world.schools.get_mut(at) {
            school.staff = staff;
        }
    }
    show(world, shown, hiring.people);
    assign_inspectors(world, hiring.people);
    world.people = people;
}

fn offices(world: &mut World, hiring: &mut Hiring<'_>) {
    let county = (world.county, "师宗县教育体育局");
    for (role, login) in [
        ("system_administrator", "system"),
        ("security_administrator", "security"),
        ("audit_administrator", "audit"),
    ] {
        let who = hiring.hire(county, &[Post::Administrator], &[role], login.to_owned());
        world.administrators.push(who);
    }
    for login in ["county", "county-2", "county-3"] {
        let who = hiring.hire(county, &[Post::CountySafety], &["county_safety_office"], login.to_owned());
        world.office.push(who);
    }
    for login in ["leader", "leader-2"] {
        let who = hiring.hire(county, &[Post::CountyLeader], &["county_leader"], login.to_owned());
        world.leaders.push(who);
    }
    let city = (world.city, "曲靖市教育体育局");
    hiring.hire(city, &[Post::CountySafety], &["city_supervisor"], "city".to_owned());
    let province = (world.province, "云南省教育厅");
    hiring.hire(province, &[Post::CountySafety], &["province_supervisor"], "province".to_owned());
    for (number, office) in (1..).zip(&world.departments) {
        let login = if number == 1 { "department".to_owned() } else { format!("department-{number}") };
        let who = hiring.hire((office.id, &office.name), &[Post::Liaison], &["department_liaison"], login);
        if number == 1 {
            world.police.push(who);
        }
    }
    for (number, office) in (1..).zip(&world.townships) {
        let login = if number == 7 { "township".to_owned() } else { format!("township-{number}") };
        let unit = (office.id, office.name.as_str());
        world.township_officers.push(hiring.hire(
            unit,
            &[Post::TownshipOfficer],
            &["township_officer"],
            login,
        ));
    }
    for (number, office) in (1..).zip(&world.stations) {
        let unit = (office.id, office.name.as_str());
        world.police.push(hiring.hire(
            unit,
            &[Post::Liaison],
            &["department_liaison"],
            format!("police-{number}"),
        ));
    }
    let Some(room) = world.departments.last().cloned() else { return };
    for number in 1..=world.schools.len().div_ceil(SCHOOLS_PER_INSPECTOR) {
        let login = if number == 1 { "inspector".to_owned() } else { format!("inspector-{number}") };
        world.inspectors.push(hiring.hire((room.id, &room.name), &[Post::Inspector], &[], login));
    }
}

/// How many of each post a school of some size has.
#[derive(Default)]
struct Posts {
    secretary: bool,
    vice: bool,
    affairs: bool,
    teachers: usize,
    wardens: usize,
    guards: usize,
    cooks: usize,
}

fn posts_of(school: &School) -> Posts {
    let big = school.pupils > 300;
    let cooks = usize::from(school.cooks());
    let wardens = usize::from(school.boarders > 0);
    if school.is_secondary() {
        let guards = if school.boarders > 1_000 { 4 } else { 3 };
        return Posts {
            secretary: true,
            vice: true,
            affairs: true,
            teachers: 3,
            wardens: wardens * 2,
            guards,
            cooks: cooks * 2,
        };
    }
    match school.kind {
        UnitKind::CentralSchool => Posts { vice: true, teachers: 1, ..Posts::default() },
        UnitKind::Training | UnitKind::ActivityVenue => {
            Posts { teachers: 1, guards: usize::from(school.pupils > 100), ..Posts::default() }
        }
        _ => Posts {
            secretary: big && school.kind == UnitKind::Primary,
            vice: big,
            affairs: big,
            teachers: if big { 3 } else { 2 },
            wardens,
            guards: if big { 2 } else { 1 },
            cooks,
        },
    }
}

fn staff_of(school: &School, number: usize, lonely: bool, hiring: &mut Hiring<'_>) -> Staff {
    let unit = (school.id, school.name.as_str());
    let login = |post: &str| format!("s{:03}-{post}", number + 1);
    if school.kind == UnitKind::TeachingPoint {
        let head = hiring.hire(unit, &[Post::Head, Post::SafetyOfficer], &["head"], login("head"));
        let others = if lonely { 0 } else { usize::try_from(school.staff_count).unwrap_or(2) - 1 };
        let teacher = |n| hiring.hire(unit, &[Post::Teacher], &["teacher"], login(&format!("teacher{n}")));
        return Staff {
            head,
            officer: head,
            teachers: (1..=others).map(teacher).collect(),
            ..Staff::default()
        };
    }
    let central: &[&'static str] =
        if school.kind == UnitKind::CentralSchool { &["central_school"] } else { &[] };
    let roles = |own: &'static str| [central, &[own]].concat();
    let wanted = posts_of(school);
    let head = hiring.hire(unit, &[Post::Head], &roles("head"), login("head"));
    let safety =
        if wanted.vice { vec![Post::SafetyOfficer] } else { vec![Post::SafetyOfficer, Post::MoralEducation] };
    let officer = hiring.hire(unit, &safety, &roles("safety_officer"), login("safety"));
    let mut one = |wanted: bool, post: Post, role: &'static str, name: &str| {
        wanted.then(|| hiring.hire(unit, &[post], &[role], login(name)))
    };
    let secretary = one(wanted.secretary, Post::Secretary, "head", "secretary");
    let vice = one(wanted.vice, Post::SafetyViceHead, "safety_officer", "vice");
    let affairs = one(wanted.affairs, Post::GeneralAffairs, "teacher", "affairs");
    let mut many = |count: usize, post: Post, role: &'static str, name: &str| -> Vec<usize> {
        (1..=count).map(|n| hiring.hire(unit, &[post], &[role], login(&format!("{name}{n}")))).collect()
    };
    Staff {
        head,
        secretary,
        vice,
        officer,
        affairs,
        teachers: many(wanted.teachers, Post::ClassTeacher, "teacher", "teacher"),
        wardens: many(wanted.wardens, Post::DormWarden, "teacher", "warden"),
        guards: many(wanted.guards, Post::Guard, "guard", "guard"),
        cooks: many(wanted.cooks, Post::Cook, "guard", "cook"),
    }
}

/// Where the visitor signs in: a boarding junior school, and the central school of the same township.
fn shown_schools(world: &World) -> (Option<usize>, Option<usize>) {
    let junior = |s: &School| s.kind == UnitKind::Junior && s.township == 6;
    let central = |s: &School| s.kind == UnitKind::CentralSchool && s.township == 6;
    (world.schools.iter().position(junior), world.schools.iter().position(central))
}

fn show(world: &World, (junior, central): (Option<usize>, Option<usize>), people: &mut [Someone]) {
    let mut put = |who: Option<usize>, login: Option<&str>, label: &'static str| {
        if let Some(someone) = who.and_then(|at| people.get_mut(at)) {
            someone.show = Some(label);
            if let Some(login) = login {
                login.clone_into(&mut someone.login);
            }
        }
    };
    for (who, label) in world.administrators.iter().zip(["系统管理员", "安全管理员", "审计管理员"])
    {
        put(Some(*who), None, label);
    }
    put(world.office.first().copied(), None, "县安全股");
    // Nobody reviews what he drafted himself.
    put(world.office.get(1).copied(), None, "县安全股（审核）");
    put(world.leaders.first().copied(), None, "局领导");
    // City and province were hired right after the leaders.
    let last = world.leaders.last().copied();
    put(last.map(|at| at + 1), None, "市级监管");
    put(last.map(|at| at + 2), None, "省级监管");
    put(world.police.first().copied(), None, "部门联络员");
    put(world.township_officers.get(6).copied(), None, "乡镇专干");
    put(world.inspectors.first().copied(), None, "责任督学");
    if let Some(school) = central.and_then(|at| world.schools.get(at)) {
        put(Some(school.staff.head), Some("central"), "中心学校");
    }
    if let Some(school) = junior.and_then(|at| world.schools.get(at)) {
        put(Some(school.staff.head), Some("head"), "校长");
        put(Some(school.staff.officer), Some("safety"), "安全专干");
        put(school.staff.teachers.first().copied(), Some("teacher"), "教师");
        put(school.staff.guards.first().copied(), Some("guard"), "保安");
    }
}

/// Each inspector answers for some schools, and has a grant at each of them.
fn assign_inspectors(world: &mut World, people: &mut [Someone]) {
    for (at, school) in world.schools.iter_mut().enumerate() {
        // The first inspector's schools are all over the county, so that the visitor sees different ones.
        let number = at % world.inspectors.len().max(1);
        if let Some(inspector) = world.inspectors.get(number).copied() {
            school.inspector = inspector;
            if let Some(someone) = people.get_mut(inspector) {
                someone.roles.push(("responsible_inspector", school.id));
            }
        }
    }
}
