//! `quarterdeck attribution`: credit for conversions by the touches before them, and what it cost.

use clap::{Args, ValueEnum};

use crate::domain::calendar::DAY_MICROS;
use crate::query::{
    AttributionQuery, AttributionTable, ConversionOf, Credited, KeyPart, Model, Number, Status, TouchKey,
};

use super::Deck;
use super::basis;
use super::flags::Days;
use super::metric::state;
use super::nearest::Asked;
use super::output::{Failure, late, left_out};
use super::segment_flags::SegmentFlags;
use super::table::{Cell, Format, Table};

/// Credit for conversions by the touches before them. It adds up to the conversions; cac is spend per conversion
/// credited, where `channels` has spend per user acquired.
#[derive(Debug, Args)]
pub struct AttributionArgs {
    /// How credit is shared; may be given again
    #[arg(long, value_enum, value_name = "MODEL", default_value = "last-non-direct")]
    model: Vec<ModelFlag>,
    /// Days in which the weight of a touch halves (time-decay only); else a quarter of the lookback, at least 1
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3660))]
    half_life: Option<u16>,
    /// Days before a conversion in which touches count, or all
    #[arg(long, value_name = "DAYS", default_value = "30", value_parser = lookback)]
    lookback: Lookback,
    /// Leave out a touch that is exactly as old as the lookback
    #[arg(long)]
    exclusive: bool,
    /// Leave direct touches out before credit is shared
    #[arg(long)]
    without_direct: bool,
    /// What names a source: channel, or properties such as `utm_source,utm_campaign`
    #[arg(long, value_name = "KEY", value_delimiter = ',', default_value = CHANNEL)]
    key: Vec<String>,
    /// Event that is a touch, direct where it has no source; else every event with one. May be given again
    #[arg(long, value_name = "EVENT")]
    touch: Vec<String>,
    /// Event that is a conversion; else an order with an amount above 0
    #[arg(long, value_name = "EVENT")]
    conversion: Option<String>,
    /// Property of the conversion that holds what it brought
    #[arg(long, value_name = "PROPERTY", requires = "conversion")]
    value: Option<String>,
    #[command(flatten)]
    days: Days,
    #[command(flatten)]
    segment: SegmentFlags,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The key that is not a property.
const CHANNEL: &str = "channel";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModelFlag {
    /// All to the first touch
    First,
    /// All to the last touch
    Last,
    /// All to the last touch that is not direct
    LastNonDirect,
    /// Equal shares
    Linear,
    /// 40 % first, 40 % last, 20 % between
    U,
    /// 20 % first, 60 % last, 20 % between
    J,
    /// 60 % first, 20 % last, 20 % between
    InverseJ,
    /// Half as much for each half-life that a touch is older
    TimeDecay,
}

impl ModelFlag {
    fn model(self, half_life: Option<u16>) -> Model {
        match self {
            Self::First => Model::First,
            Self::Last => Model::Last,
            Self::LastNonDirect => Model::LastNonDirect,
            Self::Linear => Model::Linear,
            Self::U => Model::U,
            Self::J => Model::J,
            Self::InverseJ => Model::InverseJ,
            Self::TimeDecay => Model::TimeDecay { half_life: half_life.map(|days| i64::from(days) * DAY_MICROS) },
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().replace('-', "_"))
    }
}

/// Days; `None` is all history.
type Lookback = Option<u16>;

fn lookback(text: &str) -> Result<Lookback, String> {
    if text == "all" {
        return Ok(None);
    }
    let days = text.parse().ok().filter(|days| (1..=3_660).contains(days));
    days.map(Some).ok_or_else(|| "a lookback is 1 to 3660 days, or all".to_owned())
}

