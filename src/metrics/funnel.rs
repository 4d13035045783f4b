//! Which steps of a funnel a user reached, and when (metrics.md §11; the best entry in order is windowFunnel, the
//! first entry in order is the `greedy_first` of the golden tables).

use crate::domain::calendar::Instant;

/// The most steps a funnel can have: one bit of [`Hit::steps`] each.
pub const MOST_STEPS: usize = 32;

/// How the steps must follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// One after the other, other events may come between.
    #[default]
    Ordered,
    /// One after the other, and no event of any kind at a time between theirs.
    Strict,
    /// Any order; step N is reached by the N-th different step.
    Any,
}

/// Which of a user's entries counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Entry {
    /// The one that reaches most steps, of several the earliest.
    #[default]
    Best,
    /// The first one.
    First,
}

/// What an exclusion event does that comes after the entry, inside the window and before the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Exclusion {
    /// Ends this attempt at the steps reached so far.
    #[default]
    EndsAttempt,
    /// The user is in no step, unless an earlier entry of his went all the way.
    DropsUser,
}

/// An event of one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// When it happened.
    pub at: Instant,
    /// Bit N is set where it matches step N, counted from 0.
    pub steps: u32,
    /// Whether it matches an exclusion.
    pub excluded: bool,
    /// Value of the breakdown on this event.
    pub value: Option<u32>,
}

/// What a funnel is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Number of steps, 1 to [`MOST_STEPS`].
    pub steps: usize,
    /// How the steps follow each other.
    pub order: Order,
    /// Microseconds from the entry within which a step counts, inclusive; `None` for ever.
    pub window: Option<i64>,
    /// Which entry counts.
    pub entry: Entry,
    /// What an exclusion event does.
    pub exclusion: Exclusion,
    /// Entries count from here on; the date of the entry decides the period of a conversion.
    pub from: Instant,
    /// Entries count before this instant; later steps are seen beyond it.
    pub until: Instant,
}

impl Rules {
    /// The last instant at which a step of an attempt with this entry counts.
    pub fn deadline(&self, entry: Instant) -> Instant {
        Instant(self.window.map_or(i64::MAX, |w| entry.0.saturating_add(w)))
    }
}

/// How far a user came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Breakdown value on the event of entry; the lowest id where several enter at once.
    pub value: Option<u32>,
    /// When each step was reached, ascending; the first is the entry, so never empty.
    pub times: Vec<Instant>,
    /// Whether it cannot go on any more, whatever comes: complete, excluded, or strict and followed by another event.
    pub closed: bool,
}

impl Attempt {
    /// When the user entered.
    pub fn entry(&self) -> Instant {
        self.times[0]
    }
}

/// Finds attempts of one user after the other; the lists of the last user are used again.
#[derive(Debug)]
pub struct Walker {
    rules: Rules,
    /// The bits of the steps by which an attempt can begin.
    begins: u32,
    /// Indices of the hits of each step, ascending.
    by_step: Vec<Vec<usize>>,
    /// Times of exclusion events, ascending.
    exclusions: Vec<Instant>,
    /// The first hit of the next step after each hit.
    follow: Vec<u32>,
    /// The attempt of the last user that had one.
    best: Attempt,
}

/// No hit.
const NONE: u32 = u32::MAX;

impl Walker {
    /// A walker by these rules; steps beyond [`MOST_STEPS`] are left out.
    pub fn new(rules: Rules) -> Self {
        let steps = rules.steps.min(MOST_STEPS);
        let begins = if rules.order == Order::Any { (0..steps).map(|s| 1 << s).sum() } else { 1 };
        Self {
            rules: Rules { steps, ..rules },
            begins,
            by_step: vec![Vec::new(); steps],
            exclusions: Vec::new(),
            follow: Vec::new(),
            best: Attempt { value: None, times: Vec::new(), closed: false },
        }
    }

