//! Reading the rollups of users: who was active when.

use std::collections::BTreeMap;

use super::people::People;
use super::{DaySet, SetKind, Store, StoreError, sets};
use crate::domain::calendar::{Day, Instant};
use crate::domain::days::DayFinder;

/// Bytes of packed sets that one more thread, with a connection of its own, pays for; few in tests, so that they take
/// that way.
const WORTH: usize = if cfg!(test) { 2 } else { 400_000 };

/// Days that a reader takes at a time.
const SHARE: usize = if cfg!(test) { 2 } else { 8 };

impl Store {
    /// Sets of users by day, ascending; `days` limits them, `None` is all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn day_sets(&self, set: SetKind, days: Option<&[Day]>) -> Result<Vec<DaySet>, StoreError> {
        let people = self.people()?;
        let Some((kind, key)) = set.code() else { return self.buyers(days, &people) };
        let days = days.map_or_else(|| self.rollup_days(), |days| Ok(days.iter().map(|day| day.0).collect()))?;
        let readers = self.readers(self.bytes_about((kind, key), &days)?, WORTH);
        let shares: Vec<&[i32]> = days.chunks(SHARE).collect();
        let read = |store: &Self, days: &&[i32]| store.sets_of((kind, key), days, &people);
        Ok(self.read_shares(readers, &shares, read)?.concat())
    }

    /// Packed bytes of a set on some days, told from the one in their middle.
    fn bytes_about(&self, (kind, key): (i64, u32), days: &[i32]) -> Result<usize, StoreError> {
        let Some(middle) = days.get(days.len() / 2) else { return Ok(0) };
        let sql = "SELECT ifnull(sum(length(users)), 0) FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3";
        let bytes: i64 = self.conn.prepare_cached(sql)?.query_row((middle, kind, key), |row| row.get(0))?;
        Ok(bytes as usize * days.len())
    }

    /// The set of each of some days that has one, day by day: the sets of other names lie between those of a name, and may
    /// be most of the file.
    fn sets_of(&self, (kind, key): (i64, u32), days: &[i32], people: &People) -> Result<Vec<DaySet>, StoreError> {
        let sql = "SELECT users FROM rollup WHERE day = ?1 AND kind = ?2 AND key = ?3 ORDER BY seg";
        let mut statement = self.conn.prepare_cached(sql)?;
        let (mut all, mut users) = (Vec::with_capacity(days.len()), Vec::new());
        for day in days {
            users.clear();
            let mut segments = statement.query((day, kind, key))?;
            while let Some(row) = segments.next()? {
                sets::unpack(row.get_ref(0)?.as_blob().unwrap_or_default(), &mut users);
            }
            if !users.is_empty() {
                all.push(day_set(*day, &mut users, people));
            }
        }
        Ok(all)
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
        let sets = all.into_iter().map(|(day, mut users)| day_set(day, &mut users, people));
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

fn day_set(day: i32, users: &mut Vec<u32>, people: &People) -> DaySet {
    people.merge(users);
    sets::normalise(users);
    DaySet { day: Day(day), users: users.as_slice().into() }
}
