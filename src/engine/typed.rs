//! Numbers of days that are typed: which are waited for, and how they are stored.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::calendar::{Day, Instant};
use crate::domain::records::Kind;
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Unit, find};
use crate::query::{ImportSummary, MissingNumber, MissingNumbers, TypedNumber};
use crate::store::Held;

use super::view::View;
use super::{Ears, Engine, EngineError, StreamRequest, csv_row};

/// The source of numbers that are typed.
const SOURCE: &str = "typed";

/// Days after which nobody waits any more for a fact that no plan names.
const LATELY: i32 = 28;

/// The facts that somebody waits for and that the last whole day has no value of: those of the last weeks, and those
/// that a plan of that day is measured by.
pub(super) fn missing(view: &mut View) -> Result<MissingNumbers, EngineError> {
    let day = view.today.plus(-1);
    let mut names: BTreeSet<String> = BTreeSet::new();
    let book = view.store.book()?;
    for node in &book.nodes {
        let plan = book.plan(node.plan_id).filter(|plan| !plan.status.is_over() && plan.span().contains(day));
        if let (Some(_), Some(Ok(Binding::Fact(name, _)))) = (plan, node.metric.as_deref().map(Binding::parse)) {
            names.insert(name);
        }
    }
    let facts = view.cache.facts(view.store)?;
    names.extend(facts.since(day.plus(1 - LATELY)).map(str::to_owned));
    let missing = names.into_iter().filter_map(|metric| {
        let days = facts.days(&metric, None);
        let last = days.range(..=day).next_back().map(|(day, value)| (*day, *value));
        let unit = find(&metric).map_or(Unit::Times, |metric| metric.unit);
        last.is_none_or(|(last, _)| last < day).then_some(MissingNumber { metric, unit, last })
    });
    Ok(MissingNumbers { day, facts: missing.collect() })
}

impl Engine {
    /// Stores typed numbers as one import of the source `typed`; `patience` is how long another writer is waited for.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn log(&mut self, numbers: &[TypedNumber], patience: Duration) -> Result<ImportSummary, EngineError> {
        let request =
            StreamRequest { source: Some(SOURCE.to_owned()), kind: Some(Kind::Facts), ..StreamRequest::default() };
        let ears = Ears {
            stop: &Arc::new(AtomicBool::new(false)),
            now,
            committed: &mut |_| {},
            waiting: &|held: Held| held.waited < patience,
        };
        self.ingest(Box::new(Cursor::new(file(numbers)?)), &request, ears)
    }
}

/// A file of facts with a row for each number.
fn file(numbers: &[TypedNumber]) -> Result<Vec<u8>, EngineError> {
    let cells = |cells: [&str; 4]| cells.map(|cell| (!cell.is_empty()).then(|| cell.to_owned()));
    let mut file = Vec::new();
    let row = |file: &mut Vec<u8>, row: [&str; 4]| {
        csv_row(file, &cells(row)).map_err(|error| EngineError::Usage(format!("a number cannot be written: {error}")))
    };
    row(&mut file, ["date", "metric", "value", "channel"])?;
    for one in numbers {
        let day: Day = one.day;
        row(&mut file, [&day.to_string(), &one.metric, &one.value, one.channel.as_deref().unwrap_or_default()])?;
    }
    Ok(file)
}

fn now() -> Instant {
    Instant(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Zone;
    use crate::domain::money::Currency;
    use crate::engine::{Clock, NewWorkspace};
    use crate::query::{Answer, Query};

    #[test]
    fn a_fact_is_waited_for_until_its_day_has_a_value() {
        let mut engine = Engine::in_memory(&NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
        let day = |text: &str| Day::parse(text).unwrap();
        let clock = Clock { now: Instant(1_781_136_000_000_000), today: Some(day("2026-06-11")) };
        let missing = |engine: &mut Engine| match engine.answer(&Query::Missing, clock).unwrap() {
            Answer::Missing(missing) => missing,
            other => panic!("{other:?}"),
        };
        let number = |metric: &str, on: &str, value: &str| TypedNumber {
            metric: metric.to_owned(),
            day: day(on),
            value: value.to_owned(),
            channel: None,
        };
        assert_eq!(missing(&mut engine).facts, []);
        let before = [
            number("visits", "2026-06-08", "420"),
            number("net", "2026-06-09", "12.5"),
            number("leaflets", "2026-05-01", "9"),
        ];
        let summary = engine.log(&before, Duration::ZERO).unwrap();
        assert_eq!((summary.counts.inserted, summary.source.as_str()), (3, "typed"));
        let found = missing(&mut engine);
        assert_eq!(found.day, day("2026-06-10"));
        let told: Vec<_> = found.facts.iter().map(|one| (one.metric.as_str(), one.unit, one.last)).collect();
        let last = |on: &str, value: i128| Some((day(on), value));
        assert_eq!(
            told,
            [
                ("net", Unit::Money, last("2026-06-09", 12_500_000)),
                ("visits", Unit::Times, last("2026-06-08", 420_000_000))
            ],
            "what nobody has typed for weeks is not waited for"
        );
        engine.log(&[number("visits", "2026-06-10", "0")], Duration::ZERO).unwrap();
        let names: Vec<String> = missing(&mut engine).facts.into_iter().map(|one| one.metric).collect();
        assert_eq!(names, ["net"], "a typed zero is a number");
    }
}
