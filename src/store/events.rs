//! Storing events: identity, the row, and what the rollups learn of it.

use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;

use super::blocks::Cells;
use super::dictionary::Dictionary;
use super::firsts::Firsts;
use super::hash::{RowHash, Short, short};
use super::identity::{DayIndex, Identities, Known, Place};
use super::parcel::{EventParcel, Packed};
use super::passive::Passive;
use super::rollup::{Delta, Seen};
use super::touches::{Touches, has_labels};
use super::{StoreError, TermKind};
use crate::domain::calendar::{Calendar, DAY_MICROS, Instant};
use crate::domain::days::DayFinder;

/// Repeated rows remembered before they are looked for among the stored ones again.
const REPEATS: usize = 1_000_000;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Inserted,
    /// Stored by a stopped run of the same import, and new in the view of this one.
    Resumed,
    Duplicate,
    Conflict,
}

/// Where events go.
pub(super) struct Desk<'a> {
    pub(super) conn: &'a Connection,
    pub(super) dictionary: &'a mut Dictionary,
    pub(super) calendar: Calendar,
    pub(super) batch: i64,
}

/// State of one batch of events.
#[derive(Debug, Default)]
pub(super) struct EventSink {
    identities: Identities,
    delta: Delta,
    firsts: Option<Firsts>,
    /// The commit that made everything anew, as of which the firsts are known.
    rebuilt: Option<i64>,
    /// Rows met in this run by UTC day.
    met: FxHashMap<i32, Met>,
    /// How often a row without id was met in this run, where more than once. Only a shortcut: `met` tells it too.
    repeats: FxHashMap<u128, u32>,
    touches: Touches,
    passive: Passive,
}

/// One bit for each number of a UTC day.
#[derive(Debug, Default)]
struct Met(Vec<u64>);

/// What the texts of a parcel are in the file.
struct Ids {
    /// Names, and whether their events are no activity.
    names: Vec<(u32, bool)>,
    channels: Vec<u32>,
    platforms: Vec<u32>,
    /// Touches of rows whose properties tell nothing, by channel, as they are asked for.
    touches: Vec<Option<u32>>,
    /// Whether properties may tell more of where a row came from than its channel.
    labelled: Vec<bool>,
    /// Users of the rows, from 1; 0 is none.
    users: Vec<u32>,
}

impl EventSink {
    /// Stores the events of a parcel and tells what became of each, in their order.
    pub(super) fn take(
        &mut self,
        desk: &mut Desk<'_>,
        parcel: &EventParcel,
        settle: &mut dyn FnMut(&Packed, Fate),
    ) -> Result<(), StoreError> {
        let mut firsts = self.firsts(desk.conn)?;
        let mut ids = self.ids(desk, parcel)?;
        let users = std::mem::take(&mut ids.users);
        let mut finder = DayFinder::new(desk.calendar);
        let (mut rows, mut users) = (parcel.rows(), &users[..]);
        while let Some(first) = rows.first() {
            let day = Instant(first.at).utc_day();
            let start = i64::from(day) * DAY_MICROS;
            let own = |row: &Packed| (0..DAY_MICROS).contains(&(row.at - start));
            let of_day = rows.iter().take_while(|row| own(row)).count();
            let ((day_rows, later_rows), (day_users, later_users)) = (rows.split_at(of_day), users.split_at(of_day));
            let (place, day_rows) = ((desk.conn, desk.batch, day), day_rows.iter().zip(day_users));
            self.take_day(place, (parcel, &mut ids), day_rows, (&mut firsts, &mut finder), settle)?;
            (rows, users) = (later_rows, later_users);
        }
        self.firsts = Some(firsts);
        self.identities.trim();
        Ok(())
    }

    fn firsts(&mut self, conn: &Connection) -> Result<Firsts, StoreError> {
        if let Some(firsts) = self.firsts.take() {
            return Ok(firsts);
        }
        self.touches = Touches::all(conn)?;
        self.rebuilt = rebuilt_at(conn)?;
        Firsts::read(conn, &self.touches)
    }

    fn ids(&mut self, desk: &mut Desk<'_>, parcel: &EventParcel) -> Result<Ids, StoreError> {
        let Desk { conn, dictionary, .. } = desk;
        let mut names = Vec::with_capacity(parcel.names.len());
        for text in parcel.names.iter() {
            let id = dictionary.term(conn, TermKind::EventName, text)?;
            names.push((id, self.passive.is(conn, id, text)?));
        }
        let mut terms = |kind, texts: &super::texts::Texts| {
            texts.iter().map(|text| dictionary.term(conn, kind, text)).collect::<Result<Vec<u32>, _>>()
        };
        let (channels, platforms) =
            (terms(TermKind::Channel, &parcel.channels)?, terms(TermKind::Platform, &parcel.platforms)?);
        let users: Vec<Option<&str>> = parcel.rows().iter().map(|row| parcel.user(row)).collect();
        let users = dictionary.users(&users)?;
        Ok(Ids {
            names,
            touches: vec![None; channels.len()],
            channels,
            platforms,
            labelled: parcel.props.iter().map(has_labels).collect(),
            users,
        })
    }

