//! What users cost and brought by the day and channel they were acquired on.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::{AcquisitionMeasure, Feed, RETAINED_DAY};
use crate::metrics::grade::grades;
use crate::metrics::ltv::{
    Acquisition, Among, Cohort, Customer, blended, ltv_over_cac, overall, paid, payback, roas, whole,
};
use crate::metrics::number::{Horizon, Number, State};
use crate::metrics::presence::BucketMap;
use crate::metrics::revenue::{Payment, Purses};
use crate::query::{ChannelRow, ChannelsQuery, ChannelsTable, Segment};
use crate::store::TermKind;

use super::ask::{Ask, Part, people_only};
use super::ltv::foreign;
use super::revenue::{is_foreign, is_of, streams};
use super::view::{UNKNOWN, View};
use super::{EngineError, kept};

/// Days of age that a payback is looked for.
const MOST_PAYBACK: i32 = 3_660;

/// Users and spend of one channel in one bucket.
#[derive(Default)]
struct Group {
    users: Vec<(u32, Day)>,
    won: Acquisition,
}

impl Group {
    /// Takes in users without spend.
    fn add(&mut self, other: Self) {
        self.users.extend(other.users);
        self.won.users += other.won.users;
        self.won.retained += other.won.retained;
        self.won.payers += other.won.payers;
    }
}

/// Groups of each bucket by the name of the channel.
type Groups = Vec<FxHashMap<String, Group>>;

/// Values of an acquisition metric over buckets that all hold days with data.
pub(super) fn values(
    view: &mut View,
    (measure, ask): (AcquisitionMeasure, &Ask),
    buckets: &[Span],
) -> Result<Vec<Number>, EngineError> {
    let groups = groups(view, &ask.segment, buckets)?;
    let purses = purses(view, ask.part, &ask.segment)?;
    // Who was kept and who paid is known from what users did, however late the spend of those later days is.
    let (lived, money) = (view.extent(Feed::Activity)?.horizon, view.extent(Feed::ActivityAndMoney)?.horizon);
    let value = |(bucket, groups): (&Span, &FxHashMap<String, Group>)| {
        let won: Vec<Acquisition> = groups.values().map(|g| g.won).collect();
        let cohort = |n: u16| {
            let users = groups.values().flat_map(|g| &g.users);
            whole(*bucket, customers(users, &purses), &[n], money)
        };
        match measure {
            AcquisitionMeasure::CacPaid => paid(&won).cac(),
            AcquisitionMeasure::CacBlended => blended(&won).cac(),
            AcquisitionMeasure::PerRetained if is_old(lived, *bucket) => paid(&won).per_retained(),
            AcquisitionMeasure::PerRetained => Number::None,
            AcquisitionMeasure::PerPayer => paid(&won).per_payer(),
            AcquisitionMeasure::Roas(n) => blended(&won).spend.map_or(Number::None, |spend| roas(&cohort(n), 0, spend)),
            AcquisitionMeasure::Ltv(n) => overall(&[cohort(n)], 0, Among::Users),
        }
    };
    Ok(buckets.iter().zip(&groups).map(value).collect())
}

/// What each channel won and spent in spans that follow one another, by its name; the value of users is not counted.
pub(super) fn won(view: &mut View, spans: &[Span]) -> Result<Vec<BTreeMap<String, Acquisition>>, EngineError> {
    let count = |view: &mut View| {
        let groups = groups(view, &Segment::default(), spans)?;
        Ok(groups.into_iter().map(|of| of.into_iter().map(|(name, group)| (name, group.won)).collect()).collect())
    };
    kept::or_counted(view, || format!("won {spans:?}"), count)
}

/// Whether all users of a bucket have lived the day on which they are retained.
fn is_old(horizon: Horizon, bucket: Span) -> bool {
    bucket.last.plus(i32::from(RETAINED_DAY)) <= horizon.through
}

fn customers<'p>(
    users: impl Iterator<Item = &'p (u32, Day)>,
    purses: &'p Purses,
) -> impl Iterator<Item = Customer<'p>> {
    users.map(|(user, acquired)| Customer { acquired: *acquired, payments: purses.of(*user) })
}

/// Payments of every user that belong to a part and to the streams of a segment.
fn purses(view: &mut View, part: Part, segment: &Segment) -> Result<Arc<Purses>, EngineError> {
    if part == Part::Whole && segment.streams.is_empty() {
        return view.purses();
    }
    let (streams, ledger) = (streams(view, segment)?, view.ledger()?);
    let counts = |row: &&Payment| is_of(part, row) && streams(row.stream());
    Ok(Arc::new(Purses::new(ledger.rows.iter().filter(counts), view.until)))
}

