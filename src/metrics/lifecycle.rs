//! Where a user stands in a period against the one before it (metrics.md §10): the same four groups that the growth
//! metrics count.

use crate::domain::calendar::{Day, Span};

/// A user's place in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifecycle {
    /// First active day ever in the period.
    New,
    /// Active in the period and in the one before.
    Returning,
    /// Active in the period, not in the one before, but earlier.
    Resurrected,
    /// Active in the period before, not in this one.
    Dormant,
}

impl Lifecycle {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::New, Self::Returning, Self::Resurrected, Self::Dormant];

    /// As it is written in exports: `new`, `returning`, `resurrected`, `dormant`.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Returning => "returning",
            Self::Resurrected => "resurrected",
            Self::Dormant => "dormant",
        }
    }

    /// Reads a name that [`Lifecycle::name`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == text)
    }
}

/// The place of a user with some active days, ascending; `None` outside of both periods. `before` ends the day before
/// `now` begins.
pub fn place(days: &[Day], before: Span, now: Span) -> Option<Lifecycle> {
    let active =
        |span: Span| days[days.partition_point(|d| *d < span.first)..].first().is_some_and(|d| *d <= span.last);
    match (active(before), active(now)) {
        (true, true) => Some(Lifecycle::Returning),
        (true, false) => Some(Lifecycle::Dormant),
        (false, true) if days.first().is_some_and(|first| *first < now.first) => Some(Lifecycle::Resurrected),
        (false, true) => Some(Lifecycle::New),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::activity::growth;
    use super::super::presence::{Audience, UserDays};
    use super::super::turnout::Turnout;
    use super::*;
    use crate::domain::calendar::Calendar;

    proptest! {
        #[test]
        fn places_are_what_the_growth_metrics_count(
            pairs in prop::collection::vec((0_u32..12, 0_i32..30), 0..60),
            first in 5_i32..20,
            length in 1_i32..6,
        ) {
            let days = UserDays::from_pairs(pairs.into_iter().map(|(u, d)| (u, Day(d))).collect());
            let audience = Audience::new(&days, None, Day(40));
            let now = Span { first: Day(first), last: Day(first + length - 1) };
            let before = Span { first: Day(first - length), last: Day(first - 1) };
            let want = growth(audience, &Turnout::new(&days, None, Calendar::UTC), &[before, now])[1];
            let count = |state| audience.each().filter(|(_, d)| place(d, before, now) == Some(state)).count() as u64;
            prop_assert_eq!(
                [Lifecycle::New, Lifecycle::Returning, Lifecycle::Resurrected, Lifecycle::Dormant].map(count),
                [want.new, want.returning, want.resurrected, want.dormant]
            );
        }
    }

    #[test]
    fn names_come_back() {
        assert!(Lifecycle::ALL.iter().all(|state| Lifecycle::parse(state.name()) == Some(*state)));
        assert_eq!(Lifecycle::parse("gone"), None);
    }
}
