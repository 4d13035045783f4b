//! What a new user costs where rows do not tell it: the daily facts `spend` and `new_users`, or one of them beside the rows
//! of the other, by the rules that hold for rows.

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::{AcquisitionMeasure, Measure, Metric};
use crate::metrics::ltv::{Acquisition, paid};
use crate::metrics::number::{Horizon, Number, Point};
use crate::query::{Segment, Split};

use super::super::ask::{Ask, metric};
use super::super::view::View;
use super::super::{EngineError, facts};

/// What it is made of.
const PARTS: [&str; 2] = ["spend", "new_users"];

/// Whether a metric can be made so.
pub(super) fn is_made(metric: &Metric) -> bool {
    use AcquisitionMeasure::{CacBlended, CacPaid};
    matches!(metric.measure, Measure::Acquisition(CacPaid | CacBlended))
}

/// How far both parts reach; `None` where one is not known, or not by channel where that counts.
pub(super) fn horizon(view: &mut View, made: &Metric) -> Result<Option<Horizon>, EngineError> {
    let mut all: Option<Horizon> = None;
    for id in PARTS.into_iter().filter(|_| is_made(made)) {
        let part = metric(id)?;
        if super::needs(view, part)?.is_some() || (made.by_channel && !facts::has_channels(view, part)?) {
            return Ok(None);
        }
        let Horizon { through, reach } = super::horizon(view, part)?;
        let least = all.map_or(Horizon { through, reach }, |all| Horizon {
            through: all.through.min(through),
            reach: all.reach.min(reach),
        });
        all = Some(least);
    }
    Ok(all)
}

/// First day from which both parts are known.
pub(super) fn first(view: &mut View, made: &Metric) -> Result<Option<Day>, EngineError> {
    let mut from = None;
    for id in PARTS.into_iter().filter(|_| is_made(made)) {
        from = from.max(super::first(view, metric(id)?)?);
    }
    Ok(from)
}

/// Fills the points that have no value.
pub(super) fn fill(view: &mut View, ask: &Ask, points: &mut [Point]) -> Result<(), EngineError> {
    let Some(horizon) = horizon(view, ask.metric)? else { return Ok(()) };
    let spans: Vec<Span> = points.iter().map(|point| point.span).collect();
    let costs =
        if ask.metric.by_channel { by_channel(view, &ask.segment, &spans)? } else { vec![won(view, ask, &spans)?] };
    for (at, point) in points.iter_mut().enumerate().filter(|(_, point)| point.value == Number::None) {
        let channels: Vec<Acquisition> = costs.iter().map(|won| won[at]).collect();
        point.value = paid(&channels).cac();
        point.state = horizon.state(point.span);
    }
    Ok(())
}

/// Spend and users of each channel, span by span.
fn by_channel(view: &mut View, segment: &Segment, spans: &[Span]) -> Result<Vec<Vec<Acquisition>>, EngineError> {
    let channels = super::parts(view, &Ask::of(metric(PARTS[0])?, segment), Split::Channel)?;
    channels.iter().map(|(_, of)| won(view, of, spans)).collect()
}

/// Spend and users of a segment, span by span.
fn won(view: &mut View, of: &Ask, spans: &[Span]) -> Result<Vec<Acquisition>, EngineError> {
    let [spend, users] = PARTS.map(|id| {
        let part = Ask { metric: metric(id)?, grain: of.grain, ..Ask::of(metric(id)?, &of.segment) };
        super::points(view, &part, spans)
    });
    let one = |(spend, users): (Point, Point)| Acquisition {
        spend: if let Number::Money(micros) = spend.value { Some(micros) } else { None },
        users: if let Number::Count(n) = users.value { u64::try_from(n).unwrap_or(0) } else { 0 },
        ..Acquisition::default()
    };
    Ok(spend?.into_iter().zip(users?).map(one).collect())
}
