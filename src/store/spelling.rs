//! Stored events as the texts that they stand for.

use rusqlite::Connection;

use super::blocks::Rows;
use super::texts::Texts;
use super::{StoreError, TermKind};
use crate::domain::calendar::{DAY_MICROS, Instant};
use crate::domain::records::{Event, Text};

/// The texts of every id that events have.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    users: Texts,
    names: Vec<String>,
    channels: Vec<String>,
    platforms: Vec<String>,
}

impl Spelling {
    pub(super) fn read(conn: &Connection) -> Result<Self, StoreError> {
        let mut users = Texts::default();
        let mut statement = conn.prepare_cached("SELECT name FROM user ORDER BY id")?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            users.put(row.get_ref(0)?.as_str().unwrap_or_default())?;
        }
        let mut statement = conn.prepare_cached("SELECT text FROM term WHERE kind = ?1 ORDER BY id")?;
        let mut terms = |kind: TermKind| {
            let rows = statement.query_map([kind.code()], |row| row.get(0))?;
            Ok::<_, StoreError>(rows.collect::<Result<Vec<String>, _>>()?)
        };
        let (names, channels, platforms) =
            (terms(TermKind::EventName)?, terms(TermKind::Channel)?, terms(TermKind::Platform)?);
        Ok(Self { users, names, channels, platforms })
    }

    pub(super) fn user(&self, id: u32) -> &str {
        self.users.get(id)
    }

    pub(super) fn name(&self, id: u32) -> &str {
        self.names.get(id as usize).map_or("", String::as_str)
    }

    pub(super) fn platform(&self, id: u32) -> &str {
        self.platforms.get(id as usize).map_or("", String::as_str)
    }

    /// A row of a UTC day, without its id, which is not stored.
    pub(super) fn event<'a>(&'a self, day: i32, rows: &'a Rows, at: usize) -> Event<'a> {
        let cells = rows.cells(at);
        let of = |texts: &'a [String], id: u32| {
            id.checked_sub(1).and_then(|id| texts.get(id as usize)).map(|text| Text::Borrowed(text.as_str()))
        };
        Event {
            id: None,
            user: cells.user.checked_sub(1).map(|user| Text::Borrowed(self.user(user))),
            at: Instant(i64::from(day) * DAY_MICROS + cells.t),
            name: Text::Borrowed(self.name(cells.name)),
            channel: of(&self.channels, cells.channel),
            platform: of(&self.platforms, cells.platform),
            props: rows.props(at).map(Text::Borrowed),
        }
    }
}
