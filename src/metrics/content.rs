//! Numbers about what is published: who saw, finished, liked and passed on an item, whether it came in time, and what its
//! viewers did within a week.
//!
//! What items bring is credited twice: to the first content that a user ever viewed, and to the last that he viewed
//! before. Either way everything is credited at most once, so that the items and what nobody earned add up to the whole.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::number::Number;
use super::presence::BucketMap;
use crate::domain::calendar::{DAY_MICROS, Day, Instant, Span};

/// Days of an item's report, and days after a view within which something is credited to it.
pub const WEEK: i32 = 7;
/// The same as time: 7 times 24 hours, its end included as in a funnel's window. Hours rather than calendar days, so that
/// an evening's view earns no less than a morning's.
const CREDITED_FOR: i64 = WEEK as i64 * DAY_MICROS;

/// What is done with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Seen.
    View,
    /// Read, watched or heard to its end.
    Complete,
    /// Liked, commented, kept.
    Engage,
    /// Passed on.
    Share,
}

/// One thing done with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub act: Act,
    /// With which item.
    pub item: u32,
    /// By whom; `None` counts as an event, never as a user.
    pub user: Option<u32>,
    /// On which local day.
    pub day: Day,
}

/// What was done with one item, or with several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Views, with or without a user.
    pub views: u64,
    /// Users who viewed anything.
    pub uniques: u64,
    /// Users who viewed, each counted once an item.
    pub viewers: u64,
    /// Users who completed, each counted once an item.
    pub completed: u64,
    /// Users who engaged, each counted once an item.
    pub engaged: u64,
    /// Shares, with or without a user.
    pub shares: u64,
    /// Users who shared anything.
    pub sharers: u64,
}

impl Reach {
    /// Users who completed over users who viewed, pooled over the items. Above 1 where more is completed than viewed in the
    /// same days.
    pub fn completion(&self) -> Number {
        Number::ratio(self.completed.into(), self.viewers.into())
    }

    /// Users who engaged over users who viewed, pooled over the items.
    pub fn engagement(&self) -> Number {
        Number::ratio(self.engaged.into(), self.viewers.into())
    }
}

/// What was done in each bucket.
pub fn reach<'d>(deeds: impl IntoIterator<Item = &'d Deed>, buckets: &[Span]) -> Vec<Reach> {
    let map = BucketMap::new(buckets);
    let mut out = vec![Reach::default(); buckets.len()];
    let mut of_items: FxHashSet<(usize, Act, u32, u32)> = FxHashSet::default();
    let mut of_all: FxHashSet<(usize, Act, u32)> = FxHashSet::default();
    for deed in deeds {
        let Some((at, sums)) = map.of(deed.day).and_then(|at| Some((at, out.get_mut(at)?))) else { continue };
        let new_pair = deed.user.is_some_and(|user| of_items.insert((at, deed.act, deed.item, user)));
        let mut new_user = || deed.user.is_some_and(|user| of_all.insert((at, deed.act, user)));
        match deed.act {
            Act::View => {
                sums.views += 1;
                sums.viewers += u64::from(new_pair);
                sums.uniques += u64::from(new_pair && new_user());
            }
            Act::Complete => sums.completed += u64::from(new_pair),
            Act::Engage => sums.engaged += u64::from(new_pair),
            Act::Share => {
                sums.shares += 1;
                sums.sharers += u64::from(new_pair && new_user());
            }
        }
    }
    out
}

/// The seven days of an item's report: the day of its publication and the six after it.
pub fn report_days(published: Day) -> Span {
    Span { first: published, last: published.plus(WEEK - 1) }
}

