//! Sample pictures as lists of shapes on a grid of 100 x 75: something wrong, and the same place put right.

/// A colour.
pub(super) type Ink = [u8; 3];

/// A shape on the grid.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Left, top, width, height.
    Box(f32, f32, f32, f32, Ink),
    /// Middle and radius.
    Disc(f32, f32, f32, Ink),
    /// From, to, thickness.
    Line(f32, f32, f32, f32, f32, Ink),
}

use Shape::{Box, Disc, Line};

/// A place with a fault, and without it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene {
    pub wall: Ink,
    pub floor: Ink,
    pub base: &'static [Shape],
    pub before: &'static [Shape],
    pub after: &'static [Shape],
}

const WHITE: Ink = [245, 245, 240];
const GREY: Ink = [150, 152, 155];
const DARK: Ink = [62, 66, 72];
const RED: Ink = [200, 48, 40];
const GREEN: Ink = [52, 140, 84];
const BLUE: Ink = [66, 118, 176];
const WOOD: Ink = [168, 124, 78];
const CARD: Ink = [190, 150, 98];
const YELLOW: Ink = [236, 196, 56];
const LEAF: Ink = [92, 142, 70];
const SOIL: Ink = [138, 100, 66];
const SKY: Ink = [190, 214, 232];

const CORRIDOR: Scene = Scene {
    wall: [226, 226, 214],
    floor: [176, 172, 160],
    base: &[
        Box(38.0, 14.0, 24.0, 36.0, WHITE),
        Box(6.0, 16.0, 16.0, 44.0, WOOD),
        Box(78.0, 16.0, 16.0, 44.0, WOOD),
        Box(44.0, 7.0, 12.0, 5.0, GREEN),
    ],
    before: &[
        Box(30.0, 38.0, 20.0, 20.0, CARD),
        Box(46.0, 46.0, 22.0, 18.0, [172, 132, 84]),
        Box(36.0, 26.0, 14.0, 13.0, CARD),
        Line(56.0, 30.0, 66.0, 48.0, 1.6, WOOD),
    ],
    after: &[Line(24.0, 74.0, 42.0, 50.0, 1.2, YELLOW), Line(76.0, 74.0, 58.0, 50.0, 1.2, YELLOW)],
};

const EXTINGUISHER: Scene = Scene {
    wall: [232, 228, 220],
    floor: [160, 158, 150],
    base: &[
        Box(38.0, 24.0, 12.0, 36.0, RED),
        Box(54.0, 24.0, 12.0, 36.0, RED),
        Box(41.0, 18.0, 5.0, 7.0, DARK),
        Box(57.0, 18.0, 5.0, 7.0, DARK),
        Disc(44.0, 32.0, 4.0, WHITE),
        Disc(60.0, 32.0, 4.0, WHITE),
    ],
    before: &[
        Disc(44.0, 32.0, 2.6, RED),
        Disc(60.0, 32.0, 2.6, RED),
        Line(50.0, 20.0, 54.0, 44.0, 1.0, GREY),
    ],
    after: &[Disc(44.0, 32.0, 2.6, GREEN), Disc(60.0, 32.0, 2.6, GREEN), Box(46.0, 42.0, 12.0, 9.0, WHITE)],
};

const WALL: Scene = Scene {
    wall: [218, 206, 182],
    floor: [150, 146, 130],
    base: &[Box(60.0, 14.0, 22.0, 22.0, BLUE), Line(71.0, 14.0, 71.0, 36.0, 1.0, WHITE)],
    before: &[
        Line(18.0, 6.0, 26.0, 22.0, 0.8, DARK),
        Line(26.0, 22.0, 22.0, 36.0, 0.9, DARK),
        Line(22.0, 36.0, 34.0, 52.0, 0.9, DARK),
        Line(26.0, 22.0, 36.0, 28.0, 0.6, DARK),
    ],
    after: &[Box(14.0, 4.0, 24.0, 50.0, [230, 222, 202]), Box(24.0, 26.0, 4.0, 2.0, WHITE)],
};

const KITCHEN: Scene = Scene {
    wall: [222, 232, 234],
    floor: [140, 150, 154],
    base: &[
        Box(6.0, 40.0, 88.0, 6.0, GREY),
        Box(8.0, 46.0, 84.0, 18.0, [196, 200, 204]),
        Box(70.0, 10.0, 22.0, 24.0, GREY),
    ],
    before: &[
        Box(14.0, 35.0, 20.0, 4.0, WOOD),
        Disc(24.0, 33.0, 3.0, RED),
        Disc(31.0, 34.0, 2.6, LEAF),
        Line(38.0, 36.0, 52.0, 38.0, 1.2, DARK),
        Disc(58.0, 37.0, 3.0, [170, 120, 70]),
    ],
    after: &[
        Box(14.0, 26.0, 3.0, 14.0, RED),
        Box(20.0, 26.0, 3.0, 14.0, GREEN),
        Box(26.0, 26.0, 3.0, 14.0, BLUE),
        Box(44.0, 30.0, 12.0, 10.0, WHITE),
    ],
};

