//! What the forms of plans ask, and what their answers come to.

use crate::domain::plans::{
    Curve, Edit, Focus, Kiss, Lesson, Node, NodeOp, NodeRole, OpType, Phase, Plan, Resource, ResourceKind,
    ResourceScope, ResourceState, Review, Strategy, StrategyStatus, Task, TaskKind, TaskState,
};
use crate::query::{Binding, Fault, NewPlan, PlanBoard, PlanOrder, PlanView, Unit};
use crate::ui::amount;

use super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::view::Env;

/// What a binding may be.
const METRICS_HINT: &str = "net, new_users, net/orders, fact:NAME";

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<String> {
    all.iter().map(|one| word(*one).to_owned()).collect()
}

fn fault(field: &str, text: impl Into<String>) -> Fault {
    Fault { field: field.to_owned(), text: text.into() }
}

fn unit(metric: Option<&str>) -> Unit {
    metric.and_then(|metric| Binding::parse(metric).ok()).map_or(Unit::Times, |binding| binding.unit())
}

fn typed(value: Option<f64>, unit: Unit) -> String {
    value.map(|value| amount::exact(value, unit)).unwrap_or_default()
}

/// A binding as it is typed; empty is none.
fn metric(answers: &Answers<'_>) -> Result<Option<String>, Fault> {
    match answers.text("metric") {
        "" => Ok(None),
        text => Binding::parse(text).map(|_| Some(text.to_owned())).map_err(|why| fault("metric", why)),
    }
}

