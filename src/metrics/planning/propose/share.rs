//! One parent's target shared among its children.

use super::{Lack, Mode, Part};
use crate::metrics::planning::distribute::whole;
use crate::metrics::planning::{EPSILON, finite, over};

/// Numbers from here on have no fractions to round.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Weights of the free parts, scaled to 1 together; the same for all where they have none.
fn weights(parts: &[Part]) -> Vec<f64> {
    let free = || parts.iter().filter(|p| !p.fixed);
    let sum: f64 = free().map(|p| p.wish.weight).sum();
    let even = over(1.0, free().count() as f64).unwrap_or(0.0);
    parts.iter().map(|p| over(p.wish.weight, sum).unwrap_or(even)).collect()
}

/// A product or ratio: each free factor grows by its weight's power of the uplift that the settled ones leave.
pub fn factors(parts: &mut [Part], baseline: Option<f64>, target: f64) -> Result<(), Lack> {
    let uplift = baseline.and_then(|b| over(target, b)).filter(|u| *u > 0.0).ok_or(Lack::NoUplift)?;
    loop {
        let settled = parts.iter().filter(|p| p.fixed);
        let growth = |p: &Part| p.baseline.and_then(|b| over(p.target, b)).map(|g| if p.minus { g.recip() } else { g });
        let grown: Option<f64> = settled.map(growth).product();
        let rest = grown.and_then(|g| over(uplift, g)).filter(|u| *u > 0.0).ok_or(Lack::NoUplift)?;
        if parts.iter().all(|p| p.fixed) {
            return if (rest - 1.0).abs() <= EPSILON { Ok(()) } else { Err(Lack::Factor(rest)) };
        }
        let weights = weights(parts);
        for (part, weight) in parts.iter_mut().zip(weights).filter(|(p, _)| !p.fixed) {
            let grown = part.baseline.and_then(|b| finite(b * rest.powf(weight * part.sign())));
            part.target = grown.ok_or(Lack::NoUplift)?;
        }
        if !settle(parts, |_| false) {
            return Ok(());
        }
    }
}

/// A sum: the free addends share what the settled ones leave.
pub fn addends(parts: &mut [Part], target: f64, mode: Mode) -> Result<(), Lack> {
    let rest = loop {
        let rest = rest(parts, target);
        if parts.iter().all(|p| p.fixed) {
            return if rest == 0.0 { Ok(()) } else { Err(Lack::Residual(rest)) };
        }
        let baseline = |p: &Part| p.baseline.ok_or(Lack::NoUplift);
        let free: Vec<(f64, f64)> =
            parts.iter().filter(|p| !p.fixed).map(|p| Ok((p.sign(), baseline(p)?))).collect::<Result<_, Lack>>()?;
        if rest < 0.0 && free.iter().all(|(sign, b)| *sign > 0.0 && *b >= 0.0) {
            return Err(Lack::Residual(rest));
        }
        let own = rounded(free.iter().map(|(sign, b)| sign * b));
        let by_weight = mode == Mode::Weight || own == 0.0;
        let weights = weights(parts);
        for (part, weight) in parts.iter_mut().zip(weights).filter(|(p, _)| !p.fixed) {
            let base = baseline(part)?;
            let shared = if by_weight { base + part.sign() * weight * (rest - own) } else { base * rest / own };
            part.target = finite(shared).ok_or(Lack::NoUplift)?;
        }
        if !settle(parts, |p| by_weight && p.target < 0.0) {
            break rest;
        }
    };
    let mut free: Vec<&mut Part> = parts.iter_mut().filter(|p| !p.fixed).collect();
    if free.iter().all(|p| p.wish.whole) && rest.abs() < EXACT {
        let signed: Vec<f64> = free.iter().map(|p| p.sign() * p.target).collect();
        let rounded = whole(rest.round() as i64, &signed);
        free.iter_mut().zip(rounded).for_each(|(part, n)| part.target = part.sign() * n as f64);
    } else {
        let left = rest - free.iter().map(|p| p.sign() * p.target).sum::<f64>();
        // Of a target far below the baselines only last bits are left, which the largest part hardly feels.
        if let Some(part) = free.iter_mut().max_by(|a, b| a.target.abs().total_cmp(&b.target.abs())) {
            part.target += part.sign() * left;
        }
    }
    Ok(())
}

/// Settles free parts above their cap there, and those that `low` finds at 0; whether there was one.
///
/// A cap leaves the others more, a floor less. Where both are met in one pass, only the side that takes more is settled:
/// the other may come back inside on its own.
fn settle(parts: &mut [Part], low: impl Fn(&Part) -> bool) -> bool {
    let limit = |p: &Part| match p.wish.cap {
        _ if p.fixed => None,
        _ if low(p) => Some(0.0),
        cap => cap.filter(|cap| p.target > *cap),
    };
    let limits: Vec<_> = parts.iter().map(limit).collect();
    let off = |(p, limit): (&Part, &Option<f64>)| limit.map_or(0.0, |limit| p.sign() * (limit - p.target));
    let all: f64 =
        if parts.iter().any(|p| !p.fixed && low(p)) { parts.iter().zip(&limits).map(off).sum() } else { 0.0 };
    for (part, limit) in parts.iter_mut().zip(&limits) {
        if let Some(at) = limit.filter(|_| all * off((part, limit)) >= 0.0) {
            (part.fixed, part.target) = (true, at);
        }
    }
    limits.iter().any(Option::is_some)
}

/// What the settled parts of a sum leave of its target.
fn rest(parts: &[Part], target: f64) -> f64 {
    let settled = parts.iter().filter(|p| p.fixed).map(|p| -p.sign() * p.target);
    rounded(std::iter::once(target).chain(settled))
}

/// A sum that is 0 where only the last bits of its terms differ.
fn rounded(terms: impl Iterator<Item = f64>) -> f64 {
    let (sum, size) = terms.fold((0.0, 0.0_f64), |(sum, size), term| (sum + term, size.max(term.abs())));
    if f64::abs(sum) <= EPSILON * size { 0.0 } else { sum }
}
