//! Funnels (metrics.md section 11): how far each user gets through some steps, and how long it takes.
//!
//! The window counts from the entry and includes its last instant. A step that repeats needs a further event. Events of
//! one instant count as ordered by step. With [`Entry::Best`] every event of the first step is tried as an entry; the one
//! that gets farthest counts, the earliest of equal ones.

use crate::domain::calendar::Instant;

/// Most steps a funnel can have.
pub const MOST_STEPS: usize = 32;

/// An event of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// When.
    pub at: Instant,
    /// Bit `n` is set where the event is one of step `n`; 0 for any other event, which only [`Order::Strict`] looks at.
    /// Since a step is one name, two events are of the same steps or have none in common.
    pub steps: u32,
}

/// What may come between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Any other event.
    #[default]
    Ordered,
    /// No event at all.
    Strict,
    /// The steps in any order.
    Any,
}

/// Which event begins a way through the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entry {
    /// The one that gets farthest, the earliest of equal ones.
    #[default]
    Best,
    /// The first.
    First,
}

/// How a funnel is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Number of steps, 1 to [`MOST_STEPS`].
    pub steps: usize,
    /// What may come between.
    pub order: Order,
    /// Which entry counts.
    pub entry: Entry,
    /// Microseconds from the entry to the last step; `None` is open.
    pub window: Option<i64>,
    /// When an entry may be, from and before; later steps may lie outside.
    pub entries: (Instant, Instant),
}

impl Rules {
    fn begins(&self, hit: &Hit) -> bool {
        let fits = if self.order == Order::Any { hit.steps != 0 } else { hit.steps & 1 == 1 };
        fits && self.entries.0 <= hit.at && hit.at < self.entries.1
    }
}

/// The times at which a user reached the steps, the entry first; empty where he never entered. `hits` ascend in time.
pub fn walk(hits: &[Hit], rules: &Rules) -> Vec<Instant> {
    // Events of one instant are looked at in the order of their steps.
    let mut sorted = hits.to_vec();
    sorted.sort_by_key(|hit| (hit.at, hit.steps.trailing_zeros()));
    let entries = sorted.iter().enumerate().filter(|(_, hit)| rules.begins(hit)).map(|(index, _)| index);
    let mut best = Vec::new();
    for entry in entries {
        let times = from_entry(&sorted, entry, rules);
        if times.len() > best.len() {
            best = times;
        }
        // Without a window, all that follows a later entry follows this one too.
        let is_best = rules.window.is_none() && rules.order != Order::Strict;
        if best.len() == rules.steps || rules.entry == Entry::First || is_best {
            break;
        }
    }
    best
}

fn from_entry(hits: &[Hit], entry: usize, rules: &Rules) -> Vec<Instant> {
    let begin = hits[entry].at;
    let within = |hit: &&Hit| rules.window.is_none_or(|window| hit.at.0 - begin.0 <= window);
    match rules.order {
        Order::Ordered | Order::Strict => ordered(hits, entry, rules, begin),
        Order::Any => {
            let mut open = u32::MAX >> (MOST_STEPS - rules.steps);
            let mut times = Vec::new();
            for hit in hits[entry..].iter().take_while(within) {
                let fits = hit.steps & open;
                if fits != 0 {
                    open &= !(1 << fits.trailing_zeros());
                    times.push(hit.at);
                }
            }
            times
        }
    }
}

/// The earliest event of each next step at or after the one before; one event serves one step. In strict order it is of
/// the same instant or of the next one that holds any event: what is simultaneous with a step is not between two.
fn ordered(hits: &[Hit], entry: usize, rules: &Rules, begin: Instant) -> Vec<Instant> {
    let mut times = vec![begin];
    let mut used = vec![entry];
    for step in 1..rules.steps {
        let last = times[step - 1];
        // Events of the same instant may stand before the one that was used.
        let from = hits.partition_point(|hit| hit.at < last);
        let until = match rules.order {
            Order::Strict => hits.get(hits.partition_point(|hit| hit.at <= last)).map_or(last, |hit| hit.at),
            Order::Ordered | Order::Any => Instant(i64::MAX),
        };
        let next = (from..hits.len())
            .take_while(|i| hits[*i].at <= until)
            .take_while(|i| rules.window.is_none_or(|window| hits[*i].at.0 - begin.0 <= window))
            .find(|i| hits[*i].steps >> step & 1 == 1 && !used.contains(i));
        let Some(next) = next else { break };
        times.push(hits[next].at);
        used.push(next);
    }
    times
}

