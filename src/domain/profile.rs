//! Settings of a workspace that can be changed.

use super::calendar::{WeekStart, Zone};
use super::money::Currency;
use super::plans::Setting;

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

impl ProfileChange {
    /// The settings that change, as they are stored.
    pub fn settings(&self) -> Vec<Setting> {
        let pairs = [
            ("product", self.product.clone()),
            ("form", self.form.clone()),
            ("stage", self.stage.clone()),
            ("currency", self.currency.map(|currency| currency.code().to_owned())),
            ("zone", self.zone.map(|zone| zone.name().to_owned())),
            ("week_start", self.week_start.map(|day| day.name().to_owned())),
        ];
        let setting = |(key, value): (&str, Option<String>)| Some(Setting { key: key.to_owned(), value: value? });
        pairs.into_iter().filter_map(setting).collect()
    }
}
