//! The morning from the command line: the brief and the check, over the sample and over a workspace without plans.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use serde_json::Value;

use crate::place::{Ended, Place};

/// The sample that ends on 10 June 2026, and a command over it on the day after.
fn sample() -> (Place, impl Fn(&Place, &str) -> Ended) {
    let place = Place::bare();
    let made = place.line("demo --today 2026-06-11");
    assert_eq!(made.code, Some(0), "{made:?}");
    (place, |place: &Place, line: &str| place.line(&format!("--db demo.db --today 2026-06-11 {line}")))
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

fn find<'v>(list: &'v Value, key: &str, value: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|one| one[key] == value).unwrap_or_else(|| panic!("no {value} in {list}"))
}

#[test]
fn the_sample_tells_the_story_that_is_built_into_it() {
    let (place, at) = sample();
    let told = json(&at(&place, "brief --format json"));
    assert_eq!((&told["schema"], &told["through"]), (&"quarterdeck.brief/1".into(), &"2026-06-10".into()));

    // The red plan stands first, and its cause before all others, within the tree of that plan.
    let first = &told["primaries"][0];
    assert_eq!((&first["name"], &first["standing"]), (&"Month revenue".into(), &"OFF".into()));
    let cause = &told["causes"][0];
    assert_eq!((&cause["label"], &cause["plan"]), (&"Order value".into(), &first["plan"]));
    assert!(cause["effect"].as_f64().unwrap() < 0.0 && cause["effect_unit"] == "money", "{cause}");

    // Feed-a brings users who leave sooner since 21 days, so since 21 May. They are the same kind of users, not others.
    let kept = find(&told["causes"], "label", "D7");
    assert_eq!((&kept["since"], &kept["channel"]), (&"2026-05-21".into(), &"feed-a".into()));
    assert_eq!(kept["event"]["text"], "feed-a begins a look-alike campaign");
    assert!(kept["rate"].as_f64().unwrap() < kept["mix"].as_f64().unwrap(), "{kept}");

    // Feed-b is paused since 7 June: nothing after 6 June, and the spend that is missing is not told twice.
    let paused = find(&told["causes"], "label", "feed-b-spend");
    assert_eq!((&paused["sign"], &paused["since"]), (&"missing".into(), &"2026-06-07".into()));
    assert_eq!(paused["covers"], Value::from(vec!["Spend"]));

    // LEAK is red, and says why: D7 falls while spend rises, and a kept user costs a third more.
    let leak = find(&told["lamps"], "name", "LEAK");
    assert_eq!(leak["state"], "OFF");
    for measure in ["L2", "L3"] {
        let fact = find(&leak["facts"], "measure", measure);
        assert_eq!(fact["state"], "OFF", "{fact}");
        assert!(!fact["of"].as_array().unwrap().is_empty() && fact["key"] != "", "{fact}");
    }
    assert_eq!(leak["facts"].as_array().unwrap().len(), 5);
    let matrix = &told["matrix"];
    let ok: usize = matrix["types"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_object().unwrap().values().filter(|cell| **cell == "ok").count())
        .sum();
    assert_eq!((matrix["covered"].as_u64().unwrap() as usize, matrix["of"].as_u64()), (ok, Some(28)));
}

#[test]
fn a_brief_has_twelve_lines_at_most_and_every_target_in_it() {
    let (place, at) = sample();
    let text = at(&place, "brief");
    let lines: Vec<&str> = text.out.lines().collect();
    assert!(lines.len() <= 12 && lines.iter().all(|line| line.chars().count() <= 70), "{text:?}");
    let told = json(&at(&place, "brief --format json"));
    assert_eq!(told["text"], Value::from(lines.clone()));
    for target in told["primaries"].as_array().unwrap() {
        let (label, standing) = (target["label"].as_str().unwrap(), target["standing"].as_str().unwrap());
        let pace = format!("x{:.2}", target["pace"].as_f64().unwrap());
        let said = text.out.split(". ").flat_map(|part| part.split(".\n")).find(|part| part.contains(label));
        let said = said.unwrap_or_else(|| panic!("{label} is not told: {text:?}"));
        assert!(said.contains(&pace) && said.contains(standing), "{said}");
    }
    for (format, holds) in [("md", "**GOAL**"), ("html", "<h2>GOAL</h2>")] {
        let written = at(&place, &format!("brief --format {format}"));
        assert!(written.code == Some(0) && written.out.contains(holds), "{written:?}");
    }
    let check = at(&place, "check --exit-code");
    assert_eq!(check.code, Some(3));
    for start in ["target: Net revenue", "source: feed-b-spend", "exception: D7", "lamp: LEAK L2", "tasks: "] {
        assert!(check.out.lines().any(|line| line.starts_with(start)), "{start}: {check:?}");
    }
    assert_eq!(at(&place, "check").code, Some(0), "only the flag asks for it");
}

#[test]
fn without_plans_the_brief_says_so_and_nothing_is_missing() {
    let place = Place::new();
    let text = place.line("--today 2026-06-04 brief");
    assert!(text.out.contains("GOAL     no plan runs with a target."), "{text:?}");
    let check = place.line("--today 2026-06-04 check --exit-code");
    let told: Vec<&str> = check.out.lines().filter(|line| !line.starts_with("lamp: ")).collect();
    assert!(told.is_empty(), "three days of data are no exception: {check:?}");
}
