//! Exports of vendors through the program: imported again, streamed, taken back.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::disallowed_methods, reason = "files of the test, never an open workspace")]

use std::io::Write as _;
use std::process::{Command, Stdio};

struct Place {
    home: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { home: tempfile::tempdir().unwrap() };
        place.run(&["init", "--tz", "Asia/Tokyo", "--currency", "USD"], "");
        place
    }

    /// What a command that succeeds says.
    fn run(&self, args: &[&str], input: &str) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.args(args).arg("--db").arg(self.home.path().join("w.db")).env("TZ", "UTC");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that does not read closes its end.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(0), "{args:?}: {said}");
        said
    }

    fn import(&self, text: &str) -> String {
        let path = self.home.path().join("export.csv");
        std::fs::write(&path, text).unwrap();
        self.run(&["import", path.to_str().unwrap()], "")
    }

    /// Time and amount of each payment and refund.
    fn money(&self) -> Vec<String> {
        let text = self.run(&["export", "revenue"], "");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let titles = reader.headers().unwrap().clone();
        let at = |title: &str| titles.iter().position(|t| t == title).unwrap();
        let (ts, amount) = (at("ts"), at("amount"));
        reader.records().map(Result::unwrap).map(|row| format!("{} {}", &row[ts], &row[amount])).collect()
    }
}

fn charges(refunded: &str, date: &str) -> String {
    format!(
        "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Refunded date (UTC)\n\
         a,2026-06-01 10:00,80.00,{refunded},usd,Paid,x,{date}\nb,2026-06-01 11:00,5.00,0.00,usd,Paid,y,\n"
    )
}

const CHARGES: [&str; 2] = ["2026-06-01T10:00:00Z 80", "2026-06-01T11:00:00Z 5"];

#[test]
fn a_charge_and_its_refund_are_one_row_and_a_greater_refund_replaces_it() {
    let place = Place::new();
    let first = place.import(&charges("0.00", ""));
    assert!(first.contains("read as stripe_payments_csv") && first.contains("read as UTC (the title's)"), "{first}");
    assert!(first.contains("read 2 = inserted 2 "), "{first}");
    let steps = [
        ("20.00", "2026-06-03 09:00", vec!["2026-06-03T09:00:00Z -20"]),
        ("30.00", "2026-06-07 09:00", vec!["2026-06-07T09:00:00Z -30"]),
    ];
    for (refunded, date, refunds) in &steps {
        let said = place.import(&charges(refunded, date));
        assert!(said.contains("read 2 = inserted 0 + updated 1 + duplicate 1 "), "{said}");
        assert_eq!(place.money(), [&CHARGES[..], refunds].concat());
        let again = place.import(&charges(refunded, date));
        assert!(again.contains("read 2 = inserted 0 + updated 0 + duplicate 2 "), "{again}");
    }
    place.run(&["doctor"], "");
    place.run(&["import", "undo", "4"], "");
    assert_eq!(place.money(), [&CHARGES[..], &steps[0].2].concat());
    place.run(&["import", "undo", "2"], "");
    assert_eq!(place.money(), CHARGES);
    place.run(&["doctor"], "");
}

#[test]
fn a_stream_of_a_format_is_read_like_its_file() {
    let place = Place::new();
    let text = charges("20.00", "");
    let said = place.run(&["ingest", "-"], &text);
    assert!(said.contains("read as stripe_payments_csv") && said.contains("read 2 = inserted 2 "), "{said}");
    assert_eq!(place.money(), [CHARGES[0], "2026-06-01T10:00:00Z -20", CHARGES[1]]);
    let again = place.import(&text);
    assert!(again.contains("read 2 = inserted 0 + updated 0 + duplicate 2 "), "{again}");
}

#[test]
fn a_new_workspace_takes_the_currency_that_only_a_title_says() {
    let report = "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Impressions\n\
                  2026-07-01,2026-07-01,Summer,120.40,10000\n";
    for streamed in [false, true] {
        let place = Place { home: tempfile::tempdir().unwrap() };
        place.run(&["init", "--tz", "UTC"], "");
        let said = if streamed { place.run(&["ingest", "-"], report) } else { place.import(report) };
        assert!(said.contains("read 1 = inserted 1 "), "{said}");
        let spend = place.run(&["export", "spend"], "");
        assert!(spend.contains("2026-07-01,meta,Summer,120.4,EUR,10000,"), "{spend}");
    }
}
