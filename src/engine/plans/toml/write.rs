//! A plan as the text of a file. What has its usual value is left out.

use std::fmt::{Display, Write as _};

use crate::domain::plans::{Book, Curve, Filter, Node, NodeOp, NodeRole, Plan, RevenueLink, Task, TaskKind, TaskState};
use crate::domain::plans::{Focus, Resource, method};
use crate::metrics::binding::Binding;

use super::tree::{Shape, money};
use super::{OBSERVE_DAYS, amounts};

/// How every file begins.
const HEAD: &str = "\
# A plan: `quarterdeck plan import FILE` makes it. Money in whole units, rates as fractions (2.5 % is 0.025).\n";

/// A plan as text; `None` where there is no such plan.
pub(in super::super) fn write(book: &Book, plan: i64) -> Option<String> {
    let plan = book.plan(plan)?;
    let mut out = Text(HEAD.to_owned());
    head(&mut out, book, plan);
    for phase in sorted(&book.phases, |phase| (phase.plan_id == plan.id).then_some(phase.seq)) {
        out.table("[[phase]]");
        out.text("kind", phase.kind.word());
        out.plain("start", phase.start);
        out.plain("finish", phase.finish);
        out.number("share", Some(phase.share), false);
    }
    let has_phases = book.phases.iter().any(|phase| phase.plan_id == plan.id);
    let tasks = sorted(&book.tasks, |task| (task.plan_id == Some(plan.id)).then_some(task.id));
    let nodes = book.tree(plan.id);
    tree(&mut out, &nodes, &tasks, has_phases);
    for resource in sorted(&book.resources, |resource| (resource.plan_id == plan.id).then_some(resource.id)) {
        self::resource(&mut out, resource);
    }
    let needs = |task: &Task| -> Vec<usize> {
        let mine = book.needs.iter().filter(|need| need.task_id == task.id);
        let mut waits: Vec<usize> =
            mine.filter_map(|need| tasks.iter().position(|task| task.id == need.needs_id)).collect();
        waits.sort_unstable();
        waits
    };
    let waits: Vec<Vec<usize>> = tasks.iter().map(|task| needs(task)).collect();
    let titles: Vec<&str> = tasks.iter().map(|task| task.title.as_str()).collect();
    for (at, task) in tasks.iter().enumerate() {
        out.table("[[task]]");
        let is_named = waits.iter().flatten().any(|other| *other == at);
        if is_named && !is_plain(&titles, at, 't') {
            out.text("id", &format!("t{}", at + 1));
        }
        self::task(&mut out, plan, task);
        if let Some(at) = task.node_id.and_then(|id| nodes.iter().position(|node| node.id == id)) {
            out.text("node", &name(&labels(&nodes), at, 'n'));
        }
        out.texts("needs", &waits[at].iter().map(|other| name(&titles, *other, 't')).collect::<Vec<_>>());
    }
    Some(out.0)
}

fn labels<'a>(nodes: &[&'a Node]) -> Vec<&'a str> {
    nodes.iter().map(|node| node.label.as_str()).collect()
}

/// Records that have a key, by it.
fn sorted<T>(list: &[T], key: impl Fn(&T) -> Option<i64>) -> Vec<&T> {
    let mut mine: Vec<(i64, &T)> = list.iter().filter_map(|one| key(one).map(|key| (key, one))).collect();
    mine.sort_by_key(|(key, _)| *key);
    mine.into_iter().map(|(_, one)| one).collect()
}

/// Whether a record is told by its own name: nobody else has it, and it does not look like an id.
fn is_plain(names: &[&str], at: usize, letter: char) -> bool {
    let own = names[at];
    let looks = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit());
    names.iter().filter(|name| **name == own).count() == 1 && !own.strip_prefix(letter).is_some_and(looks)
}

/// What a record is called where another names it.
fn name(names: &[&str], at: usize, letter: char) -> String {
    if is_plain(names, at, letter) { names[at].to_owned() } else { format!("{letter}{}", at + 1) }
}

fn head(out: &mut Text, book: &Book, plan: &Plan) {
    out.table("[plan]");
    out.text("title", &plan.title);
    out.text("type", plan.op_type.word());
    out.some("method", &plan.method);
    if plan.focus != method(&plan.method).map_or(Focus::Balanced, |method| method.focus) {
        out.text("focus", plan.focus.word());
    }
    out.some("owner", &plan.owner);
    let strategy = plan.strategy_id.and_then(|id| book.strategies.iter().find(|strategy| strategy.id == id));
    out.some("strategy", strategy.map_or("", |strategy| &strategy.title));
    out.plain("start", plan.start);
    out.plain("finish", plan.finish);
    if plan.observe_days != OBSERVE_DAYS {
        out.plain("observe_days", plan.observe_days);
    }
    if plan.revenue_link != RevenueLink::None {
        out.text("revenue_link", plan.revenue_link.word());
    }
    out.some("audience", &plan.audience);
    out.some("place", &plan.place);
    out.some("mechanic", &plan.mechanic);
    if !plan.spend_filter.is_all() {
        out.table("[plan.spend]");
        filter(out, &plan.spend_filter);
    }
}

fn filter(out: &mut Text, filter: &Filter) {
    out.texts("channels", &filter.channels);
    out.texts("platforms", &filter.platforms);
    out.texts("streams", &filter.streams);
}

