use super::*;
use crate::metrics::planning::random::Random;

const INDEX: [f64; 7] = [0.9, 0.9, 0.95, 1.0, 1.1, 1.2, 0.95];
const Z: [f64; 10] = [9100.0, 9500.0, 8800.0, 9400.0, 9300.0, 9000.0, 9700.0, 9050.0, 9350.0, 9100.0];

fn goal(target: f64) -> Goal {
    Goal { target, direction: Direction::Up, pace: None }
}

fn history(z: &[f64]) -> Vec<Point> {
    let day = |(at, z): (usize, &f64)| Point { value: Some(z * INDEX[at % 7]), weight: INDEX[at % 7], flagged: false };
    z.iter().enumerate().map(day).collect()
}

fn flat(values: &[f64]) -> Vec<Point> {
    values.iter().map(|v| Point { value: Some(*v), weight: 1.0, flagged: false }).collect()
}

/// June after day 10, T18.
fn june(target: f64) -> Forecast {
    let ahead: Vec<f64> = (10..30).map(|day| INDEX[day % 7]).collect();
    flow(&history(&Z), &ahead, Some(89_950.0), &goal(target), &Thresholds::default())
}

fn near(got: f64, want: f64, within: f64) {
    assert!((got - want).abs() <= within, "{got} {want}");
}

#[test]
fn june_after_ten_days() {
    // T18.
    let seen = Moments::of(&Z);
    near(seen.mean, 9230.0, 1e-9);
    near(seen.sd, 267.914, 5e-4);
    assert!(seen.r1 < 0.0);
    let got = june(300_000.0);
    let band = got.band.unwrap();
    near(band.value, 275_011.5, 1e-6);
    near(band.sd, 2084.27, 5e-3);
    near(band.low, 272_129.0, 0.5);
    near(band.high, 277_894.0, 0.5);
    near(band.value - NORMAL_90 * band.sd, 272_340.0, 0.5);
    near(band.value + NORMAL_90 * band.sd, 277_683.0, 0.5);
    assert_eq!((got.n, got.level_shift, got.status), (Some(10), false, Some(Status::Off)));
    assert!(band.p_hit < 1e-30 && band.p_hit > 0.0);
    near(june(280_000.0).band.unwrap().p_hit, 0.0083, 5e-5);
    near(june(276_000.0).band.unwrap().p_hit, 0.3177, 5e-5);
    assert_eq!(june(270_000.0).status, Some(Status::Ok));
    assert_eq!(june(275_000.0).status, Some(Status::Risk));
}

#[test]
fn a_level_and_a_ratio() {
    // T19.
    let changes = Moments { n: 28, mean: 40.0, sd: 25.0, r1: 0.0 };
    let seen = Level { last: Some(12_000.0), changes };
    let band = level(&seen, 20, &goal(12_800.0), &Thresholds::default()).band.unwrap();
    near(band.value, 12_800.0, 1e-9);
    near(band.sd, 146.385, 5e-4);
    near(band.p_hit, 0.5, 1e-12);
    // T20.
    let counts = Counts { num: 840.0, den: 4000.0, expected_den: 6000.0, recent_rate: 0.22 };
    let got = ratio(Some(&counts), &goal(0.214), &Thresholds::default());
    let band = got.band.unwrap();
    near(band.value, 0.216, 1e-12);
    near(band.sd, 0.003_209, 5e-7);
    assert_eq!((got.n, got.status), (None, Some(Status::Risk)));
    let times = Counts { recent_rate: 3.0, ..counts };
    assert_eq!(ratio(Some(&times), &goal(3.0), &Thresholds::default()).band, None, "a return on spend is no share");
    let none = Counts { den: 0.0, expected_den: 0.0, ..counts };
    assert_eq!(ratio(Some(&none), &goal(0.2), &Thresholds::default()).band, None);
}

#[test]
fn a_level_by_its_days() {
    let mut days: Vec<Option<f64>> = (0..40).map(|day| Some(1000.0 + f64::from(day * 10 + day % 2))).collect();
    days[35] = None;
    days.push(None);
    let seen = Level::of(&days);
    assert_eq!((seen.last, seen.changes.n), (Some(1391.0), 28), "the day without a value has no change on either side");
    let falling: Vec<_> = (0..9).map(|day| Some(f64::from(90 - 10 * day))).collect();
    let goal = Goal { target: 0.0, direction: Direction::Down, pace: None };
    let got = level(&Level::of(&falling), 2, &goal, &Thresholds::default());
    let band = got.band.unwrap();
    assert_eq!((got.n, band.value, band.sd, band.low, band.p_hit), (Some(8), -10.0, 0.0, -10.0, 1.0));
    let short = level(&Level::of(&falling[..7]), 2, &Goal { pace: Some(1.02), ..goal }, &Thresholds::default());
    assert_eq!((short.n, short.band, short.status), (Some(6), None, Some(Status::Ok)));
    assert_eq!(level(&Level::of(&[]), 2, &goal, &Thresholds::default()).status, None);
}

