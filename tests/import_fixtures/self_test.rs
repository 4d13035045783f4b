//! What a verdict must notice.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::path::Path;

use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Counts;
use quarterdeck::query::TimeUnit;
use serde_json::{Value, json};

use super::compare::{amounts, lines, numbers};
use super::{Ended, run, twin};

const ORDERS: &str = "order_id,user_id,ts,amount\n1,a,2024-01-01T00:00:00Z,10.00\n2,a,2024-01-02T00:00:00Z,-2.50\n";

/// What is wrong with an entry over two orders.
#[expect(clippy::disallowed_methods, reason = "a file of the test")]
fn wrong(id: &str, args: &[&str], expected: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("o.csv"), ORDERS).unwrap();
    let entry = json!({
        "id": id, "kind": "revenue", "files": ["o.csv"], "args": args,
        "workspace": { "tz": "UTC", "currency": "USD", "week_start": "monday" }, "expected": expected
    });
    run(folder.path(), &entry).unwrap()
}

#[test]
fn amounts_are_compared_as_decimals() {
    let expected = json!({
        "exit_code": 0, "inserted": 2, "stored": 2, "first_day": "2024-01-01", "utc_times": {},
        "revenue_by_currency": { "USD": "7.50" }, "refunds_by_currency": { "USD": 2.5, "EUR": "0.00" }
    });
    assert_eq!(wrong("shopify_like_plain", &[], &expected), [""; 0]);
    assert_eq!(wrong("x", &[], &json!({ "revenue_by_currency": { "USD": "7.51" } })).len(), 1);
    assert_eq!(
        amounts(&json!({ "a": "-007.50", "b": "0.00", "c": 1_000_000, "d": "x" })),
        json!({ "a": "-7.5", "c": "1000000", "d": "x" })
    );
    assert_eq!(numbers(&json!([1.0, 1.5, "1.0"])), json!([1, 1.5, "1.0"]));
}

#[test]
fn a_missing_file_is_not_understood_unless_it_is_the_empty_folder() {
    let entry = |id: &str, message: i32| {
        let entry = json!({
            "id": id, "kind": "events", "files": ["gone.csv"], "args": [], "workspace": {}, "expected": { "exit_code": message }
        });
        run(Path::new("/nowhere"), &entry).unwrap()
    };
    assert_eq!(entry("gone", 5), [""; 0]);
    assert_eq!(entry("directory", 5), [""; 0]);
    assert_eq!(entry("gone", 0), ["exit_code expected 0 got 5"]);
}

#[test]
fn expectations_that_say_nothing_or_are_not_known_are_wrong() {
    for expected in [json!({}), json!({ "notes": "x" }), json!({ "gross": null }), json!({ "gross": 1 }), json!(null)] {
        assert_eq!(wrong("x", &[], &expected).len(), 1, "{expected}");
    }
    for per_file in
        [json!([]), json!([{ "inserted": 2 }, { "inserted": 9 }]), json!([{ "gross": null }]), json!([{}]), json!(1)]
    {
        assert_eq!(wrong("x", &[], &json!({ "per_file": per_file.clone() })).len(), 1, "{per_file}");
    }
    assert_eq!(
        wrong("x", &[], &json!({ "per_file": [{ "inserted": 2, "exit_code": 0, "rejected_lines": [] }] })),
        [""; 0]
    );
}

#[test]
fn the_through_is_that_of_the_source_the_file_went_to() {
    let args = ["--source", "desk", "--through", "2024-02-29", "--currency", "USD", "--time-unit", "ms"];
    assert_eq!(wrong("x", &args, &json!({ "through": "2024-02-29" })), [""; 0]);
    let request =
        twin::request(Path::new("f"), &[&args[..], &["--map", "Total, net=amount,a=b=user"]].concat()).unwrap();
    assert_eq!((request.currency, request.time_unit), (Currency::parse("USD"), Some(TimeUnit::Millis)));
    let pairs = [("Total, net", "amount"), ("a=b", "user")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(request.map, pairs);
    assert!(twin::request(Path::new("f"), &["--speed", "9"]).is_err());
}

#[test]
fn of_many_rejected_rows_the_first_lines_and_the_number_count() {
    let ended = |rejected: u64, named: u64| Ended {
        code: 3,
        counts: Counts { rejected, ..Counts::default() },
        lines: (2..2 + named).collect(),
    };
    let upto = |last: u64| json!((2..=last).collect::<Vec<_>>());
    assert_eq!(lines(&upto(1501), &[ended(1500, 1000)]), None);
    assert!(lines(&upto(1500), &[ended(1500, 1000)]).is_some() && lines(&upto(1502), &[ended(1500, 1000)]).is_some());
    assert!(lines(&json!([2, 4]), &[ended(2, 2)]).is_some());
    let two = [ended(2, 2), ended(1, 1)];
    assert_eq!(lines(&json!([[2, 3], [2]]), &two), None);
    assert_eq!(lines(&json!([2, 3, 2]), &two), None);
    for wrong in [json!([[2, 3]]), json!([2, 3]), json!([2, 3, 2, 9]), json!([]), json!(null)] {
        assert!(lines(&wrong, &two).is_some(), "{wrong}");
    }
    assert_eq!(lines(&json!([[], []]), &[ended(0, 0), ended(0, 0)]), None);
}
