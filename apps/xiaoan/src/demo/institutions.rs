//! About two hundred schools, none of which exists: their names are taken from the twenty-eight mansions and the old
//! star names.

use kernel::UnitId;
use organisation::{Attributes, CanteenMode, Line, NewUnit, UnitKind, identifiers::local_code};

use super::{
    codes,
    county::Founder,
    data::{Data, SchoolRow, TownshipRow},
    dice::Dice,
    world::{Office, Planned, School, Staff, Temper, World},
};

/// The real extent of Shizong, with a margin inside.
const EXTENT: (f64, f64, f64, f64) = (24.56, 25.14, 103.71, 104.54);
/// Why a code that fails its check was taken.
const EXCEPTION: &str = "营业执照原件即为此代码，校验位不符，已向登记机关核对";

/// What is to be planned.
struct Draft {
    kind: UnitKind,
    name: String,
    township: usize,
    central: Option<usize>,
    private: bool,
    pupils: u32,
    boarders: u32,
    classes: u32,
}

/// Plans the schools of every township, then those listed by name.
pub(super) fn plan(world: &mut World, data: &Data, founder: &mut Founder<'_>, dice: &mut Dice) {
    let mut stars = data.names.stars.iter();
    for (at, row) in data.townships.iter().enumerate() {
        let label = label(row);
        let central = world.schools.len();
        let name = format!("{label}轸宿中心学校");
        let draft = Draft { kind: UnitKind::CentralSchool, ..Draft::new(at, name) };
        add(world, row, founder, dice, draft);
        let village = |number: u32| {
            let at = usize::try_from(number).unwrap_or(0);
            format!("{label}{}{}", data.names.mansions.get(at).map_or("", String::as_str), row.suffix)
        };
        for number in 0..row.primaries {
            let draft = primary(at, central, format!("{}小学", village(number)), number, row, dice);
            add(world, row, founder, dice, draft);
        }
        for number in 0..row.kindergartens {
            let private = number + row.private >= row.kindergartens;
            let name = match if private { stars.next() } else { None } {
                Some(star) => format!("{label}{star}幼儿园"),
                None => format!("{}幼儿园", village(number)),
            };
            let draft = kindergarten(at, central, name, private, row, dice);
            add(world, row, founder, dice, draft);
        }
        for number in 0..row.points {
            let name = format!("{}教学点", village(row.primaries + number));
            let pupils = count(dice.between(12, 46));
            let draft = Draft {
                kind: UnitKind::TeachingPoint,
                central: Some(central),
                pupils,
                classes: 1 + pupils / 16,
                ..Draft::new(at, name)
            };
            add(world, row, founder, dice, draft);
        }
    }
    for listed in &data.schools {
        let at = data.townships.iter().position(|row| row.code == listed.township).unwrap_or(0);
        if let Some(row) = data.townships.get(at) {
            let draft = Draft::listed(at, listed);
            add(world, row, founder, dice, draft);
        }
    }
    special(world);
}

impl Draft {
    fn new(township: usize, name: String) -> Self {
        Self {
            kind: UnitKind::Primary,
            name,
            township,
            central: None,
            private: false,
            pupils: 0,
            boarders: 0,
            classes: 0,
        }
    }

    fn listed(township: usize, row: &SchoolRow) -> Self {
        let kind = UnitKind::named(&row.kind).unwrap_or(UnitKind::Junior);
        let private = kind == UnitKind::Training || row.name.contains("托管") || row.name.contains("明堂星");
        Self {
            kind,
            private,
            pupils: row.pupils,
            boarders: row.boarders,
            classes: row.classes,
            ..Self::new(township, row.name.clone())
        }
    }
}

