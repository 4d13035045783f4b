//! What users came through: a channel text with the medium and campaign beside it, as dense ids. A user's first touch is the
//! earliest event with a channel.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::blocks::{self, Wanted};
use super::{Store, StoreError, Touch};

/// Properties that hold the medium of an event, the first that is there counting.
const MEDIUM: [&str; 2] = ["utm_medium", "$utm_medium"];
/// Properties that hold the campaign of an event.
const CAMPAIGN: [&str; 2] = ["utm_campaign", "$utm_campaign"];
/// Stands for a touch that is not known.
const UNKNOWN: u32 = u32::MAX;

/// What the properties of an event tell of where it came from; empty texts where they tell nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Labels {
    medium: String,
    campaign: String,
}

impl Labels {
    fn of(props: Option<&str>) -> Self {
        let props = props.filter(|props| has_labels(props));
        let map = props.and_then(|props| serde_json::from_str::<Map<String, Value>>(props).ok()).unwrap_or_default();
        let text = |keys: [&str; 2]| keys.iter().find_map(|key| map.get(*key)?.as_str()).unwrap_or_default().to_owned();
        Self { medium: text(MEDIUM), campaign: text(CAMPAIGN) }
    }
}

/// Touches met so far.
#[derive(Debug, Default)]
pub(super) struct Touches {
    ids: FxHashMap<(u32, Labels), u32>,
    /// Channel and labels of each, for ties of first touch.
    texts: FxHashMap<u32, (String, Labels)>,
    /// Whether the transaction added one.
    pub(super) grew: bool,
}

impl Touches {
    /// Every touch of the file.
    pub(super) fn all(conn: &Connection) -> Result<Self, StoreError> {
        let sql = "SELECT t.id, t.channel, t.medium, t.campaign, c.text FROM touch t JOIN term c ON c.kind = 1 AND c.id = t.channel";
        let mut touches = Self::default();
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, labels) = (row.get(0)?, Labels { medium: row.get(2)?, campaign: row.get(3)? });
            touches.ids.insert((row.get(1)?, labels.clone()), id);
            touches.texts.insert(id, (row.get(4)?, labels));
        }
        Ok(touches)
    }

    /// The id of a channel, given as id and text, with what an event's properties tell; new ones are stored.
    pub(super) fn id(
        &mut self,
        conn: &Connection,
        (channel, text): (u32, &str),
        props: Option<&str>,
    ) -> Result<u32, StoreError> {
        let key = (channel, Labels::of(props));
        if let Some(id) = self.ids.get(&key) {
            return Ok(*id);
        }
        let sql = "SELECT id FROM touch WHERE channel = ?1 AND medium = ?2 AND campaign = ?3";
        let cells = (channel, &key.1.medium, &key.1.campaign);
        let found = conn.prepare_cached(sql)?.query_row(cells, |r| r.get(0)).optional()?;
        let id = if let Some(id) = found {
            id
        } else {
            self.grew = true;
            let sql = "INSERT INTO touch (id, channel, medium, campaign)
                VALUES ((SELECT ifnull(max(id), -1) + 1 FROM touch), ?1, ?2, ?3) RETURNING id";
            conn.prepare_cached(sql)?.query_row(cells, |r| r.get(0))?
        };
        self.texts.insert(id, (text.to_owned(), key.1.clone()));
        self.ids.insert(key, id);
        Ok(id)
    }

    /// The id where it is among those met.
    pub(super) fn known(&self, channel: u32, props: Option<&str>) -> u32 {
        self.ids.get(&(channel, Labels::of(props))).copied().unwrap_or(UNKNOWN)
    }

    /// Whether a touch counts before another one at the same instant: the one that sorts first.
    pub(super) fn is_before(&self, a: u32, b: u32) -> bool {
        a != b && self.texts.get(&a) < self.texts.get(&b)
    }
}

/// Stores the touches of all events, for a file of a schema that knew less of them.
pub(super) fn complete(conn: &Connection) -> Result<(), StoreError> {
    let mut touches = Touches::default();
    let sql = "SELECT text FROM term WHERE kind = 1 AND id = ?1";
    let mut name = conn.prepare(sql)?;
    blocks::each(conn, blocks::ALL_DAYS, Wanted::PROPS, &mut |_, rows| {
        for (at, props) in (0..rows.len()).filter_map(|at| Some((at, rows.props(at)?))) {
            let cells = rows.cells(at);
            if let Some(channel) = cells.channel.checked_sub(1).filter(|_| cells.user > 0 && has_labels(props)) {
                let text: String = name.query_row([channel], |row| row.get(0))?;
                touches.id(conn, (channel, &text), Some(props))?;
            }
        }
        Ok(())
    })
}

/// Whether properties may tell more of where an event came from than its channel.
pub(super) fn has_labels(props: &str) -> bool {
    props.contains("utm_medium") || props.contains("utm_campaign")
}

/// The medium in an event's properties, empty where there is none.
pub fn medium(props: Option<&str>) -> String {
    Labels::of(props.filter(|props| props.contains("utm_medium"))).medium
}

impl Store {
    /// What users came through, by dense id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn touches(&self) -> Result<Vec<Touch>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT channel, medium, campaign FROM touch ORDER BY id")?;
        let touch =
            |row: &rusqlite::Row<'_>| Ok(Touch { channel: row.get(0)?, medium: row.get(1)?, campaign: row.get(2)? });
        let rows = statement.query_map([], touch)?;
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

    #[test]
    fn one_event_tells_medium_and_campaign() {
        let labels = |medium: &str, campaign: &str| Labels { medium: medium.to_owned(), campaign: campaign.to_owned() };
        assert_eq!(Labels::of(Some(r#"{"utm_campaign":"spring","utm_medium":"cpc"}"#)), labels("cpc", "spring"));
        assert_eq!(Labels::of(Some(r#"{"$utm_campaign":"春季"}"#)), labels("", "春季"));
        assert_eq!(Labels::of(Some(r#"{"utm_campaign":7,"page":"spring"}"#)), labels("", ""));
        assert_eq!(Labels::of(None), labels("", ""));
    }
}
