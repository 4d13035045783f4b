//! Traps of each format, through the reader of files.

use std::io::Write as _;

use crate::domain::calendar::{Calendar, WeekStart, Zone};
use crate::domain::money::exact;
use crate::domain::records::{Kind, Record, Revenue, Spend};
use crate::ingest::{Fate, Mapping, NotUnderstood, Rules, Shape, inspect, propose, read};

fn shaped(bytes: &[u8]) -> (tempfile::NamedTempFile, Shape) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let shape = inspect(file.path(), &[]).unwrap();
    (file, shape)
}

fn map(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(title, field)| ((*title).to_owned(), (*field).to_owned())).collect()
}

fn mapped(text: &str, kind: Option<Kind>, pairs: &[(&str, &str)], saved: Option<&str>) -> Mapping {
    propose(&shaped(text.as_bytes()).1, kind, &map(pairs), saved).unwrap()
}

fn money(row: &Revenue<'_>) -> String {
    let mark = if row.undated_refund { "~" } else { "" };
    let [order, line, user] = [&row.order, &row.line, &row.user].map(|t| t.as_deref().unwrap_or("-"));
    let currency = row.currency.map(|c| c.to_string()).unwrap_or_default();
    format!("{order}/{line} {user} {} {mark}{} {currency}", row.at, exact(row.amount.0.into()))
}

fn spent(row: &Spend<'_>) -> String {
    let [channel, campaign] = [&row.channel, &row.campaign].map(|t| t.as_deref().unwrap_or("-"));
    let count = |n: Option<u64>| n.map_or("-".to_owned(), |n| n.to_string());
    let currency = row.currency.map(|c| c.to_string()).unwrap_or_default();
    let (shown, clicks) = (count(row.impressions), count(row.clicks));
    format!("{} {channel} {campaign} {} {currency} {shown} {clicks}", row.day, exact(row.amount.0.into()))
}

fn said(fate: &Fate<'_>) -> String {
    match fate {
        Fate::Record(Record::Revenue(row)) => money(row),
        Fate::Record(Record::Spend(row)) => spent(row),
        Fate::Record(Record::Event(row)) => format!("event {}", row.name),
        Fate::Record(Record::Row(row)) => format!("{} {:?}", row.kind.name(), row.cells),
        Fate::Several(records) => {
            let several = records.iter().map(|record| said(&Fate::Record(record.clone())));
            several.collect::<Vec<_>>().join(" & ")
        }
        Fate::Blank(why) => format!("left: {why}"),
        Fate::Rejected { code, detail, .. } => format!("{code}: {detail}"),
    }
}

/// What becomes of each row of a file.
fn rows_with(bytes: &[u8], pairs: &[(&str, &str)]) -> Result<Vec<String>, NotUnderstood> {
    let (file, shape) = shaped(bytes);
    let mapping = propose(&shape, None, &map(pairs), None)?;
    let zone = mapping.titled_zone().unwrap_or(Zone::parse("Asia/Tokyo").unwrap());
    let calendar = Calendar { zone, week_start: WeekStart::Monday };
    let mut rows = read(file.path(), &shape, &mapping, &Rules { calendar, zone, time_unit: None })?;
    let mut out = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        out.push(said(&row.fate));
    }
    Ok(out)
}

fn rows(text: &str) -> Vec<String> {
    rows_with(text.as_bytes(), &[]).unwrap()
}

#[test]
fn stripe_counts_what_was_paid_and_captured() {
    let head = "id,Description,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Captured,\
                user_id (metadata),Refunded date (UTC),Card Last4";
    let text = format!(
        "{head}\n\
         a,x,2026-06-01 10:15,\"1.100,00\",\"0,00\",eur,Paid,cus_a,true,u1,,4242\n\
         b,x,2026-06-01 23:50,\"80,00\",\"25,50\",eur,Paid,,true,u2,,4242\n\
         c,x,2026-06-02 09:00,\"40,00\",,eur,Refunded,,TRUE,,2026-06-05 08:00,4242\n\
         d,x,2026-06-02 09:30,\"15,00\",\"0,00\",eur,Failed,cus_c,true,,,4242\n\
         e,x,2026-06-02 09:30,\"15,00\",\"0,00\",eur,Paid,cus_c,false,,,4242\n\
         f,x,2026-06-02 09:30,\"15,00\",\"0,00\",eur,Pending,cus_c,true,,,4242\n\
         g,x,2026-06-02 09:30,\"15,00\",\"-1,00\",eur,Paid,cus_c,true,,,4242\n"
    );
    assert_eq!(
        rows(&text),
        [
            "a/1 cus_a 2026-06-01T10:15:00Z 1100 EUR",
            "b/1 u2 2026-06-01T23:50:00Z 80 EUR & b/1 u2 2026-06-01T23:50:00Z ~-25.5 EUR",
            "c/1 - 2026-06-02T09:00:00Z 40 EUR & c/1 - 2026-06-05T08:00:00Z -40 EUR",
            "left: a failed payment",
            "left: a payment that was never captured",
            "left: a payment that is neither Paid nor Refunded",
            "bad_amount: Amount Refunded \"-1,00\" is less than nothing",
        ]
    );
}

