//! A phase as it is typed: `burst:2026-06-13..2026-06-15:55%`.

use crate::domain::calendar::Day;
use crate::domain::plans::PhaseKind;
use crate::query::Unit;
use crate::ui::amount;

use crate::ui::when::{When, when};

/// A phase whose days may count from the first day of its plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phase {
    kind: PhaseKind,
    first: When,
    last: When,
    share: f64,
}

/// Reads a phase.
///
/// # Errors
/// Says what a phase looks like.
pub fn phase(text: &str) -> Result<Phase, String> {
    let why = || "a phase is written KIND:FIRST..LAST:SHARE, such as burst:2026-06-13..2026-06-15:55%".to_owned();
    let mut parts = text.split(':');
    let (Some(kind), Some(days), Some(share), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(why());
    };
    let (first, last) = days.split_once("..").ok_or_else(why)?;
    let kind = super::word(kind, PhaseKind::parse, PhaseKind::ALL, PhaseKind::word)?;
    let share = amount::parse(share, Unit::Rate)?;
    if share < 0.0 {
        return Err(format!("a share of {share} is none; give 0 or more"));
    }
    Ok(Phase { kind, first: when(first)?, last: when(last)?, share })
}

impl Phase {
    /// The phase of a plan that begins on a day.
    pub fn of(self, start: Day) -> (PhaseKind, Day, Day, f64) {
        (self.kind, self.first.from(start), self.last.from(start), self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_is_read_with_its_days_and_share() {
        let start = Day::parse("2026-06-08").unwrap();
        let read = |text: &str| phase(text).map(|phase| phase.of(start));
        let day = |text: &str| Day::parse(text).unwrap();
        assert_eq!(
            read("burst:2026-06-13..2026-06-15:55%"),
            Ok((PhaseKind::Burst, day("2026-06-13"), day("2026-06-15"), 0.55))
        );
        assert_eq!(read("tail:+5d..+7d:0.25"), Ok((PhaseKind::Tail, day("2026-06-13"), day("2026-06-15"), 0.25)));
        for wrong in
            ["burst", "burst:today:1", "boost:today..fri:1", "burst:today..fri:x", "burst:today..fri:-1", "a:b:c:d"]
        {
            assert!(phase(wrong).is_err(), "{wrong}");
        }
    }
}
