//! Drafts of forms and entry lines: rows of `setting` that belong to a person and are no action, so that no undo meets
//! them. A draft about a record is read only while the record is there, and goes when the next draft is kept.

use rusqlite::Connection;

use super::{Store, StoreError};
use crate::domain::drafts::{Draft, DraftKey, Texts};
use crate::domain::plans::Table;

/// Largest draft, in bytes of its texts.
const LARGEST: usize = 256 << 10;

/// Drafts are the settings whose key is a list that begins so.
const MARK: &str = "[\"draft\",";

impl Store {
    /// The drafts of a person by name, but those of records that are gone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn drafts(&self, actor: &str) -> Result<Vec<Draft>, StoreError> {
        let sql = "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1";
        let mut statement = self.conn.prepare(sql)?;
        let rows = statement.query_map([MARK], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut drafts = Vec::new();
        for row in rows {
            let (key, value) = row?;
            // What another program wrote there is no draft of ours.
            let ours = read(&key).filter(|(who, _)| who == actor);
            if let (Some((_, key)), Ok(texts)) = (ours, serde_json::from_str::<Texts>(&value))
                && is_there(&self.conn, &key)?
            {
                drafts.push(Draft { key, texts });
            }
        }
        Ok(drafts)
    }

    /// Keeps drafts of a person, each in place of the one of the same name; one without texts is forgotten.
    ///
    /// # Errors
    /// When a draft is too long, or another process is writing.
    pub fn keep_drafts(&mut self, actor: &str, drafts: &[Draft]) -> Result<(), StoreError> {
        self.queue().transaction(&self.conn, || {
            drafts.iter().try_for_each(|draft| keep(&self.conn, actor, draft))?;
            sweep(&self.conn)
        })
    }
}

/// The key of a row: a list of the mark, the person, the name and, where it is about a record, its table and number.
fn written(actor: &str, key: &DraftKey) -> Result<String, serde_json::Error> {
    match key.of {
        None => serde_json::to_string(&("draft", actor, &key.name)),
        Some((table, id)) => serde_json::to_string(&("draft", actor, &key.name, table.name(), id)),
    }
}

/// The person and the draft of a row.
fn read(key: &str) -> Option<(String, DraftKey)> {
    if let Ok((_, who, name)) = serde_json::from_str::<(String, String, String)>(key) {
        return Some((who, DraftKey::new(name)));
    }
    let (_, who, name, table, id) = serde_json::from_str::<(String, String, String, String, i64)>(key).ok()?;
    Some((who, DraftKey { name, of: Some((Table::named(&table)?, id)) }))
}

/// Whether the record is there that a draft is about.
fn is_there(conn: &Connection, key: &DraftKey) -> Result<bool, StoreError> {
    let Some((table, id)) = key.of.filter(|(table, _)| table.is_numbered()) else { return Ok(true) };
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE id = ?1)", table.name());
    Ok(conn.query_row(&sql, [id], |row| row.get(0))?)
}

/// Takes out the drafts of records that are gone, whoever typed them.
fn sweep(conn: &Connection) -> Result<(), StoreError> {
    let mut statement = conn.prepare("SELECT key FROM setting WHERE substr(key, 1, length(?1)) = ?1")?;
    let keys: Vec<String> = statement.query_map([MARK], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for key in keys {
        if let Some((_, draft)) = read(&key)
            && !is_there(conn, &draft)?
        {
            conn.execute("DELETE FROM setting WHERE key = ?1", [&key])?;
        }
    }
    Ok(())
}

fn keep(conn: &Connection, actor: &str, draft: &Draft) -> Result<(), StoreError> {
    let wrong = |error: serde_json::Error| StoreError::usage(format!("a draft cannot be kept: {error}"));
    let key = written(actor, &draft.key).map_err(wrong)?;
    if draft.texts.is_empty() {
        conn.execute("DELETE FROM setting WHERE key = ?1", [&key])?;
        return Ok(());
    }
    let value = serde_json::to_string(&draft.texts).map_err(wrong)?;
    if value.len() > LARGEST {
        let text = format!("the draft of {} is longer than {} KiB and is not kept", draft.key.name, LARGEST >> 10);
        return Err(StoreError::usage(text));
    }
    conn.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)", (&key, value))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Zone;
    use crate::store::NewWorkspace;

    #[test]
    fn a_draft_is_its_persons_own_until_it_is_empty() {
        let mut store = Store::in_memory(&NewWorkspace::bare(Zone::UTC, None)).unwrap();
        let before = store.settings().unwrap();
        let draft = |name: &str, text: &str| Draft {
            key: DraftKey::new(name),
            texts: vec![("title".to_owned(), text.to_owned())],
        };
        store.keep_drafts("ben", &[draft("new plan", "Juni\u{1f}\"x\""), draft("task", "call")]).unwrap();
        store.keep_drafts("ann", &[draft("new plan", "hers")]).unwrap();
        store.keep_drafts("ben", &[draft("task", "call Harbor")]).unwrap();
        assert_eq!(store.drafts("ben").unwrap(), [draft("new plan", "Juni\u{1f}\"x\""), draft("task", "call Harbor")]);
        assert_eq!(store.settings().unwrap(), before, "no setting is other");
        store.keep_drafts("ben", &[Draft { key: DraftKey::new("task"), texts: Vec::new() }]).unwrap();
        assert_eq!(store.drafts("ben").unwrap(), [draft("new plan", "Juni\u{1f}\"x\"")]);
        assert_eq!(store.drafts("ann").unwrap(), [draft("new plan", "hers")]);
        assert!(store.keep_drafts("ben", &[draft("long", &"x".repeat(LARGEST))]).is_err());
    }

    #[test]
    fn a_draft_goes_with_the_record_that_it_is_about() {
        let mut store = Store::in_memory(&NewWorkspace::bare(Zone::UTC, None)).unwrap();
        let row = "INSERT INTO competitor (id, name) VALUES (?1, ?2)";
        store.conn.execute(row, (1, "Rival")).unwrap();
        store.conn.execute(row, (2, "Other")).unwrap();
        let draft = |id: i64| Draft {
            key: DraftKey { name: "note on a competitor".to_owned(), of: Some((Table::Competitor, id)) },
            texts: vec![("body".to_owned(), format!("of {id}"))],
        };
        store.keep_drafts("ben", &[draft(1), draft(2)]).unwrap();
        assert_eq!(store.drafts("ben").unwrap(), [draft(1), draft(2)], "one form, two records: two drafts");
        store.conn.execute("DELETE FROM competitor WHERE id = 1", []).unwrap();
        assert_eq!(store.drafts("ben").unwrap(), [draft(2)]);
        let count = "SELECT count(*) FROM setting WHERE substr(key, 1, length(?1)) = ?1";
        let kept = |store: &Store| store.conn.query_row(count, [MARK], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(kept(&store), 2, "reading writes nothing");
        store.keep_drafts("ann", &[Draft { key: DraftKey::new("task"), texts: Vec::new() }]).unwrap();
        assert_eq!(kept(&store), 1);
    }
}
