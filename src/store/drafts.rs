//! Drafts of forms and entry lines: rows of `setting` that belong to a person and are no action, so that no undo meets
//! them.

use rusqlite::Connection;

use super::{Store, StoreError};
use crate::domain::drafts::{Draft, Texts};

/// Largest draft, in bytes of its texts.
const LARGEST: usize = 256 << 10;

/// Drafts are the settings whose key is a list that begins so.
const MARK: &str = "[\"draft\",";

impl Store {
    /// The drafts of a person by name.
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
            let name = serde_json::from_str::<[String; 3]>(&key).ok().filter(|[_, who, _]| who == actor);
            if let (Some([_, _, name]), Ok(texts)) = (name, serde_json::from_str::<Texts>(&value)) {
                drafts.push(Draft { name, texts });
            }
        }
        Ok(drafts)
    }

    /// Keeps drafts of a person, each in place of the one of the same name; one without texts is forgotten.
    ///
    /// # Errors
    /// When a draft is too long, or another process is writing.
    pub fn keep_drafts(&mut self, actor: &str, drafts: &[Draft]) -> Result<(), StoreError> {
        self.queue().transaction(&self.conn, || drafts.iter().try_for_each(|draft| keep(&self.conn, actor, draft)))
    }
}

fn keep(conn: &Connection, actor: &str, draft: &Draft) -> Result<(), StoreError> {
    let wrong = |error: serde_json::Error| StoreError::usage(format!("a draft cannot be kept: {error}"));
    let key = serde_json::to_string(&["draft", actor, &draft.name]).map_err(wrong)?;
    if draft.texts.is_empty() {
        conn.execute("DELETE FROM setting WHERE key = ?1", [&key])?;
        return Ok(());
    }
    let value = serde_json::to_string(&draft.texts).map_err(wrong)?;
    if value.len() > LARGEST {
        let text = format!("the draft of {} is longer than {} KiB and is not kept", draft.name, LARGEST >> 10);
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
            name: name.to_owned(),
            texts: vec![("title".to_owned(), text.to_owned())],
        };
        store.keep_drafts("ben", &[draft("new plan", "Juni\u{1f}\"x\""), draft("task", "call")]).unwrap();
        store.keep_drafts("ann", &[draft("new plan", "hers")]).unwrap();
        store.keep_drafts("ben", &[draft("task", "call Harbor")]).unwrap();
        assert_eq!(store.drafts("ben").unwrap(), [draft("new plan", "Juni\u{1f}\"x\""), draft("task", "call Harbor")]);
        assert_eq!(store.settings().unwrap(), before, "no setting is other");
        store.keep_drafts("ben", &[Draft { name: "task".to_owned(), texts: Vec::new() }]).unwrap();
        assert_eq!(store.drafts("ben").unwrap(), [draft("new plan", "Juni\u{1f}\"x\"")]);
        assert_eq!(store.drafts("ann").unwrap(), [draft("new plan", "hers")]);
        assert!(store.keep_drafts("ben", &[draft("long", &"x".repeat(LARGEST))]).is_err());
    }
}
