//! Rows that could not be stored, with line and reason. Each import keeps its own; the same row of the same file imported
//! again has the same key, so that totals count it once and taking one import back leaves the other's.

use rusqlite::{Connection, params};

use super::hash::RowHash;
use super::rows::RejectedRow;
use super::{Store, StoreError};

/// Longest part of a rejected row that is kept, in bytes.
const RAW_LIMIT: usize = 64 << 10;

/// Newest row of each key among the imports in the numbers.
const SHOWN: &str = "r.id = (SELECT max(o.id) FROM reject o JOIN batch ob ON ob.id = o.batch
    WHERE o.key = r.key AND ob.state < 2)";

/// A row that waits for its transaction.
#[derive(Debug)]
pub(super) struct Reject {
    line: u64,
    code: String,
    detail: String,
    raw: String,
}

impl Reject {
    pub(super) fn new(line: u64, code: &str, detail: &str, raw: &str) -> Self {
        let mut end = raw.len().min(RAW_LIMIT);
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        let raw = raw.get(..end).unwrap_or("").to_owned();
        Self { line, code: code.to_owned(), detail: detail.to_owned(), raw }
    }

    /// Memory it holds, roughly.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.code.len() + self.detail.len() + self.raw.len()
    }

    pub(super) fn store(&self, conn: &Connection, batch: i64, source: i64, file: &str) -> Result<(), StoreError> {
        let mut key = RowHash::default();
        key.number(source).text(Some(file)).text(Some(&self.code)).number(self.line as i64);
        let key = key.text(Some(&self.raw)).text(Some(&self.detail)).digest();
        let sql = "INSERT INTO reject (batch, line, code, detail, raw, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        conn.prepare_cached(sql)?.execute(params![
            batch,
            self.line as i64,
            self.code,
            self.detail,
            self.raw,
            key.to_be_bytes()
        ])?;
        Ok(())
    }
}

impl Store {
    /// Rejected and conflicting rows, newest first; the same row of the same file once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rejected(&self, limit: usize) -> Result<Vec<RejectedRow>, StoreError> {
        let sql = format!(
            "SELECT r.batch, b.file, r.line, r.code, r.detail, r.raw FROM reject r JOIN batch b ON b.id = r.batch
             WHERE b.state < 2 AND {SHOWN} ORDER BY r.id DESC LIMIT ?1"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], |row| {
            Ok(RejectedRow {
                batch: row.get(0)?,
                file: row.get(1)?,
                line: row.get::<_, i64>(2)? as u64,
                code: row.get(3)?,
                detail: row.get(4)?,
                raw: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Number of rejected and conflicting rows of imports in the numbers; the same row of the same file once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rejected_total(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(DISTINCT r.key) FROM reject r JOIN batch b ON b.id = r.batch WHERE b.state < 2";
        Ok(self.conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))? as u64)
    }
}
