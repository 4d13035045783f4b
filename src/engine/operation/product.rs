//! How users get through the product, and which features bring them back.

use rustc_hash::FxHashMap;

use crate::domain::calendar::Span;
use crate::domain::roles::EventRole;
use crate::metrics::catalog::Feed;
use crate::metrics::compare::within_chance;
use crate::metrics::number::Number;
use crate::query::{
    ANY_ACTIVITY, Entry, EventFilter, EventName, FUNNEL_STEPS, Figure, Finding, FunnelQuery, FunnelRule, FunnelSteps,
    Narrow, Scope, SectionRow, SectionTable, Value,
};

use super::super::view::View;
use super::super::{EngineError, funnel as funnels, roles, series};
use super::figure;

/// What the steps of the funnel do, in their order; the first step is any activity. A role without an event has no step.
const STEPS: [EventRole; 6] =
    [EventRole::Signup, EventRole::Activate, EventRole::View, EventRole::Cart, EventRole::Checkout, EventRole::Pay];

/// Steps from which a purchase can be told; sign-ups are of new users only and do not stand before it.
const SHOP: [EventRole; 3] = [EventRole::Cart, EventRole::Checkout, EventRole::Pay];

/// What every new user does once, and what happens to users.
const NO_FEATURES: [EventRole; 6] = [
    EventRole::Signup,
    EventRole::PayFail,
    EventRole::AdImpression,
    EventRole::AdRequest,
    EventRole::AdFill,
    EventRole::Crash,
];

/// Features shown: those with the most users.
const FEATURES: usize = 8;
/// Days after the first in which a feature is to be tried.
const TRIED: i32 = 6;
const SEVENTH: i32 = 7;
/// Seconds of a day.
const DAY: u64 = 86_400;

/// Answers `Query::FunnelSteps`.
pub(in crate::engine) fn funnel_steps(view: &mut View) -> Result<FunnelSteps, EngineError> {
    let names = roles::names(view)?;
    let stored = view.store.stored_settings()?.into_iter().find(|one| one.key == FUNNEL_STEPS);
    let kept = stored.as_ref().and_then(|one| serde_json::from_str(&one.value).ok());
    let steps = kept.unwrap_or_else(|| usual(&names));
    Ok(FunnelSteps { steps, stored, names: names.into_iter().map(|one| one.name).collect() })
}

/// Steps of a funnel by the roles that event names have, the most frequent name of each role, which stands first.
fn usual(names: &[EventName]) -> Vec<Option<String>> {
    let often = |role: &EventRole| names.iter().find(|name| name.role == Some(*role));
    let shop = SHOP.iter().any(|role| often(role).is_some());
    let fits = |role: &&EventRole| !shop || !matches!(role, EventRole::Signup | EventRole::Activate);
    let named = STEPS.iter().filter(fits).filter_map(often);
    std::iter::once(None).chain(named.map(|one| Some(one.name.clone()))).collect()
}

/// Users by the step they reached, with the rates of the period and of its comparison.
pub(super) fn funnel(view: &mut View, scope: &Scope, rule: &FunnelRule) -> Result<SectionTable, EngineError> {
    const LACKS: &str = "events of two steps: view, cart, checkout, pay; or signup, activate";
    let steps: Vec<EventFilter> =
        funnel_steps(view)?.steps.iter().map(|name| EventFilter::named(name.as_deref())).collect();
    let extent = view.extent(Feed::Events)?;
    let periods = series::periods(scope.period, scope.comparison, extent.horizon.through);
    let Some(_) = extent.seen(periods.now).filter(|_| steps.len() > 1) else {
        return Ok(SectionTable { lacks: Some(LACKS), ..SectionTable::default() });
    };
    let last = steps.len() - 1;
    let mut told = |span: Span| -> Result<_, EngineError> {
        let query = FunnelQuery {
            steps: steps.clone(),
            order: rule.order,
            entry: Entry::default(),
            segment: scope.segment.clone(),
            span: Some(span),
            histogram: (0, last, None),
            ..FunnelQuery::new(&[], Some(u64::from(rule.days) * DAY))
        };
        Ok(funnels::answer(view, &query)?.whole.conversion.steps)
    };
    let now = told(periods.now)?;
    let before = periods.before.filter(|span| span.first >= extent.first).map(&mut told).transpose()?;
    let rate = |steps: &[crate::query::Step], at: usize, of: usize| {
        Number::ratio(steps[at].users.into(), steps[of].users.into())
    };
    let compared = |at: usize, of: usize| {
        let then = before.as_ref().map_or(Number::None, |steps| rate(steps, at, of));
        let value = Value { before: then, ..Value::plain(rate(&now, at, of)) };
        Value { within_chance: within_chance(value.now, value.before), ..value }
    };
    let row = |(at, filter): (usize, &EventFilter)| {
        let of_previous = at.checked_sub(1).map(|of| compared(at, of));
        let users = Value { running: now[at].open > 0, ..Value::plain(Number::Count(now[at].users.into())) };
        SectionRow {
            name: format!("{} {}", at + 1, filter.name.as_deref().unwrap_or(ANY_ACTIVITY)),
            narrow: Narrow { event: filter.name.clone(), ..Narrow::default() },
            figures: vec![
                Figure::Value(users),
                of_previous.map_or(Figure::Blank, Figure::Value),
                Figure::Value(compared(at, 0)),
                if at == 0 { Figure::Blank } else { Figure::Seconds(now[at].times.map(|times| times.median)) },
            ],
        }
    };
    let rows: Vec<SectionRow> = steps.iter().enumerate().map(row).collect();
    let findings = worst(&rows).into_iter().collect();
    Ok(SectionTable { rows, span: Some(periods.now), findings, ..SectionTable::default() })
}