/// Items published on or before the day that was planned, and items due, by the bucket of that day. An item is due once
/// the day is over, `known` being the last that is: who is early on a day that still runs would count, who is late would not.
pub fn on_time(items: impl IntoIterator<Item = (Day, Option<Day>)>, known: Day, buckets: &[Span]) -> Vec<(u64, u64)> {
    let map = BucketMap::new(buckets);
    let mut out = vec![(0, 0); buckets.len()];
    for (planned, published) in items.into_iter().filter(|(planned, _)| *planned <= known) {
        if let Some(sums) = map.of(planned).and_then(|at| out.get_mut(at)) {
            *sums = (sums.0 + u64::from(published.is_some_and(|day| day <= planned)), sums.1 + 1);
        }
    }
    out
}

/// A view of an item by a user who is known; in order of time, at one instant of item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Viewed {
    /// When.
    pub at: Instant,
    /// What.
    pub item: u32,
}

/// Which content earns what its viewers bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The first that the user ever viewed.
    First,
    /// The last that he viewed before.
    Last,
}

/// Something to be credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gain {
    /// When; it must be at most 7 days after the view.
    pub at: Instant,
    /// Only views up to then earn it. A refund has the time of its payment, so that it is taken from who earned that.
    pub earned: Instant,
    /// Its place among the buckets that are asked for.
    pub bucket: usize,
    /// A sign-up, or an amount in micros.
    pub value: GainOf,
}

/// What is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GainOf {
    /// A sign-up.
    Signup,
    /// A payment, or a refund below 0.
    Money(i64),
}

/// What was earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Earned {
    /// Sign-ups.
    pub signups: u64,
    /// Payments less refunds, in micros.
    pub net: i128,
}

impl Earned {
    /// Adds what another earned.
    pub fn add(&mut self, other: Self) {
        self.signups += other.signups;
        self.net += other.net;
    }

    fn take(&mut self, gain: GainOf) {
        match gain {
            GainOf::Signup => self.signups += 1,
            GainOf::Money(amount) => self.net += i128::from(amount),
        }
    }
}

/// The content that earns a gain; `views` are those of its user in ascending order. A view at the instant of the gain counts
/// as before it.
pub fn credited(views: &[Viewed], gain: &Gain, pick: Pick) -> Option<u32> {
    let before = &views[..views.partition_point(|view| view.at <= gain.earned)];
    let view = match pick {
        Pick::First => before.first(),
        Pick::Last => before.last(),
    };
    view.filter(|view| (0..=CREDITED_FOR).contains(&gain.at.0.saturating_sub(view.at.0))).map(|view| view.item)
}

/// What one user brought, with the content he viewed in ascending order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journey {
    /// His views.
    pub views: Vec<Viewed>,
    /// His sign-ups, payments and refunds.
    pub gains: Vec<Gain>,
}

/// Who earned what in each bucket: items, and `None` for what no item did.
pub type Credit = BTreeMap<Option<u32>, Earned>;

