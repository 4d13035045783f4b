//! Settings of a workspace that can be changed.

use super::calendar::{WeekStart, Zone};
use super::money::Currency;

/// Stages of a product in order.
pub const STAGES: [&str; 4] = ["seed", "growth", "mature", "decline"];

/// Settings to change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChange {
    /// Product name.
    pub product: Option<String>,
    /// Product form such as `app`.
    pub form: Option<String>,
    /// Stage such as `growth`.
    pub stage: Option<String>,
    /// Currency that amounts are converted into.
    pub currency: Option<Currency>,
    /// Zone whose days are counted.
    pub zone: Option<Zone>,
    /// First day of the week.
    pub week_start: Option<WeekStart>,
}
