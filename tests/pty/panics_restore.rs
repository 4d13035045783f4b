//! Panics inside the terminal guard.

use crate::harness::{Pty, panics};

#[test]
fn a_panic_restores_the_terminal_once_and_then_says_what_happened() {
    for (place, message) in [
        ("main", "panic on the main thread"),
        ("thread", "panic on another thread"),
        ("draw", "panic in the middle of a frame"),
    ] {
        let mut pty = Pty::start(&panics(), &[place]);
        assert_eq!(pty.exit_code(), 101, "{place}");
        pty.assert_restored();
        pty.until(message);
        let sent = String::from_utf8(pty.take_received()).unwrap();
        assert_eq!(sent.matches("\x1b[?1049l").count(), 1, "{place}: restored more than once");
        assert!(sent.find("\x1b[?1049l") < sent.find(message), "{place}: message on the screen that is left");
    }
}

#[test]
fn a_contained_panic_leaves_the_screen_alone() {
    let mut pty = Pty::start(&panics(), &["contained"]);
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
    let sent = String::from_utf8(pty.take_received()).unwrap();
    assert!(sent.contains("a_contained_panic"));
    assert!(!sent.contains("panicked"));
}
