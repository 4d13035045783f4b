use crate::domain::plans::{
    Anchor, Curve, Filter, Focus, Need, Node, NodeOp, NodeRole, OpType, PhaseKind, ResourceKind, ResourceScope,
    ResourceState, RevenueLink, Revision, StrategyStatus, Task,
};

use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn plan() -> Plan {
    let text = String::new;
    Plan {
        id: 1,
        strategy_id: None,
        series_id: 1,
        round: 1,
        prev_plan_id: None,
        op_type: OpType::Commercial,
        focus: Focus::Revenue,
        method: text(),
        title: "June".to_owned(),
        owner: text(),
        audience: text(),
        place: text(),
        mechanic: text(),
        start: day("2026-06-01"),
        finish: day("2026-06-30"),
        observe_days: 7,
        status: PlanStatus::Draft,
        status_reason: text(),
        spend_filter: Filter::default(),
        revenue_link: RevenueLink::Direct,
        baseline_frozen_at: None,
        closed_snapshot: None,
    }
}

fn node(id: i64, parent: Option<i64>) -> Node {
    Node {
        id,
        parent_id: parent,
        seq: id,
        op: if parent.is_none() { NodeOp::Sum } else { NodeOp::Leaf },
        metric: Some("net".to_owned()),
        baseline: Some(1e9),
        target: Some(2e9),
        curve: Curve::Weekday,
        label: format!("N{id}"),
        ..Node::new(1, if parent.is_none() { NodeRole::Primary } else { NodeRole::Driver })
    }
}

fn task(id: i64) -> Task {
    Task { id, plan_id: Some(1), ..Task::new(format!("T{id}"), OpType::Commercial, day("2026-05-30")) }
}

fn book() -> Book {
    Book {
        plans: vec![plan()],
        nodes: vec![node(1, None), node(2, Some(1)), node(3, Some(1))],
        tasks: vec![task(1), task(2), task(3)],
        needs: vec![Need { task_id: 2, needs_id: 1 }, Need { task_id: 3, needs_id: 2 }],
        ..Book::default()
    }
}

/// Fields that are at fault when a record becomes another.
fn changed(book: &Book, before: impl Into<Record>, after: impl Into<Record>) -> Vec<String> {
    let mut edit = Edit::new("change");
    edit.set(before, after);
    faults(book, &edit).into_iter().map(|fault| fault.field).collect()
}

fn added(record: impl Into<Record>) -> Vec<Fault> {
    let mut edit = Edit::new("add");
    edit.add(record);
    faults(&book(), &edit)
}

#[test]
fn a_sound_plan_has_no_fault() {
    let book = book();
    assert!(changed(&book, plan(), Plan { owner: "Ben".to_owned(), ..plan() }).is_empty());
    assert!(changed(&book, node(2, Some(1)), Node { target: Some(3e9), ..node(2, Some(1)) }).is_empty());
}

#[test]
fn end_before_start_and_days_that_cannot_be_meant_are_named() {
    let late = Plan { finish: day("2026-05-01"), ..plan() };
    assert_eq!(changed(&book(), plan(), late), ["finish"]);
    let far = Plan { start: day("0026-06-01"), ..plan() };
    assert_eq!(changed(&book(), plan(), far), ["start", "finish"]);
    let strategy = Strategy {
        id: -1,
        title: " ".to_owned(),
        situation: String::new(),
        complication: String::new(),
        hypothesis: String::new(),
        focus: Focus::Retain,
        start: day("2026-06-30"),
        finish: day("2026-06-01"),
        status: StrategyStatus::Active,
    };
    assert_eq!(added(strategy).len(), 2);
    let phase = |start, finish, share| Phase {
        plan_id: 1,
        seq: 0,
        kind: PhaseKind::Burst,
        start: day(start),
        finish: day(finish),
        share,
    };
    assert!(added(phase("2026-06-02", "2026-06-08", 0.5)).is_empty());
    for wrong in [
        phase("2026-06-08", "2026-06-02", 0.5),
        phase("2026-06-20", "2026-07-02", 0.5),
        phase("2026-06-02", "2026-06-08", -1.0),
        phase("2026-06-02", "2026-06-08", f64::NAN),
    ] {
        assert!(added(wrong).iter().any(|fault| fault.field == "phase burst"));
    }
}

