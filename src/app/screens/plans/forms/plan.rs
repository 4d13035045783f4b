//! A plan: what, when, why.

use crate::domain::calendar::{Day, Grain};
use crate::domain::plans::{Edit, Filter, Focus, OpType, Phase, PhaseKind, Plan};
use crate::query::{Fault, NewPlan, PlanBoard, PlanOrder, Unit};
use crate::ui::amount;

use super::super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::super::view::Env;
use super::{METRICS_HINT, all, fault, metric, unit, words};

/// A new plan: what, when, why.
pub fn new_plan(env: &Env<'_>) -> Form {
    let text = |name, hint: &str| Field::new(name, Kind::Text, "", hint);
    let start = env.calendar().shift(Grain::Month, env.today, 1).first;
    let finish = env.calendar().bucket(Grain::Month, start).last;
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
            spend_filter: Filter { channels: channels.map(str::to_owned).collect(), ..plan.spend_filter.clone() },
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
        let kind = PhaseKind::parse(kind);
        let days = days.split_once("..").and_then(|(a, b)| Day::parse(a).zip(Day::parse(b)));
        let share = amount::parse(share, Unit::Rate).ok();
        let (Some(kind), Some((start, finish)), Some(share)) = (kind, days, share) else { return Err(why(part)) };
        Ok(Phase { plan_id, seq: seq as i64, kind, start, finish, share })
    };
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).enumerate().map(read).collect()
}