    /// The attempt of a user that counts, from his hits in order of time; simultaneous hits in any order.
    ///
    /// Simultaneous events count as ordered by step, and before an exclusion of the same instant. Each event serves one
    /// step, so a repeated step needs a further event. For [`Order::Strict`] every tracked event must be among the hits.
    pub fn attempt(&mut self, hits: &[Hit]) -> Option<&Attempt> {
        let entry = if self.is_plain(hits) { self.plain(hits) } else { self.entangled(hits) };
        self.best.value = self.value(hits, entry?);
        Some(&self.best)
    }

    /// Whether every hit is of one step and they are in order, so that the next hit of a step is the one to take.
    fn is_plain(&self, hits: &[Hit]) -> bool {
        let mut last = (Instant(i64::MIN), 0);
        let fits = |hit: &Hit| {
            let before = std::mem::replace(&mut last, (hit.at, hit.steps));
            !hit.excluded && hit.steps & hit.steps.wrapping_sub(1) == 0 && before <= last
        };
        self.rules.order == Order::Ordered && hits.iter().all(fits)
    }

    /// The hit of the entry that counts, in a time that grows with the hits and not with their square.
    fn plain(&mut self, hits: &[Hit]) -> Option<usize> {
        let mut next = [NONE; MOST_STEPS + 1];
        self.follow.clear();
        self.follow.resize(hits.len(), NONE);
        for (i, hit) in hits.iter().enumerate().rev() {
            let step = hit.steps.trailing_zeros() as usize;
            if step < self.rules.steps {
                self.follow[i] = next[step + 1];
                next[step] = i as u32;
            }
        }
        let (mut best, mut chain) = (([NONE; MOST_STEPS], 0), [NONE; MOST_STEPS]);
        let mut last = None;
        for (i, hit) in hits.iter().enumerate() {
            let inside = self.rules.from <= hit.at && hit.at < self.rules.until;
            if hit.steps != 1 || !inside || last.replace(hit.at) == Some(hit.at) {
                continue;
            }
            let (deadline, mut reached, mut at) = (self.rules.deadline(hit.at), 0, i as u32);
            while at != NONE && hits[at as usize].at <= deadline {
                chain[reached] = at;
                reached += 1;
                at = self.follow[at as usize];
            }
            if reached > best.1 {
                best = (chain, reached);
            }
            if best.1 == self.rules.steps || self.rules.entry == Entry::First {
                break;
            }
        }
        let (chain, reached) = best;
        self.best.times.clear();
        chain[..reached].iter().for_each(|at| self.best.times.push(hits[*at as usize].at));
        self.best.closed = reached == self.rules.steps;
        (reached > 0).then_some(chain[0] as usize)
    }

    /// The hit of the entry that counts, whatever hits serve.
    fn entangled(&mut self, hits: &[Hit]) -> Option<usize> {
        self.index(hits);
        self.best.times.clear();
        let (mut entry, mut last) = (None, None);
        for (i, hit) in hits.iter().enumerate() {
            let inside = self.rules.from <= hit.at && hit.at < self.rules.until;
            if hit.steps & self.begins == 0 || !inside || last == Some(hit.at) {
                continue;
            }
            last = Some(hit.at);
            let mut times = match self.rules.order {
                Order::Ordered => self.ordered(hits, i),
                Order::Strict => self.strict(hits, i),
                Order::Any => self.unordered(hits, i),
            };
            let ended = self.exclude(hit.at, &mut times);
            if ended && self.rules.exclusion == Exclusion::DropsUser {
                return None;
            }
            let complete = times.len() == self.rules.steps;
            if entry.is_none() || times.len() > self.best.times.len() {
                let passed = self.rules.order == Order::Strict && hits.last().map(|h| h.at) > times.last().copied();
                (self.best.times, self.best.closed) = (times, complete || ended || passed);
                entry = Some(i);
            }
            if complete || self.rules.entry == Entry::First {
                break;
            }
        }
        entry
    }

