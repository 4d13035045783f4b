//! One place per number: what a screen shows and exports is exactly what `metric` is asked for.

use std::collections::BTreeMap;
use std::sync::Mutex;

use quarterdeck::domain::calendar::{Day, Grain, Span};
use quarterdeck::query::{
    Answer, Comparison, DetailQuery, METRICS, Measure, Metric, MetricQuery, Number, Query, Scope, Segment, Series,
    Split, find_metric,
};
use quarterdeck::runtime::{Answers, Desk};
use quarterdeck::ui::{amount, format};

use crate::picture::rows;
use crate::stage::{PLAIN, Stage};
use crate::worlds::demo;

/// The period that the dashboard opens with.
fn june() -> Span {
    Span { first: Day::parse("2026-06-01").unwrap(), last: Day::parse("2026-06-30").unwrap() }
}

fn scope() -> Scope {
    Scope { period: june(), grain: Grain::Day, comparison: Comparison::Previous, segment: Segment::default() }
}

fn ask(world: &Mutex<Desk>, query: &Query) -> Answer {
    world.lock().unwrap_or_else(std::sync::PoisonError::into_inner).answer(query).unwrap()
}

fn series(world: &Mutex<Desk>, metric: &'static str, span: Span, split: Option<Split>) -> Series {
    let segment = Segment::default();
    let query = MetricQuery { metric, span, grain: None, segment, split, event: None, window_days: None };
    let Answer::Metric(series) = ask(world, &Query::Metric(query)) else { panic!("another answer") };
    series
}

fn value(world: &Mutex<Desk>, metric: &'static str, span: Span) -> Number {
    series(world, metric, span, None).lines[0].points[0].value
}

/// Rows of the tables of a screen as it exports them, by their first cell; a mark of lagging data left out.
fn exported(keys: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for keys in keys {
        let mut stage = Stage::open(demo(), (120, 40), PLAIN);
        stage.keys(keys);
        let csv = stage.handed_out.concat();
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        for row in reader.records() {
            let cells: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
            found.insert(cells[0].trim_end_matches(" z").to_owned(), cells);
        }
    }
    found
}

#[test]
fn today_exports_what_metric_gives() {
    let Answer::Front(front) = ask(demo(), &Query::Front(scope())) else { panic!("another answer") };
    let table = exported(&[". x"]);
    assert_eq!(front.headline.len(), 12);
    for number in &front.headline {
        let metric = find_metric(number.metric).unwrap();
        assert_eq!(number.now, value(demo(), number.metric, number.span), "{}", metric.id);
        let row =
            table.get(metric.name).unwrap_or_else(|| panic!("{} is not exported: {:?}", metric.name, table.keys()));
        assert_eq!(row[1], format::exact(number.now), "{}", metric.id);
        assert_eq!(row[2], format::exact(number.before), "{}", metric.id);
    }
}

#[test]
fn the_brief_says_what_today_shows() {
    let Answer::Today(today) = ask(demo(), &Query::Today) else { panic!("another answer") };
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let drawn = rows(&stage.draw());
    let brief = rows(&stage.keys("b").draw()).join("\n");
    assert_eq!(today.primaries.len(), 5);
    for primary in &today.primaries {
        let course = &primary.course;
        let value = |value| amount::brief(value, course.unit);
        let row = drawn.iter().find(|row| row.chars().skip(1).collect::<String>().starts_with(&course.label)).unwrap();
        let pace = format!("x{}", format::fixed(course.pace.unwrap(), 2));
        assert!(row.contains(&format!("{}/{}", value(course.actual), value(course.target))), "{row}");
        assert!(row.contains(&pace), "{row}");
        let (actual, target) = (value(course.actual), value(course.target));
        let long = format!("{} {actual} of {target}, {pace}", course.label);
        let short = format!("{} {actual}/{target} {pace}", course.label);
        assert!(brief.contains(&long) || brief.contains(&short), "{short} in\n{brief}");
    }
    for cause in today.causes.iter().take(3) {
        let values =
            format!("{} vs {}", amount::brief(cause.actual, cause.unit), amount::brief(cause.usual, cause.unit));
        let row = drawn.iter().find(|row| row.contains(&format!(" {} ", cause.label)) && row.contains(&values));
        assert!(
            row.is_some() && brief.contains(&format!("{} {values}", cause.label)),
            "{} {values}\n{brief}",
            cause.label
        );
    }
}

