//! The usual row of events, from the bytes at hand to its texts without a step between. Whatever is not certainly such a
//! row is left to the reader of any row, which would have read it the same way.

mod delimited;
mod objects;

use super::mapping::{Column, Mapping};
use super::time::TimeRules;
use super::{FIELD_LIMIT, Field, Shape};
use crate::domain::records::{Kind, Lent};

use delimited::Delimited;
use objects::Objects;

/// Reads the usual rows of one file.
#[derive(Debug)]
pub(super) enum Usual {
    Delimited(Box<Delimited>),
    Objects(Objects),
}

/// Where the text of a column goes in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    /// A place among the texts of an event.
    Text(usize),
    /// Its properties.
    Property,
    /// Several properties in one.
    Nested,
    Nowhere,
}

/// Places of an event's texts.
const ID: usize = 0;
const USER: usize = 1;
const TIME: usize = 2;
const NAME: usize = 3;
const CHANNEL: usize = 4;
const PLATFORM: usize = 5;
/// How many they are.
const TEXTS: usize = 6;

impl To {
    fn of(column: &Column) -> Self {
        match column.field {
            Some(Field::Id) => Self::Text(ID),
            Some(Field::User) => Self::Text(USER),
            Some(Field::Time) => Self::Text(TIME),
            Some(Field::Name) => Self::Text(NAME),
            Some(Field::Channel) => Self::Text(CHANNEL),
            Some(Field::Platform) => Self::Text(PLATFORM),
            Some(Field::Props) => Self::Nested,
            Some(_) => Self::Nowhere,
            None => Self::Property,
        }
    }
}

impl Usual {
    /// `None` where no row of the file can be a usual one.
    pub(super) fn of(mapping: &Mapping, shape: &Shape) -> Option<Self> {
        if mapping.kind != Kind::Events || mapping.format.is_some() {
            return None;
        }
        let columns: Vec<To> = mapping.columns.iter().map(To::of).collect();
        let has_two = |text| columns.iter().filter(|to| **to == To::Text(text)).count() > 1;
        if (0..TEXTS).any(has_two) {
            return None;
        }
        match shape.delimiter {
            Some(delimiter) => {
                Delimited::of(&columns, &shape.header, delimiter).map(|rows| Self::Delimited(Box::new(rows)))
            }
            None => Objects::of(&columns, &mapping.columns).map(Self::Objects),
        }
    }

    /// The event with which a text begins, and the length of its row with the line end.
    pub(super) fn read<'a>(&'a mut self, text: &'a str, times: &mut TimeRules) -> Option<(Lent<'a>, usize)> {
        match self {
            Self::Delimited(rows) => rows.read(text, times),
            Self::Objects(rows) => rows.read(text, times),
        }
    }
}

/// The event of some texts; empty ones are absent.
fn event<'a>(texts: [&'a str; TEXTS], props: Option<&'a str>, times: &mut TimeRules) -> Option<Lent<'a>> {
    let given = |text: &'a str| (!text.is_empty()).then_some(text);
    let [id, user, time, name, channel, platform] = texts;
    let name = given(name)?;
    let at = times.usual(time)?;
    Some(Lent { id: given(id), user: given(user), at, name, channel: given(channel), platform: given(platform), props })
}

/// The first row of a text, which has such a length, and the length with its line end, where it is no longer than a field
/// may be.
fn row(text: &str, len: usize) -> Option<(&str, usize)> {
    let end = match text.as_bytes().get(len..)? {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => return None,
    };
    Some((text.get(..len).filter(|row| row.len() <= FIELD_LIMIT)?, len + end))
}
