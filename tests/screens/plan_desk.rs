//! Made-up plans: those of the drawings, names that try to break the screen, none at all.

use std::collections::VecDeque;

use quarterdeck::domain::calendar::{Day, Span};
use quarterdeck::domain::plans::{
    Anchor, Book, Curve, Filter, Focus, Journal, JournalKind, Kiss, Lesson, Node, NodeOp, NodeRole, OpType, Phase,
    PhaseKind, Plan, PlanStatus, Resource, ResourceKind, ResourceScope, ResourceState, RevenueLink, Review, Revision,
    Strategy, StrategyStatus, Task, TaskKind, TaskState, UseState, Verdict,
};
use quarterdeck::query::{
    Accumulation, Against, Answer, Bounds, Break, BreakRow, Calibration, Course, Direction, GaugeReading, Gauges,
    GuardRow, Mark, NodeSeries, OfferRow, Outlook, Past, PlanBoard, PlanOrder, PlanRow, PlanView, Planned, Proposal,
    ProposalRow, Query, RoundRow, StrategyRow, TargetWord, TaskRow, TreeRow, Unit,
};

/// What is answered about plans, and what orders come to.
#[derive(Clone)]
pub struct PlanDesk {
    pub board: PlanBoard,
    pub views: Vec<PlanView>,
    pub proposal: Option<Proposal>,
    pub breaks: Vec<BreakRow>,
    /// What the next orders come to; after these every order is done.
    pub replies: VecDeque<Planned>,
    pub read_only: bool,
}

impl PlanDesk {
    pub fn answer(&self, query: &Query) -> Option<Answer> {
        match query {
            Query::Plans => Some(Answer::Plans(Box::new(self.board.clone()))),
            Query::Plan(asked) => {
                let view = self.views.iter().find(|view| view.head.plan.id == asked.plan)?;
                Some(Answer::Plan(Box::new(PlanView { against: asked.against, ..view.clone() })))
            }
            Query::Propose(asked) => {
                let proposal = self.proposal.clone()?;
                Some(Answer::Propose(Box::new(Proposal { query: (**asked).clone(), ..proposal })))
            }
            Query::Past(_) => {
                let window = Span { first: day("04-27"), last: day("05-26") };
                let bounds = Bounds { best: 4_010.0, unlikely_beyond: 4_500.0, direction: Direction::Up };
                Some(Answer::Past(Past { base: Some((3_560.0, window)), bounds: Some(bounds), windows: 5 }))
            }
            Query::Breaks(..) => Some(Answer::Breaks(self.breaks.clone())),
            _ => None,
        }
    }

    pub fn reply(&mut self, order: &PlanOrder) -> Planned {
        let plan = matches!(order, PlanOrder::New(_) | PlanOrder::NextRound { .. }).then_some(7);
        let label = match order {
            PlanOrder::Edit(edit) => edit.label.clone(),
            PlanOrder::Target { reason, .. } => format!("new target: {reason}"),
            _ => "done".to_owned(),
        };
        self.replies.pop_front().unwrap_or(Planned::Done { label, plan, warnings: Vec::new() })
    }
}

fn day(text: &str) -> Day {
    Day::parse(&format!("2026-{text}")).unwrap()
}

fn span(first: &str, last: &str) -> Span {
    Span::new(day(first), day(last))
}

fn plan(
    id: i64,
    op_type: OpType,
    title: &str,
    round: i64,
    owner: &str,
    days: (&str, &str),
    status: PlanStatus,
) -> Plan {
    Plan {
        id,
        strategy_id: Some(1),
        series_id: id,
        round,
        prev_plan_id: None,
        op_type,
        focus: Focus::Revenue,
        method: "paid_ads".into(),
        title: title.into(),
        owner: owner.into(),
        audience: "all users".into(),
        place: String::new(),
        mechanic: "Move feed-a money to search".into(),
        start: day(days.0),
        finish: day(days.1),
        observe_days: 7,
        status,
        status_reason: String::new(),
        spend_filter: Filter::default(),
        revenue_link: RevenueLink::Tree,
        baseline_frozen_at: None,
        closed_snapshot: None,
    }
}

fn gauges(values: [i32; 4]) -> Gauges {
    let share = |v: i32| Some(f64::from(v) / 100.0);
    Gauges { time: share(values[0]), work: share(values[1]), result: share(values[2]), budget: share(values[3]) }
}