/// Users by the number of steps that they reached: `[entered, reached step 2, ..]`.
pub fn counts(ways: &[Vec<Instant>], steps: usize) -> Vec<u64> {
    (1..=steps).map(|step| ways.iter().filter(|way| way.len() >= step).count() as u64).collect()
}

/// Seconds from one step to another of the users who reached both, ascending.
pub fn seconds(ways: &[Vec<Instant>], from: usize, to: usize) -> Vec<f64> {
    let took = |way: &Vec<Instant>| Some((way.get(to)?.0 - way.get(from)?.0) as f64 / 1e6);
    let mut all: Vec<f64> = ways.iter().filter_map(took).collect();
    all.sort_by(f64::total_cmp);
    all
}

/// Mean of ascending values; `None` without one.
pub fn mean(sorted: &[f64]) -> Option<f64> {
    (!sorted.is_empty()).then(|| sorted.iter().sum::<f64>() / sorted.len() as f64)
}

/// Median of ascending values; the mean of the middle two of an even number.
pub fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted.get(middle).copied(),
        _ => Some(f64::midpoint(*sorted.get(middle.checked_sub(1)?)?, *sorted.get(middle)?)),
    }
}

/// Ascending seconds in bins of equal width from the least on: first second of each bin, and how many fall into it. The
/// last bin holds the greatest value alone. Without a number there are as many bins as the cube root of the values.
pub fn histogram(sorted: &[f64], bins: Option<usize>) -> Vec<(f64, u64)> {
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else { return Vec::new() };
    let bins = bins.unwrap_or((sorted.len() as f64).cbrt().ceil() as usize).max(1);
    let width = ((most - least) / bins as f64).ceil().max(1.0);
    let mut out: Vec<(f64, u64)> = (0..=bins).map(|n| (least + width * n as f64, 0)).collect();
    for value in sorted {
        let at = (((value - least) / width).floor() as usize).min(bins);
        out[at].1 += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: u32 = 1;
    const B: u32 = 2;
    const C: u32 = 4;
    const OTHER: u32 = 0;

    fn hits(all: &[(i64, u32)]) -> Vec<Hit> {
        all.iter().map(|(at, steps)| Hit { at: Instant(*at), steps: *steps }).collect()
    }

    fn rules(order: Order, entry: Entry, window: Option<i64>) -> Rules {
        Rules { steps: 3, order, entry, window, entries: (Instant(i64::MIN), Instant(i64::MAX)) }
    }

    fn depth(all: &[(i64, u32)], rules: &Rules) -> usize {
        walk(&hits(all), rules).len()
    }

    #[test]
    fn the_window_counts_from_the_entry_and_includes_its_end() {
        let open = rules(Order::Ordered, Entry::Best, None);
        let ten = rules(Order::Ordered, Entry::Best, Some(10));
        assert_eq!(depth(&[(0, A), (5, B), (10, C)], &ten), 3);
        assert_eq!(depth(&[(0, A), (5, B), (11, C)], &ten), 2);
        assert_eq!(depth(&[(0, A), (5, B), (11, C)], &open), 3);
        assert_eq!(depth(&[(0, B), (5, C)], &open), 0);
    }

    #[test]
    fn the_best_entry_gets_farthest_and_the_first_is_the_first() {
        let late = [(0, A), (1, B), (20, A), (21, B), (22, C)];
        let way = walk(&hits(&late), &rules(Order::Ordered, Entry::Best, Some(10)));
        assert_eq!(way, [20, 21, 22].map(Instant));
        assert_eq!(depth(&late, &rules(Order::Ordered, Entry::First, Some(10))), 2);
    }

    #[test]
    fn an_entry_lies_in_the_span_and_later_steps_may_lie_behind_it() {
        let way = [(0, A), (10, A), (20, B), (30, C)];
        for order in [Order::Ordered, Order::Any] {
            let within = |from, to| Rules { entries: (Instant(from), Instant(to)), ..rules(order, Entry::Best, None) };
            assert_eq!(walk(&hits(&way), &within(5, 15)), [10, 20, 30].map(Instant), "{order:?}");
            assert_eq!(depth(&way, &within(31, 40)), 0, "{order:?}");
        }
    }

    #[test]
    fn a_repeated_step_needs_a_further_event_and_one_instant_is_ordered_by_step() {
        let twice = Rules { steps: 2, ..rules(Order::Ordered, Entry::Best, None) };
        assert_eq!(walk(&hits(&[(0, A | B)]), &twice).len(), 1);
        assert_eq!(walk(&hits(&[(0, A | B), (0, A | B)]), &twice).len(), 2);
        assert_eq!(depth(&[(0, C), (0, B), (0, A)], &rules(Order::Ordered, Entry::Best, None)), 3);
    }

    #[test]
    fn strict_allows_nothing_between_and_any_takes_every_order() {
        let strict = rules(Order::Strict, Entry::Best, None);
        assert_eq!(depth(&[(0, A), (1, B), (2, C)], &strict), 3);
        assert_eq!(depth(&[(0, A), (1, B), (2, OTHER), (3, C)], &strict), 2);
        assert_eq!(depth(&[(0, A), (0, OTHER), (1, B), (1, OTHER), (2, C)], &strict), 3, "simultaneous is not between");
        assert_eq!(depth(&[(0, C), (0, OTHER), (0, B), (0, A)], &strict), 3);
        let any = rules(Order::Any, Entry::Best, None);
        assert_eq!(depth(&[(0, C), (1, A), (2, OTHER), (3, B)], &any), 3);
    }

    #[test]
    fn times_to_convert_are_those_of_the_published_example() {
        let seconds = [2_220.0, 3_600.0, 82_800.0];
        assert_eq!(mean(&seconds).map(f64::round), Some(29_540.0));
        assert_eq!(median(&seconds), Some(3_600.0));
        assert_eq!(median(&[1.0, 3.0]), Some(2.0));
        assert_eq!(median(&[]), None);
        assert_eq!(histogram(&seconds, None), [(2_220.0, 2), (42_510.0, 0), (82_800.0, 1)]);
        assert_eq!(histogram(&seconds, Some(7))[6], (71_292.0, 1));
        assert_eq!(histogram(&[5.0], None), [(5.0, 1), (6.0, 0)]);
    }

    proptest! {
        /// Ordered ways against every choice of events; a longer window never shortens a way; strict never exceeds ordered.
        #[test]
        fn ways_are_the_longest_there_are(
            names in prop::array::uniform3(0_u8..3),
            events in prop::collection::vec((0_i64..20, 0_u8..4), 0..9),
            window in 0_i64..20,
        ) {
            let steps = |name: u8| (0..3).filter(|step| names[*step] == name).map(|step| 1 << step).sum();
            let mut raw: Vec<(i64, u32)> = events.into_iter().map(|(at, name)| (at, steps(name))).collect();
            raw.sort_unstable();
            let hits = hits(&raw);
            let ordered = rules(Order::Ordered, Entry::Best, Some(window));
            prop_assert_eq!(walk(&hits, &ordered).len(), longest(&hits, 0, &[], window));
            let open = rules(Order::Ordered, Entry::Best, None);
            prop_assert!(walk(&hits, &ordered).len() <= walk(&hits, &open).len());
            prop_assert!(walk(&hits, &rules(Order::Strict, Entry::Best, Some(window))).len() <= walk(&hits, &ordered).len());
        }
    }

    /// The longest way by trying every event for every step.
    fn longest(hits: &[Hit], step: usize, used: &[usize], window: i64) -> usize {
        if step == 3 {
            return 3;
        }
        let fits = |i: &usize| {
            let hit = hits[*i];
            hit.steps >> step & 1 == 1
                && !used.contains(i)
                && used.last().is_none_or(|last| hit.at >= hits[*last].at)
                && used.first().is_none_or(|first| hit.at.0 - hits[*first].at.0 <= window)
        };
        (0..hits.len())
            .filter(fits)
            .map(|i| longest(hits, step + 1, &[used, &[i]].concat(), window))
            .max()
            .unwrap_or(step)
    }
}
