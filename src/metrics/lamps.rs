//! The three misunderstandings as measures (planning.md §1.5): only pulling new users, not for the purpose of revenue, no
//! overall view. What each measure says, by the stage of the product.

use super::planning::Lamps;

/// A lamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LampName {
    /// Users are won and not kept.
    Leak,
    /// Work without a way to revenue.
    Money,
    /// Parts of the operation that nobody looks at.
    View,
}

impl LampName {
    /// All of them in the order of the screen.
    pub const ALL: [Self; 3] = [Self::Leak, Self::Money, Self::View];

    /// As screens name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Leak => "LEAK",
            Self::Money => "MONEY",
            Self::View => "VIEW",
        }
    }
}

/// What a lamp or a measure says, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Red.
    Off,
    /// Amber.
    Risk,
    /// Told, and not held against a product of this stage.
    Info,
    /// Green.
    Ok,
    /// Nothing is observed.
    NoData,
}

/// A measure.
#[derive(Debug, PartialEq, Eq)]
pub struct Measured {
    /// `L1` to `V8`.
    pub code: &'static str,
    /// Its lamp.
    pub lamp: LampName,
    /// What it measures.
    pub about: &'static str,
    /// The key that leads to what mends it.
    pub key: &'static str,
}

const fn row(code: &'static str, lamp: LampName, about: &'static str, key: &'static str) -> Measured {
    Measured { code, lamp, about, key }
}

/// Every measure.
pub static MEASURES: [Measured; 18] = [
    row("L1", LampName::Leak, "users who came or came back over those who left, four weeks", "2"),
    row("L2", LampName::Leak, "D7 of new users beside the spend for them", "9"),
    row("L3", LampName::Leak, "cost of a user who is kept", "7"),
    row("L4", LampName::Leak, "whether other users come or the same kind stays less", "9"),
    row("L5", LampName::Leak, "money and plans for keeping users", "8"),
    row("M1", LampName::Money, "plans without a link to revenue", "8"),
    row("M2", LampName::Money, "money in plans without a link to revenue", "8"),
    row("M3", LampName::Money, "value of users over their cost", "7"),
    row("M4", LampName::Money, "coupons over the revenue they add", "3"),
    row("M5", LampName::Money, "old hypotheses that nobody tests", "8"),
    row("V1", LampName::View, "operation types by plan, targets, live data, review", "8"),
    row("V2", LampName::View, "plans whose target leads neither to active users nor to revenue", "8"),
    row("V3", LampName::View, "plans that claim the same result", "8"),
    row("V4", LampName::View, "one audience in two bursts of a week", "8"),
    row("V5", LampName::View, "plans that are over and not reviewed", "8"),
    row("V6", LampName::View, "lessons that are offered and not looked at", "8"),
    row("V7", LampName::View, "feedback that nobody looks at", "1"),
    row("V8", LampName::View, "work that moves and changes nothing", "8"),
];

/// The row of a code.
pub fn measure(code: &str) -> Option<&'static Measured> {
    MEASURES.iter().find(|row| row.code == code)
}

/// L1: the quick ratio.
pub fn quick(ratio: Option<f64>, rules: &Lamps) -> State {
    match ratio {
        None => State::NoData,
        Some(ratio) if ratio < rules.quick_off => State::Off,
        Some(ratio) if ratio < rules.quick_risk => State::Risk,
        Some(_) => State::Ok,
    }
}

/// L2: a fall of D7, by its z or over three weeks on end, while the spend rises. A fall alone is a risk.
pub fn fall(z: Option<f64>, weeks_falling: bool, spend: Option<f64>, rules: &Lamps) -> State {
    let Some(z) = z else { return State::NoData };
    match z <= -rules.fall_z || weeks_falling {
        true if spend.is_some_and(|rise| rise >= rules.spend_rise) => State::Off,
        true => State::Risk,
        false => State::Ok,
    }
}

/// L3: the rise of the cost of a kept user.
pub fn kept_cost(rise: Option<f64>, rules: &Lamps) -> State {
    match rise {
        None => State::NoData,
        Some(rise) if rise >= rules.kept_rise => State::Off,
        Some(rise) if rise >= rules.kept_rise / 2.0 => State::Risk,
        Some(_) => State::Ok,
    }
}

/// Cells of the matrix that are covered, of all that count.
pub fn coverage(covered: usize, all: usize, rules: &Lamps) -> State {
    let share = covered as f64 / all.max(1) as f64;
    match all {
        0 => State::NoData,
        _ if share < rules.view_off => State::Off,
        _ if share < rules.view_risk => State::Risk,
        _ => State::Ok,
    }
}

/// What a state means at a stage: money is no reproach at seed and at most amber at growth.
pub fn at_stage(lamp: LampName, state: State, stage: &str) -> State {
    match (lamp, stage) {
        (LampName::Money, "seed") if state < State::Info => State::Info,
        (LampName::Money, "growth") if state == State::Off => State::Risk,
        _ => state,
    }
}

/// The worst of some states; those without data only where there is nothing else.
pub fn worst(states: impl Iterator<Item = State>) -> State {
    states.min().unwrap_or(State::NoData)
}

#[cfg(test)]
mod tests {
    use super::super::compare::two_proportion_z;
    use super::*;

    #[test]
    fn worked_numbers_of_the_contract() {
        let rules = Lamps::default();
        // L1: (5000 + 800) / 6200 = 0.935.
        assert_eq!(quick(Some(5_800.0 / 6_200.0), &rules), State::Off);
        assert_eq!((quick(Some(1.1), &rules), quick(Some(1.2), &rules)), (State::Risk, State::Ok));
        // L2: 25 % of 3000, then 18 % of 4500, while 60k became 100k.
        let z = two_proportion_z((810, 4_500), (750, 3_000)).unwrap();
        assert!((z + 7.3).abs() < 0.05, "{z}");
        assert_eq!(fall(Some(z), false, Some(40.0 / 60.0), &rules), State::Off);
        assert_eq!(fall(Some(z), false, None, &rules), State::Risk);
        assert_eq!(fall(Some(-1.0), true, Some(0.2), &rules), State::Off);
        assert_eq!(fall(Some(-1.0), false, Some(0.2), &rules), State::Ok);
        // L3: 60k / 750 = 80, 100k / 810 = 123.5: +54 %, while CAC went from 20 to 22.2.
        assert_eq!(kept_cost(Some(100_000.0 / 810.0 / 80.0 - 1.0), &rules), State::Off);
        assert_eq!(kept_cost(Some(22.2 / 20.0 - 1.0), &rules), State::Ok);
        // V1: 21 of 28 is 75 %.
        assert_eq!(coverage(21, 28, &rules), State::Risk);
    }

    #[test]
    fn stages_soften_money_and_nothing_else() {
        assert_eq!(at_stage(LampName::Money, State::Off, "seed"), State::Info);
        assert_eq!(at_stage(LampName::Money, State::Off, "growth"), State::Risk);
        assert_eq!(at_stage(LampName::Money, State::Off, "mature"), State::Off);
        assert_eq!(at_stage(LampName::Leak, State::Off, "seed"), State::Off);
        assert_eq!(worst([State::Ok, State::Risk, State::NoData].into_iter()), State::Risk);
    }

    #[test]
    fn every_measure_has_a_code_of_its_own() {
        let mut codes: Vec<_> = MEASURES.iter().map(|row| row.code).collect();
        codes.dedup();
        assert_eq!(codes.len(), MEASURES.len());
        assert_eq!(measure("V8").map(|row| row.lamp), Some(LampName::View));
        assert_eq!(measure("X1"), None);
    }
}
