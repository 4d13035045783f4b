//! Per-day sets of users and counts of events, written in the same transaction as their rows and provably equal to them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::touches::{self, Touches};
use super::{SetKind, StoreError, passive, sets};
use crate::domain::calendar::{Calendar, DAY_MICROS, Day, Instant};

/// Segments of one set that are merged into one.
const SEGMENTS: u32 = 8;

/// Key of a set: local day, kind code, platform or event name.
pub(super) type SetKey = (i32, i64, u32);

/// What rollups need of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) at: Instant,
    pub(super) day: Day,
    pub(super) user: Option<u32>,
    pub(super) name: u32,
    /// Events of the name are no activity.
    pub(super) passive: bool,
    /// What the user came through, where the event tells.
    pub(super) touch: Option<u32>,
    pub(super) platform: Option<u32>,
}

/// A user's first active day and first touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct First {
    pub(super) day: Option<i32>,
    pub(super) touch: Option<(i64, u32)>,
}

/// Changes of the rollups that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Delta {
    pub(super) sets: BTreeMap<SetKey, Vec<u32>>,
    pub(super) counts: BTreeMap<(i32, u32), u64>,
    pub(super) firsts: FxHashMap<u32, First>,
}

impl Delta {
    /// Adds an event; `touches` knows what it came through.
    pub(super) fn add(&mut self, seen: &Seen, touches: &Touches) {
        let day = seen.day.0;
        *self.counts.entry((day, seen.name)).or_default() += 1;
        let Some(user) = seen.user else { return };
        self.put((day, 2, seen.name), user);
        if !seen.passive {
            self.put((day, 0, 0), user);
            if let Some(platform) = seen.platform {
                self.put((day, 1, platform), user);
            }
            let first = self.firsts.entry(user).or_default();
            first.day = Some(first.day.map_or(day, |d| d.min(day)));
        }
        if let Some(touch) = seen.touch {
            let (first, new) = (self.firsts.entry(user).or_default(), (seen.at.0, touch));
            let is_first = |old: (i64, u32)| new.0 < old.0 || (new.0 == old.0 && touches.is_before(new.1, old.1));
            if first.touch.is_none_or(is_first) {
                first.touch = Some(new);
            }
        }
    }

    fn put(&mut self, key: SetKey, user: u32) {
        let users = self.sets.entry(key).or_default();
        if users.last() != Some(&user) {
            users.push(user);
        }
    }

    /// Appends everything to the stored rollups and returns the days touched.
    pub(super) fn flush(&mut self, conn: &Connection) -> Result<Vec<i32>, StoreError> {
        for (key, users) in &mut self.sets {
            sets::normalise(users);
            append(conn, *key, users)?;
        }
        let sql = "INSERT INTO event_count (day, name, n) VALUES (?1, ?2, ?3)
            ON CONFLICT (day, name) DO UPDATE SET n = n + excluded.n";
        let mut statement = conn.prepare_cached(sql)?;
        for ((day, name), n) in &self.counts {
            statement.execute((day, name, *n as i64))?;
        }
        let days = self.counts.keys().map(|k| k.0).collect();
        for (user, first) in &self.firsts {
            improve(conn, *user, *first)?;
        }
        *self = Self::default();
        Ok(days)
    }
}

/// The earlier of two touches; at the same instant the one that sorts first.
pub(super) fn earlier(
    conn: &Connection,
    a: Option<(i64, u32)>,
    b: Option<(i64, u32)>,
) -> Result<Option<(i64, u32)>, StoreError> {
    Ok(match (a, b) {
        (Some(x), Some(y)) if x.0 == y.0 => Some(if touches::is_before(conn, y.1, x.1)? { y } else { x }),
        (Some(x), Some(y)) => Some(if y.0 < x.0 { y } else { x }),
        (x, y) => x.or(y),
    })
}

/// The earlier firsts of two.
pub(super) fn merged(conn: &Connection, a: First, b: First) -> Result<First, StoreError> {
    Ok(First { day: a.day.into_iter().chain(b.day).min(), touch: earlier(conn, a.touch, b.touch)? })
}

fn improve(conn: &Connection, user: u32, new: First) -> Result<(), StoreError> {
    let sql = "SELECT first_day, touch_at, touch FROM user WHERE id = ?1";
    let old = conn.prepare_cached(sql)?.query_row([user], |row| {
        let at: Option<i64> = row.get(1)?;
        let touch: Option<u32> = row.get(2)?;
        Ok(First { day: row.get(0)?, touch: at.zip(touch) })
    })?;
    let best = merged(conn, old, new)?;
    if best != old {
        set_first(conn, user, best)?;
    }
    Ok(())
}

