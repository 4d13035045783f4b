//! What only all values of a column together tell (formats.md A6, A8).

use super::number::{Comma, only_decimal_comma};
use super::time::{Slash, day_month};
use super::{Field, Mapping, NotUnderstood, Shape};

/// The columns of a file whose commas are decimal: the field, and the title where each title is a number of its own.
#[derive(Debug, Clone, Default)]
pub(super) struct Commas {
    decimal: Vec<(Field, String)>,
}

impl Commas {
    pub(super) fn of(&self, field: Field, title: &str) -> Comma {
        let is_decimal = self.decimal.iter().any(|(f, t)| *f == field && t == title);
        if is_decimal { Comma::Decimal } else { Comma::Thousands }
    }

    fn add(&mut self, field: Field, title: &str) {
        if self.of(field, title) == Comma::Thousands {
            self.decimal.push((field, title.to_owned()));
        }
    }

    /// Columns with decimal commas.
    pub(super) fn decimal(&self) -> &[(Field, String)] {
        &self.decimal
    }
}

/// What the values seen so far tell.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) commas: Commas,
    /// Lines of the first date that can only have the day first, the month first, or either.
    day_first: Option<u64>,
    month_first: Option<u64>,
    unclear: Option<u64>,
}

impl Values {
    /// Looks at one value, written as text.
    pub(super) fn look(&mut self, (field, title): (Field, &str), text: &str, line: u64) {
        match field {
            Field::Amount | Field::Refunded | Field::Impressions | Field::Clicks | Field::Value | Field::Rate
                if only_decimal_comma(text) =>
            {
                self.commas.add(field, title);
            }
            _ if field.is_date() => match day_month(text) {
                Some((13..=31, 1..=12)) => self.day_first = self.day_first.or(Some(line)),
                Some((1..=12, 13..=31)) => self.month_first = self.month_first.or(Some(line)),
                Some((1..=12, 1..=12)) => self.unclear = self.unclear.or(Some(line)),
                _ => {}
            },
            _ => {}
        }
    }

    /// Day or month first.
    pub(super) fn slash(&self, shape: &Shape, mapping: &Mapping) -> Result<Option<Slash>, NotUnderstood> {
        let fail = |line, why: &str| Err(NotUnderstood::new(&shape.file, line, why, mapping.slash_advice()));
        match (self.day_first, self.month_first, self.unclear) {
            (Some(_), Some(line), _) => fail(Some(line), "some dates have the day first, others the month"),
            (Some(_), None, _) => Ok(Some(Slash::Dmy)),
            (None, Some(_), _) => Ok(Some(Slash::Mdy)),
            (None, None, Some(line)) => fail(Some(line), "nothing tells day from month in dates such as 03/04/2026"),
            (None, None, None) => Ok(None),
        }
    }
}
