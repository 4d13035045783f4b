//! The tabs of the operation types: their headlines, and their tables over the same functions as `metric`.
//!
//! ```text
//! product  funnel, features, own        user     lifecycle, classes of payers, recall, levels
//! activity campaigns, phases, rounds    market   spend by campaign and week, calendar
//! content  items, queue                 commercial streams, heads, deals, ad load
//! channel  ledger, payback, weeks, mix and rate
//! ```

mod activity;
mod calendar;
mod channel;
mod commercial;
mod content;
mod market;
mod own;
mod product;
mod user;

pub(super) use product::funnel_steps;

use crate::domain::calendar::{Grain, Span};
use crate::domain::operations::Section;
use crate::metrics::catalog::Metric;
use crate::metrics::number::{Number, Point, State};
use crate::query::{
    Answer, Compared, DayLimits, Figure, Headline, HeadlineQuery, LimitsQuery, Measure, Narrow, Query, Scope,
    SectionQuery, SectionRow, SectionTable, Segment, Usual, Value, find_metric,
};
use crate::store::TermKind;

use super::EngineError;
use super::ask::{Ask, Part, metric};
use super::view::{NO_STREAM, View};
use super::{limits, series};

/// Beyond this many kept answers all are forgotten.
const MOST_TOLD: usize = 48;

/// Weeks that tables by week show, the running one included.
const WEEKS: i32 = 8;

/// Answers `Query::Headline` and `Query::Section`. Who turns from tab to tab asks the same again, so answers are kept until
/// a row changes.
pub(super) fn answer(view: &mut View, query: &Query) -> Result<Answer, EngineError> {
    let days = (view.today, view.until);
    if let Some((.., answer)) = view.cache.told.iter().find(|told| told.0 == days && told.1 == *query) {
        return Ok(answer.clone());
    }
    let answer = match query {
        Query::Headline(query) => Answer::Headline(headline(view, query)?),
        Query::Section(query) => Answer::Section(Box::new(section(view, query)?)),
        _ => return Err(EngineError::Usage("this is no question of a tab".to_owned())),
    };
    // Plans change without a row that is counted.
    if !matches!(query, Query::Section(query) if query.section.is_of_plans()) {
        if view.cache.told.len() >= MOST_TOLD {
            view.cache.told.clear();
        }
        view.cache.told.push((days, query.clone(), answer.clone()));
    }
    Ok(answer)
}

/// Answers `Query::Headline`.
fn headline(view: &mut View, query: &HeadlineQuery) -> Result<Vec<Headline>, EngineError> {
    query.metrics.iter().map(|id| one_of_headline(view, metric(id)?, &query.scope)).collect()
}

fn one_of_headline(view: &mut View, metric: &'static Metric, scope: &Scope) -> Result<Headline, EngineError> {
    let number = series::compared(view, &Ask::of(metric, &scope.segment), scope)?;
    let last = series::last_whole_day(view, metric, number.span)?;
    let day = Span { first: last, last };
    let query = LimitsQuery { metric: metric.id, span: day, segment: scope.segment.clone(), event: None };
    let days = limits::answer(view, &query)?;
    let of = |day: &DayLimits| Some(Usual { day: day.day, value: day.value, band: day.band?, outside: day.outside });
    let usual = days.last().filter(|_| is_steady(&number)).and_then(of);
    // What a segment leaves nothing of lacks no rows.
    let silent = number.now == Number::None && scope.segment.refused_by(metric).is_none();
    let needs = if silent { series::needs(view, metric)? } else { None };
    Ok(Headline { number, usual, needs })
}

/// Whether a number has a usual day: one that comes on few days, or in few large pieces, has none.
fn is_steady(number: &Compared) -> bool {
    let pieces = find_metric(number.metric).is_some_and(|metric| matches!(metric.measure, Measure::Deals(_)));
    let known = || number.trend.iter().filter_map(|value| value.value());
    let rare = known().filter(|value| *value == 0.0).count() * 2 > known().count();
    !pieces && !rare
}

