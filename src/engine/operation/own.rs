//! Daily facts of an operator's own, each with its last day and its sum; with them those of METRICS that have no other
//! place.

use crate::domain::calendar::Span;
use crate::domain::operations::{HEADLINE, OPERATIONS};
use crate::metrics::catalog::{Accumulation, METRICS, Measure, Metric, own};
use crate::query::{Figure, Headline, Narrow, Scope, SectionRow, SectionTable, Value};

use super::super::EngineError;
use super::super::ask::Ask;
use super::super::view::View;
use super::super::{facts, series};
use super::{figure, one_of_headline};

/// By name: whether a number adds up or stands is known to the operator alone, so both are told.
pub(super) fn numbers(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let mut rows = Vec::new();
    for metric in unshown(view)? {
        rows.push(of_metric(view, metric, scope)?);
    }
    for name in facts::own_names(view)? {
        let metric = own(&name, Accumulation::Level);
        let Headline { number, usual, .. } = one_of_headline(view, metric, scope)?;
        let last = Value { before: number.before, ..Value::of(metric, number.span, number.now) };
        let sum = figure(view, own(&name, Accumulation::Flow).id, &Narrow::default(), scope)?;
        let figures = vec![Figure::Value(last), sum, Figure::Days(number.trend), Figure::Usual(usual)];
        rows.push(SectionRow { name, narrow: Narrow::default(), figures });
    }
    rows.sort_by_cached_key(|row| row.name.to_lowercase());
    let lacks = rows.is_empty().then_some("daily facts with names of your own: date, metric, value");
    Ok(SectionTable { rows, lacks, ..SectionTable::default() })
}

/// Rows of METRICS that daily facts tell and that stand neither on Today nor at the head of a tab.
fn unshown(view: &mut View) -> Result<Vec<&'static Metric>, EngineError> {
    let shown = |id| HEADLINE.contains(&id) || OPERATIONS.iter().any(|operation| operation.headline.contains(&id));
    let mut told = Vec::new();
    // What facts alone feed has a column of its own.
    let counted = |metric: &&Metric| metric.measure != Measure::Facts && metric.is_told_by_facts();
    for metric in METRICS.iter().filter(counted).filter(|metric| !shown(metric.id)) {
        if facts::horizon(view, metric)?.is_some() && view.extent(metric.measure.feed())?.is_empty() {
            told.push(metric);
        }
    }
    Ok(told)
}

/// The last day of a metric and the same day of the comparison, and what it adds up to.
fn of_metric(view: &mut View, metric: &'static Metric, scope: &Scope) -> Result<SectionRow, EngineError> {
    let Headline { number, usual, .. } = one_of_headline(view, metric, scope)?;
    let ask = Ask::of(metric, &scope.segment);
    let day = Span { first: number.span.last, last: number.span.last };
    let mut last = Value::of(metric, day, series::value(view, &ask, day)?);
    if let Some(span) = number.before_span {
        last.before = series::value(view, &ask, Span { first: span.last, last: span.last })?;
    }
    let flow = metric.over_days() == Accumulation::Flow;
    let sum = if flow { figure(view, metric.id, &Narrow::default(), scope)? } else { Figure::Blank };
    let figures = vec![Figure::Value(last), sum, Figure::Days(number.trend), Figure::Usual(usual)];
    Ok(SectionRow { name: metric.name.to_owned(), narrow: Narrow::default(), figures })
}
