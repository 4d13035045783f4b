//! How often exceptions are false, and how soon a true one is found: two hundred made-up products of eight series.

use super::super::planning::random::Random;
use super::*;

const PRODUCTS: usize = 200;
const SERIES: usize = 8;
const HISTORY: usize = 70;
const DAYS: usize = 60;
const NOISE: f64 = 0.04;
const WEEK: [f64; 7] = [0.95, 0.93, 0.94, 0.97, 1.04, 1.13, 1.08];

/// Visits, conversion, order value, orders, revenue; new, returning, active users.
const LINKS: [Link; 6] = [
    Link { part: 0, whole: 3, share: Share::Factor },
    Link { part: 1, whole: 3, share: Share::Factor },
    Link { part: 3, whole: 4, share: Share::Factor },
    Link { part: 2, whole: 4, share: Share::Factor },
    Link { part: 5, whole: 7, share: Share::Addend },
    Link { part: 6, whole: 7, share: Share::Addend },
];

/// Every series by day; `drop` takes 15 % off one of those that are measured from a day on.
fn product(random: &mut Random, drop: Option<(usize, usize)>) -> Vec<Vec<Seen>> {
    let mut series = vec![Vec::new(); SERIES];
    for at in 0..HISTORY + DAYS {
        let mut noisy = |base: f64, place: usize| {
            let fallen = drop.is_some_and(|(of, from)| of == place && at >= from);
            base * (NOISE * random.normal()).exp() * if fallen { 0.85 } else { 1.0 }
        };
        let week = WEEK[at % 7];
        let (visits, conversion, value) = (noisy(5_000.0 * week, 0), noisy(0.025, 1), noisy(146.0, 2));
        let (new, returning) = (noisy(300.0 * week, 5), noisy(1_500.0 * week, 6));
        let orders = visits * conversion;
        let all = [visits, conversion, value, orders, orders * value, new, returning, new + returning];
        for (place, value) in all.into_iter().enumerate() {
            series[place].push(Seen { day: Day(at as i32), value: Some(value), counts: None, flagged: false });
        }
    }
    series
}

/// Which series are exceptions on a day.
fn on(series: &[Vec<Seen>], at: usize) -> Vec<Option<Exception>> {
    let rules = Rules::default();
    series.iter().map(|points| examine(&points[at.saturating_sub(69)..=at], Day(at as i32), &rules)).collect()
}

/// Exceptions that begin: those of a day that were none the day before.
fn begun(series: &[Vec<Seen>]) -> ([usize; SERIES], usize) {
    let (mut of, mut causes) = ([0; SERIES], 0);
    let (mut before, mut told_before): (Vec<bool>, Vec<usize>) = (vec![false; SERIES], Vec::new());
    for at in HISTORY..HISTORY + DAYS {
        let found = on(series, at);
        let told: Vec<usize> = deepest(&found, &LINKS, Rules::default().explained).iter().map(|c| c.at).collect();
        causes += told.iter().filter(|place| !told_before.contains(place)).count();
        for place in 0..SERIES {
            of[place] += usize::from(found[place].is_some() && !before[place]);
        }
        (before, told_before) = (found.iter().map(Option::is_some).collect(), told);
    }
    (of, causes)
}

/// How often a set of products tells what is not there, and how often it finds what is.
struct Rates {
    /// Exceptions of the worst series in 60 days.
    series: f64,
    /// Causes of a product in 20 days.
    product: f64,
    /// Share of the drops that are found within three days.
    found: f64,
}

fn rates(seed: u64) -> Rates {
    let mut random = Random(seed);
    let (mut of, mut causes) = ([0_usize; SERIES], 0);
    for _ in 0..PRODUCTS {
        let (mine, told) = begun(&product(&mut random, None));
        causes += told;
        (0..SERIES).for_each(|place| of[place] += mine[place]);
    }
    let mut found = 0;
    for at in 0..PRODUCTS {
        let place = [0, 1, 2, 5, 6][at % 5];
        let from = HISTORY + at % 40;
        let series = product(&mut random, Some((place, from)));
        let seen = |day: usize| {
            let causes = deepest(&on(&series, day), &LINKS, Rules::default().explained);
            causes.iter().any(|cause| cause.at == place || cause.covers.contains(&place))
        };
        found += usize::from((from..from + 3).any(seen));
    }
    let products = PRODUCTS as f64;
    Rates {
        series: of.into_iter().max().unwrap_or(0) as f64 / products,
        product: causes as f64 / products * 20.0 / DAYS as f64,
        found: found as f64 / products,
    }
}

#[test]
fn false_exceptions_are_rare_and_a_true_one_is_found_within_three_days() {
    // Other seeds than the three with which the limits were chosen.
    for seed in [0x5EED, 1, 2, 3] {
        let Rates { series, product, found } = rates(seed);
        println!(
            "seed {seed:#x}: false exceptions of the worst series in 60 days {series:.2}, of a product in 20 days \
             {product:.2}; found {found:.2}"
        );
        assert!(series <= 1.0, "seed {seed}: {series} a series in 60 days");
        assert!(product <= 1.0, "seed {seed}: {product} a product in 20 days");
        assert!(found >= 0.9, "seed {seed}: {found} found within three days");
    }
}
