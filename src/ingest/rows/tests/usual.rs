//! Usual rows are read as any rows, whatever stands between them.

use std::convert::Infallible;

use super::*;
use crate::domain::records::Record;

/// Line and event or fate of each row, the end of the text, what was noted, and how many rows were usual ones; with
/// `pause` the reader of usual rows is stopped after every event.
fn read_usually(rows: &mut Rows, pause: bool) -> (Vec<(u64, String)>, u64, Vec<String>, usize) {
    let (mut out, mut usual) = (Vec::new(), 0);
    loop {
        let taken = rows.usual(|line, event| {
            usual += 1;
            out.push((line, format!("{event:?}")));
            Ok::<_, Infallible>(!pause)
        });
        assert_eq!(taken, Ok(()));
        let Some(row) = rows.next_row().unwrap() else { break };
        out.push(plainly(&row));
    }
    (out, rows.reading.offset(), rows.notes(), usual)
}

fn plainly(row: &Row<'_>) -> (u64, String) {
    match &row.fate {
        Fate::Record(Record::Event(event)) => (row.line, format!("{:?}", event.lent())),
        _ => (row.line, told(row).2),
    }
}

/// How many rows were usual ones, after they were compared with what the reader of any row makes of them.
fn compare(input: &[u8], sizes: &[usize], zone: &str, pause: bool) -> Option<usize> {
    let rules = Rules { zone: Zone::parse(zone).unwrap(), ..RULES };
    let mut plain = opened(input, sizes, &rules).ok()?;
    let mut expected = Vec::new();
    while let Some(row) = plain.next_row().unwrap() {
        expected.push(plainly(&row));
    }
    let mut rows = opened(input, sizes, &rules).unwrap();
    let (found, end, notes, usual) = read_usually(&mut rows, pause);
    assert_eq!(found, expected);
    assert_eq!((end, notes), (plain.reading.offset(), plain.notes()));
    Some(usual)
}

#[test]
fn usual_rows_are_taken() {
    let rows = "id-1,u1,open,2026-06-07T10:00:00.123Z,ios,ads\nid-2,,打开,2026-06-07 10:00:00,,\r\n".repeat(50);
    let table = format!("event_id,user_id,event,ts,platform,channel\n{rows}");
    assert!(compare(table.as_bytes(), &[1 << 16], "UTC", false) > Some(90));
    let object = "{\"event_id\":\"e1\",\"user_id\":7,\"event\":\"打开\",\"ts\":\"2026-06-07T10:00:00Z\",\"n\":1.5,\"s\":\"x\"}\n\
                  {\"event\": \"a\", \"ts\": \"2026-06-07T10:00:00\", \"n\": null}\r\n";
    assert!(compare(object.repeat(50).as_bytes(), &[1 << 16], "Asia/Shanghai", false) > Some(90));
}

#[test]
fn a_total_a_header_and_a_property_are_no_usual_rows() {
    let first = "user_id,event,ts,note\nu1,open,2026-06-07T00:00:00Z,\n";
    for row in ["Total", "total: 7", " total", "合计", "user_id", "", " ", "u\0", "\"u\"", "u,", "u\r"] {
        let input = format!("{first}{row},open,2026-06-07T00:00:00Z,\nu1,open,2026-06-07T00:00:00Z,x\n{first}");
        assert!(compare(input.as_bytes(), &[99], "UTC", false).is_some(), "{row:?}");
    }
    for length in [(64 << 10) - 40, 64 << 10, (64 << 10) + 1] {
        let long = format!("{first}{},open,2026-06-07T00:00:00Z,\n{}", "u".repeat(length), first.repeat(9));
        assert!(compare(long.as_bytes(), &[1 << 16], "UTC", false).is_some());
    }
    let utm = "{\"user_id\":\"u\",\"event\":\"a\",\"ts\":\"2026-06-07T10:00:00Z\",\"$utm_source\":\"ads\"}\n";
    assert!(compare(utm.repeat(9).as_bytes(), &[1 << 16], "UTC", false).is_some());
}

/// A cell or a value near to a usual one.
fn word() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => prop::sample::select(vec!["u1", "open", "打开", "a longer text of many bytes", "x"]),
        2 => Just(""),
        1 => prop::sample::select(vec![" ", "T", "total", "a\"b", "a\\nb", "\u{1}", "\0", "é", "a\tb", "\r", ",", "utm_source"]),
    ]
}

fn time() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        5 => prop::sample::select(vec!["2026-06-07T10:00:00Z", "2026-06-08 01:02:03.5", "2026-03-29T01:30:00"]),
        1 => prop::sample::select(vec!["", "1999-13-01T00:00:00Z", "1980-01-01T00:00:00Z", "2026-06-07", "1788998400"]),
    ]
}

fn cells() -> impl Strategy<Value = String> {
    let end = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r", ",\n", ",x\n", "\n\n"]);
    (word(), word(), word(), time(), word(), prop_oneof![3 => Just(""), 1 => word()], end)
        .prop_map(|(id, user, name, at, channel, note, end)| format!("{id},{user},{name},{at},{channel},{note}{end}"))
}

fn object() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "event_id",
        "user_id",
        "event",
        "ts",
        "channel",
        "note",
        "n",
        "props",
        "$utm_source",
    ]);
    let string = word().prop_map(|word| format!("\"{word}\""));
    let other =
        prop::sample::select(vec!["1", "-1.5", "01", "null", "true", "nul", "{\"a\":1}", "[]", "1e5", "\"\\u00e9\""]);
    let mark = prop::sample::select(vec![":", ":", ":", ": ", " :"]);
    let entry = (key, mark, prop_oneof![2 => string, 1 => other.prop_map(str::to_owned)]);
    let entry = entry.prop_map(|(key, mark, value)| format!("\"{key}\"{mark}{value}"));
    let usual = (word(), word(), time(), prop::collection::vec(entry, 0..3)).prop_map(|(user, name, at, more)| {
        let more = more.iter().fold(String::new(), |all, entry| all + "," + entry);
        format!("\"user_id\":\"{user}\",\"event\":\"{name}\",\"ts\":\"{at}\"{more}")
    });
    let end = prop::sample::select(vec!["}\n", "}\n", "}\n", "}\r\n", "} \n", "},\n", "\n"]);
    (prop::sample::select(vec!["{", "{", "{", "{ ", " {", "\u{feff}{"]), usual, end)
        .prop_map(|(open, entries, end)| format!("{open}{entries}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn usual_rows_of_cells_are_read_as_any(
        rows in prop::collection::vec(cells(), 1..12),
        sizes in prop::collection::vec(1_usize..300, 1..3),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin"]),
        pause: bool,
    ) {
        let input = format!("event_id,user_id,event,ts,channel,note\n{}", rows.concat());
        compare(input.as_bytes(), &sizes, zone, pause);
    }

    #[test]
    fn usual_objects_are_read_as_any(
        rows in prop::collection::vec(object(), 1..12),
        channel: bool,
        sizes in prop::collection::vec(1_usize..300, 1..3),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin"]),
        pause: bool,
    ) {
        let channel = if channel { ",\"channel\":\"ads\"" } else { "" };
        let first = "{\"event_id\":\"e\",\"user_id\":\"u\",\"event\":\"open\",\"ts\":\"2026-06-07T10:00:00Z\"";
        let input = format!("{first}{channel},\"note\":\"\",\"n\":1,\"$utm_source\":\"\"}}\n{}", rows.concat());
        compare(input.as_bytes(), &sizes, zone, pause);
    }
}
