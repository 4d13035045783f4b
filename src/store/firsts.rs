//! The earliest event with a channel of every user, kept as what commits had to add to it: of all entries of a user the
//! earliest counts, so no entry is ever written again but to be merged with others.

use rusqlite::{Connection, Row};

use super::touches::Touches;
use super::{Store, StoreError, sets, tiers};
use crate::domain::calendar::Instant;

/// Entries of a piece at most.
const PIECE: u64 = 1 << 17;
/// No event with a channel.
const NEVER: i64 = i64::MAX;

/// First touches by dense user id.
#[derive(Debug, Default, Clone)]
pub(super) struct Firsts {
    at: Vec<i64>,
    touch: Vec<u32>,
    /// Users whose first touch is earlier than it was.
    fresh: Vec<u32>,
    /// Number of the next piece to read.
    next: i64,
    /// The latest first touch: nothing later changes who has one.
    latest: i64,
    /// A bit for each user that has one.
    has: Vec<u64>,
}

/// When a touch was, and which.
pub(super) type FirstTouch = (i64, u32);

impl Firsts {
    /// Room for so many users: growing step by step copies all of it several times.
    fn of_about(users: usize) -> Self {
        Self { at: Vec::with_capacity(users), touch: Vec::with_capacity(users), ..Self::default() }
    }

    /// What the file says.
    pub(super) fn read(conn: &Connection, touches: &Touches) -> Result<Self, StoreError> {
        let mut firsts = Self::default();
        firsts.read_on(conn, touches, |user| user, Vec::clear)?;
        Ok(firsts)
    }

    /// Reads the pieces that came since, `whose` telling who a user is; a piece that others were merged into is a new one.
    /// After each, `with` is given the users whose first touch is earlier than it was.
    fn read_on(
        &mut self,
        conn: &Connection,
        touches: &Touches,
        whose: impl Fn(u32) -> u32,
        with: impl Fn(&mut Vec<u32>),
    ) -> Result<(), StoreError> {
        let sql = "SELECT n, users, at, touch, seg FROM first_touch WHERE seg >= ?1 ORDER BY seg";
        let mut statement = conn.prepare_cached(sql)?;
        let mut found = statement.query([self.next])?;
        while let Some(row) = found.next()? {
            self.take(row, touches, &whose)?;
            self.next = row.get::<_, i64>(4)? + 1;
            with(&mut self.fresh);
        }
        Ok(())
    }

    fn take(&mut self, row: &Row<'_>, touches: &Touches, whose: &impl Fn(u32) -> u32) -> Result<(), StoreError> {
        let blob = |at: usize| row.get_ref(at).map(|value| value.as_blob().unwrap_or_default());
        let mut users = Vec::new();
        sets::unpack(blob(1)?, &mut users);
        let (times, ids) = (blob(2)?.as_chunks().0, blob(3)?.as_chunks().0);
        let entries = row.get::<_, u32>(0)? as usize;
        if users.len() != entries || times.len() != entries || ids.len() != entries {
            return Err(StoreError::damaged("a piece of first touches is not whole"));
        }
        self.hold(users.last().map_or(0, |last| *last as usize + 1));
        for ((user, at), touch) in users.iter().zip(times).zip(ids) {
            self.see(whose(*user), (i64::from_be_bytes(*at), u32::from_be_bytes(*touch)), touches);
        }
        Ok(())
    }

    /// Looks at a touch of a user; at the same instant the one that sorts first counts.
    pub(super) fn see(&mut self, user: u32, (at, touch): FirstTouch, touches: &Touches) {
        let (place, word, bit) = (user as usize, user as usize / 64, 1_u64 << (user % 64));
        if at > self.latest && self.has.get(word).is_some_and(|word| word & bit != 0) {
            return;
        }
        self.hold(place + 1);
        if let Some(word) = self.has.get_mut(word) {
            *word |= bit;
        }
        self.latest = self.latest.max(at);
        let (Some(first), Some(through)) = (self.at.get_mut(place), self.touch.get_mut(place)) else { return };
        if at < *first || (at == *first && touches.is_before(touch, *through)) {
            (*first, *through) = (at, touch);
            self.fresh.push(user);
        }
    }

