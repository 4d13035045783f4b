//! A row of items or deals that is typed, or taken out, where it is still as it was seen.

use std::time::Duration;

use serde_json::Value;

use crate::domain::calendar::Calendar;
use crate::domain::plans::{Batch, Conflict, Edit, Journal, JournalKind, OpType, Table};
use crate::domain::records::Kind;
use crate::domain::tables::columns;
use crate::query::{Outcome, Planned, TypedRow, Typing};
use crate::store::{Author, SeenRow};

use super::{Clock, Engine, EngineError, typed};

/// How often a row is read again that others change in between.
const TRIES: u8 = 4;

impl Engine {
    /// Stores a typed row as one import of its source, or takes it out, as one step that can be undone. Fields that were
    /// not changed keep what they are; a field that somebody else has changed since it was seen is a conflict, and then
    /// nothing is stored.
    ///
    /// # Errors
    /// When the workspace cannot be written, or others change the row again and again.
    pub(super) fn type_row(
        &mut self,
        typing: &Typing,
        clock: Clock,
        patience: Duration,
    ) -> Result<Outcome, EngineError> {
        let mut tries = 1;
        loop {
            match self.type_onto_current(typing, clock, patience) {
                Err(EngineError::Workspace(error)) if error.is_overtaken() && tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    fn type_onto_current(&mut self, typing: &Typing, clock: Clock, patience: Duration) -> Result<Outcome, EngineError> {
        let Some(row) = typing.row() else { return Ok(Outcome::Planned(Planned::Nothing)) };
        let (kind, id) = (row.kind, row.cell("id").to_owned());
        let cells = self.store.row_of(&row.source, kind, &id)?;
        let current = cells.clone().map(|cells| TypedRow { cells, ..row.clone() });
        let found = conflicts(typing, current.as_ref());
        if !found.is_empty() {
            return self.clash(found, typing, row);
        }
        let over = SeenRow { id, cells };
        let Some(after) = &typing.after else { return self.take_out(row, &over, clock) };
        let merged = merged(typing.before.as_ref(), after, current.as_ref());
        if let (Some(note), true) = (&typing.note, Some(&merged) == current.as_ref()) {
            return self.note_alone(kind, note, clock);
        }
        let label = format!("{}: {}", kind.name(), over.id);
        let edit = self.noted(Edit::new(label), (kind, typing.note.as_deref()), clock)?;
        let rows = std::slice::from_ref(&merged.cells);
        let summary = self.type_in((kind, &merged.source), (rows, edit), Some(over), patience)?;
        Ok(Outcome::Logged(Box::new(summary)))
    }

    fn clash(&self, mut found: Vec<Conflict>, typing: &Typing, row: &TypedRow) -> Result<Outcome, EngineError> {
        if let Some((who, when)) = self.store.author_of_row(&row.source, row.kind, row.cell("id"))? {
            for one in &mut found {
                (one.who, one.when) = (who.clone(), when.clone());
            }
        }
        Ok(Outcome::Clashed { found, typing: Box::new(typing.clone()) })
    }

    /// Takes a row out of every source that has it: of items the row of another source would come up in its place.
    fn take_out(&mut self, row: &TypedRow, over: &SeenRow, clock: Clock) -> Result<Outcome, EngineError> {
        let mut sources = vec![row.source.clone()];
        if row.kind == Kind::Content {
            let stored = typed::stored(&self.store, row.kind)?;
            let others = stored.into_iter().filter(|one| one.cell("id") == over.id && one.source != row.source);
            sources.extend(others.map(|one| one.source));
        }
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let mut edit = Edit::new(format!("{} {} taken out", thing(row.kind), over.id));
        for id in self.store.take_row_out(row.kind, &sources, over, clock.now)? {
            edit.set(Batch { id, state: Batch::OUT }, Batch { id, state: Batch::IN });
        }
        self.done(&edit, "; u brings it back", clock)
    }

    /// Keeps what stands there, and mine in the journal.
    fn note_alone(&mut self, kind: Kind, note: &str, clock: Clock) -> Result<Outcome, EngineError> {
        let edit = self.noted(Edit::new("theirs kept, mine noted"), (kind, Some(note)), clock)?;
        self.done(&edit, "", clock)
    }

    fn done(&mut self, edit: &Edit, next: &str, clock: Clock) -> Result<Outcome, EngineError> {
        let actor = self.actor.clone();
        self.store.edit(edit, Author { actor: &actor, at: clock.now })?;
        let label = format!("{}{next}", edit.label);
        Ok(Outcome::Planned(Planned::Done { label, plan: None, warnings: Vec::new() }))
    }

    /// The edit with a note in the journal, where there is one.
    fn noted(&self, mut edit: Edit, (kind, note): (Kind, Option<&str>), clock: Clock) -> Result<Edit, EngineError> {
        if let Some(note) = note {
            let settings = self.store.settings()?;
            edit.add(Journal {
                id: -1,
                at: clock.now.to_string(),
                day: clock.day(&Calendar { zone: settings.zone, week_start: settings.week_start }),
                kind: JournalKind::Note,
                op_type: Some(if kind == Kind::Deals { OpType::Commercial } else { OpType::Content }),
                plan_id: None,
                node_id: None,
                body: note.to_owned(),
                exclude_from_baseline: false,
            });
        }
        Ok(edit)
    }
}

fn thing(kind: Kind) -> &'static str {
    if kind == Kind::Deals { "deal" } else { "item" }
}

/// The fields that are to change and are no longer as they were seen.
fn conflicts(typing: &Typing, current: Option<&TypedRow>) -> Vec<Conflict> {
    let Some(row) = typing.row() else { return Vec::new() };
    let one = |field: &str, [seen, theirs, mine]: [&str; 3]| Conflict {
        // A typed row stands in the import that brought it.
        table: Table::Batch,
        key: [row.kind.name(), &row.source, row.cell("id")].map(Value::from).to_vec(),
        field: field.to_owned(),
        seen: seen.into(),
        theirs: theirs.into(),
        mine: mine.into(),
        who: String::new(),
        when: String::new(),
    };
    match (&typing.before, current, &typing.after) {
        (None, Some(current), Some(_)) if current.says() => vec![one("", ["absent", "there", "changed"])],
        (Some(_), None, Some(_)) => vec![one("", ["there", "removed", "changed"])],
        (Some(_), None, None) => vec![one("", ["there", "removed", "removed"])],
        (Some(before), Some(current), None) if before.cells != current.cells => {
            vec![one("", ["there", "changed", "removed"])]
        }
        (Some(before), Some(current), Some(after)) => {
            let fields = columns(row.kind).iter().map(|column| column.title);
            let cells = fields.map(|title| (title, [before.cell(title), current.cell(title), after.cell(title)]));
            let clashes =
                |(_, [seen, theirs, mine]): &(&str, [&str; 3])| mine != seen && theirs != seen && mine != theirs;
            cells.filter(clashes).map(|(title, texts)| one(title, texts)).collect()
        }
        _ => Vec::new(),
    }
}

/// What the row becomes: fields that are not to change keep what they are.
fn merged(before: Option<&TypedRow>, after: &TypedRow, current: Option<&TypedRow>) -> TypedRow {
    let (Some(before), Some(current)) = (before, current) else { return after.clone() };
    let fields = columns(after.kind).iter().map(|column| column.title);
    fields.fold(after.clone(), |row, title| {
        if before.cell(title) == after.cell(title) { row.with(title, current.cell(title)) } else { row }
    })
}
