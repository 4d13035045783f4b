//! Numbered, append-only schema steps; shipped ones never change.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::limits::Limit;

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
    Step(include_str!("migrations/0007_plans.sql"), |_| Ok(())),
    Step(include_str!("migrations/0008_headline.sql"), |_| Ok(())),
    Step(include_str!("migrations/0009_money_blocks.sql"), |_| Ok(())),
    Step(include_str!("migrations/0010_daily.sql"), |_| Ok(())),
    Step(include_str!("migrations/0011_checkin.sql"), |_| Ok(())),
    Step(include_str!("migrations/0012_touch_campaign.sql"), |_| Ok(())),
    Step(include_str!("migrations/0013_rows_out.sql"), |_| Ok(())),
    Step(include_str!("migrations/0014_rollup_rows.sql"), |_| Ok(())),
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
    done.inspect(|()| shrink(conn))
}

/// Gives back the room of tables that are gone, where it is much. The file is whole without it too, so a full disk or
/// another process that writes only leaves it for the next rows.
fn shrink(conn: &Connection) {
    let pages = |name: &str| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap_or(0);
    if pages("freelist_count") * 4 > pages("page_count") {
        // SQLite copies by way of an attached file, which otherwise is not allowed.
        let done = conn
            .set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)
            .and_then(|_| conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
        drop(done);
        let _ = conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0);
    }
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
