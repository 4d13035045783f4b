//! Which task comes first (planning.md §3.7, T21, reading A20).

use super::Status;
use crate::domain::calendar::Day;
use crate::domain::plans::TaskState;

/// A task as far as its urgency goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Task {
    /// Where it stands; only open tasks have an urgency.
    pub state: TaskState,
    /// The day by which it is to be done.
    pub due: Option<Day>,
    /// The day from which it is to be worked on.
    pub scheduled: Option<Day>,
    /// It waits for this day.
    pub wait_until: Option<Day>,
    /// The day it was written down.
    pub created: Day,
    /// What a person says, 0 without a word.
    pub priority: f64,
    /// How the target it works for stands.
    pub node: Option<Status>,
}

/// How urgent a task is, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Urgency {
    /// Points.
    pub score: f64,
    /// The parts of the score that are not 0, by name.
    pub why: Vec<(&'static str, f64)>,
}

/// The urgency of each task; `None` for those that are done or dropped.
///
/// `needs` are pairs of a task and one that must be done before it, both by place.
/// ```
/// use quarterdeck::domain::calendar::Day;
/// use quarterdeck::domain::plans::TaskState;
/// use quarterdeck::metrics::planning::urgency::{Task, urgencies};
/// let (state, today) = (TaskState::Todo, Day(20_000));
/// let task = Task { state, due: Some(today), scheduled: None, wait_until: None, created: today, priority: 0.0, node: None };
/// assert!((urgencies(today, &[task], &[])[0].as_ref().unwrap().score - 8.8).abs() < 1e-9);
/// ```
pub fn urgencies(today: Day, tasks: &[Task], needs: &[(usize, usize)]) -> Vec<Option<Urgency>> {
    let open = |at: usize| tasks.get(at).is_some_and(|task| task.state.is_open());
    let urgency = |(at, task): (usize, &Task)| {
        let holds = |what: bool| if what { 1.0 } else { 0.0 };
        let parts = [
            ("due", 12.0 * task.due.map_or(0.0, |due| nearness(today.since(due)))),
            ("blocks", 8.0 * holds(needs.iter().any(|(task, needed)| *needed == at && open(*task)))),
            ("scheduled", 5.0 * holds(task.scheduled.is_some_and(|day| day <= today))),
            ("doing", 4.0 * holds(task.state == TaskState::Doing)),
            ("priority", 6.0 * task.priority),
            ("blocked", -5.0 * holds(needs.iter().any(|(task, needed)| *task == at && open(*needed)))),
            ("waiting", -3.0 * holds(task.wait_until.is_some_and(|day| day > today))),
            ("age", 2.0 * f64::from(today.since(task.created).clamp(0, 365)) / 365.0),
            ("off", 6.0 * holds(task.node == Some(Status::Off))),
            ("risk", 3.0 * holds(task.node == Some(Status::Risk))),
        ];
        let score = parts.iter().map(|(_, points)| points).sum();
        task.state.is_open().then(|| Urgency { score, why: parts.into_iter().filter(|(_, p)| *p != 0.0).collect() })
    };
    tasks.iter().enumerate().map(urgency).collect()
}

/// Places of the tasks that have an urgency, the most urgent first, of equal ones the earlier.
pub fn order(urgencies: &[Option<Urgency>]) -> Vec<usize> {
    let mut scores: Vec<_> = urgencies.iter().enumerate().filter_map(|(at, u)| Some((at, u.as_ref()?.score))).collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    scores.into_iter().map(|(at, _)| at).collect()
}

/// How near a date is by days after it: 0.2 until two weeks before, 1 from a week after.
fn nearness(overdue: i32) -> f64 {
    0.2 + 0.8 * f64::from(overdue.saturating_add(14).clamp(0, 21)) / 21.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day(20_000);

    fn task() -> Task {
        Task {
            state: TaskState::Todo,
            due: None,
            scheduled: None,
            wait_until: None,
            created: TODAY,
            priority: 0.0,
            node: None,
        }
    }

    fn score(task: Task) -> f64 {
        urgencies(TODAY, &[task], &[])[0].as_ref().unwrap().score
    }

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 5e-4, "{got} {want}");
    }

    #[test]
    fn a_date_comes_nearer() {
        // T21.
        for (overdue, want) in [(-20, 2.4), (-14, 2.4), (-7, 5.6), (0, 8.8), (3, 10.171), (7, 12.0), (30, 12.0)] {
            near(score(Task { due: Some(TODAY.plus(-overdue)), ..task() }), want);
        }
        near(score(task()), 0.0);
    }

    #[test]
    fn every_term_counts() {
        for (task, want) in [
            (Task { scheduled: Some(TODAY), ..task() }, 5.0),
            (Task { scheduled: Some(TODAY.plus(1)), ..task() }, 0.0),
            (Task { state: TaskState::Doing, ..task() }, 4.0),
            (Task { priority: -1.0, ..task() }, -6.0),
            (Task { wait_until: Some(TODAY.plus(1)), ..task() }, -3.0),
            (Task { wait_until: Some(TODAY), ..task() }, 0.0),
            (Task { created: TODAY.plus(-73), ..task() }, 0.4),
            (Task { created: TODAY.plus(-4000), ..task() }, 2.0),
            (Task { node: Some(Status::Off), ..task() }, 6.0),
            (Task { node: Some(Status::Risk), ..task() }, 3.0),
            (Task { node: Some(Status::Ok), ..task() }, 0.0),
        ] {
            near(score(task), want);
        }
    }

    #[test]
    fn only_open_tasks_block_and_are_blocked() {
        let done = Task { state: TaskState::Done, ..task() };
        let tasks = [task(), task(), done, Task { state: TaskState::Dropped, ..task() }];
        let got = urgencies(TODAY, &tasks, &[(0, 1), (0, 2), (2, 1), (3, 0), (1, 9)]);
        assert_eq!(got[0].as_ref().unwrap().why, [("blocked", -5.0)]);
        assert_eq!(got[1].as_ref().unwrap().why, [("blocks", 8.0)]);
        assert_eq!((got[2].is_none(), got[3].is_none(), order(&got)), (true, true, vec![1, 0]));
        assert_eq!(order(&urgencies(TODAY, &[task(), task()], &[])), [0, 1], "a tie");
    }
}
