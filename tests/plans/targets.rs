//! Trees over orders: baselines, lines, blame and proposals against sums made by hand.

use quarterdeck::domain::calendar::{Day, Span};
use quarterdeck::domain::plans::{Curve, Edit, Node, PlanStatus};
use quarterdeck::query::{
    Against, Answer, Break, NewPlan, Past, PastQuery, PlanOrder, ProposeQuery, Query, TargetWord,
};

use super::desk::{Desk, count, day, near, net, plan, row};

fn formula(id: &str) -> Break {
    Break::Formula(id.to_owned())
}

#[test]
fn a_baseline_has_the_weekdays_of_the_plan_and_its_length() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let node = desk.node(plan, "Net revenue");
    // Five whole weeks before 1 June is 27 April.
    near(node.baseline, net("2026-04-27", "2026-05-26"));
    assert_eq!((node.baseline_from, node.baseline_to), (Some(day("2026-04-27")), Some(day("2026-05-26"))));
    assert_eq!(node.curve, Curve::Weekday);
}

#[test]
fn the_parts_of_a_product_multiply_to_what_was_measured() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, formula("order_value"));
    let view = desk.view(plan, Against::Target);
    let (net, orders, value) =
        (net("2026-06-01", "2026-06-10"), count("2026-06-01", "2026-06-10"), row(&view, "Order value"));
    near(row(&view, "Net revenue").actual, net);
    near(row(&view, "Orders").actual, orders);
    near(value.actual, net / orders);
    assert!(view.tree.iter().all(|row| row.mismatch.is_none() && row.node.id != 0), "{:#?}", view.tree);
    // Without targets of the parts there is no line, so nobody is to blame.
    assert_eq!((row(&view, "Orders").line, row(&view, "Orders").blame), (None, None));
}

#[test]
fn an_accepted_proposal_multiplies_to_the_target_and_the_blame_adds_up_to_the_gap() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, formula("order_value"));
    let query = ProposeQuery { plan, node: top, ..ProposeQuery::default() };
    let proposal = desk.propose(query.clone());
    assert_eq!((proposal.problem.as_deref(), proposal.changes, proposal.needs_reason), (None, 2, false));
    assert!(proposal.checks[0].contains(" x ") && proposal.checks[0].contains("rest"), "{:?}", proposal.checks);
    // Asking stores nothing.
    assert_eq!(desk.node(plan, "Orders").target, None);
    desk.done(PlanOrder::Accept { query, reason: String::new() });
    let (orders, value) = (desk.node(plan, "Orders"), desk.node(plan, "Order value"));
    near(orders.target.zip(value.target).map(|(a, b)| a * b), 30_000e6);
    // Orders are counted, and what an order is worth takes up the fraction, so that their weeks add up to them too.
    assert_eq!(orders.target.map(f64::fract), Some(0.0));
    desk.break_down(orders.id, Break::Week);
    // A part stands for the node whose target is shared.
    let week = desk.book().tree(plan).iter().find(|node| node.parent_id == Some(orders.id)).unwrap().id;
    let shared = desk.propose(ProposeQuery { plan, node: week, ..ProposeQuery::default() });
    assert_eq!((shared.rows[0].node.id, shared.problem), (orders.id, None));
    let sum: f64 = shared.rows[1..].iter().filter_map(|row| row.new).sum();
    assert_eq!(Some(sum), orders.target);
    desk.done(PlanOrder::Undo);
    let view = desk.view(plan, Against::Target);
    assert!(view.tree.iter().all(|row| row.parts_give.is_none()));
    let gap = view.gap().unwrap();
    let blamed = row(&view, "Orders").blame.unwrap() + row(&view, "Order value").blame.unwrap();
    near(Some(blamed), gap);
    near(row(&view, "Net revenue").blame, gap);
    // Two factors: each takes its change by the mean of the other.
    let (a, b) = (row(&view, "Orders"), row(&view, "Order value"));
    let want = (a.actual.unwrap() - a.line.unwrap()) * (b.actual.unwrap() + b.line.unwrap()) / 2.0;
    near(a.blame, want);
    // The value that closes the gap alone, put back into the tree.
    near(a.alone.map(|alone| alone * b.actual.unwrap()), view.line_of_parts().unwrap());
    assert!(a.best.is_some() && a.can.is_some());
    // Another target at the top leaves the parts where they are.
    let seen = Some(30_000e6);
    desk.done(PlanOrder::Target { node: top, seen, value: Some(33_000e6), reason: String::new() });
    let view = desk.view(plan, Against::Target);
    near(row(&view, "Net revenue").parts_give, 30_000e6);
    assert_eq!(row(&view, "Orders").parts_give, None);
}

