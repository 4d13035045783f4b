//! What a workspace holds, in the words of the manifest.

use std::collections::{BTreeMap, BTreeSet};

use quarterdeck::domain::calendar::{Calendar, Instant};
use quarterdeck::domain::money::exact;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Engine, titles};
use quarterdeck::query::{Answer, Query};
use serde_json::{Value, json};

use super::{CLOCK, Result};

type Row = BTreeMap<String, String>;

/// Rows of a workspace, and how far a source is complete.
pub struct Stored {
    events: Vec<Row>,
    revenue: Vec<Row>,
    spend: Vec<Row>,
    facts: Vec<Row>,
    calendar: Calendar,
    through: Option<Instant>,
}

impl Stored {
    /// Reads everything; `source` is the one whose through is asked for.
    pub fn read(engine: &mut Engine, source: Option<&str>) -> Result<Self> {
        let rows = |kind| -> Result<Vec<Row>> {
            let mut out = Vec::new();
            engine.export(kind, None, &mut |cells| {
                let pairs = titles(kind).into_iter().zip(cells).filter_map(|(t, c)| Some((t.to_owned(), c.clone()?)));
                out.push(pairs.collect());
                Ok(())
            })??;
            Ok(out)
        };
        let (events, revenue) = (rows(Kind::Events)?, rows(Kind::Revenue)?);
        let (spend, facts) = (rows(Kind::Spend)?, rows(Kind::Facts)?);
        let Answer::Data(data) = engine.answer(&Query::Data, CLOCK)? else { return Err("another answer".into()) };
        let through = data.sources.iter().find(|s| Some(s.name.as_str()) == source).and_then(|s| s.through);
        let calendar = Calendar { zone: data.profile.zone, week_start: data.profile.week_start };
        Ok(Self { events, revenue, spend, facts, calendar, through })
    }

    /// The value of a field of `expected`; `None` where no such field is known.
    pub fn get(&self, field: &str) -> Option<Value> {
        Some(match field {
            "users" => distinct(&self.events, "user_id", |_| true),
            "orders" => distinct(&self.revenue, "order_id", |amount| amount > 0),
            "payers" => distinct(&self.revenue, "user_id", |amount| amount > 0),
            "events_by_name" => {
                let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
                self.events.iter().for_each(|r| *counts.entry(&r["event"]).or_default() += 1);
                json!(counts)
            }
            "revenue_by_currency" => self.sums(|_| true, 1),
            "refunds_by_currency" => self.sums(|amount| amount < 0, -1),
            "spend_by_day" => self.spend_by_day(),
            "facts" => json!(self.facts.len()),
            "facts_sum_by_metric" => {
                let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
                self.facts.iter().for_each(|r| *sums.entry(&r["metric"]).or_default() += micros(&r["value"]));
                texts(sums)
            }
            "first_day" => json!(self.days().first()),
            "last_day" => json!(self.days().last()),
            "utc_times" => {
                let times = self.events.iter().filter_map(|r| Some((r.get("user_id")?, &r["ts"])));
                json!(times.collect::<BTreeMap<_, _>>())
            }
            "stored" => json!(self.events.len() + self.revenue.len() + self.spend.len() + self.facts.len()),
            "through" => json!(self.through.map(|at| self.calendar.day_of(Instant(at.0 - 1)).to_string())),
            _ => return None,
        })
    }

    fn days(&self) -> BTreeSet<String> {
        let instants = self.events.iter().chain(&self.revenue).filter_map(|r| instant(r.get("ts")?));
        let local = instants.map(|at| self.calendar.day_of(at).to_string());
        local.chain(self.spend.iter().chain(&self.facts).filter_map(|r| r.get("date").cloned())).collect()
    }

    fn sums(&self, wanted: impl Fn(i128) -> bool, sign: i128) -> Value {
        let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
        for row in self.revenue.iter().filter(|r| wanted(amount(r))) {
            *sums.entry(&row["currency"]).or_default() += sign * amount(row);
        }
        texts(sums)
    }

    fn spend_by_day(&self) -> Value {
        let mut days: BTreeMap<&str, BTreeMap<&str, i128>> = BTreeMap::new();
        for row in &self.spend {
            *days.entry(&row["date"]).or_default().entry(&row["currency"]).or_default() += amount(row);
        }
        days.into_iter().map(|(day, sums)| (day.to_owned(), texts(sums))).collect::<serde_json::Map<_, _>>().into()
    }
}

fn distinct(rows: &[Row], key: &str, wanted: impl Fn(i128) -> bool) -> Value {
    let rows = rows.iter().filter(|r| wanted(amount(r)));
    json!(rows.filter_map(|r| r.get(key)).collect::<BTreeSet<_>>().len())
}

fn texts(sums: BTreeMap<&str, i128>) -> Value {
    sums.into_iter().map(|(code, sum)| (code.to_owned(), json!(exact(sum)))).collect::<serde_json::Map<_, _>>().into()
}

fn amount(row: &Row) -> i128 {
    micros(row.get("amount").map_or("0", String::as_str))
}

fn micros(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{}{fraction:0<6}", whole.trim_start_matches('-')).parse().unwrap_or(i128::MAX);
    if whole.starts_with('-') { -digits } else { digits }
}

/// Reads an RFC 3339 time.
pub fn instant(text: &str) -> Option<Instant> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|t| Instant(t.timestamp_micros()))
}
