//! A picture summed up once, so that the mean of any rectangle costs four look-ups.

use image::RgbImage;

/// Parts of a side in which a window is measured.
pub(super) const SIDE: u32 = 4_000;
/// The part that a crop takes off a side: a twentieth.
const CROP: u32 = SIDE / 20;
/// Steps between two pixels: cells end where they end, not at the next pixel.
const FINE: u64 = 256;
/// The grid on which it is asked whether there is anything to see.
const DETAIL: usize = 32;

/// What is cut off a picture, in parts of [`SIDE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Window {
    pub const WHOLE: Self = Self { left: 0, top: 0, right: 0, bottom: 0 };

    /// Every combination of sides shortened, but for none.
    pub fn cropped() -> impl Iterator<Item = Self> {
        (1..16).map(|sides: u32| {
            let cut = |bit: u32| if sides & bit == 0 { 0 } else { CROP };
            Self { left: cut(1), top: cut(2), right: cut(4), bottom: cut(8) }
        })
    }
}

/// A picture as it is compared.
pub(crate) struct Picture {
    /// How bright it is.
    pub light: Sums,
    /// How much more red than blue: what differs in colour alone.
    pub warmth: Sums,
}

impl Picture {
    /// Made for thumbnails: a few hundred pixels a side.
    pub fn of(picture: &RgbImage) -> Self {
        Self {
            light: Sums::of(picture, |[red, green, blue]| red * 77 + green * 150 + blue * 29),
            warmth: Sums::of(picture, |[red, _, blue]| (red + 255 - blue) * 128),
        }
    }

    /// How much there is to see: the mean step between neighbouring cells of a fine grid, in 1/256 levels.
    pub(super) fn detail(&self) -> u64 {
        step(&self.light.grid(Window::WHOLE, DETAIL, DETAIL), DETAIL)
    }
}

/// Sums from the upper left corner, in 1/256 levels: one row and one column more than there are pixels.
pub(crate) struct Sums {
    width: u32,
    height: u32,
    sums: Vec<u64>,
}

impl Sums {
    fn of(picture: &RgbImage, weigh: fn([u64; 3]) -> u64) -> Self {
        let (width, height) = picture.dimensions();
        let mut above = vec![0_u64; picture.rows().next().map_or(0, |row| row.len()) + 1];
        let mut sums = above.clone();
        for row in picture.rows() {
            let (mut sum, mut next) = (0_u64, vec![0_u64]);
            for (pixel, above) in row.zip(above.iter().skip(1)) {
                sum += weigh(pixel.0.map(u64::from));
                next.push(above + sum);
            }
            sums.extend(&next);
            above = next;
        }
        Self { width, height, sums }
    }

    /// The mean, in 1/256 levels, of each cell of a grid over the window, row by row.
    pub(super) fn grid(&self, window: Window, columns: usize, rows: usize) -> Vec<i64> {
        let across = lines(self.width, (window.left, window.right), columns);
        let down = lines(self.height, (window.top, window.bottom), rows);
        let corners: Vec<Vec<u64>> =
            down.iter().map(|y| across.iter().map(|x| self.sum_to(*x, *y)).collect()).collect();
        let mut cells = Vec::with_capacity(columns * rows);
        for ((above, below), y) in corners.iter().zip(corners.iter().skip(1)).zip(down.windows(2)) {
            let pairs = above.windows(2).zip(below.windows(2)).zip(across.windows(2));
            cells.extend(pairs.map(|((above, below), x)| {
                let area = (span(x) * span(y)).max(1);
                let sum = span(below).saturating_sub(span(above)) / area;
                i64::try_from(sum).unwrap_or(i64::MAX)
            }));
        }
        cells
    }

    /// The sum of all that lies left of `x` and above `y`, both in [`FINE`] steps, times the square of [`FINE`].
    fn sum_to(&self, x: u64, y: u64) -> u64 {
        let (column, row) = (x / FINE, y / FINE);
        let (right, below) = (x % FINE, y % FINE);
        let at = |column: u64, row: u64| {
            let index = row * (u64::from(self.width) + 1) + column;
            usize::try_from(index).ok().and_then(|index| self.sums.get(index)).copied().unwrap_or_default()
        };
        let along = |row: u64| {
            let last = column.min(u64::from(self.width));
            let next = (column + 1).min(u64::from(self.width));
            at(last, row) * (FINE - right) + at(next, row) * right
        };
        along(row.min(u64::from(self.height))) * (FINE - below)
            + along((row + 1).min(u64::from(self.height))) * below
    }
}

/// The mean step between neighbours of a grid, in both directions.
pub(super) fn step(cells: &[i64], columns: usize) -> u64 {
    let right = cells.chunks(columns).flat_map(|row| row.iter().zip(row.iter().skip(1)));
    let below = cells.iter().zip(cells.iter().skip(columns));
    let (mut sum, mut count) = (0, 0);
    for (a, b) in right.chain(below) {
        sum += a.abs_diff(*b);
        count += 1;
    }
    sum / u64::max(count, 1)
}

/// Where the cells of one direction begin and end, in [`FINE`] steps.
fn lines(length: u32, (cut_before, cut_after): (u32, u32), parts: usize) -> Vec<u64> {
    let (from, to) = (u64::from(cut_before), u64::from(SIDE.saturating_sub(cut_after)));
    let parts = parts as u64;
    let at = |line: u64| (from * (parts - line) + to * line) * u64::from(length) * FINE;
    (0..=parts).map(|line| at(line) / (parts * u64::from(SIDE))).collect()
}

/// From the first of two to the second.
fn span(pair: &[u64]) -> u64 {
    match pair {
        [from, to] => to.saturating_sub(*from),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn cells_are_means_also_where_they_end_within_a_pixel() {
        let stripes = RgbImage::from_fn(3, 1, |x, _| Rgb([if x == 0 { 0 } else { 200 }; 3]));
        let stripes = Picture::of(&stripes).light;
        assert_eq!(stripes.grid(Window::WHOLE, 3, 1), [0, 200 * 256, 200 * 256]);
        // The first half of three pixels is the dark one and half of the next.
        assert_eq!(stripes.grid(Window::WHOLE, 2, 1), [200 * 256 / 3, 200 * 256]);
        let right = Window { left: SIDE / 2, ..Window::WHOLE };
        assert_eq!(stripes.grid(right, 1, 1), [200 * 256]);
    }

    #[test]
    fn every_combination_of_sides_is_cropped_once() {
        let all: Vec<Window> = Window::cropped().collect();
        assert_eq!(all.len(), 15);
        assert!(!all.contains(&Window::WHOLE));
        assert!(all.iter().all(|window| all.iter().filter(|other| *other == window).count() == 1));
    }
}