const GATE: Scene = Scene {
    wall: SKY,
    floor: [120, 122, 124],
    base: &[
        Box(8.0, 18.0, 8.0, 36.0, [186, 96, 76]),
        Box(84.0, 18.0, 8.0, 36.0, [186, 96, 76]),
        Box(8.0, 12.0, 84.0, 7.0, [200, 60, 52]),
        Line(20.0, 30.0, 80.0, 30.0, 0.8, GREY),
    ],
    before: &[
        Box(22.0, 44.0, 24.0, 12.0, BLUE),
        Disc(27.0, 57.0, 3.2, DARK),
        Disc(41.0, 57.0, 3.2, DARK),
        Box(54.0, 46.0, 22.0, 11.0, WHITE),
        Disc(59.0, 58.0, 3.0, DARK),
        Disc(71.0, 58.0, 3.0, DARK),
    ],
    after: &[
        Box(24.0, 48.0, 3.0, 10.0, YELLOW),
        Box(38.0, 48.0, 3.0, 10.0, YELLOW),
        Box(52.0, 48.0, 3.0, 10.0, YELLOW),
        Box(66.0, 48.0, 3.0, 10.0, YELLOW),
    ],
};

const STAIRS: Scene = Scene {
    wall: [224, 222, 212],
    floor: [164, 160, 150],
    base: &[
        Box(20.0, 58.0, 60.0, 5.0, GREY),
        Box(26.0, 50.0, 54.0, 5.0, GREY),
        Box(32.0, 42.0, 48.0, 5.0, GREY),
        Box(38.0, 34.0, 42.0, 5.0, GREY),
        Box(44.0, 26.0, 36.0, 5.0, GREY),
    ],
    before: &[Box(30.0, 46.0, 14.0, 14.0, CARD), Line(20.0, 50.0, 34.0, 32.0, 1.0, DARK)],
    after: &[Line(18.0, 50.0, 44.0, 14.0, 1.6, WOOD), Line(48.0, 62.0, 62.0, 28.0, 0.9, YELLOW)],
};

const POWER: Scene = Scene {
    wall: [228, 224, 212],
    floor: [156, 152, 144],
    base: &[Box(32.0, 12.0, 34.0, 40.0, GREY), Box(35.0, 15.0, 28.0, 34.0, [206, 208, 210])],
    before: &[
        Line(40.0, 22.0, 24.0, 60.0, 1.2, RED),
        Line(46.0, 22.0, 52.0, 62.0, 1.2, BLUE),
        Line(52.0, 22.0, 72.0, 58.0, 1.2, YELLOW),
        Box(66.0, 12.0, 5.0, 40.0, DARK),
    ],
    after: &[
        Disc(49.0, 28.0, 7.0, YELLOW),
        Line(50.0, 23.0, 47.0, 33.0, 1.4, DARK),
        Box(58.0, 40.0, 3.0, 4.0, DARK),
    ],
};

const FIELD: Scene = Scene {
    wall: SKY,
    floor: [150, 92, 70],
    base: &[Box(0.0, 44.0, 100.0, 6.0, LEAF), Line(0.0, 66.0, 100.0, 66.0, 0.7, WHITE)],
    before: &[
        Line(46.0, 60.0, 58.0, 18.0, 2.2, [150, 80, 40]),
        Box(52.0, 10.0, 20.0, 13.0, WHITE),
        Line(56.0, 23.0, 68.0, 25.0, 1.2, RED),
    ],
    after: &[
        Line(50.0, 60.0, 50.0, 18.0, 2.4, BLUE),
        Box(40.0, 8.0, 20.0, 13.0, WHITE),
        Line(44.0, 22.0, 56.0, 22.0, 1.2, RED),
        Box(44.0, 58.0, 12.0, 4.0, BLUE),
    ],
};

const DORMITORY: Scene = Scene {
    wall: [230, 230, 222],
    floor: [170, 160, 146],
    base: &[
        Box(16.0, 28.0, 56.0, 4.0, BLUE),
        Box(16.0, 50.0, 56.0, 4.0, BLUE),
        Line(17.0, 14.0, 17.0, 64.0, 1.6, GREY),
        Line(71.0, 14.0, 71.0, 64.0, 1.6, GREY),
    ],
    before: &[Line(30.0, 27.0, 54.0, 33.0, 1.0, DARK), Box(78.0, 52.0, 10.0, 12.0, RED)],
    after: &[
        Line(16.0, 22.0, 60.0, 22.0, 1.2, GREY),
        Line(16.0, 18.0, 60.0, 18.0, 1.2, GREY),
        Disc(84.0, 8.0, 4.0, WHITE),
    ],
};

