//! Campaigns: who joined, what it cost and brought, and what was usual without it.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::calendar::Span;
use crate::domain::days::DayFinder;
use crate::domain::plans::{Book, OpType, Plan, PlanStatus};
use crate::domain::roles::EventRole;
use crate::metrics::number::Number;
use crate::query::{
    BreakdownBy, BreakdownKey, Cost, Figure, Finding, LiftQuery, Narrow, Participants, ParticipantsQuery, Scope,
    SectionRow, SectionTable, Segment, Value, roi,
};

use super::super::by_role::names_of;
use super::super::sieve::Sieve;
use super::super::view::View;
use super::super::{EngineError, lift, participants, plans, series};

/// What users do in a campaign, in its order.
const STEPS: [(&str, EventRole); 6] = [
    ("touched", EventRole::Touch),
    ("viewed", EventRole::View),
    ("joined", EventRole::Join),
    ("shared", EventRole::Share),
    ("invited", EventRole::Invite),
    ("paid", EventRole::Pay),
];

/// What feeds the tables of who joined.
const LACKS: &str = "events of the role join, such as event_join";
/// Values of a split that have a row of their own.
const MOST_PARTS: usize = 8;

/// What the tables of participants need where the segment holds a stream: all that they paid counts.
const NO_STREAMS: &str = "a segment without a stream: participants and what they paid have none";

/// Metric whose lift is told.
const LIFTED: &str = "dau";

/// A campaign that has begun, as far as its days are seen.
struct Begun<'b> {
    plan: &'b Plan,
    /// Its days up to the last whole one.
    seen: Span,
    /// All its days are seen.
    over: bool,
}

/// Plans of the type that have begun, the newest first.
fn begun<'b>(view: &mut View, book: &'b Book) -> Result<Vec<Begun<'b>>, EngineError> {
    let through = view.through_at()?.map_or(view.today, |at| view.calendar.day_of(at).plus(-1));
    let counts = |plan: &&Plan| plan.op_type == OpType::Activity && plan.status != PlanStatus::Cancelled;
    let mut list: Vec<&Plan> = book.plans.iter().filter(counts).filter(|plan| plan.start <= view.until).collect();
    list.sort_by_key(|plan| std::cmp::Reverse((plan.start, plan.id)));
    let seen = |plan: &'b Plan| {
        let span = plan.span();
        let seen = span.intersect(Span { first: span.first, last: through.max(span.first) })?;
        Some(Begun { plan, seen, over: span.last <= through })
    };
    Ok(list.into_iter().filter_map(seen).collect())
}

/// The question about joins in the segment; its days and cost are given with them.
fn joins(scope: &Scope, by: Option<BreakdownBy>) -> ParticipantsQuery {
    ParticipantsQuery { event: None, span: scope.period, segment: scope.segment.clone(), cost: Cost::Unknown, by }
}

/// The table that stands for one of participants where the segment cannot limit them.
fn refused(scope: &Scope) -> Option<SectionTable> {
    let refused = !scope.segment.streams.is_empty();
    refused.then(|| SectionTable { lacks: Some(NO_STREAMS), ..SectionTable::default() })
}

/// What was booked; nothing booked is not known to have cost nothing.
fn cost(spent: i64) -> Cost {
    if spent > 0 { Cost::Known(spent) } else { Cost::Unknown }
}

/// Joined, paid, cost a head and lift of some days, as the columns of campaigns and of their phases have them.
fn outcome(
    view: &mut View,
    scope: &Scope,
    found: &Participants,
    (seen, over): (Span, bool),
) -> Result<[Figure; 4], EngineError> {
    let segment = Segment { streams: Vec::new(), ..scope.segment.clone() };
    let query = LiftQuery { metric: LIFTED, span: seen, segment, event: None, flagged: Vec::new() };
    let lifted = lift::answer(view, &query)?.lift;
    let users = found.joins.map(|_| found.campaign.participants);
    let joined = match users {
        Some(_) => Value { running: !over, ..Value::of(super::metric("participants")?, seen, count(users)) },
        None => Value::plain(Number::None),
    };
    Ok([
        Figure::Value(joined),
        Figure::plain(users.map_or(Number::None, |users| Number::ratio(found.campaign.paid.into(), users.into()))),
        Figure::plain(per_head(found)),
        lifted.ratio().map_or(Figure::Blank, |ratio| Figure::Change(ratio - 1.0)),
    ])
}

fn per_head(found: &Participants) -> Number {
    let users = found.joins.map(|_| found.campaign.participants);
    found.cost.zip(users).map_or(Number::None, |(cost, users)| Number::money_per(cost, users.into()))
}