/// All faults of some answers, or all values.
fn all<T>(found: Vec<Result<T, Fault>>) -> Result<Vec<T>, Vec<Fault>> {
    let mut values = Vec::new();
    let mut faults = Vec::new();
    for one in found {
        match one {
            Ok(value) => values.push(value),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}

/// A new plan: what, when, why.
pub fn new_plan(env: &Env<'_>) -> Form {
    let text = |name, hint: &str| Field::new(name, Kind::Text, "", hint);
    let start = env.calendar().shift(crate::domain::calendar::Grain::Month, env.today, 1).first;
    let finish = env.calendar().bucket(crate::domain::calendar::Grain::Month, start).last;
    let fields = vec![
        Field::word("type", words(OpType::ALL, OpType::word), OpType::Commercial.word()),
        text("title", "what the plan is called"),
        text("owner", "who answers for it"),
        Field::new("method", Kind::Text, "", "ecommerce, paid_ads, winback, activity_mkt, .."),
        Field::new("start", Kind::Day, start.to_string(), "2026-07-01, +7d, mon"),
        Field::new("finish", Kind::Day, finish.to_string(), "2026-07-31, +30d"),
        Field::new("observe", Kind::Number, "7", "days its users are watched after it"),
        Field::new("metric", Kind::Text, "net", METRICS_HINT),
        Field::new("target", Kind::Number, "", "300k, 4,200, 2.5%; empty: later"),
        text("audience", "whom it is for"),
        text("mechanic", "what is done"),
    ];
    Form::new("NEW PLAN", fields, Box::new(|answers, env| Ok(PlanOrder::New(Box::new(read_plan(answers, env)?)))))
}

fn read_plan(answers: &Answers<'_>, env: &Env<'_>) -> Result<NewPlan, Vec<Fault>> {
    let days = all(vec![answers.day("start", env), answers.day("finish", env)])?;
    let metric = metric(answers).map_err(|fault| vec![fault])?;
    let target = answers.number("target", unit(metric.as_deref())).map_err(|fault| vec![fault])?;
    let observe = answers.number("observe", Unit::Times).map_err(|fault| vec![fault])?;
    let op = OpType::parse(answers.text("type")).ok_or_else(|| vec![fault("type", "is none of the seven")])?;
    let text = |name: &str| answers.text(name).to_owned();
    Ok(NewPlan {
        op_type: op,
        title: text("title"),
        method: text("method"),
        focus: None,
        owner: text("owner"),
        start: days[0],
        finish: days[1],
        phases: Vec::new(),
        observe_days: observe.unwrap_or(7.0) as i64,
        revenue_link: None,
        strategy: None,
        metric,
        target,
        audience: text("audience"),
        place: String::new(),
        mechanic: text("mechanic"),
    })
}

/// A plan's own fields, and its phases as `burst 2026-06-13..2026-06-15 55%`.
pub fn edit_plan(plan: &Plan, board: &PlanBoard) -> Form {
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let strategies: Vec<String> =
        std::iter::once("none".to_owned()).chain(board.book.strategies.iter().map(|s| s.title.clone())).collect();
    let mine = plan.strategy_id.and_then(|id| board.book.strategies.iter().find(|s| s.id == id));
    let phases: Vec<Phase> = board.book.phases.iter().filter(|phase| phase.plan_id == plan.id).cloned().collect();
    let spelled: Vec<String> = phases.iter().map(phase_words).collect();
    let fields = vec![
        text("title", &plan.title, "what the plan is called"),
        text("owner", &plan.owner, "who answers for it"),
        Field::word("type", words(OpType::ALL, OpType::word), plan.op_type.word()),
        Field::word("focus", words(Focus::ALL, Focus::word), plan.focus.word()),
        text("method", &plan.method, "ecommerce, paid_ads, winback, activity_mkt, .."),
        Field::new("start", Kind::Day, plan.start.to_string(), ""),
        Field::new("finish", Kind::Day, plan.finish.to_string(), ""),
        text("phase", &spelled.join(", "), "preheat 2026-06-08..2026-06-12 20%, burst .."),
        Field::new("observe", Kind::Number, plan.observe_days.to_string(), "days its users are watched after it"),
        Field::word("strategy", strategies, mine.map_or("none", |s| s.title.as_str())),
        text("spend of", &plan.spend_filter.channels.join(", "), "channels whose imported spend is the plan's own"),
        text("audience", &plan.audience, "whom it is for"),
        text("place", &plan.place, "where it takes place"),
        text("mechanic", &plan.mechanic, "what is done"),
    ];
    let (plan, book) = (plan.clone(), board.book.clone());
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let days = all(vec![answers.day("start", env), answers.day("finish", env)])?;
        let new = read_phases(answers.text("phase"), plan.id).map_err(|fault| vec![fault])?;
        let observe = answers.number("observe", Unit::Times).map_err(|fault| vec![fault])?;
        let strategy = book.strategies.iter().find(|s| s.title == answers.text("strategy")).map(|s| s.id);
        let text = |name: &str| answers.text(name).to_owned();
        let channels = answers.text("spend of").split(',').map(str::trim).filter(|c| !c.is_empty());
        let after = Plan {
            title: text("title"),
            owner: text("owner"),
            op_type: OpType::parse(answers.text("type")).unwrap_or(plan.op_type),
            focus: Focus::parse(answers.text("focus")).unwrap_or(plan.focus),
            method: text("method"),
            start: days[0],
            finish: days[1],
            observe_days: observe.unwrap_or(0.0) as i64,
            strategy_id: strategy,
            spend_filter: crate::domain::plans::Filter {
                channels: channels.map(str::to_owned).collect(),
                ..plan.spend_filter.clone()
            },
            audience: text("audience"),
            place: text("place"),
            mechanic: text("mechanic"),
            ..plan.clone()
        };
        let mut edit = Edit::new(format!("plan {}", after.name()));
        edit.set(plan.clone(), after);
        for (at, old) in phases.iter().enumerate() {
            match new.get(at) {
                Some(now) => edit.set(old.clone(), Phase { seq: old.seq, ..now.clone() }),
                None => edit.remove(old.clone()),
            }
        }
        let first = phases.iter().map(|phase| phase.seq + 1).max().unwrap_or(0);
        for (seq, now) in (first..).zip(new.iter().skip(phases.len())) {
            edit.add(Phase { seq, ..now.clone() });
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new("PLAN", fields, Box::new(saved))
}

fn phase_words(phase: &Phase) -> String {
    format!(
        "{} {}..{} {}%",
        phase.kind.word(),
        phase.start,
        phase.finish,
        amount::exact(phase.share * 100.0, Unit::Times)
    )
}

fn read_phases(text: &str, plan_id: i64) -> Result<Vec<Phase>, Fault> {
    let why = |part: &str| fault("phase", format!("\"{part}\" is none; write burst 2026-06-13..2026-06-15 55%"));
    let read = |(seq, part): (usize, &str)| {
        let [kind, days, share] = part.split_whitespace().collect::<Vec<_>>()[..] else { return Err(why(part)) };
        let kind = crate::domain::plans::PhaseKind::parse(kind);
        let days = days
            .split_once("..")
            .and_then(|(a, b)| crate::domain::calendar::Day::parse(a).zip(crate::domain::calendar::Day::parse(b)));
        let share = amount::parse(share, Unit::Rate).ok();
        let (Some(kind), Some((start, finish)), Some(share)) = (kind, days, share) else { return Err(why(part)) };
        Ok(Phase { plan_id, seq: seq as i64, kind, start, finish, share })
    };
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).enumerate().map(read).collect()
}

/// A strategy, new or as it is.
pub fn strategy(old: Option<&Strategy>, env: &Env<'_>) -> Form {
    let of = |pick: fn(&Strategy) -> &String| old.map(pick).cloned().unwrap_or_default();
    let start = old.map_or(env.today, |s| s.start);
    let finish = old.map_or(env.today.plus(90), |s| s.finish);
    let text = |name, value, hint: &str| Field::new(name, Kind::Text, value, hint);
    let fields = vec![
        text("title", of(|s| &s.title), "what it is called"),
        Field::word("focus", words(Focus::ALL, Focus::word), old.map_or(Focus::Balanced, |s| s.focus).word()),
        text("situation", of(|s| &s.situation), "what is"),
        text("complication", of(|s| &s.complication), "what is in the way"),
        text("hypothesis", of(|s| &s.hypothesis), "what is believed to help"),
        Field::new("start", Kind::Day, start.to_string(), ""),
        Field::new("finish", Kind::Day, finish.to_string(), ""),
        Field::word(
            "status",
            words(StrategyStatus::ALL, StrategyStatus::word),
            old.map_or(StrategyStatus::Active, |s| s.status).word(),
        ),
    ];
    let old = old.cloned();
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let days = all(vec![answers.day("start", env), answers.day("finish", env)])?;
        let text = |name: &str| answers.text(name).to_owned();
        let after = Strategy {
            id: old.as_ref().map_or(-1, |s| s.id),
            title: text("title"),
            situation: text("situation"),
            complication: text("complication"),
            hypothesis: text("hypothesis"),
            focus: Focus::parse(answers.text("focus")).unwrap_or(Focus::Balanced),
            start: days[0],
            finish: days[1],
            status: StrategyStatus::parse(answers.text("status")).unwrap_or(StrategyStatus::Active),
        };
        let mut edit = Edit::new(format!("strategy {}", after.title));
        match &old {
            Some(old) => edit.set(old.clone(), after),
            None => edit.add(after),
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new("STRATEGY", fields, Box::new(saved))
}

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
        filter: crate::domain::plans::Filter {
            channels: list("channels"),
            streams: list("streams"),
            platforms: list("platforms"),
        },
        ..node.clone()
    })
}

