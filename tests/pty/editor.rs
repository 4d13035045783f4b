//! A long text in the operator's own editor: the terminal goes there and comes back.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::harness::{Pty, import, quarterdeck};

const SAVE: &str = "\x1bOQ";

/// A program of a few lines.
fn script(folder: &Path, name: &str, lines: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// A new strategy with the cursor on its hypothesis.
fn hypothesis(path: &str, editor: &str) -> Pty {
    let env = [("TERM", "xterm-256color"), ("EDITOR", editor)];
    let mut pty = Pty::start_with(&env, 80, 24, &quarterdeck(), &["--db", path, "--today", "2026-06-02"]);
    pty.until("[0Today]");
    pty.keys("8");
    pty.until("No plan yet");
    pty.keys("A");
    pty.until("Plans > new strategy");
    pty.keys("Autumn\x1b[A\x1b[A");
    pty.until(">hypothesis");
    pty
}

#[test]
fn an_editor_has_the_terminal_and_its_text_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db").display().to_string();
    import(&path, folder.path(), "first.csv", &[("u1", "2026-06-01")]);
    // It reads a line from the terminal, so the dashboard must not take the keys.
    let editor = script(
        folder.path(),
        "ed",
        "stty -a | grep -q -- '-icanon' && exit 9; echo ready; read word; echo \"$word of them\nstay\" > \"$1\"",
    );
    let mut pty = hypothesis(&path, &editor);
    pty.until("e opens your editor");
    pty.keys("e");
    pty.until("ready");
    assert!(!pty.contents().contains("hypothesis"), "the screen is the editor's: {}", pty.contents());
    pty.keys("half\n");
    pty.until("half of them / stay");
    pty.until_taken();
    pty.keys(SAVE);
    pty.until("new strategy: Autumn");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}

#[test]
fn an_editor_that_is_missing_or_fails_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db").display().to_string();
    import(&path, folder.path(), "first.csv", &[("u1", "2026-06-01")]);
    let mut pty = hypothesis(&path, "no-such-editor --wait");
    pty.keys("e");
    pty.until("the editor no-such-editor --wait cannot be run");
    pty.keys("\x03");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
    let failing = script(folder.path(), "bad", "exit 3");
    let env = [("TERM", "xterm-256color"), ("EDITOR", failing.as_str())];
    let mut pty = Pty::start_with(&env, 120, 40, &quarterdeck(), &["--db", &path, "--today", "2026-06-02"]);
    pty.until("Today");
    pty.keys("8");
    pty.until("No plan yet");
    pty.keys("A");
    pty.until("Plans > new strategy");
    pty.keys("\x1b[A\x1b[A");
    pty.until(">hypothesis");
    pty.keys("e");
    pty.until("ended with code 3; the text stays as it was");
    pty.keys("\x03");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}
