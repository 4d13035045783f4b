//! What leaves a workspace comes back the same, and the sample never takes the place of an operator's file.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests fail the test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const EVENTS: &str = "\
event_id,user_id,ts,event,channel,platform,size
e1,ann,2026-06-01T08:00:00Z,signup,search,ios,\"say \"\"hi\"\"\"
e2,ann,2026-06-02T08:00:00Z,view,,ios,
e3,,2026-06-02T09:00:00.123456Z,view,,,9007199254740993
e4,ann,2026-06-02T08:00:00Z,view,,ios,
";
const REVENUE: &str = "\
order_id,user_id,ts,stream,amount,currency,refund_of,line,colour
o1,ann,2026-06-02T08:01:00Z,subs,10.00,USD,,1,red
o1,ann,2026-06-02T08:01:00Z,subs,12.00,USD,,2,
o2,,2026-06-03T07:01:00Z,ads,20.123456,EUR,,,
o1,ann,2026-06-04T08:01:00Z,subs,-10.00,USD,o1,1,
,bob,2026-06-04T09:01:00Z,,5,USD,,,
,bob,2026-06-04T09:01:00Z,,5,USD,,,
";
const SPEND: &str = "\
date,channel,campaign,amount,currency,impressions,clicks
2026-06-02,feed,c2,4.00,USD,200,20
2026-06-01,search,\"c,1\",3.00,USD,,
";

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, db: &str, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.current_dir(self.0.path()).env("TZ", "UTC").args(["--db", db]).args(args).output().unwrap()
    }

    fn ok(&self, db: &str, args: &[&str]) -> String {
        let done = self.run(db, args);
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }
}

#[test]
fn an_export_is_read_back_to_the_same_workspace() {
    for (kind, rows) in [("events", EVENTS), ("revenue", REVENUE), ("spend", SPEND)] {
        let desk = Desk::new();
        desk.write("rows.csv", rows);
        desk.ok("a.db", &["init", "--tz", "UTC", "--currency", "USD"]);
        desk.ok("a.db", &["import", "rows.csv"]);
        let first = desk.ok("a.db", &["export", kind]);
        assert_eq!(first.lines().count(), rows.lines().count(), "{first}");
        for format in ["csv", "ndjson"] {
            let (db, file) = (format!("{format}.db"), format!("out.{format}"));
            desk.write(&file, &desk.ok("a.db", &["export", kind, "--format", format]));
            desk.ok(&db, &["init", "--tz", "UTC", "--currency", "USD"]);
            desk.ok(&db, &["import", &file, "--kind", kind]);
            assert_eq!(desk.ok(&db, &["export", kind]), first, "{kind} through {format}");
        }
    }
}

#[test]
fn an_export_of_orders_and_spend_adds_nothing_where_it_came_from() {
    for (kind, rows) in [("revenue", REVENUE), ("spend", SPEND)] {
        let desk = Desk::new();
        desk.write("rows.csv", rows);
        desk.ok("a.db", &["init", "--tz", "UTC", "--currency", "USD"]);
        desk.ok("a.db", &["import", "rows.csv"]);
        desk.write("out.csv", &desk.ok("a.db", &["export", kind]));
        let again = desk.run("a.db", &["import", "out.csv"]);
        let said = String::from_utf8([again.stdout, again.stderr].concat()).unwrap();
        assert!(said.contains("inserted 0 + updated 0"), "{kind}: {said}");
    }
}

#[test]
fn an_export_of_a_day_before_leaves_later_rows_out() {
    let desk = Desk::new();
    desk.ok("a.db", &["init", "--tz", "UTC", "--currency", "USD"]);
    for (name, rows) in [("e.csv", EVENTS), ("r.csv", REVENUE), ("s.csv", SPEND)] {
        desk.write(name, rows);
        desk.ok("a.db", &["import", name]);
    }
    for (kind, rows) in [("events", 1), ("revenue", 0), ("spend", 1)] {
        let out = desk.ok("a.db", &["--today", "2026-06-02", "export", kind]);
        assert_eq!(out.lines().count(), rows + 1, "{out}");
    }
}

#[test]
fn the_sample_is_written_once_kept_when_edited_and_renewed_when_old() {
    let desk = Desk::new();
    let demo = |day: &str| desk.run("own.db", &["--today", day, "demo"]);
    assert!(demo("2026-06-11").status.success());
    let last = || desk.ok("demo.db", &["metric", "dau", "--format", "csv"]).lines().last().unwrap().to_owned();
    assert!(last().starts_with("dau,2026-06-"), "{}", last());
    let written = fs::metadata(desk.path("demo.db")).unwrap().modified().unwrap();
    assert!(demo("2026-06-11").status.success());
    assert_eq!(fs::metadata(desk.path("demo.db")).unwrap().modified().unwrap(), written, "written once");
    assert!(demo("2026-06-12").status.success());
    let rows = desk.ok("demo.db", &["export", "events"]);
    assert!(rows.lines().last().unwrap().contains("2026-06-11T"), "told anew to the day before");
    desk.write("mine.csv", EVENTS);
    desk.ok("demo.db", &["import", "mine.csv", "--source", "mine"]);
    let kept = demo("2026-06-20");
    assert!(kept.status.success() && String::from_utf8_lossy(&kept.stderr).contains("edited"));
    assert!(desk.ok("demo.db", &["import", "list"]).contains("mine.csv"));
}

#[test]
fn the_sample_takes_no_file_that_is_not_its_own() {
    let desk = Desk::new();
    desk.ok("demo.db", &["init", "--tz", "UTC", "--currency", "USD"]);
    let refused = desk.run("demo.db", &["demo"]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    for (name, content) in [("text", b"not a database".to_vec()), ("empty", Vec::new())] {
        let folder = desk.path(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("demo.db"), &content).unwrap();
        let done = desk.run(&format!("{name}/own.db"), &["demo"]);
        assert_eq!(done.status.code(), Some(5), "{name}");
        assert_eq!(fs::read(folder.join("demo.db")).unwrap(), content);
        assert_eq!(names(&folder), ["demo.db"]);
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest() {
    let desk = Desk::new();
    desk.write("rows.csv", EVENTS);
    desk.ok("a.db", &["init", "--tz", "UTC"]);
    desk.ok("a.db", &["import", "rows.csv"]);
    for (args, said) in [
        (["metric", "dau", "--channel", "serch"], "did you mean search?"),
        (["metric", "dau", "--event", "nothing"], "2 are known"),
        (["retention", "--grain=day", "--start", "sign-up"], "did you mean signup?"),
    ] {
        let done = desk.run("a.db", &args);
        let line = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), line.contains(said)), (Some(2), true), "{line}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
