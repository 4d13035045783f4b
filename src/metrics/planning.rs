//! The mathematics of plans (planning.md §3): what a tree is worth, what its parts should reach, how far a target has
//! come, where it will end and why there is a gap.
//!
//! Values are `f64` in the unit of their metric, rates as fractions. A missing observation is `None`, never 0, and makes
//! everything that needs it `None`. Values of a tree are slices with one entry a node.
//! ```
//! use quarterdeck::domain::plans::NodeOp;
//! use quarterdeck::domain::tree::Tree;
//! use quarterdeck::metrics::planning::{blame, evaluate};
//! let mut revenue = Tree::new(NodeOp::Product);
//! for _ in 0..3 {
//!     revenue.add(0, NodeOp::Leaf, false);
//! }
//! let target = [None, Some(100_000.0), Some(0.025), Some(160.0)];
//! let actual = [None, Some(110_000.0), Some(0.02), Some(155.0)];
//! assert_eq!(evaluate::values(&revenue, &actual)[0], Some(341_000.0));
//! let parts = blame::blame(&revenue, &target, &actual).contributions.unwrap();
//! assert_eq!(parts[1].round(), 35_458.0);
//! ```

pub mod attainment;
pub mod blame;
pub mod budget;
pub mod calibration;
pub mod closing;
pub mod curve;
pub mod distribute;
pub mod evaluate;
pub mod forecast;
pub mod gauges;
pub mod lead;
pub mod pace;
pub mod propose;
pub mod quantile;
#[cfg(test)]
pub(super) mod random;
pub mod reach;
pub mod rounds;
pub mod thresholds;
pub mod to_date;
pub mod urgency;

pub use thresholds::{Lamps, SETTINGS, Setting, Status, Thresholds, setting};

/// Differences below this share of a value come from the last bits of its arithmetic.
const EPSILON: f64 = 1e-9;

/// Whether `a >= b`, up to the last bits.
fn reaches(a: f64, b: f64) -> bool {
    b - a <= EPSILON * a.abs().max(b.abs()).max(1e-3)
}

/// A value that is a number.
fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|v| v.is_finite())
}

/// `a / b`; `None` where `b` is 0.
fn over(a: f64, b: f64) -> Option<f64> {
    if b == 0.0 { None } else { finite(a / b) }
}

/// The value of a node in a slice with one entry a node; `None` also where the slice ends before it.
fn at(values: &[Option<f64>], node: usize) -> Option<f64> {
    values.get(node).copied().flatten()
}
