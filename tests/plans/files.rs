//! Plans from files: what they say, and what follows from it.

use std::io::Write as _;

use quarterdeck::domain::plans::{Edit, PlanStatus, Task, TaskState};
use quarterdeck::query::{Against, Break, PlanOrder, Planned, ProposeQuery};

use super::desk::{Desk, day, near, net, row};

/// An order that imports a plan of this text.
fn order(desk: &Desk, text: &str) -> PlanOrder {
    let mut file = tempfile::NamedTempFile::with_suffix_in(".toml", desk.folder.path()).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    PlanOrder::Import(file.keep().unwrap().1)
}

fn import(desk: &mut Desk, text: &str) -> Planned {
    let order = order(desk, text);
    desk.order(order)
}

fn imported(desk: &mut Desk, text: &str) -> i64 {
    match import(desk, text) {
        Planned::Done { plan, .. } => plan.unwrap(),
        other => panic!("{other:?}"),
    }
}

const JUNE: &str = "[plan]\ntitle = \"June\"\ntype = \"commercial\"\nstart = 2026-06-01\nfinish = 2026-06-30\n";

fn run(desk: &mut Desk, plan: i64) {
    desk.done(PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() });
}

#[test]
fn sums_within_sums_are_closed_each_by_its_own_rest() {
    let mut desk = Desk::new();
    let text = format!(
        "{JUNE}[[target]]\nlabel = \"Net\"\nmetric = \"net\"\nop = \"sum\"\ntarget = 30000\n\
         [[target.part]]\nlabel = \"Shop\"\nmetric = \"net\"\nstreams = [\"ecommerce\"]\nop = \"sum\"\ntarget = 20000\n\
         [[target.part.part]]\nlabel = \"Begin\"\nmetric = \"net\"\nstreams = [\"ecommerce\"]\nstart = 2026-06-01\n\
         finish = 2026-06-05\ntarget = 20000\n"
    );
    let id = imported(&mut desk, &text);
    run(&mut desk, id);
    let view = desk.view(id, Against::Target);
    near(row(&view, "Net").actual, net("2026-06-01", "2026-06-10"));
    near(desk.board().plans[0].primary.as_ref().unwrap().actual, net("2026-06-01", "2026-06-10"));
    let others: Vec<f64> =
        view.tree.iter().filter(|row| row.node.label == "other").filter_map(|row| row.actual).collect();
    let begin = row(&view, "Begin").actual.unwrap();
    assert_eq!(others.len(), 2);
    near(Some(begin + others.iter().sum::<f64>()), net("2026-06-01", "2026-06-10"));
    let top = &view.tree[0];
    near(top.blame, top.actual.unwrap() - top.line.unwrap());
}

#[test]
fn a_file_whose_targets_do_not_go_together_stores_nothing() {
    let mut desk = Desk::bare();
    let text = "[[target]]\nlabel = \"Visits\"\nop = \"product\"\ntarget = 100\n\
        [[target.part]]\nlabel = \"People\"\nmetric = \"active_users\"\ntarget = 30\n\
        [[target.part]]\nlabel = \"Each\"\nmetric = \"events/active_users\"\ntarget = 30\n";
    let Planned::Refused(faults) = import(&mut desk, &format!("{JUNE}{text}")) else { panic!("it is stored") };
    assert_eq!(faults[0].field, "target of Visits");
    assert!(faults[0].text.starts_with("the parts of Visits come to 900"), "{}", faults[0].text);
    assert!(desk.book().plans.is_empty());
}

#[test]
fn an_imported_draft_is_measured_like_one_that_is_typed() {
    let mut desk = Desk::new();
    let id =
        imported(&mut desk, &format!("{JUNE}[[target]]\nlabel = \"Net revenue\"\nmetric = \"net\"\ntarget = 30000\n"));
    let other = desk.june(30_000e6);
    let (file, typed) = (desk.node(id, "Net revenue"), desk.node(other, "Net revenue"));
    assert!(typed.baseline.is_some());
    assert_eq!((file.baseline, file.baseline_from, file.curve), (typed.baseline, typed.baseline_from, typed.curve));
    desk.break_down(file.id, Break::Formula("order_value".to_owned()));
    let text = "[[target]]\nlabel = \"Weekly\"\nmetric = \"wau\"\ntarget = 900\n";
    let weekly = imported(&mut desk, &format!("{JUNE}{text}"));
    let glides = desk.node(weekly, "Weekly").curve.word();
    assert_eq!(glides, "glide");
}