fn row(plan: Plan, values: [i32; 4], hit: Option<f64>, standing: Option<TargetWord>) -> PlanRow {
    let primary = Course {
        node: plan.id * 100,
        label: "Revenue".into(),
        unit: Unit::Money,
        accumulation: Accumulation::Flow,
        direction: Direction::Up,
        through: Some(day("06-10")),
        actual: Some(89_950e6),
        line: Some(98_154e6),
        target: Some(300_000e6),
        pace: Some(0.916),
        lead: Some(-0.85),
        attainment: Some(f64::from(values[2]) / 100.0),
        required: vec![10_476e6; 7],
        uplift: Some(1.1346),
        due_by: (11..18).map(|d| (day(&format!("06-{d}")), (f64::from(d) * 9_000.0 - 80_000.0) * 1e6)).collect(),
        outlook: hit.map(|p_hit| Outlook {
            n: 10,
            value: 275_077e6,
            low: 271_000e6,
            high: 279_000e6,
            p_hit,
            level_shift: true,
        }),
        standing: standing.unwrap_or(TargetWord::Ok),
        missing: None,
    };
    let status = plan.status;
    PlanRow {
        status,
        primary: Some(primary),
        gauges: gauges(values),
        readings: Vec::new(),
        standing,
        overdue: if plan.id == 1 { 2 } else { 0 },
        granted: 50_000_000_000,
        spent: 21_000_000_000,
        plan,
    }
}

fn node(id: i64, parent: Option<i64>, seq: i64, label: &str, op: NodeOp, target: Option<f64>) -> Node {
    Node {
        id,
        plan_id: id / 100,
        parent_id: parent,
        seq,
        op,
        sign: 1,
        role: if parent.is_none() { NodeRole::Primary } else { NodeRole::Driver },
        metric: Some("net".into()),
        draft: false,
        filter: Filter::default(),
        start: None,
        finish: None,
        baseline: None,
        baseline_from: None,
        baseline_to: None,
        floor: target.map(|t| t * 0.92),
        target,
        stretch: target.map(|t| t * 1.04),
        cap: None,
        weight: 1.0,
        locked: false,
        curve: Curve::Weekday,
        owner: if label == "CVR" { "Lin".into() } else { String::new() },
        label: label.into(),
    }
}

/// A row of the tree: base, line, actual, blame, alone, best.
fn tree(node: Node, depth: usize, unit: Unit, values: [f64; 6]) -> TreeRow {
    let [base, line, actual, blame, alone, best] = values;
    TreeRow {
        node,
        depth,
        unit,
        accumulation: Accumulation::Flow,
        direction: Direction::Up,
        base: Some(base),
        line: Some(line),
        actual: Some(actual),
        pace: Some(actual / line),
        blame: Some(blame),
        alone: (alone > 0.0).then_some(alone),
        best: (best > 0.0).then_some(best),
        can: (alone > 0.0).then_some(best >= alone),
        mismatch: None,
        parts_give: None,
        missing: None,
    }
}

fn the_tree() -> Vec<TreeRow> {
    let money = |v: f64| v * 1e6;
    let m = |values: [f64; 6]| values.map(money);
    let part = |id, parent, seq, label: &str, op| node(id, Some(parent), seq, label, op, Some(1.0));
    vec![
        tree(
            node(100, None, 0, "Revenue", NodeOp::Sum, Some(300_000e6)),
            0,
            Unit::Money,
            m([271_500., 98_154., 89_950., -8_204., 0., 0.]),
        ),
        tree(
            part(101, 100, 0, "E-commerce", NodeOp::Product),
            1,
            Unit::Money,
            m([169_312., 58_892., 50_370., -8_522., 0., 0.]),
        ),
        tree(
            part(102, 101, 0, "Visits", NodeOp::Sum),
            2,
            Unit::Users,
            [46_500., 15_705., 17_250., 5_100e6, 20_060., 19_000.],
        ),
        tree(
            part(103, 102, 0, "paid", NodeOp::Leaf),
            3,
            Unit::Users,
            [19_500., 6_544., 5_650., -3_000e6, 8_460., 8_000.],
        ),
        tree(
            part(104, 102, 1, "organic", NodeOp::Leaf),
            3,
            Unit::Users,
            [27_000., 9_161., 11_600., 8_100e6, 14_400., 12_000.],
        ),
        tree(
            node(105, Some(101), 1, "CVR", NodeOp::Leaf, Some(0.025)),
            2,
            Unit::Rate,
            [0.0246, 0.025, 0.02, -12_200e6, 0.0233, 0.0261],
        ),
        tree(
            part(106, 101, 2, "AOV", NodeOp::Leaf),
            2,
            Unit::MoneyPer,
            [148e6, 150e6, 146e6, -1_500e6, 169.78e6, 156.4e6],
        ),
        tree(
            part(107, 100, 1, "Ads", NodeOp::Leaf),
            1,
            Unit::Money,
            m([58_000., 21_550., 22_410., 860., 30_600., 25_000.]),
        ),
        tree(
            part(108, 100, 2, "VAS", NodeOp::Leaf),
            1,
            Unit::Money,
            m([35_200., 12_800., 13_170., 370., 21_400., 15_000.]),
        ),
        TreeRow {
            actual: None,
            pace: None,
            blame: None,
            alone: None,
            can: None,
            missing: Some("no deal has a paid date since 1 Jun".into()),
            ..tree(
                part(109, 100, 3, "Deals", NodeOp::Leaf),
                1,
                Unit::Money,
                m([9_000., 4_900., 4_000., -900., 12_200., 9_500.]),
            )
        },
    ]
}

