//! The exact output of each command in each format.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::fmt::Write as _;

use serde_json::Value;

use crate::place::Place;

const FORMATS: [&str; 4] = ["table", "csv", "json", "ndjson"];

/// Holds a command's output in all formats against its snapshot; the formats must tell the same.
pub fn pinned(name: &str, command: &str) {
    pinned_in(&Place::new(), name, command);
}

/// The same in a workspace of one's own.
/// The same over other files than those of every place.
pub fn pinned_in(place: &Place, name: &str, command: &str) {
    let mut all = String::new();
    let mut outputs = Vec::new();
    for format in FORMATS {
        let line = format!("{command} --today 2026-06-04 --format {format}");
        let ended = place.line(&line);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{line}");
        assert!(ended.out.ends_with('\n') && !ended.out.ends_with("\n\n"), "{line}: one line end at the end");
        assert!(ended.out.lines().all(|l| l.trim_end() == l), "{line}: blanks at the end of a line");
        write!(all, "$ quarterdeck {line}\n{}", ended.out).unwrap();
        outputs.push(ended.out);
    }
    pinned_text(name, &all);
    agree(name, &outputs[1], &outputs[2], &outputs[3]);
}

/// Holds a text against its snapshot.
pub fn pinned_text(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// CSV, JSON and NDJSON hold the same columns and values; JSON numbers are as CSV writes them.
fn agree(name: &str, csv: &str, json: &str, ndjson: &str) {
    let json: Value = serde_json::from_str(json).unwrap();
    let rows = json["rows"].as_array().unwrap();
    let lines: Vec<Value> = ndjson.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows, &lines, "{name}: JSON and NDJSON");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let titles = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows.len(), "{name}: rows of CSV and JSON");
    for (record, row) in records.iter().zip(rows) {
        assert_eq!(row.as_object().unwrap().len(), titles.len(), "{name}");
        for (title, cell) in titles.iter().zip(record) {
            let same = match &row[title] {
                Value::Null => cell.is_empty(),
                Value::String(text) => cell == text,
                other => cell.parse().ok().as_ref() == Some(other),
            };
            assert!(same, "{name} {title}: CSV {cell} and JSON {}", row[title]);
        }
    }
}

#[test]
fn a_funnel_in_order_and_in_any() {
    pinned("funnel-ordered", "funnel open buy --window 1d --from 2026-06-01 --to 2026-06-02");
    pinned("funnel-any", "funnel buy open --window 1d --order any --from 2026-06-01 --to 2026-06-02");
}

#[test]
fn a_count_over_days() {
    pinned("metric-dau", "metric dau --from 2026-05-31 --to 2026-06-04");
}

#[test]
fn money_split_by_channel_with_its_total() {
    pinned("metric-net-by-channel", "metric net --by channel --grain total --from 2026-06-01 --to 2026-06-03");
}

#[test]
fn money_per_head_and_a_rate_over_weeks() {
    pinned("metric-arpu-week", "metric arpu --grain week --from 2026-05-25 --to 2026-06-03");
    pinned("metric-paid-rate-day", "metric paid_rate --from 2026-06-02 --to 2026-06-03");
}

#[test]
fn the_cohort_triangle() {
    pinned("retention-day", "retention --grain day --from 2026-06-01 --to 2026-06-03 --intervals 3");
}

#[test]
fn a_period_beside_another() {
    pinned("metric-compare", "metric dau --compare previous --by channel --from 2026-06-02 --to 2026-06-02");
    pinned("metric-limits", "metric dau --limits --from 2026-06-02 --to 2026-06-03");
    pinned("metric-histogram", "metric stickiness --histogram --from 2026-06-01 --to 2026-06-03");
}

#[test]
fn hours_and_brackets_of_a_triangle() {
    pinned(
        "retention-hour",
        "retention --grain hour --block 12 --from 2026-06-01 --to 2026-06-01 --intervals 1 --by platform",
    );
    pinned("retention-brackets", "retention --grain day --from 2026-06-01 --to 2026-06-01 --brackets 1,7");
}

#[test]
fn who_took_part_and_what_came_of_them() {
    pinned("participants", "participants --event open --cost 10.50 --from 2026-06-01 --to 2026-06-03");
}

#[test]
fn the_catalogue_of_metrics() {
    pinned("metric-list", "metric --list");
}

#[test]
fn the_keys() {
    pinned("keys", "keys");
}

#[test]
fn event_names_with_their_roles() {
    pinned("role", "role");
}

#[test]
fn raw_channels_and_where_they_go() {
    pinned("mapping", "mapping");
}

#[test]
fn the_imports() {
    pinned("import-list", "import list");
}

#[test]
fn what_is_exported_comes_back_as_it_was() {
    let (from, to) = (Place::new(), Place::bare());
    assert_eq!(to.line("init --tz UTC --currency USD").code, Some(0));
    for (kind, stored) in [("events", 5), ("revenue", 3)] {
        let rows = from.line(&format!("export {kind}")).out;
        assert_eq!(rows.lines().count(), stored + 1, "{rows}");
        to.write(&format!("{kind}.csv"), &rows);
        assert_eq!(to.line(&format!("import {kind}.csv --kind {kind}")).code, Some(0));
        assert_eq!(to.line(&format!("export {kind}")).out, rows);
    }
}
