//! Retention cases: every option of the README's parameters.

use chrono::DateTime;
use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span};
use quarterdeck::query::{
    Answer, BreakdownBy, BreakdownKey, Cell, CohortKind, Columns, Criterion, IntervalZero, NO_VALUE, OTHER, Period,
    Query, Retention, RetentionQuery, RetentionTable, State, Window,
};
use serde_json::{Value, json};

use super::case::{
    CLOCK, Read, calendar, choice, entries, event_filter, expected, failed, filled, list, only, text, whole, workspace,
};
use super::compare::Compared;

const PARAMS: [&str; 18] = [
    "kind",
    "window",
    "period",
    "n",
    "timezone",
    "week_start",
    "from",
    "to",
    "intervals",
    "start",
    "return",
    "criterion",
    "min_occurrences",
    "interval_zero",
    "brackets",
    "breakdown",
    "aggregate",
    "average",
];

/// Computes what a case expects.
pub fn check(case: &Value) -> Read<Compared> {
    let params = &case["params"];
    only(params, "", &PARAMS)?;
    let calendar = calendar(params)?;
    let query = question(params, calendar)?;
    expected(
        case,
        &["counts", "rows", "values", "value_rows", "rates", "by", "first_bucket", "last_bucket", "labels"],
    )?;
    let labels = labels(&query);
    let end = query.observe_until.unwrap_or(CLOCK.now);
    let (_folder, mut engine) = workspace(case, calendar, calendar.day_of(Instant(end.0 - 1)))?;
    let Answer::Retention(answer) = engine.answer(&Query::Retention(Box::new(query)), CLOCK)? else {
        return failed("another answer");
    };
    let mut compared = Compared::counts();
    triangle(&case["expected"], "", &answer.whole, &mut compared)?;
    if filled(&case["expected"]["labels"], "labels", list)?.is_some() {
        compared.add("labels", &case["expected"]["labels"], labels);
    }
    for (name, want) in filled(&case["expected"]["by"], "by", entries)?.into_iter().flatten() {
        only(want, "expected.by", &["counts", "rows", "values", "value_rows", "rates"])?;
        triangle(want, &format!("{name} "), &part(&answer, name), &mut compared)?;
    }
    Ok(compared)
}

fn question(params: &Value, calendar: Calendar) -> Read<RetentionQuery> {
    let periods = [("day", Period::Day), ("hour", Period::Hour), ("week", Period::Week), ("month", Period::Month)];
    let period = choice(params, "period", &periods)?;
    let block = u32::try_from(whole(params, "n", Some(1))?)?;
    let (from, to) = (moment(params, "from", calendar)?, moment(params, "to", calendar)?);
    let span = Span::new(calendar.day_of(from), calendar.day_of(to));
    let kinds = [
        ("recurring", CohortKind::Recurring),
        ("first_time", CohortKind::FirstTime),
        ("first_ever", CohortKind::FirstEver),
    ];
    let criteria =
        [("on", Criterion::On), ("on_or_after", Criterion::OnOrAfter), ("on_or_before", Criterion::OnOrBefore)];
    let zeros = [("size", IntervalZero::Size), ("observed", IntervalZero::Observed)];
    Ok(RetentionQuery {
        hours: (period == Period::Hour).then_some((from, to)),
        period,
        block,
        window: choice(params, "window", &[("calendar", Window::Calendar), ("rolling", Window::Rolling)])?,
        columns: columns(params)?,
        kind: choice(params, "kind", &kinds)?,
        criterion: choice(params, "criterion", &criteria)?,
        occurrences: u32::try_from(whole(params, "min_occurrences", Some(1))?)?,
        // The sources' convention; cases that differ say so.
        interval_zero: choice(params, "interval_zero", &zeros)?,
        start: event_filter(&params["start"], "start")?,
        ret: event_filter(&params["return"], "return")?,
        breakdown: breakdown(params)?,
        amount: amount(params)?,
        observe_until: Some(end((period, block), (from, to), calendar)),
        ..RetentionQuery::new(span, Grain::Day, 0)
    })
}

/// The heads of the columns as the source writes them: `Day 1-4`.
fn labels(query: &RetentionQuery) -> Vec<String> {
    let period = match query.period {
        Period::Hour => "Hour",
        Period::Day => "Day",
        Period::Week => "Week",
        Period::Month => "Month",
    };
    let count = query.columns.firsts().len() - 1;
    (0..count).map(|column| format!("{period} {}", query.columns.name(column))).collect()
}

/// A day, or a time where hours are asked for.
fn moment(params: &Value, key: &str, calendar: Calendar) -> Read<Instant> {
    let text = text(params, key)?.unwrap_or_default();
    match Day::parse(text) {
        Some(day) => Ok(calendar.start_of(day)),
        None => Ok(Instant(DateTime::parse_from_rfc3339(text)?.timestamp_micros())),
    }
}

