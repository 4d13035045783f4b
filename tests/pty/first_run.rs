//! The program where there is no workspace: what it asks, what it makes, and that it makes nothing else.

use std::path::Path;

use rustix::process::Signal;

use crate::harness::{Pty, quarterdeck};

const DAY: &str = "2026-06-11";

/// The first screen, for a workspace that is not there.
fn first(folder: &Path) -> Pty {
    let path = folder.join("data").join("w.db").display().to_string();
    let mut pty = Pty::start_with(
        &[("TERM", "xterm-256color"), ("TZ", "UTC")],
        80,
        24,
        &quarterdeck(),
        &["--db", &path, "--today", DAY],
    );
    pty.until("FIRST RUN  step 1 of 2");
    pty.until_taken();
    pty
}

fn is_empty(folder: &Path) -> bool {
    folder.read_dir().unwrap().next().is_none()
}

#[test]
fn one_key_opens_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = first(folder.path());
    assert!(is_empty(folder.path()));
    pty.keys("1");
    pty.until("[0Today]");
    pty.until("LEAK");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
    assert!(folder.path().join("data/demo.db").exists() && !folder.path().join("data/w.db").exists());
}

#[test]
fn leaving_it_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for keys in ["q", "\x1b", "\x03"] {
        let mut pty = first(folder.path());
        pty.keys(keys);
        assert_eq!(pty.exit_code(), 0);
        pty.assert_restored();
    }
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut pty = first(folder.path());
        pty.program().signal(signal);
        assert_eq!(pty.exit_code(), code);
        pty.assert_restored();
    }
    assert_eq!(first(folder.path()).hang_up().exit_code(), 129);
    assert!(is_empty(folder.path()));
}

#[test]
fn a_path_that_is_wrong_is_told_and_the_right_one_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.csv");
    let mut pty = first(folder.path());
    pty.keys("2");
    pty.until("~ is your home folder");
    pty.keys(&format!("{}\r", file.display()));
    pty.until("No such file");
    pty.until("FIRST RUN  step 2 of 2");
    assert!(is_empty(folder.path()));
    std::fs::write(&file, "user_id,event,ts\nu1,open,2026-06-01T10:00:00Z\n").unwrap();
    pty.keys("\r\rEUR\r\r");
    pty.until("WOULD LOAD");
    pty.keys("\r");
    pty.until("to Mon 1");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}

#[test]
fn plans_first_opens_them_and_one_undo_takes_them_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = first(folder.path());
    pty.keys("3Lantern\r\r\r");
    pty.until("[8Plans]");
    pty.until("Lantern");
    pty.until("New users of the mo");
    pty.keys("u");
    pty.until("No plan yet");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}
