//! `quarterdeck report`: its three formats, its files, and that no imported text is obeyed by a page.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::io::Read;

use quarterdeck::files;

use crate::bytes::pinned_text;
use crate::endings::fails;
use crate::place::Place;

/// The day on which reports are asked for.
const TODAY: &str = "--today 2026-06-04";

/// The usual files, a plan that is behind, and a journal.
fn place() -> Place {
    let place = Place::new();
    for line in [
        "plan new June --type commercial --metric net --start 2026-06-01 --finish 2026-06-30 --target 900",
        "plan status 1 ready",
        "plan status 1 running",
        "note outage --day 2026-06-02 --kind incident --exclude",
    ] {
        let ended = place.line(&format!("{line} {TODAY}"));
        assert_eq!(ended.code, Some(0), "{line}: {ended:?}");
    }
    place
}

fn written(place: &Place, flags: &str) -> String {
    let ended = place.line(&format!("report {flags} {TODAY}"));
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{flags}");
    ended.out
}

#[test]
fn a_month_in_markdown_and_in_rows() {
    let place = place();
    pinned_text("report-md", &written(&place, "--month --of 2026-06-01"));
    pinned_text("report-csv", &written(&place, "--month --of 2026-06-01 --format csv"));
}

#[test]
fn its_numbers_are_those_of_the_metric() {
    let place = place();
    let report = written(&place, "--week --of 2026-06-01 --format csv");
    for id in ["new_users", "dau", "net", "arpu"] {
        let line = format!("metric {id} --compare previous --from 2026-06-01 --to 2026-06-07 --format csv {TODAY}");
        let metric = place.line(&line).out;
        let mut reader = csv::Reader::from_reader(metric.as_bytes());
        let row: std::collections::BTreeMap<String, String> = reader.deserialize().next().unwrap().unwrap();
        for field in ["from", "to", "value", "before", "change"] {
            let told = format!("headline,{id},{field},{}\n", row[field]);
            assert!(report.contains(&told), "{told}{report}");
        }
    }
}

/// Elements that have no end tag.
const VOID: [&str; 1] = ["meta"];

/// The names of a page's elements, each with its attributes; fails where a tag is not closed in order.
fn elements(page: &str) -> Vec<(String, String)> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    let body = page.strip_prefix("<!doctype html>").unwrap();
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{piece}");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{tag}");
        all.push((name.to_owned(), attributes.to_owned()));
        if !attributes.ends_with('/') && !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new());
    all
}

#[test]
fn a_page_is_whole_and_runs_nothing() {
    let place = place();
    // Weeks that are over, so that retention has a curve.
    let rows =
        "user_id,ts,event\ncy,2026-05-11T08:00:00Z,open\ndi,2026-05-12T08:00:00Z,open\ncy,2026-05-19T08:00:00Z,open\n";
    place.write("may.csv", rows);
    assert_eq!(place.line("import may.csv --source app --through 2026-06-03").code, Some(0));
    let page = written(&place, "--week --of 2026-06-01 --format html");
    let elements = elements(&page);
    let count = |name: &str| elements.iter().filter(|(own, _)| own == name).count();
    assert_eq!((count("html"), count("style"), count("h1")), (1, 1, 1));
    assert_eq!(elements.iter().filter(|(_, own)| own.contains("class=\"chart\"")).count(), 2, "revenue and retention");
    assert!(count("table") >= 6 && page.contains("prefers-color-scheme:dark"), "{page}");
    for (name, attributes) in &elements {
        assert!(!["script", "link", "iframe", "img", "object", "base", "form"].contains(&name.as_str()), "{name}");
        let fetches = ["src=", "href=", "url(", "http:", "https:", "javascript:"];
        assert!(fetches.iter().all(|one| !attributes.contains(one)), "{name} {attributes}");
        assert!(!attributes.split(' ').any(|own| own.starts_with("on")), "{name} {attributes}");
    }
    assert!(page.contains("1 Tue 2 Jun incident: outage"), "{page}");
}

