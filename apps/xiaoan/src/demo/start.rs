//! How a hazard begins: what it is, who finds it, and what will become of it.

use hazard::{Level, StageCode};
use kernel::{IdSource, Timestamp};
use rules::{Category, RuleBook};

use super::{
    case::{Case, Fate, Judge, Matter},
    data::{Data, MajorCase},
    dice::Dice,
    listing::Listed,
    schedule::Found,
    who, words,
    world::{School, Temper, World},
};

/// Sources with their shares of a hundred.
const SOURCES: [(&str, f64); 10] = [
    ("self", 64.0),
    ("special", 9.5),
    ("supervision", 6.5),
    ("joint", 4.0),
    ("random", 2.0),
    ("third-party", 1.5),
    ("online", 5.0),
    ("public", 4.5),
    ("drill", 2.0),
    ("incident", 1.0),
];
/// The stages at which recent hazards are left standing, in turn.
const STANDING: [StageCode; 7] = [
    StageCode::Registered,
    StageCode::Graded,
    StageCode::Assigned,
    StageCode::Rectifying,
    StageCode::ExtensionAsked,
    StageCode::AwaitingAcceptance,
    StageCode::Accepted,
];

/// A hazard about to be registered.
pub(super) struct Begun {
    pub case: Case,
    pub person: usize,
    pub source: &'static str,
    pub description: String,
    pub on_spot: bool,
}

/// What a beginning leans on.
pub(super) struct Start<'a> {
    pub world: &'a World,
    pub data: &'a Data,
    pub rules: &'a RuleBook,
}

impl Start<'_> {
    /// Begins it.
    pub(super) fn begin(&self, found: &Found, ids: &IdSource, dice: &mut Dice) -> Option<Begun> {
        let category = self.rules.categories().get(found.category)?;
        let school = self.world.schools.get(found.school)?;
        let code = category.code.to_string();
        let (source, person) = self.origin(&code, school, dice);
        let major = self.major(&code, school, dice);
        let level = match (major, dice.chance(0.04)) {
            (Some(_), _) => Level::Major,
            (None, true) => Level::Larger,
            (None, false) => Level::General,
        };
        let stops_at = found.left_standing.and_then(|turn| STANDING.get(turn % STANDING.len()).copied());
        let own = matches!(source, "self" | "special" | "drill");
        let on_spot = own && level == Level::General && stops_at.is_none() && dice.chance(0.33);
        let matter = major.map_or_else(|| words::matter(self.data, category, school, dice), matter_of);
        let description = match major {
            Some(_) => format!("{}{}", matter.place, matter.item),
            None => words::description(self.data, &code, &matter, dice),
        };
        let fate = fate(school, stops_at, level, dice);
        let case = new_case(ids, found, category, level, matter, fate, dice.fork("case", 0));
        Some(Begun { case, person, source, description, on_spot })
    }

    /// One in some of the categories that have such cases, at schools where it can be.
    fn major(&self, code: &str, school: &School, dice: &mut Dice) -> Option<&MajorCase> {
        let possible: Vec<&MajorCase> = self
            .data
            .majors
            .iter()
            .filter(|major| major.category == code && school.pupils > 220 && !school.is_outside())
            .filter(|major| {
                school.boarders > 0 || !(major.place.contains("宿舍") || major.place.contains("周转房"))
            })
            .filter(|major| school.cooks() || !(major.place.contains("食堂") || major.place.contains("锅炉")))
            .filter(|major| school.is_secondary() || !major.place.contains("综合楼"))
            .collect();
        if possible.is_empty() || !dice.chance(0.022) {
            return None;
        }
        dice.pick(&possible).copied()
    }

    /// Where it comes from, and who registers it.
    fn origin(&self, code: &str, school: &School, dice: &mut Dice) -> (&'static str, usize) {
        let world = self.world;
        let weights = SOURCES.map(|(_, weight)| weight);
        let source = SOURCES.get(dice.weighted(&weights)).map_or("self", |(source, _)| *source);
        let person = match source {
            "supervision" => school.inspector,
            "random" | "online" => who::county(world, dice),
            "public" if dice.chance(0.5) => who::county(world, dice),
            "joint" => {
                let police = world.police.get(school.township + 1).copied();
                let township = world.township_officers.get(school.township).copied();
                let near = if matches!(code, "H04" | "H11" | "H12") { police } else { township };
                // The school that moves changes its township and its police station.
                let moves = world
                    .moving
                    .is_some_and(|(at, _)| world.schools.get(at).is_some_and(|s| s.id == school.id));
                near.filter(|_| !moves).unwrap_or_else(|| who::county(world, dice))
            }
            "self" => finder(code, school, dice),
            _ => school.staff.officer,
        };
        (source, person)
    }
}

/// Who finds it on his round.
fn finder(code: &str, school: &School, dice: &mut Dice) -> usize {
    let staff = &school.staff;
    let near = match code {
        "H03" => &staff.cooks,
        "H10" => &staff.wardens,
        "H04" | "H11" | "H12" | "H14" => &staff.guards,
        _ => &staff.teachers,
    };
    let group = match dice.weighted(&[30.0, 18.0, 22.0, 22.0, 8.0]) {
        0 => near,
        1 => &staff.guards,
        2 => &staff.teachers,
        3 => return staff.officer,
        _ => return staff.head,
    };
    dice.pick(group).copied().unwrap_or(staff.officer)
}

fn matter_of(major: &MajorCase) -> Matter {
    Matter {
        item: major.text.clone(),
        place: major.place.clone(),
        measures: "停用相关区域，由有资质的单位按方案施工，第三方检测合格后恢复使用".to_owned(),
        done: major.done.clone(),
        guide_item: major.item.clone(),
    }
}

fn fate(school: &School, stops_at: Option<StageCode>, level: Level, dice: &mut Dice) -> Fate {
    let standing = stops_at.is_some();
    let slow = school.temper == Temper::Slow;
    let major = level == Level::Major;
    let mut often = |share: f64| dice.chance(share);
    Fate {
        on_time: often(school.temper.punctual()),
        withdrawn: often(0.018) && !standing && !major,
        corrected: often(0.02),
        help: often(if level == Level::General { 0.012 } else { 0.12 }),
        extension: (often(if slow { 0.10 } else { 0.05 }) && !standing)
            || stops_at == Some(StageCode::ExtensionAsked),
        returned: often(if slow { 0.14 } else { 0.055 }) && !standing,
        recurs: often(if slow { 0.07 } else { 0.025 }),
        stops_at,
    }
}

fn new_case(
    ids: &IdSource,
    found: &Found,
    category: &Category,
    level: Level,
    matter: Matter,
    fate: Fate,
    dice: Dice,
) -> Case {
    Case {
        id: ids.uuid(found.at).into(),
        school: found.school,
        category: found.category,
        code: category.code.to_string(),
        level,
        stage: StageCode::Registered,
        matter,
        fate,
        dice,
        clock: None,
        generation: 0,
        mark: 0,
        climbed: None,
        climb_at: None,
        graded: false,
        since: found.at,
        due: found.at,
        counted_from: found.at,
        late: false,
        responsible: 0,
        fixer: 0,
        fixed_on_time: true,
        asker: 0,
        until: Timestamp(0),
        judge: Judge::School,
        help_asked: false,
        help_promised: false,
        returns: 0,
        extensions: 0,
        listed: Listed::No,
    }
}
