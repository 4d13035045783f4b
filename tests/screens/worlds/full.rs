//! Rows for every table of every tab, under names that a caller gives.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use quarterdeck::domain::calendar::Day;
use quarterdeck::domain::plans::{
    Competitor, CompetitorNote, Edit, Feedback, FeedbackSource, FeedbackState, NoteKind, NoteVerdict, OpType,
    PhaseKind, PlanStatus, Task,
};
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine};
use quarterdeck::query::{Command, NewPlan, Outcome, PlanOrder, Planned};

use super::{load, morning};

/// How many names of each kind there are, and what the n-th one is.
pub struct Filling<'a> {
    /// Users, items, campaigns, deals, things said and things seen at competitors, each.
    pub rows: usize,
    /// Channels, platforms, streams and event names without a meaning, each.
    pub groups: usize,
    /// Plans and tasks of each type.
    pub plans: usize,
    pub name: &'a dyn Fn(usize) -> String,
}

/// What users do who come as far as a step; fewer come to each next one.
const STEPS: [&str; 5] = ["view_item", "add_to_cart", "checkout", "order_paid", "share"];
/// What every second user does besides, some minutes after.
const BESIDES: [&str; 6] = ["join", "invite", "push_sent", "finish", "like", "ad_impression"];

impl Filling<'_> {
    /// Brings files of every kind and writes down plans, tasks, feedback and notes.
    pub fn pour(&self, engine: &mut Engine, folder: &str) {
        for (kind, rows) in [
            (Kind::Events, self.events()),
            (Kind::Revenue, self.orders()),
            (Kind::Spend, self.spend()),
            (Kind::Content, self.items()),
            (Kind::Deals, self.deals()),
            (Kind::Facts, facts()),
        ] {
            load(engine, folder, &format!("full-{}.csv", kind.name()), kind, &rows);
        }
        self.plan(engine);
    }

    fn cell(&self, n: usize) -> String {
        format!("\"{}\"", (self.name)(n).replace('"', "\"\""))
    }

    /// Name of the group that the n-th row is of.
    fn group(&self, n: usize) -> String {
        self.cell(n % self.groups)
    }

    fn events(&self) -> String {
        let mut out = String::from("user_id,ts,event,channel,platform,content,utm_campaign,level\n");
        for n in 0..self.rows {
            let (group, campaign) = (self.group(n), self.cell(n));
            let mut did = |day: Day, minute: usize, event: &str, level: usize| {
                let at = format!("{day}T{:02}:{:02}:00+08:00", 10 + minute / 60, minute % 60);
                let _ = writeln!(out, "v{n},{at},{event},{group},{group},i{n},{campaign},{level}");
            };
            let (first, lately) = (june(1).plus(-(n as i32 % 40)), june(n % 10 + 1));
            did(first, 0, STEPS[0], 1);
            did(lately, 0, &self.group(n), n % 6);
            for (at, step) in STEPS.iter().enumerate().take(1 + n % STEPS.len()) {
                did(lately, 1 + at, step, n % 6);
            }
            for (at, event) in BESIDES.iter().enumerate().filter(|_| n % 2 == 0) {
                did(lately, 10 + at, event, n % 6 + 1);
            }
        }
        out
    }

    fn orders(&self) -> String {
        let mut out = String::from("order_id,user_id,ts,stream,amount,currency\n");
        for n in 0..self.rows {
            for (time, day) in [june(n % 10 + 1), june(1).plus(-(n as i32 % 150))].into_iter().enumerate() {
                let (stream, amount) = (self.group(n), n % 90 + 1);
                let _ = writeln!(out, "f{n}-{time},v{n},{day}T12:00:00+08:00,{stream},{amount}.00,CNY");
            }
        }
        out
    }

    fn spend(&self) -> String {
        let mut out = String::from("date,channel,campaign,amount,impressions,clicks\n");
        for n in 0..self.rows {
            let (day, amount) = (june(n % 10 + 1), n % 70 + 1);
            let _ = writeln!(out, "{day},{},{},{amount}.00,{},{}", self.group(n), self.cell(n), 1_000 + n, n % 40);
        }
        out
    }

    fn items(&self) -> String {
        let mut out = String::from("id,title,kind,author,planned,published,status\n");
        for n in 0..self.rows {
            let day = june(n % 10 + 1);
            let (planned, published, status) = match n % 3 {
                0 => (day, day.to_string(), "out".to_owned()),
                1 => (day, String::new(), self.group(n)),
                _ => (day.plus(14), String::new(), "draft".to_owned()),
            };
            let (title, kind, author) = (self.cell(n), self.group(n), self.group(n + 1));
            let _ = writeln!(out, "i{n},{title},{kind},{author},{planned},{published},{status}");
        }
        out
    }

    fn deals(&self) -> String {
        const STAGES: [&str; 6] = ["lead", "talk", "signed", "delivered", "received", "lost"];
        let mut out = String::from("id,partner,kind,stage,value,currency,due,received\n");
        for n in 0..self.rows {
            let (stage, due) = (STAGES[n % STAGES.len()], june(n % 28 + 1));
            let received = if stage == "received" { june(n % 10 + 1).to_string() } else { String::new() };
            let stage = if n % 7 == 6 { self.group(n) } else { stage.to_owned() };
            let (partner, kind) = (self.cell(n), if n % 4 == 0 { "barter".to_owned() } else { self.group(n) });
            let _ = writeln!(out, "d{n},{partner},{kind},{stage},{},CNY,{due},{received}", 1_000 * (n + 1));
        }
        out
    }

    fn plan(&self, engine: &mut Engine) {
        for (n, op_type) in OpType::ALL.iter().cycle().take(self.plans * OpType::ALL.len()).enumerate() {
            let days = (june(1).plus(-(n as i32 / 7)), june(20));
            let plan = order(engine, &PlanOrder::New(Box::new(self.new_plan(n, *op_type, days))));
            let plan = plan.unwrap();
            order(engine, &PlanOrder::Status { plan, to: PlanStatus::Running, reason: String::new() });
        }
        let mut edit = Edit::new("tasks");
        for (n, op_type) in (1..).zip(OpType::ALL.iter().cycle().take(self.plans * OpType::ALL.len())) {
            let owner = (self.name)(n);
            let due = Some(june(n % 20 + 1));
            edit.add(Task { id: -(n as i64), owner, due, ..Task::new((self.name)(n), *op_type, june(1)) });
        }
        order(engine, &PlanOrder::Edit(edit));
        order(engine, &PlanOrder::Edit(self.said()));
    }

    fn new_plan(&self, n: usize, op_type: OpType, (start, finish): (Day, Day)) -> NewPlan {
        let phases = vec![
            (PhaseKind::Preheat, start, start.plus(3), 0.25),
            (PhaseKind::Burst, start.plus(4), finish.plus(-2), 0.6),
            (PhaseKind::Tail, finish.plus(-1), finish, 0.15),
        ];
        NewPlan {
            op_type,
            title: (self.name)(n),
            method: "activity_mkt".to_owned(),
            focus: None,
            owner: (self.name)(n + 1),
            start,
            finish,
            phases,
            observe_days: 7,
            revenue_link: None,
            strategy: None,
            metric: Some("new_users".to_owned()),
            target: Some(1_000.0),
            audience: String::new(),
            place: String::new(),
            mechanic: String::new(),
        }
    }

    /// Feedback, and what competitors did.
    fn said(&self) -> Edit {
        const STATES: [FeedbackState; 3] = [FeedbackState::New, FeedbackState::Triaged, FeedbackState::Acted];
        let mut edit = Edit::new("feedback and competitors");
        for n in 0..self.rows {
            let (id, day) = (-(n as i64) - 1, june(10).plus(-(n as i32 % 30)));
            edit.add(Feedback {
                id,
                day,
                source: FeedbackSource::User,
                op_type: Some(OpType::Product),
                plan_id: None,
                node_id: None,
                severity: 1,
                count: n as i64 + 1,
                body: (self.name)(n),
                state: STATES[n % STATES.len()],
                duplicate_of: None,
                acted_task_id: None,
                acted_plan_id: None,
            });
            edit.add(Competitor { id, name: (self.name)(n) });
            edit.add(CompetitorNote {
                id,
                competitor_id: id,
                day,
                kind: NoteKind::Price,
                body: (self.name)(n + 1),
                verdict: NoteVerdict::Watch,
                plan_id: None,
            });
        }
        edit
    }
}

fn june(day: usize) -> Day {
    Day::parse("2026-06-01").unwrap().plus(day as i32 - 1)
}

fn facts() -> String {
    let mut out = String::from("date,metric,value\n");
    for n in 0..41 {
        let day = june(10).plus(-n);
        let _ = writeln!(out, "{day},brand_searches,{}\n{day},share_of_voice,0.{}", 400 + n, 20 + n % 7);
    }
    out
}

fn order(engine: &mut Engine, order: &PlanOrder) -> Option<i64> {
    let clock = Clock { now: morning(8), today: None };
    let done = engine.run(&Command::Plan(order.clone()), clock, &mut |_| ControlFlow::Continue(())).unwrap();
    match done {
        Outcome::Planned(Planned::Done { plan, .. }) => plan,
        other => panic!("{other:?}"),
    }
}
