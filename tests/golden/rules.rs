//! How each table is asked for: one row a table, over the numbers that screens and command line show.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Answer, Command, Conversion, Criterion, Entry, FunnelQuery, ImportRequest, MetricQuery, Number, Outcome, Query,
    RetentionQuery, RetentionTable, Segment, State,
};

use super::table::{Cells, Golden};
use super::{Result, money, sets};

/// A moment after every data set.
const CLOCK: Clock = Clock { now: Instant(1_893_456_000_000_000), today: None };

/// How one table is made.
pub struct Rule {
    /// Name of the table's file without its ending.
    pub table: &'static str,
    /// Columns that name a row.
    pub keys: &'static [&'static str],
    /// Columns that are not zero in a row in which nothing happened.
    pub settings: &'static [&'static str],
    /// Asks the questions it is made of.
    pub ask: fn(&mut Desk) -> Result<Cells>,
}

const fn rule(table: &'static str, keys: &'static [&'static str], ask: fn(&mut Desk) -> Result<Cells>) -> Rule {
    Rule { table, keys, settings: &["cohort_size", "days_covered"], ask }
}

static RULES: [Rule; 16] = [
    rule("daily", &["date"], daily),
    rule("active_week", &["week"], |d| active(d, Grain::Week)),
    rule("active_month", &["month"], active_month),
    rule("growth_week", &["week"], |d| growth(d, Grain::Week)),
    rule("growth_month", &["month"], |d| growth(d, Grain::Month)),
    rule("retention_day", &["cohort", "n"], |d| retention(d, Grain::Day, 30)),
    rule("retention_week", &["cohort", "n"], |d| retention(d, Grain::Week, 12)),
    rule("retention_month", &["cohort", "n"], |d| retention(d, Grain::Month, 12)),
    rule("revenue_day", &["day"], |d| revenue(d, Grain::Day)),
    rule("revenue_week", &["week"], |d| revenue(d, Grain::Week)),
    rule("revenue_month", &["month"], |d| revenue(d, Grain::Month)),
    rule("ltv_month", &["cohort", "n"], money::ltv_month),
    rule("rfm_users", &["user_id"], money::rfm_users),
    rule("rfm_ntile", &["r", "f", "m"], |d| money::rfm_scores(d, |u| u.ntile)),
    rule("rfm_rank", &["r", "f", "m"], |d| money::rfm_scores(d, |u| u.rank)),
    // No number can tell which event a step is: its name is part of the key.
    rule("funnel", &["funnel", "window", "mode", "step", "event"], funnels),
];

/// The rule of a table.
pub fn find(table: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.table == table)
}

