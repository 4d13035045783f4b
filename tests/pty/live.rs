//! Another process writes while the dashboard is open.

use crate::harness::{Pty, import, quarterdeck};

#[test]
fn an_import_of_another_process_shows_without_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db").display().to_string();
    import(&path, folder.path(), "first.csv", &[("u1", "2026-06-01")]);
    let mut pty =
        Pty::start_with(&[("TERM", "xterm-256color"), ("QUARTERDECK_DB", &path)], 80, 24, &quarterdeck(), &[]);
    pty.until("[0Today]");
    pty.keys("#");
    pty.until("first.csv");
    import(&path, folder.path(), "second.csv", &[("u2", "2026-06-01"), ("u3", "2026-06-02")]);
    pty.until("second.csv");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
}
