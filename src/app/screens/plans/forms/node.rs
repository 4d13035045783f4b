//! A node of a target tree.

use crate::domain::plans::{Curve, Filter, Node, NodeOp, NodeRole};
use crate::query::{Fault, PlanOrder, PlanView, Unit};
use crate::ui::amount;

use super::super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::super::view::Env;
use super::{METRICS_HINT, all, metric, typed, unit, words};

/// A node of a tree, new under a parent or as it is; on a running plan with the reason.
pub fn node(node: &Node, is_new: bool, view: &PlanView) -> Form {
    let unit = unit(node.metric.as_deref());
    let number = |name, value, hint: &str| Field::new(name, Kind::Number, typed(value, unit), hint);
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let mut fields = vec![
        text("label", &node.label, "what it is called"),
        text("metric", node.metric.as_deref().unwrap_or(""), METRICS_HINT),
        Field::word("op", words(NodeOp::ALL, NodeOp::word), node.op.word()),
        Field::word("role", words(NodeRole::ALL, NodeRole::word), node.role.word()),
        Field::word("sign", vec!["+".to_owned(), "-".to_owned()], if node.sign < 0 { "-" } else { "+" }),
        number("target", node.target, "300k, 4,200, 2.5%"),
        number("floor", node.floor, "the least that is acceptable"),
        number("stretch", node.stretch, "beyond all expectation"),
        number("cap", node.cap, "the most that is possible"),
        Field::new("weight", Kind::Number, amount::exact(node.weight, Unit::Times), "its part in proposals"),
        Field::word("curve", words(Curve::ALL, Curve::word), node.curve.word()),
        text("owner", &node.owner, "who answers for it"),
        text("channels", &node.filter.channels.join(", "), "only these channels"),
        text("streams", &node.filter.streams.join(", "), "only these streams"),
        text("platforms", &node.filter.platforms.join(", "), "only these platforms"),
    ];
    if view.head.plan.status.is_frozen() {
        fields.push(text("reason", "", "required: the plan runs"));
    }
    let node = node.clone();
    let saved = move |answers: &Answers<'_>, _env: &Env<'_>| {
        let after = read_node(&node, answers)?;
        let reason = answers.text("reason").to_owned();
        Ok(PlanOrder::Node { before: (!is_new).then(|| Box::new(node.clone())), after: Box::new(after), reason })
    };
    Form::new(if is_new { "NEW PART" } else { "NODE" }, fields, Box::new(saved))
}

fn read_node(node: &Node, answers: &Answers<'_>) -> Result<Node, Vec<Fault>> {
    let metric = metric(answers).map_err(|fault| vec![fault])?;
    let unit = unit(metric.as_deref());
    let numbers = all(["target", "floor", "stretch", "cap"].iter().map(|name| answers.number(name, unit)).collect())?;
    let weight = answers.number("weight", Unit::Times).map_err(|fault| vec![fault])?;
    let list = |name: &str| -> Vec<String> {
        answers.text(name).split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    let op = NodeOp::parse(answers.text("op")).unwrap_or(node.op);
    Ok(Node {
        label: answers.text("label").to_owned(),
        draft: metric.is_none() && op == NodeOp::Leaf,
        op,
        metric,
        role: NodeRole::parse(answers.text("role")).unwrap_or(node.role),
        sign: if answers.text("sign") == "-" { -1 } else { 1 },
        target: numbers[0],
        floor: numbers[1],
        stretch: numbers[2],
        cap: numbers[3],
        weight: weight.unwrap_or(1.0),
        curve: Curve::parse(answers.text("curve")).unwrap_or(node.curve),
        owner: answers.text("owner").to_owned(),
        filter: Filter { channels: list("channels"), streams: list("streams"), platforms: list("platforms") },
        ..node.clone()
    })
}
