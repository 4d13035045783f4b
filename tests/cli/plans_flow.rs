//! Plans from first to last on the command line: made, broken down, proposed, moved on, written as TOML and read back.

use quarterdeck::ui::text::is_unsafe;

use crate::bytes::pinned_in;
use crate::endings::fails;
use crate::place::{Ended, Place};

const TODAY: &str = "--today 2026-06-04";

fn at(place: &Place, line: &str) -> Ended {
    place.line(&format!("{line} {TODAY}"))
}

/// A command that must do its work; what it printed.
fn done(place: &Place, line: &str) -> String {
    let ended = at(place, line);
    assert_eq!(ended.code, Some(0), "{line}: {ended:?}");
    ended.out
}

/// A plan of five weeks with a target for net revenue.
fn planned() -> Place {
    let place = Place::new();
    let made = "plan new Push --type activity --start 2026-06-01 --finish +29d --metric net --target 300k --owner ann";
    assert_eq!(done(&place, made), "1\n");
    place
}

const FILE: &str = "\
[plan]
title = \"June push\"
type = \"activity\"
start = 2026-06-01
finish = 2026-06-30

[[target]]
label = \"Revenue\"
metric = \"net\"
op = \"product\"
target = 300000

[[target.part]]
label = \"Orders\"
metric = \"orders\"
target = 2000

[[target.part]]
label = \"Order value\"
metric = \"net/orders\"
target = 150

[[task]]
title = \"Write the rules\"
due = \"start-7\"

