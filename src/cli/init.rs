//! `quarterdeck init`: an empty workspace.

use clap::Args;

use crate::domain::calendar::{WeekStart, Zone};
use crate::domain::money::Currency;
use crate::engine::NewWorkspace;
use crate::query::PlanOrder;

use super::actor::actor;
use super::flags::{currency, stage, week_start, zone};
use super::output::Failure;
use super::workspace;
use super::{Deck, planned};

/// An empty workspace.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Zone whose days are counted; else the machine's
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    tz: Option<Zone>,
    /// Currency of all money without one of its own
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<Currency>,
    /// First day of the week: monday, sunday or saturday
    #[arg(long, value_name = "DAY", value_parser = week_start, default_value = "monday")]
    week_start: WeekStart,
    /// Name of the product, shown on every screen
    #[arg(long, value_name = "NAME", default_value = "")]
    product: String,
    /// Form of the product, such as app or website
    #[arg(long, value_name = "FORM", default_value = "")]
    form: String,
    /// Stage of the product: seed, growth, mature or decline
    #[arg(long, value_name = "STAGE", value_parser = stage)]
    stage: Option<String>,
    /// Make three draft plans of the month to begin with: revenue, new users, active users
    #[arg(long)]
    template: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is a workspace already, or the place cannot be written.
pub fn run(args: &InitArgs, deck: &mut Deck) -> Result<u8, Failure> {
    if deck.flags.read_only {
        return Err(Failure::usage("init writes a file; leave --read-only out"));
    }
    let path = deck.path()?;
    let zone = args.tz.unwrap_or_else(workspace::machine_zone);
    let profile = NewWorkspace {
        product: args.product.clone(),
        form: args.form.clone(),
        stage: args.stage.clone().unwrap_or_default(),
        currency: args.currency,
        zone,
        week_start: args.week_start,
    };
    let mut engine = workspace::create(&path, &profile)?;
    if args.template {
        engine.act_as(actor());
        let told = planned::order(PlanOrder::Template, &mut engine, deck)?;
        if told.code != 0 {
            return Ok(told.code);
        }
    }
    let currency = args.currency.map_or("the first file's currency".to_owned(), |c| c.to_string());
    let week = args.week_start.name();
    deck.out.line(&format!("{}  {}  {currency}  week from {week}", path.display(), zone.name()))?;
    Ok(0)
}
