//! A plan that has ended: observed, reviewed, closed with its tree as it was, and begun again.

use quarterdeck::domain::plans::{Edit, Kiss, Lesson, OpType, Plan, PlanStatus, Task, TaskState, UseState, Verdict};
use quarterdeck::domain::records::Kind;
use quarterdeck::query::{Against, Break, NewPlan, PlanOrder, ProposeQuery};

use super::desk::{Desk, day, near, net, plan, row};

/// A plan of two weeks in May that runs, with its parts proposed.
fn may(desk: &mut Desk) -> i64 {
    desk.today = day("2026-05-05");
    let new = NewPlan { target: Some(11_000e6), ..plan("net", "2026-05-04", "2026-05-17") };
    let plan = desk.done(PlanOrder::New(Box::new(new)));
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, Break::Formula("order_value".to_owned()));
    let query = ProposeQuery { plan, node: top, ..ProposeQuery::default() };
    desk.done(PlanOrder::Accept { query, reason: String::new() });
    desk.done(PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() });
    plan
}

fn status(desk: &mut Desk, plan: i64) -> PlanStatus {
    desk.board().plans.iter().find(|row| row.plan.id == plan).unwrap().status
}

#[test]
fn a_plan_is_observed_then_reviewed_then_closed_with_its_tree_as_it_was() {
    let mut desk = Desk::new();
    let plan = may(&mut desk);
    desk.today = day("2026-05-10");
    assert_eq!(status(&mut desk, plan), PlanStatus::Running);
    assert!(desk.refused(PlanOrder::Close(plan))[0].1.contains("runs until 2026-05-17"));
    desk.today = day("2026-05-18");
    assert_eq!(status(&mut desk, plan), PlanStatus::Observing);
    desk.today = day("2026-06-11");
    assert_eq!(status(&mut desk, plan), PlanStatus::Review);
    let view = desk.view(plan, Against::Target);
    assert!(view.review_is_draft);
    assert!(view.review.goal.contains("Net revenue 11,000 in 14 d"), "{}", view.review.goal);
    assert!(view.review.analysis.contains("Orders"), "{}", view.review.analysis);
    let actual = net("2026-05-04", "2026-05-17");
    near(view.head.primary.as_ref().unwrap().actual, actual);
    near(view.head.gauges.result, actual / 11_000e6);
    assert!(desk.board().tasks.iter().any(|row| row.task.title == "Review June revenue"));
    desk.done(PlanOrder::Close(plan));
    assert_eq!(status(&mut desk, plan), PlanStatus::Closed);
    let closed = desk.view(plan, Against::Target);
    assert_eq!(closed.tree, desk.view(plan, Against::Target).tree);
    assert!(closed.review.done_at.is_some() && !closed.review_is_draft);
    let task = desk.board().tasks.into_iter().find(|row| row.task.title == "Review June revenue").unwrap();
    assert_eq!(task.task.state, TaskState::Done);
    // A late order changes the metric, not the closed plan.
    desk.import(
        Kind::Revenue,
        "order_id,user_id,ts,amount,currency,stream\nlate,u1,2026-05-05T09:00:00Z,5000,USD,vas\n",
    );
    let again = desk.view(plan, Against::Target);
    near(row(&again, "Net revenue").actual, actual);
    near(again.head.primary.as_ref().unwrap().actual, actual);
    near(row(&again, "Orders").blame, row(&closed, "Orders").blame.unwrap());
    let node = desk.node(plan, "Orders");
    let late = PlanOrder::Target { node: node.id, seen: node.target, value: Some(1.0), reason: "x".to_owned() };
    assert!(desk.refused(late)[0].1.contains("is closed"));
}

#[test]
fn the_next_round_begins_with_what_was_reached_and_what_was_learned() {
    let mut desk = Desk::new();
    let plan = may(&mut desk);
    let book = desk.book();
    let mut edit = Edit::new("task");
    let review = book.tasks.iter().find(|task| task.title.starts_with("Review")).unwrap();
    edit.add(Task {
        id: -1,
        title: "Approve copy".to_owned(),
        kind: quarterdeck::domain::plans::TaskKind::Copy,
        ..review.clone()
    });
    desk.done(PlanOrder::Edit(edit));
    desk.today = day("2026-06-11");
    assert!(desk.refused(PlanOrder::NextRound { plan, start: None })[0].1.contains("close it first"));
    let view = desk.view(plan, Against::Target);
    let orders = desk.node(plan, "Orders").id;
    let mut edit = Edit::new("review");
    edit.add(quarterdeck::domain::plans::Review { verdict: Some(Verdict::Missed), ..view.review });
    let lesson = Lesson {
        id: -1,
        review_id: -1,
        kiss: Kiss::Stop,
        body: "coupon and push on one day".to_owned(),
        op_type: OpType::Commercial,
        method: "ecommerce".to_owned(),
        evidence: String::new(),
        node_id: None,
        confidence: 2,
    };
    edit.add(lesson);
    desk.done(PlanOrder::Edit(edit));
    // A lesson cites something before its plan is closed.
    assert_eq!(desk.refused(PlanOrder::Close(plan))[0].0, "lesson STOP");
    let stored = desk.book().lessons[0].clone();
    let mut edit = Edit::new("cited");
    edit.set(stored.clone(), Lesson { node_id: Some(orders), ..stored });
    desk.done(PlanOrder::Edit(edit));
    desk.done(PlanOrder::Close(plan));
    let reached = desk.view(plan, Against::Target);
    let next = desk.done(PlanOrder::NextRound { plan, start: Some(day("2026-06-08")) });
    let view = desk.view(next, Against::PreviousRound);
    let new = &view.head.plan;
    assert_eq!(
        (new.round, new.prev_plan_id, new.start, new.finish),
        (2, Some(plan), day("2026-06-08"), day("2026-06-21"))
    );
    assert_eq!(new.status, PlanStatus::Draft);
    for label in ["Net revenue", "Orders", "Order value"] {
        near(row(&view, label).base, row(&reached, label).actual.unwrap());
    }
    // Three days are over: the first three of the round before.
    near(row(&view, "Net revenue").line, net("2026-05-04", "2026-05-06"));
    assert_eq!((view.offers.len(), view.offers[0].state, view.offers[0].round), (1, UseState::Offered, 1));
    let titles: Vec<&str> = view.tasks.iter().map(|row| row.task.title.as_str()).collect();
    assert_eq!(titles, ["Approve copy"]);
    assert_eq!((view.rounds.len(), view.rounds[0].round, view.rounds[1].round), (2, 1, 2));
    near(view.rounds[0].actual, net("2026-05-04", "2026-05-17"));
    assert!(desk.refused(PlanOrder::NextRound { plan, start: None })[0].1.contains("next round already"));
}

