use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::domain::plans::{Anchor, Curve, Need, Node, NodeOp, NodeRole, Repeat, Task, TaskKind, TaskState};

use super::*;

const TODAY: Day = Day(20_600);
const METRICS: [&str; 6] = ["net", "orders", "net/orders", "d7", "active_users", "fact:visits"];

fn told(text: &str) -> Result<Edit, Vec<Fault>> {
    read(text, (&Book::default(), TODAY))
}

/// The records of an edit as a book of their own, under the numbers of the edit.
fn book(edit: &Edit) -> Book {
    let mut book = Book::default();
    for record in edit.changes.iter().filter_map(|change| change.after.clone()) {
        book.push(record);
    }
    // Order is by number, and numbers of an edit count down.
    let up = |id: i64| -id;
    for node in &mut book.nodes {
        (node.id, node.parent_id) = (up(node.id), node.parent_id.map(up));
    }
    for one in &mut book.resources {
        one.id = up(one.id);
    }
    for task in &mut book.tasks {
        (task.id, task.node_id) = (up(task.id), task.node_id.map(up));
    }
    for need in &mut book.needs {
        (need.task_id, need.needs_id) = (up(need.task_id), up(need.needs_id));
    }
    book
}

fn example() -> String {
    let page = include_str!("../toml.rs");
    let lines =
        page.lines().filter_map(|line| line.strip_prefix("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line));
    let body = lines.skip_while(|line| *line != "```toml").skip(1).take_while(|line| *line != "```");
    body.collect::<Vec<_>>().join("\n") + "\n"
}

const HEAD: &str = "[plan]\ntitle = \"P\"\ntype = \"user\"\nstart = 2026-06-01\nfinish = 2026-06-30\n";

/// All faults as `field: text`, one a line.
fn faults(body: &str) -> String {
    let found = told(&format!("{HEAD}{body}")).expect_err(body);
    let lines: Vec<String> = found.iter().map(|fault| format!("{}: {}\n", fault.field, fault.text)).collect();
    lines.concat()
}

#[test]
fn the_example_is_read_as_it_says() {
    let edit = told(&example()).unwrap();
    let book = book(&edit);
    let plan = &book.plans[0];
    assert_eq!((plan.title.as_str(), plan.op_type, plan.focus), ("June push", OpType::Activity, Focus::Revenue));
    assert_eq!((plan.status, plan.series_id, plan.round), (PlanStatus::Draft, PLAN, 1));
    assert_eq!(plan.spend_filter.channels, ["feed-a", "feed-b"]);
    assert_eq!(book.phases.iter().map(|phase| (phase.share * 10.0) as i64).collect::<Vec<_>>(), [2, 8]);
    let labels: Vec<_> = book.tree(PLAN).iter().map(|node| (node.label.clone(), node.target, node.role)).collect();
    assert_eq!(
        labels,
        [
            ("Revenue".to_owned(), Some(300_000e6), NodeRole::Primary),
            ("Orders".to_owned(), Some(2000.0), NodeRole::Driver),
            ("Order value".to_owned(), Some(150e6), NodeRole::Driver),
            ("D7".to_owned(), Some(0.23), NodeRole::Guardrail),
        ]
    );
    assert_eq!(book.nodes[0].curve, Curve::Phase);
    assert_eq!((book.resources[0].planned_micros, book.resources[0].granted_micros), (50_000_000_000, 40_000_000_000));
    let (rules, feeds) = (&book.tasks[0], &book.tasks[1]);
    assert_eq!((rules.anchor, rules.offset_days, rules.due), (Some(Anchor::Start), Some(-7), None));
    assert_eq!((feeds.due, feeds.node_id), (Day::parse("2026-06-05"), Some(2)));
    assert_eq!((feeds.estimate_min, feeds.priority, feeds.created), (Some(90), 1, TODAY));
    assert_eq!(book.needs, [Need { task_id: 2, needs_id: 1 }]);
}

#[test]
fn a_fault_names_its_line() {
    assert!(told(&format!("{HEAD}finish = 2026-06-30\n")).unwrap_err()[0].field.starts_with("line 6"));
    assert!(faults("goal = 5\n").starts_with("line 6: goal: is no key here; the keys are "));
    assert!(
        faults("[[target]]\nlabel = \"A\"\nmetric = \"nett\"\n").starts_with("line 8: metric: no metric is called")
    );
    assert!(faults("[[target]]\nlabel = \"A\"\n").starts_with("line 6: metric: is missing; give what measures it"));
    assert_eq!(
        faults("[[phase]]\nkind = \"burst\"\nstart = 2026-06-09\nfinish = 2026-06-08\nshare = -1\n"),
        "line 9: finish: 2026-06-08 is before start 2026-06-09; give a day from 2026-06-09 on\n\
         line 10: share: is no part; give 0 to 1000\n"
    );
    assert!(faults("[[phase]]\nkind = \"boost\"\n").contains("line 7: kind: \"boost\" is none; give one of prepare, "));
    assert!(told("a = [").unwrap_err()[0].field.starts_with("line 1"));
    assert!(told("").unwrap_err()[0].text.contains("no [plan]"));
    assert!(told("plan = 5\n").unwrap_err()[0].text.contains("write [plan]"));
    let backwards =
        told("[plan]\ntitle = \"P\"\ntype = \"user\"\nstart = 2026-06-09\nfinish = 2026-06-08\n").unwrap_err();
    assert_eq!((backwards.len(), backwards[0].field.as_str()), (1, "line 5: finish"));
    let bare = told("[plan]\n").unwrap_err();
    let named: Vec<&str> = bare.iter().map(|fault| fault.text.as_str()).collect();
    assert_eq!((bare.len(), bare[0].field.as_str()), (4, "line 1: title"), "{named:?}");
}

#[test]
fn numbers_that_cannot_be_meant_are_refused() {
    let with = |line: &str| faults(&format!("[[target]]\nlabel = \"A\"\nmetric = \"d7\"\n{line}\n"));
    for line in ["target = inf", "target = nan", "target = 1e300", "target = \"5\"", "weight = -1", "weight = nan"] {
        assert!(with(line).starts_with("line 9: "), "{line}");
    }
    assert!(with("target = 250").contains("a rate is a fraction"));
    assert!(with("target = -0.1").contains("below 0"));
    assert!(faults("observe_days = -3\n").contains("whole number from 0 to 365"));
    assert!(faults("[[resource]]\nname = \"R\"\nasked = -5\n").starts_with("line 8: asked"));
}

#[test]
fn a_tree_that_does_not_add_up_is_refused() {
    let part = "[[target.part]]\nlabel = \"B\"\nmetric = \"net\"\n";
    let top = |op: &str| format!("[[target]]\nlabel = \"A\"\nmetric = \"net\"\n{op}");
    assert!(faults(&(top("op = \"leaf\"\n") + part)).contains("line 9: op: a leaf has no parts"));
    assert!(faults(&(top("") + part)).contains("line 6: op: is missing; give sum, product or ratio"));
    assert!(faults(&top("op = \"sum\"\n")).contains("line 9: op: it has no parts"));
    assert!(faults(&(top("op = \"ratio\"\n") + part)).contains("a ratio needs a denominator"));
    assert!(faults(&(top("op = \"ratio\"\n") + part + "minus = true\n")).contains("a ratio needs a numerator"));
    assert!(
        faults(&(top("op = \"product\"\n") + part + "minus = true\n")).contains("line 13: minus: nothing of a product")
    );
    assert!(faults(&(top("") + &top(""))).contains("line 9: role: the plan has a primary already"));
    assert!(faults(&(top("op = \"sum\"\n") + part + "role = \"guardrail\"\n")).contains("stands at the top"));
    let level = |n| format!("[[target{}]]\nlabel = \"A\"\nop = \"sum\"\n", ".part".repeat(n));
    let deep = (0..40).map(level).collect::<Vec<_>>().concat();
    assert!(faults(&deep).contains("more than 16 levels deep"));
}

#[test]
fn tasks_that_wait_for_themselves_are_refused() {
    let of = |title: &str, needs: &str| format!("[[task]]\ntitle = \"{title}\"\nneeds = [\"{needs}\"]\n");
    let circle = of("a", "b") + &of("b", "c") + &of("c", "a");
    assert_eq!(faults(&circle), "line 14: needs: \"c\" would wait for itself by way of \"a\"; take one of them out\n");
    assert!(faults(&of("a", "a")).contains("would wait for itself"));
    assert!(faults(&of("a", "x")).contains("no task is called \"x\""));
    assert!(
        faults(&(of("a", "b") + "[[task]]\ntitle = \"b\"\n" + "[[task]]\ntitle = \"b\"\n")).contains("more than one")
    );
    assert!(faults("[[task]]\ntitle = \"a\"\ndue = \"monday\"\n").contains("line 8: due: \"monday\" is no day"));
    assert!(faults("[[task]]\ntitle = \"a\"\nnode = \"x\"\n").contains("no node is called \"x\""));
}

#[test]
fn parts_of_a_sum_of_money_that_nothing_measures_yet_are_money() {
    let body = "[[target]]\nlabel = \"A\"\nmetric = \"net\"\nop = \"sum\"\ntarget = 10\n\
                [[target.part]]\nlabel = \"B\"\ndraft = true\ntarget = 4\n";
    let edit = told(&format!("{HEAD}{body}")).unwrap();
    let targets: Vec<_> = book(&edit).nodes.iter().map(|node| node.target).collect();
    assert_eq!(targets, [Some(10e6), Some(4e6)]);
}

#[test]
fn a_strategy_is_named_by_its_title() {
    let text = format!("{HEAD}strategy = \"Keep them\"\n");
    assert!(told(&text).unwrap_err()[0].text.contains("no strategy is called"));
}

#[test]
fn what_is_nested_without_end_is_refused_or_read_but_never_ends_the_program() {
    for text in [format!("[{}]", "a.".repeat(50_000) + "a"), format!("a = {}", "[".repeat(50_000))] {
        assert!(told(&text).is_err());
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[A-C]", 1 => "n[0-3]", 1 => "t[0-3]", 1 => "[a-z\"\\\\\n\t\u{1b}\u{202e}中 ]{1,6}x"]
}

fn day() -> impl Strategy<Value = Day> {
    (20_500..20_700).prop_map(Day)
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.0..1.0_f64, (0..90_000_000_000_000_i64).prop_map(|n| n as f64), 0.0..90.0_f64]
}

type Numbers = (Option<f64>, Option<f64>, Option<f64>, f64);
type Date = (Option<Anchor>, i64, Option<Day>);
type Words = (OpType, TaskKind, TaskState, Option<Repeat>);

/// A tree as parents: each node names one before it, or none.
fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let numbers = (prop::option::of(value()), prop::option::of(value()), prop::option::of(value()), value());
    let one = (
        any::<prop::sample::Index>(),
        text(),
        select(METRICS.to_vec()),
        numbers,
        select(Curve::ALL.to_vec()),
        any::<u8>(),
    );
    let build = |rows: Vec<(prop::sample::Index, String, &str, Numbers, Curve, u8)>| {
        let mut nodes: Vec<Node> = Vec::new();
        for (id, (above, label, metric, (target, floor, baseline, weight), curve, bits)) in (1..).zip(rows) {
            let above = above.index(nodes.len() + 1);
            let top = above == 0 || nodes.is_empty();
            let measured = bits & 1 == 0;
            let numbers =
                [target, floor, baseline].map(|n: Option<f64>| n.map(|n| if metric == "d7" { n.min(90.0) } else { n }));
            nodes.push(Node {
                id,
                plan_id: 1,
                parent_id: (!top).then_some(above as i64),
                seq: id,
                op: NodeOp::Leaf,
                sign: 1,
                role: if !top {
                    NodeRole::Driver
                } else if id == 1 {
                    NodeRole::Primary
                } else {
                    NodeRole::Guardrail
                },
                metric: measured.then(|| metric.to_owned()),
                draft: bits & 2 == 0,
                filter: Filter {
                    channels: if bits & 4 == 0 { vec![label.clone()] } else { vec![] },
                    ..Filter::default()
                },
                start: None,
                finish: None,
                baseline: numbers[2],
                baseline_from: (bits & 8 == 0).then_some(TODAY),
                baseline_to: (bits & 8 == 0).then_some(TODAY),
                floor: numbers[1],
                target: numbers[0],
                stretch: None,
                cap: None,
                weight: weight.min(1_000.0),
                locked: bits & 16 == 0,
                curve,
                owner: String::new(),
                label,
            });
        }
        adding_up(nodes)
    };
    vec(one, 1..9).prop_map(build)
}

/// Gives nodes with parts an operation that their parts can make.
fn adding_up(mut nodes: Vec<Node>) -> Vec<Node> {
    for at in 0..nodes.len() {
        let id = nodes[at].id;
        let parts: Vec<usize> = (0..nodes.len()).filter(|n| nodes[*n].parent_id == Some(id)).collect();
        let ops = [NodeOp::Sum, NodeOp::Product, if parts.len() > 1 { NodeOp::Ratio } else { NodeOp::Sum }];
        let op = ops[id as usize % 3];
        if let Some(last) = parts.last() {
            nodes[at].op = op;
            nodes[*last].sign = if op == NodeOp::Ratio { -1 } else { 1 };
        }
    }
    nodes
}

fn tasks() -> impl Strategy<Value = Vec<Task>> {
    let date = (prop::option::of(select(Anchor::ALL.to_vec())), -900..900_i64, prop::option::of(day()));
    let words = (
        select(OpType::ALL.to_vec()),
        select(TaskKind::ALL.to_vec()),
        select(TaskState::ALL.to_vec()),
        prop::option::of(select(Repeat::ALL.to_vec())),
    );
    let one = (text(), date, words, 0..3_i64, prop::option::of(0..9_i64));
    let build = |(at, row): (usize, (String, Date, Words, i64, Option<i64>))| {
        let (title, (anchor, days, due), (op_type, kind, state, repeat_mode), priority, node) = row;
        Task {
            id: at as i64,
            plan_id: Some(1),
            node_id: node,
            op_type,
            title,
            kind,
            anchor,
            offset_days: anchor.map(|_| days),
            due: if anchor.is_none() { due } else { None },
            scheduled: due,
            wait_until: None,
            state,
            created: TODAY,
            done_at: (state == TaskState::Done).then_some(TODAY),
            estimate_min: Some(priority * 30),
            actual_min: None,
            priority,
            owner: "ann".to_owned(),
            repeat_days: repeat_mode.map(|_| 7),
            repeat_mode,
            missed: 0,
            spawned_from: None,
        }
    };
    vec(one, 0..6).prop_map(move |rows| (1..).zip(rows).map(build).collect())
}

prop_compose! {
    fn books()(
        plan in (text(), text(), select(OpType::ALL.to_vec()), select(Focus::ALL.to_vec()), select(RevenueLink::ALL.to_vec()), 0..366_i64),
        method in select(vec!["", "paid_ads", "winback", "own way"]),
        (start, days) in (day(), 0..60),
        shares in vec(0.0..2.0_f64, 0..3),
        nodes in nodes(),
        mut tasks in tasks(),
        amounts in vec((0..i64::MAX, select(ResourceKind::ALL.to_vec()), select(ResourceState::ALL.to_vec()), text()), 0..3),
        needs in vec((0..6_i64, 0..6_i64), 0..6),
    ) -> Book {
        let (title, mechanic, op_type, focus, revenue_link, observe_days) = plan;
        let mut book = Book::default();
        for task in &mut tasks {
            task.node_id = task.node_id.filter(|node| *node >= 1 && *node <= nodes.len() as i64);
        }
        book.push(Record::Plan(Plan {
            id: 1, strategy_id: None, series_id: 1, round: 1, prev_plan_id: None, op_type, focus,
            method: method.to_owned(), title, owner: String::new(), audience: String::new(), place: String::new(),
            mechanic, start, finish: start.plus(days), observe_days, status: PlanStatus::Running,
            status_reason: String::new(), spend_filter: Filter { streams: vec!["ads".into()], ..Filter::default() },
            revenue_link, baseline_frozen_at: None, closed_snapshot: None,
        }));
        for (seq, share) in (0..).zip(shares).filter(|(seq, _)| *seq <= i64::from(days)) {
            let day = start.plus(seq as i32);
            book.push(Record::Phase(Phase { plan_id: 1, seq, kind: PhaseKind::Burst, start: day, finish: day, share }));
        }
        for (id, (micros, kind, state, name)) in (1..).zip(amounts) {
            book.push(Record::Resource(Resource {
                id, plan_id: 1, scope: ResourceScope::External, kind, name, provider: String::new(), state,
                planned_micros: micros, granted_micros: micros / 7, needed_by: Some(start),
            }));
        }
        for (a, b) in needs {
            // A task waits for earlier ones only, so that there is no circle.
            let need = Need { task_id: a.max(b), needs_id: a.min(b) };
            let there = 1 <= need.needs_id && need.task_id <= tasks.len() as i64;
            if there && a != b && !book.needs.contains(&need) {
                book.push(Record::Need(need));
            }
        }
        book.nodes = nodes;
        book.tasks = tasks;
        book
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_written_is_read_back_and_written_alike(stored in books()) {
        let once = write(&stored, 1).unwrap();
        let edit = told(&once).map_err(|faults| TestCaseError::fail(format!("{faults:?}\n{once}")))?;
        let back = book(&edit);
        prop_assert_eq!(write(&back, PLAN), Some(once));
        prop_assert_eq!(back.tasks.len(), stored.tasks.len());
        prop_assert_eq!(back.needs.len(), stored.needs.len());
        prop_assert_eq!(back.nodes.len(), stored.nodes.len());
        let (was, is) = (&stored.plans[0], &back.plans[0]);
        let plain = Plan { id: PLAN, series_id: PLAN, status: PlanStatus::Draft, ..was.clone() };
        prop_assert_eq!(&plain, is);
        let sorted = |book: &Book| -> Vec<(String, Curve, i64)> {
            book.tree(book.plans[0].id).iter().map(|n| (n.label.clone(), n.curve, n.sign)).collect()
        };
        prop_assert_eq!(sorted(&stored), sorted(&back));
    }

    #[test]
    fn no_text_ends_the_program(text in "(\\[\\[?[a-z.]{1,12}\\]?\\]\n|[a-z_]{1,8} = [^\n]{0,9}\n){0,9}") {
        let _ = told(&text);
    }
}
