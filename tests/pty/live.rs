//! Another process writes while the dashboard is open.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::harness::{Pty, import, quarterdeck};

/// The value that stands in a row of the screen, by the name at its left edge; `z` marks data of old days.
fn value(screen: &vt100::Screen, name: &str) -> Option<String> {
    let contents = screen.contents();
    let row = contents.lines().find(|row| row.get(1..).is_some_and(|r| r.starts_with(name)))?;
    row.get(1 + name.len()..)?.split_whitespace().find(|word| *word != "z").map(str::to_owned)
}

/// Rows of the source of events on the Data screen: the number before that of the rejected ones.
fn rows(screen: &vt100::Screen) -> Option<String> {
    let contents = screen.contents();
    let row = contents.lines().find(|row| row.get(1..).is_some_and(|r| r.starts_with("events ")))?;
    let words: Vec<&str> = row.split_whitespace().collect();
    words.windows(2).find(|pair| pair[1] == "0").map(|pair| pair[0].to_owned())
}

fn opened(path: &str) -> Pty {
    Pty::start_with(&[("TERM", "xterm-256color"), ("QUARTERDECK_DB", path)], 80, 24, &quarterdeck(), &[])
}

#[test]
fn an_import_of_another_process_shows_without_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db").display().to_string();
    import(&path, folder.path(), "first.csv", &[("u1", "2026-06-01")]);
    let mut pty = opened(&path);
    pty.until_screen("one new user", |screen| value(screen, "New users").as_deref() == Some("1"));
    import(&path, folder.path(), "second.csv", &[("u2", "2026-06-01"), ("u3", "2026-06-02")]);
    pty.until_screen("three new users", |screen| value(screen, "New users").as_deref() == Some("3"));
    pty.keys("#");
    pty.until("second.csv");
    import(&path, folder.path(), "third.csv", &[("u4", "2026-06-02")]);
    pty.until("third.csv");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn a_stream_shows_row_by_row_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db").display().to_string();
    import(&path, folder.path(), "first.csv", &[("u1", "2026-06-01")]);
    let mut pty = opened(&path);
    pty.until("[0Today]");
    pty.keys("#");
    pty.until_screen("one row", |screen| rows(screen).as_deref() == Some("1"));
    let mut ingest = Command::new(quarterdeck())
        .args(["ingest", "-", "--db", &path])
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stream = ingest.stdin.take().unwrap();
    for user in 2..=4 {
        writeln!(stream, "{{\"user\":\"u{user}\",\"event\":\"open\",\"ts\":\"2026-06-02T10:00:0{user}Z\"}}").unwrap();
        stream.flush().unwrap();
        let wanted = user.to_string();
        pty.until_screen(&format!("{user} rows"), |screen| rows(screen) == Some(wanted.clone()));
    }
    drop(stream);
    assert!(ingest.wait().unwrap().success());
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
}