#[test]
fn six_days_are_judged_by_pace_in_the_metrics_direction() {
    let by = |pace: f64, direction: Direction| {
        let goal = Goal { target: 10.0, direction, pace: Some(pace) };
        let got = flow(&flat(&[1.0; 6]), &[1.0], Some(6.0), &goal, &Thresholds::default());
        assert_eq!((got.n, got.band), (Some(6), None));
        got.status.unwrap()
    };
    for (pace, up, down) in [
        (0.97, Status::Ok, Status::Ok),
        (0.96, Status::Risk, Status::Ok),
        (0.90, Status::Risk, Status::Ok),
        (0.89, Status::Off, Status::Ok),
        (1.03, Status::Ok, Status::Ok),
        (1.04, Status::Ok, Status::Risk),
        (1.10, Status::Ok, Status::Risk),
        (1.11, Status::Ok, Status::Off),
    ] {
        assert_eq!((by(pace, Direction::Up), by(pace, Direction::Down)), (up, down), "{pace}");
    }
    let unknown = flow(&flat(&[1.0; 9]), &[1.0], None, &goal(1.0), &Thresholds::default());
    assert_eq!((unknown.n, unknown.band, unknown.status), (Some(9), None, None));
}

#[test]
fn days_that_say_nothing_are_left_out() {
    let mut days = history(&Z);
    let plain = june(280_000.0);
    days.insert(3, Point { value: None, weight: 1.0, flagged: false });
    days.insert(5, Point { value: Some(1e9), weight: 1.0, flagged: true });
    days.push(Point { value: Some(7.0), weight: 0.0, flagged: false });
    let ahead: Vec<f64> = (10..30).map(|day| INDEX[day % 7]).collect();
    assert_eq!(flow(&days, &ahead, Some(89_950.0), &goal(280_000.0), &Thresholds::default()), plain);
    let mut long = flat(&[9e9; 5]);
    long.extend(flat(&[5.0, 6.0].repeat(14)));
    let got = flow(&long, &[], Some(5.0), &goal(5.0), &Thresholds::default());
    assert_eq!((got.n, got.band.unwrap().p_hit), (Some(28), 1.0), "the period is over, and met");
}

#[test]
fn a_new_level_stands_for_the_days_ahead() {
    let z: Vec<f64> = (0..21).map(|day| if day < 14 { 100.0 } else { 160.0 } + f64::from(day % 2)).collect();
    let got = flow(&flat(&z), &[1.0; 10], Some(500.0), &goal(2000.0), &Thresholds::default());
    let (seen, recent) = (Moments::of(&z), Moments::of(&z[14..]));
    let band = got.band.unwrap();
    assert!(got.level_shift && seen.r1 > 0.8);
    near(band.value, 500.0 + 10.0 * recent.mean, 1e-9);
    near(band.sd, (9.0 * seen.sd.powi(2) * (10.0 + 100.0 / 7.0)).sqrt(), 1e-9);
    near(band.high - band.value, t_90(20).unwrap() * band.sd, 1e-9);
    assert!(band.low >= 500.0);
}

#[test]
fn without_spread_it_is_certain() {
    let days: Vec<Point> = history(&[9.3; 10]);
    let at = |target: f64, direction: Direction| {
        let goal = Goal { target, direction, pace: None };
        flow(&days, &[0.9, 1.1], Some(100.0), &goal, &Thresholds::default()).band.unwrap()
    };
    assert_eq!((at(118.6, Direction::Up).p_hit, at(118.7, Direction::Up).p_hit), (1.0, 0.0));
    assert_eq!((at(118.6, Direction::Down).p_hit, at(118.5, Direction::Down).p_hit), (1.0, 0.0));
    assert_eq!(at(118.6, Direction::Up).sd.to_bits(), 0.0_f64.to_bits());
    // Means of the same money over seven and over ten days differ by a bit, which is no new level.
    for daily in 1..50 {
        let money = flow(&history(&[f64::from(daily) * 1e13 / 7.0; 10]), &[], None, &goal(1.0), &Thresholds::default());
        assert!(!money.level_shift);
    }
    // Lower is better: the other side of the same distribution.
    let ahead: Vec<f64> = (10..30).map(|day| INDEX[day % 7]).collect();
    let down = Goal { direction: Direction::Down, ..goal(276_000.0) };
    let got = flow(&history(&Z), &ahead, Some(89_950.0), &down, &Thresholds::default()).band.unwrap();
    near(got.p_hit, 1.0 - june(276_000.0).band.unwrap().p_hit, 1e-12);
}

/// Share of 20-day futures that the band of 28 days holds, where each day keeps `r` of the deviation of the one before.
fn coverage(r: f64, rounds: u32) -> f64 {
    let mut random = Random(20_260_601);
    let mut held = 0;
    for _ in 0..rounds {
        let mut deviation = random.normal();
        let days: Vec<f64> = (0..48)
            .map(|_| {
                deviation = r * deviation + (1.0 - r * r).sqrt() * random.normal();
                1000.0 + 100.0 * deviation
            })
            .collect();
        let future: f64 = days[28..].iter().sum();
        let band = flow(&flat(&days[..28]), &[1.0; 20], Some(0.0), &goal(0.0), &Thresholds::default()).band.unwrap();
        held += u32::from(band.low <= future && future <= band.high);
    }
    f64::from(held) / f64::from(rounds)
}

#[test]
fn the_band_holds_what_it_says() {
    use std::io::Write as _;
    let (independent, correlated, strong) = (coverage(0.0, 20_000), coverage(0.4, 20_000), coverage(0.7, 20_000));
    // Straight to the stream, because the harness hides what a passing test prints.
    let told =
        format!("coverage of the 80 % band: {independent:.3}, correlated by 0.4 {correlated:.3}, by 0.7 {strong:.3}");
    writeln!(std::io::stdout(), "{told}").unwrap();
    assert!((0.78..=0.86).contains(&independent), "{told}");
    assert!(correlated >= 0.72, "{told}");
}
