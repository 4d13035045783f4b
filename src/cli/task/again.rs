//! A task that comes again.

use crate::domain::calendar::Day;
use crate::domain::plans::{Repeat, Task, TaskState};

/// The next time of a task that is done; `None` for one that does not come again, or whose day counts from its plan.
pub fn next(task: &Task, today: Day) -> Option<Task> {
    let every = i32::try_from(task.repeat_days?).ok().filter(|days| *days > 0)?;
    if task.anchor.is_some() {
        return None;
    }
    let from = match task.repeat_mode.unwrap_or(Repeat::AfterDone) {
        Repeat::AfterDone => today,
        Repeat::Fixed | Repeat::SkipMissed => task.due.unwrap_or(today),
    };
    // Days that are past by now were missed; only one task lives at a time.
    let passed = today.since(from).max(0) / every;
    let missed = if task.repeat_mode == Some(Repeat::Fixed) { i64::from(passed) } else { 0 };
    Some(Task {
        id: -1,
        state: TaskState::Todo,
        created: today,
        done_at: None,
        due: Some(from.plus((passed + 1) * every)),
        scheduled: None,
        wait_until: None,
        actual_min: None,
        missed,
        spawned_from: Some(task.id),
        ..task.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plans::{Anchor, OpType, TaskKind};

    fn weekly(due: Option<Day>, repeat_mode: Option<Repeat>) -> Task {
        Task {
            id: 7,
            plan_id: None,
            node_id: None,
            op_type: OpType::User,
            title: "Call ten users".to_owned(),
            kind: TaskKind::UserCare,
            anchor: None,
            offset_days: None,
            due,
            scheduled: due,
            wait_until: None,
            state: TaskState::Doing,
            created: Day(0),
            done_at: None,
            estimate_min: Some(30),
            actual_min: Some(45),
            priority: 1,
            owner: "ann".to_owned(),
            repeat_days: Some(7),
            repeat_mode,
            missed: 0,
            spawned_from: None,
        }
    }

    #[test]
    fn one_task_lives_at_a_time_and_missed_ones_are_counted_or_forgotten() {
        let dues = |mode, today| next(&weekly(Some(Day(100)), mode), Day(today)).map(|t| (t.due, t.missed));
        assert_eq!(dues(Some(Repeat::Fixed), 98), Some((Some(Day(107)), 0)));
        assert_eq!(dues(Some(Repeat::Fixed), 115), Some((Some(Day(121)), 2)));
        assert_eq!(dues(Some(Repeat::SkipMissed), 115), Some((Some(Day(121)), 0)));
        assert_eq!(dues(Some(Repeat::AfterDone), 115), Some((Some(Day(122)), 0)));
        let again = next(&weekly(None, None), Day(115)).unwrap();
        assert_eq!(
            (again.due, again.state, again.actual_min, again.spawned_from),
            (Some(Day(122)), TaskState::Todo, None, Some(7))
        );
    }

    #[test]
    fn what_does_not_repeat_or_counts_from_its_plan_comes_no_more() {
        assert_eq!(next(&Task { repeat_days: None, ..weekly(None, None) }, Day(9)), None);
        assert_eq!(next(&Task { anchor: Some(Anchor::Start), ..weekly(None, None) }, Day(9)), None);
    }
}
