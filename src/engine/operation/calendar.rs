//! What runs when: plans of campaigns with their phases, and the days on which campaigns spend.

use std::collections::BTreeMap;

use crate::domain::calendar::{Day, Grain, Span};
use crate::domain::plans::{Book, OpType, Phase, PhaseKind, Plan, PlanStatus};
use crate::query::{Figure, Narrow, SectionRow, SectionTable};
use crate::store::TermKind;

use super::super::EngineError;
use super::super::view::{UNKNOWN, View};

/// Weeks before and after that of today.
const WEEKS: i32 = 2;

/// Days with the phase that they are of.
type Stretches = Vec<(Span, Option<PhaseKind>)>;

/// Plans of market and activity, then campaigns with spend, each by its first day, as far as they reach into the weeks
/// around today.
pub(super) fn calendar(view: &mut View) -> Result<SectionTable, EngineError> {
    let week = view.calendar.bucket(Grain::Week, view.today);
    let window = Span { first: week.first.plus(-7 * WEEKS), last: week.last.plus(7 * WEEKS) };
    let book = view.store.book()?;
    let counts = |plan: &&Plan| {
        matches!(plan.op_type, OpType::Market | OpType::Activity) && plan.status != PlanStatus::Cancelled
    };
    let mut planned: Vec<(&Plan, Stretches)> =
        book.plans.iter().filter(counts).map(|plan| (plan, of_plan(&book, plan))).collect();
    planned.sort_by_key(|(plan, _)| (plan.start, plan.id));
    let mut spent: Vec<(String, Stretches)> = spent(view)?.into_iter().collect();
    spent.sort_by_key(|(name, days)| (days.first().map(|(days, _)| days.first), name.clone()));
    let planned = planned.into_iter().map(|(plan, days)| (plan.name(), days));
    let near = |days: &Stretches| days.iter().any(|(days, _)| days.intersect(window).is_some());
    let rows = planned.chain(spent).filter(|(_, days)| near(days)).map(|(name, days)| SectionRow {
        name,
        narrow: Narrow::default(),
        figures: vec![Figure::Stretches(days)],
    });
    Ok(SectionTable { rows: rows.collect(), span: Some(window), ..SectionTable::default() })
}

/// The phases of a plan, and the days between that no phase is of.
fn of_plan(book: &Book, plan: &Plan) -> Stretches {
    let mut phases: Vec<&Phase> = book.phases.iter().filter(|phase| phase.plan_id == plan.id).collect();
    phases.sort_by_key(|phase| phase.start);
    let (mut days, mut next) = (Stretches::new(), plan.start);
    for phase in phases {
        if phase.start > next {
            days.push((Span { first: next, last: phase.start.plus(-1) }, None));
        }
        days.push((Span { first: phase.start, last: phase.finish }, Some(phase.kind)));
        next = next.max(phase.finish.plus(1));
    }
    if next <= plan.finish {
        days.push((Span { first: next, last: plan.finish }, None));
    }
    days
}

/// The days on which each campaign spent, by channel and campaign.
fn spent(view: &mut View) -> Result<BTreeMap<String, Stretches>, EngineError> {
    let channels = view.cache.terms(view.store, TermKind::Channel)?;
    let campaigns = view.cache.terms(view.store, TermKind::Campaign)?;
    let until = view.until;
    let mut all: BTreeMap<String, Stretches> = BTreeMap::new();
    for row in view.cache.spend(view.store)?.iter().filter(|row| row.day <= until && row.amount.0 != 0) {
        let Some(campaign) = row.campaign.and_then(|id| campaigns.get(id as usize)) else { continue };
        let channel = row.channel.and_then(|id| channels.get(id as usize)).map_or(UNKNOWN, String::as_str);
        let days = all.entry(format!("{channel} / {}", campaign.trim())).or_default();
        extend(days, row.day);
    }
    Ok(all)
}

/// Adds a day, which is never before those that are there.
fn extend(days: &mut Stretches, day: Day) {
    match days.last_mut() {
        Some((last, _)) if day <= last.last.plus(1) => last.last = last.last.max(day),
        _ => days.push((Span { first: day, last: day }, None)),
    }
}