#[test]
fn the_weeks_of_the_next_round_are_named_by_its_days_and_its_review_is_no_work() {
    let mut desk = Desk::new();
    let plan = may(&mut desk);
    let orders = desk.node(plan, "Orders").id;
    desk.done(PlanOrder::Break { node: orders, how: Break::Week, reason: "by week".to_owned() });
    assert_eq!(desk.node(plan, "Week 2 from 11 May").start, Some(day("2026-05-11")));
    desk.today = day("2026-06-11");
    let head = desk.view(plan, Against::Target).head;
    assert_eq!(head.gauges.work, None, "looking back is all there is to do");
    desk.done(PlanOrder::Close(plan));
    let next = desk.done(PlanOrder::NextRound { plan, start: Some(day("2026-06-15")) });
    assert_eq!(desk.node(next, "Week 1 from 15 Jun").start, Some(day("2026-06-15")));
    assert_eq!(desk.node(next, "Week 2 from 22 Jun").start, Some(day("2026-06-22")));
    // A draft that is put off takes its weeks along, and measures before its new days.
    let before = desk.book().plan(next).unwrap().clone();
    let after = Plan { start: before.start.plus(7), finish: before.finish.plus(7), ..before.clone() };
    let mut edit = Edit::new("put off");
    edit.set(before, after);
    desk.done(PlanOrder::Edit(edit));
    let week = desk.node(next, "Week 1 from 22 Jun");
    assert_eq!((week.start, week.finish), (Some(day("2026-06-22")), Some(day("2026-06-28"))));
}

#[test]
fn what_was_foreseen_half_way_is_kept_with_a_closed_plan_and_counts_in_the_record() {
    let mut desk = Desk::new();
    let plan = may(&mut desk);
    desk.today = day("2026-05-11");
    let foreseen = desk.board().plans[0].primary.clone().unwrap().outlook.unwrap();
    desk.today = day("2026-06-11");
    assert_eq!(desk.view(plan, Against::Target).said, None, "nothing is kept before it is closed");
    desk.done(PlanOrder::Close(plan));
    let view = desk.view(plan, Against::Target);
    let said = view.said.unwrap();
    assert_eq!((said.low, said.high, said.p_hit), (foreseen.low, foreseen.high, foreseen.p_hit));
    // One plan tells nothing of how honest forecasts are.
    assert_eq!((view.forecasts.plans, view.forecasts.said), (1, None));
    assert_eq!(view.forecasts.text(), "NODATA, 1 of the 10 closed plans that it takes");
    desk.done(PlanOrder::Undo);
    assert_eq!(desk.view(plan, Against::Target).forecasts.plans, 0);
}

#[test]
fn ten_closed_plans_make_a_record_of_forecasts() {
    let mut desk = Desk::new();
    let (mut all, mut said) = (0, 0.0);
    for n in 0..10 {
        let start = day("2026-04-13").plus(n);
        let (first, last) = (start.to_string(), start.plus(13).to_string());
        // Every other target is out of reach.
        let reached = net(&first, &last);
        let target = Some(if n % 2 == 0 { reached / 2.0 } else { reached * 2.0 });
        desk.today = start.plus(1);
        let id = desk.done(PlanOrder::New(Box::new(NewPlan { target, ..plan("net", &first, &last) })));
        desk.done(PlanOrder::Status { plan: id, to: PlanStatus::Running, reason: String::new() });
        desk.today = day("2026-06-11");
        desk.done(PlanOrder::Close(id));
        let view = desk.view(id, Against::Target);
        (all, said) = (view.forecasts.plans, said + view.said.unwrap().p_hit);
    }
    assert_eq!(all, 10);
    let id = desk.board().plans[0].plan.id;
    let record = desk.view(id, Against::Target).forecasts;
    near(record.said, said / 10.0);
    assert_eq!(record.came, Some(0.5));
    assert!(record.in_band.is_some());
}