fn count(users: Option<u64>) -> Number {
    users.map_or(Number::None, |users| Number::Count(users.into()))
}

/// Plans of the type, the newest first, with who joined and what came of it.
pub(super) fn campaigns(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    if let Some(table) = refused(scope) {
        return Ok(table);
    }
    let book = view.store.book()?;
    let list = begun(view, &book)?;
    let mut spans = Vec::with_capacity(list.len());
    for one in &list {
        spans.push((one.seen, cost(plans::spent(view, &book, one.plan)?)));
    }
    let all = participants::over(view, &joins(scope, None), &spans)?;
    let (mut rows, mut table) = (Vec::new(), SectionTable::default());
    for (one, found) in list.iter().zip(all) {
        let back = roi(found.campaign.net, found.cost);
        if one.over && back.value().is_some_and(|value| value < 0.0) {
            table.findings.push(Finding::CampaignLoss { plan: one.plan.name(), roi: back });
        }
        let mut figures = outcome(view, scope, &found, (one.seen, one.over))?.to_vec();
        figures.push(Figure::plain(if one.over { back } else { Number::None }));
        figures.push(Figure::plain(found.campaign.post_event_d7()));
        rows.push(SectionRow { name: one.plan.name(), narrow: Narrow::default(), figures });
    }
    if let [newer, older, ..] = &rows[..]
        && let (now, before) = (super::now(newer, 5), super::now(older, 5))
        && now.value().zip(before.value()).is_some_and(|(now, before)| now < before)
    {
        table.findings.push(Finding::CampaignFades { plan: newer.name.clone(), kept: (before, now) });
    }
    table.rows = rows;
    Ok(table)
}

/// Each campaign by phase: its days, its share of the target, and what it came to so far.
pub(super) fn phases(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    if let Some(table) = refused(scope) {
        return Ok(table);
    }
    let book = view.store.book()?;
    let mut table = SectionTable::default();
    let (mut spans, mut all) = (Vec::new(), Vec::new());
    for one in begun(view, &book)? {
        for phase in book.phases.iter().filter(|phase| phase.plan_id == one.plan.id) {
            let days = Span::new(phase.start, phase.finish);
            let seen = days.intersect(one.seen);
            if let Some(seen) = seen {
                spans.push((seen, cost(plans::spent_in(view, &book, one.plan, seen)?)));
            }
            all.push((one.plan.name(), phase, days, seen));
        }
    }
    let mut found = participants::over(view, &joins(scope, None), &spans)?.into_iter();
    for (name, phase, days, seen) in all {
        let mut figures = vec![
            Figure::Stretches(vec![(days, Some(phase.kind))]),
            Figure::plain(Number::Ratio { num: (phase.share * 1e6).round() as i128, den: 1_000_000 }),
        ];
        match seen.zip(seen.and_then(|_| found.next())) {
            Some((seen, found)) => figures.extend(outcome(view, scope, &found, (seen, seen == days))?),
            None => figures.extend((0..4).map(|_| Figure::plain(Number::None))),
        }
        table.rows.push(SectionRow { name: phase.kind.word().to_owned(), narrow: Narrow::default(), figures });
        table.of.push(name);
    }
    Ok(table)
}

/// Distinct users of the days of each campaign by what they did, beside as many days of the round before.
pub(super) fn round(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let book = view.store.book()?;
    let list = begun(view, &book)?;
    let before = |one: &Begun| {
        let before = book.plan(one.plan.prev_plan_id?)?.span();
        before.intersect(Span { last: before.first.plus(one.seen.days() - 1), ..before })
    };
    let spans: Vec<Span> = list.iter().flat_map(|one| std::iter::once(one.seen).chain(before(one))).collect();
    let mut all = did(view, scope, &spans)?.into_iter();
    let mut table = SectionTable::default();
    for one in &list {
        let (Some(now), had) = (all.next(), before(one).and_then(|_| all.next())) else { break };
        for (at, (name, _)) in STEPS.iter().enumerate() {
            let Some(users) = now[at] else { continue };
            let value = Value {
                before: count(had.and_then(|had| had[at])),
                running: !one.over,
                ..Value::plain(count(Some(users)))
            };
            let figures = vec![Figure::Value(value)];
            table.rows.push(SectionRow { name: (*name).to_owned(), narrow: Narrow::default(), figures });
            table.of.push(one.plan.name());
        }
    }
    table.lacks = table.rows.is_empty().then_some(LACKS);
    Ok(table)
}

