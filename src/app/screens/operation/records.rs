//! What is moved on from a tab, and numbers that become targets.

use crate::domain::calendar::Day;
use crate::domain::plans::{CompetitorNote, Edit, Node, NodeRole, NoteVerdict, OpType};
use crate::query::{Command, Narrow, NewPlan, PlanBoard, PlanOrder, Unit, find_metric};
use crate::ui::amount;
use crate::ui::when::when;

use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::entry::{Ask, Entry};
use super::super::super::number;
use super::super::super::view::{Layer, Request};
use super::super::super::written;

/// The next verdict on what a competitor did.
pub fn verdict_on(one: &CompetitorNote) -> Request {
    let all = NoteVerdict::ALL;
    let at = all.iter().position(|verdict| *verdict == one.verdict).unwrap_or(0);
    let verdict = all[(at + 1) % all.len()];
    let mut edit = Edit::new(format!("note: {}", verdict.word()));
    edit.set(one.clone(), CompetitorNote { verdict, ..one.clone() });
    Request::Run(Command::Plan(PlanOrder::Edit(edit)))
}

/// Where a number can become a target: a plan of its own, or what an open plan of the type must not miss.
///
/// # Errors
/// Why it can be no target.
pub fn target(
    metric: &'static str,
    narrow: &Narrow,
    op: OpType,
    (board, today): (&PlanBoard, Day),
) -> Result<Box<dyn Layer>, String> {
    if narrow.event.is_some() {
        return Err("a target counts all of a metric or a part by channel or stream, not one event".to_owned());
    }
    let name = [Some(number::name_of(metric)), narrow.channel.as_deref(), narrow.stream.as_deref()];
    let label = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let whole = *narrow == Narrow::default();
    let mut rows = Vec::new();
    if whole {
        rows.push(ChoiceRow::new("a new plan", format!("with {label} as its target"), move || {
            vec![Request::Push(Box::new(new_plan(metric, op, today)))]
        }));
    }
    for row in board.plans.iter().filter(|row| row.plan.op_type == op && !row.status.is_over()) {
        let (plan, frozen) = (row.plan.id, row.plan.status.is_frozen());
        let (label, narrow) = (label.clone(), narrow.clone());
        rows.push(ChoiceRow::new(row.plan.name(), format!("must not miss {label}"), move || {
            vec![Request::Push(Box::new(guardrail(metric, &label, &narrow, (plan, frozen))))]
        }));
    }
    if rows.is_empty() {
        return Err(format!("no plan of this type is open that {label} could belong to; 8 Plans, a makes one"));
    }
    Ok(Box::new(Chooser::new(format!("Target: {label}"), rows)))
}

fn unit(metric: &str) -> Unit {
    find_metric(metric).map_or(Unit::Times, |metric| metric.unit)
}

/// Asks for a value in the unit of a metric.
fn ask_value(metric: &'static str, label: String) -> Ask {
    Ask::new(label, move |text| {
        amount::parse(text, unit(metric)).map(|value| format!("reads {}", amount::full(Some(value), unit(metric))))
    })
}

fn text_of(texts: &[String], at: usize) -> &str {
    texts.get(at).map_or("", |text| text.trim())
}

fn new_plan(metric: &'static str, op: OpType, today: Day) -> Entry {
    let name = number::name_of(metric);
    let asks = vec![
        ask_value(metric, format!("target of {name}")),
        Ask::words("title of the plan", "a plan needs a title"),
        Ask::new("last day", move |text| when(text).map(|day| written::day_told(day.from(today), today))).hint("+30d"),
        Ask::new("owner", |_| Ok(String::new())),
    ];
    let make = move |texts: &[String]| {
        Ok(PlanOrder::New(Box::new(NewPlan {
            op_type: op,
            title: text_of(texts, 1).to_owned(),
            method: String::new(),
            focus: None,
            owner: text_of(texts, 3).to_owned(),
            start: today,
            finish: when(text_of(texts, 2))?.from(today),
            phases: Vec::new(),
            observe_days: 7,
            revenue_link: None,
            strategy: None,
            metric: Some(metric.to_owned()),
            target: Some(amount::parse(text_of(texts, 0), unit(metric))?),
            audience: String::new(),
            place: String::new(),
            mechanic: String::new(),
        })))
    };
    Entry::order(format!("plan for {name}"), asks, make)
}

fn guardrail(metric: &'static str, label: &str, narrow: &Narrow, (plan, frozen): (i64, bool)) -> Entry {
    let mut asks = vec![ask_value(metric, format!("{label} must not miss"))];
    if frozen {
        asks.push(Ask::words("why; the plan runs", "a running plan changes with a reason"));
    }
    let (key, label, narrow) = (format!("guardrail {label}"), label.to_owned(), narrow.clone());
    let make = move |texts: &[String]| {
        let mut node = Node::new(plan, NodeRole::Guardrail);
        node.metric = Some(metric.to_owned());
        node.label.clone_from(&label);
        node.target = Some(amount::parse(text_of(texts, 0), unit(metric))?);
        node.filter.channels = narrow.channel.iter().cloned().collect();
        node.filter.streams = narrow.stream.iter().cloned().collect();
        let reason = text_of(texts, 1).to_owned();
        Ok(PlanOrder::Node { before: None, after: Box::new(node), reason })
    };
    Entry::order(key, asks, make)
}
