//! One action is one step, across restarts and between two people.

use std::time::Duration;

use quarterdeck::domain::plans::{Edit, Focus, Plan};
use quarterdeck::engine::{Access, Engine};
use quarterdeck::query::{Answer, Break, PlanOrder, Planned, ProposeQuery, Query};

use super::desk::{Desk, day};

#[test]
fn every_action_goes_back_as_one_step_after_a_restart_too() {
    let mut desk = Desk::new();
    let empty = desk.book();
    let plan = desk.june(30_000e6);
    let made = desk.book();
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, Break::Formula("payers".to_owned()));
    let broken = desk.book();
    let query = ProposeQuery { plan, node: top, ..ProposeQuery::default() };
    desk.done(PlanOrder::Accept { query, reason: String::new() });
    let accepted = desk.book();
    desk.engine = Engine::open(&desk.folder.path().join("w.db"), Access::ReadWrite, Duration::from_secs(1)).unwrap();
    desk.engine.act_as("ben".to_owned());
    for before in [&broken, &made, &empty] {
        assert!(matches!(desk.order(PlanOrder::Undo), Planned::Done { .. }));
        assert_eq!(&desk.book(), before);
    }
    assert_eq!(desk.order(PlanOrder::Undo), Planned::Nothing);
    for after in [&made, &broken, &accepted] {
        assert!(matches!(desk.order(PlanOrder::Redo), Planned::Done { .. }));
        assert_eq!(&desk.book(), after);
    }
    assert_eq!(desk.order(PlanOrder::Redo), Planned::Nothing);
}

#[test]
fn of_two_dashboards_the_second_is_refused_with_both_values() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let node = desk.node(plan, "Net revenue");
    let path = desk.folder.path().join("w.db");
    let ben =
        std::mem::replace(&mut desk.engine, Engine::open(&path, Access::ReadWrite, Duration::from_secs(1)).unwrap());
    desk.engine.act_as("lin".to_owned());
    let change =
        |value: f64| PlanOrder::Target { node: node.id, seen: node.target, value: Some(value), reason: String::new() };
    desk.done(change(32_000e6));
    desk.engine = ben;
    let Planned::Conflicts { found, .. } = desk.order(change(28_000e6)) else { panic!() };
    assert_eq!((found.len(), found[0].field.as_str(), found[0].who.as_str()), (1, "target", "lin"));
    assert_eq!((&found[0].theirs, &found[0].mine), (&32_000e6.into(), &28_000e6.into()));
    assert_eq!(desk.node(plan, "Net revenue").target, Some(32_000e6));
}

#[test]
fn a_plan_goes_with_all_that_is_its_own_and_comes_back() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    desk.break_down(top, Break::Week);
    let before = desk.book();
    desk.done(PlanOrder::Remove(plan));
    let gone = desk.book();
    assert!(gone.plans.is_empty() && gone.nodes.is_empty());
    desk.done(PlanOrder::Undo);
    assert_eq!(desk.book(), before);
    let found = desk.refused(PlanOrder::Remove(99));
    assert!(found[0].1.contains("no plan 99"), "{found:?}");
}

#[test]
fn what_cannot_be_is_refused_whole() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let before = desk.book();
    let stored = before.plan(plan).unwrap().clone();
    let mut edit = Edit::new("two changes");
    edit.set(stored.clone(), Plan { owner: "Lin".to_owned(), finish: stored.start.plus(-1), ..stored.clone() });
    assert_eq!(desk.refused(PlanOrder::Edit(edit))[0].0, "finish");
    assert_eq!(desk.book(), before);
}

#[test]
fn plans_to_begin_with_are_one_step_and_ask_for_their_daily_fact() {
    let mut desk = Desk::bare();
    let empty = desk.book();
    let asked = |desk: &mut Desk| match desk.ask(&Query::Missing) {
        Answer::Missing(missing) => missing.facts.into_iter().map(|one| one.metric).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    desk.done(PlanOrder::Template);
    let book = desk.book();
    let trees: Vec<(Focus, Vec<&str>)> = book
        .plans
        .iter()
        .map(|plan| (plan.focus, book.tree(plan.id).iter().map(|node| node.label.as_str()).collect()))
        .collect();
    assert_eq!(
        trees,
        [
            (Focus::Revenue, vec!["Net revenue", "Visits", "Conversion", "Order value"]),
            (Focus::Acquire, vec!["New users", "Spend", "CPA"]),
            (Focus::Retain, vec!["Active users", "New users", "Returning users", "Resurrected users"]),
        ]
    );
    assert!(book.nodes.iter().all(|node| node.target.is_none() && node.baseline.is_none()));
    assert!(book.plans.iter().all(|plan| (plan.start, plan.finish) == (day("2026-06-01"), day("2026-06-30"))));
    assert_eq!(asked(&mut desk), ["visits"]);
    assert!(matches!(desk.order(PlanOrder::Undo), Planned::Done { .. }));
    assert_eq!(desk.book(), empty);
    assert_eq!(desk.order(PlanOrder::Undo), Planned::Nothing);
    assert!(asked(&mut desk).is_empty());
}