/// Answers `Query::Section`.
fn section(view: &mut View, query: &SectionQuery) -> Result<SectionTable, EngineError> {
    let scope = &query.scope;
    match query.section {
        Section::Funnel => product::funnel(view, scope, &query.funnel),
        Section::Features => product::features(view, scope),
        Section::Numbers => own::numbers(view, scope),
        Section::Lifecycle => user::lifecycle(view, scope),
        Section::Rfm => user::rfm(view, scope),
        Section::Moves => user::moves(view, scope),
        Section::Recall => user::recall(view, scope),
        Section::Levels => user::levels(view, scope),
        Section::Campaigns => activity::campaigns(view, scope),
        Section::Turnout => activity::turnout(view, scope),
        Section::Phases => activity::phases(view, scope),
        Section::Round => activity::round(view, scope),
        Section::Joiners => activity::joiners(view, scope, query.by.as_deref()),
        Section::Calendar => calendar::calendar(view),
        Section::Ads => market::ads(view, scope),
        Section::CampaignWeeks => market::campaign_weeks(view, scope),
        Section::AdWeeks => market::weeks(view, scope),
        Section::Items => content::items(view, scope),
        Section::Queue => content::queue(view),
        Section::Streams => commercial::streams(view, scope),
        Section::PerHead => commercial::per_head(view, scope),
        Section::Pipeline => commercial::pipeline(view),
        Section::Deals => commercial::deals(view),
        Section::Receivables => commercial::receivables(view),
        Section::AdLoad => commercial::ad_load(view, scope),
        Section::Ledger => channel::ledger(view, scope),
        Section::Payback => channel::payback(view, scope),
        Section::KeptWeeks => channel::weeks(view, scope),
        Section::Mix => channel::mix(view, scope),
        // What was noted is in the book of plans, which the tab asks for as it is.
        Section::Feedback | Section::Competitors => Ok(SectionTable::default()),
    }
}

/// The question about a metric that a row's narrowing makes of a segment.
fn ask<'n>(view: &mut View, id: &'static str, narrow: &'n Narrow, segment: &Segment) -> Result<Ask<'n>, EngineError> {
    let channels = narrow.channel.iter().cloned().collect::<Vec<_>>();
    let segment = if channels.is_empty() { segment.clone() } else { Segment { channels, ..segment.clone() } };
    let part = match narrow.stream.as_deref() {
        None => Part::Whole,
        Some(NO_STREAM) => Part::Stream(None),
        Some(name) => Part::Stream(view.id(TermKind::Stream, name)?),
    };
    Ok(Ask { event: narrow.event.as_deref(), part, ..Ask::of(metric(id)?, &segment) })
}

/// A metric of the period with its comparison.
fn figure(view: &mut View, id: &'static str, narrow: &Narrow, scope: &Scope) -> Result<Figure, EngineError> {
    let ask = ask(view, id, narrow, &scope.segment)?;
    let Compared { span, now, before, within_chance, .. } = series::changed(view, &ask, scope)?;
    Ok(Figure::Value(Value { before, within_chance, ..Value::of(ask.metric, span, now) }))
}

/// Some metrics of the period in one row.
fn row(
    view: &mut View,
    name: &str,
    narrow: Narrow,
    (ids, scope): (&[&'static str], &Scope),
) -> Result<SectionRow, EngineError> {
    let figures = ids.iter().map(|id| figure(view, id, &narrow, scope)).collect::<Result<_, _>>()?;
    Ok(SectionRow { name: name.to_owned(), narrow, figures })
}

/// The last so many weeks to the end of a period, oldest first, cut to the days that the screen is complete to.
fn last_weeks(view: &mut View, scope: &Scope, count: i32) -> Result<Vec<Span>, EngineError> {
    let through = view.through_at()?.map_or(view.today, |at| view.calendar.day_of(at).plus(-1));
    let last = scope.period.last.min(through);
    let days = Span { first: last.plus(-7 * count), last };
    let weeks = view.calendar.buckets(Grain::Week, days);
    let cut = weeks.iter().filter_map(|week| week.intersect(Span { first: week.first, last })).collect::<Vec<_>>();
    Ok(cut[cut.len().saturating_sub(count as usize)..].to_vec())
}

/// Values of a metric over some weeks; those that are cut or not complete yet are marked.
fn over(
    view: &mut View,
    id: &'static str,
    narrow: &Narrow,
    (scope, spans): (&Scope, &[Span]),
) -> Result<Vec<Figure>, EngineError> {
    let ask = ask(view, id, narrow, &scope.segment)?;
    let points = series::points(view, &ask, spans)?;
    let figure = |(at, point): (usize, &Point)| {
        let running = point.span.days() < 7 || point.state == State::Running;
        // Part of a week is no more or less than a whole one.
        let earlier = at.checked_sub(1).and_then(|at| points.get(at)).filter(|_| !running);
        let before = earlier.map_or(Number::None, |point| point.value);
        Figure::Value(Value { before, running, ..Value::of(ask.metric, point.span, point.value) })
    };
    Ok(points.iter().enumerate().map(figure).collect())
}

/// The numbers of a row from the name of a column on.
fn now(row: &SectionRow, at: usize) -> Number {
    row.figures.get(at).and_then(Figure::value).map_or(Number::None, |value| value.now)
}

fn before(row: &SectionRow, at: usize) -> Number {
    row.figures.get(at).and_then(Figure::value).map_or(Number::None, |value| value.before)
}

/// How much more a number is than another: 0.5 is half more.
fn rise(now: Number, before: Number) -> Option<f64> {
    let (now, before) = (now.value()?, before.value()?);
    (before > 0.0).then(|| now / before - 1.0)
}
