//! A workspace with half a year of orders and spend, and a hand that gives orders.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;

use quarterdeck::domain::calendar::{Day, Instant, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::plans::{Book, Node, OpType};
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Against, Answer, Break, Command, ImportRequest, NewPlan, Outcome, PlanBoard, PlanOrder, PlanQuery, PlanView,
    Planned, Proposal, ProposeQuery, Query, TreeRow,
};

/// First day of the orders.
pub const FIRST: &str = "2026-01-01";

/// 2026-06-11 in UTC: the day after the last with orders.
pub const NOW: Instant = Instant(1_781_136_000_000_000);

pub struct Desk {
    pub engine: Engine,
    pub folder: tempfile::TempDir,
    pub today: Day,
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Orders of a day: so many, each of so much in whole units; fewer since 4 June.
pub fn orders(on: Day) -> Vec<(String, i64)> {
    let n = 10 + on.0.rem_euclid(7) - i32::from(on >= day("2026-06-04")) * 3;
    (0..n).map(|k| (format!("u{}", (on.0 * 13 + k * 7).rem_euclid(240)), 40 + i64::from(k % 5) * 10)).collect()
}

fn revenue() -> String {
    let mut text = String::from("order_id,user_id,ts,amount,currency,stream\n");
    for on in (day(FIRST).0..=day("2026-06-10").0).map(Day) {
        for (k, (user, amount)) in orders(on).into_iter().enumerate() {
            let stream = if k % 3 == 0 { "vas" } else { "ecommerce" };
            writeln!(text, "o{}-{k},{user},{on}T09:00:00Z,{amount},USD,{stream}", on.0).unwrap();
        }
    }
    text
}

impl Desk {
    pub fn new() -> Self {
        let mut desk = Self::bare();
        desk.import(Kind::Revenue, &revenue());
        desk
    }

    /// Without a row.
    pub fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profile = NewWorkspace::bare(Zone::UTC, Currency::parse("USD"));
        let engine = Engine::create(&folder.path().join("w.db"), &profile).unwrap();
        let mut desk = Self { engine, folder, today: day("2026-06-11") };
        desk.engine.act_as("ben".to_owned());
        desk
    }

    pub fn import(&mut self, kind: Kind, text: &str) {
        let mut file = tempfile::NamedTempFile::with_suffix_in(".csv", self.folder.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let through = Some(day("2026-06-10"));
        let request =
            ImportRequest { path: file.path().to_owned(), kind: Some(kind), through, ..ImportRequest::default() };
        self.engine.run(&Command::Import(request), self.clock(), &mut |_| ControlFlow::Continue(())).unwrap();
    }

    fn clock(&self) -> Clock {
        Clock { now: NOW, today: Some(self.today) }
    }

    pub fn order(&mut self, order: PlanOrder) -> Planned {
        let clock = self.clock();
        match self.engine.run(&Command::Plan(order), clock, &mut |_| ControlFlow::Continue(())).unwrap() {
            Outcome::Planned(planned) => planned,
            other => panic!("{other:?}"),
        }
    }

    /// An order that goes through; the plan that it was about.
    pub fn done(&mut self, order: PlanOrder) -> i64 {
        match self.order(order) {
            Planned::Done { plan, .. } => plan.unwrap_or(0),
            other => panic!("{other:?}"),
        }
    }

    /// The fields that an order is refused for.
    pub fn refused(&mut self, order: PlanOrder) -> Vec<(String, String)> {
        match self.order(order) {
            Planned::Refused(faults) => faults.into_iter().map(|fault| (fault.field, fault.text)).collect(),
            other => panic!("{other:?}"),
        }
    }

    /// Why an order fails.
    pub fn failed(&mut self, order: PlanOrder) -> String {
        let clock = self.clock();
        let done = self.engine.run(&Command::Plan(order), clock, &mut |_| ControlFlow::Continue(()));
        done.unwrap_err().to_string()
    }

    pub fn ask(&mut self, query: &Query) -> Answer {
        let clock = self.clock();
        self.engine.answer(query, clock).unwrap()
    }

    pub fn board(&mut self) -> PlanBoard {
        match self.ask(&Query::Plans) {
            Answer::Plans(board) => *board,
            other => panic!("{other:?}"),
        }
    }

    pub fn book(&mut self) -> Book {
        self.board().book
    }

    pub fn view(&mut self, plan: i64, against: Against) -> PlanView {
        match self.ask(&Query::Plan(PlanQuery { plan, against })) {
            Answer::Plan(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    pub fn propose(&mut self, query: ProposeQuery) -> Proposal {
        match self.ask(&Query::Propose(Box::new(query))) {
            Answer::Propose(proposal) => *proposal,
            other => panic!("{other:?}"),
        }
    }

    pub fn node(&mut self, plan: i64, label: &str) -> Node {
        let book = self.book();
        book.nodes
            .iter()
            .find(|node| node.plan_id == plan && node.label == label)
            .unwrap_or_else(|| panic!("{label}"))
            .clone()
    }

    /// A plan for net revenue in June.
    pub fn june(&mut self, target: f64) -> i64 {
        self.done(PlanOrder::New(Box::new(NewPlan { target: Some(target), ..plan("net", "2026-06-01", "2026-06-30") })))
    }

    pub fn break_down(&mut self, node: i64, how: Break) {
        self.done(PlanOrder::Break { node, how, reason: String::new() });
    }
}

/// A plan with what it needs.
pub fn plan(metric: &str, start: &str, finish: &str) -> NewPlan {
    NewPlan {
        op_type: OpType::Commercial,
        title: "June revenue".to_owned(),
        method: "ecommerce".to_owned(),
        focus: None,
        owner: "Ben".to_owned(),
        start: day(start),
        finish: day(finish),
        phases: Vec::new(),
        observe_days: 7,
        revenue_link: None,
        strategy: None,
        metric: Some(metric.to_owned()),
        target: None,
        audience: String::new(),
        place: String::new(),
        mechanic: String::new(),
    }
}

/// Net of the orders of some days, in micros.
pub fn net(first: &str, last: &str) -> f64 {
    let days = (day(first).0..=day(last).0).map(Day);
    days.flat_map(orders).map(|(_, amount)| amount as f64 * 1e6).sum()
}

/// Orders of some days.
pub fn count(first: &str, last: &str) -> f64 {
    (day(first).0..=day(last).0).map(|on| orders(Day(on)).len() as f64).sum()
}

pub fn row<'a>(view: &'a PlanView, label: &str) -> &'a TreeRow {
    view.tree.iter().find(|row| row.node.label == label).unwrap_or_else(|| panic!("{label}: {:#?}", view.tree))
}

pub fn near(got: Option<f64>, want: f64) {
    let got = got.unwrap_or_else(|| panic!("nothing, not {want}"));
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1e-3), "{got} {want}");
}
