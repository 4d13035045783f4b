//! The same import inside the test, for the rejected lines that the program does not print.

use std::ops::ControlFlow;
use std::path::Path;

use quarterdeck::domain::calendar::{Day, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::{Counts, Kind};
use quarterdeck::engine::{Engine, NewWorkspace};
use quarterdeck::query::{Command, ImportRequest, Outcome, TimeUnit};

use super::program::Done;
use super::{CLOCK, Result};

/// A workspace of the engine.
pub struct Twin {
    engine: Engine,
}

/// What one import came to.
pub struct Inside {
    /// Counts, or the exit code of the error.
    outcome: std::result::Result<Counts, u8>,
    /// Lines of rejected rows, the first 1,000.
    pub lines: Vec<u64>,
}

impl Twin {
    pub fn new(home: &Path, profile: &NewWorkspace) -> Result<Self> {
        Ok(Self { engine: Engine::create(&home.join("twin.db"), profile)? })
    }

    pub fn import(&mut self, path: &Path, args: &[&str]) -> Result<Inside> {
        let command = Command::Import(request(path, args)?);
        Ok(match self.engine.run(&command, CLOCK, &mut |_| ControlFlow::Continue(())) {
            Ok(Outcome::Imported(summary)) => {
                Inside { outcome: Ok(summary.counts), lines: summary.rejected_lines.clone() }
            }
            Ok(_) => return Err("another outcome".into()),
            Err(error) => Inside { outcome: Err(error.exit_code()), lines: Vec::new() },
        })
    }
}

impl Inside {
    /// What the program told otherwise.
    pub fn differs(&self, done: &Done) -> Option<String> {
        match self.outcome {
            Ok(counts) if counts != done.counts => {
                Some(format!("the program counts {:?} and the engine {counts:?}", done.counts))
            }
            Err(code) if u64::from(code) != done.code => {
                Some(format!("the program ends with {} and the engine with {code}", done.code))
            }
            _ => None,
        }
    }
}

/// The request that some flags of `import` make.
pub fn request(path: &Path, args: &[&str]) -> Result<ImportRequest> {
    let mut request = ImportRequest { path: path.to_owned(), ..ImportRequest::default() };
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        if *flag == "--dry-run" {
            request.dry_run = true;
            continue;
        }
        let value = *args.next().ok_or_else(|| format!("{flag} without its value"))?;
        let known = match *flag {
            "--kind" => set(&mut request.kind, Kind::parse(value)),
            "--tz" => set(&mut request.zone, Zone::parse(value)),
            "--through" => set(&mut request.through, Day::parse(value)),
            "--source" => set(&mut request.source, Some(value.to_owned())),
            "--currency" => set(&mut request.currency, Currency::parse(value)),
            "--time-unit" => set(&mut request.time_unit, TimeUnit::parse(value)),
            "--map" => {
                request.map.extend(pairs(value));
                true
            }
            _ => false,
        };
        if !known {
            return Err(format!("{flag} {value} is not understood by the test").into());
        }
    }
    Ok(request)
}

fn set<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    *field = value;
    field.is_some()
}

/// Pairs between commas; a part without `=` belongs to the title after it, which has a comma.
fn pairs(text: &str) -> Vec<(String, String)> {
    let (mut pairs, mut title) = (Vec::new(), String::new());
    for part in text.split(',') {
        let joined = if title.is_empty() { part.to_owned() } else { format!("{title},{part}") };
        match joined.rsplit_once('=') {
            Some((name, field)) => {
                pairs.push((name.to_owned(), field.to_owned()));
                title.clear();
            }
            None => title = joined,
        }
    }
    pairs
}
