//! Changes of records: what was seen and what it is to become, so that nobody's change is overwritten unseen.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Record;

/// Where records stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the table of the record of its name")]
pub enum Table {
    Strategy,
    Plan,
    Phase,
    Node,
    Revision,
    Resource,
    Cost,
    Task,
    Need,
    Journal,
    Feedback,
    Competitor,
    CompetitorNote,
    Review,
    Lesson,
    LessonUse,
    Snooze,
    Aside,
    Checkin,
    Setting,
    NameRole,
    ChannelRule,
    Batch,
}

/// What is to be known of a table.
struct Facts {
    name: &'static str,
    key: &'static [&'static str],
    /// Columns that hold the number of a row of another table.
    refs: &'static [(&'static str, Table)],
}

const PLAN: (&str, Table) = ("plan_id", Table::Plan);
const NODE: (&str, Table) = ("node_id", Table::Node);

impl Table {
    /// The tables of plans; a table stands after those that it points to.
    pub const PLANNED: [Self; 19] = [
        Self::Strategy,
        Self::Plan,
        Self::Phase,
        Self::Node,
        Self::Revision,
        Self::Resource,
        Self::Cost,
        Self::Task,
        Self::Need,
        Self::Journal,
        Self::Feedback,
        Self::Competitor,
        Self::CompetitorNote,
        Self::Review,
        Self::Lesson,
        Self::LessonUse,
        Self::Snooze,
        Self::Aside,
        Self::Checkin,
    ];

    /// The tables of what is said of the workspace itself.
    const SAID: [Self; 4] = [Self::Setting, Self::NameRole, Self::ChannelRule, Self::Batch];

    fn facts(self) -> Facts {
        let of = |name, key, refs| Facts { name, key, refs };
        match self {
            Self::Strategy => of("strategy", &["id"], &[]),
            Self::Plan => of(
                "plan",
                &["id"],
                &[("strategy_id", Self::Strategy), ("series_id", Self::Plan), ("prev_plan_id", Self::Plan)],
            ),
            Self::Phase => of("plan_phase", &["plan_id", "seq"], &[PLAN]),
            Self::Node => of("node", &["id"], &[PLAN, ("parent_id", Self::Node)]),
            Self::Revision => of("node_revision", &["id"], &[NODE]),
            Self::Resource => of("resource", &["id"], &[PLAN]),
            Self::Cost => of("plan_cost", &["id"], &[PLAN, ("resource_id", Self::Resource)]),
            Self::Task => of("task", &["id"], &[PLAN, NODE, ("spawned_from", Self::Task)]),
            Self::Need => {
                of("task_dep", &["task_id", "needs_id"], &[("task_id", Self::Task), ("needs_id", Self::Task)])
            }
            Self::Journal => of("journal", &["id"], &[PLAN, NODE]),
            Self::Feedback => of(
                "feedback",
                &["id"],
                &[
                    PLAN,
                    NODE,
                    ("duplicate_of", Self::Feedback),
                    ("acted_task_id", Self::Task),
                    ("acted_plan_id", Self::Plan),
                ],
            ),
            Self::Competitor => of("competitor", &["id"], &[]),
            Self::CompetitorNote => of("competitor_note", &["id"], &[PLAN, ("competitor_id", Self::Competitor)]),
            Self::Review => of("review", &["id"], &[PLAN]),
            Self::Lesson => of("lesson", &["id"], &[NODE, ("review_id", Self::Review)]),
            Self::Snooze => of("snooze", &["cause"], &[]),
            Self::Aside => of("aside", &["op_type"], &[]),
            Self::Checkin => of("checkin", &["day", "actor"], &[]),
            Self::Setting => of("setting", &["key"], &[]),
            Self::NameRole => of("role", &["name"], &[]),
            Self::ChannelRule => of("channel_rule", &["source", "medium"], &[]),
            Self::Batch => of("batch", &["id"], &[]),
            Self::LessonUse => of("lesson_use", &["lesson_id", "plan_id"], &[PLAN, ("lesson_id", Self::Lesson)]),
        }
    }

    /// Its name in the workspace file.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The table of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::PLANNED.into_iter().chain(Self::SAID).find(|table| table.name() == name)
    }

    /// Columns that tell its rows apart.
    pub fn key(self) -> &'static [&'static str] {
        self.facts().key
    }

    /// Whether its rows have a number of their own.
    pub fn is_numbered(self) -> bool {
        self.key() == ["id"]
    }

    /// Columns that hold the number of a row of another table.
    pub fn refs(self) -> &'static [(&'static str, Self)] {
        self.facts().refs
    }
}

/// A record as columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it stands.
    pub table: Table,
    /// Its columns: numbers, texts and nulls.
    pub cells: BTreeMap<String, Value>,
}

impl Row {
    /// The columns of a record.
    ///
    /// # Errors
    /// When a field cannot be written as a number or text.
    pub fn of(record: &Record) -> Result<Self, String> {
        let (table, value) = record.parts();
        match value.map_err(|error| error.to_string())? {
            Value::Object(cells) => Ok(Self { table, cells: cells.into_iter().collect() }),
            _ => Err(format!("{} is no record", table.name())),
        }
    }

    /// The record with these columns.
    ///
    /// # Errors
    /// When a column holds what its field cannot hold.
    pub fn record(&self) -> Result<Record, String> {
        let value = Value::Object(self.cells.clone().into_iter().collect());
        Record::read(self.table, value).map_err(|error| format!("{}: {error}", self.table.name()))
    }

    /// The values of the key columns.
    pub fn key(&self) -> Vec<Value> {
        self.table.key().iter().map(|column| self.cells.get(*column).cloned().unwrap_or(Value::Null)).collect()
    }
}

/// One record before and after; without a before it is new, without an after it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// As it was seen by whoever changes it.
    pub before: Option<Record>,
    /// As it is to be.
    pub after: Option<Record>,
}

/// One action: everything that is done and undone together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edit {
    /// What was done, as the undo tells it: `target of CVR 2.50% > 2.30%`.
    pub label: String,
    /// Its changes in order.
    pub changes: Vec<Change>,
}

impl Edit {
    /// An action without changes yet.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), changes: Vec::new() }
    }

    /// Adds a new record.
    pub fn add(&mut self, record: impl Into<Record>) {
        self.changes.push(Change { before: None, after: Some(record.into()) });
    }

    /// Adds a change of a record; none where nothing differs.
    pub fn set(&mut self, before: impl Into<Record>, after: impl Into<Record>) {
        let (before, after) = (before.into(), after.into());
        if before != after {
            self.changes.push(Change { before: Some(before), after: Some(after) });
        }
    }

    /// Takes a record out.
    pub fn remove(&mut self, record: impl Into<Record>) {
        self.changes.push(Change { before: Some(record.into()), after: None });
    }
}

/// A field that somebody else has changed since it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Where it stands.
    pub table: Table,
    /// The values of the key columns.
    pub key: Vec<Value>,
    /// Which field; empty where the whole record is gone or new.
    pub field: String,
    /// As it was seen.
    pub seen: Value,
    /// As it is.
    pub theirs: Value,
    /// As it was to be.
    pub mine: Value,
    /// Who changed it, where that is known.
    pub who: String,
    /// When, in UTC.
    pub when: String,
}
