//! A node of a tree in a form, and a new part of one.

use crate::domain::calendar::Day;
use crate::domain::plans::{Curve, Node, NodeOp, NodeRole, Plan, Table};
use crate::query::{Fault, PlanBoard, PlanOrder, PlanView, TreeRow, Unit};
use crate::ui::amount;

use super::super::super::super::layers::form::{FieldRow, Form, Kind, Pool, Values};
use super::super::super::super::written;
use super::{day_text, fault, field, need, open_day, options};

const FIELDS: &[FieldRow] = &[
    need(field("label", "WHAT", "label", Kind::Text, "what it is called in the tree")),
    field(
        "metric",
        "WHAT",
        "metric",
        Kind::Known(options::metrics),
        "what measures it; two as net/orders, a daily fact as fact:name",
    ),
    need(field("op", "WHAT", "from parts", Kind::Choice(options::ops), "how its value follows")),
    need(field("role", "WHAT", "role", Kind::Choice(options::roles), "what it is to the plan")),
    need(field("sign", "WHAT", "sign", Kind::Choice(options::signs), "in its parent's arithmetic")),
    field("filter", "WHAT", "rows of", Kind::Filter, "channel=feed-a,feed-b platform=ios stream=ads"),
    field("owner", "WHAT", "owner", Kind::Known(options::owners), "one name answers for a leaf"),
    field("floor", "VALUES", "floor", Kind::Amount, "the least that is still acceptable"),
    field("target", "VALUES", "target", Kind::Amount, "what is to be reached"),
    field("stretch", "VALUES", "stretch", Kind::Amount, "beyond all expectation"),
    field("cap", "VALUES", "cap", Kind::Amount, "the most that is possible; proposals stay below"),
    need(field("weight", "VALUES", "weight", Kind::Number, "its part in what is proposed; 1 is as much as the others")),
    need(field("curve", "VALUES", "curve", Kind::Choice(options::curves), "how its target spreads over the period")),
    field("start", "OWN DAYS", "start", Kind::Day(""), "first day of a part of the period; empty is the whole plan"),
    field("finish", "OWN DAYS", "finish", Kind::Day("start"), "last day of the part; +6d counts from its start"),
    need(field("reason", "WHY", "reason", Kind::Text, "the plan runs: why it changes, for the revisions")),
];

/// A running plan asks for a reason, any other does not.
fn rows(plan: &Plan) -> &'static [FieldRow] {
    if plan.status.is_frozen() { FIELDS } else { &FIELDS[..FIELDS.len() - 1] }
}

fn texts(node: &Node, unit: Unit) -> Vec<String> {
    let value = |value: Option<f64>| value.map_or_else(String::new, |v| typed(v, unit));
    FIELDS
        .iter()
        .map(|row| match row.id {
            "label" => node.label.clone(),
            "metric" => node.metric.clone().unwrap_or_default(),
            "op" => node.op.word().to_owned(),
            "role" => node.role.word().to_owned(),
            "sign" => node.sign.to_string(),
            "filter" => written::filter_text(&node.filter),
            "owner" => node.owner.clone(),
            "start" => day_text(node.start),
            "finish" => day_text(node.finish),
            "floor" => value(node.floor),
            "target" => value(node.target),
            "stretch" => value(node.stretch),
            "cap" => value(node.cap),
            "weight" => node.weight.to_string(),
            "reason" => String::new(),
            _ => node.curve.word().to_owned(),
        })
        .collect()
}

/// A value as it is typed: rates with their sign.
fn typed(value: f64, unit: Unit) -> String {
    if unit == Unit::Rate {
        return format!("{}%", amount::exact(value * 100.0, Unit::Times));
    }
    amount::exact(value, unit)
}

/// The node under the cursor.
pub fn node(board: &PlanBoard, view: &PlanView, row: &TreeRow, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: Some(row.node.plan_id), today };
    let (before, unit) = (row.node.clone(), row.unit);
    let metric = before.metric.clone().unwrap_or_default();
    let title = format!("{} > {}", view.head.plan.name(), row.node.label);
    let begin = texts(&row.node, unit);
    Form::new(title, rows(&view.head.plan), begin.clone(), &pool, move |values| {
        let after = filled(values, &before, &begin)?;
        Ok(order(Some(&before), after, values))
    })
    .of((Table::Node, row.node.id))
    .unit(move |values| {
        if values.text("metric") == metric {
            Some(unit)
        } else {
            options::unit_of(values.text("metric")).or(Some(unit))
        }
    })
}

