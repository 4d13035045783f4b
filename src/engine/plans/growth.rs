//! How numbers over distinct users grow with the days of a period: ten days of them are no third of thirty, so a line to
//! date is drawn as the windows before went.

use crate::domain::calendar::{Day, Span};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Accumulation, Measure, MoneyMeasure, RoleMeasure};
use crate::metrics::planning::curve::Curve;
use crate::metrics::planning::rounds;

use super::super::EngineError;
use super::super::view::View;
use super::measure::Gauge;
use super::windows;

/// Windows that tell how a number grows.
const ROUNDS: usize = 3;
/// Days between the points of a curve; between them it goes straight.
const STEP: usize = 7;

/// Whether a ratio is over distinct users of the period, so that it changes with the length of the period.
pub(super) fn grows(binding: &Binding) -> bool {
    let distinct = |binding: &Binding| binding.accumulation() == Accumulation::Unique;
    match binding {
        Binding::Metric(metric) => matches!(
            metric.measure,
            Measure::Money(MoneyMeasure::Arpu | MoneyMeasure::Arppu | MoneyMeasure::PaidRate)
                | Measure::Role(
                    RoleMeasure::InvitesPerActive
                        | RoleMeasure::KFactor
                        | RoleMeasure::AdLoad
                        | RoleMeasure::Penetration
                        | RoleMeasure::LevelUp
                )
        ),
        Binding::Ratio(num, den) => distinct(num) || distinct(den),
        Binding::Fact(..) => false,
    }
}

/// Share of the value of a whole period that its first `day` days give: the median of the windows before it.
pub(super) fn share(
    view: &mut View,
    gauge: &Gauge,
    (days, known): (Span, Span),
    day: usize,
) -> Result<Option<f64>, EngineError> {
    let shares = shares(view, gauge, (days, known), &[day])?;
    Ok(rounds::round(&shares, 1, 1.0, None).map(|round| round.share))
}

/// The curve by which distinct users grew; `None` without a window before.
pub(super) fn curve(
    view: &mut View,
    gauge: &Gauge,
    (days, known): (Span, Span),
    through: Option<Day>,
) -> Result<Option<Curve>, EngineError> {
    let length = days.days() as usize;
    let today = through.and_then(|day| usize::try_from(day.since(days.first) + 1).ok());
    let mut points: Vec<usize> = (1..=length).step_by(STEP).chain(today).chain([length]).collect();
    points.retain(|day| (1..=length).contains(day));
    points.sort_unstable();
    points.dedup();
    let shares = shares(view, gauge, (days, known), &points)?;
    let mut line = vec![(0, 0.0)];
    for (at, day) in points.iter().enumerate() {
        let Some(round) = rounds::round(&shares, at + 1, 1.0, None) else { return Ok(None) };
        let before = line.last().map_or(0.0, |(_, share)| *share);
        line.push((*day, round.share.max(before)));
    }
    let weights = line.windows(2).flat_map(|ends| {
        let ((from, low), (to, high)) = (ends[0], ends[1]);
        std::iter::repeat_n((high - low) / (to - from) as f64, to - from)
    });
    Ok(Some(Curve::new(days.first, weights.collect())))
}

/// For each window before a period, its shares after so many days.
fn shares(
    view: &mut View,
    gauge: &Gauge,
    (days, known): (Span, Span),
    points: &[usize],
) -> Result<Vec<Vec<f64>>, EngineError> {
    let mut all = Vec::new();
    for window in windows::history(days.days(), days.first, known).into_iter().rev().take(ROUNDS) {
        let Some(whole) = gauge.value(view, window)?.filter(|whole| *whole > 0.0) else { continue };
        let mut shares = Vec::new();
        for day in points {
            let part = Span { first: window.first, last: window.first.plus(*day as i32 - 1).min(window.last) };
            shares.push(gauge.value(view, part)?.unwrap_or(0.0) / whole);
        }
        all.push(shares);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_over_distinct_users_change_with_the_length_of_the_period() {
        let of = |text: &str| grows(&Binding::parse(text).unwrap());
        for text in ["payers/active_users", "orders/payers", "net/payers", "paid_rate", "arppu", "events/active_users"]
        {
            assert!(of(text), "{text}");
        }
        for text in ["net/orders", "spend/new_users", "d7", "arpdau", "fact:visits", "cac_paid"] {
            assert!(!of(text), "{text}");
        }
    }
}
