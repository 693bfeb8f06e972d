//! Draws the sample pictures and keeps them in the store, once.

use std::io::Cursor;

use anyhow::{Context as _, Result};
use attachments::Store;
use hazard::Photo;
use image::{ImageFormat, Rgb, RgbImage};

use super::{
    dice::Dice,
    scenes::{Ink, SCENES, Scene, Shape, scenes_of},
};

const WIDTH: u32 = 800;
const HEIGHT: u32 = 600;
/// Pixels to one step of the grid.
const STEP: f32 = 8.0;
/// Light of each variant, in percent.
const LIGHTS: [u16; 2] = [100, 86];

/// A fault and the same place put right.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub before: Photo,
    pub after: Photo,
}

/// All pairs, by scene and variant.
#[derive(Debug)]
pub(super) struct Album(Vec<Pair>);

impl Album {
    /// Draws every scene in two lights and keeps the pictures.
    pub(super) fn make(store: &Store, progress: &dyn Fn(&str, u64, u64)) -> Result<Self> {
        let mut pairs = Vec::new();
        let total = u64::try_from(SCENES.len() * LIGHTS.len()).unwrap_or(0);
        for scene in &SCENES {
            for (variant, light) in LIGHTS.iter().enumerate() {
                let put = |shapes: &[Shape]| -> Result<Photo> {
                    let bytes = draw(scene, shapes, *light, variant)?;
                    let stored = store.put_photo(&bytes).context("a sample picture")?;
                    Ok(Photo(stored.hash.to_string()))
                };
                pairs.push(Pair { before: put(scene.before)?, after: put(scene.after)? });
                progress("photos", u64::try_from(pairs.len()).unwrap_or(0), total);
            }
        }
        Ok(Self(pairs))
    }

    /// A pair that suits the category.
    pub(super) fn pair(&self, category: &str, dice: &mut Dice) -> Option<&Pair> {
        let scene = dice.pick(scenes_of(category))?;
        self.0.get(scene * LIGHTS.len() + dice.place(LIGHTS.len()))
    }
}

fn draw(scene: &Scene, shapes: &[Shape], light: u16, variant: usize) -> Result<Vec<u8>> {
    let mut canvas = Canvas { image: RgbImage::new(WIDTH, HEIGHT), light, mirrored: variant == 1 };
    canvas.draw(Shape::Box(0.0, 0.0, 100.0, 54.0, scene.wall));
    canvas.draw(Shape::Box(0.0, 54.0, 100.0, 21.0, scene.floor));
    scene.base.iter().chain(shapes).for_each(|shape| canvas.draw(*shape));
    let mut bytes = Cursor::new(Vec::new());
    canvas.image.write_to(&mut bytes, ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
}

struct Canvas {
    image: RgbImage,
    light: u16,
    mirrored: bool,
}

impl Canvas {
    fn draw(&mut self, shape: Shape) {
        match shape {
            Shape::Box(x, y, w, h, ink) => self.fill((x, y, x + w, y + h), ink, |_, _| true),
            Shape::Disc(x, y, r, ink) => {
                self.fill((x - r, y - r, x + r, y + r), ink, |px, py| (px - x).hypot(py - y) <= r);
            }
            Shape::Line(x0, y0, x1, y1, thick, ink) => {
                let (dx, dy) = (x1 - x0, y1 - y0);
                let length = dx.hypot(dy).max(0.01);
                let frame = (x0.min(x1) - thick, y0.min(y1) - thick, x0.max(x1) + thick, y0.max(y1) + thick);
                self.fill(frame, ink, |px, py| {
                    let along = ((px - x0) * dx + (py - y0) * dy) / length;
                    let aside = ((px - x0) * dy - (py - y0) * dx).abs() / length;
                    aside <= thick / 2.0 && (0.0..=length).contains(&along)
                });
            }
        }
    }

    fn fill(&mut self, (x0, y0, x1, y1): (f32, f32, f32, f32), ink: Ink, inside: impl Fn(f32, f32) -> bool) {
        let pixel = |value: f32, most: u32| (0..most).find(|at| at_grid(*at) >= value).unwrap_or(most);
        for py in pixel(y0, HEIGHT)..pixel(y1, HEIGHT) {
            for px in pixel(x0, WIDTH)..pixel(x1, WIDTH) {
                if inside(at_grid(px), at_grid(py)) {
                    self.put(px, py, ink);
                }
            }
        }
    }

    fn put(&mut self, px: u32, py: u32, ink: Ink) {
        // A little lighter above, so that it does not look printed.
        let shade = self.light + 6 - u16::try_from(py * 12 / HEIGHT).unwrap_or(0);
        let lit = |value: u8| u8::try_from((u16::from(value) * shade / 100).min(255)).unwrap_or(255);
        let px = if self.mirrored { WIDTH - 1 - px } else { px };
        if let Some(pixel) = self.image.get_pixel_mut_checked(px, py) {
            *pixel = Rgb(ink.map(lit));
        }
    }
}

fn at_grid(pixel: u32) -> f32 {
    f32::from(u16::try_from(pixel).unwrap_or(0)) / STEP
}