/// A new part of the node under the cursor; a leaf becomes a sum of its parts. What is no part of the arithmetic stands
/// beside the tree.
pub fn part(board: &PlanBoard, view: &PlanView, row: &TreeRow, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: Some(row.node.plan_id), today };
    let (parent, unit) = (row.node.clone(), row.unit);
    let (seq, root) = (board.book.next_seq(parent.plan_id, Some(parent.id)), board.book.next_seq(parent.plan_id, None));
    let blank =
        Node { parent_id: Some(parent.id), seq, curve: parent.curve, ..Node::new(parent.plan_id, NodeRole::Driver) };
    let title = format!("{} > new part of {}", view.head.plan.name(), parent.label);
    let begin = texts(&blank, unit);
    Form::new(title, rows(&view.head.plan), begin.clone(), &pool, move |values| {
        let mut after = filled(values, &blank, &begin)?;
        if after.role != NodeRole::Driver {
            (after.parent_id, after.seq) = (None, root);
        }
        Ok(order(None, after, values))
    })
    .of((Table::Node, row.node.id))
    .unit(move |values| options::unit_of(values.text("metric")).or(Some(unit)))
}

/// The primary target of a plan that has none.
pub fn primary(board: &PlanBoard, plan: &Plan, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: Some(plan.id), today };
    let blank = Node { label: plan.title.clone(), curve: Curve::Weekday, ..Node::new(plan.id, NodeRole::Primary) };
    let title = format!("{} > target", plan.name());
    let begin = texts(&blank, Unit::Users);
    Form::new(title, rows(plan), begin.clone(), &pool, move |values| {
        let after = filled(values, &blank, &begin)?;
        Ok(order(None, after, values))
    })
    .of((Table::Plan, plan.id))
    .unit(|values| options::unit_of(values.text("metric")))
}

fn order(before: Option<&Node>, after: Node, values: &Values<'_>) -> PlanOrder {
    let before = before.map(|node| Box::new(node.clone()));
    PlanOrder::Node { before, after: Box::new(after), reason: values.text("reason").to_owned() }
}

/// The node with the values of the form; an amount whose text was not touched keeps its exact value.
fn filled(values: &Values<'_>, before: &Node, begin: &[String]) -> Result<Node, Vec<Fault>> {
    let metric = Some(values.text("metric").to_owned()).filter(|metric| !metric.is_empty());
    let op = NodeOp::parse(values.text("op")).unwrap_or(before.op);
    let amount = |id: &str, old: Option<f64>| {
        let at = FIELDS.iter().position(|row| row.id == id).unwrap_or(0);
        if begin.get(at).is_some_and(|text| text == values.text(id)) { old } else { values.amount(id) }
    };
    let after = Node {
        label: values.text("label").to_owned(),
        draft: op == NodeOp::Leaf && metric.is_none(),
        metric,
        op,
        role: NodeRole::parse(values.text("role")).unwrap_or(before.role),
        sign: values.count("sign").unwrap_or(1),
        filter: values.filter("filter"),
        owner: values.text("owner").to_owned(),
        start: open_day(values, "start"),
        finish: open_day(values, "finish"),
        floor: amount("floor", before.floor),
        target: amount("target", before.target),
        stretch: amount("stretch", before.stretch),
        cap: amount("cap", before.cap),
        weight: values.number("weight").unwrap_or(before.weight),
        curve: Curve::parse(values.text("curve")).unwrap_or(before.curve),
        ..before.clone()
    };
    let metric = after.metric.as_deref().unwrap_or_default();
    // A daily fact or a pair that the table does not know keeps what it was bound to.
    if after.metric != before.metric && !metric.is_empty() && options::unit_of(metric).is_none() {
        return Err(fault("metric", "is no metric; F3 lists them"));
    }
    match (after.start, after.finish) {
        (Some(_), None) => return Err(fault("finish", "a part of the period has a first and a last day")),
        (None, Some(_)) => return Err(fault("start", "a part of the period has a first and a last day")),
        _ => {}
    }
    match (after.target, after.cap) {
        (Some(target), Some(cap)) if target > cap => {
            Err(fault("target", "is above the cap, the most that is possible"))
        }
        _ => Ok(after),
    }
}
