//! Conflicts settled whole, and rows that others have tied to what is to go.

use quarterdeck::domain::plans::{Conflict, Edit, Journal, JournalKind, Node, OpType, PlanStatus, Table, Task};
use quarterdeck::query::{Break, Keep, PlanOrder, Planned};

use super::desk::{Desk, day};

/// Lin changes a node first; then Ben's change is refused.
fn refused(desk: &mut Desk, theirs: Node, mine: Node, node: &Node, reason: &str) -> (Vec<Conflict>, Edit) {
    let order = |after: Node| PlanOrder::Node {
        before: Some(Box::new(node.clone())),
        after: Box::new(after),
        reason: reason.to_owned(),
    };
    desk.engine.act_as("lin".to_owned());
    desk.done(order(theirs));
    desk.engine.act_as("ben".to_owned());
    match desk.order(order(mine)) {
        Planned::Conflicts { found, edit } => (found, edit),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_rest_of_a_refused_change_is_stored_with_the_choice() {
    for (keep, target) in [(Keep::Mine, 32_000e6), (Keep::Both, 31_000e6), (Keep::Theirs, 31_000e6)] {
        let mut desk = Desk::new();
        let plan = desk.june(30_000e6);
        let node = desk.node(plan, "Net revenue");
        let theirs = Node { target: Some(31_000e6), ..node.clone() };
        let own = Node { target: Some(32_000e6), owner: "ben".to_owned(), floor: Some(20_000e6), ..node.clone() };
        let (found, edit) = refused(&mut desk, theirs, own, &node, "");
        desk.done(PlanOrder::Settle { found, edit, keep });
        let now = desk.node(plan, "Net revenue");
        assert_eq!((now.target, now.owner.as_str(), now.floor), (Some(target), "ben", Some(20_000e6)));
        let noted = desk.book().journal.iter().any(|line| line.body.contains("theirs is 31000000000"));
        assert_eq!(noted, keep == Keep::Both);
        // The choice is one action.
        desk.done(PlanOrder::Undo);
        assert_eq!(desk.node(plan, "Net revenue").owner, "");
    }
}

#[test]
fn two_fields_of_a_running_node_are_settled_with_one_reason_each() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    desk.done(PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() });
    let node = desk.node(plan, "Net revenue");
    let theirs = Node { target: Some(31_000e6), stretch: Some(50_000e6), ..node.clone() };
    let own = Node { target: Some(32_000e6), stretch: Some(60_000e6), ..node.clone() };
    let (found, edit) = refused(&mut desk, theirs, own, &node, "a fair in June");
    assert_eq!(found.len(), 2);
    desk.done(PlanOrder::Settle { found, edit, keep: Keep::Mine });
    let now = desk.node(plan, "Net revenue");
    assert_eq!((now.target, now.stretch), (Some(32_000e6), Some(60_000e6)));
    let told = desk.book().revisions;
    assert!(told.iter().any(|one| one.actor == "ben" && one.reason == "a fair in June"), "{told:?}");
}

fn note(desk: &Desk, plan: i64, node: i64) -> Journal {
    Journal {
        id: -1,
        at: "2026-06-10T00:00:00Z".to_owned(),
        day: desk.today,
        kind: JournalKind::Note,
        op_type: None,
        plan_id: Some(plan),
        node_id: Some(node),
        body: "the new form".to_owned(),
        exclude_from_baseline: false,
    }
}

#[test]
fn what_was_written_of_a_node_stays_without_it() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, Break::Formula("payers".to_owned()));
    let node = desk.node(plan, "Paid rate").id;
    let mut edit = Edit::new("note");
    edit.add(note(&desk, plan, node));
    desk.done(PlanOrder::Edit(edit));
    let before = desk.book();
    desk.done(PlanOrder::RemoveNode { node, reason: String::new() });
    let line = desk.book().journal[0].clone();
    assert_eq!((line.body.as_str(), line.node_id), ("the new form", None));
    desk.done(PlanOrder::Undo);
    assert_eq!(desk.book(), before);
}

#[test]
fn an_undo_names_who_has_tied_something_to_what_would_go() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    desk.engine.act_as("lin".to_owned());
    let mut edit = Edit::new("task");
    let task = Task { plan_id: Some(plan), ..Task::new("call", OpType::Commercial, day("2026-06-10")) };
    edit.add(task);
    desk.done(PlanOrder::Edit(edit));
    desk.engine.act_as("ben".to_owned());
    let before = desk.book();
    let Planned::Conflicts { found, .. } = desk.order(PlanOrder::Undo) else { panic!() };
    let task = found.iter().find(|one| one.table == Table::Task).unwrap();
    assert_eq!((task.who.as_str(), &task.theirs), ("lin", &"there".into()));
    assert_eq!(desk.book(), before);
    // A task for a plan that somebody has taken away meanwhile.
    desk.done(PlanOrder::Remove(plan));
    desk.engine.act_as("lin".to_owned());
    let Planned::Conflicts { found, .. } = desk.order(PlanOrder::Undo) else { panic!() };
    assert!(found.iter().all(|one| one.theirs == "removed" && one.who == "ben"), "{found:?}");
}
