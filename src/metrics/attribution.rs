//! Credit for conversions by the touches before them, and what channels cost and return (metrics.md §14, §15).
//!
//! A conversion is [`PARTS`] equal parts, and every part goes to exactly one source: credit adds up to the number of
//! conversions without rounding, whatever the model and the order of rows.

use std::collections::BTreeMap;

use crate::domain::calendar::{DAY_MICROS, Instant};

use super::number::Number;

/// Parts of one conversion; a third of it is 333,333,333,333 or one more.
pub const PARTS: u64 = 1_000_000_000_000;

/// How credit is shared among the touches of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// All to the first touch.
    First,
    /// All to the last touch.
    Last,
    /// All to the last touch that is not direct; to the last one where all are.
    LastNonDirect,
    /// Equal shares.
    Linear,
    /// 40 % first, 40 % last, 20 % shared between.
    U,
    /// 20 % first, 60 % last, 20 % shared between.
    J,
    /// 60 % first, 20 % last, 20 % shared between.
    InverseJ,
    /// Half as much for each half-life that a touch is older.
    TimeDecay {
        /// Microseconds; `None` for a quarter of the lookback, at least one day.
        half_life: Option<i64>,
    },
}

/// What earns credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A channel or campaign; ids ascend with the names, so that simultaneous touches have one order.
    Named(u32),
    /// A visit without a source: `(direct)`.
    Direct,
    /// No touch inside the lookback: `(unknown)`.
    Unknown,
}

/// One visit of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// When.
    pub at: Instant,
    /// From where; `None` is direct.
    pub source: Option<u32>,
}

/// One conversion of the same user. Two in the same instant are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// When.
    pub at: Instant,
    /// What it brought, in micros of one currency.
    pub value: i64,
}

/// What credit is given by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How credit is shared.
    pub model: Model,
    /// Microseconds before the conversion that count; `None` for all history.
    pub lookback: Option<i64>,
    /// Whether a touch of exactly that age counts.
    pub inclusive: bool,
    /// Whether direct touches are left out before credit is shared.
    pub without_direct: bool,
}

/// Credit of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Credit {
    /// Parts of conversions, see [`PARTS`].
    parts: i128,
    /// Micros times parts.
    value: i128,
}

impl Credit {
    /// Conversions, a fraction where credit is shared.
    pub fn conversions(&self) -> Number {
        Number::Ratio { num: self.parts, den: i128::from(PARTS) }
    }

    /// Micros, rounded half away from zero once for the whole sum.
    pub fn revenue(&self) -> i128 {
        let half = i128::from(PARTS / 2) * self.value.signum();
        (self.value + half) / i128::from(PARTS)
    }

    /// Spend in micros over conversions; `None` without spend, undefined without conversions.
    pub fn cac(&self, spend: Option<i128>) -> Number {
        spend.map_or(Number::None, |s| Number::money_per(s * i128::from(PARTS), self.parts))
    }

    /// Revenue over spend in micros; undefined without spend.
    pub fn roas(&self, spend: Option<i128>) -> Number {
        spend.map_or(Number::None, |s| Number::ratio(self.value, s * i128::from(PARTS)))
    }
}

/// What a source brought and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Economics {
    /// The source.
    pub source: Source,
    /// What it earned.
    pub credit: Credit,
    /// Micros spent on it in the period; `None` where nothing is known.
    pub spend: Option<i128>,
}

impl Economics {
    /// Spend over credited conversions.
    pub fn cac(&self) -> Number {
        self.credit.cac(self.spend)
    }

    /// Credited revenue over spend.
    pub fn roas(&self) -> Number {
        self.credit.roas(self.spend)
    }
}

