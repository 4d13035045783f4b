//! What is spent on which campaign, and what each week cost and brought.

use std::collections::BTreeMap;

use crate::domain::calendar::Span;
use crate::metrics::number::Number;
use crate::query::{Figure, Finding, Narrow, Scope, SectionRow, SectionTable, Value};
use crate::store::TermKind;

use super::super::revenue::is_foreign;
use super::super::view::{UNKNOWN, View};
use super::super::{EngineError, series};
use super::{figure, last_weeks, over};

/// A campaign's cost of a click from which it is dear, as a factor of that of all.
const DEAR: f64 = 1.5;
/// Share of the spend from which a campaign is looked at.
const LARGE: f64 = 0.05;

/// What some rows of spend come to; `None` is not in the source.
#[derive(Debug, Clone, Copy, Default)]
struct Bill {
    spend: i128,
    shown: Option<i128>,
    clicks: Option<i128>,
    /// Spend of the rows that tell clicks, and impressions of those that tell both.
    clicked: i128,
    seen: i128,
}

impl Bill {
    fn add(&mut self, other: Self) {
        let sum = |a: Option<i128>, b: Option<i128>| a.map_or(b, |a| Some(a + b.unwrap_or(0)));
        self.spend += other.spend;
        (self.shown, self.clicks) = (sum(self.shown, other.shown), sum(self.clicks, other.clicks));
        (self.clicked, self.seen) = (self.clicked + other.clicked, self.seen + other.seen);
    }

    fn rate(&self) -> Number {
        self.clicks.map_or(Number::None, |clicks| Number::ratio(clicks, self.seen))
    }

    fn per_click(&self) -> Number {
        self.clicks.map_or(Number::None, |clicks| Number::money_per(self.clicked, clicks))
    }

    fn figures(&self, before: Option<&Self>, spend: Figure) -> Vec<Figure> {
        let count = |count: Option<i128>| count.map_or(Figure::Blank, |n| Figure::plain(Number::Count(n)));
        let with = |now: Number, then: fn(&Self) -> Number| {
            Figure::Value(Value { before: before.map_or(Number::None, then), ..Value::plain(now) })
        };
        vec![
            spend,
            count(self.shown),
            count(self.clicks),
            with(self.rate(), Self::rate),
            with(self.per_click(), Self::per_click),
        ]
    }
}

/// Spend of some days by channel and campaign.
fn bills(view: &mut View, scope: &Scope, span: Span) -> Result<BTreeMap<(String, String), Bill>, EngineError> {
    let channels = view.cache.terms(view.store, TermKind::Channel)?;
    let campaigns = view.cache.terms(view.store, TermKind::Campaign)?;
    let (until, own) = (view.until, view.currency);
    let spend = view.cache.spend(view.store)?;
    let mut bills: BTreeMap<(String, String), Bill> = BTreeMap::new();
    for row in spend.iter().filter(|row| span.contains(row.day) && row.day <= until && !is_foreign(row, own)) {
        let channel = row.channel.and_then(|id| channels.get(id as usize)).map_or(UNKNOWN, String::as_str);
        let wanted = &scope.segment.channels;
        if !wanted.is_empty() && !wanted.iter().any(|name| name == channel) {
            continue;
        }
        let campaign = row.campaign.and_then(|id| campaigns.get(id as usize)).cloned().unwrap_or_default();
        let (shown, clicks) = (row.impressions.map(i128::from), row.clicks.map(i128::from));
        let amount = i128::from(row.amount.0);
        bills.entry((channel.to_owned(), campaign)).or_default().add(Bill {
            spend: amount,
            shown,
            clicks,
            clicked: if clicks.is_some() { amount } else { 0 },
            seen: shown.filter(|_| clicks.is_some()).unwrap_or(0),
        });
    }
    Ok(bills)
}

/// Campaigns by spend, the most first; the total is the spend of all screens.
pub(super) fn ads(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let whole = figure(view, "spend", &Narrow::default(), scope)?;
    let span = whole.value().and_then(|value| value.span).unwrap_or(scope.period);
    let through = span.last;
    let then = series::periods(scope.period, scope.comparison, through).before;
    let now = bills(view, scope, span)?;
    let before = then.map(|then| bills(view, scope, then)).transpose()?.unwrap_or_default();
    let mut all: Vec<_> = now.iter().collect();
    all.sort_by(|a, b| b.1.spend.cmp(&a.1.spend).then_with(|| a.0.cmp(b.0)));
    let sum = |bills: &BTreeMap<_, Bill>| {
        bills.values().fold(Bill::default(), |mut sum, bill| {
            sum.add(*bill);
            sum
        })
    };
    let (total, total_before) = (sum(&now), sum(&before));
    let rows: Vec<SectionRow> = all
        .iter()
        .map(|(key, bill)| {
            let then = before.get(*key);
            let spend = Value {
                before: then.map_or(Number::None, |bill| Number::Money(bill.spend)),
                ..Value::plain(Number::Money(bill.spend))
            };
            SectionRow {
                name: name(key),
                narrow: Narrow { channel: Some(key.0.clone()), ..Narrow::default() },
                figures: bill.figures(then, Figure::Value(spend)),
            }
        })
        .collect();
    let mut findings = Vec::new();
    let cost = total.per_click();
    for (key, bill) in &all {
        let dear = bill.per_click().value().zip(cost.value()).is_some_and(|(own, all)| own > DEAR * all);
        if dear && bill.spend as f64 > LARGE * total.spend as f64 {
            findings.push(Finding::DearClicks { campaign: name(key), cost: bill.per_click(), all: cost });
        }
    }
    findings.truncate(2);
    let nothing = rows.is_empty();
    let known = whole.value().is_some_and(|value| value.now.value().is_some_and(|spend| spend > 0.0));
    Ok(SectionTable {
        rows,
        // Daily totals alone have no campaigns.
        total: (!nothing || known).then(|| SectionRow {
            name: "total".to_owned(),
            narrow: Narrow::default(),
            figures: total.figures(Some(&total_before), whole),
        }),
        span: Some(span),
        lacks: nothing.then_some("spend: day, channel, campaign, amount, impressions, clicks"),
        findings,
        ..SectionTable::default()
    })
}

fn name((channel, campaign): &(String, String)) -> String {
    if campaign.is_empty() { channel.clone() } else { format!("{channel} / {campaign}") }
}

/// Spend, new users and what each cost, week by week, the newest first.
pub(super) fn weeks(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    const IDS: [&str; 5] = ["spend", "new_users", "cac_blended", "cac_paid", "share_of_voice"];
    let weeks = last_weeks(view, scope)?;
    by_week(view, scope, (&IDS, &weeks), "spend, and events or orders")
}

/// Metrics by week, the newest first; each against the week before.
pub(super) fn by_week(
    view: &mut View,
    scope: &Scope,
    (ids, weeks): (&[&'static str], &[Span]),
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
    let known = |row: &SectionRow| row.figures.iter().any(|f| f.value().is_some_and(|value| value.now != Number::None));
    let nothing = !rows.iter().any(known);
    Ok(SectionTable {
        rows: if nothing { Vec::new() } else { rows },
        lacks: nothing.then_some(lacks),
        ..SectionTable::default()
    })
}
