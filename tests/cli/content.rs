//! `quarterdeck content`.

use quarterdeck::ui::text::is_unsafe;

use crate::bytes::pinned_in;
use crate::endings::fails;
use crate::place::{Ended, Place};

/// `a` has events and a record, `b` only events, `c` to `e` only records; `cy` and his other id are one user.
const EVENTS: &str = "\
user_id,ts,event,content,platform
ann,2026-06-01T08:00:00Z,view,a,ios
ann,2026-06-01T09:00:00Z,complete,a,ios
ann,2026-06-01T10:00:00Z,view,b,web
ann,2026-06-01T11:00:00Z,sign_up,,web
ben,2026-06-02T08:00:00Z,view,a,web
ben,2026-06-02T08:30:00Z,like,a,web
ben,2026-06-02T09:00:00Z,share,a,web
cy,2026-06-02T10:00:00Z,view,a,web
cy-web,2026-06-03T10:00:00Z,view,a,web
cy-web,2026-06-03T10:00:00Z,sign_up,,web
,2026-06-03T11:00:00Z,view,b,web
dan,2026-06-03T12:00:00Z,sign_up,,web
";
const ORDERS: &str = "\
order_id,user_id,ts,stream,amount,currency
o1,ann,2026-06-02T08:00:00Z,subs,10,USD
o1,ann,2026-06-03T08:00:00Z,subs,-4,USD
o2,ben,2026-06-03T08:00:00Z,subs,3,EUR
o3,dan,2026-06-03T08:00:00Z,ads,1.5,USD
";
const RATES: &str = "date,from,to,rate\n2026-06-03,EUR,USD,2\n";
const ITEMS: &str = "\
id,title,kind,author,planned,published,status
a,One-pot rice,recipe,Kai,2026-06-01,2026-06-01,live
c,Picnic box,guide,Sol,2026-06-02,2026-06-03,live
d,Street snacks,video,Kai,2026-06-03,,writing
e,Reader photos,,,,,idea
f,Later,,,2026-07-01,,idea
";

fn published() -> Place {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC --currency USD").code, Some(0));
    let files = [
        ("events", EVENTS),
        ("revenue", ORDERS),
        ("rates", RATES),
        ("content", ITEMS),
        ("links", "alias,user\ncy-web,cy\n"),
    ];
    for (kind, rows) in files {
        let file = format!("{kind}.csv");
        place.write(&file, rows);
        let ended = place.line(&format!("import {file} --kind {kind} --through 2026-06-03"));
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    place
}

#[test]
fn items_with_what_was_done_with_them_and_what_they_brought() {
    let place = published();
    pinned_in(&place, "content", "content --from 2026-06-01 --to 2026-06-03");
    pinned_in(&place, "content-report", "content --report a");
    let on_web = place.line("content --platform web --from 2026-06-01 --to 2026-06-03 --today 2026-06-04 --format csv");
    let a = on_web.out.lines().find(|line| line.starts_with("a,")).unwrap_or_default();
    assert!(a.ends_with("live,3,2,0.000000,0.500000,1,1,1,1,,,1.000000"), "money has no platform: {}", on_web.out);
}

#[test]
fn the_total_of_each_column_is_the_metric_of_its_name() {
    let place = published();
    let days = "--from 2026-06-01 --to 2026-06-03 --today 2026-06-04 --format csv";
    let table = place.line(&format!("content {days}")).out;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let titles = reader.headers().cloned().unwrap_or_default();
    let rows: Vec<_> = reader.records().filter_map(Result::ok).collect();
    let total = rows.iter().find(|row| row[0].is_empty()).cloned().unwrap_or_default();
    let metrics = ["views", "uniques", "completion", "engagement", "shares", "on_time"];
    for title in metrics.into_iter().chain(["signups_first", "signups_last", "revenue_first", "revenue_last"]) {
        let answer = place.line(&format!("metric content_{title} --grain total {days}")).out;
        let value = answer.lines().nth(1).and_then(|line| line.split(',').nth(3)).unwrap_or_default().to_owned();
        let at = titles.iter().position(|name| name == title).unwrap_or_default();
        assert_eq!((value.is_empty(), value.as_str()), (false, &total[at]), "{title}: {answer}{table}");
    }
}

#[test]
fn days_that_are_not_seen_publish_nothing() {
    let place = published();
    let earlier = place.line("content --from 2026-06-01 --to 2026-06-03 --today 2026-06-03 --format csv").out;
    let row = |item: &str| earlier.lines().find(|line| line.starts_with(item)).unwrap_or_default().to_owned();
    assert!(row("c,").starts_with("c,Picnic box,guide,Sol,2026-06-02,,live"), "{earlier}");
    assert!(row("c,").ends_with(",0.000000") && row("d,").ends_with(','), "{earlier}");
    assert!(row("a,").contains(",live,3,3,"), "{earlier}");
    let report = place.line("content --report a --today 2026-06-03 --format csv").out;
    assert!(report.lines().nth(3).is_some_and(|line| line.ends_with("not_reached")), "{report}");
}

#[test]
fn a_workspace_without_content_says_what_would_feed_it() {
    let place = Place::new();
    let ended = place.line("content");
    assert!(ended.code == Some(0) && ended.err.contains("role set NAME view"), "{ended:?}");
    assert_eq!(place.line("role set open view").code, Some(0));
    let ended = place.line("content");
    assert!(ended.code == Some(0) && ended.err.contains("column content"), "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
    fails(&place.line("content --report nothing"), 2, &["no content item is called nothing", "quarterdeck content"]);
    let bare = Place::bare();
    assert_eq!(bare.line("init --tz UTC").code, Some(0));
    assert_eq!(bare.line("content").code, Some(0));
}

#[test]
fn items_alone_are_shown_with_their_punctuality() {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC").code, Some(0));
    place.write("content.csv", ITEMS);
    assert_eq!(place.line("import content.csv --kind content --through 2026-06-03").code, Some(0));
    let out = place.line("content --from 2026-06-01 --to 2026-06-03 --format csv").out;
    assert_eq!(out.lines().count(), 1 + 4 + 2, "{out}");
    let total = out.lines().find(|line| line.starts_with(',')).unwrap_or_default();
    assert!(total.ends_with(",0.333333"), "one of three due: {out}");
}

fn harmless(ended: &Ended) {
    let obeyed = |text: &str| text.chars().find(|c| *c != '\n' && is_unsafe(*c));
    assert_eq!((obeyed(&ended.out), obeyed(&ended.err)), (None, None), "{ended:?}");
}

#[test]
fn an_items_names_are_shown_and_not_obeyed() {
    let place = published();
    let hostile = "\u{1b}[2J\u{202e}x";
    place.write("h.csv", format!("id,title,kind,author,status\n{hostile},{hostile},{hostile},{hostile},{hostile}\n"));
    assert_eq!(place.line("import h.csv --kind content --source more").code, Some(0));
    place.write("e.csv", format!("user_id,ts,event,content\nann,2026-06-02T08:00:00Z,view,{hostile}\n"));
    assert_eq!(place.line("import e.csv --kind events --source more-events").code, Some(0));
    for format in ["table", "json", "ndjson"] {
        harmless(&place.line(&format!("content --from 2026-06-01 --to 2026-06-03 --format {format}")));
        let ended = place.run(["content", "--report", hostile, "--format", format]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        harmless(&ended);
    }
    harmless(&place.run(["content", "--report", "\u{1b}[2Jy"]));
}
