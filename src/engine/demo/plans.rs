//! Plans of the sample workspace: a strategy and a plan of every operation type, in different states. The revenue plan
//! is behind with one clear cause, last month's fair is closed with lessons, the search push waits for its review.

mod notes;

use crate::domain::calendar::{Day, Instant};
use crate::domain::plans::{
    Anchor, Book, Cost, Edit, Filter, Focus, Journal, JournalKind, Kiss, Lesson, NodeRole, OpType, PhaseKind, Plan,
    PlanStatus, Resource, ResourceKind, ResourceScope, ResourceState, Strategy, StrategyStatus, Task, TaskState,
    Verdict,
};
use crate::query::{Break, NewPlan, PlanOrder, PlanQuery, Planned, ProposeQuery};

use super::super::{Clock, Engine, EngineError};
use super::Story;
use super::story::SECOND_FAIR;

/// Who made the plans.
pub const TEAM: &str = "lantern";
/// Micros of the sample's currency.
const CNY: f64 = 1e6;

/// How a target breaks down.
#[derive(Clone, Copy)]
enum Way {
    Formula(&'static str),
    Stream,
    Channel,
}

impl Way {
    fn order(self) -> Break {
        match self {
            Self::Formula(id) => Break::Formula(id.to_owned()),
            Self::Stream => Break::Stream,
            Self::Channel => Break::Channel,
        }
    }
}

/// What is planned, one row a plan.
struct Row {
    op: OpType,
    title: &'static str,
    owner: &'static str,
    method: &'static str,
    metric: &'static str,
    /// First and last day, from the last day of data.
    days: (i32, i32),
    /// The target as a factor of the baseline.
    factor: f64,
    by: Option<Way>,
    status: PlanStatus,
    /// Money asked and granted, and spent so far, in CNY.
    money: (i64, i64, i64),
    /// What is to be done: title, days from the start, done.
    tasks: &'static [(&'static str, i64, bool)],
}

/// Every plan; the first is the one that is behind.
const ROWS: [Row; 8] = [
    Row {
        op: OpType::Commercial,
        title: "Month revenue",
        owner: "Ben",
        method: "ecommerce",
        metric: "net",
        days: (-9, 20),
        factor: 1.18,
        by: Some(Way::Stream),
        status: PlanStatus::Running,
        money: (60_000, 50_000, 21_000),
        tasks: &[
            ("Ask for developer days", 1, true),
            ("Roll back step 3 of the checkout", 4, true),
            ("Check the order form", 9, false),
            ("Send the late invoice to Harbor", 7, false),
            ("Test a bundle on the cart page", 14, false),
        ],
    },
    Row {
        op: OpType::User,
        title: "Week-one care",
        owner: "Mia",
        method: "reminder",
        metric: "d7",
        days: (-9, 20),
        factor: 1.15,
        by: None,
        status: PlanStatus::Running,
        money: (10_000, 9_000, 2_000),
        tasks: &[("Write the day 3 message", 1, true), ("Call ten who left", 8, false)],
    },
    Row {
        op: OpType::Product,
        title: "Checkout form rework",
        owner: "Lin",
        method: "segment",
        metric: "paid_rate",
        days: (-9, 20),
        factor: 1.2,
        by: None,
        status: PlanStatus::Running,
        money: (0, 0, 0),
        tasks: &[("Shorten the form", 3, true), ("Read the funnel before and after", 12, false)],
    },
    Row {
        op: OpType::Activity,
        title: "Mid-month fair",
        owner: "Omar",
        method: "activity_mkt",
        metric: "orders",
        days: SECOND_FAIR,
        factor: 1.35,
        by: None,
        status: PlanStatus::Running,
        money: (20_000, 20_000, 3_000),
        tasks: &[
            ("Approve the coupon copy", 3, false),
            ("Brief the designer on the banner", 3, false),
            ("Write the risk plan", 4, false),
        ],
    },
    Row {
        op: OpType::Channel,
        title: "Paid mix",
        owner: "Sol",
        method: "paid_ads",
        metric: "new_users",
        days: (-9, 20),
        factor: 1.05,
        by: Some(Way::Channel),
        status: PlanStatus::Running,
        money: (60_000, 50_000, 0),
        tasks: &[("Ask feed-b why it is paused", 8, false), ("Move feed-b money to search", 12, false)],
    },
    Row {
        op: OpType::Content,
        title: "Restoring lamps, a series",
        owner: "Kai",
        method: "seeding_post",
        metric: "events",
        days: (-9, 20),
        factor: 1.02,
        by: Some(Way::Formula("stickiness")),
        status: PlanStatus::Running,
        money: (5_000, 5_000, 1_000),
        tasks: &[("Publish part 2", 2, true), ("Publish part 3", 9, false)],
    },
    Row {
        op: OpType::Market,
        title: "Search push",
        owner: "Ana",
        method: "brand",
        metric: "new_users",
        days: (-44, -17),
        factor: 1.04,
        by: None,
        status: PlanStatus::Running,
        money: (5_000, 5_000, 4_900),
        tasks: &[("Press note", 8, true), ("Short video", 3, true)],
    },
    Row {
        op: OpType::Activity,
        title: "Spring fair",
        owner: "Omar",
        method: "activity_mkt",
        metric: "orders",
        days: (0, 0),
        factor: 1.3,
        by: Some(Way::Formula("frequency")),
        status: PlanStatus::Closed,
        money: (18_000, 18_000, 17_100),
        tasks: &[("Rules page", 0, true), ("Prizes ordered", 1, true)],
    },
];

