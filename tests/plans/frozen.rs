//! Numbers that stay: baselines, and those of a closed plan.

use quarterdeck::domain::plans::{Edit, Node, NodeRole, Plan, PlanStatus};
use quarterdeck::query::{Against, Break, NewPlan, PlanOrder, PlanView};

use super::desk::{Desk, day, near, plan};

fn run(desk: &mut Desk, plan: i64) {
    desk.done(PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() });
}

fn all_numbers(view: &PlanView) -> Vec<[Option<f64>; 6]> {
    view.tree.iter().map(|row| [row.base, row.line, row.actual, row.pace, row.blame, row.alone]).collect()
}

/// All that is told of a plan, on the list and in itself, before and after it is closed.
#[test]
fn closing_changes_no_number() {
    for how in
        [Break::Stream, Break::Week, Break::Formula("order_value".to_owned()), Break::Formula("payers".to_owned())]
    {
        let mut desk = Desk::new();
        let id = desk.june(30_000e6);
        let top = desk.node(id, "Net revenue").id;
        desk.break_down(top, how.clone());
        run(&mut desk, id);
        desk.today = day("2026-07-20");
        let told = |desk: &mut Desk| {
            let head = desk.board().plans[0].clone();
            let course = head.primary.unwrap();
            let views = [Against::Target, Against::PreviousPeriod].map(|against| desk.view(id, against));
            let heads = [course.actual, course.line, course.pace, course.attainment, views[0].residual];
            (heads, views.map(|view| all_numbers(&view)))
        };
        let before = told(&mut desk);
        assert!(before.0[0].is_some(), "{how:?}");
        desk.done(PlanOrder::Close(id));
        assert_eq!(told(&mut desk), before, "{how:?}");
    }
}

#[test]
fn a_draft_that_moves_is_measured_before_its_new_days() {
    for metric in ["net", "payers"] {
        let fresh = |start: &str, finish: &str| NewPlan { target: Some(5_000e6), ..plan(metric, start, finish) };
        let mut desk = Desk::new();
        let id = desk.done(PlanOrder::New(Box::new(fresh("2026-04-01", "2026-04-30"))));
        let stored = desk.book().plan(id).unwrap().clone();
        let mut edit = Edit::new("later");
        edit.set(stored.clone(), Plan { start: day("2026-06-01"), finish: day("2026-06-20"), ..stored });
        desk.done(PlanOrder::Edit(edit));
        let moved = desk.book().nodes[0].clone();
        let other = desk.done(PlanOrder::New(Box::new(fresh("2026-06-01", "2026-06-20"))));
        let new = desk.book().primary(other).unwrap().clone();
        assert!(new.baseline.is_some());
        let of = |node: &Node| (node.baseline, node.baseline_from, node.baseline_to);
        assert_eq!(of(&moved), of(&new), "{metric}");
        run(&mut desk, id);
        assert_eq!(of(&desk.book().nodes[0]), of(&new), "{metric}");
    }
}

#[test]
fn a_typed_baseline_stays_when_the_plan_begins() {
    let mut desk = Desk::new();
    let id = desk.june(30_000e6);
    let node = desk.node(id, "Net revenue");
    let mut edit = Edit::new("typed");
    edit.set(node.clone(), Node { baseline: Some(500e6), baseline_from: None, baseline_to: None, ..node });
    desk.done(PlanOrder::Edit(edit));
    run(&mut desk, id);
    near(desk.node(id, "Net revenue").baseline, 500e6);
}

#[test]
fn a_broken_guardrail_is_told_in_the_list_as_in_the_plan() {
    let mut desk = Desk::new();
    let id = desk.june(5_000e6);
    let guard = Node {
        label: "Order value".to_owned(),
        metric: Some("net/orders".to_owned()),
        target: Some(9_999e6),
        ..Node::new(id, NodeRole::Guardrail)
    };
    desk.done(PlanOrder::Node { before: None, after: Box::new(guard), reason: String::new() });
    run(&mut desk, id);
    let listed = desk.board().plans[0].readings.clone();
    let own = desk.view(id, Against::Target).head.readings;
    assert_eq!(listed, own);
    let told = format!("{own:?}");
    assert!(told.contains("Quality"), "{told}");
}
