//! What the comparison must notice, over a data set of three rows.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::path::PathBuf;

use quarterdeck::query::Number;

use super::{Tally, run, sets, table};

const EVENTS: &str =
    "user_id,ts,event\nann,2024-01-01T10:00:00Z,e\nben,2024-01-01T11:00:00Z,e\nann,2024-01-03T10:00:00Z,e\n";
const DAILY: &str = "date,dau,new_users,wau_7d\n2024-01-01,2,2,2\n2024-01-02,0,0,2\n2024-01-03,1,0,2\n";

/// A data set of some files, compared.
fn compared(files: &[(&str, &str)]) -> (Tally, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut out = Vec::new();
    let tally = run(&[set(&folder, "s", files)], &mut out).unwrap();
    (tally, String::from_utf8(out).unwrap())
}

#[expect(clippy::disallowed_methods, reason = "files of the test")]
fn set(folder: &tempfile::TempDir, name: &str, files: &[(&str, &str)]) -> PathBuf {
    let set = folder.path().join(name);
    std::fs::create_dir_all(set.join("golden")).unwrap();
    for (file, text) in files {
        std::fs::write(set.join(file), text).unwrap();
    }
    set
}

#[test]
fn a_good_set_agrees_and_its_import_is_told() {
    let (tally, out) = compared(&[("events.csv", EVENTS), ("golden/daily.csv", DAILY), ("golden/ltv.csv", "a\n1\n")]);
    assert_eq!((tally.tables, tally.cells, tally.differ, tally.failed.len()), (1, 9, 0, 0), "{out}");
    assert!(out.contains("  events: read 3 inserted 3 duplicate 0 conflict 0 rejected 0\n"), "{out}");
    assert!(out.contains("  no rule ltv\n"), "{out}");
}

#[test]
fn a_changed_cell_and_a_title_that_no_rule_knows_differ() {
    let changed = DAILY.replace("01-02,0", "01-02,1");
    assert_eq!(compared(&[("events.csv", EVENTS), ("golden/daily.csv", &changed)]).0.differ, 1);
    let titled = DAILY.replace("wau_7d", "wau");
    assert_eq!(compared(&[("events.csv", EVENTS), ("golden/daily.csv", &titled)]).0.differ, 3);
}

#[test]
fn a_row_that_the_table_lacks_differs() {
    let short = DAILY.replace("2024-01-02,0,0,2\n", "");
    let (tally, out) = compared(&[("events.csv", EVENTS), ("golden/daily.csv", &short)]);
    assert_eq!(tally.differ, 1, "{out}");
    assert!(out.contains("not listed, got mau_28d Count(2)"), "{out}");
    let triangle = "cohort,cohort_size,n,users_on\n2024-01-01,2,0,2\n";
    let files = [("events.csv", EVENTS), ("golden/daily.csv", DAILY), ("golden/retention_day.csv", triangle)];
    assert_eq!(compared(&files).0.differ, 2, "the third day's cell, and the second by users on or after");
}

#[test]
fn an_answer_without_rows_does_not_agree_with_a_table_that_has_some() {
    let orders = "order_id,user_id,ts,amount\n,,2024-01-01T10:00:00Z,-1\n";
    let triangle = "cohort,cohort_size,n,users_on\n2023-12-31,9,0,9\n";
    let daily = "date,dau\n2024-01-01,0\n";
    let (tally, out) =
        compared(&[("orders.csv", orders), ("golden/daily.csv", daily), ("golden/retention_day.csv", triangle)]);
    assert_eq!((tally.cells, tally.differ), (3, 2), "{out}");
    let keys_only =
        [("orders.csv", orders), ("golden/daily.csv", daily), ("golden/growth_week.csv", "week\n2024-01-01\n")];
    assert_eq!(compared(&keys_only).0.failed.len(), 1, "nothing was compared");
    let no_key = [("events.csv", EVENTS), ("golden/daily.csv", DAILY), ("golden/growth_week.csv", "active\n2\n")];
    assert_eq!(compared(&no_key).0.failed.len(), 1, "rows without their key");
}

#[test]
fn a_funnel_is_asked_by_the_names_of_its_rows_and_never_by_their_numbers() {
    let events =
        "user_id,ts,event\nann,2024-01-01T10:00:00Z,x\nann,2024-01-01T10:30:00Z,y\nben,2024-01-01T11:00:00Z,x\n";
    let funnel = "funnel,window,mode,step,event,users,conv_from_start,conv_from_prev\n\
        f,30m,windowfunnel,1,x,2,1.0,\nf,30m,windowfunnel,2,y,1,0.5,0.5\n";
    let differ = |from: &str, to: &str| {
        let (tally, out) = compared(&[("events.csv", events), ("golden/funnel.csv", &funnel.replace(from, to))]);
        assert_eq!((tally.tables, tally.cells), (1, 6), "{out}");
        tally.differ
    };
    assert_eq!(differ("f", "f"), 0);
    assert_eq!(differ("y,1,0.5", "y,2,0.5"), 1);
    assert_eq!(differ("y,1,0.5", "z,1,0.5"), 3, "nobody did z");
    assert_eq!(differ("30m", "29m"), 3);
}