impl Engine {
    /// Writes the plans of the sample, as its people would have.
    pub(in crate::engine) fn plan_demo(&mut self, last: Day, now: Instant) -> Result<(), EngineError> {
        self.act_as(TEAM.to_owned());
        let story = Story::ending(last);
        let clock = Clock { now, today: Some(last.plus(1)) };
        self.order(clock, &PlanOrder::Edit(strategy(last)))?;
        for row in &ROWS {
            let fair = row.status == PlanStatus::Closed;
            let (start, finish) = if fair {
                (story.preheat().first, story.fair.last.plus(2))
            } else {
                (last.plus(row.days.0), last.plus(row.days.1))
            };
            self.plan_row(row, (start, finish), clock)?;
        }
        self.order(clock, &PlanOrder::Edit(second_round(&self.store.book()?)))?;
        self.order(clock, &PlanOrder::Edit(journal(last, story.fair.first, now)))?;
        self.order(clock, &PlanOrder::Edit(notes::notes(last)))?;
        self.act_as(String::new());
        Ok(())
    }

    fn plan_row(&mut self, row: &Row, (start, finish): (Day, Day), clock: Clock) -> Result<(), EngineError> {
        let new = NewPlan {
            op_type: row.op,
            title: row.title.to_owned(),
            method: row.method.to_owned(),
            focus: None,
            owner: row.owner.to_owned(),
            start,
            finish,
            phases: phases(row, start, finish),
            observe_days: 7,
            revenue_link: None,
            strategy: None,
            metric: Some(row.metric.to_owned()),
            target: None,
            audience: String::new(),
            place: String::new(),
            mechanic: String::new(),
        };
        let Some(plan) = self.order(clock, &PlanOrder::New(Box::new(new)))? else { return Ok(()) };
        let book = self.store.book()?;
        let Some(primary) = book.primary(plan).cloned() else { return Ok(()) };
        let target = primary.baseline.map(|base| round(base * row.factor, primary.metric.as_deref()));
        self.order(clock, &PlanOrder::Target { node: primary.id, seen: None, value: target, reason: String::new() })?;
        if let Some(how) = row.by {
            self.order(clock, &PlanOrder::Break { node: primary.id, how: how.order(), reason: String::new() })?;
            self.deeper(plan, row, clock)?;
            let query = ProposeQuery { plan, node: primary.id, ..ProposeQuery::default() };
            self.order(clock, &PlanOrder::Accept { query, reason: String::new() })?;
        }
        self.order(clock, &PlanOrder::Edit(work(&book, plan, row)))?;
        self.order(clock, &PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() })?;
        if row.status == PlanStatus::Closed {
            self.learn(plan, clock)?;
        }
        Ok(())
    }

    /// The shop's part of the revenue breaks down once more.
    fn deeper(&mut self, plan: i64, row: &Row, clock: Clock) -> Result<(), EngineError> {
        let book = self.store.book()?;
        let shop = book.nodes.iter().find(|node| node.plan_id == plan && node.label == "ecommerce");
        let Some(shop) = shop.filter(|_| row.op == OpType::Commercial) else { return Ok(()) };
        let how = Break::Formula("order_value".to_owned());
        self.order(clock, &PlanOrder::Break { node: shop.id, how, reason: String::new() })?;
        Ok(())
    }

    /// Closes a plan with what was learned from it.
    fn learn(&mut self, plan: i64, clock: Clock) -> Result<(), EngineError> {
        let view = self.plan_view(PlanQuery { plan, against: crate::query::Against::Target }, clock)?;
        let node = view.tree.first().map(|row| row.node.id);
        let mut edit = Edit::new("review of the spring fair");
        let review = crate::domain::plans::Review {
            insight: "the preheat brought the visits, the coupon the orders".to_owned(),
            verdict: Some(Verdict::Met),
            luck: "a rival was closed for two of the days".to_owned(),
            ..view.review
        };
        edit.add(review);
        for (id, kiss, body) in [
            (-1, Kiss::Keep, "preheat for four days before the fair"),
            (-2, Kiss::Stop, "coupon and push on the same day"),
        ] {
            edit.add(Lesson {
                id,
                review_id: -1,
                kiss,
                body: body.to_owned(),
                op_type: OpType::Activity,
                method: "activity_mkt".to_owned(),
                evidence: "orders by day of the fair".to_owned(),
                node_id: node,
                confidence: 2,
            });
        }
        self.order(clock, &PlanOrder::Edit(edit))?;
        self.order(clock, &PlanOrder::Close(plan))?;
        Ok(())
    }

    /// Runs an order that must go through, and gives its plan.
    fn order(&mut self, clock: Clock, order: &PlanOrder) -> Result<Option<i64>, EngineError> {
        match self.plan(order, clock)? {
            Planned::Done { plan, .. } => Ok(plan),
            other => Err(EngineError::Failed(format!("the plans of the sample: {other:?}"))),
        }
    }
}

