//! Where verdicts begin: our own choices, so each is a setting with this default (planning.md marks them as heuristics).

/// How likely it is that a target is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Likely.
    Ok,
    /// In doubt.
    Risk,
    /// Not likely.
    Off,
}

/// Limits of the verdicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// Least probability that is [`Status::Ok`].
    pub hit_ok: f64,
    /// Least probability that is [`Status::Risk`].
    pub hit_risk: f64,
    /// Least pace that is [`Status::Ok`], where there is no probability.
    pub pace_ok: f64,
    /// Least pace that is [`Status::Risk`].
    pub pace_risk: f64,
    /// Least distance of two gauges that is much, as a fraction.
    pub margin: f64,
    /// A target is unlikely beyond so many times the way from the median window to the best.
    pub unlikely: f64,
    /// Overspend against the line at which each tier of the budget begins, as fractions, ascending.
    pub budget_tiers: Vec<f64>,
    /// Least overspend that has a tier, in the unit of the spend.
    pub budget_least: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            hit_ok: 0.8,
            hit_risk: 0.4,
            pace_ok: 0.97,
            pace_risk: 0.90,
            margin: 0.10,
            unlikely: 1.5,
            budget_tiers: vec![0.1, 0.2, 0.3],
            budget_least: 0.0,
        }
    }
}
