//! `quarterdeck log`: a number of a day, typed.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::query::{METRICS, TypedNumber, Unit, find_metric};
use crate::ui::amount;
use crate::ui::text::safe;

use super::Deck;
use super::import::{has_findings, rejects};
use super::nearest::nearest;
use super::output::{FINDINGS, Failure, note};
use crate::ui::when::{When, when};

/// A number of a day, typed.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// A row of `metric --list`, whose days without data it fills, or a name of your own
    #[arg(value_name = "METRIC", value_parser = NonEmptyStringValueParser::new())]
    metric: String,
    /// 420, 12k, 2.5%
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    value: String,
    /// Day that it is of: 2026-06-10, yesterday, fri
    #[arg(short, long, value_name = "DATE", value_parser = when, default_value = "today")]
    day: When,
    /// Channel that it is of; else of all
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    channel: Option<String>,
}

/// Stores the number as a file of one daily fact would: it replaces what was typed for the same day before.
///
/// # Errors
/// When the value is no number, or the workspace cannot be written.
pub fn run(args: &LogArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let today = deck.status(&mut engine)?.today;
    let typed = args.metric.trim();
    let metric = &engine.fact_name(typed)?;
    let known = find_metric(metric);
    let unit = known.map_or(Unit::Times, |metric| metric.unit);
    let value = amount::parse(&args.value, unit).map_err(Failure::usage)?;
    let day = args.day.until(today);
    if known.is_none()
        && let Some(near) = nearest(metric, METRICS.iter().map(|metric| metric.id))
    {
        note(&format!("{metric} is a number of its own; did you mean the metric {near}?"));
    }
    let exact = amount::exact(value, unit);
    let number = TypedNumber::new(metric, day, exact.clone(), today).map_err(Failure::usage)?;
    let number = TypedNumber { channel: args.channel.clone(), ..number };
    if metric != typed {
        note(&format!("{typed} is taken for {metric}"));
    }
    let summary = engine.log(&[number], super::BUSY)?;
    for line in rejects(&summary) {
        note(&line);
    }
    if has_findings(&summary) {
        return Ok(FINDINGS);
    }
    let counts = summary.counts;
    let told = match (counts.inserted, counts.updated) {
        (0, 0) => "it stood there already",
        (0, _) => "it replaces what was there",
        _ => "stored",
    };
    let channel = args.channel.as_deref().map_or_else(String::new, |channel| format!(" in {channel}"));
    deck.out.line(safe(&format!("{metric}{channel}  {day}  {exact}  {told}")).as_str())?;
    Ok(0)
}
