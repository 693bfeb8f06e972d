//! Photos of a fix that were used before: taken over as they were looked up, never a reason to refuse.

use super::Judge;
use crate::{
    command::UsedBefore,
    event::{Photo, Reused},
};

impl Judge<'_> {
    /// What was found of the act's own photos; what is claimed of others says nothing about it.
    pub(super) fn reused(&self, found: &[UsedBefore], photos: &[Photo]) -> Vec<Reused> {
        let mut reused: Vec<Reused> = Vec::new();
        for UsedBefore { photo, other } in found {
            let place =
                photos.iter().position(|own| own == photo).and_then(|place| u32::try_from(place).ok());
            let itself = other.is_some_and(|other| other.hazard == self.context.stream);
            if let Some(photo) = place.filter(|_| !itself) {
                let one = Reused { photo, other: *other };
                if !reused.contains(&one) {
                    reused.push(one);
                }
            }
        }
        reused
    }
}
