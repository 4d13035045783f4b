//! Events as they lie in the file: blocks of rows of one UTC day and one import, a column each, numbered on within the day.
//!
//! A column holds numbers of one width, most significant byte first, so that plain SQL can read them too (view `v_event`).
//! Beside each row stands the hash that identifies it, and texts of properties stand once a block.

mod convert;
mod packed;
mod write;

use rusqlite::{Connection, Row};
use rustc_hash::FxHashSet;

use super::StoreError;
use super::columns::unpack;
use super::hash::Short;
use super::texts::Texts;

pub(super) use convert::from_rows;
pub(super) use packed::{Packed, packed};
pub(super) use write::{Tail, broken, replace};

/// Rows of a block at most.
const BLOCK_ROWS: usize = 16_384;

/// Rows in the order of their numbers. Users, platforms, channels and properties count from 1; 0 is none.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Micros since midnight UTC.
    pub(super) t: Vec<i64>,
    pub(super) name: Vec<u32>,
    pub(super) user: Vec<u32>,
    pub(super) platform: Vec<u32>,
    pub(super) channel: Vec<u32>,
    /// Place in `props`.
    pub(super) prop: Vec<u32>,
    pub(super) props: Texts,
    pub(super) identity: Vec<Short>,
}

/// One row, but for its properties and identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cells {
    pub(super) t: i64,
    pub(super) name: u32,
    pub(super) user: u32,
    pub(super) platform: u32,
    pub(super) channel: u32,
}

/// Where a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// UTC day.
    pub(super) day: i32,
    /// Number of its first row within the day.
    pub(super) first: u32,
    pub(super) batch: i64,
    pub(super) rows: u32,
}

/// What of the blocks is read besides times, names, users, platforms and channels.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    pub(super) props: bool,
    pub(super) identity: bool,
}

impl Wanted {
    pub(super) const PROPS: Self = Self { props: true, identity: false };
    pub(super) const IDENTITY: Self = Self { props: false, identity: true };
    pub(super) const ALL: Self = Self { props: true, identity: true };
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.t.len()
    }

    pub(super) fn push(&mut self, cells: Cells, props: Option<&str>, identity: Short) -> Result<(), StoreError> {
        let prop = props.map_or(Ok(0), |text| self.props.put(text).map(|place| place + 1))?;
        self.t.push(cells.t);
        self.name.push(cells.name);
        self.user.push(cells.user);
        self.platform.push(cells.platform);
        self.channel.push(cells.channel);
        self.prop.push(prop);
        self.identity.push(identity);
        Ok(())
    }

    /// A row's cells; those of no row beyond the last.
    pub(super) fn cells(&self, at: usize) -> Cells {
        let of = |column: &[u32]| column.get(at).copied().unwrap_or(0);
        Cells {
            t: self.t.get(at).copied().unwrap_or(-1),
            name: of(&self.name),
            user: of(&self.user),
            platform: of(&self.platform),
            channel: of(&self.channel),
        }
    }

    /// A row's properties.
    pub(super) fn props(&self, at: usize) -> Option<&str> {
        Some(self.props.get(self.prop.get(at)?.checked_sub(1)?))
    }

    pub(super) fn identity(&self, at: usize) -> Short {
        self.identity.get(at).copied().unwrap_or_default()
    }

    /// Appends some rows of another block.
    pub(super) fn extend(&mut self, other: &Self, rows: impl Iterator<Item = usize>) -> Result<(), StoreError> {
        rows.into_iter().try_for_each(|at| self.push(other.cells(at), other.props(at), other.identity(at)))
    }

    pub(super) fn clear(&mut self) {
        self.t.clear();
        for column in [&mut self.name, &mut self.user, &mut self.platform, &mut self.channel, &mut self.prop] {
            column.clear();
        }
        self.props.clear();
        self.identity.clear();
    }

    fn read(&mut self, row: &Row<'_>, rows: u32, wanted: Wanted) -> Result<(), StoreError> {
        self.clear();
        let column = |at: usize| row.get_ref(at).map(|value| value.as_blob().unwrap_or_default());
        let tick: i64 = row.get(3)?;
        let rows = rows as usize;
        let mut whole = unpack(column(4)?, rows, &mut self.t, |n| n as i64 * tick);
        let ids = [&mut self.name, &mut self.user, &mut self.platform, &mut self.channel];
        for (at, ids) in (5..).zip(ids) {
            whole &= unpack(column(at)?, rows, ids, |n| n as u32);
        }
        if wanted.identity {
            let hashes = column(9)?;
            self.identity.extend(hashes.as_chunks().0);
            whole &= hashes.len() == rows * size_of::<Short>();
        }
        if wanted.props {
            whole &= unpack(column(10)?, rows, &mut self.prop, |n| n as u32);
            let mut ends = Vec::new();
            whole &= unpack(column(11)?, column(11)?.len() / 4, &mut ends, |n| n as usize);
            let text = std::str::from_utf8(column(12)?).unwrap_or_default();
            let mut from = 0;
            for to in ends {
                whole &= text.get(from..to).is_some_and(|text| self.props.put(text).is_ok());
                from = to;
            }
        }
        if whole { Ok(()) } else { Err(StoreError::damaged("a block of events is not whole")) }
    }
}

