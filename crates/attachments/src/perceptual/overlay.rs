//! Two pictures laid over each other: is one cut out of the other? A photo of the same place taken again differs
//! somewhere, however alike the places are; a copy differs nowhere.

use super::brightness::{Picture, SIDE, Sums, Window, step};

/// Cells a side: small enough that a thing of a few hundredths of the picture fills one.
const CELLS: usize = 40;
/// The most that is taken off a side while the fit is looked for.
const MOST_CUT: u32 = SIDE * 7 / 100;
/// The steps by which a side is moved until it fits: 1 %, 0.5 %, 0.25 %, 0.1 %.
const STEPS: [u32; 4] = [SIDE / 100, SIDE / 200, SIDE / 400, SIDE / 1_000];
/// Moves in one step: a side never goes further than from one end to the other.
const MOVES: usize = 24;
/// Levels, in 1/256, by which the worst cell may differ.
const WORST: u64 = 256 * 16;
/// Levels, in 1/256, that compressing again costs everywhere.
const NOISE: u64 = 256 / 2;

impl Picture {
    /// The two are the same picture, or one of them is cut out of the other.
    pub(crate) fn shows_the_same(&self, other: &Self) -> bool {
        cut_out_of(self, other) || cut_out_of(other, self)
    }
}

/// `part` is `whole`, or what is left of it when its sides are shortened.
fn cut_out_of(whole: &Picture, part: &Picture) -> bool {
    let wanted = cells(&part.light, Window::WHOLE);
    let differs = |window: Window| difference(&cells(&whole.light, window), &wanted);
    let first = std::iter::once(Window::WHOLE).chain(Window::cropped());
    let Some(mut best) = first.map(|window| (differs(window), window)).min_by_key(|found| found.0) else {
        return false;
    };
    for by in STEPS {
        for _ in 0..MOVES {
            let moved = moves(best.1, by).map(|window| (differs(window), window));
            match moved.min_by_key(|found| found.0) {
                Some(better) if better.0 < best.0 => best = better,
                _ => break,
            }
        }
    }
    let ((mean, worst), window) = best;
    worst <= WORST
        && mean <= step(&wanted, CELLS) / 4 + NOISE
        && difference(&cells(&whole.warmth, window), &cells(&part.warmth, Window::WHOLE)).1 <= WORST
}

/// The windows with both ends of one direction moved or kept: shifted, wider, narrower.
fn moves(from: Window, by: u32) -> impl Iterator<Item = Window> {
    let ends = move |cut: u32| [cut, cut.saturating_sub(by), (cut + by).min(MOST_CUT)];
    let across = ends(from.left)
        .into_iter()
        .flat_map(move |left| ends(from.right).map(|right| Window { left, right, ..from }));
    let down = ends(from.top)
        .into_iter()
        .flat_map(move |top| ends(from.bottom).map(|bottom| Window { top, bottom, ..from }));
    across.chain(down).filter(move |window| *window != from)
}

/// A fine grid, around its mean: a copy that was made a little brighter is a copy.
fn cells(sums: &Sums, window: Window) -> Vec<i64> {
    let cells = sums.grid(window, CELLS, CELLS);
    let count = i64::try_from(cells.len()).unwrap_or(i64::MAX).max(1);
    let mean = cells.iter().sum::<i64>() / count;
    cells.into_iter().map(|cell| cell - mean).collect()
}

/// The mean and the worst difference of two grids.
fn difference(a: &[i64], b: &[i64]) -> (u64, u64) {
    let (mut sum, mut worst, mut count) = (0_u64, 0_u64, 0_u64);
    for difference in a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)) {
        sum += difference;
        worst = worst.max(difference);
        count += 1;
    }
    (sum / count.max(1), worst)
}
