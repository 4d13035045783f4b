//! Credit for conversions over the events themselves: no rollup knows what came after what.

mod recall;
mod sources;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::calendar::{DAY_MICROS, Day, Instant, Span};
use crate::domain::money::Micros;
use crate::metrics::attribution::{Conversion, Economics, Ledger, Rules, Source, Touch};
use crate::metrics::catalog::Feed;
use crate::metrics::number::Number;
use crate::query::{AttributionQuery, AttributionTable, ConversionOf, Credited, Segment, TouchKey};
use crate::store::{RawEvent, TermKind};

use super::EngineError;
use super::ask::people_only;
use super::ledger::converted;
use super::revenue::is_foreign;
use super::sieve::instants;
use super::view::View;
use super::worth::worth;
use crate::domain::days::DayFinder;

use recall::Part;
use sources::{Key, Sources};

/// Longest lookback in days.
const MOST_LOOKBACK: u16 = 3_660;

/// Touches and conversions of one user.
#[derive(Default)]
struct Journey {
    touches: Vec<Touch>,
    conversions: Vec<Conversion>,
}

/// Journeys by user, and amounts without a rate.
#[derive(Default)]
struct Journeys {
    users: FxHashMap<u32, Journey>,
    excluded: u64,
}

/// Answers `Query::Attribution`.
pub(super) fn answer(view: &mut View, query: &AttributionQuery) -> Result<AttributionTable, EngineError> {
    check(query)?;
    let mut sources = Sources::default();
    let mut journeys = Journeys::default();
    if query.conversion == ConversionOf::Orders {
        orders(view, query, &mut journeys)?;
    }
    events(view, query, &mut sources, &mut journeys)?;
    journeys.users.retain(|_, journey| !journey.conversions.is_empty());
    let spend = spend(view, query, &mut sources, &mut journeys)?;
    let ids = sources.sorted();
    let place = |id: u32| ids[id as usize];
    for journey in journeys.users.values_mut() {
        for touch in &mut journey.touches {
            touch.source = touch.source.map(place);
        }
        journey.touches.sort_by_key(|t| t.at);
    }
    let renamed = |source| if let Source::Named(id) = source { Source::Named(place(id)) } else { source };
    let by_source: BTreeMap<Source, i128> = spend.iter().flatten().map(|(s, n)| (renamed(*s), *n)).collect();
    let credit = |model| {
        let rules = Rules {
            model,
            lookback: query.lookback_days.map(|days| i64::from(days) * DAY_MICROS),
            inclusive: query.inclusive,
            without_direct: query.without_direct,
        };
        let mut ledger = Ledger::new(rules);
        journeys.users.values().for_each(|j| ledger.add(&j.touches, &j.conversions));
        listed(&ledger.economics(&by_source), &sources)
    };
    let all = || journeys.users.values().flat_map(|j| &j.conversions);
    let mut feeds = vec![Feed::Activity];
    feeds.extend((query.conversion == ConversionOf::Orders).then_some(Feed::Money));
    feeds.extend((!by_source.is_empty()).then_some(Feed::Spend));
    // All history has no end that could be missing.
    let covered = view.covered(&feeds, query.span.unwrap_or(Span { first: Day(0), last: Day(0) }))?;
    Ok(AttributionTable {
        covered,
        conversions: all().count() as u64,
        value: all().map(|c| i128::from(c.value)).sum(),
        models: query.models.iter().map(|model| credit(*model)).collect(),
        spend: (!by_source.is_empty()).then(|| by_source.values().sum()),
        excluded: journeys.excluded,
    })
}