    /// Stores rows of one UTC day.
    fn take_day<'p>(
        &mut self,
        place: Place<'_>,
        (parcel, ids): (&'p EventParcel, &mut Ids),
        rows: impl Iterator<Item = (&'p Packed, &'p u32)>,
        (firsts, finder): (&mut Firsts, &mut DayFinder),
        settle: &mut dyn FnMut(&Packed, Fate),
    ) -> Result<(), StoreError> {
        let (conn, batch, day) = place;
        let index = self.identities.day(conn, batch, day)?;
        let met = self.met.entry(day).or_default();
        let start = i64::from(day) * DAY_MICROS;
        for (row, user) in rows {
            let (name, passive) = ids.names.get(row.name as usize).copied().unwrap_or_default();
            let cells = ids.cells(row, start, *user, name);
            let props = parcel.props(row);
            let (hash, known) = match row.identity {
                Some(hash) => (hash, index.find(place, hash)?),
                None => ordinal(index, place, (met, &mut self.repeats), row.content)?,
            };
            if let Some(Known { number, ours }) = known {
                let again = met.meet(number);
                let fate = match (index.says(number, cells, props), ours && !again) {
                    (true, true) => Fate::Resumed,
                    (true, false) => Fate::Duplicate,
                    (false, _) => Fate::Conflict,
                };
                settle(row, fate);
                continue;
            }
            met.meet(index.claim(hash, cells, props)?);
            let day = finder.day(Instant(row.at));
            self.delta.add(&Seen { day, user: *user, name, passive, platform: cells.platform });
            if let (Some(user), Some(touch)) =
                (user.checked_sub(1), ids.touch(conn, &mut self.touches, parcel, (row, cells.channel))?)
            {
                firsts.see(user, (row.at, touch), &self.touches);
            }
            settle(row, Fate::Inserted);
        }
        Ok(())
    }

    /// Writes what is not in the file yet; gives the local days that changed, and whether touches or roles came.
    pub(super) fn flush(&mut self, conn: &Connection, batch: i64) -> Result<(Vec<i32>, bool), StoreError> {
        self.identities.flush(conn, batch)?;
        let days = self.delta.flush(conn)?;
        if let Some(firsts) = &mut self.firsts {
            firsts.flush(conn, &self.touches)?;
        }
        let grew = (std::mem::take(&mut self.touches.grew), std::mem::take(&mut self.passive.grew));
        Ok((days, grew.0 || grew.1))
    }

    /// Drops what another process may have changed.
    pub(super) fn forget(&mut self, conn: &Connection) -> Result<(), StoreError> {
        self.identities.forget();
        self.passive.forget();
        if self.firsts.is_some() {
            self.touches = Touches::all(conn)?;
        }
        if rebuilt_at(conn)? != self.rebuilt {
            self.firsts = None;
        }
        Ok(())
    }

    /// Begins a run of its own: what was met so far is another run's.
    pub(super) fn forget_run(&mut self) {
        self.met.clear();
        self.repeats.clear();
        self.identities.forget();
    }
}

impl Ids {
    /// What a row says; its day begins at `start`.
    fn cells(&self, row: &Packed, start: i64, user: u32, name: u32) -> Cells {
        let of =
            |ids: &[u32], place: u32| place.checked_sub(1).and_then(|at| ids.get(at as usize)).map_or(0, |id| id + 1);
        Cells {
            t: row.at - start,
            name,
            user,
            platform: of(&self.platforms, row.platform),
            channel: of(&self.channels, row.channel),
        }
    }

    /// What the user of a row came through, if it tells; `channel` is its channel in the file, from 1.
    fn touch(
        &mut self,
        conn: &Connection,
        touches: &mut Touches,
        parcel: &EventParcel,
        (row, channel): (&Packed, u32),
    ) -> Result<Option<u32>, StoreError> {
        let Some((place, channel)) = row.channel.checked_sub(1).zip(channel.checked_sub(1)) else { return Ok(None) };
        let labelled = row.props.checked_sub(1).and_then(|at| self.labelled.get(at as usize)).copied().unwrap_or(false);
        match self.touches.get_mut(place as usize) {
            Some(known) if !labelled => {
                let touch = known.map_or_else(|| touches.id(conn, (channel, parcel.channels.get(place)), None), Ok)?;
                *known = Some(touch);
                Ok(Some(touch))
            }
            _ => touches.id(conn, (channel, parcel.channels.get(place)), parcel.props(row)).map(Some),
        }
    }
}

/// Identity of a row without an id (metrics.md): all its fields, and its ordinal among equal rows of this run. Gives the
/// hash of the first ordinal that this run has not met, and the number stored under it.
fn ordinal(
    index: &mut DayIndex,
    place: Place<'_>,
    (met, repeats): (&Met, &mut FxHashMap<u128, u32>),
    content: u128,
) -> Result<(Short, Option<Known>), StoreError> {
    let mut ordinal = repeats.get(&content).copied().unwrap_or(0);
    let mut hash = RowHash::default();
    loop {
        ordinal += 1;
        hash.clear().number((content >> 64) as i64).number(content as i64).number(i64::from(ordinal));
        let hash = short(hash.digest());
        let known = index.find(place, hash)?;
        if known.is_some_and(|known| met.has(known.number)) {
            continue;
        }
        if ordinal > 1 {
            if repeats.len() >= REPEATS {
                repeats.clear();
            }
            repeats.insert(content, ordinal);
        }
        return Ok((hash, known));
    }
}

impl Met {
    fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Marks a row as met; true where it was before.
    fn meet(&mut self, number: u32) -> bool {
        let at = number as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        let bit = 1_u64 << (number % 64);
        self.0.get_mut(at).is_some_and(|word| std::mem::replace(word, *word | bit) & bit != 0)
    }
}

/// The newest commit that made everything anew.
pub(super) fn rebuilt_at(conn: &Connection) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT seq FROM change WHERE part = 'rebuilt'";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?)
}
