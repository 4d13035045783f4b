//! What a file is, where it is booked, and what it is read with.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::domain::calendar::{Calendar, Zone};
use crate::domain::money::Currency;
use crate::domain::records::{Kind, Record};
use crate::engine::EngineError;
use crate::ingest::{self, Fate, Mapping, Rules, Shape};
use crate::query::{ImportRequest, PreviewColumn, Reading, TimeUnit};
use crate::store::{Settings, Store};

/// Currencies named when a file has several.
const NAMED: usize = 3;

/// A file that is understood and where it goes.
pub(super) struct Plan {
    pub(super) shape: Shape,
    pub(super) mapping: Mapping,
    pub(super) source: String,
    pub(super) place: Place,
}

/// The file that was looked at last. To tell its shape it is read whole, and who asks how it would be read mostly loads it
/// next.
#[derive(Default)]
pub(in crate::engine) struct Looked(Option<Look>);

struct Look {
    path: PathBuf,
    map: Vec<(String, String)>,
    written: Option<(u64, SystemTime)>,
    shape: Shape,
}

impl Looked {
    /// The shape of a file, which is looked at where it is another one or was written since.
    fn shape(&mut self, request: &ImportRequest) -> Result<Shape, EngineError> {
        let (path, map) = (&request.path, &request.map);
        let written = std::fs::metadata(path).ok().and_then(|meta| Some((meta.len(), meta.modified().ok()?)));
        let is_same = |look: &&Look| (&look.path, &look.map, look.written) == (path, map, written) && written.is_some();
        if let Some(look) = self.0.as_ref().filter(is_same) {
            return Ok(look.shape.clone());
        }
        let shape = ingest::inspect(path, map)?;
        self.0 = Some(Look { path: path.clone(), map: map.clone(), written, shape: shape.clone() });
        Ok(shape)
    }
}

/// Where times without a zone are.
pub(in crate::engine) struct Place {
    pub(in crate::engine) calendar: Calendar,
    pub(in crate::engine) zone: Zone,
    whose: &'static str,
}

impl Place {
    /// The zone that a title says, else `told`, else the source's saved zone, else the workspace's.
    pub(in crate::engine) fn of(
        store: &Store,
        settings: &Settings,
        source: &str,
        (titled, told): (Option<Zone>, Option<Zone>),
    ) -> Result<Self, EngineError> {
        let calendar = Calendar { zone: settings.zone, week_start: settings.week_start };
        let (zone, whose) = match (titled, told, store.source_zone(source)?) {
            (Some(zone), ..) => (zone, "the title's"),
            (None, Some(zone), _) => (zone, "--tz"),
            (None, None, Some(zone)) => (zone, "the source's"),
            (None, None, None) => (calendar.zone, "the workspace's"),
        };
        Ok(Self { calendar, zone, whose })
    }

    /// The line of the summary that says so.
    pub(in crate::engine) fn note(&self) -> String {
        format!("times without a zone are read as {} ({})", self.zone.name(), self.whose)
    }
}

impl Plan {
    pub(super) fn of(store: &Store, looked: &mut Looked, request: &ImportRequest) -> Result<Self, EngineError> {
        refuse_pipes(&request.path)?;
        let shape = looked.shape(request)?;
        let saved = store.mapping(shape.fingerprint)?.filter(|m| request.kind.is_none_or(|kind| kind == m.kind));
        let columns = saved.as_ref().map(|m| m.columns.as_str());
        let mapping = ingest::propose(&shape, request.kind, &request.map, columns)?;
        let source = request.source.clone().or(saved.map(|m| m.source));
        let source = source.unwrap_or_else(|| mapping.kind.name().to_owned());
        refuse_other_kind(store, &source, mapping.kind)?;
        let place = Place::of(store, &store.settings()?, &source, (mapping.titled_zone(), request.zone))?;
        Ok(Self { shape, mapping, source, place })
    }

    pub(super) fn rules(&self, request: &ImportRequest) -> Rules {
        Rules {
            calendar: self.place.calendar,
            zone: self.place.zone,
            time_unit: request.time_unit.map(TimeUnit::micros),
        }
    }

    pub(super) fn reading(&self) -> Reading {
        reading(&self.shape, &self.mapping, self.place.zone)
    }