fn check(query: &AttributionQuery) -> Result<(), EngineError> {
    people_only(&query.segment, "credit")?;
    let refuse = |why: &str| Err(EngineError::Usage(why.to_owned()));
    if query.models.is_empty() {
        return refuse("credit needs at least one model");
    }
    if query.lookback_days.is_some_and(|days| days > MOST_LOOKBACK) {
        return refuse("a lookback is at most 3660 days; all history has no limit");
    }
    match (&query.key, &query.conversion) {
        (TouchKey::Properties(parts), _) if parts.is_empty() => refuse("a key of properties names at least one"),
        (_, ConversionOf::Event { name, .. }) if query.touches.contains(name) => {
            refuse("one event cannot be both a touch and the conversion")
        }
        _ => Ok(()),
    }
}

/// The sources with the most conversions first, then by what they cost and by name.
fn listed(economics: &[Economics], sources: &Sources) -> Vec<Credited> {
    let row = |e: &Economics| Credited {
        source: sources.name(e.source),
        conversions: e.credit.conversions(),
        revenue: e.credit.revenue(),
        spend: e.spend,
        cac: e.cac(),
        roas: e.roas(),
    };
    let parts = |number: Number| if let Number::Ratio { num, .. } = number { num } else { 0 };
    let mut rows: Vec<Credited> = economics.iter().map(row).collect();
    rows.sort_by(|a, b| parts(b.conversions).cmp(&parts(a.conversions)).then(b.spend.cmp(&a.spend)));
    rows
}

/// By user whether he counts.
fn counts(view: &mut View, segment: &Segment) -> Result<impl Fn(u32) -> bool + use<>, EngineError> {
    let only = view.only(segment)?;
    Ok(move |user: u32| only.as_ref().is_none_or(|o| o.get(user as usize).copied().unwrap_or(false)))
}

/// Start of the first day asked for, and of the day after the last one seen.
fn period(view: &View, span: Option<Span>) -> (Instant, Instant) {
    let seen = view.calendar.end_of(view.until.min(view.today));
    span.map_or((Instant(i64::MIN), seen), |s| {
        (view.calendar.start_of(s.first), view.calendar.end_of(s.last).min(seen))
    })
}

/// User and order, or the row where it names no order.
type OrderKey = (u32, Result<u64, usize>);

/// What an order brought.
#[derive(Default)]
struct Order {
    /// When it was first paid.
    paid: Option<Instant>,
    /// Payments less refunds, in micros.
    net: i64,
}

/// Orders of the period as conversions at their first payment.
fn orders(view: &mut View, query: &AttributionQuery, journeys: &mut Journeys) -> Result<(), EngineError> {
    let counts = counts(view, &query.segment)?;
    let rates = view.cache.rates(view.store)?;
    let ((from, to), (_, seen)) = (period(view, query.span), period(view, None));
    let mut orders: FxHashMap<OrderKey, Order> = FxHashMap::default();
    for (at, row) in view.store.money(None)?.into_iter().enumerate() {
        let Some(user) = row.user.filter(|user| counts(*user) && row.at < seen) else { continue };
        let Some(amount) = converted((*rates).as_ref(), row.amount, row.currency, row.day) else {
            journeys.excluded += u64::from(row.at >= from && row.at < to);
            continue;
        };
        let order = orders.entry((user, row.order.ok_or(at))).or_default();
        order.net = order.net.saturating_add(amount.0);
        if amount.0 > 0 {
            order.paid = Some(order.paid.map_or(row.at, |first| first.min(row.at)));
        }
    }
    for ((user, _), order) in orders {
        if let Some(at) = order.paid.filter(|at| *at >= from && *at < to) {
            journeys.users.entry(user).or_default().conversions.push(Conversion { at, value: order.net });
        }
    }
    Ok(())
}

