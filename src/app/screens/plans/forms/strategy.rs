//! A strategy: a direction for a time.

use crate::domain::plans::{Edit, Focus, Strategy, StrategyStatus};
use crate::query::PlanOrder;

use super::super::super::super::layers::form::{Answers, Field, Form, Kind};
use super::super::super::super::view::Env;
use super::{all, words};

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
