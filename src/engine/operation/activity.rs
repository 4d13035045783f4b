//! Campaigns: who joined, what it cost and brought, and what was usual without it.

use rustc_hash::FxHashSet;

use crate::domain::calendar::Span;
use crate::domain::plans::{OpType, Plan, PlanStatus};
use crate::domain::roles::EventRole;
use crate::metrics::number::Number;
use crate::query::{
    Cost, Figure, Finding, LiftQuery, Narrow, ParticipantsQuery, Scope, SectionRow, SectionTable, Segment, Value, roi,
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

/// Metric whose lift is told.
const LIFTED: &str = "dau";

/// Plans of the type, the newest first, with who joined and what came of it.
pub(super) fn campaigns(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let book = view.store.book()?;
    let begun = |plan: &&Plan| plan.op_type == OpType::Activity && plan.status != PlanStatus::Cancelled;
    let mut list: Vec<&Plan> = book.plans.iter().filter(begun).filter(|plan| plan.start <= view.until).collect();
    list.sort_by_key(|plan| std::cmp::Reverse((plan.start, plan.id)));
    let through = view.through_at()?.map_or(view.today, |at| view.calendar.day_of(at).plus(-1));
    let (mut rows, mut table) = (Vec::new(), SectionTable::default());
    for plan in list {
        let span = plan.span();
        let Some(seen) = span.intersect(Span { first: span.first, last: through.max(span.first) }) else { continue };
        let spent = plans::spent(view, &book, plan)?;
        let query = ParticipantsQuery {
            event: None,
            span: seen,
            segment: scope.segment.clone(),
            cost: if spent > 0 { Cost::Known(spent) } else { Cost::Unknown },
        };
        let found = participants::answer(view, &query)?;
        let segment = Segment { streams: Vec::new(), ..scope.segment.clone() };
        let query = LiftQuery { metric: LIFTED, span: seen, segment, event: None, flagged: Vec::new() };
        let lifted = lift::answer(view, &query)?.lift;
        let joined = found.joins.map(|_| found.campaign.participants);
        let head = found.cost.zip(joined).map_or(Number::None, |(cost, users)| Number::money_per(cost, users.into()));
        let back = roi(found.campaign.net, found.cost);
        let kept = found.campaign.post_event_d7();
        let over = span.last <= through;
        if over && back.value().is_some_and(|value| value < 0.0) {
            table.findings.push(Finding::CampaignLoss { plan: plan.name(), roi: back });
        }
        let count = joined.map_or(Number::None, |users| Number::Count(users.into()));
        let paid = joined.map_or(Number::None, |users| Number::ratio(found.campaign.paid.into(), users.into()));
        rows.push(SectionRow {
            name: plan.name(),
            narrow: Narrow::default(),
            figures: vec![
                Figure::Value(Value {
                    metric: joined.map(|_| "participants"),
                    span: Some(seen),
                    running: !over,
                    ..Value::plain(count)
                }),
                Figure::plain(paid),
                Figure::plain(head),
                lifted.ratio().map_or(Figure::Blank, |ratio| Figure::Change(ratio - 1.0)),
                Figure::plain(if over { back } else { Number::None }),
                Figure::plain(kept),
            ],
        });
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

/// Distinct users by what they did in the period, beside the comparison.
pub(super) fn turnout(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let joined = super::figure(view, "participants", &Narrow::default(), scope)?;
    let Some(value) = joined.value().filter(|value| value.now != Number::None).cloned() else {
        let lacks = Some("events of the role join, such as event_join");
        return Ok(SectionTable { lacks, ..SectionTable::default() });
    };
    let span = value.span.unwrap_or(scope.period);
    let before = series::periods(scope.period, scope.comparison, span.last).before;
    let mut rows: Vec<SectionRow> = Vec::new();
    for (name, role) in STEPS {
        let now = did(view, scope, role, span)?;
        let then = before.map(|span| did(view, scope, role, span)).transpose()?.flatten();
        let Some(users) = now else { continue };
        let figure = if role == EventRole::Join {
            joined.clone()
        } else {
            let before = then.map_or(Number::None, |users| Number::Count(users.into()));
            Figure::Value(Value { before, ..Value::plain(Number::Count(users.into())) })
        };
        rows.push(SectionRow { name: name.to_owned(), narrow: Narrow::default(), figures: vec![figure] });
    }
    Ok(SectionTable { rows, span: Some(span), ..SectionTable::default() })
}

/// Distinct users with an event of a role; `None` where no name has it.
fn did(view: &mut View, scope: &Scope, role: EventRole, span: Span) -> Result<Option<u64>, EngineError> {
    let names = names_of(view, &[role])?;
    if names.is_empty() {
        return Ok(None);
    }
    let (sieve, mut users) = (Sieve::new(view, &scope.segment)?, FxHashSet::default());
    sieve.rows(view, (Some(span), Some(&names), false), &mut |row, _| users.extend(row.user))?;
    Ok(Some(users.len() as u64))
}
