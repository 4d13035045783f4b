//! A golden table and its comparison with the engine's cells, in both directions.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::path::Path;

use quarterdeck::domain::money;
use quarterdeck::query::Number;

use super::rules::Rule;
use super::{Result, Tally};

/// Largest difference of a rate; the tables have six decimals.
const RATE: f64 = 1e-6;
/// Decimals of money in the tables.
const MONEY: u32 = 4;
/// Differences of one table that are printed.
const SHOWN: u64 = 3;

/// The engine's cells by row key and column.
pub type Cells = BTreeMap<Vec<String>, BTreeMap<&'static str, Number>>;

/// A golden table: titles and rows.
pub struct Golden {
    titles: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Golden {
    #[expect(clippy::disallowed_methods, reason = "a table is a file of the test, never a workspace")]
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path)?;
        let mut text = String::new();
        if path.extension().is_some_and(|e| e == "gz") {
            flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
        } else {
            bytes.as_slice().read_to_string(&mut text)?;
        }
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let titles = reader.headers()?.iter().map(str::to_owned).collect();
        let rows = reader.records().map(|r| Ok(r?.iter().map(str::to_owned).collect())).collect::<Result<_>>()?;
        Ok(Self { titles, rows })
    }

    /// The texts that name each row, in the order of the rule's keys.
    pub fn names(&self, rule: &Rule) -> Result<Vec<Vec<String>>> {
        let keys = self.places(rule)?;
        Ok(self.rows.iter().map(|row| keys.iter().map(|at| row[*at].clone()).collect()).collect())
    }

    fn places(&self, rule: &Rule) -> Result<Vec<usize>> {
        let place = |key: &&str| {
            let at = self.titles.iter().position(|t| t == key);
            at.ok_or_else(|| format!("{} has no column {key}", rule.table).into())
        };
        rule.keys.iter().map(place).collect()
    }

    /// Compares every cell, and looks for rows of the engine that the table should have.
    pub fn compare(&self, rule: &Rule, got: &Cells, out: &mut dyn Write) -> Result<Tally> {
        let mut tally = Tally { tables: 1, ..Tally::default() };
        let keys = self.places(rule)?;
        let mut listed = BTreeSet::new();
        for row in &self.rows {
            let key: Vec<String> = keys.iter().map(|at| row[*at].clone()).collect();
            let mine = got.get(&key);
            for (at, (title, value)) in self.titles.iter().zip(row).enumerate() {
                if keys.contains(&at) {
                    continue;
                }
                tally.cells += 1;
                let mine = mine.and_then(|r| r.get(title.as_str()));
                if !mine.is_some_and(|m| agrees(*m, value)) {
                    tally.differs(out, &format!("{} {key:?} {title}: expected {value:?} got {mine:?}", rule.table))?;
                }
            }
            if !listed.insert(key.clone()) {
                tally.differs(out, &format!("{} {key:?}: listed twice", rule.table))?;
            }
        }
        for (key, row) in got.iter().filter(|(key, _)| !listed.contains(*key)) {
            let says = |column: &&str| row.get(column).is_some_and(|n| n.value().is_some_and(|v| v != 0.0));
            if let Some(column) = row.keys().filter(|c| !rule.settings.contains(*c)).find(|c| says(c)) {
                tally.differs(out, &format!("{} {key:?}: not listed, got {column} {:?}", rule.table, row[column]))?;
            }
        }
        if tally.cells == 0 && !self.rows.is_empty() {
            return Err(format!("{} rows and no cell to compare", self.rows.len()).into());
        }
        Ok(tally)
    }
}

impl Tally {
    fn differs(&mut self, out: &mut dyn Write, what: &str) -> std::io::Result<()> {
        self.differ += 1;
        if self.differ <= SHOWN { writeln!(out, "  FAIL {what}") } else { Ok(()) }
    }
}

/// Whether a number is what a table says: counts and money exactly, rates within a millionth or, where they are too large
/// for that, within what a float can hold; undefined as empty.
pub fn agrees(number: Number, golden: &str) -> bool {
    match number {
        Number::None => golden.is_empty(),
        Number::Money(micros) => plain(golden) == plain(&money::rounded(micros, MONEY)),
        Number::Count(n) => plain(golden) == n.to_string(),
        Number::Mean { .. } | Number::Ratio { .. } | Number::MoneyPer { .. } => {
            let near = |g: f64, v: f64| (g - v).abs() <= RATE.max(4.0 * f64::EPSILON * v.abs());
            golden.parse::<f64>().is_ok_and(|g| number.value().is_some_and(|v| near(g, v)))
        }
    }
}

/// Decimal text without zeros that say nothing.
fn plain(decimal: &str) -> &str {
    let short = if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal };
    if short == "-0" { "0" } else { short }
}