/// Credit of every source by the conversions of many users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    rules: Rules,
    credit: BTreeMap<Source, Credit>,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(rules: Rules) -> Self {
        Self { rules, credit: BTreeMap::new() }
    }

    /// Gives credit for the conversions of one user, in any order, by all his touches in order of time.
    ///
    /// Pass the conversions of the period only: one before it earns nothing, even where the lookback reads it.
    pub fn add(&mut self, touches: &[Touch], conversions: &[Conversion]) {
        for conversion in conversions {
            for (source, parts) in share(touches, conversion.at, &self.rules) {
                let credit = self.credit.entry(source).or_default();
                credit.parts += i128::from(parts);
                credit.value += i128::from(parts) * i128::from(conversion.value);
            }
        }
    }

    /// Sources with credit.
    pub fn credit(&self) -> &BTreeMap<Source, Credit> {
        &self.credit
    }

    /// Every source with credit or spend.
    pub fn economics(&self, spend: &BTreeMap<Source, i128>) -> Vec<Economics> {
        let mut credit = self.credit.clone();
        for source in spend.keys() {
            credit.entry(*source).or_default();
        }
        let row = |(source, credit)| Economics { source, credit, spend: spend.get(&source).copied() };
        credit.into_iter().map(row).collect()
    }
}

/// The parts of one conversion that each touch earns; a source may come more than once.
pub fn share(touches: &[Touch], conversion: Instant, rules: &Rules) -> Vec<(Source, u64)> {
    let before = &touches[..touches.partition_point(|t| t.at <= conversion)];
    let age = |touch: &Touch| conversion.0.saturating_sub(touch.at.0);
    let inside = |t: &&Touch| rules.lookback.is_none_or(|l| age(t) < l || (rules.inclusive && age(t) == l));
    let mut counted: Vec<&Touch> = before.iter().filter(inside).collect();
    if counted.is_empty() {
        return vec![(Source::Unknown, PARTS)];
    }
    if rules.without_direct {
        counted.retain(|t| t.source.is_some());
    }
    if counted.is_empty() {
        return vec![(Source::Direct, PARTS)];
    }
    // Direct touches go first among simultaneous ones, so that a named source is the last touch.
    counted.sort_by_key(|t| (t.at, t.source));
    let source = |touch: &Touch| touch.source.map_or(Source::Direct, Source::Named);
    if rules.model == Model::LastNonDirect {
        let last = counted.iter().rev().find(|t| t.source.is_some()).or(counted.last());
        return last.map(|t| (source(t), PARTS)).into_iter().collect();
    }
    let weights = match rules.model {
        Model::TimeDecay { half_life } => {
            let half_life = half_life.unwrap_or_else(|| (rules.lookback.unwrap_or(0) / 4).max(DAY_MICROS)).max(1);
            // Counted from the newest touch, so that the weights of old ones do not all vanish.
            let newest = counted.last().map_or(0, |t| age(t));
            let decay = |t: &&Touch| (-((age(t) - newest) as f64) / half_life as f64).exp2();
            counted.iter().map(decay).collect()
        }
        model => positions(model, counted.len()),
    };
    counted.iter().map(|t| source(t)).zip(split(&weights)).collect()
}

/// Weights by position; the shapes of two touches are those of their ends.
fn positions(model: Model, touches: usize) -> Vec<f64> {
    let ends = |first: f64, last: f64, between: f64| {
        let mut weights = vec![between / touches.saturating_sub(2).max(1) as f64; touches];
        weights[0] = first;
        if touches > 1 {
            weights[touches - 1] = last;
        }
        weights
    };
    match model {
        Model::First => ends(1.0, 0.0, 0.0),
        Model::Last | Model::LastNonDirect if touches > 1 => ends(0.0, 1.0, 0.0),
        Model::U => ends(40.0, 40.0, 20.0),
        Model::J => ends(20.0, 60.0, 20.0),
        Model::InverseJ => ends(60.0, 20.0, 20.0),
        Model::Last | Model::LastNonDirect | Model::Linear | Model::TimeDecay { .. } => vec![1.0; touches],
    }
}

