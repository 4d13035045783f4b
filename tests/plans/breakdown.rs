//! Breaking nodes down: what is offered, and that the parts make what was measured.

use std::fmt::Write as _;

use quarterdeck::domain::calendar::Day;
use quarterdeck::domain::plans::NodeOp;
use quarterdeck::domain::records::Kind;
use quarterdeck::query::{Against, Answer, Break, BreakRow, NewPlan, PlanOrder, Query};

use super::desk::{Desk, day, near, plan, row};

fn ways(desk: &mut Desk, plan: i64, node: i64) -> Vec<BreakRow> {
    match desk.ask(&Query::Breaks(plan, node)) {
        Answer::Breaks(ways) => ways,
        other => panic!("{other:?}"),
    }
}

/// Days with data, from the first on.
fn days() -> impl Iterator<Item = Day> {
    (day("2026-03-01").0..=day("2026-06-10").0).map(Day)
}

/// New users of a channel on a day.
fn arrivals(channel: usize, on: Day) -> i32 {
    [6, 3, 4][channel] + on.0.rem_euclid(3)
}

const CHANNELS: [(&str, i32); 3] = [("feed", 30), ("search", 20), ("organic", 0)];

/// First events of users by channel, and what the channels cost.
fn acquired(desk: &mut Desk) {
    let mut events = String::from("user_id,ts,event,channel\n");
    let mut spend = String::from("date,channel,amount,currency\n");
    for on in days() {
        for (at, (channel, cost)) in CHANNELS.iter().enumerate() {
            for n in 0..arrivals(at, on) {
                writeln!(events, "{channel}-{}-{n},{on}T08:00:00Z,open,{channel}", on.0).unwrap();
            }
            if *cost > 0 {
                writeln!(spend, "{on},{channel},{},USD", cost + on.0.rem_euclid(5)).unwrap();
            }
        }
    }
    desk.import(Kind::Events, &events);
    desk.import(Kind::Spend, &spend);
}

#[test]
fn new_users_are_the_sum_of_the_spend_of_each_channel_over_what_a_user_costs_there() {
    let mut desk = Desk::new();
    acquired(&mut desk);
    let plan = desk.done(PlanOrder::New(Box::new(NewPlan {
        target: Some(900.0),
        ..plan("new_users", "2026-06-01", "2026-06-30")
    })));
    let top = desk.node(plan, "New users").id;
    let offered = ways(&mut desk, plan, top);
    let spent = offered.iter().find(|way| way.how == Break::ChannelSpend).expect("it is offered");
    assert_eq!(spent.parts, ["feed", "organic", "search"]);
    desk.break_down(top, Break::ChannelSpend);
    let view = desk.view(plan, Against::Target);
    let elapsed = || (day("2026-06-01").0..=day("2026-06-10").0).map(Day);
    for (at, (channel, cost)) in CHANNELS.iter().enumerate() {
        let new: i32 = elapsed().map(|on| arrivals(at, on)).sum();
        let part = row(&view, channel);
        near(part.actual, f64::from(new));
        assert_eq!(part.node.op, if *cost > 0 { NodeOp::Ratio } else { NodeOp::Leaf }, "{channel}");
        let below: Vec<_> = view.tree.iter().filter(|row| row.node.parent_id == Some(part.node.id)).collect();
        if *cost > 0 {
            let spent: i32 = elapsed().map(|on| cost + on.0.rem_euclid(5)).sum();
            near(below[0].actual, f64::from(spent) * 1e6);
            near(below[1].actual, f64::from(spent) * 1e6 / f64::from(new));
            assert_eq!((below[1].node.label.as_str(), below[1].node.sign), ("CPA", -1));
        } else {
            assert!(below.is_empty(), "{channel} costs nothing");
        }
    }
    // Nothing is left beside the channels, and nothing is measured otherwise than computed.
    assert!(view.tree.iter().all(|row| row.node.id != 0 && row.mismatch.is_none()), "{:#?}", view.tree);
    desk.done(PlanOrder::Undo);
    assert_eq!(desk.book().nodes.len(), 1, "one action is one step");
}

#[test]
fn revenue_is_visits_x_conversion_x_order_value_where_visits_are_known() {
    let mut desk = Desk::new();
    let plan = desk.june(30_000e6);
    let top = desk.node(plan, "Net revenue").id;
    let visits = Break::Formula("visits".to_owned());
    assert!(ways(&mut desk, plan, top).iter().all(|way| way.how != visits), "nobody counted visits");
    let mut facts = String::from("date,metric,value\n");
    for on in days() {
        writeln!(facts, "{on},visits,{}", 400 + on.0.rem_euclid(9) * 10).unwrap();
    }
    desk.import(Kind::Facts, &facts);
    assert!(ways(&mut desk, plan, top).iter().any(|way| way.how == visits));
    desk.break_down(top, visits);
    let view = desk.view(plan, Against::Target);
    let seen: i32 = (day("2026-06-01").0..=day("2026-06-10").0).map(|on| 400 + on.rem_euclid(9) * 10).sum();
    let orders = super::desk::count("2026-06-01", "2026-06-10");
    near(row(&view, "Visits").actual, f64::from(seen));
    near(row(&view, "Conversion").actual, orders / f64::from(seen));
    assert!(view.tree.iter().all(|row| row.mismatch.is_none()), "{:#?}", view.tree);
}
