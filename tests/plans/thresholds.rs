//! Thresholds of a workspace: what is set moves the verdicts, and stays set.

use std::ops::ControlFlow;
use std::time::Duration;

use quarterdeck::engine::{Access, Clock, Engine};
use quarterdeck::query::{Answer, Command, Outcome, PlanOrder, Query, TargetWord, Thresholds};

use super::desk::{Desk, NOW, net};

fn set(desk: &mut Desk, key: &str, value: Option<f64>) -> Result<Thresholds, String> {
    let clock = Clock { now: NOW, today: Some(desk.today) };
    let command = Command::SetThreshold { key: key.to_owned(), value };
    match desk.engine.run(&command, clock, &mut |_| ControlFlow::Continue(())) {
        Ok(Outcome::Thresholds(now)) => Ok(now),
        Ok(other) => panic!("{other:?}"),
        Err(why) => Err(why.to_string()),
    }
}

fn standing(desk: &mut Desk) -> Option<TargetWord> {
    desk.board().plans[0].standing
}

#[test]
fn a_verdict_begins_where_the_workspace_says() {
    let mut desk = Desk::new();
    // What the plan's days brought so far, three times: met for sure.
    let plan = desk.june(2.0 * net("2026-06-01", "2026-06-10"));
    desk.done(PlanOrder::Status { plan, to: quarterdeck::domain::plans::PlanStatus::Running, reason: String::new() });
    assert_eq!(standing(&mut desk), Some(TargetWord::Ok));
    let hit = desk.board().plans[0].primary.as_ref().and_then(|course| course.outlook).map(|outlook| outlook.p_hit);
    let hit = hit.expect("there is a forecast");
    assert!(hit > 0.8 && hit < 1.0, "{hit}");
    set(&mut desk, "hit_ok", Some(1.0)).unwrap();
    assert_eq!(standing(&mut desk), Some(TargetWord::Risk));
    let path = desk.folder.path().join("w.db");
    desk.engine = Engine::open(&path, Access::ReadWrite, Duration::from_secs(1)).unwrap();
    assert_eq!(standing(&mut desk), Some(TargetWord::Risk), "it is stored");
    assert_eq!(set(&mut desk, "hit_ok", None), Ok(Thresholds::default()));
    assert_eq!(standing(&mut desk), Some(TargetWord::Ok));
}

#[test]
fn two_that_go_together_are_kept_in_any_order() {
    let mut desk = Desk::new();
    set(&mut desk, "hit_ok", Some(0.95)).unwrap();
    let both = set(&mut desk, "hit_risk", Some(0.9)).unwrap();
    assert_eq!(desk.ask(&Query::Thresholds), Answer::Thresholds(both));
    assert!(set(&mut desk, "hit_ok", None).unwrap_err().contains("hit_risk would be above hit_ok"));
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_stored() {
    let mut desk = Desk::new();
    assert!(set(&mut desk, "hit_ok", Some(7.0)).unwrap_err().contains("hit_ok: 7 is not from 0 to 1"));
    assert!(set(&mut desk, "hit", Some(0.5)).unwrap_err().contains("there are hit_ok, hit_risk"));
    assert_eq!(desk.ask(&Query::Thresholds), Answer::Thresholds(Thresholds::default()));
}
