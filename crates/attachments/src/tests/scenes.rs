//! Pictures that look like photos: walls, floors, doors, things on them, light from one side, and the noise of a phone.

use image::{DynamicImage, Rgb, RgbImage};

/// Numbers that look like chance and are always the same.
pub(super) struct Chance(pub u64);

impl Chance {
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}

/// A thing in a scene: where it is and how large, in thousandths, its colour, and whether it is round.
#[derive(Clone, Copy)]
pub(super) struct Thing {
    pub at: (u32, u32),
    pub size: (u32, u32),
    pub colour: [u8; 3],
    pub round: bool,
}

/// A place as a phone sees it.
#[derive(Clone)]
pub(super) struct Scene {
    wall: [u8; 3],
    floor: [u8; 3],
    horizon: u32,
    light: u32,
    things: Vec<Thing>,
    noise: u64,
}

impl Scene {
    pub(super) fn of(seed: u64) -> Self {
        let mut chance = Chance(seed * 7_919 + 17);
        let mut colour = |from: u32, to: u32| [0; 3].map(|_| (from + chance.below(to - from)) as u8);
        let (wall, floor) = (colour(130, 230), colour(60, 150));
        let mut chance = Chance(seed * 104_729 + 3);
        let things = (0..5 + seed % 5).map(|_| Thing {
            at: (chance.below(900), chance.below(850)),
            size: (60 + chance.below(220), 60 + chance.below(260)),
            colour: [0; 3].map(|_| chance.below(250) as u8),
            round: chance.below(3) == 0,
        });
        let things = things.collect();
        let (horizon, light) = (450 + chance.below(350), chance.below(1_000));
        Self { wall, floor, horizon, light, things, noise: seed }
    }

    /// The same place with one more thing.
    pub(super) fn with(mut self, thing: Thing) -> Self {
        self.things.push(thing);
        self
    }

    /// The same place without the thing that was put there last.
    pub(super) fn without_last(mut self) -> Self {
        self.things.pop();
        self
    }

    /// Photographed again from a step beside: everything has moved, near things more.
    pub(super) fn a_step_beside(mut self, by: u32) -> Self {
        for (place, thing) in self.things.iter_mut().enumerate() {
            thing.at.0 += by + by * (place as u32 % 3) / 2;
        }
        self.horizon += by / 2;
        self.noise += 1_000;
        self
    }

    pub(super) fn picture(&self, width: u32, height: u32) -> DynamicImage {
        let mut grain = Chance(self.noise + 99);
        RgbImage::from_fn(width, height, |x, y| {
            let (across, down) = (x * 1_000 / width, y * 1_000 / height);
            let ground = if down > self.horizon { self.floor } else { self.wall };
            let on_top = self.things.iter().rev().find(|thing| thing.covers(across, down));
            let colour = on_top.map_or(ground, |thing| thing.colour);
            // Brighter towards where the light is, tiles on the floor, and grain.
            let far = across.abs_diff(self.light) / 14;
            let joint = if down > self.horizon && across % 125 < 6 { 30 } else { 0 };
            let grain = grain.below(13);
            Rgb(colour
                .map(|shade| (u32::from(shade) + 6 + grain).saturating_sub(far / 2 + joint).min(255) as u8))
        })
        .into()
    }
}

impl Thing {
    fn covers(&self, x: u32, y: u32) -> bool {
        let (left, top) = self.at;
        let inside = x >= left && y >= top && x < left + self.size.0 && y < top + self.size.1;
        let part = |at: u32, from: u32, size: u32| {
            (i64::from(at - from) * 2 - i64::from(size)) * 1_000 / i64::from(size)
        };
        inside
            && (!self.round || {
                let (across, down) = (part(x, left, self.size.0), part(y, top, self.size.1));
                across * across + down * down < 1_000_000
            })
    }
}
