//! Storing events: identity, the row, and what the rollups learn of it.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;

use super::dictionary::Dictionary;
use super::identity::{Identities, RowHash, id_range};
use super::passive::Passive;
use super::rollup::{Delta, Seen};
use super::touches::Touches;
use super::{StoreError, TermKind};
use crate::domain::calendar::{Calendar, DAY_MICROS};
use crate::domain::records::Event;

/// Repeated rows remembered before they are looked for among the stored ones again.
const REPEATS: usize = 1_000_000;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// New, with the hash of its content.
    Inserted(u128),
    /// Stored by a stopped run of the same import, and new in the view of this one.
    Resumed,
    Duplicate,
    Conflict,
}

/// State of one batch of events.
#[derive(Debug, Default)]
pub(super) struct EventSink {
    pub(super) identities: Identities,
    pub(super) delta: Delta,
    /// One bit for each number of a UTC day: the row was met in this run.
    met: FxHashMap<i32, Vec<u64>>,
    /// How often a row without id was met in this run, where more than once. Only a shortcut: `met` tells it too.
    repeats: FxHashMap<u128, u32>,
    pub(super) touches: Touches,
    pub(super) passive: Passive,
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
        let (hash, known) = match event.id.as_deref() {
            Some(id) => {
                let hash = RowHash::default().text(Some(source)).number(1).text(Some(id)).digest();
                (hash, self.identities.find(conn, day, hash)?)
            }
            None => self.ordinal(conn, day, content)?,
        };
        if let Some(number) = known {
            let again = self.meet(day, number);
            return Ok(match fetch(conn, id_range(day).0 | i64::from(number))? {
                Some((owner, old)) if old == row => {
                    if owner == batch && !again {
                        Fate::Resumed
                    } else {
                        Fate::Duplicate
                    }
                }
                _ => Fate::Conflict,
            });
        }
        let number = self.identities.claim(conn, day, hash)?;
        self.meet(day, number);
        insert(conn, id_range(day).0 | i64::from(number), batch, &row)?;
        let touch = match row.channel.zip(event.channel.as_deref()).filter(|_| row.user.is_some()) {
            Some(channel) => Some(self.touches.id(conn, channel, event.props.as_deref())?),
            None => None,
        };
        let seen = Seen {
            at: event.at,
            day: calendar.day_of(event.at),
            user: row.user,
            name: row.name,
            passive: self.passive.is(conn, row.name, &event.name)?,
            touch,
            platform: row.platform,
        };
        self.delta.add(&seen, &self.touches);
        Ok(Fate::Inserted(content))
    }

    /// Whether touches or roles came since this was last asked.
    pub(super) fn grew(&mut self) -> bool {
        let (touches, roles) = (std::mem::take(&mut self.touches.grew), std::mem::take(&mut self.passive.grew));
        touches || roles
    }

    /// Identity of a row without an id (metrics.md): all its fields, and its ordinal among equal rows of this run. Gives
    /// the hash of the first ordinal that this run has not met, and the number stored under it.
    fn ordinal(&mut self, conn: &Connection, day: i32, content: u128) -> Result<(u128, Option<u32>), StoreError> {
        let mut ordinal = self.repeats.get(&content).copied().unwrap_or(0);
        loop {
            ordinal += 1;
            let mut hash = RowHash::default();
            hash.number((content >> 64) as i64).number(content as i64).number(i64::from(ordinal));
            let hash = hash.digest();
            let known = self.identities.find(conn, day, hash)?;
            if known.is_some_and(|number| self.is_met(day, number)) {
                continue;
            }
            if ordinal > 1 {
                if self.repeats.len() >= REPEATS {
                    self.repeats.clear();
                }
                self.repeats.insert(content, ordinal);
            }
            return Ok((hash, known));
        }
    }

    fn is_met(&self, day: i32, number: u32) -> bool {
        let word = self.met.get(&day).and_then(|bits| bits.get(number as usize / 64));
        word.is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Marks a row as met; true where it was before.
    fn meet(&mut self, day: i32, number: u32) -> bool {
        let bits = self.met.entry(day).or_default();
        let at = number as usize / 64;
        if bits.len() <= at {
            bits.resize(at + 1, 0);
        }
        let bit = 1_u64 << (number % 64);
        bits.get_mut(at).is_some_and(|word| std::mem::replace(word, *word | bit) & bit != 0)
    }

    /// Begins a run of its own: what was met so far is another run's.
    pub(super) fn forget_run(&mut self) {
        self.met.clear();
        self.repeats.clear();
        self.identities.forget();
    }
}

/// Hash of a row's stored content, also what batch digests add up.
pub(super) fn content(source: &str, event: &Event<'_>) -> u128 {
    let mut hash = RowHash::default();
    hash.text(Some(source)).number(event.at.0).text(Some(&event.name)).text(event.user.as_deref());
    hash.text(event.channel.as_deref()).text(event.platform.as_deref()).text(event.props.as_deref()).digest()
}

/// A stored event and the import it belongs to.
fn fetch(conn: &Connection, id: i64) -> Result<Option<(i64, Stored)>, StoreError> {
    let sql = "SELECT t, name, user, channel, platform, props, batch FROM event WHERE id = ?1";
    let row = conn.prepare_cached(sql)?.query_row([id], |row| {
        let stored = Stored {
            t: row.get(0)?,
            name: row.get(1)?,
            user: row.get(2)?,
            channel: row.get(3)?,
            platform: row.get(4)?,
            props: row.get(5)?,
        };
        Ok((row.get(6)?, stored))
    });
    Ok(row.optional()?)
}

fn insert(conn: &Connection, id: i64, batch: i64, row: &Stored) -> Result<(), StoreError> {
    let sql = "INSERT INTO event (id, batch, t, name, user, channel, platform, props)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    conn.prepare_cached(sql)?.execute((id, batch, row.t, row.name, row.user, row.channel, row.platform, &row.props))?;
    Ok(())
}
