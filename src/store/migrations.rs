//! Numbered, append-only schema steps; shipped ones never change.

use std::path::Path;

use rusqlite::Connection;

use super::{StoreError, backup, blocks, passive, rollup, settings, touches};

/// Marks a file as ours: "QDCK".
pub(super) const APPLICATION_ID: u32 = 0x5144_434B;

/// A step: its SQL, then what SQL alone cannot do.
struct Step(&'static str, fn(&Connection) -> Result<(), StoreError>);

/// Every step in order; the schema version is the number of steps.
const STEPS: &[Step] = &[
    Step(include_str!("migrations/0001_spine.sql"), |_| Ok(())),
    Step(include_str!("migrations/0002_runs.sql"), |_| Ok(())),
    Step(include_str!("migrations/0003_records.sql"), |_| Ok(())),
    Step(include_str!("migrations/0004_roles.sql"), |_| Ok(())),
    Step(include_str!("migrations/0005_blocks.sql"), blocks::from_rows),
    Step(include_str!("migrations/0006_rows_gone.sql"), |_| Ok(())),
];

/// The newest schema this program knows.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// Brings a file to the newest schema, after a verified backup when it holds data.
pub(super) fn run(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let from = version(conn)?;
    if from >= NEWEST {
        return check_version(conn);
    }
    if (1..NEWEST).contains(&from) {
        backup::before_migration(conn, path, from, NEWEST)?;
    }
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let done = steps(conn).and_then(|()| Ok(conn.execute_batch("COMMIT")?));
    if done.is_err() && !conn.is_autocommit() {
        let _ = conn.execute_batch("ROLLBACK");
    }
    done
}

fn steps(conn: &Connection) -> Result<(), StoreError> {
    // Read again: another process may have migrated while this one waited for the lock.
    let from = version(conn)?;
    for Step(sql, more) in STEPS.iter().skip(from as usize) {
        conn.execute_batch(sql)?;
        more(conn)?;
    }
    if (1..NEWEST).contains(&from) {
        derive(conn)?;
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", NEWEST)?;
    Ok(())
}

/// Makes anew what follows from the rows: a step may have changed how.
fn derive(conn: &Connection) -> Result<(), StoreError> {
    touches::complete(conn)?;
    passive::guess_all(conn)?;
    rollup::rebuild(conn, settings::calendar(conn)?)
}

/// Whether the file has an older schema than this program's.
pub(super) fn is_older(conn: &Connection) -> Result<bool, StoreError> {
    Ok(version(conn)? < NEWEST)
}

/// Refuses to write to a file that a newer program has migrated since it was opened.
pub(super) fn check_version(conn: &Connection) -> Result<(), StoreError> {
    let found = version(conn)?;
    if found == NEWEST {
        return Ok(());
    }
    Err(StoreError::refused(format!(
        "the workspace has schema {found}, this quarterdeck knows {NEWEST}; nothing was changed; use the newer program"
    )))
}

fn version(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
