//! Writing blocks: appending to those of an import, with small ones made one, and the hash over each.

use rusqlite::{Connection, params};

use super::{BLOCK_ROWS, Head, Rows, Wanted};
use crate::store::columns::pack;
use crate::store::hash::RowHash;
use crate::store::{StoreError, tiers};

/// The blocks of one import that end a UTC day, to which more rows are appended.
#[derive(Debug, Default)]
pub(in crate::store) struct Tail(Vec<Head>);

impl Tail {
    /// The blocks after which rows of an import would go on.
    pub(in crate::store) fn of(heads: &[Head], batch: i64) -> Self {
        let ours = heads.iter().rev().take_while(|head| head.batch == batch).count();
        Self(heads.get(heads.len() - ours..).unwrap_or_default().to_vec())
    }

    /// Appends rows, and makes small blocks one.
    pub(in crate::store) fn append(&mut self, conn: &Connection, head: Head, rows: &Rows) -> Result<(), StoreError> {
        for from in (0..rows.len()).step_by(BLOCK_ROWS) {
            let part = from..rows.len().min(from + BLOCK_ROWS);
            let head = Head { first: head.first + from as u32, rows: part.len() as u32, ..head };
            let sizes: Vec<u64> = self.0.iter().map(|head| u64::from(head.rows)).collect();
            let taken = tiers::due(&sizes, u64::from(head.rows), BLOCK_ROWS as u64);
            let older = self.0.split_off(self.0.len() - taken);
            if older.is_empty() && part.len() == rows.len() {
                insert(conn, head, rows)?;
                self.0.push(head);
                continue;
            }
            let mut whole = Rows::default();
            for head in &older {
                take(conn, *head, &mut whole)?;
            }
            whole.extend(rows, part)?;
            let first = older.first().map_or(head.first, |older| older.first);
            let head = Head { first, rows: whole.len() as u32, ..head };
            insert(conn, head, &whole)?;
            self.0.push(head);
        }
        Ok(())
    }
}

/// Takes a block out of the file, onto the end of `rows`.
fn take(conn: &Connection, block: Head, rows: &mut Rows) -> Result<(), StoreError> {
    let sql =
        "SELECT id, batch, n, tick, t, name, user, platform, channel, identity, prop, ends, texts FROM event_block
        WHERE id = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query([block.id()])?;
    if let Some(row) = found.next()? {
        let mut one = Rows::default();
        one.read(row, block.rows, Wanted::ALL)?;
        rows.extend(&one, 0..one.len())?;
    }
    drop(found);
    remove(conn, block)
}

fn remove(conn: &Connection, block: Head) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM event_block WHERE id = ?1")?.execute([block.id()])?;
    Ok(())
}

/// Puts other rows in place of a block's; their numbers begin with the same.
pub(in crate::store) fn replace(conn: &Connection, block: Head, rows: &Rows) -> Result<(), StoreError> {
    remove(conn, block)?;
    if rows.len() == 0 { Ok(()) } else { insert(conn, block, rows) }
}

/// Writes a block.
fn insert(conn: &Connection, block: Head, rows: &Rows) -> Result<(), StoreError> {
    let sql = "INSERT INTO event_block
        (id, batch, n, tick, t, name, user, platform, channel, identity, prop, ends, texts, seal)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    let tick = [1_000_000, 1_000].into_iter().find(|tick| rows.t.iter().all(|t| t % tick == 0)).unwrap_or(1);
    let ids = |column: &[u32]| pack(column.iter().map(|id| u64::from(*id)));
    let (mut texts, mut ends) = (String::new(), Vec::with_capacity(rows.props.len() * 4));
    for text in rows.props.iter() {
        texts.push_str(text);
        ends.extend_from_slice(&(texts.len() as u32).to_be_bytes());
    }
    let numbers = [block.id(), block.batch, rows.len() as i64, tick];
    let t = pack(rows.t.iter().map(|t| (t / tick) as u64));
    let [name, user, platform, channel] = [&rows.name, &rows.user, &rows.platform, &rows.channel].map(|c| ids(c));
    let (identity, prop) = (rows.identity.as_flattened(), ids(&rows.prop));
    let columns = [&t, &name, &user, &platform, &channel, identity, &prop, &ends, texts.as_bytes()];
    let [t, name, user, platform, channel, identity, prop, ends, texts] = columns;
    let [id, batch, n, tick] = numbers;
    let seal = seal(numbers, columns);
    conn.prepare_cached(sql)?
        .execute(params![id, batch, n, tick, t, name, user, platform, channel, identity, prop, ends, texts, seal])?;
    Ok(())
}

/// Hash over all that a block says.
fn seal(numbers: [i64; 4], columns: [&[u8]; 9]) -> i64 {
    let mut hash = RowHash::default();
    for number in numbers {
        hash.number(number);
    }
    for column in columns {
        hash.bytes(column);
    }
    hash.digest() as i64
}

/// Blocks that do not say what they said when they were written.
pub(in crate::store) fn broken(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT id, batch, n, tick, t, name, user, platform, channel, identity, prop, ends, texts, seal
        FROM event_block";
    let mut statement = conn.prepare(sql)?;
    let mut found = statement.query([])?;
    let mut broken = 0;
    while let Some(row) = found.next()? {
        let (mut numbers, mut columns) = ([0; 4], [&[][..]; 9]);
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = row.get(at)?;
        }
        for (at, column) in (numbers.len()..).zip(&mut columns) {
            *column = row.get_ref(at)?.as_blob().unwrap_or_default();
        }
        broken += u64::from(row.get::<_, i64>(numbers.len() + columns.len())? != seal(numbers, columns));
    }
    Ok(broken)
}
