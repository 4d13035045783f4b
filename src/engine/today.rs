//! The Today screen: the headline of the three focuses and the age of every source.

use crate::metrics::catalog::Feed;
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
    let through = view.extent(Feed::Activity)?.horizon.through;
    let mut headline = Vec::with_capacity(HEADLINE.len());
    for id in HEADLINE {
        headline.push(series::compared(view, &Ask::of(metric(id)?, &scope.segment), scope)?);
    }
    Ok(Today {
        before: series::periods(scope.period, scope.comparison, through).before,
        headline,
        sources: view.sources()?.to_vec(),
    })
}
