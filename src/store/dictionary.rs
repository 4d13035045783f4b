//! Texts to dense ids while writing. Ids never change, so what was looked up once stays true; new ids are given inside
//! the writing transaction and forgotten when it is rolled back.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;

use super::texts::Texts;
use super::{StoreError, TermKind};

/// Terms held in memory; beyond it all are dropped and looked up again.
const HELD: usize = 100_000;

/// Users that one statement writes: a statement costs more than a row.
const TOGETHER: usize = 16;

/// Users and terms of the file.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    users: Texts,
    /// Users that are in the file already.
    stored: usize,
    terms: FxHashMap<(TermKind, String), u32>,
    /// Whether the transaction added a term.
    grew: bool,
}

impl Dictionary {
    /// Learns the users that the file has and this has not met: all at first, and those of other processes later. To be
    /// called in every transaction before a user is asked for.
    pub(super) fn learn(&mut self, conn: &Connection) -> Result<(), StoreError> {
        let mut statement = conn.prepare_cached("SELECT id, name FROM user WHERE id >= ?1 ORDER BY id")?;
        let mut found = statement.query([self.users.len() as i64])?;
        while let Some(row) = found.next()? {
            let (id, name): (i64, _) = (row.get(0)?, row.get_ref(1)?.as_str().unwrap_or_default());
            if i64::from(self.users.put(name)?) != id {
                return Err(StoreError::damaged("the list of users has a gap or a name twice"));
            }
        }
        self.stored = self.users.len();
        Ok(())
    }

    pub(super) fn user(&mut self, name: &str) -> Result<u32, StoreError> {
        self.users.put(name)
    }

    /// Users of many rows, counted from 1; 0 is none.
    pub(super) fn users(&mut self, names: &[Option<&str>]) -> Result<Vec<u32>, StoreError> {
        self.users.put_all(names)
    }

    pub(super) fn optional_user(&mut self, name: Option<&str>) -> Result<Option<u32>, StoreError> {
        name.map(|n| self.user(n)).transpose()
    }

    /// Writes the users that are new; says whether the transaction brought a text.
    pub(super) fn flush(&mut self, conn: &Connection) -> Result<bool, StoreError> {
        let new: Vec<i64> = (self.stored as i64..self.users.len() as i64).collect();
        let grew = std::mem::take(&mut self.grew) | !new.is_empty();
        let (many, rest) = new.as_chunks::<TOGETHER>();
        self.insert(conn, many.iter().map(|ids| &ids[..]), TOGETHER)?;
        self.insert(conn, rest.chunks(1), 1)?;
        self.stored = self.users.len();
        Ok(grew)
    }

    /// Writes users, so many in each statement.
    fn insert<'a>(
        &self,
        conn: &Connection,
        groups: impl Iterator<Item = &'a [i64]>,
        together: usize,
    ) -> Result<(), StoreError> {
        let rows: Vec<String> = (0..together).map(|at| format!("(?{}, ?{})", at * 2 + 1, at * 2 + 2)).collect();
        let mut statement = conn.prepare_cached(&format!("INSERT INTO user (id, name) VALUES {}", rows.join(", ")))?;
        for ids in groups {
            for (at, id) in ids.iter().enumerate() {
                statement.raw_bind_parameter(at * 2 + 1, id)?;
                statement.raw_bind_parameter(at * 2 + 2, self.users.get(*id as u32))?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }

    pub(super) fn term(&mut self, conn: &Connection, kind: TermKind, text: &str) -> Result<u32, StoreError> {
        let key = (kind, text.to_owned());
        if let Some(id) = self.terms.get(&key) {
            return Ok(*id);
        }
        let sql = "SELECT id FROM term WHERE kind = ?1 AND text = ?2";
        let found = conn.prepare_cached(sql)?.query_row((kind.code(), text), |r| r.get(0)).optional()?;
        let id = if let Some(id) = found {
            id
        } else {
            self.grew = true;
            let sql = "INSERT INTO term (kind, id, text)
                    VALUES (?1, (SELECT ifnull(max(id), -1) + 1 FROM term WHERE kind = ?1), ?2) RETURNING id";
            conn.prepare_cached(sql)?.query_row((kind.code(), text), |r| r.get(0))?
        };
        if self.terms.len() >= HELD {
            self.terms.clear();
        }
        self.terms.insert(key, id);
        Ok(id)
    }

    pub(super) fn optional(
        &mut self,
        conn: &Connection,
        kind: TermKind,
        text: Option<&str>,
    ) -> Result<Option<u32>, StoreError> {
        text.map(|t| self.term(conn, kind, t)).transpose()
    }
}

impl TermKind {
    pub(super) fn code(self) -> i64 {
        match self {
            Self::EventName => 0,
            Self::Channel => 1,
            Self::Platform => 2,
            Self::Stream => 3,
            Self::Campaign => 4,
        }
    }
}
