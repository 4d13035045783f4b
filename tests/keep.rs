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
const FACTS: &str = "\
date,metric,value,channel
2026-06-01,\"visits, paid\",1200,search
2026-06-01,nps,-4.500001,
2026-06-02,fans,9000000000000,
";
const RATES: &str = "\
date,from,to,rate
2026-06-01,EUR,USD,1.080000000001
2026-06-01,USD,IDR,16250
";
const CONTENT: &str = "\
id,title,kind,author,planned,published,status
a1,\"Ten \"\"ways\"\"\",post,ann,2026-06-01,2026-06-03,live
a2,,,,,,
";
const DEALS: &str = "\
id,partner,kind,stage,value,currency,due,received
d1,Harbor,barter,signed,1000.5,EUR,2026-06-01,2026-06-09
d2,Pier,,lead,,,,
d3,,,lost,0,USD,,
";
const LINKS: &str = "\
alias,user
anon-1,ann
anon-2,ann
";
/// Every kind with rows that stand in the order of its export.
const ALL: [(&str, &str); 8] = [
    ("events", EVENTS),
    ("revenue", REVENUE),
    ("spend", SPEND),
    ("facts", FACTS),
    ("rates", RATES),
    ("content", CONTENT),
    ("deals", DEALS),
    ("links", LINKS),
];

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
    for (kind, rows) in ALL {
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
fn an_export_of_what_is_no_event_adds_nothing_where_it_came_from() {
    for (kind, rows) in ALL.into_iter().skip(1) {
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
fn a_later_import_replaces_and_undo_brings_back_what_it_replaced() {
    for (kind, first, second) in [
        (
            "facts",
            "date,metric,value\n2026-06-01,visits,5\n",
            "date,metric,value\n2026-06-01,visits,2\n2026-06-01,visits,4\n",
        ),
        ("rates", "date,from,to,rate\n2026-06-01,EUR,USD,1.1\n", "date,from,to,rate\n2026-06-01,EUR,USD,1.2\n"),
        ("content", "id,title,planned\na,Old,\n", "id,title,planned\na,New,2026-06-01\n"),
        ("deals", "id,partner,stage,value\nd,Pier,lead,5\n", "id,partner,stage,value\nd,Pier,signed,7\n"),
        ("links", "alias,user\na,ann\n", "alias,user\na,bob\n"),
    ] {
        let desk = Desk::new();
        desk.ok("a.db", &["init", "--tz", "UTC", "--currency", "USD"]);
        desk.write("1.csv", first);
        desk.write("2.csv", second);
        desk.ok("a.db", &["import", "1.csv"]);
        let before = desk.ok("a.db", &["export", kind]);
        let said = desk.ok("a.db", &["import", "2.csv"]);
        let rows = second.lines().count() - 1;
        assert!(said.contains(&format!("inserted 0 + updated {rows} ")), "{kind}: {said}");
        let after = desk.ok("a.db", &["export", kind]);
        assert!(after != before && after.lines().count() == 2, "{kind}: {after}");
        desk.ok("a.db", &["import", "undo", "2"]);
        assert_eq!(desk.ok("a.db", &["export", kind]), before, "{kind} after undo");
        desk.ok("a.db", &["import", "redo", "2"]);
        assert_eq!(desk.ok("a.db", &["export", kind]), after, "{kind} after redo");
        desk.ok("a.db", &["doctor"]);
        assert!(desk.ok("a.db", &["import", "list"]).contains(kind));
    }
}

#[test]
fn each_kind_refuses_what_it_cannot_hold_and_a_dry_run_stores_nothing() {
    for (kind, rows, why) in [
        ("facts", "date,metric,value\n2026-06-01,a,1\n2026-06-01,a,many\n", "is no number with at most 6 decimals"),
        ("facts", "date,metric,value\n2026-06-01,a,1\n2026-06-01,,1\n", "metric is empty"),
        ("facts", "date,metric,value\n2026-06-01,a,1\n2026-06-01,a,0.0000001\n", "is no number with at most 6"),
        ("facts", "date,metric,value\n2026-06-01,a,9000000000000\n2026-06-01,a,9000000000000\n", "rejected 1 "),
        ("rates", "date,from,to,rate\n2026-06-01,EUR,USD,1\n2026-06-01,EUR,USD,0\n", "is no rate above 0"),
        ("rates", "date,from,to,rate\n2026-06-01,EUR,USD,1\n2026-06-01,EURO,USD,1\n", "is no currency code"),
        ("content", "id,title,planned\na,b,\n,b,\n", "id is empty"),
        ("deals", "id,partner,stage,due\na,b,c,\na,b,c,soon\n", "due \"soon\" is no day"),
        ("links", "alias,user\na,b\na,\n", "user is empty"),
    ] {
        let desk = Desk::new();
        desk.ok("a.db", &["init", "--tz", "UTC", "--currency", "USD"]);
        desk.write("rows.csv", rows);
        let dry = desk.run("a.db", &["import", "--dry-run", "rows.csv"]);
        assert_eq!((dry.status.code(), desk.ok("a.db", &["export", kind]).lines().count()), (Some(3), 1), "{kind}");
        let done = desk.run("a.db", &["import", "rows.csv"]);
        let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert_eq!(done.status.code(), Some(3), "{said}");
        assert!(said.contains(why), "{kind}: {said}");
        assert_eq!(desk.ok("a.db", &["export", kind]).lines().count(), 2, "{kind}");
    }
}

#[test]
fn wide_facts_are_told_and_what_is_told_of_them_is_remembered() {
    let desk = Desk::new();
    desk.ok("a.db", &["init", "--tz", "UTC"]);
    desk.write("wide.csv", "date,visits,note,score\n2026-06-01,\"1,200\",fine,\"4,5\"\n2026-06-02,,,\n");
    let refused = desk.run("a.db", &["import", "wide.csv"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--kind facts") && refused.status.code() == Some(5));
    let said = desk.ok("a.db", &["import", "--kind", "facts", "--map", "note=", "wide.csv"]);
    assert!(said.contains("read 2 = inserted 1 ") && said.contains("blank 1"), "{said}");
    let all = "date,metric,value,channel\n2026-06-01,score,4.5,\n2026-06-01,visits,1200,\n";
    assert_eq!(desk.ok("a.db", &["export", "facts"]), all);
    desk.write("wide.csv", "date,visits,note,score\n2026-06-01,\"1,200\",9,\"4,5\"\n2026-06-03,7,,\n");
    let said = desk.ok("a.db", &["import", "wide.csv"]);
    assert!(said.contains("read 2 = inserted 1 + updated 0 + duplicate 1 "), "{said}");
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
