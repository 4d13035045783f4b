//! Exit codes: 0 done, 1 failed, 2 usage, 3 done with rejected rows or findings, 4 stopped by the machine, 5 not
//! understood, 128+n signal n; a closed pipe is 0. Data goes to standard output, messages to standard error.
//! 1 is left to what nothing else explains, so no input leads there; `engine::EngineError` holds its mapping.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use rusqlite::Connection;

use crate::place::{Ended, Place};

/// A failure has its code, prints no data, and says one line that holds some words.
pub fn fails(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!((ended.code, ended.out.as_str()), (Some(code), ""), "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
    for word in words {
        assert!(ended.err.contains(word), "{word} is missing in {ended:?}");
    }
}

#[test]
fn zero_is_done() {
    let place = Place::new();
    for line in ["--help", "--version", "import --help", "metric dau", "retention", "doctor", "keys", "import list"] {
        let ended = place.line(line);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{line}");
        assert!(!ended.out.is_empty(), "{line}");
    }
    assert_eq!(place.line("import undo 1").code, Some(0));
    assert_eq!(place.line("import redo 1").code, Some(0));
    assert_eq!(place.line("backup copy.db").code, Some(0));
}

#[test]
fn two_is_a_command_line_that_cannot_be_meant() {
    let place = Place::new();
    fails(&place.line("metric dauu"), 2, &["dauu", "did you mean dau?", "metric --list"]);
    fails(&place.line("metric zzzzzzzz"), 2, &["zzzzzzzz", "metric --list"]);
    fails(&place.line("metric dau --by stream"), 2, &["dau", "stream", "metric --list"]);
    fails(&place.line("metric dau --window 7"), 2, &["window", "active_users"]);
    for (line, word) in [
        ("metric stickiness --histogram --lift", "cannot be used with '--lift'"),
        ("profile --stage grown", "seed, growth, mature, decline"),
        ("init --stage grown --db other.db", "seed, growth, mature, decline"),
    ] {
        let ended = place.line(line);
        assert!(ended.code == Some(2) && ended.err.contains(word), "{ended:?}");
    }
    assert!(!place.folder().join("other.db").exists());
    fails(&place.line("metric net --event open"), 2, &["net", "event"]);
    fails(&place.line("metric dau --from 2026-06-09 --to 2026-06-01"), 2, &["2026-06-09", "2026-06-01"]);
    fails(&place.line("import undo 99"), 2, &["99", "import list"]);
    fails(&place.line("import --read-only x.csv"), 2, &["--read-only", "--dry-run"]);
    fails(&place.line("init --tz UTC"), 2, &["w.db", "exists"]);
    fails(&place.line("backup w.db"), 2, &["w.db", "exists"]);
    for (line, words) in [
        ("metric dau --grian day", ["--grian", "'--grain'"]),
        ("metric dau --by chanel", ["chanel", "'channel'"]),
        ("export events --format json", ["csv, ndjson", "'ndjson'"]),
        ("metricc dau", ["metricc", "'metric'"]),
        ("metric dau --from 6/1", ["6/1", "2026-06-10"]),
        ("import x.csv --kind sales", ["sales", "revenue"]),
        ("ingest file", ["ingest reads standard input", "import FILE"]),
        ("metric", ["required", "ID"]),
    ] {
        let ended = place.line(line);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{line}");
        assert!(words.iter().all(|w| ended.err.contains(w)), "{line}: {words:?} in {}", ended.err);
    }
    let nowhere = Place::bare();
    fails(&nowhere.line("metric dau"), 2, &["w.db", "demo", "init", "import FILE"]);
    fails(&nowhere.run([""; 0]), 2, &["w.db", "demo", "init", "import FILE"]);
    fails(&place.run([""; 0]), 2, &["not a terminal"]);
}

#[test]
fn three_is_done_with_findings() {
    let place = Place::new();
    place.write("bad.csv", "user_id,ts,event\nann,2026-06-03T10:00:00Z,open\nben,nope,open\n");
    let ended = place.line("import bad.csv");
    assert_eq!((ended.code, ended.err.as_str()), (Some(3), ""), "{ended:?}");
    assert!(ended.out.contains("line 3") && ended.out.contains("rejected 1"), "{}", ended.out);
    place.write("again.csv", "event_id,user_id,ts,event\ne1,zoe,2026-06-01T10:00:00Z,open\n");
    let ended = place.line("import again.csv");
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.out.contains("conflict 1"), "{}", ended.out);
    Connection::open(place.db()).unwrap().execute_batch("DELETE FROM rollup").unwrap();
    let ended = place.line("doctor");
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.out.contains("false"), "{}", ended.out);
}

