//! The lamps over real data sets: the written numbers come from the golden tables of each set. Without the sets
//! (`QUARTERDECK_SHARED`, else `../shared/data`) the test says SKIPPED.

#![expect(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "helpers of tests fail the test")]

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Day, Instant, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{Answer, Command, ImportRequest, LampFact, LampState, Query, Today};

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("QUARTERDECK_SHARED").map(PathBuf::from);
    named.or_else(|| Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"))).filter(|path| path.is_dir())
}

/// The workspace of a set.
struct Desk {
    engine: Engine,
    folder: PathBuf,
    _place: tempfile::TempDir,
}

impl Desk {
    fn of(set: &str, file: &str, kind: Kind) -> Option<Self> {
        let folder = shared().map(|shared| shared.join(set)).filter(|folder| folder.join(file).is_file());
        let Some(folder) = folder else {
            writeln!(std::io::stderr().lock(), "SKIPPED {set}: no data set found; set QUARTERDECK_SHARED").unwrap();
            return None;
        };
        let place = tempfile::tempdir().unwrap();
        let profile = NewWorkspace::bare(Zone::UTC, Currency::parse("GBP"));
        let mut engine = Engine::create(&place.path().join("w.db"), &profile).unwrap();
        let request = ImportRequest { path: folder.join(file), kind: Some(kind), ..ImportRequest::default() };
        let clock = Clock { now: Instant(1_780_531_200_000_000), today: None };
        engine.run(&Command::Import(request), clock, &mut |_| ControlFlow::Continue(())).unwrap();
        Some(Self { engine, folder, _place: place })
    }

    fn on(&mut self, day: &str) -> Today {
        let today = Day::parse(day).unwrap();
        let clock = Clock { now: Instant(1_780_531_200_000_000), today: Some(today) };
        let Answer::Today(answer) = self.engine.answer(&Query::Today, clock).unwrap() else { panic!() };
        *answer
    }

    /// The rows of a golden table, each by the names of its columns.
    fn golden(&self, table: &str) -> Vec<std::collections::BTreeMap<String, String>> {
        let text = std::fs::read_to_string(self.folder.join("golden").join(format!("{table}.csv"))).unwrap();
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let heads = lines.next().unwrap();
        lines.map(|cells| heads.iter().cloned().zip(cells).collect()).collect()
    }
}

fn fact(today: &Today, code: &str) -> LampFact {
    let facts = today.lamps.iter().flat_map(|lamp| &lamp.facts);
    facts.into_iter().find(|fact| fact.measure.code == code).unwrap_or_else(|| panic!("no {code}")).clone()
}

fn figure(fact: &LampFact, name: &str) -> f64 {
    fact.figures.iter().find(|figure| figure.name == name).unwrap().value.unwrap()
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-9, "{got} is not {want}");
}

#[test]
fn a_shop_that_loses_more_customers_than_it_wins() {
    let Some(mut desk) = Desk::of("online_retail_intl", "orders.csv.gz", Kind::Revenue) else { return };
    // Weeks of 18 and 25 July, 1 and 8 August 2011: new 5 + 6 + 7 + 5 = 23, back 17 + 14 + 17 + 12 = 60,
    // gone 27 + 23 + 19 + 25 = 94; 83 / 94 = 0.883.
    let today = desk.on("2011-08-15");
    let quick = fact(&today, "L1");
    assert_eq!((figure(&quick, "new"), figure(&quick, "came back"), figure(&quick, "left")), (23.0, 60.0, 94.0));
    near(figure(&quick, "quick ratio"), 83.0 / 94.0);
    assert_eq!((quick.state, today.lamps[0].state), (LampState::Off, LampState::Off));
    // A week later the week of 18 July is out and that of 15 August in: 28 and 58 over 83, 1.036.
    let quick = fact(&desk.on("2011-08-22"), "L1");
    near(figure(&quick, "quick ratio"), 86.0 / 83.0);
    assert_eq!(quick.state, LampState::Risk);
    // In the middle of a week the running week does not count.
    near(figure(&fact(&desk.on("2011-08-25"), "L1"), "quick ratio"), 86.0 / 83.0);
    // There is no spend: what it would need has no verdict, and no plan means no link to judge.
    for code in ["L3", "M1", "M2", "M3", "M4", "M5", "V2", "V3", "V4", "V5", "V6", "V7", "V8"] {
        assert_eq!(fact(&today, code).state, LampState::NoData, "{code}");
    }
    // No operation type has anything: 0 of 28.
    let coverage = fact(&today, "V1");
    assert_eq!((figure(&coverage, "covered"), figure(&coverage, "of")), (0.0, 28.0));
    assert_eq!(coverage.state, LampState::Off);
}

#[test]
fn a_cohort_that_nobody_follows() {
    let Some(mut desk) = Desk::of("cdnow_sample", "orders.csv.gz", Kind::Revenue) else { return };
    // Weeks of 31 March to 21 April 1997, after the last new customer: 0 new, back 61 + 75 + 65 + 61 = 262,
    // gone 140 + 73 + 75 + 68 = 356; 262 / 356 = 0.736.
    let quick = fact(&desk.on("1997-04-28"), "L1");
    assert_eq!((figure(&quick, "new"), figure(&quick, "came back"), figure(&quick, "left")), (0.0, 262.0, 356.0));
    near(figure(&quick, "quick ratio"), 262.0 / 356.0);
    assert_eq!(quick.state, LampState::Off);
}

#[test]
fn a_shop_that_grows_by_a_burst_of_newcomers() {
    let Some(mut desk) = Desk::of("simple_shop", "events.csv.gz", Kind::Events) else { return };
    // Weeks of 30 March to 20 April 2020: new 554 + 596 + 567 + 580 = 2297, back 10 + 0 + 65 + 136 = 211,
    // gone 179 + 493 + 559 + 594 = 1825; 2508 / 1825 = 1.374.
    let today = desk.on("2020-04-27");
    let quick = fact(&today, "L1");
    near(figure(&quick, "quick ratio"), 2_508.0 / 1_825.0);
    assert_eq!(quick.state, LampState::Ok);
    // D7 of the users of 6 to 19 April, who are complete by 26 April, beside those of 23 March to 5 April.
    let rows = desk.golden("retention_day");
    let day = |text: &str| Day::parse(text).unwrap();
    let sum = |first: &str, last: &str| {
        let mine = rows.iter().filter(|row| row["n"] == "7" && (day(first)..=day(last)).contains(&day(&row["cohort"])));
        mine.fold((0.0, 0.0), |(on, size), row| {
            let number = |name: &str| row[name].parse::<f64>().unwrap();
            (on + number("users_on"), size + number("cohort_size"))
        })
    };
    let ((k1, n1), (k0, n0)) = (sum("2020-04-06", "2020-04-19"), sum("2020-03-23", "2020-04-05"));
    let fall = fact(&today, "L2");
    near(figure(&fall, "D7"), k1 / n1);
    near(figure(&fall, "before"), k0 / n0);
    let pooled = (k0 + k1) / (n0 + n1);
    let z = (k1 / n1 - k0 / n0) / (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n0)).sqrt();
    near(figure(&fall, "z"), z);
    // Nothing was spent, so that a fall would be a risk and no leak.
    assert_ne!(fall.state, LampState::Off);
}
