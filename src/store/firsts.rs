//! The earliest event with a channel of every user, kept as what commits had to add to it: of all entries of a user the
//! earliest counts, so no entry is ever written again but to be merged with others.

use rusqlite::{Connection, Row};

use super::touches::Touches;
use super::{StoreError, sets, tiers};

/// Entries of a piece at most.
const PIECE: u64 = 1 << 17;
/// No event with a channel.
const NEVER: i64 = i64::MAX;

/// First touches by dense user id.
#[derive(Debug, Default, Clone)]
pub(super) struct Firsts {
    at: Vec<i64>,
    touch: Vec<u32>,
    /// Users whose first touch is earlier than the file says.
    fresh: Vec<u32>,
}

/// When a touch was, and which.
pub(super) type FirstTouch = (i64, u32);

impl Firsts {
    /// What the file says.
    pub(super) fn read(conn: &Connection, touches: &Touches) -> Result<Self, StoreError> {
        let mut firsts = Self::default();
        let mut statement = conn.prepare_cached("SELECT n, users, at, touch FROM first_touch ORDER BY seg")?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            firsts.take(row, touches)?;
        }
        firsts.fresh.clear();
        Ok(firsts)
    }

    fn take(&mut self, row: &Row<'_>, touches: &Touches) -> Result<(), StoreError> {
        let blob = |at: usize| row.get_ref(at).map(|value| value.as_blob().unwrap_or_default());
        let mut users = Vec::new();
        sets::unpack(blob(1)?, &mut users);
        let (times, ids) = (blob(2)?.as_chunks().0, blob(3)?.as_chunks().0);
        let entries = row.get::<_, u32>(0)? as usize;
        if users.len() != entries || times.len() != entries || ids.len() != entries {
            return Err(StoreError::damaged("a piece of first touches is not whole"));
        }
        for ((user, at), touch) in users.iter().zip(times).zip(ids) {
            self.see(*user, (i64::from_be_bytes(*at), u32::from_be_bytes(*touch)), touches);
        }
        Ok(())
    }

    /// Looks at a touch of a user; at the same instant the one that sorts first counts.
    pub(super) fn see(&mut self, user: u32, (at, touch): FirstTouch, touches: &Touches) {
        let place = user as usize;
        if self.at.len() <= place {
            self.at.resize(place + 1, NEVER);
            self.touch.resize(place + 1, 0);
        }
        let (Some(first), Some(through)) = (self.at.get_mut(place), self.touch.get_mut(place)) else { return };
        if at < *first || (at == *first && touches.is_before(touch, *through)) {
            (*first, *through) = (at, touch);
            self.fresh.push(user);
        }
    }

    /// First touch of a user.
    pub(super) fn get(&self, user: usize) -> Option<FirstTouch> {
        let at = self.at.get(user).copied().filter(|at| *at != NEVER)?;
        Some((at, self.touch.get(user).copied()?))
    }

    /// One more than the largest user with a touch.
    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// Writes what is earlier than the file says.
    pub(super) fn flush(&mut self, conn: &Connection, touches: &Touches) -> Result<(), StoreError> {
        let mut users = std::mem::take(&mut self.fresh);
        sets::normalise(&mut users);
        for users in users.chunks(PIECE as usize) {
            self.append(conn, users, touches)?;
        }
        self.fresh.clear();
        Ok(())
    }

    /// Writes a piece, with the last ones where they are small.
    fn append(&mut self, conn: &Connection, users: &[u32], touches: &Touches) -> Result<(), StoreError> {
        let mut statement = conn.prepare_cached("SELECT seg, n FROM first_touch ORDER BY seg DESC LIMIT 30")?;
        let last = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)? as u64)))?;
        let mut last: Vec<(i64, u64)> = last.collect::<Result<_, _>>()?;
        last.reverse();
        let sizes: Vec<u64> = last.iter().map(|(_, n)| *n).collect();
        let merged = last.split_off(last.len() - tiers::due(&sizes, users.len() as u64, PIECE));
        let mut all = users.to_vec();
        for (seg, _) in &merged {
            let sql = "DELETE FROM first_touch WHERE seg = ?1 RETURNING n, users, at, touch";
            let mut statement = conn.prepare_cached(sql)?;
            let mut found = statement.query([seg])?;
            while let Some(row) = found.next()? {
                // Another process may have found an earlier one than is known here.
                self.take(row, touches)?;
                sets::unpack(row.get_ref(1)?.as_blob().unwrap_or_default(), &mut all);
            }
        }
        sets::normalise(&mut all);
        self.write(conn, &all)
    }

    fn write(&self, conn: &Connection, users: &[u32]) -> Result<(), StoreError> {
        let (mut at, mut touch) = (Vec::with_capacity(users.len() * 8), Vec::with_capacity(users.len() * 4));
        for user in users {
            let (first, through) = self.get(*user as usize).unwrap_or((NEVER, 0));
            at.extend_from_slice(&first.to_be_bytes());
            touch.extend_from_slice(&through.to_be_bytes());
        }
        let sql = "INSERT INTO first_touch (seg, n, users, at, touch)
            VALUES ((SELECT ifnull(max(seg), -1) + 1 FROM first_touch), ?1, ?2, ?3, ?4)";
        conn.prepare_cached(sql)?.execute((users.len() as i64, sets::pack(users), at, touch))?;
        Ok(())
    }
}