    /// What the workspace is to take as its currency where it has none: `--currency`, else the file's only one.
    pub(super) fn new_currency(&self, store: &Store, request: &ImportRequest) -> Result<Option<Currency>, EngineError> {
        if check_currency(store, request.currency)?.is_some() {
            return Ok(None);
        }
        if request.currency.is_some() || !self.mapping.has_amounts() {
            return Ok(request.currency);
        }
        let found = self.currencies(request)?;
        let file = request.path.display();
        match found.as_slice() {
            [only] => Ok(Some(*only)),
            [] => Err(EngineError::Usage(format!(
                "{file}: the amounts need a currency and the workspace has none; add --currency CNY (or another code)"
            ))),
            several => {
                let codes: Vec<&str> = several.iter().map(Currency::code).collect();
                Err(EngineError::Usage(format!(
                    "{file}: amounts in several currencies ({}) and the workspace has none of its own yet; say which it \
                     is with --currency {}",
                    codes.join(", "),
                    codes.first().unwrap_or(&"CNY")
                )))
            }
        }
    }

    /// The first currencies of the whole file.
    fn currencies(&self, request: &ImportRequest) -> Result<Vec<Currency>, EngineError> {
        let mut found = Vec::new();
        let mut rows = ingest::read(&request.path, &self.shape, &self.mapping, &self.rules(request))?;
        // Where reading stops in the middle, loading tells so.
        while let Ok(Some(row)) = rows.next_row() {
            let own = match &row.fate {
                Fate::Record(record) => record.currency(),
                Fate::Several(records) => records.first().and_then(Record::currency),
                _ => None,
            };
            if let Some(currency) = own.filter(|c| !found.contains(c)) {
                found.push(currency);
                if found.len() == NAMED {
                    break;
                }
            }
        }
        Ok(found)
    }
}

/// The workspace's currency; `told` must not contradict it, because rows without one are read as it.
pub(in crate::engine) fn check_currency(
    store: &Store,
    told: Option<Currency>,
) -> Result<Option<Currency>, EngineError> {
    let own = store.settings()?.currency;
    match (own, told) {
        (Some(own), Some(told)) if own != told => Err(EngineError::Usage(format!(
            "--currency {told}: this workspace's currency is {own}, and amounts without one are {own}; leave the flag out, \
             and give the rows a currency column where they are {told}"
        ))),
        _ => Ok(own),
    }
}

/// A source holds one kind of record.
pub(in crate::engine) fn refuse_other_kind(store: &Store, source: &str, kind: Kind) -> Result<(), EngineError> {
    match store.source_kind(source)? {
        Some(other) if other != kind => Err(EngineError::Usage(format!(
            "source \"{source}\" holds {}, these rows are {}; name another with --source",
            other.name(),
            kind.name()
        ))),
        _ => Ok(()),
    }
}

/// How the rows are read, for people and programs.
pub(in crate::engine) fn reading(shape: &Shape, mapping: &Mapping, zone: Zone) -> Reading {
    let sample = |at: usize| shape.samples.iter().filter_map(|r| r.get(at)).find(|v| !v.is_empty()).cloned();
    let columns = mapping.columns.iter().enumerate().map(|(at, column)| PreviewColumn {
        title: column.title.clone(),
        field: column.field.map(|f| f.name().to_owned()),
        sample: sample(at).unwrap_or_default(),
        how: column.how,
    });
    Reading {
        format: shape.format.to_owned(),
        encoding: shape.encoding.to_owned(),
        zone,
        columns: columns.collect(),
        samples: shape.samples.clone(),
    }
}

/// An import reads a file more than once, and again when it goes on; a pipe gives its rows once and may wait for ever.
fn refuse_pipes(path: &Path) -> Result<(), EngineError> {
    match std::fs::metadata(path) {
        Ok(meta) if !meta.is_file() && !meta.is_dir() => Err(EngineError::NotUnderstood(format!(
            "{}: is a pipe or a device, which gives its rows only once; send it to `quarterdeck ingest -`, or write it to \
             a file and import that",
            path.display()
        ))),
        // A folder, and a path that leads nowhere, are told by whoever opens it.
        _ => Ok(()),
    }
}