    /// Makes place for so many users at least.
    fn hold(&mut self, users: usize) {
        if self.at.len() < users {
            self.at.resize(users, NEVER);
            self.touch.resize(users, 0);
            self.has.resize(users.div_ceil(64), 0);
        }
    }

    /// First touch of a user.
    pub(super) fn get(&self, user: usize) -> Option<FirstTouch> {
        let at = self.at.get(user).copied().filter(|at| *at != NEVER)?;
        Some((at, self.touch.get(user).copied()?))
    }

    /// No user from this on has a touch.
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
        // Numbers never come again, so that readers can go on from the newest they know.
        let seg = last.last().map_or(0, |(seg, _)| seg + 1);
        let sizes: Vec<u64> = last.iter().map(|(_, n)| *n).collect();
        let merged = last.split_off(last.len() - tiers::due(&sizes, users.len() as u64, PIECE));
        let mut all = users.to_vec();
        for (seg, _) in &merged {
            let sql = "DELETE FROM first_touch WHERE seg = ?1 RETURNING n, users, at, touch";
            let mut statement = conn.prepare_cached(sql)?;
            let mut found = statement.query([seg])?;
            while let Some(row) = found.next()? {
                // Another process may have found an earlier one than is known here.
                self.take(row, touches, &|user| user)?;
                sets::unpack(row.get_ref(1)?.as_blob().unwrap_or_default(), &mut all);
            }
        }
        sets::normalise(&mut all);
        self.write(conn, seg, &all)
    }

    fn write(&self, conn: &Connection, seg: i64, users: &[u32]) -> Result<(), StoreError> {
        let (mut at, mut touch) = (Vec::with_capacity(users.len() * 8), Vec::with_capacity(users.len() * 4));
        for user in users {
            let (first, through) = self.get(*user as usize).unwrap_or((NEVER, 0));
            at.extend_from_slice(&first.to_be_bytes());
            touch.extend_from_slice(&through.to_be_bytes());
        }
        let sql = "INSERT INTO first_touch (seg, n, users, at, touch) VALUES (?1, ?2, ?3, ?4, ?5)";
        conn.prepare_cached(sql)?.execute((seg, users.len() as i64, sets::pack(users), at, touch))?;
        Ok(())
    }
}

/// What every user first came through; an id that counts as another user has nothing.
#[derive(Debug)]
pub struct FirstTouches {
    firsts: Firsts,
    users: u32,
}

impl FirstTouches {
    /// Number of users.
    pub fn users(&self) -> u32 {
        self.users
    }

    /// The touch of a user, if it was before an instant: the place of a [`Touch`](super::Touch).
    pub fn of(&self, user: u32, until: Instant) -> Option<u32> {
        self.firsts.get(user as usize).filter(|(at, _)| *at < until.0).map(|(_, touch)| touch)
    }
}

impl Store {
    /// What every user first came through.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first_touches(&self) -> Result<FirstTouches, StoreError> {
        let (people, users) = (self.people()?, self.users()?);
        let mut firsts = Firsts::of_about(users as usize);
        firsts.read_on(&self.conn, &Touches::all(&self.conn)?, |user| people.of(user), Vec::clear)?;
        Ok(FirstTouches { firsts, users })
    }

    /// Brings them up to the file's present state, unless it was made anew since; gives the users that are new, and those
    /// who have an earlier touch.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn refresh_first_touches(&self, all: &mut FirstTouches) -> Result<Vec<u32>, StoreError> {
        let people = self.people()?;
        all.firsts.read_on(&self.conn, &Touches::all(&self.conn)?, |user| people.of(user), |_| {})?;
        let users = self.users()?;
        let mut changed: Vec<u32> = (all.users..users).collect();
        changed.append(&mut all.firsts.fresh);
        sets::normalise(&mut changed);
        all.users = users;
        Ok(changed)
    }
}
