//! Rows of named columns, written as an aligned table, CSV, JSON or NDJSON. Column names are stable.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use crate::domain::money;
use crate::query::Number;
use crate::ui::text;

use super::output::{Failure, Out};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Aligned for reading
    #[default]
    Table,
    /// RFC 4180 with a header line
    Csv,
    /// One object with the choices made and the rows
    Json,
    /// One object a line
    Ndjson,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Undefined or no data: `--` in a table, empty in CSV, `null` in JSON.
    Missing,
    /// The whole of what other rows split: `total` in a table, empty in CSV, `null` in JSON.
    Total,
    /// Text, possibly imported.
    Text(String),
    /// A number already formatted for a table.
    Shown(String),
    /// A count.
    Count(i128),
    /// Exact decimal text of money: a string in JSON, so that no reader rounds it.
    Money(String),
    /// A rate with six decimals: a number in JSON.
    Rate(String),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// A text cell.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A value of a metric: counts whole, money exact, money per head rounded to micros, rates to six decimals.
    pub fn number(number: Number) -> Self {
        match number {
            Number::None => Self::Missing,
            Number::Count(n) => Self::Count(n),
            Number::Money(micros) => Self::Money(money::exact(micros)),
            Number::MoneyPer { num, den } => Self::Money(money::exact(divided(num, den))),
            Number::Ratio { num, den } | Number::Mean { num, den } => Self::Rate(rate(num, den)),
        }
    }

    /// Whether it stands at the right, as numbers do.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Money(_) | Self::Rate(_) | Self::Shown(_))
    }

    /// As it stands in CSV.
    pub fn plain(&self) -> String {
        match self {
            Self::Missing | Self::Total => String::new(),
            Self::Text(text) | Self::Money(text) | Self::Rate(text) | Self::Shown(text) => text.clone(),
            Self::Count(n) => n.to_string(),
            Self::Flag(yes) => yes.to_string(),
        }
    }

    fn json(&self) -> String {
        match self {
            Self::Missing | Self::Total => "null".to_owned(),
            Self::Text(text) | Self::Money(text) | Self::Shown(text) => json_text(text),
            Self::Rate(text) => text.clone(),
            Self::Count(n) => n.to_string(),
            Self::Flag(yes) => yes.to_string(),
        }
    }
}

/// Rounds half away from zero; `den` is above 0.
fn divided(num: i128, den: i128) -> i128 {
    let half = den / 2;
    if num >= 0 { (num + half) / den } else { (num - half) / den }
}

/// Six decimals of a fraction, rounded half away from zero.
pub fn rate(num: i128, den: i128) -> String {
    money_like(divided(num.saturating_mul(1_000_000), den))
}

/// Micros a head in some decimals of the major unit, rounded half away from zero once; `den` is above 0.
pub fn head(num: i128, den: i128, decimals: u32) -> String {
    let unit = 10_i128.pow(6 - decimals.min(6));
    money::rounded(divided(num, den.saturating_mul(unit)).saturating_mul(unit), decimals)
}

fn money_like(millionths: i128) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let size = millionths.unsigned_abs();
    format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
}

/// JSON text in which nothing invisible or obeyed by a terminal stands as itself: such characters are `\u` escapes,
/// which a reader turns back into what was imported.
pub fn json_text(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c => push_escaped(&mut out, c),
        }
    }
    out.push('"');
    out
}

/// JSON in which the characters that a terminal obeys, or nobody sees, are `\u` escapes; they can only be in strings.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 8);
    json.chars().for_each(|c| push_escaped(&mut out, c));
    out
}

