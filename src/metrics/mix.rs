//! Whether a rate changed because the segments changed (mix) or because people in them did (rate): Kitagawa's midpoint
//! split, centred so that each segment's mix has a meaning (planning.md §3.8, T27, T28; reading A21).

/// One segment before and now: people (or any base) and successes (or any sum over the base).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Base before.
    pub n0: i128,
    /// Successes before.
    pub k0: i128,
    /// Base now.
    pub n1: i128,
    /// Successes now.
    pub k1: i128,
}

/// Part of a segment in the change, as a difference of fractions.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Effect {
    /// Because its rate changed.
    pub rate: f64,
    /// Because its share changed, against the mean rate of all.
    pub mix: f64,
}

/// A change of a rate with its parts: `after - before = Σ rate + Σ mix`.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Rate of all before.
    pub before: f64,
    /// Rate of all now.
    pub after: f64,
    /// One for each segment, in order.
    pub segments: Vec<Effect>,
    /// Sum over the segments.
    pub total: Effect,
}

impl Split {
    /// Change of the rate of all.
    pub fn change(&self) -> f64 {
        self.after - self.before
    }
}

/// The split of a change by segments that hold everybody once; `None` where nobody is there before or now.
///
/// A segment that is empty in one period takes the rate of the other, so its whole effect is mix.
pub fn split(segments: &[Segment]) -> Option<Split> {
    let sum = |of: fn(&Segment) -> i128| segments.iter().map(of).sum::<i128>();
    let before = ratio(sum(|s| s.k0), sum(|s| s.n0))?;
    let after = ratio(sum(|s| s.k1), sum(|s| s.n1))?;
    let (n0, n1) = (sum(|s| s.n0), sum(|s| s.n1));
    let middle = f64::midpoint(before, after);
    let effect = |s: &Segment| {
        let (Some(w0), Some(w1)) = (ratio(s.n0, n0), ratio(s.n1, n1)) else { return Effect::default() };
        let (r0, r1) = match (ratio(s.k0, s.n0), ratio(s.k1, s.n1)) {
            (Some(r0), Some(r1)) => (r0, r1),
            (Some(r), None) | (None, Some(r)) => (r, r),
            (None, None) => return Effect::default(),
        };
        Effect { rate: f64::midpoint(w0, w1) * (r1 - r0), mix: (w1 - w0) * (f64::midpoint(r0, r1) - middle) }
    };
    let effects: Vec<Effect> = segments.iter().map(effect).collect();
    let add = |sum: Effect, e: &Effect| Effect { rate: sum.rate + e.rate, mix: sum.mix + e.mix };
    let total = effects.iter().fold(Effect::default(), add);
    Some(Split { before, after, segments: effects, total })
}

fn ratio(k: i128, n: i128) -> Option<f64> {
    (n != 0).then(|| k as f64 / n as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-12, "{got} {want}");
    }

    #[test]
    fn quality_fell_with_no_segment_getting_worse() {
        // T27.
        let organic = Segment { n0: 7000, k0: 2100, n1: 4000, k1: 1200 };
        let paid = Segment { n0: 3000, k0: 450, n1: 6000, k1: 900 };
        let s = split(&[organic, paid]).unwrap();
        near(s.before, 0.255);
        near(s.after, 0.21);
        near(s.segments[0].rate, 0.0);
        near(s.segments[1].rate, 0.0);
        near(s.segments[0].mix, -0.02025);
        near(s.segments[1].mix, -0.02475);
        near(s.change(), -0.045);
        // T28: the same with 28 % and 16 % now.
        let s = split(&[Segment { k1: 1120, ..organic }, Segment { k1: 960, ..paid }]).unwrap();
        near(s.after, 0.208);
        near(s.segments[0].rate, -0.011);
        near(s.segments[1].rate, 0.0045);
        near(s.segments[0].mix, -0.01755);
        near(s.segments[1].mix, -0.02295);
        near(s.total.rate, -0.0065);
        near(s.total.mix, -0.0405);
    }

    #[test]
    fn a_new_segment_is_all_mix() {
        let old = Segment { n0: 10, k0: 5, n1: 10, k1: 5 };
        let new = Segment { n0: 0, k0: 0, n1: 10, k1: 1 };
        let s = split(&[old, new]).unwrap();
        near(s.total.rate, 0.0);
        near(s.total.mix, -0.2);
        assert_eq!(split(&[new]), None);
        assert_eq!(split(&[]), None);
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_change(counts in prop::collection::vec(prop::array::uniform4(0_i128..50), 1..6)) {
            let segments: Vec<Segment> =
                counts.iter().map(|[n0, k0, n1, k1]| Segment { n0: *n0, k0: *k0.min(n0), n1: *n1, k1: *k1.min(n1) }).collect();
            if let Some(s) = split(&segments) {
                prop_assert!((s.total.rate + s.total.mix - s.change()).abs() < 1e-9);
                // Nobody's rate changed: all is mix. Nobody's share changed: all is rate.
                let same: Vec<Segment> = segments.iter().map(|s| Segment { n1: s.n0, ..*s }).collect();
                if let Some(same) = split(&same) {
                    prop_assert!(same.total.mix.abs() < 1e-9);
                }
            }
        }
    }
}
