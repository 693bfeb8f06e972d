//! 疑似重复: whether two registrations of one school speak of the same defect. A suggestion for people, never a
//! decision; what it is worth is measured on labelled pairs in `tests/alike.rs`.

mod spots;

use std::collections::{BTreeSet, HashSet};

use rules::{RuleBook, SpokenOf};

use self::spots::Spots;

/// What speaks for the same defect, in points, and against it. Found on labelled pairs; round numbers, because the pairs
/// say no more.
mod points {
    pub(super) const SAME_THING: f64 = 2.0;
    /// Alone it says little: many things are loose or broken.
    pub(super) const SAME_FAULT: f64 = 2.0;
    /// Of the same thing.
    pub(super) const BOTH: f64 = 3.0;
    pub(super) const OTHER_FAULT: f64 = -4.0;
    /// For each kind of exact place, the first two.
    pub(super) const SAME_SPOT: f64 = 1.0;
    pub(super) const SAME_PLACE: f64 = 1.0;
    /// Times the share of characters that both have.
    pub(super) const CHARACTERS: f64 = 4.0;
    pub(super) const ENOUGH: f64 = 4.0;
}
/// Exact places beyond this many say nothing more.
const SPOTS_COUNTED: usize = 2;

/// What a hazard says of itself, ready to be compared.
pub(crate) struct Said {
    spoken: SpokenOf,
    spots: Spots,
    characters: HashSet<char>,
}

/// Why two are taken for the same: the words that stand for what both speak of. Empty where their texts alone agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alike {
    /// 灭火器, 过期
    pub words: Vec<String>,
}

impl Said {
    pub(crate) fn new(rules: &RuleBook, place: &str, description: &str) -> Self {
        let spoken = rules.spoken_of(place, description);
        Self {
            spots: Spots::within(&format!("{}|{}", spoken.place, spoken.words)),
            characters: spoken.words.chars().collect(),
            spoken,
        }
    }

    /// Whether both speak of the same defect. What names another place or thing does not; another
    /// fault speaks against it.
    pub(crate) fn alike(&self, other: &Self, rules: &RuleBook) -> Option<Alike> {
        let (mine, theirs) = (&self.spoken, &other.spoken);
        if self.spots.contradict(&other.spots) || contradict(&mine.places, &theirs.places) {
            return None;
        }
        if contradict(&mine.things, &theirs.things) {
            return None;
        }
        (self.points(other) >= points::ENOUGH).then(|| self.common(other, rules))
    }

    fn points(&self, other: &Self) -> f64 {
        let (mine, theirs) = (&self.spoken, &other.spoken);
        let when = |holds: bool, points: f64| if holds { points } else { 0.0 };
        let thing = !mine.things.is_disjoint(&theirs.things);
        let fault = !mine.faults.is_disjoint(&theirs.faults);
        when(thing, points::SAME_THING)
            + when(fault, points::SAME_FAULT)
            + when(thing && fault, points::BOTH)
            + when(contradict(&mine.faults, &theirs.faults), points::OTHER_FAULT)
            + when(!mine.places.is_disjoint(&theirs.places), points::SAME_PLACE)
            + points::SAME_SPOT * count(self.spots.agreeing(&other.spots).min(SPOTS_COUNTED))
            + points::CHARACTERS * share(&self.characters, &other.characters)
    }

    fn common(&self, other: &Self, rules: &RuleBook) -> Alike {
        let (mine, theirs) = (&self.spoken, &other.spoken);
        let things = mine.things.intersection(&theirs.things).filter_map(|one| rules.thing_word(*one));
        let faults = mine.faults.intersection(&theirs.faults).filter_map(|one| rules.fault_word(*one));
        Alike { words: things.chain(faults).map(str::to_owned).collect() }
    }
}

/// Both name something, and nothing is in both.
fn contradict<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// What two sets have in common, as a share of both.
fn share(one: &HashSet<char>, other: &HashSet<char>) -> f64 {
    let both = one.len() + other.len();
    if both == 0 { 0.0 } else { 2.0 * count(one.intersection(other).count()) / count(both) }
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