#[test]
fn hostile_names_are_shown() {
    const HOSTILE: &str = "<script>alert(1)</script>\" onload='x' & \u{1b}[2J\u{202e}|*b*";
    let place = Place::bare();
    assert_eq!(place.run(["init", "--tz", "UTC", "--currency", "USD", "--product", HOSTILE]).code, Some(0));
    let quoted = HOSTILE.replace('"', "\"\"");
    place.write("orders.csv", format!("user_id,ts,stream,amount\nann,2026-06-01T00:00:00Z,\"{quoted}\",9\n"));
    place.write("events.csv", "user_id,ts,event\nann,2026-06-01T00:00:00Z,open\n");
    for file in ["orders.csv", "events.csv"] {
        assert_eq!(place.line(&format!("import {file} --through 2026-06-03")).code, Some(0));
    }
    assert_eq!(place.run(["note", HOSTILE, "--day", "2026-06-01", "--today", "2026-06-04"]).code, Some(0));
    let page = written(&place, "--month --of 2026-06-01 --format html");
    elements(&page);
    assert!(!page.contains("<script") && !page.contains("onload='"), "{page}");
    assert!(page.matches("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp; ^[[2J").count() >= 4);
    let text = written(&place, "--month --of 2026-06-01 --format md");
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;\" onload='x' &amp; ^\\[\\[2J"), "{text}");
    for shown in [&page, &text] {
        assert!(!shown.chars().any(|c| c != '\n' && quarterdeck::ui::text::is_unsafe(c)), "{shown}");
    }
    let rows = written(&place, "--month --of 2026-06-01 --format csv");
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(records.iter().any(|row| &row[0] == "revenue" && &row[1] == HOSTILE), "a file keeps what was imported");
}

#[test]
fn what_happened_is_noted_with_its_kind_and_left_out_where_it_is_a_holiday() {
    let place = Place::new();
    for flags in ["--event", "--event --kind holiday", "--event --kind incident --exclude", ""] {
        assert_eq!(place.line(&format!("note day {flags} --day 2026-06-02 {TODAY}")).code, Some(0), "{flags}");
    }
    let out = place.line(&format!("note list --format csv {TODAY}")).out;
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let told: Vec<(String, String)> =
        reader.records().map(Result::unwrap).map(|row| (row[3].to_owned(), row[8].to_owned())).collect();
    let want = [("note", "false"), ("incident", "true"), ("holiday", "true"), ("event", "false")];
    assert_eq!(told, want.map(|(kind, out)| (kind.to_owned(), out.to_owned())));
    let both = place.line("note day --event --feedback");
    assert!(both.code == Some(2) && both.err.contains("cannot be used with '--feedback'"), "{both:?}");
}

#[test]
fn a_spreadsheet_takes_no_text_for_a_formula() {
    let place = Place::new();
    let ended = place.run(["note", "=1+1", "--day", "2026-06-01", "--today", "2026-06-04"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let rows = written(&place, "--month --of 2026-06-01 --format csv");
    assert!(rows.contains(",text,'=1+1\n"), "{rows}");
}

#[test]
fn a_file_is_written_whole_and_never_in_the_place_of_another() {
    let place = place();
    let line = |flags: &str| place.line(&format!("report --week --of 2026-06-01 --format html {flags} {TODAY}"));
    let ended = line("-o week.html");
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (Some(0), "week.html\n", ""));
    let read = || {
        let mut text = String::new();
        files::open_read(&place.folder().join("week.html")).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    assert!(read().starts_with("<!doctype html>") && read().ends_with("</html>\n"));
    fails(&line("-o week.html"), 2, &["week.html exists already"]);
    place.write("week.html", "old");
    assert_eq!(line("-o week.html --replace").code, Some(0));
    assert!(read().ends_with("</html>\n"));
    fails(&line("-o w.db --replace"), 2, &["is a database, which is never replaced"]);
    fails(&line("-o none/week.html"), 4, &["none/week.html", "name another place"]);
    assert_eq!(place.line("doctor").code, Some(0));
}

#[test]
fn without_data_it_says_what_is_missing() {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC --currency USD").code, Some(0));
    let ended = place.line(&format!("report {TODAY}"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.err.contains("no data yet"), "{ended:?}");
    assert!(ended.out.contains("no order or refund in this period") && !ended.out.contains("| 0 |"), "{}", ended.out);
}
