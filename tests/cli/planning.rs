//! The commands of plans, tasks, notes and typed numbers: their help, what they refuse, and what they store.

use quarterdeck::ui::text::is_unsafe;
use rusqlite::Connection;

use crate::bytes::pinned_text;
use crate::endings::fails;
use crate::place::Place;

#[test]
fn the_help_names_every_flag() {
    let place = Place::bare();
    let mut all = String::new();
    for line in ["plan -h", "plan new -h", "plan propose -h", "plan decompose -h", "task add -h", "note -h", "log -h"] {
        let ended = place.line(line);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{line}");
        let own = ended.out.split("\nFlags of every command").next().unwrap_or_default();
        all.extend(["$ quarterdeck ", line, "\n", own, "\n"]);
    }
    pinned_text("plan-help", &all);
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_can() {
    let place = Place::new();
    for (args, words) in [
        (
            vec!["plan", "new", "P", "--type", "sales", "--start", "today", "--finish", "+7d"],
            ["product, user", "channel"],
        ),
        (
            vec!["plan", "new", "P", "--type", "user", "--start", "someday", "--finish", "+7d"],
            ["someday", "2026-06-10"],
        ),
        (vec!["plan", "new", "P", "--type", "user", "--start", "today"], ["--finish", "required"]),
        (
            vec!["plan", "new", "", "--type", "user", "--start", "today", "--finish", "+7d"],
            ["value is required", "TITLE"],
        ),
        (
            vec!["plan", "new", "P", "--type", "user", "--start", "today", "--finish", "+7d", "--target", "5"],
            ["--metric", "required"],
        ),
        (
            vec!["plan", "new", "P", "--type", "user", "--start", "today", "--finish", "+7d", "--phase", "burst:x"],
            ["burst:x", "KIND:FIRST..LAST:SHARE"],
        ),
        (vec!["plan", "status", "1", "gone"], ["gone", "draft, ready, running"]),
        (vec!["plan", "show", "first"], ["first", "<ID>"]),
        (vec!["plan", "blame", "1", "--against", "me"], ["target, previous or round", "me"]),
        (vec!["plan", "propose", "1", "--set", "CVR"], ["NODE=VALUE", "CVR"]),
        (vec!["plan", "propose", "1", "--reason", "x"], ["--accept", "required"]),
        (vec!["task", "add"], ["TEXT", "required"]),
        (vec!["task", "move", "1", "soon"], ["soon", "start-7"]),
        (vec!["note", "x", "--severity", "2"], ["--feedback", "required"]),
        (vec!["note", "--feedback", "x", "--severity", "9"], ["9", "1..=3"]),
        (vec!["note", "x", "--competitor", "Acme", "--verdict", "copy"], ["borrow, watch, ignore", "copy"]),
        (vec!["log", "new_users"], ["VALUE", "required"]),
    ] {
        let ended = place.run(&args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{args:?}");
        assert!(words.iter().all(|word| ended.err.contains(word)), "{args:?}: {words:?} in {}", ended.err);
    }
    for line in ["plan undo", "plan target 1 Revenue 5", "task done 1", "note x", "log new_users 5"] {
        fails(&place.line(&format!("{line} --read-only")), 2, &["--read-only"]);
        fails(&place.line(&format!("{line} --db none.db")), 2, &["no workspace", "quarterdeck init"]);
    }
}

#[test]
fn a_number_is_typed_and_typed_again() {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC --currency USD").code, Some(0));
    let days = "--from 2026-06-02 --to 2026-06-03 --today 2026-06-04 --format csv";
    let typed = place.line("log new_users 420 -d yesterday --today 2026-06-04");
    assert_eq!((typed.code, typed.out.as_str()), (Some(0), "new_users  2026-06-03  420  stored\n"), "{typed:?}");
    let again = place.line("log new_users 1.5k -d 2026-06-03 --today 2026-06-04");
    assert!(again.code == Some(0) && again.out.contains("1500  it replaces what was there"), "{again:?}");
    let same = place.line("log new_users 1500 -d wed --today 2026-06-04");
    assert!(same.out.contains("2026-06-03  1500  it stood there already"), "{same:?}");
    let metric = place.line(&format!("metric new_users {days}")).out;
    assert!(metric.contains("2026-06-03,2026-06-03,1500"), "{metric}");
    assert!(!metric.contains("2026-06-02,2026-06-02,0"), "what nobody typed is not 0: {metric}");
    for (line, shown) in [
        ("log d7 23% -d 2026-06-02", "  0.23  "),
        ("log net 1.2k -d 2026-06-02", "  1200  "),
        ("log net 300.5 -d 2026-06-02 --channel feed-a", "net in feed-a  2026-06-02  300.5  "),
        ("log followers 12000 -d 2026-06-02", "  12000  "),
    ] {
        let ended = place.line(&format!("{line} --today 2026-06-04"));
        assert!(ended.code == Some(0) && ended.out.contains(shown), "{line}: {ended:?}");
    }
    let rows = place.line("export facts").out;
    assert!(rows.contains("2026-06-02,d7,0.23") && rows.contains("300.5,feed-a"), "{rows}");
    let through =
        Connection::open(place.db()).unwrap().query_row("SELECT max(through) FROM batch", [], |row| row.get(0));
    assert_eq!(through, Ok(1_780_531_200_000_000_i64), "a typed day is whole: through 2026-06-04T00:00:00Z");
    let list = place.line("import list --format csv").out;
    assert!(list.lines().filter(|line| line.contains(",typed,facts,")).count() == 7, "{list}");
}

#[test]
fn a_number_that_cannot_be_meant_is_refused() {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC").code, Some(0));
    fails(&place.line("log new_users many"), 2, &["many", "300k"]);
    fails(&place.line("log new_users 5%"), 2, &["5%", "plain number"]);
    fails(&place.line("log new_users 5 -d 2026-06-09 --today 2026-06-04"), 2, &["2026-06-09", "2026-06-04"]);
    let slip = place.line("log new_user 5 --today 2026-06-04");
    assert!(slip.code == Some(0) && slip.err.contains("new_users"), "{slip:?}");
    assert_eq!(place.line("log deep_loss -5 --today 2026-06-04").code, Some(0));
    let hostile = place.run(["log", "\u{1b}[2Jx", "5", "--channel", "\u{202e}y", "--today", "2026-06-04"]);
    assert!(hostile.out.chars().all(|c| c == '\n' || !is_unsafe(c)) && hostile.err.is_empty(), "{hostile:?}");
}

#[test]
fn a_workspace_begins_with_a_draft_plan_for_each_focus_where_they_are_asked_for() {
    let (bare, with) = (Place::bare(), Place::bare());
    assert_eq!(bare.line("init --tz UTC").code, Some(0));
    let ended = with.line("init --tz UTC --template");
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), "three plans to begin with\n"), "{ended:?}");
    let plans = |place: &Place| {
        let rows: Vec<(String, String, String)> = Connection::open(place.db())
            .unwrap()
            .prepare("SELECT title, focus, status FROM plan ORDER BY id")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        rows
    };
    let row = |title: &str, focus: &str| (title.to_owned(), focus.to_owned(), "draft".to_owned());
    assert_eq!(
        plans(&with),
        [
            row("Revenue of the month", "revenue"),
            row("New users of the month", "acquire"),
            row("Active users of the month", "retain"),
        ]
    );
    assert_eq!(with.line("plan undo").code, Some(0));
    assert_eq!((plans(&with), plans(&bare)), (vec![], vec![]));
}