#[test]
fn the_line_of_a_flow_is_its_share_of_the_weekdays() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let view = desk.view(plan, Against::Target);
    // Weekday shares of the last eight Monday weeks that are complete on 10 June.
    let mut by_weekday = [0.0; 7];
    for on in (day("2026-04-13").0..=day("2026-06-07").0).map(Day) {
        by_weekday[(on.0 + 3).rem_euclid(7) as usize] += net(&on.to_string(), &on.to_string());
    }
    let weight = |first: &str, last: &str| -> f64 {
        (day(first).0..=day(last).0).map(|on| by_weekday[(on + 3).rem_euclid(7) as usize]).sum()
    };
    let line = 30_000e6 * weight("2026-06-01", "2026-06-10") / weight("2026-06-01", "2026-06-30");
    let course = view.head.primary.as_ref().unwrap();
    near(course.line, line);
    near(course.actual, net("2026-06-01", "2026-06-10"));
    near(course.pace, net("2026-06-01", "2026-06-10") / line);
    assert_eq!((course.required.len(), course.due_by.len()), (7, 7));
    assert!(course.outlook.is_some_and(|outlook| outlook.n == 28 && outlook.low <= outlook.value));
    assert_eq!(course.through, Some(day("2026-06-10")));
}

#[test]
fn weeks_and_streams_add_up_and_a_stream_that_is_left_out_is_other() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    let Answer::Breaks(ways) = desk.ask(&Query::Breaks(plan, top)) else { panic!() };
    let words: Vec<&str> = ways.iter().map(|way| way.how.word()).collect();
    for word in ["order_value", "payers", "stream", "week", "operation"] {
        assert!(words.contains(&word), "{words:?}");
    }
    desk.break_down(top, Break::Week);
    let view = desk.view(plan, Against::Target);
    assert_eq!(view.tree.len(), 6);
    let weeks: f64 = view.tree[1..3].iter().map(|row| row.actual.unwrap()).sum();
    near(Some(weeks), net("2026-06-01", "2026-06-10"));
    // Weeks that have not begun say so, and are not zero.
    assert_eq!(view.tree[5].actual, None);
    assert!(view.tree[5].missing.as_deref().is_some_and(|why| why.contains("begins 2026-06-29")), "{:?}", view.tree[5]);
    desk.done(PlanOrder::Undo);
    desk.break_down(top, Break::Stream);
    let view = desk.view(plan, Against::Target);
    let streams: f64 = view.tree[1..].iter().map(|row| row.actual.unwrap()).sum();
    near(Some(streams), net("2026-06-01", "2026-06-10"));
    let vas = desk.node(plan, "vas");
    let mut edit = Edit::new("no vas");
    edit.remove(vas);
    desk.done(PlanOrder::Edit(edit));
    let view = desk.view(plan, Against::Target);
    let other = row(&view, "other");
    near(other.actual.zip(row(&view, "ecommerce").actual).map(|(a, b)| a + b), net("2026-06-01", "2026-06-10"));
    near(row(&view, "Net revenue").actual, net("2026-06-01", "2026-06-10"));
}