/// All [`PARTS`] by weights: whole parts first, then one each by the largest remainder, the earlier touch first.
fn split(weights: &[f64]) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|w| w / sum * PARTS as f64).collect();
    let mut parts: Vec<u64> = exact.iter().map(|e| e.floor() as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()).then(a.cmp(b)));
    let mut missing = i128::from(PARTS) - parts.iter().map(|p| i128::from(*p)).sum::<i128>();
    for touch in order.iter().cycle() {
        match missing.signum() {
            1 => parts[*touch] += 1,
            -1 => parts[*touch] = parts[*touch].saturating_sub(1),
            _ => break,
        }
        missing -= missing.signum();
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MODELS: [Model; 8] = [
        Model::First,
        Model::Last,
        Model::LastNonDirect,
        Model::Linear,
        Model::U,
        Model::J,
        Model::InverseJ,
        Model::TimeDecay { half_life: None },
    ];

    fn rules(model: Model, days: i64) -> Rules {
        Rules { model, lookback: Some(days * DAY_MICROS), inclusive: true, without_direct: false }
    }

    fn touch(day: i64, source: Option<u32>) -> Touch {
        Touch { at: Instant(day * DAY_MICROS), source }
    }

    /// Shares of touches on the days before a conversion on the day after.
    fn shares(model: Model, touches: i64) -> Vec<f64> {
        let list: Vec<Touch> = (0..touches).map(|d| touch(d, Some(d as u32))).collect();
        let parts = share(&list, Instant(touches * DAY_MICROS), &rules(model, 4.max(touches)));
        parts.into_iter().map(|(_, p)| p as f64 / PARTS as f64).collect()
    }

    fn near(got: &[f64], want: &[f64]) {
        assert_eq!(got.len(), want.len());
        assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() < 2e-12), "{got:?} {want:?}");
    }

    #[test]
    fn five_models_split_one_conversion_of_three_touches() {
        // Case attr_five_models: half-life of one day, a quarter of the window of four.
        near(&shares(Model::First, 3), &[1.0, 0.0, 0.0]);
        near(&shares(Model::Last, 3), &[0.0, 0.0, 1.0]);
        near(&shares(Model::Linear, 3), &[1.0 / 3.0; 3]);
        near(&shares(Model::TimeDecay { half_life: None }, 3), &[1.0 / 7.0, 2.0 / 7.0, 4.0 / 7.0]);
        near(&shares(Model::U, 3), &[0.4, 0.2, 0.4]);
    }

    #[test]
    fn position_shapes_of_six_two_and_one_touches() {
        // Case attr_shapes_6; metrics.md section 15 for two and one.
        near(&shares(Model::U, 6), &[0.4, 0.05, 0.05, 0.05, 0.05, 0.4]);
        near(&shares(Model::J, 6), &[0.2, 0.05, 0.05, 0.05, 0.05, 0.6]);
        near(&shares(Model::InverseJ, 6), &[0.6, 0.05, 0.05, 0.05, 0.05, 0.2]);
        near(&shares(Model::U, 2), &[0.5, 0.5]);
        near(&shares(Model::J, 2), &[0.25, 0.75]);
        for model in MODELS {
            near(&shares(model, 1), &[1.0]);
        }
    }

    #[test]
    fn the_lookback_is_inclusive_unless_told_otherwise() {
        let list = [touch(0, Some(1)), touch(4, Some(2))];
        let mut r = rules(Model::First, 4);
        assert_eq!(share(&list, Instant(4 * DAY_MICROS), &r)[0], (Source::Named(1), PARTS));
        r.inclusive = false;
        assert_eq!(share(&list, Instant(4 * DAY_MICROS), &r), [(Source::Named(2), PARTS)]);
        assert_eq!(share(&list, Instant(-1), &r), [(Source::Unknown, PARTS)]);
        r.lookback = None;
        assert_eq!(share(&list, Instant(400 * DAY_MICROS), &r)[0], (Source::Named(1), PARTS));
    }

    #[test]
    fn direct_is_a_touch_unless_excluded_before_weighting() {
        let list = [touch(0, Some(1)), touch(1, None), touch(2, None)];
        let at = Instant(3 * DAY_MICROS);
        let mut r = rules(Model::Linear, 9);
        assert_eq!(share(&list, at, &r).iter().filter(|s| s.0 == Source::Direct).count(), 2);
        r.without_direct = true;
        assert_eq!(share(&list, at, &r), [(Source::Named(1), PARTS)]);
        assert_eq!(share(&list[1..], at, &r), [(Source::Direct, PARTS)]);
        assert_eq!(share(&list, at, &rules(Model::LastNonDirect, 9)), [(Source::Named(1), PARTS)]);
        assert_eq!(share(&list[1..], at, &rules(Model::LastNonDirect, 9)), [(Source::Direct, PARTS)]);
        // Of simultaneous touches the named one is the last.
        let tie = [touch(1, Some(1)), touch(1, None)];
        assert_eq!(share(&tie, at, &rules(Model::Last, 9))[1], (Source::Named(1), PARTS));
    }

    #[test]
    fn conversions_of_one_second_stay_two() {
        // Case attr_same_second.
        let mut ledger = Ledger::new(rules(Model::Last, 4));
        let bought = Conversion { at: Instant(DAY_MICROS), value: 100_000_000 };
        ledger.add(&[touch(0, Some(1))], &[bought, bought]);
        let credit = ledger.credit()[&Source::Named(1)];
        assert_eq!((credit.conversions().value(), credit.revenue()), (Some(2.0), 200_000_000));
    }

    #[test]
    fn economics_list_sources_with_credit_or_spend() {
        let mut ledger = Ledger::new(rules(Model::Linear, 4));
        let bought = Conversion { at: Instant(DAY_MICROS), value: 90_000_000 };
        ledger.add(&[touch(0, Some(1)), touch(0, Some(2)), touch(0, None)], &[bought]);
        let spend = BTreeMap::from([(Source::Named(1), 10_000_000), (Source::Named(3), 7_000_000)]);
        let rows = ledger.economics(&spend);
        assert_eq!(
            rows.iter().map(|r| (r.source, r.credit.revenue(), r.spend)).collect::<Vec<_>>(),
            [
                (Source::Named(1), 30_000_000, Some(10_000_000)),
                (Source::Named(2), 30_000_000, None),
                (Source::Named(3), 0, Some(7_000_000)),
                (Source::Direct, 30_000_000, None),
            ]
        );
        let (cac, roas) = (rows[0].cac().value().unwrap(), rows[0].roas().value().unwrap());
        assert!((cac - 30.0).abs() < 1e-9 && (roas - 3.0).abs() < 1e-9, "{cac} {roas}");
        assert_eq!((rows[1].cac(), rows[1].roas()), (Number::None, Number::None));
        assert_eq!((rows[2].cac(), rows[2].roas().value()), (Number::None, Some(0.0)));
    }

    proptest! {
        #[test]
        fn credit_adds_up_to_conversions_and_their_value(
            touches in prop::collection::vec((0_i64..40, prop::option::of(0_u32..4)), 0..40),
            conversions in prop::collection::vec((0_i64..50, -1_000_000_i64..1_000_000_000), 0..6),
            model in 0_usize..8,
            lookback in prop::option::of(0_i64..30),
            without_direct: bool,
        ) {
            let mut touches: Vec<Touch> = touches.into_iter().map(|(d, s)| touch(d, s)).collect();
            touches.sort_by_key(|t| t.at);
            let conversions: Vec<Conversion> =
                conversions.into_iter().map(|(d, value)| Conversion { at: Instant(d * DAY_MICROS), value }).collect();
            let lookback = lookback.map(|d| d * DAY_MICROS);
            let mut ledger = Ledger::new(Rules { model: MODELS[model], lookback, inclusive: true, without_direct });
            ledger.add(&touches, &conversions);
            let sum = |of: fn(&Credit) -> i128| ledger.credit().values().map(of).sum::<i128>();
            prop_assert_eq!(sum(|c| c.parts), conversions.len() as i128 * i128::from(PARTS));
            let value: i128 = conversions.iter().map(|c| i128::from(c.value)).sum();
            prop_assert_eq!(sum(|c| c.value), value * i128::from(PARTS));
            // Neither the order of conversions nor that of simultaneous touches changes anything.
            let mut other = Ledger::new(ledger.rules);
            touches.sort_by_key(|t| (t.at, std::cmp::Reverse(t.source)));
            other.add(&touches, &conversions.iter().rev().copied().collect::<Vec<_>>());
            prop_assert_eq!(other, ledger);
        }
    }
}
