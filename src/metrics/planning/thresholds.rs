//! Where verdicts begin: our own choices, so each is a setting with a default (planning.md marks them as heuristics).

use crate::metrics::grade::Cuts;

/// How likely it is that a target is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Likely.
    Ok,
    /// In doubt.
    Risk,
    /// Not likely.
    Off,
}

/// Limits of the verdicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// Least probability that is [`Status::Ok`].
    pub hit_ok: f64,
    /// Least probability that is [`Status::Risk`].
    pub hit_risk: f64,
    /// Least pace that is [`Status::Ok`], where there is no probability.
    pub pace_ok: f64,
    /// Least pace that is [`Status::Risk`].
    pub pace_risk: f64,
    /// Least distance of two gauges that is much, as a fraction.
    pub margin: f64,
    /// A target is unlikely beyond so many times the way from the median window to the best.
    pub unlikely: f64,
    /// Overspend against the line at which each tier of the budget begins, as fractions, ascending.
    pub budget_tiers: Vec<f64>,
    /// Least overspend that has a tier, in the unit of the spend.
    pub budget_least: f64,
    /// Users kept for a unit of cost from which a channel is an A, as a multiple of those of all paid channels together.
    pub grade_a: f64,
    /// The same below which it is a C.
    pub grade_c: f64,
    /// Limits of the lamps.
    pub lamps: Lamps,
}

/// Where the lamps LEAK, MONEY and VIEW change (planning.md §1.5).
#[derive(Debug, Clone, PartialEq)]
pub struct Lamps {
    /// Quick ratio below which more users go than come.
    pub quick_off: f64,
    /// Quick ratio below which it is close.
    pub quick_risk: f64,
    /// z by which fewer new users stay than before, as a positive number.
    pub fall_z: f64,
    /// Rise of the spend beside which a fall of D7 is a leak.
    pub spend_rise: f64,
    /// Rise of the cost of a kept user that is much.
    pub kept_rise: f64,
    /// Share of the running money for acquiring that is too much while the quick ratio is low.
    pub acquire_share: f64,
    /// Share of the running money in plans without a link to revenue that is too much.
    pub unlinked_share: f64,
    /// Share of the cells of the matrix below which there is no overall view.
    pub view_off: f64,
    /// Share of the cells of the matrix below which it has gaps.
    pub view_risk: f64,
    /// Days after which a hypothesis that nobody tests is old.
    pub hypothesis_days: f64,
    /// Days after which feedback should have been looked at.
    pub feedback_days: f64,
    /// Days after the watching of a plan within which its review is due.
    pub review_days: f64,
    /// Change of a part that is much.
    pub input_moved: f64,
    /// Change of its whole that is none.
    pub output_flat: f64,
}

impl Default for Lamps {
    fn default() -> Self {
        Self {
            quick_off: 1.0,
            quick_risk: 1.2,
            fall_z: 2.0,
            spend_rise: 0.10,
            kept_rise: 0.25,
            acquire_share: 0.80,
            unlinked_share: 0.30,
            view_off: 0.50,
            view_risk: 0.85,
            hypothesis_days: 90.0,
            feedback_days: 14.0,
            review_days: 7.0,
            input_moved: 0.20,
            output_flat: 0.05,
        }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            hit_ok: 0.8,
            hit_risk: 0.4,
            pace_ok: 0.97,
            pace_risk: 0.90,
            margin: 0.10,
            unlikely: 1.5,
            budget_tiers: vec![0.1, 0.2, 0.3],
            budget_least: 0.0,
            lamps: Lamps::default(),
            grade_a: 1.25,
            grade_c: 0.75,
        }
    }
}

/// A threshold that operators may set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in commands and in the workspace.
    pub key: &'static str,
    /// What begins there.
    pub about: &'static str,
    /// Least and greatest value that make sense.
    pub bounds: (f64, f64),
    /// What one of it is in the unit of the field: amounts of money are said whole and held in millionths.
    scale: f64,
    field: fn(&mut Thresholds) -> Option<&mut f64>,
}

