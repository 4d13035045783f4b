//! Frames to the terminal: one synchronized update and one write each.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::queue;
use ratatui::crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

use super::tty::Tty;

/// Room for a frame before the buffer grows.
const BUFFER: usize = 64 * 1024;

/// What the terminal shows.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Wire>>,
    wire: Wire,
    tty: Arc<Tty>,
    whole: bool,
}

impl Screen {
    /// An empty screen of the terminal's size; writes nothing.
    ///
    /// # Errors
    /// None in practice: the signature is ratatui's.
    pub fn new(tty: Arc<Tty>) -> io::Result<Self> {
        let wire = Wire { frame: Rc::new(RefCell::new(Vec::with_capacity(BUFFER))), tty: Arc::clone(&tty) };
        // A fixed viewport, because the others ask the terminal for its size and cursor and wait for the reply.
        let viewport = Viewport::Fixed(area(tty.size()));
        let terminal = Terminal::with_options(CrosstermBackend::new(wire.clone()), TerminalOptions { viewport })?;
        Ok(Self { terminal, wire, tty, whole: true })
    }

    /// Forgets what the terminal shows, so that the next draw sends every cell.
    pub fn forget(&mut self) {
        self.whole = true;
    }

    /// Draws a frame and sends what differs from the last one.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame)) -> io::Result<()> {
        let update = Update::begin(self.wire.clone())?;
        if std::mem::take(&mut self.whole) {
            self.terminal.resize(area(self.tty.size()))?;
        }
        self.terminal.draw(paint)?;
        update.end()
    }
}

fn area((columns, rows): (u16, u16)) -> Rect {
    Rect::new(0, 0, columns, rows)
}

/// Collects a frame; flushing does nothing, since ratatui flushes in the middle of one.
#[derive(Clone)]
struct Wire {
    frame: Rc<RefCell<Vec<u8>>>,
    tty: Arc<Tty>,
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A synchronized update (mode 2026) that is always closed: a terminal left inside one would show nothing more.
struct Update {
    wire: Wire,
    open: bool,
}

impl Update {
    fn begin(mut wire: Wire) -> io::Result<Self> {
        queue!(wire, BeginSynchronizedUpdate)?;
        Ok(Self { wire, open: true })
    }

    fn end(mut self) -> io::Result<()> {
        self.close()
    }

    fn close(&mut self) -> io::Result<()> {
        self.open = false;
        queue!(self.wire, EndSynchronizedUpdate)?;
        let mut frame = self.wire.frame.borrow_mut();
        let sent = self.wire.tty.send(&frame);
        frame.clear();
        sent
    }
}

impl Drop for Update {
    fn drop(&mut self) {
        if self.open {
            drop(self.close());
        }
    }
}