#[test]
fn five_is_what_is_not_understood() {
    let place = Place::new();
    place.write("titles.csv", "alpha,beta\n1,2\n");
    place.write("empty.csv", "");
    place.write("binary.csv", [0, 159, 146, 150, 0, 1, 2, 3]);
    fails(&place.line("import titles.csv"), 5, &["titles.csv", "alpha"]);
    fails(&place.line("import empty.csv"), 5, &["empty.csv", "empty"]);
    fails(&place.line("import binary.csv"), 5, &["binary.csv"]);
    fails(&place.line("import none.csv"), 5, &["none.csv"]);
    fails(&place.line("import ."), 5, &["folder"]);
    fails(&place.line("import w.db"), 5, &["w.db", "workspace"]);
    place.write("text.db", "this is no workspace, only text that is long enough to be one\n".repeat(99));
    fails(&place.line("--db text.db metric dau"), 5, &["text.db"]);
    fails(&place.line("--db . metric dau"), 5, &["not a regular file"]);
    Connection::open(place.folder().join("other.db")).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
    fails(&place.line("--db other.db metric dau"), 5, &["other.db"]);
    Connection::open(place.db()).unwrap().pragma_update(None, "user_version", 9_999).unwrap();
    fails(&place.line("metric dau"), 5, &["w.db", "newer"]);
}

#[test]
fn four_is_the_machine() {
    let place = Place::new();
    for line in ["metric --list", "keys --format json", "export events", "import list --format csv"] {
        let mut command = place.command(line.split(' '));
        #[expect(clippy::disallowed_methods, reason = "a device, never a workspace")]
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = Ended::from(command.stdout(full).output().unwrap());
        fails(&ended, 4, &["standard output"]);
    }
    let other = Connection::open(place.db()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    fails(&place.line("import undo 1"), 4, &["process"]);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let place = Place::new();
    place.write("many.csv", format!("user_id,ts,event\n{}", "ann,2026-06-02T00:00:00Z,open\n".repeat(9_000)));
    assert_eq!(place.line("import many.csv").code, Some(0));
    for line in ["export events", "export events --format ndjson"] {
        let mut child = place.command(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let ended = Ended::from(child.wait_with_output().unwrap());
        assert!(!first.is_empty());
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{line} | head -1");
    }
    for line in ["--help", "metric --list", "keys", "import list", "doctor", "retention"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = Ended::from(place.command(line.split(' ')).stdout(writer).output().unwrap());
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{line} | true");
    }
}

#[test]
fn a_signal_ends_a_stream_with_its_number_after_the_rows_in_hand() {
    let place = Place::new();
    let mut command = place.command(["ingest", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"{\"user_id\":\"dee\",\"ts\":\"2026-06-03T10:00:00Z\",\"event\":\"open\"}\n").unwrap();
    let mut told = String::new();
    let mut acknowledged = BufReader::new(child.stdout.take().unwrap());
    acknowledged.read_line(&mut told).unwrap();
    assert!(told.contains("inserted=1"), "{told}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    drop((input, acknowledged));
    assert_eq!(ended.code, Some(128 + 15), "{ended:?}");
    assert!(place.line("export events").out.contains("dee"), "an acknowledged row is stored");
}

#[test]
fn an_import_and_a_stream_that_ended_have_counted_what_the_next_start_shows() {
    let place = Place::new();
    let counted = || -> (i64, i64, String) {
        let sql =
            "SELECT count(*), count(DISTINCT substr(question, 1, 10)), group_concat(DISTINCT state) FROM headline";
        let row = |row: &rusqlite::Row<'_>| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?.unwrap_or_default()))
        };
        Connection::open(place.db()).unwrap().query_row(sql, [], row).unwrap()
    };
    assert_eq!(counted().0, 0);
    place.write("more.csv", "user_id,ts,event\ndee,2026-06-03T10:00:00Z,open\n");
    assert_eq!(place.line("import more.csv").code, Some(0));
    let (answers, days, of_import) = counted();
    assert_eq!(days, 4, "from Friday to Monday");
    assert!(answers > 40 && !of_import.contains(','), "{answers} of {of_import}");
    let mut child = place.command(["ingest", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"{\"user_id\":\"eva\",\"ts\":\"2026-06-03T11:00:00Z\",\"event\":\"open\"}\n").unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
    let (answers, days, of_stream) = counted();
    assert_eq!(days, 4);
    assert!(answers > 40 && of_stream != of_import && !of_stream.contains(','), "{answers} of {of_stream}");
}