/// Runs the command.
///
/// # Errors
/// Options that do not go together, unknown names, and whatever the workspace refuses.
pub fn run(args: &AttributionArgs, deck: &mut Deck) -> Result<u8, Failure> {
    if args.half_life.is_some() && !args.model.contains(&ModelFlag::TimeDecay) {
        return Err(Failure::usage("only --model time-decay has a half-life"));
    }
    let mut engine = deck.open()?;
    let status = deck.status(&mut engine)?;
    let mut table =
        Table::new(&["model", "source", "conversions", "share", "revenue", "spend", "cac", "roas", "state"]);
    let Some(through) = status.through else {
        return deck.no_data(&table, args.format);
    };
    let events = args.touch.iter().chain(&args.conversion).collect();
    args.segment.check(Asked { events, ..Asked::default() }, &mut engine, deck)?;
    let span = args.days.span(through, 28).map_err(Failure::usage)?;
    let query = AttributionQuery {
        models: args.model.iter().map(|model| model.model(args.half_life)).collect(),
        lookback_days: args.lookback,
        inclusive: !args.exclusive,
        without_direct: args.without_direct,
        key: key(&args.key)?,
        touches: args.touch.clone(),
        conversion: args
            .conversion
            .as_ref()
            .map_or(ConversionOf::Orders, |name| ConversionOf::Event { name: name.clone(), value: args.value.clone() }),
        span: Some(span),
        segment: args.segment.segment(),
    };
    let answer = answer!(deck, engine, Attribution(Box::new(query)));
    left_out(answer.excluded, "amounts");
    late(answer.covered, span);
    for (model, sources) in args.model.iter().zip(&answer.models) {
        let name = model.name();
        table.rows.extend(sources.iter().map(|source| row(&name, source, answer.conversions)));
        table.rows.push(total(&name, &answer));
    }
    table.rows.iter_mut().for_each(|row| row.push(Cell::text(state(answer.covered.0))));
    table.choices = choices(args, &status);
    table.choices.extend(basis::days(span));
    deck.write(&table, args.format)
}

fn key(parts: &[String]) -> Result<TouchKey, Failure> {
    match parts {
        [one] if one == CHANNEL => Ok(TouchKey::Channel),
        parts if parts.iter().any(String::is_empty) => Err(Failure::usage("a key is channel or names of properties")),
        parts => Ok(TouchKey::Properties(parts.iter().map(|name| KeyPart::named(name)).collect())),
    }
}

fn choices(args: &AttributionArgs, status: &Status) -> Vec<(&'static str, String)> {
    let days = args.lookback.map_or_else(|| "all history".to_owned(), |days| format!("{days} days"));
    let edge = if args.lookback.is_some() && args.exclusive { ", its end excluded" } else { "" };
    let touches = if args.touch.is_empty() { "any event with a source".to_owned() } else { args.touch.join(", ") };
    let mut choices = vec![
        ("key", args.key.join(",")),
        ("touch", touches),
        ("conversion", args.conversion.clone().unwrap_or_else(|| "orders".to_owned())),
        ("lookback", format!("{days}{edge}")),
        ("direct", if args.without_direct { "left out" } else { "a touch" }.to_owned()),
        ("segment", args.segment.words()),
    ];
    if args.model.contains(&ModelFlag::TimeDecay) {
        // The rule of the model, where no half-life is given.
        let quarter = args.lookback.map_or(1.0, |days| (f64::from(days) / 4.0).max(1.0));
        let half_life = args.half_life.map_or(quarter, f64::from);
        choices.push(("half_life", format!("{half_life} days")));
    }
    choices.extend(basis::currency(&status.profile));
    choices.push(basis::zone(&status.profile));
    choices
}

fn money(micros: Option<i128>) -> Cell {
    micros.map_or(Cell::Missing, |micros| Cell::number(Number::Money(micros)))
}

fn row(model: &str, source: &Credited, conversions: u64) -> Vec<Cell> {
    let share = match source.conversions {
        Number::Ratio { num, den } => Number::ratio(num, den * i128::from(conversions)),
        _ => Number::None,
    };
    vec![
        Cell::text(model),
        Cell::text(source.source.as_str()),
        Cell::number(source.conversions),
        Cell::number(share),
        money(Some(source.revenue)),
        money(source.spend),
        Cell::number(source.cac),
        Cell::number(source.roas),
    ]
}

fn total(model: &str, answer: &AttributionTable) -> Vec<Cell> {
    let conversions = i128::from(answer.conversions);
    let per = |f: &dyn Fn(i128) -> Number| Cell::number(answer.spend.map_or(Number::None, f));
    vec![
        Cell::text(model),
        Cell::Total,
        Cell::number(Number::ratio(conversions, 1)),
        Cell::number(Number::ratio(conversions, conversions)),
        money(Some(answer.value)),
        money(answer.spend),
        per(&|spend| Number::money_per(spend, conversions)),
        per(&|spend| Number::ratio(answer.value, spend)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookbacks_and_keys_are_read() {
        assert_eq!((lookback("30"), lookback("all")), (Ok(Some(30)), Ok(None)));
        assert!(["0", "-1", "3661", "month"].iter().all(|wrong| lookback(wrong).is_err()));
        let of = |text: &str| key(&text.split(',').map(str::to_owned).collect::<Vec<_>>()).ok();
        assert_eq!(of("channel"), Some(TouchKey::Channel));
        let parts = ["utm_source", "utm_campaign"].map(KeyPart::named);
        assert_eq!(of("utm_source,utm_campaign"), Some(TouchKey::Properties(parts.into())));
        assert_eq!(of("utm_source,"), None);
    }
}
