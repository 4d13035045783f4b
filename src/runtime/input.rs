//! Keys and pastes from the terminal, on a thread of their own.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyEvent, KeyEventKind, KeyModifiers};

use super::away::Away;
use crate::app::{Key, KeyCode, Msg};

/// After this many failures in a row the input is lost.
const FAILURES: u32 = 10;

/// Reads from now to the end of the process. `lost` is called once, where reading fails for good.
///
/// Sizes do not come from here: crossterm's reader may wait for the rest of a sequence, and its way to ask for the size
/// can start a process.
///
/// # Errors
/// Where no thread can be started.
pub fn watch(
    away: Arc<Away>,
    tell: impl Fn(Msg) + Send + 'static,
    lost: impl FnOnce(io::Error) + Send + 'static,
) -> io::Result<()> {
    thread::Builder::new().name("input".into()).spawn(move || {
        let mut failures = 0;
        loop {
            away.rest();
            match event::read() {
                Ok(event) => {
                    failures = 0;
                    if let Some(msg) = message(event) {
                        tell(msg);
                    }
                }
                Err(_) if failures < FAILURES => {
                    failures += 1;
                    thread::sleep(Duration::from_millis(100));
                }
                Err(error) => return lost(error),
            }
        }
    })?;
    Ok(())
}

/// What an event says to the app. A held key repeats; a released one, which some terminals report, says nothing.
fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => key_of(key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        _ => None,
    }
}

fn key_of(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        event::KeyCode::Char(c) => KeyCode::Char(c),
        event::KeyCode::F(n) => KeyCode::F(n),
        event::KeyCode::Enter => KeyCode::Enter,
        event::KeyCode::Esc => KeyCode::Esc,
        event::KeyCode::Tab => KeyCode::Tab,
        event::KeyCode::BackTab => KeyCode::BackTab,
        event::KeyCode::Backspace => KeyCode::Backspace,
        event::KeyCode::Delete => KeyCode::Delete,
        event::KeyCode::Up => KeyCode::Up,
        event::KeyCode::Down => KeyCode::Down,
        event::KeyCode::Left => KeyCode::Left,
        event::KeyCode::Right => KeyCode::Right,
        event::KeyCode::Home => KeyCode::Home,
        event::KeyCode::End => KeyCode::End,
        event::KeyCode::PageUp => KeyCode::PageUp,
        event::KeyCode::PageDown => KeyCode::PageDown,
        _ => return None,
    };
    let held = |modifier| key.modifiers.contains(modifier);
    Some(Key {
        code,
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
        shift: held(KeyModifiers::SHIFT),
    })
}
