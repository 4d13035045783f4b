//! Grades of channels by how many users they keep for what they cost (metrics.md, last table).

/// How well a channel keeps users for its cost, held against all channels with spend together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Above the upper cut point, or at it.
    A,
    /// Between them, or at the lower.
    B,
    /// Below the lower cut point.
    C,
}

/// Users kept for a unit of cost from which a channel is an A, and below which it is a C, in percent of those of all
/// channels with spend together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cuts {
    /// From this on it is an A.
    pub upper: u16,
    /// Below this it is a C.
    pub lower: u16,
}

impl Default for Cuts {
    fn default() -> Self {
        Self { upper: 125, lower: 75 }
    }
}

/// Grades of channels by micros spent and users active on day 7; none without spend, and none at all while nobody was kept.
pub fn grades(channels: &[(Option<i128>, u64)], cuts: Cuts) -> Vec<Option<Grade>> {
    let paid =
        || channels.iter().filter_map(|(spend, kept)| Some(((*spend)?, i128::from(*kept)))).filter(|(s, _)| *s > 0);
    let (all_spend, all_kept) = paid().fold((0, 0), |(spend, kept), (s, k)| (spend + s, kept + k));
    let grade = |(spend, kept): &(Option<i128>, u64)| {
        let spend = spend.filter(|spend| *spend > 0 && all_kept > 0)?;
        let (own, all) = (i128::from(*kept) * all_spend * 100, spend * all_kept);
        Some(if own >= all * i128::from(cuts.upper) {
            Grade::A
        } else if own >= all * i128::from(cuts.lower) {
            Grade::B
        } else {
            Grade::C
        })
    };
    channels.iter().map(grade).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_channel_is_held_against_all_that_cost_together() {
        // All together keep 40 for 40.
        let channels = [(Some(10), 20), (Some(10), 10), (Some(20), 10), (None, 99), (Some(0), 5)];
        let found = grades(&channels, Cuts::default());
        assert_eq!(found, [Some(Grade::A), Some(Grade::B), Some(Grade::C), None, None]);
        let exact = grades(&channels, Cuts { upper: 100, lower: 50 });
        assert_eq!(exact, [Some(Grade::A), Some(Grade::A), Some(Grade::B), None, None]);
        assert_eq!(grades(&[(Some(10), 0)], Cuts::default()), [None]);
    }

    proptest! {
        #[test]
        fn grades_follow_users_kept_per_cost(
            channels in prop::collection::vec((prop::option::of(1_i128..1000), 0_u64..50), 1..8),
            lower in 1_u16..100, more in 0_u16..100,
        ) {
            let found = grades(&channels, Cuts { upper: lower + more, lower });
            let paid = channels.iter().filter_map(|(s, k)| s.map(|s| (s, *k)));
            let (spend, kept) = paid.fold((0.0, 0.0), |(a, b), (s, k)| (a + s as f64, b + k as f64));
            for ((own, kept_here), grade) in channels.iter().zip(&found) {
                let Some(own) = own.filter(|_| kept > 0.0) else { prop_assert_eq!(*grade, None); continue };
                let share = *kept_here as f64 / own as f64 / (kept / spend) * 100.0;
                if (share - f64::from(lower)).abs() > 1e-6 && (share - f64::from(lower + more)).abs() > 1e-6 {
                    let want = if share > f64::from(lower + more) { Grade::A }
                        else if share > f64::from(lower) { Grade::B } else { Grade::C };
                    prop_assert_eq!(*grade, Some(want));
                }
            }
        }
    }
}