/// A workspace with one data set.
pub struct Desk {
    engine: Engine,
    /// `None` where no row says a day.
    span: Option<Span>,
    /// The data set.
    set: PathBuf,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// Imports the canonical files of a data set as they are; where its span is known, each covers all of it.
    pub fn load(folder: &Path, span: Option<Span>, out: &mut dyn Write) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let profile =
            NewWorkspace { product: "golden".into(), ..NewWorkspace::bare(Zone::UTC, Currency::parse("USD")) };
        let mut engine = Engine::create(&place.path().join("golden.db"), &profile)?;
        let mut files = 0;
        for (name, kind) in [("events", Kind::Events), ("orders", Kind::Revenue), ("spend", Kind::Spend)] {
            let found = [format!("{name}.csv.gz"), format!("{name}.csv")].map(|f| folder.join(f));
            let Some(path) = found.into_iter().find(|p| p.is_file()) else { continue };
            files += 1;
            let through = span.map(|s| s.last);
            let request = ImportRequest { path, kind: Some(kind), through, ..ImportRequest::default() };
            let outcome = engine.run(&Command::Import(request), CLOCK, &mut |_| ControlFlow::Continue(()))?;
            let Outcome::Imported(summary) = outcome else { return Err("another outcome".into()) };
            let c = summary.counts;
            writeln!(
                out,
                "  {name}: read {} inserted {} duplicate {} conflict {} rejected {}",
                c.read, c.inserted, c.duplicate, c.conflict, c.rejected
            )?;
        }
        if files == 0 {
            return Err("no events, orders or spend file beside golden/".into());
        }
        let Answer::Status(status) = engine.answer(&Query::Status, CLOCK)? else { return Err("another answer".into()) };
        Ok(Self { engine, span: span.or(status.history), set: folder.to_owned(), _folder: place })
    }

    pub fn span(&self) -> Result<Span> {
        Ok(self.span.ok_or("the data set has no day")?)
    }

    /// Any other question.
    pub fn answer(&mut self, query: &Query) -> Result<Answer> {
        Ok(self.engine.answer(query, CLOCK)?)
    }

    /// A metric by the uncut first day of its buckets.
    fn metric(&mut self, metric: &'static str, grain: Grain, window: Option<u16>) -> Result<Vec<(Day, Number)>> {
        let query = MetricQuery {
            metric,
            span: self.span()?,
            grain: Some(grain),
            segment: Segment::default(),
            split: None,
            event: None,
            window_days: window,
        };
        let Answer::Metric(series) = self.engine.answer(&Query::Metric(query), CLOCK)? else {
            return Err("another answer".into());
        };
        let line = series.lines.last().ok_or("no line")?;
        Ok(line.points.iter().map(|p| (Calendar::UTC.bucket(grain, p.span.first).first, p.value)).collect())
    }

    /// Metrics as columns, a row a bucket.
    fn columns(&mut self, grain: Grain, columns: &[(&'static str, &'static str)]) -> Result<Cells> {
        let mut cells = Cells::new();
        for (column, metric) in columns {
            for (day, value) in self.metric(metric, grain, None)? {
                cells.entry(vec![day.to_string()]).or_default().insert(column, value);
            }
        }
        Ok(cells)
    }

    fn triangle(&mut self, grain: Grain, intervals: u16, criterion: Criterion) -> Result<RetentionTable> {
        let query = RetentionQuery { criterion, ..RetentionQuery::new(self.span()?, grain, intervals) };
        match self.engine.answer(&Query::Retention(Box::new(query)), CLOCK)? {
            Answer::Retention(answer) => Ok(answer.whole),
            _ => Err("another answer".into()),
        }
    }

    fn funnel(&mut self, steps: &[&str], window: &str, mode: &str) -> Result<Conversion> {
        let query = FunnelQuery {
            entry: match mode {
                "windowfunnel" => Entry::Best,
                "greedy_first" => Entry::First,
                other => return Err(format!("mode {other}").into()),
            },
            ..FunnelQuery::new(steps, Some(seconds(window)?))
        };
        match self.engine.answer(&Query::Funnel(Box::new(query)), CLOCK)? {
            Answer::Funnel(funnel) => Ok(funnel.whole.conversion),
            _ => Err("another answer".into()),
        }
    }
}

fn seconds(window: &str) -> Result<u64> {
    let units = [('m', 60), ('h', 3_600), ('d', 86_400)];
    let read = units.iter().find_map(|(unit, each)| Some(window.strip_suffix(*unit)?.parse::<u64>().ok()? * each));
    read.ok_or_else(|| format!("window {window}").into())
}

/// The exact fraction of two of the engine's numbers; undefined where either is, or where the lower is 0.
fn fraction(upper: Number, lower: Number) -> Number {
    let (Number::Count(lower), Some((num, den))) = (lower, parts(upper)) else { return Number::None };
    Number::ratio(num, den * lower)
}

/// Numerator and denominator; a mean over one day is a count.
fn parts(number: Number) -> Option<(i128, i128)> {
    match number {
        Number::Count(n) => Some((n, 1)),
        Number::Mean { num, den } | Number::Ratio { num, den } => Some((num, den)),
        Number::None | Number::Money(_) | Number::MoneyPer { .. } => None,
    }
}

fn daily(desk: &mut Desk) -> Result<Cells> {
    let columns = [("dau", "dau"), ("new_users", "new_users"), ("wau_7d", "wau"), ("mau_30d", "mau")];
    let mut cells = desk.columns(Grain::Day, &columns)?;
    for (day, value) in desk.metric("active_users", Grain::Day, Some(28))? {
        cells.entry(vec![day.to_string()]).or_default().insert("mau_28d", value);
    }
    for row in cells.values_mut() {
        row.insert("dau_over_mau_28d", fraction(row["dau"], row["mau_28d"]));
        row.insert("dau_over_mau_30d", fraction(row["dau"], row["mau_30d"]));
    }
    Ok(cells)
}

