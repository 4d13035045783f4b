//! Events on their way to the file: packed and hashed on whatever thread reads them, stored by the one that writes.

use std::ops::Range;

use super::StoreError;
use super::hash::{RowHash, Short, short};
use super::texts::Texts;
use crate::domain::records::Lent;

/// Rows of a parcel at most.
const ROWS: usize = 4_096;
/// Bytes of text of a parcel, above which no further row is put in.
const BYTES: usize = 1 << 20;

/// Some events of one source.
#[derive(Debug, Default)]
pub struct EventParcel {
    /// Ids and users, one after another.
    text: String,
    rows: Vec<Packed>,
    pub(super) names: Texts,
    pub(super) channels: Texts,
    pub(super) platforms: Texts,
    pub(super) props: Texts,
    /// Begins with the source.
    hash: RowHash,
    /// Bytes of that beginning.
    source: usize,
}

/// One event. Channels, platforms and properties count from 1; 0 is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packed {
    pub(super) at: i64,
    pub(super) line: u64,
    /// Hash of all that it says.
    pub(super) content: u128,
    /// Hash of its id, if it has one.
    pub(super) identity: Option<Short>,
    /// Where its id and its user begin and end.
    starts: u32,
    id_ends: u32,
    user_ends: u32,
    has_user: bool,
    pub(super) name: u32,
    pub(super) channel: u32,
    pub(super) platform: u32,
    pub(super) props: u32,
}

impl EventParcel {
    /// An empty one.
    pub fn new(source: &str) -> Self {
        let mut hash = RowHash::default();
        let source = hash.text(Some(source)).len();
        Self { hash, source, ..Self::default() }
    }

    /// Whether it is time to hand it over.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.text.len() + self.props.bytes() >= BYTES
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no event.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds an event that stands on a line.
    ///
    /// # Errors
    /// When its texts do not fit in memory.
    pub fn push(&mut self, line: u64, event: &Lent<'_>) -> Result<(), StoreError> {
        let content = content(self.hash.back_to(self.source), event);
        let identity = event.id.map(|id| short(self.hash.back_to(self.source).number(1).text(Some(id)).digest()));
        let place =
            |texts: &mut Texts, text: Option<&str>| text.map_or(Ok(0), |text| texts.put_common(text).map(|n| n + 1));
        let starts = self.text.len() as u32;
        self.text.push_str(event.id.unwrap_or_default());
        let id_ends = self.text.len() as u32;
        self.text.push_str(event.user.unwrap_or_default());
        self.rows.push(Packed {
            at: event.at.0,
            line,
            content,
            identity,
            starts,
            id_ends,
            user_ends: self.text.len() as u32,
            has_user: event.user.is_some(),
            name: self.names.put_common(event.name)?,
            channel: place(&mut self.channels, event.channel)?,
            platform: place(&mut self.platforms, event.platform)?,
            props: event.props.map_or(Ok(0), |props| self.props.put(props).map(|n| n + 1))?,
        });
        Ok(())
    }

    pub(super) fn rows(&self) -> &[Packed] {
        &self.rows
    }

    pub(super) fn id(&self, row: &Packed) -> &str {
        self.part(row.starts..row.id_ends)
    }

    pub(super) fn user(&self, row: &Packed) -> Option<&str> {
        row.has_user.then(|| self.part(row.id_ends..row.user_ends))
    }

    fn part(&self, range: Range<u32>) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    pub(super) fn props(&self, row: &Packed) -> Option<&str> {
        row.props.checked_sub(1).map(|place| self.props.get(place))
    }

    /// What an event says, in one line.
    pub(super) fn raw(&self, row: &Packed) -> String {
        let channel = row.channel.checked_sub(1).map(|place| self.channels.get(place));
        let fields = [Some(self.id(row)), self.user(row), Some(self.names.get(row.name)), channel, self.props(row)];
        fields.into_iter().flatten().collect::<Vec<_>>().join(",")
    }

    /// Takes the events out and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
        for texts in [&mut self.names, &mut self.channels, &mut self.platforms, &mut self.props] {
            texts.clear();
        }
    }
}

/// Hash of a row's stored content, also what batch digests add up; `hash` begins with the source.
pub(super) fn content(hash: &mut RowHash, event: &Lent<'_>) -> u128 {
    hash.number(event.at.0).text(Some(event.name)).text(event.user);
    hash.text(event.channel).text(event.platform).text(event.props).digest()
}
