//! Chance, repeated exactly by the same seed: SplitMix64, forked by name so that one part never moves another.

/// A stream of chance.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// From the plan's seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// Another stream, the same for the same name and number.
    pub(super) fn fork(&self, name: &str, number: u64) -> Self {
        let mut hash = self.0 ^ 0xCBF2_9CE4_8422_2325;
        for byte in name.bytes().chain(number.to_be_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        let mut dice = Self(hash);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to but not including 1.
    pub(super) fn unit(&mut self) -> f64 {
        // 53 bits fit a double exactly.
        let top = (self.next() >> 11) as f64;
        top / 9_007_199_254_740_992.0
    }

    /// True so often.
    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.next() % span).unwrap_or(0))
    }

    /// From `low` to `high`.
    pub(super) fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// About `median`, with a long tail to the right.
    pub(super) fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        let (a, b) = (self.unit().max(1e-12), self.unit());
        let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
        median * (sigma * normal).exp()
    }

    /// A place in a list of so many.
    pub(super) fn place(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % count).unwrap_or(0)
    }

    /// One of them.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.place(from.len());
        from.get(at)
    }

    /// One of the words, or nothing when there are none.
    pub(super) fn word<'a>(&mut self, from: &'a [String]) -> &'a str {
        self.pick(from).map_or("", String::as_str)
    }

    /// A place in a list of weights.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0)
    }
}