#[test]
fn what_is_not_bound_is_missing_up_the_tree_and_never_zero() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, Break::Operation);
    let view = desk.view(plan, Against::Target);
    assert_eq!((view.tree[0].actual, view.tree[0].blame, view.tree[1].actual), (None, None, None));
    assert!(view.tree[1].missing.as_deref().is_some_and(|why| why.contains("not bound")));
    // The target itself is measured all the same.
    near(view.head.primary.unwrap().actual, net("2026-06-01", "2026-06-10"));
    // A metric that nothing feeds.
    let other = desk.done(PlanOrder::New(Box::new(NewPlan { target: Some(100.0), ..plan_of("spend") })));
    let view = desk.view(other, Against::Target);
    assert_eq!(view.head.primary.as_ref().unwrap().standing, TargetWord::NoData);
    assert_eq!(view.tree[0].actual, None);
    assert!(view.tree[0].missing.is_some());
}

fn plan_of(metric: &str) -> NewPlan {
    plan(metric, "2026-06-01", "2026-06-30")
}

#[test]
fn a_running_plan_is_frozen() {
    let mut desk = Desk::new();
    let bare = desk.done(PlanOrder::New(Box::new(plan_of("net"))));
    let to = PlanStatus::Running;
    assert_eq!(desk.refused(PlanOrder::Status { plan: bare, to, reason: String::new() })[0].0, "target of Net revenue");
    let plan = desk.june(30_000e6);
    desk.done(PlanOrder::Status { plan, to, reason: String::new() });
    let node = desk.node(plan, "Net revenue");
    let change = |reason: &str| PlanOrder::Target {
        node: node.id,
        seen: node.target,
        value: Some(28_000e6),
        reason: reason.to_owned(),
    };
    assert_eq!(desk.refused(change(" "))[0].0, "reason");
    desk.done(change("half of the team is away"));
    let view = desk.view(plan, Against::Target);
    assert_eq!((view.revisions.len(), view.revisions[0].reason.as_str()), (1, "half of the team is away"));
    assert_eq!((view.revisions[0].old, view.revisions[0].new), (Some(30_000e6), Some(28_000e6)));
    // Later imports do not move the baseline.
    let before = desk.node(plan, "Net revenue").baseline;
    let late = "order_id,user_id,ts,amount,currency,stream\nlate,u1,2026-05-05T09:00:00Z,5000,USD,vas\n";
    desk.import(quarterdeck::domain::records::Kind::Revenue, late);
    assert_eq!(desk.node(plan, "Net revenue").baseline, before);
    let mut edit = Edit::new("baseline");
    let node = desk.node(plan, "Net revenue");
    edit.set(node.clone(), Node { baseline: Some(1.0), ..node });
    let found = desk.refused(PlanOrder::Edit(edit));
    assert!(found.iter().any(|(field, _)| field == "baseline of Net revenue"), "{found:?}");
}

#[test]
fn the_plan_is_held_against_the_days_before_it() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let view = desk.view(plan, Against::PreviousPeriod);
    // Ten days and the same weekdays: two weeks earlier.
    near(view.tree[0].line, net("2026-05-18", "2026-05-27"));
    assert_eq!(desk.view(plan, Against::PreviousRound).tree[0].line, None);
}

/// Distinct payers of so many days from a day on.
fn payers(first: Day, days: i32) -> f64 {
    let all = (0..days).flat_map(|ahead| super::desk::orders(first.plus(ahead)));
    all.map(|(user, _)| user).collect::<std::collections::BTreeSet<_>>().len() as f64
}

