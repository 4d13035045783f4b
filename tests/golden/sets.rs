//! Where the data sets are, and what is in one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Day, Span};

use super::Result;
use super::table::Golden;

/// Data sets, and what was named or lies beside them and is none.
#[derive(Default)]
pub struct Found {
    /// Folders with `golden/`, each once.
    pub sets: Vec<PathBuf>,
    /// Folders with the reason why they are left out.
    pub ignored: Vec<(PathBuf, &'static str)>,
}

/// The shared folder and the folders named by the environment.
pub fn roots() -> Vec<PathBuf> {
    let shared = match std::env::var_os("QUARTERDECK_SHARED") {
        Some(named) => Some(PathBuf::from(named)),
        None => Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data")).filter(|p| p.is_dir()),
    };
    let named = std::env::var("QUARTERDECK_DATA").unwrap_or_default();
    shared.into_iter().chain(named.split(':').filter(|f| !f.is_empty()).map(PathBuf::from)).collect()
}

/// The data sets that some folders are or hold.
pub fn find(roots: &[PathBuf]) -> Result<Found> {
    let (mut sets, mut ignored) = (BTreeSet::new(), Vec::new());
    for root in roots {
        if !root.is_dir() {
            ignored.push((root.clone(), "not a folder"));
        } else if root.join("golden").is_dir() {
            sets.insert(root.canonicalize()?);
        } else {
            let mut folders = Vec::new();
            for entry in std::fs::read_dir(root)? {
                folders.push(entry?.path());
            }
            folders.retain(|f| f.is_dir());
            folders.sort();
            if folders.is_empty() {
                ignored.push((root.clone(), "no golden/ and no folder in it"));
            }
            for folder in folders {
                if folder.join("golden").is_dir() {
                    sets.insert(folder.canonicalize()?);
                } else {
                    ignored.push((folder, "no golden/ in it"));
                }
            }
        }
    }
    Ok(Found { sets: sets.into_iter().collect(), ignored })
}

/// The golden tables of a data set by name, plain or gzip.
pub fn tables(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut tables = BTreeMap::new();
    for entry in std::fs::read_dir(folder.join("golden"))? {
        let path = entry?.path();
        let file = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if let Some(name) = file.strip_suffix(".gz").unwrap_or(file).strip_suffix(".csv") {
            tables.insert(name.to_owned(), path.clone());
        }
    }
    Ok(tables)
}

/// First and last day of the data set, from the table that lists every day; `None` where it has no such table.
pub fn days(tables: &BTreeMap<String, PathBuf>) -> Result<Option<Span>> {
    let Some(path) = tables.get("daily") else { return Ok(None) };
    let daily = Golden::read(path)?;
    let day = |row: Option<&Vec<String>>| row.and_then(|r| Day::parse(r.first()?)).ok_or("daily.csv has no day");
    Ok(Some(Span::new(day(daily.rows.first())?, day(daily.rows.last())?)))
}