/// The participants of each campaign by a property of their join; by the channel they first came through, and by the
/// platform they joined on, where none is chosen.
pub(super) fn joiners(view: &mut View, scope: &Scope, property: Option<&str>) -> Result<SectionTable, EngineError> {
    if let Some(table) = refused(scope) {
        return Ok(table);
    }
    let keys = match property {
        Some(name) => vec![(name, BreakdownKey::Property(name.to_owned()))],
        None => vec![("channel", BreakdownKey::Channel), ("platform", BreakdownKey::Platform)],
    };
    let book = view.store.book()?;
    let list = begun(view, &book)?;
    let spans: Vec<(Span, Cost)> = list.iter().map(|one| (one.seen, Cost::Unknown)).collect();
    let mut by_key = Vec::new();
    for (word, key) in keys {
        let by = BreakdownBy { key, top: Some(MOST_PARTS) };
        by_key.push((word, participants::over(view, &joins(scope, Some(by)), &spans)?));
    }
    let mut table = SectionTable::default();
    for (at, one) in list.iter().enumerate() {
        for (word, found) in &by_key {
            let whole = found[at].campaign.participants;
            for (name, part) in &found[at].parts {
                let share = |n: u64, of: u64| Figure::plain(Number::ratio(n.into(), of.into()));
                let figures = vec![
                    Figure::Word((*word).to_owned()),
                    Figure::count(part.participants),
                    share(part.participants, whole),
                    share(part.paid, part.participants),
                    Figure::plain(part.post_event_d7()),
                ];
                table.rows.push(SectionRow { name: name.clone(), narrow: Narrow::default(), figures });
                table.of.push(one.plan.name());
            }
        }
    }
    table.lacks = table.rows.is_empty().then_some(LACKS);
    Ok(table)
}

/// Distinct users by what they did in the period, beside the comparison.
pub(super) fn turnout(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let joined = super::figure(view, "participants", &Narrow::default(), scope)?;
    let Some(value) = joined.value().filter(|value| value.now != Number::None).cloned() else {
        return Ok(SectionTable { lacks: Some(LACKS), ..SectionTable::default() });
    };
    let span = value.span.unwrap_or(scope.period);
    let before = series::periods(scope.period, scope.comparison, span.last).before;
    let spans: Vec<Span> = std::iter::once(span).chain(before).collect();
    let did = did(view, scope, &spans)?;
    let mut rows: Vec<SectionRow> = Vec::new();
    for (at, (name, role)) in STEPS.iter().enumerate() {
        let Some(users) = did[0][at] else { continue };
        let figure = if *role == EventRole::Join {
            joined.clone()
        } else {
            let before = count(did.get(1).and_then(|did| did[at]));
            Figure::Value(Value { before, ..Value::plain(count(Some(users))) })
        };
        rows.push(SectionRow { name: (*name).to_owned(), narrow: Narrow::default(), figures: vec![figure] });
    }
    Ok(SectionTable { rows, span: Some(span), ..SectionTable::default() })
}

/// Distinct users with an event of each step in some spans, out of one pass; `None` where no name has the role.
fn did(view: &mut View, scope: &Scope, spans: &[Span]) -> Result<Vec<[Option<u64>; STEPS.len()]>, EngineError> {
    let (mut step_of, mut known) = (FxHashMap::default(), [false; STEPS.len()]);
    for (at, (_, role)) in STEPS.iter().enumerate() {
        for name in names_of(view, &[*role])? {
            step_of.insert(name, at);
            known[at] = true;
        }
    }
    let names: Vec<u32> = step_of.keys().copied().collect();
    let mut users: Vec<[FxHashSet<u32>; STEPS.len()]> = spans.iter().map(|_| Default::default()).collect();
    let hull = spans.iter().copied().reduce(|a, b| Span { first: a.first.min(b.first), last: a.last.max(b.last) });
    if hull.is_some() && !names.is_empty() {
        let (sieve, mut finder) = (Sieve::new(view, &scope.segment)?, DayFinder::new(view.calendar));
        sieve.rows(view, (hull, Some(&names), false), &mut |row, _| {
            let (Some(user), Some(step)) = (row.user, step_of.get(&row.name)) else { return };
            let day = finder.day(row.at);
            for (users, _) in users.iter_mut().zip(spans).filter(|(_, span)| span.contains(day)) {
                users[*step].insert(user);
            }
        })?;
    }
    let counts =
        |users: [FxHashSet<u32>; STEPS.len()]| std::array::from_fn(|at| known[at].then_some(users[at].len() as u64));
    Ok(users.into_iter().map(counts).collect())
}
