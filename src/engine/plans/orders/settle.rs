//! Settling a conflict: whose value stands, and what becomes of the other.

use serde_json::Value;

use crate::domain::plans::{Change, Conflict, Edit, Journal, JournalKind, Record, Revision, Row, Table};
use crate::query::{Fault, Keep};

use super::Desk;
use super::make::refuse;

impl Desk<'_, '_> {
    /// The refused edit as it goes onto what stands now, with a note of mine where both are kept.
    pub(super) fn settle(&self, found: &[Conflict], refused: &Edit, keep: Keep) -> Result<Edit, Vec<Fault>> {
        let mut edit = Edit::new(match keep {
            Keep::Theirs => "theirs kept",
            Keep::Mine => "mine kept over theirs",
            Keep::Both => "theirs kept, mine noted",
        });
        let mine = keep == Keep::Mine;
        for change in &refused.changes {
            if let Some(change) = rebased(change, found, mine)? {
                edit.changes.push(change);
            }
        }
        for (at, one) in (1..).zip(found) {
            let theirs =
                self.current(one).ok_or_else(|| refuse("record", "it is gone meanwhile; nothing was stored"))?;
            if keep == Keep::Both {
                edit.add(self.note(-at, one));
            } else if mine && refused.changes.is_empty() {
                let mut row = theirs.clone();
                row.cells.insert(one.field.clone(), one.mine.clone());
                edit.set(record(&theirs, one)?, record(&row, one)?);
            }
        }
        Ok(edit)
    }

    /// The record of a conflict as it stands now.
    fn current(&self, one: &Conflict) -> Option<Row> {
        if one.field.is_empty() {
            return None;
        }
        let rows = self.book.records().into_iter().filter_map(|record| Row::of(&record).ok());
        rows.into_iter().find(|row| row.table == one.table && row.key() == one.key)
    }

    fn note(&self, id: i64, one: &Conflict) -> Journal {
        let node = (one.table == Table::Node).then(|| one.key.first().and_then(Value::as_i64)).flatten();
        let node = node.and_then(|id| self.book.node(id));
        let label = node.map_or_else(String::new, |node| format!("{} ", node.label));
        Journal {
            id,
            at: self.now.to_string(),
            day: self.view.today,
            kind: JournalKind::Note,
            op_type: None,
            plan_id: node.map(|node| node.plan_id),
            node_id: node.map(|node| node.id),
            body: format!("{label}{}: theirs is {}, {} had {}", one.field, one.theirs, self.actor, one.mine),
            exclude_from_baseline: false,
        }
    }
}

/// A change of the refused edit as if it had been made on what stands now; `None` where nothing is left of it.
fn rebased(change: &Change, found: &[Conflict], mine: bool) -> Result<Option<Change>, Vec<Fault>> {
    if let (None, Some(Record::Revision(told))) = (&change.before, &change.after) {
        let of = |one: &&Conflict| one.table == Table::Node && one.key == [told.node_id] && one.field == told.field;
        let Some(one) = found.iter().find(of) else { return Ok(Some(change.clone())) };
        let told = Revision { old: one.theirs.as_f64(), ..told.clone() };
        return Ok(mine.then_some(Change { before: None, after: Some(told.into()) }));
    }
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return Ok(Some(change.clone())) };
    let (Ok(mut seen), Ok(mut wanted)) = (Row::of(before), Row::of(after)) else { return Ok(Some(change.clone())) };
    let (table, key) = (seen.table, seen.key());
    for one in found.iter().filter(|one| one.table == table && one.key == key) {
        seen.cells.insert(one.field.clone(), one.theirs.clone());
        if !mine {
            wanted.cells.insert(one.field.clone(), one.theirs.clone());
        }
    }
    if seen == wanted {
        return Ok(None);
    }
    let which = Conflict { field: seen.table.name().to_owned(), ..found[0].clone() };
    Ok(Some(Change { before: Some(record(&seen, &which)?), after: Some(record(&wanted, &which)?) }))
}

fn record(row: &Row, of: &Conflict) -> Result<Record, Vec<Fault>> {
    row.record().map_err(|_| refuse(&of.field, "cannot be stored; nothing was"))
}
