//! Per-day sets of users and counts of events, written in the same transaction as their rows and provably equal to them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::blocks::{self, Rows, Wanted};
use super::firsts::Firsts;
use super::money::copies;
use super::touches::Touches;
use super::{SetKind, StoreError, passive, sets, tiers};
use crate::domain::calendar::{Calendar, DAY_MICROS, Day, Instant};
use crate::domain::days::DayFinder;

/// Bytes of a piece of a set at most.
const PIECE: u64 = 1 << 20;

/// Key of a set within its day: kind code, platform or event name.
pub(super) type SetKey = (i64, u32);

/// What rollups need of an event. User and platform count from 1; 0 is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) day: Day,
    pub(super) user: u32,
    pub(super) name: u32,
    /// Events of the name are no activity.
    pub(super) passive: bool,
    pub(super) platform: u32,
}

/// Changes of the rollups that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Delta {
    /// What events are but for their user: name, platform, and whether they are no activity.
    sorts: Vec<(u32, u32, bool)>,
    sort_of: FxHashMap<(u32, u32), u32>,
    days: FxHashMap<i32, DayDelta>,
}

#[derive(Debug, Default)]
struct DayDelta {
    /// User and sort of each event with a user, in one number.
    rows: Vec<u64>,
    /// Events by sort.
    counts: Vec<u64>,
}

/// The rollups of one local day.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DayRollup {
    pub(super) sets: BTreeMap<SetKey, Vec<u32>>,
    /// Events by name.
    pub(super) counts: BTreeMap<u32, u64>,
}

impl Delta {
    /// Adds an event.
    pub(super) fn add(&mut self, seen: &Seen) {
        let Self { sorts, sort_of, days } = self;
        let sort = *sort_of.entry((seen.name, seen.platform)).or_insert_with(|| {
            sorts.push((seen.name, seen.platform, seen.passive));
            sorts.len() as u32 - 1
        });
        let day = days.entry(seen.day.0).or_default();
        if day.counts.len() <= sort as usize {
            day.counts.resize(sort as usize + 1, 0);
        }
        if let Some(count) = day.counts.get_mut(sort as usize) {
            *count += 1;
        }
        if let Some(user) = seen.user.checked_sub(1) {
            day.rows.push(u64::from(user) << 32 | u64::from(sort));
        }
    }

    /// Days with changes, ascending.
    fn days(&self) -> Vec<i32> {
        let mut days: Vec<i32> = self.days.keys().copied().collect();
        days.sort_unstable();
        days
    }

    /// Takes a day out.
    fn take(&mut self, day: i32) -> DayRollup {
        let DayDelta { mut rows, counts } = self.days.remove(&day).unwrap_or_default();
        let mut rollup = DayRollup::default();
        for (sort, count) in self.sorts.iter().zip(&counts).filter(|(_, count)| **count > 0) {
            *rollup.counts.entry(sort.0).or_default() += count;
        }
        rows.sort_unstable();
        rows.dedup();
        let mut sets = Sets::default();
        let of_day = self.sorts.iter().zip(&counts);
        let places: Vec<_> =
            of_day.map(|(sort, count)| if *count > 0 { sets.places(*sort) } else { Vec::new() }).collect();
        for row in rows {
            if let Some(places) = places.get(row as u32 as usize) {
                sets.put(places, (row >> 32) as u32);
            }
        }
        rollup.sets.extend(sets.0.into_iter().filter(|(_, users)| !users.is_empty()));
        rollup
    }

    /// Appends everything to the stored rollups and returns the days touched.
    pub(super) fn flush(&mut self, conn: &Connection) -> Result<Vec<i32>, StoreError> {
        let days = self.days();
        for day in &days {
            append_day(conn, *day, &self.take(*day))?;
        }
        self.sorts.clear();
        self.sort_of.clear();
        Ok(days)
    }
}

/// Sets that are filled in ascending order of user.
#[derive(Default)]
struct Sets(Vec<(SetKey, Vec<u32>)>, FxHashMap<SetKey, usize>);

impl Sets {
    /// Where users with events of a sort go.
    fn places(&mut self, (name, platform, passive): (u32, u32, bool)) -> Vec<usize> {
        let mut places = vec![self.place((2, name))];
        if !passive {
            places.push(self.place((0, 0)));
            places.extend(platform.checked_sub(1).map(|platform| self.place((1, platform))));
        }
        places
    }

    fn place(&mut self, key: SetKey) -> usize {
        let Self(sets, places) = self;
        *places.entry(key).or_insert_with(|| {
            sets.push((key, Vec::new()));
            sets.len() - 1
        })
    }

    fn put(&mut self, places: &[usize], user: u32) {
        for place in places {
            if let Some((_, users)) = self.0.get_mut(*place)
                && users.last() != Some(&user)
            {
                users.push(user);
            }
        }
    }
}

fn append_day(conn: &Connection, day: i32, rollup: &DayRollup) -> Result<(), StoreError> {
    for (key, users) in &rollup.sets {
        append(conn, day, *key, users)?;
    }
    let sql = "INSERT INTO event_count (day, name, n) VALUES (?1, ?2, ?3)
        ON CONFLICT (day, name) DO UPDATE SET n = n + excluded.n";
    let mut statement = conn.prepare_cached(sql)?;
    for (name, n) in &rollup.counts {
        statement.execute((day, name, *n as i64))?;
    }
    Ok(())
}

