//! Exports of vendors, known by their titles: which column is what, and what a row yields. One file each.

mod ads;
mod google;
mod meta;
mod payments;
mod shopify;
mod stripe;

use std::fmt;

use super::fields::fold;
use super::records::{FieldDraft, Made, Reader};
use super::refusal::Refusal;
use super::{Column, Field, Shape};
use crate::domain::records::Kind;

/// Every format, looked at in this order before the generic mapping.
static FORMATS: [&Format; 4] = [&shopify::FORMAT, &stripe::FORMAT, &google::FORMAT, &meta::FORMAT];

/// One export of one vendor. Titles are folded (see [`fold`]); `*` at one end stands for any text.
pub(super) struct Format {
    /// Name in summaries.
    pub(super) name: &'static str,
    /// Kind of its records.
    pub(super) kind: Kind,
    /// Titles that no other file has together: one of each group.
    known_by: &'static [&'static [&'static str]],
    /// Titles of each field; where the first is empty in a row, the next one serves.
    fields: &'static [(Field, &'static [&'static str])],
    /// Columns kept as properties. Others are dropped: addresses and cards are nobody's business here.
    kept: &'static [&'static str],
    /// Makes the records of a row.
    pub(super) make: Make,
}

type Make = for<'a> fn(&mut Reader, &mut FieldDraft<'a>, &mut Memory) -> Result<Made<'a>, Refusal>;

/// What a format knows from the rows above.
#[derive(Debug, Default)]
pub(super) struct Memory {
    order: Option<shopify::Order>,
}

impl Format {
    /// The field of a title, and how many titles go before it.
    pub(super) fn field(&self, title: &str) -> Option<(Field, usize)> {
        let title = fold(title);
        let titles = self.fields.iter().flat_map(|(field, titles)| titles.iter().map(|title| (*field, title)));
        titles.enumerate().find(|(_, (_, pattern))| fits(pattern, &title)).map(|(rank, (field, _))| (field, rank))
    }

    /// Whether the cells of a column are kept as a property.
    pub(super) fn keeps(&self, column: &Column) -> bool {
        let title = fold(&column.title);
        self.kept.iter().any(|pattern| fits(pattern, &title)) || (column.how == "typed" && column.field.is_none())
    }

    fn knows(&self, titles: &[String]) -> bool {
        self.known_by.iter().all(|group| group.iter().any(|pattern| titles.iter().any(|title| fits(pattern, title))))
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

/// The format of a file; `None` where its titles are nobody's.
pub(super) fn of(shape: &Shape) -> Option<&'static Format> {
    known(&shape.header)
}

/// Whether cells are the titles of a format.
pub(super) fn is_header(cells: &[String]) -> bool {
    known(cells).is_some()
}

fn known(cells: &[String]) -> Option<&'static Format> {
    let titles: Vec<String> = cells.iter().map(|cell| fold(cell)).collect();
    FORMATS.into_iter().find(|format| format.knows(&titles))
}

fn fits(pattern: &str, title: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => title.ends_with(end),
        (None, Some(start)) => title.starts_with(start),
        (None, None) => title == pattern,
    }
}

#[cfg(test)]
mod tests;
