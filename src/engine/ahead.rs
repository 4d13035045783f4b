//! Work on a thread of its own, before what it makes is asked for.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::store::{Access, Store};

use super::EngineError;
use super::halt::Halt;

/// How long the file may be locked by others.
const BUSY: Duration = Duration::from_secs(5);
/// How often who waits looks whether he still wants it.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Something that is being made.
#[derive(Debug)]
pub(super) struct Ahead<T> {
    made: Receiver<Result<T, EngineError>>,
    halt: Halt,
}

impl<T: Send + 'static> Ahead<T> {
    /// Begins to read a file; `None` where no thread is to be had.
    pub fn start(path: &Path, read: fn(&Store, &Halt) -> Result<T, EngineError>) -> Option<Self> {
        let path = path.to_path_buf();
        Self::make(move |halt| read(&Store::open(&path, Access::ReadOnly, BUSY)?, halt))
    }

    /// Starts the thread; `None` where there is none to be had.
    pub fn make(work: impl FnOnce(&Halt) -> Result<T, EngineError> + Send + 'static) -> Option<Self> {
        let (tell, made) = channel();
        let halt = Halt::default();
        let stop = halt.clone();
        // Nobody may want it any more when it is made.
        let work = move || drop(tell.send(work(&stop)));
        thread::Builder::new().name("ahead".into()).spawn(work).ok()?;
        Some(Self { made, halt })
    }

    /// Takes what is in a slot, waiting for it as long as the question at hand is wanted; it stays there where it is not.
    /// `None` where nothing is, or it could not be read: who asks reads it himself then, and is told why that fails.
    pub fn take(slot: &mut Option<Self>, question: &Halt) -> Result<Option<T>, EngineError> {
        let Some(ahead) = slot else { return Ok(None) };
        loop {
            match ahead.made.recv_timeout(LOOK_EVERY) {
                Err(RecvTimeoutError::Timeout) => question.check()?,
                made => {
                    *slot = None;
                    return Ok(made.ok().and_then(Result::ok));
                }
            }
        }
    }

    /// The same without waiting; `None` also while it is being read.
    pub fn take_ready(slot: &mut Option<Self>) -> Option<T> {
        let made = slot.as_ref()?.made.try_recv().ok()?;
        *slot = None;
        made.ok()
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.halt.stop();
    }
}
