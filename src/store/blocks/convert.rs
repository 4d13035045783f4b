//! Blocks from a file of a schema that had a row for each event.

use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::{Cells, Head, Rows, Tail, id_range};
use crate::store::StoreError;
use crate::store::hash::Short;

/// Bytes of an entry of the old table of identities: the hash, and the number of the row within its day.
const ENTRY: usize = 16;

/// Fills the blocks from the tables of rows. Rows of an import come to stand together, so their numbers change.
pub(in crate::store) fn from_rows(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT id >> 32 FROM (SELECT id FROM event UNION ALL SELECT id FROM event_undone) ORDER BY 1";
    let days: Vec<i32> = conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    days.into_iter().try_for_each(|day| convert_day(conn, day))
}

fn convert_day(conn: &Connection, day: i32) -> Result<(), StoreError> {
    let identities = identities(conn, day)?;
    let sql = "SELECT id, batch, t, name, user, platform, channel, props FROM event WHERE id BETWEEN ?1 AND ?2
        UNION ALL SELECT id, batch, t, name, user, platform, channel, props FROM event_undone WHERE id BETWEEN ?1 AND ?2
        ORDER BY batch, id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query(id_range(day))?;
    let (mut rows, mut head) = (Rows::default(), Head { day, first: 0, batch: 0, rows: 0 });
    while let Some(row) = found.next()? {
        let batch = row.get(1)?;
        if batch != head.batch {
            head = close(conn, head, &mut rows)?;
            head.batch = batch;
        }
        let number = row.get::<_, i64>(0)? as u32;
        let identity = identities.get(&number).copied().unwrap_or_default();
        rows.push(cells(row)?, row.get::<_, Option<String>>(7)?.as_deref(), identity)?;
    }
    close(conn, head, &mut rows)?;
    Ok(())
}

/// Writes the rows of one import; the next one's begin after them.
fn close(conn: &Connection, head: Head, rows: &mut Rows) -> Result<Head, StoreError> {
    Tail::default().append(conn, head, rows)?;
    let next = Head { first: head.first + rows.len() as u32, ..head };
    rows.clear();
    Ok(next)
}

fn cells(row: &Row<'_>) -> Result<Cells, StoreError> {
    let or_none = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<u32>>(at)?.map_or(0, |id| id + 1));
    Ok(Cells { t: row.get(2)?, name: row.get(3)?, user: or_none(4)?, platform: or_none(5)?, channel: or_none(6)? })
}

fn identities(conn: &Connection, day: i32) -> Result<FxHashMap<u32, Short>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT rows FROM identity WHERE day = ?1")?;
    let mut found = statement.query([day])?;
    let mut out = FxHashMap::default();
    while let Some(row) = found.next()? {
        for entry in row.get_ref(0)?.as_blob().unwrap_or_default().as_chunks::<ENTRY>().0 {
            let (hash, number) = entry.split_at(size_of::<Short>());
            if let (Ok(hash), Ok(number)) = (hash.try_into(), number.try_into()) {
                out.insert(u32::from_be_bytes(number), hash);
            }
        }
    }
    Ok(out)
}
