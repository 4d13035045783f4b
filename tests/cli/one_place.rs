//! What `metric` prints is what the engine answers a screen, exactly, for every row of the catalogue.

use quarterdeck::domain::calendar::{Day, Grain, Instant, Span};
use quarterdeck::domain::money;
use quarterdeck::engine::{Access, Clock, Engine};
use quarterdeck::query::{Answer, METRICS, Metric, MetricQuery, Number, Query, Segment};

use super::place::Place;

const SPEND: &str = "date,channel,campaign,amount,currency,impressions,clicks\n\
    2026-06-01,search,c1,3.25,USD,100,10\n2026-06-02,feed,c2,4.75,USD,200,20\n";

#[test]
fn every_metric_is_printed_as_the_screens_are_answered() {
    let place = Place::new();
    place.write("spend.csv", SPEND);
    assert_eq!(place.line("import spend.csv --kind spend --through 2026-06-03").code, Some(0));
    let clock = Clock { now: Instant(1_780_531_200_000_000), today: Day::parse("2026-06-04") };
    let mut engine = Engine::open(&place.db(), Access::ReadOnly, std::time::Duration::from_secs(5)).unwrap();
    let span = Span { first: Day::parse("2026-06-01").unwrap(), last: Day::parse("2026-06-03").unwrap() };
    let mut known = 0;
    for metric in METRICS {
        for (grain, word) in [(Some(Grain::Day), "day"), (None, "total")] {
            let event = event(metric);
            let query = MetricQuery {
                metric: metric.id,
                span,
                grain,
                segment: Segment::default(),
                split: None,
                event: event.map(str::to_owned),
                window_days: None,
            };
            let Answer::Metric(series) = engine.answer(&Query::Metric(query), clock).unwrap() else { panic!() };
            let more = event.map_or_else(String::new, |name| format!(" --event {name}"));
            let line = format!("metric {} --grain {word} --from 2026-06-01 --to 2026-06-03 --format csv", metric.id);
            let printed = place.line(&format!("{line}{more} --today 2026-06-04"));
            assert_eq!(printed.code, Some(0), "{line}: {}", printed.err);
            let mut reader = csv::Reader::from_reader(printed.out.as_bytes());
            let cells: Vec<String> = reader.records().map(|row| row.unwrap()[3].to_owned()).collect();
            let points = &series.lines[0].points;
            assert_eq!(cells.len(), points.len(), "{line}");
            for (cell, point) in cells.iter().zip(points) {
                known += usize::from(point.value != Number::None);
                assert!(is_printed_as(point.value, cell), "{line}: {:?} is printed as {cell:?}", point.value);
            }
        }
    }
    assert!(known > 60, "only {known} values to compare");
}

fn event(metric: &Metric) -> Option<&'static str> {
    (metric.id == "penetration").then_some("open")
}

/// Counts and money exactly, fractions rounded once.
fn is_printed_as(number: Number, cell: &str) -> bool {
    match number {
        Number::None => cell.is_empty(),
        Number::Count(n) => cell == n.to_string(),
        Number::Money(micros) => cell == money::exact(micros),
        Number::MoneyPer { .. } | Number::Ratio { .. } | Number::Mean { .. } => {
            let near = |value: f64| cell.parse::<f64>().is_ok_and(|printed| (printed - value).abs() <= 5.1e-7);
            number.value().is_some_and(near)
        }
    }
}
