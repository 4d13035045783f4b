//! The end of a plan with weeks: they follow it, their targets stay, and a week that would have no day left is named.

use quarterdeck::domain::plans::{Edit, Node, Plan, PlanStatus};
use quarterdeck::query::{Against, Break, PlanOrder, ProposeQuery};

use super::desk::{Desk, day, near};

/// The weeks of June, each with its target: the plan is a draft still.
fn june(desk: &mut Desk) -> i64 {
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, Break::Week);
    let query = ProposeQuery { plan, node: top, ..ProposeQuery::default() };
    desk.done(PlanOrder::Accept { query, reason: String::new() });
    plan
}

fn run(desk: &mut Desk, plan: i64) {
    desk.done(PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() });
}

fn moving(desk: &mut Desk, plan: i64, days: (&str, &str), reason: &str) -> PlanOrder {
    let before = desk.book().plan(plan).unwrap().clone();
    let mut edit = Edit::new("other days");
    edit.set(before.clone(), Plan { start: day(days.0), finish: day(days.1), ..before });
    PlanOrder::Days { plan, edit, reason: reason.to_owned() }
}

/// Label, last day and target of each week.
fn weeks(desk: &mut Desk, plan: i64) -> Vec<(String, String, Option<f64>)> {
    let of = |node: &&Node| node.start.is_some();
    let told = |node: &Node| (node.label.clone(), node.finish.unwrap().to_string(), node.target);
    desk.book().tree(plan).into_iter().filter(of).map(told).collect()
}

fn labels(weeks: &[(String, String, Option<f64>)]) -> Vec<(&str, &str)> {
    weeks.iter().map(|(label, finish, _)| (label.as_str(), finish.as_str())).collect()
}

#[test]
fn the_last_week_of_a_running_plan_follows_its_end_and_keeps_its_target() {
    let mut desk = Desk::new();
    let plan = june(&mut desk);
    run(&mut desk, plan);
    let before = weeks(&mut desk, plan);
    assert_eq!(labels(&before)[4], ("Week 5 from 29 Jun", "2026-06-30"));
    for (finish, last) in [("2026-07-05", "2026-07-05"), ("2026-06-29", "2026-06-29")] {
        let frozen = desk.node(plan, "Week 5 from 29 Jun").baseline;
        let refused = moving(&mut desk, plan, ("2026-06-01", finish), " ");
        let found = desk.refused(refused);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("why its finish changes"), "{found:?}");
        let order = moving(&mut desk, plan, ("2026-06-01", finish), "the fair is later");
        desk.done(order);
        let after = weeks(&mut desk, plan);
        assert_eq!(labels(&after)[4], ("Week 5 from 29 Jun", last));
        assert_eq!(labels(&after)[..4], labels(&before)[..4]);
        // No target moves, so that the weeks still come to the whole; what was measured before stays frozen.
        let all = |weeks: &[(String, String, Option<f64>)]| weeks.iter().map(|week| week.2.unwrap()).sum::<f64>();
        near(Some(all(&after)), 30_000e6);
        assert_eq!(desk.node(plan, "Week 5 from 29 Jun").baseline, frozen);
        let week = desk.node(plan, "Week 5 from 29 Jun").id;
        let view = desk.view(plan, Against::Target);
        assert!(view.tree.iter().all(|row| row.parts_give.is_none()), "{finish}");
        let told = view.revisions.iter().find(|one| one.node_id == week).unwrap();
        assert_eq!((told.field.as_str(), told.reason.as_str()), ("finish", "the fair is later"));
        assert_eq!(told.new, Some(f64::from(day(last).0)));
    }
    // The days of the plan and of its week go back together.
    desk.done(PlanOrder::Undo);
    assert_eq!(labels(&weeks(&mut desk, plan))[4].1, "2026-07-05");
    assert_eq!(desk.book().plan(plan).unwrap().finish, day("2026-07-05"));
}

#[test]
fn an_end_before_whole_weeks_is_refused_with_what_to_do() {
    let mut desk = Desk::new();
    let plan = june(&mut desk);
    run(&mut desk, plan);
    let why = "sold out";
    let order = moving(&mut desk, plan, ("2026-06-01", "2026-06-18"), why);
    let found = desk.refused(order);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "finish");
    assert_eq!(
        found[0].1,
        "Week 4 from 22 Jun and 1 more would begin after it; remove them from the tree first, or end on 2026-06-29 or \
         later"
    );
    for label in ["Week 4 from 22 Jun", "Week 5 from 29 Jun"] {
        let node = desk.node(plan, label).id;
        desk.done(PlanOrder::RemoveNode { node, reason: why.to_owned() });
    }
    let order = moving(&mut desk, plan, ("2026-06-01", "2026-06-18"), why);
    desk.done(order);
    assert_eq!(labels(&weeks(&mut desk, plan)).last(), Some(&("Week 3 from 15 Jun", "2026-06-18")));
    let view = desk.view(plan, Against::Target);
    assert!(view.tree[0].parts_give.is_some(), "the whole has a target that its weeks no longer reach");
}

#[test]
fn the_weeks_of_a_draft_follow_both_its_ends() {
    let mut desk = Desk::new();
    let plan = june(&mut desk);
    let order = moving(&mut desk, plan, ("2026-05-28", "2026-06-29"), "");
    desk.done(order);
    let all = weeks(&mut desk, plan);
    assert_eq!(labels(&all)[0], ("Week 1 from 28 May", "2026-06-07"));
    assert_eq!(labels(&all)[4], ("Week 5 from 29 Jun", "2026-06-29"));
    let first = desk.node(plan, "Week 1 from 28 May");
    assert!(first.baseline_to.unwrap() < first.start.unwrap(), "{first:?}");
    let order = moving(&mut desk, plan, ("2026-06-10", "2026-06-29"), "");
    let found = desk.refused(order);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("Week 1 from 28 May would end before it"), "{found:?}");
}