fn push_escaped(out: &mut String, c: char) {
    if !text::is_unsafe(c) {
        return out.push(c);
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// Rows of named columns.
pub struct Table {
    /// Stable names.
    pub columns: Vec<Cow<'static, str>>,
    /// One cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// The choices behind the numbers, such as zone and criterion: name and value.
    pub choices: Vec<(&'static str, String)>,
}

/// How a table is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Only ASCII.
    pub ascii: bool,
    /// No rule under the heads.
    pub plain: bool,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: &[&'static str]) -> Self {
        Self {
            columns: columns.iter().map(|name| Cow::Borrowed(*name)).collect(),
            rows: Vec::new(),
            choices: Vec::new(),
        }
    }

    /// Some of its columns, in the order named.
    #[must_use]
    pub fn picked(self, names: &[&str]) -> Self {
        let place = |name: &&str| self.columns.iter().position(|column| column == name);
        let places: Vec<usize> = names.iter().filter_map(place).collect();
        let columns = places.iter().map(|at| self.columns[*at].clone()).collect();
        let row = |row: &Vec<Cell>| places.iter().map(|at| row[*at].clone()).collect();
        Self { columns, rows: self.rows.iter().map(row).collect(), choices: self.choices }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Any error of standard output.
    pub fn write(&self, out: &mut Out, format: Format, look: Look) -> Result<(), Failure> {
        match format {
            Format::Table => self.write_aligned(out, look),
            Format::Csv => self.write_csv(out),
            Format::Json => self.write_json(out),
            Format::Ndjson => {
                for row in &self.rows {
                    out.line(&self.object(row))?;
                }
                Ok(())
            }
        }
    }

    fn write_aligned(&self, out: &mut Out, look: Look) -> Result<(), Failure> {
        if !self.choices.is_empty() {
            let choices: Vec<_> =
                self.choices.iter().map(|(name, value)| format!("{name} {}", text::safe(value))).collect();
            out.line(&choices.join("  "))?;
        }
        let cells: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
        let right: Vec<bool> = (0..self.columns.len()).map(|c| self.is_numeric(c)).collect();
        let mut widths: Vec<usize> = self.columns.iter().map(|name| text::width(name)).collect();
        for row in &cells {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(text::width(cell));
            }
        }
        if let Some(columns) = out.columns {
            self.shrink(&mut widths, &right, columns);
        }
        let heads: Vec<String> = self.columns.iter().map(ToString::to_string).collect();
        out.line(&aligned(&heads, &widths, &right, look.ascii))?;
        if !look.plain {
            let rule = if look.ascii { "-" } else { "─" };
            let rules: Vec<String> = widths.iter().map(|width| rule.repeat(*width)).collect();
            out.line(&rules.join("  "))?;
        }
        for row in &cells {
            out.line(&aligned(row, &widths, &right, look.ascii))?;
        }
        Ok(())
    }

    /// Whether a column holds numbers, which stand at the right and are never cut.
    pub fn is_numeric(&self, column: usize) -> bool {
        self.rows.iter().any(|row| row[column].is_number())
            && self.rows.iter().all(|row| row[column].is_number() || row[column] == Cell::Missing)
    }

    /// Takes cells from the widest text column until the table fits a terminal line.
    fn shrink(&self, widths: &mut [usize], right: &[bool], columns: usize) {
        let gaps = 2 * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > columns {
            let widest = (0..widths.len()).filter(|c| !right[*c]).max_by_key(|c| widths[*c]);
            match widest {
                Some(c) if widths[c] > text::width(&self.columns[c]).max(8) => widths[c] -= 1,
                _ => return,
            }
        }
    }

    fn write_csv(&self, out: &mut Out) -> Result<(), Failure> {
        let terminal = out.terminal;
        let mut csv = csv::Writer::from_writer(&mut *out);
        let written = csv.write_record(self.columns.iter().map(AsRef::as_ref)).and_then(|()| {
            for row in &self.rows {
                csv.write_record(row.iter().map(|cell| {
                    let text = cell.plain();
                    if terminal { text::safe(&text).to_string() } else { text }
                }))?;
            }
            Ok(())
        });
        written.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => Failure::from(error),
            other => Failure::failed(format!("CSV: {other:?}")),
        })?;
        Ok(csv.flush()?)
    }

    fn write_json(&self, out: &mut Out) -> Result<(), Failure> {
        let choices: Vec<_> =
            self.choices.iter().map(|(name, value)| format!("{}: {}", json_text(name), json_text(value))).collect();
        write!(out, "{{\n  \"choices\": {{{}}},\n  \"rows\": [", choices.join(", "))?;
        for (index, row) in self.rows.iter().enumerate() {
            write!(out, "{}\n    {}", if index == 0 { "" } else { "," }, self.object(row))?;
        }
        out.line(if self.rows.is_empty() { "]\n}" } else { "\n  ]\n}" })
    }

    fn object(&self, row: &[Cell]) -> String {
        let pairs: Vec<_> =
            self.columns.iter().zip(row).map(|(name, cell)| format!("{}: {}", json_text(name), cell.json())).collect();
        format!("{{{}}}", pairs.join(", "))
    }
}

/// As it stands in a table for reading.
pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Missing => "--".to_owned(),
        Cell::Total => "total".to_owned(),
        Cell::Text(text) => text::safe(text).to_string(),
        other => other.plain(),
    }
}

fn aligned(cells: &[String], widths: &[usize], right: &[bool], ascii: bool) -> String {
    let mut line = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            line.push_str("  ");
        }
        let cut = text::cut(cell, widths[index], ascii);
        let pad = " ".repeat(widths[index].saturating_sub(text::width(&cut)));
        if right[index] {
            line.push_str(&pad);
            line.push_str(&cut);
        } else {
            line.push_str(&cut);
            line.push_str(&pad);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_rounded_once() {
        assert_eq!(Cell::number(Number::ratio(2, 3)), Cell::Rate("0.666667".into()));
        assert_eq!(Cell::number(Number::ratio(-1, 3)), Cell::Rate("-0.333333".into()));
        assert_eq!(Cell::number(Number::money_per(10_000_000, 3)), Cell::Money("3.333333".into()));
        assert_eq!(Cell::number(Number::Money(-54_500_000)), Cell::Money("-54.5".into()));
        assert_eq!(Cell::number(Number::ratio(1, 0)), Cell::Missing);
        assert_eq!((head(10_000_000, 3, 2), head(-5_000_000, 1_000, 2)), ("3.33".into(), "-0.01".into()));
        assert_eq!((head(4_999_999, 1_000, 2), head(2_500_000, 1, 0)), ("0.00".into(), "3".into()));
    }

    #[test]
    fn json_escapes_what_a_terminal_would_obey_and_loses_nothing() {
        let hostile = "a\"\\\u{1b}]52;c;x\u{7}\u{202e}\u{e0041}é";
        let written = json_text(hostile);
        assert_eq!(written, r#""a\"\\\u001b]52;c;x\u0007\u202e\udb40\udc41é""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
    }

    #[test]
    fn a_table_is_aligned_by_display_width() {
        let widths = [4, 6];
        assert_eq!(aligned(&["渠道".into(), "12".into()], &widths, &[false, true], false), "渠道      12");
        assert_eq!(aligned(&["a".into(), "1,520".into()], &widths, &[false, true], false), "a      1,520");
    }
}
