//! LEAK, L1 to L5: users are won and not kept. All windows hold complete cohorts and days only.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::calendar::{Day, Grain, Span};
use crate::domain::plans::Focus;
use crate::metrics::catalog::Unit;
use crate::metrics::compare::two_proportion_z;
use crate::metrics::lamps::{self, State};
use crate::metrics::ltv::{Acquisition, paid as paid_of};
use crate::metrics::mix;
use crate::metrics::number::Number;
use crate::query::{About, Segment};

use super::super::ask::{Ask, metric};
use super::super::plans::stored;
use super::super::{EngineError, acquisition, series};
use super::bench::{Bench, figure};

/// Weeks of the quick ratio, and of a D7 that falls on end.
const WEEKS: i32 = 4;
/// Days of the cohorts that are compared with as many before.
const COHORTS: i32 = 14;
/// Days after which a cohort tells whether it stays.
const AGE: i32 = 7;

/// What each channel won in one of the two windows, by its name.
type Won = BTreeMap<String, Acquisition>;

/// All five measures.
pub(super) fn measure(bench: &mut Bench) -> Result<(), EngineError> {
    let quick = quick(bench)?;
    let through = series::horizon(bench.view, metric("d7")?)?.through;
    let (now, before) = windows(through);
    let won = acquisition::won(bench.view, &[came(before), came(now)])?;
    fall(bench, &won, through)?;
    kept(bench, &won);
    balance(bench, quick);
    Ok(())
}

/// L1.
fn quick(bench: &mut Bench) -> Result<Option<f64>, EngineError> {
    let view = &mut *bench.view;
    let through = series::horizon(view, metric("dau")?)?.through.min(view.today.plus(-1));
    let monday = view.calendar.bucket(Grain::Week, through.plus(1)).first;
    let weeks = view.calendar.buckets(Grain::Week, Span { first: monday.plus(-7 * WEEKS), last: monday.plus(-1) });
    let mut sum = |id: &'static str| {
        let ask = Ask { grain: Some(Grain::Week), ..Ask::of(metric(id)?, &Segment::default()) };
        let values = series::points(view, &ask, &weeks)?.into_iter().map(|point| stored(point.value));
        // A week that nothing is known of makes the sum unknown.
        Ok::<_, EngineError>(values.sum::<Option<f64>>())
    };
    let (new, back, gone) = (sum("new_users")?, sum("resurrected_users")?, sum("dormant_users")?);
    let ratio = new.zip(back).zip(gone).filter(|(_, gone)| *gone > 0.0).map(|((new, back), gone)| (new + back) / gone);
    let figures = vec![
        figure("quick ratio", ratio, Unit::Times),
        figure("new", new, Unit::Users),
        figure("came back", back, Unit::Users),
        figure("left", gone, Unit::Users),
    ];
    bench.say("L1", lamps::quick(ratio, &bench.rules), figures, vec![About::Metric("quick_ratio")]);
    Ok(ratio)
}

/// The last cohorts that are old enough, and as many before, by the days on which they are seen.
fn windows(through: Day) -> (Span, Span) {
    let now = Span { first: through.plus(1 - COHORTS), last: through };
    (now, Span { first: now.first.plus(-COHORTS), last: now.first.plus(-1) })
}

/// The days on which the users of a window came.
fn came(seen: Span) -> Span {
    Span { first: seen.first.plus(-AGE), last: seen.last.plus(-AGE) }
}

fn counts(number: Number) -> Option<(u64, u64)> {
    let Number::Ratio { num, den } = number else { return None };
    Some((u64::try_from(num).ok()?, u64::try_from(den).ok()?))
}

/// L2, and L4 where D7 falls.
fn fall(bench: &mut Bench, won: &[Won], through: Day) -> Result<(), EngineError> {
    let (now, before) = windows(through);
    let d7 = Ask::of(metric("d7")?, &Segment::default());
    let (new, old) = (series::value(bench.view, &d7, now)?, series::value(bench.view, &d7, before)?);
    let z = counts(new).zip(counts(old)).and_then(|(new, old)| two_proportion_z(new, old));
    let mut weeks = Vec::new();
    for back in (0..WEEKS).rev() {
        let last = through.plus(-7 * back);
        weeks.push(stored(series::value(bench.view, &d7, Span { first: last.plus(-6), last })?));
    }
    let falling = weeks.windows(2).all(|pair| pair[0].zip(pair[1]).is_some_and(|(before, after)| after < before));
    let spend = spend(bench, came(now), came(before))?;
    let rise = spend.filter(|(_, before)| *before > 0.0).map(|(now, before)| now / before - 1.0);
    let state = lamps::fall(z, falling, rise, &bench.rules);
    let figures = vec![
        figure("D7", stored(new), Unit::Rate),
        figure("before", stored(old), Unit::Rate),
        figure("z", z, Unit::Times),
        figure("spend", rise, Unit::Rate),
    ];
    bench.say("L2", state, figures, vec![About::Metric("d7"), About::Metric("spend")]);
    mixed(bench, won, matches!(state, State::Off | State::Risk));
    Ok(())
}