/// A task, new or as it is.
pub fn task(old: &Task, is_new: bool) -> Form {
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let due = old.due.map(|day| day.to_string()).unwrap_or_default();
    let relative = match (old.anchor, old.offset_days) {
        (Some(anchor), Some(days)) => format!("{}{days:+}", anchor.word()),
        _ => String::new(),
    };
    let priority = ["none", "!", "!!"];
    let fields = vec![
        text("title", &old.title, "what is to be done"),
        text("owner", &old.owner, "who does it"),
        text("due", if relative.is_empty() { &due } else { &relative }, "fri, +3d, 2026-06-30, start-2, finish+1"),
        text("waits until", &old.wait_until.map(|day| day.to_string()).unwrap_or_default(), "nothing before this day"),
        Field::word("priority", priority.map(str::to_owned).to_vec(), priority[old.priority.clamp(0, 2) as usize]),
        Field::new(
            "minutes",
            Kind::Number,
            old.estimate_min.map(|m| m.to_string()).unwrap_or_default(),
            "it is thought to take",
        ),
        Field::word("kind", words(TaskKind::ALL, TaskKind::word), old.kind.word()),
        Field::word("state", words(TaskState::ALL, TaskState::word), old.state.word()),
    ];
    let old = old.clone();
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let after = read_task(&old, answers, env)?;
        let mut edit = Edit::new(format!("task {}", after.title));
        if is_new {
            edit.add(after);
        } else {
            edit.set(old.clone(), after);
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new(if is_new { "NEW TASK" } else { "TASK" }, fields, Box::new(saved))
}

fn read_task(old: &Task, answers: &Answers<'_>, env: &Env<'_>) -> Result<Task, Vec<Fault>> {
    use crate::domain::plans::Anchor;

    let text = answers.text("due");
    let anchored = Anchor::ALL.iter().find_map(|anchor| {
        let rest = text.strip_prefix(anchor.word())?;
        let days = if rest.is_empty() { Some(0) } else { rest.parse::<i64>().ok() };
        Some((*anchor, days?))
    });
    let due = match text {
        "" => None,
        _ if anchored.is_some() => None,
        _ => Some(answers.day("due", env).map_err(|fault| vec![fault])?),
    };
    let wait = match answers.text("waits until") {
        "" => None,
        _ => Some(answers.day("waits until", env).map_err(|fault| vec![fault])?),
    };
    let minutes = answers.number("minutes", Unit::Times).map_err(|fault| vec![fault])?;
    let state = TaskState::parse(answers.text("state")).unwrap_or(old.state);
    let closes = !state.is_open() && old.state.is_open();
    Ok(Task {
        title: answers.text("title").to_owned(),
        owner: answers.text("owner").to_owned(),
        anchor: anchored.map(|(anchor, _)| anchor),
        offset_days: anchored.map(|(_, days)| days),
        due,
        wait_until: wait,
        priority: ["none", "!", "!!"].iter().position(|word| *word == answers.text("priority")).unwrap_or(0) as i64,
        estimate_min: minutes.map(|minutes| minutes as i64),
        kind: TaskKind::parse(answers.text("kind")).unwrap_or(old.kind),
        state,
        done_at: if state.is_open() {
            None
        } else if closes {
            Some(env.today)
        } else {
            old.done_at
        },
        ..old.clone()
    })
}

/// A resource, new or as it is.
pub fn resource(old: &Resource, is_new: bool) -> Form {
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let money = |name, micros: i64| Field::new(name, Kind::Number, amount::exact(micros as f64, Unit::Money), "60k");
    let fields = vec![
        text("name", &old.name, "what it is called"),
        Field::word("kind", words(ResourceKind::ALL, ResourceKind::word), old.kind.word()),
        Field::word("scope", words(ResourceScope::ALL, ResourceScope::word), old.scope.word()),
        text("provider", &old.provider, "who gives it"),
        money("asked", old.planned_micros),
        money("granted", old.granted_micros),
        Field::word("state", words(ResourceState::ALL, ResourceState::word), old.state.word()),
        text(
            "needed by",
            &old.needed_by.map(|day| day.to_string()).unwrap_or_default(),
            "fri, 2026-06-30; empty: no day",
        ),
    ];
    let old = old.clone();
    let saved = move |answers: &Answers<'_>, env: &Env<'_>| {
        let numbers = all(vec![answers.number("asked", Unit::Money), answers.number("granted", Unit::Money)])?;
        let needed_by = match answers.text("needed by") {
            "" => None,
            _ => Some(answers.day("needed by", env).map_err(|fault| vec![fault])?),
        };
        let after = Resource {
            name: answers.text("name").to_owned(),
            kind: ResourceKind::parse(answers.text("kind")).unwrap_or(old.kind),
            scope: ResourceScope::parse(answers.text("scope")).unwrap_or(old.scope),
            provider: answers.text("provider").to_owned(),
            planned_micros: numbers[0].unwrap_or(0.0) as i64,
            granted_micros: numbers[1].unwrap_or(0.0) as i64,
            state: ResourceState::parse(answers.text("state")).unwrap_or(old.state),
            needed_by,
            ..old.clone()
        };
        let mut edit = Edit::new(format!("resource {}", after.name));
        if is_new {
            edit.add(after);
        } else {
            edit.set(old.clone(), after);
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new(if is_new { "NEW RESOURCE" } else { "RESOURCE" }, fields, Box::new(saved))
}

/// The texts of a review; one that was only filled in is stored with them.
pub fn review(view: &PlanView) -> Form {
    let review = view.review.clone();
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value.replace('\n', "; "), hint);
    let fields = vec![
        text("goal", &review.goal, "what was to be reached"),
        text("result", &review.result, "what was"),
        text("analysis", &review.analysis, "why"),
        text("insight", &review.insight, "what follows"),
        text("luck", &review.luck, "what of it was luck"),
    ];
    let draft = view.review_is_draft;
    let saved = move |answers: &Answers<'_>, _env: &Env<'_>| {
        let text = |name: &str| answers.text(name).to_owned();
        let after = Review {
            goal: text("goal"),
            result: text("result"),
            analysis: text("analysis"),
            insight: text("insight"),
            luck: text("luck"),
            ..review.clone()
        };
        Ok(PlanOrder::Edit(stored(&review, after, draft)))
    };
    Form::new("REVIEW", fields, Box::new(saved))
}

/// The edit that stores a review.
pub fn stored(before: &Review, after: Review, draft: bool) -> Edit {
    let mut edit = Edit::new("review");
    if draft {
        edit.add(after);
    } else {
        edit.set(before.clone(), after);
    }
    edit
}

/// A lesson, new or as it is; it cites a node or a fact.
pub fn lesson(view: &PlanView, old: Option<&Lesson>) -> Form {
    let nodes: Vec<(String, i64)> =
        view.tree.iter().filter(|row| row.node.id != 0).map(|row| (row.node.label.clone(), row.node.id)).collect();
    let labels: Vec<String> =
        std::iter::once("none".to_owned()).chain(nodes.iter().map(|(label, _)| label.clone())).collect();
    let cited = old.and_then(|lesson| lesson.node_id).and_then(|id| nodes.iter().find(|(_, node)| *node == id));
    let text = |name, value: &str, hint: &str| Field::new(name, Kind::Text, value, hint);
    let fields = vec![
        Field::word("what to do", words(Kiss::ALL, Kiss::word), old.map_or(Kiss::Keep, |lesson| lesson.kiss).word()),
        text("lesson", old.map_or("", |lesson| &lesson.body), "one sentence"),
        Field::word("node", labels, cited.map_or("none", |(label, _)| label.as_str())),
        text("fact", old.map_or("", |lesson| &lesson.evidence), "what it stands on, where no node says it"),
        Field::word(
            "sure",
            vec!["1".into(), "2".into(), "3".into()],
            old.map_or(2, |lesson| lesson.confidence).to_string(),
        ),
    ];
    let (old, plan, review, draft) = (old.cloned(), view.head.plan.clone(), view.review.clone(), view.review_is_draft);
    let saved = move |answers: &Answers<'_>, _env: &Env<'_>| {
        let after = Lesson {
            id: old.as_ref().map_or(-1, |lesson| lesson.id),
            review_id: review.id,
            kiss: Kiss::parse(answers.text("what to do")).unwrap_or(Kiss::Keep),
            body: answers.text("lesson").to_owned(),
            op_type: plan.op_type,
            method: plan.method.clone(),
            evidence: answers.text("fact").to_owned(),
            node_id: nodes.iter().find(|(label, _)| label == answers.text("node")).map(|(_, id)| *id),
            confidence: answers.text("sure").parse().unwrap_or(2),
        };
        let mut edit = Edit::new(format!("lesson {}", after.kiss.word()));
        if draft {
            edit.add(review.clone());
        }
        match &old {
            Some(old) => edit.set(old.clone(), after),
            None => edit.add(after),
        }
        Ok(PlanOrder::Edit(edit))
    };
    Form::new("LESSON", fields, Box::new(saved))
}