fn label(row: &TownshipRow) -> String {
    let level = if row.name.ends_with("街道") {
        "街道"
    } else if row.name.ends_with('镇') {
        "镇"
    } else {
        "乡"
    };
    format!("{}{level}", row.short)
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

fn primary(
    at: usize,
    central: usize,
    name: String,
    number: u32,
    row: &TownshipRow,
    dice: &mut Dice,
) -> Draft {
    let base = row.size * 10 / 3;
    let pupils = match number {
        0 => dice.between(base * 2, base * 5 / 2),
        1 => dice.between(base * 3 / 2, base * 2),
        _ => dice.between(base / 2, base * 11 / 10),
    };
    let rural = row.size < 120;
    let boarders = if rural && number < 3 { pupils * dice.between(15, 38) / 100 } else { 0 };
    let classes = 6.max(count(pupils / 40));
    Draft {
        central: Some(central),
        pupils: count(pupils),
        boarders: count(boarders),
        classes,
        ..Draft::new(at, name)
    }
}

fn kindergarten(
    at: usize,
    central: usize,
    name: String,
    private: bool,
    row: &TownshipRow,
    dice: &mut Dice,
) -> Draft {
    let pupils = dice.between(row.size, row.size * 21 / 10);
    // Private ones of the county seat are run by nobody but the county.
    let direct = private && row.size > 120;
    Draft {
        kind: UnitKind::Kindergarten,
        central: (!direct).then_some(central),
        private,
        pupils: count(pupils),
        classes: 3.max(count(pupils / 28)),
        ..Draft::new(at, name)
    }
}

/// A school code, a social credit code or a local one.
fn code(draft: &Draft, founder: &mut Founder<'_>) -> String {
    let serial = founder.next();
    match draft.kind {
        UnitKind::Kindergarten => codes::school("11", serial),
        UnitKind::Primary => codes::school("21", serial),
        UnitKind::Junior | UnitKind::NineYear => codes::school("31", serial),
        UnitKind::Senior | UnitKind::Complete | UnitKind::TwelveYear => codes::school("34", serial),
        UnitKind::Vocational => codes::school("36", serial),
        UnitKind::Reform => codes::school("37", serial),
        UnitKind::Special => codes::school("51", serial),
        UnitKind::TeachingPoint => local_code("530323", serial),
        UnitKind::Training if draft.name.ends_with("公司") => codes::credit("91", serial),
        UnitKind::Training => codes::credit("52", serial),
        UnitKind::ActivityVenue if draft.private => codes::credit("92", serial),
        UnitKind::CentralSchool
        | UnitKind::ActivityVenue
        | UnitKind::Province
        | UnitKind::City
        | UnitKind::County
        | UnitKind::Department
        | UnitKind::Township
        | UnitKind::PoliceStation
        | UnitKind::Supplier => codes::credit("12", serial),
    }
}

fn canteen(draft: &Draft, dice: &mut Dice) -> CanteenMode {
    match draft.kind {
        UnitKind::CentralSchool | UnitKind::Training | UnitKind::ActivityVenue => CanteenMode::None,
        UnitKind::TeachingPoint if dice.chance(0.3) => CanteenMode::None,
        UnitKind::TeachingPoint => CanteenMode::Delivered,
        UnitKind::Primary if draft.pupils < 180 => CanteenMode::Delivered,
        UnitKind::Senior | UnitKind::Complete | UnitKind::Vocational => CanteenMode::Contracted,
        _ => CanteenMode::Own,
    }
}

fn staff(draft: &Draft, dice: &mut Dice) -> u32 {
    let per = match draft.kind {
        UnitKind::Kindergarten => 9,
        UnitKind::Primary => 16,
        UnitKind::Special | UnitKind::Reform => 4,
        UnitKind::Training | UnitKind::ActivityVenue => 14,
        UnitKind::TeachingPoint => return count(dice.between(2, 4)),
        UnitKind::CentralSchool => return count(dice.between(9, 16)),
        _ => 13,
    };
    draft.pupils / per + count(dice.between(3, 7))
}

/// The fire brigade looks after all of them, the market office after those with a canteen.
fn looked_after(world: &World, canteen: CanteenMode) -> impl Iterator<Item = UnitId> {
    let after = move |office: &&Office| {
        office.name.contains("消防") || (office.name.contains("市场监督") && canteen != CanteenMode::None)
    };
    world.departments.iter().filter(after).map(|office| office.id)
}

fn add(world: &mut World, row: &TownshipRow, founder: &mut Founder<'_>, dice: &mut Dice, draft: Draft) {
    let id = founder.unit();
    let inside = |value: f64, low: f64, high: f64| (value.clamp(low, high) * 1e6).round() / 1e6;
    let latitude = inside(row.latitude + dice.real(-row.spread, row.spread), EXTENT.0, EXTENT.1);
    let longitude = inside(row.longitude + dice.real(-row.spread, row.spread) * 1.1, EXTENT.2, EXTENT.3);
    let canteen = canteen(&draft, dice);
    let staff_count = staff(&draft, dice);
    let failing = draft.name.contains("离珠");
    let code = if failing { codes::credit_failing("52", founder.next()) } else { code(&draft, founder) };
    let temper = match dice.unit() {
        x if x < 0.09 => Temper::Excellent,
        x if x < 0.81 + 0.09 => Temper::Usual,
        _ => Temper::Slow,
    };
    let above = draft.central.and_then(|at| world.schools.get(at)).map_or(world.county, |school| school.id);
    let township = world.townships.get(draft.township).map_or(world.county, |office| office.id);
    let station = world.stations.get(draft.township).map_or(world.county, |office| office.id);
    let beside = std::iter::once(station).chain(looked_after(world, canteen));
    let attributes = Attributes {
        pupils: Some(draft.pupils),
        boarders: Some(draft.boarders),
        staff: Some(staff_count),
        classes: Some(draft.classes),
        private: Some(draft.private),
        canteen: Some(canteen),
        latitude: Some(latitude),
        longitude: Some(longitude),
        address: format!("师宗县{}（演示地址）", row.name),
        telephone: format!("0874-599{:04}", 1_000 + founder.serial),
    };
    let created = NewUnit {
        code,
        name: draft.name.clone(),
        kind: draft.kind,
        attributes,
        placements: [(Line::Management, above), (Line::Territory, township)]
            .into_iter()
            .chain(beside.map(|department| (Line::Assignment, department)))
            .map(|(line, unit)| founder.under(line, unit))
            .collect(),
        code_exception: failing.then(|| EXCEPTION.to_owned()),
    };
    world.planned.push(Planned { id, created });
    world.schools.push(School {
        id,
        kind: draft.kind,
        name: draft.name,
        township: draft.township,
        central: draft.central,
        pupils: draft.pupils,
        boarders: draft.boarders,
        staff_count,
        canteen,
        latitude,
        longitude,
        temper,
        staff: Staff::default(),
        inspector: 0,
    });
}

/// The teaching point with one teacher, and the school that changes its township.
fn special(world: &mut World) {
    world.lonely = world.schools.iter().rposition(|school| school.kind == UnitKind::TeachingPoint);
    if let Some(school) = world.lonely.and_then(|at| world.schools.get_mut(at)) {
        school.staff_count = 1;
        school.pupils = 9;
        school.canteen = CanteenMode::None;
        let id = school.id;
        if let Some(planned) = world.planned.iter_mut().find(|planned| planned.id == id) {
            planned.created.attributes.staff = Some(1);
            planned.created.attributes.pupils = Some(9);
            planned.created.attributes.classes = Some(1);
            planned.created.attributes.canteen = Some(CanteenMode::None);
        }
    }
    // From 大同街道 to 漾月街道.
    let leaves = |school: &School| school.kind == UnitKind::Primary && school.township == 2;
    world.moving = world.schools.iter().rposition(leaves).map(|school| (school, 1));
}
