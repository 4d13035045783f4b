//! Repeatable chance: the same seed gives the same sample workspace on every machine.

/// Odd constant of `SplitMix64` (Steele, Lea, Flood 2014), 2^64 divided by the golden ratio.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// A `SplitMix64` generator. Its fractions use only exact operations on 53 bits, so no machine rounds differently.
pub struct Dice(u64);

impl Dice {
    /// An independent sequence for one thing (`about`) of one kind (`stream`).
    pub fn new(seed: u64, stream: u64, about: u64) -> Self {
        Self(mix(mix(mix(seed) ^ stream.wrapping_mul(GAMMA)) ^ about.wrapping_mul(GAMMA)))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// A fraction from 0 to below 1.
    pub fn fraction(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.fraction() * (high - low + 1) as f64) as i64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// Index of a weight, drawn in proportion to the weights; 0 when there are none.
    pub fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.fraction() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }
}

/// The finaliser of `SplitMix64`.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        // First outputs for seed 1234567, as printed by the reference implementation.
        let mut dice = Dice(1_234_567);
        assert_eq!(dice.bits(), 6_457_827_717_110_365_317);
        assert_eq!(dice.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn weights_are_followed() {
        let mut dice = Dice::new(1, 2, 3);
        let mut hits = [0_u32; 3];
        for _ in 0..10_000 {
            hits[dice.pick(&[1.0, 0.0, 3.0])] += 1;
        }
        assert_eq!(hits[1], 0);
        assert!((2_300..2_700).contains(&hits[0]), "{hits:?}");
        assert_eq!(dice.pick(&[]), 0);
    }
}
