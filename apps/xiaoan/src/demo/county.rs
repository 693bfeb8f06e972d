//! Province, city and county, their departments, townships and police stations: the public offices of Shizong.

use kernel::{Date, IdSource, Timestamp, UnitId};
use organisation::{Attributes, Line, NewUnit, Placement, UnitKind, identifiers::local_code};

use super::{
    codes,
    data::Data,
    world::{Office, Planned, World},
};

/// Departments that take part: name, and what the social credit code begins with.
const DEPARTMENTS: [&str; 9] = [
    "师宗县公安局",
    "师宗县市场监督管理局",
    "师宗县消防救援大队",
    "师宗县住房和城乡建设局",
    "师宗县卫生健康局",
    "师宗县交通运输局",
    "师宗县水务局",
    "师宗县应急管理局",
    "师宗县人民政府教育督导室",
];

/// Makes units with ids and places.
pub(super) struct Founder<'a> {
    pub ids: &'a IdSource,
    pub at: Timestamp,
    pub since: Date,
    pub serial: u32,
}

impl Founder<'_> {
    /// The id of a new unit.
    pub(super) fn unit(&self) -> UnitId {
        self.ids.uuid(self.at).into()
    }

    /// The next serial of any code.
    pub(super) fn next(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// A place on a line.
    pub(super) const fn under(&self, line: Line, parent: UnitId) -> Placement {
        Placement { line, parent, from: self.since }
    }
}

fn office(kind: UnitKind, code: &str, name: &str, placements: Vec<Placement>) -> NewUnit {
    NewUnit {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        attributes: Attributes::default(),
        placements,
        code_exception: None,
    }
}

fn seat(latitude: f64, longitude: f64, telephone: &str) -> Attributes {
    Attributes {
        latitude: Some(latitude),
        longitude: Some(longitude),
        telephone: telephone.to_owned(),
        ..Attributes::default()
    }
}

/// Plans everything above the schools.
pub(super) fn plan(world: &mut World, data: &Data, founder: &mut Founder<'_>) {
    world.province = founder.unit();
    world.city = founder.unit();
    world.county = founder.unit();
    let (province, city, county) = (world.province, world.city, world.county);
    let mut add = |id: UnitId, created: NewUnit| world.planned.push(Planned { id, created });
    add(province, office(UnitKind::Province, "53", "云南省教育厅", Vec::new()));
    let both = |founder: &Founder<'_>, parent| {
        vec![founder.under(Line::Management, parent), founder.under(Line::Territory, parent)]
    };
    add(city, office(UnitKind::City, "5303", "曲靖市教育体育局", both(founder, province)));
    let mut bureau = office(UnitKind::County, "530323", "师宗县教育体育局", both(founder, city));
    bureau.attributes = seat(24.8302, 103.9911, "0874-5990001");
    add(county, bureau);
    for name in DEPARTMENTS {
        let id = founder.unit();
        let code = codes::credit("11", founder.next());
        add(id, office(UnitKind::Department, &code, name, vec![founder.under(Line::Territory, county)]));
        world.departments.push(Office { id, name: name.to_owned() });
    }
    let police = world.departments.first().map_or(county, |office| office.id);
    for (number, row) in (1_u32..).zip(&data.townships) {
        let id = founder.unit();
        let mut township =
            office(UnitKind::Township, &row.code, &row.name, vec![founder.under(Line::Territory, county)]);
        township.attributes = seat(row.latitude, row.longitude, &format!("0874-59901{number:02}"));
        add(id, township);
        world.townships.push(Office { id, name: row.name.clone() });
        let station = founder.unit();
        let name = format!("{}派出所（演示）", row.short);
        let places = vec![founder.under(Line::Territory, id), founder.under(Line::Assignment, police)];
        let code = local_code("530323", 900 + number);
        add(station, office(UnitKind::PoliceStation, &code, &name, places));
        world.stations.push(Office { id: station, name });
    }
}