    fn index(&mut self, hits: &[Hit]) {
        self.by_step.iter_mut().for_each(Vec::clear);
        self.exclusions.clear();
        for (i, hit) in hits.iter().enumerate() {
            for (step, list) in self.by_step.iter_mut().enumerate() {
                if hit.steps >> step & 1 == 1 {
                    list.push(i);
                }
            }
            if hit.excluded {
                self.exclusions.push(hit.at);
            }
        }
    }

    /// The first hit of a step at or after an index.
    fn next(&self, step: usize, from: usize) -> Option<usize> {
        let list = &self.by_step[step];
        list.get(list.partition_point(|i| *i < from)).copied()
    }

    fn ordered(&self, hits: &[Hit], entry: usize) -> Vec<Instant> {
        let deadline = self.rules.deadline(hits[entry].at);
        let (mut times, mut at) = (Vec::with_capacity(self.rules.steps), Some(entry));
        while let Some(hit) = at.filter(|i| hits[*i].at <= deadline) {
            let (now, end) = moment(hits, hit);
            for _ in 0..advance(now, times.len(), self.rules.steps) {
                times.push(hits[hit].at);
            }
            at = if times.len() < self.rules.steps { self.next(times.len(), end) } else { None };
        }
        times
    }

    /// Every instant with an event must serve a step or more; what is simultaneous with a step is not between two.
    ///
    /// An instant may serve fewer steps than it could, because a later one may need to serve them: all counts of steps
    /// that can be reached are followed, one bit each.
    fn strict(&self, hits: &[Hit], entry: usize) -> Vec<Instant> {
        let deadline = self.rules.deadline(hits[entry].at);
        let mut moments: Vec<(&[Hit], u64)> = Vec::new();
        let (mut open, mut next) = (1_u64, entry);
        while open != 0 && next < hits.len() && hits[next].at <= deadline {
            let (now, after) = moment(hits, next);
            let reached = (0..self.rules.steps).filter(|from| open >> from & 1 == 1);
            open = reached.fold(0, |all, from| {
                let reach = advance(now, from, self.rules.steps);
                (1..=reach).fold(all, |all, more| all | 1 << (from + more))
            });
            if open != 0 {
                moments.push((now, open));
            }
            next = after;
        }
        self.strict_times(&moments)
    }

    /// The times of the most steps that some instants reach, the earliest that do; each as early as it can be.
    fn strict_times(&self, moments: &[(&[Hit], u64)]) -> Vec<Instant> {
        let deepest = |open: &u64| u64::BITS - 1 - open.leading_zeros();
        let most = moments.iter().map(|(_, open)| deepest(open)).max().unwrap_or(0);
        let last = moments.iter().position(|(_, open)| deepest(open) == most).unwrap_or(0);
        let (mut times, mut count) = (Vec::new(), most as usize);
        for at in (0..=last.min(moments.len().saturating_sub(1))).rev().filter(|_| !moments.is_empty()) {
            let (now, _) = moments[at];
            let before = at.checked_sub(1).map_or(1, |before| moments[before].1);
            let fits = |from: &usize| before >> from & 1 == 1 && from + advance(now, *from, self.rules.steps) >= count;
            let from = (0..count).rev().find(fits).unwrap_or(0);
            times.extend(std::iter::repeat_n(now[0].at, count - from));
            count = from;
        }
        times.reverse();
        times
    }

    /// Gives hits to steps one by one; each goes to the next hit that leaves every earlier one a step of its own.
    fn unordered(&self, hits: &[Hit], entry: usize) -> Vec<Instant> {
        let deadline = self.rules.deadline(hits[entry].at);
        let mut owner = vec![None; self.rules.steps];
        let (mut times, mut from) = (Vec::with_capacity(self.rules.steps), entry);
        while times.len() < self.rules.steps {
            let open = reachable(hits, &owner);
            let next = (0..self.rules.steps).filter(|s| open >> s & 1 == 1).filter_map(|s| self.next(s, from)).min();
            let Some(hit) = next.filter(|i| hits[*i].at <= deadline) else { break };
            serve(hit, hits, &mut owner, &mut 0);
            times.push(hits[hit].at);
            from = hit + 1;
        }
        times
    }