#[test]
fn a_repeating_task_comes_again_once_and_goes_into_the_next_round_once() {
    let mut desk = Desk::new();
    let text = "[[target]]\nlabel = \"Net\"\nmetric = \"net\"\ntarget = 30000\n\
        [[task]]\ntitle = \"Weekly call\"\ndue = 2026-06-05\nrepeat_days = 7\nrepeat = \"fixed\"\n";
    let id = imported(&mut desk, &format!("{JUNE}{text}"));
    run(&mut desk, id);
    for _ in 0..3 {
        let calls = desk.book().tasks;
        let open: Vec<&Task> =
            calls.iter().filter(|task| task.title == "Weekly call" && task.state.is_open()).collect();
        assert_eq!(open.len(), 1);
        let mut edit = Edit::new("done");
        edit.set(open[0].clone(), Task { state: TaskState::Done, done_at: Some(desk.today), ..open[0].clone() });
        desk.done(PlanOrder::Edit(edit));
    }
    desk.today = day("2026-07-20");
    desk.done(PlanOrder::Close(id));
    let next = desk.done(PlanOrder::NextRound { plan: id, start: None });
    let calls = desk.book().tasks;
    let again = calls.iter().filter(|task| task.plan_id == Some(next) && task.title == "Weekly call").count();
    assert_eq!(again, 1);
}

#[test]
fn a_repeating_task_that_is_opened_again_takes_its_next_time_with_it() {
    let mut desk = Desk::new();
    let text = "[[target]]\nlabel = \"Net\"\nmetric = \"net\"\ntarget = 30000\n\
        [[task]]\ntitle = \"Weekly call\"\ndue = 2026-06-05\nrepeat_days = 7\nrepeat = \"fixed\"\n";
    imported(&mut desk, &format!("{JUNE}{text}"));
    let calls = |desk: &mut Desk| -> Vec<Task> {
        desk.book().tasks.into_iter().filter(|task| task.title == "Weekly call").collect()
    };
    let turn = |desk: &mut Desk, task: &Task, state: TaskState| {
        let mut edit = Edit::new(state.word());
        let done_at = (state == TaskState::Done).then_some(desk.today);
        edit.set(task.clone(), Task { state, done_at, ..task.clone() });
        desk.done(PlanOrder::Edit(edit));
    };
    let first = calls(&mut desk).remove(0);
    turn(&mut desk, &first, TaskState::Done);
    let done = calls(&mut desk);
    assert_eq!(done.len(), 2);
    turn(&mut desk, &done[0], TaskState::Todo);
    assert_eq!(calls(&mut desk), [first]);
    desk.done(PlanOrder::Undo);
    assert_eq!(calls(&mut desk), done, "both are one step");
    // Who has changed the next time wants it.
    let mut edit = Edit::new("owner");
    edit.set(done[1].clone(), Task { owner: "Mia".to_owned(), ..done[1].clone() });
    desk.done(PlanOrder::Edit(edit));
    turn(&mut desk, &done[0], TaskState::Todo);
    assert_eq!(calls(&mut desk).len(), 2);
}

#[test]
fn a_file_is_read_whole_or_not_at_all() {
    let mut desk = Desk::new();
    let text = format!("{JUNE}{}\n[[task]]\ntitle = \"late\"\n", "# filler\n".repeat(500_000));
    let order = order(&desk, &text);
    let error = desk.failed(order);
    assert!(error.contains("larger than 4 MiB"), "{error}");
    assert!(desk.book().plans.is_empty());
    let half = format!("{JUNE}[[task]]\ntitle = \"call\"\nrepeat_days = 7\n");
    let Planned::Refused(faults) = import(&mut desk, &half) else { panic!() };
    assert_eq!(faults[0].field, "repeat");
    let rich =
        format!("{JUNE}[[resource]]\nname = \"ads\"\nkind = \"cash\"\nscope = \"external\"\ngranted = 9223372036854\n");
    let Planned::Refused(faults) = import(&mut desk, &rich) else { panic!() };
    assert!(faults[0].text.contains("cannot be meant"), "{faults:?}");
}

#[test]
fn parts_that_give_another_target_are_told() {
    let mut desk = Desk::new();
    let id = desk.june(20_000e6);
    let top = desk.node(id, "Net revenue");
    desk.break_down(top.id, Break::Formula("order_value".to_owned()));
    let query = ProposeQuery { plan: id, node: top.id, ..ProposeQuery::default() };
    desk.done(PlanOrder::Accept { query, reason: String::new() });
    let order = |value: f64| PlanOrder::Target {
        node: top.id,
        seen: Some(20_000e6),
        value: Some(value),
        reason: String::new(),
    };
    let Planned::Done { warnings, .. } = desk.order(order(20_010e6)) else { panic!() };
    assert!(!warnings.iter().any(|one| one.contains("come to")), "{warnings:?}");
    desk.done(PlanOrder::Undo);
    let Planned::Done { warnings, .. } = desk.order(order(18_000e6)) else { panic!() };
    assert!(warnings.iter().any(|one| one.contains("come to 20,000, its target is 18,000")), "{warnings:?}");
}
