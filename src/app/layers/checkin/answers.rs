//! What a person has answered so far, as it is kept, shown and stored.

use std::collections::BTreeMap;

use crate::domain::calendar::{Day, Instant};
use crate::domain::drafts::Texts;
use crate::domain::plans::{Answered, Edit, Journal, JournalKind, OpType, Task, TaskState};
use crate::query::{Cause, CheckInBoard, CheckedIn, Place, TaskRow, Today};
use crate::ui::dates;

use super::super::super::screens::plans::task_acts;
use super::super::super::screens::today::put_off;
use super::super::super::written;

/// Tasks that a day may have as its focus.
pub const FOCUS: usize = 3;

/// What was said to a cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Known,
    PutOff,
    Task(String),
    Note(String),
}

/// What was said to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Done,
    Due(Day),
    Dropped,
}

/// The answers of all steps. What is not answered is as it was proposed.
#[derive(Debug, Default)]
pub struct Answers {
    /// Numbers being typed, by the name of their fact.
    pub numbers: BTreeMap<String, String>,
    /// Numbers that were stored.
    pub stored: Vec<(String, String)>,
    /// By the key of the cause.
    pub causes: BTreeMap<String, Said>,
    /// By the number of the task.
    pub tasks: BTreeMap<i64, Fate>,
    focus: Option<Vec<i64>>,
}

/// An open task on the node that a cause is about.
pub fn task_on<'b>(cause: &Cause, board: &'b CheckInBoard) -> Option<&'b Task> {
    let Place::Node { node, .. } = cause.place else { return None };
    board.on_nodes.iter().find(|task| task.node_id == Some(node))
}

/// The type that a task about a cause is of: that of its plan, else that of the tab it is looked at on.
fn op_type(cause: &Cause, board: &CheckInBoard) -> OpType {
    match cause.place {
        Place::Node { plan, .. } => {
            let of_plan = board.today.primaries.iter().find(|primary| primary.plan == plan);
            of_plan.map_or(OpType::Product, |primary| primary.op_type)
        }
        Place::Metric("new_users" | "spend") | Place::Source(_) => OpType::Channel,
        Place::Metric(_) => OpType::User,
    }
}

impl Answers {
    pub fn is_empty(&self) -> bool {
        let typed = self.numbers.values().any(|text| !text.is_empty());
        let answered = !self.causes.is_empty() || !self.tasks.is_empty() || self.focus.is_some();
        !typed && !answered && self.stored.is_empty()
    }

    /// The answer to a cause in words.
    pub fn cause_word(&self, cause: &Cause, board: &CheckInBoard) -> String {
        match self.causes.get(&cause.place.key()) {
            Some(Said::PutOff) => "put off 7d".to_owned(),
            Some(Said::Task(text)) => format!("task {text}"),
            Some(Said::Note(text)) => format!("note {text}"),
            None if task_on(cause, board).is_some() => "known, task exists".to_owned(),
            Some(Said::Known) | None => "known".to_owned(),
        }
    }

    /// What becomes of a task, in words.
    pub fn task_word(&self, id: i64, today: Day) -> String {
        match self.tasks.get(&id) {
            Some(Fate::Done) => "done".to_owned(),
            Some(Fate::Due(day)) => format!("due {}", dates::weekday(*day, today)),
            Some(Fate::Dropped) => "dropped".to_owned(),
            None => "stays".to_owned(),
        }
    }

