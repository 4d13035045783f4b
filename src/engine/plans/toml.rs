//! A plan as a TOML file, pleasant to write by hand: the plan, its phases, its target tree, its resources and its tasks.
//!
//! Money stands in whole units, a rate as a fraction, a day as `2026-06-10`. What is left out has its usual value: a node
//! is a leaf and a driver, at the top the primary; a task is open and of the plan's type. Parts stand under their node as
//! `[[target.part]]`, their parts as `[[target.part.part]]`. A task counts its day from the plan (`start-7`, `finish`,
//! `finish+3`), or has a day of its own. It names its node and the tasks it waits for by label and title, or by an `id`
//! where two are alike.
//!
//! ```toml
//! [plan]
//! title = "June push"
//! type = "activity"            # product, user, activity, market, content, commercial, channel
//! method = "activity_mkt"
//! focus = "revenue"            # acquire, retain, revenue, balanced
//! owner = "ann"
//! start = 2026-06-08
//! finish = 2026-06-19
//! observe_days = 7
//! revenue_link = "direct"      # direct, tree, hypothesis, none
//! audience = "buyers of May"
//! spend = { channels = ["feed-a", "feed-b"] }
//!
//! [[phase]]
//! kind = "preheat"             # prepare, preheat, burst, tail, observe, steady
//! start = 2026-06-08
//! finish = 2026-06-12
//! share = 0.2
//!
//! [[phase]]
//! kind = "burst"
//! start = 2026-06-13
//! finish = 2026-06-19
//! share = 0.8
//!
//! [[target]]
//! label = "Revenue"
//! op = "product"               # sum, product, ratio
//! metric = "net"               # a row of `quarterdeck metric --list`, two of them as net/orders, or fact:NAME
//! target = 300000
//!
//! [[target.part]]
//! label = "Orders"
//! metric = "orders"
//! channels = ["feed-a", "feed-b"]
//! target = 2000
//! weight = 2
//! owner = "ben"
//!
//! [[target.part]]
//! label = "Order value"
//! metric = "net/orders"
//! target = 150
//! locked = true
//!
//! [[target]]
//! label = "D7"
//! role = "guardrail"           # primary, guardrail, influence
//! metric = "d7"
//! target = 0.23
//!
//! [[resource]]
//! name = "Ad budget"
//! scope = "external"           # internal, external
//! kind = "cash"                # cash, people, slot, dev, design, coupon, barter, kol, media, venue, other
//! state = "granted"            # wanted, asked, granted, refused, used, returned
//! asked = 50000
//! granted = 40000
//! needed_by = 2026-06-05
//!
//! [[task]]
//! title = "Write the rules"
//! kind = "copy"
//! due = "start-7"
//! owner = "ann"
//!
//! [[task]]
//! title = "Book the feeds"
//! due = 2026-06-05
//! node = "Orders"
//! needs = ["Write the rules"]
//! estimate = 90
//! priority = 1
//! ```
//!
//! What belongs to one workspace or one run stays out of the file: revisions, costs, review, lessons and status. Reading
//! gives a new plan that is a draft.

mod amounts;
mod sheet;
mod tasks;
mod tree;
mod write;

use ::toml::de::DeTable;

use crate::domain::calendar::Day;
use crate::domain::plans::{Book, Edit, Phase, PhaseKind, Plan, PlanStatus, Record, Resource, RevenueLink};
use crate::domain::plans::{Filter, Focus, OpType, ResourceKind, ResourceScope, ResourceState, StrategyStatus, method};
use crate::query::Fault;

use sheet::{Fields, Sheet};

pub(super) use write::write;

/// Id of the plan that is read.
const PLAN: i64 = -1;
/// Days of watching where a file tells none.
const OBSERVE_DAYS: i64 = 7;
/// Most days of watching.
const MOST_OBSERVE_DAYS: i64 = 365;
/// Largest value that can be meant, in whole units.
const LARGEST: f64 = 1e15;