/// Credits everything once. The sums of a bucket are all that its gains brought.
pub fn credit<'j>(journeys: impl IntoIterator<Item = &'j Journey>, pick: Pick, buckets: usize) -> Vec<Credit> {
    let mut out = vec![Credit::new(); buckets];
    for journey in journeys {
        for gain in &journey.gains {
            if let Some(sums) = out.get_mut(gain.bucket) {
                sums.entry(credited(&journey.views, gain, pick)).or_default().take(gain.value);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const ALL: [Span; 1] = [Span { first: Day(0), last: Day(9) }];

    fn deed(act: Act, item: u32, user: Option<u32>) -> Deed {
        Deed { act, item, user, day: Day(0) }
    }

    fn views(list: &[(i64, u32)]) -> Vec<Viewed> {
        list.iter().map(|(at, item)| Viewed { at: Instant(*at), item: *item }).collect()
    }

    fn signup(at: i64) -> Gain {
        Gain { at: Instant(at), earned: Instant(at), bucket: 0, value: GainOf::Signup }
    }

    #[test]
    fn a_user_counts_once_an_item_and_once_in_all() {
        let deeds = [
            deed(Act::View, 1, Some(7)),
            deed(Act::View, 1, Some(7)),
            deed(Act::View, 2, Some(7)),
            deed(Act::View, 2, None),
            deed(Act::Complete, 1, Some(7)),
            deed(Act::Engage, 2, None),
            deed(Act::Share, 1, Some(7)),
            deed(Act::Share, 2, Some(7)),
            deed(Act::Share, 2, None),
        ];
        let all = reach(&deeds, &ALL)[0];
        assert_eq!((all.views, all.uniques, all.viewers, all.shares, all.sharers), (4, 1, 2, 3, 1));
        assert_eq!(all.completion(), Number::ratio(1, 2));
        assert_eq!(all.engagement(), Number::ratio(0, 2), "who is not known is no user");
        let none = reach(&deeds, &[Span { first: Day(1), last: Day(1) }])[0];
        assert_eq!((none, none.completion()), (Reach::default(), Number::None));
    }

    #[test]
    fn credit_ends_with_the_last_instant_of_seven_days() {
        let seen = views(&[(10, 1), (20, 2)]);
        let of = |at: i64, pick| credited(&seen, &signup(at), pick);
        assert_eq!((of(9, Pick::First), of(9, Pick::Last)), (None, None), "nothing was viewed before");
        assert_eq!((of(10, Pick::First), of(10, Pick::Last)), (Some(1), Some(1)), "at the same instant");
        assert_eq!((of(20, Pick::First), of(20, Pick::Last)), (Some(1), Some(2)));
        let ends = 10 + CREDITED_FOR;
        assert_eq!((of(ends, Pick::First), of(ends + 1, Pick::First)), (Some(1), None));
        assert_eq!((of(ends + 10, Pick::Last), of(ends + 11, Pick::Last)), (Some(2), None));
    }

    #[test]
    fn a_refund_is_taken_from_who_earned_the_payment_and_only_within_the_week() {
        let journey = |refunded: i64| {
            let money = |at, earned, amount| Gain {
                at: Instant(at),
                earned: Instant(earned),
                bucket: 0,
                value: GainOf::Money(amount),
            };
            Journey { views: views(&[(0, 1), (50, 2)]), gains: vec![money(10, 10, 900), money(refunded, 10, -400)] }
        };
        let net = |refunded, item| credit([&journey(refunded)], Pick::Last, 1)[0].get(&item).map(|e| e.net);
        assert_eq!((net(60, Some(1)), net(60, Some(2)), net(60, None)), (Some(500), None, None));
        assert_eq!((net(CREDITED_FOR + 1, Some(1)), net(CREDITED_FOR + 1, None)), (Some(900), Some(-400)));
    }

    #[test]
    fn an_item_is_due_once_its_day_is_over() {
        let day = |n| Some(Day(n));
        let items = [(Day(1), day(1)), (Day(2), day(3)), (Day(3), None), (Day(4), day(2)), (Day(12), day(12))];
        assert_eq!(on_time(items, Day(3), &ALL), [(1, 3)]);
        assert_eq!(on_time(items, Day(99), &ALL), [(2, 4)]);
    }

    fn deeds() -> impl Strategy<Value = Vec<Deed>> {
        let act = prop::sample::select(vec![Act::View, Act::Complete, Act::Engage, Act::Share]);
        let deed = (act, 0..4_u32, prop::option::of(0..4_u32), 0..12_i32);
        prop::collection::vec(deed, 0..60).prop_map(|rows| {
            rows.into_iter().map(|(act, item, user, day)| Deed { act, item, user, day: Day(day) }).collect()
        })
    }

    fn journeys() -> impl Strategy<Value = Vec<Journey>> {
        let at = || (0..40_i64).prop_map(|half_days| half_days * DAY_MICROS / 2);
        let gain = (at(), at(), 0..3_usize, prop::option::of(-9..9_i64));
        let journey = (prop::collection::vec((at(), 0..3_u32), 0..6), prop::collection::vec(gain, 0..6));
        prop::collection::vec(journey, 0..6).prop_map(|all| {
            let journey = |(seen, gains): (Vec<(i64, u32)>, Vec<_>)| {
                let mut views = views(&seen);
                views.sort_unstable();
                let gain = |(a, b, bucket, money): (i64, i64, usize, Option<i64>)| Gain {
                    at: Instant(a.max(b)),
                    earned: Instant(a.min(b)),
                    bucket,
                    value: money.map_or(GainOf::Signup, GainOf::Money),
                };
                Journey { views, gains: gains.into_iter().map(gain).collect() }
            };
            all.into_iter().map(journey).collect()
        })
    }

    /// Every view is asked whether it is the one.
    fn naive(journey: &Journey, gain: &Gain, pick: Pick) -> Option<u32> {
        let before = || journey.views.iter().filter(|view| view.at <= gain.earned);
        let best = before().find(|one| {
            before().all(|other| match pick {
                Pick::First => (one.at, one.item) <= (other.at, other.item),
                Pick::Last => (one.at, one.item) >= (other.at, other.item),
            })
        })?;
        (gain.at.0 <= best.at.0 + 7 * 24 * 3_600_000_000).then_some(best.item)
    }

    proptest! {
        #[test]
        fn reach_equals_a_naive_recount_in_any_order(deeds in deeds(), cut in 0..12_i32) {
            let buckets = [Span { first: Day(0), last: Day(cut) }, Span { first: Day(cut + 1), last: Day(12) }];
            let mut turned = deeds.clone();
            turned.reverse();
            prop_assert_eq!(reach(&deeds, &buckets), reach(&turned, &buckets));
            for (bucket, found) in buckets.iter().zip(reach(&deeds, &buckets)) {
                let of = |act| deeds.iter().filter(move |d| d.act == act && bucket.contains(d.day));
                let users = |act| of(act).filter_map(|d| d.user).collect::<BTreeSet<_>>().len() as u64;
                let pairs = |act| of(act).filter_map(|d| Some((d.item, d.user?))).collect::<BTreeSet<_>>().len() as u64;
                let expected = Reach {
                    views: of(Act::View).count() as u64,
                    uniques: users(Act::View),
                    viewers: pairs(Act::View),
                    completed: pairs(Act::Complete),
                    engaged: pairs(Act::Engage),
                    shares: of(Act::Share).count() as u64,
                    sharers: users(Act::Share),
                };
                prop_assert_eq!(found, expected);
            }
        }

        #[test]
        fn the_viewers_of_all_items_are_the_sum_of_those_of_each(deeds in deeds()) {
            let whole = reach(&deeds, &ALL)[0];
            let parts = (0..4).map(|item| reach(deeds.iter().filter(|d| d.item == item), &ALL)[0]);
            let sum = parts.fold((0, 0, 0, 0, 0), |s, p| {
                (s.0 + p.views, s.1 + p.uniques, s.2 + p.completed, s.3 + p.engaged, s.4 + p.shares)
            });
            prop_assert_eq!(sum, (whole.views, whole.viewers, whole.completed, whole.engaged, whole.shares));
        }

        #[test]
        fn everything_is_credited_once_and_as_a_naive_search_says(journeys in journeys()) {
            for pick in [Pick::First, Pick::Last] {
                let mut expected = vec![Credit::new(); 3];
                let mut all = vec![Earned::default(); 3];
                for (journey, gain) in journeys.iter().flat_map(|j| j.gains.iter().map(move |g| (j, g))) {
                    expected[gain.bucket].entry(naive(journey, gain, pick)).or_default().take(gain.value);
                    all[gain.bucket].take(gain.value);
                }
                let found = credit(&journeys, pick, 3);
                prop_assert_eq!(&found, &expected);
                for (credit, whole) in found.iter().zip(all) {
                    let mut sum = Earned::default();
                    for earned in credit.values() {
                        sum.add(*earned);
                    }
                    prop_assert_eq!(sum, whole);
                }
            }
        }
    }
}
