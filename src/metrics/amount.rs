//! Values of targets in full, the same in what the engine says and on every screen.

use super::catalog::Unit;
use crate::domain::digits::{MISSING, fixed, grouped};

/// In full: `300,000` `146.00` `2.50%` `4.20`; `--` where there is none.
pub fn full(value: Option<f64>, unit: Unit) -> String {
    let Some(value) = value else { return MISSING.to_owned() };
    match unit {
        Unit::Money if value.abs() >= 1e9 => grouped(&fixed(value / 1e6, 0)),
        Unit::Money | Unit::MoneyPer => grouped(&fixed(value / 1e6, 2)),
        Unit::Rate => rate(value),
        Unit::Users | Unit::Orders | Unit::Events => grouped(&fixed(value, 0)),
        Unit::EventsPer | Unit::Times => grouped(&fixed(value, if value.abs() < 100.0 { 2 } else { 0 })),
    }
}

fn rate(value: f64) -> String {
    format!("{}%", fixed(value * 100.0, if value.abs() < 0.1 { 2 } else { 1 }))
}
