//! Content items as imported, and how far it is known what was published.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::domain::calendar::{Day, Instant};
use crate::domain::records::Kind;
use crate::domain::tables::Cell;
use crate::query::ContentRecord;
use crate::store::{SourceRow, Store};

use super::EngineError;

/// Records of content by id. A publication after the last day seen is none.
pub(super) fn records(store: &Store, until: Day) -> Result<BTreeMap<String, ContentRecord>, EngineError> {
    let mut records: BTreeMap<String, ContentRecord> = BTreeMap::new();
    store.rows(Kind::Content, None, &mut |row| {
        let [id, title, kind, author, planned, published, status] = row.cells.as_slice() else {
            return ControlFlow::Break(());
        };
        let text = |cell: &Cell<'_>| cell.text().map(str::to_owned);
        let day = |cell: &Cell<'_>| cell.int().and_then(|day| i32::try_from(day).ok()).map(Day);
        let record = ContentRecord {
            title: text(title),
            kind: text(kind),
            author: text(author),
            planned: day(planned),
            published: day(published).filter(|day| *day <= until),
            status: text(status),
        };
        let id = text(id).unwrap_or_default();
        match records.get_mut(&id) {
            Some(known) if rank(&record) < rank(known) => *known = record,
            Some(_) => {}
            None => drop(records.insert(id, record)),
        }
        ControlFlow::Continue(())
    })?;
    Ok(records)
}

/// Of several sources' records of an item the least holds, whichever came first.
fn rank(record: &ContentRecord) -> impl Ord + '_ {
    let ContentRecord { title, kind, author, planned, published, status } = record;
    (published.is_none(), published, planned.is_none(), planned, title, kind, author, status)
}

/// When it was last said what is published, by the source that is oldest and has not ended: what `--through` said of it, else
/// its last import.
pub(super) fn said_at(store: &Store) -> Result<Option<Instant>, EngineError> {
    let sources = store.sources()?;
    let sources = || sources.iter().filter(|source| source.kind == Kind::Content && source.rows > 0);
    let at = |source: &SourceRow| source.through.or(source.committed);
    let live = sources().filter(|source| !source.ended).filter_map(at).min();
    Ok(live.or_else(|| sources().filter_map(at).max()))
}
