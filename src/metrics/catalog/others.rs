//! Rows of METRICS about deals, and about what is only ever counted elsewhere.

use super::{Accumulation, Direction, Focus, Measure, Metric, Unit};

/// A measure of deals with partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DealMeasure {
    /// Value of what came in money.
    Received,
    /// Value of won deals in money that are due and have not come by the end of the last day.
    Overdue,
}

/// A row about deals: id, name and formula.
pub(super) const fn of_deals(
    (id, name, formula): (&'static str, &'static str, &'static str),
    measure: DealMeasure,
) -> Metric {
    let owed = matches!(measure, DealMeasure::Overdue);
    Metric {
        id,
        name,
        unit: Unit::Money,
        accumulation: if owed { Accumulation::Level } else { Accumulation::Flow },
        direction: if owed { Direction::Down } else { Direction::Up },
        focus: Focus::Revenue,
        measure: Measure::Deals(measure),
        formula,
        by_channel: false,
        by_platform: false,
        by_stream: false,
    }
}

/// A row that daily facts alone feed: id, name and formula.
pub(super) const fn of_facts(
    (id, name, formula): (&'static str, &'static str, &'static str),
    (unit, accumulation): (Unit, Accumulation),
) -> Metric {
    Metric {
        id,
        name,
        unit,
        accumulation,
        direction: Direction::Up,
        focus: Focus::Acquire,
        measure: Measure::Facts,
        formula,
        by_channel: true,
        by_platform: false,
        by_stream: false,
    }
}