fn set_first(conn: &Connection, user: u32, first: First) -> Result<(), StoreError> {
    let sql = "UPDATE user SET first_day = ?2, touch_at = ?3, touch = ?4 WHERE id = ?1";
    conn.prepare_cached(sql)?.execute((user, first.day, first.touch.map(|t| t.0), first.touch.map(|t| t.1)))?;
    Ok(())
}

fn append(conn: &Connection, key: SetKey, users: &[u32]) -> Result<(), StoreError> {
    let (day, kind, term) = key;
    let sql = "INSERT INTO rollup (day, kind, key, seg, users) VALUES (?1, ?2, ?3,
        (SELECT ifnull(max(seg), -1) + 1 FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3), ?4) RETURNING seg";
    let seg: u32 = conn.prepare_cached(sql)?.query_row((day, kind, term, sets::pack(users)), |r| r.get(0))?;
    if seg + 1 < SEGMENTS {
        return Ok(());
    }
    let all = read_set(conn, key)?;
    conn.prepare_cached("DELETE FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3")?.execute((day, kind, term))?;
    conn.prepare_cached("INSERT INTO rollup (day, kind, key, seg, users) VALUES (?1, ?2, ?3, 0, ?4)")?.execute((
        day,
        kind,
        term,
        sets::pack(&all),
    ))?;
    Ok(())
}

fn read_set(conn: &Connection, key: SetKey) -> Result<Vec<u32>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT users FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3")?;
    let mut rows = statement.query(key)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        sets::unpack(row.get_ref(0)?.as_blob().unwrap_or_default(), &mut all);
    }
    sets::normalise(&mut all);
    Ok(all)
}

/// Every stored set, whole.
pub(super) fn stored(conn: &Connection) -> Result<Delta, StoreError> {
    let mut delta = Delta::default();
    let mut statement = conn.prepare("SELECT day, kind, key, users FROM rollup")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let users = delta.sets.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default();
        sets::unpack(row.get_ref(3)?.as_blob().unwrap_or_default(), users);
    }
    delta.sets.values_mut().for_each(sets::normalise);
    let mut statement = conn.prepare("SELECT day, name, n FROM event_count WHERE n > 0")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        delta.counts.insert((row.get(0)?, row.get(1)?), row.get::<_, i64>(2)? as u64);
    }
    let sql = "SELECT id, first_day, touch_at, touch FROM user WHERE first_day IS NOT NULL OR touch IS NOT NULL";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let at: Option<i64> = row.get(2)?;
        let touch: Option<u32> = row.get(3)?;
        delta.firsts.insert(row.get(0)?, First { day: row.get(1)?, touch: at.zip(touch) });
    }
    Ok(delta)
}

/// The rollups that the raw events give.
pub(super) fn from_events(conn: &Connection, calendar: Calendar) -> Result<Delta, StoreError> {
    let (touches, passive) = (Touches::all(conn)?, passive::names(conn)?);
    let mut delta = Delta::default();
    let sql = "SELECT id, t, name, user, channel, platform,
        CASE WHEN user IS NOT NULL AND channel IS NOT NULL THEN props END FROM event";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let at = Instant((row.get::<_, i64>(0)? >> 32) * DAY_MICROS + row.get::<_, i64>(1)?);
        let (name, user): (u32, Option<u32>) = (row.get(2)?, row.get(3)?);
        let touch = match row.get::<_, Option<u32>>(4)?.filter(|_| user.is_some()) {
            Some(channel) => Some(touches.known(channel, row.get_ref(6)?.as_str_or_null().unwrap_or_default())),
            None => None,
        };
        let passive = passive.contains(&name);
        let seen = Seen { at, day: calendar.day_of(at), user, name, passive, touch, platform: row.get(5)? };
        delta.add(&seen, &touches);
    }
    delta.sets.values_mut().for_each(sets::normalise);
    Ok(delta)
}

/// Makes all rollups anew from the raw events, inside the caller's transaction.
pub(super) fn rebuild(conn: &Connection, calendar: Calendar) -> Result<(), StoreError> {
    let mut delta = from_events(conn, calendar)?;
    conn.execute_batch(
        "DELETE FROM rollup; DELETE FROM event_count; DELETE FROM day_change;
         UPDATE user SET first_day = NULL, touch_at = NULL, touch = NULL
           WHERE first_day IS NOT NULL OR touch IS NOT NULL",
    )?;
    delta.flush(conn)?;
    Ok(())
}

impl SetKind {
    /// Code in the rollup table; buyers are read from the revenue rows.
    pub(super) fn code(self) -> Option<i64> {
        match self {
            Self::Active => Some(0),
            Self::Platform => Some(1),
            Self::Event => Some(2),
            Self::Buyers => None,
        }
    }
}
