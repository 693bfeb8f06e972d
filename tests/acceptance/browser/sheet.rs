//! A reader for the PDF that Chromium writes: where on the sheet each character and each ruled line stands.

use std::{collections::BTreeMap, io::Read};

use anyhow::{Context, Result};
use flate2::read::ZlibDecoder;

const MM_PER_POINT: f64 = 25.4 / 72.0;

/// A character: its origin on the baseline, from the left and from the top, in millimetres; its size in points.
#[derive(Clone, Copy, Debug)]
pub struct Glyph {
    pub x: f64,
    pub y: f64,
    pub points: f64,
}

/// A filled rectangle: its top from the top of the sheet, its width and height, in millimetres.
#[derive(Clone, Copy, Debug)]
pub struct Ruled {
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// One side of a sheet, in millimetres.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub width: f64,
    pub height: f64,
    glyphs: Vec<Glyph>,
    filled: Vec<Ruled>,
}

impl Sheet {
    /// Characters of this size by their baselines, from the top.
    pub fn rows(&self, points: f64) -> Vec<Vec<Glyph>> {
        let mut rows: BTreeMap<i64, Vec<Glyph>> = BTreeMap::new();
        for glyph in self.glyphs.iter().filter(|glyph| (glyph.points - points).abs() < 0.2) {
            // A tenth of a millimetre is one baseline.
            rows.entry((glyph.y * 10.0).round() as i64).or_default().push(*glyph);
        }
        rows.into_values().collect()
    }

    /// Characters below this height.
    pub fn below(&self, mm: f64) -> impl Iterator<Item = &Glyph> {
        self.glyphs.iter().filter(move |glyph| glyph.y > mm)
    }

    /// Lines: what is filled and not higher than two millimetres.
    pub fn ruled(&self) -> impl Iterator<Item = &Ruled> {
        self.filled.iter().filter(|line| line.height < 2.0)
    }
}

/// The sheets of a PDF, in the order of its pages.
///
/// # Errors
/// It is not written as Chromium writes.
pub fn sheets(pdf: &[u8]) -> Result<Vec<Sheet>> {
    // Every byte is a character here, so that places in the text are places in the file.
    let text: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    let mut objects = BTreeMap::new();
    for (from, _) in text.match_indices(" 0 obj") {
        let number = text.get(..from).unwrap_or_default().rsplit(['\n', '\r']).next().unwrap_or_default();
        if let Ok(number) = number.trim().parse::<u32>() {
            let rest = text.get(from + " 0 obj".len()..).unwrap_or_default();
            objects.insert(number, rest.split("endobj").next().unwrap_or_default());
        }
    }
    let mut pages: Vec<(u32, &str)> = Vec::new();
    collect(&objects, root(&objects)?, &mut pages);
    pages.into_iter().map(|(_, page)| sheet(&objects, page)).collect()
}

fn root(objects: &BTreeMap<u32, &str>) -> Result<u32> {
    let catalog = objects.values().find(|object| object.contains("/Type /Catalog")).context("no catalog")?;
    references(catalog, "/Pages").next().context("no pages")
}

fn collect<'a>(objects: &BTreeMap<u32, &'a str>, number: u32, pages: &mut Vec<(u32, &'a str)>) {
    let Some(object) = objects.get(&number).copied() else { return };
    if object.contains("/Type /Pages") {
        for kid in references(object, "/Kids") {
            collect(objects, kid, pages);
        }
    } else {
        pages.push((number, object));
    }
}

/// The objects that an entry refers to: one, or several between brackets.
fn references<'a>(object: &'a str, entry: &str) -> impl Iterator<Item = u32> + 'a {
    let value = object.split_once(entry).map_or("", |(_, value)| value.trim_start());
    let value = if value.starts_with('[') { value.split(']').next() } else { value.split('R').next() };
    let words = value.unwrap_or_default().trim_start_matches('[').split_ascii_whitespace();
    words.filter(|word| *word != "R").step_by(2).filter_map(|word| word.parse().ok())
}

