//! Reading a file on a thread of its own, while the rows before are being stored.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use crate::domain::records::Record;
use crate::domain::threads;
use crate::ingest::{Fate, ReadFailure, Rows};
use crate::store::{EventParcel, StoreError};

use super::{FIRST_FATES, fate_word};

/// Loads that wait to be stored.
const WAITING: usize = 2;
/// Memory of the rows of a load that are no events, roughly.
const REST_BYTES: usize = 1 << 20;

/// What was read together: events, packed, and the other rows.
#[derive(Default)]
pub(super) struct Load {
    pub(super) events: EventParcel,
    /// Rows that are no events, with their lines.
    pub(super) rest: Vec<(u64, Fate<'static>)>,
    rest_bytes: usize,
    /// What becomes of the first rows of the file.
    pub(super) fates: Vec<String>,
    /// Bytes of the file read so far.
    pub(super) bytes: u64,
}

/// A file that is being read.
pub(super) struct Feed<'scope> {
    loads: Receiver<Load>,
    used: Sender<Load>,
    reader: ScopedJoinHandle<'scope, Result<Vec<String>, Broken>>,
}

/// Why reading ended before the end of the file.
pub(super) enum Broken {
    File(ReadFailure),
    Store(StoreError),
}

impl<'scope> Feed<'scope> {
    /// Begins to read; `source` is where the rows are booked.
    pub(super) fn start(scope: &'scope Scope<'scope, '_>, rows: Rows, source: &str) -> Self {
        let (send, loads) = sync_channel(WAITING);
        let (used, again) = channel();
        for _ in 0..WAITING + 2 {
            // The other end is still here.
            let _ = used.send(Load { events: EventParcel::new(source), ..Load::default() });
        }
        let reader = scope.spawn(move || read(rows, &send, &again));
        Self { loads, used, reader }
    }

    /// The next rows; `None` at the end.
    pub(super) fn next(&self) -> Option<Load> {
        self.loads.recv().ok()
    }

    /// Gives the memory of stored rows back.
    pub(super) fn give_back(&self, mut load: Load) {
        load.clear();
        // A reader at its end needs none.
        let _ = self.used.send(load);
    }

    /// What was decided while reading, one line each; ends the reader wherever it is.
    pub(super) fn end(self) -> Result<Vec<String>, Broken> {
        drop((self.loads, self.used));
        threads::joined(self.reader)
    }
}

impl Load {
    fn is_full(&self) -> bool {
        self.events.is_full() || self.rest_bytes >= REST_BYTES
    }

    /// Keeps a row that is no event.
    fn keep(&mut self, line: u64, fate: Fate<'_>) {
        self.rest_bytes += size_of::<Fate<'_>>() + weight(&fate);
        self.rest.push((line, fate.into_owned()));
    }

    fn clear(&mut self) {
        self.events.clear();
        self.rest.clear();
        self.fates.clear();
        self.rest_bytes = 0;
    }
}

/// Memory of a row's texts, roughly.
fn weight(fate: &Fate<'_>) -> usize {
    match fate {
        Fate::Rejected { raw, detail, .. } => raw.len() + detail.len(),
        Fate::Several(records) => records.len() * size_of::<Record<'_>>(),
        Fate::Record(_) | Fate::Blank(_) => size_of::<Record<'_>>(),
    }
}

fn read(mut rows: Rows, loads: &SyncSender<Load>, again: &Receiver<Load>) -> Result<Vec<String>, Broken> {
    let mut told = 0;
    while let Ok(mut load) = again.recv() {
        let end = loop {
            if told == FIRST_FATES {
                let events = &mut load.events;
                rows.usual(|line, event| events.push(line, &event).map(|()| !events.is_full()))
                    .map_err(Broken::Store)?;
                if load.is_full() {
                    break None;
                }
            }
            match rows.next_row() {
                Err(failure) => break Some(Err(Broken::File(failure))),
                Ok(None) => break Some(Ok(())),
                Ok(Some(row)) => {
                    if told < FIRST_FATES {
                        told += 1;
                        load.fates.push(fate_word(&row.fate));
                    }
                    match &row.fate {
                        Fate::Record(Record::Event(event)) => {
                            load.events.push(row.line, &event.lent()).map_err(Broken::Store)?;
                        }
                        _ => load.keep(row.line, row.fate),
                    }
                }
            }
            if load.is_full() {
                break None;
            }
        };
        load.bytes = rows.bytes_read();
        if loads.send(load).is_err() {
            break;
        }
        if let Some(end) = end {
            return end.map(|()| rows.notes());
        }
    }
    Ok(rows.notes())
}
