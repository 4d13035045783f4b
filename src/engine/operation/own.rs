//! Daily facts of an operator's own, each with its last day and its sum.

use crate::metrics::catalog::{Accumulation, own};
use crate::query::{Figure, Headline, Narrow, Scope, SectionRow, SectionTable, Value};

use super::super::EngineError;
use super::super::facts;
use super::super::view::View;
use super::{figure, one_of_headline};

/// By name: whether a number adds up or stands is known to the operator alone, so both are told.
pub(super) fn numbers(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let mut rows = Vec::new();
    for name in facts::own_names(view)? {
        let metric = own(&name, Accumulation::Level);
        let Headline { number, usual, .. } = one_of_headline(view, metric, scope)?;
        let last = Value { before: number.before, ..Value::of(metric, number.span, number.now) };
        let sum = figure(view, own(&name, Accumulation::Flow).id, &Narrow::default(), scope)?;
        let figures = vec![Figure::Value(last), sum, Figure::Days(number.trend), Figure::Usual(usual)];
        rows.push(SectionRow { name, narrow: Narrow::default(), figures });
    }
    let lacks = rows.is_empty().then_some("daily facts with names of your own: date, metric, value; or L types one");
    Ok(SectionTable { rows, lacks, ..SectionTable::default() })
}
