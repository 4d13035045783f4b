//! Objects of one line whose keys stand in the order of the first lines, some of them left out; strings without escapes,
//! numbers, flags and null.

use super::super::json;
use super::super::mapping::Column;
use super::super::time::TimeRules;
use super::super::words::{Word, eight, first};
use super::{CHANNEL, TEXTS, To, event, row};
use crate::domain::records::Lent;

/// Where a value begins and ends.
type Span = (usize, usize);

#[derive(Debug)]
pub(in crate::ingest) struct Objects {
    keys: Vec<Key>,
    /// The file has channels, so none is taken from properties.
    has_channel: bool,
    /// Keys of a row's properties, and their values as written.
    found: Vec<(usize, Span)>,
    /// A row's properties as one object.
    props: String,
}

#[derive(Debug)]
struct Key {
    /// With its quotes and the colon, and the quote of a string behind them.
    written: String,
    to: To,
}

impl Key {
    /// Without the quote of a string.
    fn of_any(&self) -> &str {
        self.written.strip_suffix('"').unwrap_or_default()
    }
}

impl Objects {
    pub(super) fn of(columns: &[To], titled: &[Column]) -> Option<Self> {
        let is_plain = |column: &Column| !column.title.contains(|c: char| c < ' ' || matches!(c, '"' | '\\'));
        let has_channel = columns.contains(&To::Text(CHANNEL));
        let written = titled.iter().map(|column| format!("\"{}\":\"", column.title));
        let keys = written.zip(columns).map(|(written, to)| Key { written, to: *to }).collect();
        titled.iter().all(is_plain).then(|| Self { keys, has_channel, found: Vec::new(), props: String::new() })
    }

    pub(super) fn read<'a>(&'a mut self, text: &'a str, times: &mut TimeRules) -> Option<(Lent<'a>, usize)> {
        let mut spans = [(0, 0); TEXTS];
        let len = self.cut(text.as_bytes(), &mut spans)?;
        let (text, whole) = row(text, len)?;
        let mut texts = [""; TEXTS];
        for (to, (start, end)) in texts.iter_mut().zip(spans) {
            *to = text.get(start..end).unwrap_or_default();
        }
        self.gather(text)?;
        let props = Some(self.props.as_str()).filter(|props| !props.is_empty());
        Some((event(texts, props, times)?, whole))
    }

    /// Finds the values of the row, and gives its length.
    fn cut(&mut self, bytes: &[u8], spans: &mut [Span; TEXTS]) -> Option<usize> {
        self.found.clear();
        if bytes.first() != Some(&b'{') {
            return None;
        }
        let (mut place, mut next) = (1, 0);
        loop {
            let (at, Value { span: (from, to), is_string, is_null }) = self.entry(bytes, place, next)?;
            // A key is met once: those before it are behind.
            next = at + 1;
            match self.keys.get(at)?.to {
                To::Nowhere => {}
                _ if is_null => {}
                To::Text(text) => *spans.get_mut(text)? = (from, to),
                To::Property => self.found.push((at, (from - usize::from(is_string), to + usize::from(is_string)))),
                To::Nested => return None,
            }
            place = blanks(bytes, to + usize::from(is_string));
            match bytes.get(place)? {
                b',' => place += 1,
                b'}' => return Some(place + 1),
                _ => return None,
            }
        }
    }

    /// The key that follows a place, from the `next` on, and its value.
    fn entry(&self, bytes: &[u8], place: usize, next: usize) -> Option<(usize, Value)> {
        // Mostly it is the very next, with a string and without a blank: one comparison tells.
        if let Some(key) = self.keys.get(next).filter(|key| begins(bytes, place, &key.written)) {
            return Some((next, text(bytes, place + key.written.len())?));
        }
        let place = blanks(bytes, place);
        let mut keys = self.keys.iter().enumerate().skip(next);
        let (at, key) = keys.find(|(_, key)| begins(bytes, place, key.of_any()))?;
        Some((at, value(bytes, blanks(bytes, place + key.of_any().len()))?))
    }

    /// Makes one object of the properties of a row, where they tell nothing else.
    fn gather(&mut self, text: &str) -> Option<()> {
        self.props.clear();
        for (key, (from, to)) in &self.found {
            self.props.push(if self.props.is_empty() { '{' } else { ',' });
            self.props.push_str(self.keys.get(*key)?.of_any());
            self.props.push_str(text.get(*from..*to)?);
        }
        if !self.found.is_empty() {
            self.props.push('}');
        }
        (self.has_channel || !self.props.contains("utm_source")).then_some(())
    }
}

struct Value {
    /// Without quotes.
    span: Span,
    is_string: bool,
    is_null: bool,
}

/// The value at a place.
fn value(bytes: &[u8], from: usize) -> Option<Value> {
    if bytes.get(from)? == &b'"' {
        return text(bytes, from + 1);
    }
    let rest = bytes.get(from..)?;
    let word = rest.get(..rest.iter().position(|b| matches!(b, b',' | b'}' | b' ' | b'\n'))?)?;
    let word = std::str::from_utf8(word).ok()?;
    let is_value = matches!(word, "true" | "false" | "null") || json::is_short_number(word);
    is_value.then_some(Value { span: (from, from + word.len()), is_string: false, is_null: word == "null" })
}

/// The string whose first quote is behind.
fn text(bytes: &[u8], from: usize) -> Option<Value> {
    Some(Value { span: (from, from + string(bytes.get(from..)?)?), is_string: true, is_null: false })
}

fn begins(bytes: &[u8], place: usize, word: &str) -> bool {
    bytes.get(place..).is_some_and(|rest| rest.starts_with(word.as_bytes()))
}

/// Length of a string whose first quote is behind.
fn string(rest: &[u8]) -> Option<usize> {
    for (at, word) in rest.as_chunks::<8>().0.iter().enumerate() {
        let word = Word::of(*word);
        let stops = word.find(eight(b'"')) | word.find(eight(b'\\')) | word.controls();
        if stops != 0 {
            let len = at * 8 + first(stops);
            return (rest.get(len) == Some(&b'"')).then_some(len);
        }
    }
    None
}

/// The first place from one on where no blank stands.
fn blanks(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| **byte == b' ').count()
}