/// The fair of this month is the next round of the one before.
fn second_round(book: &Book) -> Edit {
    let mut edit = Edit::new("the fair of this month is round 2");
    let fair = |status| book.plans.iter().find(|plan| plan.op_type == OpType::Activity && plan.status == status);
    if let Some((first, second)) = fair(PlanStatus::Closed).zip(fair(PlanStatus::Running)) {
        let round = Plan { series_id: first.series_id, round: 2, prev_plan_id: Some(first.id), ..second.clone() };
        edit.set(second.clone(), round);
    }
    edit
}

/// Three digits are enough for a target that somebody thought of.
fn round(value: f64, metric: Option<&str>) -> f64 {
    let step = match metric {
        Some("net") => 5_000.0 * CNY,
        Some("d7" | "paid_rate") => 0.005,
        _ => 10.0,
    };
    (value / step).round() * step
}

fn phases(row: &Row, start: Day, finish: Day) -> Vec<(PhaseKind, Day, Day, f64)> {
    if row.op != OpType::Activity {
        return Vec::new();
    }
    vec![
        (PhaseKind::Preheat, start, start.plus(3), 0.25),
        (PhaseKind::Burst, start.plus(4), finish.plus(-2), 0.6),
        (PhaseKind::Tail, finish.plus(-1), finish, 0.15),
    ]
}

