//! What a verdict on a case of plans must notice.

use serde_json::{Value, json};

use super::self_test::{fails, with};
use super::{Verdict, judge};

fn case(metric: &str, params: &Value, expected: &Value) -> Value {
    let tolerance = json!({ "rel": 1e-9, "abs": 1e-9 });
    json!({ "id": "x", "metric": metric, "params": params, "expected": expected, "tolerance": tolerance })
}

fn pace() -> Value {
    let params = json!({ "from": "2026-06-01", "to": "2026-06-04", "through": "2026-06-01", "target": 8, "actual": 2 });
    case("pace", &params, &json!({ "pace": 1, "lead": 0, "required": [2, 2, 2] }))
}

fn sum() -> Value {
    let leaf = |id: &str, value: i32| json!({ "id": id, "op": "leaf", "value": value });
    let tree = json!({ "id": "s", "op": "sum", "children": [leaf("a", 1), leaf("b", 2)] });
    case("tree_evaluate", &json!({ "tree": tree }), &json!({ "value": 3, "nodes": { "a": { "value": 1 } } }))
}

#[test]
fn the_good_ones_are_ok() {
    assert_eq!([judge(&pace()), judge(&sum())], [Verdict::Ok, Verdict::Ok]);
}

#[test]
fn wrong_numbers_shapes_and_missing_values_fail() {
    for (place, wrong) in [
        ("/expected/pace", json!(1.001)),
        ("/expected/pace", json!(null)),
        ("/expected/required", json!([2, 2])),
        ("/expected/lead", json!("0")),
        ("/expected", json!({})),
        ("/params/target", json!(null)),
        ("/params/weights", json!([1, null])),
        ("/params/weekday_index", json!([1, 1])),
        ("/params/to", json!("2026-05-31")),
    ] {
        let verdict = with(pace(), place, wrong.clone());
        assert!(!matches!(verdict, Verdict::Ok), "{place} {wrong}");
    }
    assert!(fails(&with(sum(), "/expected/nodes/a/value", json!(2))));
    assert!(fails(&with(sum(), "/expected/nodes/c", json!({ "value": null }))), "a node that is not there");
    assert!(fails(&with(sum(), "/params/tree/children/1/id", json!("a"))), "an id twice");
    assert!(fails(&with(sum(), "/params/tree/children/1/sign", json!(2))));
}

#[test]
fn what_is_missing_must_be_missing() {
    let mut missing = with_actual_missing();
    assert_eq!(judge(&missing), Verdict::Ok);
    missing["expected"]["pace"] = json!(0);
    assert!(fails(&judge(&missing)));
}

fn with_actual_missing() -> Value {
    let mut case = pace();
    case["params"]["actual"] = json!(null);
    case["expected"] = json!({ "pace": null, "expected": 2, "required": [], "due_by": [] });
    case
}

#[test]
fn what_is_not_known_is_told() {
    for (place, what) in [
        ("/params/mood", "mood"),
        ("/expected/mood", "expected.mood"),
        ("/mood", "case.mood"),
        ("/params/kind", "kind 1"),
    ] {
        let value = if place == "/params/kind" { json!("1") } else { json!(1) };
        assert_eq!(with(pace(), place, value), Verdict::Unsupported(what.into()));
    }
    let mood = with(sum(), "/params/tree/children/0/mood", json!(1));
    assert_eq!(mood, Verdict::Unsupported("tree.mood".into()));
}

#[test]
fn a_list_of_sets_is_compared_set_by_set() {
    let (one, two) = (json!({ "total": 3, "weights": [1, 1] }), json!({ "total": 3, "weights": [0] }));
    let wants = json!([{ "values": [2, 1] }, { "values": null }]);
    let all = case("distribute", &json!({ "items": [one, two] }), &json!({ "items": wants }));
    assert_eq!(judge(&all), Verdict::Ok);
    assert!(fails(&with(all.clone(), "/expected/items/0/values", json!([1, 2]))));
    assert!(fails(&with(all.clone(), "/expected/items/1/values", json!([0]))));
    assert!(fails(&with(all, "/expected/items", json!([{ "values": [2, 1] }]))));
}

#[test]
fn a_key_may_have_a_tolerance_of_its_own() {
    let mut loose = pace();
    loose["expected"]["pace"] = json!(1.04);
    loose["tolerance"]["keys"] = json!({ "pace": { "abs": 0.05 } });
    assert_eq!(judge(&loose), Verdict::Ok);
    assert!(fails(&with(loose, "/expected/lead", json!(0.04))));
    let share = with(pace(), "/tolerance", json!({ "rel": 0.1 }));
    assert_eq!(share, Verdict::Ok);
}

#[test]
fn readings_are_a_set() {
    let days = json!({ "from": "2026-06-01", "to": "2026-06-10", "through": "2026-06-05", "accum": "flow" });
    let mut params = days;
    for (key, value) in [("kind", json!("gauges")), ("target", json!(10)), ("actual", json!(3))] {
        params[key] = value;
    }
    params["tasks"] = json!([{ "state": "done" }, { "state": "todo" }, { "state": "todo" }, { "state": "dropped" }]);
    params["spent"] = json!(6);
    params["granted"] = json!(10);
    let gauges = case("pace", &params, &json!({ "budget": 0.6, "readings": ["late", "burning"] }));
    assert_eq!(judge(&gauges), Verdict::Ok);
    assert!(fails(&with(gauges, "/expected/readings", json!(["late"]))));
}
