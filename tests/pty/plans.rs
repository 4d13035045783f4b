//! From an empty workspace to the next round of a plan, by keys alone; later days by starting again.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Pty, quarterdeck};

const ENTER: &str = "\r";
const SAVE: &str = "\x1bOQ";
const LIST: &str = "\x1bOR";

/// Orders of a year, a few a day.
fn made(folder: &Path) -> PathBuf {
    let mut orders = String::from("order_id,user_id,ts,amount\n");
    let first = chrono::NaiveDate::from_ymd_opt(2011, 1, 1).unwrap();
    for day in 0..344 {
        let date = first + chrono::Days::new(day);
        for n in 0..(5 + day % 4) {
            writeln!(orders, "{day}-{n},u{},{date}T10:00:00Z,{}", (day * 7 + n * 3) % 90, 40 + n * 5).unwrap();
        }
    }
    let file = folder.join("orders.csv");
    std::fs::write(&file, orders).unwrap();
    file
}

/// The orders of a shop that sells abroad, with refunds, in the same year; where the shared folder is at hand
/// (`QUARTERDECK_SHARED`, else `../shared/data`).
fn real() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let shared = std::env::var_os("QUARTERDECK_SHARED").map_or_else(beside, PathBuf::from);
    Some(shared.join("online_retail_intl/orders.csv.gz")).filter(|path| path.is_file())
}

/// A workspace with some orders, imported by a process of its own.
fn shop(folder: &Path, orders: &Path) -> String {
    let path = folder.join("shop.db").display().to_string();
    let mut command = Command::new(quarterdeck());
    command.args(["import", "--db", &path, "--currency", "GBP", "--kind", "revenue"]).arg(orders).env("TZ", "UTC");
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    path
}

/// The dashboard on a day, on the list of plans.
fn plans(path: &str, today: &str, first: &str) -> Pty {
    let mut pty = Pty::start(&quarterdeck(), &["--db", path, "--today", today]);
    pty.until("[0Today]");
    pty.keys("8");
    pty.until(first);
    pty
}

/// Keys, then what must be on the screen.
fn play(pty: &mut Pty, script: &[(&str, &str)]) {
    for (keys, shown) in script {
        pty.keys(keys);
        pty.until(shown);
    }
}

#[test]
fn a_plan_from_its_strategy_to_its_next_round() {
    let folder = tempfile::tempdir().unwrap();
    let orders = made(folder.path());
    journey(&shop(folder.path(), &orders), "14k", "15k", "<1% in review");
}

#[test]
fn the_same_over_the_orders_of_a_real_shop() {
    let Some(orders) = real() else {
        let said = "SKIPPED online_retail_intl: no data set found; set QUARTERDECK_SHARED";
        writeln!(std::io::stderr().lock(), "{said}").unwrap();
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    journey(&shop(folder.path(), &orders), "140k", "150k", "in review");
}

/// A strategy, a plan with a target, its parts and their weeks, a target that changes while it runs, a review with a lesson,
/// and the next round. `over` is what its row tells when its days are over.
fn journey(path: &str, target: &str, later: &str, over: &str) {
    let mut pty = plans(path, "2011-11-11", "No plan yet");
    play(
        &mut pty,
        &[
            ("A", "Plans > new strategy"),
            ("Sell to those who came", "[Sell to those who came_"),
            (SAVE, "new strategy: Sell to those"),
        ],
    );
    let form = format!("6\tNovember{ENTER}Ben{ENTER}2011-11-01{ENTER}+29d{ENTER}");
    let rest = ENTER.repeat(5);
    play(
        &mut pty,
        &[
            ("a", "field 1 of 16"),
            (&form, "Wed 30 Nov, in 19 days"),
            (&format!("{rest}net{LIST}"), ">  net "),
            (ENTER, "field 13 of 16"),
            (target, &format!("[{target}_")),
            (SAVE, "Plans > November   6 Commercial"),
        ],
    );
    // By formula, proposed and accepted; then a part by week.
    play(
        &mut pty,
        &[
            ("+", "orders x net per order"),
            ("1", "A Orders"),
            ("p", "OLD > NEW"),
            (ENTER, "targets below Net revenue"),
            ("j", "Orders closes the gap"),
            ("+", "the weeks of the plan"),
        ],
    );
    let weeks = pty
        .contents()
        .lines()
        .find(|line| line.contains("the weeks of the plan"))
        .and_then(|line| line.chars().find(char::is_ascii_digit).map(|digit| digit.to_string()));
    play(
        &mut pty,
        &[
            (&weeks.unwrap(), "     Week 1 from 1 Nov"),
            ("p", "OLD > NEW"),
            (ENTER, "targets below Orders"),
            ("o", "freezes the baseline"),
            ("2", "day 10/30   running"),
            // A running plan asks why a target changes.
            ("gt", "target of Net revenue"),
            (&format!("{later}{ENTER}"), "why does it change"),
            (ENTER, "changes with a reason"),
            (&format!("more stock{ENTER}"), "revised 1x"),
            ("u", "undone: target of Net revenue"),
            ("U", "done again"),
            (".", "Review November"),
        ],
    );
    assert!(pty.contents().contains("time 3"), "{}", pty.contents());
    pty.keys("qq");
    assert_eq!(pty.exit_code(), 0);
    // After its days it is observed, then reviewed, closed, and begun again.
    let mut pty = plans(path, "2011-12-03", "observing");
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
    let mut pty = plans(path, "2011-12-09", over);
    play(
        &mut pty,
        &[
            ("R", "Plans > November > review"),
            ("a", "new lesson"),
            (&format!("{ENTER}stock before the month{ENTER}n{ENTER}{ENTER}"), "field 5 of 5"),
            (SAVE, "KEEP     stock before"),
            ("C", "Close November?"),
            (ENTER, "1-30 Nov   closed"),
            ("C", "Round 2 of November begins"),
            (ENTER, "Plans > November r2"),
            ("\x1b", "6Co November r2"),
        ],
    );
    assert!(pty.contents().contains("closed"), "{}", pty.contents());
    pty.keys("q");
    assert_eq!(pty.exit_code(), 0);
}