fn strategy(last: Day) -> Edit {
    let mut edit = Edit::new("strategy Keep who we win");
    edit.add(Strategy {
        id: -1,
        title: "Keep who we win".to_owned(),
        situation: "new users rise, and fewer of them stay".to_owned(),
        complication: "feed-a brings users who leave within a week".to_owned(),
        hypothesis: "first-week care and a working checkout repay more than more spend".to_owned(),
        focus: Focus::Retain,
        start: last.plus(-60),
        finish: last.plus(30),
        status: StrategyStatus::Active,
    });
    edit
}

/// Resources, costs and tasks of a plan, and a guardrail beside revenue and new users.
fn work(book: &Book, id: i64, row: &Row) -> Edit {
    let mut edit = Edit::new(format!("work of {}", row.title));
    let Some(plan) = book.plan(id) else { return edit };
    let (asked, granted, spent) = row.money;
    if asked > 0 {
        edit.add(Resource {
            id: -1,
            plan_id: id,
            scope: ResourceScope::External,
            kind: ResourceKind::Cash,
            name: "cash".to_owned(),
            provider: "marketing budget".to_owned(),
            state: ResourceState::Granted,
            planned_micros: asked * 1_000_000,
            granted_micros: granted * 1_000_000,
            needed_by: Some(plan.start),
        });
    }
    if spent > 0 {
        let (amount_micros, note) = (spent * 1_000_000, "invoices so far".to_owned());
        edit.add(Cost { id: -1, plan_id: id, resource_id: Some(-1), day: plan.start, amount_micros, note });
    }
    for (at, (title, offset, done)) in (1..).zip(row.tasks) {
        edit.add(task(-at, plan, (title, *offset, *done)));
    }
    match row.op {
        OpType::Commercial => guard(&mut edit, book, plan),
        OpType::Channel => {
            guard(&mut edit, book, plan);
            // What the channels cost is measured; nobody types it.
            let channels = ["feed-a", "feed-b", "search", "referral"].map(str::to_owned).to_vec();
            let spend_filter = Filter { channels, ..Filter::default() };
            edit.set(plan.clone(), Plan { spend_filter, ..plan.clone() });
        }
        _ => {}
    }
    edit
}

/// New users must not stay less than this, whatever else is gained.
fn guard(edit: &mut Edit, book: &Book, plan: &Plan) {
    let Some(primary) = book.primary(plan.id) else { return };
    edit.add(crate::domain::plans::Node {
        id: -1,
        role: NodeRole::Guardrail,
        metric: Some("d7".to_owned()),
        label: "D7 of new users".to_owned(),
        curve: crate::domain::plans::Curve::Linear,
        target: Some(0.2),
        baseline: None,
        baseline_from: None,
        baseline_to: None,
        seq: 1,
        ..primary.clone()
    });
}

fn task(id: i64, plan: &Plan, (title, offset, done): (&str, i64, bool)) -> Task {
    let due = plan.start.plus(offset as i32);
    Task {
        id,
        anchor: Some(Anchor::Start),
        offset_days: Some(offset),
        state: if done { TaskState::Done } else { TaskState::Todo },
        done_at: done.then_some(due),
        priority: i64::from(!done),
        ..Task::of(plan, title, plan.start.plus(-3))
    }
}

fn journal(last: Day, fair: Day, now: Instant) -> Edit {
    let mut edit = Edit::new("journal");
    let lines = [
        (last.plus(-20), JournalKind::Event, "feed-a begins a look-alike campaign"),
        (last.plus(-6), JournalKind::Release, "release 2.3: a new checkout form"),
        (last.plus(-4), JournalKind::Incident, "feed-b is paused"),
        (fair, JournalKind::Event, "the spring fair begins"),
    ];
    for (id, (day, kind, body)) in (1..).zip(lines) {
        edit.add(Journal {
            id: -id,
            at: now.to_string(),
            day,
            kind,
            op_type: None,
            plan_id: None,
            node_id: None,
            body: body.to_owned(),
            exclude_from_baseline: false,
        });
    }
    edit
}