[[task]]
title = \"Book the feeds\"
needs = [\"Write the rules\"]
";

fn imported() -> Place {
    let place = Place::new();
    place.write("june.toml", FILE);
    assert_eq!(done(&place, "plan import june.toml"), "1\n");
    place
}

#[test]
fn an_empty_workspace_lists_heads_and_says_what_makes_a_plan() {
    let place = Place::new();
    for (line, head, hint) in [
        ("plan", "id,plan,type,status,standing,start,finish", "quarterdeck plan new"),
        ("plan list", "id,plan,type,status,standing,start,finish", "quarterdeck plan new"),
        ("plan strategy", "id,strategy,focus", "quarterdeck plan strategy new"),
        ("task", "id,task,due,owner", "quarterdeck task add"),
        ("note list", "of,id,day,kind", "quarterdeck note TEXT"),
    ] {
        let ended = at(&place, &format!("{line} --format csv"));
        assert!(ended.code == Some(0) && ended.out.starts_with(head), "{ended:?}");
        assert!(ended.out.lines().count() == 1 && ended.err.contains(hint), "{ended:?}");
    }
    let undo = at(&place, "plan undo");
    assert!(undo.code == Some(0) && undo.err.contains("nothing to take back"), "{undo:?}");
    for line in ["plan show 7", "plan blame 7", "plan export 7", "plan propose 7", "plan decompose 7"] {
        fails(&at(&place, line), 2, &["7", "plan list"]);
    }
    fails(&at(&place, "task done 7"), 2, &["7", "task list"]);
    fails(&at(&place, "note x --plan 7"), 2, &["7", "plan list"]);
}

#[test]
fn a_plan_is_made_listed_and_shown() {
    let place = planned();
    pinned_in(&place, "plan-list", "plan list");
    pinned_in(&place, "plan-show", "plan show 1");
    let shown = done(&place, "plan show 1 --format csv");
    assert!(shown.contains("primary,leaf,net") && shown.contains(",300000,"), "{shown}");
}

#[test]
fn a_node_is_broken_down_by_a_way_of_the_list() {
    let place = planned();
    let ways = done(&place, "plan decompose 1 --format csv");
    assert!(ways.starts_with("by,about,parts\n") && ways.contains("operation,"), "{ways}");
    assert!(ways.contains("order_value,"), "{ways}");
    done(&place, "plan decompose 1 --by order_value");
    let shown = done(&place, "plan show 1 --format csv");
    assert_eq!(shown.lines().count(), 1 + 3, "{shown}");
    let again = at(&place, "plan decompose 1 --by channel");
    assert!(again.code == Some(2) && again.err.contains("parts already"), "{again:?}");
}

#[test]
fn targets_are_set_and_taken_back() {
    let place = imported();
    done(&place, "plan target 1 orders 2.5k");
    assert!(done(&place, "plan show 1 --format csv").contains(",2500,"));
    done(&place, "plan undo");
    assert!(done(&place, "plan show 1 --format csv").contains(",2000,"));
    done(&place, "plan redo");
    assert!(done(&place, "plan show 1 --format csv").contains(",2500,"));
    done(&place, "plan target 1 2 none");
    fails(&at(&place, "plan target 1 ordrs 5"), 2, &["ordrs", "did you mean Orders?"]);
    fails(&at(&place, "plan target 1 Orders many"), 2, &["many", "300k"]);
    fails(&at(&place, "plan target 1 Orders 5%"), 2, &["5%"]);
}

#[test]
fn a_label_of_two_nodes_is_told_apart_by_number() {
    let place = Place::new();
    place.write("two.toml", FILE.replace("Order value", "orders"));
    done(&place, "plan import two.toml");
    fails(
        &at(&place, "plan target 1 Orders 5"),
        2,
        &["more than one node", "2 Orders of Revenue", "3 orders of Revenue"],
    );
    done(&place, "plan target 1 2 5");
}

#[test]
fn what_one_person_did_another_does_not_take_back() {
    let place = imported();
    let mut command = place.command(["plan", "undo", "--today", "2026-06-04"]);
    command.env("QUARTERDECK_USER", "somebody else");
    let ended = Ended::from(command.output().unwrap());
    assert!(ended.code == Some(0) && ended.err.contains("nothing"), "{ended:?}");
    done(&place, "plan undo");
    assert_eq!(done(&place, "plan list --format csv").lines().count(), 1);
}

#[test]
fn a_plan_is_written_and_read_back_as_it_was() {
    let place = imported();
    let text = done(&place, "plan export 1");
    assert!(text.contains("[[target.part]]") && text.contains("due = \"start-7\""), "{text}");
    done(&place, "plan export 1 -o copy.toml");
    fails(&at(&place, "plan export 1 -o copy.toml"), 2, &["copy.toml", "exists"]);
    assert_eq!(done(&place, "plan import copy.toml"), "2\n");
    assert_eq!(done(&place, "plan export 2"), text);
}

#[test]
fn a_file_with_faults_stores_nothing_and_names_each_line() {
    let place = Place::new();
    for (from, to, said) in [
        ("finish = 2026-06-30", "finish = 2026-05-30", "line 5: finish: 2026-05-30 is before start 2026-06-01"),
        ("metric = \"net\"", "metric = \"nett\"", "line 9: metric: no metric is called \"nett\""),
        ("target = 2000", "target = inf", "line 16: target: is no number"),
        ("target = 2000", "goal = 2000", "line 16: goal: is no key here"),
        ("op = \"product\"", "op = \"ratio\"", "line 10: op: a ratio needs a denominator"),
        ("due = \"start-7\"", "needs = [\"Book the feeds\"]", "would wait for itself"),
        ("title = \"June push\"", "title = June", "line 2: "),
    ] {
        place.write("bad.toml", FILE.replacen(from, to, 1));
        let ended = at(&place, "plan import bad.toml");
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{to}: {ended:?}");
        assert!(ended.err.lines().all(|line| line.starts_with("quarterdeck: line ")), "{ended:?}");
        assert!(ended.err.contains(said), "{said} in {ended:?}");
    }
    assert_eq!(done(&place, "plan list --format csv").lines().count(), 1, "nothing is stored");
    fails(&at(&place, "plan import none.toml"), 5, &["none.toml"]);
}

#[test]
fn a_proposal_is_shown_and_stored_only_where_it_is_accepted() {
    let place = imported();
    let before = done(&place, "plan show 1 --format csv");
    let ended = at(&place, "plan propose 1 --target 330k --lock Orders --format csv");
    assert!(ended.code == Some(0) || ended.code == Some(3), "{ended:?}");
    assert!(ended.out.starts_with("id,node,base,old,new,change,percentile,mark,locked\n"), "{ended:?}");
    assert_eq!(done(&place, "plan show 1 --format csv"), before);
    fails(&at(&place, "plan propose 1 --set Nobody=5"), 2, &["Nobody", "Orders"]);
    fails(&at(&place, "plan propose 1 --weight Orders=-1"), 2, &["-1", "0 or more"]);
}

#[test]
fn a_plan_moves_on_with_a_reason_where_one_is_needed() {
    let place = imported();
    done(&place, "plan status 1 running");
    let bare = at(&place, "plan target 1 Orders 1900");
    assert!(bare.code == Some(2) && bare.err.contains("reason"), "{bare:?}");
    assert_eq!(
        place.run(["plan", "target", "1", "Orders", "1900", "--reason", "stock", "--today", "2026-06-04"]).code,
        Some(0)
    );
    let early = at(&place, "plan close 1");
    assert!(early.code == Some(2) && early.err.contains("2026-06-30"), "{early:?}");
    let cancelled = at(&place, "plan status 1 cancelled");
    assert!(cancelled.code == Some(2) && cancelled.err.contains("reason"), "{cancelled:?}");
    let later = place.line("plan close 1 --today 2026-07-20");
    assert_eq!(later.code, Some(0), "{later:?}");
    let next = place.line("plan next 1 --today 2026-07-20 --start 2026-08-01");
    assert_eq!((next.code, next.out.as_str()), (Some(0), "2\n"), "{next:?}");
}

#[test]
fn tasks_are_added_moved_done_and_dropped() {
    let place = imported();
    let line = |args: &[&str]| {
        let ended = place.run(args.iter().copied().chain(["--today", "2026-06-04"]));
        assert_eq!(ended.code, Some(0), "{args:?}: {ended:?}");
        ended.out
    };
    line(&["task", "add", "Call Harbor due:fri @ben on:orders !"]);
    line(&["task", "add", "Mail the list", "--type", "user"]);
    let list = line(&["task", "list", "--format", "csv"]);
    assert!(list.contains("3,!Call Harbor,2026-06-05,ben,todo,"), "{list}");
    assert!(list.contains(",activity,1,Orders,") && list.contains(",user,,,"), "{list}");
    line(&["task", "move", "3", "+7d"]);
    line(&["task", "done", "1"]);
    line(&["task", "drop", "4"]);
    let open = line(&["task", "list", "--format", "csv"]);
    assert!(open.contains("2026-06-11,ben") && !open.contains("Mail the list"), "{open}");
    let all = line(&["task", "list", "--all", "--format", "csv"]);
    assert!(all.contains(",done,") && all.contains(",dropped,"), "{all}");
    assert_eq!(line(&["task", "list", "--plan", "1", "--format", "csv"]).lines().count(), 1 + 2, "{open}");
    fails(&at(&place, "task done 1"), 2, &["1 is done already"]);
    fails(&at(&place, "task add x on:nothing"), 2, &["nothing", "Orders"]);
    fails(&at(&place, "task add Alone"), 2, &["on:TYPE", "product, user", "2 Orders of Revenue"]);
    let unanchored = place.run(["task", "add", "x due:start-2", "--type", "user", "--today", "2026-06-04"]);
    assert!(unanchored.code == Some(2) && unanchored.err.contains("due"), "{unanchored:?}");
}

#[test]
fn notes_of_three_kinds_are_listed_newest_first() {
    let place = imported();
    let line = |args: &[&str]| {
        let ended = place.run(args.iter().copied().chain(["--today", "2026-06-04"]));
        assert_eq!(ended.code, Some(0), "{args:?}: {ended:?}");
        ended.out
    };
    line(&["note", "release 2.3", "--kind", "release", "--day", "yesterday", "--plan", "1", "--exclude"]);
    line(&["note", "--feedback", "too slow", "--source", "support", "--severity", "2"]);
    line(&[
        "note",
        "--competitor",
        "Acme",
        "half price",
        "--kind",
        "price",
        "--verdict",
        "borrow",
        "--day",
        "2026-06-01",
    ]);
    line(&["note", "--competitor", "acme", "again", "--day", "2026-06-01"]);
    let list = line(&["note", "list", "--format", "csv"]);
    let rows: Vec<&str> = list.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "feedback,1,2026-06-04,bad,support,,,too slow,,new,1",
            "journal,1,2026-06-03,release,,,1,release 2.3,true,,",
            "competitor,2,2026-06-01,other,Acme,,,again,,watch,",
            "competitor,1,2026-06-01,price,Acme,,,half price,,borrow,",
        ]
    );
    assert_eq!(line(&["note", "list", "--plan", "1", "--format", "csv"]).lines().count(), 2);
    fails(&at(&place, "note x --kind gossip"), 2, &["--kind", "incident"]);
}

