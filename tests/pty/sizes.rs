//! Sizes that terminals claim, and how many bytes the screens cost.

use std::time::Duration;

use crate::harness::{Pty, quarterdeck};

#[test]
fn every_size_is_survived() {
    for (columns, rows) in [(0, 0), (1, 1), (3, 3), (u16::MAX, u16::MAX)] {
        let mut pty = Pty::start_at(columns, rows, &quarterdeck(), &[]);
        pty.until_bytes("\x1b[?2026l");
        pty.resize(80, 24);
        pty.until("[0Today]");
        pty.resize(columns, rows);
        pty.keys("q");
        assert_eq!(pty.exit_code(), 0, "{columns}x{rows}");
    }
}

#[test]
fn a_storm_of_resizes_is_survived_and_costs_few_frames() {
    let mut pty = Pty::start(&quarterdeck(), &[]);
    pty.until("[0Today]");
    pty.until_quiet(Duration::from_millis(200));
    pty.take_received();
    for n in 0..500_u16 {
        pty.resize(1 + n * 7 % 200, 1 + n * 3 % 60);
    }
    pty.resize(80, 24);
    pty.until("[0Today]");
    pty.until_quiet(Duration::from_millis(200));
    let frames = count(&pty.take_received(), "\x1b[?2026h");
    assert!(frames <= 100, "{frames} frames for 501 resizes");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}

#[test]
fn bytes_stay_within_their_budgets() {
    let mut pty = Pty::start(&quarterdeck(), &[]);
    pty.until("[0Today]");
    pty.until_quiet(Duration::from_millis(300));
    let first = pty.take_received();
    assert!(first.len() <= 8_192, "first frame: {} bytes", first.len());
    assert_eq!(pty.bytes_within(Duration::from_millis(1_200)), 0, "bytes while idle");
    pty.keys("9");
    pty.until("[9");
    pty.until_quiet(Duration::from_millis(300));
    let switch = pty.take_received();
    assert!(switch.len() <= 6_144, "tab switch: {} bytes", switch.len());
    assert_eq!(count(&switch, "\x1b[?2026h"), count(&switch, "\x1b[?2026l"));
}

fn count(bytes: &[u8], sequence: &str) -> usize {
    bytes.windows(sequence.len()).filter(|window| *window == sequence.as_bytes()).count()
}
