//! What campaigns cost and whom they brought: spend by channel and campaign, new users by the campaign of their first touch.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::calendar::Span;
use crate::domain::channels::folded;
use crate::metrics::campaigns::Bill;
use crate::metrics::catalog::Feed;
use crate::metrics::presence::BucketMap;
use crate::query::{CampaignRow, CampaignsQuery, CampaignsTable, NO_VALUE, Segment};
use crate::store::TermKind;

use super::EngineError;
use super::ask::{buckets, people_only};
use super::revenue::is_foreign;
use super::view::{UNKNOWN, View};

/// Users of each bucket by channel and folded campaign, with the campaign as it is spelled.
type Users = BTreeMap<(String, String), (String, Vec<u64>)>;
/// Campaigns by channel and folded name.
type Rows = BTreeMap<(String, String), CampaignRow>;

/// Answers `Query::Campaigns`.
pub(super) fn answer(view: &mut View, query: &CampaignsQuery) -> Result<CampaignsTable, EngineError> {
    people_only(&query.segment, "cost")?;
    let buckets = buckets(view.calendar, query.span, query.grain)?;
    let mut rows = Rows::new();
    let excluded = bill(view, &query.segment, &buckets, &mut rows)?;
    let spent: FxHashSet<String> = rows.values().map(|row| row.channel.clone()).collect();
    let known = known(view, &buckets)?;
    let users = users(view, &query.segment, &buckets)?;
    let told = told(view)?;
    for ((channel, campaign), (name, users)) in users {
        if spent.contains(&channel) {
            let key = if told.contains(&channel) { (channel, campaign) } else { (channel, String::new()) };
            let name = if key.1.is_empty() { String::new() } else { name };
            let row = row(&mut rows, key, &name, buckets.len());
            let bills = row.bills.iter_mut().zip(users).zip(&known).filter(|(_, known)| **known);
            bills.for_each(|((bill, users), _)| bill.add(Bill::of_users(users)));
        }
    }
    // Where campaigns are told, one that brought nobody brought none; elsewhere nobody knows.
    for row in rows.values_mut().filter(|row| told.contains(&row.channel) || row.campaign.is_empty()) {
        let bills = row.bills.iter_mut().zip(&known).filter(|(_, known)| **known);
        bills.for_each(|(bill, _)| bill.add(Bill::of_users(0)));
    }
    for row in rows.values_mut().filter(|row| told.contains(&row.channel) && row.campaign.is_empty()) {
        NO_VALUE.clone_into(&mut row.campaign);
    }
    let paid = (0..buckets.len()).map(|at| paid(&rows, at)).collect();
    let mut rows: Vec<CampaignRow> = rows.into_values().collect();
    rows.sort_by_cached_key(|row| (Reverse((row.whole().spend, row.whole().users)), row.name()));
    let covered = view.covered(&[Feed::Activity, Feed::Spend], query.span)?;
    Ok(CampaignsTable { buckets, rows, paid, covered, excluded })
}

/// Which buckets hold days with events of users, or with the orders that stand for them.
fn known(view: &mut View, buckets: &[Span]) -> Result<Vec<bool>, EngineError> {
    let extent = view.extent(Feed::Activity)?;
    Ok(buckets.iter().map(|bucket| extent.seen(*bucket).is_some()).collect())
}

/// The channels with spend in a bucket together.
fn paid(rows: &Rows, at: usize) -> Bill {
    let spent: FxHashSet<&str> =
        rows.values().filter(|row| row.bills[at].spend.is_some()).map(|row| row.channel.as_str()).collect();
    rows.values().filter(|row| spent.contains(row.channel.as_str())).fold(Bill::default(), |mut sum, row| {
        sum.add(row.bills[at]);
        sum
    })
}

/// The row of a campaign; of spellings that differ in case the first in byte order is shown.
fn row<'r>(rows: &'r mut Rows, key: (String, String), name: &str, buckets: usize) -> &'r mut CampaignRow {
    let channel = key.0.clone();
    let row = rows.entry(key).or_insert_with(|| CampaignRow {
        channel,
        campaign: name.to_owned(),
        bills: vec![Bill::default(); buckets],
    });
    if name < row.campaign.as_str() {
        name.clone_into(&mut row.campaign);
    }
    row
}

/// Spend by campaign; gives the rows that have no rate.
fn bill(view: &mut View, segment: &Segment, buckets: &[Span], rows: &mut Rows) -> Result<u64, EngineError> {
    let channels = view.cache.terms(view.store, TermKind::Channel)?;
    let campaigns = view.cache.terms(view.store, TermKind::Campaign)?;
    let (map, until, own, mut excluded) = (BucketMap::new(buckets), view.until, view.currency, 0);
    for spent in view.cache.spend(view.store)?.iter().filter(|spent| spent.day <= until) {
        let channel = spent.channel.and_then(|id| channels.get(id as usize)).map_or(UNKNOWN, String::as_str);
        let counts = segment.channels.is_empty() || segment.channels.iter().any(|name| name == channel);
        let Some(at) = map.of(spent.day).filter(|_| counts) else { continue };
        if is_foreign(spent, own) {
            excluded += 1;
            continue;
        }
        let name = spent.campaign.and_then(|id| campaigns.get(id as usize)).map_or("", |name| name.trim());
        let row = row(rows, (channel.to_owned(), folded(name)), name, buckets.len());
        row.bills[at].add(Bill::of_spend(spent.amount.0, spent.impressions, spent.clicks));
    }
    Ok(excluded)
}

/// New users by the campaign of their first touch.
fn users(view: &mut View, segment: &Segment, buckets: &[Span]) -> Result<Users, EngineError> {
    let who = view.who(segment, None)?;
    let days = view.user_days(&who.lens)?;
    let (names, nameless) = (view.cache.terms(view.store, TermKind::Channel)?, view.nameless_channel()?);
    let (touches, routes) = (view.store.touches()?, view.cache.routes(view.store)?);
    let (map, until, seen) = (BucketMap::new(buckets), view.until, view.seen_until());
    let touched = view.cache.touched(view.store)?;
    let mut by_touch: FxHashMap<Option<u32>, Vec<u64>> = FxHashMap::default();
    for (day, users) in who.audience(&days, until).came() {
        let Some(at) = map.of(day) else { continue };
        for user in users {
            by_touch.entry(touched.of(user, seen)).or_insert_with(|| vec![0; buckets.len()])[at] += 1;
        }
    }
    let mut users = Users::new();
    for (touch, counts) in by_touch {
        let place = touch.and_then(|touch| routes.of_touch(touch));
        let channel = place.and_then(|place| names.get(place as usize)).map_or(nameless, String::as_str);
        let campaign = touch.and_then(|touch| touches.get(touch as usize)).map_or("", |touch| touch.campaign.trim());
        let key = (channel.to_owned(), folded(campaign));
        let (name, sum) = users.entry(key).or_insert_with(|| (campaign.to_owned(), vec![0; buckets.len()]));
        if campaign < name.as_str() {
            campaign.clone_into(name);
        }
        sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    Ok(users)
}

/// Channels with an event that names a campaign.
fn told(view: &mut View) -> Result<FxHashSet<String>, EngineError> {
    let (touches, routes) = (view.store.touches()?, view.cache.routes(view.store)?);
    let named = touches.iter().enumerate().filter(|(_, touch)| !touch.campaign.trim().is_empty());
    let places = named.filter_map(|(at, _)| routes.of_touch(at as u32));
    Ok(places.filter_map(|place| routes.names.get(place as usize).cloned()).collect())
}
