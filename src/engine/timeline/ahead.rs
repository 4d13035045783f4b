//! Making a timeline on a thread of its own, before it is asked for.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::store::{Access, Store};

use super::super::EngineError;
use super::super::halt::Halt;
use super::build::Held;

/// How long the file may be locked by others.
const BUSY: Duration = Duration::from_secs(5);
/// How often who waits looks whether he still wants it.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A timeline that is being made.
#[derive(Debug)]
pub(super) struct Ahead {
    made: Receiver<Result<Held, EngineError>>,
    halt: Halt,
}

impl Ahead {
    /// Starts the thread; `None` where there is none to be had.
    pub fn start(path: &Path) -> Option<Self> {
        let (tell, made) = channel();
        let (path, halt): (PathBuf, Halt) = (path.to_path_buf(), Halt::default());
        let stop = halt.clone();
        let work = move || {
            // Nobody may want it any more.
            let _ = tell.send(read(&path, &stop));
        };
        thread::Builder::new().name("timeline".into()).spawn(work).ok()?;
        Some(Self { made, halt })
    }

    /// Waits for it as long as the question at hand is wanted; the thread goes on where it is not.
    pub fn wait(&self, question: &Halt) -> Result<Held, EngineError> {
        loop {
            match self.made.recv_timeout(LOOK_EVERY) {
                Ok(made) => return made,
                Err(RecvTimeoutError::Timeout) => question.check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(EngineError::Failed("the events could not be read by a thread of their own".into()));
                }
            }
        }
    }

    /// It, if it is ready.
    pub fn ready(&self) -> Option<Result<Held, EngineError>> {
        self.made.try_recv().ok()
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.halt.stop();
    }
}

fn read(path: &Path, halt: &Halt) -> Result<Held, EngineError> {
    Held::read(&Store::open(path, Access::ReadOnly, BUSY)?, halt)
}