    /// Takes away the steps after the first exclusion, and tells whether it ended the attempt.
    fn exclude(&self, entry: Instant, times: &mut Vec<Instant>) -> bool {
        let Some(end) = self.exclusions.get(self.exclusions.partition_point(|e| *e <= entry)) else { return false };
        let kept = times.partition_point(|t| t <= end);
        let ended = kept < self.rules.steps && *end <= self.rules.deadline(entry);
        if ended {
            times.truncate(kept);
        }
        ended
    }

    fn value(&self, hits: &[Hit], entry: usize) -> Option<u32> {
        moment(hits, entry).0.iter().filter(|h| h.steps & self.begins != 0).filter_map(|h| h.value).min()
    }
}

/// All hits at the time of one of them, and the index after them.
fn moment(hits: &[Hit], of: usize) -> (&[Hit], usize) {
    let at = hits[of].at;
    let before = hits[..of].iter().rev().take_while(|h| h.at == at).count();
    let end = of + hits[of..].iter().take_while(|h| h.at == at).count();
    (&hits[of - before..end], end)
}

/// How many steps from `from` on simultaneous hits serve, each hit one step.
fn advance(now: &[Hit], from: usize, steps: usize) -> usize {
    if let [only] = now {
        return usize::from(from < steps && only.steps >> from & 1 == 1);
    }
    let mut owner = vec![None; now.len()];
    (from..steps).take_while(|step| place(*step, now, &mut owner, &mut vec![false; now.len()])).count()
}

/// Finds a hit for a step, moving earlier steps to other hits where that helps (augmenting path).
fn place(step: usize, now: &[Hit], owner: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for i in 0..now.len() {
        if now[i].steps >> step & 1 == 0 || std::mem::replace(&mut seen[i], true) {
            continue;
        }
        if owner[i].is_none_or(|other| place(other, now, owner, seen)) {
            owner[i] = Some(step);
            return true;
        }
    }
    false
}

/// The steps that a further hit can serve: those free, and those whose hit can move to one of these.
fn reachable(hits: &[Hit], owner: &[Option<usize>]) -> u32 {
    let free = |(step, hit): (usize, &Option<usize>)| u32::from(hit.is_none()) << step;
    let mut open = owner.iter().enumerate().map(free).sum::<u32>();
    loop {
        let before = open;
        for (step, hit) in owner.iter().enumerate() {
            if hit.is_some_and(|h| hits[h].steps & open != 0) {
                open |= 1 << step;
            }
        }
        if open == before {
            return open;
        }
    }
}

