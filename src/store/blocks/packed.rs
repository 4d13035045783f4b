//! Blocks as they lie in the file, read row by row: half the memory of unpacked ones where few rows are asked for.

use rusqlite::Connection;

use super::{Cells, id_range};
use crate::store::StoreError;
use crate::store::hash::Short;

/// A block of a UTC day.
#[derive(Debug)]
pub(in crate::store) struct Packed {
    /// Number of its first row within the day.
    pub(in crate::store) first: u32,
    rows: usize,
    tick: i64,
    /// Times, names, users, platforms, channels, properties.
    columns: [Vec<u8>; 6],
    identity: Vec<u8>,
    ends: Vec<u8>,
    texts: Vec<u8>,
}

/// Every block of a UTC day, by number, those taken back included.
pub(in crate::store) fn packed(conn: &Connection, day: i32) -> Result<Vec<Packed>, StoreError> {
    let sql = "SELECT id, n, tick, t, name, user, platform, channel, prop, identity, ends, texts FROM event_block
        WHERE id BETWEEN ?1 AND ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(id_range(day), |row| {
        let blob = |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_blob().unwrap_or_default().to_vec());
        Ok(Packed {
            first: row.get::<_, i64>(0)? as u32,
            rows: row.get::<_, u32>(1)? as usize,
            tick: row.get(2)?,
            columns: [blob(3)?, blob(4)?, blob(5)?, blob(6)?, blob(7)?, blob(8)?],
            identity: blob(9)?,
            ends: blob(10)?,
            texts: blob(11)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

impl Packed {
    fn number(&self, column: usize, at: usize) -> u64 {
        let bytes = self.columns.get(column).map_or(&[][..], Vec::as_slice);
        let width = bytes.len() / self.rows.max(1);
        let bytes = bytes.get(at * width..(at + 1) * width).unwrap_or_default();
        bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    pub(in crate::store) fn cells(&self, at: usize) -> Cells {
        let [name, user, platform, channel] = [1, 2, 3, 4].map(|column| self.number(column, at) as u32);
        Cells { t: self.number(0, at) as i64 * self.tick, name, user, platform, channel }
    }

    /// A row's properties.
    pub(in crate::store) fn props(&self, at: usize) -> Option<&str> {
        let place = (self.number(5, at) as usize).checked_sub(1)?;
        let ends = self.ends.as_chunks().0;
        let from = place.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| u32::from_be_bytes(*end));
        let text = self.texts.get(from as usize..u32::from_be_bytes(*ends.get(place)?) as usize)?;
        std::str::from_utf8(text).ok()
    }

    pub(in crate::store) fn identity(&self, at: usize) -> Option<&Short> {
        self.identity.as_chunks().0.get(at)
    }

    /// Memory held, roughly.
    pub(in crate::store) fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(Vec::len).sum();
        size_of::<Self>() + columns + self.identity.len() + self.ends.len() + self.texts.len()
    }
}
