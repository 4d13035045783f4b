//! Which event is which: a 96-bit hash inside its UTC day, in segments that are loaded only for the days touched.
//!
//! The hash only points at a stored row; the row itself is compared, so no event is ever dropped by a hash.

use rusqlite::Connection;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use super::StoreError;

/// Bytes of one entry of a segment: 12 of the hash, 4 of the row's number within its day.
const ENTRY: usize = 16;

/// Entries held in memory before all loaded days are dropped at the next commit.
const LOADED_LIMIT: usize = 4_000_000;

/// Segments of one batch and day that are merged into one.
const SEGMENTS: u32 = 16;

/// A 128-bit hash over fields that keeps their borders.
#[derive(Default)]
pub(super) struct RowHash(Xxh3);

impl RowHash {
    pub(super) fn text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.0.update(&u64::MAX.to_le_bytes()),
            Some(t) => {
                self.0.update(&(t.len() as u64).to_le_bytes());
                self.0.update(t.as_bytes());
            }
        }
        self
    }

    pub(super) fn number(&mut self, n: i64) -> &mut Self {
        self.0.update(&n.to_le_bytes());
        self
    }

    pub(super) fn wide(&mut self, n: u128) -> &mut Self {
        self.0.update(&n.to_le_bytes());
        self
    }

    pub(super) fn digest(&self) -> u128 {
        self.0.digest128()
    }
}

/// One UTC day's identities.
#[derive(Debug, Default)]
struct DayIndex {
    /// Hash to number within the day.
    known: FxHashMap<u128, u32>,
    next: u32,
    fresh: Vec<(u128, u32)>,
}

/// Identities of the days an import touches.
#[derive(Debug, Default)]
pub(super) struct Identities {
    days: FxHashMap<i32, DayIndex>,
    loaded: usize,
}

impl Identities {
    /// The stored row's number within the day, if the hash is known.
    pub(super) fn find(&mut self, conn: &Connection, day: i32, hash: u128) -> Result<Option<u32>, StoreError> {
        Ok(self.day(conn, day)?.known.get(&short(hash)).copied())
    }

    /// Takes the next number of the day for a new row.
    pub(super) fn claim(&mut self, conn: &Connection, day: i32, hash: u128) -> Result<u32, StoreError> {
        let index = self.day(conn, day)?;
        let number = index.next;
        index.next =
            number.checked_add(1).ok_or_else(|| StoreError::failed("more than 4,294,967,295 events in one UTC day"))?;
        index.known.insert(short(hash), number);
        index.fresh.push((short(hash), number));
        self.loaded += 1;
        Ok(number)
    }

    /// Writes what is new since the last call, one segment a day.
    pub(super) fn flush(&mut self, conn: &Connection, batch: i64) -> Result<(), StoreError> {
        for (day, index) in &mut self.days {
            if index.fresh.is_empty() {
                continue;
            }
            index.fresh.sort_unstable();
            append(conn, *day, batch, &pack(&index.fresh))?;
            index.fresh.clear();
        }
        if self.loaded > LOADED_LIMIT {
            self.forget();
        }
        Ok(())
    }

    /// Drops what is loaded, because another process has written.
    pub(super) fn forget(&mut self) {
        self.days.clear();
        self.loaded = 0;
    }

    fn day(&mut self, conn: &Connection, day: i32) -> Result<&mut DayIndex, StoreError> {
        if !self.days.contains_key(&day) {
            let index = load(conn, day)?;
            self.loaded += index.known.len();
            self.days.insert(day, index);
        }
        self.days.get_mut(&day).ok_or_else(|| StoreError::failed("identity of a day went missing"))
    }
}

fn load(conn: &Connection, day: i32) -> Result<DayIndex, StoreError> {
    let mut index = DayIndex { next: next_number(conn, day)?, ..DayIndex::default() };
    let sql =
        "SELECT identity.rows FROM identity JOIN batch ON batch.id = identity.batch WHERE day = ?1 AND batch.state < 2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([day])?;
    while let Some(row) = rows.next()? {
        index.known.extend(unpack(row.get_ref(0)?.as_blob().unwrap_or_default()));
    }
    Ok(index)
}

