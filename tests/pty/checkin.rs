//! The morning by keys alone: six Enters and `y`, and what they send over the wire.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::harness::{Pty, quarterdeck};

const DAY: &str = "2026-06-11";

/// The sample, made by a process of its own.
fn sample(folder: &Path) -> String {
    let beside = folder.join("w.db");
    let done = Command::new(quarterdeck()).args(["demo", "--today", DAY, "--db"]).arg(&beside).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

fn brief(path: &str) -> String {
    let done = Command::new(quarterdeck()).args(["brief", "--db", path, "--today", DAY]).output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim_end().to_owned()
}

/// What OSC 52 carries in what was sent.
fn clipboard(sent: &[u8]) -> String {
    let sent = String::from_utf8_lossy(sent);
    let (_, rest) = sent.split_once("\x1b]52;c;").unwrap();
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in rest.bytes().take_while(|letter| *letter != 7 && *letter != b'=') {
        held = held << 6 | letters.iter().position(|one| *one == letter).unwrap() as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_check_in_without_typing_is_six_enters_and_y() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample(folder.path());
    let mut pty = Pty::start(&quarterdeck(), &["--db", &path, "--today", DAY]);
    pty.until("LEAK");
    pty.until_quiet(Duration::from_millis(200));
    pty.take_received();

    let steps = [
        ("c", "rejected  state"),
        ("\r", "nobody waits for a number"),
        ("\r", "EXCEPTIONS"),
        ("\r", "of 8 stay for today"),
        ("\r", "3 of at most 3"),
        ("\r", "TEXT to be sent"),
        ("\r", "check-in of 2026-06-11 stored"),
        ("y", "sent to the terminal's clipboard"),
    ];
    let (mut keys, mut sent) = (0, Vec::new());
    for (key, shown) in steps {
        if key == "y" {
            // The brief is read anew after it is stored, and what is not read cannot be copied.
            pty.until("streak 1 work day");
        }
        pty.keys(key);
        keys += key.len();
        pty.until(shown);
        pty.until_quiet(Duration::from_millis(200));
        sent.push(pty.take_received());
    }
    assert_eq!(keys, 8);
    // A screen of 80x24 is 1,920 cells in some colours: no step sends more than one of them.
    let bytes: Vec<usize> = sent.iter().map(Vec::len).collect();
    assert!(bytes.iter().all(|bytes| *bytes < 6_000) && bytes.iter().sum::<usize>() < 20_000, "{bytes:?}");

    assert_eq!(clipboard(sent.last().unwrap()), brief(&path));
    assert!(pty.contents().contains("streak 1 work day"), "{}", pty.contents());
    pty.keys("\x1b");
    pty.until("DO TODAY");
    pty.keys("u");
    pty.until("undone: check-in of 2026-06-11");
    pty.keys("b");
    pty.until("no check-in yet");
    pty.keys("qq");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_restored();
}
