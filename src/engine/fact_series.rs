//! A daily fact by its own name.

use std::collections::BTreeMap;

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::Accumulation;
use crate::metrics::number::Horizon;
use crate::query::{FactPoint, FactQuery, FactSeries};

use super::EngineError;
use super::ask::buckets;
use super::view::View;

/// Names that a refusal lists.
const NAMED: usize = 12;

/// Answers `Query::Fact`.
pub(super) fn answer(view: &mut View, query: &FactQuery) -> Result<FactSeries, EngineError> {
    let facts = view.cache.facts(view.store)?;
    let until = view.until;
    let buckets = buckets(view.calendar, query.span, query.grain)?;
    let all = facts.days(&query.name, None);
    let Some(last) = all.range(..=until).next_back().map(|(day, _)| *day) else {
        let names = facts.names();
        let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
        let there = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        let there = if there.is_empty() { "there is none yet".to_owned() } else { format!("there are {there}{more}") };
        let name = &query.name;
        return Err(EngineError::Usage(format!(
            "no daily fact is called {name}; {there}; `quarterdeck log {name} VALUE` types one"
        )));
    };
    let line = |days: BTreeMap<Day, i128>| -> Vec<FactPoint> {
        let point = |span: &Span| {
            let days = days.range(span.first..=span.last.min(until).max(span.first)).filter(|(day, _)| **day <= until);
            let mut values = days.map(|(_, value)| *value);
            let value = match query.accumulation {
                Accumulation::Level => values.next_back(),
                _ => values.fold(None, |sum: Option<i128>, value| Some(sum.unwrap_or(0).saturating_add(value))),
            };
            FactPoint { span: *span, value, state: Horizon { through: last, reach: last }.state(*span) }
        };
        buckets.iter().map(point).collect()
    };
    let wanted = |channel: &str| query.channels.is_empty() || query.channels.iter().any(|one| one == channel);
    let mut lines = Vec::new();
    if query.by_channel {
        for channel in facts.channels(&query.name).into_iter().filter(|channel| wanted(channel)) {
            let only = |other: &str| other == channel;
            let days = facts.days(&query.name, Some(&only));
            lines.push((Some(channel), line(days)));
        }
    }
    let whole = if query.channels.is_empty() { all } else { facts.days(&query.name, Some(&wanted)) };
    lines.push((None, line(whole)));
    Ok(FactSeries { lines })
}
