//! What measures a node: a row of METRICS, a daily fact, or one of these over another.

use super::catalog::{Accumulation, Direction, Focus, METRICS, Metric, PREFIXES, Unit, find, split_own};
use crate::domain::plans::Curve;

/// What measures a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Binding {
    /// A row of METRICS.
    Metric(&'static Metric),
    /// One over another, each over the whole period; neither is a ratio of its own.
    Ratio(Box<Binding>, Box<Binding>),
    /// A daily fact by its name, and whether it adds up over days.
    Fact(String, Accumulation),
}

impl Binding {
    /// Reads `net`, `net/orders`, `fact:coupons used`, `level:followers`, `orders/fact:visits`, `fact:clicks/fact:views`.
    /// A `/` in the name of a fact is part of it, unless a metric or another fact follows.
    ///
    /// # Errors
    /// What is unknown, and what is near it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.rsplit_once('/') {
            Some((num, den)) if !is_fact(num) || is_fact(den) || find(den.trim()).is_some() => {
                Ok(Self::Ratio(Box::new(single(num)?), Box::new(single(den)?)))
            }
            _ => single(text),
        }
    }

    /// Unit of its values.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Metric(metric) => metric.unit,
            Self::Ratio(num, den) => match (num.unit(), den.unit()) {
                (Unit::Money, Unit::Money) | (Unit::MoneyPer, _) => Unit::Times,
                (Unit::Money, _) => Unit::MoneyPer,
                // Visits, clicks and calls, of which users and orders are a share, exist as sums of days alone.
                (Unit::Users, Unit::Users | Unit::Times) | (Unit::Orders, Unit::Orders | Unit::Times) => Unit::Rate,
                _ => Unit::EventsPer,
            },
            Self::Fact(..) => Unit::Times,
        }
    }

    /// Why it cannot have a value, a fraction where it is a rate; `None` where it can.
    pub fn refuses(&self, value: f64) -> Option<String> {
        match self {
            Self::Metric(metric) => metric.refuses(value),
            _ => self.unit().refuses(value),
        }
    }

    /// Unit in which a target is typed; what is unknown is a plain number, and refused when it is stored.
    pub fn unit_of(text: &str) -> Unit {
        Self::parse(text).map_or(Unit::Times, |binding| binding.unit())
    }

    /// How it adds up over days.
    pub fn accumulation(&self) -> Accumulation {
        match self {
            Self::Metric(metric) => metric.over_days(),
            Self::Ratio(..) => Accumulation::Ratio,
            Self::Fact(_, accumulation) => *accumulation,
        }
    }

    /// Whether it is counted over a window that ends on the last day, however long the period is.
    pub fn is_rolling(&self) -> bool {
        matches!(self, Self::Metric(metric) if metric.is_rolling())
    }

    /// How a target of it usually spreads over its period.
    pub fn usual_curve(&self, has_phases: bool) -> Curve {
        match self.accumulation() {
            Accumulation::Flow if has_phases => Curve::Phase,
            Accumulation::Flow => Curve::Weekday,
            Accumulation::Level => Curve::Glide,
            Accumulation::Ratio => Curve::Linear,
            // Distinct users of a running period grow as they did before; a rolling window moves from where it was.
            Accumulation::Unique if self.is_rolling() => Curve::Glide,
            Accumulation::Unique => Curve::PrevRound,
        }
    }

    /// What a higher value means.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Metric(metric) => metric.direction,
            // Cost for something is better low, anything else for something better high.
            Self::Ratio(num, den) if num.direction() == Direction::Down && den.direction() == Direction::Up => {
                Direction::Down
            }
            Self::Ratio(..) | Self::Fact(..) => Direction::Up,
        }
    }

    /// What it is called.
    pub fn name(&self) -> String {
        match self {
            Self::Metric(metric) => metric.name.to_owned(),
            Self::Ratio(num, den) => format!("{} per {}", num.name(), den.name().to_lowercase()),
            Self::Fact(name, _) => name.clone(),
        }
    }

    /// Whether a daily fact has part in it.
    pub fn has_fact(&self) -> bool {
        match self {
            Self::Metric(_) => false,
            Self::Fact(..) => true,
            Self::Ratio(num, den) => num.has_fact() || den.has_fact(),
        }
    }

    /// Whether it is revenue.
    pub fn is_revenue(&self) -> bool {
        matches!(self, Self::Metric(metric) if metric.unit == Unit::Money && metric.focus == Focus::Revenue)
    }
}