const SHARE: (f64, f64) = (0.0, 1.0);
const TIMES: (f64, f64) = (0.0, 10.0);
const DAYS: (f64, f64) = (0.0, 3_650.0);

const fn row(
    key: &'static str,
    bounds: (f64, f64),
    about: &'static str,
    field: fn(&mut Thresholds) -> Option<&mut f64>,
) -> Setting {
    Setting { key, about, bounds, scale: 1.0, field }
}

/// Every threshold that can be set.
pub static SETTINGS: &[Setting] = &[
    row("hit_ok", SHARE, "least probability of meeting a target that is OK", |t| Some(&mut t.hit_ok)),
    row("hit_risk", SHARE, "least probability that is RISK and not OFF", |t| Some(&mut t.hit_risk)),
    row("pace_ok", TIMES, "least pace that is OK, while there is no probability", |t| Some(&mut t.pace_ok)),
    row("pace_risk", TIMES, "least pace that is RISK, while there is no probability", |t| Some(&mut t.pace_risk)),
    row("gauge_margin", SHARE, "distance of two gauges of a plan from which on it is much", |t| Some(&mut t.margin)),
    row("unlikely", (0.0, 100.0), "ways from the median window to the best, beyond which a target is unlikely", |t| {
        Some(&mut t.unlikely)
    }),
    row("budget_tier_1", TIMES, "overspend against the line that begins tier 1", |t| t.budget_tiers.first_mut()),
    row("budget_tier_2", TIMES, "overspend against the line that begins tier 2", |t| t.budget_tiers.get_mut(1)),
    row("budget_tier_3", TIMES, "overspend against the line that begins tier 3", |t| t.budget_tiers.get_mut(2)),
    Setting {
        scale: 1e6,
        ..row("budget_least", (0.0, 1e9), "least overspend in the workspace's currency that has a tier", |t| {
            Some(&mut t.budget_least)
        })
    },
    row("lamp_quick_off", TIMES, "quick ratio below which LEAK is OFF", |t| Some(&mut t.lamps.quick_off)),
    row("lamp_quick_risk", TIMES, "quick ratio below which LEAK is RISK", |t| Some(&mut t.lamps.quick_risk)),
    row("lamp_fall_z", TIMES, "z by which D7 must fall to count", |t| Some(&mut t.lamps.fall_z)),
    row("lamp_spend_rise", TIMES, "rise of spend beside which a fall of D7 is OFF", |t| Some(&mut t.lamps.spend_rise)),
    row("lamp_kept_rise", TIMES, "rise of the cost of a kept user that is OFF", |t| Some(&mut t.lamps.kept_rise)),
    row("lamp_acquire_share", SHARE, "share of money for acquiring that is too much", |t| {
        Some(&mut t.lamps.acquire_share)
    }),
    row("lamp_unlinked_share", SHARE, "share of money without a link to revenue that is OFF", |t| {
        Some(&mut t.lamps.unlinked_share)
    }),
    row("lamp_view_off", SHARE, "share of the matrix below which VIEW is OFF", |t| Some(&mut t.lamps.view_off)),
    row("lamp_view_risk", SHARE, "share of the matrix below which VIEW is RISK", |t| Some(&mut t.lamps.view_risk)),
    row("lamp_hypothesis_days", DAYS, "days after which an untested hypothesis is old", |t| {
        Some(&mut t.lamps.hypothesis_days)
    }),
    row("lamp_feedback_days", DAYS, "days within which feedback is to be looked at", |t| {
        Some(&mut t.lamps.feedback_days)
    }),
    row("lamp_review_days", DAYS, "days within which a plan that is over is to be reviewed", |t| {
        Some(&mut t.lamps.review_days)
    }),
    row("lamp_input_moved", TIMES, "change of a part that is much", |t| Some(&mut t.lamps.input_moved)),
    row("lamp_output_flat", TIMES, "change of a whole that is none", |t| Some(&mut t.lamps.output_flat)),
    row("grade_a", TIMES, "users kept per cost, of those of all paid channels, from which a channel is an A", |t| {
        Some(&mut t.grade_a)
    }),
    row("grade_c", TIMES, "the same below which a channel is a C", |t| Some(&mut t.grade_c)),
];