fn active(desk: &mut Desk, grain: Grain) -> Result<Cells> {
    desk.columns(grain, &[("active_users", "active_users"), ("new_users", "new_users")])
}

fn active_month(desk: &mut Desk) -> Result<Cells> {
    let columns = [("active_users", "active_users"), ("new_users", "new_users"), ("avg_dau", "dau")];
    let mut cells = desk.columns(Grain::Month, &columns)?;
    for row in cells.values_mut() {
        // The days that the engine took its mean over.
        if let Some((_, days)) = parts(row["avg_dau"]) {
            row.insert("days_covered", Number::Count(days));
        }
        row.insert("stickiness", fraction(row["avg_dau"], row["active_users"]));
    }
    Ok(cells)
}

fn growth(desk: &mut Desk, grain: Grain) -> Result<Cells> {
    let columns = [
        ("active", "active_users"),
        ("new_users", "new_users"),
        ("retained", "returning_users"),
        ("resurrected", "resurrected_users"),
        ("churned", "dormant_users"),
        ("quick_ratio", "quick_ratio"),
    ];
    desk.columns(grain, &columns)
}

fn retention(desk: &mut Desk, grain: Grain, intervals: u16) -> Result<Cells> {
    let mut cells = Cells::new();
    for (criterion, users, rate) in
        [(Criterion::On, "users_on", "rate_on"), (Criterion::OnOrAfter, "users_on_or_after", "rate_on_or_after")]
    {
        for cohort in desk.triangle(grain, intervals, criterion)?.cohorts {
            let size = Number::Count(cohort.size.into());
            let reached = cohort.cells.iter().enumerate().filter(|(_, cell)| cell.state != State::NotReached);
            for (n, cell) in reached {
                let back = Number::Count(cell.users.into());
                let row = cells.entry(vec![cohort.bucket.first.to_string(), n.to_string()]).or_default();
                row.extend([("cohort_size", size), (users, back), (rate, fraction(back, size))]);
            }
        }
    }
    Ok(cells)
}

fn revenue(desk: &mut Desk, grain: Grain) -> Result<Cells> {
    desk.columns(
        grain,
        &[
            ("orders", "orders"),
            ("gross", "gross"),
            ("refunds", "refunds"),
            ("net", "net"),
            ("net_attributed", "net_attributed"),
            ("payers", "payers"),
            ("active_users", "active_users"),
            ("arpu", "arpu"),
            ("arppu", "arppu"),
            ("paid_conversion", "paid_rate"),
        ],
    )
}

/// Which funnels there are is the table's to say: only the names of its rows are read, never its numbers.
fn funnels(desk: &mut Desk) -> Result<Cells> {
    let rule = find("funnel").ok_or("no rule")?;
    let path = sets::tables(&desk.set)?.remove("funnel").ok_or("no table")?;
    let mut asked: BTreeMap<[String; 3], BTreeMap<usize, String>> = BTreeMap::new();
    for names in Golden::read(&path)?.names(rule)? {
        let [funnel, window, mode, step, event] = names.try_into().map_err(|_| "a row without its names")?;
        asked.entry([funnel, window, mode]).or_default().insert(step.parse()?, event);
    }
    let mut cells = Cells::new();
    for (names, steps) in asked {
        let events: Vec<&str> = steps.values().map(String::as_str).collect();
        let conversion = desk.funnel(&events, &names[1], &names[2])?;
        for (at, step) in conversion.steps.iter().enumerate() {
            let key = names.iter().cloned().chain([(at + 1).to_string(), events[at].to_owned()]).collect();
            let (users, start) = (Number::Count(step.users.into()), conversion.from_start(at));
            let previous = conversion.from_previous(at);
            cells.insert(key, [("users", users), ("conv_from_start", start), ("conv_from_prev", previous)].into());
        }
    }
    Ok(cells)
}