impl Head {
    /// Id of the block.
    fn id(self) -> i64 {
        id_range(self.day).0 | i64::from(self.first)
    }
}

/// First and last possible block id of a UTC day.
pub(super) fn id_range(day: i32) -> (i64, i64) {
    let low = i64::from(day) << 32;
    (low, low | 0xFFFF_FFFF)
}

/// Imports that are taken back: their blocks stay where they are, out of the numbers.
pub(super) fn undone(conn: &Connection) -> Result<FxHashSet<i64>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT id FROM batch WHERE state = 2")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Where the blocks of a UTC day stand, by number, those taken back included.
pub(super) fn heads(conn: &Connection, day: i32) -> Result<Vec<Head>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT id, batch, n FROM event_block WHERE id BETWEEN ?1 AND ?2")?;
    Ok(statement.query_map(id_range(day), head)?.collect::<Result<_, _>>()?)
}

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    let id: i64 = row.get(0)?;
    Ok(Head { day: (id >> 32) as i32, first: id as u32, batch: row.get(1)?, rows: row.get(2)? })
}

/// Gives every block of some UTC days to `each`, by day and number, those taken back included.
pub(super) fn each(
    conn: &Connection,
    (from, to): (i32, i32),
    wanted: Wanted,
    each: &mut dyn FnMut(Head, &Rows) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let identity = if wanted.identity { "identity" } else { "NULL" };
    let props = if wanted.props { "prop, ends, texts" } else { "NULL, NULL, NULL" };
    let sql = format!(
        "SELECT id, batch, n, tick, t, name, user, platform, channel, {identity}, {props} FROM event_block
         WHERE id BETWEEN ?1 AND ?2"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query((id_range(from).0, id_range(to).1))?;
    let mut rows = Rows::default();
    while let Some(row) = found.next()? {
        let head = head(row)?;
        rows.read(row, head.rows, wanted)?;
        each(head, &rows)?;
    }
    Ok(())
}

/// Like [`each`], for the blocks that are in the numbers.
pub(super) fn each_live(
    conn: &Connection,
    days: (i32, i32),
    wanted: Wanted,
    visit: &mut dyn FnMut(Head, &Rows) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let undone = undone(conn)?;
    each(conn, days, wanted, &mut |head, rows| if undone.contains(&head.batch) { Ok(()) } else { visit(head, rows) })
}

/// Gives the hashes of every block of a UTC day to `each`, by number, those taken back included.
pub(super) fn each_identity(
    conn: &Connection,
    day: i32,
    each: &mut dyn FnMut(Head, &[Short]),
) -> Result<(), StoreError> {
    let sql = "SELECT id, batch, n, identity FROM event_block WHERE id BETWEEN ?1 AND ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query(id_range(day))?;
    while let Some(row) = found.next()? {
        each(head(row)?, row.get_ref(3)?.as_blob().unwrap_or_default().as_chunks().0);
    }
    Ok(())
}

/// Every UTC day.
pub(super) const ALL_DAYS: (i32, i32) = (i32::MIN, i32::MAX);

/// Events of an import.
pub(super) fn count(conn: &Connection, batch: i64) -> Result<u64, StoreError> {
    let sql = "SELECT ifnull(sum(n), 0) FROM event_block WHERE batch = ?1";
    Ok(conn.query_row(sql, [batch], |row| row.get::<_, i64>(0))? as u64)
}