const SCREEN: Scene = Scene {
    wall: [196, 202, 208],
    floor: [120, 116, 110],
    base: &[
        Box(12.0, 10.0, 36.0, 26.0, DARK),
        Box(52.0, 10.0, 36.0, 26.0, DARK),
        Box(8.0, 48.0, 84.0, 6.0, WOOD),
    ],
    before: &[
        Box(14.0, 12.0, 32.0, 22.0, [24, 26, 30]),
        Line(22.0, 18.0, 38.0, 30.0, 1.4, RED),
        Box(54.0, 12.0, 32.0, 22.0, [90, 140, 90]),
    ],
    after: &[
        Box(14.0, 12.0, 32.0, 22.0, [120, 170, 190]),
        Box(54.0, 12.0, 32.0, 22.0, [90, 140, 90]),
        Disc(80.0, 46.0, 2.4, GREEN),
    ],
};

const POND: Scene = Scene {
    wall: SKY,
    floor: [78, 132, 150],
    base: &[
        Box(0.0, 40.0, 100.0, 10.0, LEAF),
        Disc(16.0, 30.0, 9.0, LEAF),
        Line(16.0, 36.0, 16.0, 46.0, 2.0, WOOD),
    ],
    before: &[Line(30.0, 58.0, 62.0, 56.0, 0.8, WHITE), Line(44.0, 64.0, 80.0, 62.0, 0.8, WHITE)],
    after: &[
        Box(58.0, 20.0, 22.0, 13.0, RED),
        Line(69.0, 33.0, 69.0, 48.0, 1.6, GREY),
        Disc(42.0, 44.0, 5.0, [236, 120, 40]),
        Disc(42.0, 44.0, 2.4, LEAF),
    ],
};

const SLOPE: Scene = Scene {
    wall: SKY,
    floor: [168, 162, 148],
    base: &[
        Box(0.0, 22.0, 40.0, 30.0, SOIL),
        Box(0.0, 16.0, 30.0, 8.0, LEAF),
        Box(70.0, 20.0, 26.0, 32.0, WHITE),
    ],
    before: &[Disc(44.0, 52.0, 9.0, SOIL), Disc(54.0, 57.0, 6.0, SOIL), Disc(36.0, 44.0, 5.0, [120, 86, 56])],
    after: &[
        Box(36.0, 24.0, 6.0, 30.0, GREY),
        Line(44.0, 56.0, 68.0, 56.0, 1.6, DARK),
        Line(46.0, 44.0, 66.0, 44.0, 0.9, RED),
    ],
};

const OFFICE: Scene = Scene {
    wall: [234, 230, 220],
    floor: [176, 152, 120],
    base: &[Box(10.0, 44.0, 80.0, 5.0, WOOD), Box(14.0, 8.0, 34.0, 26.0, [214, 196, 160])],
    before: &[
        Box(52.0, 38.0, 16.0, 3.0, WHITE),
        Box(60.0, 41.0, 18.0, 3.0, WHITE),
        Line(30.0, 42.0, 46.0, 40.0, 2.0, WHITE),
    ],
    after: &[
        Box(18.0, 12.0, 8.0, 10.0, WHITE),
        Box(30.0, 12.0, 8.0, 10.0, WHITE),
        Box(56.0, 28.0, 5.0, 16.0, BLUE),
        Box(63.0, 28.0, 5.0, 16.0, GREEN),
        Box(70.0, 28.0, 5.0, 16.0, RED),
    ],
};

/// All scenes.
pub(super) const SCENES: [Scene; 13] = [
    CORRIDOR,
    EXTINGUISHER,
    WALL,
    KITCHEN,
    GATE,
    STAIRS,
    POWER,
    FIELD,
    DORMITORY,
    SCREEN,
    POND,
    SLOPE,
    OFFICE,
];

/// The scenes that suit a category.
pub(super) fn scenes_of(category: &str) -> &'static [usize] {
    match category {
        "H01" => &[0, 1],
        "H02" => &[2],
        "H03" => &[3],
        "H04" | "H12" => &[4],
        "H06" => &[5],
        "H07" | "H08" => &[6],
        "H09" => &[7],
        "H10" => &[8],
        "H11" => &[9, 4],
        "H13" => &[10],
        "H14" | "H20" => &[11],
        "H23" | "H99" => &[0],
        _ => &[12],
    }
}