#[test]
fn what_is_personal_is_no_property() {
    let text = "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer Email,Card Last4,plan (metadata)\n\
                a,2026-06-01 10:15,9,0,usd,Paid,a@example.com,4242,pro\n";
    let (file, shape) = shaped(text.as_bytes());
    let mapping = propose(&shape, None, &[], None).unwrap();
    let calendar = Calendar { zone: Zone::UTC, week_start: WeekStart::Monday };
    let rules = Rules { calendar, zone: Zone::UTC, time_unit: None };
    let mut rows = read(file.path(), &shape, &mapping, &rules).unwrap();
    let row = rows.next_row().unwrap().unwrap();
    let Fate::Record(Record::Revenue(row)) = row.fate else { panic!("{row:?}") };
    assert_eq!(row.props.as_deref(), Some("{\"plan (metadata)\":\"pro\"}"));
}

#[test]
fn shopify_takes_the_order_from_its_first_row() {
    let text = "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,\
                Cancelled at,Refunded Amount,Payment Method,Id\n\
                #1,a@x.com,paid,,EUR,30.00,2026-05-01 23:30:00 -0400,1,Tea,,0.00,card,901\n\
                #1,,,,,,,1,Cup,,,,\n\
                #2,b@x.com,refunded,2026-05-02 10:00:00 +0200,EUR,20.00,2026-05-02 09:00:00 +0200,1,Tea,\
                2026-05-03 09:00:00 +0200,20.00,card,902\n\
                #3,b@x.com,voided,,EUR,20.00,2026-05-02 09:00:00 +0200,1,Tea,2026-05-03 09:00:00 +0200,0.00,card,903\n\
                #3,b@x.com,,,,,,1,Cup,,,,\n\
                #4,b@x.com,pending,,EUR,20.00,2026-05-02 09:00:00 +0200,1,Tea,,0.00,card,904\n\
                #5,b@x.com,paid,,EUR,20.00,2026-05-02 09:00:00 +0200,1,Tea,,0.00,bogus,905\n\
                #6,b@x.com,paid,soon,EUR,20.00,2026-05-02 09:00:00 +0200,1,Tea,,0.00,card,906\n\
                #6,b@x.com,,,,,,1,Cup,,,,\n\
                #8,b@x.com,,,,,,1,Cup,,,,\n\
                #9,,paid,,EUR,5.00,2026-05-02 09:00:00 +0200,1,Tea,,,card,\n";
    assert_eq!(
        rows(text),
        [
            "901/1 a@x.com 2026-05-02T03:30:00Z 30 EUR",
            "901/2 a@x.com 2026-05-02T03:30:00Z 0 EUR",
            "902/1 b@x.com 2026-05-02T08:00:00Z 20 EUR & 902/1 b@x.com 2026-05-02T08:00:00Z ~-20 EUR",
            "left: a voided order",
            "left: a voided order",
            "left: an order not paid yet",
            "left: a test order",
            "bad_time: Paid at \"soon\" is no time",
            "no_order: Name \"#6\" is an order whose first row was rejected",
            "no_order: Name \"#8\" has no total, and no row with one stands above",
            "#9/1 - 2026-05-02T07:00:00Z 5 EUR",
        ]
    );
}

const GOOGLE: &str = "Campaign report\n\"September 1, 2026 - September 30, 2026\"\n\
    Day\tCampaign\tCampaign ID\tCurrency code\tCost\tImpr.\tClicks\tSearch impr. share\n\
    13/09/2026\tBrand\t1\tEUR\t1,002.50\t9,870\t133\t< 10%\n\
    01/09/2026\tBrand\t1\tEUR\t--\t--\t--\t--\n\
    Total: account\t\t\tEUR\t1,002.50\t9,870\t133\t--\n";

#[test]
fn google_reports_are_read_in_utf_16_with_tabs_titles_and_totals() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(GOOGLE.encode_utf16().flat_map(u16::to_le_bytes));
    let all = ["2026-09-13 - Brand 1002.5 EUR 9870 133", "2026-09-01 - Brand 0 EUR - -", "left: a total"];
    assert_eq!(rows_with(&bytes, &[]).unwrap(), all);
    let swapped = GOOGLE.replace("13/09/2026", "09/13/2026").replace("01/09/2026", "09/01/2026");
    assert_eq!(rows(&swapped), all);
    let unclear = GOOGLE.replace("13/09/2026", "12/09/2026");
    let error = rows_with(unclear.as_bytes(), &[]).unwrap_err();
    assert!(error.next.contains("--map Day=day:dmy"), "{error}");
    let told = rows_with(unclear.as_bytes(), &[("Day", "day:dmy")]).unwrap();
    assert_eq!(told[0], "2026-09-12 - Brand 1002.5 EUR 9870 133");
}

