//! Where a command's data and messages go, and how a command ends.
//!
//! Data goes to standard output through one locked, buffered writer whose errors are read; messages go to standard
//! error. A closed pipe ends a command silently and well; a full disk ends it with one line.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Read, StdoutLock, Write};
use std::path::Path;

use crate::domain::calendar::{Day, Span};
use crate::engine::EngineError;
use crate::files;
use crate::query::State;
use crate::ui::text;

/// Exit code of a command that did its work but refused rows or found something.
pub const FINDINGS: u8 = 3;
/// Exit code of a command line that cannot be meant.
pub const USAGE: u8 = 2;

/// Why a command ended early: its exit code and one line for standard error.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// Exit code as product.md lists them.
    pub code: u8,
    /// What, why, and the next step; `None` ends silently.
    pub line: Option<String>,
}

impl Failure {
    /// The command failed (1).
    pub fn failed(line: impl Into<String>) -> Self {
        Self { code: 1, line: Some(line.into()) }
    }

    /// The command line cannot be meant (2).
    pub fn usage(line: impl Into<String>) -> Self {
        Self { code: USAGE, line: Some(line.into()) }
    }

    /// The machine stopped it (4).
    pub fn machine(line: impl Into<String>) -> Self {
        Self { code: 4, line: Some(line.into()) }
    }
}

impl From<io::Error> for Failure {
    /// An error of standard output: nobody reads any more is fine, everything else is the machine's.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { code: 0, line: None };
        }
        Self::machine(format!("standard output: {error}; the output is cut short, write it elsewhere"))
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self { code: error.exit_code(), line: Some(error.to_string()) }
    }
}

/// Standard output of a command.
pub struct Out {
    inner: BufWriter<StdoutLock<'static>>,
    /// It is a terminal: imported text is shown safe, never byte for byte.
    pub terminal: bool,
    /// Cells of a terminal's line; `None` for files and pipes.
    pub columns: Option<usize>,
}

impl Out {
    /// Locks standard output for the rest of the program.
    pub fn new() -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let columns = if terminal {
            rustix::termios::tcgetwinsize(&stdout).ok().map(|size| usize::from(size.ws_col)).filter(|c| *c > 0)
        } else {
            None
        };
        Self { inner: BufWriter::with_capacity(64 << 10, stdout.lock()), terminal, columns }
    }

    /// Writes one line: as it is into a file or pipe, safe on a terminal.
    ///
    /// # Errors
    /// Any error of standard output.
    pub fn line(&mut self, line: &str) -> Result<(), Failure> {
        if self.terminal {
            self.inner.write_all(text::safe(line).as_str().as_bytes())?;
        } else {
            self.inner.write_all(line.as_bytes())?;
        }
        self.inner.write_all(b"\n")?;
        Ok(())
    }

    /// Hands everything to the system; without it an error could go unseen.
    ///
    /// # Errors
    /// Any error of standard output.
    pub fn finish(&mut self) -> Result<(), Failure> {
        Ok(self.inner.flush()?)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writes a file whole or not at all; one that is there only where it may be replaced, and never a database.
///
/// # Errors
/// Why it is not written, and what to do.
pub fn save(path: &Path, bytes: &[u8], replace: bool) -> Result<(), Failure> {
    let place = path.display();
    let machine = |error: io::Error| Failure::machine(format!("{place}: {error}; name another place"));
    match files::create_new(path) {
        Ok(mut file) => file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
            // Half a file would be taken for a whole one.
            let _ = files::remove(path);
            machine(error)
        }),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(machine(error)),
        Err(_) if !replace => Err(Failure::usage(format!("{place} exists already; name another file"))),
        Err(_) if is_database(path) => {
            Err(Failure::usage(format!("{place} is a database, which is never replaced; name another file")))
        }
        Err(_) => files::replace(path, bytes).map_err(machine),
    }
}

/// Whether a file is a workspace or another database, or cannot be looked at.
fn is_database(path: &Path) -> bool {
    const HEAD: &[u8] = b"SQLite format 3\0";
    let mut head = Vec::with_capacity(HEAD.len());
    let read = files::open_read(path).and_then(|file| file.take(HEAD.len() as u64).read_to_end(&mut head));
    read.is_err() || head == HEAD
}

/// Says how many of some rows are left out because their currency has no rate.
pub fn left_out(count: u64, rows: &str) {
    if count > 0 {
        note(&format!("{count} {rows} are left out: their currency has no rate"));
    }
}

/// Says where a source ends before some days do.
pub fn late((state, through): (State, Day), span: Span) {
    if state != State::Complete {
        note(&format!("data is complete through {through}, so days up to {} are told in part", span.last));
    }
}

/// Writes one line to standard error, every control character shown, none obeyed. A closed standard error is no reason
/// to stop.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text::safe(line));
}