#[test]
fn revenue_exports_what_metric_gives() {
    let Answer::Revenue(board) = ask(demo(), &Query::Revenue(scope())) else { panic!("another answer") };
    for number in &board.per_user {
        assert_eq!(number.now, value(demo(), number.metric, number.span), "{}", number.metric);
    }
    let span = board.per_user[0].span;
    let table = exported(&["$ x"]);
    for (metric, column, sign) in [("net", 1, 1), ("gross", 6, 1), ("refunds", 7, -1)] {
        for line in series(demo(), metric, span, Some(Split::Stream)).lines {
            let name = line.part.unwrap_or_else(|| "total".to_owned());
            let Number::Money(micros) = line.points[0].value else { continue };
            assert_eq!(table[&name][column], format::exact(Number::Money(micros * sign)), "{metric} {name}");
        }
    }
}

/// The number, its parts and what is drawn of them, for every metric that there is.
#[test]
fn the_detail_of_every_metric_holds_what_metric_gives() {
    for metric in METRICS {
        let query = DetailQuery { event: event(metric), ..DetailQuery::new(metric.id, scope()) };
        let Answer::Detail(detail) = ask(demo(), &Query::Detail(Box::new(query))) else { panic!("another answer") };
        let number = &detail.number;
        assert_eq!(number.now, asked(metric, number.span, None).lines[0].points[0].value, "{}", metric.id);
        // Numbers that are read from the events take their time: one split of theirs is enough.
        let splits = if matches!(metric.measure, Measure::Role(_)) { 1 } else { detail.splits.len() };
        for breakdown in detail.splits.iter().take(splits) {
            let lines = asked(metric, number.span, Some(breakdown.split)).lines;
            for part in &breakdown.parts {
                let line = lines.iter().find(|line| line.part.as_deref() == Some(&part.name)).unwrap();
                assert_eq!(part.now, line.points[0].value, "{} {:?} {}", metric.id, breakdown.split, part.name);
            }
        }
    }
}

/// A share of those who did an event has no value without one.
fn event(metric: &Metric) -> Option<String> {
    (metric.id == "penetration").then(|| "view".to_owned())
}

fn asked(metric: &'static Metric, span: Span, split: Option<Split>) -> Series {
    let segment = Segment::default();
    let (id, event) = (metric.id, event(metric));
    let query = MetricQuery { metric: id, span, grain: None, segment, split, event, window_days: None };
    let Answer::Metric(series) = ask(demo(), &Query::Metric(query)) else { panic!("another answer") };
    series
}

#[test]
fn the_detail_draws_the_number_it_was_answered() {
    let mut stage = Stage::open(demo(), (120, 40), PLAIN);
    let drawn = rows(&stage.keys(". Enter").draw()).join("\n");
    drop(stage);
    let query = DetailQuery::new("new_users", scope());
    let Answer::Detail(detail) = ask(demo(), &Query::Detail(Box::new(query))) else { panic!("another answer") };
    let shown =
        [detail.number.now, detail.number.before].into_iter().chain(detail.splits[0].parts.iter().map(|p| p.now));
    for number in shown {
        assert!(drawn.contains(&format::number(number)), "{number:?} in\n{drawn}");
    }
}

#[test]
fn enter_on_today_leads_to_what_the_row_is_about() {
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let of = |stage: &mut Stage, keys: &str| rows(&stage.keys(keys).draw()).join("\n");
    let tree = of(&mut stage, "Enter");
    assert!(tree.contains("Plans > Month revenue") && tree.contains("TREE"), "{tree}");
    // The cause is the worst leaf of that plan, and the tree opens on it.
    let cause = of(&mut stage, "0 J Enter");
    assert!(
        cause.contains("Plans > Month revenue") && cause.contains(">    ") && cause.contains("Order value"),
        "{cause}"
    );
    let feedback = of(&mut stage, "0 J J G Enter");
    assert!(feedback.contains("[1Prod]"), "{feedback}");
}