fn sheet(objects: &BTreeMap<u32, &str>, page: &str) -> Result<Sheet> {
    let sizes =
        page.split_once("/MediaBox [").map_or("", |(_, box_)| box_.split(']').next().unwrap_or_default());
    let sizes: Vec<f64> = sizes.split_ascii_whitespace().filter_map(|size| size.parse().ok()).collect();
    let [_, _, width, height] = sizes.as_slice() else { anyhow::bail!("no size of a page") };
    let content = references(page, "/Contents").next().and_then(|number| objects.get(&number));
    let content = content.context("a page without content")?;
    let (_, stream) = content.split_once("stream\n").context("content without a stream")?;
    let bytes: Vec<u8> = stream.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let mut drawn = Vec::new();
    ZlibDecoder::new(bytes.as_slice()).read_to_end(&mut drawn).context("content that is not packed")?;
    let drawn: String = drawn.iter().map(|byte| char::from(*byte)).collect();
    let mut pen = Pen { top: *height, ..Pen::default() };
    for word in drawn.split_ascii_whitespace() {
        pen.take(word);
    }
    let (width, height) = (width * MM_PER_POINT, height * MM_PER_POINT);
    Ok(Sheet { width, height, glyphs: pen.glyphs, filled: pen.filled })
}

/// `a b c d e f` of a transformation.
type Matrix = [f64; 6];

/// `first`, then `then`.
fn after(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [p, q, r, s, t, u] = then;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

struct Pen {
    /// Height of the sheet in points: the file counts from its foot.
    top: f64,
    operands: Vec<f64>,
    now: Matrix,
    kept: Vec<Matrix>,
    text: Matrix,
    size: f64,
    waiting: Vec<[f64; 4]>,
    glyphs: Vec<Glyph>,
    filled: Vec<Ruled>,
}

impl Default for Pen {
    fn default() -> Self {
        let same = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        Self {
            top: 0.0,
            operands: Vec::new(),
            now: same,
            kept: Vec::new(),
            text: same,
            size: 0.0,
            waiting: Vec::new(),
            glyphs: Vec::new(),
            filled: Vec::new(),
        }
    }
}

impl Pen {
    fn take(&mut self, word: &str) {
        if let Ok(number) = word.parse::<f64>() {
            self.operands.push(number);
            return;
        }
        let given = std::mem::take(&mut self.operands);
        let matrix = || <Matrix>::try_from(given.as_slice()).ok();
        match word {
            "q" => self.kept.push(self.now),
            "Q" => self.now = self.kept.pop().unwrap_or(self.now),
            "cm" => self.now = matrix().map_or(self.now, |by| after(by, self.now)),
            "Tm" => self.text = matrix().unwrap_or(self.text),
            "Td" => {
                if let [x, y] = given.as_slice() {
                    self.text = after([1.0, 0.0, 0.0, 1.0, *x, *y], self.text);
                }
            }
            "Tf" => self.size = given.last().copied().unwrap_or(self.size),
            "Tj" => self.glyph(),
            "re" => self.waiting.extend(<[f64; 4]>::try_from(given.as_slice())),
            "f" | "f*" => self.fill(),
            "n" => self.waiting.clear(),
            _ => {}
        }
    }

    fn glyph(&mut self) {
        let [a, b, .., x, y] = after(self.text, self.now);
        let points = self.size * a.hypot(b);
        self.glyphs.push(Glyph { x: x * MM_PER_POINT, y: (self.top - y) * MM_PER_POINT, points });
    }

    fn fill(&mut self) {
        let [a, b, c, d, _, f] = self.now;
        for [x, y, width, height] in self.waiting.drain(..) {
            let corner = |x: f64, y: f64| (self.top - (x * b + y * d + f)) * MM_PER_POINT;
            let top = corner(x, y).min(corner(x + width, y + height));
            let (width, height) = (width * a.hypot(b) * MM_PER_POINT, height * c.hypot(d) * MM_PER_POINT);
            self.filled.push(Ruled { y: top, width: width.abs(), height: height.abs() });
        }
    }
}