/// Touches, and events that are conversions. Touches before the longest lookback are not read.
fn events(
    view: &mut View,
    query: &AttributionQuery,
    sources: &mut Sources,
    journeys: &mut Journeys,
) -> Result<(), EngineError> {
    let counts = counts(view, &query.segment)?;
    let ((from, to), rates) = (period(view, query.span), view.cache.rates(view.store)?);
    let mut finder = DayFinder::new(view.calendar);
    let (conversion, value) = match &query.conversion {
        ConversionOf::Event { name, value } => (view.id(TermKind::EventName, name)?, value.as_deref()),
        ConversionOf::Orders => (None, None),
    };
    let touches = view.ids(TermKind::EventName, &query.touches)?;
    let key = Key::new(view, &query.key)?;
    let wanted: Vec<u32> = touches.iter().copied().chain(conversion).collect();
    let names = (!query.touches.is_empty()).then_some(wanted.as_slice());
    // A day may have 25 hours, so one more than the lookback is read; all history has no first day.
    let read = query.span.zip(query.lookback_days);
    let read = read.map(|(span, days)| Span { first: span.first.plus(-i32::from(days) - 1), last: span.last });
    let timeline = if value.is_some() || key.needs_props() { None } else { view.timeline(read)? };
    if let Some(timeline) = timeline {
        let part = |row: &RawEvent| {
            if Some(row.name) == conversion {
                return Part::Conversion;
            }
            let source = key.without_props(row.channel, sources);
            let named = query.touches.is_empty() || touches.contains(&row.name);
            let counts = named && (source.is_some() || !query.touches.is_empty());
            if counts { Part::touch(source) } else { Part::Nothing }
        };
        let parts = timeline.by_kind(part);
        let read = read.map_or(i64::MIN..i64::MAX, |span| instants(view, span));
        let read = read.start..read.end.min(to.0);
        return recall::add(journeys, (&timeline, &view.halt()), &parts, (read, from.0..to.0), counts);
    }
    let each = &mut |row: RawEvent, props: Option<&str>| {
        let Some(user) = row.user.filter(|user| counts(*user) && row.at < to) else { return };
        if Some(row.name) == conversion {
            if row.at >= from {
                let day = finder.day(row.at);
                let value = value.map_or(Some(Micros(0)), |name| worth(props, name, (*rates).as_ref(), day));
                journeys.excluded += u64::from(value.is_none());
                let value = value.map_or(0, |micros| micros.0);
                journeys.users.entry(user).or_default().conversions.push(Conversion { at: row.at, value });
            }
            return;
        }
        let source = key.of(row.channel, props, sources);
        if source.is_some() || !query.touches.is_empty() {
            let source = source.and_then(|source| if let Source::Named(id) = source { Some(id) } else { None });
            journeys.users.entry(user).or_default().touches.push(Touch { at: row.at, source });
        }
    };
    Ok(view.store.scan_rows(read, names, each)?)
}

/// Spend of the period by source; `None` where spend does not carry the key.
fn spend(
    view: &mut View,
    query: &AttributionQuery,
    sources: &mut Sources,
    journeys: &mut Journeys,
) -> Result<Option<BTreeMap<Source, i128>>, EngineError> {
    let key = Key::new(view, &query.key)?;
    let Some(columns) = key.columns() else { return Ok(None) };
    // What was spent cannot be told apart by the users it was spent on.
    if query.segment.limits_people() {
        return Ok(None);
    }
    let (channels, campaigns) =
        (view.cache.terms(view.store, TermKind::Channel)?, view.cache.terms(view.store, TermKind::Campaign)?);
    let mut spend: BTreeMap<Source, i128> = BTreeMap::new();
    let (until, own) = (view.until, view.currency);
    let inside = |day: Day| day <= until && query.span.is_none_or(|span| span.contains(day));
    for row in view.cache.spend(view.store)?.iter().filter(|row| inside(row.day)) {
        if is_foreign(row, own) {
            journeys.excluded += 1;
            continue;
        }
        let (channel, campaign) = (name(row.channel, &channels), name(row.campaign, &campaigns));
        let source = sources.spent(&columns, channel, campaign);
        *spend.entry(source).or_default() += i128::from(row.amount.0);
    }
    Ok(Some(spend))
}

fn name(id: Option<u32>, names: &[String]) -> Option<&str> {
    names.get(id? as usize).map(String::as_str)
}
