//! The Revenue screen.

use crate::domain::calendar::{Grain, Span};
use crate::metrics::catalog::Feed;
use crate::metrics::revenue::Buyers;
use crate::query::{RevenueBoard, Scope, Split, StreamRow};

use super::ask::{Ask, metric};
use super::view::View;
use super::{EngineError, revenue, series};

/// Metrics under the streams, in the order of the screen.
const PER_USER: [&str; 3] = ["arpu", "arppu", "paid_rate"];

/// Answers `Query::Revenue`.
///
/// Under a platform segment money is not defined: no value a day and no stream.
pub(super) fn answer(view: &mut View, scope: &Scope) -> Result<RevenueBoard, EngineError> {
    let extent = view.extent(Feed::Money)?;
    let common = view.through_at()?.map_or(extent.horizon.through, |at| view.calendar.day_of(at).plus(-1));
    let periods = series::periods(scope.period, scope.comparison, extent.horizon.through.min(common));
    let net = Ask { grain: Some(Grain::Day), ..Ask::of(metric("net")?, &scope.segment) };
    let mut daily = |span: Option<Span>| match span.and_then(|s| extent.seen(s)) {
        Some(span) => series::points(view, &net, &view.calendar.buckets(Grain::Day, span)),
        None => Ok(Vec::new()),
    };
    let (shown, daily_before) = (daily(Some(scope.period))?, daily(periods.before)?);
    let from = view.comparable_from(Feed::Money)?;
    let whole = |span: &Span| from.is_some_and(|from| span.first >= from);
    let (now, before) = (extent.seen(periods.now), periods.before.filter(whole).and_then(|b| extent.seen(b)));
    let mut per_user = Vec::with_capacity(PER_USER.len());
    for id in PER_USER {
        per_user.push(series::compared(view, &Ask::of(metric(id)?, &scope.segment), scope)?);
    }
    Ok(RevenueBoard {
        before: periods.before,
        daily: shown,
        daily_before,
        streams: streams(view, scope, now, before)?,
        total: row(view, &net, "", now, before)?,
        per_user,
        excluded: series::excluded(view, net.metric, scope.period)?,
    })
}

fn streams(
    view: &mut View,
    scope: &Scope,
    now: Option<Span>,
    before: Option<Span>,
) -> Result<Vec<StreamRow>, EngineError> {
    let whole = Ask::of(metric("net")?, &scope.segment);
    if scope.segment.limits_events() {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    for (name, ask) in series::parts(view, &whole, Split::Stream)? {
        let row = row(view, &ask, &name, now, before)?;
        let moved = row.gross != 0
            || row.refunds != 0
            || row.gross_before.unwrap_or(0) != 0
            || row.net_before.unwrap_or(0) != 0;
        if moved {
            rows.push(row);
        }
    }
    rows.sort_by(|a, b| b.net.cmp(&a.net).then_with(|| a.stream.cmp(&b.stream)));
    Ok(rows)
}

fn row(
    view: &mut View,
    ask: &Ask,
    name: &str,
    now: Option<Span>,
    before: Option<Span>,
) -> Result<StreamRow, EngineError> {
    let defined = !ask.segment.limits_events();
    let mut of = |span: Option<Span>| match span.filter(|_| defined) {
        Some(span) => Ok(revenue::sums(view, ask, &[span])?.first().copied()),
        None => Ok::<_, EngineError>(None),
    };
    let (current, earlier) = (of(now)?.unwrap_or_default(), of(before)?);
    let bought = match now.filter(|_| defined) {
        Some(span) => revenue::buyers(view, ask, &[span])?.first().copied().unwrap_or_default(),
        None => Buyers::default(),
    };
    Ok(StreamRow {
        stream: name.to_owned(),
        net: current.net(),
        net_before: earlier.map(|t| t.net()),
        gross: current.gross,
        refunds: current.refunds,
        gross_before: earlier.map(|t| t.gross),
        orders: bought.orders,
        payers: bought.payers,
    })
}
