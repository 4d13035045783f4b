//! Values of nodes as the data gives them: over spans and by day, in micros where they are money. Nothing observed is
//! `None`, never 0.

use std::collections::BTreeMap;

use crate::domain::calendar::{Day, Grain, Span};
use crate::domain::plans::Filter;
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Accumulation, Metric};
use crate::metrics::number::Number;
use crate::query::Segment;

use super::super::ask::Ask;
use super::super::view::View;
use super::super::{EngineError, facts, series};

/// Millionths of one, in which facts are held.
const UNIT: f64 = 1e6;

/// A value as targets are held: money in micros, rates as fractions.
pub(in crate::engine) fn stored(number: Number) -> Option<f64> {
    match number {
        Number::Money(micros) => Some(micros as f64),
        Number::MoneyPer { num, den } => Some(num as f64 / den as f64),
        other => other.value(),
    }
}

/// Numerator and denominator of a value that is a ratio.
pub(super) fn parts(number: Number) -> Option<(f64, f64)> {
    match number {
        Number::Ratio { num, den } | Number::MoneyPer { num, den } | Number::Mean { num, den } => {
            Some((num as f64, den as f64))
        }
        _ => None,
    }
}

/// A filter as the segment of a question.
pub(super) fn segment(filter: &Filter) -> Segment {
    Segment {
        channels: filter.channels.clone(),
        platforms: filter.platforms.clone(),
        streams: filter.streams.clone(),
        ..Segment::default()
    }
}

/// Why a binding cannot be limited to a filter; `None` where it can.
pub(super) fn refused(binding: &Binding, filter: &Filter) -> Option<String> {
    let segment = segment(filter);
    let why = |metric: &'static Metric| segment.refused_by(metric).map(|why| format!("{} {why}", metric.name));
    match binding {
        Binding::Metric(metric) => why(metric),
        Binding::Ratio(num, den) => refused(num, filter).or_else(|| refused(den, filter)),
        Binding::Fact(..) if filter.platforms.is_empty() && filter.streams.is_empty() => None,
        Binding::Fact(name, _) => Some(format!("the fact {name} can be limited to channels alone")),
    }
}

/// What measures a node, and which rows of it count.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Gauge {
    pub binding: Binding,
    pub filter: Filter,
}

impl Gauge {
    /// One side of a ratio.
    fn of(&self, side: &Binding) -> Self {
        Self { binding: side.clone(), filter: self.filter.clone() }
    }

    /// First day that is known and last day that is complete; `None` where nothing is known at all.
    pub fn known(&self, view: &mut View) -> Result<Option<Span>, EngineError> {
        let both = match &self.binding {
            Binding::Metric(metric) => known(view, metric)?,
            // Both ends come back cut already.
            Binding::Ratio(num, den) => {
                let (num, den) = (self.of(num).known(view)?, self.of(den).known(view)?);
                return Ok(num.zip(den).and_then(|(num, den)| num.intersect(den)));
            }
            Binding::Fact(..) => {
                let days = self.facts(view)?;
                let ends = days.keys().next().zip(days.keys().last());
                ends.map(|(first, last)| Span { first: *first, last: *last })
            }
        };
        let yesterday = view.today.plus(-1).min(view.until);
        Ok(both.and_then(|span| span.intersect(Span { first: span.first.min(yesterday), last: yesterday })))
    }

    /// The value of each span; `None` where nothing of it is observed.
    pub fn over(&self, view: &mut View, spans: &[Span]) -> Result<Vec<Option<f64>>, EngineError> {
        match &self.binding {
            Binding::Metric(metric) => {
                let numbers = self.numbers(view, metric, spans, None)?;
                Ok(numbers.into_iter().map(stored).collect())
            }
            Binding::Ratio(num, den) => {
                let (over, under) = (self.of(num).over(view, spans)?, self.of(den).over(view, spans)?);
                let divide =
                    |(a, b): (Option<f64>, Option<f64>)| a.zip(b).filter(|(_, b)| *b != 0.0).map(|(a, b)| a / b);
                Ok(over.into_iter().zip(under).map(divide).collect())
            }
            Binding::Fact(_, accumulation) => {
                let days = self.facts(view)?;
                let value = |span: &Span| {
                    let mut inside = days.range(span.first..=span.last).map(|(_, value)| *value).peekable();
                    inside.peek()?;
                    match accumulation {
                        Accumulation::Flow => Some(inside.sum::<f64>()),
                        _ => inside.last(),
                    }
                };
                Ok(spans.iter().map(value).collect())
            }
        }
    }

    /// The value of one span.
    pub fn value(&self, view: &mut View, span: Span) -> Result<Option<f64>, EngineError> {
        Ok(self.over(view, &[span])?.first().copied().flatten())
    }

    /// The value of each day of a span.
    pub fn daily(&self, view: &mut View, span: Span) -> Result<Vec<Option<f64>>, EngineError> {
        let days = view.calendar.buckets(Grain::Day, span);
        match &self.binding {
            Binding::Metric(metric) => {
                let numbers = self.numbers(view, metric, &days, Some(Grain::Day))?;
                Ok(numbers.into_iter().map(stored).collect())
            }
            _ => self.over(view, &days),
        }
    }

    /// Numerator and denominator over a span, of what is a ratio.
    pub fn fraction(&self, view: &mut View, span: Span) -> Result<Option<(f64, f64)>, EngineError> {
        match &self.binding {
            Binding::Metric(metric) => Ok(self.numbers(view, metric, &[span], None)?.first().copied().and_then(parts)),
            Binding::Ratio(num, den) => Ok(self.of(num).value(view, span)?.zip(self.of(den).value(view, span)?)),
            Binding::Fact(..) => Ok(None),
        }
    }

    fn numbers(
        &self,
        view: &mut View,
        metric: &'static Metric,
        spans: &[Span],
        grain: Option<Grain>,
    ) -> Result<Vec<Number>, EngineError> {
        let ask = Ask { grain, ..Ask::of(metric, &segment(&self.filter)) };
        Ok(series::points(view, &ask, spans)?.into_iter().map(|point| point.value).collect())
    }

    fn facts(&self, view: &mut View) -> Result<BTreeMap<Day, f64>, EngineError> {
        let Binding::Fact(name, _) = &self.binding else { return Ok(BTreeMap::new()) };
        let until = view.until;
        let channels = &self.filter.channels;
        let fits = |channel: &str| channels.iter().any(|wanted| wanted == channel);
        let days = view.cache.facts(view.store)?.days(name, (!channels.is_empty()).then_some(&fits));
        Ok(days.into_iter().filter(|(day, _)| *day <= until).map(|(day, n)| (day, n as f64 / UNIT)).collect())
    }
}

fn known(view: &mut View, metric: &'static Metric) -> Result<Option<Span>, EngineError> {
    let through = series::horizon(view, metric)?.through;
    let first = match view.comparable_from(metric.measure.feed())? {
        Some(first) => Some(first),
        None => facts::first(view, metric)?,
    };
    Ok(first.filter(|first| *first <= through).map(|first| Span { first, last: through }))
}
