//! What a number usually is: its value over a window without the days that the journal leaves out, and its weekdays.
//!
//! | number | without the days |
//! |---|---|
//! | adds up over days | the other days, scaled to the whole window by the usual share of each weekday |
//! | a rate | numerator over denominator of the other days |
//! | a state, such as members or WAU | as of the last of the other days |
//! | distinct users of a window | as it is: a user of one day may be one of another, so no day can be taken out |

use std::collections::BTreeSet;

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::Accumulation;
use crate::metrics::limits::{Observed, weekday_index};

use super::super::EngineError;
use super::super::view::View;
use super::growth;
use super::measure::Gauge;

/// Days of history that weekday shares are made from.
const WEEKDAYS: i32 = 63;

/// The value of a window; `None` where nothing of it is observed, or all its days are left out.
pub(super) fn value(
    view: &mut View,
    (gauge, known): (&Gauge, Span),
    window: Span,
    left_out: &BTreeSet<Day>,
) -> Result<Option<f64>, EngineError> {
    let kept = kept(window, left_out);
    let accumulation = gauge.binding.accumulation();
    let distinct = accumulation == Accumulation::Unique && !gauge.binding.is_rolling();
    if kept == [window] || distinct || growth::grows(&gauge.binding) {
        return gauge.value(view, window);
    }
    let Some(last) = kept.last() else { return Ok(None) };
    if accumulation == Accumulation::Flow {
        let values = gauge.over(view, &kept)?;
        let sum = values.iter().flatten().fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value));
        let index = weekdays(view, gauge, known, left_out)?;
        let weight = |span: &Span| span.iter().map(|day| index[weekday(day)]).sum::<f64>();
        let part: f64 = kept.iter().map(weight).sum();
        return Ok(sum.filter(|_| part > 0.0).map(|sum| sum * weight(&window) / part));
    }
    if !gauge.binding.is_rolling()
        && let Some((num, den)) = fraction(view, gauge, window, left_out)?
    {
        return Ok((den != 0.0).then(|| num / den));
    }
    gauge.value(view, Span { first: window.first, last: last.last })
}

/// Numerator and denominator over the days of a window that are not left out, of what is a ratio.
pub(super) fn fraction(
    view: &mut View,
    gauge: &Gauge,
    window: Span,
    left_out: &BTreeSet<Day>,
) -> Result<Option<(f64, f64)>, EngineError> {
    let mut sum = None;
    for span in kept(window, left_out) {
        if let Some((num, den)) = gauge.fraction(view, span)? {
            let (nums, dens) = sum.unwrap_or((0.0, 0.0));
            sum = Some((nums + num, dens + den));
        }
    }
    Ok(sum)
}

/// The usual share of each weekday, Monday first.
pub(super) fn weekdays(
    view: &mut View,
    gauge: &Gauge,
    known: Span,
    left_out: &BTreeSet<Day>,
) -> Result<[f64; 7], EngineError> {
    let span = Span { first: known.last.plus(1 - WEEKDAYS).max(known.first), last: known.last };
    let values = gauge.daily(view, span)?;
    let day = |(day, value): (Day, Option<f64>)| Observed {
        day,
        value: value.unwrap_or(0.0),
        flagged: value.is_none() || left_out.contains(&day),
    };
    let history: Vec<Observed> = span.iter().zip(values).map(day).collect();
    Ok(weekday_index(&history, known.last))
}

/// Index of a day's weekday, Monday first; 1970-01-01 was a Thursday.
pub(super) fn weekday(day: Day) -> usize {
    (day.0 + 3).rem_euclid(7) as usize
}

/// The runs of days of a window between those that are left out, in order.
fn kept(window: Span, left_out: &BTreeSet<Day>) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut first = window.first;
    for day in left_out.range(window.first..=window.last) {
        if first < *day {
            runs.push(Span { first, last: day.plus(-1) });
        }
        first = day.plus(1);
    }
    if first <= window.last {
        runs.push(Span { first, last: window.last });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_lie_between_the_days_that_are_left_out() {
        let window = Span { first: Day(10), last: Day(16) };
        let of = |days: &[i32]| {
            let runs = kept(window, &days.iter().map(|day| Day(*day)).collect());
            runs.iter().map(|run| (run.first.0, run.last.0)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), [(10, 16)]);
        assert_eq!(of(&[9, 17]), [(10, 16)]);
        assert_eq!(of(&[10, 13, 16]), [(11, 12), (14, 15)]);
        assert_eq!(of(&[12, 13]), [(10, 11), (14, 16)]);
        assert_eq!(of(&[10, 11, 12, 13, 14, 15, 16]), []);
    }
}
