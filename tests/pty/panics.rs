//! Takes the terminal as the dashboard does, then panics where the argument says. Run by `tests/pty`.

#![expect(clippy::panic, reason = "panics are what it is for")]

use std::io;
use std::sync::Arc;
use std::thread;

use quarterdeck::runtime::guard::{Guard, contain};
use quarterdeck::runtime::screen::Screen;
use quarterdeck::runtime::tty::Tty;
use ratatui::text::Text;

fn main() -> io::Result<()> {
    let place = std::env::args().nth(1).unwrap_or_default();
    let tty = Arc::new(Tty::open()?);
    let _guard = Guard::enter(Arc::clone(&tty), || {})?;
    tty.set_mouse(true)?;
    let mut screen = Screen::new(tty)?;
    let mut show = |text: &str| screen.draw(|frame| frame.render_widget(Text::raw(text), frame.area()));
    show("before the panic")?;
    match place.as_str() {
        "main" => panic!("panic on the main thread"),
        "thread" => drop(thread::spawn(|| panic!("panic on another thread")).join()),
        "draw" => screen.draw(|_| panic!("panic in the middle of a frame"))?,
        "contained" => {
            let message = contain(|| panic!("a contained panic")).unwrap_err();
            show(&format!("\n{}", message.replace(' ', "_")))?;
        }
        other => panic!("no such place: {other}"),
    }
    Ok(())
}
