//! METRICS: one row per number the product can show.

/// How a metric adds up over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accumulation {
    /// Adds over days: revenue, orders.
    Flow,
    /// A state at a point in time.
    Level,
    /// Numerator over denominator; never added or averaged.
    Ratio,
    /// Distinct users; never added.
    Unique,
}

/// What a higher value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Up,
    /// Lower is better.
    Down,
}

/// Unit of a metric's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Users.
    Users,
    /// Orders.
    Orders,
    /// Events.
    Events,
    /// Money of the workspace's currency.
    Money,
    /// Money per user, payer or order.
    MoneyPer,
    /// A fraction, shown as percent.
    Rate,
}

/// Which of the three focuses a metric serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// New users at falling cost.
    Acquire,
    /// Activate and retain.
    Retain,
    /// Revenue.
    Revenue,
}

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Stable id, as in `quarterdeck metric ID`.
    pub id: &'static str,
    /// Name on screens.
    pub name: &'static str,
    /// Unit of its value.
    pub unit: Unit,
    /// How it adds up.
    pub accumulation: Accumulation,
    /// What a higher value means.
    pub direction: Direction,
    /// Focus it serves.
    pub focus: Focus,
    /// The formula in words, as shown in the number detail.
    pub formula: &'static str,
    /// Whether a channel segment can be applied.
    pub by_channel: bool,
    /// Whether a platform segment can be applied.
    pub by_platform: bool,
    /// Whether it can be split by revenue stream.
    pub by_stream: bool,
}

/// Looks a metric up by id.
pub fn find(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.id == id)
}

/// The catalogue.
pub static METRICS: &[Metric] = &[];
