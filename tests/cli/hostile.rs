//! Text that would command a terminal never reaches it: neither from files nor from file names nor from the command line.

use quarterdeck::ui::text::is_unsafe;

use crate::place::{Ended, Place};

/// Clears the screen, sets the title, runs backwards, hides, and a control sequence in one byte.
const HOSTILE: [&str; 5] = ["\u{1b}[2Jx", "\u{1b}]0;t\u{7}y", "a\u{202e}b", "a\u{200b}b", "\u{9b}31mz"];

/// A workspace whose events, channels, platforms, streams, source and file have such names.
fn hostile() -> Place {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC --currency USD").code, Some(0));
    let rows = |tail: fn(&str) -> String| {
        HOSTILE.iter().enumerate().map(move |(n, h)| format!("u{n},2026-06-0{}T00:00:00Z,{}\n", n + 1, tail(h)))
    };
    let events: String = rows(|h| format!("\"{h}\",\"{h}\",\"{h}\"")).collect();
    let orders: String = rows(|h| format!("\"{h}\",9")).collect();
    place.write("\u{1b}[2J\u{202e}.csv", format!("user_id,ts,event,channel,platform\n{events}"));
    place.write("orders.csv", format!("user_id,ts,stream,amount\n{orders}u9,\"\u{1b}[2J\",s,1\n"));
    for (file, source, code) in [("\u{1b}[2J\u{202e}.csv", "s\u{1b}[1m", 0), ("orders.csv", "\u{202e}o", 3)] {
        let ended = place.run(["import", file, "--source", source, "--through", "2026-06-05"]);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        harmless(&ended, "import");
    }
    place
}

fn harmless(ended: &Ended, what: &str) {
    let obeyed = |text: &str| text.chars().find(|c| *c != '\n' && is_unsafe(*c));
    assert_eq!((obeyed(&ended.out), obeyed(&ended.err)), (None, None), "{what}: {ended:?}");
}

#[test]
fn no_table_holds_what_a_terminal_obeys() {
    let place = hostile();
    for line in [
        "import list",
        "doctor",
        "metric dau --by channel --grain total",
        "metric dau --by platform --grain total",
        "metric net --by stream --grain total",
        "retention --grain day",
    ] {
        for format in ["table", "json", "ndjson"] {
            let ended = place.line(&format!("{line} --today 2026-06-06 --format {format}"));
            assert_eq!(ended.code, Some(0), "{ended:?}");
            assert!(!ended.out.is_empty());
            harmless(&ended, line);
        }
    }
}

#[test]
fn json_gives_back_the_very_text() {
    let out = hostile().line("metric dau --by channel --grain total --today 2026-06-06 --format json").out;
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let channels: Vec<&str> = answer["rows"].as_array().unwrap().iter().filter_map(|r| r["channel"].as_str()).collect();
    for name in HOSTILE {
        assert!(channels.contains(&name), "{name:?} in {channels:?}");
    }
}

#[test]
fn what_is_typed_is_shown_and_not_obeyed() {
    let place = hostile();
    for name in HOSTILE {
        let lines: [&[&str]; 7] = [
            &["metric", name],
            &["metric", "dau", "--event", name],
            &["metric", "dau", "--channel", name],
            &["retention", "--start", name, "--return", name],
            &["import", name],
            &["import", "orders.csv", "--map", &format!("{name}=user")],
            &["--db", name, "metric", "dau"],
        ];
        for args in lines {
            harmless(&place.run(args), &format!("{args:?}"));
        }
    }
}
