//! The first screen of a machine without a workspace, at each size and without colours.

use quarterdeck::app::first_run::{FirstRun, Machine};
use quarterdeck::app::{Key, KeyCode, Msg, Program};
use quarterdeck::domain::calendar::Zone;
use quarterdeck::ui::pen::Look;
use quarterdeck::ui::theme::{ColorMode, Theme, Tone};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::picture::{picture, rows};
use crate::snapshots::{SIZES, keep};
use crate::stage::PLAIN;

const DARK: Look = Look { theme: Theme { mode: ColorMode::True, tone: Tone::Dark }, ..PLAIN };
const BARE: Look = Look { theme: Theme { mode: ColorMode::None, tone: Tone::Neutral }, ..PLAIN };

fn drawn(keys: &[Key], size: (u16, u16), look: Look) -> ratatui::buffer::Buffer {
    let readable = |path: &std::path::Path| {
        Err(format!("file: {}: No such file or directory (os error 2); type another path", path.display()))
    };
    let workspace = "/home/ops/.local/share/quarterdeck/quarterdeck.db".into();
    let mut run =
        FirstRun::new(Machine { workspace, zone: Zone::parse("Asia/Shanghai").unwrap(), readable }, look, size);
    for key in keys {
        run.update(Msg::Key(*key));
    }
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| run.draw(frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// The second way with a path that cannot be read.
fn wrong_path() -> Vec<Key> {
    "2orders.csv".chars().map(Key::char).chain([Key::plain(KeyCode::Enter)]).collect()
}

#[test]
fn it_is_drawn_at_every_size() {
    for size in SIZES {
        let name = format!("{}x{}", size.0, size.1);
        keep(&format!("first-run-{name}"), &picture(&drawn(&[], size, PLAIN)));
        keep(&format!("first-run-product-{name}"), &picture(&drawn(&wrong_path(), size, PLAIN)));
    }
}

#[test]
fn colours_say_nothing_that_is_not_in_the_letters() {
    keep("first-run-dark", &picture(&drawn(&wrong_path(), (80, 24), DARK)));
    keep("first-run-no-color", &picture(&drawn(&wrong_path(), (80, 24), BARE)));
    assert_eq!(rows(&drawn(&[], (80, 24), DARK)), rows(&drawn(&[], (80, 24), BARE)));
}

#[test]
fn help_and_a_small_window_are_told() {
    keep("first-run-help", &picture(&drawn(&[Key::char('?')], (80, 24), PLAIN)));
    assert!(rows(&drawn(&[], (40, 10), PLAIN)).join(" ").contains("60x16"));
}
