//! Settling a conflict: whose value stands, and what becomes of the other.

use serde_json::Value;

use crate::domain::plans::{Conflict, Edit, Journal, JournalKind, Record, Row, Table};
use crate::query::Fault;

use super::Desk;
use super::make::{refuse, revision};

impl Desk<'_, '_> {
    /// Mine in place of theirs as they stand now, or theirs with mine as a note.
    pub(super) fn settle(&self, found: &[Conflict], mine: bool) -> Result<Edit, Vec<Fault>> {
        let mut edit = Edit::new(if mine { "mine kept over theirs" } else { "theirs kept, mine noted" });
        for (at, one) in (1..).zip(found) {
            let Some(current) = self.current(one) else {
                return Err(refuse("record", "it is gone meanwhile; nothing was stored"));
            };
            if mine {
                let mut row = current.clone();
                row.cells.insert(one.field.clone(), one.mine.clone());
                let records = current.record().and_then(|before| Ok((before, row.record()?)));
                let Ok((before, after)) = records else {
                    return Err(refuse(&one.field, "cannot be stored; nothing was"));
                };
                self.reason(&mut edit, &before, one);
                edit.set(before, after);
            } else {
                edit.add(self.note(-at, one));
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

    /// A running plan says why its targets change.
    fn reason(&self, edit: &mut Edit, before: &Record, one: &Conflict) {
        let Record::Node(node) = before else { return };
        let Some(plan) = self.book.plan(node.plan_id) else { return };
        let who = if one.who.is_empty() { "somebody" } else { one.who.as_str() };
        let change = (one.field.as_str(), one.theirs.as_f64(), one.mine.as_f64());
        if let Some(told) = revision(self, plan, node, change, &format!("kept over the value of {who}")) {
            edit.add(told);
        }
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
