//! A sketch of where schools lie, from their coordinates alone: no borders, nobody else's map. Marks differ by shape and
//! words besides colour; what lies nowhere is counted.

use kernel::UnitId;
use language::Lang;

use crate::{
    board::{SchoolLine, Worst},
    facts::Town,
    texts,
};

/// Units of the drawing from side to side.
const WIDTH: f64 = 400.0;
/// And at most from top to bottom.
const TALLEST: f64 = 560.0;
const SHORTEST: f64 = 120.0;
/// Room for a mark and a name at the edge.
const MARGIN: f64 = 26.0;

/// Height of a name on a phone, where letters are largest, and width of a character: of ideographs, of everything else.
const LINE: f64 = 14.0;
const WIDE: f64 = 13.0;
const NARROW: f64 = 7.5;

/// A school on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub x: String,
    pub y: String,
    pub class: &'static str,
    pub shape: &'static str,
    pub title: String,
    pub href: String,
}

/// A township's schools; without a name those of none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cluster {
    pub name: String,
    /// The middle of its name, and the line it stands on.
    label: (f64, f64),
    pub spots: Vec<Spot>,
}

impl Cluster {
    pub(crate) fn x(&self) -> String {
        written(self.label.0)
    }

    pub(crate) fn y(&self) -> String {
        written(self.label.1)
    }

    /// From the middle of the name to its ends.
    fn half(&self) -> f64 {
        let width = |c: char| if c.is_ascii() { NARROW } else { WIDE };
        self.name.chars().map(width).sum::<f64>() / 2.0
    }

    fn covers(&self, other: &Self) -> bool {
        let (x, y) = (self.label.0 - other.label.0, self.label.1 - other.label.1);
        x.abs() < self.half() + other.half() && y.abs() < LINE
    }
}

/// Moves names of townships that lie close to each other up or down, and into the drawing, so that each can be read.
fn apart(clusters: &mut [Cluster], height: f64) {
    for nth in 0..clusters.len() {
        let (before, rest) = clusters.split_at_mut(nth);
        let Some(own) = rest.first_mut() else { return };
        let (half, usual) = (own.half(), own.label.1);
        own.label.0 = own.label.0.clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0));
        for lines in [0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0] {
            let line = LINE.mul_add(lines, usual);
            if !(LINE..=height - 2.0).contains(&line) {
                continue;
            }
            own.label.1 = line;
            if !before.iter().any(|other| other.covers(own)) {
                break;
            }
        }
    }
}

/// A mark with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub class: &'static str,
    pub shape: &'static str,
    pub word: String,
}

/// The drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Map {
    pub height: String,
    pub clusters: Vec<Cluster>,
    pub keys: Vec<Key>,
}

const ALL: [Worst; 5] = [Worst::Major, Worst::Larger, Worst::General, Worst::Ungraded, Worst::Nothing];

