//! Numbers that stay: baselines, and those of a closed plan.

use quarterdeck::domain::plans::{Edit, Node, NodeRole, Phase, PhaseKind, Plan, PlanStatus};
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

/// An edit of a plan, and of its phases: one burst, where there were none.
fn later(desk: &mut Desk, id: i64, change: impl Fn(Plan) -> Plan, burst: bool) -> Edit {
    let stored = desk.book().plan(id).unwrap().clone();
    let after = change(stored.clone());
    let mut edit = Edit::new("later");
    if burst {
        let (start, finish) = (after.start, after.finish);
        edit.add(Phase { plan_id: id, seq: 0, kind: PhaseKind::Burst, start, finish, share: 1.0 });
    }
    edit.set(stored, after);
    edit
}

#[test]
fn the_days_of_a_running_plan_change_with_a_reason_that_is_kept() {
    let mut desk = Desk::new();
    let id = desk.june(30_000e6);
    let longer = |plan: Plan| Plan { finish: day("2026-07-05"), observe_days: 14, ..plan };
    let renamed = |plan: Plan| Plan { title: "Early summer".to_owned(), ..plan };
    // A draft needs none.
    let draft = later(&mut desk, id, |plan| Plan { observe_days: 8, ..plan }, false);
    desk.done(PlanOrder::Days { plan: id, edit: draft, reason: String::new() });
    run(&mut desk, id);
    for (edit, what) in [
        (later(&mut desk, id, longer, false), "finish"),
        (later(&mut desk, id, |plan| Plan { observe_days: 0, ..plan }, false), "observe"),
        (later(&mut desk, id, |plan| plan, true), "phases"),
    ] {
        for order in
            [PlanOrder::Edit(edit.clone()), PlanOrder::Days { plan: id, edit: edit.clone(), reason: " ".to_owned() }]
        {
            let found = desk.refused(order);
            assert_eq!(found[0].0, "reason", "{what}: {found:?}");
            assert!(found[0].1.contains(&format!("why its {what} changes")), "{found:?}");
        }
    }
    let other = later(&mut desk, id, renamed, false);
    desk.done(PlanOrder::Days { plan: id, edit: other, reason: String::new() });
    assert!(desk.view(id, Against::Target).revisions.is_empty(), "a title is no target");

    let edit = later(&mut desk, id, longer, true);
    desk.done(PlanOrder::Days { plan: id, edit, reason: "the fair is later".to_owned() });
    let told: Vec<_> = desk.view(id, Against::Target).revisions.into_iter().rev().collect();
    let fields: Vec<&str> = told.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["phases", "finish", "observe"]);
    assert!(told.iter().all(|one| one.reason == "the fair is later" && one.actor == "ben"));
    let number = |text: &str| Some(f64::from(day(text).0));
    assert_eq!((told[1].old, told[1].new), (number("2026-06-30"), number("2026-07-05")));
    assert_eq!((told[2].old, told[2].new), (Some(8.0), Some(14.0)));
    // One step back takes the days and the reasons away together.
    desk.done(PlanOrder::Undo);
    assert_eq!(desk.book().plan(id).unwrap().finish, day("2026-06-30"));
    assert!(desk.view(id, Against::Target).revisions.is_empty());
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
