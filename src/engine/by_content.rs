//! Metrics of what is published: how far it reaches, whether it comes in time, what it brings.

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::ContentMeasure;
use crate::metrics::content::{Act, Credit, Earned, Pick, Reach, credit, on_time, reach};
use crate::metrics::number::Number;
use crate::query::ContentRecord;

use super::EngineError;
use super::acts::{self, Acts};
use super::ask::Ask;
use super::view::View;

/// Values of a metric of content over buckets that all hold days with data.
pub(super) fn values(
    view: &mut View,
    (measure, ask): (ContentMeasure, &Ask),
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    use ContentMeasure as M;
    if measure != M::OnTime && !view.ever("content", |view| Ok(view.store.has_property("content")?))? {
        return Ok(vec![Number::None; buckets.len()]);
    }
    let (acts, value): (&[Act], fn(&Reach) -> Number) = match measure {
        M::Views => (&[Act::View], |r| count(r.views)),
        M::Uniques => (&[Act::View], |r| count(r.uniques)),
        M::Completion => (&[Act::View, Act::Complete], Reach::completion),
        M::Engagement => (&[Act::View, Act::Engage], Reach::engagement),
        M::Shares => (&[Act::Share], |r| count(r.shares)),
        M::SignupsFirst | M::RevenueFirst => return credits(view, (measure, ask), Pick::First, buckets),
        M::SignupsLast | M::RevenueLast => return credits(view, (measure, ask), Pick::Last, buckets),
        M::OnTime => {
            let known = view.items_known()?;
            let records = view.items()?;
            return Ok(known.map_or_else(|| nothing(buckets), |known| in_time(records.values(), known, buckets)));
        }
    };
    let first = buckets.iter().map(|b| b.first).min();
    let span = acts::up_to(view, buckets)?;
    let found = Acts::read(view, &ask.segment, acts, Span { first: first.unwrap_or(span.first), ..span })?;
    for act in acts {
        if !found.tells(view, *act)? {
            return Ok(nothing(buckets));
        }
    }
    Ok(reach(found.deeds.iter().map(|(deed, _)| deed), buckets).iter().map(value).collect())
}

pub(super) fn count(n: u64) -> Number {
    Number::Count(n.into())
}

fn nothing(buckets: &[Span]) -> Vec<Number> {
    vec![Number::None; buckets.len()]
}

pub(super) fn in_time<'r>(
    records: impl Iterator<Item = &'r ContentRecord>,
    known: Day,
    buckets: &[Span],
) -> Vec<Number> {
    let items = records.filter_map(|record| Some((record.planned?, record.published)));
    on_time(items, known, buckets).into_iter().map(|(n, due)| Number::ratio(n.into(), due.into())).collect()
}

/// What all items together earned.
fn credits(
    view: &mut View,
    (measure, ask): (ContentMeasure, &Ask),
    pick: Pick,
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    let span = acts::up_to(view, buckets)?;
    let found = Acts::read(view, &ask.segment, &[Act::View], span)?;
    let mut journeys = found.journeys();
    let signups = matches!(measure, ContentMeasure::SignupsFirst | ContentMeasure::SignupsLast);
    let known = if signups {
        acts::signups(view, &ask.segment, buckets, &mut journeys)?
    } else {
        acts::money(view, ask, buckets, &mut journeys)?
    };
    if !known || !found.tells(view, Act::View)? {
        return Ok(nothing(buckets));
    }
    let value = |credit: &Credit| {
        let earned = credited(credit);
        if signups { count(earned.signups) } else { Number::Money(earned.net) }
    };
    Ok(credit(journeys.values(), pick, buckets.len()).iter().map(value).collect())
}

/// The sum of what items earned.
pub(super) fn credited(credit: &Credit) -> Earned {
    let mut sum = Earned::default();
    credit.iter().filter(|(item, _)| item.is_some()).for_each(|(_, earned)| sum.add(*earned));
    sum
}
