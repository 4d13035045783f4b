//! The brief as one object. A change of a name or a meaning needs the next number of the schema; a new name does not.

use serde_json::{Value, json};

use crate::app::brief::{Brief, about_word, lamp_state, verdict};
use crate::query::{Cause, Coverage, Lamp, LampFact, Place, Primary, Sign, Status, TaskRow, Today, Unit};

/// Name and version of the shape.
const SCHEMA: &str = "quarterdeck.brief/1";

/// What the object holds, name by name, as JSON Schema.
pub const SHAPE: &str = include_str!("schema.json");

/// The object as text.
pub fn of(today: &Today, status: &Status, brief: &Brief) -> String {
    let sources = today.sources.iter().filter(|source| !source.ended);
    let object = json!({
        "schema": SCHEMA,
        "today": today.today.to_string(),
        "through": status.through.map(|day| day.to_string()),
        "product": status.profile.product,
        "stage": status.profile.stage,
        "currency": status.profile.currency.map(|currency| currency.to_string()),
        "sources": sources.map(|s| json!({"name": s.name, "kind": s.kind.name(), "stale_days": s.stale_days})).collect::<Vec<_>>(),
        "primaries": today.primaries.iter().map(primary).collect::<Vec<_>>(),
        "causes": today.causes.iter().map(cause).collect::<Vec<_>>(),
        "snoozed": today.snoozed,
        "work": {
            "due": today.work.due,
            "overdue": today.work.overdue,
            "blocked": today.work.blocked,
            "tasks": today.work.tasks.iter().map(task).collect::<Vec<_>>(),
            "focus": today.work.focus.iter().map(task).collect::<Vec<_>>(),
            "done": today.work.done,
        },
        "matrix": {
            "covered": today.matrix.covered,
            "of": today.matrix.all,
            "types": today.matrix.cells.iter().zip(crate::domain::plans::OpType::ALL).map(|(cells, op)| {
                let [plan, targets, data, review] = cells.map(coverage);
                json!({"type": op.word(), "plan": plan, "targets": targets, "live_data": data, "review": review})
            }).collect::<Vec<_>>(),
        },
        "lamps": today.lamps.iter().map(lamp).collect::<Vec<_>>(),
        "feedback": {"new": today.feedback.0, "oldest_days": today.feedback.1},
        "text": brief.lines(),
    });
    serde_json::to_string_pretty(&object).unwrap_or_default()
}

/// Money in whole units of the currency, everything else as it is.
fn value(value: Option<f64>, unit: Unit) -> Value {
    let scale = if matches!(unit, Unit::Money | Unit::MoneyPer) { 1e6 } else { 1.0 };
    value.map_or(Value::Null, |value| json!(value / scale))
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Users => "users",
        Unit::Orders => "orders",
        Unit::Events => "count",
        Unit::Money => "money",
        Unit::MoneyPer => "money_per",
        Unit::EventsPer => "events_per",
        Unit::Rate => "rate",
        Unit::Times => "times",
    }
}

fn primary(primary: &Primary) -> Value {
    let course = &primary.course;
    let of = |one: Option<f64>| value(one, course.unit);
    json!({
        "plan": primary.plan,
        "name": primary.name,
        "type": primary.op_type.word(),
        "node": course.node,
        "label": course.label,
        "unit": unit(course.unit),
        "actual": of(course.actual),
        "line": of(course.line),
        "target": of(course.target),
        "pace": course.pace,
        "lead_days": course.lead,
        "forecast": of(course.outlook.map(|outlook| outlook.value)),
        "low": of(course.outlook.map(|outlook| outlook.low)),
        "high": of(course.outlook.map(|outlook| outlook.high)),
        "p_hit": course.outlook.map(|outlook| outlook.p_hit),
        "standing": verdict(primary.standing).0,
    })
}

fn cause(cause: &Cause) -> Value {
    let sign = cause.sign.map(|sign| match sign {
        Sign::Outside => "outside",
        Sign::Run => "run",
        Sign::Shift => "shift",
        Sign::Missing => "missing",
    });
    let (plan, node) = match cause.place {
        Place::Node { plan, node } => (Some(plan), Some(node)),
        _ => (None, None),
    };
    json!({
        "key": cause.place.key(),
        "label": cause.label,
        "plan": plan,
        "node": node,
        "unit": unit(cause.unit),
        "actual": value(cause.actual, cause.unit),
        "usual": value(cause.usual, cause.unit),
        "effect": cause.effect.map_or(Value::Null, |(by, of)| value(Some(by), of)),
        "effect_unit": cause.effect.map(|(_, of)| unit(of)),
        "since": cause.since.map(|day| day.to_string()),
        "event": cause.event.as_ref().map(|line| json!({"day": line.day.to_string(), "kind": line.kind.word(), "text": line.body})),
        "sign": sign,
        "covers": cause.covers,
        "mix": cause.split.map(|split| split.mix),
        "rate": cause.split.map(|split| split.rate),
        "channel": cause.channel.as_ref().map(|(name, _)| name),
    })
}

fn task(row: &TaskRow) -> Value {
    json!({
        "id": row.task.id,
        "title": row.task.title,
        "owner": row.task.owner,
        "type": row.task.op_type.word(),
        "due": row.due.map(|day| day.to_string()),
        "urgency": row.urgency,
        "blocks": row.blocks,
    })
}

fn coverage(cell: Coverage) -> &'static str {
    match cell {
        Coverage::Ok => "ok",
        Coverage::Absent => "absent",
        Coverage::Due => "due",
        Coverage::Old => "old",
        Coverage::Aside => "aside",
    }
}

fn lamp(lamp: &Lamp) -> Value {
    json!({
        "name": lamp.name.word(),
        "state": lamp_state(lamp.state).0,
        "facts": lamp.facts.iter().map(fact).collect::<Vec<_>>(),
    })
}

fn fact(fact: &LampFact) -> Value {
    let figures = fact.figures.iter().map(
        |figure| json!({"name": figure.name, "value": value(figure.value, figure.unit), "unit": unit(figure.unit)}),
    );
    json!({
        "measure": fact.measure.code,
        "state": lamp_state(fact.state).0,
        "about": fact.measure.about,
        "figures": figures.collect::<Vec<_>>(),
        "of": fact.about.iter().map(about_word).collect::<Vec<_>>(),
        "key": fact.measure.key,
    })
}
