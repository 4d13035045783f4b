//! What the numbers of content are made of: events that name an item, and what their users brought.

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Day, Instant, Span};
use crate::domain::props;
use crate::domain::roles::EventRole;
use crate::metrics::content::{Act, Deed, Gain, GainOf, Journey, Viewed};
use crate::metrics::presence::BucketMap;
use crate::metrics::revenue::Payment;
use crate::query::{CONTENT_PROPERTY, Segment};

use super::ask::Ask;
use super::by_role::names_of;
use super::ledger::converted;
use super::sieve::Sieve;
use super::view::View;
use super::{EngineError, revenue};
use crate::domain::days::DayFinder;

/// Every act with the role of its events.
const ACTS: [(Act, EventRole); 4] = [
    (Act::View, EventRole::View),
    (Act::Complete, EventRole::Complete),
    (Act::Engage, EventRole::Engage),
    (Act::Share, EventRole::Share),
];

/// Events that name an item.
#[derive(Default)]
pub(super) struct Acts {
    /// Items by id, in byte order.
    pub items: Vec<String>,
    /// Each with its time.
    pub deeds: Vec<(Deed, Instant)>,
}

impl Acts {
    /// Some acts of a segment in a span.
    pub fn read(view: &mut View, segment: &Segment, acts: &[Act], span: Span) -> Result<Self, EngineError> {
        let mut of_name: FxHashMap<u32, Act> = FxHashMap::default();
        for (act, role) in ACTS.iter().filter(|(act, _)| acts.contains(act)) {
            of_name.extend(names_of(view, &[*role])?.into_iter().map(|name| (name, *act)));
        }
        if of_name.is_empty() {
            return Ok(Self::default());
        }
        let names: Vec<u32> = of_name.keys().copied().collect();
        let (mut ids, mut deeds) = (FxHashMap::<String, u32>::default(), Vec::new());
        let (sieve, mut finder) = (Sieve::new(view, segment)?, DayFinder::new(view.calendar));
        sieve.rows(view, (Some(span), Some(&names), true), &mut |row, props| {
            let item = props.and_then(|props| props::text(props, CONTENT_PROPERTY));
            let Some((act, item)) = of_name.get(&row.name).zip(item) else { return };
            let next = ids.len() as u32;
            let item = ids.get(item.as_ref()).copied().unwrap_or_else(|| *ids.entry(item.into_owned()).or_insert(next));
            deeds.push((Deed { act: *act, item, user: row.user, day: finder.day(row.at) }, row.at));
        })?;
        Ok(Self::ordered(ids, deeds))
    }

    /// Ids ascend with the texts, so that the order of rows does not matter.
    fn ordered(ids: FxHashMap<String, u32>, mut deeds: Vec<(Deed, Instant)>) -> Self {
        let mut items: Vec<(String, u32)> = ids.into_iter().collect();
        items.sort_unstable();
        let mut place = vec![0; items.len()];
        for (at, (_, id)) in items.iter().enumerate() {
            place[*id as usize] = at as u32;
        }
        for (deed, _) in &mut deeds {
            deed.item = place[deed.item as usize];
        }
        Self { items: items.into_iter().map(|(item, _)| item).collect(), deeds }
    }

    /// Whether an act can be told at all: a name has its role, and events of it name items. Zero would be believed.
    pub fn tells(&self, view: &mut View, act: Act) -> Result<bool, EngineError> {
        if self.deeds.iter().any(|(deed, _)| deed.act == act) {
            return Ok(true);
        }
        let Some(span) = history(view)? else { return Ok(false) };
        Ok(!Self::read(view, &Segment::default(), &[act], span)?.deeds.is_empty())
    }

    /// What users viewed, ascending.
    pub fn journeys(&self) -> FxHashMap<u32, Journey> {
        let mut journeys: FxHashMap<u32, Journey> = FxHashMap::default();
        for (deed, at) in self.deeds.iter().filter(|(deed, _)| deed.act == Act::View) {
            if let Some(user) = deed.user {
                journeys.entry(user).or_default().views.push(Viewed { at: *at, item: deed.item });
            }
        }
        for journey in journeys.values_mut() {
            journey.views.sort_unstable();
        }
        journeys
    }
}

/// All days that are seen and have events or money.
pub(super) fn history(view: &mut View) -> Result<Option<Span>, EngineError> {
    let (first, last) = (view.first_day()?, view.until.min(view.today));
    Ok(first.filter(|first| *first <= last).map(|first| Span { first, last }))
}

/// From the first day of the workspace to the last of some buckets.
pub(super) fn up_to(view: &mut View, buckets: &[Span]) -> Result<Span, EngineError> {
    let last = buckets.iter().map(|b| b.last).max().unwrap_or(Day(0));
    Ok(Span { first: view.first_day()?.unwrap_or(last).min(last), last })
}

/// Adds the sign-ups of the buckets; false where no name has that role.
pub(super) fn signups(
    view: &mut View,
    segment: &Segment,
    buckets: &[Span],
    journeys: &mut FxHashMap<u32, Journey>,
) -> Result<bool, EngineError> {
    let names = names_of(view, &[EventRole::Signup])?;
    let (sieve, mut finder) = (Sieve::new(view, segment)?, DayFinder::new(view.calendar));
    let (span, map) = (up_to(view, buckets)?, BucketMap::new(buckets));
    if !names.is_empty() {
        sieve.scan(view, (Some(span), Some(&names), false), &mut |user, row, _| {
            if let Some(bucket) = map.of(finder.day(row.at)) {
                let gain = Gain { at: row.at, earned: row.at, bucket, value: GainOf::Signup };
                journeys.entry(user).or_default().gains.push(gain);
            }
        })?;
    }
    Ok(!names.is_empty())
}

/// Adds what users paid and got back in the buckets; false where there is no money at all.
pub(super) fn money(
    view: &mut View,
    ask: &Ask,
    buckets: &[Span],
    journeys: &mut FxHashMap<u32, Journey>,
) -> Result<bool, EngineError> {
    let (only, streams) = (view.only(&ask.segment)?, revenue::streams(view, &ask.segment)?);
    let (rates, seen) = (view.cache.rates(view.store)?, view.seen_until());
    let (span, map) = (up_to(view, buckets)?, BucketMap::new(buckets));
    let rows = view.store.money(Some(span))?;
    let mut paid: FxHashMap<(u32, u64), Instant> = FxHashMap::default();
    for (row, key) in rows.iter().filter_map(|row| Some((row, row.user.zip(row.order)?))) {
        if row.amount.0 > 0 {
            paid.entry(key).and_modify(|at| *at = row.at.min(*at)).or_insert(row.at);
        }
    }
    for row in rows.iter().filter(|row| row.at < seen) {
        let counts = |user: &u32| only.as_ref().is_none_or(|o| o.get(*user as usize).copied().unwrap_or(false));
        let Some((user, bucket)) = row.user.filter(counts).zip(map.of(row.day)) else { continue };
        let Some(amount) = converted((*rates).as_ref(), row.amount, row.currency, row.day) else { continue };
        let payment = Payment::new(row.day, row.user, row.stream, row.order, amount.0);
        if !streams(row.stream) || !revenue::is_of(ask.part, &payment) {
            continue;
        }
        let of_order = row.order.filter(|_| amount.0 < 0).and_then(|order| paid.get(&(user, order)));
        let earned = of_order.map_or(row.at, |at| row.at.min(*at));
        let gain = Gain { at: row.at, earned, bucket, value: GainOf::Money(amount.0) };
        journeys.entry(user).or_default().gains.push(gain);
    }
    Ok(!view.ledger()?.rows.is_empty())
}
