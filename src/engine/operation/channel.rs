//! Channels: what they cost and bring, by week, and what of a change of D7 is mix and what is rate.

use crate::domain::calendar::Span;
use crate::metrics::number::{Number, State};
use crate::query::{
    ChannelRow, ChannelsQuery, ChannelsTable, DetailQuery, Figure, Finding, Grade, Narrow, PartChange, Scope,
    SectionRow, SectionTable, Segment, Split, Value, WHOLE_MARGIN,
};

use super::super::ask::{Ask, metric};
use super::super::view::View;
use super::super::{EngineError, acquisition, detail, series};
use super::{WEEKS, before, figure, last_weeks, now, over, rise, row};

/// Cost of a user of channels with spend, and of all.
const CAC_PAID: &str = "cac_paid";
const CAC_ALL: &str = "cac_blended";
/// Cost of a kept user.
const KEPT_COST: &str = "cost_per_retained";
/// Revenue over spend by the day of age at which money is held against it.
const ROAS: &str = "roas_d30";
/// That day.
const PAID_BACK: u16 = 30;

/// Columns of the ledger; the grade stands after them.
const LEDGER: [&str; 8] = ["new_users", "spend", CAC_PAID, KEPT_COST, "d1", "d7", "d30", ROAS];
/// Places of some of them.
const NEW: usize = 0;
const SPEND: usize = 1;
const CAC: usize = 2;
const KEPT: usize = 3;

/// Share of new users above which one channel is too much to lean on.
const TOO_LARGE: f64 = 0.6;
/// Rise of the cost of a kept user, and of CAC at most, that tell a channel which looks cheap.
const DEARER: f64 = 0.25;
/// A channel is looked at from so many new users on.
const ENOUGH: f64 = 50.0;

/// A channel and nothing else.
fn narrow(channel: &str) -> Narrow {
    Narrow { channel: Some(channel.to_owned()), ..Narrow::default() }
}

