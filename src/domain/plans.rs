//! Plans and what belongs to them: strategies, phases, target trees, revisions, resources, costs, tasks, the journal,
//! feedback, reviews and lessons (planning.md §3.1). A record has the fields of its row in the workspace file.

mod anchor;
mod book;
mod edit;
mod methods;
mod records;
mod repeat;
mod words;

pub use book::Book;
pub use edit::{Change, Conflict, Edit, Row, Table};
pub use methods::{METHODS, Method, method};
pub use records::{
    Answered, Aside, Batch, Checkin, Competitor, CompetitorNote, Cost, Feedback, Filter, Journal, Lesson, LessonUse,
    Need, Node, Phase, Plan, Record, Resource, Review, Revision, Setting, Snooze, Strategy, Task,
};
pub use words::{
    Anchor, Curve, FeedbackSource, FeedbackState, Focus, JournalKind, Kiss, NodeOp, NodeRole, NoteKind, NoteVerdict,
    OpType, PhaseKind, PlanStatus, Repeat, ResourceKind, ResourceScope, ResourceState, RevenueLink, StrategyStatus,
    TaskKind, TaskState, UseState, Verdict,
};
