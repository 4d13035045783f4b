//! What is spent on which campaign, and what each week cost and brought.

use std::collections::BTreeMap;

use crate::domain::calendar::{Grain, Span};
use crate::metrics::number::Number;
use crate::query::{
    Bill, CampaignRow, CampaignsQuery, CampaignsTable, Direction, Figure, Finding, Narrow, Scope, SectionRow,
    SectionTable, Segment, Value,
};

use super::super::view::View;
use super::super::{EngineError, campaigns, series};
use super::{WEEKS, figure, last_weeks, over};

/// A campaign's cost of a click from which it is dear, as a factor of that of all.
const DEAR: f64 = 1.5;
/// Share of the spend from which a campaign is looked at.
const LARGE: f64 = 0.05;

/// Spend, impressions, clicks, CTR, new users and CAC of a bill beside an earlier one.
fn figures(bill: &Bill, before: Option<&Bill>) -> Vec<Figure> {
    let with = |direction, of: fn(&Bill) -> Number| {
        Figure::Value(Value { before: before.map_or(Number::None, of), direction, ..Value::plain(of(bill)) })
    };
    vec![
        with(Direction::Down, spend),
        with(Direction::Up, |bill| count(bill.shown)),
        with(Direction::Up, |bill| count(bill.clicks)),
        with(Direction::Up, Bill::ctr),
        with(Direction::Up, users),
        with(Direction::Down, Bill::cac),
    ]
}

fn spend(bill: &Bill) -> Number {
    bill.spend.map_or(Number::None, Number::Money)
}

fn count(count: Option<i128>) -> Number {
    count.map_or(Number::None, Number::Count)
}

fn users(bill: &Bill) -> Number {
    count(bill.users.map(i128::from))
}

/// Campaigns of some days, by the weeks of these or as a whole. What a platform or an event limits has no spend of its own,
/// so that nothing is known of whom it brought there.
fn bills(view: &mut View, scope: &Scope, span: Span, grain: Option<Grain>) -> Result<CampaignsTable, EngineError> {
    let segment = Segment { channels: scope.segment.channels.clone(), ..Segment::default() };
    let beyond = segment != scope.segment;
    let mut found = campaigns::answer(view, &CampaignsQuery { span, grain, segment })?;
    if beyond {
        found.rows.retain(|row| row.whole().spend.is_some());
        let bills = found.rows.iter_mut().flat_map(|row| &mut row.bills).chain(&mut found.paid);
        bills.for_each(|bill| bill.users = None);
    }
    Ok(found)
}

/// Campaigns by spend, the most first; the total is the spend of all screens, its new users are those of `cac_paid`.
pub(super) fn ads(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let whole = figure(view, "spend", &Narrow::default(), scope)?;
    let span = whole.value().and_then(|value| value.span).unwrap_or(scope.period);
    let then = series::periods(scope.period, scope.comparison, span.last).before;
    let CampaignsTable { rows, paid, .. } = bills(view, scope, span, None)?;
    let before = then.map(|then| bills(view, scope, then, None)).transpose()?;
    let paid = paid.first().copied().unwrap_or_default();
    let paid_before = before.as_ref().and_then(|before| before.paid.first().copied());
    let before: BTreeMap<String, Bill> =
        before.into_iter().flat_map(|before| before.rows).map(|row| (row.name(), row.whole())).collect();
    let known = whole.value().is_some_and(|value| value.now.value().is_some_and(|spend| spend > 0.0));
    let nothing = rows.is_empty();
    // Daily totals alone have no campaigns.
    let total = if !nothing || known {
        let mut figures = figures(&paid, paid_before.as_ref());
        figures[0] = whole;
        if users(&paid) != Number::None || nothing {
            figures[5] = figure(view, "cac_paid", &Narrow::default(), scope)?;
        }
        Some(SectionRow { name: "total".to_owned(), narrow: Narrow::default(), figures })
    } else {
        None
    };
    let row = |row: &CampaignRow| SectionRow {
        name: row.name(),
        narrow: Narrow { channel: Some(row.channel.clone()), ..Narrow::default() },
        figures: figures(&row.whole(), before.get(&row.name())),
    };
    Ok(SectionTable {
        rows: rows.iter().map(row).collect(),
        total,
        span: Some(span),
        lacks: nothing.then_some("spend: day, channel, campaign, amount, impressions, clicks"),
        findings: dear(&rows, &paid),
        ..SectionTable::default()
    })
}

