//! All records of planning at once. They are typed by hand, so they are few.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::calendar::Day;

use super::edit::Row;
use super::{
    Aside, Checkin, Competitor, CompetitorNote, Cost, Edit, Feedback, Journal, Lesson, LessonUse, Need, Node, Phase,
    Plan, Record, Resource, Review, Revision, Snooze, Strategy, Task,
};

/// Everything that is planned.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "each list holds the records of its name, by their key")]
pub struct Book {
    pub strategies: Vec<Strategy>,
    pub plans: Vec<Plan>,
    pub phases: Vec<Phase>,
    pub nodes: Vec<Node>,
    pub revisions: Vec<Revision>,
    pub resources: Vec<Resource>,
    pub costs: Vec<Cost>,
    pub tasks: Vec<Task>,
    pub needs: Vec<Need>,
    pub journal: Vec<Journal>,
    pub feedback: Vec<Feedback>,
    pub competitors: Vec<Competitor>,
    pub competitor_notes: Vec<CompetitorNote>,
    pub reviews: Vec<Review>,
    pub lessons: Vec<Lesson>,
    pub lesson_uses: Vec<LessonUse>,
    pub snoozes: Vec<Snooze>,
    pub asides: Vec<Aside>,
    pub checkins: Vec<Checkin>,
}

impl Book {
    /// Adds a record to its list.
    pub fn push(&mut self, record: Record) {
        match record {
            Record::Strategy(one) => self.strategies.push(one),
            Record::Plan(one) => self.plans.push(one),
            Record::Phase(one) => self.phases.push(one),
            Record::Node(one) => self.nodes.push(one),
            Record::Revision(one) => self.revisions.push(one),
            Record::Resource(one) => self.resources.push(one),
            Record::Cost(one) => self.costs.push(one),
            Record::Task(one) => self.tasks.push(one),
            Record::Need(one) => self.needs.push(one),
            Record::Journal(one) => self.journal.push(one),
            Record::Feedback(one) => self.feedback.push(one),
            Record::Competitor(one) => self.competitors.push(one),
            Record::CompetitorNote(one) => self.competitor_notes.push(one),
            Record::Review(one) => self.reviews.push(one),
            Record::Lesson(one) => self.lessons.push(one),
            Record::LessonUse(one) => self.lesson_uses.push(one),
            Record::Snooze(one) => self.snoozes.push(one),
            Record::Aside(one) => self.asides.push(one),
            Record::Checkin(one) => self.checkins.push(one),
            // They are of the workspace, and the book holds what is planned.
            Record::Setting(_) | Record::NameRole(_) | Record::ChannelRule(_) | Record::Batch(_) => {}
        }
    }

    /// The place after the last node of the same parent in a plan.
    pub fn next_seq(&self, plan: i64, parent: Option<i64>) -> i64 {
        let mates = self.nodes.iter().filter(|node| node.plan_id == plan && node.parent_id == parent);
        mates.map(|node| node.seq + 1).max().unwrap_or(0)
    }

    /// All records, those first that others point to.
    pub fn records(&self) -> Vec<Record> {
        fn of<T: Clone + Into<Record>>(list: &[T]) -> impl Iterator<Item = Record> {
            list.iter().cloned().map(Into::into)
        }
        let mut all: Vec<Record> = of(&self.strategies).chain(of(&self.plans)).chain(of(&self.phases)).collect();
        all.extend(of(&self.nodes).chain(of(&self.revisions)).chain(of(&self.resources)).chain(of(&self.costs)));
        all.extend(of(&self.tasks).chain(of(&self.needs)).chain(of(&self.journal)).chain(of(&self.feedback)));
        all.extend(of(&self.competitors).chain(of(&self.competitor_notes)).chain(of(&self.reviews)));
        all.extend(of(&self.lessons).chain(of(&self.lesson_uses)).chain(of(&self.snoozes)).chain(of(&self.asides)));
        all.extend(of(&self.checkins));
        all
    }

    /// The book as it would be after an edit, its new records under the ids of the edit.
    #[must_use]
    pub fn after(&self, edit: &Edit) -> Self {
        let key = |record: &Record| Row::of(record).ok().map(|row| (row.table, row.key()));
        let mut gone: Vec<_> = edit.changes.iter().filter_map(|change| change.before.as_ref().and_then(key)).collect();
        gone.dedup();
        let mut book = Self::default();
        let kept = self.records().into_iter().filter(|record| key(record).is_none_or(|key| !gone.contains(&key)));
        let new = edit.changes.iter().filter_map(|change| change.after.clone());
        kept.chain(new).for_each(|record| book.push(record));
        book
    }

    /// Days that are left out of what is usual, each once.
    pub fn left_out(&self) -> BTreeSet<Day> {
        self.journal.iter().filter(|line| line.is_left_out()).map(|line| line.day).collect()
    }

    /// The plan of a number.
    pub fn plan(&self, id: i64) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// The node of a number.
    pub fn node(&self, id: i64) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The nodes above one, the nearest first; a top has none.
    pub fn above(&self, node: &Node) -> Vec<&Node> {
        let parent = |node: &&Node| node.parent_id.and_then(|id| self.node(id));
        let first = node.parent_id.and_then(|id| self.node(id));
        // A ring of parents is refused elsewhere; here it must only end.
        std::iter::successors(first, parent).take(self.nodes.len()).collect()
    }

    /// The task of a number.
    pub fn task(&self, id: i64) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The review of a plan.
    pub fn review_of(&self, plan: i64) -> Option<&Review> {
        self.reviews.iter().find(|review| review.plan_id == plan)
    }

    /// Nodes of a plan, a parent before its parts, the parts in their order.
    pub fn tree(&self, plan: i64) -> Vec<&Node> {
        let mut parts: BTreeMap<Option<i64>, Vec<&Node>> = BTreeMap::new();
        for node in self.nodes.iter().filter(|node| node.plan_id == plan) {
            parts.entry(node.parent_id).or_default().push(node);
        }
        for list in parts.values_mut() {
            list.sort_by_key(|node| (node.role, node.seq));
        }
        let mut all = Vec::new();
        let mut open: Vec<&Node> = parts.remove(&None).unwrap_or_default();
        open.reverse();
        while let Some(node) = open.pop() {
            all.push(node);
            open.extend(parts.remove(&Some(node.id)).unwrap_or_default().into_iter().rev());
        }
        all
    }

    /// The node that a plan is judged by.
    pub fn primary(&self, plan: i64) -> Option<&Node> {
        let mine = |node: &&Node| node.plan_id == plan && node.parent_id.is_none();
        self.nodes.iter().filter(mine).find(|node| node.role == super::NodeRole::Primary)
    }
}
