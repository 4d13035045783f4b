//! Reading the rollups of users: who was active when.

use std::collections::BTreeMap;

use super::people::People;
use super::{DaySet, SetKind, Store, StoreError, sets};
use crate::domain::calendar::{Day, Instant};
use crate::domain::days::DayFinder;
use crate::domain::threads;

/// Bytes of packed sets that one more thread pays for.
const WORTH: usize = 200_000;

/// The stored bytes of one set, those of all its segments one after the other.
struct Packed {
    day: i32,
    segments: Vec<Vec<u8>>,
}

impl Store {
    /// Sets of users by day, ascending; `days` limits them, `None` is all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn day_sets(&self, set: SetKind, days: Option<&[Day]>) -> Result<Vec<DaySet>, StoreError> {
        let people = self.people()?;
        let Some((kind, key)) = set.code() else { return self.buyers(days, &people) };
        let days = days.map_or_else(|| self.rollup_days(), |days| Ok(days.iter().map(|day| day.0).collect()))?;
        // Day by day: the sets of other names lie between those of a name, and may be most of the file.
        let sql = "SELECT users FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3 ORDER BY seg";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut all: Vec<Packed> = Vec::with_capacity(days.len());
        for day in days {
            let segments = statement.query_map((day, kind, key), |row| row.get(0))?.collect::<Result<Vec<_>, _>>()?;
            if !segments.is_empty() {
                all.push(Packed { day, segments });
            }
        }
        Ok(unpacked(&all, &people))
    }

    /// Days that have sets, ascending; each is looked for by itself, so that no set is read for it.
    fn rollup_days(&self) -> Result<Vec<i32>, StoreError> {
        let mut next = self.conn.prepare_cached("SELECT min(day) FROM rollup WHERE day > ?1")?;
        let (mut days, mut last) = (Vec::new(), i64::MIN);
        while let Some(day) = next.query_row([last], |row| row.get::<_, Option<i32>>(0))? {
            days.push(day);
            last = i64::from(day);
        }
        Ok(days)
    }

    fn buyers(&self, days: Option<&[Day]>, people: &People) -> Result<Vec<DaySet>, StoreError> {
        let mut finder = DayFinder::new(self.calendar()?);
        let sql = "SELECT at, user FROM revenue WHERE state = 0 AND amount >= 0 AND user IS NOT NULL";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut all: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            all.entry(finder.day(Instant(row.get(0)?)).0).or_default().push(row.get(1)?);
        }
        let sets = all.into_iter().map(|(day, users)| day_set(day, users, people));
        Ok(sets.filter(|set| days.is_none_or(|wanted| wanted.contains(&set.day))).collect())
    }

    /// Number of users.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn users(&self) -> Result<u32, StoreError> {
        // Ids are dense, so the last one tells how many there are.
        let sql = "SELECT max(id) FROM user";
        let last: Option<u32> = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(last.map_or(0, |last| last + 1))
    }

    /// Names of users by dense id, from an id on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn user_names(&self, from: u32) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT name FROM user WHERE id >= ?1 ORDER BY id")?;
        let rows = statement.query_map([from], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Unpacks sets, on as many threads as they pay for.
fn unpacked(all: &[Packed], people: &People) -> Vec<DaySet> {
    let bytes: usize = all.iter().flat_map(|set| &set.segments).map(Vec::len).sum();
    let shares = all.chunks(all.len().div_ceil(threads::paid_for(bytes, WORTH)).max(1));
    let unpack = |sets: &[Packed]| -> Vec<DaySet> { sets.iter().map(|set| unpack(set, people)).collect() };
    threads::share(shares, unpack).into_iter().flatten().collect()
}

fn unpack(set: &Packed, people: &People) -> DaySet {
    let mut users = Vec::with_capacity(set.segments.iter().map(Vec::len).sum());
    set.segments.iter().for_each(|segment| sets::unpack(segment, &mut users));
    day_set(set.day, users, people)
}

fn day_set(day: i32, mut users: Vec<u32>, people: &People) -> DaySet {
    people.merge(&mut users);
    if !users.is_sorted_by(|a, b| a < b) {
        sets::normalise(&mut users);
    }
    DaySet { day: Day(day), users: users.into() }
}
