//! Texts to dense ids while writing. Ids never change, so what was looked up once stays true; new ids are given inside
//! the writing transaction and forgotten when it is rolled back.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;

use super::{StoreError, TermKind};

/// Texts of one kind held in memory; beyond it all are dropped and looked up again.
const HELD: usize = 500_000;

/// Users and terms met so far.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    users: FxHashMap<String, u32>,
    terms: FxHashMap<(TermKind, String), u32>,
    /// Whether the transaction added a text.
    pub(super) grew: bool,
}

impl Dictionary {
    pub(super) fn user(&mut self, conn: &Connection, name: &str) -> Result<u32, StoreError> {
        if let Some(id) = self.users.get(name) {
            return Ok(*id);
        }
        let found =
            conn.prepare_cached("SELECT id FROM user WHERE name = ?1")?.query_row([name], |r| r.get(0)).optional()?;
        let id = if let Some(id) = found {
            id
        } else {
            self.grew = true;
            let sql =
                "INSERT INTO user (id, name) VALUES ((SELECT ifnull(max(id), -1) + 1 FROM user), ?1) RETURNING id";
            conn.prepare_cached(sql)?.query_row([name], |r| r.get(0))?
        };
        if self.users.len() >= HELD {
            self.users.clear();
        }
        self.users.insert(name.to_owned(), id);
        Ok(id)
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

    pub(super) fn optional_user(&mut self, conn: &Connection, name: Option<&str>) -> Result<Option<u32>, StoreError> {
        name.map(|n| self.user(conn, n)).transpose()
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
