//! How often the file is looked at, and the screens read again, while other processes write.

use std::time::{Duration, Instant};

/// Part of the time that reading again may take: one in so many.
const ONE_IN: u32 = 3;

/// Time between two looks whether another process has committed.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The same where the screens were not told to read again for [`QUIET`]: at rest, waking up is most of what the program does.
const LOOK_AT_REST: Duration = Duration::from_millis(250);
/// After so long no commit is expected.
const QUIET: Duration = Duration::from_secs(10);

/// A stream commits many times a second, and an answer over millions of rows takes a good part of one: without a pace the
/// screens would be read again all the time, and a key's question would wait for answers that nobody asked for.
///
/// What was slow once, because of the disk or of another program, is no reason to wait: the rest is that of the quicker one
/// of the last two times.
pub struct Pace {
    told: Instant,
    spent: Duration,
    before: Duration,
}

impl Pace {
    /// Nothing answered since now.
    pub fn new(now: Instant) -> Self {
        Self { told: now, spent: Duration::ZERO, before: Duration::ZERO }
    }

    /// Notes that the screens are told to read again.
    pub fn tell(&mut self, now: Instant) {
        *self = Self { told: now, spent: Duration::ZERO, before: self.spent };
    }

    /// Notes how long an answer took.
    pub fn spend(&mut self, took: Duration) {
        self.spent += took;
    }

    /// Time until the next look at the file.
    pub fn look_every(&self, now: Instant) -> Duration {
        if now.saturating_duration_since(self.told) < QUIET { LOOK_EVERY } else { LOOK_AT_REST }
    }

    /// Whether the screens may be told to read again.
    pub fn is_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.told) >= self.spent + self.spent.min(self.before) * (ONE_IN - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_again_takes_a_third_of_the_time_at_most() {
        let now = Instant::now();
        let ms = Duration::from_millis;
        let mut pace = Pace::new(now);
        assert!(pace.is_due(now), "nothing was answered yet");
        for _ in 0..2 {
            pace.tell(now);
            pace.spend(ms(100));
            pace.spend(ms(250));
        }
        assert!(!pace.is_due(now + ms(350)) && !pace.is_due(now + ms(1_049)));
        assert!(pace.is_due(now + ms(1_050)));
        pace.tell(now + ms(1_050));
        assert!(pace.is_due(now + ms(1_050)));
    }

    #[test]
    fn an_answer_that_is_slow_once_keeps_nobody_waiting_after_it() {
        let now = Instant::now();
        let ms = Duration::from_millis;
        let mut pace = Pace::new(now);
        for (took, due) in [(40, 40), (40, 120), (800, 880), (40, 120)] {
            pace.tell(now);
            pace.spend(ms(took));
            assert!(!pace.is_due(now + ms(due - 1)) && pace.is_due(now + ms(due)), "{took}");
        }
    }

    #[test]
    fn the_file_is_looked_at_less_often_when_nobody_has_written_for_a_while() {
        let (now, pace) = (Instant::now(), Pace::new(Instant::now()));
        assert_eq!(pace.look_every(now), LOOK_EVERY);
        assert_eq!(pace.look_every(now + QUIET / 2), LOOK_EVERY);
        assert_eq!(pace.look_every(now + QUIET * 2), LOOK_AT_REST);
        assert_eq!(Pace::new(now + QUIET * 2).look_every(now + QUIET * 2), LOOK_EVERY);
    }
}