/// A new plan out of a file, as one action. `book` knows strategies and plans of the workspace, `today` is the day on
/// which its tasks come up.
///
/// # Errors
/// Everything that cannot be as it is, each with its line, in the order of lines.
pub(super) fn read(text: &str, (book, today): (&Book, Day)) -> Result<Edit, Vec<Fault>> {
    let mut sheet = Sheet::new(text);
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            sheet.fault(error.span().map_or(0, |span| span.start), "", error.message());
            return Err(sheet.faults());
        }
    };
    let mut fields = Fields::of(root.get_ref(), 0);
    if !fields.has("plan") {
        sheet.fault(0, "plan", "the file has no [plan]; begin with it");
    }
    let Some(plan) = fields.table(&mut sheet, "plan").and_then(|own| plan(own, book, &mut sheet)) else {
        return Err(sheet.faults());
    };
    let mut edit = Edit::new(format!("new plan {}", plan.name()));
    edit.add(plan.clone());
    let phases = phases(fields.list(&mut sheet, "phase"), &plan, &mut sheet);
    let has_phases = !phases.is_empty();
    add(&mut edit, phases);
    let nodes = tree::read(fields.list(&mut sheet, "target"), (&plan, has_phases), &mut sheet);
    let resources = resources(fields.list(&mut sheet, "resource"), &mut sheet);
    let (tasks, needs) = tasks::read(fields.list(&mut sheet, "task"), (&plan, today), &nodes, &mut sheet);
    add(&mut edit, nodes.all);
    add(&mut edit, resources);
    add(&mut edit, tasks);
    add(&mut edit, needs);
    fields.refuse_others(&mut sheet);
    if sheet.is_good() { Ok(edit) } else { Err(sheet.faults()) }
}

fn add<T: Into<Record>>(edit: &mut Edit, list: Vec<T>) {
    for record in list {
        edit.add(record);
    }
}

fn plan(mut own: Fields, book: &Book, sheet: &mut Sheet) -> Option<Plan> {
    let title = own.name(sheet, "title");
    let op_type = own.word(sheet, "type", OpType::ALL, OpType::word);
    if op_type.is_none() && !own.has("type") {
        own.missing(sheet, "type", "one of product, user, activity, market, content, commercial, channel");
    }
    let how = own.text(sheet, "method").unwrap_or_default();
    let usual = method(&how).map_or(Focus::Balanced, |method| method.focus);
    let (start, finish) = (own.day(sheet, "start"), own.day(sheet, "finish"));
    for (key, day) in [("start", start), ("finish", finish)] {
        if day.is_none() && !own.has(key) {
            own.missing(sheet, key, "a day such as 2026-06-10");
        }
    }
    own.in_order(sheet, start.zip(finish));
    let observe_days = own.whole(sheet, "observe_days", 0..=MOST_OBSERVE_DAYS).unwrap_or(OBSERVE_DAYS);
    let spend_filter = own.table(sheet, "spend").map(|mut spend| {
        let filter = filter(&mut spend, sheet);
        spend.refuse_others(sheet);
        filter
    });
    let plan = Plan {
        id: PLAN,
        strategy_id: strategy(&mut own, book, sheet),
        series_id: PLAN,
        round: 1,
        prev_plan_id: None,
        op_type: op_type.unwrap_or(OpType::Product),
        focus: own.word(sheet, "focus", Focus::ALL, Focus::word).unwrap_or(usual),
        method: how,
        title: title.unwrap_or_default(),
        owner: own.text(sheet, "owner").unwrap_or_default(),
        audience: own.text(sheet, "audience").unwrap_or_default(),
        place: own.text(sheet, "place").unwrap_or_default(),
        mechanic: own.text(sheet, "mechanic").unwrap_or_default(),
        start: start.unwrap_or(Day(0)),
        finish: finish.unwrap_or(Day(0)),
        observe_days,
        status: PlanStatus::Draft,
        status_reason: String::new(),
        spend_filter: spend_filter.unwrap_or_default(),
        revenue_link: own.word(sheet, "revenue_link", RevenueLink::ALL, RevenueLink::word).unwrap_or(RevenueLink::None),
        baseline_frozen_at: None,
        closed_snapshot: None,
    };
    own.refuse_others(sheet);
    // Without its days nothing else can be judged.
    (start.is_some() && finish.is_some()).then_some(plan)
}