    /// Tasks that are still for today.
    pub fn left<'b>(&self, board: &'b CheckInBoard) -> Vec<&'b TaskRow> {
        board.today.work.tasks.iter().filter(|row| !self.tasks.contains_key(&row.task.id)).collect()
    }

    /// The tasks chosen for the day: those of an earlier check-in of it, else the most urgent.
    pub fn focus(&self, board: &CheckInBoard) -> Vec<i64> {
        let left = self.left(board);
        let is_left = |id: &i64| left.iter().any(|row| row.task.id == *id);
        let before: Vec<i64> = board.today.work.focus.iter().map(|row| row.task.id).filter(is_left).collect();
        match &self.focus {
            Some(chosen) => chosen.iter().copied().filter(is_left).collect(),
            None if before.is_empty() => left.iter().take(FOCUS).map(|row| row.task.id).collect(),
            None => before,
        }
    }

    /// Chooses a task, or lets it go.
    ///
    /// # Errors
    /// When as many are chosen as a day may have.
    pub fn toggle(&mut self, id: i64, board: &CheckInBoard) -> Result<(), String> {
        let mut chosen = self.focus(board);
        match chosen.iter().position(|one| *one == id) {
            Some(at) => drop(chosen.remove(at)),
            None if chosen.len() >= FOCUS => {
                return Err(format!("{FOCUS} tasks are chosen, which is all that a day has; Space lets one go"));
            }
            None => chosen.push(id),
        }
        self.focus = Some(chosen);
        Ok(())
    }

    /// The answer of Today as it will be once all this is stored.
    pub fn applied(&self, board: &CheckInBoard) -> Today {
        let mut today = board.today.clone();
        today.causes.retain(|cause| self.causes.get(&cause.place.key()) != Some(&Said::PutOff));
        let is_done = |row: &&TaskRow| self.tasks.get(&row.task.id) == Some(&Fate::Done);
        today.work.done.extend(board.today.work.tasks.iter().filter(is_done).map(|row| row.task.title.clone()));
        today.work.done.sort();
        today.work.tasks.retain(|row| !self.tasks.contains_key(&row.task.id));
        let row = |id: &i64| today.work.tasks.iter().find(|row| row.task.id == *id).cloned();
        today.work.focus = self.focus(board).iter().filter_map(row).collect();
        today
    }

    /// The whole check-in.
    ///
    /// # Errors
    /// When a task that was written cannot be read.
    pub fn finished(&self, board: &CheckInBoard, begun: Instant, brief: Vec<String>) -> Result<CheckedIn, String> {
        Ok(CheckedIn {
            begun,
            changes: self.changes(board)?,
            focus: self.focus(board),
            brief,
            facts: self.facts(board),
        })
    }

    fn changes(&self, board: &CheckInBoard) -> Result<Edit, String> {
        let (today, mut edit) = (board.today.today, Edit::default());
        for (at, cause) in (1..).zip(&board.today.causes) {
            let (plan_id, node_id) = match cause.place {
                Place::Node { plan, node } => (Some(plan), Some(node)),
                _ => (None, None),
            };
            match self.causes.get(&cause.place.key()) {
                Some(Said::Task(text)) => {
                    let op_type = op_type(cause, board);
                    let task = task_acts::new_task(written::task(text)?, plan_id, node_id, op_type, today);
                    edit.add(Task { id: -at, ..task });
                }
                Some(Said::PutOff) => put_off(&mut edit, cause, &board.today),
                Some(Said::Note(text)) => edit.add(Journal {
                    id: -at,
                    at: board.asked.to_string(),
                    day: today,
                    kind: JournalKind::Note,
                    op_type: None,
                    plan_id,
                    node_id,
                    body: text.clone(),
                    exclude_from_baseline: false,
                }),
                Some(Said::Known) | None => {}
            }
        }
        for row in &board.today.work.tasks {
            let plan = board.today.work.plans.iter().find(|plan| Some(plan.id) == row.task.plan_id);
            let after = match self.tasks.get(&row.task.id) {
                Some(Fate::Done) => task_acts::ended(&row.task, TaskState::Done, today),
                Some(Fate::Dropped) => task_acts::ended(&row.task, TaskState::Dropped, today),
                Some(Fate::Due(day)) => task_acts::moved(&row.task, plan, *day),
                None => continue,
            };
            edit.set(row.task.clone(), after);
        }
        Ok(edit)
    }

    fn facts(&self, board: &CheckInBoard) -> Vec<Answered> {
        let fact = |about: String, answer: String| Answered { about, answer };
        let stale = board.today.sources.iter().filter_map(|source| Some((source, source.stale_days?)));
        let mut all: Vec<Answered> = stale
            .map(|(source, days)| fact(format!("source {}", source.name), format!("stale {}", dates::age(days))))
            .collect();
        all.extend(self.stored.iter().map(|(name, text)| fact(format!("number {name}"), text.clone())));
        let open = board.missing.facts.iter();
        all.extend(open.map(|one| fact(format!("number {}", one.metric), "left open".to_owned())));
        let causes = board.today.causes.iter();
        all.extend(causes.map(|cause| fact(cause.place.key(), self.cause_word(cause, board))));
        let tasks = board.today.work.tasks.iter().map(|row| row.task.id);
        all.extend(tasks.map(|id| fact(format!("task {id}"), self.task_word(id, board.today.today))));
        all
    }

    /// As texts that a later run reads: what and which, and what was said to it.
    pub fn kept(&self) -> Texts {
        let mut all = Texts::new();
        let mut keep = |[what, which, word, text]: [&str; 4]| {
            all.push((format!("{what} {which}"), format!("{word}\t{text}")));
        };
        for (name, text) in self.numbers.iter().filter(|(_, text)| !text.is_empty()) {
            keep(["number", name, text, ""]);
        }
        for (name, text) in &self.stored {
            keep(["stored", name, text, ""]);
        }
        for (key, said) in &self.causes {
            let (word, text) = match said {
                Said::Known => ("known", ""),
                Said::PutOff => ("off", ""),
                Said::Task(text) => ("task", text.as_str()),
                Said::Note(text) => ("note", text.as_str()),
            };
            keep(["cause", key, word, text]);
        }
        for (id, fate) in &self.tasks {
            let (word, day) = match fate {
                Fate::Done => ("done", String::new()),
                Fate::Dropped => ("dropped", String::new()),
                Fate::Due(day) => ("due", day.to_string()),
            };
            keep(["task", &id.to_string(), word, &day]);
        }
        for id in self.focus.iter().flatten() {
            keep(["focus", &id.to_string(), "", ""]);
        }
        all
    }

    /// Reads what was kept; what cannot be read is left out.
    pub fn recalled(kept: &Texts) -> Self {
        let mut all = Self::default();
        for (about, said) in kept {
            let (Some((what, name)), Some((word, text))) = (about.split_once(' '), said.split_once('\t')) else {
                continue;
            };
            let number = name.parse::<i64>();
            match (what, word, number) {
                ("number", text, _) => drop(all.numbers.insert(name.to_owned(), text.to_owned())),
                ("stored", text, _) => all.stored.push((name.to_owned(), text.to_owned())),
                ("focus", _, Ok(id)) => all.focus.get_or_insert_default().push(id),
                ("task", "done", Ok(id)) => drop(all.tasks.insert(id, Fate::Done)),
                ("task", "dropped", Ok(id)) => drop(all.tasks.insert(id, Fate::Dropped)),
                ("task", "due", Ok(id)) => drop(Day::parse(text).map(|day| all.tasks.insert(id, Fate::Due(day)))),
                ("cause", "known", _) => drop(all.causes.insert(name.to_owned(), Said::Known)),
                ("cause", "off", _) => drop(all.causes.insert(name.to_owned(), Said::PutOff)),
                ("cause", "task", _) => drop(all.causes.insert(name.to_owned(), Said::Task(text.to_owned()))),
                ("cause", "note", _) => drop(all.causes.insert(name.to_owned(), Said::Note(text.to_owned()))),
                _ => {}
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        let mut all = Answers::default();
        assert!(all.is_empty());
        all.numbers.insert("leaflets".to_owned(), "42".to_owned());
        all.stored.push(("visits".to_owned(), "7".to_owned()));
        all.causes.insert("node 3".to_owned(), Said::Task("Ask Sol due:fri".to_owned()));
        all.causes.insert("metric d7".to_owned(), Said::PutOff);
        all.causes.insert("source feed-b".to_owned(), Said::Known);
        all.causes.insert("node 4".to_owned(), Said::Note("a holiday".to_owned()));
        all.tasks.insert(1, Fate::Done);
        all.tasks.insert(2, Fate::Due(Day::parse("2026-06-12").unwrap()));
        all.tasks.insert(3, Fate::Dropped);
        all.focus = Some(vec![5, 4]);
        let again = Answers::recalled(&all.kept());
        assert_eq!(again.kept(), all.kept());
        assert_eq!((&again.causes, &again.tasks, &again.focus), (&all.causes, &all.tasks, &all.focus));
        assert!(
            Answers::recalled(&vec![("task x".to_owned(), "done\t".to_owned()), ("cause".to_owned(), String::new())])
                .is_empty()
        );
    }
}