fn guard() -> GuardRow {
    let guard = Node { role: NodeRole::Guardrail, ..node(110, None, 1, "D7 of new users", NodeOp::Leaf, Some(0.23)) };
    let row = tree(guard, 0, Unit::Rate, [0.24, 0.23, 0.19, 0., 0., 0.]);
    GuardRow { row: TreeRow { blame: None, ..row }, kept: Some(false) }
}

fn task(id: i64, title: &str, owner: &str, due: Option<&str>, op_type: OpType, state: TaskState) -> TaskRow {
    let task = Task {
        id,
        plan_id: Some(1),
        node_id: (id == 2).then_some(105),
        op_type,
        title: title.into(),
        kind: TaskKind::Other,
        anchor: (id == 4).then_some(Anchor::Start),
        offset_days: (id == 4).then_some(10),
        due: due.map(day).filter(|_| id != 4),
        scheduled: None,
        wait_until: (id == 9).then(|| day("06-20")),
        state,
        created: day("06-01"),
        done_at: (!state.is_open()).then(|| day("06-05")),
        estimate_min: Some(30),
        actual_min: None,
        priority: if id < 3 { 3 - id } else { 0 },
        owner: owner.into(),
        repeat_days: None,
        repeat_mode: None,
        missed: 0,
        spawned_from: None,
    };
    TaskRow {
        due: due.map(day),
        urgency: 24.0 - id as f64 * 2.1,
        why: vec![("due", 9.3), ("blocks someone", 8.0), ("its node is OFF", 6.0)],
        needs: if id == 8 { vec![1] } else { Vec::new() },
        blocks: if id == 1 { vec![8] } else { Vec::new() },
        waiting: id == 9,
        task,
    }
}

fn the_tasks() -> Vec<TaskRow> {
    use OpType::{Activity, Channel, Commercial, Product};
    use TaskState::{Doing, Done, Todo};
    vec![
        task(1, "Ask feed-b owner why it is paused", "Sol", Some("06-09"), Channel, Todo),
        task(2, "Check order form after 2.3", "Lin", Some("06-11"), Product, Doing),
        task(3, "Send late invoice to Harbor", "Ben", Some("06-06"), Commercial, Todo),
        task(4, "Approve coupon copy (start +3)", "Omar", Some("06-11"), Activity, Todo),
        task(5, "Test AOV bundle on cart page", "Ben", Some("06-15"), Commercial, Todo),
        task(8, "Move feed-b budget to search", "Sol", None, Channel, Todo),
        task(9, "Second price test", "Ben", Some("06-25"), Commercial, Todo),
        task(10, "Roll back step 3", "Lin", Some("06-05"), Product, Done),
        task(11, "Ask for developer days", "Ben", Some("06-02"), Commercial, Done),
    ]
}

fn phase(plan_id: i64, seq: i64, kind: PhaseKind, days: (&str, &str), share: f64) -> Phase {
    Phase { plan_id, seq, kind, start: day(days.0), finish: day(days.1), share }
}

fn strategy() -> Strategy {
    Strategy {
        id: 1,
        title: "Q2 \"Keep who we win\"".into(),
        situation: "new users +22.6%, D7 -6.2pp since 25 May".into(),
        complication: String::new(),
        hypothesis: "first-week care and a working check out repay more than more spend".into(),
        focus: Focus::Retain,
        start: day("04-01"),
        finish: day("06-30"),
        status: StrategyStatus::Active,
    }
}