#[test]
fn totals_of_periods_are_never_booked_on_a_day() {
    let weeks = "Week,Campaign,Currency code,Cost,Impr.\n2026-08-31,Brand,EUR,70.00,9\n";
    let period = "is the total of a period, which belongs to no one day; export it by day";
    assert_eq!(rows(weeks), [format!("period_total: Week \"2026-08-31\" {period}")]);
    let none = "Campaign,Currency code,Cost,Impr.\nBrand,EUR,70.00,9\n";
    let error = rows_with(none.as_bytes(), &[]).unwrap_err();
    assert_eq!(
        (error.why.as_str(), error.next.as_str()),
        ("a google_ads_csv file without a column of days: its rows are totals of a period", "export it by day")
    );
    let meta = "Reporting starts,Reporting ends,Campaign name,Amount spent (USD),Impressions,Link clicks\n\
                2026-07-20,2026-07-20,Summer,\"1,120.40\",10000,210\n\
                2026-07-03,2026-07-09,Summer,700.00,70000,1400\n\
                2026-07-20,2026-07-20,,1120.40,10000,210\n";
    let all = [
        "2026-07-20 meta Summer 1120.4 USD 10000 210".to_owned(),
        format!("period_total: Reporting starts \"2026-07-03 - 2026-07-09\" {period}"),
        "left: a total".to_owned(),
    ];
    assert_eq!(rows(meta), all);
    // Saying that the first day is the day does not make a week one.
    assert_eq!(rows_with(meta.as_bytes(), &[("Reporting starts", "day")]).unwrap(), all);
}

#[test]
fn what_is_told_and_remembered_goes_before_a_format() {
    let text = "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Net,Customer ID\n";
    let of = |mapping: Mapping| (mapping.kind, mapping.format.map(|f| f.name));
    let stripe = (Kind::Revenue, Some("stripe_payments_csv"));
    assert_eq!(of(mapped(text, None, &[], None)), stripe);
    assert_eq!(of(mapped(text, Some(Kind::Revenue), &[], None)), stripe);
    let events = [("id", "user"), ("Status", "name"), ("Created (UTC)", "time")];
    let generic = mapped(text, Some(Kind::Events), &events, None);
    let saved = generic.to_json();
    assert_eq!(of(generic), (Kind::Events, None));
    assert_eq!(of(mapped(text, None, &[], Some(&saved))), (Kind::Events, None));
    let net = mapped(text, None, &[("Net", "amount")], None);
    let fields = |mapping: &Mapping| {
        mapping.columns.iter().map(|c| c.field.map_or(".", |f| f.name())).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(fields(&net), "order time . refunded currency status amount user");
    let again = mapped(text, None, &[], Some(&net.to_json()));
    assert_eq!((fields(&again), of(again)), (fields(&net), stripe));
}

#[test]
fn a_title_of_a_format_twice_is_not_understood() {
    let text = "Reporting starts,Reporting ends,Campaign name,Amount spent (USD),Amount spent (EUR)\n\
                2026-07-20,2026-07-20,Summer,5,4\n";
    let error = rows_with(text.as_bytes(), &[]).unwrap_err();
    assert_eq!(error.why, "columns \"Amount spent (USD)\" and \"Amount spent (EUR)\" are both the amount");
    let told = rows_with(text.as_bytes(), &[("Amount spent (EUR)", "amount")]).unwrap();
    assert_eq!(told, ["2026-07-20 meta Summer 4 EUR - -"]);
}

#[test]
fn the_order_of_day_and_month_is_all_that_is_told_with_it() {
    let text = "Name,Email,Financial Status,Total,Created at,Paid at,Currency,Lineitem name\n\
                #1,a,paid,5,03/04/2026 10:00 +0000,04/04/2026 10:00 +0000,EUR,Tea\n\
                #2,a,paid,5,05/04/2026 10:00 +0000,,EUR,Tea\n";
    let error = rows_with(text.as_bytes(), &[]).unwrap_err();
    assert!(error.next.contains("'Created at=time:dmy'"), "{error}");
    let told = rows_with(text.as_bytes(), &[("Created at", "time:dmy")]).unwrap();
    assert_eq!(told, ["#1/1 a 2026-04-04T10:00:00Z 5 EUR", "#2/1 a 2026-04-05T10:00:00Z 5 EUR"]);
}
