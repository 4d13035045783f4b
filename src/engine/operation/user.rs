//! Where active users come from and go, classes of payers, who is won back, and levels.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::days::DayFinder;
use crate::domain::props;
use crate::metrics::number::Number;
use crate::query::{
    Class, Figure, Finding, Move, Narrow, RfmTable, Scope, SectionRow, SectionTable, Split, Value, payer_classes,
};

use super::super::ask::{Ask, metric};
use super::super::sieve::Sieve;
use super::super::view::View;
use super::super::{EngineError, segments, series};
use super::{figure, now, row};

/// Levels shown.
const LEVELS: usize = 12;

/// The parts of active users with the identity, and who went dormant.
pub(super) fn lifecycle(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    const PARTS: [(&str, &str); 3] =
        [("new", "new_users"), ("returning", "returning_users"), ("resurrected", "resurrected_users")];
    let mut rows = Vec::new();
    for (name, id) in PARTS {
        rows.push(row(view, name, Narrow::default(), (&[id], scope))?);
    }
    let total = row(view, "active", Narrow::default(), (&["active_users"], scope))?;
    let dormant = row(view, "dormant", Narrow::default(), (&["dormant_users"], scope))?;
    let quick = figure(view, "quick_ratio", &Narrow::default(), scope)?;
    let nothing = now(&total, 0) == Number::None;
    let span = total.figures[0].value().and_then(|value| value.span);
    let findings = quick.value().filter(|value| value.now != Number::None).map(|value| Finding::QuickRatio(value.now));
    Ok(SectionTable {
        rows: if nothing { Vec::new() } else { rows },
        total: (!nothing).then_some(total),
        partial: (!nothing).then_some(dormant),
        span,
        lacks: nothing.then_some("events, or orders"),
        findings: findings.into_iter().collect(),
        ..SectionTable::default()
    })
}

fn classes(view: &mut View, scope: &Scope) -> Result<Option<RfmTable>, EngineError> {
    let through = view.through_at()?.map_or(view.today, |at| view.calendar.day_of(at).plus(-1));
    let table = segments::rfm(view, &payer_classes(scope, through))?;
    Ok(Some(table).filter(|table| !table.users.is_empty()))
}

/// Payers by class: sizes, flows of a week, net a head.
pub(super) fn rfm(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let Some(found) = classes(view, scope)? else {
        let lacks = Some("revenue with a user");
        return Ok(SectionTable { lacks, ..SectionTable::default() });
    };
    let mut net: FxHashMap<Class, (i128, i128)> = FxHashMap::default();
    let mut all = (0, 0);
    for user in &found.users {
        if let Some(class) = user.class {
            let sum = net.entry(class).or_default();
            (sum.0, sum.1) = (sum.0 + user.monetary, sum.1 + 1);
        }
        all = (all.0 + user.monetary, all.1 + 1);
    }
    let head = |sum: Option<&(i128, i128)>| sum.map_or(Number::None, |(net, users)| Number::money_per(*net, *users));
    let figures = |users: u64, came: u64, left: u64, head: Number| {
        vec![Figure::count(users), Figure::count(came), Figure::count(left), Figure::plain(head)]
    };
    let row = |flow: &crate::query::Flow<Class>| SectionRow {
        name: flow.group.name().replace('_', " "),
        narrow: Narrow::default(),
        figures: figures(flow.users, flow.came, flow.left, head(net.get(&flow.group))),
    };
    let sum = |of: fn(&crate::query::Flow<Class>) -> u64| found.flows.iter().map(of).sum::<u64>();
    let total = SectionRow {
        name: "all payers".to_owned(),
        narrow: Narrow::default(),
        figures: figures(sum(|f| f.users), sum(|f| f.came), sum(|f| f.left), head(Some(&all))),
    };
    let slips = |class: Class| matches!(class, Class::AtRisk | Class::CannotLose);
    let slipping = found.flows.iter().filter(|flow| slips(flow.group));
    let (users, came) = slipping.fold((0, 0), |(users, came), flow| (users + flow.users, came + flow.came));
    Ok(SectionTable {
        rows: found.flows.iter().map(row).collect(),
        total: Some(total),
        span: found.window,
        findings: if users > 0 { vec![Finding::Slipping { users, came }] } else { Vec::new() },
        ..SectionTable::default()
    })
}

