//! MONEY, M1 to M5: work without a way to revenue.

use crate::domain::calendar::Span;
use crate::domain::plans::{OpType, Plan, PlanStatus, ResourceKind, RevenueLink, StrategyStatus};
use crate::metrics::catalog::Unit;
use crate::metrics::lamps::State;
use crate::query::{About, ChannelsQuery, LiftQuery, PlanRow, Segment, WHOLE_MARGIN};

use super::super::ask::metric;
use super::super::plans::stored;
use super::super::view::View;
use super::super::{EngineError, acquisition, kept, lift, series};
use super::bench::{Bench, figure};

/// Days within which the cost of a user is to be back, and days of users that are looked at.
const HORIZON: i32 = 30;
/// Days since which an activity that is over is still told.
const RECENT: i32 = 60;
/// Micros of one.
const MICROS: f64 = 1e6;

/// All five measures.
pub(super) fn measure(bench: &mut Bench) -> Result<(), EngineError> {
    links(bench);
    payback(bench)?;
    coupons(bench)?;
    hypotheses(bench);
    Ok(())
}

/// M1 and M2: a belief that is written down is a link for a product at seed, a weak one later.
fn links(bench: &mut Bench) {
    let running = bench.running();
    let with = |link: RevenueLink| running.iter().filter(move |row| row.plan.revenue_link == link);
    let none: Vec<&PlanRow> = with(RevenueLink::None).copied().collect();
    let believed = with(RevenueLink::Hypothesis).count();
    let state = match (none.len(), believed) {
        _ if running.is_empty() => State::NoData,
        (0, 0) => State::Ok,
        (0, _) if bench.stage == "seed" => State::Ok,
        (0, _) => State::Risk,
        _ => State::Off,
    };
    let ids: Vec<About> = none
        .iter()
        .copied()
        .chain(with(RevenueLink::Hypothesis).copied())
        .map(|row| About::Plan(row.plan.id))
        .collect();
    let granted: f64 = running.iter().map(|row| row.granted as f64).sum();
    let loose: f64 = none.iter().map(|row| row.granted as f64).sum();
    let share = Some(granted).filter(|granted| *granted > 0.0).map(|granted| loose / granted);
    let money = match share {
        None => State::NoData,
        Some(share) if share > bench.rules.unlinked_share => State::Off,
        Some(share) if share > 0.0 => State::Risk,
        Some(_) => State::Ok,
    };
    let figures = vec![
        figure("without a link", Some(none.len() as f64), Unit::Events),
        figure("believed only", Some(believed as f64), Unit::Events),
        figure("of running plans", Some(running.len() as f64), Unit::Events),
    ];
    let of_none = none.iter().map(|row| About::Plan(row.plan.id)).collect();
    bench.say("M1", state, figures, ids);
    let figures = vec![figure("share", share, Unit::Rate), figure("money", Some(loose), Unit::Money)];
    bench.say("M2", money, figures, of_none);
}

/// M3: revenue by day 30 over cost, of the last users who are that old.
fn payback(bench: &mut Bench) -> Result<(), EngineError> {
    let through = series::horizon(bench.view, metric("net")?)?.through;
    let last = through.plus(-HORIZON);
    let query = ChannelsQuery {
        span: Span { first: last.plus(1 - HORIZON), last },
        at: HORIZON as u16,
        margin: WHOLE_MARGIN,
        cuts: None,
        segment: Segment::default(),
    };
    let count = |view: &mut View| {
        let paid = acquisition::channels(view, &query)?.paid;
        Ok([paid.ltv_over_cac, paid.ltv, paid.cac])
    };
    let kept = kept::or_counted(bench.view, || format!("paid {query:?} {through:?}"), count)?;
    let [ratio, value, cac] = kept.map(stored);
    let state = match ratio {
        None => State::NoData,
        Some(ratio) if ratio < 1.0 => State::Off,
        Some(_) => State::Ok,
    };
    let figures = vec![
        figure("value by day 30 over cost", ratio, Unit::Times),
        figure("value", value, Unit::MoneyPer),
        figure("CAC", cac, Unit::MoneyPer),
    ];
    bench.say("M3", state, figures, vec![About::Metric("net"), About::Metric("spend")]);
    Ok(())
}

/// M4: what activities gave away, over the revenue beyond the usual of their days.
fn coupons(bench: &mut Bench) -> Result<(), EngineError> {
    let today = bench.view.today;
    let begun = |row: &&PlanRow| {
        row.plan.op_type == OpType::Activity
            && !matches!(row.status, PlanStatus::Draft | PlanStatus::Ready | PlanStatus::Cancelled)
            && today.since(row.plan.finish) <= RECENT
    };
    let plans: Vec<Plan> = bench.board.plans.iter().filter(begun).map(|row| row.plan.clone()).collect();
    let (mut subsidies, mut gains, mut about) = (0.0, 0.0, Vec::new());
    for plan in plans {
        let given = given(bench, plan.id);
        if given <= 0.0 {
            continue;
        }
        let query = LiftQuery {
            metric: "net",
            span: plan.span(),
            segment: Segment::default(),
            event: None,
            flagged: Vec::new(),
        };
        let lift = lift::answer(bench.view, &query)?.lift;
        subsidies += given;
        gains += (lift.mean - lift.usual) * lift.days as f64 * MICROS;
        about.push(About::Plan(plan.id));
    }
    let state = match about.is_empty() {
        true => State::NoData,
        false if subsidies > gains => State::Off,
        false => State::Ok,
    };
    let known = |value: f64| Some(value).filter(|_| state != State::NoData);
    let figures =
        vec![figure("coupons", known(subsidies), Unit::Money), figure("added revenue", known(gains), Unit::Money)];
    bench.say("M4", state, figures, about);
    Ok(())
}

/// Costs of a plan's coupons.
fn given(bench: &Bench, plan: i64) -> f64 {
    let book = &bench.board.book;
    let is_coupon = |id: i64| book.resources.iter().any(|one| one.id == id && one.kind == ResourceKind::Coupon);
    let mine = book.costs.iter().filter(|cost| cost.plan_id == plan && cost.resource_id.is_some_and(is_coupon));
    mine.map(|cost| cost.amount_micros as f64).sum()
}

/// M5: a hypothesis is tested by a plan of its strategy that was reviewed.
fn hypotheses(bench: &mut Bench) {
    let (book, today) = (&bench.board.book, bench.view.today);
    let tested = |id: i64| {
        let mine = book.plans.iter().filter(|plan| plan.strategy_id == Some(id));
        mine.into_iter().any(|plan| book.review_of(plan.id).is_some_and(|review| review.verdict.is_some()))
    };
    let stated =
        || book.strategies.iter().filter(|s| s.status == StrategyStatus::Active && !s.hypothesis.trim().is_empty());
    let old = stated().filter(|s| f64::from(today.since(s.start)) > bench.rules.hypothesis_days && !tested(s.id));
    let about: Vec<About> = old.map(|strategy| About::Strategy(strategy.id)).collect();
    let all = stated().count();
    let state = match (all, about.len()) {
        (0, _) => State::NoData,
        (_, 0) => State::Ok,
        _ => State::Risk,
    };
    let figures = vec![
        figure("old and untested", Some(about.len() as f64), Unit::Events),
        figure("of hypotheses", Some(all as f64), Unit::Events),
    ];
    bench.say("M5", state, figures, about);
}