fn tree(out: &mut Text, nodes: &[&Node], tasks: &[&Task], has_phases: bool) {
    let bound: Vec<_> =
        nodes.iter().map(|node| node.metric.as_deref().and_then(|metric| Binding::parse(metric).ok())).collect();
    let place = |id: Option<i64>| id.and_then(|id| nodes.iter().position(|node| node.id == id));
    let shape = |(node, bound): (&&Node, &Option<Binding>)| Shape {
        parent: place(node.parent_id),
        op: node.op,
        minus: node.sign < 0,
        unit: bound.as_ref().map(Binding::unit),
    };
    let shapes: Vec<Shape> = nodes.iter().zip(&bound).map(shape).collect();
    let money = money(&shapes.iter().collect::<Vec<_>>());
    let labels = labels(nodes);
    let mut depths = vec![0; nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        depths[at] = shapes[at].parent.map_or(0, |parent| depths[parent] + 1);
        out.table(&format!("[[target{}]]", ".part".repeat(depths[at])));
        let is_named = tasks.iter().any(|task| task.node_id == Some(node.id));
        if is_named && !is_plain(&labels, at, 'n') {
            out.text("id", &format!("n{}", at + 1));
        }
        let has_parts = shapes.iter().any(|shape| shape.parent == Some(at));
        let above = shapes[at].parent.map(|parent| shapes[parent].op);
        self::node(out, node, (has_parts, above, money[at]));
        if node.curve != bound[at].as_ref().map_or(Curve::Linear, |bound| bound.usual_curve(has_phases)) {
            out.text("curve", node.curve.word());
        }
        out.some("owner", &node.owner);
    }
}

fn node(out: &mut Text, node: &Node, (has_parts, above, is_money): (bool, Option<NodeOp>, bool)) {
    out.text("label", &node.label);
    if node.parent_id.is_none() && node.role != NodeRole::Primary {
        out.text("role", node.role.word());
    }
    if has_parts {
        out.text("op", node.op.word());
    }
    out.flag("minus", node.sign < 0 && matches!(above, Some(NodeOp::Sum | NodeOp::Ratio)));
    out.some("metric", node.metric.as_deref().unwrap_or_default());
    out.flag("draft", node.draft || (!has_parts && node.metric.as_deref().unwrap_or_default().is_empty()));
    filter(out, &node.filter);
    out.maybe("start", node.start);
    out.maybe("finish", node.finish);
    out.number("baseline", node.baseline, is_money);
    out.maybe("baseline_from", node.baseline_from);
    out.maybe("baseline_to", node.baseline_to);
    out.number("floor", node.floor, is_money);
    out.number("target", node.target, is_money);
    out.number("stretch", node.stretch, is_money);
    out.number("cap", node.cap, is_money);
    if node.weight.to_bits() != 1_f64.to_bits() {
        out.number("weight", Some(node.weight), false);
    }
    out.flag("locked", node.locked);
}

fn resource(out: &mut Text, resource: &Resource) {
    out.table("[[resource]]");
    out.text("name", &resource.name);
    out.text("scope", resource.scope.word());
    out.text("kind", resource.kind.word());
    out.some("provider", &resource.provider);
    out.text("state", resource.state.word());
    for (key, micros) in [("asked", resource.planned_micros), ("granted", resource.granted_micros)] {
        if micros != 0 {
            out.plain(key, amounts::write_micros(micros));
        }
    }
    out.maybe("needed_by", resource.needed_by);
}

fn task(out: &mut Text, plan: &Plan, task: &Task) {
    out.text("title", &task.title);
    if task.kind != TaskKind::Other {
        out.text("kind", task.kind.word());
    }
    if task.op_type != plan.op_type {
        out.text("type", task.op_type.word());
    }
    match task.anchor {
        Some(anchor) => out.text("due", &anchor.write(task.offset_days.unwrap_or(0))),
        None => out.maybe("due", task.due),
    }
    out.maybe("scheduled", task.scheduled);
    out.maybe("wait_until", task.wait_until);
    if task.state != TaskState::Todo {
        out.text("state", task.state.word());
    }
    out.maybe("done", task.done_at);
    out.maybe("estimate", task.estimate_min);
    out.maybe("actual", task.actual_min);
    if task.priority != 0 {
        out.plain("priority", task.priority);
    }
    out.some("owner", &task.owner);
    out.maybe("repeat_days", task.repeat_days);
    if let Some(mode) = task.repeat_mode {
        out.text("repeat", mode.word());
    }
}

/// Lines of a file.
struct Text(String);

impl Text {
    fn table(&mut self, name: &str) {
        let _ = writeln!(self.0, "\n{name}");
    }

    fn plain(&mut self, key: &str, value: impl Display) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn maybe(&mut self, key: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.plain(key, value);
        }
    }

    fn number(&mut self, key: &str, value: Option<f64>, is_money: bool) {
        self.maybe(key, value.and_then(|value| amounts::write(value, is_money)));
    }

    fn flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.plain(key, flag);
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        self.plain(key, quoted(text));
    }

    fn some(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.text(key, text);
        }
    }

    fn texts(&mut self, key: &str, list: &[String]) {
        if !list.is_empty() {
            let list: Vec<String> = list.iter().map(|text| quoted(text)).collect();
            self.plain(key, format!("[{}]", list.join(", ")));
        }
    }
}

/// A text of TOML in one line, its control characters as escapes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
