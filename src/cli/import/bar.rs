//! A progress bar on standard error, only where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::query::Progress;

/// Time between two drawings.
const PAUSE: Duration = Duration::from_millis(100);
/// Cells between the brackets.
const WIDTH: usize = 30;

/// The bar of one file.
pub struct Bar {
    on: bool,
    drawn: bool,
    last: Instant,
}

impl Bar {
    /// A bar that stays silent with `--plain` or without a terminal.
    pub fn new(plain: bool) -> Self {
        Self { on: !plain && io::stderr().is_terminal(), drawn: false, last: Instant::now() }
    }

    /// Draws it, at most ten times a second.
    pub fn show(&mut self, progress: Progress) {
        if !self.on || self.last.elapsed() < PAUSE {
            return;
        }
        self.last = Instant::now();
        self.drawn = true;
        let _ = write!(io::stderr().lock(), "\r{}", line(progress));
    }

    /// Takes it off the screen.
    pub fn clear(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr().lock(), "\r{:1$}\r", "", WIDTH + 30);
        }
    }
}

fn line(progress: Progress) -> String {
    let Progress { bytes, total, rows } = progress;
    if total == 0 {
        return format!("{rows} rows");
    }
    let part = (bytes as f64 / total as f64).clamp(0.0, 1.0);
    let filled = (part * WIDTH as f64) as usize;
    format!("[{:<WIDTH$}] {:3.0}%  {rows} rows", "#".repeat(filled), part * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_with_the_bytes_read() {
        let at = |bytes| line(Progress { bytes, total: 200, rows: 7 });
        assert_eq!(at(0), "[                              ]   0%  7 rows");
        assert_eq!(at(100), "[###############               ]  50%  7 rows");
        assert_eq!(at(300), "[##############################] 100%  7 rows");
        assert_eq!(line(Progress { bytes: 5, total: 0, rows: 7 }), "7 rows");
    }
}
