//! What can be chosen in fields.

use crate::domain::calendar::WeekStart;
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{
    Curve, FeedbackSource, FeedbackState, Focus, Kiss, METHODS, NodeOp, NodeRole, NoteKind, NoteVerdict, OpType,
    Repeat, ResourceKind, ResourceScope, ResourceState, RevenueLink, StrategyStatus, TaskKind, TaskState, Verdict,
};
use crate::domain::profile::STAGES;
use crate::domain::roles::EventRole;
use crate::query::{Binding, METRICS, Unit};

use super::super::super::super::layers::form::{Opt, Pool};

/// The role that the name of an event says.
pub const GUESS: &str = "guess";
/// No role.
pub const NONE: &str = "none";
/// Events are activity.
pub const ACTIVE: &str = "activity";
/// Events are none.
pub const PASSIVE: &str = "no activity";

macro_rules! words {
    ($($name:ident: $kind:ident { $($variant:ident = $about:literal,)+ })+) => {
        $(pub fn $name(_pool: &Pool<'_>) -> Vec<Opt> {
            vec![$(Opt::new($kind::$variant.word(), $about),)+]
        })+
    };
}

words! {
    focuses: Focus {
        Acquire = "new users at falling cost",
        Retain = "activate and retain",
        Revenue = "revenue",
        Balanced = "all three",
    }
    links: RevenueLink {
        Direct = "its primary target is revenue",
        Tree = "a leaf or ancestor is revenue",
        Hypothesis = "believed, and to be tested",
        None = "not at all",
    }
    strategy_states: StrategyStatus {
        Active = "in force",
        Draft = "being written",
        Closed = "over",
    }
    ops: NodeOp {
        Leaf = "measured, without parts",
        Sum = "sum of its parts",
        Product = "product of its parts",
        Ratio = "parts with sign 1 over those with -1",
    }
    roles: NodeRole {
        Driver = "a part of the primary",
        Guardrail = "must not get worse than its target",
        Influence = "believed to matter; not in the arithmetic",
        Primary = "what the plan is judged by",
    }
    curves: Curve {
        Weekday = "by the usual share of each weekday",
        Linear = "the same every day",
        Phase = "by weekday within the share of each phase",
        PrevRound = "as the rounds before went",
        Glide = "from baseline to target",
        End = "all on the last day",
    }
    scopes: ResourceScope {
        Internal = "of the own house",
        External = "from outside",
    }
    resource_states: ResourceState {
        Wanted = "thought of",
        Asked = "asked for",
        Granted = "given",
        Refused = "not given",
        Used = "used up",
        Returned = "given back",
    }
    task_kinds: TaskKind {
        Copy = "writing",
        Activity = "a campaign",
        EventSpread = "spreading it",
        UserCare = "caring for users",
        Data = "numbers",
        Asset = "pictures and the like",
        Negotiate = "dealing with others",
        Release = "a release",
        Review = "a review",
        Other = "anything else",
    }
    task_states: TaskState {
        Todo = "not begun",
        Doing = "being done",
        Done = "done",
        Dropped = "not to be done",
    }
    repeats: Repeat {
        Fixed = "on its own days; missed ones are counted",
        AfterDone = "so many days after it was done",
        SkipMissed = "on its own days; missed ones are forgotten",
    }
    verdicts: Verdict {
        Exceeded = "beyond its target",
        Met = "on its target",
        Missed = "below its target",
        Abandoned = "given up",
    }
    sources: FeedbackSource {
        User = "a user",
        Data = "the numbers",
        Team = "the team",
        Partner = "a partner",
        Channel = "a channel",
        Support = "support",
    }
    feedback_states: FeedbackState {
        New = "nobody has looked at it",
        Triaged = "somebody has",
        Acted = "something was done",
        Wont = "nothing will be done",
        Duplicate = "known already",
    }
    note_kinds: NoteKind {
        Campaign = "a campaign",
        Price = "a price",
        Feature = "a feature",
        Content = "content",
        Channel = "a channel",
        Rank = "a rank",
        Other = "anything else",
    }
    note_verdicts: NoteVerdict {
        Borrow = "do it too",
        Watch = "keep watching",
        Ignore = "nothing to do",
    }
    kisses: Kiss {
        Keep = "do it again",
        Improve = "do it better",
        Start = "begin to do it",
        Stop = "do it no more",
    }
}

/// The seven types by the names of their tabs.
pub fn op_types(_pool: &Pool<'_>) -> Vec<Opt> {
    OpType::ALL.iter().map(|op| Opt::new(op.word(), OPERATIONS[*op as usize].name)).collect()
}

pub fn methods(_pool: &Pool<'_>) -> Vec<Opt> {
    METHODS.iter().map(|method| Opt::new(method.id, format!("{}: {}", method.focus.word(), method.about))).collect()
}

pub fn resource_kinds(_pool: &Pool<'_>) -> Vec<Opt> {
    let money = |kind: ResourceKind| {
        if kind.is_money() { "counted in money" } else { "counted in pieces or days" }
    };
    ResourceKind::ALL.iter().map(|kind| Opt::new(kind.word(), money(*kind))).collect()
}

