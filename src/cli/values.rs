//! Values of targets as cells: as screens show them in a table, exact in files.

use crate::query::Unit;
use crate::ui::amount;
use crate::ui::format::{fixed, odds};

use super::table::{Cell, Format};

/// A value of a unit.
pub fn value(value: Option<f64>, unit: Unit, format: Format) -> Cell {
    match value {
        None => Cell::Missing,
        Some(_) if format == Format::Table => Cell::Shown(amount::full(value, unit)),
        Some(value) if matches!(unit, Unit::Money | Unit::MoneyPer) => Cell::Money(amount::exact(value, unit)),
        Some(value) => Cell::Rate(amount::exact(value, unit)),
    }
}

/// A fraction.
pub fn rate(rate: Option<f64>, format: Format) -> Cell {
    value(rate, Unit::Rate, format)
}

/// How many times one value is of another: `x0.85` in a table.
pub fn times(times: Option<f64>, format: Format) -> Cell {
    match times {
        None => Cell::Missing,
        Some(times) if format == Format::Table => Cell::Shown(format!("x{}", fixed(times, 2))),
        Some(times) => Cell::Rate(fixed(times, 6)),
    }
}

/// A probability: whole percent in a table, as nobody knows it better.
pub fn chance(p: Option<f64>, format: Format) -> Cell {
    match p {
        Some(p) if format == Format::Table => Cell::Shown(odds(p)),
        other => rate(other, format),
    }
}

/// A number of some kind, or none.
pub fn number(number: Option<i64>) -> Cell {
    number.map_or(Cell::Missing, |n| Cell::Count(n.into()))
}

/// A day, or none.
pub fn day(day: Option<crate::domain::calendar::Day>) -> Cell {
    day.map_or(Cell::Missing, |day| Cell::text(day.to_string()))
}

/// A text; nothing where it is empty.
pub fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Missing } else { Cell::text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_in_tables_and_exact_elsewhere() {
        assert_eq!(value(Some(300_000e6), Unit::Money, Format::Table), Cell::Shown("300,000".into()));
        assert_eq!(value(Some(300_000.5e6), Unit::Money, Format::Csv), Cell::Money("300000.5".into()));
        assert_eq!(value(Some(0.0234), Unit::Rate, Format::Json), Cell::Rate("0.0234".into()));
        assert_eq!(times(Some(0.851), Format::Table), Cell::Shown("x0.85".into()));
        assert_eq!((value(None, Unit::Users, Format::Table), rate(None, Format::Csv)), (Cell::Missing, Cell::Missing));
    }
}
