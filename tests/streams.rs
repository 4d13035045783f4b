//! Damaged files and streams through the program itself: what it says, how it ends, what is stored.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![expect(clippy::disallowed_methods, reason = "files of the test, never a workspace")]

use std::fs::File;
use std::io::Write;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

const HEADER: &str = "user_id,event,ts\n";

/// A folder with a workspace in it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let made = place.program(&["init", "--tz", "UTC", "--currency", "USD"]).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        place
    }

    fn program(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.args(args).arg("--db").arg(self.0.path().join("w.db")).env("TZ", "UTC").env("HOME", self.0.path());
        command
    }

    fn import(&self, name: &str, bytes: &[u8], more: &[&str]) -> Said {
        let path = self.0.path().join(name);
        File::create(&path).unwrap().write_all(bytes).unwrap();
        said(&self.program(&[&["import", path.to_str().unwrap()], more].concat()).output().unwrap())
    }

    fn ingest(&self) -> Child {
        let mut command = self.program(&["ingest", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Streams all bytes and ends.
    fn stream(&self, bytes: &[u8]) -> Said {
        let mut child = self.ingest();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        said(&child.wait_with_output().unwrap())
    }
}

/// Exit code, and all that was said.
type Said = (Option<i32>, String);

fn said(output: &Output) -> Said {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn assert_said(said: &Said, code: i32, parts: &[&str]) {
    assert_eq!(said.0, Some(code), "{}", said.1);
    for part in parts {
        assert!(said.1.contains(part), "{part} is missing in:\n{}", said.1);
    }
}

#[test]
fn a_truncated_gzip_gives_its_good_rows_and_one_rejected_one() {
    let rows: Vec<String> =
        (0..3_000_u64).map(|i| format!("u{},e,2026-06-07\n", i * 2_654_435_761 % 999_983)).collect();
    let packed = gzip([HEADER, &rows.concat()].concat().as_bytes());
    let half = &packed[..packed.len() / 2];
    let place = Place::new();
    let import = place.import("cut.csv.gz", half, &[]);
    assert_said(&import, 3, &["the gzip data ends early here", "rejected 1 + blank 0", "read "]);
    assert_said(&Place::new().stream(half), 3, &["rejected 1 + blank 0"]);
}

#[test]
fn a_stream_may_be_packed_and_in_any_encoding() {
    let text = format!("{HEADER}u1,打开首页,2026-06-07\n");
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let returns = text.replace('\n', "\r").into_bytes();
    let cases = [(gzip(text.as_bytes()), "utf-8"), (utf16, "UTF-16LE"), (gb, "gb18030"), (returns, "utf-8")];
    for (bytes, encoding) in cases {
        let place = Place::new();
        let ended = place.stream(&bytes);
        assert_said(&ended, 0, &["inserted 1 ", &format!("events to source events: csv, {encoding}")]);
        assert_eq!(ended.1.matches("csv, ").count(), 1, "{}", ended.1);
        let export = said(&place.program(&["export", "events"]).output().unwrap());
        assert_said(&export, 0, &["u1,2026-06-07T00:00:00Z,打开首页"]);
    }
}

#[test]
fn input_that_cannot_be_read_is_no_empty_stream() {
    let place = Place::new();
    let mut command = place.program(&["ingest", "-"]);
    let folder = command.stdin(File::open("/").unwrap()).output().unwrap();
    assert_said(&said(&folder), 5, &["(stream)", "directory", "name a file in it"]);
    let half = b"{\"user_id\":\"u1\",\"event\":\"e\",\"ts\":1788998400}";
    assert_said(&place.stream(half), 0, &["ended mid-line (44 bytes held, not taken)", "read 0 "]);
}

#[test]
fn a_signal_ends_a_stream_within_a_line_that_never_does() {
    let place = Place::new();
    let mut child = place.ingest();
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{HEADER}u1,e,2026-06-07\n").as_bytes()).unwrap();
    let pid = child.id().to_string();
    let feeder = std::thread::spawn(move || while input.write_all(&[b'x'; 1 << 14]).is_ok() {});
    std::thread::sleep(Duration::from_millis(700));
    let began = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let ended = said(&child.wait_with_output().unwrap());
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_said(&ended, 143, &["inserted 1 "]);
    feeder.join().unwrap();
}

#[test]
fn what_is_said_of_a_file_must_go_together() {
    let place = Place::new();
    let events = format!("{}u1,e,2026-06-07,5\n", HEADER.replace('\n', ",x\n"));
    assert_said(&place.import("e.csv", events.as_bytes(), &["--map", "x=amount"]), 2, &["events have no amount"]);
    let facts = b"date,visits,revenue\n2026-05-01,5,9.50\n";
    assert_said(&place.import("f.csv", facts, &[]), 5, &["these are numbers by day", "--kind revenue"]);
    let spend = b"date,channel,amount\n03/04/2026,a,5\n";
    assert_said(&place.import("s.csv", spend, &[]), 5, &["--map date=day:dmy"]);
    assert_said(&place.import("s.csv", spend, &["--map", "date=time:dmy"]), 0, &["inserted 1 "]);
    let values = "谁,做了,何时\nu1,点击,2026-05-01\nu2,活动,2026-05-02\n".as_bytes();
    let map = ["--kind", "events", "--map", "谁=user,做了=name,何时=time"];
    assert_said(&place.import("c.csv", values, &map), 0, &["read 2 = inserted 2 "]);
    assert_said(&place.import("c.csv", values, &[]), 0, &["read 2 = inserted 0 "]);
}