/// The end of the last cohort, which is also that of the observation.
fn end((period, block): (Period, u32), (from, to): (Instant, Instant), calendar: Calendar) -> Instant {
    const HOUR: i64 = 3_600_000_000;
    let Some(grain) = period.grain() else {
        // Every zone of the cases is whole hours from UTC.
        let length = HOUR * i64::from(block);
        let first = from.0.div_euclid(HOUR) * HOUR;
        return Instant(first + ((to.0 - first).div_euclid(length) + 1) * length);
    };
    let (first, last) = (calendar.day_of(from), calendar.day_of(to));
    let blocks = calendar.distance(grain, first, last) / block as i32 + 1;
    calendar.start_of(calendar.shift(grain, first, blocks * block as i32).first)
}

fn columns(params: &Value) -> Read<Columns> {
    let Some(sizes) = list(&params["brackets"]) else {
        return Ok(Columns::Each(u16::try_from(whole(params, "intervals", None)?.max(1) - 1)?));
    };
    let sizes: Option<Vec<u16>> = sizes.iter().map(|size| u16::try_from(size.as_u64()?).ok()).collect();
    sizes.map_or_else(|| failed(format!("brackets {}", params["brackets"])), |sizes| Ok(Columns::Brackets(sizes)))
}

fn breakdown(params: &Value) -> Read<Option<BreakdownBy>> {
    let by = &params["breakdown"];
    only(by, "breakdown", &["property", "limit"])?;
    let Some(property) = text(by, "property")? else { return Ok(None) };
    let top = if by["limit"].is_null() { None } else { Some(usize::try_from(whole(by, "limit", None)?)?) };
    Ok(Some(BreakdownBy { key: BreakdownKey::Property(property.to_owned()), top }))
}

fn amount(params: &Value) -> Read<Option<String>> {
    let aggregate = &params["aggregate"];
    only(aggregate, "aggregate", &["fn", "property"])?;
    choice(aggregate, "fn", &[("sum", ())])?;
    Ok(text(aggregate, "property")?.map(str::to_owned))
}

/// The table of one value; all zeros for a value that nobody entered with.
fn part(answer: &Retention, name: &str) -> RetentionTable {
    let name = match name {
        "$$_posthog_breakdown_other_$$" => OTHER,
        "$$_posthog_breakdown_null_$$" => NO_VALUE,
        name => name,
    };
    let found = answer.parts.iter().find(|(part, _)| part == name).map(|(_, table)| table.clone());
    found.unwrap_or_else(|| {
        let mut table = answer.whole.clone();
        table.cohorts.iter_mut().for_each(|cohort| {
            cohort.size = 0;
            cohort.cells.iter_mut().for_each(|cell| (cell.users, cell.amount) = (0, 0));
        });
        table
    })
}

/// Compares a triangle with full matrices, or with the leading cells of some rows.
fn triangle(expected: &Value, prefix: &str, table: &RetentionTable, compared: &mut Compared) -> Read<()> {
    let shown = |cell: &Cell, value: Value| if cell.state == State::NotReached { Value::Null } else { value };
    let matrix = |value: &dyn Fn(u64, &Cell) -> Value| -> Vec<Vec<Value>> {
        let row = |(size, cells): (u64, &Vec<Cell>)| cells.iter().map(|c| shown(c, value(size, c))).collect();
        table.cohorts.iter().map(|cohort| row((cohort.size, &cohort.cells))).collect()
    };
    let users = matrix(&|_, cell| json!(cell.users));
    let amounts = matrix(&|_, cell| json!(cell.amount as f64 / 1e6));
    for (full, leading, rows) in [("counts", "rows", &users), ("values", "value_rows", &amounts)] {
        if filled(&expected[full], full, list)?.is_some() {
            compared.add(&format!("{prefix}{full}"), &expected[full], rows.clone());
        }
        for (index, want) in filled(&expected[leading], leading, entries)?.into_iter().flatten() {
            let Some(length) = filled(want, leading, list)?.map(Vec::len) else {
                return failed(format!("expected.{leading}.{index} is null"));
            };
            let cells = index.parse::<usize>().ok().and_then(|i| rows.get(i)).cloned().unwrap_or_default();
            compared.add(&format!("{prefix}{leading} {index}"), want, cells[..length.min(cells.len())].to_vec());
        }
    }
    if let Some(want) = filled(&expected["rates"], "rates", list)? {
        let rates = matrix(&|size, cell| if size == 0 { json!(0) } else { json!(cell.users as f64 / size as f64) });
        compared.add(&format!("{prefix}rates"), &expected["rates"], as_printed(want, rates));
    }
    for (key, cohort) in [("first_bucket", table.cohorts.first()), ("last_bucket", table.cohorts.last())] {
        if !expected[key].is_null() {
            compared.add(key, &expected[key], cohort.map(|c| c.bucket.first.to_string()));
        }
    }
    Ok(())
}

/// Rates with as many decimals as the source prints.
fn as_printed(want: &[Value], got: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let decimals = |number: &Value| number.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let places = want.iter().filter_map(Value::as_array).flatten().map(decimals).max().unwrap_or(0);
    let scale = 10_f64.powi(i32::try_from(places).unwrap_or(0));
    let round = |value: Value| value.as_f64().map_or(value, |v| json!((v * scale).round() / scale));
    got.into_iter().map(|row| row.into_iter().map(round).collect()).collect()
}