/// Users by first touch and spend by where it was spent, of each bucket.
fn groups(view: &mut View, segment: &Segment, buckets: &[Span]) -> Result<Groups, EngineError> {
    let who = view.who(segment, None)?;
    let (days, purses) = (view.user_days(&who.lens)?, view.purses()?);
    let (names, nameless) = (view.cache.terms(view.store, TermKind::Channel)?, view.nameless_channel()?);
    let channels = view.cache.channels(view.store, view.seen_until())?;
    let (map, until, own) = (BucketMap::new(buckets), view.until, view.currency);
    let called = |channel: Option<u32>, else_called: &'static str| {
        channel.and_then(|c| names.get(c as usize)).map_or(else_called, String::as_str)
    };
    let audience = who.audience(&days, until);
    let mut touched: Vec<FxHashMap<Option<u32>, Group>> = buckets.iter().map(|_| FxHashMap::default()).collect();
    for (day, users) in audience.came() {
        let Some(bucket) = map.of(day) else { continue };
        let mut back = audience.on(day.plus(i32::from(RETAINED_DAY)));
        for user in users {
            while back.first().is_some_and(|other| *other < user) {
                back = &back[1..];
            }
            let channel = channels.get(user as usize).copied().flatten();
            let group = touched[bucket].entry(channel).or_default();
            group.users.push((user, day));
            group.won.users += 1;
            group.won.retained += u64::from(back.first() == Some(&user));
            group.won.payers += u64::from(purses.of(user).iter().any(|payment| payment.1 > 0));
        }
    }
    let mut groups: Groups = buckets.iter().map(|_| FxHashMap::default()).collect();
    for (groups, touched) in groups.iter_mut().zip(touched) {
        for (channel, won) in touched {
            of(groups, called(channel, nameless)).add(won);
        }
    }
    for row in view.cache.spend(view.store)?.iter().filter(|row| row.day <= until && !is_foreign(row, own)) {
        let name = called(row.channel, UNKNOWN);
        let counts = segment.channels.is_empty() || segment.channels.iter().any(|c| c == name);
        if let Some(bucket) = map.of(row.day).filter(|_| counts) {
            let spend = &mut of(&mut groups[bucket], name).won.spend;
            *spend = Some(spend.unwrap_or(0) + i128::from(row.amount.0));
        }
    }
    Ok(groups)
}

fn of<'g>(groups: &'g mut FxHashMap<String, Group>, name: &str) -> &'g mut Group {
    groups.entry(name.to_owned()).or_default()
}

/// Answers `Query::Channels`.
pub(super) fn channels(view: &mut View, query: &ChannelsQuery) -> Result<ChannelsTable, EngineError> {
    people_only(&query.segment, "cost")?;
    let beyond = Segment { channels: Vec::new(), ..query.segment.people() };
    if !beyond.is_all() {
        return Err(EngineError::Usage(
            "cost cannot be limited to a cohort or class of users, because it belongs to the days it was spent on; \
             use --from and --to"
                .to_owned(),
        ));
    }
    if i32::from(query.at) > MOST_PAYBACK {
        return Err(EngineError::Usage(format!("value is held against cost at most {MOST_PAYBACK} days on")));
    }
    let groups = groups(view, &query.segment, &[query.span])?;
    let purses = purses(view, Part::Whole, &query.segment)?;
    let money = view.extent(Feed::ActivityAndMoney)?.horizon;
    let retained_known = is_old(view.extent(Feed::Activity)?.horizon, query.span);
    let lived = money.through.since(query.span.last).clamp(i32::from(query.at.max(30)), MOST_PAYBACK);
    let days: Vec<u16> = (0..=lived as u16).collect();
    let row = |won: Acquisition, users: &[(u32, Day)]| {
        let cohort = whole(query.span, customers(users.iter(), &purses), &days, money);
        row(&won, &cohort, &days, retained_known, query)
    };
    let mut list: Vec<(&String, &Group)> = groups.iter().flatten().collect();
    list.sort_by(|(a, x), (b, y)| (y.won.spend, y.won.users).cmp(&(x.won.spend, x.won.users)).then(a.cmp(b)));
    let won: Vec<Acquisition> = list.iter().map(|(_, group)| group.won).collect();
    let users = |of_paid: bool| -> Vec<(u32, Day)> {
        let counted = list.iter().filter(|(_, group)| !of_paid || group.won.spend.is_some());
        counted.flat_map(|(_, group)| &group.users).copied().collect()
    };
    let counted = Span { first: query.span.first, last: view.until };
    let (until, own) = (view.until, view.currency);
    let spend = view.cache.spend(view.store)?;
    let foreign_spend =
        |r: &&crate::store::SpendRow| is_foreign(r, own) && query.span.contains(r.day) && r.day <= until;
    let kept = won.iter().map(|won| (won.spend.filter(|_| retained_known), won.retained));
    let kept: Vec<_> = kept.collect();
    let cuts = match query.cuts {
        Some(cuts) => cuts,
        None => view.thresholds()?.cuts(),
    };
    let graded = grades(&kept, cuts);
    let covered = view.covered(&[Feed::Activity, Feed::Money, Feed::Spend], query.span)?;
    Ok(ChannelsTable {
        cuts,
        covered,
        channels: list
            .iter()
            .zip(graded)
            .map(|((name, g), grade)| ((*name).clone(), ChannelRow { grade, ..row(g.won, &g.users) }))
            .collect(),
        paid: row(paid(&won), &users(true)),
        blended: row(blended(&won), &users(false)),
        excluded: foreign(view, counted)? + spend.iter().filter(foreign_spend).count() as u64,
    })
}

fn row(won: &Acquisition, cohort: &Cohort, days: &[u16], retained_known: bool, query: &ChannelsQuery) -> ChannelRow {
    let cac = won.cac();
    let at = usize::from(query.at);
    let complete = cohort.cells.get(at).is_some_and(|cell| cell.state == State::Complete);
    let ltv = if complete { cohort.value(at, Among::Users) } else { Number::None };
    let known = |number: Number| if retained_known { number } else { Number::None };
    let returned = |day: usize| won.spend.map_or(Number::None, |spend| roas(cohort, day, spend));
    ChannelRow {
        spend: won.spend,
        users: won.users,
        cac,
        retained: known(Number::Count(won.retained.into())),
        per_retained: known(won.per_retained()),
        payers: won.payers,
        per_payer: won.per_payer(),
        roas_d7: returned(7),
        roas_d30: returned(30),
        ltv,
        ltv_over_cac: ltv_over_cac(ltv, cac),
        payback: payback(cohort, days, cac, query.margin),
        grade: None,
    }
}
