//! How fresh a source is.

use crate::domain::calendar::{Calendar, Day, Instant};
use crate::query::Source;
use crate::store::SourceRow;

/// A commit this long ago still counts as live.
const LIVE_MICROS: i64 = 10_000_000;
/// Days before the newest row that tell a source's usual gap.
pub(super) const GAP_WINDOW: i32 = 28;

/// A source as screens show it; `days` are the days that hold its rows.
///
/// It is stale when the next row that its usual gap promises has not come by the end of yesterday: yesterday is at
/// least one gap after the last day it covers. The usual gap is the median distance between neighbouring days with
/// rows in the 28 days to its newest row, at least one day. Nothing covers more than today, whatever a row's clock or
/// `--through` said.
pub(super) fn source(row: SourceRow, days: &[Day], calendar: Calendar, now: Instant, today: Day) -> Source {
    let today_ends = calendar.end_of(calendar.day_of(now).max(today));
    let row = SourceRow {
        newest: row.newest.map(|at| at.min(Instant(today_ends.0 - 1))),
        through: row.through.map(|at| at.min(today_ends)),
        ..row
    };
    let committed = |at: Instant| (0..=LIVE_MICROS).contains(&(now.0 - at.0));
    let covered = row.through.map(|at| calendar.day_of(at).plus(-1));
    let newest = row.newest.map(|at| calendar.day_of(at));
    let stale_days = newest.max(covered).filter(|_| !row.ended).and_then(|last| {
        let missing = today.plus(-1).since(last);
        (missing >= usual_gap(days, newest.unwrap_or(last))).then_some(missing)
    });
    Source {
        name: row.name,
        kind: row.kind,
        newest: row.newest,
        through: row.through,
        rows: row.rows,
        rejected: row.rejected,
        stale_days,
        live: row.committed.is_some_and(committed),
        ended: row.ended,
    }
}

/// Median distance in days between neighbouring days with rows in the 28 days to `newest`; the upper one of two
/// middle distances, at least 1.
fn usual_gap(days: &[Day], newest: Day) -> i32 {
    let mut recent: Vec<Day> = days.iter().copied().filter(|d| *d <= newest && newest.since(*d) < GAP_WINDOW).collect();
    recent.sort_unstable();
    recent.dedup();
    let mut gaps: Vec<i32> = recent.windows(2).map(|w| w[1].since(w[0])).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().unwrap_or(1).max(1)
}

/// The date of a screen: the instant up to which every fresh source is complete. Where none is fresh that of the source
/// that reaches farthest, where all have ended of those.
pub(super) fn through_at(sources: &[Source]) -> Option<Instant> {
    let fresh = sources.iter().filter(|s| !s.ended && s.newest.is_some() && s.stale_days.is_none());
    let in_use = sources.iter().filter(|s| !s.ended);
    fresh
        .filter_map(|s| s.through)
        .min()
        .or_else(|| in_use.filter_map(|s| s.through).max())
        .or_else(|| sources.iter().filter_map(|s| s.through).max())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::WeekStart;

    #[test]
    fn nothing_is_complete_beyond_today() {
        let row = SourceRow {
            name: "app".into(),
            kind: crate::domain::records::Kind::Events,
            newest: Some(Instant(i64::MAX / 4)),
            through: Some(Instant(i64::MAX / 4)),
            rows: 1,
            rejected: 0,
            ended: false,
            committed: None,
            streaming: false,
        };
        let calendar = Calendar { zone: crate::domain::calendar::Zone::UTC, week_start: WeekStart::Monday };
        let today = Day(20_000);
        let now = Instant(calendar.start_of(today).0 + 5);
        let seen = source(row, &[], calendar, now, today);
        assert_eq!(seen.through, Some(calendar.end_of(today)));
        assert_eq!(seen.newest.map(|at| calendar.day_of(at)), Some(today));
    }

    fn gap(days: &[i32]) -> i32 {
        let days: Vec<Day> = days.iter().map(|d| Day(*d)).collect();
        usual_gap(&days, days.iter().copied().max().unwrap_or(Day(0)))
    }

    #[test]
    fn the_usual_gap_is_the_median_of_the_last_four_weeks() {
        assert_eq!(gap(&[1, 2, 3, 4, 4, 5]), 1);
        assert_eq!(gap(&[7, 14, 21, 28]), 7);
        assert_eq!(gap(&[5]), 1);
        assert_eq!(gap(&[]), 1);
        // Five working days a week: four gaps of 1 and one of 3.
        assert_eq!(gap(&[1, 2, 3, 4, 5, 8, 9, 10, 11, 12]), 1);
        // Daily until day 50, weekly since: only the last 28 days count.
        assert_eq!(gap(&(1..50).chain([100, 107, 114, 121]).collect::<Vec<_>>()), 7);
    }
}
