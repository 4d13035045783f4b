//! `quarterdeck plan new`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::domain::plans::{Focus, OpType, RevenueLink};
use crate::query::{Binding, NewPlan, PlanOrder, Unit};
use crate::ui::amount;

use super::super::Deck;
use super::super::output::Failure;
use super::change;
use super::phase::{Phase, phase};
use super::word;
use crate::ui::when::{When, when};

/// A plan to be made.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What it is called
    #[arg(value_name = "TITLE", value_parser = NonEmptyStringValueParser::new())]
    title: String,
    /// product, user, activity, market, content, commercial or channel
    #[arg(long = "type", value_name = "TYPE", value_parser = op_type)]
    op_type: OpType,
    /// First day: 2026-06-10, today, fri, +7d
    #[arg(long, value_name = "DATE", value_parser = when)]
    start: When,
    /// Last day; +29d counts from the first
    #[arg(long, value_name = "DATE", value_parser = when)]
    finish: When,
    /// What measures its primary target: a row of `metric --list`, two as net/orders, or fact:NAME
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    /// The target: 300000, 300k, 2.5%
    #[arg(long, value_name = "VALUE", requires = "metric", allow_negative_numbers = true)]
    target: Option<String>,
    /// How, such as `paid_ads`, winback, `activity_mkt`, or freely
    #[arg(long, value_name = "METHOD", default_value = "", hide_default_value = true)]
    method: String,
    /// acquire, retain, revenue or balanced; else as usual for the method
    #[arg(long, value_name = "FOCUS", value_parser = focus)]
    focus: Option<Focus>,
    /// Who answers for it
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    owner: String,
    /// A phase as KIND:FIRST..LAST:SHARE, such as burst:2026-06-13..2026-06-15:55%; may be given again
    #[arg(long, value_name = "PHASE", value_parser = phase)]
    phase: Vec<Phase>,
    /// Days of watching after the last
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    observe: u16,
    /// How it is tied to revenue: direct, tree, hypothesis or none; else as the metric says
    #[arg(long, value_name = "LINK", value_parser = link)]
    revenue_link: Option<RevenueLink>,
    /// Number of its strategy
    #[arg(long, value_name = "ID")]
    strategy: Option<i64>,
    /// Whom it is for
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    audience: String,
    /// Where it takes place
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    place: String,
    /// What is done
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    mechanic: String,
}

/// Reads an operation type.
///
/// # Errors
/// Names them all.
pub fn op_type(text: &str) -> Result<OpType, String> {
    word(text, OpType::parse, OpType::ALL, OpType::word)
}

/// Reads a focus.
///
/// # Errors
/// Names them all.
pub fn focus(text: &str) -> Result<Focus, String> {
    word(text, Focus::parse, Focus::ALL, Focus::word)
}

fn link(text: &str) -> Result<RevenueLink, String> {
    word(text, RevenueLink::parse, RevenueLink::ALL, RevenueLink::word)
}

/// Makes the plan and prints its number.
///
/// # Errors
/// When the workspace cannot be read or written.
pub fn run(args: &NewArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let unit = args.metric.as_deref().map_or(Unit::Times, Binding::unit_of);
    let target = args.target.as_deref().map(|text| amount::parse(text, unit)).transpose().map_err(Failure::usage)?;
    let today = deck.status(&mut deck.open()?)?.today;
    let start = args.start.from(today);
    let new = NewPlan {
        op_type: args.op_type,
        title: args.title.clone(),
        method: args.method.clone(),
        focus: args.focus,
        owner: args.owner.clone(),
        start,
        finish: args.finish.from(start),
        phases: args.phase.iter().map(|phase| phase.of(start)).collect(),
        observe_days: args.observe.into(),
        revenue_link: args.revenue_link,
        strategy: args.strategy,
        metric: args.metric.clone(),
        target,
        audience: args.audience.clone(),
        place: args.place.clone(),
        mechanic: args.mechanic.clone(),
    };
    change::made(PlanOrder::New(Box::new(new)), deck)
}
