//! The check-in: one step with all that was decided on the way, the numbers that were typed, and days in a row.

use std::ops::ControlFlow;

use quarterdeck::domain::calendar::Instant;
use quarterdeck::domain::plans::{Answered, Edit, OpType, Snooze, Task, TaskState};
use quarterdeck::engine::Clock;
use quarterdeck::query::{Answer, CheckInBoard, CheckedIn, Command, Outcome, PlanOrder, Planned, Query, TypedNumber};

use super::desk::{Desk, NOW, day};

fn clock(desk: &Desk) -> Clock {
    Clock { now: NOW, today: Some(desk.today) }
}

fn board(desk: &mut Desk) -> CheckInBoard {
    let clock = clock(desk);
    match desk.engine.answer(&Query::CheckIn, clock).unwrap() {
        Answer::CheckIn(board) => *board,
        other => panic!("{other:?}"),
    }
}

fn task(title: &str) -> Task {
    Task { due: Some(day("2026-06-11")), ..Task::new(title, OpType::Product, day("2026-06-10")) }
}

/// Stores a number of a day as step 2 does.
fn typed(desk: &mut Desk, metric: &str, on: &str, value: &str) {
    let number = TypedNumber { metric: metric.to_owned(), day: day(on), value: value.to_owned(), channel: None };
    let clock = clock(desk);
    match desk.engine.run(&Command::Log(vec![number]), clock, &mut |_| ControlFlow::Continue(())).unwrap() {
        Outcome::Logged(_) => {}
        other => panic!("{other:?}"),
    }
}

/// A check-in of three minutes and ten seconds.
fn finished(changes: Edit, focus: Vec<i64>) -> PlanOrder {
    let facts = vec![Answered { about: "source feed".to_owned(), answer: "stale 4d".to_owned() }];
    let begun = Instant(NOW.0 - 190_000_000);
    let brief = vec!["Shop".to_owned(), "GOAL     none".to_owned()];
    PlanOrder::CheckIn(Box::new(CheckedIn { begun, changes, focus, brief, facts }))
}

fn simple() -> PlanOrder {
    finished(Edit::default(), Vec::new())
}

#[test]
fn all_that_was_decided_goes_back_and_comes_again_as_one_step() {
    let mut desk = Desk::new();
    let mut edit = Edit::new("two tasks");
    edit.add(task("Call Harbor"));
    edit.add(Task { id: -2, ..task("Check the form") });
    desk.done(PlanOrder::Edit(edit));
    typed(&mut desk, "leaflets", "2026-06-09", "40");
    let before = (desk.book(), board(&mut desk).missing);
    let waits: Vec<&str> = before.1.facts.iter().map(|fact| fact.metric.as_str()).collect();
    assert_eq!(waits, ["leaflets"]);

    typed(&mut desk, "leaflets", "2026-06-10", "42");
    let call = before.0.tasks[0].clone();
    let mut changes = Edit::default();
    changes.set(call.clone(), Task { state: TaskState::Done, done_at: Some(desk.today), ..call.clone() });
    changes.add(Snooze { cause: "metric dau".to_owned(), until: day("2026-06-18") });
    let order = finished(changes, vec![call.id, before.0.tasks[1].id]);
    desk.done(order);

    let after = (desk.book(), board(&mut desk));
    assert_eq!(after.1.missing.facts, []);
    let stored = &after.1.history[0];
    assert_eq!((stored.day, stored.actor.as_str(), stored.seconds), (desk.today, "ben", 190));
    assert_eq!((stored.brief.as_str(), stored.facts[0].answer.as_str()), ("Shop\nGOAL     none", "stale 4d"));
    let focus: Vec<&str> = after.1.today.work.focus.iter().map(|row| row.task.title.as_str()).collect();
    assert_eq!(focus, ["Check the form"], "what is done is no focus any more");
    assert_eq!(after.1.today.work.done, ["Call Harbor"]);

    assert!(
        matches!(desk.order(PlanOrder::Undo), Planned::Done { label, .. } if label == "undone: check-in of 2026-06-11")
    );
    assert_eq!((desk.book(), board(&mut desk).missing.facts.len()), (before.0, 0), "the number is a step of its own");
    desk.done(PlanOrder::Undo);
    assert_eq!(board(&mut desk).missing, before.1);
    desk.done(PlanOrder::Redo);
    desk.done(PlanOrder::Redo);
    let again = board(&mut desk);
    assert_eq!((desk.book(), again.missing.facts.len()), (after.0, 0));
}

#[test]
fn a_second_check_in_of_a_day_replaces_the_first() {
    let mut desk = Desk::new();
    desk.done(simple());
    let first = desk.book();
    let mut changes = Edit::default();
    changes.add(Snooze { cause: "metric dau".to_owned(), until: day("2026-06-18") });
    desk.done(finished(changes, vec![7]));
    let history = board(&mut desk).history;
    assert_eq!((history.len(), &history[0].focus), (1, &vec![7]));
    desk.done(PlanOrder::Undo);
    assert_eq!(desk.book(), first);
    desk.done(PlanOrder::Undo);
    assert_eq!(board(&mut desk).history, []);
}

#[test]
fn weekends_break_nothing_and_everybody_has_days_of_his_own() {
    let mut desk = Desk::new();
    // Thu 4, Fri 5, Mon 8 and Tue 9 June.
    for on in ["2026-06-04", "2026-06-05", "2026-06-08", "2026-06-09"] {
        desk.today = day(on);
        desk.done(simple());
    }
    let mut streak = |on: &str| {
        desk.today = day(on);
        let board = board(&mut desk);
        (board.streak, board.history.first().map(|one| one.day))
    };
    let newest = Some(day("2026-06-09"));
    assert_eq!(streak("2026-06-09"), (4, newest));
    assert_eq!(streak("2026-06-10"), (4, newest), "the day has not ended yet");
    assert_eq!(streak("2026-06-11"), (0, newest));
    desk.engine.act_as("lin".to_owned());
    assert_eq!((board(&mut desk).streak, board(&mut desk).history), (0, Vec::new()));
}