/// The strategy of a title; without one the only active strategy is not taken, because a file says what it means.
fn strategy(own: &mut Fields, book: &Book, sheet: &mut Sheet) -> Option<i64> {
    let title = own.text(sheet, "strategy")?;
    let mut named: Vec<_> = book.strategies.iter().filter(|strategy| strategy.title == title).collect();
    named.sort_by_key(|strategy| (strategy.status != StrategyStatus::Active, -strategy.id));
    let found = named.first().map(|strategy| strategy.id);
    if found.is_none() {
        let why =
            format!("no strategy is called \"{title}\"; make it with `quarterdeck plan strategy new`, or leave it out");
        own.fault(sheet, "strategy", why);
    }
    found
}

fn filter(own: &mut Fields, sheet: &mut Sheet) -> Filter {
    let mut list = |key| own.texts(sheet, key);
    Filter { channels: list("channels"), platforms: list("platforms"), streams: list("streams") }
}

fn phases(list: Vec<Fields>, plan: &Plan, sheet: &mut Sheet) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    for (seq, mut own) in (0..).zip(list) {
        let kind = own.word(sheet, "kind", PhaseKind::ALL, PhaseKind::word);
        if kind.is_none() && !own.has("kind") {
            own.missing(sheet, "kind", "one of prepare, preheat, burst, tail, observe, steady");
        }
        let (start, finish) = (own.day(sheet, "start"), own.day(sheet, "finish"));
        for (key, day) in [("start", start), ("finish", finish)] {
            if day.is_none() && !own.has(key) {
                own.missing(sheet, key, "a day of the plan");
            }
        }
        own.in_order(sheet, start.zip(finish));
        own.within(sheet, plan.span(), (start, finish));
        let share = own.share(sheet, "share", 1.0);
        own.refuse_others(sheet);
        let (Some(kind), Some((start, finish))) = (kind, start.zip(finish)) else { continue };
        let over = phases.iter().find(|other| other.start <= finish && start <= other.finish);
        if let Some(over) = over {
            let why =
                format!("overlaps {} from {} to {}; a day is of one phase", over.kind.word(), over.start, over.finish);
            own.fault(sheet, "start", why);
        }
        phases.push(Phase { plan_id: plan.id, seq, kind, start, finish, share });
    }
    phases
}

fn resources(list: Vec<Fields>, sheet: &mut Sheet) -> Vec<Resource> {
    let one = |(at, mut own): (i64, Fields)| {
        let resource = Resource {
            id: -at,
            plan_id: PLAN,
            scope: own.word(sheet, "scope", ResourceScope::ALL, ResourceScope::word).unwrap_or(ResourceScope::Internal),
            kind: own.word(sheet, "kind", ResourceKind::ALL, ResourceKind::word).unwrap_or(ResourceKind::Other),
            name: own.name(sheet, "name").unwrap_or_default(),
            provider: own.text(sheet, "provider").unwrap_or_default(),
            state: own.word(sheet, "state", ResourceState::ALL, ResourceState::word).unwrap_or(ResourceState::Wanted),
            planned_micros: own.micros(sheet, "asked").unwrap_or(0),
            granted_micros: own.micros(sheet, "granted").unwrap_or(0),
            needed_by: own.day(sheet, "needed_by"),
        };
        own.refuse_others(sheet);
        resource
    };
    (1..).zip(list).map(one).collect()
}

#[cfg(test)]
mod tests;