/// Gives a hit a step, moving the hits of other steps where that helps (augmenting path).
fn serve(hit: usize, hits: &[Hit], owner: &mut [Option<usize>], seen: &mut u32) -> bool {
    for step in 0..owner.len() {
        if (hits[hit].steps & !*seen) >> step & 1 == 0 {
            continue;
        }
        *seen |= 1 << step;
        if owner[step].is_none_or(|other| serve(other, hits, owner, seen)) {
            owner[step] = Some(hit);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: i64 = 60_000_000;

    fn rules(steps: usize, order: Order, window: Option<i64>) -> Rules {
        Rules {
            steps,
            order,
            window,
            entry: Entry::Best,
            exclusion: Exclusion::EndsAttempt,
            from: Instant(i64::MIN),
            until: Instant(i64::MAX),
        }
    }

    fn hit(minute: i64, steps: u32) -> Hit {
        Hit { at: Instant(minute * MINUTE), steps, excluded: false, value: None }
    }

    fn attempt(rules: Rules, hits: &[Hit]) -> Option<Attempt> {
        Walker::new(rules).attempt(hits).cloned()
    }

    /// Minutes at which the steps were reached.
    fn minutes(rules: Rules, hits: &[Hit]) -> Vec<i64> {
        attempt(rules, hits).map_or(Vec::new(), |a| a.times.iter().map(|t| t.0 / MINUTE).collect())
    }

    const A: u32 = 1;
    const B: u32 = 2;
    const C: u32 = 4;

    #[test]
    fn the_best_entry_converts_where_the_first_does_not() {
        // Cases fun_entry_first and fun_entry_best: A 13:00 A 13:30 B 13:45 C 14:15, one hour.
        let hits = [hit(0, A), hit(30, A), hit(45, B), hit(75, C)];
        let mut r = rules(3, Order::Ordered, Some(60 * MINUTE));
        assert_eq!(minutes(r, &hits), [30, 45, 75]);
        r.entry = Entry::First;
        assert_eq!(minutes(r, &hits), [0, 45]);
        // The window is inclusive, and without one the first entry goes all the way.
        r.window = Some(75 * MINUTE);
        assert_eq!(minutes(r, &hits), [0, 45, 75]);
        assert_eq!(minutes(rules(3, Order::Ordered, None), &hits), [0, 45, 75]);
        // The entry decides the period: here only that of 13:30 counts, and the later steps are seen beyond it.
        r.from = Instant(MINUTE);
        r.until = Instant(31 * MINUTE);
        assert_eq!(minutes(r, &hits), [30, 45, 75]);
    }

    #[test]
    fn a_repeated_step_needs_a_further_event() {
        // Case fun_repeat: sign-up and four page views.
        let view = 0b11110;
        let r = rules(5, Order::Ordered, Some(14 * 1440 * MINUTE));
        assert_eq!(minutes(r, &[hit(0, A), hit(1, view), hit(2, 0), hit(3, view), hit(4, view)]), [0, 1, 3, 4]);
        // Simultaneous ones are told apart too.
        assert_eq!(minutes(r, &[hit(0, view), hit(0, view), hit(0, A)]), [0, 0, 0]);
    }

    #[test]
    fn strict_order_bears_no_other_event_between_and_simultaneous_is_not_between() {
        // Case fun_strict, persons 5 and 7.
        let r = rules(3, Order::Strict, None);
        assert_eq!(minutes(r, &[hit(0, B), hit(1, A), hit(2, 0), hit(3, B), hit(4, C)]), [1]);
        assert_eq!(minutes(r, &[hit(0, 0), hit(1, A), hit(2, B), hit(3, C), hit(4, 0)]), [1, 2, 3]);
        assert_eq!(minutes(r, &[hit(1, 0), hit(1, A), hit(2, C), hit(2, B), hit(2, 0)]), [1, 2, 2]);
        assert_eq!(minutes(r, &[hit(1, A), hit(2, B), hit(2, 0), hit(3, C)]), [1, 2, 3]);
        assert_eq!(minutes(r, &[hit(0, C), hit(0, 0), hit(0, B), hit(0, A)]), [0, 0, 0]);
        // B of minute 1 is left aside, so that the next event is the second step.
        assert_eq!(minutes(r, &[hit(1, A), hit(1, B), hit(2, B), hit(3, C)]), [1, 2, 3]);
    }

    #[test]
    fn in_any_order_step_n_is_the_nth_different_one() {
        let r = rules(3, Order::Any, Some(10 * MINUTE));
        assert_eq!(minutes(r, &[hit(0, C), hit(1, C), hit(4, A), hit(11, B)]), [1, 4, 11]);
        // The first event serves both steps and makes room for the second.
        assert_eq!(minutes(r, &[hit(0, A | B), hit(1, A), hit(2, A)]), [0, 1]);
    }

    #[test]
    fn an_exclusion_ends_the_attempt_or_drops_the_user() {
        let out = |minute| Hit { excluded: true, ..hit(minute, 0) };
        let hits = [hit(0, A), hit(1, B), out(2), hit(3, C), hit(5, A), hit(6, B)];
        let mut r = rules(3, Order::Ordered, Some(60 * MINUTE));
        assert_eq!(minutes(r, &hits), [0, 1]);
        r.exclusion = Exclusion::DropsUser;
        assert!(minutes(r, &hits).is_empty());
        // After the last step, before the entry or outside the window it does nothing; simultaneous steps come first.
        assert_eq!(minutes(r, &[out(0), hit(1, A), hit(2, B), hit(3, C), out(3), out(4)]), [1, 2, 3]);
        assert_eq!(minutes(r, &[hit(1, A), hit(2, B), out(62), hit(63, C)]), [1, 2]);
    }

    #[test]
    fn an_attempt_is_closed_when_nothing_can_carry_it_on() {
        let closed = |order, hits: &[Hit]| attempt(rules(3, order, Some(60 * MINUTE)), hits).unwrap().closed;
        let out = Hit { excluded: true, ..hit(2, 0) };
        assert!(!closed(Order::Ordered, &[hit(0, A), hit(1, B), hit(2, 0)]));
        assert!(closed(Order::Ordered, &[hit(0, A), hit(1, B), out]));
        assert!(closed(Order::Ordered, &[hit(0, A), hit(1, B), hit(2, C)]));
        assert!(closed(Order::Strict, &[hit(0, A), hit(1, B), hit(2, 0)]));
        assert!(!closed(Order::Strict, &[hit(0, A), hit(1, B)]));
    }

    #[test]
    fn the_value_is_that_of_the_entry() {
        let of = |minute, steps, value| Hit { value: Some(value), ..hit(minute, steps) };
        let hits = [of(0, B, 9), of(1, A, 7), of(1, A, 5), of(1, B, 3), of(2, B, 1)];
        let attempt = attempt(rules(2, Order::Ordered, None), &hits).unwrap();
        assert_eq!((attempt.value, attempt.entry()), (Some(5), Instant(MINUTE)));
    }

    /// The most steps by trying every sequence of hits, `used` the ones before.
    fn deepest(hits: &[Hit], rules: &Rules, entry: Instant, used: &mut Vec<usize>) -> usize {
        let end = hits.iter().filter(|h| h.excluded && h.at > entry).map(|h| h.at).min().unwrap_or(Instant(i64::MAX));
        let mut best = used.len();
        if best == rules.steps {
            return best;
        }
        for (i, hit) in hits.iter().enumerate() {
            let late = hit.at > rules.deadline(entry) || hit.at > end;
            let before = used.last().is_some_and(|u| hits[*u].at > hit.at);
            let starts = used.is_empty() && hit.at != entry;
            if late || before || starts || used.contains(&i) || hit.steps >> used.len() & 1 == 0 {
                continue;
            }
            used.push(i);
            best = best.max(deepest(hits, rules, entry, used));
            used.pop();
        }
        best
    }

    /// The most steps after `done` from the first moment on, by trying every number of steps in each moment.
    fn strictest(moments: &[Vec<Hit>], done: usize, steps: usize) -> usize {
        let Some((now, later)) = moments.split_first() else { return done };
        let more = (1..=steps - done).filter(|more| serves(now, done, *more));
        more.map(|more| strictest(later, done + more, steps)).max().unwrap_or(done)
    }

    /// Whether different hits serve so many steps from one on, by trying every hit for each.
    fn serves(now: &[Hit], from: usize, more: usize) -> bool {
        more == 0
            || (0..now.len()).any(|i| {
                let rest: Vec<Hit> = now.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, h)| *h).collect();
                now[i].steps >> from & 1 == 1 && serves(&rest, from + 1, more - 1)
            })
    }

    /// The most steps that different hits between entry and deadline serve, by trying every choice.
    fn most(hits: &[Hit], step: usize, steps: usize, used: u32) -> usize {
        if step == steps {
            return 0;
        }
        let without = most(hits, step + 1, steps, used);
        (0..hits.len())
            .filter(|i| used >> i & 1 == 0 && hits[*i].steps >> step & 1 == 1)
            .map(|i| 1 + most(hits, step + 1, steps, used | 1 << i))
            .fold(without, usize::max)
    }

    fn some_hits() -> impl Strategy<Value = Vec<Hit>> {
        prop::collection::vec((0_i64..8, 0_u32..8, prop::bool::weighted(0.1)), 0..8).prop_map(|mut list| {
            list.sort_by_key(|h| h.0);
            list.into_iter().map(|(minute, steps, excluded)| Hit { excluded, ..hit(minute, steps) }).collect()
        })
    }

    proptest! {
        #[test]
        fn the_deepest_chain_is_found(hits in some_hits(), window in prop::option::of(0_i64..8), first: bool) {
            let mut r = rules(3, Order::Ordered, window.map(|w| w * MINUTE));
            r.entry = if first { Entry::First } else { Entry::Best };
            let entries = hits.iter().filter(|h| h.steps & A == A).map(|h| h.at);
            let mut depths = entries.map(|e| (deepest(&hits, &r, e, &mut Vec::new()), std::cmp::Reverse(e)));
            let want = if first { depths.next() } else { depths.max() };
            let got = attempt(r, &hits).map(|a| (a.times.len(), std::cmp::Reverse(a.entry())));
            prop_assert_eq!(got, want);
        }

        #[test]
        fn hits_of_one_step_each_are_walked_as_all_others_are(
            steps in prop::collection::vec((0_i64..20, 0_u32..4), 0..12), window in prop::option::of(0_i64..12), first: bool,
            from in 0_i64..6, until in 6_i64..20,
        ) {
            let mut hits: Vec<Hit> = steps.into_iter().map(|(minute, step)| hit(minute, 1 << step)).collect();
            hits.sort_by_key(|h| (h.at, h.steps));
            let entry = if first { Entry::First } else { Entry::Best };
            let (from, until) = (Instant(from * MINUTE), Instant(until * MINUTE));
            let r = Rules { entry, from, until, ..rules(4, Order::Ordered, window.map(|w| w * MINUTE)) };
            let (mut plain, mut other) = (Walker::new(r), Walker::new(r));
            prop_assert!(plain.is_plain(&hits));
            let found = (plain.plain(&hits), other.entangled(&hits));
            prop_assert_eq!(found.0, found.1);
            if found.0.is_some() {
                prop_assert_eq!(plain.best, other.best);
            }
        }

        #[test]
        fn strict_chains_are_the_longest_there_are(hits in some_hits()) {
            let hits: Vec<Hit> = hits.into_iter().map(|h| Hit { excluded: false, ..h }).collect();
            let moments: Vec<Vec<Hit>> = hits.chunk_by(|a, b| a.at == b.at).map(<[Hit]>::to_vec).collect();
            let r = rules(3, Order::Strict, None);
            let got = attempt(r, &hits).map_or(0, |a| a.times.len());
            let want = (0..moments.len()).map(|entry| strictest(&moments[entry..], 0, 3)).max().unwrap_or(0);
            prop_assert_eq!(got, want);
        }

        #[test]
        fn any_order_finds_the_most_steps(hits in some_hits(), window in 0_i64..8) {
            let hits: Vec<Hit> = hits.into_iter().map(|h| Hit { excluded: false, ..h }).collect();
            let r = rules(3, Order::Any, Some(window * MINUTE));
            let want = hits.iter().map(|e| {
                let inside: Vec<Hit> =
                    hits.iter().copied().filter(|h| e.at <= h.at && h.at <= r.deadline(e.at)).collect();
                most(&inside, 0, 3, 0)
            });
            let got = attempt(r, &hits).map_or(0, |a| a.times.len());
            prop_assert_eq!(got, want.max().unwrap_or(0));
        }

        #[test]
        fn the_order_of_simultaneous_rows_changes_nothing(hits in some_hits(), seed in 0_usize..5) {
            let mut shuffled = hits.clone();
            let turn = seed % hits.len().max(1);
            shuffled.rotate_left(turn);
            shuffled.sort_by_key(|h| h.at);
            for order in [Order::Ordered, Order::Strict, Order::Any] {
                let r = rules(3, order, Some(5 * MINUTE));
                prop_assert_eq!(attempt(r, &hits), attempt(r, &shuffled));
            }
        }
    }
}
