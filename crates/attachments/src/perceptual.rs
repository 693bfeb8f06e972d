//! How a photo looks to a machine, so that yesterday's photo handed in again as today's proof can be noticed. Two steps:
//! [`Look`] finds among thousands what may be the same picture, [`Picture::shows_the_same`] lays two thumbnails over
//! each other and says whether it is. Whole numbers only: the same on every machine.

mod brightness;
mod overlay;

pub(crate) use self::brightness::Picture;
use self::brightness::{Sums, Window};

const COLUMNS: usize = 9;
const ROWS: usize = 8;

/// Bits of 64 in which two hashes may differ and still be looked at closely: a crop between two of those that are
/// hashed moves every cell a little.
const MAY_DIFFER: u32 = 12;

/// The crops that are hashed beside the whole: each side kept or shortened by a twentieth, in any combination.
const CROPS: usize = 15;

/// Below this a picture is a white wall or a black frame: all of those look alike. The mean step between neighbours of
/// a grid, in 1/256 levels of brightness.
const PLAIN: u64 = 256 * 3 / 2;

/// Bits in which two perceptual hashes differ: up to about 8 of 64 is most likely the same picture.
pub const fn perceptual_distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// A picture in hashes: the whole of it, and what is left of it when sides are cut off. Two of them meet when one
/// picture was cut out of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    whole: u64,
    /// Nothing for a plain picture, which takes no part.
    cropped: Option<[u64; CROPS]>,
}

impl Look {
    pub(crate) fn of(picture: &Picture) -> Self {
        let mut cropped = [0; CROPS];
        for (hash, window) in cropped.iter_mut().zip(Window::cropped()) {
            *hash = difference_hash(&picture.light, window);
        }
        let plain = picture.detail() < PLAIN;
        Self { whole: difference_hash(&picture.light, Window::WHOLE), cropped: (!plain).then_some(cropped) }
    }

    /// The hash of the whole.
    pub const fn whole(&self) -> u64 {
        self.whole
    }

    /// Whether the two may be the same picture, or cut from it.
    pub fn may_be(&self, other: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (&self.cropped, &other.cropped) else { return false };
        let near = |a: u64, b: u64| perceptual_distance(a, b) <= MAY_DIFFER;
        near(self.whole, other.whole)
            || theirs.iter().any(|crop| near(self.whole, *crop))
            || mine.iter().any(|crop| near(*crop, other.whole))
    }

    /// The crops as they are kept beside the whole.
    pub(crate) fn crops(&self) -> Vec<u8> {
        self.cropped.iter().flatten().flat_map(|hash| hash.to_be_bytes()).collect()
    }

    /// As it was kept; what has another length says nothing.
    pub(crate) fn kept(whole: &[u8], crops: &[u8]) -> Option<Self> {
        let mut hashes = [0; CROPS];
        let (parts, rest) = crops.as_chunks::<8>();
        for (hash, bytes) in hashes.iter_mut().zip(parts) {
            *hash = u64::from_be_bytes(*bytes);
        }
        let whole = u64::from_be_bytes(whole.try_into().ok()?);
        let cropped = (parts.len() == CROPS && rest.is_empty()).then_some(hashes);
        Some(Self { whole, cropped })
    }
}

/// Each bit says whether a cell of a 9 x 8 grid over the window is darker than the cell to its right.
fn difference_hash(light: &Sums, window: Window) -> u64 {
    let cells = light.grid(window, COLUMNS, ROWS);
    let rows = cells.chunks(COLUMNS).flat_map(|row| row.iter().zip(row.iter().skip(1)));
    rows.fold(0, |hash, (left, right)| (hash << 1) | u64::from(left < right))
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    #[test]
    fn the_smallest_picture_has_a_hash_and_takes_no_part() {
        let look = Look::of(&Picture::of(&RgbImage::new(1, 1)));
        assert_eq!((look.whole, look.cropped), (0, None));
        assert!(!look.may_be(&look));
    }

    #[test]
    fn a_look_is_kept_and_found_again() {
        let picture =
            RgbImage::from_fn(90, 60, |x, y| image::Rgb([(x * y % 251) as u8, (x * 2) as u8, (y * 3) as u8]));
        let look = Look::of(&Picture::of(&picture));
        assert!(look.cropped.is_some() && look.may_be(&look));
        assert_eq!(Look::kept(&look.whole.to_be_bytes(), &look.crops()), Some(look));
        let plain = Look::kept(&look.whole.to_be_bytes(), &[]).unwrap();
        assert!(!plain.may_be(&look) && !look.may_be(&plain));
        assert_eq!(Look::kept(&[1], &[]), None);
    }
}