/// How payers moved between the classes in a week, the largest moves first.
pub(super) fn moves(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let Some(found) = classes(view, scope)? else {
        let lacks = Some("revenue with a user");
        return Ok(SectionTable { lacks, ..SectionTable::default() });
    };
    let mut moved: Vec<&Move<Class>> = found.moves.iter().filter(|one| one.from != one.to).collect();
    moved.sort_by_key(|one| std::cmp::Reverse(one.users));
    let name = |class: Option<Class>| class.map_or_else(|| "no payer".to_owned(), |c| c.name().replace('_', " "));
    let of = |class: Option<Class>| found.flows.iter().find(|flow| Some(flow.group) == class).map(|flow| flow.users);
    let row = |one: &&Move<Class>| SectionRow {
        name: format!("{} > {}", name(one.from), name(one.to)),
        narrow: Narrow::default(),
        figures: vec![
            Figure::count(one.users),
            Figure::plain(of(one.to).map_or(Number::None, |all| Number::ratio(one.users.into(), all.into()))),
        ],
    };
    Ok(SectionTable { rows: moved.iter().map(row).collect(), span: found.before, ..SectionTable::default() })
}

/// Touches and who came back after them, by channel.
pub(super) fn recall(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    const IDS: [&str; 3] = ["touches_per_user_week", "win_back_rate", "dormant_users"];
    let total = row(view, "total", Narrow::default(), (&IDS, scope))?;
    if now(&total, 0) == Number::None {
        let lacks = Some("events of the role touch, such as push_sent");
        return Ok(SectionTable { lacks, ..SectionTable::default() });
    }
    let parts = series::parts(view, &Ask::of(metric(IDS[0])?, &scope.segment), Split::Channel)?;
    let names: Vec<String> = parts.into_iter().map(|(name, _)| name).collect();
    let mut rows = Vec::new();
    for name in names {
        let narrow = Narrow { channel: Some(name.clone()), ..Narrow::default() };
        let row = row(view, &name, narrow, (&IDS, scope))?;
        if now(&row, 0) != Number::None {
            rows.push(row);
        }
    }
    Ok(SectionTable { rows, total: Some(total), ..SectionTable::default() })
}

/// Users of the period by the highest level they have reached, with the rate of those whose level rose.
pub(super) fn levels(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    if !view.ever("level", |view| Ok(view.store.has_property("level")?))? {
        let lacks = Some("events with a property level, a whole number");
        return Ok(SectionTable { lacks, ..SectionTable::default() });
    }
    let (sieve, mut finder) = (Sieve::new(view, &scope.segment)?, DayFinder::new(view.calendar));
    let mut highest: FxHashMap<u32, (i64, bool)> = FxHashMap::default();
    let rose = figure(view, "level_up_rate", &Narrow::default(), scope)?;
    let span = rose.value().and_then(|value| value.span).unwrap_or(scope.period);
    sieve.rows(view, (None, None, true), &mut |row, text| {
        let level = text.and_then(|text| props::text(text, "level")).and_then(|text| text.trim().parse::<i64>().ok());
        let day = finder.day(row.at);
        if let (Some(user), Some(level)) = (row.user, level)
            && day <= span.last
        {
            let known = highest.entry(user).or_insert((level, false));
            *known = (known.0.max(level), known.1 || day >= span.first);
        }
    })?;
    let mut users: BTreeMap<i64, i128> = BTreeMap::new();
    for (level, _) in highest.values().filter(|(_, seen)| *seen) {
        *users.entry(*level).or_default() += 1;
    }
    let all: i128 = users.values().sum();
    let row = |(level, users): (&i64, &i128)| SectionRow {
        name: format!("level {level}"),
        narrow: Narrow::default(),
        figures: vec![
            Figure::plain(Number::Count(*users)),
            Figure::Value(Value::plain(Number::ratio(*users, all))),
            Figure::Blank,
        ],
    };
    let total = SectionRow {
        name: "with a level".to_owned(),
        narrow: Narrow::default(),
        figures: vec![Figure::plain(Number::Count(all)), Figure::Blank, rose],
    };
    let rows: Vec<SectionRow> = users.iter().map(row).take(LEVELS).collect();
    let nothing = rows.is_empty();
    Ok(SectionTable {
        rows,
        total: (!nothing).then_some(total),
        span: Some(span),
        lacks: nothing.then_some("events with a property level in this period"),
        ..SectionTable::default()
    })
}
