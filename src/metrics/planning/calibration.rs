//! What forecasts said and what came (planning.md §3.5): only the own record tells whether a probability is honest.

use serde::{Deserialize, Serialize};

use super::{finite, over};
use crate::domain::digits::fixed;

/// Fewest forecasts whose share of hits tells anything.
const LEAST: usize = 10;

/// A forecast of a value that is known by now, or will be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Lower end of the 80 % band.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Probability that the target is hit.
    pub p_hit: f64,
}

/// A forecast whose end has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Came {
    /// What was said.
    pub said: Said,
    /// What came.
    pub actual: f64,
    /// Whether that is the target or beyond it.
    pub hit: bool,
}

/// The record of some forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Calibration {
    /// How many there are.
    pub plans: usize,
    /// The mean of the probabilities that were said; `None` while there are fewer than ten.
    pub said: Option<f64>,
    /// The share of targets that were hit.
    pub came: Option<f64>,
    /// The share of values inside the 80 % band.
    pub in_band: Option<f64>,
}

impl Calibration {
    /// In words: `12 closed plans, said 61%, came 58%; 75% inside the 80% band`.
    pub fn text(&self) -> String {
        let percent = |share: f64| format!("{}%", fixed(share * 100.0, 0));
        match (self.said, self.came, self.in_band) {
            (Some(said), Some(came), Some(held)) => format!(
                "{} closed plans, said {}, came {}; {} inside the 80% band",
                self.plans,
                percent(said),
                percent(came),
                percent(held)
            ),
            _ => format!("NODATA, {} of the {LEAST} closed plans that it takes", self.plans),
        }
    }
}

/// The record of forecasts; nothing is told of fewer than ten.
pub fn calibration(all: &[Came]) -> Calibration {
    let plans = all.len();
    let mean = |of: &dyn Fn(&Came) -> f64| {
        let sum = finite(all.iter().map(of).sum()).filter(|_| plans >= LEAST)?;
        over(sum, plans as f64)
    };
    let share = |holds: &dyn Fn(&Came) -> bool| mean(&|one| f64::from(u8::from(holds(one))));
    Calibration {
        plans,
        said: mean(&|one| one.said.p_hit),
        came: share(&|one| one.hit),
        in_band: share(&|one| (one.said.low..=one.said.high).contains(&one.actual)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(p_hit: f64, actual: f64) -> Came {
        Came { said: Said { low: 90.0, high: 110.0, p_hit }, actual, hit: actual >= 100.0 }
    }

    #[test]
    fn ten_forecasts_are_held_against_what_came() {
        let all: Vec<Came> = [89.0, 95.0, 99.0, 100.0, 101.0, 105.0, 110.0, 111.0, 120.0, 130.0]
            .into_iter()
            .zip([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
            .map(|(actual, p)| came(p, actual))
            .collect();
        let told = calibration(&all);
        assert_eq!((told.plans, told.came, told.in_band), (10, Some(0.7), Some(0.6)));
        assert!((told.said.unwrap() - 0.55).abs() < 1e-12);
        assert_eq!(told.text(), "10 closed plans, said 55%, came 70%; 60% inside the 80% band");
        let few = calibration(&all[..9]);
        assert_eq!((few.plans, few.said, few.came, few.in_band), (9, None, None, None));
        assert_eq!(few.text(), "NODATA, 9 of the 10 closed plans that it takes");
        assert!(calibration(&[]).text().starts_with("NODATA, 0 of the 10"));
    }
}