/// What can be measured: the metrics, and whatever the trees already use.
pub fn metrics(pool: &Pool<'_>) -> Vec<Opt> {
    let mut all: Vec<Opt> = METRICS.iter().map(|metric| Opt::new(metric.id, metric.name)).collect();
    for node in &pool.book.nodes {
        if let Some(metric) = node.metric.as_ref().filter(|metric| !all.iter().any(|opt| opt.value == **metric)) {
            all.push(Opt::new(metric, &node.label));
        }
    }
    all
}

/// Strategies by number.
pub fn strategies(pool: &Pool<'_>) -> Vec<Opt> {
    pool.book.strategies.iter().map(|one| Opt::new(one.id.to_string(), &one.title)).collect()
}

/// Nodes of the plan by number.
pub fn nodes(pool: &Pool<'_>) -> Vec<Opt> {
    let tree = pool.plan.map(|plan| pool.book.tree(plan)).unwrap_or_default();
    tree.into_iter().map(|node| Opt::new(node.id.to_string(), &node.label)).collect()
}

/// Owners that are known.
pub fn owners(pool: &Pool<'_>) -> Vec<Opt> {
    let plans = pool.book.plans.iter().map(|one| &one.owner);
    let all =
        plans.chain(pool.book.nodes.iter().map(|one| &one.owner)).chain(pool.book.tasks.iter().map(|one| &one.owner));
    let mut names: Vec<&String> = all.filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    names.into_iter().map(|name| Opt::new(name, "")).collect()
}

pub fn priorities(_pool: &Pool<'_>) -> Vec<Opt> {
    [("0", "none"), ("1", "! pressing"), ("2", "!! very pressing")].map(|(value, about)| Opt::new(value, about)).into()
}

pub fn confidences(_pool: &Pool<'_>) -> Vec<Opt> {
    [("1", "guessed"), ("2", "likely"), ("3", "sure")].map(|(value, about)| Opt::new(value, about)).into()
}

pub fn signs(_pool: &Pool<'_>) -> Vec<Opt> {
    [("1", "adds, or stands above the line"), ("-1", "is taken away, or stands below the line")]
        .map(|(value, about)| Opt::new(value, about))
        .into()
}

/// The unit of what a metric text measures.
pub fn unit_of(metric: &str) -> Option<Unit> {
    Binding::parse(metric).ok().map(|binding| binding.unit())
}

/// What an event can mean: what its name says, nothing, or a role.
pub fn event_roles(_pool: &Pool<'_>) -> Vec<Opt> {
    let first = [Opt::new(GUESS, "what its name says"), Opt::new(NONE, "nothing in particular")];
    first.into_iter().chain(EventRole::all().map(|role| Opt::new(role.name(), role.about()))).collect()
}

/// Whether events are something that a user did.
pub fn activities(_pool: &Pool<'_>) -> Vec<Opt> {
    [(ACTIVE, "whoever has one was active"), (PASSIVE, "nothing that a user did")]
        .map(|(value, about)| Opt::new(value, about))
        .into()
}

pub fn stages(_pool: &Pool<'_>) -> Vec<Opt> {
    STAGES.map(|stage| Opt::new(stage, "")).into()
}

pub fn week_starts(_pool: &Pool<'_>) -> Vec<Opt> {
    WeekStart::ALL.map(|day| Opt::new(day.name(), "")).into()
}

/// Whatever the form is given for the field.
pub fn given(_pool: &Pool<'_>) -> Vec<Opt> {
    Vec::new()
}

/// Competitors that are known.
pub fn competitors(pool: &Pool<'_>) -> Vec<Opt> {
    pool.book.competitors.iter().map(|one| Opt::new(&one.name, "")).collect()
}

pub fn severities(_pool: &Pool<'_>) -> Vec<Opt> {
    [("1", "small"), ("2", "bad"), ("3", "very bad")].map(|(value, about)| Opt::new(value, about)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_can_be_chosen() {
        let book = crate::domain::plans::Book::default();
        let pool = Pool { book: &book, plan: None, today: crate::domain::calendar::Day(0) };
        let counts = [
            (focuses(&pool).len(), Focus::ALL.len()),
            (links(&pool).len(), RevenueLink::ALL.len()),
            (ops(&pool).len(), NodeOp::ALL.len()),
            (roles(&pool).len(), NodeRole::ALL.len()),
            (curves(&pool).len(), Curve::ALL.len()),
            (resource_states(&pool).len(), ResourceState::ALL.len()),
            (task_kinds(&pool).len(), TaskKind::ALL.len()),
            (task_states(&pool).len(), TaskState::ALL.len()),
            (verdicts(&pool).len(), Verdict::ALL.len()),
            (kisses(&pool).len(), Kiss::ALL.len()),
            (repeats(&pool).len(), Repeat::ALL.len()),
            (scopes(&pool).len(), ResourceScope::ALL.len()),
            (strategy_states(&pool).len(), StrategyStatus::ALL.len()),
        ];
        assert!(counts.iter().all(|(shown, all)| shown == all), "{counts:?}");
    }

    #[test]
    fn a_metric_gives_its_unit() {
        assert_eq!((unit_of("net"), unit_of("net/orders")), (Some(Unit::Money), Some(Unit::MoneyPer)));
        assert_eq!((unit_of("orders/fact:visits"), unit_of("fact:visits")), (Some(Unit::Rate), Some(Unit::Times)));
        assert_eq!((unit_of(""), unit_of("nonsense"), unit_of("net/nonsense")), (None, None, None));
    }
}
