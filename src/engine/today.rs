//! The Today screen: the headline of the three focuses and the age of every source.

use crate::query::{Scope, Today};

use super::EngineError;
use super::ask::{Ask, metric};
use super::series;
use super::view::View;

/// Headline numbers: acquire, retain, revenue.
const HEADLINE: [&str; 12] =
    ["new_users", "spend", "dau", "wau", "mau", "stickiness", "d1", "d7", "d30", "net", "payers", "arpu"];

/// Answers `Query::Today`.
pub(super) fn answer(view: &mut View, scope: &Scope) -> Result<Today, EngineError> {
    let mut headline = Vec::with_capacity(HEADLINE.len());
    for id in HEADLINE {
        headline.push(series::compared(view, &Ask::of(metric(id)?, &scope.segment), scope)?);
    }
    let mut sources = view.sources()?.to_vec();
    // What needs a hand stands first: there may be room for three.
    sources.sort_by_key(|s| std::cmp::Reverse(s.stale_days));
    Ok(Today { headline, sources })
}