#[test]
fn a_strategy_is_made_and_named_by_a_file() {
    let place = Place::new();
    let made =
        ["plan", "strategy", "new", "Keep them", "--focus", "retain", "--finish", "+89d", "--today", "2026-06-04"];
    assert_eq!(place.run(made).code, Some(0));
    let list = done(&place, "plan strategy --format csv");
    assert!(list.contains("1,Keep them,retain,active,2026-06-04,2026-09-01"), "{list}");
    place.write("june.toml", FILE.replacen("[plan]\n", "[plan]\nstrategy = \"Keep them\"\n", 1));
    done(&place, "plan import june.toml");
    assert!(done(&place, "plan export 1").contains("strategy = \"Keep them\""));
}

#[test]
fn guards_resources_costs_and_lessons_are_added_beside_the_tree() {
    let place = planned();
    done(&place, "plan add guard 1 d7 --target 20%");
    done(&place, "plan add influence 1 orders --label Traffic");
    done(&place, "plan add resource 1 Mail --asked 5k --granted 4k --by +7d --from Finance");
    done(&place, "plan add cost 1 1.2k --resource mail --note letters");
    done(&place, "plan add lesson 1 early --fact third --kiss start");
    let file = done(&place, "plan export 1");
    for told in ["role = \"guardrail\"", "role = \"influence\"", "label = \"Traffic\"", "name = \"Mail\""] {
        assert!(file.contains(told), "{told}: {file}");
    }
    let shown = done(&place, "plan show 1 --format csv");
    assert!(shown.contains(",guardrail,") && shown.contains(",influence,"), "{shown}");
    let list = done(&place, "plan list --format csv");
    assert!(list.lines().nth(1).is_some_and(|row| row.contains(",0.3,")), "1,200 of 4,000: {list}");
    assert_eq!(at(&place, "plan undo").err.lines().next(), Some("undone: new lesson: early"));
    // One action each; nothing is stored of what is wrong.
    fails(&at(&place, "plan add guard 1 revenu"), 2, &["no metric is called", "revenu"]);
    fails(&at(&place, "plan add cost 1 5 --resource Mial"), 2, &["no resource Mial"]);
    fails(&at(&place, "plan add cost 1 0"), 2, &["more than 0"]);
    fails(&at(&place, "plan add resource 7 Mail"), 2, &["there is no plan 7"]);
    let bare = at(&place, "plan add lesson 1 x");
    assert!(bare.code == Some(2) && bare.err.contains("--node <NODE>|--fact <TEXT>"), "{bare:?}");
}

