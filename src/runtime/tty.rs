//! The terminal device: how it was found, what was enabled on it, and the way back.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use ratatui::crossterm::queue;
use ratatui::crossterm::style::{Attribute, Print, SetAttribute};
use ratatui::crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr, ttyname};

use super::size;

/// How long a write may wait for a reader before it looks again whether the terminal is still ours.
const SLICE: Duration = Duration::from_millis(200);

/// The terminal, shared by the loop and by every thread that may end the process.
///
/// All output goes through [`Tty::send`] on a descriptor of our own that never blocks, so that restoring works while
/// the loop waits for a terminal nobody reads, and nothing can follow the restore sequence.
pub struct Tty {
    out: OwnedFd,
    found: Termios,
    held: Mutex<Held>,
}

/// What we enabled and have to take back.
#[derive(Default)]
struct Held {
    active: bool,
    mouse: bool,
}

impl Tty {
    /// Opens the terminal of standard input and output and remembers its modes; changes nothing yet.
    ///
    /// # Errors
    /// Where standard input has no terminal modes.
    pub fn open() -> io::Result<Self> {
        Ok(Self { out: unblocking_output()?, found: tcgetattr(stdin())?, held: Mutex::default() })
    }

    /// Raw mode, alternate screen, hidden cursor, bracketed paste.
    ///
    /// Again while they are held, as after a stop from outside, it repeats all but the alternate screen: entering that
    /// twice would lose the cursor position it was entered with.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn enter(&self) -> io::Result<()> {
        let mut bytes = Vec::new();
        {
            let mut held = self.held();
            let mut raw = self.found.clone();
            raw.make_raw();
            tcsetattr(stdin(), OptionalActions::Now, &raw)?;
            if !std::mem::replace(&mut held.active, true) {
                queue!(bytes, EnterAlternateScreen)?;
            }
            queue!(bytes, Hide, EnableBracketedPaste)?;
            if held.mouse {
                queue!(bytes, EnableMouseCapture)?;
            }
        }
        self.send(&bytes)
    }

    /// Takes back everything that [`Tty::enter`] and [`Tty::set_mouse`] enabled; does nothing the second time.
    ///
    /// Writes nothing where the other end has hung up; gives up writing after `patience`.
    pub fn leave(&self, patience: Duration) {
        let mouse = {
            let mut held = self.held();
            if !std::mem::take(&mut held.active) {
                return;
            }
            held.mouse
        };
        if self.is_gone(Duration::ZERO) {
            return;
        }
        // Now and not Drain: draining waits for a reader that may never come.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.found);
        let mut bytes = Vec::new();
        if way_back(&mut bytes, mouse).is_ok() {
            self.write_until(&bytes, Instant::now() + patience);
        }
    }

    /// Writes all bytes, waiting for the reader; drops them while the terminal is not held.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn send(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = {
                let held = self.held();
                if !held.active {
                    return Ok(());
                }
                rustix::io::write(&self.out, bytes)
            };
            match written {
                Ok(0) | Err(Errno::AGAIN) => self.wait_writable(SLICE),
                Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reports of the mouse on or off. Off, the terminal's own selection works.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn set_mouse(&self, on: bool) -> io::Result<()> {
        self.held().mouse = on;
        let mut bytes = Vec::new();
        if on {
            queue!(bytes, EnableMouseCapture)?;
        } else {
            queue!(bytes, DisableMouseCapture)?;
        }
        self.send(&bytes)
    }

    /// Whether the terminal is in our hands: between [`Tty::enter`] and [`Tty::leave`].
    pub fn is_held(&self) -> bool {
        self.held().active
    }

    /// Whether the other end has hung up; waits for that up to `wait`.
    pub fn is_gone(&self, wait: Duration) -> bool {
        let input = stdin();
        let mut ends = [PollFd::new(&self.out, PollFlags::empty()), PollFd::new(&input, PollFlags::empty())];
        let dead = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        let wait = Timespec::try_from(wait).ok();
        poll(&mut ends, wait.as_ref()).is_ok() && ends.iter().any(|end| end.revents().intersects(dead))
    }

    /// Whether we may change the terminal's modes without being stopped for it.
    ///
    /// True as well where the terminal does not control us, since then nothing can stop us.
    pub fn in_foreground(&self) -> bool {
        tcgetpgrp(stdin()).map_or(true, |group| group == rustix::process::getpgrp())
    }

    /// Columns and rows, fit for drawing.
    pub fn size(&self) -> (u16, u16) {
        tcgetwinsize(stdout()).map_or(size::UNKNOWN, |size| size::fit(size.ws_col, size.ws_row))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_writable(&self, wait: Duration) {
        let mut end = [PollFd::new(&self.out, PollFlags::OUT)];
        let _ = poll(&mut end, Timespec::try_from(wait).ok().as_ref());
    }

    fn write_until(&self, mut bytes: &[u8], deadline: Instant) {
        while !bytes.is_empty() {
            match rustix::io::write(&self.out, bytes) {
                Ok(n) if n > 0 => bytes = bytes.get(n..).unwrap_or_default(),
                Ok(_) | Err(Errno::AGAIN | Errno::INTR) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return;
                    }
                    self.wait_writable(left);
                }
                Err(_) => return,
            }
        }
    }
}

/// An open description of our own, because `O_NONBLOCK` on the inherited one would change the shell's as well.
///
/// Without a name (a terminal of another mount namespace) and without a controlling terminal it is a copy of standard
/// output, which can block.
fn unblocking_output() -> io::Result<OwnedFd> {
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let named = ttyname(stdout(), Vec::new()).and_then(|name| rustix::fs::open(name, flags, Mode::empty()));
    match named.or_else(|_| rustix::fs::open("/dev/tty", flags, Mode::empty())) {
        Ok(fd) => Ok(fd),
        Err(_) => Ok(rustix::io::dup(stdout())?),
    }
}

fn way_back(bytes: &mut Vec<u8>, mouse: bool) -> io::Result<()> {
    // ST first: a frame or a clipboard string may have been cut in the middle.
    queue!(bytes, Print("\x1b\\"), EndSynchronizedUpdate)?;
    if mouse {
        queue!(bytes, DisableMouseCapture)?;
    }
    queue!(bytes, DisableBracketedPaste, SetAttribute(Attribute::Reset), Show, LeaveAlternateScreen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_ends_strings_first_and_takes_back_the_mouse_only_where_it_was_taken() {
        let text = |mouse| {
            let mut bytes = Vec::new();
            way_back(&mut bytes, mouse).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(text(false), "\x1b\\\x1b[?2026l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l");
        assert!(text(true).contains("\x1b[?1000l") && text(true).ends_with("\x1b[?1049l"));
    }
}
