//! A task that comes again.

use super::{Repeat, Task, TaskState};
use crate::domain::calendar::Day;

impl Task {
    /// The next time of a task that is done; `None` for one that does not come again, or whose day counts from its plan.
    pub fn next(&self, today: Day) -> Option<Task> {
        let every = i32::try_from(self.repeat_days?).ok().filter(|days| *days > 0)?;
        if self.anchor.is_some() {
            return None;
        }
        let from = match self.repeat_mode.unwrap_or(Repeat::AfterDone) {
            Repeat::AfterDone => today,
            Repeat::Fixed | Repeat::SkipMissed => self.due.unwrap_or(today),
        };
        // Days that are past by now were missed; only one task lives at a time.
        let passed = today.since(from).max(0) / every;
        let missed = if self.repeat_mode == Some(Repeat::Fixed) { i64::from(passed) } else { 0 };
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
            spawned_from: Some(self.id),
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plans::{Anchor, OpType};

    fn weekly(due: Option<Day>, repeat_mode: Option<Repeat>) -> Task {
        Task {
            id: 7,
            due,
            scheduled: due,
            state: TaskState::Doing,
            estimate_min: Some(30),
            actual_min: Some(45),
            repeat_days: Some(7),
            repeat_mode,
            ..Task::new("Call ten users", OpType::User, Day(0))
        }
    }

    #[test]
    fn one_task_lives_at_a_time_and_missed_ones_are_counted_or_forgotten() {
        let dues = |mode, today| weekly(Some(Day(100)), mode).next(Day(today)).map(|t| (t.due, t.missed));
        assert_eq!(dues(Some(Repeat::Fixed), 98), Some((Some(Day(107)), 0)));
        assert_eq!(dues(Some(Repeat::Fixed), 115), Some((Some(Day(121)), 2)));
        assert_eq!(dues(Some(Repeat::SkipMissed), 115), Some((Some(Day(121)), 0)));
        assert_eq!(dues(Some(Repeat::AfterDone), 115), Some((Some(Day(122)), 0)));
        let again = weekly(None, None).next(Day(115)).unwrap();
        assert_eq!(
            (again.due, again.state, again.actual_min, again.spawned_from),
            (Some(Day(122)), TaskState::Todo, None, Some(7))
        );
    }

    #[test]
    fn what_does_not_repeat_or_counts_from_its_plan_comes_no_more() {
        assert_eq!(Task { repeat_days: None, ..weekly(None, None) }.next(Day(9)), None);
        assert_eq!(Task { anchor: Some(Anchor::Start), ..weekly(None, None) }.next(Day(9)), None);
    }
}
