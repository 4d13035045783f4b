//! What a source's files were read with, so that the next file of the shape needs no question. A mapping or zone belongs
//! to the import that saved it; in force is that of the newest import in the numbers.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;

use super::rows::kind_of;
use super::{Store, StoreError};
use crate::domain::calendar::Zone;
use crate::domain::records::Kind;

/// What an import saves for the next ones.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choices<'a> {
    /// Fingerprint of the header, and where its columns go: opaque text of the ingest layer.
    pub mapping: Option<(u64, &'a str)>,
    /// Zone of times without one, where the operator named it.
    pub zone: Option<Zone>,
}

/// The mapping in force for a header shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedMapping {
    /// Source that files of the shape are booked to.
    pub source: String,
    /// Kind of its records.
    pub kind: Kind,
    /// Where the columns go.
    pub columns: String,
}

impl Store {
    /// The mapping in force for a header shape.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn mapping(&self, fingerprint: u64) -> Result<Option<SavedMapping>, StoreError> {
        let sql = "SELECT s.name, s.kind, m.columns FROM mapping m JOIN source s ON s.id = m.source
            LEFT JOIN batch b ON b.id = m.batch
            WHERE m.fingerprint = ?1 AND ifnull(b.state, 0) < 2 ORDER BY m.batch DESC LIMIT 1";
        let found = self.conn.query_row(sql, [fingerprint as i64], |row| {
            Ok(SavedMapping { source: row.get(0)?, kind: kind_of(row.get(1)?), columns: row.get(2)? })
        });
        Ok(found.optional()?)
    }

    /// Every mapping in force by fingerprint of its header, of one kind or of all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn mappings(&self, kind: Option<Kind>) -> Result<BTreeMap<u64, SavedMapping>, StoreError> {
        let headers: Vec<i64> = self
            .conn
            .prepare_cached("SELECT DISTINCT fingerprint FROM mapping")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut all = BTreeMap::new();
        for header in headers {
            if let Some(mapping) = self.mapping(header as u64)?.filter(|m| kind.is_none_or(|k| k == m.kind)) {
                all.insert(header as u64, mapping);
            }
        }
        Ok(all)
    }

    /// Zone that a source's times without one are read in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn source_zone(&self, source: &str) -> Result<Option<Zone>, StoreError> {
        let sql =
            "SELECT z.zone FROM source_zone z JOIN source s ON s.id = z.source LEFT JOIN batch b ON b.id = z.batch
            WHERE s.name = ?1 AND ifnull(b.state, 0) < 2 ORDER BY z.batch DESC LIMIT 1";
        let found: Option<String> = self.conn.query_row(sql, [source], |row| row.get(0)).optional()?;
        Ok(found.and_then(|name| Zone::parse(&name)))
    }
}

impl Choices<'_> {
    /// Saves under a batch what differs from what is in force; the caller holds the transaction.
    pub(super) fn save(&self, store: &Store, batch: i64, source: (i64, &str)) -> Result<(), StoreError> {
        let (id, name) = source;
        if let Some((fingerprint, columns)) = self.mapping
            && store.mapping(fingerprint)?.is_none_or(|m| m.source != name || m.columns != columns)
        {
            let sql = "INSERT INTO mapping (fingerprint, batch, source, columns) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (fingerprint, batch) DO UPDATE SET source = excluded.source, columns = excluded.columns";
            store.conn.execute(sql, (fingerprint as i64, batch, id, columns))?;
        }
        if let Some(new) = self.zone
            && store.source_zone(name)? != Some(new)
        {
            let sql = "INSERT INTO source_zone (source, batch, zone) VALUES (?1, ?2, ?3)
                ON CONFLICT (source, batch) DO UPDATE SET zone = excluded.zone";
            store.conn.execute(sql, (id, batch, new.name()))?;
        }
        Ok(())
    }
}
