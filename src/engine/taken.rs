//! Which metric a daily fact is taken for: one whose name is a word for a row of METRICS is stored as that row, unless the
//! workspace uses the name for a number of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use crate::domain::records::{Kind, Record};
use crate::domain::tables::Cell;
use crate::ingest::{Fate, Field};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Metric, find, meant};
use crate::query::{PreviewColumn, Reading};
use crate::store::Store;

use super::EngineError;

/// Place of a fact's name among its cells.
const NAME: usize = 1;

/// The names of an import, as they come.
#[derive(Default)]
pub(super) struct Taken {
    /// Names that stand for numbers of the workspace's own.
    own: BTreeSet<String>,
    /// The name that an import uses for a metric, by its id.
    called: BTreeMap<&'static str, String>,
    /// What was taken for what, and what was not.
    told: BTreeMap<String, String>,
}

impl Taken {
    /// For a file of a kind that is read so.
    pub fn of(store: &Store, kind: Kind, reading: Option<&Reading>) -> Result<Self, EngineError> {
        let mut taken = Self::default();
        if kind != Kind::Facts {
            return Ok(taken);
        }
        taken.own = own(store)?;
        // Beside the id itself a word for it means something else; names that come in rows mostly come with the first.
        for name in reading.into_iter().flat_map(names) {
            if let Some(metric) = find(name) {
                taken.called.insert(metric.id, name.to_owned());
            }
        }
        Ok(taken)
    }

    /// A row under the name that it is taken for; one that would add to the numbers of another name is refused.
    pub fn row<'a>(&mut self, mut fate: Fate<'a>) -> Fate<'a> {
        let rows: &mut [Record<'a>] = match &mut fate {
            Fate::Record(record) => std::slice::from_mut(record),
            Fate::Several(records) => records,
            Fate::Rejected { .. } | Fate::Blank(_) => &mut [],
        };
        let mut refused = None;
        for record in rows {
            let Record::Row(row) = record else { continue };
            if let Some(name) = row.cells.get_mut(NAME).filter(|_| row.kind == Kind::Facts) {
                refused = refused.or(self.name(name));
            }
        }
        match refused {
            Some(detail) => Fate::Rejected { code: "two_names", raw: detail.clone().into(), detail },
            None => fate,
        }
    }

    /// Puts the id of the metric in place of a word for it; tells why the row must not be stored.
    fn name(&mut self, cell: &mut Cell<'_>) -> Option<String> {
        let name = cell.text()?;
        if let Some(metric) = self.metric(name) {
            *cell = Cell::Text(metric.id.into());
            return None;
        }
        let called = self.called.get(find(name)?.id).filter(|called| *called != name)?;
        Some(format!("{name}: {called} is taken for it in the rows before; call one of the two something else"))
    }

    /// The metric that a name is taken for, where that is another name.
    fn metric(&mut self, name: &str) -> Option<&'static Metric> {
        let metric = meant(name).filter(|metric| metric.id != name && !self.own.contains(name))?;
        let called = self.called.entry(metric.id).or_insert_with(|| name.to_owned());
        let is_it = called == name;
        if !self.told.contains_key(name) {
            let said = if is_it {
                format!("{name} is taken for {}: {}", metric.id, metric.name)
            } else {
                format!("{name} stays a number of its own: {called} is {} here", metric.id)
            };
            self.told.insert(name.to_owned(), said);
        }
        is_it.then_some(metric)
    }

    /// The name under which a fact is stored.
    pub fn stored(&mut self, name: &str) -> String {
        self.metric(name).map_or(name, |metric| metric.id).to_owned()
    }

    /// What was taken for what, one line each.
    pub fn notes(self) -> impl Iterator<Item = String> {
        self.told.into_values()
    }
}

/// The names of facts that a reading shows: titles that are numbers, or the first names of the column that holds them.
fn names(reading: &Reading) -> Vec<&str> {
    let is = |column: &PreviewColumn, field: Field| column.field.as_deref() == Some(field.name());
    match reading.columns.iter().position(|column| is(column, Field::Metric)) {
        Some(at) => reading.samples.iter().filter_map(|row| Some(row.get(at)?.trim())).collect(),
        None => reading.columns.iter().filter(|c| is(c, Field::Value)).map(|c| c.title.as_str()).collect(),
    }
}

/// Names that facts have or that plans are measured by, and that are no metric.
fn own(store: &Store) -> Result<BTreeSet<String>, EngineError> {
    let mut own = BTreeSet::new();
    for node in store.book()?.nodes {
        if let Some(Ok(Binding::Fact(name, _))) = node.metric.as_deref().map(Binding::parse) {
            own.insert(name);
        }
    }
    store.rows(Kind::Facts, None, &mut |row| {
        if let Some(name) = row.cells.get(NAME).and_then(Cell::text).filter(|name| !own.contains(*name)) {
            own.insert(name.to_owned());
        }
        ControlFlow::Continue(())
    })?;
    own.retain(|name| find(name).is_none());
    Ok(own)
}