fn lesson(id: i64, kiss: Kiss, body: &str, node_id: Option<i64>) -> Lesson {
    Lesson {
        id,
        review_id: 1,
        kiss,
        body: body.into(),
        op_type: OpType::Market,
        method: "brand".into(),
        evidence: String::new(),
        node_id,
        confidence: 2,
    }
}

fn review(plan_id: i64) -> Review {
    Review {
        id: 1,
        plan_id,
        done_at: None,
        goal: "Brand searches 10,400 in 28 d, floor 9,800, stretch 11,000".into(),
        result: String::new(),
        analysis: String::new(),
        insight: String::new(),
        verdict: None,
        luck: "a rival went dark 8-14 May; about +60 searches are not ours".into(),
    }
}

fn resource(id: i64, scope: ResourceScope, kind: ResourceKind, name: &str, amounts: [i64; 3]) -> (Resource, i64) {
    let resource = Resource {
        id,
        plan_id: 1,
        scope,
        kind,
        name: name.into(),
        provider: "Mia".into(),
        state: ResourceState::Asked,
        planned_micros: amounts[0] * 1_000_000,
        granted_micros: amounts[1] * 1_000_000,
        needed_by: Some(day("06-08")),
    };
    (resource, amounts[2] * 1_000_000)
}

fn view(head: PlanRow, tree: Vec<TreeRow>) -> PlanView {
    let plan = head.plan.id;
    PlanView {
        against: Against::Target,
        tree,
        guards: vec![guard()],
        residual: Some(0.0),
        progress: Vec::new(),
        series: vec![NodeSeries {
            node: 105,
            first: day("04-01"),
            values: (0..71)
                .map(|d| (d % 9 != 8).then_some(if d < 62 { 0.025 + f64::from(d % 7) * 1e-4 } else { 0.02 }))
                .collect(),
        }],
        phases: Vec::new(),
        tasks: Vec::new(),
        resources: Vec::new(),
        revisions: Vec::new(),
        journal: Vec::new(),
        marked: Vec::new(),
        rounds: Vec::new(),
        offers: Vec::new(),
        review: review(plan),
        lessons: Vec::new(),
        review_is_draft: true,
        proposed: None,
        said: None,
        forecasts: Calibration::default(),
        head,
    }
}

fn the_open_plan(head: PlanRow) -> PlanView {
    let revision = Revision {
        id: 1,
        node_id: 105,
        at: "2026-06-08T02:10:00Z".into(),
        actor: "Ben".into(),
        field: "target".into(),
        old: Some(0.0255),
        new: Some(0.025),
        reason: "after 2.3 rollback".into(),
    };
    let note = |id, d: &str, kind, body: &str| Journal {
        id,
        at: String::new(),
        day: day(d),
        kind,
        op_type: None,
        plan_id: Some(1),
        node_id: (id == 1).then_some(105),
        body: body.into(),
        exclude_from_baseline: id == 2,
    };
    let round = |plan, round, first, last, status, actual: f64| RoundRow {
        plan,
        round,
        span: span(first, last),
        status,
        target: Some(300_000e6),
        actual: Some(actual * 1e6),
        attainment: Some(actual / 300_000.0),
        spent: 21_000_000_000,
    };
    PlanView {
        tasks: the_tasks(),
        resources: vec![
            resource(1, ResourceScope::External, ResourceKind::Cash, "feed and search cash", [60_000, 50_000, 21_000]),
            resource(2, ResourceScope::Internal, ResourceKind::Dev, "developer days, check out", [10, 6, 4]),
            resource(3, ResourceScope::Internal, ResourceKind::Coupon, "coupon", [12_000, 12_000, 1_800]),
        ],
        revisions: vec![revision],
        journal: vec![
            note(1, "06-04", JournalKind::Release, "release 2.3"),
            note(2, "06-01", JournalKind::Holiday, "children's day"),
        ],
        marked: vec![
            note(1, "06-04", JournalKind::Release, "release 2.3"),
            note(2, "06-01", JournalKind::Holiday, "children's day"),
        ],
        rounds: vec![
            round(11, 3, "05-01", "05-31", PlanStatus::Closed, 271_500.0),
            round(1, 4, "06-01", "06-30", PlanStatus::Running, 89_950.0),
        ],
        offers: vec![
            OfferRow {
                lesson: lesson(1, Kiss::Keep, "preheat 5 d (visits +18%)", None),
                round: 3,
                state: UseState::Offered,
                held: None,
            },
            OfferRow {
                lesson: lesson(2, Kiss::Stop, "coupon and push on the same day", None),
                round: 3,
                state: UseState::Rejected,
                held: None,
            },
        ],
        ..view(head, the_tree())
    }
}

