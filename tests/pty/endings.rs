//! However the dashboard ends, no process and a clean terminal are left.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::{Pty, quarterdeck, workspace};

/// The dashboard with its first screen up and at rest.
fn open() -> Pty {
    let mut pty = Pty::start(&quarterdeck(), &[]);
    pty.until("[0Today]");
    pty.until_taken();
    pty
}

#[test]
fn q_quits() {
    let mut pty = open();
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}

#[test]
fn signals_end_it_with_their_code_and_a_clean_terminal() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129), (Signal::QUIT, 131)] {
        let mut pty = open();
        pty.program().signal(signal);
        assert_eq!(pty.exit_code(), code);
        pty.assert_restored();
    }
}

#[test]
fn a_closed_terminal_ends_it() {
    assert_eq!(open().hang_up().exit_code(), 129);
}

#[test]
fn a_closed_terminal_ends_it_where_nobody_sends_a_signal() {
    // The leader of the session ignores SIGHUP, so the kernel sends none to its child.
    let script = format!("trap '' HUP; {}; exit $?", quarterdeck().display());
    let mut pty = Pty::start(Path::new("/bin/sh"), &["-c", &script]);
    pty.until("[0Today]");
    assert_eq!(pty.hang_up().exit_code(), 129);
}

#[test]
fn a_terminal_that_nobody_reads_does_not_keep_it_from_ending() {
    let mut pty = open();
    // More frames than a pseudo-terminal holds.
    for _ in 0..100 {
        pty.keys("09");
    }
    pty.until_clogged();
    let sent = Instant::now();
    pty.program().signal(Signal::TERM);
    assert_eq!(pty.program().exit_code(), 143);
    assert!(sent.elapsed() < Duration::from_secs(10));
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_continuing_takes_it_again() {
    let mut pty = open();
    pty.keys("\x1a");
    pty.until_stopped();
    pty.assert_restored();
    pty.resize(100, 30);
    pty.program().signal(Signal::CONT);
    pty.until_taken();
    pty.until("[0Today]");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}

#[test]
fn a_stop_from_outside_and_a_shell_that_resets_the_modes_are_survived() {
    let mut pty = open();
    pty.program().signal(Signal::STOP);
    pty.until_stopped();
    pty.reset_modes();
    pty.program().signal(Signal::CONT);
    pty.until_taken();
    pty.until("[0Today]");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}

#[test]
fn without_a_terminal_it_says_so_in_one_line() {
    let run = Command::new(quarterdeck()).env("QUARTERDECK_DB", workspace()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    let text = String::from_utf8(run.stderr).unwrap();
    assert!(text.contains("not a terminal; ") && text.lines().count() == 1, "{text}");
    assert!(run.stdout.is_empty());
}

#[test]
fn a_terminal_that_cannot_place_text_is_refused_in_one_line() {
    let mut pty = Pty::start_with(&[("TERM", "dumb")], 80, 24, &quarterdeck(), &[]);
    assert_eq!(pty.exit_code(), 2);
    pty.assert_restored();
    assert!(!pty.take_received().contains(&0x1b));
    assert!(pty.contents().contains("TERM=dumb"), "{}", pty.contents());
}