/// Channels with users or spend in a period or its comparison, as they are called.
fn names(view: &mut View, scope: &Scope) -> Result<Vec<String>, EngineError> {
    let mut names = Vec::new();
    for id in ["new_users", "spend"] {
        let parts = series::parts(view, &Ask::of(metric(id)?, &scope.segment), Split::Channel)?;
        for (name, _) in parts {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// Channels by new users, the most first, with the total and the paid ones together.
pub(super) fn ledger(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let mut rows = Vec::new();
    for name in names(view, scope)? {
        let row = row(view, &name, narrow(&name), (&LEDGER, scope))?;
        let is_there =
            |at: usize| [now(&row, at), before(&row, at)].iter().any(|n| n.value().is_some_and(|v| v != 0.0));
        if is_there(NEW) || is_there(SPEND) {
            let free = !is_there(SPEND);
            rows.push(row);
            if let Some(row) = rows.last_mut().filter(|_| free) {
                // Nothing was ever booked under it: that is no spend of zero.
                row.figures[SPEND] = Figure::plain(Number::None);
            }
        }
    }
    rows.sort_by(|a, b| {
        let of = |row: &SectionRow| now(row, NEW).value().unwrap_or(-1.0);
        of(b).total_cmp(&of(a)).then_with(|| a.name.cmp(&b.name))
    });
    let kept = rows.iter().find_map(|row| row.figures[KEPT].value()?.span);
    let grades = grades(view, scope, kept.unwrap_or(scope.period))?;
    for row in &mut rows {
        let grade = grades.iter().find(|(name, _)| *name == row.name).and_then(|(_, grade)| *grade);
        row.figures.push(Figure::Grade(grade));
    }
    let findings = findings(&rows);
    let mut total = row(view, "total", Narrow::default(), (&LEDGER, scope))?;
    // The cost of a user of all channels, organic ones included, stands in the total; that of the paid ones below it.
    let mut partial = SectionRow { name: "paid".to_owned(), ..total.clone() };
    total.figures[CAC] = figure(view, CAC_ALL, &Narrow::default(), scope)?;
    total.figures[KEPT] = Figure::Blank;
    paid(&rows, &mut partial);
    let nothing = rows.is_empty();
    Ok(SectionTable {
        total: (!nothing).then_some(total),
        partial: rows.iter().any(|row| now(row, SPEND) != Number::None).then_some(partial),
        lacks: nothing.then_some("events with a channel or utm_source, or spend by channel"),
        rows,
        span: kept,
        findings,
        ..SectionTable::default()
    })
}

/// New users of the channels with spend are added up; what cannot be added has no value below the total.
fn paid(rows: &[SectionRow], partial: &mut SectionRow) {
    let with_spend = rows.iter().filter(|row| now(row, SPEND).value().is_some_and(|spend| spend > 0.0));
    let users = with_spend.map(|row| match now(row, NEW) {
        Number::Count(n) => n,
        _ => 0,
    });
    partial.figures[NEW] = Figure::plain(Number::Count(users.sum()));
    for at in KEPT + 1..partial.figures.len() {
        partial.figures[at] = Figure::Blank;
    }
}

/// Grades as `channels` gives them, over the users whose seventh day is known.
fn grades(view: &mut View, scope: &Scope, span: Span) -> Result<Vec<(String, Option<Grade>)>, EngineError> {
    let costs = costs(view, scope, span)?.map_or_else(Vec::new, |table| table.channels);
    Ok(costs.into_iter().map(|(name, row)| (name, row.grade)).collect())
}

/// What `channels` gives for users acquired in a span; nothing where a segment limits more than the channel, because money
/// has no other.
fn costs(view: &mut View, scope: &Scope, span: Span) -> Result<Option<ChannelsTable>, EngineError> {
    let segment = Segment { channels: scope.segment.channels.clone(), ..Segment::default() };
    if scope.segment != segment {
        return Ok(None);
    }
    let query = ChannelsQuery { span, at: PAID_BACK, margin: WHOLE_MARGIN, cuts: None, segment };
    acquisition::channels(view, &query).map(Some)
}

/// When the money spent on users is back, of those who reached the day of age in the period; with the cost of a kept user
/// over the last weeks.
pub(super) fn payback(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let whole = figure(view, ROAS, &Narrow::default(), scope)?;
    let span = whole.value().and_then(|value| value.span).unwrap_or(scope.period);
    let Some(table) = costs(view, scope, span)? else {
        let lacks = "a segment of channels alone: money spent has no platform, class or cohort";
        return Ok(SectionTable { lacks: Some(lacks), ..SectionTable::default() });
    };
    let weeks = kept_weeks(view, scope)?;
    let trend = |view: &mut View, narrow: &Narrow| -> Result<Figure, EngineError> {
        let weeks = over(view, KEPT_COST, narrow, (scope, &weeks))?;
        let complete = weeks.iter().filter_map(Figure::value).filter(|value| !value.running);
        Ok(Figure::Trend(complete.map(|value| value.now).collect()))
    };
    let mut rows = Vec::new();
    for (name, costs) in &table.channels {
        let narrow = narrow(name);
        let mut figures = paid_back(costs, CAC_PAID, span)?;
        figures.push(trend(view, &narrow)?);
        rows.push(SectionRow { name: name.clone(), narrow, figures });
    }
    // What a kept user costs is of the channels with spend, so that it stands in their row.
    let total = paid_back(&table.blended, CAC_ALL, span)?;
    let mut partial: Vec<Figure> = paid_back(&table.paid, CAC_PAID, span)?;
    partial.push(trend(view, &Narrow::default())?);
    for at in [0, 2, 3, 4] {
        // Of some channels together these are no metric.
        partial[at] = Figure::plain(partial[at].value().map_or(Number::None, |value| value.now));
    }
    let foot = |name: &str, figures| SectionRow { name: name.to_owned(), narrow: Narrow::default(), figures };
    let nothing = rows.is_empty();
    Ok(SectionTable {
        total: (!nothing).then(|| foot("total", total)),
        partial: table.paid.spend.map(|_| foot("paid", partial)),
        lacks: (nothing && names(view, scope)?.is_empty())
            .then_some("spend by channel, and events or orders of users with a channel"),
        span: Some(span),
        rows,
        ..SectionTable::default()
    })
}

fn findings(rows: &[SectionRow]) -> Vec<Finding> {
    let mut out = Vec::new();
    for row in rows.iter().filter(|row| now(row, NEW).value().is_some_and(|users| users >= ENOUGH)) {
        let (cac, kept) = (rise(now(row, CAC), before(row, CAC)), rise(now(row, KEPT), before(row, KEPT)));
        if let (Some(cac), Some(kept)) = (cac, kept)
            && kept > DEARER
            && kept > 2.0 * cac.max(0.0)
        {
            out.push(Finding::CheapButLost {
                channel: row.name.clone(),
                cac: (before(row, CAC), now(row, CAC)),
                kept: (before(row, KEPT), now(row, KEPT)),
            });
        }
    }
    let all: f64 = rows.iter().filter_map(|row| now(row, NEW).value()).sum();
    if let Some((row, users)) = rows.first().and_then(|row| Some((row, now(row, NEW).value()?)))
        && all >= ENOUGH
        && users / all > TOO_LARGE
    {
        out.push(Finding::LargestChannel { channel: row.name.clone(), share: users / all });
    }
    out
}

/// The last weeks of which the cost of a kept user can be known, oldest first: a week has none before its first users are
/// old enough, and is not complete until its last ones are.
fn kept_weeks(view: &mut View, scope: &Scope) -> Result<Vec<Span>, EngineError> {
    let measure = metric(KEPT_COST)?.measure;
    let (extent, age) = (view.extent(measure.feed())?, i32::from(measure.age()));
    let mut weeks = last_weeks(view, scope, WEEKS + age / 7 + 1)?;
    weeks.retain(|week| extent.state(*week, age) != State::NotReached);
    weeks.drain(..weeks.len().saturating_sub(WEEKS as usize));
    Ok(weeks)
}

/// Users acquired in a span with what they cost and brought, and the day by which it is back.
fn paid_back(costs: &ChannelRow, cac: &'static str, span: Span) -> Result<Vec<Figure>, EngineError> {
    let users = Number::Count(costs.users.into());
    let numbers = [
        ("new_users", users),
        (cac, costs.cac),
        ("ltv_d30", costs.ltv),
        ("roas_d7", costs.roas_d7),
        (ROAS, costs.roas_d30),
    ];
    let figure = |(id, now)| Ok(Figure::Value(Value::of(metric(id)?, span, now)));
    let mut figures = numbers.into_iter().map(figure).collect::<Result<Vec<_>, EngineError>>()?;
    figures.push(Figure::Payback(costs.payback));
    Ok(figures)
}

/// Cost per kept user by channel over the last weeks.
pub(super) fn weeks(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let weeks = kept_weeks(view, scope)?;
    let mut rows = Vec::new();
    for name in names(view, scope)? {
        let figures = over(view, KEPT_COST, &narrow(&name), (scope, &weeks))?;
        if figures.iter().any(|figure| figure.value().is_some_and(|value| value.now != Number::None)) {
            rows.push(SectionRow { narrow: narrow(&name), name, figures });
        }
    }
    let total = SectionRow {
        name: "paid".to_owned(),
        narrow: Narrow::default(),
        figures: over(view, KEPT_COST, &Narrow::default(), (scope, &weeks))?,
    };
    Ok(SectionTable {
        total: (!rows.is_empty()).then_some(total),
        lacks: rows.is_empty().then_some("spend by channel, and events or orders of users with a channel"),
        rows,
        ..SectionTable::default()
    })
}

/// What each channel adds to the change of D7: by its share of the users, and by its own rate.
pub(super) fn mix(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    const ID: &str = "d7";
    let answer = detail::answer(view, &DetailQuery::new(ID, scope.clone()))?;
    let span = answer.number.span;
    let mut parts =
        answer.splits.into_iter().find(|split| split.split == Split::Channel).map_or_else(Vec::new, |s| s.parts);
    parts.sort_by(|a, b| {
        let of = |part: &PartChange| part.effect.map_or(0.0, |effect| (effect.mix + effect.rate).abs());
        of(b).total_cmp(&of(a)).then_with(|| a.name.cmp(&b.name))
    });
    let heads = |number: Number| if let Number::Ratio { den, .. } = number { den } else { 0 };
    let all = |of: fn(&PartChange) -> Number| parts.iter().map(|part| heads(of(part))).sum::<i128>();
    let (now_all, before_all) = (all(|part| part.now), all(|part| part.before));
    let value = |now, before| Value { metric: Some(ID), span: Some(span), now, before, ..Value::plain(Number::None) };
    let share = |now: Number, before: Number| Value {
        before: Number::ratio(heads(before), before_all),
        ..Value::plain(Number::ratio(heads(now), now_all))
    };
    let points = |part: Option<f64>| part.map_or(Figure::Blank, Figure::Points);
    let rows = parts
        .iter()
        .map(|part| SectionRow {
            name: part.name.clone(),
            narrow: narrow(&part.name),
            figures: vec![
                Figure::Value(share(part.now, part.before)),
                Figure::Value(value(part.now, part.before)),
                points(part.effect.map(|effect| effect.mix)),
                points(part.effect.map(|effect| effect.rate)),
            ],
        })
        .collect::<Vec<_>>();
    let sum = |of: fn(&crate::query::Effect) -> f64| {
        let effects: Option<Vec<f64>> = parts.iter().map(|part| part.effect.as_ref().map(of)).collect();
        points(effects.map(|effects| effects.iter().sum()))
    };
    let total = SectionRow {
        name: "total".to_owned(),
        narrow: Narrow::default(),
        figures: vec![
            Figure::Blank,
            Figure::Value(value(answer.number.now, answer.number.before)),
            sum(|effect| effect.mix),
            sum(|effect| effect.rate),
        ],
    };
    Ok(SectionTable {
        total: (!rows.is_empty()).then_some(total),
        lacks: rows.is_empty().then_some("events with a user and a channel, over two periods"),
        rows,
        span: Some(span),
        ..SectionTable::default()
    })
}