fn is_fact(text: &str) -> bool {
    split_own(text.trim()).is_some()
}

/// Reads what is no ratio.
fn single(text: &str) -> Result<Binding, String> {
    let text = text.trim();
    for (prefix, accumulation) in PREFIXES {
        if let Some(name) = text.strip_prefix(prefix) {
            return match name.trim() {
                "" => Err(format!("{prefix} names no daily fact; write {prefix}NAME")),
                name => Ok(Binding::Fact(name.to_owned(), accumulation)),
            };
        }
    }
    row(text).map(Binding::Metric)
}

fn row(id: &str) -> Result<&'static Metric, String> {
    find(id).ok_or_else(|| {
        let near = nearest(id).map(|near| format!("; nearest is {near}")).unwrap_or_default();
        format!("no metric is called \"{id}\"{near}; `quarterdeck metric --list` names them all")
    })
}

/// The id that shares the longest beginning or ending.
fn nearest(id: &str) -> Option<&'static str> {
    let length = id.len();
    let shared = |other: &str| {
        let ahead = id.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let behind = id.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
        ahead.max(behind)
    };
    let rank = |(n, id): &(usize, &'static str)| (*n, std::cmp::Reverse(id.len().abs_diff(length)));
    METRICS.iter().map(|m| (shared(m.id), m.id)).filter(|(n, _)| *n >= 3).max_by_key(rank).map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_knows_its_unit_and_how_it_adds_up() {
        let of = |text: &str| Binding::parse(text).map(|b| (b.unit(), b.accumulation(), b.direction()));
        assert_eq!(of("net"), Ok((Unit::Money, Accumulation::Flow, Direction::Up)));
        assert_eq!(of("orders"), Ok((Unit::Orders, Accumulation::Flow, Direction::Up)));
        assert_eq!(of("net/orders"), Ok((Unit::MoneyPer, Accumulation::Ratio, Direction::Up)));
        assert_eq!(of("payers / active_users"), Ok((Unit::Rate, Accumulation::Ratio, Direction::Up)));
        assert_eq!(of("spend/new_users"), Ok((Unit::MoneyPer, Accumulation::Ratio, Direction::Down)));
        assert_eq!(of("level:followers"), Ok((Unit::Times, Accumulation::Level, Direction::Up)));
        assert!(Binding::parse("fact: ").is_err());
    }

    #[test]
    fn an_unknown_metric_is_named_with_the_nearest() {
        let why = Binding::parse("payer").unwrap_err();
        assert!(why.contains("\"payer\"") && why.contains("nearest is payers"), "{why}");
        assert!(Binding::parse("net/zzz").unwrap_err().contains("\"zzz\""));
    }

    #[test]
    fn a_target_is_typed_in_the_unit_of_its_metric() {
        let unit_of = Binding::unit_of;
        assert_eq!((unit_of("net"), unit_of("d7"), unit_of("net/orders")), (Unit::Money, Unit::Rate, Unit::MoneyPer));
        assert_eq!(
            (unit_of("payers/active_users"), unit_of("fact:a/b"), unit_of("nothing")),
            (Unit::Rate, Unit::Times, Unit::Times)
        );
    }

    #[test]
    fn daily_facts_stand_in_ratios() {
        let visits = || Box::new(Binding::Fact("visits".to_owned(), Accumulation::Flow));
        let conversion = Binding::parse("orders/fact:visits").unwrap();
        assert_eq!(conversion, Binding::Ratio(Box::new(single("orders").unwrap()), visits()));
        assert_eq!((conversion.unit(), conversion.name().as_str()), (Unit::Rate, "Orders per visits"));
        assert!(matches!(Binding::parse("fact:clicks/fact:views"), Ok(Binding::Ratio(..))));
        assert!(matches!(Binding::parse("fact:clicks/orders"), Ok(Binding::Ratio(..))));
        assert_eq!(Binding::parse("fact:in/out"), Ok(Binding::Fact("in/out".to_owned(), Accumulation::Flow)));
    }
}