/// The plans of the drawings.
pub fn drawn() -> PlanDesk {
    use OpType::{Activity, Channel, Commercial, Content, Market, Product, User};
    use PlanStatus::{Closed, Draft, Review as InReview, Running};
    use TargetWord::{Off, Ok, Over, Risk};
    let june = ("06-01", "06-30");
    let mut rows = vec![
        row(plan(1, Commercial, "June revenue", 4, "Ben", june, Running), [33, 40, 30, 42], Some(0.004), Some(Off)),
        row(plan(2, User, "Week-one care", 2, "Mia", june, Running), [33, 50, -250, 22], Some(0.004), Some(Off)),
        row(
            plan(3, Product, "Checkout form rework", 1, "Lin", june, Running),
            [33, 40, -550, 30],
            Some(0.004),
            Some(Off),
        ),
        row(
            plan(4, Activity, "Mid-June fair", 3, "Omar", ("06-08", "06-18"), Running),
            [14, 45, 13, 15],
            Some(0.71),
            Some(Risk),
        ),
        row(plan(5, Channel, "June paid mix", 5, "Sol", june, Running), [33, 35, 38, 42], Some(0.995), Some(Over)),
        row(plan(6, Content, "Recipe series", 2, "Kai", june, Running), [33, 38, 41, 20], Some(0.84), Some(Ok)),
        row(plan(9, Market, "July brand", 1, "Ana", ("07-01", "07-31"), Draft), [0, 0, 0, 0], None, None),
        row(
            plan(7, Market, "Brand search push", 2, "Ana", ("05-04", "05-31"), InReview),
            [100, 90, 96, 98],
            None,
            None,
        ),
        row(plan(8, Activity, "May fair", 2, "Omar", ("05-09", "05-19"), Closed), [100, 100, 98, 95], None, None),
    ];
    rows[0].readings = vec![GaugeReading::Burning];
    rows[1].readings = vec![GaugeReading::Lever];
    rows[6].primary = None;
    rows[6].gauges = Gauges::default();
    let views = vec![the_open_plan(rows[0].clone()), {
        let mut reviewed = view(rows[7].clone(), the_tree());
        reviewed.lessons = vec![
            lesson(11, Kiss::Keep, "short video before the press note", Some(105)),
            lesson(12, Kiss::Stop, "weekend boosts: 31% of cost, 12% of views", None),
        ];
        reviewed.review_is_draft = false;
        reviewed.proposed = Some(Verdict::Met);
        reviewed
    }];
    let tree = the_tree();
    let book = Book {
        strategies: vec![strategy()],
        plans: rows.iter().map(|row| row.plan.clone()).collect(),
        phases: vec![
            phase(4, 0, PhaseKind::Prepare, ("06-08", "06-09"), 0.0),
            phase(4, 1, PhaseKind::Preheat, ("06-10", "06-12"), 0.2),
            phase(4, 2, PhaseKind::Burst, ("06-13", "06-15"), 0.55),
            phase(4, 3, PhaseKind::Tail, ("06-16", "06-18"), 0.25),
        ],
        nodes: tree.iter().map(|row| row.node.clone()).chain([guard().row.node]).collect(),
        tasks: the_tasks().into_iter().map(|row| row.task).collect(),
        ..Book::default()
    };
    let strategies = vec![StrategyRow {
        id: 1,
        budget: [Some(0.71), Some(0.12), Some(0.17), None],
        covers: vec![Product, User, Activity, Content, Commercial, Channel],
    }];
    PlanDesk {
        board: PlanBoard { book, plans: rows, strategies, tasks: the_tasks() },
        views,
        proposal: Some(proposal()),
        breaks: vec![
            BreakRow {
                how: Break::Formula("revenue".into()),
                about: "visits x CVR x AOV".into(),
                parts: vec!["Visits".into(), "CVR".into(), "AOV".into()],
            },
            BreakRow { how: Break::Channel, about: "by channel".into(), parts: vec!["feed-a".into(), "search".into()] },
        ],
        replies: VecDeque::new(),
        read_only: false,
    }
}

