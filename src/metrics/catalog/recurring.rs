//! Rows about what subscriptions are worth a month.

use super::{Accumulation, Direction, Focus, Measure, Metric, Unit};

/// A measure of recurring revenue, see [`crate::metrics::mrr`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecurringMeasure {
    /// On the last day.
    Mrr,
    /// Of customers who never had any before.
    New,
    /// What customers have more.
    Expansion,
    /// What customers have less.
    Contraction,
    /// What customers had who have none.
    Churn,
    /// Of customers who had none on the day before, but earlier.
    Reactivation,
    /// Customers who have none of those who had some.
    CustomerChurn,
}

/// A row about recurring revenue: id, name and formula, and how it is computed.
pub(super) const fn recurring(
    (id, name, formula): (&'static str, &'static str, &'static str),
    measure: RecurringMeasure,
) -> Metric {
    use RecurringMeasure::{Churn, Contraction, CustomerChurn, Mrr};
    let rate = matches!(measure, CustomerChurn);
    Metric {
        id,
        name,
        unit: if rate { Unit::Rate } else { Unit::Money },
        accumulation: match measure {
            Mrr => Accumulation::Level,
            CustomerChurn => Accumulation::Ratio,
            _ => Accumulation::Unique,
        },
        direction: if matches!(measure, Churn | Contraction | CustomerChurn) { Direction::Down } else { Direction::Up },
        focus: if rate { Focus::Retain } else { Focus::Revenue },
        measure: Measure::Recurring(measure),
        formula,
        by_channel: true,
        by_platform: false,
        by_stream: true,
    }
}