fn append(conn: &Connection, day: i32, (kind, key): SetKey, users: &[u32]) -> Result<(), StoreError> {
    let sql = "SELECT seg, length(users) FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3 ORDER BY seg";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map((day, kind, key), |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
    let mut pieces: Vec<(i64, u64)> = found.collect::<Result<_, _>>()?;
    let mut packed = sets::pack(users);
    let sizes: Vec<u64> = pieces.iter().map(|(_, bytes)| *bytes).collect();
    let merged = pieces.split_off(pieces.len() - tiers::due(&sizes, packed.len() as u64, PIECE));
    let seg =
        merged.first().or(pieces.last().map(|(seg, bytes)| (seg + 1, *bytes)).as_ref()).map_or(0, |piece| piece.0);
    if !merged.is_empty() {
        let mut all = users.to_vec();
        let sql = "DELETE FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3 AND seg >= ?4 RETURNING users";
        let mut statement = conn.prepare_cached(sql)?;
        let mut found = statement.query((day, kind, key, seg))?;
        while let Some(row) = found.next()? {
            sets::unpack(row.get_ref(0)?.as_blob().unwrap_or_default(), &mut all);
        }
        sets::normalise(&mut all);
        packed = sets::pack(&all);
    }
    let sql = "INSERT INTO rollup (day, kind, key, seg, users) VALUES (?1, ?2, ?3, ?4, ?5)";
    conn.prepare_cached(sql)?.execute((day, kind, key, seg, packed))?;
    Ok(())
}

/// Local days that have rollups.
pub(super) fn days(conn: &Connection) -> Result<Vec<i32>, StoreError> {
    let sql = "SELECT DISTINCT day FROM rollup UNION SELECT day FROM event_count WHERE n > 0";
    Ok(conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// The stored rollups of a day, whole.
pub(super) fn stored(conn: &Connection, day: i32) -> Result<DayRollup, StoreError> {
    let mut rollup = DayRollup::default();
    let mut statement = conn.prepare_cached("SELECT kind, key, users FROM rollup WHERE day = ?1")?;
    let mut found = statement.query([day])?;
    while let Some(row) = found.next()? {
        let users = rollup.sets.entry((row.get(0)?, row.get(1)?)).or_default();
        sets::unpack(row.get_ref(2)?.as_blob().unwrap_or_default(), users);
    }
    rollup.sets.values_mut().for_each(sets::normalise);
    let mut statement = conn.prepare_cached("SELECT name, n FROM event_count WHERE day = ?1 AND n > 0")?;
    let mut found = statement.query([day])?;
    while let Some(row) = found.next()? {
        rollup.counts.insert(row.get(0)?, row.get::<_, i64>(1)? as u64);
    }
    Ok(rollup)
}

/// Gives the rollups of each local day that the raw events give to `each`, by day, and returns the firsts of all users.
pub(super) fn replay(
    conn: &Connection,
    calendar: Calendar,
    each: &mut dyn FnMut(i32, DayRollup) -> Result<(), StoreError>,
) -> Result<Firsts, StoreError> {
    let (touches, passive) = (Touches::all(conn)?, passive::names(conn)?);
    let (mut delta, mut firsts, mut finder) = (Delta::default(), Firsts::default(), DayFinder::new(calendar));
    let mut give = |delta: &mut Delta, before: i32| {
        delta.days().into_iter().take_while(|day| *day < before).try_for_each(|day| each(day, delta.take(day)))
    };
    let mut reached = i32::MIN;
    blocks::each_live(conn, blocks::ALL_DAYS, Wanted::PROPS, &mut |head, rows| {
        if head.day > reached {
            reached = head.day;
            // No zone is more than a day from UTC.
            give(&mut delta, head.day - 1)?;
        }
        let start = i64::from(head.day) * DAY_MICROS;
        for at in 0..rows.len() {
            let cells = rows.cells(at);
            let (day, name) = (finder.day(Instant(start + cells.t)), cells.name);
            let passive = passive.contains(&name);
            delta.add(&Seen { day, user: cells.user, name, passive, platform: cells.platform });
            see_touch(&mut firsts, &touches, (rows, at), start);
        }
        Ok(())
    })?;
    give(&mut delta, i32::MAX)?;
    Ok(firsts)
}

fn see_touch(firsts: &mut Firsts, touches: &Touches, (rows, at): (&Rows, usize), start: i64) {
    let cells = rows.cells(at);
    if let Some((user, channel)) = cells.user.checked_sub(1).zip(cells.channel.checked_sub(1)) {
        let touch = touches.known(channel, rows.props(at));
        firsts.see(user, (start + cells.t, touch), touches);
    }
}

/// Makes all rollups anew from the raw events, and the copies of money, inside the caller's transaction.
pub(super) fn rebuild(conn: &Connection, calendar: Calendar) -> Result<(), StoreError> {
    conn.execute_batch("DELETE FROM rollup; DELETE FROM event_count; DELETE FROM day_change; DELETE FROM first_touch")?;
    let mut firsts = replay(conn, calendar, &mut |day, rollup| append_day(conn, day, &rollup))?;
    firsts.flush(conn, &Touches::all(conn)?)?;
    copies::rebuild(conn)
}

impl SetKind {
    /// Kind and key in the rollup table; buyers are read from the revenue rows.
    pub(super) fn code(self) -> Option<(i64, u32)> {
        match self {
            Self::Active => Some((0, 0)),
            Self::Platform(id) => Some((1, id)),
            Self::Event(id) => Some((2, id)),
            Self::Buyers => None,
        }
    }
}
