//! What users came through: a channel text and the medium beside it, as dense ids. A user's first touch is the earliest
//! event with a channel.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::blocks::{self, Wanted};
use super::{Store, StoreError, Touch};

/// Properties that hold the medium of an event, the first that is there counting.
const MEDIUM: [&str; 2] = ["utm_medium", "$utm_medium"];
/// Stands for a touch that is not known.
const UNKNOWN: u32 = u32::MAX;

/// Touches met so far.
#[derive(Debug, Default)]
pub(super) struct Touches {
    ids: FxHashMap<(u32, String), u32>,
    /// Channel and medium of each, for ties of first touch.
    texts: FxHashMap<u32, (String, String)>,
    /// Whether the transaction added one.
    pub(super) grew: bool,
}

impl Touches {
    /// Every touch of the file.
    pub(super) fn all(conn: &Connection) -> Result<Self, StoreError> {
        let sql =
            "SELECT t.id, t.channel, t.medium, c.text FROM touch t JOIN term c ON c.kind = 1 AND c.id = t.channel";
        let mut touches = Self::default();
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, medium): (u32, String) = (row.get(0)?, row.get(2)?);
            touches.ids.insert((row.get(1)?, medium.clone()), id);
            touches.texts.insert(id, (row.get(3)?, medium));
        }
        Ok(touches)
    }

    /// The id of a channel, given as id and text, with the medium of an event's properties; new ones are stored.
    pub(super) fn id(
        &mut self,
        conn: &Connection,
        (channel, text): (u32, &str),
        props: Option<&str>,
    ) -> Result<u32, StoreError> {
        let key = (channel, medium(props));
        if let Some(id) = self.ids.get(&key) {
            return Ok(*id);
        }
        let sql = "SELECT id FROM touch WHERE channel = ?1 AND medium = ?2";
        let found = conn.prepare_cached(sql)?.query_row((key.0, &key.1), |r| r.get(0)).optional()?;
        let id = if let Some(id) = found {
            id
        } else {
            self.grew = true;
            let sql = "INSERT INTO touch (id, channel, medium)
                VALUES ((SELECT ifnull(max(id), -1) + 1 FROM touch), ?1, ?2) RETURNING id";
            conn.prepare_cached(sql)?.query_row((key.0, &key.1), |r| r.get(0))?
        };
        self.texts.insert(id, (text.to_owned(), key.1.clone()));
        self.ids.insert(key, id);
        Ok(id)
    }

    /// The id where it is among those met.
    pub(super) fn known(&self, channel: u32, props: Option<&str>) -> u32 {
        self.ids.get(&(channel, medium(props))).copied().unwrap_or(UNKNOWN)
    }

    /// Whether a touch counts before another one at the same instant: the one that sorts first.
    pub(super) fn is_before(&self, a: u32, b: u32) -> bool {
        a != b && self.texts.get(&a) < self.texts.get(&b)
    }
}

/// Stores the touches of all events, for a file of a schema that had none with a medium.
pub(super) fn complete(conn: &Connection) -> Result<(), StoreError> {
    let mut touches = Touches::default();
    let sql = "SELECT text FROM term WHERE kind = 1 AND id = ?1";
    let mut name = conn.prepare(sql)?;
    blocks::each(conn, blocks::ALL_DAYS, Wanted::PROPS, &mut |_, rows| {
        for (at, props) in (0..rows.len()).filter_map(|at| Some((at, rows.props(at)?))) {
            let cells = rows.cells(at);
            if let Some(channel) = cells.channel.checked_sub(1).filter(|_| cells.user > 0 && has_medium(props)) {
                let text: String = name.query_row([channel], |row| row.get(0))?;
                touches.id(conn, (channel, &text), Some(props))?;
            }
        }
        Ok(())
    })
}

/// Whether properties may hold a medium.
pub(super) fn has_medium(props: &str) -> bool {
    props.contains("utm_medium")
}

/// The medium in an event's properties, empty where there is none.
pub fn medium(props: Option<&str>) -> String {
    let map = props.filter(|p| has_medium(p)).and_then(|p| serde_json::from_str::<Map<String, Value>>(p).ok());
    let text = map.as_ref().and_then(|map| MEDIUM.iter().find_map(|key| map.get(*key)?.as_str()));
    text.unwrap_or_default().to_owned()
}

impl Store {
    /// What users came through, by dense id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn touches(&self) -> Result<Vec<Touch>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT channel, medium FROM touch ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok(Touch { channel: row.get(0)?, medium: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_is_a_text_of_the_properties() {
        let of = |props: &str| medium(Some(props));
        assert_eq!(of(r#"{"utm_medium":"cpc","page":"a"}"#), "cpc");
        assert_eq!(of(r#"{"$utm_medium":"e\"mail"}"#), "e\"mail");
        assert_eq!(of(r#"{"page":"utm_medium"}"#), "");
        assert_eq!(of(r#"{"utm_medium":7}"#), "");
        assert_eq!(of("utm_medium"), "");
        assert_eq!(medium(None), "");
    }
}