#[test]
fn what_is_written_down_is_shown_and_not_obeyed() {
    let place = imported();
    let hostile = "\u{1b}[2J\u{202e}x";
    let harmless = |ended: &Ended| {
        let obeyed = |text: &str| text.chars().find(|c| *c != '\n' && is_unsafe(*c));
        assert_eq!((obeyed(&ended.out), obeyed(&ended.err)), (None, None), "{ended:?}");
    };
    place.write("hostile.toml", FILE.replace("Orders", "\\u001b[2J\u{202e}x").replace("June push", "\\u009b31m"));
    for args in [
        vec!["plan", "import", "hostile.toml"],
        vec!["note", hostile],
        vec!["note", hostile, "--competitor", hostile],
        vec!["task", "add", hostile, "--type", "user"],
        vec!["plan", "target", "1", hostile, "5"],
        vec!["plan", "new", hostile, "--type", "user", "--start", "today", "--finish", "+7d", "--metric", hostile],
        vec!["plan", "undo"],
    ] {
        harmless(&place.run(args.into_iter().chain(["--today", "2026-06-04"])));
    }
    for line in ["plan list", "plan show 2", "plan blame 2", "plan propose 2", "task list", "note list"] {
        for format in ["table", "json", "ndjson"] {
            let ended = at(&place, &format!("{line} --format {format}"));
            assert!(!ended.out.is_empty(), "{ended:?}");
            harmless(&ended);
        }
    }
}