/// The step that lost most against the comparison, beyond chance.
fn worst(rows: &[SectionRow]) -> Option<Finding> {
    let fallen = |row: &SectionRow| {
        let value = row.figures[1].value()?;
        let fell = value.before.value()? - value.now.value()?;
        (fell > 0.0 && !value.within_chance).then(|| (fell, row.name.clone(), (value.before, value.now)))
    };
    let (_, step, rate) = rows.iter().filter_map(fallen).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(Finding::WorstStep { step, rate })
}

/// Events with their penetration, and D7 of the new users who tried them in their first week beside the others.
pub(super) fn features(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let is_feature = |name: &EventName| !name.passive && name.role.is_none_or(|role| !NO_FEATURES.contains(&role));
    let names: Vec<EventName> = roles::names(view)?.into_iter().filter(is_feature).take(3 * FEATURES).collect();
    let mut rows = Vec::new();
    for EventName { name, .. } in names {
        let narrow = Narrow { event: Some(name.clone()), ..Narrow::default() };
        let penetration = figure(view, "penetration", &narrow, scope)?;
        let users = match penetration.value().map(|value| value.now) {
            // What everybody does is no feature that anybody could try.
            Some(Number::Ratio { num, den }) if num > 0 && num < den => num,
            _ => continue,
        };
        rows.push((users, name, narrow, penetration));
    }
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    rows.truncate(FEATURES);
    let mut table = SectionTable::default();
    for (_, name, narrow, penetration) in rows {
        let active = figure(view, "active_users", &narrow, scope)?;
        let (with, without) = adopters(view, &name, scope)?;
        let gap = with.value().zip(without.value()).map(|(with, without)| with - without);
        let by_chance = within_chance(with, without);
        if gap.is_some() && !by_chance {
            table.findings.push(Finding::FeatureKeeps { event: name.clone(), with, without });
        }
        let difference = Value { before: without, within_chance: by_chance, ..Value::plain(with) };
        table.rows.push(SectionRow {
            name,
            narrow,
            figures: vec![active, penetration, Figure::plain(with), Figure::plain(without), Figure::Value(difference)],
        });
    }
    let gap = |finding: &Finding| match finding {
        Finding::FeatureKeeps { with, without, .. } => with.value().unwrap_or(0.0) - without.value().unwrap_or(0.0),
        _ => 0.0,
    };
    table.findings.sort_by(|a, b| gap(b).total_cmp(&gap(a)));
    table.findings.truncate(1);
    table.lacks = table.rows.is_empty().then_some("events that some active users have and others do not");
    Ok(table)
}

/// D7 of the users whose seventh day lies in the period: of those who did an event in the days before it, and of the rest.
fn adopters(view: &mut View, event: &str, scope: &Scope) -> Result<(Number, Number), EngineError> {
    let (all, tried) = (view.who(&scope.segment, None)?, view.who(&scope.segment, Some(event))?);
    let (days, tries) = (view.user_days(&all.lens)?, view.user_days(&tried.lens)?);
    let through = view.extent(Feed::Activity)?.horizon.through;
    let mut counts: FxHashMap<bool, (i128, i128)> = FxHashMap::default();
    let audience = all.audience(&days, view.until);
    for (first, users) in audience.came() {
        let seventh = first.plus(SEVENTH);
        if !scope.period.contains(seventh) || seventh > through {
            continue;
        }
        let (back, last) = (audience.on(seventh), first.plus(TRIED));
        for user in users {
            let of = tries.of(user);
            let adopted = of.get(of.partition_point(|day| *day < first)).is_some_and(|day| *day <= last);
            let count = counts.entry(adopted).or_default();
            count.0 += i128::from(back.binary_search(&user).is_ok());
            count.1 += 1;
        }
    }
    let rate = |adopted: bool| counts.get(&adopted).map_or(Number::None, |(kept, all)| Number::ratio(*kept, *all));
    Ok((rate(true), rate(false)))
}
