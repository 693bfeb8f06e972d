//! A 64-bit difference hash: near-equal for the same scene recompressed or resized, so that yesterday's photo
//! handed in again as today's proof can be noticed. Whole numbers only: the same on every machine.

use image::RgbImage;

const COLUMNS: u32 = 9;
const ROWS: u32 = 8;

/// Bits in which two perceptual hashes differ: up to about 8 of 64 is most likely the same picture.
pub const fn perceptual_distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// Each bit says whether a cell of a 9 x 8 grid is darker than the cell to its right.
pub(crate) fn difference_hash(picture: &RgbImage) -> u64 {
    let mut hash = 0_u64;
    for row in 0..ROWS {
        let mut left = None;
        for column in 0..COLUMNS {
            let cell = mean_luma(picture, column, row);
            if let Some(left) = left.replace(cell) {
                hash = (hash << 1) | u64::from(left < cell);
            }
        }
    }
    hash
}

/// The mean brightness of one cell, in 1/256 steps.
fn mean_luma(picture: &RgbImage, column: u32, row: u32) -> u64 {
    let (left, right) = span(picture.width(), column, COLUMNS);
    let (top, bottom) = span(picture.height(), row, ROWS);
    let mut sum = 0_u64;
    for y in top..bottom {
        for x in left..right {
            let [red, green, blue] = picture.get_pixel(x, y).0.map(u64::from);
            sum += red * 77 + green * 150 + blue * 29;
        }
    }
    sum / (u64::from(right - left) * u64::from(bottom - top)).max(1)
}

/// The pixels of the `index`th of `parts` cells: at least one, even in a picture smaller than the grid.
fn span(length: u32, index: u32, parts: u32) -> (u32, u32) {
    let start = (length * index / parts).min(length.saturating_sub(1));
    let end = (length * (index + 1) / parts).clamp(start + 1, length.max(start + 1));
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_picture_has_a_hash_and_cells_cover_the_whole() {
        assert_eq!(difference_hash(&RgbImage::new(1, 1)), 0);
        assert_eq!(span(320, 0, 9).0, 0);
        assert_eq!(span(320, 8, 9).1, 320);
        for index in 1..9 {
            assert_eq!(span(320, index - 1, 9).1, span(320, index, 9).0);
        }
    }
}
