//! The first week of an item, day by day, beside the weeks of others of its kind.

use std::collections::BTreeMap;

use crate::domain::calendar::{Day, Grain, Span};
use crate::metrics::catalog::Feed;
use crate::metrics::content::{Act, Credit, Deed, Earned, Pick, credit, reach, report_days};
use crate::metrics::number::{Horizon, Number, State};
use crate::query::{
    ContentDays, ContentNumbers, ContentPeers, ContentRecord, ContentReport, ContentReportQuery, Segment,
};

use super::super::EngineError;
use super::super::acts::{self, Acts};
use super::super::by_content::count;
use super::super::view::View;
use super::{ALL_ACTS, Tells, earned, gains};

/// What was done with each item, and what it brought each day.
struct Shelf {
    ids: BTreeMap<String, u32>,
    deeds: BTreeMap<u32, Vec<Deed>>,
    brought: BTreeMap<Day, Credit>,
    tells: Tells,
    horizon: Horizon,
}

impl Shelf {
    fn read(view: &mut View, segment: &Segment) -> Result<Self, EngineError> {
        let history = acts::history(view)?;
        let acts = match history {
            Some(span) => Acts::read(view, segment, &ALL_ACTS, span)?,
            None => Acts::default(),
        };
        let days = history.map_or_else(Vec::new, |span| view.calendar.buckets(Grain::Day, span));
        let (tells, journeys) = gains(view, segment, &acts, &days)?;
        let brought = credit(journeys.values(), Pick::Last, days.len());
        let mut deeds: BTreeMap<u32, Vec<Deed>> = BTreeMap::new();
        for (deed, _) in &acts.deeds {
            deeds.entry(deed.item).or_default().push(*deed);
        }
        Ok(Self {
            ids: acts.items.iter().zip(0..).map(|(item, id)| (item.clone(), id)).collect(),
            deeds,
            brought: days.iter().map(|day| day.first).zip(brought).collect(),
            tells,
            horizon: view.extent(Feed::Events)?.horizon,
        })
    }

    fn deeds(&self, item: &str) -> &[Deed] {
        self.ids.get(item).and_then(|id| self.deeds.get(id)).map_or(&[], Vec::as_slice)
    }

    /// The seven days of an item: from its publication, else from its first view.
    fn week(&self, item: &str, record: Option<&ContentRecord>) -> Option<Span> {
        let viewed = self.deeds(item).iter().filter(|deed| deed.act == Act::View).map(|deed| deed.day).min();
        record.and_then(|record| record.published).or(viewed).map(report_days)
    }

    fn days(&self, item: &str, span: Span) -> ContentDays {
        let state = self.horizon.state(span);
        let reach = reach(self.deeds(item), &[span]).pop().unwrap_or_default();
        let mut last = Earned::default();
        for (_, credit) in self.brought.range(span.first..=span.last) {
            let day = self.ids.get(item).map_or_else(Earned::default, |id| earned(credit, Some(*id)));
            last = Earned { signups: last.signups + day.signups, net: last.net + day.net };
        }
        let numbers = match state {
            State::NotReached => ContentNumbers::NONE,
            _ => self.tells.numbers(&reach, Earned::default(), last, Number::None),
        };
        let completed = self.tells.completes && state != State::NotReached;
        ContentDays {
            span,
            state,
            views: numbers.views,
            uniques: numbers.uniques,
            completes: if completed { count(reach.completed) } else { Number::None },
            completion: numbers.completion,
            engagement: numbers.engagement,
            shares: numbers.shares,
            signups: numbers.signups_last,
            revenue: numbers.revenue_last,
        }
    }
}

/// Answers `Query::ContentReport`.
pub(in super::super) fn report(view: &mut View, query: &ContentReportQuery) -> Result<ContentReport, EngineError> {
    let records = view.items()?;
    let (item, record) = (query.item.as_str(), records.get(&query.item));
    let shelf = Shelf::read(view, &query.segment)?;
    let is_known = record.is_some()
        || shelf.ids.contains_key(item)
        || (!query.segment.is_all() && Shelf::read(view, &Segment::default())?.ids.contains_key(item));
    if !is_known {
        return Err(EngineError::Usage(format!(
            "no content item is called {item}; `quarterdeck content` lists those of a period"
        )));
    }
    let days = shelf.week(item, record).map_or_else(Vec::new, |week| {
        let each = view.calendar.buckets(Grain::Day, week).into_iter().chain([week]);
        each.map(|span| shelf.days(item, span)).collect()
    });
    let peers = record.and_then(|record| peers(&shelf, (item, record), &records));
    let by_first_view = record.is_none_or(|record| record.published.is_none());
    Ok(ContentReport { record: record.cloned(), days, by_first_view, peers })
}

/// The usual week of the other items of a kind, of those whose week is over.
fn peers(
    shelf: &Shelf,
    (item, record): (&str, &ContentRecord),
    records: &BTreeMap<String, ContentRecord>,
) -> Option<ContentPeers> {
    let kind = record.kind.as_ref()?;
    let others = records.iter().filter(|(id, other)| *id != item && other.kind.as_ref() == Some(kind));
    let weeks: Vec<ContentDays> = others
        .filter_map(|(id, other)| Some(shelf.days(id, shelf.week(id, Some(other))?)))
        .filter(|week| week.state == State::Complete)
        .collect();
    let of = |number: fn(&ContentDays) -> Number| median(weeks.iter().map(number));
    let first = weeks.first()?;
    let median = ContentDays {
        views: of(|week| week.views),
        uniques: of(|week| week.uniques),
        completes: of(|week| week.completes),
        completion: of(|week| week.completion),
        engagement: of(|week| week.engagement),
        shares: of(|week| week.shares),
        signups: of(|week| week.signups),
        revenue: of(|week| week.revenue),
        ..*first
    };
    Some(ContentPeers { kind: kind.clone(), items: weeks.len() as u64, median })
}

/// The number in the middle of those that are known; of two there, the lower.
fn median(numbers: impl Iterator<Item = Number>) -> Number {
    let mut known: Vec<(f64, Number)> = numbers.filter_map(|number| Some((number.value()?, number))).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    known.get(known.len().saturating_sub(1) / 2).map_or(Number::None, |(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_a_number_that_one_of_them_has() {
        let of = |counts: &[i128]| median(counts.iter().map(|n| Number::Count(*n)));
        assert_eq!(of(&[5, 1, 9]), Number::Count(5));
        assert_eq!(of(&[9, 1, 5, 7]), Number::Count(5));
        assert_eq!(of(&[]), Number::None);
        assert_eq!(median([Number::None, Number::Count(3)].into_iter()), Number::Count(3));
    }
}