fn proposal() -> Proposal {
    let rows = the_tree();
    let row = |at: usize, depth, base: f64, old: f64, new: f64, mark, percentile| ProposalRow {
        node: rows[at].node.clone(),
        depth,
        unit: rows[at].unit,
        base: Some(base),
        old: Some(old),
        new: Some(new),
        locked: mark == Some(Mark::Typed),
        history: (0..12).map(|n| (n != 3).then_some(base * (0.9 + f64::from(n) * 0.015))).collect(),
        percentile,
        unlikely_above: Some(base * 1.4),
        mark,
    };
    Proposal {
        query: quarterdeck::query::ProposeQuery::default(),
        rows: vec![
            row(1, 0, 169_312e6, 180_000e6, 180_000e6, None, None),
            row(2, 1, 46_500., 48_000., 49_587., None, Some(92)),
            row(3, 2, 19_500., 20_000., 20_795., None, Some(88)),
            row(4, 2, 27_000., 28_000., 28_792., None, Some(94)),
            row(5, 1, 0.0246, 0.025, 0.023, Some(Mark::Typed), Some(8)),
            row(6, 1, 148e6, 150e6, 157.83e6, Some(Mark::Stretch), None),
        ],
        problem: None,
        checks: vec!["49,587 x 2.30% x 157.83 ~ 180,000   rest 0".into(), "20,795 + 28,792 = 49,587   rest 0".into()],
        changes: 4,
        needs_reason: true,
    }
}

/// No plan.
pub fn none() -> PlanDesk {
    PlanDesk { board: PlanBoard::default(), views: Vec::new(), ..drawn() }
}

/// One plan that was just written: no data, no task, nothing.
pub fn one() -> PlanDesk {
    let mut head =
        row(plan(1, OpType::Content, "First", 1, "", ("06-15", "06-20"), PlanStatus::Draft), [0, 0, 0, 0], None, None);
    (head.primary, head.gauges, head.granted, head.spent) = (None, Gauges::default(), 0, 0);
    let bare = PlanView { guards: Vec::new(), series: Vec::new(), ..view(head.clone(), Vec::new()) };
    let book = Book { plans: vec![head.plan.clone()], ..Book::default() };
    let board = PlanBoard { book, plans: vec![head], ..PlanBoard::default() };
    PlanDesk { board, views: vec![bare], ..drawn() }
}

/// Names that try to break the screen, and more rows than it has.
pub fn hostile() -> PlanDesk {
    let names = crate::worlds::HOSTILE;
    let mut desk = drawn();
    let name = |at: usize| names[at % names.len()].to_owned();
    let first = desk.board.plans[0].clone();
    desk.board.plans = (0..40)
        .map(|at| {
            let mut row = first.clone();
            row.plan.id = at + 1;
            (row.plan.title, row.plan.owner) = (name(at as usize), name(at as usize + 1));
            row.plan.audience = name(at as usize + 2);
            row
        })
        .collect();
    desk.board.book.plans = desk.board.plans.iter().map(|row| row.plan.clone()).collect();
    let task = desk.board.tasks[0].clone();
    desk.board.tasks = (0..60)
        .map(|at| {
            let mut row = task.clone();
            row.task.id = at + 1;
            (row.task.title, row.task.owner) = (name(at as usize), name(at as usize + 3));
            row
        })
        .collect();
    let strategy = &mut desk.board.book.strategies[0];
    (strategy.title, strategy.situation, strategy.hypothesis) = (name(4), name(1), name(7));
    desk.views.truncate(1);
    let view = &mut desk.views[0];
    view.head = desk.board.plans[0].clone();
    for (at, row) in view.tree.iter_mut().enumerate() {
        (row.node.label, row.node.owner) = (name(at), name(at + 1));
    }
    view.guards[0].row.node.label = name(5);
    view.tasks.clone_from(&desk.board.tasks);
    for (at, (resource, _)) in view.resources.iter_mut().enumerate() {
        (resource.name, resource.provider) = (name(at + 4), name(at));
    }
    for note in &mut view.journal {
        note.body = name(4);
    }
    for revision in &mut view.revisions {
        (revision.reason, revision.actor) = (name(0), name(1));
    }
    (view.review.goal, view.review.luck) = (name(7), name(4));
    view.lessons = (0..12).map(|at| lesson(at + 20, Kiss::Keep, &name(at as usize), None)).collect();
    for (at, offer) in view.offers.iter_mut().enumerate() {
        offer.lesson.body = name(at + 3);
    }
    desk
}