/// Triangle, diamond, disc, square, ring: told apart without colour.
const fn shape(worst: Worst) -> (&'static str, &'static str) {
    match worst {
        Worst::Major => ("red", "M0-6L5.6 4.2H-5.6Z"),
        Worst::Larger => ("orange", "M0-5.4L5.4 0L0 5.4L-5.4 0Z"),
        Worst::General => ("some", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0"),
        Worst::Ungraded => ("some", "M-3.4-3.4H3.4V3.4H-3.4Z"),
        Worst::Nothing => ("none", "M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0"),
    }
}

/// From degrees to the drawing: north is up, and a degree of longitude is as much shorter as it is there.
struct Projection {
    west: f64,
    north: f64,
    across: f64,
    scale: f64,
    height: f64,
    left: f64,
}

impl Projection {
    fn of(places: &[(f64, f64)]) -> Option<Self> {
        let (first, rest) = places.split_first()?;
        let mut ends = (first.0, first.0, first.1, first.1);
        for (latitude, longitude) in rest {
            ends = (
                ends.0.min(*latitude),
                ends.1.max(*latitude),
                ends.2.min(*longitude),
                ends.3.max(*longitude),
            );
        }
        let (south, north, west, east) = ends;
        let across = f64::midpoint(south, north).to_radians().cos().max(0.01);
        // A county with one school is no point.
        let (wide, tall) = (((east - west) * across).max(1e-4), (north - south).max(1e-4));
        let room = 2.0_f64.mul_add(-MARGIN, WIDTH);
        let scale = (room / wide).min(2.0_f64.mul_add(-MARGIN, TALLEST) / tall);
        let height = tall.mul_add(scale, 2.0 * MARGIN).max(SHORTEST);
        let left = wide.mul_add(-scale, WIDTH) / 2.0;
        Some(Self { west, north, across, scale, height, left })
    }

    fn at(&self, (latitude, longitude): (f64, f64)) -> (f64, f64) {
        let x = ((longitude - self.west) * self.across).mul_add(self.scale, self.left);
        let y = (self.north - latitude).mul_add(self.scale, MARGIN);
        (x, y)
    }
}

fn written(number: f64) -> String {
    format!("{number:.1}")
}

/// The sketch of the schools with a place; none where there is none.
pub(crate) fn map(lang: Lang, lines: &[SchoolLine], towns: &[Town]) -> Option<Map> {
    let placed: Vec<(&SchoolLine, (f64, f64))> =
        lines.iter().filter_map(|line| Some((line, line.place?))).collect();
    let places: Vec<(f64, f64)> = placed.iter().map(|(_, place)| *place).collect();
    let projection = Projection::of(&places)?;
    let lies = |line: &SchoolLine, town: Option<UnitId>| line.towns.first().copied() == town;
    let groups = towns.iter().map(|town| (Some(town.id), town.name.as_str())).chain([(None, "")]);
    let cluster = |(town, name): (Option<UnitId>, &str)| {
        // The gravest are drawn last, above the others.
        let own = placed.iter().rev().filter(|(line, _)| lies(line, town));
        let at: Vec<(&SchoolLine, (f64, f64))> =
            own.map(|(line, place)| (*line, projection.at(*place))).collect();
        let count = u32::try_from(at.len()).ok().filter(|count| *count > 0)?;
        let x = at.iter().map(|(_, (x, _))| x).sum::<f64>() / f64::from(count);
        let y = at.iter().map(|(_, (_, y))| *y).fold(f64::INFINITY, f64::min) - 9.0;
        Some(Cluster {
            name: name.to_owned(),
            label: (x, y.max(LINE)),
            spots: at.into_iter().map(|(line, at)| spot(lang, line, at)).collect(),
        })
    };
    let mut clusters: Vec<Cluster> = groups.filter_map(cluster).collect();
    apart(&mut clusters, projection.height);
    let key = |worst: Worst| {
        let (class, shape) = shape(worst);
        Key { class, shape, word: worst.word(lang) }
    };
    Some(Map { height: written(projection.height), clusters, keys: ALL.map(key).into() })
}

fn spot(lang: Lang, line: &SchoolLine, (x, y): (f64, f64)) -> Spot {
    let (class, shape) = shape(line.worst);
    Spot {
        x: written(x),
        y: written(y),
        class,
        shape,
        title: texts::map_spot(
            lang,
            &*line.name,
            line.worst.word(lang),
            line.open.told(lang),
            line.overdue.told(lang),
        ),
        href: line.open.href.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_townships_do_not_lie_on_each_other() {
        let town = |name: &str, label| Cluster { name: name.to_owned(), label, spots: Vec::new() };
        let mut towns = vec![
            town("大同街道", (100.0, 50.0)),
            town("漾月街道", (120.0, 48.0)),
            town("丹凤街道", (110.0, 55.0)),
            town("高良壮族苗族瑶族乡", (395.0, 5.0)),
        ];
        apart(&mut towns, 200.0);
        for (nth, one) in towns.iter().enumerate() {
            assert!(towns.iter().skip(nth + 1).all(|other| !one.covers(other)), "{towns:?}");
            let (x, y) = one.label;
            assert!(x - one.half() >= -0.1 && x + one.half() <= WIDTH + 0.1 && y >= LINE, "{one:?}");
        }
        assert_eq!(towns[0].label, (100.0, 50.0), "whoever is alone stays");
    }

    #[test]
    fn north_is_up_and_nothing_leaves_the_drawing() {
        let places = [(24.5, 103.9), (24.9, 104.3), (25.2, 103.7)];
        let projection = Projection::of(&places).unwrap();
        let drawn: Vec<(f64, f64)> = places.iter().map(|place| projection.at(*place)).collect();
        for (x, y) in &drawn {
            assert!((MARGIN - 0.1..=WIDTH - MARGIN + 0.1).contains(x), "{x}");
            assert!((MARGIN - 0.1..=projection.height - MARGIN + 0.1).contains(y), "{y}");
        }
        assert!(drawn[2].1 < drawn[1].1 && drawn[1].1 < drawn[0].1, "{drawn:?}");
        assert!(drawn[2].0 < drawn[0].0 && drawn[0].0 < drawn[1].0, "{drawn:?}");
        let alone = Projection::of(&[(24.5, 103.9)]).unwrap();
        assert!(alone.height >= SHORTEST && alone.at((24.5, 103.9)).0 <= WIDTH);
        assert!(Projection::of(&[]).is_none());
    }
}
