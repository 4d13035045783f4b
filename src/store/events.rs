//! Storing events: identity, the row, and what the rollups learn of it.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;

use super::dictionary::Dictionary;
use super::identity::{Identities, RowHash, id_range};
use super::rollup::{Delta, Seen};
use super::{StoreError, TermKind};
use crate::domain::calendar::{Calendar, DAY_MICROS};
use crate::domain::records::Event;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Inserted(u128),
    Duplicate,
    Conflict,
}

/// State of one batch of events.
#[derive(Debug, Default)]
pub(super) struct EventSink {
    pub(super) identities: Identities,
    pub(super) delta: Delta,
    /// How often a row without id was met in this import.
    repeats: FxHashMap<u128, u32>,
    /// Text of each channel met, for ties of first touch.
    pub(super) channels: FxHashMap<u32, String>,
}

/// A row as stored, but for its id.
#[derive(Debug, PartialEq, Eq)]
struct Stored {
    t: i64,
    name: u32,
    user: Option<u32>,
    channel: Option<u32>,
    platform: Option<u32>,
    props: Option<String>,
}

impl EventSink {
    pub(super) fn put(
        &mut self,
        conn: &Connection,
        dictionary: &mut Dictionary,
        calendar: Calendar,
        place: (i64, &str),
        event: &Event<'_>,
    ) -> Result<Fate, StoreError> {
        let (batch, source) = place;
        let row = Stored {
            t: event.at.0.rem_euclid(DAY_MICROS),
            name: dictionary.term(conn, TermKind::EventName, &event.name)?,
            user: dictionary.optional_user(conn, event.user.as_deref())?,
            channel: dictionary.optional(conn, TermKind::Channel, event.channel.as_deref())?,
            platform: dictionary.optional(conn, TermKind::Platform, event.platform.as_deref())?,
            props: event.props.as_deref().map(str::to_owned),
        };
        let day = event.at.utc_day();
        let content = content(source, event);
        let hash = self.hash(source, event, content);
        if let Some(number) = self.identities.find(conn, day, hash)? {
            let same = fetch(conn, id_range(day).0 | i64::from(number))?.is_some_and(|old| old == row);
            return Ok(if same { Fate::Duplicate } else { Fate::Conflict });
        }
        let number = self.identities.claim(conn, day, hash)?;
        insert(conn, id_range(day).0 | i64::from(number), batch, &row)?;
        if let (Some(id), Some(text)) = (row.channel, event.channel.as_deref()) {
            self.channels.entry(id).or_insert_with(|| text.to_owned());
        }
        let seen = Seen {
            at: event.at,
            day: calendar.day_of(event.at),
            user: row.user,
            name: row.name,
            channel: row.channel,
            platform: row.platform,
        };
        let texts = &self.channels;
        self.delta.add(&seen, &|a, b| texts.get(&a) < texts.get(&b));
        Ok(Fate::Inserted(content))
    }

    /// Identity (metrics.md): the producer's id, or all fields and the ordinal among equal rows of this import.
    fn hash(&mut self, source: &str, event: &Event<'_>, content: u128) -> u128 {
        if let Some(id) = event.id.as_deref() {
            return RowHash::default().text(Some(source)).number(1).text(Some(id)).digest();
        }
        let ordinal = self.repeats.entry(content).or_default();
        *ordinal += 1;
        RowHash::default().number((content >> 64) as i64).number(content as i64).number(i64::from(*ordinal)).digest()
    }
}

/// Hash of a row's stored content, also what batch digests add up.
pub(super) fn content(source: &str, event: &Event<'_>) -> u128 {
    let mut hash = RowHash::default();
    hash.text(Some(source)).number(event.at.0).text(Some(&event.name)).text(event.user.as_deref());
    hash.text(event.channel.as_deref()).text(event.platform.as_deref()).text(event.props.as_deref()).digest()
}

fn fetch(conn: &Connection, id: i64) -> Result<Option<Stored>, StoreError> {
    let sql = "SELECT t, name, user, channel, platform, props FROM event WHERE id = ?1";
    let row = conn.prepare_cached(sql)?.query_row([id], |row| {
        Ok(Stored {
            t: row.get(0)?,
            name: row.get(1)?,
            user: row.get(2)?,
            channel: row.get(3)?,
            platform: row.get(4)?,
            props: row.get(5)?,
        })
    });
    Ok(row.optional()?)
}

fn insert(conn: &Connection, id: i64, batch: i64, row: &Stored) -> Result<(), StoreError> {
    let sql = "INSERT INTO event (id, batch, t, name, user, channel, platform, props)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    conn.prepare_cached(sql)?.execute((id, batch, row.t, row.name, row.user, row.channel, row.platform, &row.props))?;
    Ok(())
}
