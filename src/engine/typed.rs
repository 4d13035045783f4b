//! What is typed: numbers of days, which of them are waited for, rows of items and deals, and how all are stored.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::calendar::Instant;
use crate::domain::operations::{HEADLINE, OPERATIONS};
use crate::domain::plans::{Batch, Edit};
use crate::domain::records::Kind;
use crate::domain::tables::columns;
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Unit, find};
use crate::query::{ImportSummary, MissingNumber, MissingNumbers, TypedNumber, TypedRow};
use crate::store::{Author, Held, SeenRow, Store, text};

use super::ask::metric;
use super::taken::Taken;
use super::view::View;
use super::{Ears, Engine, EngineError, StreamRequest, csv_row, series};

/// The source of numbers that are typed.
const SOURCE: &str = "typed";

/// Days after which nobody waits any more for a fact that no plan names.
const LATELY: i32 = 28;

/// The facts that somebody waits for and that the last whole day has no value of: those of the last weeks, and those
/// that a plan of that day is measured by.
pub(super) fn waiting(view: &mut View) -> Result<Vec<MissingNumber>, EngineError> {
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
    Ok(missing.collect())
}

/// Answers `Query::Missing`.
pub(super) fn missing(view: &mut View) -> Result<MissingNumbers, EngineError> {
    let (day, facts) = (view.today.plus(-1), waiting(view)?);
    let mut unfed = Vec::new();
    for id in HEADLINE.into_iter().chain(OPERATIONS.iter().flat_map(|operation| operation.headline)) {
        let metric = metric(id)?;
        if metric.is_told_by_facts() && !unfed.contains(&id) && series::needs(view, metric)?.is_some() {
            unfed.push(id);
        }
    }
    Ok(MissingNumbers { day, facts, unfed })
}

impl Engine {
    /// The name under which a typed number is stored: that of the metric that it is a word for.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn fact_name(&mut self, name: &str) -> Result<String, EngineError> {
        let mut taken = Taken::of(&self.store, Kind::Facts, None)?;
        Ok(taken.stored(name))
    }

    /// Stores typed numbers as one import of the source `typed` and as one step that can be undone; `patience` is how
    /// long another writer is waited for.
    ///
    /// # Errors
    /// When a number cannot be, or the workspace cannot be written.
    pub fn log(&mut self, numbers: &[TypedNumber], patience: Duration) -> Result<ImportSummary, EngineError> {
        let mut taken = Taken::of(&self.store, Kind::Facts, None)?;
        let mut named = |one: &TypedNumber| TypedNumber { metric: taken.stored(&one.metric), ..one.clone() };
        let numbers: Vec<TypedNumber> = numbers.iter().map(&mut named).collect();
        for one in &numbers {
            let value = one.value.parse::<f64>().ok();
            if let Some(why) = find(&one.metric).zip(value).and_then(|(metric, value)| metric.refuses(value)) {
                return Err(EngineError::Usage(format!("{} of {}: {why}", one.metric, one.day)));
            }
        }
        let row = |one: &TypedNumber| {
            let channel = one.channel.clone().unwrap_or_default();
            vec![one.day.to_string(), one.metric.clone(), one.value.clone(), channel]
        };
        let label = match &numbers[..] {
            [one] => format!("{} of {}: {}", one.metric, one.day, one.value),
            _ => format!("{} typed numbers", numbers.len()),
        };
        let rows: Vec<Vec<String>> = numbers.iter().map(row).collect();
        let mut summary = self.type_in((Kind::Facts, SOURCE), (&rows, Edit::new(label)), None, patience)?;
        summary.notes.extend(taken.notes());
        Ok(summary)
    }

    /// Stores typed rows of a source as one import and, with all else of the edit, as one step that can be undone;
    /// `over` is the row that is replaced.
    pub(super) fn type_in(
        &mut self,
        (kind, source): (Kind, &str),
        (rows, mut edit): (&[Vec<String>], Edit),
        over: Option<SeenRow>,
        patience: Duration,
    ) -> Result<ImportSummary, EngineError> {
        let request =
            StreamRequest { source: Some(source.to_owned()), kind: Some(kind), over, ..StreamRequest::default() };
        let ears = Ears {
            stop: &Arc::new(AtomicBool::new(false)),
            now,
            committed: &mut |_| {},
            waiting: &|held: Held| held.waited < patience,
        };
        let summary = self.ingest(Box::new(Cursor::new(file(kind, rows)?)), &request, ears)?;
        if let (Some(id), true) = (summary.batch, summary.counts.inserted + summary.counts.updated > 0) {
            edit.set(Batch { id, state: Batch::OUT }, Batch { id, state: Batch::IN });
            let actor = self.actor.clone();
            self.store.edit(&edit, Author { actor: &actor, at: now() })?;
        }
        Ok(summary)
    }
}