/// Campaigns that spend much and pay much for a click.
fn dear(rows: &[CampaignRow], all: &Bill) -> Vec<Finding> {
    let (cost, spent) = (all.per_click(), all.spend.unwrap_or(0) as f64);
    let is_dear = |bill: &Bill| {
        let dear = bill.per_click().value().zip(cost.value()).is_some_and(|(own, all)| own > DEAR * all);
        dear && bill.spend.is_some_and(|spend| spend as f64 > LARGE * spent)
    };
    let dear = rows.iter().map(|row| (row, row.whole())).filter(|(_, bill)| is_dear(bill));
    dear.take(2)
        .map(|(row, bill)| Finding::DearClicks { campaign: row.name(), cost: bill.per_click(), all: cost })
        .collect()
}

/// Each campaign week by week, the newest first, against the week before.
pub(super) fn campaign_weeks(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let weeks = last_weeks(view, scope, WEEKS)?;
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return Ok(SectionTable::default()) };
    let span = Span { first: first.first, last: last.last };
    let CampaignsTable { buckets, rows, .. } = bills(view, scope, span, Some(Grain::Week))?;
    let week = |row: &CampaignRow, at: usize| {
        let mut figures = figures(&row.bills[at], at.checked_sub(1).and_then(|at| row.bills.get(at)));
        for figure in &mut figures {
            if let Figure::Value(value) = figure {
                // Part of a week is no more or less than a whole one.
                if buckets[at].days() < 7 {
                    (value.running, value.before) = (true, Number::None);
                }
            }
        }
        SectionRow {
            name: buckets[at].first.to_string(),
            narrow: Narrow { channel: Some(row.channel.clone()), ..Narrow::default() },
            figures,
        }
    };
    let of = rows.iter().flat_map(|row| (0..buckets.len()).rev().map(|_| row.name())).collect();
    Ok(SectionTable {
        lacks: rows.is_empty().then_some("spend: day, channel, campaign, amount, impressions, clicks"),
        rows: rows.iter().flat_map(|row| (0..buckets.len()).rev().map(move |at| week(row, at))).collect(),
        of,
        ..SectionTable::default()
    })
}

/// Spend, new users and what each cost, week by week, the newest first.
pub(super) fn weeks(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    const IDS: [&str; 5] = ["spend", "new_users", "cac_blended", "cac_paid", "share_of_voice"];
    let weeks = last_weeks(view, scope, WEEKS)?;
    by_week(view, scope, (&IDS, IDS.len(), &weeks), "spend and new users: rows or daily facts")
}

/// Metrics by week, the newest first; each against the week before. Without a value of the first ones, which it is about,
/// there is no table.
pub(super) fn by_week(
    view: &mut View,
    scope: &Scope,
    (ids, about, weeks): (&[&'static str], usize, &[Span]),
    lacks: &'static str,
) -> Result<SectionTable, EngineError> {
    let mut columns = Vec::new();
    for id in ids {
        columns.push(over(view, id, &Narrow::default(), (scope, weeks))?);
    }
    let rows: Vec<SectionRow> = weeks
        .iter()
        .enumerate()
        .rev()
        .map(|(at, week)| SectionRow {
            name: week.first.to_string(),
            narrow: Narrow::default(),
            figures: columns.iter().map(|column| column[at].clone()).collect(),
        })
        .collect();
    let known = |row: &SectionRow| {
        row.figures.iter().take(about).any(|f| f.value().is_some_and(|value| value.now != Number::None))
    };
    let nothing = !rows.iter().any(known);
    Ok(SectionTable {
        rows: if nothing { Vec::new() } else { rows },
        lacks: nothing.then_some(lacks),
        ..SectionTable::default()
    })
}
