//! Where a seed's chances come from.

use kernel::IdSource;

pub(crate) struct Dice(IdSource);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(IdSource::seeded(seed))
    }

    /// From 0 up to, but without, `end`.
    pub(crate) fn below(&self, end: usize) -> usize {
        let drawn = u64::from_le_bytes(self.0.bytes());
        usize::try_from(drawn % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn percent(&self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn shuffle<T>(&self, all: &mut [T]) {
        for end in (1..all.len()).rev() {
            all.swap(end, self.below(end + 1));
        }
    }
}