/// A file of rows under the titles of their columns.
fn file(kind: Kind, rows: &[Vec<String>]) -> Result<Vec<u8>, EngineError> {
    let titles = columns(kind).iter().map(|column| column.title.to_owned()).collect();
    let mut file = Vec::new();
    for row in std::iter::once(&titles).chain(rows) {
        let cells: Vec<_> = row.iter().map(|cell| (!cell.is_empty()).then(|| cell.clone())).collect();
        csv_row(&mut file, &cells).map_err(|error| EngineError::Usage(format!("a row cannot be written: {error}")))?;
    }
    Ok(file)
}

/// Rows of a kind as they are typed, in the order of `Store::rows`.
pub(super) fn stored(store: &Store, kind: Kind) -> Result<Vec<TypedRow>, EngineError> {
    let mut all = Vec::new();
    store.sourced(kind, None, &mut |source, row| {
        let cells = row.pairs().map(|(column, cell)| text(column.form, cell).unwrap_or_default()).collect();
        all.push(TypedRow { kind, source: source.to_owned(), cells });
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

/// Content items by id. Of several sources' rows that published first holds, as everywhere.
pub(super) fn items(store: &Store) -> Result<BTreeMap<String, TypedRow>, EngineError> {
    let mut all: BTreeMap<String, TypedRow> = BTreeMap::new();
    let rank = |row: &TypedRow| (row.cell("published").is_empty(), row.cell("published").to_owned());
    for row in stored(store, Kind::Content)? {
        let known = all.get(row.cell("id"));
        if known.is_none_or(|known| rank(&row) < rank(known)) {
            all.insert(row.cell("id").to_owned(), row);
        }
    }
    Ok(all)
}

fn now() -> Instant {
    Instant(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Day, Zone};
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
        assert_eq!(missing(&mut engine).unfed[..3], ["new_users", "spend", "dau"]);
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
        engine.log(&[number("Revenue", "2026-06-10", "7")], Duration::ZERO).unwrap();
        let missing = missing(&mut engine);
        assert_eq!(missing.facts, [], "Revenue is net");
        assert!(!missing.unfed.contains(&"net") && missing.unfed.contains(&"spend"));
    }
    #[test]
    fn what_a_metric_cannot_be_is_refused_and_nothing_of_it_is_stored() {
        let mut engine = Engine::in_memory(&NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
        let day = Day::parse("2026-06-10").unwrap();
        let mut told = |metric: &str, value: &str| {
            let number = |metric: &str, value: &str| TypedNumber {
                metric: metric.to_owned(),
                day,
                value: value.to_owned(),
                channel: None,
            };
            let numbers = [number("visits", "9"), number(metric, value)];
            engine.log(&numbers, Duration::ZERO).map(|summary| summary.counts.inserted).map_err(|e| e.to_string())
        };
        assert_eq!(
            told("d7", "2.5"),
            Err("d7 of 2026-06-10: 250% is more than all of them; give 0% to 100%".to_owned())
        );
        assert_eq!(
            told("new_users", "-5"),
            Err("new_users of 2026-06-10: is below 0; it counts something, give 0 or more".to_owned())
        );
        assert_eq!(told("net", "-5"), Ok(2), "refunds may be more than sales, and nothing was stored before");
    }
}