/// One more than the largest number of the day, rows taken back included.
fn next_number(conn: &Connection, day: i32) -> Result<u32, StoreError> {
    let (low, high) = id_range(day);
    let sql = "SELECT max(ifnull((SELECT max(id) FROM event WHERE id BETWEEN ?1 AND ?2), ?1 - 1),
        ifnull((SELECT max(id) FROM event_undone WHERE id BETWEEN ?1 AND ?2), ?1 - 1)) + 1 - ?1";
    Ok(conn.prepare_cached(sql)?.query_row((low, high), |r| r.get(0))?)
}

fn append(conn: &Connection, day: i32, batch: i64, rows: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO identity (day, batch, seg, rows)
        VALUES (?1, ?2, (SELECT ifnull(max(seg), -1) + 1 FROM identity WHERE day = ?1 AND batch = ?2), ?3) RETURNING seg";
    let seg: u32 = conn.prepare_cached(sql)?.query_row((day, batch, rows), |r| r.get(0))?;
    if seg + 1 >= SEGMENTS { merge(conn, day, batch) } else { Ok(()) }
}

fn merge(conn: &Connection, day: i32, batch: i64) -> Result<(), StoreError> {
    let mut all = entries(conn, day, batch)?;
    if all.len() * ENTRY > 8 << 20 {
        return Ok(());
    }
    all.sort_unstable();
    conn.prepare_cached("DELETE FROM identity WHERE day = ?1 AND batch = ?2")?.execute((day, batch))?;
    let sql = "INSERT INTO identity (day, batch, seg, rows) VALUES (?1, ?2, 0, ?3)";
    conn.prepare_cached(sql)?.execute((day, batch, pack(&all)))?;
    Ok(())
}

/// Hashes and numbers of one batch's rows of a day.
pub(super) fn entries(conn: &Connection, day: i32, batch: i64) -> Result<Vec<(u128, u32)>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT rows FROM identity WHERE day = ?1 AND batch = ?2")?;
    let mut rows = statement.query((day, batch))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.extend(unpack(row.get_ref(0)?.as_blob().unwrap_or_default()));
    }
    Ok(out)
}

/// Replaces one batch's entries of a day.
pub(super) fn replace(conn: &Connection, day: i32, batch: i64, entries: &[(u128, u32)]) -> Result<(), StoreError> {
    conn.execute("DELETE FROM identity WHERE day = ?1 AND batch = ?2", (day, batch))?;
    if !entries.is_empty() {
        append(conn, day, batch, &pack(entries))?;
    }
    Ok(())
}

/// Whether a live batch holds the hash on the day.
pub(super) fn live_hashes(conn: &Connection, day: i32) -> Result<FxHashMap<u128, u32>, StoreError> {
    Ok(load(conn, day)?.known)
}

/// First and last possible event id of a UTC day.
pub(super) fn id_range(day: i32) -> (i64, i64) {
    let low = i64::from(day) << 32;
    (low, low | 0xFFFF_FFFF)
}

fn short(hash: u128) -> u128 {
    hash >> 32
}

fn pack(entries: &[(u128, u32)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * ENTRY);
    for (hash, number) in entries {
        out.extend_from_slice(&hash.to_be_bytes()[4..]);
        out.extend_from_slice(&number.to_be_bytes());
    }
    out
}

pub(super) fn unpack(bytes: &[u8]) -> impl Iterator<Item = (u128, u32)> + '_ {
    bytes.chunks_exact(ENTRY).map(|entry| {
        let word = entry.iter().fold(0_u128, |word, byte| word << 8 | u128::from(*byte));
        (word >> 32, word as u32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_survive_packing() {
        let entries = [(0, 0), (u128::MAX >> 32, u32::MAX), (12_345, 7)];
        assert_eq!(unpack(&pack(&entries)).collect::<Vec<_>>(), entries);
    }

    #[test]
    fn fields_keep_their_borders() {
        let hash = |a: Option<&str>, b: Option<&str>| {
            let mut h = RowHash::default();
            h.text(a).text(b).digest()
        };
        assert_ne!(hash(Some("ab"), Some("c")), hash(Some("a"), Some("bc")));
        assert_ne!(hash(None, Some("")), hash(Some(""), None));
    }
}