#[test]
fn value_and_scores_are_compared_user_by_user() {
    let orders = "order_id,user_id,ts,amount\n1,ann,2024-01-01T10:00:00Z,5\n2,ann,2024-02-02T10:00:00Z,-1.5\n\
        3,ben,2024-01-09T10:00:00Z,7\n4,cy,2024-01-20T10:00:00Z,-2\n,,2024-02-04T10:00:00Z,9\n";
    let ltv = "cohort,cohort_size,n,cum_net,cum_net_per_user\n2024-01-01,2,0,12.0000,6.0\n\
        2024-01-01,2,1,10.5000,5.25\n";
    let users = "user_id,recency_days,frequency,monetary,r_ntile,f_ntile,m_ntile,r_rank,f_rank,m_rank\n\
        ann,35,1,3.5000,1,1,1,1,1,1\nben,27,1,7.0000,2,2,2,3,1,3\n";
    let ranks = "r,f,m,users\n1,1,1,1\n3,1,3,1\n";
    let differ = |table: &str, from: &str, to: &str| {
        let text = |name: &str, text: &str| if table == name { text.replacen(from, to, 1) } else { text.to_owned() };
        let (ltv, users, ranks) = (text("ltv", ltv), text("users", users), text("ranks", ranks));
        let files = [
            ("orders.csv", orders),
            ("golden/ltv_month.csv", &ltv),
            ("golden/rfm_users.csv", &users),
            ("golden/rfm_rank.csv", &ranks),
        ];
        let (tally, out) = compared(&files);
        assert_eq!((tally.tables, tally.failed.len()), (3, 0), "{out}");
        tally.differ
    };
    assert_eq!(differ("", "", ""), 0);
    assert_eq!(differ("ltv", "10.5000", "10.5001"), 1);
    assert_eq!(differ("ltv", "2024-01-01,2,1,10.5000,5.25\n", ""), 1, "a cell that is not listed");
    assert_eq!(differ("users", "ann,35", "ann,34"), 1);
    assert_eq!(differ("users", "ben,27,1,7.0000,2,2,2,3,1,3\n", ""), 1, "a user who is not listed");
    assert_eq!(differ("ranks", "3,1,3,1", "3,1,2,1"), 2, "a triple too many and one too few");
}

#[test]
fn a_set_without_days_or_files_does_not_stop_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let spend = set(
        &folder,
        "a",
        &[
            ("spend.csv", "date,channel,amount\n2024-01-01,x,5\n"),
            ("golden/spend_day.csv", "day,spend\n2024-01-01,5\n"),
        ],
    );
    let empty = set(&folder, "b", &[("golden/daily.csv", DAILY)]);
    let good = set(&folder, "c", &[("events.csv", EVENTS), ("golden/daily.csv", DAILY)]);
    let mut out = Vec::new();
    let tally = run(&[spend, empty, good], &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("  no rule spend_day\n"), "{out}");
    assert_eq!((tally.failed.len(), tally.cells, tally.differ), (1, 9, 0), "{out}");
}

#[test]
fn folders_that_are_no_data_set_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = set(&folder, "good", &[]);
    std::fs::create_dir(folder.path().join("bare")).unwrap();
    let root = folder.path().to_path_buf();
    let found = sets::find(&[root.clone(), good.clone(), root.join("none"), root.join("bare")]).unwrap();
    assert_eq!(found.sets, [good.canonicalize().unwrap()], "once, whether named or found");
    let ignored: Vec<_> =
        found.ignored.iter().map(|(f, why)| (f.strip_prefix(&root).unwrap().to_str(), *why)).collect();
    let wanted = [
        (Some("bare"), "no golden/ in it"),
        (Some("none"), "not a folder"),
        (Some("bare"), "no golden/ and no folder in it"),
    ];
    assert_eq!(ignored, wanted);
}

#[test]
fn numbers_agree_by_value() {
    assert!(table::agrees(Number::Money(5_000_000), "5.0") && table::agrees(Number::Money(0), "-0.0000"));
    assert!(!table::agrees(Number::Money(5_000_100), "5.0000") && !table::agrees(Number::Money(0), ""));
    assert!(table::agrees(Number::Count(10), "10.0") && !table::agrees(Number::Count(1), "10"));
    assert!(table::agrees(Number::ratio(1, 3), "0.333333") && !table::agrees(Number::ratio(1, 3), "0.333336"));
    let large = Number::money_per(63_970_523_521_453_300, 4);
    assert!(table::agrees(large, "15992630880.363325") && !table::agrees(large, "15992630880.3634"));
    assert!(table::agrees(Number::None, "") && !table::agrees(Number::None, "0"));
}