#[test]
fn a_task_that_waits_for_itself_in_the_end_is_refused() {
    let found = added(Need { task_id: 1, needs_id: 3 });
    assert_eq!(found.len(), 1);
    assert!(found[0].text.contains("\"T1\" would wait for itself by way of \"T3\""), "{found:?}");
    assert!(added(Need { task_id: 3, needs_id: 1 }).is_empty());
    assert!(added(Need { task_id: 3, needs_id: 9 })[0].text.contains("no task 9"));
    let loose =
        Task { id: -1, plan_id: None, anchor: Some(Anchor::Start), title: String::new(), priority: 9, ..task(1) };
    let fields: Vec<String> = added(loose).into_iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["title", "due", "priority"]);
}

#[test]
fn numbers_that_cannot_be_meant_and_unknown_metrics_are_named() {
    let part = node(2, Some(1));
    let of = |after: Node| changed(&book(), part.clone(), after);
    let named = |metric: &str| Node { metric: Some(metric.to_owned()), ..part.clone() };
    assert_eq!(of(Node { target: Some(f64::INFINITY), ..part.clone() }), ["target of N2"]);
    assert_eq!(of(Node { target: Some(1e30), ..part.clone() }), ["target of N2"]);
    assert_eq!(of(Node { target: Some(-5.0), ..named("new_users") }), ["target of N2"]);
    assert_eq!(of(Node { target: Some(250.0), ..named("d7") }), ["target of N2"]);
    assert_eq!(of(Node { target: Some(0.25), ..named("d7") }), Vec::<String>::new());
    assert_eq!(of(named("nett")), ["metric of N2"]);
    assert_eq!(of(Node { metric: None, ..part.clone() }), ["metric of N2"]);
    assert_eq!(of(Node { weight: -1.0, ..part.clone() }), ["weight of N2"]);
    assert_eq!(of(Node { floor: Some(3e9), ..part.clone() }), ["floor of N2"]);
    let cheap = Node { floor: Some(50e6), target: Some(40e6), stretch: Some(30e6), ..named("cac_paid") };
    assert!(of(cheap.clone()).is_empty(), "lower is better");
    assert_eq!(of(Node { stretch: Some(45e6), ..cheap }), ["stretch of N2"]);
}

#[test]
fn a_tree_that_does_not_add_up_is_refused() {
    let book = book();
    let top = node(1, None);
    assert_eq!(changed(&book, top.clone(), Node { op: NodeOp::Leaf, ..top.clone() }), ["op of N1"]);
    let own = Node { parent_id: Some(3), role: NodeRole::Driver, ..top.clone() };
    assert!(changed(&book, top.clone(), own).contains(&"parent of N1".to_owned()));
    let second = Node { id: -1, ..top.clone() };
    assert_eq!(added(second)[0].field, "role of N1");
    let stray = Node { id: -1, parent_id: None, ..node(2, None) };
    assert_eq!(added(Node { role: NodeRole::Driver, ..stray })[0].field, "role of N2");
    assert_eq!(added(Node { id: -1, ..node(4, Some(2)) })[0].text, "N2 is a leaf; a leaf has no parts");
    let mut below = book.clone();
    below.nodes[1].sign = -1;
    below.nodes[2].sign = -1;
    assert_eq!(changed(&below, top.clone(), Node { op: NodeOp::Ratio, ..top }), ["op of N1"]);
}