/// The threshold of a name.
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|row| row.key == key)
}

impl Setting {
    /// Its value.
    pub fn of(&self, thresholds: &Thresholds) -> f64 {
        (self.field)(&mut thresholds.clone()).map_or(0.0, |value| *value / self.scale)
    }

    /// Sets it.
    ///
    /// # Errors
    /// Says what makes sense where the value does not.
    pub fn set(&self, thresholds: &mut Thresholds, value: f64) -> Result<(), String> {
        let (least, most) = self.bounds;
        if !(least..=most).contains(&value) {
            return Err(format!("{value} is not from {least} to {most}"));
        }
        if let Some(field) = (self.field)(thresholds) {
            *field = value * self.scale;
        }
        thresholds.ordered().map_err(|(low, high)| format!("{low} would be above {high}; set that first"))
    }
}

impl Thresholds {
    /// Where the grades of channels part, in percent.
    pub fn cuts(&self) -> Cuts {
        let percent = |times: f64| (times * 100.0).round() as u16;
        Cuts { upper: percent(self.grade_a), lower: percent(self.grade_c) }
    }

    /// Names of two that are the wrong way round.
    fn ordered(&self) -> Result<(), (&'static str, &'static str)> {
        let tiers = |at: usize| self.budget_tiers.get(at).copied().unwrap_or(f64::INFINITY);
        let pairs = [
            (self.hit_risk, self.hit_ok, ("hit_risk", "hit_ok")),
            (self.pace_risk, self.pace_ok, ("pace_risk", "pace_ok")),
            (self.lamps.quick_off, self.lamps.quick_risk, ("lamp_quick_off", "lamp_quick_risk")),
            (self.lamps.view_off, self.lamps.view_risk, ("lamp_view_off", "lamp_view_risk")),
            (tiers(0), tiers(1), ("budget_tier_1", "budget_tier_2")),
            (tiers(1), tiers(2), ("budget_tier_2", "budget_tier_3")),
            (self.grade_c, self.grade_a, ("grade_c", "grade_a")),
        ];
        pairs.into_iter().find(|(low, high, _)| low > high).map_or(Ok(()), |(_, _, names)| Err(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_a_field_of_its_own_and_its_default_makes_sense() {
        for row in SETTINGS {
            let usual = row.of(&Thresholds::default());
            assert!((row.bounds.0..=row.bounds.1).contains(&usual), "{}", row.key);
            let mut moved = Thresholds::default();
            // A little away stays in order with the others.
            row.set(&mut moved, usual + 0.001).unwrap();
            let changed: Vec<&str> = SETTINGS
                .iter()
                .filter(|other| (other.of(&moved) - other.of(&Thresholds::default())).abs() > 1e-6)
                .map(|o| o.key)
                .collect();
            assert_eq!(changed, [row.key]);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let mut thresholds = Thresholds::default();
        let set = |thresholds: &mut Thresholds, key: &str, value: f64| setting(key).unwrap().set(thresholds, value);
        assert_eq!(set(&mut thresholds, "hit_ok", 1.2), Err("1.2 is not from 0 to 1".to_owned()));
        assert!(set(&mut thresholds, "hit_ok", f64::NAN).is_err());
        assert!(set(&mut thresholds, "hit_risk", 0.9).unwrap_err().contains("hit_risk would be above hit_ok"));
        set(&mut Thresholds::default(), "budget_least", 500.0).unwrap();
        assert!(setting("nothing").is_none());
    }
}