#[test]
fn the_line_of_distinct_users_goes_as_the_windows_before_went() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, formula("frequency"));
    let query = ProposeQuery { plan, node: top, ..ProposeQuery::default() };
    desk.done(PlanOrder::Accept { query, reason: String::new() });
    let median = |share: &dyn Fn(Day) -> f64| {
        let mut shares: Vec<f64> = (1..=3).map(|n| share(day("2026-06-01").plus(-30 * n))).collect();
        shares.sort_by(f64::total_cmp);
        shares[1]
    };
    let orders = |first: Day, days: i32| count(&first.to_string(), &first.plus(days - 1).to_string());
    let view = desk.view(plan, Against::Target);
    let share = median(&|first| payers(first, 10) / payers(first, 30));
    let target = desk.node(plan, "Payers").target.unwrap();
    near(row(&view, "Payers").line, target * share);
    assert!(share > 0.4, "ten days of thirty bring more than a third of the payers: {share}");
    let each = |first: Day, days: i32| orders(first, days) / payers(first, days);
    let share = median(&|first| each(first, 10) / each(first, 30));
    let target = desk.node(plan, "Orders per payer").target.unwrap();
    near(row(&view, "Orders per payer").line, target * share);
    // What does not depend on the length of the period keeps its target.
    near(row(&view, "Order value").line, desk.node(plan, "Order value").target.unwrap());
}

/// What the lines of the parts leave over of the plan's own line is told apart: list and tree have the same line.
#[test]
fn the_line_of_the_plan_is_one_number_and_the_gap_is_that_of_its_parts() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, Break::Formula("order_value".to_owned()));
    for (label, target) in [("Orders", 500.0), ("Order value", 50e6)] {
        let node = desk.node(plan, label).id;
        let order = PlanOrder::Target { node, seen: None, value: Some(target), reason: String::new() };
        desk.done(order);
    }
    desk.done(PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() });
    for closed in [false, true] {
        let course = desk.board().plans[0].primary.clone().unwrap();
        let view = desk.view(plan, Against::Target);
        assert_eq!((view.tree[0].line, view.tree[0].pace), (course.line, course.pace), "closed: {closed}");
        let of_parts = view.tree[1].line.unwrap() * view.tree[2].line.unwrap();
        near(view.line_of_parts(), of_parts);
        near(view.residual, course.line.unwrap() - of_parts);
        assert!(view.residual.unwrap() > 0.005 * course.line.unwrap(), "the parts have less than the whole");
        near(view.gap(), view.tree[0].blame.unwrap());
        desk.today = day("2026-07-20");
        if !closed {
            desk.done(PlanOrder::Close(plan));
        }
    }
}

#[test]
fn what_is_told_of_the_past_while_a_target_is_typed_is_the_baseline_that_is_stored() {
    let mut desk = Desk::new();
    let days = Span { first: day("2026-06-01"), last: day("2026-06-30") };
    let past = |desk: &mut Desk, metric: &str, days: Span| {
        let Answer::Past(past) = desk.ask(&Query::Past(PastQuery { metric: metric.to_owned(), days })) else {
            panic!()
        };
        past
    };
    let told = past(&mut desk, "net", days);
    let plan = desk.june(30_000e6);
    let node = desk.node(plan, "Net revenue");
    assert_eq!(told.base.map(|(value, _)| value), node.baseline);
    assert_eq!(
        told.base.map(|(_, window)| (Some(window.first), Some(window.last))),
        Some((node.baseline_from, node.baseline_to))
    );
    // Five windows of 30 days lie between 1 January and 31 May.
    let best =
        (0..5).map(|n| net(&day("2026-05-02").plus(-30 * n).to_string(), &day("2026-05-31").plus(-30 * n).to_string()));
    let bounds = told.bounds.unwrap();
    near(Some(bounds.best), best.fold(0.0, f64::max));
    assert_eq!(told.windows, 5);
    assert!(!bounds.is_stretch(bounds.best) && bounds.is_stretch(bounds.best + 1e6));
    // Nothing is known, so nothing is told; it is not 0.
    assert_eq!(past(&mut desk, "spend", days), Past::default());
    let early = Span { first: day("2026-01-01"), last: day("2026-01-30") };
    assert_eq!(past(&mut desk, "net", early).bounds, None);
}