#[test]
fn a_running_plan_changes_with_a_reason_and_a_closed_one_not_at_all() {
    let mut book = book();
    let (before, after) = (node(2, Some(1)), Node { target: Some(3e9), ..node(2, Some(1)) });
    book.plans[0].status = PlanStatus::Running;
    assert_eq!(changed(&book, before.clone(), after.clone()), ["reason"]);
    // Owner, label and lock are no target.
    assert!(changed(&book, before.clone(), Node { owner: "Lin".to_owned(), ..before.clone() }).is_empty());
    let mut edit = Edit::new("with a reason");
    edit.set(before.clone(), after.clone());
    edit.add(Revision {
        id: -1,
        node_id: 2,
        at: String::new(),
        actor: "ben".to_owned(),
        field: "target".to_owned(),
        old: before.target,
        new: after.target,
        reason: "rollback".to_owned(),
    });
    assert!(faults(&book, &edit).is_empty());
    edit.set(node(3, Some(1)), Node { baseline: Some(5.0), ..node(3, Some(1)) });
    assert_eq!(faults(&book, &edit)[0].field, "baseline of N3");
    book.plans[0].status = PlanStatus::Closed;
    let mut edit = Edit::new("late");
    edit.set(before, after);
    let found = faults(&book, &edit);
    assert_eq!(found[0].field, "target of N2");
    assert!(found[0].text.contains("is closed"), "{found:?}");
    assert_eq!(
        changed(
            &book,
            Plan { status: PlanStatus::Closed, ..plan() },
            Plan { status: PlanStatus::Closed, owner: "x".to_owned(), ..plan() }
        ),
        ["plan"]
    );
}

#[test]
fn what_is_only_unwise_is_told() {
    let mut book = book();
    book.tasks.clear();
    book.nodes.extend((10..16).map(|id| node(id, Some(1))));
    book.nodes[0].target = None;
    book.nodes[1].draft = true;
    let told = warnings(&book, 1).join("; ");
    for part in ["N1 has no target", "N1 has 8 parts", "N2 is not bound", "no owner", "no task"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let resource = Resource {
        id: -1,
        plan_id: 1,
        scope: ResourceScope::External,
        kind: ResourceKind::Cash,
        name: "cash".to_owned(),
        provider: String::new(),
        state: ResourceState::Asked,
        planned_micros: -1,
        granted_micros: 0,
        needed_by: None,
    };
    assert_eq!(added(resource)[0].field, "asked");
}

#[test]
fn a_share_of_users_is_no_more_than_all_of_them() {
    let of = |metric: &str, target: f64| {
        added(Node { metric: Some(metric.to_owned()), target: Some(target), ..node(9, None) })
            .into_iter()
            .map(|fault| format!("{}: {}", fault.field, fault.text))
            .filter(|text| text.contains("more than all"))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("d7", 2.5), ["target of N9: 250% is more than all of them; give 0% to 100%"]);
    assert_eq!((of("d7", 1.0).len(), of("roas_d7", 2.5).len()), (0, 0));
}

#[test]
fn money_of_a_plan_that_is_over_is_refused() {
    let mut book = book();
    let cost =
        Cost { id: 1, plan_id: 1, resource_id: None, day: day("2026-06-09"), amount_micros: 5, note: String::new() };
    let told = |book: &Book| {
        let mut edit = Edit::new("cost");
        edit.add(cost.clone());
        faults(book, &edit).into_iter().map(|fault| fault.text).collect::<Vec<_>>()
    };
    assert_eq!(told(&book), Vec::<String>::new());
    book.plans[0].status = PlanStatus::Closed;
    assert_eq!(told(&book), ["June is closed; what it cost is kept as it was then"]);
}

#[test]
fn a_file_whose_parts_come_to_another_target_is_refused() {
    let mut edit = Edit::new("file");
    for one in [Node { metric: None, ..node(8, None) }, node(9, Some(8)), node(10, Some(8))] {
        edit.add(one);
    }
    let told = |edit: &Edit| unmatched_faults(&Book::default(), edit).into_iter().map(|f| f.field).collect::<Vec<_>>();
    assert_eq!(told(&edit), ["target of N8"], "twice 2,000 are not 2,000");
    edit.changes.pop();
    assert_eq!(told(&edit), Vec::<String>::new());
}
