//! Several processes over one workspace, as operators run them: imports, streams, undo, dry runs, refusals.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::disallowed_methods, reason = "files of the test, never an open workspace")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use quarterdeck::domain::calendar::Instant as Moment;
use quarterdeck::domain::records::Kind;
use quarterdeck::store::{Access, NewBatch, Store};

/// A workspace in a folder of its own.
struct Place {
    home: tempfile::TempDir,
}

impl Place {
    fn new(init: &[&str]) -> Self {
        let place = Self::empty();
        let made = place.run(&[&["init", "--tz", "UTC"], init].concat());
        assert!(made.status.success(), "{}", text(&made.stderr));
        place
    }

    fn empty() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, rows: &str) -> String {
        std::fs::write(self.path(name), rows).unwrap();
        self.path(name).display().to_string()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.args(args).env("XDG_DATA_HOME", self.home.path()).env("TZ", "UTC").env("QUARTERDECK_DB", self.db());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn db(&self) -> PathBuf {
        self.path("w.db")
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must end with a code, and gives what it wrote.
    fn expect(&self, code: i32, args: &[&str]) -> String {
        let done = self.run(args);
        let said = text(&done.stdout) + &text(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{args:?}: {said}");
        said
    }

    fn ingest(&self, args: &[&str]) -> Child {
        self.command(&[&["ingest", "-"], args].concat()).stdin(Stdio::piped()).spawn().unwrap()
    }

    fn stream(&self, rows: &str, args: &[&str]) -> Output {
        let mut child = self.ingest(args);
        // A command that refuses does not read.
        let _ = child.stdin.take().unwrap().write_all(rows.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Lines of `import list`, newest first, without the title.
    fn list(&self) -> Vec<String> {
        self.expect(0, &["import", "list", "--format", "csv"]).lines().skip(1).map(str::to_owned).collect()
    }

    fn sound(&self) {
        let said = self.expect(0, &["doctor"]);
        assert!(!said.contains("false"), "{said}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn events(from: usize, to: usize) -> String {
    let mut out = String::new();
    for n in from..to {
        let day = 1 + n % 28;
        let _ = writeln!(
            out,
            r#"{{"event_id":"e{n}","user_id":"u{}","event":"x","ts":"2026-06-{day:02}T10:00:00Z"}}"#,
            n % 97
        );
    }
    out
}

const ONE: &str = "user_id,event,ts\nu1,open,2026-06-07 01:00\n";

#[test]
fn importers_and_streams_over_the_same_days_lose_and_repeat_nothing() {
    let place = Place::new(&[]);
    let mut file = "user_id,ts,event\n".to_owned();
    for n in 0..60_000 {
        let _ = writeln!(file, "u{},2026-06-{:02}T{:02}:{:02}:00Z,e{}", n % 5_003, 1 + n % 28, n % 24, n % 60, n);
    }
    let file = place.write("file.csv", &file);
    let mut importer = place.command(&["import", &file]).spawn().unwrap();
    // Both streams bring 10,000 of the same ids, in pieces so that their commits fall between the importer's.
    let streams: Vec<Child> = [(0, 20_000), (10_000, 30_000)]
        .map(|(from, to)| {
            let mut child = place.ingest(&["--source", "live"]);
            let mut input = child.stdin.take().unwrap();
            std::thread::spawn(move || {
                for piece in (from..to).step_by(1_000) {
                    input.write_all(events(piece, piece + 1_000).as_bytes()).unwrap();
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
            child
        })
        .into();
    let mut inserted = 0;
    for stream in streams {
        let done = stream.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        let said = text(&done.stderr);
        let count = said.split("inserted ").nth(1).and_then(|s| s.split(' ').next()).unwrap();
        inserted += count.parse::<u64>().unwrap();
    }
    assert!(importer.wait().unwrap().success());
    assert_eq!(inserted, 30_000, "each id once");
    assert_eq!(place.expect(0, &["export", "events"]).lines().count(), 1 + 90_000);
    place.sound();
}

#[test]
fn a_stream_waits_for_a_writer_and_names_it() {
    let place = Place::new(&[]);
    let lock = rusqlite::Connection::open(place.db()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut child = place.ingest(&[]);
    child.stdin.take().unwrap().write_all(events(0, 3).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    assert!(child.try_wait().unwrap().is_none(), "it goes on waiting");
    lock.execute_batch("COMMIT").unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let said = text(&done.stderr);
    assert!(said.contains(&format!("waiting for process {}", std::process::id())), "{said}");
    assert!(said.contains("read 3 = inserted 3"), "{said}");
}

#[test]
fn a_writer_that_may_give_up_names_the_file_and_the_process_it_waited_for() {
    let place = Place::new(&[]);
    let lock = rusqlite::Connection::open(place.db()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut store = Store::open(&place.db(), Access::ReadWrite, Duration::from_millis(60)).unwrap();
    let since = Instant::now();
    let refused = store.batch(&NewBatch::new("events", Kind::Events, "a.csv", Moment(0))).err().unwrap();
    assert!(since.elapsed() >= Duration::from_millis(180), "three times its patience");
    assert_eq!(refused.exit_code(), 4);
    let said = refused.at(&place.db()).to_string();
    assert!(said.contains("w.db: process ") && said.contains(&std::process::id().to_string()), "{said}");
}

#[test]
fn a_limit_on_file_sizes_is_a_full_machine_and_leaves_no_half_file() {
    let place = Place::empty();
    let limited = |blocks: u32, args: &str| {
        let line = format!("ulimit -f {blocks}; exec {} {args}", env!("CARGO_BIN_EXE_quarterdeck"));
        let mut shell = Command::new("sh");
        shell.args(["-c", &line]).env("QUARTERDECK_DB", place.db()).env("TZ", "UTC").stdin(Stdio::null());
        shell.output().unwrap()
    };
    assert_eq!(limited(8, "init").status.code(), Some(4));
    let left: Vec<_> = std::fs::read_dir(place.home.path()).unwrap().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(place.run(&["init"]).status.success());
    let mut rows = "user_id,event,ts\n".to_owned();
    for n in 0..60_000 {
        let _ = writeln!(rows, "u{n},e,2026-06-{:02}T10:00:00Z", 1 + n % 28);
    }
    let file = place.write("many.csv", &rows);
    let done = limited(1_000, &format!("import {file}"));
    assert_eq!(done.status.code(), Some(4), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("w.db"), "{}", text(&done.stderr));
    assert!(place.expect(0, &["import", &file]).contains("inserted 60000"));
    place.sound();
}

#[test]
fn a_report_that_cannot_be_written_says_that_the_rows_are_stored() {
    let place = Place::new(&[]);
    let file = place.write("a.csv", ONE);
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let done = place.command(&["import", &file]).stdout(full()).output().unwrap();
    assert_eq!(done.status.code(), Some(4));
    assert!(text(&done.stderr).contains("is stored"), "{}", text(&done.stderr));
    let mut child = place.command(&["ingest", "-"]).stdin(Stdio::piped()).stdout(full()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(events(0, 3).as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(4));
    assert!(text(&done.stderr).contains("all rows are stored"), "{}", text(&done.stderr));
    assert_eq!(place.expect(0, &["export", "events"]).lines().count(), 1 + 4);
}

#[test]
fn the_summary_for_programs_has_the_choices_made() {
    let place = Place::new(&[]);
    let file = place.write("a.csv", "user_id,event,ts\nu1,open,2026-06-07 01:00\nu1,open,bad\n");
    let said = place.expect(3, &["import", &file, "--format", "ndjson"]);
    let row: serde_json::Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!(row["format"], "csv");
    assert_eq!(row["encoding"], "utf-8");
    assert_eq!(row["zone"], "UTC");
    assert_eq!(row["source"], "events");
    assert_eq!(row["mapping"], "user_id=user,event=name,ts=time");
    assert_eq!(row["rejected_lines"], "3");
}

#[test]
fn an_import_that_a_stream_is_writing_is_not_taken_back_and_a_killed_one_is_stopped() {
    let place = Place::new(&[]);
    let mut child = place.ingest(&["--source", "live"]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(events(0, 5).as_bytes()).unwrap();
    wait_for(|| place.list().first().is_some_and(|line| line.contains("live,events,open,5,5")));
    let said = place.expect(2, &["import", "undo", "1"]);
    assert!(said.contains(&format!("process {}", child.id())) && said.contains("stop that first"), "{said}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(place.list()[0].contains("live,events,stopped,5,5"), "{:?}", place.list());
    place.expect(0, &["import", "undo", "1"]);
    place.expect(0, &["import", "redo", "1"]);
    // The next stream of the source closes it.
    assert!(place.stream(&events(5, 6), &["--source", "live"]).status.success());
    assert!(place.list()[1].contains("stopped"), "{:?}", place.list());
    let state = rusqlite::Connection::open(place.db()).unwrap();
    let open: i64 = state.query_row("SELECT count(*) FROM batch WHERE state = 0", [], |r| r.get(0)).unwrap();
    assert_eq!(open, 0);
    place.sound();
}

#[test]
fn a_stream_whose_import_was_taken_back_goes_on_in_another() {
    let place = Place::new(&["--currency", "USD"]);
    let mut child = place.ingest(&[]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"date,channel,amount\n2026-06-01,a,5\n").unwrap();
    wait_for(|| place.list().first().is_some_and(|line| line.contains("open,1,1")));
    // As from another machine's process table: nobody seems to write it.
    let other = rusqlite::Connection::open(place.db()).unwrap();
    other.execute_batch("UPDATE batch SET writer = NULL").unwrap();
    place.expect(0, &["import", "undo", "1"]);
    input.write_all(b"2026-06-01,a,7\n").unwrap();
    drop(input);
    let done = child.wait_with_output().unwrap();
    let said = text(&done.stderr);
    assert!(said.contains("import 1 was taken back while it ran; what came later is import 2"), "{said}");
    assert!(said.contains("read 2 = inserted 2"), "{said}");
    assert!(place.expect(0, &["export", "spend"]).contains("2026-06-01,a,,7,USD"));
    assert!(place.list()[1].contains("undone,1,1"), "{:?}", place.list());
    place.sound();
}

#[test]
fn a_dry_run_counts_as_the_import_would_and_holds_nobody_up() {
    let place = Place::new(&["--currency", "USD"]);
    let a = place.write("a.csv", ONE);
    let b = place.write("b.csv", "user_id,event,ts\nu1,open,2026-06-07 01:00\nu2,open,2026-06-07 01:00\n");
    let lock = rusqlite::Connection::open(place.db()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = place.expect(0, &["import", "--dry-run", "--read-only", &a, &b]);
    lock.execute_batch("COMMIT").unwrap();
    assert!(
        said.contains("read 1 = inserted 1") && said.contains("read 2 = inserted 1 + updated 0 + duplicate 1"),
        "{said}"
    );
    assert!(place.list().is_empty());
    place.expect(0, &["import", &a]);
    assert!(place.expect(0, &["import", "--dry-run", &b]).contains("inserted 1 + updated 0 + duplicate 1"));
    assert_eq!(place.list().len(), 1);
}

#[test]
fn undo_takes_zone_and_mapping_back_and_redo_brings_them_again() {
    let place = Place::new(&[]);
    let file = place.write("a.csv", "who,event,ts\nu1,open,2026-06-07 01:00\n");
    place.expect(0, &["import", &file, "--map", "who=user", "--tz", "Asia/Shanghai", "--source", "shop"]);
    assert!(place.expect(0, &["import", &file]).contains("Asia/Shanghai (the source's)"));
    place.expect(0, &["import", "undo", "1"]);
    place.expect(5, &["import", &file]);
    let said = place.expect(0, &["import", "--dry-run", &file, "--map", "who=user", "--source", "shop"]);
    assert!(said.contains("UTC (the workspace's)"), "{said}");
    place.expect(0, &["import", "redo", "1"]);
    assert!(place.expect(0, &["import", &file]).contains("to source shop"));
}

#[test]
fn a_stream_uses_the_saved_mapping_source_and_zone() {
    let place = Place::new(&[]);
    let rows = "who,what,at\nu1,open,2026-06-07 01:00\n";
    let file = place.write("a.csv", rows);
    let map = "who=user,what=name,at=time";
    place.expect(0, &["import", &file, "--kind", "events", "--map", map, "--tz", "Asia/Shanghai", "--source", "shop"]);
    let done = place.stream(rows, &[]);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(said.contains("events to source shop") && said.contains("Asia/Shanghai (the source's)"), "{said}");
    assert!(said.contains("duplicate 1"), "{said}");
}

#[test]
fn a_currency_is_never_guessed_from_a_part_nor_changed_by_a_flag() {
    let place = Place::empty();
    let mut rows = "order_id,user_id,ts,amount,currency\n".to_owned();
    for n in 0..20 {
        let _ = writeln!(rows, "o{n},u,2026-06-01,5,{}", if n == 19 { "EUR" } else { "USD" });
    }
    let file = place.write("o.csv", &rows);
    let said = place.expect(2, &["import", &file]);
    assert!(said.contains("USD, EUR") && said.contains("--currency"), "{said}");
    assert!(!place.db().exists());
    place.expect(0, &["import", &file, "--currency", "USD"]);
    let said = place.expect(2, &["import", &file, "--currency", "EUR"]);
    assert!(said.contains("this workspace's currency is USD"), "{said}");
    let done = place.stream(&rows, &["--currency", "EUR"]);
    assert_eq!(done.status.code(), Some(2));
    // A stream brings its workspace the currency of its first row, or is told one.
    for (flag, code) in [(&[][..], 0), (&["--currency", "USD"][..], 0)] {
        let bare = Place::new(&[]);
        assert_eq!(bare.stream(&rows, flag).status.code(), Some(code));
        assert!(gross(&bare).contains(",95,"));
    }
    let bare = Place::new(&[]);
    assert_eq!(bare.stream("order_id,user_id,ts,amount\no1,u,2026-06-01,5\n", &[]).status.code(), Some(2));
}

#[test]
fn rejected_rows_belong_to_their_import_and_count_once_for_one_file() {
    let place = Place::new(&[]);
    let a = place.write("a.csv", "user_id,event,ts\nu1,open,bad\n");
    let b = place.write("b.csv", "user_id,event,ts\nu1,open,bad\n");
    for file in [&a, &a, &b] {
        place.expect(3, &["import", file]);
    }
    let db = rusqlite::Connection::open(place.db()).unwrap();
    let count = |sql: &str| db.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM reject"), 3);
    assert_eq!(count("SELECT count(DISTINCT key) FROM reject"), 2);
    drop(db);
    place.expect(0, &["import", "undo", "2"]);
    place.sound();
    let done = place.stream("user_id,event,ts\nu1,open,bad\n", &[]);
    assert_eq!(done.status.code(), Some(3));
    assert!(text(&done.stderr).contains("line 2: ts \"bad\""), "{}", text(&done.stderr));
}

#[test]
fn what_cannot_be_read_twice_or_written_is_refused_in_one_line_that_names_it() {
    let place = Place::new(&[]);
    let fifo = place.path("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600), 0)
        .unwrap();
    let said = place.expect(5, &["import", &fifo.display().to_string()]);
    assert!(said.contains("pipe") && said.contains("ingest -"), "{said}");
    let nowhere = place.path("nowhere/b.db").display().to_string();
    let said = place.expect(2, &["backup", &nowhere]);
    assert!(said.contains(&place.path("nowhere").display().to_string()), "{said}");
    std::os::unix::fs::symlink(place.path("gone"), place.path("link")).unwrap();
    place.expect(2, &["backup", &place.path("link").display().to_string()]);
    assert!(std::fs::symlink_metadata(place.path("link")).unwrap().is_symlink());
    // A header without a schema is damage, and the file stays as it is.
    let db = rusqlite::Connection::open(place.db()).unwrap();
    db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA user_version = 0").unwrap();
    drop(db);
    let before = std::fs::read(place.db()).unwrap();
    let said = place.expect(5, &["doctor"]);
    assert!(said.contains("w.db") && said.lines().count() == 1, "{said}");
    assert_eq!(std::fs::read(place.db()).unwrap(), before);
}

#[test]
fn doctor_names_what_was_changed_behind_its_back() {
    let place = Place::new(&["--currency", "USD"]);
    let orders = place.write("o.csv", "order_id,user_id,ts,amount\no1,u1,2026-06-01,5\no2,u1,2026-06-02,7\n");
    let spend = place.write("s.csv", "date,channel,amount\n2026-06-01,a,5\n2026-06-02,a,6\n");
    let twice = place.write("e.csv", "event_id,user_id,event,ts\nx,u1,open,2026-06-01\nx,u1,open,2026-06-02\n");
    let facts = place.write("f.csv", "date,metric,value,channel\n2026-06-01,fans,5,a\n2026-06-02,fans,6,\n");
    let links = place.write("l.csv", "alias,user\nu9,u1\n");
    for file in [&orders, &spend, &twice, &facts, &links] {
        place.expect(0, &["import", file]);
    }
    let said = place.expect(0, &["doctor"]);
    assert!(said.contains("1 ids") && said.contains("u1 open on 2026-06-01, 2026-06-02"), "{said}");
    let damages = [
        ("UPDATE revenue SET amount = amount + 1 WHERE id = 1", "import digests"),
        ("DELETE FROM revenue WHERE id = 1", "import digests"),
        ("UPDATE revenue SET state = 1 WHERE id = 1", "keyed rows"),
        ("UPDATE spend SET clicks = 3 WHERE id = 1", "keyed rows"),
        ("DELETE FROM spend", "import digests"),
        ("UPDATE fact SET value = value + 1 WHERE id = 1", "keyed rows"),
        ("UPDATE fact SET channel = NULL", "keyed rows"),
        ("UPDATE fact SET value = value + 1 WHERE id = 2", "import digests"),
        ("UPDATE link SET user = alias", "keyed rows"),
        ("DELETE FROM link", "import digests"),
        ("UPDATE event_block SET identity = zeroblob(12 * n)", "identities"),
        ("DELETE FROM event_block", "import digests"),
        ("DELETE FROM first_touch; UPDATE rollup SET users = x'05'", "rollups"),
        ("UPDATE batch SET inserted = inserted - 1, duplicate = duplicate + 1", "import lines"),
        ("UPDATE batch SET state = 2 WHERE id = 3", "import lines"),
    ];
    for (sql, check) in damages {
        let copy = place.path("copy.db");
        std::fs::copy(place.db(), &copy).unwrap();
        let db = rusqlite::Connection::open(&copy).unwrap();
        db.execute_batch(sql).unwrap();
        db.close().unwrap();
        let said = place.expect(3, &["doctor", "--db", &copy.display().to_string(), "--format", "csv"]);
        assert!(said.lines().any(|line| line.starts_with(&format!("{check},false"))), "{sql}: {said}");
        std::fs::remove_file(&copy).unwrap();
    }
}

#[test]
fn a_workspace_of_schema_1_keeps_its_mapping_zone_and_rejected_rows() {
    let place = Place::empty();
    old_workspace(&place.db());
    let said = place.expect(0, &["doctor"]);
    assert!(!said.contains("false"), "{said}");
    assert!(place.expect(0, &["metric", "dau", "--grain", "total", "--format", "csv"]).starts_with("metric"));
    let db = rusqlite::Connection::open(place.db()).unwrap();
    let one = |sql: &str| db.query_row(sql, [], |r| r.get::<_, String>(0)).unwrap();
    assert_eq!(one("SELECT columns FROM mapping WHERE batch = 0"), "{}");
    assert_eq!(one("SELECT zone FROM source_zone WHERE batch = 0"), "Asia/Shanghai");
    assert_eq!(one("SELECT raw FROM reject"), "x");
    let backup = std::fs::read_dir(place.home.path()).unwrap().flatten();
    let names: Vec<String> = backup.map(|f| f.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().any(|n| n.contains(".pre-v") && n.ends_with("-from-v1")), "{names:?}");
}

/// A workspace as schema 1 wrote it.
fn old_workspace(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(include_str!("../src/store/migrations/0001_spine.sql")).unwrap();
    db.execute_batch(
        "INSERT INTO setting VALUES ('zone', 'UTC'), ('week_start', 'monday'), ('currency', 'USD');
         INSERT INTO source (id, name, kind, zone) VALUES (1, 'shop', 1, 'Asia/Shanghai');
         INSERT INTO mapping VALUES (7, 1, '{}');
         INSERT INTO batch (id, source, file, began, committed, state, read, rejected)
           VALUES (1, 1, 'a.csv', 0, 0, 1, 1, 1);
         INSERT INTO reject (batch, line, code, detail, raw, key) VALUES (1, 2, 'c', 'd', 'x', x'01');
         PRAGMA journal_mode = WAL; PRAGMA application_id = 1363428171; PRAGMA user_version = 1",
    )
    .unwrap();
    db.close().unwrap();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn a_workspace_of_schema_2_keeps_its_sources_and_its_spend() {
    let place = Place::new(&["--currency", "USD"]);
    let many: String = (0..4_000).fold("user_id,event,ts,channel\n".to_owned(), |all, n| {
        let channel = if n % 3 == 0 { "" } else { "tv" };
        all + &format!("u{},e{},2026-06-{:02} {:02}:07:0{},{channel}\n", n % 40, n % 7, 1 + n % 5, n % 24, n % 10)
    });
    for (name, rows) in [
        ("e.csv", many.as_str()),
        ("r.csv", "order_id,user_id,ts,amount\no1,u1,2026-06-07 02:00,5\n"),
        ("s.csv", "date,channel,amount,clicks\n2026-06-07,search,3,\n2026-06-07,,1,4\n"),
    ] {
        place.expect(0, &["import", &place.write(name, rows)]);
    }
    place.expect(0, &["import", "undo", "2"]);
    let said = |place: &Place| {
        let lists = ["events", "revenue", "spend"].map(|kind| place.expect(0, &["export", kind]));
        (lists, place.list(), place.expect(0, &["metric", "spend", "--grain", "total", "--format", "csv"]))
    };
    let before = said(&place);
    let now = place.path("now.db");
    std::fs::rename(place.db(), &now).unwrap();
    let db = rusqlite::Connection::open(place.db()).unwrap();
    db.execute_batch(include_str!("../src/store/migrations/0001_spine.sql")).unwrap();
    db.execute_batch(include_str!("../src/store/migrations/0002_runs.sql")).unwrap();
    db.execute("ATTACH ?1 AS now", [now.display().to_string()]).unwrap();
    db.execute_batch("INSERT INTO source (id, name, kind, ended) SELECT id, name, kind, ended FROM now.source")
        .unwrap();
    for table in ["setting", "change", "day_change", "term", "batch"] {
        db.execute_batch(&format!("INSERT INTO {table} SELECT * FROM now.{table}")).unwrap();
    }
    db.execute_batch("INSERT INTO user (id, name) SELECT id, name FROM now.user").unwrap();
    old_events(&db);
    for table in ["revenue", "spend", "rollup", "event_count", "mapping"] {
        db.execute_batch(&format!("INSERT INTO {table} SELECT * FROM now.{table}")).unwrap();
    }
    db.execute_batch("DETACH now").unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA application_id = 1363428171; PRAGMA user_version = 2").unwrap();
    db.close().unwrap();
    std::fs::set_permissions(place.db(), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert_eq!(said(&place), before);
    let db = rusqlite::Connection::open(place.db()).unwrap();
    let pages = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    assert!(pages("freelist_count") * 4 <= pages("page_count"), "the room of the old tables is given back");
    drop(db);
    place.sound();
    place.expect(0, &["import", "redo", "2"]);
    place.expect(0, &["import", &place.write("l.csv", "alias,user\nx,u1\n")]);
    place.sound();
}

#[test]
fn other_programs_read_the_events_through_a_view() {
    let place = Place::new(&[]);
    let mut text = "user_id,event,ts,channel,platform,page\n".to_owned();
    for n in 0..700 {
        let user = if n % 9 == 0 { String::new() } else { format!("u{}", n % 301) };
        let [channel, platform, page] = [(5, "tv"), (4, "web"), (3, "h")].map(|(by, word)| match n % by {
            0 => String::new(),
            rest => format!("{word}{rest}"),
        });
        let time = format!("2026-06-{:02}T{:02}:00:00.{:06}Z", 1 + n % 3, n % 24, n * 1_000 + n % 2);
        let _ = writeln!(text, "{user},e{},{time},{channel},{platform},{page}", n % 5);
    }
    place.expect(0, &["import", &place.write("e.csv", &text)]);
    place.expect(0, &["import", &place.write("f.csv", ONE)]);
    place.expect(0, &["import", "undo", "2"]);
    let db = rusqlite::Connection::open(place.db()).unwrap();
    let sql = "SELECT user, strftime('%Y-%m-%dT%H:%M:%S', at_micros / 1000000, 'unixepoch'), event, channel, platform,
        props FROM v_event";
    let mut statement = db.prepare(sql).unwrap();
    let row = |r: &rusqlite::Row<'_>| {
        let cells: Result<Vec<Option<String>>, _> = (0..6).map(|at| r.get(at)).collect();
        Ok(cells?.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>())
    };
    let mut viewed: Vec<Vec<String>> = statement.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap();
    let micros: i64 = db.query_row("SELECT sum(at_micros % 1000000) FROM v_event", [], |r| r.get(0)).unwrap();
    assert_eq!(micros, (0..700).map(|n| n * 1_000 + n % 2).sum::<i64>());
    let exported = place.expect(0, &["export", "events"]);
    let mut reader = csv::Reader::from_reader(exported.as_bytes());
    let mut exported: Vec<Vec<String>> = reader
        .records()
        .map(|row| {
            row.unwrap()
                .iter()
                .enumerate()
                .map(|(at, c)| c.chars().take(if at == 1 { 19 } else { 999 }).collect())
                .collect()
        })
        .collect();
    viewed.sort();
    exported.sort();
    assert_eq!(viewed.len(), 700);
    assert_eq!(viewed, exported);
}

/// Writes the events of the attached workspace as schema 2 had them.
fn old_events(db: &rusqlite::Connection) {
    db.execute_batch(
        "CREATE TEMP TABLE e AS SELECT v.*, b.identity AS hashes,
           (SELECT count(*) FROM now.batch x WHERE x.id = v.batch AND x.state = 2) AS undone
         FROM (SELECT * FROM now.v_event_ids) v JOIN now.event_block b ON b.id = v.block;
         INSERT INTO event SELECT block + place, batch, at_micros % 86400000000, name, nullif(user, 0) - 1,
           nullif(channel, 0) - 1, nullif(platform, 0) - 1, NULL FROM e;
         INSERT INTO identity SELECT block >> 32, batch, block + place & 4294967295,
           unhex(hex(substr(hashes, 1 + 12 * place, 12)) || printf('%08x', block + place & 4294967295)) FROM e",
    )
    .unwrap();
    let counts =
        "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM identity), (SELECT sum(n) FROM now.event_block)";
    let row = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
    let (events, identities, all): (i64, i64, i64) = db.query_row(counts, [], row).unwrap();
    assert!(events > 100 && events == all && identities == all);
}

fn gross(place: &Place) -> String {
    let span = ["--from", "2026-06-01", "--to", "2026-06-01"];
    place.expect(0, &[&["metric", "gross", "--grain", "total", "--format", "csv"][..], &span].concat())
}

fn wait_for(mut done: impl FnMut() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(20), "it did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_workspace_that_another_process_has_just_made_is_known_as_one() {
    let place = Place::empty();
    let profile = quarterdeck::engine::NewWorkspace {
        product: "new".into(),
        ..quarterdeck::engine::NewWorkspace::bare(quarterdeck::domain::calendar::Zone::UTC, None)
    };
    let _open = Store::create(&place.db(), &profile).unwrap();
    place.expect(0, &["import", "list"]);
}

#[test]
fn what_lies_beside_an_open_workspace_is_refused_like_the_workspace() {
    let place = Place::new(&[]);
    // Another process holds the workspace open, so that its companions are there.
    let mut child = place.ingest(&[]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(events(0, 5).as_bytes()).unwrap();
    wait_for(|| place.list().first().is_some_and(|line| line.contains(",open,5,5")));
    for suffix in ["", "-wal", "-shm"] {
        let said = place.expect(5, &["import", &format!("{}{suffix}", place.db().display())]);
        assert!(said.contains("open workspace file; name the file the rows came from"), "{suffix}: {said}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    place.sound();
}

#[test]
fn a_first_file_that_is_not_understood_stops_only_itself() {
    let place = Place::empty();
    let strange = place.write("strange.csv", "x,y\n1,2\n");
    let good = place.write("good.csv", &events(0, 5));
    let said = place.expect(5, &["import", &strange, &good]);
    assert!(said.contains("no column is known") && said.contains("inserted 5"), "{said}");
    place.sound();
}