/// Spend of the days on which the users came, now and before.
fn spend(bench: &mut Bench, now: Span, before: Span) -> Result<Option<(f64, f64)>, EngineError> {
    let ask = Ask::of(metric("spend")?, &Segment::default());
    let mut of = |span| Ok::<_, EngineError>(stored(series::value(bench.view, &ask, span)?));
    Ok(of(now)?.zip(of(before)?))
}

/// L4: the change of D7 as other users (mix) and as the same users who stay less (rate).
fn mixed(bench: &mut Bench, won: &[Won], falls: bool) {
    let names: BTreeSet<&String> = won.iter().flat_map(BTreeMap::keys).collect();
    let of = |at: usize, name: &String| {
        let won: Option<&Acquisition> = won.get(at).and_then(|of| of.get(name));
        won.map_or((0, 0), |won| (won.retained.into(), won.users.into()))
    };
    let part = |name: &String| {
        let ((k0, n0), (k1, n1)) = (of(0, name), of(1, name));
        mix::Segment { n0, k0, n1, k1 }
    };
    let split = mix::split(&names.into_iter().map(part).collect::<Vec<_>>());
    let state = match &split {
        None => State::NoData,
        Some(_) if falls => State::Risk,
        Some(_) => State::Ok,
    };
    let total = split.as_ref().map(|split| split.total);
    let figures = vec![
        figure("change", split.as_ref().map(mix::Split::change), Unit::Rate),
        figure("other users", total.map(|total| total.mix), Unit::Rate),
        figure("same users", total.map(|total| total.rate), Unit::Rate),
    ];
    bench.say("L4", state, figures, vec![About::Metric("d7")]);
}

/// L3.
fn kept(bench: &mut Bench, won: &[Won]) {
    let paid = |at: usize| {
        let of: Vec<Acquisition> = won.get(at).into_iter().flat_map(BTreeMap::values).copied().collect();
        let all = paid_of(&of);
        (all.per_retained(), all.cac())
    };
    let ((old, old_cac), (new, new_cac)) = (paid(0), paid(1));
    let rise = |now: Number, before: Number| {
        stored(now).zip(stored(before)).filter(|(_, before)| *before > 0.0).map(|(now, before)| now / before - 1.0)
    };
    let kept = rise(new, old);
    let figures = vec![
        figure("cost per kept user", stored(new), Unit::MoneyPer),
        figure("before", stored(old), Unit::MoneyPer),
        figure("change", kept, Unit::Rate),
        figure("CAC", rise(new_cac, old_cac), Unit::Rate),
    ];
    bench.say("L3", lamps::kept_cost(kept, &bench.rules), figures, vec![About::Metric("d7"), About::Metric("spend")]);
}

/// L5.
fn balance(bench: &mut Bench, quick: Option<f64>) {
    let running = bench.running();
    let granted = |focus: Option<Focus>| {
        let mine = running.iter().filter(|row| focus.is_none_or(|focus| row.plan.focus == focus));
        mine.map(|row| row.granted as f64).sum::<f64>()
    };
    let share = Some(granted(None)).filter(|all| *all > 0.0).map(|all| granted(Some(Focus::Acquire)) / all);
    let keeps = running.iter().filter(|row| row.plan.focus == Focus::Retain).count();
    let low = quick.is_some_and(|quick| quick < bench.rules.quick_risk);
    let state = match share {
        _ if running.is_empty() => State::NoData,
        Some(share) if share > bench.rules.acquire_share && low => State::Off,
        _ if keeps == 0 => State::Risk,
        _ => State::Ok,
    };
    let about = running.iter().filter(|row| row.plan.focus == Focus::Acquire).map(|row| About::Plan(row.plan.id));
    let about = about.collect();
    let figures = vec![
        figure("money for acquiring", share, Unit::Rate),
        figure("plans that keep", Some(keeps as f64), Unit::Events),
    ];
    bench.say("L5", state, figures, about);
}
