//! What a printed number depends on, told above its rows: a name and its value.

use crate::domain::calendar::Span;
use crate::query::Profile;

/// The currency of money, where the workspace has one.
pub fn currency(profile: &Profile) -> Option<(&'static str, String)> {
    profile.currency.map(|currency| ("currency", currency.to_string()))
}

/// The zone whose days are counted.
pub fn zone(profile: &Profile) -> (&'static str, String) {
    ("zone", profile.zone.name().to_owned())
}

/// The first day of a week.
pub fn week(profile: &Profile) -> (&'static str, String) {
    ("week", profile.week_start.name().to_owned())
}

/// The first and the last day.
pub fn days(span: Span) -> [(&'static str, String); 2] {
    [("from", span.first.to_string()), ("to", span.last.to_string())]
}
