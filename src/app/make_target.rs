//! A number that becomes a target of a plan: which plan, then how much.

use crate::domain::plans::{Book, Filter, Node, NodeOp, NodeRole, Plan};
use crate::query::{Answer, Metric, Narrow, PlanOrder, PlanRow, Query, find_metric};
use crate::ui::amount;

use super::PanelId;
use super::frame::PLANS;
use super::layers::choose::{ChoiceRow, Chooser, refusal};
use super::layers::entry::{Ask, Entry};
use super::view::{Note, Pick, Request};

/// Asks which plan the number, or its part of one channel or stream, is a target of.
pub fn make_target(metric: &'static str, narrow: &Narrow) -> Vec<Request> {
    if narrow.event.is_some() {
        let why = "a target counts all of a metric or a part by channel or stream, not one event";
        return vec![Request::Say(Note::refused(why))];
    }
    let Some(found) = find_metric(metric) else {
        return vec![Request::Say(Note::refused("no plan can be held to this number"))];
    };
    let part = narrow.channel.as_ref().or(narrow.stream.as_ref());
    let label = part.map_or_else(|| found.name.to_owned(), |part| format!("{} of {part}", found.name));
    let filter = Filter {
        channels: narrow.channel.iter().cloned().collect(),
        streams: narrow.stream.iter().cloned().collect(),
        ..Filter::default()
    };
    let title = format!("{label} is a target of");
    let rows = move |answer: Answer| {
        let Answer::Plans(board) = answer else { return Vec::new() };
        let open = board.plans.iter().filter(|row| !row.status.is_over());
        let mut rows: Vec<ChoiceRow> = open.map(|row| choice(row, &board.book, found, (&label, &filter))).collect();
        let none = rows.is_empty();
        rows.push(if filter.is_all() {
            ChoiceRow::new("a new plan", "as its target", move || {
                vec![Request::Go(PLANS), Request::Picked(vec![Pick::NewPlan(metric)])]
            })
        } else {
            refusal("a new plan", "T on the whole number begins one; its parts come after")
        });
        if none {
            rows.push(refusal("no plan is open", "8, then a writes a plan"));
        }
        rows
    };
    vec![Request::Push(Box::new(Chooser::asking(title, PanelId::TARGETS, Query::Plans, rows)))]
}

/// A plan with the place that the number would have in it.
fn choice(row: &PlanRow, book: &Book, metric: &Metric, (label, filter): (&str, &Filter)) -> ChoiceRow {
    let plan = &row.plan;
    let node = Node {
        metric: Some(metric.id.to_owned()),
        filter: filter.clone(),
        label: label.to_owned(),
        ..Node::new(plan.id, NodeRole::Driver)
    };
    let taken = book.tree(plan.id).into_iter().any(|one| one.metric == node.metric && one.filter == node.filter);
    if taken {
        return refusal(plan.name(), "has it already");
    }
    let (node, place) = placed(node, book, metric);
    let unit = metric.unit;
    let (plan, label) = (plan.clone(), label.to_owned());
    ChoiceRow::new(plan.name(), place, move || {
        let value = Ask::new(format!("target of {label}"), move |text| {
            amount::parse(text, unit).map(|value| format!("reads {}", amount::full(Some(value), unit)))
        });
        vec![Request::Push(Box::new(entry(&plan, value, node)))]
    })
}

/// The target of a plan that has none; a part of it where both add up; else it stands beside the tree and must be kept.
fn placed(node: Node, book: &Book, metric: &Metric) -> (Node, String) {
    let Some(top) = book.primary(node.plan_id) else {
        return (Node { role: NodeRole::Primary, ..node }, "as its target".to_owned());
    };
    let adds = matches!(top.op, NodeOp::Leaf | NodeOp::Sum);
    let same_unit = top.metric.as_deref().and_then(find_metric).is_some_and(|found| found.unit == metric.unit);
    let seq_under = |parent: Option<i64>| {
        let mates = book.nodes.iter().filter(|one| one.plan_id == node.plan_id && one.parent_id == parent);
        mates.map(|one| one.seq + 1).max().unwrap_or(0)
    };
    if adds && same_unit {
        let seq = seq_under(Some(top.id));
        return (Node { parent_id: Some(top.id), seq, ..node }, format!("as a part of {}", top.label));
    }
    let seq = seq_under(None);
    (Node { role: NodeRole::Guardrail, seq, ..node }, "beside its tree, as a guardrail".to_owned())
}

fn entry(plan: &Plan, value: Ask, node: Node) -> Entry {
    let mut asks = vec![value];
    if plan.status.is_frozen() {
        asks.push(Ask::words("why is it added, while the plan runs", "a running plan changes with a reason"));
    }
    let unit = node.metric.as_deref().and_then(find_metric).map(|metric| metric.unit);
    let make = move |texts: &[String]| {
        let text = |at: usize| texts.get(at).map_or("", |text| text.trim());
        let target = unit.map(|unit| amount::parse(text(0), unit)).transpose()?;
        let after = Box::new(Node { target, ..node.clone() });
        Ok(PlanOrder::Node { before: None, after, reason: text(1).to_owned() })
    };
    Entry::order(String::new(), asks, make)
}
